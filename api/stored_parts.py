"""Areas of the store with their parts, and which incidents are theirs."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from api.stored import grids_alone, stored_area
from data.store import Query, Store
from geo import working_crs
from geo.incidents.placed import ELSEWHERE, NO_PLACE, placed_in


@dataclass(frozen=True, eq=False)
class Ground:
    """
    An area with its parts, or all areas.

    Parameters
    ----------
    code
        The area; None for all that is stored.
    codes
        The area and all below it; of all areas none are named.
    own
        The rows of the area itself; none where parts of it alone are stored.
    areas
        What is counted by: its parts, else itself; of all, those that no other is a part of.
    every
        The areas that no other is a part of, inside and out: a place is of one of them.
    """

    code: str | None
    codes: frozenset[str]
    own: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    every: gpd.GeoDataFrame

    @property
    def leaves(self) -> gpd.GeoDataFrame:
        """The finest areas of it; none of one that lies over the others, such as a beat."""
        return self.every if self.code is None else _among(self.every, self.codes)

    def queries(self, kind: str | None) -> tuple[Query, ...]:
        """
        Ask for the incidents that may be of it: by place, and by the area that they name.

        Parameters
        ----------
        kind
            Only those of this kind.

        Returns
        -------
        queries
            What they find together has no incident of it left out.
        """
        equal = {} if kind is None else {"kind": kind}
        if self.code is None:
            return (Query(equal=equal),)
        west, south, east, north = pd.concat([self.own, self.leaves]).total_bounds
        return (
            Query(box=(west, south, east, north), equal=equal),
            Query(equal={**equal, "area_code": sorted(self.codes)}),
        )

    def held(self, incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """
        Keep the incidents that are of it.

        Parameters
        ----------
        incidents
            With `area_code`, in EPSG:4326.

        Returns
        -------
        incidents
            Those that count in one of its finest areas; of those that count in none, those within
            its own border, and those without a place that name it or what is below it.
        """
        if self.code is None or incidents.empty:
            return incidents
        crs = working_crs(pd.concat([self.own, self.leaves]))
        metric = incidents.to_crs(crs)
        finest = _labels(metric, self.every.to_crs(crs))
        within = np.zeros(len(incidents), dtype=bool)
        if len(self.own):
            within = _labels(metric, self.own.to_crs(crs)).eq(self.code).to_numpy()
        if self.leaves.empty:
            return incidents[within].reset_index(drop=True)
        named = incidents["area_code"].isin(self.codes) & finest.eq(NO_PLACE).to_numpy()
        theirs = finest.isin(ELSEWHERE) & (within | named.to_numpy())
        return incidents[(finest.isin(self.codes) | theirs).to_numpy()].reset_index(drop=True)

    def parent(self, store: Store) -> "Ground | None":
        """
        Find the area that this is a part of.

        Parameters
        ----------
        store
            Opened for the scope of the request.

        Returns
        -------
        parent
            None where none is named, the scope does not hold all of it, or no other part of it is
            stored: then there is nothing to be held against.
        """
        named = self.own["parent_id"].dropna().astype(str)
        if named.empty or not store.scope.covers(named.iloc[0]):
            return None
        if named.iloc[0] not in set(self.every["parent_id"]) | set(self.every["area_id"]):
            return None
        above = ground_of(store, named.iloc[0])
        return above if len(above.leaves) > len(self.leaves) else None


def ground_of(store: Store, code: str | None) -> Ground:
    """
    Find an area and its parts.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        A stored area, or what stored areas name as their parent; None for all.

    Returns
    -------
    ground
        In EPSG:4326.

    Raises
    ------
    NotFoundError
        When the scope sees no such area.
    """
    areas = store.frame("areas")
    areas = areas[areas.geometry.notna()].sort_values(["area_id", "id"], ignore_index=True)
    alone = grids_alone(areas)
    every = alone[~alone["area_id"].isin(alone["parent_id"])].reset_index(drop=True)
    if code is None:
        return Ground(None, frozenset(), areas.iloc[:0], every, every)
    own, parts = areas[areas["area_id"] == code], alone[alone["parent_id"] == code]
    if own.empty and parts.empty:
        own = stored_area(store, code)
    by = parts if len(parts) else own
    return Ground(code, _below(alone, code), own, by.reset_index(drop=True), every)


def _below(areas: gpd.GeoDataFrame, code: str) -> frozenset[str]:
    """Return a code with those of all areas below it."""
    found, last = {code}, {code}
    while last:
        last = set(areas.loc[areas["parent_id"].isin(last), "area_id"]) - found
        found |= last
    return frozenset(found)


def _among(areas: gpd.GeoDataFrame, codes: frozenset[str]) -> gpd.GeoDataFrame:
    return areas[areas["area_id"].isin(codes)]


def _labels(incidents: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Return the area that each incident counts in, or why it counts in none."""
    placed = placed_in(incidents, areas)
    return pd.Series(np.array(placed.labels, dtype=object)[placed.code])
