"""What is missing around sites: the audit of school surroundings, ready for other places too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.coverage import share
from geo.crs import label, require_metric_crs
from geo.errors import InvalidParameterError
from geo.points import coordinates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]

WITHIN_M: Final = 200.0
"""How far the surroundings of a school reach unless told otherwise, in metres."""

SCHOOL_NEEDS: Final = ("cameras", "signs", "speed_bumps", "escort_posts")
"""What belongs around a school: cameras, traffic signs, speed bumps and a post that sees the
children in and out (护学岗)."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """
    Outcome of `surroundings`.

    Parameters
    ----------
    sites
        One row per site, in the order given: `site_id`, `name` where given, per need its number
        within reach (missing where unknown) and, as `<need>_ok`, whether there is one; `missing`
        and `unknown` (needs joined by commas), `complete` (missing where nothing is known to be
        missing and something is unknown), and the geometry.
    needs
        One row per need: `need`, `with` (sites that have it), `known` (sites where that is
        known), `share` (missing without a known one), `unplaced` (rows of its layer without a
        place, which count nowhere).
    within_m
        How far the surroundings reach, in metres.
    """

    sites: gpd.GeoDataFrame
    needs: pd.DataFrame
    within_m: float

    @property
    def missing(self) -> gpd.GeoDataFrame:
        """One row per site and need that is missing there: `site_id`, `name`, `need`, geometry."""
        kept = [name for name in ("site_id", "name") if name in self.sites.columns]
        rows = self.sites[[*kept, "missing", "geometry"]].rename(columns={"missing": "need"})
        rows["need"] = rows["need"].str.split(",")
        rows = rows.explode("need", ignore_index=True)
        return rows[rows["need"] != ""].reset_index(drop=True)

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            Numbers of sites by state, and per need `with`, `known`, `share` and `unplaced`.
        """
        complete = self.sites["complete"]
        return {
            "sites": len(complete),
            "complete": int(complete.fillna(False).sum()),
            "incomplete": int((~complete.fillna(True)).sum()),
            "unknown": int(complete.isna().sum()),
            "needs": {
                row["need"]: {
                    "with": row["with"],
                    "known": row["known"],
                    "share": share(row["with"], row["known"]),
                    "unplaced": row["unplaced"],
                }
                for row in self.needs.to_dict("records")
            },
            "within_m": self.within_m,
            "crs": label(self.sites.crs),
        }


def surroundings(
    sites: gpd.GeoDataFrame,
    features: Mapping[str, gpd.GeoDataFrame | None],
    *,
    within_m: float = WITHIN_M,
    required: Sequence[str] = SCHOOL_NEEDS,
) -> Surroundings:
    """
    List what is missing around each site.

    Distance is straight, from the outline of a site drawn as an area, else from its point; a
    feature at exactly `within_m` or inside the outline is there. A layer that is not given is
    unknown, never missing; one that is given and empty is missing everywhere.

    Parameters
    ----------
    sites
        n rows with any geometry in a metric CRS, such as the key sites that are schools;
        `site_id` and `name` are passed on, without `site_id` rows are numbered from 0. Where a
        site has no place, everything is unknown.
    features
        Need -> Point rows that meet it, in the CRS of the sites. Leave out what is broken or off
        duty before; layers that are not required are not looked at.
    within_m
        How far the surroundings reach, in metres; greater than 0.
    required
        What each site needs, by name.

    Returns
    -------
    surroundings
        Rows per site and per need.

    Raises
    ------
    CRSError
        When the frames share no CRS whose metres are metres.
    GeometryError
        When a row of a layer is no point.
    InvalidParameterError
        When `within_m` is not a number greater than 0, or `required` is empty or repeats itself.

    Notes
    -----
    Exact. Cost: the pairs within reach, by an index of the points.
    """
    if not 0.0 < within_m < np.inf:
        raise InvalidParameterError(f"within_m must be a number greater than 0, got {within_m!r}")
    if not required or len(set(required)) < len(required):
        raise InvalidParameterError(
            f"required: {', '.join(required) or 'nothing'}; name one need or more, each once"
        )
    layers = {need: features.get(need) for need in required}
    given = {need: layer for need, layer in layers.items() if layer is not None}
    require_metric_crs(sites=sites, **given)
    shapes = np.asarray(sites.geometry.array)
    placed = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    ids = sites["site_id"].array if "site_id" in sites.columns else np.arange(len(sites))
    columns: dict[str, Any] = {"site_id": ids}
    if "name" in sites.columns:
        columns["name"] = sites["name"].array
    flags: dict[str, Any] = {}
    lacks, doubts, rows = [], [], []
    for need, layer in layers.items():
        known = placed & (layer is not None)
        count, unplaced = np.zeros(len(sites), dtype=np.int64), 0
        if layer is not None:
            unplaced = int(np.isnan(coordinates(layer, need)[:, 0]).sum())
            tree = shapely.STRtree(np.asarray(layer.geometry.array))
            site, _ = tree.query(shapes, predicate="dwithin", distance=within_m)
            count = np.bincount(site, minlength=len(sites))
        columns[need] = pd.arrays.IntegerArray(count.astype(np.int64), ~known)
        flags[f"{need}_ok"] = pd.arrays.BooleanArray(count > 0, ~known)
        lacks.append(known & (count == 0))
        doubts.append(~known)
        have, of = int((known & (count > 0)).sum()), int(known.sum())
        rows.append((need, have, of, have / of if of else np.nan, unplaced))
    lacking, doubtful = np.stack(lacks), np.stack(doubts)
    nothing_known = doubtful.any(axis=0) & ~lacking.any(axis=0)
    columns |= flags | {
        "missing": _listed(lacking, required),
        "unknown": _listed(doubtful, required),
        "complete": pd.arrays.BooleanArray(~lacking.any(axis=0), nothing_known),
    }
    return Surroundings(
        gpd.GeoDataFrame(columns, geometry=list(shapes), crs=sites.crs),
        pd.DataFrame(rows, columns=["need", "with", "known", "share", "unplaced"]),
        within_m,
    )


def _listed(flags: Bools, names: Sequence[str]) -> pd.Series:
    """Join the names whose flag is set, per column."""
    told = [",".join(np.array(names, dtype=object)[column]) for column in flags.T]
    return pd.Series(told, dtype=object)
