"""
Hot spots: where incidents gather more than chance explains.

What patrols find is found where they walk, so it is left out unless asked for: else patrols would
make the hot spots that send them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse import csr_array

from geo.due import number_column
from geo.errors import ColumnError, InvalidParameterError
from geo.incidents.counted import Taken, counted_rows
from geo.incidents.discovery import benjamini_hochberg, check_level
from geo.incidents.local_g import PERMUTATIONS, check_draws, finer, local_g
from geo.incidents.spots import grouped, identified, spots_of

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from geo.incidents.cells import Places
    from geo.incidents.numbers import Rate
    from geo.incidents.periods import Period

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


ALONE: Final = 0.2
"""A place whose neighbours are all cold is hot only at this share of the level. Most of what noise
shows are such places: of 100 maps of noise 1 to 2 show a spot instead of 2 to 4, and of faint
clusters no fewer are found."""


@dataclass(frozen=True, eq=False)
class HotSpots:
    """
    Outcome of `hot_spots`.

    Parameters
    ----------
    places
        A row per place, in their order: `place_id`, `n`, `value` (what was tested: `n`, or the
        rate), `z`, `p`, `q` (NaN where there is no rate), `hot` (`q` is at most `level`, and for a
        place alone at most `ALONE` of it), `spot_id` (None where not hot),
        its `area_m2` or `length_m`, `name` where the places have it, geometry.
    spots
        A row per spot, the most incidents first: `spot_id`, `n`, `places`, `area_m2` or
        `length_m`, `n_around` (incidents there and at the neighbours), `peak_place`, its `name`
        where the places have it, `kept` (the id is that of an earlier spot), geometry.
    moves
        What became of the spots of the week before: see `geo.incidents.spots.identified`.
    taken
        Which rows were counted, and which were not.
    level
        The share of false discoveries that was allowed.
    permutations
        How often was drawn for every place.
    finest
        How often for the highest ones.
    """

    places: gpd.GeoDataFrame
    spots: gpd.GeoDataFrame
    moves: pd.DataFrame
    taken: Taken
    level: float
    permutations: int
    finest: int

    @property
    def left_out(self) -> Rate:
        """Return the rows found by patrols, of those of which it is known who found them."""
        return self.taken.left_out

    @property
    def left_out_share(self) -> float | None:
        """Return the share of rows that patrols found, in [0, 1]; None where nothing is known."""
        return self.taken.left_out.share

    @property
    def unknown_source(self) -> int:
        """Return the number of rows of which it is not known who found them."""
        return self.taken.unknown_source

    @property
    def without_place(self) -> int:
        """Return the number of rows without a usable point."""
        return self.taken.without_place

    @property
    def least_together(self) -> int:
        """Return how many places at the smallest p it takes to call any of them hot."""
        tested = int(self.places["p"].notna().sum())
        return max(int(np.ceil(tested / (self.finest + 1.0) / self.level - 1e-9)), 1)

    def summary(self) -> dict[str, Any]:
        """Return the counts and the terms, ready for JSON."""
        taken = self.taken
        return {
            "rows": taken.rows,
            "counted": taken.counted,
            "unit": taken.unit,
            "found_by_patrols": taken.left_out.numerator,
            "source_known": taken.left_out.denominator,
            "left_out_share": self.left_out_share,
            "unknown_source": taken.unknown_source,
            "sources": taken.sources,
            "without_place": taken.without_place,
            "outside": taken.outside,
            "empty": taken.empty,
            "places": len(self.places),
            "tested": int(self.places["p"].notna().sum()),
            "hot": int(self.places["hot"].sum()),
            "alone": int(((self.places["q"] <= self.level) & ~self.places["hot"]).sum()),
            "spots": len(self.spots),
            "kept": int(self.spots["kept"].sum()),
            "ended": int((self.moves["what"] == "ended").sum()),
            "level": self.level,
            "permutations": self.permutations,
            "finest": self.finest,
            "least_together": self.least_together,
        }


def hot_spots(  # noqa: PLR0913 - what is counted where, and the terms of the test
    incidents: gpd.GeoDataFrame,
    places: Places,
    *,
    period: Period | None = None,
    exposure: str | None = None,
    public_only: bool = True,
    permutations: int = PERMUTATIONS,
    level: float = 0.05,
    seed: int = 0,
    previous: HotSpots | pd.DataFrame | None = None,
) -> HotSpots:
    """
    Find the places that, with their neighbours, have more incidents than chance explains.

    By G*, one-sided p of permutations, and control of false discoveries over all places, which a
    place alone has to pass by a wide margin. A row counts as one, whatever number it says.
    Neighbouring hot places are one spot.

    Parameters
    ----------
    incidents
        n rows, Point or no place, in the CRS of the places; read where present: `found_by`,
        `place_quality`, `count`, `count_unit`, `kind`, and `accepted` and `time` for the period.
    places
        From `geo.incidents.street_places` or `geo.incidents.square_cells`.
    period
        Which rows count; None for all.
    exposure
        The column of `places.frame` that rates go by: people, or `length_m` of street segments.
        None for counts.
    public_only
        Whether what patrols found is left out.
    permutations
        How often to draw for every place, from 9,999 up. The highest are drawn for more often
        where there are so many places that one could not be told otherwise.
    level
        The share of false ones among hot places that is allowed; between 0 and 1.
    seed
        Makes the draws; 0 or more.
    previous
        The hot spots of the week before, or their `places`: spots keep their ids.

    Returns
    -------
    found
        Places, spots, and what was left out.

    Raises
    ------
    CRSError, GeometryError
        When the frames share no CRS whose metres are metres, or an incident is no point.
    ColumnError
        When the column of exposure is missing, or earlier places have no ids.
    InvalidParameterError
        When the places are none, an option is out of its range, or exposure is negative.

    Notes
    -----
    The count of a segment is tested as it is, not by its length: a stub of 8 m with one incident
    would have 12.5 for each 100 m. Rates are shrunk towards the mean of all by how little exposure
    they rest on (Marshall, Mapping disease and mortality rates using empirical Bayes estimators,
    1991, doi:10.2307/2347593); a place with no exposure, or an unknown one, is not tested.

    A heavy place among light ones is not hot by G*; see `local_g`. Of 900 cells with 2 incidents
    each or more, 3 x 3 cells with three times as many are found nearly always; with 1 each, in
    three of five maps.
    """
    check_draws(permutations, seed)
    check_level(level)
    _, row, taken = counted_rows(incidents, places, period, public_only=public_only)
    n = np.bincount(row, minlength=len(places.frame)).astype(np.int64)
    value = n.astype(np.float64) if exposure is None else _rates(n, places.frame, exposure)
    tested = np.flatnonzero(~np.isnan(value))
    near = csr_array(
        (np.ones(len(places.indices)), places.indices, places.indptr), shape=(len(n),) * 2
    )[tested][:, tested]
    net = value[tested], near.indptr.astype(np.int64), near.indices.astype(np.int64)
    z, p, q = (np.full(len(n), np.nan) for _ in range(3))
    z[tested], found = local_g(*net, permutations=permutations, seed=seed)
    p[tested], finest = finer(
        found, *net, permutations=permutations, level=ALONE * level, seed=seed
    )
    q, hot = benjamini_hochberg(p, level)
    group = grouped(hot, places.indptr, places.indices)
    # The last takes the places that are in no group.
    alone = np.append(np.bincount(group[hot]), 0)[group] == 1
    hot &= ~alone | (q <= ALONE * level)
    told = _told(places, n, value).assign(z=z, p=p, q=q, hot=hot)
    group = grouped(hot, places.indptr, places.indices)
    spots = spots_of(told, group, places)
    before = previous.places if isinstance(previous, HotSpots) else previous
    ids, moves = identified(spots, told["place_id"].to_numpy(dtype=object), n, group, before)
    # The last takes the places that are in no group.
    told["spot_id"] = np.append(ids, [None])[group]
    spots.insert(0, "spot_id", ids)
    spots.insert(len(spots.columns) - 1, "kept", np.isin(ids, moves["previous_id"].dropna()))
    order = np.lexsort((ids.astype(str), -spots["n"].to_numpy()))
    spots = spots.iloc[order].reset_index(drop=True)
    return HotSpots(told, spots, moves, taken, level, permutations, finest)


def _rates(n: Ints, frame: gpd.GeoDataFrame, exposure: str) -> Floats:
    """Return incidents for each unit of exposure, drawn to the mean where they rest on little."""
    if exposure not in frame.columns:
        raise ColumnError(
            f"exposure: no column {exposure} among {', '.join(map(str, frame.columns))} of the "
            f"places; add it to places.frame, or count without exposure"
        )
    size = number_column(frame, exposure)
    if (size < 0.0).any():
        row = int(np.flatnonzero(size < 0.0)[0])
        raise InvalidParameterError(
            f"exposure: row {row} of the places has {exposure} {size[row]:g}; write 0 or more, or "
            f"leave it blank where it is not known"
        )
    known = np.isfinite(size) & (size > 0.0)
    value = np.full(len(n), np.nan)
    if not known.any():
        return value
    size, rate = size[known], n[known] / size[known]
    mean = float(n[known].sum() / size.sum())
    # How far rates differ beyond what counts of that size do by chance.
    beyond = max(float(np.average((rate - mean) ** 2, weights=size)) - mean / size.mean(), 0.0)
    trust = np.divide(beyond, beyond + mean / size, out=np.zeros(len(size)), where=mean > 0.0)
    value[known] = mean + trust * (rate - mean)
    return value


def _told(places: Places, n: Ints, value: Floats) -> gpd.GeoDataFrame:
    """Return what is told of each place before it is tested."""
    columns = ["place_id", places.measure, *(["name"] if "name" in places.frame else [])]
    told = places.frame[[*columns, "geometry"]].reset_index(drop=True)
    told.insert(1, "n", n)
    told.insert(2, "value", value)
    return told
