"""Months as people write them; times are tested where layers are read."""

import pytest

from data.clocks import month_of


@pytest.mark.parametrize(
    "text",
    [
        "2026-05", "2026/5", "2026.05", "202605", "2026年5月", "2026年05月份", "2026 年 5 月",
        "2026-05-01", "2026-05-31 00:00:00", "2026年5月1日", "2026/5/1",
    ],
)  # fmt: skip
def test_a_month_is_read_however_it_is_written(text: str) -> None:
    """Alone, or as that of a day, which is what workbooks make of it."""
    assert month_of(text) == "2026-05"


@pytest.mark.parametrize(
    "text", [None, "", "2026", "5月", "2026-13", "2026-00", "去年", "2026年第1季度", "46139"]
)
def test_what_names_no_month_is_none(text: str | None) -> None:
    """A year, a month of no year, a quarter, the number of a day."""
    assert month_of(text) is None
