"""What a text about hours says: the shifts of each kind of day, or why it cannot be read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from geo.duty.week import (
    DAY_MIN,
    DAYS,
    HOLIDAY,
    HOUR_MIN,
    DutyWeek,
    by_day,
    joined,
    on_axis,
    written,
)

REASONS: Final = ("unread", "no_time", "bad_time", "no_length", "overlap", "replaced")
"""What a `Doubt` may say. With the first four the text has no hours: a piece that is not
understood, days without hours, a time that is none, a start that is also the end. With the last
two it has: pieces that overlap were joined, or a later part took days over from an earlier one."""

EVERY: Final = frozenset(range(len(DAYS)))
"""The days of a part that names none."""

NOON_MIN: Final = DAY_MIN // 2
"""Where 上午 ends and 下午 begins."""

WORKDAYS: Final = frozenset(range(5))
"""Weekdays of work; a holiday among them is none. Days of work made up at a weekend are not
known here."""

SAME: Final = (
    (r"\s*\n\s*", ";"),
    (r"[-\u2010-\u2015\u2212\u301c~至到]+", "-"),
    (r"∶", ":"),
    (r"(\d{1,2})[点时]半", r"\1:30"),
    (r"(\d{1,2})[点时](\d\d)分?", r"\1:\2"),
    (r"(\d{1,2})[点时]整?", r"\1:00"),
    (r"(?:法定)?(?:节假日|假日|节日)", " ph "),
    (r"工作日", " wd "),
    (r"周末|双休日", " sa-su "),
)
"""Other ways to write the same, by pattern, after wide and capital letters are made plain."""

NUMERAL: Final = "[一二三四五六日天](?!班)"
"""What follows upon 周 in the name of a weekday; 日班 is the shift by day."""

NUMERALS: Final = {
    "一": "mo", "二": "tu", "三": "we", "四": "th", "五": "fr", "六": "sa", "日": "su", "天": "su",
}  # fmt: skip
"""Numeral in the name of a weekday -> the weekday."""

WEEKDAYS: Final = re.compile(rf"每?(?:周|星期|礼拜)({NUMERAL}(?:[-,、]?{NUMERAL})*)")
"""One weekday or several: 周一, 星期日, 周一至五, 周一、三、五, 周六日."""

DAY: Final = "(?:mo|tu|we|th|fr|sa|su)"
"""A weekday as OpenStreetMap writes it."""

TOKEN: Final = re.compile(
    rf"""\s*(?:
    (?P<part> [;。] )
    | (?P<comma> [,、和及与] )
    | (?P<whole> 24/7 | 24小时 | 24\s?h(?:ours)? | 全天候? | 全日 | 昼夜 )
    | (?: (?P<half> [上下]午 ) :? \s* )? (?P<from> \d{{1,2}} : \d\d ) (?: :00 )? \s* - \s*
      (?P<next> 次日 | 翌日 | 第二天 )? \s* (?P<to> \d{{1,2}} : \d\d ) (?: :00 )? (?! [\d:] )
    | (?P<days> {DAY} (?: \s* - \s* {DAY} )? | wd | ph\?? ) (?! [a-z] )
    | (?P<off> off | closed | 休息 | 除外 | 不值守 | 停用 )
    | (?P<idle> (?: [早中晚夜白日大小] | 第?[一二三四] | [a-d甲乙丙丁] ) 班 :? | 每[天日] | 值守
      | 值班 | 在岗 | 执勤 | [()] )
    )\s*""",
    re.VERBOSE,
)
"""The next thing in a text; `idle` words name a shift or the obvious and change nothing."""


@dataclass(frozen=True)
class Doubt:
    """
    Something in a text that a person should look at.

    Parameters
    ----------
    reason
        One of `REASONS`.
    part
        The piece of text, or the hours, that it is about.
    """

    reason: str
    part: str


@dataclass(frozen=True)
class Reading:
    """
    Outcome of `read_hours`.

    Parameters
    ----------
    week
        The hours; None when the text cannot be read.
    doubts
        Why not, or what was joined or replaced.
    """

    week: DutyWeek | None
    doubts: tuple[Doubt, ...] = ()


class _UnreadError(Exception):
    """A text cannot be read, for one of `REASONS` and because of one piece, or all of it."""

    def __init__(self, reason: str, part: str) -> None:
        super().__init__(reason)
        self.reason, self.part = reason, part.strip()


@dataclass
class _Part:
    """Days and their hours as they stand between two separators."""

    adds: bool
    days: set[int] = field(default_factory=set)
    work: set[int] = field(default_factory=set)
    maybe: bool = False
    spans: list[tuple[int, int]] = field(default_factory=list)
    off: bool = False

    @property
    def full(self) -> bool:
        """Whether it says what holds on its days."""
        return self.off or bool(self.spans)


def read_hours(text: str) -> Reading:
    """
    Read the hours of a post as stations and OpenStreetMap write them.

    `08:00-20:00`, `20:00-次日06:00`, `全天`, `24/7`, `周一至周五 07:30-09:00,16:30-18:00`,
    `Mo-Fr 07:30-09:00; Sa 10:00-14:00`, `工作日 8点-20点;节假日休息`, `早班 06:00-14:00;中班
    14:00-22:00`. A start and an end alike are no shift, unless the end is said to be 次日.

    Parts with the same days add up. After a semicolon, a part with other days takes over those
    it shares with parts before; after a comma it adds to them. A part without days is about all
    days that no part before it named, the holiday too.

    A text silent about holidays: when all weekdays have the same hours, so has the holiday.
    工作日 has none on holidays. Else a holiday may have the hours of any day: `holiday_known`
    is false.

    Parameters
    ----------
    text
        One cell, not blank.

    Returns
    -------
    reading
        The hours, or none; never a part of them.
    """
    try:
        return _composed(_parts(_plain(text)))
    except _UnreadError as error:
        return Reading(None, (Doubt(error.reason, error.part or text.strip()),))


def _plain(text: str) -> str:
    """Return the text in the one spelling that `TOKEN` knows."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    for pattern, same in SAME:
        plain = re.sub(pattern, same, plain)
    return WEEKDAYS.sub(_weekdays, plain)


