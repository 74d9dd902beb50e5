"""How far hot spots hang on the size of cells and on where their borders are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError
from geo.incidents.cells import square_cells
from geo.incidents.counted import counted_rows
from geo.incidents.hotspots import HotSpots, hot_spots

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.incidents.cells import Places
    from geo.incidents.periods import Period

    Ints = NDArray[np.int64]

COLUMNS = (
    "cell_m", "shift_m", "places", "hot", "area_m2", "spots", "incidents", "found_again",
    "base_spots", "found_again_share", "jaccard",
)  # fmt: skip
"""Columns of the table."""


def sensitivity(
    incidents: gpd.GeoDataFrame,
    base: HotSpots,
    places: Places,
    ground: gpd.GeoDataFrame | tuple[float, float, float, float],
    *,
    cells_m: Sequence[float] = (100.0, 150.0, 200.0, 300.0),
    period: Period | None = None,
    public_only: bool = True,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Find hot spots again in cells of other sizes and with other borders, and tell what stays.

    What lies in hot places is compared by the incidents in them, so that cells of any size and
    street segments can be held against each other.

    Parameters
    ----------
    incidents
        The rows that `base` was made of.
    base
        From `geo.incidents.hotspots.hot_spots`.
    places
        The places that it was made with.
    ground
        What cells are laid over, as for `geo.incidents.cells.square_cells`.
    cells_m
        Sides of cells, in metres; none below the floor of `square_cells`.
    period
        As for `base`.
    public_only
        As for `base`.
    seed
        Makes the draws; 0 or more.

    Returns
    -------
    frame
        A row for each size, with borders at whole multiples of the side and half a side off:
        `cell_m`, `shift_m`, `places`, `hot`, `area_m2` (of hot cells), `spots`, `incidents` (in
        hot cells), `found_again` of `base_spots` (more than half of their incidents lie in hot
        cells) and their share, `jaccard`: incidents in hot places of both, of those in either.
        A share of nothing is NaN.

    Raises
    ------
    InvalidParameterError
        When there is no size, or one is below the floor.
    """
    if not len(cells_m):
        raise InvalidParameterError("cells_m: no size given; name at least one, in metres")
    crs = places.frame.crs
    spot = _spot_of(incidents, base, places, period, public_only=public_only)
    rows = []
    for cell_m in cells_m:
        for shift_m in (0.0, cell_m / 2.0):
            cells = square_cells(ground, cell_m, crs, shift_m=shift_m)
            found = hot_spots(
                incidents, cells, period=period, public_only=public_only, level=base.level,
                permutations=base.permutations, seed=seed,
            )  # fmt: skip
            other = _spot_of(incidents, found, cells, period, public_only=public_only)
            rows.append((cell_m, shift_m, *_compared(base, spot, found, other)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _spot_of(
    incidents: gpd.GeoDataFrame,
    found: HotSpots,
    places: Places,
    period: Period | None,
    *,
    public_only: bool,
) -> Ints:
    """Return the number of the spot that each incident lies in; -1 for none."""
    row, place, _ = counted_rows(incidents, places, period, public_only=public_only)
    number = pd.Index(found.spots["spot_id"]).get_indexer(found.places["spot_id"])
    spot = np.full(len(incidents), -1, dtype=np.int64)
    spot[row] = number[place]
    return spot


def _compared(
    base: HotSpots, spot: Ints, found: HotSpots, other: Ints
) -> tuple[int, int, float, int, int, int, int, float, float]:
    """Return the figures of one row."""
    inside, again = spot >= 0, other >= 0
    # A spot without incidents of its own, hot for its neighbours, is never found again.
    held = np.bincount(spot[inside], minlength=len(base.spots))
    kept = np.bincount(spot[inside & again], minlength=len(base.spots))
    back = int((2 * kept > held).sum())
    either = int((inside | again).sum())
    hot = found.places["hot"]
    return (
        len(found.places),
        int(hot.sum()),
        float(found.places.loc[hot, "area_m2"].sum()),
        len(found.spots),
        int(again.sum()),
        back,
        len(base.spots),
        back / len(base.spots) if len(base.spots) else np.nan,
        int((inside & again).sum()) / either if either else np.nan,
    )
