"""Visible presence: drawn on paper, and against many small steps along the lines."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import ColumnError, CRSError, InvalidParameterError
from geo.lines import Lines
from geo.patrol.capsules import stretches_near
from geo.patrol.presence import Presence, PresenceRules, visible_presence
from tests.geo.patrol.shifts_made import at, fixes_of, roster_of, standing_still
from tests.strategies import CRS, ORIGIN, box, line, places, polylines


def row_of_segments(count: int = 4, **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Make segments of 100 m, a kilometre apart."""
    lines = [line((1000.0 * k, 0), (1000.0 * k + 100, 0)) for k in range(count)]
    return gpd.GeoDataFrame(
        {"segment_id": [f"L{k}" for k in range(count)]} | columns, geometry=lines, crs=CRS
    )


def two_of_four(**columns: Any) -> Presence:  # noqa: ANN401
    """Let two units stand on two of four segments through the first hour of two."""
    fixes = pd.concat(
        [standing_still("U1", 480, 539, x=50.0), standing_still("U2", 480, 539, x=1050.0)]
    )
    roster = roster_of(
        [("S1", "U1", 480, 600), ("S2", "U2", 480, 600)], **({"area_id": None} | columns)
    )
    return visible_presence(row_of_segments(), fixes, roster)


def test_presence_on_two_of_four_segments_half_the_time_is_a_quarter() -> None:
    """Each segment is due in eight slots; two are seen in four of them."""
    found = two_of_four()
    summary = found.summary()
    assert (summary["due_slots"], summary["seen_slots"]) == (32, 8)
    assert (summary["due_m"], summary["seen_m"]) == (3200.0, 800.0)
    assert found.share == 0.25
    assert found.segments["share"].tolist() == [0.5, 0.5, 0.0, 0.0]
    hours = found.hours
    assert hours["hour"].tolist() == list(range(24))
    assert hours["share"].tolist()[8:10] == [0.5, 0.0]
    assert hours["due_slots"].sum() == 32


def test_slots_without_positions_are_a_range() -> None:
    """In the second hour nobody was heard: counted absent it is a quarter, left out a half."""
    found = two_of_four()
    assert (found.share, found.share_known) == (0.25, 0.5)
    assert found.summary()["unknown_slots"] == 16
    assert np.isnan(found.hours["share_known"].iloc[9])


@pytest.mark.parametrize(
    "columns", [{"visible": False}, {"visible": None}, {"mode": "video"}, {"force": "volunteer"}]
)
def test_who_is_not_visible_is_not_seen(columns: dict[str, Any]) -> None:
    """Plain clothes, rounds by video, and volunteers, who are counted apart."""
    found = two_of_four(**columns)
    assert not found.seen.any()
    assert not found.unknown.any()
    assert found.share == (None if columns == {"mode": "video"} else 0.0)


def test_a_marked_car_and_volunteers_apart_are_seen() -> None:
    """Cars count as feet do; asked for alone, volunteers have a rate of their own."""
    assert two_of_four(mode="car").share == 0.25
    fixes, roster = standing_still("V1", 480, 599, x=50.0), [("S1", "V1", 480, 600)]
    table = roster_of(roster, force="volunteer")
    found = visible_presence(row_of_segments(1), fixes, table, forces=frozenset({"volunteer"}))
    assert found.share == 1.0


def test_half_of_the_length_is_enough_and_less_is_not() -> None:
    """A unit at the end of a segment of 100 m sees 50 m of it; one 0.1 m farther sees less."""
    roster = roster_of([("S1", "U1", 480, 495)], area_id=None)
    for x, share in ((0.0, 1.0), (-0.1, 0.0)):
        fixes = standing_still("U1", 480, 494, x=x)
        assert visible_presence(row_of_segments(1), fixes, roster).share == share


def test_units_share_a_segment() -> None:
    """Each sees a quarter of it, from either end; together they see half."""
    roster = roster_of([("S1", "U1", 480, 495), ("S2", "U2", 480, 495)])
    one, two = standing_still("U1", 480, 494, x=-25.0), standing_still("U2", 480, 494, x=125.0)
    assert visible_presence(row_of_segments(1), one, roster).share == 0.0
    assert visible_presence(row_of_segments(1), pd.concat([one, two]), roster).share == 1.0


def test_an_empty_shift_is_zero_and_nothing_due_is_none() -> None:
    """Nobody came though somebody should; and windows of another time."""
    nobody = standing_still("U1", 0, 0).iloc[:0]
    roster = roster_of([("S1", "U1", 480, 600)])
    empty = visible_presence(row_of_segments(), nobody, roster)
    assert (empty.share, empty.share_known) == (0.0, None)
    closed = visible_presence(row_of_segments(windows="12:00-13:00"), nobody, roster)
    assert (closed.share, closed.share_known) == (None, None)
    off = visible_presence(row_of_segments(), nobody, roster.iloc[:0])
    assert off.share is None
    night = visible_presence(row_of_segments(), nobody, roster.iloc[:0], period=(at(0), at(60)))
    assert (night.share, night.share_known) == (0.0, 0.0)  # nobody was to be there: that is known


