"""The streets of every mode share their edges, and a gate shuts the street that it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings

from geo.errors import GeometryError, InvalidParameterError
from geo.response import Roads
from tests.geo.response.every import small_towns
from tests.strategies import line, point_lists, points_of, streets_of

if TYPE_CHECKING:
    import geopandas as gpd


@settings(max_examples=15)
@given(streets=small_towns(), gates=point_lists, at=point_lists)
def test_all_modes_have_the_same_edges_whatever_is_shut_or_cut(
    streets: gpd.GeoDataFrame,
    gates: list[tuple[float, float]],
    at: list[tuple[float, float]],
) -> None:
    """Only the directions differ: what one mode is told of an edge holds for that of the others."""
    roads = Roads.of(streets, gates=points_of(gates))
    moves = np.array([("car", "foot", "e_bike")[i % 3] for i in range(len(at))], dtype=object)
    finer, node = roads.with_sites(roads.snap(points_of(at), moves))
    for one in (roads, finer):
        first, *others = one.networks.values()
        for name in ("part", "start", "end", "tail", "head"):
            for other in others:
                assert np.array_equal(getattr(first, name), getattr(other, name))
        assert {network.nodes for network in one.networks.values()} == {first.nodes}
    assert (node < finer.edges.nodes).all()


def test_gates_are_counted() -> None:
    """One on the street, one far from every street; with hours and no time all count as open."""
    streets = streets_of([line((0, 0), (100, 0))])
    gates = points_of([(50, 0), (50, 90)])
    assert Roads.of(streets, gates=gates).summary() == {
        "crs": "EPSG:4547", "modes": ["car", "e_bike", "foot"],
        "gates": 2, "gates_shut": 1, "gates_off_network": 1,
    }  # fmt: skip
    timed = gates.assign(hours="06:00-22:00")
    assert Roads.of(streets, gates=timed).summary()["gates_shut"] == 0


def test_roads_refuse_what_is_no_street_and_no_mode() -> None:
    """Each with the name of the argument."""
    streets = streets_of([line((0, 0), (100, 0))])
    with pytest.raises(InvalidParameterError, match="modes: 'video'"):
        Roads.of(streets, modes=["car", "video"])
    with pytest.raises(InvalidParameterError, match="modes"):
        Roads.of(streets, modes=[])
    with pytest.raises(GeometryError, match="streets"):
        Roads.of(points_of([(0, 0)]))
