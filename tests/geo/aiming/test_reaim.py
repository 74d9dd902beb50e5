"""Turning cameras: hand-drawn scenes, and what must hold of any."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.aiming import PRIVATE_M2, Reaim, Terms, reaim
from geo.cameras import camera_coverage
from geo.due import DueRule
from geo.errors import CRSError, GeometryError, InvalidParameterError
from tests.strategies import (
    CRS,
    areas_of,
    box,
    camera_frames,
    line,
    points_of,
    street_frames,
    streets_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG = streets_of([line((-200, 0), (200, 0))], name=["long"])
"""One street from west to east, 400 m."""

CROSS = streets_of([line((-200, 0), (200, 0)), line((0, -200), (0, 200))])
"""Two streets of 400 m through the origin."""


def cameras(
    at: Sequence[tuple[float, float]],
    azimuth: Sequence[float | None],
    **columns: Any,  # noqa: ANN401
) -> gpd.GeoDataFrame:
    """Place cameras that see 100 m within 20 degrees."""
    n = len(at)
    each = {"fov_deg": [20.0] * n, "range_m": [100.0] * n}
    ids = [f"c{i}" for i in range(n)]
    return points_of(at, **({"camera_id": ids, "azimuth_deg": list(azimuth)} | each | columns))


def headings(found: Reaim) -> list[float]:
    """Return what way the cameras would look."""
    return found.cameras["azimuth_deg"].tolist()


def test_two_cameras_that_look_the_same_way_are_turned_apart() -> None:
    """Both look east from the middle: 100 m twice; one turns west and 200 m are seen (A72)."""
    found = reaim(LONG, cameras([(0, 0), (0, 0)], [90.0, 90.0]))
    assert sorted(headings(found)) == [90.0, 270.0]
    assert found.before_length_m == pytest.approx(100.0)
    assert found.after_length_m == pytest.approx(200.0)
    (turn,) = found.turns.to_dict("records")
    assert turn["camera_id"] in {"c0", "c1"}
    assert turn["from_deg"] == 90.0
    assert (turn["gained_m"], turn["lost_m"]) == pytest.approx((100.0, 0.0))
    assert turn["worth"] == pytest.approx(100.0)
    assert found.gained[["street_id", "start_m", "end_m"]].to_numpy().tolist() == [
        pytest.approx([0, 100, 200])
    ]
    assert found.lost.empty
    assert (found.aim.gap, found.aim.stopped_by) == (0.0, "optimal")
    assert found.aim.objective == pytest.approx(200.0)


def test_two_cameras_at_a_cross_see_two_arms() -> None:
    """The union of what is seen goes up as well, and again the same way."""
    twins = cameras([(0, 0), (0, 0)], [45.0, 45.0], fov_deg=[60.0, 60.0])
    found, again = reaim(CROSS, twins), reaim(CROSS, twins)
    before, after = (camera_coverage(CROSS, each) for each in (twins, found.cameras))
    assert after.seen_area_m2 == pytest.approx(2.0 * before.seen_area_m2, rel=1e-3)
    assert before.covered_length_m == pytest.approx(0.0, abs=1e-3)
    assert after.covered_length_m == pytest.approx(200.0)
    assert headings(found) == headings(again)
    assert found.turns.drop(columns="before").equals(again.turns.drop(columns="before"))


def test_what_is_lost_is_said_as_well_as_what_is_gained() -> None:
    """A camera leaves 40 m of one street for 100 m of another."""
    streets = streets_of(
        [line((0, 0), (0, 40)), line((0, 0), (100, 0))], street_id=["lane", "road"]
    )
    found = reaim(streets, cameras([(0, 0)], [0.0]))
    assert found.gained["street_id"].tolist() == ["road"]
    assert found.gained["length_m"].tolist() == pytest.approx([100.0])
    assert found.lost["street_id"].tolist() == ["lane"]
    assert found.lost["length_m"].tolist() == pytest.approx([40.0])
    assert found.lost.geometry[0].equals_exact(line((0, 0), (0, 40)), 1e-3)
    (turn,) = found.turns.to_dict("records")
    assert (turn["gained_m"], turn["lost_m"], turn["worth"]) == pytest.approx((100, 40, 60))
    assert turn["to_deg"] == 90.0
    assert shapely.contains(turn["before"], points_of([(0, 90)]).geometry[0])
    assert shapely.contains(turn["geometry"], points_of([(90, 0)]).geometry[0])


def test_turns_come_in_the_order_in_which_they_win_most() -> None:
    """The second of two equal cameras wins what the first has left it."""
    streets = streets_of([line((-60, 0), (0, 0)), line((0, 0), (80, 0))])
    found = reaim(streets, cameras([(0, 0), (0, 0)], [0.0, 0.0]))
    assert found.turns["gained_m"].tolist() == pytest.approx([80, 60])
    assert found.turns["to_deg"].tolist() == [90.0, 270.0]
    one = reaim(streets, cameras([(0, 0), (0, 0)], [0.0, 0.0]), changes=1)
    assert one.turns["gained_m"].tolist() == pytest.approx([80])
    assert reaim(streets, cameras([(0, 0)] * 2, [0.0, 0.0]), changes=0).turns.empty


def test_a_heading_that_wins_nothing_is_not_proposed() -> None:
    """Nor one that wins no more than it costs."""
    seeing = cameras([(0, 0)], [90.0])
    assert reaim(LONG, seeing).turns.empty
    short = cameras([(-190, 0)], [270.0])
    assert reaim(LONG, short, terms=Terms(cost_m=89.0)).turns["gained_m"].tolist() == [
        pytest.approx(100.0)
    ]
    dear = reaim(LONG, short, terms=Terms(cost_m=91.0))
    assert dear.turns.empty
    assert headings(dear) == [270.0]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"mandatory": [True]}, "mandatory"),
        ({"mandatory": ["yes"], "adjustable": [True]}, "mandatory"),
        ({"adjustable": [False]}, "not_adjustable"),
        ({"adjustable": ["no"]}, "not_adjustable"),
        ({"online": [False]}, "offline"),
        ({"azimuth_deg": [None]}, "unaimed"),
        ({"fov_deg": [360.0]}, "round_view"),
        ({"headings": ["0;180"]}, "several_lenses"),
        ({"kind": ["security_checkpoint"]}, "not_adjustable"),
        ({"kind": ["panoramic"]}, "not_adjustable"),
    ],
)
def test_a_camera_that_may_not_be_turned_is_left_alone(
    columns: dict[str, Any], reason: str
) -> None:
    """And it is said why."""
    held = cameras([(0, 0)], [0.0], **columns)
    found = reaim(LONG, held)
    assert found.turns.empty
    assert found.left_alone.to_numpy().tolist() == [["c0", reason]]
    assert found.summary()["left_alone"] == {reason: 1}
    assert found.summary()["cameras_adjustable"] == 0
    assert found.before_length_m == found.after_length_m


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": ["panoramic"], "adjustable": [True]},
        {"kind": ["ptz_dome"]},
        {"kind": ["fixed_bullet"], "adjustable": [None]},
        {"mandatory": [False]},
        {"mandatory": [None]},
    ],
)
def test_a_camera_that_may_be_turned_is(columns: dict[str, Any]) -> None:
    """What its row says goes before what its kind says."""
    found = reaim(LONG, cameras([(0, 0)], [0.0], **columns))
    assert found.after_length_m == pytest.approx(100.0)
    assert found.left_alone.empty


def test_what_other_cameras_see_is_no_gain() -> None:
    """One that must look east leaves the west to the other; one that is offline leaves both."""
    held = {"mandatory": [True, False], "online": [True, True]}
    pair = cameras([(0, 0), (0, 0)], [90.0, 0.0], **held)
    found = reaim(LONG, pair)
    assert found.turns["to_deg"].between(260, 280).all()
    assert (found.before_length_m, found.after_length_m) == pytest.approx((100, 200))
    assert (found.aim.today, found.aim.objective) == pytest.approx((0, 100))
    off = reaim(LONG, pair.assign(online=[False, True]))
    assert (off.before_length_m, off.after_length_m) == pytest.approx((0, 100), abs=1e-3)


def test_a_camera_deep_in_a_building_is_no_candidate() -> None:
    """And a wall hides what is behind it: the east is 10 m then, and the west 100."""
    house = gpd.GeoDataFrame(geometry=[box(10, -50, 60, 50)], crs=CRS)
    inside = reaim(LONG, cameras([(35, 0)], [0.0]), house)
    assert inside.left_alone.to_numpy().tolist() == [["c0", "indoor"]]
    found = reaim(LONG, cameras([(0, 0)], [90.0]), house)
    assert found.before_length_m == pytest.approx(10.0)
    assert found.after_length_m == pytest.approx(100.0)
    wall = gpd.GeoDataFrame(geometry=[line((10, -50), (10, 50))], crs=CRS)
    assert reaim(LONG, cameras([(0, 0)], [90.0]), walls=wall).after_length_m == pytest.approx(100)


def test_a_camera_on_a_wall_may_be_turned_to_its_other_side() -> None:
    """It is held where coverage puts a camera with that heading."""
    wall = gpd.GeoDataFrame(geometry=[line((-50, 0), (50, 0))], crs=CRS)
    streets = streets_of([line((0, -80), (0, -20)), line((0, 20), (0, 60))])
    found = reaim(streets, cameras([(0, 0)], [0.0]), walls=wall)
    assert found.turns["to_deg"].tolist() == [180.0]
    assert (found.before_length_m, found.after_length_m) == pytest.approx((40, 60))
    then = camera_coverage(streets, found.cameras, walls=wall)
    assert then.covered_length_m == pytest.approx(60.0)


def test_a_heading_by_which_a_camera_would_stand_indoors_is_not_offered() -> None:
    """Two metres behind the wall it looks over; a little more behind the other."""
    house = gpd.GeoDataFrame(geometry=[box(0, 0, 50, 50)], crs=CRS)
    hall = streets_of([line((1.99, 0.1), (1.99, 1.9))])
    found = reaim(hall, cameras([(1.99, 2.02)], [270.0]), house)
    assert found.left_alone.empty
    assert found.turns.empty


def test_classes_have_their_weight() -> None:
    """40 m of back lane are worth more than 100 m of road when each counts three times."""
    streets = streets_of([line((0, 0), (0, 40)), line((0, 0), (100, 0))])
    streets["class"] = ["Lane", "primary"]
    seeing = cameras([(0, 0)], [180.0])
    assert reaim(streets, seeing).turns["gained_m"].tolist() == pytest.approx([100])
    found = reaim(streets, seeing, terms=Terms(class_weights={"LANE": 3.0}))
    assert found.turns["gained_m"].tolist() == pytest.approx([40])
    assert found.turns["worth"].tolist() == pytest.approx([120])
    due = Terms(due=DueRule(classes=frozenset({"lane"})))
    assert reaim(streets, seeing, terms=due).due_length_m == 40.0


def test_key_sites_and_incidents_are_worth_metres() -> None:
    """A site in the north is worth 50 m, less than the street; with a weight of 3 more."""
    seeing, site = cameras([(0, 0)], [180.0]), points_of([(0, 60)])
    found = reaim(LONG, seeing, key_sites=site)
    assert found.turns["gained_m"].tolist() == pytest.approx([100])
    assert found.turns["gained_places"].tolist() == [0]
    for options in (
        {"key_sites": site.assign(weight=3.0)},
        {"incidents": site.assign(weight=3.0)},
        {"incidents": points_of([(0, 60), (1, 60), (2, 61)])},
        {"key_sites": site, "terms": Terms(point_m=150.0)},
    ):
        found = reaim(LONG, seeing, **options)
        assert found.turns["worth"].tolist() == pytest.approx([150])
        assert found.turns["gained_places"].tolist() == [found.places]
        assert (found.places_before, found.places_after) == (0, found.places)
    away = reaim(LONG, cameras([(0, 0)], [0.0]), key_sites=site)
    assert (away.places_before, away.places_after) == (1, 0)
    assert away.turns["lost_places"].tolist() == [1]
    assert away.turns["worth"].tolist() == pytest.approx([50])


def test_a_site_that_others_watch_is_no_gain() -> None:
    """Nor one without a place."""
    pair = cameras([(0, 0), (0, 0)], [0.0, 180.0], mandatory=[True, False])
    site = points_of([(0, 60)], weight=[9.0])
    found = reaim(LONG, pair, key_sites=site)
    assert found.turns["gained_m"].tolist() == pytest.approx([100])
    assert (found.places, found.places_before, found.places_after) == (1, 1, 1)
    nowhere = gpd.GeoDataFrame(geometry=[None, shapely.Point()], crs=CRS)
    assert reaim(LONG, pair, key_sites=nowhere).places == 0


def test_a_site_in_a_building_is_watched_before_its_outline() -> None:
    """Nobody sees the point itself."""
    house = gpd.GeoDataFrame(geometry=[box(-10, 50, 10, 70)], crs=CRS)
    seeing = cameras([(0, 0)], [180.0])
    for site in (points_of([(0, 60)], weight=[3.0]), house.assign(weight=3.0)):
        found = reaim(LONG, seeing, house, key_sites=site)
        assert found.turns["gained_places"].tolist() == [1]
        # The view ends 10 cm before the wall: the rim of the site is 20 cm before it.
        short = seeing.assign(range_m=49.9)
        assert reaim(LONG, short, house, key_sites=site).turns["gained_places"].tolist() == [1]


def test_no_gain_is_counted_over_private_ground() -> None:
    """A street in a courtyard counts for nothing, and no camera turns to look into it."""
    streets = streets_of([line((0, 0), (0, 90)), line((0, 0), (50, 0))])
    seeing = cameras([(0, 0)], [180.0])
    assert reaim(streets, seeing).turns["gained_m"].tolist() == pytest.approx([90])
    court = areas_of({"court": box(-60, 10, 60, 100)})
    found = reaim(streets, seeing, residential=court)
    assert found.turns["gained_m"].tolist() == pytest.approx([50])
    assert found.turns["private_after_m2"].le(PRIVATE_M2).all()
    assert found.headings_private > 0
    assert found.private_length_m == pytest.approx(79.5)
    assert found.due_length_m == pytest.approx(60.5)
    site = points_of([(0, 60)], weight=[100.0])
    assert reaim(streets, seeing, key_sites=site, residential=court).places == 0


def test_no_camera_looks_across_private_ground() -> None:
    """50 m of street lie before and behind the courtyard, 45 m in the east."""
    streets = streets_of([line((0, 0), (0, 95)), line((0, 0), (45, 0))])
    court = areas_of({"court": box(-60, 10, 60, 56)})
    found = reaim(streets, cameras([(0, 0)], [180.0]), residential=court)
    assert found.turns["gained_m"].tolist() == pytest.approx([45])
    assert found.turns["to_deg"].tolist() == [90.0]


def test_a_camera_over_private_ground_may_turn_to_see_less_of_it() -> None:
    """What it sees of it today is the most it may see."""
    court = areas_of({"court": box(-60, 10, 60, 100)})
    found = reaim(LONG, cameras([(0, 0)], [0.0]), residential=court)
    (turn,) = found.turns.to_dict("records")
    assert turn["private_before_m2"] > 1000.0
    assert turn["private_after_m2"] < turn["private_before_m2"]
    assert found.after_length_m == pytest.approx(100.0)


def test_a_street_along_the_edge_of_a_courtyard_counts() -> None:
    """Compounds are drawn up to the middle of the street."""
    found = reaim(LONG, cameras([(0, 0)], [90.0]), residential=areas_of({"c": box(-9, 0, 9, 50)}))
    assert found.due_length_m == pytest.approx(400.0)


def test_the_present_heading_is_offered_though_it_is_no_step() -> None:
    """A street that 45 degrees alone see whole is not given up."""
    streets = streets_of([line((0, 0), (70, 70))])
    found = reaim(streets, cameras([(0, 0)], [45.0], fov_deg=[1.0]), step_deg=90.0)
    assert found.turns.empty
    assert found.after_length_m == pytest.approx(70.0 * np.sqrt(2.0))


def test_no_camera_is_turned_for_a_sliver() -> None:
    """Views end some micrometres beyond their edges; that is no street."""
    assert reaim(LONG, cameras([(0, 150)], [180.0])).turns.empty
    touching = streets_of([line((0, 0), (0, 5e-5))])
    assert reaim(touching, cameras([(0, 0)], [180.0])).turns.empty


def test_a_small_turn_is_offered_as_well() -> None:
    """30 degrees on, or 10 back."""
    assert headings(reaim(LONG, cameras([(0, 0)], [60.0]))) == [90.0]
    edge = cameras([(0, 0)], [100.5])
    assert headings(reaim(LONG, edge))[0] in {90.0, 270.0}
    assert headings(reaim(LONG.clip(box(0, -1, 300, 1)), edge)) == [90.0]


def test_only_steps_are_offered() -> None:
    """From north on."""
    wide = cameras([(0, 0), (5, 5)], [10.0, 20.0], fov_deg=[90.0, 90.0])
    assert set(reaim(CROSS, wide, step_deg=120.0).turns["to_deg"]) <= {0.0, 120.0, 240.0}


@settings(max_examples=25)
@given(street_frames, camera_frames(), st.sampled_from([None, 0, 1, 2]), st.integers(0, 3))
def test_no_answer_is_worth_less_than_today(
    streets: gpd.GeoDataFrame, seeing: gpd.GeoDataFrame, changes: int | None, seed: int
) -> None:
    """It is what the coverage of the turned cameras says, and pieces sum to the whole."""
    found = reaim(streets, seeing, changes=changes, step_deg=45.0, seed=seed)
    today, then = (camera_coverage(streets, each) for each in (seeing, found.cameras))
    slack = 1e-6 * (1.0 + today.due_length_m)
    assert found.before_length_m == pytest.approx(today.covered_length_m, abs=slack)
    assert found.after_length_m == pytest.approx(then.covered_length_m, abs=slack)
    assert found.after_length_m >= found.before_length_m - 0.02
    assert found.aim.objective >= found.aim.today
    won = found.gained["length_m"].sum() - found.lost["length_m"].sum()
    # Stretches of less than a millimetre are not listed, and there are few of them.
    assert won == pytest.approx(found.after_length_m - found.before_length_m, abs=0.02)
    turns = found.turns
    each = turns["gained_m"].sum() - turns["lost_m"].sum()
    assert each == pytest.approx(found.after_length_m - found.before_length_m, abs=slack)
    assert changes is None or len(turns) <= changes
    assert len(found.cameras) == len(seeing)


@settings(max_examples=15)
@given(street_frames, camera_frames(), st.integers(0, 3))
def test_doubled_weights_turn_no_camera_another_way(
    streets: gpd.GeoDataFrame, seeing: gpd.GeoDataFrame, seed: int
) -> None:
    """Of streets and places alike."""
    streets["class"] = ["a", "b", "c", "d", "e"][: len(streets)]
    once = {"a": 0.5, "b": 1.0, "c": 3.0, "d": 1.0, "e": 1.0}
    sites = points_of([(0, 0), (100, 100)])
    found = [
        reaim(
            streets, seeing, key_sites=sites, step_deg=60.0, seed=seed,
            terms=Terms(
                class_weights={name: factor * worth for name, worth in once.items()},
                point_m=factor * 30.0,
            ),
        )
        for factor in (1.0, 2.0)
    ]  # fmt: skip
    assert np.array_equal(headings(found[0]), headings(found[1]), equal_nan=True)
    assert found[1].aim.objective == 2.0 * found[0].aim.objective


@settings(max_examples=15)
@given(street_frames, camera_frames(), st.data())
def test_a_mandatory_camera_never_turns(
    streets: gpd.GeoDataFrame, seeing: gpd.GeoDataFrame, data: st.DataObject
) -> None:
    """Whatever the others do."""
    held = data.draw(st.lists(st.booleans(), min_size=len(seeing), max_size=len(seeing)))
    seeing = seeing.assign(mandatory=held, camera_id=np.arange(len(seeing)))
    found = reaim(streets, seeing, step_deg=45.0)
    assert not set(found.turns["camera_id"]) & set(np.flatnonzero(held))


def test_the_turned_cameras_are_those_given() -> None:
    """Every column but the heading is as it was, and nothing given is changed."""
    given_ = cameras([(0, 0), (300, 300)], [0.0, None], kind=["fixed_bullet", None])
    copy = given_.copy()
    found = reaim(LONG, given_)
    assert given_.equals(copy)
    rest = [name for name in given_.columns if name != "azimuth_deg"]
    assert found.cameras[rest].equals(given_[rest])
    assert np.isnan(headings(found)[1])


def test_nothing_to_see_or_to_see_with_is_said_plainly() -> None:
    """No camera, and no street."""
    none = reaim(LONG, cameras([], []))
    assert (none.before_length_m, none.after_length_m, len(none.turns)) == (0.0, 0.0, 0)
    assert none.summary()["turned"] == 0
    bare = reaim(LONG.iloc[:0], cameras([(0, 0)], [0.0]))
    assert bare.turns.empty
    assert bare.summary()["covered_share_after"] is None


def test_the_summary_is_a_proposal_ready_for_json() -> None:
    """Until a person accepts it."""
    found = reaim(LONG, cameras([(0, 0), (0, 0)], [90.0, 90.0]))
    summary = found.summary()
    assert json.loads(json.dumps(summary)) == summary
    assert summary["state"] == found.state == "proposed"
    assert summary["turned"] == 1
    assert summary["crs"] == CRS
    assert summary["covered_share_before"] == pytest.approx(0.25)
    assert summary["covered_share_after"] == pytest.approx(0.5)
    assert summary["gained_length_m"] == pytest.approx(100.0)
    assert {"objective_today", "objective", "bound", "gap", "stopped_by", "seed"} <= set(summary)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"step_deg": 0.0}, InvalidParameterError, "step_deg must be above 0"),
        ({"step_deg": 181.0}, InvalidParameterError, "step_deg must be above 0"),
        ({"changes": -1}, InvalidParameterError, "changes must be"),
        ({"seed": -1}, InvalidParameterError, "seed must be"),
        ({"residential": LONG}, GeometryError, "residential: row 0 is a LineString"),
        ({"key_sites": LONG}, GeometryError, "key_sites: row 0 is a LineString"),
        ({"incidents": LONG}, GeometryError, "incidents: row 0 is a LineString"),
        (
            {"key_sites": points_of([(0, 0)], weight=[-1.0])},
            InvalidParameterError,
            "key_sites: row 0 has weight -1",
        ),
        ({"residential": LONG.to_crs("EPSG:4326")}, CRSError, "residential"),
        ({"key_sites": points_of([(0, 0)]).to_crs("EPSG:4326")}, CRSError, "key_sites"),
    ],
)
def test_what_cannot_be_done_is_refused(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    """By the name of the argument."""
    with pytest.raises(error, match=message):
        reaim(LONG, cameras([(0, 0)], [0.0]), **options)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"point_m": -1.0}, "point_m must be"),
        ({"cost_m": np.nan}, "cost_m must be"),
        ({"class_weights": {"lane": np.inf}}, "class_weights of 'lane' must be"),
        ({"seconds": 0.0}, "seconds must be"),
    ],
)
def test_terms_that_are_no_worth_are_refused(terms: dict[str, Any], message: str) -> None:
    """At once."""
    with pytest.raises(InvalidParameterError, match=message):
        Terms(**terms)


def test_a_camera_outside_what_counts_is_never_turned() -> None:
    """What its neighbours would lose is not known here; it covers as before."""
    within = areas_of({"g": box(0, -50, 200, 50)})
    both = cameras([(20, 0), (-60, 0)], [270.0, 90.0])
    found = reaim(LONG, both, terms=Terms(within=within))
    assert headings(found)[1] == 90.0
    assert found.left_alone.to_numpy().tolist() == [["c1", "outside"]]
    assert found.turns["camera_id"].tolist() == ["c0"]
