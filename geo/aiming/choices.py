"""What is to be chosen among, checked and in its own unit, and what a choice is worth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.aiming.turns import Groups
from geo.errors import InvalidParameterError
from geo.placement import Reach
from geo.placement.problem import numbers_of, rows_of, unit_of
from geo.placement.proposal import gap_between
from geo.placement.state import FREE, choose, new_state, steps

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.placement.proposal import Stop
    from geo.placement.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Choices:
    """
    Groups of options and what they cover; make it with `Choices.of`.

    Parameters
    ----------
    reach
        The pairs of option and demand.
    given
        The weight of each demand, as given.
    costs
        What each option costs, as given.
    groups
        The groups, with costs in units.
    limit
        How many groups may change.
    unit
        The unit of worth and costs in the search.
    whole
        Whether all are whole multiples of it.
    """

    reach: Reach
    given: Floats
    costs: Floats
    groups: Groups
    limit: int
    unit: float
    whole: bool

    @classmethod
    def of(
        cls,
        covers: Any,  # noqa: ANN401
        weights: ArrayLike | None,
        group: ArrayLike,
        stay: ArrayLike,
        costs: ArrayLike | None,
        changes: int | None,
    ) -> Choices:
        """Check the arguments of `aim`."""
        reach = Reach.of(covers)
        given = numbers_of("weights", weights, reach.demand)
        of = _groups_of(group, reach.sites)
        number = int(of[-1]) + 1 if len(of) else 0
        stays = np.asarray(stay, dtype=np.int64)
        if stays.shape != (number,):
            raise InvalidParameterError(
                f"stay: shape {stays.shape} met; give one option for each of {number} groups"
            )
        rows_of("stay", stays, reach.sites)
        wrong = np.flatnonzero(of[stays] != np.arange(number))
        if wrong.size:
            raise InvalidParameterError(
                f"stay: option {stays[wrong[0]]} is none of group {wrong[0]}; give one of its own"
            )
        paid = np.zeros(reach.sites) if costs is None else numbers_of("costs", costs, reach.sites)
        dear = np.flatnonzero(paid[stays])
        if dear.size:
            raise InvalidParameterError(
                f"costs: to stay costs {paid[stays[dear[0]]]:g} in group {dear[0]}; it must be 0"
            )
        whole_number = isinstance(changes, int | np.integer) and not isinstance(changes, bool)
        if changes is not None and not (whole_number and changes >= 0):
            raise InvalidParameterError(
                f"changes must be a whole number of 0 or more, or None, got {changes!r}"
            )
        unit, whole = unit_of(given, paid)
        start = np.searchsorted(of, np.arange(number + 1))
        groups = Groups(start, of, stays, paid / unit, np.flatnonzero(np.diff(start) > 1))
        limit = number if changes is None else min(int(changes), number)
        return cls(reach, given, paid, groups, limit, unit, whole)

    def state(self, chosen: Ints | None = None) -> State:
        """Return the state in which these options are chosen, or those that stay."""
        role = np.full(self.reach.sites, FREE, dtype=np.int8)
        state = new_state(self.reach, self.given / self.unit, step=steps(1), role=role)
        choose(state, self.groups.stay if chosen is None else chosen)
        return state

    def covered(self, chosen: Ints) -> float:
        """Return the weight that the chosen options cover, reckoned from the input."""
        return float(self.given[self.reach.counts(chosen) > 0].sum())


@dataclass(frozen=True, eq=False)
class Aim:
    """
    Which option each group takes, and how far from the best that can be at most.

    Parameters
    ----------
    chosen
        The option of each group.
    changed
        The groups that do not stay, ascending.
    objective
        Covered weight less the cost of the changes.
    covered
        Covered weight.
    today
        Covered weight when all stay; the objective is never less.
    bound
        What no choice can better.
    method
        What found the choice: "stay", "turns", "anneal" or "exact".
    bound_method
        What proved the bound: "everything" (all that can be covered is), "lagrangian" or "exact".
    stopped_by
        "optimal" (objective and bound meet), "gap" (as close as asked), "no_improvement",
        "iterations" or "time".
    seconds
        How long it took.
    seed
        The seed of the random moves.
    """

    chosen: Ints
    changed: Ints
    objective: float
    covered: float
    today: float
    bound: float
    method: str
    bound_method: str
    stopped_by: Stop
    seconds: float
    seed: int

    @property
    def gap(self) -> float:
        """
        Return how much better the optimum could be at most.

        Returns
        -------
        gap
            (bound - objective) / objective, as in `geo.placement.Proposal`; 0.0 when they meet,
            infinite when only the objective is 0.
        """
        return gap_between(self.objective, self.bound)

    def summary(self) -> dict[str, Any]:
        """
        Return the figures, ready for JSON.

        Returns
        -------
        summary
            `changed` as a number, `objective`, `covered`, `today`, `bound`, `gap` (None when
            infinite), `method`, `bound_method`, `stopped_by`, `seconds`, `seed`.
        """
        return {
            "changed": len(self.changed),
            "objective": self.objective,
            "covered": self.covered,
            "today": self.today,
            "bound": self.bound,
            "gap": self.gap if math.isfinite(self.gap) else None,
            "method": self.method,
            "bound_method": self.bound_method,
            "stopped_by": self.stopped_by,
            "seconds": self.seconds,
            "seed": self.seed,
        }


def _groups_of(group: ArrayLike, options: int) -> Ints:
    """Check the group of each option: from 0, ascending, none left out."""
    given = np.asarray(group)
    if given.shape != (options,) or (given.size and not np.issubdtype(given.dtype, np.integer)):
        raise InvalidParameterError(
            f"group: {given.dtype} of shape {given.shape} met; give the number of a group for "
            f"each of {options} options"
        )
    of = given.astype(np.int64)
    leaps = np.flatnonzero(~np.isin(np.diff(of, prepend=-1), (0, 1)))
    if leaps.size or (options and of[0] != 0):
        row = int(leaps[0]) if leaps.size else 0
        raise InvalidParameterError(
            f"group: {of[row]} at option {row} met; sort options by group, and number groups from "
            f"0 without a hole"
        )
    return of
