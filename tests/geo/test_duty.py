"""Who is on duty when, against minutes counted one by one."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import InvalidParameterError
from geo.duty import (
    DAYS,
    DutyHours,
    DutyWeek,
    duty_states,
    hour_states,
    mobility,
    places_at_once,
    read_hours,
)
from geo.duty.week import AXIS_MIN, DAY_MIN, WEEK_MIN
from tests.geo.test_duty_reading import weeks

FRIDAY = dt.datetime(2024, 9, 27, 22, 0)  # noqa: DTZ001
"""A Friday, ten in the evening; times are local."""

NATIONAL_DAY = dt.date(2024, 10, 1)
"""A Tuesday, and a holiday."""

shapes = st.lists(weeks().map(DutyWeek.text) | st.sampled_from([None, "不详"]), max_size=5)


def duty_of(*hours: object) -> DutyHours:
    """Return the hours of posts, one for each text."""
    return DutyHours.of(pd.DataFrame({"hours": pd.Series(hours, dtype=object)}))


def on(text: str, when: dt.datetime, *holidays: dt.date) -> bool:
    """Return whether a post with these hours is certainly on duty."""
    return bool(duty_of(text).at(when, holidays=holidays).on[0])


def minutes_of(text: str | None, *, upper: bool) -> np.ndarray:
    """Walk through a week and a holiday, minute by minute: the oracle."""
    week = read_hours(text).week if text else DutyWeek((((0, DAY_MIN),),) * len(DAYS))
    walked = np.zeros(AXIS_MIN, dtype=bool)
    if week is None:
        return ~walked if upper else walked
    for day, shifts in enumerate(week.shifts):
        if day == 7 and not week.holiday_known and not upper:
            continue
        for start, end in shifts:
            for minute in range(start, end):
                at = day * DAY_MIN + minute
                walked[at % WEEK_MIN if day < 7 else WEEK_MIN + minute % DAY_MIN] = True
    return walked


def marked(duty: DutyHours, *, upper: bool) -> np.ndarray:
    """Return the intervals as minutes, and check that they are whole."""
    held = duty.intervals(upper=upper)
    out = np.zeros((len(duty), AXIS_MIN), dtype=bool)
    for row, start, end in zip(held.key, held.start, held.end, strict=True):
        assert start == int(start)
        assert end == int(end)
        out[row, int(start) : int(end)] = True
    return out


@given(shapes, st.booleans())
def test_intervals_hold_the_minutes_that_a_walk_through_the_week_holds(
    hours: list[str | None],
    upper: bool,  # noqa: FBT001
) -> None:
    """Each row its own, wrapped at Sunday midnight; rows can be picked and repeated."""
    duty = duty_of(*hours)
    walked = np.array([minutes_of(text, upper=upper) for text in hours]).reshape(-1, AXIS_MIN)
    assert (marked(duty, upper=upper) == walked).all()
    picked = [*range(len(hours))[::-1], *range(len(hours))]
    some = duty.intervals(picked, upper=upper)
    assert some.length_by_key(len(picked)).tolist() == walked[picked].sum(axis=1).tolist()


@given(shapes, st.booleans())
def test_states_hold_the_posts_on_duty_at_every_minute(
    hours: list[str | None],
    upper: bool,  # noqa: FBT001
) -> None:
    """They tile the axis, none is there twice, and their minutes add up."""
    states = duty_states(duty_of(*hours), upper=upper)
    walked = np.array([minutes_of(text, upper=upper) for text in hours]).reshape(-1, AXIS_MIN)
    assert states.start_min[0] == 0
    assert states.end_min[-1] == AXIS_MIN
    assert (states.start_min[1:] == states.end_min[:-1]).all()
    by_minute = np.repeat(states.state, states.end_min - states.start_min)
    sets = np.array([states.on(state) for state in range(len(states))])
    assert (walked == sets[by_minute].T).all()
    assert len(np.unique(sets, axis=0)) == len(states)
    assert (
        states.week_min.tolist()
        == np.bincount(by_minute[:WEEK_MIN], minlength=len(states)).tolist()
    )
    assert states.holiday_min.sum() == DAY_MIN
    assert (states.week_min + states.holiday_min > 0).all()


@given(shapes)
def test_breakpoints_are_the_minutes_at_which_somebody_comes_or_goes(
    hours: list[str | None],
) -> None:
    """Monday midnight is one only if Sunday's last minute differs; the holiday likewise."""
    walked = np.array([minutes_of(text, upper=False) for text in hours]).reshape(-1, AXIS_MIN)
    week, holiday = walked[:, :WEEK_MIN], walked[:, WEEK_MIN:]
    changed = np.concatenate(
        [(part != np.roll(part, 1, axis=1)).any(axis=0) for part in (week, holiday)]
    )
    found = duty_states(duty_of(*hours)).breakpoints_min
    assert found.tolist() == np.flatnonzero(changed).tolist()


