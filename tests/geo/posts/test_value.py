"""What posts are worth: drawn on paper, and against leaving them out."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings

from geo import post_coverage
from geo.posts.value import post_value
from tests.strategies import areas_of, box, line, point_lists, points_of, street_frames, streets_of

STREET = streets_of([line((0, 0), (400, 0))])


def test_two_posts_share_a_stretch_and_each_has_its_own() -> None:
    """60 m apart with 50 m of reach: 60 m alone each, 40 m both."""
    value = post_value(STREET, points_of([(100, 0), (160, 0)]))
    street = value.shares.iloc[0]
    assert street["of"] == "street_length_m"
    assert street["covered"] == pytest.approx(160.0)
    assert street["total"] == pytest.approx(400.0)
    assert street["share"] == pytest.approx(0.4)
    assert street["twofold"] == pytest.approx(40.0)
    assert street["twofold_share"] == pytest.approx(0.1)
    assert value.posts["reached_m"].tolist() == pytest.approx([100.0, 100.0])
    assert value.posts["alone_m"].tolist() == pytest.approx([60.0, 60.0])
    assert value.posts["rank"].tolist() == [1, 1]


def test_the_critical_post_comes_first_and_a_needless_one_is_none() -> None:
    """The middle one of three close posts loses nothing."""
    value = post_value(
        STREET, points_of([(100, 0), (120, 0), (140, 0), (300, 0)], post_id=list("abcd"))
    )
    assert value.critical["post_id"].tolist() == ["d", "a", "c"]
    assert value.posts["alone_m"].tolist() == pytest.approx([20.0, 0.0, 20.0, 100.0])


def test_households_and_key_sites_go_by_the_way_along_the_street() -> None:
    """A house 20 m off the street, 35 m along: 55 m of way; unknown households are none."""
    houses = gpd.GeoDataFrame(
        {"households": [10, 4, None]},
        geometry=[box(133, 18, 137, 22), box(118, -12, 122, -8), box(95, 5, 105, 15)],
        crs=STREET.crs,
    )
    sites = points_of([(130, 0), (300, 0)])
    value = post_value(STREET, points_of([(100, 0)]), buildings=houses, key_sites=sites)
    by_name = value.shares.set_index("of")
    assert by_name.loc["households", ["covered", "total"]].tolist() == [4.0, 14.0]
    assert by_name.loc["key_sites", ["covered", "total"]].tolist() == [1.0, 2.0]
    assert value.posts["alone_households"].tolist() == [4.0]
    assert value.posts["alone_key_sites"].tolist() == [1.0]


def test_what_lies_outside_the_areas_to_keep_to_does_not_count() -> None:
    """A house and a site in the western half; the post there reaches over the border."""
    houses = gpd.GeoDataFrame(
        {"households": [3, 5]},
        geometry=[box(105, 5, 115, 10), box(135, 5, 145, 10)],
        crs=STREET.crs,
    )
    sites = points_of([(110, 0), (140, 0)])
    west = areas_of({"A": box(0, -20, 120, 20)})
    value = post_value(
        STREET, points_of([(100, 0)]), buildings=houses, key_sites=sites, within=west
    )
    totals = value.shares.set_index("of")["total"]
    assert totals.to_dict() == {
        "street_length_m": pytest.approx(120.0), "households": 3.0, "key_sites": 1.0,
    }  # fmt: skip
    assert value.shares.set_index("of")["covered"]["households"] == 3.0


def test_ground_is_covered_by_discs() -> None:
    """One disc inside, and the lens of two."""
    areas = areas_of({"A": box(-100, -100, 300, 100)})
    one = post_value(STREET, points_of([(0, 0)]), areas=areas).shares.set_index("of")
    assert one.loc["area_m2", "covered"] == pytest.approx(np.pi * 50**2, rel=2e-4)
    assert one.loc["area_m2", "total"] == pytest.approx(80_000.0)
    two = post_value(STREET, points_of([(0, 0), (50, 0)]), areas=areas).shares.set_index("of")
    lens = 50**2 * (2 * np.pi / 3 - np.sqrt(3) / 2)
    assert two.loc["area_m2", "twofold"] == pytest.approx(lens, rel=5e-4)


def test_what_the_due_length_needs_at_either_end_of_the_range() -> None:
    """466 posts are 23.3 to 46.6 km of street."""
    value = post_value(streets_of([line((0, 0), (46_600, 0))]), points_of([]))
    assert value.needed == {50.0: 932, 100.0: 466}
    assert value.summary()["posts_needed"] == {"at_50_m": 932, "at_100_m": 466}


def test_idle_posts_are_those_known_to_have_had_no_task() -> None:
    """Unknown is not none; the mean is of those that state it."""
    posts = points_of([(0, 0), (100, 0), (200, 0)], tasks=[0, 12, None], hazards=[None] * 3)
    value = post_value(STREET, posts)
    assert value.idle.index.tolist() == [0]
    assert value.per_post == {"tasks": 6.0, "hazards": None}
    assert value.summary()["tasks_per_post"] == 6.0


def test_without_streets_or_posts_shares_are_missing_or_nothing() -> None:
    """No denominator is no share."""
    nothing = post_value(streets_of([]), points_of([(0, 0)]))
    assert nothing.summary()["shares"][0]["share"] is None
    empty = post_value(STREET, points_of([]))
    assert empty.summary()["shares"][0]["share"] == 0.0
    assert empty.summary()["critical_posts"] == 0


@settings(max_examples=40)
@given(streets=street_frames, at=point_lists)
def test_what_a_post_covers_alone_is_what_leaving_it_out_loses(
    streets: gpd.GeoDataFrame, at: list[tuple[float, float]]
) -> None:
    """Coverage is computed anew without each post in turn; twofold by counting."""
    posts = points_of(at)
    value = post_value(streets, posts)
    whole = post_coverage(streets, posts, distance="street")
    assert value.shares["covered"].iloc[0] == pytest.approx(whole.covered_length_m, abs=1e-5)
    for k in range(len(at)):
        rest = post_coverage(streets, posts.drop(index=k), distance="street")
        lost = whole.covered_length_m - rest.covered_length_m
        assert value.posts["alone_m"].iloc[k] == pytest.approx(lost, abs=1e-5)
