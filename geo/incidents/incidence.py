"""Incidents per people: which areas have more than the whole, and of which that cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy.special import gammainc

from geo.due import number_column
from geo.errors import ColumnError, InvalidParameterError
from geo.incidents.discovery import benjamini_hochberg
from geo.incidents.placed import area_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

UNSTABLE_BELOW: Final = 20
"""
A rate of fewer matters than this is unstable: one by chance more or less often moves it by over a
fifth (the relative standard error of a count k is 1 / sqrt(k), 22 % of 20). It is the line of the
United States' health statistics: Klein and others, Healthy People 2010 criteria for data
suppression, Statistical Notes 24, National Center for Health Statistics, 2002.
"""

PER: Final = 10_000
"""Rates are per so many people."""

LEVEL: Final = 0.05
"""The share of areas called high by chance, of all called so, is at most this on average."""


def people_of(
    areas: gpd.GeoDataFrame | None, population: str | Mapping[str, float] | pd.Series[Any] | None
) -> dict[str, float]:
    """
    Read how many people live in each area.

    Parameters
    ----------
    areas
        Rows with `area_id`, or None.
    population
        The column of the areas, or people by code; None where that is not known.

    Returns
    -------
    people
        Code -> people, 0 where nobody lives; an area of unknown population is left out, as is one
        of several rows if one of them is unknown. With areas, only theirs: people elsewhere are
        no part of a rate of these areas.

    Raises
    ------
    ColumnError
        When there is no such column.
    InvalidParameterError
        When a number is negative.
    """
    if population is None:
        return {}
    if isinstance(population, str):
        if areas is None or population not in areas.columns:
            known = "no areas" if areas is None else ", ".join(map(str, areas.columns))
            raise ColumnError(
                f"population: no column {population!r} among {known}; name the one with the people"
            )
        each = pd.Series(number_column(areas, population), index=area_ids(areas))
        people = each.groupby(level=0, sort=False).sum(min_count=1)
        people[each[each.isna()].index.unique()] = np.nan
    else:
        people = pd.Series(dict(population), dtype=float)
        people.index = [str(code).strip() for code in people.index]
    if (people < 0).any():
        raise InvalidParameterError(
            f"population: {people[people < 0].index[0]!r} has {people.min():g} people; write 0 or "
            f"more, and leave it blank where it is not known"
        )
    if areas is not None:
        people = people[people.index.isin(area_ids(areas))]
    return {str(code): float(number) for code, number in people.dropna().items()}


def high_incidence(
    rows: pd.DataFrame, reference: pd.DataFrame, *, areas: int, level: float = LEVEL
) -> pd.DataFrame:
    """
    List the areas that have more than their share, however chance falls.

    Parameters
    ----------
    rows
        Counts by `area_id`, unit and more: `now`, `people`, `unstable`. What is not there is none.
    reference
        What they are held against: one row per unit and more, with the same columns beside
        `area_id`, `now` and `people`.
    areas
        How many areas there are: those without a row were tested too, and are not high.
    level
        The share of false ones among those listed, on average.

    Returns
    -------
    areas
        Those that are high, the greatest ratio first and those that are unstable after all
        others: what `rows` say, `expected` (what the rate of the reference gives so many people),
        `ratio`, `p`, `q`, and `rank`, which an unstable one has none of.

    Notes
    -----
    The count is Poisson with the expected mean, one-sided and exact; the rate of the reference is
    taken as known. Over all areas and classes Benjamini-Hochberg.
    """
    keys = [name for name in reference.columns if name not in {"now", "people"}]
    rate = reference.assign(rate=reference["now"] / reference["people"])[[*keys, "rate"]]
    held = rows.merge(rate, on=keys, how="inner")
    held["expected"] = held["people"] * held["rate"]
    held = held[held["expected"] > 0].drop(columns="rate").reset_index(drop=True)
    held["ratio"] = held["now"] / held["expected"]
    held["p"] = at_least_so_many(held["now"].to_numpy(), held["expected"].to_numpy())
    unseen = np.ones(max(areas * int((rate["rate"] > 0).sum()) - len(held), 0))
    q, holds = benjamini_hochberg(np.append(held["p"].to_numpy(dtype=np.float64), unseen), level)
    held["q"] = q[: len(held)]
    high = held[holds[: len(held)]].sort_values(
        ["unstable", "ratio", "area_id"], ascending=[True, False, True], kind="stable"
    )
    high = high.reset_index(drop=True)
    rank = pd.Series(np.arange(1, len(high) + 1), dtype="Int64")
    return high.assign(rank=rank.mask(high["unstable"].astype(bool)))


def at_least_so_many(count: NDArray[np.int64], mean: Floats) -> Floats:
    """
    Return the chance that a Poisson count is so great or greater.

    Parameters
    ----------
    count
        n counts.
    mean
        n means.

    Returns
    -------
    p
        n chances; 1 where the count is 0.
    """
    p: Floats = np.where(count > 0, gammainc(np.maximum(count, 1), mean), 1.0)
    return p
