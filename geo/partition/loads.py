"""How evenly areas are loaded, in units that may be mixed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.crs import require_metric_crs
from geo.due import number_column, text_column
from geo.errors import ColumnError, InvalidParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MEASURES: Final = ("households", "people", "incidents", "street_length_m", "area_m2")
"""What a load may be made of."""

WEIGHTS: Final[Mapping[str, float]] = MappingProxyType({"households": 1.0})
"""Households alone: what the guide for the size of a grid counts first."""

JUST: Final = 0.05
"""Within this share of a limit an area is just below or just above it: 298 of 300."""


@dataclass(frozen=True)
class Guide:
    """
    How large an area should be; advice, never an error.

    Parameters
    ----------
    households
        Least and most households; None for no advice.
    people
        Least and most people; None for no advice.
    """

    households: tuple[float, float] | None = None
    people: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Refuse limits the wrong way round."""
        for name in ("households", "people"):
            limits = getattr(self, name)
            if limits is not None and not 0.0 <= limits[0] <= limits[1]:
                raise InvalidParameterError(
                    f"{name} must be two numbers of 0 or more, the least first, got {limits!r}"
                )


GUIDES: Final[Mapping[str, Guide]] = MappingProxyType(
    {
        "urban": Guide(households=(300.0, 500.0), people=(800.0, 1_200.0)),
        "rural": Guide(households=(50.0, 300.0)),
    }
)
"""In town 300 to 500 households or about 1,000 people, which is taken as 800 to 1,200; in the
country, where a grid is a natural village, 50 to 300 households."""


@dataclass(frozen=True, eq=False)
class Balance:
    """
    Outcome of `balance`.

    Parameters
    ----------
    areas
        One row per area, in their order: `area_id`, the weighed measures, `households` and
        `people` where there, `load` (1.0 is the mean; NaN where a measure is unknown),
        `deviation` (load less 1.0), `households_advice` and `people_advice`: "below",
        "just_below", "within", "just_above", "above", or "" where nothing can be said.
    weights
        The weights of the measures.
    """

    areas: pd.DataFrame
    weights: Mapping[str, float]

    @cached_property
    def _loads(self) -> Floats:
        """The known loads."""
        load = self.areas["load"].to_numpy(dtype=np.float64)
        known: Floats = load[np.isfinite(load)]
        return known

    @property
    def unknown(self) -> int:
        """How many areas are left out of the figures because a measure of theirs is unknown."""
        return len(self.areas) - len(self._loads)

    @property
    def max_min(self) -> float | None:
        """The largest load over the smallest; None when there is none, or the smallest is 0."""
        if not len(self._loads) or self._loads.min() == 0.0:
            return None
        return float(self._loads.max() / self._loads.min())

    @property
    def cv(self) -> float | None:
        """Standard deviation of the loads (of all areas, not a sample) over their mean."""
        if not len(self._loads) or self._loads.mean() == 0.0:
            return None
        return float(self._loads.std() / self._loads.mean())

    @property
    def largest_deviation(self) -> float | None:
        """The largest distance of a load from the mean, as a share of the mean."""
        if not len(self._loads) or self._loads.mean() == 0.0:
            return None
        return float(np.abs(self._loads / self._loads.mean() - 1.0).max())

    def advice(self, measure: str) -> dict[str, Any]:
        """
        Count the areas outside the guide.

        Parameters
        ----------
        measure
            "households" or "people".

        Returns
        -------
        advice
            `judged`, `outside`, `outside_share` (None when none is judged), `just_below`,
            `just_above`; the last two are among `outside`.
        """
        told = self.areas[f"{measure}_advice"]
        judged, within = int((told != "").sum()), int((told == "within").sum())
        return {
            "judged": judged,
            "outside": judged - within,
            "outside_share": (judged - within) / judged if judged else None,
            "just_below": int((told == "just_below").sum()),
            "just_above": int((told == "just_above").sum()),
        }

    def summary(self) -> dict[str, Any]:
        """
        Return the figures, ready for JSON.

        Returns
        -------
        summary
            `areas`, `unknown`, `weights`, `means` (of each measure, over the areas where it is
            known), `max_min`, `cv`, `largest_deviation`, `households`, `people` (see `advice`).
        """
        told = [name for name in MEASURES if name in self.areas.columns]
        means = {name: self.areas[name].mean() for name in told}
        return {
            "areas": len(self.areas),
            "unknown": self.unknown,
            "weights": dict(self.weights),
            "means": {k: float(v) if np.isfinite(v) else None for k, v in means.items()},
            "max_min": self.max_min,
            "cv": self.cv,
            "largest_deviation": self.largest_deviation,
            "households": self.advice("households"),
            "people": self.advice("people"),
        }


