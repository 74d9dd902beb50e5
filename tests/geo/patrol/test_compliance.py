"""What was due against what was done: by hand, and against trying everything."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import ColumnError, InvalidParameterError
from geo.patrol.assigning import STATUSES, assign
from geo.patrol.compliance import Compliance, ComplianceRules, compliance
from geo.patrol.rostering import Roster
from geo.patrol.silence import Fixes, silences
from geo.patrol.tallies import TALLIED, longest_gaps
from tests.geo.patrol.shifts_made import (
    at,
    done_of,
    due_of,
    fixes_of,
    roster_of,
    standing_still,
)

ON, OFF = 480.0, 960.0
"""A day shift, in minutes."""


def judged(
    visits: list[tuple[Any, ...]],
    *,
    window: tuple[float, float] = (540, 600),
    **columns: Any,  # noqa: ANN401
) -> Compliance:
    """Hold visits of U1 at P1 against one that was due."""
    due = due_of([("P1", "U1", "S1", *window)])
    roster = roster_of([("S1", "U1", ON, OFF), ("S2", "U2", ON, OFF)])
    return compliance(due, done_of(visits, **columns), roster, fixes=standing_still("U1", ON, OFF))


def status(*args: Any, **kwargs: Any) -> str:  # noqa: ANN401
    """Return what became of the one visit due."""
    return str(judged(*args, **kwargs).due["status"].iloc[0])


@pytest.mark.parametrize(
    ("entered", "left", "found"),
    [
        (540, 542, "done"),  # exactly the first moment, exactly long enough
        (600, 602, "done"),  # the last moment to begin
        (601, 603, "late"),
        (615, 617, "late"),
        (616, 618, "missed"),
        (530, 542, "done"),  # two of its minutes lie in the window
        (530, 541, "too_short"),
        (530, 540, "missed"),  # left as the window began
        (550, 551, "too_short"),
        (610, 611, "too_short"),  # late and too short
    ],
)
def test_a_visit_is_done_late_or_too_short_by_the_minute(
    entered: float, left: float, found: str
) -> None:
    """Due 9:00-10:00 for two minutes; a quarter of an hour late is late."""
    assert status([("P1", "U1", entered, left)]) == found


def test_a_pass_in_a_car_and_a_look_by_video_are_not_done() -> None:
    """And a visit is better than both."""
    seen = [("P1", "U1", 550, 560), ("P1", "U1", 570, 575)]
    assert status(seen[:1], driven_through=True) == "driven_through"
    assert status(seen[:1], mode="video") == "video_only"
    both = done_of(seen, mode=["video", "foot"])
    found = compliance(
        due_of([("P1", "U1", "S1", 540, 600)]), both, roster_of([("S1", "U1", ON, OFF)])
    )
    assert found.due["status"].tolist() == ["done"]
    assert found.visits["finding"].tolist() == ["video", "counted"]


def test_a_round_by_video_is_due_apart_from_feet() -> None:
    """Only video answers for it, and no other figure counts it."""
    due = due_of([("P1", "V1", "SV", 540, 600), ("P2", "V1", "SV", 540, 600)])
    roster = roster_of([("SV", "V1", ON, OFF)], mode="video")
    rows = [("P1", "V1", 550, 555), ("P2", "V1", 550, 555)]
    found = compliance(due, done_of(rows, mode=["video", "foot"]), roster)
    assert found.due["status"].tolist() == ["done", "missed"]
    summary = found.summary()
    assert (summary["due"], summary["video_due"], summary["video_done"]) == (0, 2, 1)
    assert summary["completed_share"] is None


def test_a_segment_counts_for_the_window_that_holds_its_middle() -> None:
    """It has no stay; a pass that was nearly over when the window began is of the time before."""
    due = due_of([("L1", "U1", "S1", 540, 600)], kind="segment", dwell_s=900.0)
    roster = roster_of([("S1", "U1", ON, OFF)])
    for entered, left, found in ((535, 546, "done"), (520, 545, "missed"), (600, 605, "done")):
        done = done_of([("L1", "U1", entered, left)], kind="segment", dwell_s=np.nan)
        assert compliance(due, done, roster).due["status"].tolist() == [found]


def test_nobody_knows_what_a_silent_unit_missed() -> None:
    """Silent through half of the window, or more, is unknown; heard is missed; done is done."""
    due = due_of([("P1", "U1", "S1", 540, 598)])  # with its stay until 10:00
    roster = roster_of([("S1", "U1", ON, OFF)])
    done = done_of([])
    for silent_from, found in ((569, "unknown"), (571, "missed")):
        fixes = pd.concat(
            [standing_still("U1", ON, silent_from), standing_still("U1", 700, OFF, x=900.0)]
        )
        assert compliance(due, done, roster, fixes=fixes).due["status"].tolist() == [found]
    long = due_of([("P1", "U1", "S1", 540, 541)], dwell_s=19 * 60.0)
    found_long = compliance(long, done, roster, fixes=standing_still("U1", ON, 550)).due
    assert found_long["status"].tolist() == ["unknown"]  # half of the twenty minutes, stay and all
    none = standing_still("U1", ON, ON).iloc[:0]
    assert compliance(due, done, roster, fixes=none).due["status"].tolist() == ["unknown"]
    told = compliance(due, done, roster)
    assert told.due["status"].tolist() == ["missed"]
    assert told.summary()["devices"] is False
    seen = compliance(due, done_of([("P1", "U1", 550, 555)]), roster, fixes=none)
    assert seen.due["status"].tolist() == ["done"]
    assert compliance(due, done, roster, fixes=none).summary()["completed_share_upper"] == 1.0


def test_a_unit_that_stood_still_was_not_silent() -> None:
    """A gap between positions of one track 50 m apart is bridged; 51 m apart it is silence."""
    roster = Roster.of(roster_of([("S1", "U1", ON, OFF)]))
    for metres, silent_s in ((50.0, 0.0), (51.0, (OFF - ON) * 60.0)):
        fixes = fixes_of(["U1", "U1"], [ON, OFF], [(0, 0), (metres, 0)])
        found = silences(roster, Fixes.of(fixes, roster), silence_s=300.0, bridge_m=50.0)
        assert found.total_s.tolist() == [silent_s]
        assert found.fixes.tolist() == [2]


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 119)), max_size=12),
    st.tuples(st.integers(0, 60), st.integers(61, 119)),
)
def test_silence_is_what_minutes_walked_one_by_one_say(
    heard: list[tuple[int, int]], shift: tuple[int, int]
) -> None:
    """Units jump 900 m a minute, so nothing is bridged; longer than five minutes is silent."""
    roster = Roster.of(roster_of([("S1", "U0", *shift), ("S2", "U1", 20, 90)]))
    places = [(900.0 * minute, 0.0) for _, minute in heard]
    fixes = fixes_of([f"U{unit}" for unit, _ in heard], [m for _, m in heard], places)
    found = silences(roster, Fixes.of(fixes, roster), silence_s=300.0, bridge_m=50.0)
    for row, (on, off) in enumerate((shift, (20, 90))):
        times = sorted({m for unit, m in heard if unit == row})
        # Times outside the shift still end a silence: the stretch is cut to the shift first.
        ends = sorted({on, off, *(m for m in times if on <= m <= off)})
        gaps = [b - a for a, b in itertools.pairwise(ends)]
        around = [m for m in times if m < on], [m for m in times if m > off]
        first, last = ends[1] if len(ends) > 1 else off, ends[-2] if len(ends) > 1 else on
        silent = sum(gap for gap in gaps if gap > 5)
        if around[0] and first - max(around[0]) <= 5:
            silent -= gaps[0] if gaps[0] > 5 else 0
        if around[1] and min(around[1]) - last <= 5 and len(gaps) > 1:
            silent -= gaps[-1] if gaps[-1] > 5 else 0
        assert found.total_s[row] == silent * 60.0
        assert found.fixes[row] == sum(on <= m <= off for u, m in heard if u == row)


def test_a_visit_answers_once_and_the_rest_is_too_often() -> None:
    """Two due, three made: the third is one too many, in the shift and the area where it was."""
    due = due_of([("P1", "U1", "S1", ON, 700), ("P1", "U1", "S1", 600, OFF)])
    rows = [("P1", "U1", minute, minute + 5) for minute in (500, 620, 800)]
    roster = roster_of([("S1", "U1", ON, OFF), ("S2", "U2", ON, OFF)])
    found = compliance(due, done_of(rows), roster)
    assert found.due["status"].tolist() == ["done", "done"]
    assert sorted(found.due["visit"]) == [0, 1]
    assert found.visits["finding"].tolist() == ["counted", "counted", "too_often"]
    for table, key in ((found.shifts, "S1"), (found.units, "U1"), (found.areas, "A1")):
        assert table.loc[key, ["due", "done", "too_often"]].tolist() == [2, 2, 1]
    assert found.shifts.loc["S2", "too_often"] == 0


def test_what_does_not_count_says_why() -> None:
    """Every finding, once."""
    due = due_of(
        [("P1", "U1", "S1", 540, 600), ("P2", "U2", "S2", 540, 600)], least_interval_min=30.0
    )
    roster = roster_of([("S1", "U1", ON, OFF), ("S2", "U2", ON, OFF)])
    rows = [
        ("P1", "U1", 541, 545), ("P1", "U1", 560, 565), ("P1", "U1", 598, 602),
        ("P1", "U1", 700, 705), ("P2", "U1", 550, 555), ("P9", "U1", 550, 555),
        ("P1", "U1", 300, 305), ("P1", "U1", 576, 577),
    ]  # fmt: skip
    made = done_of(rows, driven_through=[False] * 7 + [True])
    found = compliance(due, made, roster)
    assert found.visits["finding"].tolist() == [
        "counted", "too_soon", "too_often", "outside_window", "other_unit", "not_due", "off_duty",
        "driven_through",
    ]  # fmt: skip
    assert found.units.loc["U1", "too_often"] == 2
    swapped = compliance(due, made, roster, by="any")
    assert swapped.due["status"].tolist() == ["done", "done"]
    assert swapped.visits["due_id"].iloc[4] == "D1"


def test_a_unit_off_duty_answers_for_nobody_else() -> None:
    """By any unit means any that was on duty."""
    due = due_of([("P1", "U1", "S1", 540, 600)])
    roster = roster_of([("S1", "U1", ON, OFF), ("S2", "U2", 570, OFF)])
    for minute, found in ((550, "missed"), (580, "done")):
        done = done_of([("P1", "U2", minute, minute + 5)])
        assert compliance(due, done, roster, by="any").due["status"].tolist() == [found]
        assert compliance(due, done, roster).due["status"].tolist() == ["missed"]


def test_what_nobody_was_sent_to_is_due_and_anybody_on_duty_answers() -> None:
    """Unserved by the plan, it stays in the denominator; no device can tell that it was missed."""
    due = due_of([("P1", None, "S1", 540, 600), ("P2", None, "S1", 540, 600)])
    roster = roster_of([("S1", "U1", ON, OFF), ("S2", "U2", 570, OFF)])
    none = standing_still("U1", ON, ON).iloc[:0]
    for minute, found in ((550, "missed"), (580, "done")):
        done = done_of([("P1", "U2", minute, minute + 5)])
        whole = compliance(due, done, roster, fixes=none)
        assert whole.due["status"].tolist() == [found, "missed"]
        assert whole.summary()["due"] == 2
        assert whole.units.loc["U1", "due"] == 0
        assert whole.due["silent_share"].isna().all()


def test_a_check_in_is_probable_and_tells_of_a_visit_once() -> None:
    """It has no stay to measure; within five minutes of a visit it is the same visit."""
    roster = roster_of([("S1", "U1", ON, OFF)])
    due = due_of([("P1", "U1", "S1", 540, 600), ("P1", "U1", "S1", 700, 800)])
    rows = [
        ("P1", "U1", 550, 555), ("P1", "U1", 560, 560), ("P1", "U1", 710, 710),
        ("P1", "U1", 712, 712), ("P1", "U1", 740, 740), ("P9", "U1", 550, 550),
        ("P9", "U1", 551, 551),
    ]  # fmt: skip
    done = done_of(rows, certainty=["certain"] + ["probable"] * 6)
    found = compliance(due, done, roster)
    assert found.visits["finding"].tolist() == [
        "counted", "repeated", "counted", "repeated", "too_often", "not_due", "not_due",
    ]  # fmt: skip
    assert found.shifts.loc["S1", ["done", "certain", "probable"]].tolist() == [2, 1, 1]


def test_a_shift_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    """The visit after midnight counts for the evening, and the morning has nothing due."""
    due = due_of([("P1", "U1", "S1", 1500, 1560)])
    roster = roster_of([("S1", "U1", 1320, 1800), ("S2", "U1", 1920, 2400)])
    found = compliance(due, done_of([("P1", "U1", 1510, 1515)]), roster)
    assert found.days.index.tolist() == ["2026-03-02", "2026-03-03"]
    assert found.days["done"].tolist() == [1, 0]
    assert found.days["completed_share"].iloc[0] == 1.0
    assert np.isnan(found.days["completed_share"].iloc[1])


def test_an_empty_shift_is_zero_and_one_with_nothing_due_has_no_share() -> None:
    """Nothing done is a figure, nothing due is none."""
    due = due_of([("P1", "U1", "S1", 540, 600)])
    roster = roster_of([("S1", "U1", ON, OFF), ("S2", "U2", ON, OFF)])
    found = compliance(due, done_of([]), roster)
    assert found.shifts["due"].tolist() == [1, 0]
    assert found.shifts["completed_share"].iloc[0] == 0.0
    assert np.isnan(found.shifts["completed_share"].iloc[1])
    nothing = compliance(due.iloc[:0], done_of([]), roster.iloc[:0])
    assert nothing.summary()["completed_share"] is None
    assert nothing.paper_share is None


def test_units_without_a_sign_exist_on_paper() -> None:
    """One walks, one checks in, one visits, one does nothing: a quarter is paper."""
    roster = roster_of([(f"S{n}", f"U{n}", ON, OFF) for n in range(1, 5)])
    checkins = pd.DataFrame({"unit_id": ["U2", "U4"], "time": [at(500), at(1000)]})
    done = done_of([("P1", "U3", 550, 555)])
    found = compliance(
        due_of([]), done, roster, fixes=standing_still("U1", 500, 501), checkins=checkins
    )
    assert found.activity["state"].tolist() == ["active"] * 3 + ["paper"]
    assert found.paper_share == 0.25
    assert found.activity["fixes"].tolist() == [2, 0, 0, 0]
    assert found.activity["heard_s"].tolist()[1:] == [0.0] * 3
    blind = compliance(due_of([]), done, roster)
    assert blind.activity["state"].tolist() == ["unknown"] * 2 + ["active", "unknown"]
    assert blind.paper_share is None


def test_volunteers_who_come_every_fourth_day_are_told_from_daily_ones() -> None:
    """Rostered for nine days, seen on the first, the fifth and the ninth."""
    shifts = [(f"S{day}", "V1", day * 1440 + 1140, day * 1440 + 1260) for day in range(9)]
    roster = roster_of(shifts, force="volunteer")
    checkins = pd.DataFrame({"unit_id": "V1", "time": [at(d * 1440 + 1200) for d in (0, 4, 8)]})
    found = compliance(due_of([]), done_of([]), roster, checkins=checkins)
    row = found.units.loc["V1"]
    assert (row["days"], row["active_days"], row["longest_idle_days"]) == (9, 3, 3)
    assert row["active_day_share"] == 3 / 9
    assert not row["paper"]


def test_the_longest_gap_runs_from_the_beginning_to_the_end_of_the_period() -> None:
    """Visits at 9:00-9:10 and 10:00-10:05 of a shift from 8:00 to 16:00; a car is no visit."""
    due = due_of([("P1", "U1", "S1", ON, OFF), ("P2", "U1", "S1", ON, OFF)])
    rows = [("P1", "U1", 540, 550), ("P1", "U1", 600, 605), ("P1", "U1", 700, 705)]
    made = done_of(rows, driven_through=[False, False, True])
    found = compliance(due, made, roster_of([("S1", "U1", ON, OFF)])).places
    assert found["id"].tolist() == ["P1", "P2"]
    assert found["longest_gap_s"].tolist() == [(OFF - 605) * 60.0, (OFF - ON) * 60.0]
    assert found["visits"].tolist() == [2, 0]
    assert found["days_visited_share"].tolist() == [1.0, 0.0]


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 30), st.integers(0, 12)), max_size=8))
def test_gaps_are_what_minutes_walked_one_by_one_say(visits: list[tuple[int, int, int]]) -> None:
    """Long visits hold short ones, and visits reach over the end."""
    place, start, last = (np.array([v[k] for v in visits], dtype=int) for k in range(3))
    found = longest_gaps(place, start, start + last, 2, (0, 35))
    for number in range(2):
        inside = {m for p, s, n in visits if p == number for m in range(s, s + n)}
        stops = {s for p, s, _ in visits if p == number}
        longest = run = 0
        for minute in range(35):
            run = 0 if minute in inside else (1 if minute in stops else run + 1)
            longest = max(longest, run)
        assert found[number] == longest


@settings(max_examples=60)
@given(st.integers(0, 2**31), st.integers(1, 4), st.integers(1, 4))
def test_no_other_assignment_does_more(seed: int, dues: int, visits: int) -> None:
    """Against every way to pair four with four: most done first, then the worth of the rest."""
    rng = np.random.default_rng(seed)
    level = rng.integers(-1, len(STATUSES), (dues, visits))
    due, done = np.nonzero(level >= 0)
    chosen = assign(due, done, level[due, done], rng.random(len(due)))
    assert len(set(due[chosen])) == len(set(done[chosen])) == len(chosen)

    def worth(pairs: list[tuple[int, int]]) -> tuple[int, int]:
        levels = [int(level[pair]) for pair in pairs]
        return levels.count(0), sum(len(STATUSES) - value for value in levels if value > 0)

    best = (0, 0)
    for order in itertools.permutations(range(max(dues, visits)), dues):
        pairs = [(d, v) for d, v in enumerate(order) if v < visits and level[d, v] >= 0]
        best = max(best, worth(pairs))
    assert worth(list(zip(due[chosen], done[chosen], strict=True))) == best


@settings(max_examples=8)
@given(st.integers(0, 2**31))
def test_every_visit_due_has_one_status_and_the_denominator_stays(seed: int) -> None:
    """Whatever is done, the parts sum to what was due, in every table; more is never worse."""
    rng = np.random.default_rng(seed)
    roster = roster_of(
        [("S1", "U1", 0, 480), ("S2", "U2", 480, 960), ("S3", "U3", 0, 960)],
        mode=["foot", "car", "video"], area_id=["A1", "A2", None],
    )  # fmt: skip
    start = rng.integers(0, 900, 8)
    unit = rng.integers(1, 4, 8)
    rows = [(f"P{p}", f"U{u}", f"S{u}", s, s + w) for p, u, s, w in zip(
        rng.integers(0, 3, 8), unit, start, rng.integers(0, 200, 8), strict=True)]  # fmt: skip
    due = due_of(rows, area_id=[("A1", None)[u % 2] for u in unit])
    begun = rng.integers(0, 950, 10)
    made = done_of(
        [(f"P{p}", f"U{u}", s, s + n) for p, u, s, n in zip(
            rng.integers(0, 4, 10), rng.integers(1, 4, 10), begun, rng.integers(0, 20, 10),
            strict=True)],
        mode=rng.choice(["foot", "video"], 10), driven_through=rng.random(10) < 0.3,
        certainty=rng.choice(["certain", "probable"], 10),
    )  # fmt: skip
    fixes = standing_still("U1", 0, 300)
    for by in ("unit", "any"):
        whole = compliance(due, made, roster, fixes=fixes, by="any" if by == "any" else "unit")
        fewer = compliance(due, made[:5], roster, fixes=fixes, by="any" if by == "any" else "unit")
        assert whole.due["status"].isin(TALLIED).all()
        done = (whole.due["status"] == "done").sum()
        assert done >= (fewer.due["status"] == "done").sum()
        counted = whole.visits["finding"] == "counted"
        assert counted.sum() == whole.due["visit"].nunique() == whole.due["visit"].notna().sum()
        names = ["shifts", "units", "areas", "grids", "days", "forces", "places"]
        for table in (getattr(whole, name) for name in names):
            assert (table[list(TALLIED)].sum(axis=1) == table["due"]).all()
            assert (table["certain"] + table["probable"] == table["done"]).all()
            assert table["due"].sum() + table["video_due"].sum() == len(due)
            assert table["done"].sum() + table["video_done"].sum() == done


def test_what_cannot_be_judged_is_refused_or_named() -> None:
    """Each refusal says where and what; a shift that the roster lacks is named."""
    roster = roster_of([("S1", "U1", ON, OFF)])
    due, done = due_of([("P1", "U1", "S1", 540, 600)]), done_of([("P1", "U1", 550, 555)])
    for broken, message in (
        ({"due": due.drop(columns="latest")}, "due: no column latest"),
        ({"done": done.drop(columns="left")}, "done: no column left"),
        ({"roster": roster.drop(columns="off")}, "roster: no column off"),
    ):
        with pytest.raises(ColumnError, match=message):
            compliance(**({"due": due, "done": done, "roster": roster} | broken))
    for broken, message in (
        ({"due": pd.concat([due, due])}, "due: row 1 has due_id 'D0'"),
        ({"due": due.assign(latest=at(500))}, "due: row 0 is due from"),
        ({"due": due.assign(latest=pd.NaT)}, "due: latest: row 0 has no time"),
        ({"done": done.assign(left=at(500))}, "done: row 0 lasts from"),
        ({"roster": roster.assign(off=at(ON))}, r"roster: row 0 \(unit U1\)"),
    ):
        with pytest.raises(InvalidParameterError, match=message):
            compliance(**({"due": due, "done": done, "roster": roster} | broken))
    with pytest.raises(InvalidParameterError, match="by must be"):
        compliance(due, done, roster, by="all")  # type: ignore[arg-type]
    with pytest.raises(InvalidParameterError, match="unknown_share"):
        ComplianceRules(unknown_share=0.0)
    with pytest.raises(InvalidParameterError, match="late_s"):
        ComplianceRules(late_s=-1.0)
    found = compliance(due.assign(shift_id="S9"), done, roster)
    assert found.strangers == ["S9"]
    assert found.shifts["due"].to_dict() == {"S1": 0, "S9": 1}
    assert found.summary()["formulas"]["completed_share"].startswith("visits done")


def test_two_walks_the_same_way_are_not_both_ways() -> None:
    """Where each direction is owed, the other one is missed; without a word either way counts."""
    roster = roster_of([("S", "U", 0, 480)])
    due = due_of([("G", "U", "S", 0, 480), ("G", "U", "S", 0, 480)], kind="segment", dwell_s=0.0)
    due["direction"] = ["forward", "backward"]
    done = done_of([("G", "U", 10, 15), ("G", "U", 100, 105)], kind="segment")
    same = compliance(due, done.assign(direction="forward"), roster)
    assert sorted(same.due["status"]) == ["done", "missed"]
    assert same.due.set_index("direction")["status"]["backward"] == "missed"
    both = compliance(due, done.assign(direction=["backward", "forward"]), roster)
    assert both.due["status"].tolist() == ["done", "done"]
    assert compliance(due, done, roster).due["status"].tolist() == ["done", "done"]
