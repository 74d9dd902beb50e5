"""Coverage by hour of the week: posts cover only while they are on duty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.coverage import DueStreets, share, uncovered
from geo.crs import require_metric_crs
from geo.duty import DutyHours, duty_states, hour_states, mobility, read_hours
from geo.duty.week import AXIS_MIN, DAY_MIN, DAYS, HOUR_MIN, WEEK_MIN
from geo.errors import InvalidParameterError
from geo.posts.coverage import reach_intervals

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.due import DueRule
    from geo.duty import DutyStates
    from geo.intervals import Intervals
    from geo.streets import StreetNetwork

HOURS_OF_DAY: Final = DAY_MIN // HOUR_MIN
"""Hours of a day."""


@dataclass(frozen=True, eq=False)
class HourlyCoverage:
    """
    Outcome of `coverage_by_hour`.

    Parameters
    ----------
    hours
        192 rows, one for each hour of the week and of a holiday: `hour` (0 is Monday 00:00,
        168 the first of the holiday), `day` (one of `geo.duty.DAYS`), `clock` (0-23), `asked`
        (whether the hour is among those asked for, in part at least), `covered_share` (mean over
        the hour, to the minute; None is no share), `lowest_share` (of any minute in it),
        `fixed_share` (by posts that are not mobile), `upper_share` (when hours that cannot be
        read or leave holidays open were duty hours), `posts` on duty at most.
    worst_gaps
        The gaps at the worst hour's lowest minute, in the columns of `StreetCoverage.gaps`.
    due_length_m
        The denominator of all shares, in metres.
    doubts
        Hours that a person should look at: `row`, `post_id`, `hours`, `reason`, `part`.
    counts
        How many posts have hours that are not stated, not read, overlap, or are silent about
        holidays.
    """

    hours: pd.DataFrame
    worst_gaps: gpd.GeoDataFrame
    due_length_m: float
    doubts: pd.DataFrame
    counts: dict[str, Any]

    @property
    def worst(self) -> pd.Series | None:
        """The hour asked for, of the week, with the lowest share; None without due streets."""
        return _worst(self.hours)

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            The worst hour as "Mo 03:00" with its shares, the mean share over the hours asked
            for of a week without holidays and of a holiday, and the counts of doubtful hours.
        """
        worst = self.worst
        ordinary = self.hours["hour"] < WEEK_MIN // HOUR_MIN
        return {
            "worst_hour": None if worst is None else f"{worst['day']} {worst['clock']:02d}:00",
            "worst_hour_share": None if worst is None else float(worst["lowest_share"]),
            "worst_hour_gap_length_m": float(self.worst_gaps["length_m"].sum()),
            "mean_share": self._mean(ordinary, "covered_share"),
            "mean_share_fixed": self._mean(ordinary, "fixed_share"),
            "mean_share_upper": self._mean(ordinary, "upper_share"),
            "mean_share_holiday": self._mean(~ordinary, "covered_share"),
        } | self.counts

    def _mean(self, which: pd.Series, column: str) -> float | None:
        shares = self.hours.loc[which & self.hours["asked"], column].dropna()
        return float(shares.mean()) if len(shares) else None


