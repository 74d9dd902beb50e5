"""Spacing of posts: the published rule on paper streets, and the laws it must keep."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import CRSError, DueRule, InvalidParameterError
from geo.posts import post_spacing
from geo.streets import StreetNetwork
from tests.geo.posts.steps import steps_along
from tests.strategies import areas_of, box, line, point_lists, points_of, street_frames, streets_of

if TYPE_CHECKING:
    import geopandas as gpd

LONG = line((0, 0), (466 * 75, 0))


def row_of_posts(moved: dict[int, float] | None = None, **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Return 466 posts every 75 m, the first 37.5 m in; some moved along."""
    at = [37.5 + 75.0 * k + (moved or {}).get(k, 0.0) for k in range(466)]
    return points_of([(x, 0.0) for x in at], post_id=[f"G{k}" for k in range(466)], **columns)


def test_466_posts_every_75_metres_keep_the_rule() -> None:
    """Whatever lies between them, and the 37.5 m before the first and after the last."""
    result = post_spacing(streets_of([LONG]), row_of_posts())
    assert result.summary() | {"crs": ""} == {
        "crowded_pairs": 0, "opposite_pairs": 0, "neighbour_pairs": 465,
        "mean_spacing_m": pytest.approx(75.0, abs=1e-9), "spacing_gaps": 0,
        "spacing_gap_length_m": 0.0, "worst_gap_m": None, "gaps_at_ends": 0,
        "gaps_without_post": 0, "gaps_without_post_length_m": 0.0, "posts_unstaffed": 0,
        "posts_off_network": 0, "posts_duplicated": 0, "areas_risk_unknown": 0, "posts": 466,
        "due_length_m": pytest.approx(34_950.0), "crs": "",
    }  # fmt: skip


def test_one_post_moved_40_metres_breaks_it_on_both_sides() -> None:
    """115 m behind it, 35 m before it."""
    result = post_spacing(streets_of([LONG]), row_of_posts({200: 40.0}))
    assert len(result.gaps) == 1
    gap = result.gaps.iloc[0]
    assert gap["spacing_m"] == pytest.approx(115.0, abs=1e-6)
    assert gap["length_m"] == pytest.approx(15.0, abs=1e-6)
    assert not gap["at_end"]
    assert result.worst_gap_m == pytest.approx(115.0, abs=1e-6)
    assert len(result.crowded) == 1
    pair = result.crowded.iloc[0]
    assert pair["spacing_m"] == pytest.approx(35.0, abs=1e-6)
    assert [pair["post_id"], pair["neighbour_id"]] == ["G200", "G201"]
    assert result.mean_spacing_m == pytest.approx(75.0, abs=1e-9)


def test_80_metres_fail_in_a_grid_of_high_risk_and_pass_in_one_of_low() -> None:
    """The same posts, three grids; medium allows 75."""
    streets = streets_of([line((0, 0), (240, 0))])
    posts = points_of([(40, 0), (120, 0), (200, 0)])
    for risk, gaps in {"high": 4, "medium": 4, "low": 0, "高": 4, None: 0}.items():
        areas = areas_of({"A": box(-10, -10, 300, 10)}).assign(risk=[risk])
        assert len(post_spacing(streets, posts, areas=areas).gaps) == gaps, risk


def test_each_metre_has_the_limit_of_its_own_grid() -> None:
    """The border cuts a gap of 80 m: only its half in the high-risk grid is too far."""
    streets = streets_of([line((0, 0), (240, 0))])
    posts = points_of([(40, 0), (120, 0), (200, 0)])
    areas = areas_of({"A": box(-10, -10, 80, 10), "B": box(80, -10, 300, 10)})
    result = post_spacing(streets, posts, areas=areas.assign(risk=["high", "low"]))
    assert result.gaps["length_m"].tolist() == pytest.approx([15.0, 15.0], abs=0.5)
    assert result.gaps["max_m"].tolist() == [50.0, 50.0]
    assert result.gaps["spacing_m"].max() == pytest.approx(80.0, abs=1.0)
    assert result.gaps["at_end"].tolist().count(True) == 1


def test_a_gap_over_a_border_between_limits_is_one_gap() -> None:
    """Two limits, one connected piece."""
    streets = streets_of([line((0, 0), (400, 0))])
    areas = areas_of({"A": box(-10, -10, 200, 10), "B": box(200, -10, 500, 10)})
    result = post_spacing(
        streets, points_of([(0, 0), (400, 0)]), areas=areas.assign(risk=["high", "low"])
    )
    assert len(result.gaps) == 1
    assert result.gaps["length_m"].iloc[0] == pytest.approx(175.0 + 150.0, abs=1e-6)
    assert result.gaps["max_m"].iloc[0] == 50.0
    assert result.worst_gap_m == pytest.approx(400.0)


