"""Junctions: one per place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given

from geo import CRSError, DueRule, InvalidParameterError
from geo.junctions import junctions
from geo.streets import StreetNetwork
from tests.strategies import CRS, ORIGIN, areas_of, box, line, reaches, street_frames, streets_of

if TYPE_CHECKING:
    import geopandas as gpd


def places(found: gpd.GeoDataFrame) -> list[list[float]]:
    """Return where junctions are, in metres from the origin."""
    return np.subtract(shapely.get_coordinates(found.geometry.array), ORIGIN).round(6).tolist()


def test_a_crossing_and_a_fork_are_junctions_and_a_bend_is_none() -> None:
    """Nor is an end, or where one street goes on as another."""
    streets = streets_of(
        [line((0, 0), (200, 0)), line((100, -50), (100, 50)), line((200, 0), (260, 0)),
         line((260, 0), (260, 90)), line((260, 0), (300, 0))],
        name=["解放路", "巷", "解放路", None, "解放路"],
        **{"class": ["primary", "service", "primary", "residential", "primary"]},
    )  # fmt: skip
    found = junctions(streets)
    assert places(found) == [[100, 0], [260, 0]]
    assert found["arms"].tolist() == [4, 3]
    assert found["nodes"].tolist() == [1, 1]
    assert found["road"].tolist() == ["arterial", "arterial"]
    assert found["classes"].tolist() == ["primary,service", "primary,residential"]
    assert found["names"].tolist() == ["巷,解放路", "解放路"]
    assert found["junction_id"].tolist() == [0, 1]
    assert found.crs == CRS


def dual(*gaps: float) -> gpd.GeoDataFrame:
    """Draw a road of two carriageways, 15 m apart, that streets cross at x = 0 and so far on."""
    at = np.cumsum([0.0, *gaps])
    return streets_of(
        [line((-100, 0), (400, 0)), line((-100, 15), (400, 15)),
         *(line((x, -80), (x, 95)) for x in at)]
    )  # fmt: skip


def test_a_dual_carriageway_crosses_once() -> None:
    """Two nodes and six arms; where two of them cross, four nodes and eight arms."""
    found = junctions(dual(200))
    assert places(found) == [[0, 7.5], [200, 7.5]]
    assert found[["nodes", "arms"]].to_numpy().tolist() == [[2, 6], [2, 6]]
    both = junctions(dual(20))
    assert both[["nodes", "arms"]].to_numpy().tolist() == [[4, 8]]
    assert places(both) == [[10, 7.5]]


def test_the_tolerance_holds_exactly_and_none_keeps_nodes_apart() -> None:
    """15 m apart are one at 15 m and two below."""
    assert len(junctions(dual(200), merge_m=15.0)) == 2
    assert len(junctions(dual(200), merge_m=14.999)) == 4
    assert len(junctions(dual(200), merge_m=0.0)) == 4


@pytest.mark.parametrize("apart_m", [10.1, 12.3, 17.7, 20.9])
def test_rounding_does_not_part_what_is_exactly_as_far_as_the_tolerance(apart_m: float) -> None:
    """Coordinates of millions of metres leave the last digits open."""
    road = line((-50.3, 0.7), (100.9, 0.7))
    lanes = [line((x, -40.1), (x, 60.3)) for x in (0.3, 0.3 + apart_m)]
    assert len(junctions(streets_of([road, *lanes]), merge_m=apart_m)) == 1
    assert len(junctions(streets_of([road, *lanes]), merge_m=apart_m - 0.001)) == 2


def test_a_bridge_near_a_crossing_is_another_junction() -> None:
    """Near in the plane, but no short street joins them."""
    streets = streets_of(
        [line((-100, 0), (100, 0)), line((0, -100), (0, 100)),
         line((-100, 8), (100, 8)), line((10, 8), (10, 90))],
        layer=[0, 0, 1, 1],
    )  # fmt: skip
    assert places(junctions(streets)) == [[0, 0], [10, 8]]


def test_a_lay_by_branches_nothing_and_a_loop_comes_back() -> None:
    """Two nodes with two arms together are none; a loop has two ends at its junction."""
    bay = streets_of([line((0, 0), (40, 0)), line((40, 0), (60, 0)), line((60, 0), (99, 0)),
                      line((40, 0), (50, 5), (60, 0))])  # fmt: skip
    assert len(junctions(bay)) == 0
    assert junctions(bay, merge_m=10.0)["arms"].tolist() == [3, 3]
    loop = streets_of([line((0, 0), (50, 0)), line((50, 0), (90, 40), (90, -40), (50, 0))])
    assert junctions(loop)["arms"].tolist() == [3]


def test_only_due_streets_that_one_may_use_count() -> None:
    """By rule, by area and by who moves."""
    streets = streets_of(
        [line((0, 0), (200, 0)), line((100, 0), (100, 50)), line((150, 0), (150, 50))],
        **{"class": ["residential", "footway", "service"]},
    )
    assert places(junctions(streets)) == [[100, 0], [150, 0]]
    rule = DueRule(classes=frozenset({"residential", "service"}))
    assert places(junctions(streets, due=rule)) == [[150, 0]]
    drive = StreetNetwork.from_frame(streets, profile="vehicle")
    assert places(junctions(streets, network=drive)) == [[150, 0]]
    west = areas_of({"A": box(-9, -90, 140, 90)})
    assert places(junctions(streets, within=west)) == [[100, 0]]


def test_a_row_of_near_lanes_is_not_one_junction() -> None:
    """Lanes 20 m apart do not draw each other in for ever."""
    lanes = [line((x, 0), (x, 60)) for x in range(0, 401, 20)]
    found = junctions(streets_of([line((-50, 0), (450, 0)), *lanes]))
    assert found["nodes"].sum() == 21
    assert found["nodes"].max() <= 3


def test_a_node_with_more_streets_draws_in_first_then_the_first_in_street_order() -> None:
    """Of three lanes one that crosses takes both others, else the first takes the second."""
    road = line((-50, 0), (100, 0))
    forks = [line((x, 0), (x, 60)) for x in (0, 20, 40)]
    assert places(junctions(streets_of([road, *forks]))) == [[10, 0], [40, 0]]
    crossing = line((20, -60), (20, 60))
    assert places(junctions(streets_of([road, forks[0], crossing, forks[2]]))) == [[20, 0]]


def test_no_street_has_no_junction() -> None:
    """An empty layer, and an empty answer with all its columns."""
    found = junctions(streets_of([]))
    assert list(found.columns) == [
        "junction_id", "arms", "nodes", "road", "classes", "names", "geometry",
    ]  # fmt: skip
    assert len(found) == 0


def test_it_refuses_a_tolerance_that_is_none_and_degrees() -> None:
    """The message names the argument."""
    for merge_m in (-1.0, np.nan, np.inf):
        with pytest.raises(InvalidParameterError, match="merge_m must be a number of 0 or more"):
            junctions(dual(), merge_m=merge_m)
    with pytest.raises(CRSError, match="streets"):
        junctions(dual().to_crs("EPSG:4326"))


@given(street_frames, reaches)
def test_unmerged_junctions_are_where_three_ends_of_edges_meet(streets, merge_m) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Counted edge by edge; merging makes fewer and loses no node that branches."""
    network = StreetNetwork.from_frame(streets)
    ends: dict[int, int] = {}
    for node in [*network.tail, *network.head]:
        ends[node] = ends.get(node, 0) + 1
    apart = junctions(streets, merge_m=0.0)
    assert sorted(apart["arms"]) == sorted(count for count in ends.values() if count >= 3)
    merged = junctions(streets, merge_m=merge_m)
    assert len(merged) <= len(apart)
    assert (merged["arms"] >= 3).all()
    moved = junctions(streets.assign(geometry=streets.translate(1000.0, -500.0)), merge_m=merge_m)
    assert len(moved) == len(merged)
