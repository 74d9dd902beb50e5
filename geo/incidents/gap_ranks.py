"""Gaps of posts and cameras by what the public reported there, and which rows were counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.incidents.cells import Places
from geo.incidents.counted import counted_rows
from geo.incidents.links import nearest_line, rank_gaps
from geo.incidents.periods import Period
from geo.incidents.rows import counted_at

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.coverage import StreetCoverage
    from geo.incidents.counted import Taken


@dataclass(frozen=True, eq=False)
class GapRanks:
    """
    Outcome of `gap_ranks`.

    Parameters
    ----------
    gaps
        The gaps with `rank`, `incidents` and `incidents_per_100_m`, the most incidents first.
    taken
        Which incidents were counted at a gap or at a covered stretch, and which at neither.
    days
        From the first to the last incident at a gap or a covered stretch; None without times.
    reach_m
        How far from a stretch counts, in metres.
    public_only
        Whether what patrols found was left out.
    """

    gaps: gpd.GeoDataFrame
    taken: Taken
    days: Period | None
    reach_m: float
    public_only: bool

    @property
    def at_gaps(self) -> int:
        """Return the number of incidents at gaps."""
        return int(self.gaps["incidents"].sum())

    @property
    def at_covered(self) -> int:
        """Return the number of incidents at covered stretches, which rank no gap."""
        return self.taken.counted - self.at_gaps

    def summary(self) -> dict[str, Any]:
        """Return what was counted, ready for JSON; the parts add up to `rows`."""
        taken = self.taken
        return {
            "rows": taken.rows,
            "at_gaps": self.at_gaps,
            "at_covered": self.at_covered,
            "too_far": taken.outside,
            "without_place": taken.without_place,
            "found_by_patrols_left_out": taken.left_out.numerator if self.public_only else 0,
            "empty": taken.empty,
            "public_only": self.public_only,
            "found_by_patrols": taken.left_out.summary(),
            "unknown_source": taken.unknown_source,
            "unit": taken.unit,
            "days": None if self.days is None else self.days.summary(),
            "reach_m": self.reach_m,
            "gaps": len(self.gaps),
            "gaps_with_incidents": int((self.gaps["incidents"] > 0).sum()),
        }


def gap_ranks(
    coverage: StreetCoverage,
    incidents: gpd.GeoDataFrame,
    *,
    public_only: bool = True,
    reach_m: float = 50.0,
) -> GapRanks:
    """
    Rank the gaps of a coverage by the incidents at them.

    An incident counts at the nearest due stretch within reach, covered or not: what happens under
    the eyes of a post ranks no gap. A row counts as one, whatever number it says.

    Parameters
    ----------
    coverage
        Of posts or of cameras.
    incidents
        n rows, Point or no place, in the CRS of the coverage; read where present: `found_by`,
        `place_quality`, `count`, `count_unit`, `kind`, `accepted` and `time`. Of any time.
    public_only
        Whether what patrols found is left out: else they would rank the gaps by where they walk.
    reach_m
        How far from a stretch counts, in metres; greater than 0.

    Returns
    -------
    ranks
        The gaps, and what became of every incident.

    Raises
    ------
    CRSError, GeometryError
        When the frames share no CRS whose metres are metres, or an incident is no point.
    InvalidParameterError
        When the reach is not greater than 0.
    """
    gaps, covered = coverage.gaps, coverage.covered
    none = np.zeros(0, dtype=np.int64)
    stretches = _Stretches(pd.concat([covered, gaps]), none, none, reach_m)
    row, _, taken = counted_rows(incidents, stretches, public_only=public_only)
    rows = incidents.iloc[row]
    at = counted_at(rows).dropna()
    days = None
    if len(at):
        days = Period(at.min().date(), at.max().date() + dt.timedelta(days=1))
    ranked = rank_gaps(gaps, rows, covered=covered, reach_m=reach_m)
    return GapRanks(ranked, taken, days, reach_m, public_only)


@dataclass(frozen=True, eq=False)
class _Stretches(Places):
    """Stretches of street; no neighbours are told."""

    reach_m: float

    def _rows(self, points: gpd.GeoDataFrame) -> NDArray[np.int64]:
        """Find the nearest stretches."""
        return nearest_line(np.asarray(self.frame.geometry.array), points, self.reach_m)
