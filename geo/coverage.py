"""What posts and cameras share: covered and uncovered stretches of the due streets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.areas import BORDER_M, OUTSIDE, area_pieces, areas_of_points
from geo.crs import label, require_metric_crs
from geo.due import DueRule, text_column
from geo.errors import ColumnError
from geo.intervals import Intervals
from geo.lines import Lines

if TYPE_CHECKING:
    from numpy.typing import NDArray


NOISE_M: Final = 1e-6
"""A gap shorter than this, in metres, is the rounding between two stretches that touch."""

SETTINGS: Final = ("urban", "rural")
"""What an area may say of its `setting`; the setting of any other, and outside, is unknown."""


@dataclass(frozen=True, eq=False)
class DueStreets:
    """
    The streets of one run, taken apart, and which stretches of them are due.

    Parameters
    ----------
    frame
        The streets as given.
    street_id
        One id per row: the column `street_id`, or the row number where there is none.
    lines
        Their parts and vertices.
    due
        The due stretches, keyed by part.
    excluded_length_m
        Length left out by reason, in metres; reasons that left nothing out are missing.
    """

    frame: gpd.GeoDataFrame
    street_id: pd.Series
    lines: Lines
    due: Intervals
    excluded_length_m: dict[str, float]

    @classmethod
    def of(
        cls, streets: gpd.GeoDataFrame, rule: DueRule | None, within: gpd.GeoDataFrame | None
    ) -> DueStreets:
        """Take the streets apart; apply the rule, or the default; `within` are areas to keep to."""
        lines = Lines.from_frame(streets, "streets")
        whole = lines.whole
        reason = (rule or DueRule()).exclusion(streets)[lines.row[whole.key]]
        due = whole.select(reason == "")
        lengths = pd.Series(whole.lengths_m[reason != ""]).groupby(reason[reason != ""]).sum()
        excluded = {str(name): float(length) for name, length in lengths.items()}
        if within is not None:
            pieces = area_pieces(lines, due, within)
            inside = pieces.area >= 0
            kept = Intervals.of(pieces.part[inside], pieces.start[inside], pieces.end[inside])
            if due.length_m - kept.length_m > NOISE_M:
                excluded["outside"] = due.length_m - kept.length_m
            due = kept
        ids = (
            streets["street_id"] if "street_id" in streets.columns else pd.RangeIndex(len(streets))
        )
        return cls(streets, pd.Series(ids).reset_index(drop=True), lines, due, excluded)

    def stretches(self, intervals: Intervals) -> gpd.GeoDataFrame:
        """
        Return one row per stretch, in street order.

        Parameters
        ----------
        intervals
            n stretches keyed by part.

        Returns
        -------
        frame
            n rows: `street_id`, `start_m`, `end_m`, `length_m` along the row, LineString
            geometry in the CRS of the streets.
        """
        row = self.lines.row[intervals.key]
        return gpd.GeoDataFrame(
            {
                "street_id": self.street_id.to_numpy()[row],
                "start_m": intervals.start,
                "end_m": intervals.end,
                "length_m": intervals.lengths_m,
            },
            geometry=self.lines.cut(intervals),
            crs=self.frame.crs,
        )


@dataclass(frozen=True, eq=False)
class StreetCoverage:
    """
    Which stretches of the due streets are covered, and which are gaps.

    Parameters
    ----------
    gaps
        One row per uncovered stretch of one street: `street_id`, `start_m`, `end_m`,
        `length_m`, LineString geometry, in the CRS of the streets.
    streets
        The streets of the run and their due stretches.
    gap_intervals
        The gaps, keyed by part of `streets.lines`, row by row.
    """

    gaps: gpd.GeoDataFrame
    streets: DueStreets
    gap_intervals: Intervals

    @cached_property
    def covered(self) -> gpd.GeoDataFrame:
        """The covered stretches, in the columns of `gaps`."""
        return self.streets.stretches(self.streets.due.difference(self.gap_intervals))

    @property
    def street_length_m(self) -> float:
        """Length of all streets, due or not, in metres."""
        return self.streets.lines.whole.length_m

    @property
    def due_length_m(self) -> float:
        """Length of the due streets, in metres: the denominator of `covered_share`."""
        return self.streets.due.length_m

    @property
    def gap_length_m(self) -> float:
        """Uncovered due length, in metres."""
        return self.gap_intervals.length_m

    @property
    def covered_length_m(self) -> float:
        """Covered due length, in metres: the numerator of `covered_share`."""
        return self.due_length_m - self.gap_length_m

    @property
    def covered_share(self) -> float | None:
        """Covered length over due length, in [0, 1]; None when no street is due."""
        return share(self.covered_length_m, self.due_length_m)

    def by_area(self, areas: gpd.GeoDataFrame, *, border_m: float = BORDER_M) -> gpd.GeoDataFrame:
        """
        Divide the figures among areas; every metre and every site is counted once.

        A stretch within `border_m` of several areas belongs to the lowest code of them and is
        counted in `border_length_m` too; a site on a border belongs to the lowest code. What
        lies in no area stands in a last row `(outside)`.

        Parameters
        ----------
        areas
            n polygons with `area_id`, in the CRS of the streets; `name` is passed on.
        border_m
            Half the width of the band around a shared border, in metres.

        Returns
        -------
        frame
            n + 1 rows in the order of `areas`: `area_id`, `name` where given, `due_length_m`,
            `covered_length_m`, `gap_length_m`, `covered_share` (NaN without due streets),
            `border_length_m`, the number of sites, and the geometry. The lengths add up to the
            whole within 1e-6 m.

        Raises
        ------
        CRSError
            When the CRS of the areas is not that of the streets.
        ColumnError, GeometryError
            When the areas have no code, or are no valid polygons.
        """
        require_metric_crs(streets=self.streets.frame, areas=areas)
        pieces = area_pieces(self.streets.lines, self.streets.due, areas, border_m=border_m)
        n = len(areas)
        bin_of = np.where(pieces.area < 0, n, pieces.area)
        lengths = pieces.end - pieces.start
        gap = Intervals(pieces.part, pieces.start, pieces.end).overlaps_m(self.gap_intervals)
        due_m = np.bincount(bin_of, weights=lengths, minlength=n + 1)
        gap_m = np.bincount(bin_of, weights=gap, minlength=n + 1)
        border_length_m = np.bincount(bin_of, weights=lengths * pieces.border, minlength=n + 1)
        columns: dict[str, Any] = {"area_id": [*areas["area_id"], OUTSIDE]}
        if "name" in areas.columns:
            columns["name"] = [*areas["name"], None]
        covered_m = due_m - gap_m
        with np.errstate(divide="ignore", invalid="ignore"):
            covered_share = np.where(due_m > 0.0, covered_m / due_m, np.nan)
        columns |= {
            "due_length_m": due_m,
            "covered_length_m": covered_m,
            "gap_length_m": gap_m,
            "covered_share": covered_share,
            "border_length_m": border_length_m,
        }
        for name, points in self.sites().items():
            site_area = areas_of_points(points, areas)
            columns[name] = np.bincount(np.where(site_area < 0, n, site_area), minlength=n + 1)
        return gpd.GeoDataFrame(columns, geometry=[*areas.geometry, None], crs=areas.crs)

    def sites(self) -> dict[str, NDArray[np.object_]]:
        """Return the points that `by_area` counts, by the name of their column."""
        return {}

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            Lengths in metres, `covered_share` in [0, 1] or None, the CRS as `EPSG:n`.
        """
        return {
            "streets": len(self.streets.frame),
            "street_length_m": self.street_length_m,
            "excluded_length_m": sum(self.streets.excluded_length_m.values()),
            "excluded_by_reason_m": dict(sorted(self.streets.excluded_length_m.items())),
            "due_length_m": self.due_length_m,
            "covered_length_m": self.covered_length_m,
            "gap_length_m": self.gap_length_m,
            "gaps": len(self.gaps),
            "covered_share": self.covered_share,
            "crs": label(self.streets.frame.crs),
        }


