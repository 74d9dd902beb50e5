"""What results about posts say of covert ones."""

from __future__ import annotations

import datetime as dt

from api.marking import counted, marked, remark

MARKING = marked("指挥室", dt.date(2026, 5, 1))


def test_a_marking_names_its_level_its_day_and_who_asked() -> None:
    """In every answer, summary and page the same."""
    assert MARKING == {"level": "内部", "date": "2026-05-01", "operator": "指挥室"}
    assert counted(MARKING) == {"posts_counted": "overt_and_covert", "marking": MARKING}
    assert remark(MARKING, "zh") == "内部 · 含暗哨 · 2026-05-01 · 指挥室"
    assert "covert posts are included" in remark(MARKING, "en")
    assert remark(MARKING, "en").endswith("2026-05-01 · 指挥室")


def test_without_a_marking_only_overt_posts_are_counted() -> None:
    """And that is said too, or nobody could tell the two figures apart."""
    assert counted(None) == {"posts_counted": "overt"}
    assert (remark(None, "zh"), remark(None, "en")) == ("明哨口径", "Overt posts only")