def coverage_by_hour(
    streets: gpd.GeoDataFrame,
    posts: gpd.GeoDataFrame,
    *,
    reach_m: float = 50.0,
    distance: str = "street",
    asked: str | None = None,
    due: DueRule | None = None,
    within: gpd.GeoDataFrame | None = None,
    network: StreetNetwork | None = None,
) -> HourlyCoverage:
    """
    Compute what is covered at each hour of the week and of a holiday.

    A post covers while it is on duty; a mobile post is one row per place and hours, and covers
    only where it is at that hour. A post whose hours are not stated counts as always on duty
    and is counted; one whose hours cannot be read counts in `upper_share` alone.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS.
    posts
        m Point rows in the same CRS; `hours`, `mobility`, `staff` and `post_id` are read where
        present.
    reach_m
        How far one post sees, in metres; greater than 0.
    distance
        "straight" or "street".
    asked
        The hours that matter, written as the hours of a post are ("20:00-06:00"); None for all.
    due
        Which streets count; None for the default `DueRule`.
    within
        Polygons with `area_id`: only the stretches inside them are due. None for all.
    network
        What to walk along, made of the same `streets`; None to make it here.

    Returns
    -------
    coverage
        By hour, and the worst of them.

    Raises
    ------
    CRSError, GeometryError
        As `post_coverage` does.
    InvalidParameterError
        As `post_coverage` does; or when the hours asked for cannot be read.

    Notes
    -----
    Exact: coverage is computed once for each distinct set of posts on duty, and hours are mixed
    by the minutes that each set holds.
    """
    require_metric_crs(
        streets=streets, posts=posts, **({} if within is None else {"within": within})
    )
    wanted = _asked(asked)
    chosen = DueStreets.of(streets, due, within)
    cover = reach_intervals(chosen, posts, reach_m, distance, network)
    duty = DutyHours.of(posts)
    fixed = mobility(posts) != "mobile"

    sure, upper = duty_states(duty), duty_states(duty, upper=True)
    rows = _shares(chosen, cover, sure, np.ones(len(posts), dtype=bool))
    hours = _by_hour(rows)
    hours["fixed_share"] = _by_hour(_shares(chosen, cover, sure, fixed))["covered_share"]
    everybody = _shares(chosen, cover, upper, np.ones(len(posts), dtype=bool))
    hours["upper_share"] = _by_hour(everybody)["covered_share"]
    hours.insert(3, "asked", wanted)
    gaps = chosen.due.select(np.zeros(len(chosen.due), dtype=bool))
    worst = _worst(hours)
    if worst is not None:
        of_hour = rows[rows["hour"] == worst["hour"]]
        state = int(of_hour.loc[of_hour["covered_share"].idxmin(), "state"])
        gaps = uncovered(chosen, cover(sure.on(state)))
    return HourlyCoverage(
        hours, chosen.stretches(gaps), chosen.due.length_m, duty.doubts, duty.summary()
    )


def _shares(
    streets: DueStreets,
    cover: Callable[[NDArray[np.bool_]], Intervals],
    states: DutyStates,
    only: NDArray[np.bool_],
) -> pd.DataFrame:
    """Return the states of each hour with what some of the posts cover in them."""
    whole_m = streets.due.length_m
    each = [
        share(whole_m - uncovered(streets, cover(states.on(k) & only)).length_m, whole_m)
        for k in range(len(states))
    ]
    rows = hour_states(states)
    held = rows["state"].to_numpy()
    rows["covered_share"] = np.array(each, dtype=np.float64)[held]
    rows["posts"] = np.array([states.on(k).sum() for k in range(len(states))])[held]
    return rows


def _worst(hours: pd.DataFrame) -> pd.Series | None:
    """Return the hour asked for, of an ordinary week, with the lowest share."""
    asked = hours[hours["asked"] & (hours["hour"] < WEEK_MIN // HOUR_MIN)]
    asked = asked[asked["lowest_share"].notna()]
    return None if asked.empty else asked.loc[asked["lowest_share"].idxmin()]


def _by_hour(rows: pd.DataFrame) -> pd.DataFrame:
    """Mix the states of each hour by the minutes that they hold."""
    rows = rows.assign(weighed=rows["covered_share"] * rows["share"])
    hours = rows.groupby("hour", as_index=False).agg(
        day=("day", "first"),
        covered_share=("weighed", lambda shares: shares.sum(skipna=False)),
        lowest_share=("covered_share", "min"),
        posts=("posts", "max"),
    )
    hours.insert(2, "clock", hours["hour"] % HOURS_OF_DAY)
    return hours


def _asked(text: str | None) -> NDArray[np.bool_]:
    """Tell which hours of the week and the holiday are asked for."""
    hours = AXIS_MIN // HOUR_MIN
    if text is None:
        return np.ones(hours, dtype=bool)
    reading = read_hours(text)
    if reading.week is None:
        reasons = "; ".join(f"{doubt.reason}: {doubt.part}" for doubt in reading.doubts)
        raise InvalidParameterError(
            f"hours: {text!r} cannot be read ({reasons}); write them as 20:00-06:00 or "
            f"Mo-Fr 07:30-09:00, one of {', '.join(DAYS)}"
        )
    found = np.zeros(hours, dtype=bool)
    pieces = DutyHours.of(pd.DataFrame({"hours": [text]})).intervals(upper=True)
    for start, end in zip(pieces.start, pieces.end, strict=True):
        found[int(start) // HOUR_MIN : -(-int(end) // HOUR_MIN)] = True
    return found