def _weekdays(match: re.Match[str]) -> str:
    """Spell Chinese weekdays as OpenStreetMap does; those without a sign between are a list."""
    listed = re.sub(rf"({NUMERAL})(?={NUMERAL})", r"\1,", match[1])
    return f" {''.join(NUMERALS.get(sign, sign) for sign in listed)} "


def _parts(plain: str) -> list[_Part]:
    """Return the parts of a text, or raise what makes one of them unreadable."""
    parts = [_Part(adds=False)]
    at = 0
    while at < len(plain):
        token = TOKEN.match(plain, at)
        if token is None:
            raise _UnreadError("unread", plain[at:])
        part = parts[-1]
        if token["part"]:
            parts.append(_Part(adds=False))
        elif token["days"]:
            if part.full:
                part = _Part(adds=True)
                parts.append(part)
            _name_days(part, token["days"])
        elif token["off"] or token["whole"] or token["from"]:
            _fill(part, token)
        at = token.end()
    full = [part for part in parts if part.full]
    # Rest on some days says that there are hours on the others, but not which.
    hourless = not any(part.spans or not part.days for part in full)
    if hourless or any(part.days and not part.full for part in parts):
        raise _UnreadError("no_time", "")
    return full


def _name_days(part: _Part, names: str) -> None:
    """Add days to a part."""
    if names == "wd":
        part.work |= WORKDAYS
        part.days |= WORKDAYS
        return
    if names.startswith("ph"):
        part.maybe = names.endswith("?")
        part.days.add(HOLIDAY)
        return
    first, *last = (DAYS.index(name.strip().capitalize()) for name in names.split("-"))
    length = (last[0] - first) % HOLIDAY + 1 if last else 1  # Sa-Mo goes on after Sunday
    part.days |= {(first + step) % HOLIDAY for step in range(length)}


def _fill(part: _Part, token: re.Match[str]) -> None:
    """Add hours, or their absence, to a part."""
    whole = (0, DAY_MIN)
    span = None if token["off"] else whole if token["whole"] else _span(token)
    # Off at some hours, or all day and yet at some hours: one of the two is wrong.
    if part.full and (span is None or part.off or whole in (span, *part.spans)):
        raise _UnreadError("unread", token[0])
    if span is None:
        part.off = True
    else:
        part.spans.append(span)


def _span(token: re.Match[str]) -> tuple[int, int]:
    """Return the minutes of a shift; an end before its start is the next day's."""
    (start_h, start_m), (end_h, end_m) = (
        [int(number) for number in token[name].split(":")] for name in ("from", "to")
    )
    start, end = start_h * HOUR_MIN + start_m, end_h * HOUR_MIN + end_m
    if max(start_m, end_m) >= HOUR_MIN or start >= DAY_MIN:
        raise _UnreadError("bad_time", token[0])
    if start == end and not token["next"]:
        raise _UnreadError("no_length", token[0])
    if token["next"] or end < start:
        end += DAY_MIN
    # The clock has 24 hours: 下午 2:00 would be read as the middle of the night.
    wrong_half = {"上午": end > NOON_MIN, "下午": start < NOON_MIN}.get(token["half"], False)
    if end > 2 * DAY_MIN or wrong_half:
        raise _UnreadError("bad_time", token[0])
    return start, end


def _composed(parts: list[_Part]) -> Reading:
    """Put the parts together, the later after the earlier."""
    shifts: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    lasting: list[list[tuple[int, int]]] = [[] for _ in DAYS]  # those that a holiday may have
    replaced: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    owner: list[frozenset[int]] = [frozenset()] * len(DAYS)
    for part in parts:
        names = frozenset(part.days) or EVERY
        for day in sorted(names):
            if not part.days and owner[day] not in (frozenset(), EVERY):
                continue
            taken = bool(owner[day]) and owner[day] != names and not part.adds
            if taken and not part.off and day != HOLIDAY:
                replaced[day] += shifts[day]
            if taken or part.off or not shifts[day]:
                shifts[day], lasting[day], owner[day] = [], [], names
            shifts[day] += part.spans
            lasting[day] += [] if day in part.work else part.spans
    doubts = [
        Doubt(reason, written([joined(day) for day in days]))
        for reason, days in (("overlap", _overlaps(shifts)), ("replaced", replaced))
        if any(days)
    ]
    *week, holiday = (joined(day) for day in shifts)
    known = bool(owner[HOLIDAY])
    if not known:
        holiday = joined(shift for day in lasting for shift in day)
        known = not holiday or (lasting == shifts and len(set(week)) == 1)
    known = known and not any(part.maybe for part in parts)
    return Reading(DutyWeek((*week, holiday), holiday_known=known), tuple(doubts))


def _overlaps(shifts: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """Return for each day what more than one shift holds."""
    pieces = [piece for day, kept in enumerate(shifts) for s in kept for piece in on_axis(day, s)]
    twice, reach = [], 0
    for start, end in sorted(pieces):
        if start < reach:
            twice.append((start, min(end, reach)))
        reach = max(reach, end)
    return by_day(twice)