def test_windows_and_shifts_over_midnight_say_when_a_segment_is_due() -> None:
    """Window 23:00-01:00, shift 22:00-06:00: eight slots; by the period alone the same."""
    roster = roster_of([("S1", "U1", 1320, 1800)])
    fixes = standing_still("U1", 1320, 1800, x=50.0)
    segments = row_of_segments(1, windows="23:00-01:00")
    assert visible_presence(segments, fixes, roster).summary()["due_slots"] == 8
    whole = visible_presence(segments, fixes, roster, period=(at(0), at(2880)))
    assert whole.summary()["due_slots"] == 16  # 00:00-01:00, 23:00-01:00, 23:00-24:00
    assert whole.summary()["seen_slots"] == 8
    weekend = (
        visible_presence(row_of_segments(1, windows="Sa,Su"), fixes, roster) if False else None
    )
    assert weekend is None


def test_weekdays_of_windows_are_those_of_the_dates() -> None:
    """The second of March 2026 is a Monday."""
    roster = roster_of([("S1", "U1", 480, 540)])
    for text, due in (("Mo 08:00-09:00", 4), ("Tu-Su 08:00-09:00", 0)):
        found = visible_presence(
            row_of_segments(1, windows=text), standing_still("U1", 480, 539), roster
        )
        assert found.summary()["due_slots"] == due


def test_an_area_is_due_while_its_own_shift_is_on() -> None:
    """And what it did not see is known where its own unit was heard."""
    segments = row_of_segments(2, area_code=["A1", "A2"])
    roster = roster_of([("S1", "U1", 480, 540), ("S2", "U2", 480, 600)], area_id=["A1", "A2"])
    found = visible_presence(segments, standing_still("U1", 480, 539, x=50.0), roster)
    assert found.areas["area_id"].tolist() == ["A1", "A2"]
    assert found.areas["due_slots"].tolist() == [4, 8]
    assert found.areas["seen_slots"].tolist() == [4, 0]
    assert found.areas["unknown_slots"].tolist() == [0, 8]


def test_what_another_unit_saw_is_known_though_its_own_was_silent() -> None:
    """Units see what they pass, whoever's area it is; a segment of no area asks all of them."""
    roster = roster_of([("S1", "U1", 480, 540), ("S2", "U2", 480, 540)], area_id=["A1", "A2"])
    fixes = standing_still("U1", 480, 539, x=1050.0)
    segments = row_of_segments(3, area_code=["A1", "A2", None])
    found = visible_presence(segments, fixes, roster).segments
    assert found["seen_slots"].tolist() == [0, 4, 0]
    assert found["unknown_slots"].tolist() == [0, 0, 0]
    assert found["due_slots"].tolist() == [4, 4, 4]
    none = visible_presence(segments, fixes.iloc[:0], roster).segments
    assert none["unknown_slots"].tolist() == [4, 4, 4]
    only_one = visible_presence(segments, fixes, roster.iloc[1:]).segments
    assert only_one["due_slots"].tolist() == [0, 4, 4]


def test_a_unit_of_no_area_serves_all_of_them() -> None:
    """Its shift makes them due, and where it is heard they are known."""
    roster = roster_of([("S1", "U1", 480, 540)], area_id=None)
    fixes = standing_still("U1", 480, 509, x=50.0)
    found = visible_presence(row_of_segments(2, area_code=["A1", "A2"]), fixes, roster).segments
    assert found["due_slots"].tolist() == [4, 4]
    assert found["seen_slots"].tolist() == [2, 0]
    assert found["unknown_slots"].tolist() == [2, 2]


def test_a_round_by_video_beside_a_walk_sees_nothing() -> None:
    """Though its positions are on a segment, and the sheet calls it visible."""
    roster = roster_of([("S1", "U1", 480, 540), ("S2", "V1", 480, 540)], mode=["foot", "video"])
    fixes = pd.concat([standing_still("U1", 480, 539), standing_still("V1", 480, 539, x=1050.0)])
    found = visible_presence(row_of_segments(2), fixes, roster)
    assert found.segments["seen_slots"].tolist() == [4, 0]
    assert found.dropped["off_duty"] == 60


def test_positions_in_a_yard_or_off_duty_do_not_count() -> None:
    """A unit that stays at the station is heard and not seen."""
    roster = roster_of([("S1", "U1", 480, 540)])
    fixes = standing_still("U1", 420, 600, x=50.0)
    yard = gpd.GeoDataFrame(geometry=[box(40, -10, 60, 10)], crs=CRS)
    found = visible_presence(row_of_segments(1), fixes, roster, compounds=yard)
    assert (found.share, found.share_known) == (0.0, 0.0)
    assert found.dropped == {"compound": 61, "off_duty": 120}
    assert visible_presence(row_of_segments(1), fixes, roster).share == 1.0