def balance(
    areas: pd.DataFrame,
    *,
    weights: Mapping[str, float] | None = None,
    guides: Mapping[str, Guide] = GUIDES,
) -> Balance:
    """
    Tell how evenly areas are loaded.

    Each measure is divided by its mean before it is weighed, so that households, metres and
    square metres may be mixed: an area with the mean of everything has a load of 1.0.

    Parameters
    ----------
    areas
        n rows with `area_id` and the measures that are weighed, of `MEASURES`; `area_m2` is
        measured when it is missing and there is a geometry in a metric CRS. `setting` ("urban",
        "rural") is read where present; an area that does not say is judged as a town's.
    weights
        Weight of each measure; None for `WEIGHTS`.
    guides
        The advice for each setting.

    Returns
    -------
    balance
        The figures; an area of which a weighed measure is unknown is in none of them.

    Raises
    ------
    ColumnError
        When `area_id` or a weighed measure is missing.
    InvalidParameterError
        When a weight is no number of 0 or more, all are 0, or a measure is unknown by name.
    """
    weights = checked(weights)
    if "area_id" not in areas.columns:
        raise ColumnError(
            f"areas: no column area_id among {', '.join(map(str, areas.columns))}; rename the "
            f"column with the code to area_id"
        )
    told = [name for name in MEASURES if name in weights or name in areas.columns]
    values = {name: measure(areas, name) for name in told if name in areas.columns or weights[name]}
    load = weighed({name: values[name] for name in weights if weights[name]}, weights, len(areas))
    setting = np.where(text_column(areas, "setting") == "rural", "rural", "urban")
    table = pd.DataFrame({"area_id": areas["area_id"].to_numpy(), **values, "load": load})
    table["deviation"] = table["load"] - 1.0
    for name in ("households", "people"):
        table[f"{name}_advice"] = _advice(values.get(name), setting, guides, name, len(areas))
    return Balance(table, weights)


def checked(weights: Mapping[str, float] | None) -> dict[str, float]:
    """Return the weights as they are used, or say what is wrong with them."""
    weights = dict(WEIGHTS if weights is None else weights)
    for name, weight in weights.items():
        if name not in MEASURES:
            raise InvalidParameterError(
                f"weights: {name!r} is no measure; use some of {', '.join(MEASURES)}"
            )
        if not 0.0 <= weight < np.inf:
            raise InvalidParameterError(
                f"weights: {name} must be a number of 0 or more, got {weight!r}"
            )
    if not sum(weights.values()) > 0.0:
        raise InvalidParameterError("weights: at least one must be greater than 0")
    return weights


def measure(areas: pd.DataFrame, name: str) -> Floats:
    """Return a measure of the rows, NaN where it is unknown; the area can be measured anew."""
    if name not in areas.columns:
        if name != "area_m2" or "geometry" not in areas.columns:
            raise ColumnError(
                f"areas: no column {name}; add it (geo.partition.loads_of counts it from layers) "
                f"or leave it out of weights"
            )
        require_metric_crs(areas=areas)
        return np.asarray(areas.geometry.area, dtype=np.float64)
    values = number_column(areas, name)
    wrong = np.flatnonzero((values < 0.0) | np.isinf(values))
    if wrong.size:
        raise ColumnError(
            f"areas: row {wrong[0]} has {values[wrong[0]]} as {name}; counts are 0 or more, and "
            f"an unknown one is left empty"
        )
    return values


def weighed(values: Mapping[str, Floats], weights: Mapping[str, float], parts: int) -> Floats:
    """
    Return the loads of rows; those of `parts` areas that share all alike would be 1.0 each.

    A row of which a measure is unknown has none, and is in no mean. A measure that is 0
    everywhere has no say.
    """
    known: NDArray[np.bool_] = np.logical_and.reduce(
        [np.isfinite(value) for value in values.values()]
    )
    load = np.where(known, 0.0, np.nan)
    told = {name: value for name, value in values.items() if value[known].sum() > 0.0}
    all_weights = sum(weights[name] for name in told)
    share = known.sum() / max(len(known), 1)
    for name, value in told.items():
        load += weights[name] / all_weights * parts * share * value / value[known].sum()
    return load


def _advice(
    values: Floats | None, setting: NDArray[np.str_], guides: Mapping[str, Guide], name: str, n: int
) -> NDArray[np.object_]:
    """Judge values by the guide of their setting."""
    told = np.full(n, "", dtype=object)
    if values is None:
        return told
    for kind, guide in guides.items():
        limits = getattr(guide, name)
        if limits is None:
            continue
        low, high = limits
        of_kind = (setting == kind) & np.isfinite(values)
        told[of_kind] = np.select(
            [values < low * (1.0 - JUST), values < low, values <= high,
             values <= high * (1.0 + JUST)],
            ["below", "just_below", "within", "just_above"], "above",
        )[of_kind]  # fmt: skip
    return told
