"""Which demand each candidate site reaches, as pairs and never as a full table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from scipy.spatial import KDTree

from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.points import coordinates

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Reach:
    """
    The pairs of site and demand, kept both ways; make one with `of`, `of_pairs` or `within`.

    Parameters
    ----------
    site_start
        Where the demand of each site begins in `site_demand`; one more than there are sites.
    site_demand
        The demand each site reaches, ascending within a site.
    demand_start
        Where the sites of each demand begin in `demand_site`; one more than there is demand.
    demand_site
        The sites that reach each demand, ascending within a demand.
    """

    site_start: Ints
    site_demand: NDArray[np.int32]
    demand_start: Ints
    demand_site: NDArray[np.int32]

    @classmethod
    def of(cls, covers: Any) -> Reach:  # noqa: ANN401
        """
        Read a table of sites by demand.

        Parameters
        ----------
        covers
            Sites x demand, sparse (of scipy) or dense: anything but 0 or False reaches. A `Reach`
            is returned as it is.

        Returns
        -------
        reach
            Its pairs.

        Raises
        ------
        InvalidParameterError
            When it is no table, or holds something that is not a number.
        """
        if isinstance(covers, Reach):
            return covers
        table = covers if sp.issparse(covers) else np.asarray(covers)
        if table.ndim != 2:  # noqa: PLR2004
            raise InvalidParameterError(
                f"covers: {table.ndim} dimensions met; give a table of sites x demand"
            )
        rows = sp.csr_array(table)
        if np.isnan(np.asarray(rows.data, dtype=np.float64)).any():
            raise InvalidParameterError("covers: not a number met; say 0 where a site reaches not")
        site, demand = rows.nonzero()
        return cls.of_pairs(site, demand, shape=rows.shape)

    @classmethod
    def of_pairs(cls, site: ArrayLike, demand: ArrayLike, *, shape: tuple[int, int]) -> Reach:
        """
        Collect pairs, in any order and repeated as they may be.

        Parameters
        ----------
        site
            n rows of candidates.
        demand
            n rows of demand, one for each.
        shape
            How many sites and how much demand there are.

        Returns
        -------
        reach
            The pairs.

        Raises
        ------
        InvalidParameterError
            When the two differ in length or point outside the shape.
        """
        sites, demands = np.asarray(site, dtype=np.int64), np.asarray(demand, dtype=np.int64)
        if sites.shape != demands.shape:
            raise InvalidParameterError(
                f"site, demand: shapes {sites.shape} and {demands.shape} differ; give pairs"
            )
        for name, values, room in (("site", sites, shape[0]), ("demand", demands, shape[1])):
            outside = np.flatnonzero((values < 0) | (values >= room))
            if outside.size:
                raise InvalidParameterError(
                    f"{name}: {values[outside[0]]} met; rows run from 0 to {room - 1}"
                )
        ones = np.ones(len(sites), dtype=np.int8)
        rows = sp.coo_array((ones, (sites, demands)), shape=shape).tocsr()
        rows.sum_duplicates()
        columns = rows.tocsc()
        return cls(
            rows.indptr.astype(np.int64),
            rows.indices.astype(np.int32),
            columns.indptr.astype(np.int64),
            columns.indices.astype(np.int32),
        )

    @classmethod
    def within(cls, sites: gpd.GeoDataFrame, demand: gpd.GeoDataFrame, *, reach_m: float) -> Reach:
        """
        Pair each site with the demand no farther than `reach_m`, straight.

        Parameters
        ----------
        sites
            n Point rows in a metric CRS; a row without a place reaches nothing.
        demand
            m Point rows in the same CRS.
        reach_m
            How far a site reaches, in metres, greater than 0; demand at exactly that is reached.

        Returns
        -------
        reach
            The pairs.

        Raises
        ------
        CRSError
            When the frames share no CRS whose metres are metres.
        GeometryError
            When a row is no point.
        InvalidParameterError
            When `reach_m` is not a finite number above 0.
        """
        require_metric_crs(sites=sites, demand=demand)
        if not 0.0 < reach_m < np.inf:
            raise InvalidParameterError(
                f"reach_m must be a number of metres above 0, got {reach_m!r}"
            )
        shape = (len(sites), len(demand))
        site_xy, demand_xy = coordinates(sites, "sites"), coordinates(demand, "demand")
        site_row, demand_row = (np.flatnonzero(~np.isnan(xy[:, 0])) for xy in (site_xy, demand_xy))
        if not site_row.size or not demand_row.size:
            return cls.of_pairs([], [], shape=shape)
        pairs = KDTree(site_xy[site_row]).sparse_distance_matrix(
            KDTree(demand_xy[demand_row]), reach_m, output_type="ndarray"
        )
        return cls.of_pairs(site_row[pairs["i"]], demand_row[pairs["j"]], shape=shape)

    @property
    def sites(self) -> int:
        """Number of candidate sites."""
        return len(self.site_start) - 1

    @property
    def demand(self) -> int:
        """Number of pieces of demand."""
        return len(self.demand_start) - 1

    def counts(self, sites: ArrayLike) -> Ints:
        """
        Count the given sites that reach each demand.

        Parameters
        ----------
        sites
            Rows of candidates, each once.

        Returns
        -------
        count
            One number for each demand.
        """
        rows = np.asarray(sites, dtype=np.int64)
        lengths = self.site_start[rows + 1] - self.site_start[rows]
        ends = np.cumsum(lengths)
        entries = np.arange(ends[-1] if ends.size else 0) + np.repeat(
            self.site_start[rows] - (ends - lengths), lengths
        )
        return np.bincount(self.site_demand[entries], minlength=self.demand)
