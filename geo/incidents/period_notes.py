"""What a reader has to know about two periods that are not quite alike: codes, and their texts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from geo.incidents.wording import pick

NOTES: Final[dict[str, tuple[str, str]]] = {
    "leap_day": (
        "闰日:本期{0}天,去年同期{1}天,检验按天数折算",
        "leap day: {0} days against {1} the year before; the tests allow for it",
    ),
    "days_differ": (
        "天数不同:本期{0}天,上期{1}天,检验按天数折算",
        "lengths differ: {0} days against {1}; the tests allow for it",
    ),
    "partial": (
        "不完整:数据计至{0},两期同样截断",
        "partial: data counted to {0}, both periods cut alike",
    ),
    "late_reports": (
        "最后{0}天可能迟报,未计入",
        "the last {0} days are not counted: reports may still come in",
    ),
    "no_counterpart": (
        "去年没有同一天或同一周:{0}起的与{1}起的相比",
        "no such day or week the year before: from {0} on is held against from {1} on",
    ),
    "festival_moved": (
        "春节移动:正月初一本年{0},去年{1},已按距春节天数对齐",
        "Spring Festival moved: lunar New Year on {0}, the year before on {1}; aligned on it",
    ),
    "festival_cut": (
        "春节移动:正月初一本年{0},去年{1},两期所含节前节后天数不同,期间过长,未对齐",
        "Spring Festival moved: lunar New Year on {0}, the year before on {1}; too long to align",
    ),
    "no_holiday_table": (
        "{0}年没有官方放假安排表,未按春节对齐",
        "no official table of holidays for {0}: not aligned on the Spring Festival",
    ),
}
"""Code of a note -> its text. Values in order: the days of both periods (leap_day, days_differ);
the last day counted; how many days are held back; the first day of both periods; lunar New Year's
day of both years (festival_moved, festival_cut); the year."""


@dataclass(frozen=True)
class Note:
    """
    What a reader has to know about a comparison.

    Parameters
    ----------
    code
        What it is; see `NOTES`.
    values
        Days or whole numbers, as the code asks.
    """

    code: str
    values: tuple[dt.date | int, ...] = ()

    def text(self, lang: str = "zh") -> str:
        """Return it as a sentence, "zh" or "en"."""
        return pick(NOTES[self.code], lang).format(*self.values)

    def summary(self) -> dict[str, Any]:
        """Return code and values, ready for JSON."""
        values = [each.isoformat() if isinstance(each, dt.date) else each for each in self.values]
        return {"code": self.code, "values": values}
