"""Where matters are closed, how many of those accepted are resolved, and how mediation ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError
from geo.health.moments import MISSING, moments
from geo.incidents.axes import unit_axis
from geo.incidents.columns import UNKNOWN, coded
from geo.incidents.cube import Axis, summed
from geo.incidents.numbers import Rate
from geo.incidents.rows import at_least, weights_of
from geo.incidents.tagging import groups_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

LEVELS: Final = ("grid", "village", "town", "county", "city")
"""Who can close a matter, from below: 网格、村（社区）、镇（街道）、县（区）、市."""

GRID_GROUPS: Final = ("livelihood", "dispute", "opinion", "security")
"""Groups of events that grids report by: 民生事项、矛盾调解、社情民意、治安防控."""

OTHER: Final = "other"
"""What an event counts under that is in none of these groups, so that all add up to the total."""

FORMULAS: Final = {
    "closed_share": "closed at the level / closed, of which the level is known",
    "closed_in_grid": "closed at grid level / all accepted",
    "resolution": "resolved by the cut-off / accepted by the cut-off",
    "mediation": "mediated with success / mediated with a known result, accepted by the cut-off",
}
"""How each rate is reckoned; each has its own denominator."""


@dataclass(frozen=True, eq=False)
class ClosedShares:
    """
    Outcome of `closed_shares`.

    Parameters
    ----------
    table
        One row per unit and level met, from below: `count_unit`, `level`, `count` (closed there),
        `closed` (of which the level is known), `share` of these, `at_least`. The shares of a unit
        add up to 1.
    unknown_level
        Unit -> closed, nobody knows where.
    not_closed
        Unit -> not closed, which no share is of.
    """

    table: pd.DataFrame
    unknown_level: Mapping[str, int]
    not_closed: Mapping[str, int]

    def rate(self, level: str, unit: str | None = None) -> Rate:
        """
        Return the share that was closed at one level.

        Parameters
        ----------
        level
            One of `LEVELS`.
        unit
            The unit of count; None where there is one alone.

        Returns
        -------
        rate
            Of those closed of which the level is known; of nothing, no share.

        Raises
        ------
        InvalidParameterError
            When no unit is given and there are several.
        """
        rows = self.table[self.table["count_unit"] == one_unit(self.table, unit)]
        here = rows[rows["level"] == level]
        return Rate(
            int(here["count"].sum()),
            int(rows["count"].sum()),
            bool(here["at_least"].any()),
            bool(rows["at_least"].any()),
        )

    def summary(self) -> dict[str, Any]:
        """Return the table, what is in no share, and the formula, ready for JSON."""
        return {
            "levels": self.table.astype(object).to_dict("records"),
            "unknown_level": dict(self.unknown_level),
            "not_closed": dict(self.not_closed),
            "formula": FORMULAS["closed_share"],
        }


def closed_shares(incidents: pd.DataFrame) -> ClosedShares:
    """
    Share out what is closed by the level that closed it.

    A matter that went up and was sent back counts where it was closed, not how far it went.

    Parameters
    ----------
    incidents
        n rows; a row is closed by its `state` or, where that is missing, by a time in `closed`.
        `closed_level` says where.

    Returns
    -------
    shares
        Unit by unit.

    Raises
    ------
    InvalidParameterError
        When a level is none of `LEVELS`.
    """
    code, words = coded(incidents, "closed_level")
    wrong = [word for word in words if word not in {*LEVELS, UNKNOWN}]
    if wrong:
        raise InvalidParameterError(
            f"incidents: closed_level {wrong[0]!r} is none of {', '.join(LEVELS)}; leave it blank "
            f"where it is not known"
        )
    levels = (*LEVELS, UNKNOWN)
    place = np.array([levels.index(word) for word in words], dtype=np.int64)
    done = closed(incidents)
    sums = _sums(incidents, [Axis("level", place[code], levels)], done)
    known = sums[sums["level"] != UNKNOWN].reset_index(drop=True)
    known["closed"] = known.groupby("count_unit")["count"].transform("sum")
    known["share"] = known["count"] / known["closed"].where(known["closed"] > 0)
    table = known[["count_unit", "level", "count", "closed", "share", "at_least"]]
    return ClosedShares(
        table.reset_index(drop=True),
        _by_unit(sums[sums["level"] == UNKNOWN]),
        _by_unit(_sums(incidents, [], ~done)),
    )


def grid_classes(incidents: pd.DataFrame, classes: pd.DataFrame | None) -> pd.DataFrame:
    """
    Count grid events by the four classes that grids report, with the share closed in the grid.

    Parameters
    ----------
    incidents
        n rows; only those of kind "event" are taken.
    classes
        `kind`, `class`, `group`: which classes are of which group. None where the class of a row
        is the group itself.

    Returns
    -------
    table
        For each unit a row per group of `GRID_GROUPS`, then "other": `count_unit`, `group`,
        `count` (accepted), `closed`, `closed_in_grid`, `share` of those accepted (NaN of none),
        `at_least`. Counts add up to all events; a class in no group is "other".
    """
    kind, kinds = coded(incidents, "kind")
    events = incidents[np.array([word == "event" for word in kinds])[kind]]
    if classes is None:
        code, words = coded(events, "class")
    else:
        code, words = groups_of(events, classes)
    groups = (*GRID_GROUPS, OTHER)
    place = np.array([groups.index(word) if word in GRID_GROUPS else len(GRID_GROUPS)
                      for word in words], dtype=np.int64)  # fmt: skip
    axis = Axis("group", place[code], groups)
    level, levels = coded(events, "closed_level")
    done = closed(events)
    here = done & np.array([word == "grid" for word in levels])[level]
    number = weights_of(events)
    table = summed(
        [unit_axis(events), axis],
        {
            "count": number,
            "closed": number * done,
            "closed_in_grid": number * here,
            "at_least": at_least(events).astype(np.int64),
        },
    )
    every = pd.MultiIndex.from_product(
        [table["count_unit"].unique(), groups], names=["count_unit", "group"]
    ).to_frame(index=False)
    table = every.merge(table, on=["count_unit", "group"], how="left")
    numbers = ["count", "closed", "closed_in_grid"]
    table[numbers] = table[numbers].fillna(0).astype(np.int64)
    share = table["closed_in_grid"] / table["count"].where(table["count"] > 0)
    return table.assign(share=share, at_least=table["at_least"].fillna(0) > 0)[
        ["count_unit", "group", *numbers, "share", "at_least"]
    ]


def closed(incidents: pd.DataFrame) -> Bools:
    """
    Tell which rows are closed.

    Parameters
    ----------
    incidents
        n rows; `state` and `closed` are read where present.

    Returns
    -------
    closed
        n truths: the state says so or, where it is missing, there is a time.
    """
    code, words = coded(incidents, "state")
    says = np.array([word == "closed" for word in words])[code]
    silent = np.array([word == UNKNOWN for word in words])[code]
    done: Bools = says | (silent & (closed_us(incidents) != MISSING))
    return done


def closed_us(incidents: pd.DataFrame) -> Ints:
    """
    Return when rows were closed.

    Parameters
    ----------
    incidents
        n rows.

    Returns
    -------
    time_us
        n microseconds, `MISSING` where that is not known.
    """
    if "closed" not in incidents.columns:
        return np.full(len(incidents), MISSING, dtype=np.int64)
    return moments(incidents["closed"], "closed")


def one_unit(sums: pd.DataFrame, unit: str | None) -> str | None:
    """
    Return the unit that is asked for, or the only one that there is.

    Parameters
    ----------
    sums
        Rows with `count_unit`.
    unit
        The unit of count; None where there is one alone.

    Returns
    -------
    unit
        None where there are no rows.

    Raises
    ------
    InvalidParameterError
        When no unit is given and there are several.
    """
    met = list(sums["count_unit"].unique())
    if unit is None and len(met) > 1:
        raise InvalidParameterError(
            f"unit: None given and there are {', '.join(met)}; what is counted in different units "
            f"is never added, so name one"
        )
    return next(iter(met), None) if unit is None else unit


def _sums(incidents: pd.DataFrame, axes: Sequence[Axis], which: Bools) -> pd.DataFrame:
    """Count some rows by unit and more."""
    rows = np.flatnonzero(which)
    measures = {
        "count": weights_of(incidents)[rows],
        "at_least": at_least(incidents)[rows].astype(np.int64),
    }
    kept = [axis.rows(rows) for axis in (unit_axis(incidents), *axes)]
    sums = summed(kept, measures)
    return sums.assign(at_least=sums["at_least"] > 0)


def _by_unit(sums: pd.DataFrame) -> dict[str, int]:
    """Return counts by unit."""
    return {unit: int(n) for unit, n in zip(sums["count_unit"], sums["count"], strict=True)}
