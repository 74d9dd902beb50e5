"""How the incidents of the town were found, accepted and closed."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from data.town.ground import stream

Texts = NDArray[np.object_]
Times = NDArray[np.datetime64]

FINDERS: Final = {
    "event": {"grid": 0.45, "patrol": 0.33, "video": 0.1, "call": 0.09, "": 0.03},
    "hazard": {"grid": 0.6, "patrol": 0.25, "video": 0.03, "call": 0.09, "": 0.03},
    "dispute": {"grid": 0.55, "patrol": 0.03, "call": 0.38, "": 0.04},
    "police_call": {"call": 0.88, "patrol": 0.07, "video": 0.03, "": 0.02},
    "case": {"call": 0.84, "patrol": 0.05, "video": 0.08, "": 0.03},
}
"""Kind -> who found it, and how often; of a few nobody wrote it down."""

ACCEPTED_WITHIN_H: Final = {
    "event": 3.0, "hazard": 4.0, "dispute": 6.0, "police_call": 0.2, "case": 5.0,
}  # fmt: skip
"""Kind -> mean hours from when it was noticed until it was accepted."""

CLOSED_WITHIN_D: Final = {
    "event": 2.0, "hazard": 5.0, "dispute": 6.0, "police_call": 0.3, "case": 12.0,
}  # fmt: skip
"""Kind -> mean days from then until it was closed."""

LEVELS: Final = {"grid": 0.68, "village": 0.21, "town": 0.08, "county": 0.03}
"""At which level events, disputes and hazards were closed, and how often."""

COLOURS: Final = {"blue": 0.72, "yellow": 0.21, "red": 0.07}
"""Colours of disputes and hazards."""

CENSORED: Final = ("burglary", 0.85, 7.5)
"""This share of a class was noticed hours later: about when people rise, at this hour."""

MEDIATED_SHARE: Final = 0.86
"""Share of the closed disputes that somebody mediated."""

SUCCESS_SHARE: Final = 0.95
"""Share of those where it succeeded."""

TAGS: Final = {
    "market": "集贸市场",
    "bars": "夜间",
    "school": "校园周边",
    "bus_station": "车站周边",
}
"""What draws incidents -> the tag that the town gives them."""


def handled(
    incidents: gpd.GeoDataFrame, near: Texts, end: np.datetime64, *, seed: int
) -> gpd.GeoDataFrame:
    """
    Say of each incident who found it and what became of it.

    Parameters
    ----------
    incidents
        n rows in order of time: `kind`, `class`, `state` and `time`; `sort` is left out.
    near
        n texts: what draws incidents of the kind.
    end
        Nothing is known of what happened later than this.
    seed
        Source of the answers.

    Returns
    -------
    incidents
        The same rows; times are ISO texts.
    """
    rng = stream(seed, 12)
    count = len(incidents)
    kind, state = (incidents[name].to_numpy(dtype=object) for name in ("kind", "state"))
    begun = incidents["time"].to_numpy(dtype="datetime64[s]")
    latest = _latest(incidents["class"].to_numpy(dtype=object), begun, end, rng)
    noticed = np.where(np.isnat(latest), begun, latest)
    accepted = _after(noticed, kind, ACCEPTED_WITHIN_H, 3_600.0, end, rng)
    closed = _after(accepted, kind, CLOSED_WITHIN_D, 86_400.0, end, rng)
    done = state == "closed"
    closed[~done] = np.datetime64("NaT")
    public = np.isin(kind, ["event", "dispute", "hazard"])
    coloured = np.isin(kind, ["dispute", "hazard"])
    finder = _drawn(kind, FINDERS, rng)
    settled = (kind == "dispute") & done
    mediated = settled & (rng.random(count) < MEDIATED_SHARE)
    success = mediated & (rng.random(count) < SUCCESS_SHARE)
    resolved = np.where(mediated, success, rng.random(count) < SUCCESS_SHARE)
    return incidents.drop(columns="sort").assign(
        time=np.datetime_as_string(begun, unit="s"),
        time_to=_written(latest),
        accepted=_written(accepted),
        closed=_written(closed),
        tags=[TAGS.get(each) for each in near],
        colour=_where(coloured, _chosen(COLOURS, count, rng)),
        closed_level=_where(public & done, _chosen(LEVELS, count, rng)),
        mediated=_truths(settled, mediated),
        mediation_success=_truths(mediated, success),
        outcome=_where(settled, np.where(resolved, "resolved", "unresolved")),
        found_by=finder,
        first_handler=_where(public, np.where(finder == "patrol", "patrol", "grid")),
    )


def _latest(code: Texts, begun: Times, end: np.datetime64, rng: Generator) -> Times:
    """Return when burglaries were noticed: in the morning after; NaT where the time is known."""
    name, share, hour = CENSORED
    late = (code == name) & (rng.random(len(code)) < share)
    day = begun.astype("datetime64[D]").astype("datetime64[s]")
    minutes = np.round(rng.normal(hour * 60.0, 45.0, len(code))).astype("timedelta64[m]")
    rise = day + minutes
    rise = np.where(rise <= begun, rise + np.timedelta64(86_400, "s"), rise)
    return np.where(late & (rise < end), rise, np.datetime64("NaT")).astype("datetime64[s]")


def _after(
    times: Times,
    kind: Texts,
    within: dict[str, float],
    unit_s: float,
    end: np.datetime64,
    rng: Generator,
) -> Times:
    """Return a later time for each, by a mean of its kind, and none beyond the end."""
    mean_s = np.array([within[each] for each in kind]) * unit_s
    spent = np.round(rng.exponential(mean_s) / 60.0 + 1.0).astype("timedelta64[m]")
    return np.minimum(times + spent, end - np.timedelta64(1, "s")).astype("datetime64[s]")


def _drawn(kind: Texts, choices: dict[str, dict[str, float]], rng: Generator) -> Texts:
    """Return an answer for each, by the shares of its kind; None for a blank one."""
    found = np.full(len(kind), None, dtype=object)
    for name, shares in choices.items():
        mine = np.flatnonzero(kind == name)
        found[mine] = _chosen(shares, len(mine), rng)
    found[found == ""] = None
    return found


def _chosen(shares: dict[str, float], count: int, rng: Generator) -> Texts:
    return rng.choice(list(shares), count, p=list(shares.values())).astype(object)


def _where(held: NDArray[np.bool_], values: Texts) -> list[object]:
    return [value if there else None for there, value in zip(held, values, strict=True)]


def _truths(known: NDArray[np.bool_], values: NDArray[np.bool_]) -> pd.Series:
    return pd.Series(pd.array(values, dtype="boolean")).mask(~known)


def _written(times: Times) -> list[str | None]:
    texts = np.datetime_as_string(times, unit="s")
    return [None if gone else str(text) for text, gone in zip(texts, np.isnat(times), strict=True)]
