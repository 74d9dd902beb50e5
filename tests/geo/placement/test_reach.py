"""Pairs of site and demand."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import CRSError, GeometryError, InvalidParameterError
from geo.placement import Reach
from tests.strategies import line, point_lists, points_of, reaches, streets_of


def table(reach: Reach) -> np.ndarray:
    """Return the pairs as a dense table, read by site."""
    dense = np.zeros((reach.sites, reach.demand), dtype=bool)
    for j in range(reach.sites):
        dense[j, reach.site_demand[reach.site_start[j] : reach.site_start[j + 1]]] = True
    return dense


def table_by_demand(reach: Reach) -> np.ndarray:
    """Return the same, read by demand."""
    dense = np.zeros((reach.sites, reach.demand), dtype=bool)
    for d in range(reach.demand):
        dense[reach.demand_site[reach.demand_start[d] : reach.demand_start[d + 1]], d] = True
    return dense


@given(point_lists, point_lists, reaches)
def test_within_is_what_distances_say(sites: list, demand: list, reach_m: float) -> None:
    """Each pair on its own, empty frames too."""
    reach = Reach.within(points_of(sites), points_of(demand), reach_m=reach_m)
    ends = (np.array(places, dtype=float).reshape(-1, 2) for places in (sites, demand))
    metres = np.hypot(
        *np.moveaxis(
            np.subtract.outer(*(e[:, 0] + 1j * e[:, 1] for e in ends))
            .view(float)
            .reshape(len(sites), len(demand), 2),
            -1,
            0,
        )
    )
    sure = np.abs(metres - reach_m) > 1e-6
    assert (table(reach) == (metres <= reach_m))[sure].all()
    assert (table(reach) == table_by_demand(reach)).all()


def test_demand_at_exactly_the_reach_is_reached() -> None:
    """3-4-5 triangle; a hair more is not."""
    demand = points_of([(3, 4), (3, 4.001)])
    assert table(Reach.within(points_of([(0, 0)]), demand, reach_m=5.0)).tolist() == [[True, False]]


def test_a_row_without_a_place_reaches_nothing() -> None:
    """It keeps its row."""
    sites = points_of([(0, 0), (0, 0)])
    sites.loc[0, "geometry"] = None
    assert table(Reach.within(sites, points_of([(0, 1)]), reach_m=5.0)).tolist() == [
        [False],
        [True],
    ]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=20))
def test_pairs_in_any_order_and_repeated_are_a_table(pairs: list[tuple[int, int]]) -> None:
    """And what sites reach together is counted once for each."""
    dense = np.zeros((4, 5), dtype=bool)
    for site, demand in pairs:
        dense[site, demand] = True
    site, demand = np.array(pairs, dtype=int).reshape(-1, 2).T
    reach = Reach.of_pairs(site, demand, shape=(4, 5))
    assert (table(reach) == dense).all()
    assert (table(Reach.of(sp.csr_array(dense))) == dense).all()
    assert reach.counts([1, 3]).tolist() == dense[[1, 3]].sum(axis=0).tolist()
    assert reach.counts([]).tolist() == [0] * 5


def test_a_stored_zero_reaches_not() -> None:
    """Sparse tables may hold them."""
    stored = sp.csr_array(
        (np.array([0.0, 2.0]), (np.array([0, 1]), np.array([0, 1]))), shape=(2, 2)
    )
    assert table(Reach.of(stored)).tolist() == [[False, False], [False, True]]


def test_bad_pairs_and_frames_are_refused() -> None:
    """Rows outside, lengths that differ, no CRS, lines, no reach."""
    with pytest.raises(InvalidParameterError, match="site: 2 met; rows run from 0 to 1"):
        Reach.of_pairs([2], [0], shape=(2, 2))
    with pytest.raises(InvalidParameterError, match="demand: -1 met"):
        Reach.of_pairs([1], [-1], shape=(2, 2))
    with pytest.raises(InvalidParameterError, match="shapes"):
        Reach.of_pairs([1], [0, 1], shape=(2, 2))
    one = points_of([(0, 0)])
    with pytest.raises(CRSError):
        Reach.within(one.to_crs(4326), one.to_crs(4326), reach_m=5.0)
    with pytest.raises(GeometryError, match="demand: row 0"):
        Reach.within(one, streets_of([line((0, 0), (1, 1))]), reach_m=5.0)
    for bad in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(InvalidParameterError, match="reach_m must be"):
            Reach.within(one, one, reach_m=bad)
