"""Windows over midnight, and slots that keep intervals whoever comes when."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from geo.patrol.windows import DAY_S, Window, begun_on, open_spans, slots

SUNDAY = dt.date(2026, 11, 22)
if TYPE_CHECKING:
    from random import Random

H = 3600


def test_shift_over_midnight_goes_on_after_it() -> None:
    """Hours beyond 24 belong to the day it began."""
    assert begun_on("18:00-02:00", SUNDAY) == ((18 * H, 26 * H),)


def test_shift_may_end_at_midnight() -> None:
    """24:00 is the end of this day, not the begin of it."""
    assert begun_on("16:00-24:00", SUNDAY) == ((16 * H, 24 * H),)


def test_shift_of_another_weekday_does_not_begin() -> None:
    """The date is a Sunday."""
    assert begun_on("Mo-Fr 08:00-16:00", SUNDAY) == ()


def test_text_that_cannot_be_read_is_no_window() -> None:
    """None is told apart from no window at all."""
    assert begun_on("often", SUNDAY) is None
    assert open_spans("often", SUNDAY, (0, DAY_S)) is None


def test_window_of_the_night_before_lasts_into_the_morning() -> None:
    """It began on the day before."""
    assert open_spans("22:00-06:00", SUNDAY, (0, 8 * H)) == ((0, 6 * H),)


def test_window_of_the_next_day_lies_in_a_shift_over_midnight() -> None:
    """01:00 is 25:00 of the shift's day."""
    period = (22 * H, 30 * H)
    assert open_spans("01:00-02:30", SUNDAY, period) == ((25 * H, 26 * H + 1800),)


def test_window_around_midnight_is_one() -> None:
    """Two days that touch are one stretch."""
    assert open_spans("00:00-24:00", SUNDAY, (22 * H, 30 * H)) == ((22 * H, 30 * H),)


def test_windows_parted_by_a_semicolon_are_two() -> None:
    """Both are cut to the period."""
    found = open_spans("08:30-11:30;13:30-17:00", SUNDAY, (9 * H, 16 * H))
    assert found == ((9 * H, 11 * H + 1800), (13 * H + 1800, 16 * H))


def test_work_ends_within_the_window() -> None:
    """The latest start is the close less the work."""
    assert slots([(0, 600)], 1, 200) == ((Window(0, 400, 600),),)


def test_work_that_fills_the_window_has_one_start() -> None:
    """One second more and there is none."""
    assert slots([(0, 600)], 1, 600) == ((Window(0, 0, 600),),)
    assert slots([(0, 600)], 1, 601) is None


def test_single_visit_may_use_every_window() -> None:
    """But not the one that is too short."""
    found = slots([(0, 600), (1000, 1100), (2000, 2600)], 1, 200)
    assert found == ((Window(0, 400, 600), Window(2000, 2400, 2600)),)


def test_slots_of_one_window_are_as_wide_as_can_be() -> None:
    """In closed form."""
    # n slots of width w with n - 1 gaps: n (w + work) + (n - 1) least = 8 h.
    found = slots([(0, 8 * H)], 3, 600, least_s=3600)
    assert found is not None
    width = (8 * H - 2 * 3600) // 3 - 600
    assert [(each[0].early, each[0].late) for each in found] == [
        (k * (width + 600 + 3600), k * (width + 600 + 3600) + width) for k in range(3)
    ]


def test_visits_go_round_a_closed_noon() -> None:
    """The example that the template of points gives."""
    # 8:30-11:30 and 13:30-17:00, 10 minutes, 60 to 240 minutes apart.
    spans = [(510 * 60, 690 * 60), (810 * 60, 1020 * 60)]
    found = slots(spans, 2, 600, least_s=3600, greatest_s=4 * H)
    assert found is not None
    (first,), (second,) = found
    assert second.late - first.early - 600 <= 4 * H
    assert second.early - first.late - 600 >= 3600
    assert first.late - first.early > 1800


def test_interval_longer_than_the_window_is_impossible() -> None:
    """Two stays of 10 minutes an hour apart need 80."""
    assert slots([(0, 3600)], 2, 600, least_s=3600) is None


def test_greatest_interval_below_the_least_is_impossible() -> None:
    """Whatever the window."""
    assert slots([(0, 8 * H)], 2, 600, least_s=3600, greatest_s=1800) is None


@given(
    st.lists(st.integers(1, 300), min_size=2, max_size=6),
    st.integers(1, 5),
    st.integers(0, 40),
    st.integers(0, 60),
    st.integers(0, 200),
    st.randoms(use_true_random=False),
)
def test_any_starts_within_the_slots_keep_intervals_and_windows(
    steps: list[int], visits: int, work: int, least: int, more: int, random: Random
) -> None:
    """That is what slots are for: no unit needs to know when another came."""
    edges = [sum(steps[: k + 1]) for k in range(len(steps) // 2 * 2)]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    greatest = least + more
    found = slots(spans, visits, work, least_s=least, greatest_s=greatest)
    if found is None:
        return
    assert len(found) == visits
    starts = []
    for windows in found:
        window = random.choice(windows)
        start = random.choice([window.early, window.late, random.randint(*window[:2])])
        assert any(low <= start and start + work <= min(high, window.close) for low, high in spans)
        starts.append(start)
    gaps = [b - a - work for a, b in pairwise(starts)]
    assert all(least <= gap <= greatest for gap in gaps)


@given(st.integers(1, 6), st.integers(0, 30), st.integers(0, 60), st.integers(0, 120))
def test_slots_are_missed_only_where_not_even_appointments_fit(
    visits: int, work: int, least: int, more: int
) -> None:
    """Held against every start at every second."""
    spans = [(0, 100), (150, 260)]
    if slots(spans, visits, work, least_s=least, greatest_s=least + more) is not None:
        return
    # Every start at every second, the earliest that follows the one before.
    reached = {t for t in range(261) if any(a <= t and t + work <= b for a, b in spans)}
    ends = reached
    for _ in range(visits - 1):
        ends = {t for t in reached if any(t - work - gap in ends for gap in
                                          range(least, least + more + 1))}  # fmt: skip
    assert not ends
