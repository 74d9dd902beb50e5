"""Unseen ways out of cordons: hand-drawn ones, and a town of blocks against brute force."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import ColumnError, CRSError, GeometryError, InvalidParameterError
from geo.cordon import open_edges
from geo.intervals import Intervals
from geo.streets import StreetNetwork
from tests.strategies import CRS, areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    Spot = tuple[int, int]

SQUARE = areas_of({"A": box(-100, -100, 100, 100)})
NOTHING = Intervals.of([], [], [])


def seen(*stretches: tuple[int, float, float]) -> Intervals:
    """Make seen stretches of part, start and end."""
    return Intervals.of(*zip(*stretches, strict=True)) if stretches else NOTHING


def cross(**columns: object) -> gpd.GeoDataFrame:
    """Draw two streets of 400 m through the middle of the square."""
    return streets_of([line((-200, 0), (200, 0)), line((0, -200), (0, 200))], **columns)


def test_a_cross_without_cameras_has_four_ways_and_four_closures() -> None:
    """Each is the arm between 50 m inside the line and 50 m beyond it."""
    found = open_edges(cross(), SQUARE, NOTHING)
    assert found.ways["area_id"].tolist() == ["A"] * 4
    assert found.ways["street_id"].tolist() == [0, 0, 1, 1]
    assert found.ways["start_m"].tolist() == pytest.approx([50, 250, 50, 250])
    assert found.ways["end_m"].tolist() == pytest.approx([150, 350, 150, 350])
    assert found.closures.drop(columns="geometry").equals(found.ways.drop(columns="geometry"))
    row = found.cordons.iloc[0]
    assert row[["crossings", "ways", "closures", "disjoint_ways"]].tolist() == [4, 4, 4, 4]
    assert row["closed"] == False  # noqa: E712 - of three values
    assert found.closed is False
    assert found.ways.geometry[0].equals(line((-150, 0), (-50, 0)))


def test_a_camera_at_the_line_takes_its_way_out() -> None:
    """However short its stretch; but none at all is not seen."""
    found = open_edges(cross(), SQUARE, seen((0, 90.0, 90.001)))
    assert found.ways["start_m"].tolist() == pytest.approx([250, 50, 250])
    assert found.cordons["crossings"].tolist() == [4]
    assert len(open_edges(cross(), SQUARE, seen((0, 90.0, 90.0 + 1e-7))).ways) == 4


def test_a_closed_cordon_has_no_way_and_needs_no_closure() -> None:
    """One camera over the crossing is not enough: one starts beyond it."""
    middle = seen((0, 190, 210), (1, 190, 210))
    assert len(open_edges(cross(), SQUARE, middle).ways) == 4
    found = open_edges(
        cross(), SQUARE, seen((0, 60, 80), (0, 330, 340), (1, 120, 130), (1, 270, 400))
    )
    assert found.closed is True
    assert found.cordons[["ways", "closures", "disjoint_ways"]].to_numpy().tolist() == [[0, 0, 0]]
    assert found.summary() == {
        "cordons": 1, "closed": 1, "open": 0, "unknown": 0, "crossings": 4, "ways": 0,
        "closures": 0, "way": "out", "profile": "walk", "band_m": 50.0, "core_off_network": 0,
        "crs": "EPSG:4547",
    }  # fmt: skip


def test_a_narrow_band_is_strict() -> None:
    """Who starts between the camera and the line is out unseen."""
    west = seen((0, 60, 80), (0, 245, 255), (1, 0, 150), (1, 250, 400))
    assert open_edges(cross(), SQUARE, west, band_m=51.0).closed is True
    strict = open_edges(cross(), SQUARE, west, band_m=10.0)
    assert strict.ways["start_m"].tolist() == pytest.approx([90, 290])


def test_streets_that_meet_within_the_band_are_closed_as_one() -> None:
    """Two streets cross the line and join 30 m beyond it: two ways, one closure."""
    streets = streets_of(
        [line((0, -20), (115, -20), (130, 0)), line((0, 20), (115, 20), (130, 0)),
         line((130, 0), (300, 0))]
    )  # fmt: skip
    found = open_edges(streets, SQUARE, NOTHING)
    assert found.ways["street_id"].tolist() == [0, 1]
    assert found.closures["street_id"].tolist() == [2]
    assert found.closures[["start_m", "end_m"]].to_numpy().tolist() == [[0.0, pytest.approx(20.0)]]
    assert len(open_edges(streets, SQUARE, NOTHING, band_m=25.0).closures) == 2


def test_a_street_along_the_line_is_no_way_but_the_streets_that_leave_it_are() -> None:
    """The border runs along a street that wavers about it by a hand."""
    streets = streets_of(
        [line((-200, 99.8), (-50, 100.2), (0, 99.9), (50, 100.1), (200, 100)),
         line((0, 0), (0, 99.9)), line((-50, 100.2), (-50, 200)), line((50, 100.1), (50, 200))]
    )  # fmt: skip
    found = open_edges(streets, SQUARE, NOTHING)
    assert sorted(found.ways["street_id"]) == [0, 0, 2, 3]
    assert found.closures["street_id"].tolist() == [1]


def test_a_blind_end_is_where_one_starts_or_where_the_map_ends() -> None:
    """A yard 10 m inside, a street cut off 10 m beyond; one cut at the line tells nothing."""
    streets = streets_of([line((90, 0), (110, 0))])
    found = open_edges(streets, SQUARE, NOTHING)
    assert found.closed is False
    assert found.ways[["start_m", "end_m"]].to_numpy().tolist() == [[0.0, 20.0]]
    cut = streets_of([line((0, 0), (100, 0))])
    assert open_edges(cut, SQUARE, NOTHING).closed is None
    outside = streets_of([line((300, 0), (400, 0))])
    assert open_edges(outside, SQUARE, NOTHING).closed is None
    assert open_edges(streets_of([]), SQUARE, NOTHING).closed is None
    moat = streets_of([line((0, 0), (90, 0)), line((300, 0), (400, 0))])
    assert open_edges(moat, SQUARE, NOTHING).closed is True


def test_a_turn_in_a_blind_alley_is_no_way() -> None:
    """From the site one leaves by the east; the lane that dips in from outside leads nowhere."""
    streets = streets_of(
        [line((0, 0), (110, 0), (300, 0)), line((110, 0), (110, 20)), line((110, 20), (110, 40)),
         line((110, 20), (90, 20))]
    )  # fmt: skip
    found = open_edges(streets, SQUARE, NOTHING, core=points_of([(0, 0)]))
    assert found.ways["street_id"].tolist() == [0]
    assert sorted(open_edges(streets, SQUARE, NOTHING).ways["street_id"]) == [0, 3]


def test_from_a_core_only_its_own_streets_count() -> None:
    """One closure at the site does for four ways; a camera there closes them all."""
    streets = streets_of([*cross().geometry, line((20, 30), (20, 0))])
    site = points_of([(22, 30), (0, 900)])
    found = open_edges(streets, SQUARE, NOTHING, core=site)
    assert len(found.ways) == 4
    assert found.closures["street_id"].tolist() == [2]
    assert found.core_off_network == 1
    watched = open_edges(streets, SQUARE, seen((2, 10, 12)), core=site)
    assert watched.closed is True
    elsewhere = areas_of({"A": box(-100, -100, 100, 100), "B": box(150, -50, 190, 50)})
    assert open_edges(streets, elsewhere, NOTHING, core=site).cordons["closed"].isna().tolist() == [
        False, True,
    ]  # fmt: skip


def test_who_starts_beyond_the_line_needs_no_way_out() -> None:
    """A point of the core outside the cordon is not what is to be closed in."""
    arms = seen((0, 60, 110), (0, 290, 340), (1, 60, 110), (1, 290, 340))
    core = points_of([(0, 0), (145, 0)])
    assert open_edges(cross(), SQUARE, arms, core=core).closed is True


def test_only_what_the_core_leads_to_is_a_way_and_nothing_that_comes_after_being_out() -> None:
    """Neither a street that the core has no way to, nor one that cuts a corner on the way round."""
    streets = streets_of(
        [line((0, 0), (300, 0)), line((-30, 60), (-30, 300)),
         line((300, 0), (300, 300), (90, 300), (90, 90), (400, 90))]
    )  # fmt: skip
    found = open_edges(streets, SQUARE, NOTHING, core=points_of([(0, 0)]))
    assert found.ways["street_id"].tolist() == [0]
    assert found.cordons["crossings"].tolist() == [1]


def test_a_way_that_only_comes_back_is_none() -> None:
    """Two streets meet beyond the line, and a camera sees the only street that leads on."""
    streets = streets_of(
        [line((0, -20), (120, -20), (120, 20), (0, 20)), line((120, 0), (300, 0))]
    )  # fmt: skip
    found = open_edges(streets, SQUARE, seen((1, 5, 10)))
    assert found.closed is True
    assert len(found.ways) == 0
    assert found.cordons["crossings"].tolist() == [2]


def test_a_vehicle_keeps_to_one_way_streets_out_and_in() -> None:
    """The west arm leads in only; on foot it leads both ways."""
    streets = streets_of(
        [line((-200, 0), (0, 0)), line((0, 0), (200, 0))], oneway=["yes", "yes"]
    )  # fmt: skip
    drive = StreetNetwork.from_frame(streets, profile="vehicle")
    out = open_edges(streets, SQUARE, NOTHING, network=drive)
    assert (out.ways["street_id"].tolist(), out.profile) == ([1], "vehicle")
    come = open_edges(streets, SQUARE, NOTHING, network=drive, way="in")
    assert come.ways["street_id"].tolist() == [0]
    assert come.closures["street_id"].tolist() == [0]
    for way in ("out", "in"):
        assert open_edges(streets, SQUARE, NOTHING, way=way).ways["street_id"].tolist() == [0, 1]


def test_each_cordon_is_answered_on_its_own() -> None:
    """Also where they overlap; a row without ground is neither open nor closed."""
    both = areas_of({"A": box(-100, -100, 100, 100), "B": box(0, -150, 150, 80), "C": None})
    both["name"] = ["甲", "乙", "丙"]
    found = open_edges(cross(), both, NOTHING)
    alone = [open_edges(cross(), both.iloc[[row]], NOTHING) for row in range(3)]
    for name in ("ways", "closures"):
        rows = [getattr(one, name) for one in alone]
        assert [len(one) for one in rows] == found.cordons[name].tolist()
        whole = getattr(found, name)
        joined = [shape for one in rows for shape in one.geometry]
        assert all(a.equals(b) for a, b in zip(whole.geometry, joined, strict=True))
        assert whole["area_id"].tolist() == [code for one in rows for code in one["area_id"]]
        assert set(whole["area_id"]) == {"A", "B"}
    assert found.cordons["closed"].fillna(True).tolist() == [False, False, True]
    assert found.cordons["closed"].isna().tolist() == [False, False, True]
    assert found.cordons["name"].tolist() == ["甲", "乙", "丙"]
    empty = open_edges(cross(), both.iloc[:0], NOTHING)
    assert (empty.closed, len(empty.ways), empty.summary()["cordons"]) == (None, 0, 0)


def test_a_hole_is_outside() -> None:
    """Whoever steps into the courtyard has left the cordon."""
    ring = areas_of({"A": box(-500, -500, 500, 500).difference(box(-80, -80, 80, 80))})
    found = open_edges(streets_of([line((0, 0), (300, 0))]), ring, NOTHING)
    assert found.ways[["start_m", "end_m"]].to_numpy().tolist() == [
        [pytest.approx(30.0), pytest.approx(130.0)]
    ]


def test_it_refuses_what_it_cannot_answer() -> None:
    """The message names the argument and the next step."""
    with pytest.raises(InvalidParameterError, match="way: 'up' is unknown; use one of out, in"):
        open_edges(cross(), SQUARE, NOTHING, way="up")
    for band_m in (0.9, np.nan, np.inf):
        with pytest.raises(InvalidParameterError, match="band_m must be 1 or greater"):
            open_edges(cross(), SQUARE, NOTHING, band_m=band_m)
    with pytest.raises(GeometryError, match="core: none of its 1 points is within 50 m"):
        open_edges(cross(), SQUARE, NOTHING, core=points_of([(150, 150)]))
    with pytest.raises(ColumnError, match="area_id"):
        open_edges(cross(), SQUARE.drop(columns="area_id"), NOTHING)
    with pytest.raises(CRSError, match="cordon"):
        open_edges(cross(), SQUARE.to_crs("EPSG:4326"), NOTHING)
    with pytest.raises(CRSError, match="core"):
        open_edges(cross(), SQUARE, NOTHING, core=points_of([(0, 0)]).to_crs("EPSG:4326"))


# A town of blocks of 60 m: every street is one step between corners (i, j), i and j from 0 to 3,
# and the cordon's line runs 20 m beyond the corners 1. With a band of 15 m the corners up to 1
# are inside, those from 2 on beyond, as they are when one counts corners.
CORNERS = [(i, j) for i in range(4) for j in range(4)]
STEPS = [
    (a, b) for a in CORNERS for b in CORNERS if abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1 and a < b
]
BLOCK = areas_of({"A": box(-200, -200, 80, 80)})

towns = st.lists(st.sampled_from(STEPS), min_size=1, max_size=12, unique=True)
watching = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 55), st.integers(1, 40)), max_size=4
)


def built(steps: list[tuple[tuple[int, int], tuple[int, int]]]) -> gpd.GeoDataFrame:
    """Build the town."""
    return streets_of([line((60 * a, 60 * b), (60 * c, 60 * d)) for (a, b), (c, d) in steps])


def watched(
    steps: list[tuple[tuple[int, int], tuple[int, int]]], stretches: Iterable[tuple[int, int, int]]
) -> Intervals:
    """Set cameras up that see up to the end of their street."""
    held = [(k % len(steps), a, min(a + length, 60)) for k, a, length in stretches]
    return seen(*held)


def metres(
    steps: list[tuple[tuple[int, int], tuple[int, int]]], view: Intervals, closed: set[int]
) -> dict[Spot, list[Spot]]:
    """Cut the open streets into unseen metres, and tell which spots each spot leads to."""
    arcs: dict[Spot, list[Spot]] = {}
    for k, ((a, b), (c, d)) in enumerate(steps):
        spots = [(60 * a + (c - a) * m, 60 * b + (d - b) * m) for m in range(61)]
        held = view.holds(np.full(60, k), np.arange(60) + 0.5)
        for metre in np.flatnonzero(~held) if k not in closed else ():
            p, q = spots[metre], spots[metre + 1]
            arcs.setdefault(p, []).append(q)
            arcs.setdefault(q, []).append(p)
    return arcs


def brute(
    steps: list[tuple[tuple[int, int], tuple[int, int]]], view: Intervals, closed: set[int]
) -> bool:
    """Walk metre by metre from every starting place, until one is out or nothing is new."""
    arcs = metres(steps, view, closed)
    corners = [(60 * i, 60 * j) for step in steps for i, j in step]
    outline = shapely.box(-200, -200, 80, 80).exterior

    def ends(spot: Spot) -> bool:
        return corners.count(spot) == 1 or outline.distance(shapely.Point(spot)) >= 15

    found = {spot for spot in arcs if max(spot) < 80 and ends(spot)}
    fresh = list(found)
    while fresh:
        spot = fresh.pop()
        if max(spot) > 80 and ends(spot):
            return True
        new = set(arcs[spot]) - found
        found |= new
        fresh += new
    return False


@given(towns, watching)
def test_a_cordon_is_closed_where_nobody_walks_out_metre_by_metre(
    steps: list[tuple[tuple[int, int], tuple[int, int]]], cameras: list[tuple[int, int, int]]
) -> None:
    """A walk over whole metres is a wholly other way to find it."""
    view = watched(steps, cameras)
    found = open_edges(built(steps), BLOCK, view, band_m=15.0)
    assert (len(found.ways) > 0) == brute(steps, view, set())
    assert (found.cordons["disjoint_ways"][0] > 0) == (len(found.ways) > 0)
    assert found.cordons["ways"][0] <= found.cordons["crossings"][0]


@settings(max_examples=25)
@given(towns, watching)
def test_the_closures_are_the_fewest_of_all_sets_of_streets(
    steps: list[tuple[tuple[int, int], tuple[int, int]]], cameras: list[tuple[int, int, int]]
) -> None:
    """Closing them leaves no way; closing fewer streets always leaves one."""
    view = watched(steps, cameras)
    found = open_edges(built(steps), BLOCK, view, band_m=15.0)
    closures = found.closures
    shut = Intervals.of(closures["street_id"], closures["start_m"], closures["end_m"])
    assert open_edges(built(steps), BLOCK, view.union(shut), band_m=15.0).closed in (True, None)
    crossing = [k for k, (a, b) in enumerate(steps) if (max(a) < 2) != (max(b) < 2)]
    for size in range(len(closures)):
        assert all(brute(steps, view, set(some)) for some in combinations(crossing, size))


@given(towns, watching, st.integers(0, 3))
def test_dropping_a_camera_never_shrinks_the_ways(
    steps: list[tuple[tuple[int, int], tuple[int, int]]],
    cameras: list[tuple[int, int, int]],
    dropped: int,
) -> None:
    """Every stretch by which one got out is still one, and no fewer closures do."""
    fewer = cameras[:dropped] + cameras[dropped + 1 :]
    before, after = (
        open_edges(built(steps), BLOCK, watched(steps, some), band_m=15.0)
        for some in (cameras, fewer)
    )
    held = [
        Intervals.of(one.ways["street_id"], one.ways["start_m"], one.ways["end_m"])
        for one in (before, after)
    ]
    assert held[0].difference(held[1]).length_m <= 1e-6
    assert len(before.closures) <= len(after.closures)


wild = st.lists(
    st.lists(st.tuples(st.integers(-250, 250), st.integers(-250, 250)), min_size=2, max_size=4,
             unique=True),
    min_size=1, max_size=6,
)  # fmt: skip


@given(wild, st.lists(st.tuples(st.integers(0, 5), st.integers(0, 300), st.integers(1, 99))),
       st.sampled_from([2.0, 20.0, 50.0]), st.sampled_from(["out", "in"]))  # fmt: skip
def test_whatever_the_streets_the_parts_of_the_answer_agree(
    shapes: list[list[tuple[int, int]]],
    cameras: list[tuple[int, int, int]],
    band_m: float,
    way: str,
) -> None:
    """Ways if and only if closures; a camera less, or a narrower band, never closes."""
    streets = streets_of([line(*shape) for shape in shapes])
    views = [
        seen(*((k, a, a + b) for k, a, b in some if k < len(shapes)))
        for some in (cameras, cameras[1:])
    ]
    found, less = (open_edges(streets, SQUARE, view, way=way, band_m=band_m) for view in views)
    wider = open_edges(streets, SQUARE, views[0], way=way, band_m=band_m + 10.0)
    assert (len(found.ways) > 0) == (len(found.closures) > 0)
    assert len(found.closures) == found.cordons["disjoint_ways"][0]
    assert found.cordons["ways"][0] <= found.cordons["crossings"][0]
    assert len(wider.closures) <= len(found.closures) <= len(less.closures)
    held = [
        Intervals.of(one.ways["street_id"], one.ways["start_m"], one.ways["end_m"])
        for one in (found, less)
    ]
    assert held[0].intersection(views[0]).length_m <= 1e-5
    assert held[0].difference(held[1]).length_m <= 1e-5
    on_line = found.ways.geometry.distance(SQUARE.geometry[0].exterior)
    assert (on_line <= 0.5 + 1e-6).all()
    assert found.ways.crs == CRS
    assert found.closures.crs == CRS


def test_inputs_stay_as_they_are() -> None:
    """Frames and stretches are read only."""
    streets, cordon, view = cross(), SQUARE.copy(), seen((0, 1, 2))
    open_edges(streets, cordon, view, core=points_of([(0, 0)]))
    assert streets.equals(cross())
    assert cordon.equals(SQUARE)
    assert (view.start.tolist(), view.end.tolist()) == ([1.0], [2.0])
