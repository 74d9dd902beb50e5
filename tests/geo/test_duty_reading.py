"""Texts about hours, as stations and OpenStreetMap write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.duty import DAYS, DutyWeek, read_hours
from geo.duty.week import DAY_MIN, joined

WORK = "Mo-Fr 07:30-09:00,16:30-18:00"


def read(text: str) -> str | None:
    """Return the one form of a text; None where it cannot be read."""
    week = read_hours(text).week
    return week and week.text()


def doubts(text: str) -> list[tuple[str, str]]:
    """Return what is doubtful about a text."""
    return [(doubt.reason, doubt.part) for doubt in read_hours(text).doubts]


spans = st.tuples(st.integers(0, DAY_MIN - 1), st.integers(1, 2 * DAY_MIN)).filter(
    lambda span: span[0] < span[1]
)
kept_days = st.lists(spans, max_size=3).map(joined)


@st.composite
def weeks(draw: st.DrawFn) -> DutyWeek:
    """Draw any week; few distinct days, so that some are alike."""
    few = draw(st.lists(kept_days, min_size=1, max_size=3))
    shifts = tuple(draw(st.sampled_from(few)) for _ in DAYS)
    return DutyWeek(shifts, holiday_known=not shifts[-1] or draw(st.booleans()))


@given(weeks())
def test_a_written_week_reads_back_as_the_same(week: DutyWeek) -> None:
    """The one form says all, the holiday too, and has nothing to join."""
    reading = read_hours(week.text())
    assert reading.week == week
    assert {doubt.reason for doubt in reading.doubts} <= {"overlap"}  # a day's end in the next day


@pytest.mark.parametrize(
    "text",
    [
        "08:00-20:00",
        "8:00-20:00",
        "08：00—20：00",
        "０８:００～２０:００",
        "08:00:00-20:00:00",
        "8点-20点",
        "8时至20时整",
        "8:00到20点00分",
        "每天 08:00-20:00",
        "白班（08:00-20:00）",
        "周一至周日 08:00-20:00",
        "Mo-Su 08:00-20:00",
        "Mo-Fr 08:00-20:00; Sa,Su 08:00-20:00",
        "08:00-12:00,12:00-20:00",
        "上午 08:00-12:00，下午 12:00-20:00",
        "MO-SU,PH 08:00-20:00;",
    ],
)
def test_many_ways_to_write_every_day(text: str) -> None:
    """Wide signs, other dashes, words for hours, shifts that meet."""
    assert read(text) == "08:00-20:00"
    assert doubts(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20:00-06:00", "20:00-06:00"),
        ("20:00-次日06:00", "20:00-06:00"),
        ("晚班:20点—次日6点", "20:00-06:00"),
        ("20:00-30:00", "20:00-06:00"),
        ("20:00-翌日 08:30", "20:00-08:30"),
        ("08:00-次日08:00", "08:00-32:00"),
        ("08:00-0:00", "08:00-24:00"),
        ("8点半-17点30分", "08:30-17:30"),
        ("全天", "00:00-24:00"),
        ("24小时值守", "00:00-24:00"),
        ("24/7", "00:00-24:00"),
        ("24h", "00:00-24:00"),
        ("24 hours", "00:00-24:00"),
        ("休息", "off"),
        ("早班 06:00-14:00;中班 14:00-22:00", "06:00-22:00"),
        (
            "早班06:00-10:00 中班 14:00-18:00\n夜班22:00-02:00",
            "06:00-10:00,14:00-18:00,22:00-02:00",
        ),
    ],
)
def test_hours_of_every_day(text: str, expected: str) -> None:
    """Past midnight, round the clock, never, in shifts."""
    assert read(text) == expected
    assert doubts(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("周一至周五 07:30-09:00,16:30-18:00", f"{WORK}; PH? 07:30-09:00,16:30-18:00"),
        ("星期一-五 07:30-09:00、16:30-18:00", f"{WORK}; PH? 07:30-09:00,16:30-18:00"),
        ("工作日 07:30-09:00和16:30-18:00", f"{WORK}; PH off"),
        ("Mo-Fr 07:30-09:00; Sa 10:00-14:00", ("Mo-Fr 07:30-09:00; Sa 10:00-14:00; "
         "PH? 07:30-09:00,10:00-14:00")),
        ("工作日 08:00-20:00；周末 09:00-17:00", ("Mo-Fr 08:00-20:00; Sa-Su 09:00-17:00; "
         "PH? 09:00-17:00")),
        ("工作日及周末 08:00-20:00", "Mo-Su 08:00-20:00; PH? 08:00-20:00"),
        ("周末及节假日 全天", "Sa-Su 00:00-24:00; PH 00:00-24:00"),
        ("节假日 10:00-18:00", "PH 10:00-18:00"),
        ("周一、三、五 08:00-12:00", "Mo,We,Fr 08:00-12:00; PH? 08:00-12:00"),
        ("周六日 08:00-12:00", "Sa-Su 08:00-12:00; PH? 08:00-12:00"),
        ("礼拜天 08:00-12:00", "Su 08:00-12:00; PH? 08:00-12:00"),
        ("Sa-Mo 08:00-12:00", "Mo,Sa-Su 08:00-12:00; PH? 08:00-12:00"),
        ("周一至五日班 08:00-12:00", "Mo-Fr 08:00-12:00; PH? 08:00-12:00"),
        ("周五 22:00-06:00", "Fr 22:00-06:00; PH? 22:00-06:00"),
        ("Mo-Fr 08:00-18:00; PH off", "Mo-Fr 08:00-18:00; PH off"),
        ("08:00-20:00，法定节假日除外", "Mo-Su 08:00-20:00; PH off"),
        ("节假日休息；08:00-20:00", "Mo-Su 08:00-20:00; PH off"),
        ("08:00-20:00；周日休息", "Mo-Sa 08:00-20:00; PH 08:00-20:00"),
        ("Mo-Fr 08:00-12:00, We 14:00-18:00; Mo-Fr 20:00-22:00; PH off",
         ("Mo-Tu,Th-Fr 08:00-12:00,20:00-22:00; We 08:00-12:00,14:00-18:00,20:00-22:00; PH off")),
        ("每周一至周日 08:00-20:00，工作日 20:00-22:00",
         "Mo-Fr 08:00-22:00; Sa-Su 08:00-20:00; PH? 08:00-20:00"),
        ("08:00-20:00（周一除外）", "Tu-Su 08:00-20:00; PH 08:00-20:00"),
        ("08:00-20:00; PH 10:00-16:00", "Mo-Su 08:00-20:00; PH 10:00-16:00"),
        ("Mo-Fr 08:00-12:00, We 14:00-18:00", ("Mo-Tu,Th-Fr 08:00-12:00; "
         "We 08:00-12:00,14:00-18:00; PH? 08:00-12:00,14:00-18:00")),
    ],
)  # fmt: skip
def test_hours_by_day(text: str, expected: str) -> None:
    """What the text says of weekdays; of holidays what it says, or that it says nothing."""
    assert read(text) == expected
    assert doubts(text) == []


@pytest.mark.parametrize(
    ("text", "reason", "part"),
    [
        ("早出晚归", "unread", "早出晚归"),
        ("08:00-20:00 夏季", "unread", "夏季"),
        ("Apr-Sep 08:00-20:00", "unread", "apr-sep 08:00-20:00"),
        ("08:00-20:00+", "unread", "+"),
        ("08:00", "unread", "08:00"),
        ("0800-2000", "unread", "0800-2000"),
        ("Mo,Tue 08:00-12:00", "unread", "tue 08:00-12:00"),
        ("08:00-20:005", "unread", "08:00-20:005"),
        ("8点5分-20点", "unread", "8:005分-20:00"),
        ("全天 08:00-20:00", "unread", "08:00-20:00"),
        ("08:00-20:00 全天", "unread", "全天"),
        ("08:00-20:00 休息", "unread", "休息"),
        ("休息 08:00-20:00", "unread", "08:00-20:00"),
        ("上午8:00-下午6:00", "unread", "上午8:00-下午6:00"),
        ("下午2:00-6:00", "bad_time", "下午2:00-6:00"),
        ("上午 08:00-13:00", "bad_time", "上午 08:00-13:00"),
        ("25:00-26:00", "bad_time", "25:00-26:00"),
        ("24:00-06:00", "bad_time", "24:00-06:00"),
        ("08:60-09:00", "bad_time", "08:60-09:00"),
        ("08:00-09:75", "bad_time", "08:00-09:75"),
        ("08:00-48:30", "bad_time", "08:00-48:30"),
        ("08:00-08:00", "no_length", "08:00-08:00"),
        (" 周一至周五 ", "no_time", "周一至周五"),
        ("周一至周五；周六 08:00-12:00", "no_time", "周一至周五；周六 08:00-12:00"),
        ("节假日休息", "no_time", "节假日休息"),
        ("早班", "no_time", "早班"),
        ("；", "no_time", "；"),
    ],
)
def test_what_cannot_be_read_has_no_hours_at_all(text: str, reason: str, part: str) -> None:
    """A piece that is not understood spoils the text, and is named."""
    assert read(text) is None
    assert doubts(text) == [(reason, part)]


@pytest.mark.parametrize(
    ("text", "expected", "found"),
    [
        ("早班 06:00-14:30;中班 14:00-22:00", "06:00-22:00", ("overlap", "14:00-14:30")),
        ("08:00-20:00,09:00-10:00,11:00-12:00", "08:00-20:00",
         ("overlap", "09:00-10:00,11:00-12:00")),
        ("Su,PH 08:00-12:00,11:00-13:00", "Su 08:00-13:00; PH 08:00-13:00",
         ("overlap", "Su,PH 11:00-12:00")),
        ("20:00-08:30;08:00-20:00", "08:00-32:30", ("overlap", "08:00-08:30")),
        ("08:00-12:00;08:00-12:00", "08:00-12:00", ("overlap", "08:00-12:00")),
        ("Su 20:00-06:00; Mo 05:00-08:00; PH off",
         "Mo 05:00-08:00; Su 20:00-06:00; PH off", ("overlap", "Mo 05:00-06:00")),
        ("Mo-Fr 08:00-12:00, We 11:00-18:00; PH off",
         "Mo-Tu,Th-Fr 08:00-12:00; We 08:00-18:00; PH off", ("overlap", "We 11:00-12:00")),
        ("PH 20:00-06:00,05:00-08:00", "PH 05:00-08:00,20:00-06:00", ("overlap", "PH 05:00-06:00")),
        ("Mo 08:00-20:00; Mo,Tu 10:00-12:00", "Mo-Tu 10:00-12:00; PH? 10:00-12:00",
         ("replaced", "Mo 08:00-20:00")),
        ("Mo-Su 08:00-20:00; Su 10:00-14:00; PH off",
         "Mo-Sa 08:00-20:00; Su 10:00-14:00; PH off", ("replaced", "Su 08:00-20:00")),
    ],
)  # fmt: skip
def test_what_overlaps_is_joined_and_named(
    text: str, expected: str, found: tuple[str, str]
) -> None:
    """Across midnight and Sunday too; a semicolon and other days take over instead."""
    assert read(text) == expected
    assert doubts(text) == [found]


@given(st.text("08:20-;,周一至末 日PH休息Mo全天工作班次", max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Never half: hours and a reason for none exclude each other."""
    reading = read_hours(text)
    hard = {"unread", "no_time", "bad_time", "no_length"}
    assert (reading.week is None) == bool(hard & {doubt.reason for doubt in reading.doubts})
    if reading.week is not None:
        assert read_hours(reading.week.text()).week == reading.week