def test_a_junction_with_posts_20_90_and_90_metres_off_has_two_gaps() -> None:
    """The post at 20 m is the nearest of both far arms."""
    streets = streets_of([line((-20, 0), (90, 0)), line((0, 0), (0, 90))])
    result = post_spacing(streets, points_of([(-20, 0), (90, 0), (0, 90)]), max_m=100.0)
    assert len(result.gaps) == 2
    assert result.gaps["spacing_m"].tolist() == pytest.approx([110.0, 110.0])
    assert result.gaps["length_m"].tolist() == pytest.approx([10.0, 10.0])
    assert sorted(result.spacings["spacing_m"]) == pytest.approx([110.0, 110.0])


def test_a_crossing_with_one_post_moved_away_has_one_gap() -> None:
    """Four posts 40 m off; one moved to 80 m."""
    arms = [line((-90, 0), (40, 0)), line((0, -40), (0, 40))]
    before = post_spacing(streets_of(arms), points_of([(-40, 0), (40, 0), (0, -40), (0, 40)]))
    assert len(before.gaps) == 0
    after = post_spacing(streets_of(arms), points_of([(-80, 0), (40, 0), (0, -40), (0, 40)]))
    assert len(after.gaps) == 1
    assert after.worst_gap_m == pytest.approx(120.0)


def test_four_posts_round_a_crossing_are_six_pairs() -> None:
    """All four cells touch in the middle."""
    arms = [line((-40, 0), (40, 0)), line((0, -40), (0, 40))]
    pairs = post_spacing(
        streets_of(arms), points_of([(-40, 0), (40, 0), (0, -40), (0, 40)])
    ).spacings
    assert len(pairs) == 6
    assert pairs["spacing_m"].tolist() == pytest.approx([80.0] * 6)


def test_posts_that_are_equally_near_stay_neighbours_further_on() -> None:
    """Two posts on either arm of a T, a third down its stem: it has both for neighbours."""
    streets = streets_of([line((-30, 0), (30, 0)), line((0, 0), (0, -100))])
    pairs = post_spacing(streets, points_of([(-30, 0), (30, 0), (0, -100)])).spacings
    assert pairs[["post_id", "neighbour_id"]].to_numpy().tolist() == [[0, 1], [0, 2], [1, 2]]
    assert pairs["spacing_m"].tolist() == pytest.approx([60.0, 130.0, 130.0])


def test_a_gap_over_several_streets_is_one_row_that_names_them() -> None:
    """Between two posts lie three streets and a blind lane."""
    streets = streets_of(
        [line((0, 0), (100, 0)), line((100, 0), (200, 0)), line((200, 0), (300, 0)),
         line((150, 0), (150, 60))],
        street_id=["a", "b", "c", "d"],
    )  # fmt: skip
    result = post_spacing(streets, points_of([(0, 0), (300, 0)]))
    assert len(result.gaps) == 1
    gap = result.gaps.iloc[0]
    assert gap["street_ids"] == "a,b,c,d"
    assert gap["length_m"] == pytest.approx(50 + 100 + 50 + 60)
    assert gap["spacing_m"] == pytest.approx(2 * 210.0)
    assert gap["at_end"]
    assert gap.geometry.length == pytest.approx(260.0)


def test_a_piece_of_the_network_without_a_post_is_endlessly_far() -> None:
    """It is counted apart, and does not hide the worst gap that has a length."""
    streets = streets_of([line((0, 0), (130, 0)), line((500, 0), (540, 0))])
    result = post_spacing(streets, points_of([(0, 0), (130, 0)]))
    assert result.gaps["spacing_m"].tolist() == [np.inf, pytest.approx(130.0)]
    summary = result.summary()
    assert summary["gaps_without_post"] == 1
    assert summary["gaps_without_post_length_m"] == pytest.approx(40.0)
    assert summary["worst_gap_m"] == pytest.approx(130.0)


def test_without_any_post_no_figure_is_invented() -> None:
    """Everything is a gap, how wide nobody can say."""
    summary = post_spacing(streets_of([line((0, 0), (130, 0))]), points_of([])).summary()
    assert summary["worst_gap_m"] is None
    assert summary["mean_spacing_m"] is None
    assert summary["spacing_gap_length_m"] == pytest.approx(130.0)
    nothing = post_spacing(streets_of([]), points_of([(0, 0)])).summary()
    assert nothing["spacing_gaps"] == 0
    assert nothing["posts_off_network"] == 1


