"""Post coverage: drawn on paper, against sampling, and the laws it must keep."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate, translate

from geo import (
    CRSError,
    DueRule,
    GeometryError,
    InvalidParameterError,
    PostCoverage,
    post_coverage,
)
from geo.streets import StreetNetwork
from tests.geo.posts.steps import steps_along
from tests.strategies import (
    CRS,
    FEET,
    ORIGIN,
    areas_of,
    box,
    line,
    places,
    point_lists,
    points_of,
    reaches,
    street_frames,
    streets_of,
)


def sampled_gap_m(streets: gpd.GeoDataFrame, posts: gpd.GeoDataFrame, reach_m: float) -> float:
    """Estimate the gap by walking every street in steps of about 0.1 m."""
    total = 0.0
    places_of_posts = shapely.get_coordinates(np.asarray(posts.geometry.array))
    for part in shapely.get_parts(np.asarray(streets.geometry.array)):
        n = int(part.length / 0.1) + 1
        at = (np.arange(n) + 0.5) * part.length / n
        xy = shapely.get_coordinates(shapely.line_interpolate_point(part, at))
        nearest = np.min(
            np.hypot(*(xy[:, None] - places_of_posts).transpose(2, 0, 1)), axis=1, initial=np.inf
        )
        total += float((nearest > reach_m).mean() * part.length)
    return total


def test_post_in_the_middle_leaves_both_ends() -> None:
    """300 m of street, a post at 150 m: 100 m are left on either side."""
    result = post_coverage(streets_of([line((0, 0), (300, 0))]), points_of([(150, 0)]))
    assert result.gaps["length_m"].tolist() == pytest.approx([100.0, 100.0], abs=1e-9)
    assert result.gaps["start_m"].tolist() == pytest.approx([0.0, 200.0], abs=1e-9)
    assert result.gaps["end_m"].tolist() == pytest.approx([100.0, 300.0], abs=1e-9)
    assert result.covered["length_m"].tolist() == pytest.approx([100.0], abs=1e-9)
    assert result.covered_share == pytest.approx(1 / 3)


def test_a_post_beside_the_street_covers_the_chord() -> None:
    """30 m off with a reach of 50 m: 40 m to either side (3-4-5)."""
    result = post_coverage(streets_of([line((0, 0), (300, 0))]), points_of([(150, 30)]))
    assert result.covered[["start_m", "end_m"]].to_numpy().tolist() == [
        pytest.approx([110.0, 190.0], abs=1e-9)
    ]


def test_a_stretch_at_exactly_the_reach_is_covered() -> None:
    """Posts 100 m apart with 50 m of reach leave no gap between them."""
    result = post_coverage(
        streets_of([line((0, 0), (200, 0))]), points_of([(0, 0), (100, 0), (200, 0)])
    )
    assert result.gaps.empty
    assert result.covered_share == 1.0


def test_a_gap_runs_round_the_corner() -> None:
    """One row across the vertices of a street, with the corner in its geometry."""
    result = post_coverage(
        streets_of([line((0, 0), (100, 0), (100, 100))]), points_of([(0, 0)]), reach_m=30
    )
    assert result.gaps["length_m"].tolist() == pytest.approx([170.0])
    assert shapely.get_num_coordinates(result.gaps.geometry.iloc[0]) == 3
    assert result.gaps.geometry.length.tolist() == pytest.approx([170.0])


def test_repeated_vertices_change_nothing() -> None:
    """Digitised twice, measured once, drawn once."""
    doubled = streets_of([line((0, 0), (0, 0), (100, 0), (100, 0), (100, 0), (300, 0), (300, 0))])
    result = post_coverage(doubled, points_of([(50, 0)]))
    assert result.gaps[["start_m", "end_m"]].to_numpy().tolist() == [[100.0, 300.0]]
    assert shapely.get_num_coordinates(result.gaps.geometry.iloc[0]) == 2


def test_parts_of_a_multi_line_are_measured_one_after_the_other() -> None:
    """Two parts of 100 m: the second begins at 100 m, whatever the jump; gaps do not join."""
    street = shapely.MultiLineString([line((0, 0), (100, 0)), line((500, 0), (600, 0))])
    result = post_coverage(streets_of([street]), points_of([]))
    assert result.gaps[["start_m", "end_m"]].to_numpy().tolist() == [[0.0, 100.0], [100.0, 200.0]]


def test_heights_are_left_out() -> None:
    """A street with Z is as long as its plan."""
    flat = shapely.force_3d(line((0, 0), (300, 0)), 50.0)
    steep = shapely.LineString([(ORIGIN[0], ORIGIN[1], 0), (ORIGIN[0] + 300, ORIGIN[1], 400)])
    for street in (flat, steep):
        result = post_coverage(streets_of([street]), points_of([(150, 0)]))
        assert result.summary()["street_length_m"] == pytest.approx(300.0)
        assert result.gap_length_m == pytest.approx(200.0)
        assert not result.gaps.geometry.has_z.any()


def test_summary_has_the_keys_of_record() -> None:
    """The keys that other programs read."""
    summary = post_coverage(streets_of([line((0, 0), (300, 0))]), points_of([(150, 0)])).summary()
    assert summary["streets"] == summary["posts"] == 1
    assert summary["street_length_m"] == summary["due_length_m"] == pytest.approx(300.0)
    assert summary["covered_length_m"] == pytest.approx(100.0)
    assert summary["gap_length_m"] == pytest.approx(200.0)
    assert summary["covered_share"] == pytest.approx(1 / 3)
    assert (summary["crs"], summary["reach_m"], summary["distance"]) == (CRS, 50.0, "straight")


@given(street_frames, point_lists, reaches)
def test_agrees_with_walking_the_streets(
    streets: gpd.GeoDataFrame, posts: list, reach_m: float
) -> None:
    """An oracle that knows no intervals, to its own error of a step per end of a stretch."""
    frame = points_of(posts)
    result = post_coverage(streets, frame, reach_m=reach_m)
    ends = 2 * (len(result.gaps) + len(result.covered)) + len(streets)
    expected = sampled_gap_m(streets, frame, reach_m)
    assert result.gap_length_m == pytest.approx(expected, abs=0.1 * ends + 1e-6)


@given(street_frames, point_lists, reaches)
def test_no_gap_lies_within_reach_and_every_covered_stretch_does(
    streets: gpd.GeoDataFrame, posts: list, reach_m: float
) -> None:
    """Distances of whole gaps; and of the middle and ends of covered stretches."""
    frame = points_of(posts)
    result = post_coverage(streets, frame, reach_m=reach_m)
    for post in frame.geometry:
        assert (result.gaps.distance(post) >= reach_m - 1e-6).all()
    for stretch in result.covered.geometry:
        for at in (0.0, 0.3, 0.5, 1.0):
            point = stretch.interpolate(at, normalized=True)
            assert frame.distance(point).min() <= reach_m + 1e-6


@given(street_frames, point_lists, reaches)
def test_gaps_and_covered_pieces_add_up_to_the_street(
    streets: gpd.GeoDataFrame, posts: list, reach_m: float
) -> None:
    """Each street, by its own rows and by their geometry."""
    result = post_coverage(streets, points_of(posts), reach_m=reach_m)
    for pieces in (result.gaps, result.covered):
        assert pieces.geometry.length.to_numpy() == pytest.approx(
            pieces["length_m"].to_numpy(), abs=1e-6
        )
    both = (
        result.gaps.groupby("street_id")["length_m"]
        .sum()
        .add(result.covered.groupby("street_id")["length_m"].sum(), fill_value=0.0)
    )
    lengths = both.reindex(streets["street_id"], fill_value=0.0)
    assert lengths.to_numpy() == pytest.approx(streets.length.to_numpy(), abs=1e-5)


@given(street_frames, point_lists, places, reaches)
def test_another_post_never_adds_gap(
    streets: gpd.GeoDataFrame, posts: list, extra: tuple[float, float], reach_m: float
) -> None:
    """Monotone in the posts."""
    before = post_coverage(streets, points_of(posts), reach_m=reach_m)
    after = post_coverage(streets, points_of([*posts, extra]), reach_m=reach_m)
    assert after.gap_length_m <= before.gap_length_m + 1e-6


@given(street_frames, point_lists, reaches, st.floats(0, 360), places)
def test_turning_and_shifting_the_scene_changes_nothing(
    streets: gpd.GeoDataFrame,
    posts: list,
    reach_m: float,
    angle: float,
    shift: tuple[float, float],
) -> None:
    """The covered length is a matter of the scene, not of its axes."""
    frame = points_of(posts)
    before = post_coverage(streets, frame, reach_m=reach_m)

    def moved(geometry: shapely.Geometry) -> shapely.Geometry:
        return translate(rotate(geometry, angle, origin=ORIGIN), *shift)

    after = post_coverage(
        streets.set_geometry(streets.geometry.map(moved)),
        frame.set_geometry(gpd.GeoSeries([moved(p) for p in frame.geometry], crs=CRS)),
        reach_m=reach_m,
    )
    assert after.gap_length_m == pytest.approx(before.gap_length_m, abs=2e-3)


@given(street_frames, point_lists, reaches, st.randoms())
def test_order_of_rows_changes_nothing(
    streets: gpd.GeoDataFrame, posts: list, reach_m: float, random: "st.Random"
) -> None:
    """To the last bit, gap by gap."""
    before = post_coverage(streets, points_of(posts), reach_m=reach_m).gaps
    rows = random.sample(range(len(streets)), len(streets))
    shuffled = random.sample(posts, len(posts))
    after = post_coverage(streets.iloc[rows], points_of(shuffled), reach_m=reach_m).gaps
    columns = ["street_id", "start_m", "end_m"]
    assert after[columns].sort_values(columns).to_numpy().tolist() == (
        before[columns].sort_values(columns).to_numpy().tolist()
    )


def test_input_frames_are_not_changed() -> None:
    """Whatever their index."""
    streets = streets_of([line((0, 0), (300, 0))]).set_index(np.array([7]))
    posts = points_of([(150, 0)]).set_index(np.array([9]))
    copies = streets.copy(), posts.copy()
    result = post_coverage(streets, posts)
    assert streets.equals(copies[0])
    assert posts.equals(copies[1])
    assert result.gaps["street_id"].tolist() == [0, 0]


def test_streets_without_ids_are_numbered_from_0() -> None:
    """And ids that are texts stay texts."""
    lines = [line((0, 0), (10, 0)), line((0, 5), (10, 5))]
    unnamed = streets_of(lines).drop(columns="street_id")
    assert post_coverage(unnamed, points_of([])).gaps["street_id"].tolist() == [0, 1]
    named = streets_of(lines, street_id=["001", "002"])
    assert post_coverage(named, points_of([])).gaps["street_id"].tolist() == ["001", "002"]


def test_no_streets_have_no_share_and_no_posts_cover_nothing() -> None:
    """A share without a denominator is None, never 0 or 1."""
    assert post_coverage(streets_of([]), points_of([(0, 0)])).summary()["covered_share"] is None
    assert post_coverage(streets_of([line((0, 0), (9, 0))]), points_of([])).covered_share == 0.0


def test_rows_without_a_place_are_passed_over() -> None:
    """Missing and empty geometry holds no street and is no post."""
    streets = streets_of([line((0, 0), (300, 0)), None, shapely.LineString()])
    posts = points_of([(150, 0)])
    posts = gpd.GeoDataFrame(geometry=[*posts.geometry, None, shapely.Point()], crs=CRS)
    result = post_coverage(streets, posts)
    assert result.gap_length_m == pytest.approx(200.0)
    assert result.summary()["streets"] == 3


def test_a_street_without_length_is_no_street() -> None:
    """Two equal points: nothing due, nothing divided by zero."""
    assert post_coverage(streets_of([line((5, 5), (5, 5))]), points_of([])).covered_share is None


def test_excluded_streets_are_not_due_and_their_length_is_given() -> None:
    """Tunnels and motorways are out by default; with the rule turned they are in."""
    streets = streets_of(
        [line((0, 0), (100, 0)), line((0, 9), (70, 9)), line((0, 20), (30, 20))],
        **{"class": ["residential", "residential", "motorway"], "tunnel": [None, "yes", "no"]},
    )
    summary = post_coverage(streets, points_of([])).summary()
    assert summary["due_length_m"] == summary["gap_length_m"] == pytest.approx(100.0)
    assert summary["street_length_m"] == pytest.approx(200.0)
    assert summary["excluded_by_reason_m"] == pytest.approx({"motorway": 30.0, "tunnel": 70.0})
    everything = DueRule(tunnels=True, motorways=True)
    assert post_coverage(streets, points_of([]), due=everything).due_length_m == pytest.approx(
        200.0
    )


def test_within_keeps_to_the_areas_and_posts_outside_still_cover() -> None:
    """300 m of street, 100 m of it inside; a post 20 m outside covers 30 m of that."""
    areas = areas_of({"a": box(100, -50, 200, 50)})
    result = post_coverage(streets_of([line((0, 0), (300, 0))]), points_of([(80, 0)]), within=areas)
    assert result.due_length_m == pytest.approx(100.0, abs=1e-6)
    assert result.covered_length_m == pytest.approx(30.0, abs=1e-6)
    assert result.summary()["excluded_by_reason_m"] == pytest.approx({"outside": 200.0})


@pytest.mark.parametrize("reach_m", [0.0, -1.0, float("nan"), float("inf")])
def test_a_reach_that_is_no_reach_is_refused(reach_m: float) -> None:
    """Zero, negative, not a number, endless."""
    with pytest.raises(InvalidParameterError, match="reach_m must be a number of metres above 0"):
        post_coverage(streets_of([]), points_of([]), reach_m=reach_m)


def test_an_unknown_distance_is_refused() -> None:
    """The message says what there is."""
    with pytest.raises(InvalidParameterError, match="use one of straight, street"):
        post_coverage(streets_of([]), points_of([]), distance="crow")


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:3857", FEET])
def test_a_crs_without_metres_is_refused(crs: str) -> None:
    """The guard stands in front of the function."""
    streets = streets_of([line((0, 0), (300, 0))]).to_crs(crs)
    with pytest.raises(CRSError, match=r"streets: .* first"):
        post_coverage(streets, points_of([(0, 0)]).to_crs(crs))


def test_the_wrong_kind_of_geometry_is_named_with_its_row() -> None:
    """Arguments swapped, or a polygon among the streets."""
    streets, posts = streets_of([line((0, 0), (300, 0)), box(0, 0, 1, 1)]), points_of([(0, 0)])
    with pytest.raises(GeometryError, match=r"streets: row 1 is a Polygon and 1 of 2 rows"):
        post_coverage(streets, posts)
    with pytest.raises(GeometryError, match=r"posts: row 0 is a LineString"):
        post_coverage(streets.iloc[:1], streets.iloc[:1])


def along(streets: gpd.GeoDataFrame, posts: gpd.GeoDataFrame, **options: float) -> PostCoverage:
    """Cover along the street."""
    return post_coverage(streets, posts, distance="street", **options)


def test_along_the_street_a_post_sees_round_the_corner_by_the_way_it_takes() -> None:
    """30 m before a crossing with a reach of 50: 20 m into every arm."""
    streets = streets_of([line((0, 0), (100, 0)), line((60, -50), (60, 50))])
    result = along(streets, points_of([(30, 0)]))
    assert result.covered[["street_id", "start_m", "end_m"]].to_numpy().tolist() == [
        [0, pytest.approx(0.0), pytest.approx(80.0)],
        [1, pytest.approx(30.0), pytest.approx(70.0)],
    ]


def test_a_post_across_the_river_covers_nothing_on_this_side() -> None:
    """Two banks 40 m apart, joined by a bridge 300 m away."""
    streets = streets_of(
        [line((0, 0), (400, 0)), line((0, 40), (400, 40)), line((400, 0), (400, 40))],
        bridge=[None, None, "yes"],
    )
    posts = points_of([(100, 40)])
    result = along(streets, posts)
    assert result.covered["street_id"].tolist() == [1]
    assert result.covered_length_m == pytest.approx(100.0)
    assert result.straight.covered["street_id"].tolist() == [0, 1]
    assert result.straight_to_street_ratio == pytest.approx(1.6)
    near_bridge = along(streets, points_of([(390, 40)]))
    assert near_bridge.covered_length_m == pytest.approx(50 + 10 + 40)


def test_the_way_from_the_post_to_the_street_counts() -> None:
    """A post 10 m off the middle of the street covers 10 m less to either side."""
    result = along(streets_of([line((0, 0), (300, 0))]), points_of([(150, 10)]))
    assert result.covered_length_m == pytest.approx(80.0)


def test_posts_off_the_network_are_listed_and_cover_nothing() -> None:
    """Beyond the reach of a post, or of what may be called beside the street."""
    streets = streets_of([line((0, 0), (300, 0))])
    posts = points_of([(150, 0), (150, 60), (0, 35)], post_id=["a", "b", "c"])
    result = along(streets, posts, reach_m=100.0)
    assert result.off_network["post_id"].tolist() == ["b"]
    assert result.off_network["offset_m"].tolist() == pytest.approx([60.0])
    assert along(streets, posts, reach_m=30.0).off_network["post_id"].tolist() == ["b", "c"]
    assert result.summary()["posts_off_network"] == 1
    assert len(post_coverage(streets, posts).off_network) == 0


def test_a_post_that_nobody_staffs_covers_nothing() -> None:
    """An unknown number is not nobody."""
    streets = streets_of([line((0, 0), (300, 0))])
    posts = points_of([(50, 0), (150, 0), (250, 0)], staff=[0, None, 2])
    for distance in ("straight", "street"):
        result = post_coverage(streets, posts, distance=distance)
        assert result.covered_length_m == pytest.approx(200.0)


def test_both_distances_stand_side_by_side_in_the_summary() -> None:
    """Street first, straight beside it, and how often it counts too much."""
    streets = streets_of([line((0, 0), (300, 0)), line((0, 20), (300, 20))])
    summary = along(streets, points_of([(150, 0)])).summary()
    assert summary["distance"] == "street"
    assert summary["covered_length_m"] == pytest.approx(100.0)
    straight_m = 100.0 + 2 * np.sqrt(50**2 - 20**2)
    assert summary["straight_covered_length_m"] == pytest.approx(straight_m)
    assert summary["straight_covered_share"] == pytest.approx(straight_m / 600.0)
    assert summary["straight_to_street_ratio"] == pytest.approx(straight_m / 100.0)
    assert along(streets, points_of([])).summary()["straight_to_street_ratio"] is None
    assert "straight_to_street_ratio" not in post_coverage(streets, points_of([])).summary()


@given(streets=street_frames, at=point_lists, reach_m=reaches)
def test_straight_coverage_is_never_smaller(
    streets: gpd.GeoDataFrame, at: list[tuple[float, float]], reach_m: float
) -> None:
    """What is near along the street is near; joints may be shorter by a centimetre each."""
    result = along(streets, points_of(at), reach_m=reach_m)
    assert result.covered_length_m <= result.straight.covered_length_m + 0.5


@settings(max_examples=30)
@given(streets=street_frames, at=point_lists, reach_m=reaches)
def test_the_closed_form_is_what_a_walk_in_small_steps_finds(
    streets: gpd.GeoDataFrame, at: list[tuple[float, float]], reach_m: float
) -> None:
    """Every step is asked how far it is from the nearest post, way to the street included."""
    posts, step_m = points_of(at), 1.0
    result = along(streets, posts, reach_m=reach_m)
    network = StreetNetwork.from_frame(streets)
    here, length = steps_along(network, step_m)
    places_ = network.snap(posts, max_m=min(50.0, reach_m))
    apart = network.distances(places_, here) + places_.offset_m[:, None]
    near = np.min(apart, axis=0, initial=np.inf) <= reach_m
    changes = 2 * len(network.part) + 4 * len(at)
    assert result.covered_length_m == pytest.approx(length[near].sum(), abs=step_m * changes)
