"""What counts as done: closed forms of stays and passes, and what never counts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ColumnError, InvalidParameterError
from geo.patrol.checkins import judged_checkins
from geo.patrol.dwelling import point_visits
from geo.patrol.evidence import (
    DONE,
    EvidenceRules,
    checked_in,
    points_visited,
    segments_done,
    together,
)
from geo.patrol.passes import segment_passes
from geo.patrol.placing import place_segments
from geo.streets import StreetNetwork
from tests.geo.patrol.test_cleaning import NIGHT, shifts, walk
from tests.strategies import CRS, line, points_of, streets_of

if TYPE_CHECKING:
    from geo.patrol.placing import PlacedSegments

RULES = EvidenceRules()
ROADS = [line((0, 0), (100, 0)), line((100, 0), (300, 0)), line((100, 60), (100, -60))]
"""A street of two rows, and one that crosses it where they meet."""


def at(seconds: float) -> pd.Timestamp:
    """Return a time in seconds after 22:00."""
    return NIGHT + pd.Timedelta(seconds=seconds)


def segments(*lines: Any) -> PlacedSegments:  # noqa: ANN401
    """Place segments on the roads."""
    drawn = gpd.GeoDataFrame(
        {"segment_id": [f"S{k}" for k in range(len(lines))]}, geometry=list(lines), crs=CRS
    )
    return place_segments(StreetNetwork.from_frame(streets_of(ROADS)), drawn)


WHOLE = segments(line((0, 0), (300, 0)))
"""One segment of 300 m over both rows."""


def went(*rows: tuple[int, float, float, float, float], unit: str = "U") -> pd.DataFrame:
    """Make traversals: row, from and to (a lower `to` is backward), entered and left in seconds."""
    told = [
        {
            "track_id": "T", "unit_id": unit, "row": row, "from_m": min(begin, end),
            "to_m": max(begin, end), "direction": "forward" if begin < end else "backward",
            "entered": at(entered), "left": at(left),
            "speed_kmh": abs(end - begin) / (left - entered) * 3.6,
        }
        for row, begin, end, entered, left in rows
    ]  # fmt: skip
    return pd.DataFrame(told, columns=[
        "track_id", "unit_id", "row", "from_m", "to_m", "direction", "entered", "left", "speed_kmh"
    ])  # fmt: skip


def test_a_segment_is_done_at_four_fifths_of_its_length() -> None:
    """240 of 300 m in one pass, over two rows; 239 m are not enough."""
    done = segments_done(went((0, 0, 100, 0, 100), (1, 0, 140, 100, 240)), WHOLE)
    assert list(done) == list(DONE)
    (row,) = done.to_dict("records")
    assert (row["kind"], row["id"], row["unit_id"], row["track_id"]) == ("segment", "S0", "U", "T")
    assert row["share"] == pytest.approx(0.8)
    assert (row["entered"], row["left"]) == (at(0), at(240))
    assert (row["certainty"], row["direction"], row["driven_through"]) == ("certain", "any", False)
    assert math.isnan(row["dwell_s"])
    assert len(segments_done(went((0, 0, 100, 0, 100), (1, 0, 139, 100, 240)), WHOLE)) == 0


def test_stretches_walked_twice_count_once() -> None:
    """Up and down on the first 200 m are two thirds, whatever was walked."""
    walks = went((0, 0, 100, 0, 100), (1, 0, 100, 100, 200), (1, 100, 0, 200, 300))
    passes = segment_passes(walks, WHOLE, rules=RULES)
    assert passes["share"].tolist() == pytest.approx([2 / 3])
    assert passes["left"].tolist() == [at(300)]


def test_either_direction_counts_unless_both_are_asked_for() -> None:
    """Half one way and half the other is a pass; where both are asked for each must be whole."""
    walks = went((0, 0, 100, 0, 100), (1, 200, 0, 500, 700))
    assert segments_done(walks, WHOLE)["direction"].tolist() == ["any"]
    assert len(segments_done(walks, WHOLE, both=np.array([True]))) == 0
    there_and_back = went(
        (0, 0, 100, 0, 100), (1, 0, 200, 100, 300), (1, 200, 0, 300, 500), (0, 100, 0, 500, 600)
    )
    done = segments_done(there_and_back, WHOLE, both=np.array([True]))
    assert done["direction"].tolist() == ["forward", "backward"]
    assert done["entered"].tolist() == [at(0), at(300)]
    # A segment drawn against the rows is gone forward by whoever goes back along them.
    reverse = segments(line((300, 0), (0, 0)))
    turned = segments_done(there_and_back, reverse, both=np.array([True]))
    assert turned["direction"].tolist() == ["backward", "forward"]


def test_a_long_absence_ends_a_pass() -> None:
    """30 minutes away go on, a second more begins anew, and neither half is enough."""
    halves = (0, 0, 100, 0, 100), (1, 0, 200, 1_900, 2_100)
    assert segments_done(went(*halves), WHOLE)["share"].tolist() == pytest.approx([1.0])
    late = halves[0], (1, 0, 200, 1_901, 2_100)
    assert len(segments_done(went(*late), WHOLE)) == 0
    assert len(segment_passes(went(*late), WHOLE, rules=RULES)) == 2


def test_who_comes_back_to_a_segment_that_is_done_begins_again() -> None:
    """More than five minutes later; turning round at its end does not."""
    first = (0, 0, 100, 0, 100), (1, 0, 200, 100, 300)
    assert len(segments_done(went(*first, (1, 200, 0, 600, 800)), WHOLE)) == 1
    again = segments_done(
        went(*first, (1, 200, 0, 601, 800), (0, 100, 0, 800, 900)), WHOLE
    )  # fmt: skip
    assert again["entered"].tolist() == [at(0), at(601)]
    assert again["left"].tolist() == [at(300), at(900)]


def test_each_unit_makes_its_own_passes() -> None:
    """Half by one and half by another is done by none; two tracks of one unit are one pass."""
    first, second = went((0, 0, 100, 0, 100)), went((1, 0, 200, 100, 300), unit="V")
    assert len(segments_done(pd.concat([first, second]), WHOLE)) == 0
    restarted = second.assign(unit_id="U", track_id="T2")
    done = segments_done(pd.concat([restarted, first]), WHOLE)
    assert done[["unit_id", "track_id"]].to_numpy().tolist() == [["U", "T"]]
    nameless = pd.concat([first, second]).drop(columns="unit_id")
    assert segments_done(nameless, WHOLE)["unit_id"].tolist() == ["T"]


def test_a_car_that_crosses_the_end_of_a_short_segment_completes_nothing() -> None:
    """It touches the segment, and covers none of its length; nor does walking by."""
    short = segments(line((100, 0), (112, 0)))
    assert short.placed.all()
    for seconds in (9, 90):
        assert len(segment_passes(went((2, 0, 120, 0, seconds)), short, rules=RULES)) == 0
    corner = went((2, 0, 60, 0, 60), (1, 0, 2, 60, 62))
    assert len(segments_done(corner, short)) == 0


def test_what_is_covered_too_fast_is_driven_through_and_never_done() -> None:
    """30 km/h is patrol, 36 is not; a driven fifth does not spoil four walked ones."""
    slow = segments_done(went((0, 0, 100, 0, 12), (1, 0, 200, 12, 36)), WHOLE)
    assert slow["driven_through"].tolist() == [False]
    fast = segments_done(went((0, 0, 100, 0, 10), (1, 0, 200, 10, 30)), WHOLE)
    assert fast["driven_through"].tolist() == [True]
    assert fast["share"].tolist() == [0.0]
    mixed = segments_done(went((0, 0, 100, 0, 10), (1, 0, 200, 10, 210)), WHOLE)
    assert mixed["driven_through"].tolist() == [True]
    assert mixed["share"].tolist() == pytest.approx([2 / 3])
    mostly = segments_done(
        went((0, 40, 100, 0, 6), (1, 0, 200, 6, 206), (0, 60, 0, 206, 300)), WHOLE
    )
    assert mostly["driven_through"].tolist() == [False]
    unknown = went((0, 0, 100, 0, 10), (1, 0, 200, 10, 30)).assign(speed_kmh=np.nan)
    assert segments_done(unknown, WHOLE)["driven_through"].tolist() == [False]


def test_a_pass_begins_when_the_segment_is_entered_and_not_the_street() -> None:
    """200 m at 1 m/s, the segment from 50 to 150; and the other way round."""
    part = segments(line((150, 0), (250, 0)))
    there = segments_done(went((1, 0, 200, 0, 200)), part)
    assert (there["entered"][0], there["left"][0]) == (at(50), at(150))
    back = segments_done(went((1, 180, 0, 0, 180)), part)
    assert (back["entered"][0], back["left"][0]) == (at(30), at(130))


def test_segments_that_are_not_placed_are_passed_by_nobody() -> None:
    """They have no stretches."""
    none = segments(line((0, 900), (300, 900)), line((0, 0), (300, 0)))
    assert segments_done(went((0, 0, 100, 0, 99), (1, 0, 200, 99, 300)), none)["id"].tolist() == [
        "S1"
    ]
    assert len(segments_done(went(), WHOLE)) == 0
    assert list(segments_done(went(), WHOLE)) == list(DONE)


PIECES = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 99), st.integers(1, 100)), min_size=1, max_size=8
)


@given(rows=PIECES, more=PIECES)
def test_more_walking_never_covers_less(
    rows: list[tuple[int, int, int]], more: list[tuple[int, int, int]]
) -> None:
    """As long as nobody goes away; the share is that of the union."""

    def walks(pieces: list[tuple[int, int, int]]) -> pd.DataFrame:
        return went(*((row, a, a + b, 60 * k, 60 * k + 59) for k, (row, a, b) in enumerate(pieces)))

    def share(pieces: list[tuple[int, int, int]]) -> float:
        (found,) = segment_passes(walks(pieces), WHOLE, rules=RULES)["share"]
        return float(found)

    covered = {(row, m) for row, a, b in rows for m in range(a, min(a + b, 100 * (row + 1)))}
    assert share(rows) == pytest.approx(len(covered) / 300)
    assert share(rows + more) >= share(rows) - 1e-12


def test_a_walk_past_a_point_is_inside_for_the_chord() -> None:
    """1.2 m/s, 18 m beside the point: 48 m of chord are 40 s, whatever the fixes."""
    points = points_of([(0, 18)], point_id=["P"])
    for every in (1, 7, 60, 299):
        seconds = np.arange(0, 1_000, every)
        visits = point_visits(walk(seconds, -600 + 1.2 * seconds), points, rules=RULES)
        assert visits["dwell_s"].tolist() == pytest.approx([40.0], abs=1e-5)
        assert abs((visits["entered"][0] - at(480)).total_seconds()) < 1e-5
        assert abs((visits["left"][0] - at(520)).total_seconds()) < 1e-5
        assert len(points_visited(walk(seconds, -600 + 1.2 * seconds), points)) == 0


def test_a_stay_of_two_minutes_is_a_visit() -> None:
    """At the very rim too; a second less is none, and 31 m away is nowhere near."""
    points = points_of([(0, 30)], point_id=["P"])
    done = points_visited(walk([0, 60, 120], unit_id="U"), points)
    assert list(done) == list(DONE)
    (row,) = done.to_dict("records")
    assert (row["kind"], row["id"], row["unit_id"], row["dwell_s"]) == ("point", "P", "U", 120.0)
    assert (row["entered"], row["left"], row["certainty"]) == (at(0), at(120), "certain")
    assert not row["driven_through"]
    assert len(points_visited(walk([0, 60, 119]), points)) == 0
    assert len(points_visited(walk([0, 60, 120], y=-1.0), points)) == 0
    assert (
        len(points_visited(walk([0, 60, 120], y=-1.0), points, rules=EvidenceRules(within_m=31)))
        == 1
    )


def test_a_gap_counts_as_a_stay_only_where_it_is_bridged() -> None:
    """Ten silent minutes: within 50 m the unit stayed, else nobody knows."""
    points = points_of([(0, 0)], point_id=["P"])
    assert points_visited(walk([0, 600], [0.0, 20.0]), points)["dwell_s"].tolist() == [600.0]
    assert len(points_visited(walk([0, 600], [-26.0, 26.0]), points)) == 0
    known = points_visited(walk([0, 300], [-26.0, 26.0]), points)
    assert known["dwell_s"].tolist() == [300.0]


def test_leaving_and_coming_back_are_two_visits_but_for_a_moment() -> None:
    """From 60 m away at once and back: under a minute outside is none, dwell is inside alone."""
    points = points_of([(0, 0)], point_id=["P"])
    stay = [0, 200, 260, 460]
    # 120 m out and back at 2 m/s: 30 s of each 60 s inside, so 60 s outside: two visits.
    out = walk([0, 200, 230, 260, 290, 490], [0.0, 0.0, 60.0, 60.0, 0.0, 0.0])
    assert points_visited(out, points)["dwell_s"].tolist() == pytest.approx([215.0, 215.0])
    quick = walk([0, 200, 230, 259, 289, 489], [0.0, 0.0, 60.0, 60.0, 0.0, 0.0])
    assert points_visited(quick, points)["dwell_s"].tolist() == pytest.approx([430.0])
    assert points_visited(quick, points)["left"].tolist() == [at(489)]
    assert len(points_visited(walk(stay), points)) == 1


def test_two_devices_of_one_unit_stay_once() -> None:
    """The same minutes are not counted twice; two units are two visits."""
    points = points_of([(0, 0)], point_id=["P"])
    first, second = walk([0, 100]), walk([50, 150], 5.0, track_id="T2")
    one = points_visited(pd.concat([second, first]).assign(unit_id="U"), points)
    assert one[["track_id", "dwell_s"]].to_numpy().tolist() == [["T", 150.0]]
    assert len(points_visited(pd.concat([second, first]), points)) == 0
    assert len(point_visits(pd.concat([second, first]), points, rules=RULES)) == 2


def test_tracks_lie_in_any_order_and_points_may_have_no_place() -> None:
    """Rows are sorted by time within their tracks; nobody visits what is nowhere."""
    points = points_of([(0, 0), (5, 0)], point_id=["P", "Q"])
    points.loc[0, "geometry"] = None
    seconds = np.array([120, 0, 180, 60, 90])
    shuffled = walk(seconds, 5.0 + seconds / 6.0)
    shuffled.loc[4, "geometry"] = None
    assert points_visited(shuffled, points)[["id", "dwell_s"]].to_numpy().tolist() == [["Q", 180.0]]
    nothing = walk([]).astype({"track_id": object})
    assert list(points_visited(nothing, points)) == list(DONE)
    assert len(points_visited(nothing, points.iloc[:0])) == 0


@given(
    x=st.lists(st.integers(-60, 60), min_size=2, max_size=8),
    cuts=st.lists(st.floats(0.01, 0.99), max_size=4),
)
def test_fixes_on_the_way_change_nothing(x: list[int], cuts: list[float]) -> None:
    """A fix on the straight way between two, at its time, adds no knowledge."""
    seconds = np.arange(len(x)) * 50.0
    more = np.unique([*seconds, *(cut * seconds[-1] for cut in cuts)])
    points = points_of([(0, 11)], point_id=["P"])

    def dwell(moments: Any) -> float:  # noqa: ANN401
        fixes = walk(moments, np.interp(moments, seconds, x))
        return float(point_visits(fixes, points, rules=RULES)["dwell_s"].sum())

    assert dwell(more) == pytest.approx(dwell(seconds), abs=1e-3)


def checkins(*rows: tuple[str, str, float, float]) -> gpd.GeoDataFrame:
    """Make check-ins: point, unit, seconds, metres east of the origin."""
    point, unit, seconds, x = zip(*rows, strict=True)
    return points_of(
        [(each, 0) for each in x], point_id=list(point), unit_id=list(unit),
        time=[at(each) for each in seconds],
    )  # fmt: skip


POINTS = points_of([(0, 0), (1_000, 0)], point_id=["P", "Q"])


def test_a_check_in_counts_within_50_m_and_says_why_it_does_not() -> None:
    """The rim counts; a second tap of the same unit within a minute does not."""
    rows = checkins(
        ("P", "U", 0, 50.0), ("P", "U", 100, 50.1), ("X", "U", 100, 0.0), ("Q", "U", 200, 0.0),
        ("P", "U", 59, 0.0), ("P", "V", 59, 0.0), ("P", "U", 119, 0.0),
    )  # fmt: skip
    judged = judged_checkins(rows, POINTS, rules=RULES)
    assert judged["reason"].tolist() == [
        "", "too_far", "unknown_point", "too_far", "again", "", ""
    ]  # fmt: skip
    assert judged["distance_m"][3] == 1_000.0
    done = checked_in(rows, POINTS)
    assert list(done) == list(DONE)
    assert done["entered"].tolist() == [at(0), at(59), at(119)]
    assert set(done["certainty"]) == {"probable"}
    nowhere = rows.iloc[:2].copy()
    nowhere["geometry"] = [None, nowhere.geometry.iloc[1]]
    nowhere["time"] = [at(0), None]
    assert judged_checkins(nowhere, POINTS, rules=RULES)["reason"].tolist() == [
        "no_place", "no_time"
    ]  # fmt: skip


def test_who_patrols_at_a_screen_is_not_near_and_is_kept_apart() -> None:
    """By the shift at the time: the same unit is on foot the night after."""
    roster = shifts(
        ("U", "2024-05-01 20:00", "2024-05-02 02:00"), ("U", "2024-05-02 20:00", "2024-05-03 02:00")
    ).assign(mode=["video", "foot"])
    rows = checkins(("Q", "U", 0, 0.0), ("Q", "U", 86_400, 0.0), ("Q", "U", 86_500, 1_000.0))
    assert judged_checkins(rows, POINTS, roster=roster, rules=RULES)["reason"].tolist() == [
        "", "too_far", ""
    ]  # fmt: skip
    assert checked_in(rows, POINTS, roster=roster)["mode"].tolist() == ["video", "foot"]
    stay = points_visited(walk([0, 200], unit_id="U"), POINTS, roster=roster)
    assert stay["mode"].tolist() == ["video"]
    past = points_visited(walk([40_000, 40_200], unit_id="U"), POINTS, roster=roster)
    assert past["mode"].tolist() == [None]


def test_a_check_in_during_a_certain_visit_tells_nothing_new() -> None:
    """Within a minute of it either; later, by another unit, or elsewhere it does."""
    stay = points_visited(walk([0, 300], unit_id="U"), POINTS)
    rows = checkins(
        ("P", "U", 150, 0.0), ("P", "U", 360, 0.0), ("P", "U", 421, 0.0), ("P", "V", 150, 0.0),
        ("Q", "U", 150, 1_000.0),
    )  # fmt: skip
    walked = segments_done(went((0, 0, 100, 0, 100), (1, 0, 200, 100, 300)), WHOLE)
    done = together(walked, stay, checked_in(rows, POINTS))
    assert done[["kind", "id", "unit_id", "certainty"]].to_numpy().tolist() == [
        ["segment", "S0", "U", "certain"], ["point", "P", "U", "certain"],
        ["point", "P", "V", "probable"], ["point", "Q", "U", "probable"],
        ["point", "P", "U", "probable"],
    ]  # fmt: skip
    assert done["driven_through"].dtype == bool
    assert list(together(stay.iloc[:0])) == list(DONE)
    assert len(together()) == 0


def test_the_rules_are_printed_and_checked() -> None:
    """Every figure of the definition is there, and can be changed."""
    printed = RULES.summary()
    assert (printed["share"], printed["driven_kmh"], printed["within_m"]) == (0.8, 30.0, 30.0)
    assert (printed["dwell_s"], printed["checkin_m"], printed["gap_s"]) == (120.0, 50.0, 300.0)
    half = EvidenceRules(share=0.3)
    assert len(segments_done(went((0, 0, 100, 0, 100)), WHOLE, rules=half)) == 1
    for name, wrong in (("share", 1.01), ("share", 0.0), ("dwell_s", float("nan"))):
        with pytest.raises(InvalidParameterError, match=f"{name} must be"):
            EvidenceRules(**{name: wrong})


def test_refusals_name_the_argument() -> None:
    """A column that is missing, a time that is, flags for other segments."""
    walks = went((0, 0, 100, 0, 100))
    with pytest.raises(ColumnError, match="traversals: no column speed_kmh"):
        segments_done(walks.drop(columns="speed_kmh"), WHOLE)
    with pytest.raises(InvalidParameterError, match="traversals: left: row 0 has no time"):
        segments_done(walks.assign(left=pd.NaT), WHOLE)
    with pytest.raises(InvalidParameterError, match=r"both: .* for 1 segments"):
        segments_done(walks, WHOLE, both=np.array([True, False]))
    with pytest.raises(ColumnError, match="points: no column point_id"):
        points_visited(walk([0, 9]), POINTS.drop(columns="point_id"))
    with pytest.raises(InvalidParameterError, match="fixes: time: row 1 has no time"):
        points_visited(walk([0, 9]).assign(time=[NIGHT, None]), POINTS)
    with pytest.raises(ColumnError, match="checkins: no column unit_id"):
        checked_in(checkins(("P", "U", 0, 0.0)).drop(columns="unit_id"), POINTS)
