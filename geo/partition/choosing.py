"""Which of many divisions to show: the best for each aim, none that another one betters."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.partition.problem import Problem, Worth
    from geo.placement.proposal import Stop

    Ints = NDArray[np.int64]

AIMS: Final = {
    True: ("least_change", "best_balance", "shortest_borders"),
    False: ("shortest_borders", "best_balance", "between"),
}
"""What is looked for, with current grids and without, the first first."""

HOUSEHOLD: Final = 1e-3
"""Deviations are told apart by steps of this: less than one household of a small grid."""

CLEARLY: Final = 0.1
"""Plans are told apart when so much of the load is in another grid."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """
    A division that was met.

    Parameters
    ----------
    grid
        n grids from 0.
    worth
        What it achieves.
    method
        What found it.
    aim
        What it was found for, or is shown for.
    bound
        What is proven for the aim.
    stopped_by
        What ended the search for it.
    """

    grid: Ints
    worth: Worth
    method: str
    aim: str = "other"
    bound: float | None = None
    stopped_by: Stop = "iterations"


def key(worth: Worth, aim: str, tolerance: float) -> tuple[float, ...]:
    """Return what to compare for an aim, less being better."""
    deviation, moved, border = worth
    excess = steps(worth.excess(tolerance))
    return {
        "least_change": (excess, moved, border),
        "best_balance": (steps(deviation), moved, border),
        "shortest_borders": (excess, border, moved),
        "between": (steps(worth.excess(tolerance / 2.0)), border, moved),
    }[aim]


def steps(deviation: float) -> int:
    """Return a deviation in whole steps, 0 for none alone."""
    return math.ceil(deviation / HOUSEHOLD)


def spread(worth: Worth, problem: Problem, grid: Ints) -> tuple[float, float, float]:
    """Return deviation, coefficient of variation and largest over smallest load."""
    load = np.bincount(grid, problem.load, minlength=problem.grids)
    least = float(load.min())
    return (
        worth.deviation,
        float(load.std()),
        float(load.max()) / least if least > 0.0 else np.inf,
    )


def no_worse(problem: Problem, candidate: Candidate, current: Candidate) -> bool:
    """Tell whether a division is at least as balanced as the current one, in every figure."""
    here = spread(candidate.worth, problem, candidate.grid)
    there = spread(current.worth, problem, current.grid)
    return all(a <= b * (1.0 + 1e-9) + 1e-12 for a, b in zip(here, there, strict=True))


def chosen(
    problem: Problem, met: list[Candidate], tolerance: float, number: int, aims: tuple[str, ...]
) -> list[Candidate]:
    """
    Choose what to show.

    Parameters
    ----------
    problem
        What is divided.
    met
        At least one candidate.
    tolerance
        The deviation asked for.
    number
        How many to show at most.
    aims
        What they are to be best of, the first first.

    Returns
    -------
    candidates
        Sorted; none is worse than another in balance, change and borders at once.
    """
    shown: list[Candidate] = []
    for aim in aims[:number]:
        best = min(met, key=lambda c, aim=aim: key(c.worth, aim, tolerance))  # type: ignore[misc]
        shown.append(replace(best, aim=aim))
    shown = _undominated(_different(problem, shown, 0.0))
    if len(shown) < number:
        far = max(c.worth.deviation for c in shown)
        rest = [c for c in met if c.worth.deviation <= max(far, tolerance)]
        rest.sort(key=lambda c: key(c.worth, aims[0], tolerance))
        for more in (replace(c, aim="other") for c in _undominated(rest)):
            known = _different(problem, [*shown, more], CLEARLY)
            wider = _undominated([*shown, more])
            if len(known) > len(shown) and len(wider) > len(shown):
                shown.append(more)
            if len(shown) == number:
                break
    return sorted(
        shown, key=lambda c: (steps(c.worth.excess(tolerance)), c.worth.moved, c.worth.border)
    )


def _figures(candidate: Candidate) -> tuple[float, ...]:
    """Return what one candidate may better another in."""
    deviation, moved, border = candidate.worth
    return steps(deviation), round(moved, 9), round(border, 9)


def _undominated(candidates: list[Candidate]) -> list[Candidate]:
    """Leave out those that another one betters, or that equal one before."""
    kept: list[Candidate] = []
    for i, here in enumerate(candidates):
        worse = False
        for j, there in enumerate(candidates):
            a, b = _figures(here), _figures(there)
            no_better = all(y <= x for x, y in zip(a, b, strict=True))
            worse |= i != j and no_better and (a != b or j < i)
        if not worse:
            kept.append(here)
    return kept


def _different(problem: Problem, candidates: list[Candidate], share: float) -> list[Candidate]:
    """Leave out those that have no more than a share of the load elsewhere than one before."""
    kept: list[Candidate] = []
    for here in candidates:
        if all(_apart(problem, here.grid, there.grid) > share for there in kept):
            kept.append(here)
    return kept


def _apart(problem: Problem, one: Ints, other: Ints) -> float:
    """Return the share of the load that two divisions have in different grids."""
    following = replace(problem, current=other)
    _, home = following.matched(one)
    elsewhere = home != one
    # Blocks that nobody lives in count a little, so that no two divisions look alike by them.
    weight = problem.load / problem.grids + 1e-9
    return float(weight[elsewhere].sum())