def by_setting(by_area: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Add up the figures of urban areas, of rural ones, and of the rest.

    Parameters
    ----------
    by_area
        What `StreetCoverage.by_area` gives for `areas`.
    areas
        n areas with `area_id` and `setting`: "urban", "rural", or anything else for unknown.

    Returns
    -------
    frame
        Three rows: `setting` ("urban", "rural", "unknown"), `due_length_m`, `covered_length_m`,
        `covered_share` (NaN without due streets). What lies in no area is of unknown setting, so
        that the lengths add up to the whole.

    Raises
    ------
    ColumnError
        When the areas have no `setting`, or are not those of `by_area`.
    """
    if "setting" not in areas.columns:
        raise ColumnError(
            f"areas: no column setting among {', '.join(map(str, areas.columns))}; add one that "
            f"says urban or rural"
        )
    if by_area["area_id"].tolist() != [*areas["area_id"], OUTSIDE]:
        raise ColumnError(
            f"areas: the codes of these {len(areas)} areas are not those of the {len(by_area)} "
            f"rows of by_area; pass the areas that it was computed of"
        )
    known = text_column(areas, "setting")
    setting = np.append(np.where(np.isin(known, SETTINGS), known, "unknown"), "unknown")
    lengths = by_area[["due_length_m", "covered_length_m"]].groupby(setting).sum()
    frame = lengths.reindex([*SETTINGS, "unknown"], fill_value=0.0)
    pairs = zip(frame["covered_length_m"], frame["due_length_m"], strict=True)
    frame["covered_share"] = np.array([share(*pair) for pair in pairs], dtype=np.float64)
    return frame.rename_axis("setting").reset_index()


def share(part: float, whole: float) -> float | None:
    """
    Return part over whole, kept within [0, 1] against rounding; None without a whole.

    Parameters
    ----------
    part
        The numerator.
    whole
        The denominator, in the same unit.

    Returns
    -------
    share
        A fraction, or None.
    """
    return None if whole <= 0.0 else min(max(part / whole, 0.0), 1.0)


def uncovered(streets: DueStreets, covered: Intervals) -> Intervals:
    """
    Take what is covered out of what is due.

    Parameters
    ----------
    streets
        The due streets.
    covered
        Covered stretches, keyed by part.

    Returns
    -------
    gaps
        The uncovered stretches longer than `NOISE_M`.
    """
    return streets.due.difference(covered).longer_than(NOISE_M)