def test_posts_that_are_never_there_together_do_not_crowd() -> None:
    """One by day, one by night, one always."""
    streets = streets_of([line((0, 0), (100, 0))])
    hours = ["08:00-20:00", "20:00-08:00", "全天"]
    posts = points_of([(30, 0), (50, 0), (70, 0)], hours=hours)
    crowded = post_spacing(streets, posts).crowded
    assert crowded[["post_id", "neighbour_id"]].to_numpy().tolist() == [[1, 2]]


def test_mobile_posts_do_not_crowd() -> None:
    """They go where they are needed."""
    streets = streets_of([line((0, 0), (100, 0))])
    posts = points_of([(30, 0), (50, 0), (70, 0)], mobility=["固定", "流动", "fixed"])
    result = post_spacing(streets, posts)
    assert len(result.crowded) == 0
    assert result.spacings["fixed"].tolist() == [False, False]


def test_opposite_kerbs_of_a_wide_road_are_listed_apart() -> None:
    """Two posts face each other over 30 m; two on one side of it crowd."""
    streets = streets_of([line((0, 0), (200, 0))])
    facing = post_spacing(streets, points_of([(100, 15), (110, -15)]))
    assert [len(facing.crowded), len(facing.opposite)] == [0, 1]
    same = post_spacing(streets, points_of([(100, 15), (110, 15)]))
    assert [len(same.crowded), len(same.opposite)] == [1, 0]
    lane = post_spacing(streets, points_of([(100, 3), (110, -3)]))
    assert [len(lane.crowded), len(lane.opposite)] == [1, 0]


def test_posts_that_cannot_count_are_listed() -> None:
    """Nobody there, off the streets, written twice."""
    streets = streets_of([line((0, 0), (200, 0))])
    posts = points_of(
        [(0, 0), (100, 0), (200, 0), (200, 0), (100, 80)],
        post_id=["a", "b", "c", "d", "e"],
        staff=[2, 0, None, 1, 1],
    )
    result = post_spacing(streets, posts)
    assert result.unstaffed["post_id"].tolist() == ["b"]
    assert result.off_network["post_id"].tolist() == ["e"]
    assert result.off_network["offset_m"].tolist() == pytest.approx([80.0])
    assert result.duplicated["post_id"].tolist() == ["c", "d"]
    assert result.worst_gap_m == pytest.approx(200.0)
    assert sorted(result.spacings["spacing_m"]) == pytest.approx([0.0, 200.0, 200.0])


def test_only_due_streets_have_gaps_but_one_may_walk_over_others() -> None:
    """The way from the post leads through a tunnel that need not be watched."""
    streets = streets_of(
        [line((0, 0), (100, 0)), line((100, 0), (130, 0)), line((130, 0), (230, 0))],
        tunnel=[None, "yes", None],
    )
    posts = points_of([(90, 0)])
    result = post_spacing(streets, posts)
    assert result.due_length_m == pytest.approx(200.0)
    assert sorted(result.gaps["length_m"]) == pytest.approx([40.0, 90.0])
    assert sorted(result.gaps["spacing_m"]) == pytest.approx([180.0, 280.0])
    all_due = post_spacing(streets, posts, due=DueRule(tunnels=True))
    assert all_due.due_length_m == pytest.approx(230.0)


def test_areas_to_keep_to_leave_the_rest_out() -> None:
    """Posts outside count, streets outside do not."""
    streets = streets_of([line((0, 0), (400, 0))])
    within = areas_of({"A": box(0, -10, 200, 10)})
    result = post_spacing(streets, points_of([(210, 0)]), within=within)
    assert result.gaps["length_m"].tolist() == pytest.approx([160.0])
    pairs = post_spacing(streets, points_of([(150, 0), (240, 0), (300, 0)]), within=within)
    assert pairs.spacings[["post_id", "neighbour_id"]].to_numpy().tolist() == [[0, 1]]


@pytest.mark.parametrize("pair", [(50.0, 50.0), (100.0, 50.0), (-1.0, 50.0), (50.0, np.inf),
                                  (float("nan"), 50.0)])  # fmt: skip
def test_limits_that_are_no_range_are_refused(pair: tuple[float, float]) -> None:
    """The least must be below the greatest, for every risk."""
    with pytest.raises(InvalidParameterError, match="the least spacing must be"):
        post_spacing(streets_of([]), points_of([]), min_m=pair[0], max_m=pair[1])
    with pytest.raises(InvalidParameterError, match="high: from"):
        post_spacing(streets_of([]), points_of([]), by_risk={"high": pair})


