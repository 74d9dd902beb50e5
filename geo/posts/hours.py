"""Coverage by hour of the week: posts cover only while they are on duty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.coverage import DueStreets, share, uncovered
from geo.crs import require_metric_crs
from geo.duty import DutyHours, duty_states, hour_states, mobility
from geo.duty.asked import asked_pieces
from geo.duty.week import AXIS_MIN, DAY_MIN, HOUR_MIN, WEEK_MIN
from geo.posts.coverage import reach_intervals
from geo.posts.gates import Gates
from geo.streets import StreetNetwork

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.due import DueRule
    from geo.duty import DutyStates
    from geo.intervals import Intervals

    Bools = NDArray[np.bool_]
    Cover = Callable[[Bools], Intervals]

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


def coverage_by_hour(  # noqa: PLR0913 - who is on duty, and which way is open
    streets: gpd.GeoDataFrame,
    posts: gpd.GeoDataFrame,
    *,
    reach_m: float = 50.0,
    distance: str = "street",
    asked: str | None = None,
    due: DueRule | None = None,
    within: gpd.GeoDataFrame | None = None,
    network: StreetNetwork | None = None,
    gates: gpd.GeoDataFrame | None = None,
) -> HourlyCoverage:
    """
    Compute what is covered at each hour of the week and of a holiday.

    A post covers while it is on duty; a mobile post is one row per place and hours, and covers
    only where it is at that hour. A post whose hours are not stated counts as always on duty
    and is counted; one whose hours cannot be read counts in `upper_share` alone. A gate is open
    by the same rules, and nobody sees along the street past one that is shut.

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
        What to walk along, made of the same `streets` and with every gate open; None to make it
        here.
    gates
        Point rows whose `hours` are those in which one may pass; straight distance knows none.
        None for no gate.

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
    Exact: coverage is computed once for each distinct set of posts on duty and gates open, and
    hours are mixed by the minutes that each set holds. The network is parted, and what posts
    reach on it found, once for each distinct set of shut gates.
    """
    given = {"within": within, "gates": gates}
    require_metric_crs(
        streets=streets, posts=posts, **{k: v for k, v in given.items() if v is not None}
    )
    wanted = _asked(asked)
    chosen = DueStreets.of(streets, due, within)
    duty = DutyHours.of(posts)
    fixed = mobility(posts) != "mobile"
    if gates is None or distance == "straight":
        cover, both = reach_intervals(chosen, posts, reach_m, distance, network), duty
    else:
        across = Gates.of(gates, network or StreetNetwork.of(chosen.lines, streets))
        cover = _gated(chosen, posts, reach_m, across)
        both = DutyHours.of(pd.DataFrame({"hours": [*duty.hours, *across.duty.hours]}))

    sure, upper = duty_states(both), duty_states(both, upper=True)
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


def _gated(streets: DueStreets, posts: gpd.GeoDataFrame, reach_m: float, gates: Gates) -> Cover:
    """Return what tells what posts on duty cover; after their flags stand those of open gates."""
    made: dict[bytes, Cover] = {}

    def cover(on: Bools) -> Intervals:
        shut = ~on[len(posts) :]
        key = shut.tobytes()
        if key not in made:
            made[key] = reach_intervals(streets, posts, reach_m, "street", gates.left(shut))
        return made[key](on[: len(posts)])

    return cover


def _shares(streets: DueStreets, cover: Cover, states: DutyStates, only: Bools) -> pd.DataFrame:
    """Return the states of each hour with what some of the posts cover in them."""
    whole_m = streets.due.length_m
    gates = np.ones(len(states.pattern) - len(only), dtype=bool)
    counted = np.concatenate((only, gates))
    each = [
        share(whole_m - uncovered(streets, cover(states.on(k) & counted)).length_m, whole_m)
        for k in range(len(states))
    ]
    rows = hour_states(states)
    held = rows["state"].to_numpy()
    rows["covered_share"] = np.array(each, dtype=np.float64)[held]
    manned = [states.on(k)[: len(only)].sum() for k in range(len(states))]
    rows["posts"] = np.array(manned)[held]
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


def _asked(text: str | None) -> Bools:
    """Tell which hours of the week and the holiday are asked for."""
    hours = AXIS_MIN // HOUR_MIN
    if text is None:
        return np.ones(hours, dtype=bool)
    found = np.zeros(hours, dtype=bool)
    pieces = asked_pieces(text)
    for start, end in zip(pieces.start, pieces.end, strict=True):
        found[int(start) // HOUR_MIN : -(-int(end) // HOUR_MIN)] = True
    return found
