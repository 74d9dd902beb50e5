"""Police beats matched with grids: who answers for which, what nobody does, and what two do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geo.areas import areas_of_xy, polygons_of
from geo.crs import require_metric_crs
from geo.due import number_column
from geo.errors import InvalidParameterError
from geo.partition.overlaps import largest, overlaps
from geo.partition.reading import or_none, required
from geo.points import coordinates

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LEAST_SHARE: Final = 0.05
"""A beat that holds less than this share of a grid, and of which the grid is less, only has a
border drawn otherwise; a project choice."""


@dataclass(frozen=True, eq=False)
class BeatMatch:
    """
    Which beats and grids belong together; see `match_beats`.

    Parameters
    ----------
    table
        One row per pair: `beat_id`, `grid_id`, `area_m2` that they share, `grid_share` and
        `beat_share` of it, `households` that live there (NaN without homes), `main`: whether
        the beat is the grid's first.
    vacancies
        Grids in no beat.
    double_posts
        Grids in two beats or more.
    orphans
        Beats without a grid.
    dropped_m2
        Ground of overlaps that are too small to count, in square metres.
    """

    table: pd.DataFrame
    vacancies: list[str]
    double_posts: list[str]
    orphans: list[str]
    dropped_m2: float

    def summary(self) -> dict[str, Any]:
        """Return the counts and the lists, ready for JSON."""
        return {
            "pairs": len(self.table),
            "vacancies": self.vacancies,
            "double_posts": self.double_posts,
            "orphans": self.orphans,
            "dropped_m2": self.dropped_m2,
        }


def match_beats(
    beats: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    homes: gpd.GeoDataFrame | None = None,
    *,
    least_share: float = LEAST_SHARE,
) -> BeatMatch:
    """
    Match police beats with grids by the ground, and the households, that they share.

    A pair counts when it is at least `least_share` of the ground of the grid or of the beat. The
    first beat of a grid is the one with most of its households where homes are given and any is
    in the grid, else the one with most of its ground; of equal ones the lower code.

    Parameters
    ----------
    beats
        n polygons with `area_id`, in a metric CRS.
    grids
        m polygons with `area_id`, in the same CRS.
    homes
        Points with `households` (1 each where the column is missing), in the same CRS. A row
        without a number counts for nothing.
    least_share
        A share in [0, 1].

    Returns
    -------
    match
        Pairs by grid, the first beat first; the lists by code.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError, GeometryError
        When codes are missing or repeated, or rows are no valid polygons or points.
    InvalidParameterError
        When `least_share` is no share.
    """
    more = {} if homes is None else {"homes": homes}
    require_metric_crs(beats=beats, grids=grids, **more)
    if not 0.0 <= least_share <= 1.0:
        raise InvalidParameterError(f"least_share must be in [0, 1], got {least_share!r}")
    beat_id, grid_id = required(beats, "beats", "area_id"), required(grids, "grids", "area_id")
    by_beat, by_grid = np.argsort(beat_id, kind="stable"), np.argsort(grid_id, kind="stable")
    beat_id, grid_id = beat_id[by_beat], grid_id[by_grid]
    patrolled = polygons_of(beats, "beats")[by_beat]
    divided = polygons_of(grids, "grids")[by_grid]
    grid, beat, area = overlaps(divided, patrolled)
    grid_share = area / shapely.area(divided)[grid]
    beat_share = area / shapely.area(patrolled)[beat]
    kept = np.maximum(grid_share, beat_share) >= least_share
    dropped_m2 = float(area[~kept].sum())
    grid, beat, area = grid[kept], beat[kept], area[kept]
    households = np.full(len(grid), np.nan)
    if homes is not None:
        households = _households(homes, beats.iloc[by_beat], grids.iloc[by_grid], beat, grid)
    # Ground decides only where nobody lives.
    lived = np.bincount(grid, np.nan_to_num(households), minlength=len(grid_id)) > 0.0
    first = largest(grid, np.where(lived[grid], np.nan_to_num(households), area), len(grid_id))
    main = np.zeros(len(grid), dtype=bool)
    main[first[first >= 0]] = True
    table = pd.DataFrame(
        {
            "beat_id": or_none(beat_id[beat]),
            "grid_id": or_none(grid_id[grid]),
            "area_m2": area,
            "grid_share": grid_share[kept],
            "beat_share": beat_share[kept],
            "households": households,
            "main": main,
        }
    ).iloc[np.lexsort((beat, ~main, grid))]
    held = np.bincount(grid, minlength=len(grid_id))
    return BeatMatch(
        table.reset_index(drop=True),
        grid_id[held == 0].tolist(),
        grid_id[held > 1].tolist(),
        beat_id[np.bincount(beat, minlength=len(beat_id)) == 0].tolist(),
        dropped_m2,
    )


def _households(
    homes: gpd.GeoDataFrame,
    beats: gpd.GeoDataFrame,
    grids: gpd.GeoDataFrame,
    beat: Ints,
    grid: Ints,
) -> Floats:
    """Return how many households live in both of each pair."""
    xy = coordinates(homes, "homes")
    count = np.ones(len(homes))
    if "households" in homes.columns:
        count = np.nan_to_num(number_column(homes, "households"))
    in_beat, in_grid = (areas_of_xy(xy[:, 0], xy[:, 1], areas) for areas in (beats, grids))
    both = (in_beat >= 0) & (in_grid >= 0)
    there = np.zeros((len(grids), len(beats)))
    np.add.at(there, (in_grid[both], in_beat[both]), count[both])
    found: Floats = there[grid, beat]
    return found