def test_near_positions_are_joined_and_far_ones_are_not() -> None:
    """Of a line 40 m aside two discs 100 m apart see 60 m each; joined, 130 m without a waist."""
    aside = gpd.GeoDataFrame({"segment_id": ["L"]}, geometry=[line((-100, 40), (200, 40))], crs=CRS)
    roster = roster_of([("S1", "U1", 480, 495)])
    for minutes, apart, metres in ((5, 100.0, 160.0), (6, 100.0, 120.0), (5, 101.0, 120.0)):
        fixes = fixes_of(["U1"] * 2, [481, 481 + minutes], [(0, 0), (apart, 0)])
        for share, seen in ((metres - 0.01, 1.0), (metres + 0.01, 0.0)):
            rules = PresenceRules(least_share=share / 300.0)
            assert visible_presence(aside, fixes, roster, rules=rules).share == seen


def test_a_way_over_the_turn_of_a_slot_is_cut_there() -> None:
    """A walk of 80 m in two minutes from a minute before the turn: half in either slot."""
    roster = roster_of([("S1", "U1", 480, 510)])
    fixes = fixes_of(["U1"] * 2, [494, 496], [(0, 0), (80, 0)])
    segments = gpd.GeoDataFrame(
        {"segment_id": ["L"]}, geometry=[line((-100, 0), (200, 0))], crs=CRS
    )
    for metres, seen in ((139.9, 2), (140.1, 0)):
        rules = PresenceRules(least_share=metres / 300.0)
        found = visible_presence(segments, fixes, roster, rules=rules)
        assert found.summary()["seen_slots"] == seen


@settings(max_examples=20)
@given(st.lists(polylines, min_size=1, max_size=2), places, places, st.sampled_from([5.0, 60.0]))
def test_stretches_near_a_way_are_those_that_small_steps_find(
    lines: list[Any], start: tuple[float, float], end: tuple[float, float], radius: float
) -> None:
    """Against shapely's distance at steps of five metres, but for steps at a rim."""
    frame = gpd.GeoDataFrame(geometry=lines, crs=CRS)
    a, b = np.add([start], ORIGIN), np.add([end], ORIGIN)
    _, part, low, high = stretches_near(Lines.from_frame(frame, "lines"), a, b, radius)
    way = shapely.LineString([a[0], b[0]])
    for number, shape in enumerate(lines):
        at_m = np.arange(0.25, shape.length, 5.0)
        away = shapely.distance(shapely.line_interpolate_point(shape, at_m), way)
        inside = np.zeros(len(at_m), dtype=bool)
        for k in np.flatnonzero(part == number):
            inside |= (at_m >= low[k]) & (at_m <= high[k])
        clear = np.abs(away - radius) > 1e-6
        assert (inside == (away <= radius))[clear].all()


def test_a_disc_takes_its_chord() -> None:
    """A point 30 m beside a line takes 80 m of it, with a reach of 50 m."""
    frame = gpd.GeoDataFrame(geometry=[line((-500, 30), (500, 30))], crs=CRS)
    lines = Lines.from_frame(frame, "lines")
    here = np.array([ORIGIN])
    _, _, low, high = stretches_near(lines, here, here, 50.0)
    assert math.isclose(low[0], 460.0, abs_tol=1e-6)
    assert math.isclose(high[0], 540.0, abs_tol=1e-6)
    far = stretches_near(lines, np.empty((0, 2)), np.empty((0, 2)), 50.0)
    assert all(len(values) == 0 for values in far)


def test_what_cannot_be_judged_is_refused() -> None:
    """Each refusal names what it met."""
    fixes, roster = standing_still("U1", 480, 490), roster_of([("S1", "U1", 480, 540)])
    segments = row_of_segments(1)
    with pytest.raises(CRSError):
        visible_presence(segments.to_crs(4326), fixes.to_crs(4326), roster)
    with pytest.raises(ColumnError, match="segment_id"):
        visible_presence(segments.drop(columns="segment_id"), fixes, roster)
    with pytest.raises(ColumnError, match="fixes: time"):
        visible_presence(segments, fixes.drop(columns="time"), roster)
    with pytest.raises(InvalidParameterError, match="period"):
        visible_presence(segments, fixes, roster, period=(at(60), at(0)))
    with pytest.raises(InvalidParameterError, match="row 0 has windows 'soon'"):
        visible_presence(segments.assign(windows="soon"), fixes, roster)
    with pytest.raises(InvalidParameterError, match="slot_min"):
        visible_presence(segments, fixes, roster, rules=PresenceRules(slot_min=7))
    for name, value in (("within_m", 0.0), ("least_share", 1.1), ("join_s", -1.0)):
        with pytest.raises(InvalidParameterError, match=name):
            PresenceRules(**{name: value})  # type: ignore[arg-type]