def test_areas_whose_risk_has_no_limits_are_listed() -> None:
    """A word that no class bears: the limits for everywhere hold there; no word is none."""
    areas = areas_of({"A": box(-10, -10, 125, 10), "B": box(125, -10, 300, 10)})
    posts = points_of([(40, 0), (120, 0), (200, 0)])
    result = post_spacing(
        streets_of([line((0, 0), (240, 0))]), posts, areas=areas.assign(risk=["severe", None]),
        max_m=70.0,
    )  # fmt: skip
    assert result.unknown_risk["area_id"].tolist() == ["A"]
    assert result.summary()["areas_risk_unknown"] == 1
    assert result.gaps["max_m"].tolist() == [70.0] * 4


def test_a_crs_without_metres_is_refused() -> None:
    """The guard stands in front of the function."""
    streets = streets_of([line((0, 0), (300, 0))])
    with pytest.raises(CRSError, match="posts: "):
        post_spacing(streets, points_of([(0, 0)]).to_crs(4326))


def walked(
    streets: gpd.GeoDataFrame, posts: gpd.GeoDataFrame, step_m: float
) -> tuple[np.ndarray, np.ndarray]:
    """Walk the streets in steps: distance from the nearest post, and length of each step."""
    network = StreetNetwork.from_frame(streets)
    here, length = steps_along(network, step_m)
    apart = network.distances(network.snap(posts), here)
    return np.min(apart, axis=0, initial=np.inf), length


@settings(max_examples=40)
@given(streets=street_frames, at=point_lists)
def test_gaps_are_what_a_walk_in_small_steps_finds(
    streets: gpd.GeoDataFrame, at: list[tuple[float, float]]
) -> None:
    """Length and worst distance, to within the steps."""
    posts, step_m = points_of(at), 2.0
    result = post_spacing(streets, posts, min_m=10.0, max_m=60.0)
    far, length = walked(streets, posts, step_m)
    changes = 2 * len(StreetNetwork.from_frame(streets).part) + 4 * len(at)
    assert result.gaps["length_m"].sum() == pytest.approx(
        length[far > 30.0].sum(), abs=step_m * changes
    )
    if result.worst_gap_m is not None and (far[np.isfinite(far)] > 30.0).any():
        assert result.worst_gap_m == pytest.approx(2 * far[np.isfinite(far)].max(), abs=2 * step_m)


@settings(max_examples=40)
@given(streets=street_frames, at=point_lists, max_m=st.floats(20.0, 400.0))
def test_another_post_never_makes_more_of_a_gap(
    streets: gpd.GeoDataFrame, at: list[tuple[float, float]], max_m: float
) -> None:
    """Nor does the order of the posts or of the streets matter."""
    all_posts = post_spacing(streets, points_of(at), min_m=1.0, max_m=max_m)
    fewer = post_spacing(streets, points_of(at[:-1]), min_m=1.0, max_m=max_m)
    turned = post_spacing(streets.iloc[::-1], points_of(at[::-1]), min_m=1.0, max_m=max_m)
    assert all_posts.gaps["length_m"].sum() <= fewer.gaps["length_m"].sum() + 1e-6
    assert turned.gaps["length_m"].sum() == pytest.approx(
        all_posts.gaps["length_m"].sum(), abs=1e-6
    )
    assert len(turned.gaps) == len(all_posts.gaps)


def test_neighbours_are_those_of_a_search_without_the_other_posts() -> None:
    """On a lattice of streets: two posts are neighbours when no third is nearer to the middle."""
    rng = np.random.default_rng(20261122)
    lattice = [line((x, 0), (x, 400)) for x in range(0, 401, 100)]
    lattice += [line((0, y), (400, y)) for y in range(0, 401, 100)]
    streets = streets_of(lattice)
    at = [(float(x), float(100 * rng.integers(0, 5))) for x in rng.uniform(0, 400, 8)]
    pairs = post_spacing(streets, points_of(at)).spacings
    network = StreetNetwork.from_frame(streets)
    places = network.snap(points_of(at))
    apart = network.distances(places, places)
    found = {(a, b): m for a, b, m in pairs[["post_id", "neighbour_id", "spacing_m"]].to_numpy()}
    for (a, b), spacing_m in found.items():
        assert spacing_m >= apart[int(a), int(b)] - 1e-6
    nearest = {frozenset((a, int(np.argsort(apart[a])[1]))) for a in range(len(at))}
    assert nearest <= {frozenset(map(int, pair)) for pair in found}
    assert len(found) < len(list(itertools.combinations(at, 2)))
