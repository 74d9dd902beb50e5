"""What every way in shares."""

from __future__ import annotations

import pytest

from api.services import least_exact


@pytest.mark.parametrize(
    ("datums", "named"),
    [
        ([], "wgs84"),
        (["wgs84", "cgcs2000"], "cgcs2000"),
        (["gcj02", "wgs84"], "gcj02"),
        (["gcj02", "bd09", "cgcs2000"], "bd09"),
    ],
)
def test_a_page_names_the_least_exact_datum(datums: list[str], named: str) -> None:
    """One layer in BD-09 makes the whole page approximate."""
    assert least_exact(datums) == named
