"""Proposals of posts: drawn on paper, by enumeration, and recomputed from the posts proposed."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import InvalidParameterError, post_coverage
from geo.noding import JOIN_M
from geo.posts.proposals import PostProposal, propose_posts
from geo.posts.value import post_value
from geo.posts.wish import Wish
from tests.strategies import areas_of, box, line, point_lists, points_of, street_frames, streets_of

STREET = streets_of([line((0, 0), (400, 0))])


def after(result: PostProposal, posts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Carry the changes out."""
    rows = result.changes
    gone = set(rows.loc[rows["action"] != "add", "post_id"])
    stay = posts[np.array([i not in gone for i in posts.get("post_id", posts.index)], dtype=bool)]
    return pd.concat((stay[["geometry"]], result.sites[["geometry"]]), ignore_index=True)


def test_full_coverage_of_400_metres_takes_four_posts() -> None:
    """Each covers 100 m; that fewer cannot do it is proven."""
    result = propose_posts(STREET, points_of([]), Wish())
    summary = result.summary()
    assert summary["sites"] == 4
    assert summary["objective"] == summary["bound"] == 4.0
    assert summary["stopped_by"] == "optimal"
    assert summary["covered_share_after"] == pytest.approx(1.0)
    assert np.sort(shapely.get_x(result.sites.geometry.to_numpy())) - 530_000.0 == pytest.approx(
        [50, 150, 250, 350]
    )


def test_existing_posts_stay_and_the_best_more_are_found() -> None:
    """One post at 100 m; two more cover 200 m besides."""
    posts = points_of([(100, 0)], post_id=["old"])
    result = propose_posts(STREET, posts, Wish(2))
    assert result.changes["action"].tolist() == ["add", "add"]
    assert result.changes["gain_m"].tolist() == pytest.approx([100.0, 100.0])
    assert result.changes["covered_share"].tolist() == pytest.approx([0.5, 0.75])
    assert result.changes["reason"].tolist() == ["closes_gap", "closes_gap"]
    assert result.summary()["covered_length_before_m"] == pytest.approx(100.0)


def test_the_curve_says_what_every_number_of_posts_covers() -> None:
    """From what stands to four: one by one, and never above the bound."""
    posts = points_of([(100, 0)])
    curve = propose_posts(STREET, posts, Wish(3)).curve
    assert curve is not None
    assert curve["number"].tolist() == [0, 1, 2, 3]
    assert curve["covered"].iloc[0] == pytest.approx(100.0)
    assert curve["covered"].is_monotonic_increasing
    assert (curve["bound"] >= curve["covered"] - 1e-6).all()
    assert propose_posts(STREET, posts, Wish()).curve is None
    assert propose_posts(STREET, posts, Wish(1, rearrange=True)).curve is None


def test_posts_that_may_move_are_moved_and_needless_ones_dropped() -> None:
    """Three posts 20 m apart do what four could; the one between two others goes."""
    posts = points_of([(100, 0), (120, 0), (140, 0)], post_id=["a", "b", "c"])
    result = propose_posts(STREET, posts, Wish(rearrange=True))
    actions = result.changes.set_index("action")
    assert sorted(result.changes["action"]) == ["add", "add", "drop", "move", "move"]
    assert actions.loc["drop", "reason"] == "not_needed"
    assert set(actions.loc["move", "reason"]) == {"sees_more_there"}
    assert len(after(result, posts)) == 4
    assert post_coverage(STREET, after(result, posts), distance="street").covered_share == 1.0


def test_nothing_is_moved_that_can_stay() -> None:
    """Four posts that cover everything, not where the offered places are."""
    posts = points_of([(40, 0), (130, 0), (220, 0), (310, 0), (360, 0)], post_id=list("abcde"))
    result = propose_posts(STREET, posts, Wish(rearrange=True))
    assert len(result.changes[result.changes["action"] == "add"]) == 0
    assert result.summary()["covered_share_after"] == pytest.approx(1.0)
    kept = propose_posts(STREET, posts, Wish())
    assert len(kept.changes) == 0


def test_a_place_that_must_have_a_post_gets_one_and_a_forbidden_one_does_not() -> None:
    """The must counts in the number; the school yard stays free."""
    must = points_of([(390, 0)])
    yard = gpd.GeoDataFrame(geometry=[box(100, -20, 300, 20)], crs=STREET.crs)
    result = propose_posts(STREET, points_of([]), Wish(2), must=must, forbidden=yard)
    x = np.sort(shapely.get_x(result.sites.geometry.to_numpy()) - 530_000.0)
    assert x[1] == pytest.approx(390.0)
    assert x[0] <= 100.0
    assert "must" in set(result.changes["reason"])
    full = propose_posts(STREET, points_of([]), Wish(), forbidden=yard)
    assert full.summary()["impossible_length_m"] == pytest.approx(150.0)
    assert len(full.impossible) == 1
    assert full.proposal.stopped_by == "optimal"


def test_a_forbidden_point_or_line_forbids_what_is_near() -> None:
    """Nobody stands within ten metres of it."""
    near = gpd.GeoDataFrame(
        geometry=[shapely.Point(530_050, 3_380_003), line((150, -5), (150, 5))], crs=STREET.crs
    )
    result = propose_posts(STREET, points_of([]), Wish(), forbidden=near)
    x = shapely.get_x(result.sites.geometry.to_numpy()) - 530_000.0
    assert (np.abs(x - 50) > 9).all()
    assert (np.abs(x - 150) > 9).all()