@given(shapes)
def test_hours_give_each_state_its_exact_minutes(hours: list[str | None]) -> None:
    """Man-minutes by hour are those of the walk; the shares of an hour sum to one."""
    states = duty_states(duty_of(*hours))
    table = hour_states(states)
    walked = np.array([minutes_of(text, upper=False) for text in hours]).reshape(-1, AXIS_MIN)
    posts = np.array([states.on(state).sum() for state in range(len(states))])
    manned = np.zeros(192, dtype=int)
    np.add.at(manned, table["hour"], posts[table["state"]] * table["minutes"])
    assert manned.tolist() == walked.sum(axis=0).reshape(192, 60).sum(axis=1).tolist()
    assert not table.duplicated(["hour", "state"]).any()
    assert table.groupby("hour")["share"].sum().to_numpy() == pytest.approx(np.ones(192))
    assert (table["day"] == np.array(DAYS)[table["hour"] // 24]).all()


def test_an_hour_in_which_a_state_comes_back() -> None:
    """A break of 20 minutes: two states, 40 and 20 minutes, not three rows."""
    table = hour_states(duty_states(duty_of("00:00-10:20,10:40-24:00")))
    ten = table[table["hour"] == 10]
    assert ten[["state", "minutes"]].to_numpy().tolist() == [[0, 40], [1, 20]]
    assert ten["share"].tolist() == [40 / 60, 20 / 60]
    assert table.loc[table["hour"] == 11, ["state", "share"]].to_numpy().tolist() == [[0, 1.0]]


def test_posts_alike_share_their_states() -> None:
    """A hundred posts with one text have two states, not two hundred."""
    states = duty_states(duty_of(*["08:00-20:00"] * 99, "8:00-20:00"))
    assert len(states) == 2
    assert [int(states.on(state).sum()) for state in range(2)] == [0, 100]
    assert states.week_min.tolist() == [7 * 720, 7 * 720]
    assert states.holiday_min.tolist() == [720, 720]
    assert states.breakpoints_min.tolist() == [d * 1440 + m for d in range(8) for m in (480, 1200)]


def test_a_night_shift_ends_on_the_next_day() -> None:
    """Friday's 22:00-06:00 holds Saturday 05:59 and not 06:00, nor any other night."""
    text = "周五 22:00-06:00"
    assert [on(text, FRIDAY + dt.timedelta(minutes=m)) for m in (-1, 0, 479, 480)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not on(text, FRIDAY + dt.timedelta(days=1))
    assert not on(text, FRIDAY - dt.timedelta(hours=20))


def test_seconds_belong_to_their_minute() -> None:
    """The last second is still on duty."""
    end = FRIDAY.replace(minute=59, second=59)
    assert on("20:00-23:00", end)
    assert not on("20:00-23:00", end + dt.timedelta(seconds=1))


def test_the_night_of_sunday_runs_into_monday() -> None:
    """On the axis it is the beginning of the week."""
    held = duty_of("周日 22:00-06:00; PH off").intervals()
    assert list(zip(held.start, held.end, strict=True)) == [(0, 360), (WEEK_MIN - 120, WEEK_MIN)]
    monday = dt.datetime(2024, 9, 30, 5, 59)  # noqa: DTZ001
    assert on("周日 22:00-06:00", monday)
    assert not on("周日 22:00-06:00", monday + dt.timedelta(minutes=1))


def test_the_night_before_a_holiday_runs_into_it() -> None:
    """A shift belongs to the day it starts on, at both ends of the holiday."""
    text = "工作日 22:00-06:00；节假日 20:00-23:00"
    midnight = dt.datetime.combine(NATIONAL_DAY, dt.time())
    assert on(text, midnight + dt.timedelta(hours=5), NATIONAL_DAY)
    assert on(text, midnight + dt.timedelta(hours=20), NATIONAL_DAY)
    assert not on(text, midnight + dt.timedelta(hours=23), NATIONAL_DAY)
    assert not on(text, midnight + dt.timedelta(hours=29), NATIONAL_DAY)
    assert on(text, midnight + dt.timedelta(hours=29))  # had it been no holiday


def test_holidays_not_given_are_said_to_be_unknown() -> None:
    """A date counts as its weekday, and the answer says on what ground."""
    duty = duty_of("工作日 08:00-20:00", "节假日 08:00-20:00")
    noon = dt.datetime.combine(NATIONAL_DAY, dt.time(12))
    blind, told = duty.at(noon), duty.at(noon, holidays=[NATIONAL_DAY])
    assert (blind.holidays_known, told.holidays_known) == (False, True)
    assert (blind.on.tolist(), told.on.tolist()) == ([True, False], [False, True])
    assert duty.at(noon, holidays=[]).holidays_known
    assert told.summary() == {
        "when": "2024-10-01 12:00:00",
        "day": "PH",
        "posts": 2,
        "on_duty": 1,
        "on_duty_maybe": 0,
        "holidays_known": True,
    }


@given(
    weeks(),
    st.integers(0, 14 * DAY_MIN),
    st.lists(st.integers(-2, 15).map(lambda d: dt.date(2024, 9, 23) + dt.timedelta(d)), max_size=6),
)
def test_at_a_time_counts_every_shift_that_began_before(
    week: DutyWeek, minute: int, holidays: list[dt.date]
) -> None:
    """Shifts laid on the calendar date by date, the holidays in place of their weekdays."""
    when = dt.datetime(2024, 9, 23) + dt.timedelta(minutes=minute)  # noqa: DTZ001
    running = {True: False, False: False}
    for back in range(4):
        date = when.date() - dt.timedelta(days=back)
        day = 7 if date in holidays else date.weekday()
        midnight = dt.datetime.combine(date, dt.time())
        for start, end in week.shifts[day]:
            if (
                midnight + dt.timedelta(minutes=start)
                <= when
                < midnight + dt.timedelta(minutes=end)
            ):
                running[day < 7 or week.holiday_known] = True
    found = duty_of(week.text()).at(when, holidays=holidays)
    assert found.on[0] == running[True]
    assert found.maybe[0] == (running[False] and not running[True])


def test_a_time_with_a_zone_is_refused() -> None:
    """Its local hour would be a guess."""
    with pytest.raises(InvalidParameterError, match=r"when: .*\+00:00 has a zone"):
        duty_of("24/7").at(dt.datetime(2024, 9, 27, tzinfo=dt.UTC))


@pytest.mark.parametrize("holiday", [FRIDAY, "2024-10-01"])
def test_a_holiday_that_is_no_date_is_refused(holiday: object) -> None:
    """It would never equal a date, and the holiday would pass as a working day."""
    with pytest.raises(InvalidParameterError, match=r"holidays: .* is no date"):
        duty_of("24/7").at(FRIDAY, holidays=[holiday])  # type: ignore[list-item]


def test_hours_not_stated_hold_always_and_are_counted() -> None:
    """Blank in any way, or no such column: what a layer without hours gave stays."""
    duty = duty_of(None, np.nan, "", "  ", pd.NA, "08:00-09:00")
    assert duty.unknown.tolist() == [True] * 5 + [False]
    assert duty.at(FRIDAY).on.tolist() == [True] * 5 + [False]
    assert duty.texts.tolist() == [None] * 5 + ["08:00-09:00"]
    bare = DutyHours.of(pd.DataFrame({"post_id": ["a", "b"]}))
    assert bare.unknown.all()
    assert len(duty_states(bare)) == 1
    assert bare.intervals().length_by_key(2).tolist() == [AXIS_MIN] * 2
    assert bare.summary()["hours_unknown"] == 2
    assert len(bare.doubts) == 0


def test_hours_not_read_count_in_the_upper_figure_alone() -> None:
    """Neither never nor always, and listed with text and reason."""
    duty = DutyHours.of(
        pd.DataFrame({"post_id": ["P1", "P2", "P3"], "hours": ["早出晚归", "全天", "早出晚归"]})
    )
    assert duty.unread.tolist() == [True, False, True]
    assert not duty.unknown.any()
    moment = duty.at(FRIDAY)
    assert (moment.on.tolist(), moment.maybe.tolist()) == (
        [False, True, False],
        [True, False, True],
    )
    assert duty_states(duty).on(0).tolist() == [False, True, False]
    assert duty_states(duty, upper=True).on(0).tolist() == [True] * 3
    assert not duty.never.any()
    assert duty.doubts.to_numpy().tolist() == [
        [0, "P1", "早出晚归", "unread", "早出晚归"],
        [2, "P3", "早出晚归", "unread", "早出晚归"],
    ]
    assert duty.texts.tolist() == [None, "00:00-24:00", None]


def test_a_holiday_left_open_counts_in_the_upper_figure_alone() -> None:
    """Said to be open; the weekdays are certain."""
    duty = duty_of("周一至周五 08:00-20:00", "工作日 08:00-20:00", "08:00-20:00", "不详", None)
    assert duty.holiday_open.tolist() == [True, False, False, False, False]
    noon = dt.datetime.combine(NATIONAL_DAY, dt.time(12))
    moment = duty.at(noon, holidays=[NATIONAL_DAY])
    assert moment.on.tolist() == [False, False, True, False, True]
    assert moment.maybe.tolist() == [True, False, False, True, False]


def test_the_summary_counts_rows() -> None:
    """One row for each reason, and one without any."""
    duty = duty_of(
        None, "不详", "早班 06:00-14:30;中班 14:00-22:00", "周一 08:00-09:00", "休息", "全天"
    )
    assert duty.summary() == {
        "hours_unknown": 1,
        "hours_unread": 1,
        "hours_overlap": 1,
        "hours_holiday_open": 1,
        "hours_never": 1,
    }
    assert duty.never.tolist() == [False, False, False, False, True, False]


def test_no_posts_have_one_state_with_nobody() -> None:
    """An empty layer has hours too."""
    duty = DutyHours.of(pd.DataFrame({"hours": []}))
    states = duty_states(duty)
    assert (len(duty), len(states), states.week_min.tolist()) == (0, 1, [WEEK_MIN])
    assert states.on(0).tolist() == []
    assert states.breakpoints_min.tolist() == []
    assert len(hour_states(states)) == 192


def test_the_input_is_left_as_it_was() -> None:
    """Frames are read only."""
    posts = pd.DataFrame({"post_id": ["a", "a"], "hours": ["全天", None], "kind": ["流动"] * 2})
    before = posts.copy()
    places_at_once(posts, DutyHours.of(posts))
    pd.testing.assert_frame_equal(posts, before)


def test_mobility_is_named_by_its_own_column_or_by_the_kind() -> None:
    """Both or neither named is not known; the own column comes first."""
    kinds = ["fixed", "Mobile", "固定哨", "流动哨", "机动岗", "固定、流动", "暗哨", None, np.nan]
    expected = ["fixed", "mobile", "fixed", "mobile", "mobile", "", "", "", ""]
    assert mobility(pd.DataFrame({"kind": kinds})).tolist() == expected
    both = pd.DataFrame({"kind": kinds, "mobility": ["mobile"] * len(kinds)})
    assert mobility(both).tolist() == ["mobile"] * len(kinds)
    some = pd.DataFrame({"kind": ["fixed"] * 3, "mobility": ["mobile", None, "unclear"]})
    assert mobility(some).tolist() == ["mobile", "fixed", ""]
    assert mobility(pd.DataFrame(index=range(2))).tolist() == ["", ""]


def rounds(**columns: list[object]) -> pd.DataFrame:
    """Return the places of a post that moves, and of one that is said to be fixed."""
    return pd.DataFrame(
        {
            "post_id": ["M", "F", "M", "M", "F"],
            "mobility": ["mobile", "fixed", "mobile", "mobile", "fixed"],
            "hours": ["周五 22:00-02:00; PH off", "全天", "周六 01:00-08:00; PH off",
                      "周六 08:00-09:00; PH off", "全天"],
        }
        | columns
    )  # fmt: skip


def test_a_mobile_post_in_two_places_at_once_is_named() -> None:
    """Across midnight, with the time; places one after the other are none, nor is a fixed post."""
    posts = rounds()
    clashes = places_at_once(posts, DutyHours.of(posts))
    assert clashes.to_numpy().tolist() == [["M", 0, 2, 60, "Sa 01:00-02:00"]]
    assert list(clashes.columns) == ["post_id", "row", "other_row", "minutes", "hours"]


def test_rows_of_one_place_are_no_clash() -> None:
    """A post may say the same place twice."""
    posts = rounds(place=["gate", "x", "gate", "market", "y"])
    assert len(places_at_once(posts, DutyHours.of(posts))) == 0


def test_uncertain_hours_clash_with_none() -> None:
    """But hours not stated do: they count as always."""
    unread = rounds(hours=["不详", "全天", "周六 01:00-08:00", "周六 08:00-09:00", "全天"])
    assert len(places_at_once(unread, DutyHours.of(unread))) == 0
    blank = rounds(hours=[None, "全天", "周六 01:00-08:00", "周六 08:00-09:00", "全天"])
    clashes = places_at_once(blank, DutyHours.of(blank))
    assert clashes[["row", "other_row", "minutes"]].to_numpy().tolist() == [[0, 2, 420], [0, 3, 60]]


def test_rows_without_an_id_are_no_post_of_many_places() -> None:
    """Two blanks are not the same post."""
    posts = rounds(post_id=[None] * 5)
    assert len(places_at_once(posts, DutyHours.of(posts))) == 0
    bare = posts.drop(columns="post_id")
    assert len(places_at_once(bare, DutyHours.of(bare))) == 0