def test_a_post_that_must_stay_stays_while_others_move() -> None:
    """The place of b must have a post, and b stands there."""
    posts = points_of([(100, 0), (120, 0), (140, 0)], post_id=["a", "b", "c"])
    result = propose_posts(STREET, posts, Wish(0, rearrange=True), must=points_of([(120.5, 0)]))
    assert "b" not in set(result.changes["post_id"])
    assert result.summary()["covered_length_after_m"] == pytest.approx(300.0)


def test_twofold_coverage_lets_two_posts_cover_every_metre() -> None:
    """Nine of the places 25 m apart; eight would do if two posts could share one."""
    result = propose_posts(STREET, points_of([]), Wish(twofold=True))
    assert result.summary()["sites"] == result.summary()["bound"] == 9
    assert result.summary()["twofold"] is True
    assert post_value(STREET, result.sites).shares["twofold_share"].iloc[0] == pytest.approx(1.0)


def test_each_grid_gets_its_share() -> None:
    """Two posts: the greedy pair would leave the short street of grid B without any."""
    streets = streets_of([line((0, 0), (400, 0)), line((0, 500), (60, 500))])
    areas = areas_of({"A": box(-10, -10, 500, 10), "B": box(-10, 490, 500, 510)})
    free = propose_posts(streets, points_of([]), Wish(2))
    fair = propose_posts(streets, points_of([]), Wish(2, least_share=0.2), areas=areas)
    in_b = shapely.get_y(fair.sites.geometry.to_numpy()) > 3_380_400
    assert in_b.sum() == 1
    assert fair.proposal.objective < free.proposal.objective
    with pytest.raises(InvalidParameterError, match="shares: "):
        propose_posts(streets, points_of([]), Wish(1, least_share=0.9), areas=areas)


def test_posts_that_nobody_staffs_do_not_count_as_standing() -> None:
    """They cover nothing until somebody does."""
    posts = points_of([(50, 0), (150, 0)], staff=[0, 1])
    assert propose_posts(STREET, posts, Wish()).summary()["sites"] == 3


def test_wishes_that_cannot_be_are_refused() -> None:
    """More than there are places, shares without a number, steps of nothing."""
    with pytest.raises(InvalidParameterError, match="p: 1000 sites asked for"):
        propose_posts(STREET, points_of([]), Wish(1000))
    with pytest.raises(InvalidParameterError, match="least_share: "):
        Wish(least_share=0.5)
    with pytest.raises(InvalidParameterError, match="no areas to share among"):
        propose_posts(STREET, points_of([]), Wish(1, least_share=0.5))
    with pytest.raises(InvalidParameterError, match="step_m must be a number above 0"):
        Wish(step_m=0.0)
    with pytest.raises(InvalidParameterError, match="reach_m must be"):
        propose_posts(STREET, points_of([]), Wish(), reach_m=float("nan"))


def test_without_streets_there_is_nothing_to_propose() -> None:
    """An empty layer needs no post."""
    result = propose_posts(streets_of([]), points_of([(0, 0)]), Wish())
    assert len(result.changes) == 0
    assert result.summary()["covered_share_after"] is None


def test_the_answer_is_that_of_trying_every_choice() -> None:
    """A crossing with eleven places to choose from, two or three posts."""
    streets = streets_of([line((0, 0), (120, 0)), line((60, -60), (60, 60))])
    wish = {"step_m": 30.0}
    for number in (1, 2, 3):
        result = propose_posts(streets, points_of([]), Wish(number, **wish), reach_m=40.0)
        spots = [(x, 0.0) for x in range(0, 121, 30)]
        spots += [(60.0, y) for y in range(-60, 61, 30) if y]
        best = max(
            post_coverage(
                streets, points_of(list(chosen)), reach_m=40.0, distance="street"
            ).covered_length_m
            for chosen in itertools.combinations(spots, number)
        )
        assert result.offered == len(spots)
        assert result.proposal.objective == pytest.approx(best)
        assert result.proposal.bound == pytest.approx(best)


@settings(max_examples=25)
@given(streets=street_frames, at=point_lists, number=st.integers(0, 3), rearrange=st.booleans())
def test_what_is_promised_is_what_the_posts_cover(
    streets: gpd.GeoDataFrame, at: list[tuple[float, float]], number: int, *, rearrange: bool
) -> None:
    """Coverage is computed anew from the posts after the changes; bound and order hold."""
    posts = points_of(at).assign(post_id=[f"p{k}" for k in range(len(at))])
    wish = Wish(number, rearrange=rearrange, step_m=100.0)
    try:
        result = propose_posts(streets, posts, wish)
    except InvalidParameterError:
        assert result_room(streets, posts, wish)
        return
    again = post_coverage(streets, after(result, posts), distance="street").covered_length_m
    # A post beside two streets a centimetre apart may be put on the other one, and a street that
    # folds back on itself is such a pair all along.
    joints_m = 10 * JOIN_M * (len(at) + number + 1)
    assert again == pytest.approx(result.summary()["covered_length_after_m"], abs=joints_m)
    assert result.proposal.bound >= result.proposal.objective - 1e-6
    assert result.summary()["covered_length_after_m"] >= (
        result.summary()["covered_length_before_m"] - 1e-6
    )


def result_room(streets: gpd.GeoDataFrame, posts: gpd.GeoDataFrame, wish: Wish) -> bool:
    """Tell whether fewer places are offered than posts are wished."""
    offered = propose_posts(streets, posts, Wish(step_m=wish.step_m)).offered - len(posts)
    return offered < (wish.number or 0)
