"""The search for divisions: where it begins, what it looks for, and what is proven of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.partition.choosing import AIMS, Candidate, key, no_worse
from geo.partition.improving import improved
from geo.partition.problem import GONE
from geo.partition.proof import prove
from geo.partition.seeds import adapted, grown, trees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from geo.partition.problem import Problem

    Ints = NDArray[np.int64]
    Left = Callable[[], float]

SMALL: Final = 1_000
"""With no more blocks than this the search begins more often; each is soon over."""

TIMES: Final = 3
"""So often then."""

EXACT_COLUMNS: Final = 160
"""Blocks times grids that the exact solver is asked for at most: 40 blocks in 4 grids."""

PROVEN: Final = ("least_change", "best_balance")
"""Aims that the exact solver is asked about, where the village is small enough."""

MET: Final = 1e-6
"""A bound this near is met: the solver's own tolerance."""


def search(
    problem: Problem, tolerance: float, seed: int, iterations: int, left_s: Left
) -> tuple[list[Candidate], dict[str, float]]:
    """
    Look for divisions.

    Parameters
    ----------
    problem
        What to divide.
    tolerance
        Deviation of a load that is good enough.
    seed
        Repeats the result.
    iterations
        How often each border between blocks is looked at in one search.
    left_s
        How much time is left, in seconds.

    Returns
    -------
    candidates, bounds
        At least one division, none less balanced than an allowed current one; and what is proven,
        by aim.
    """
    known = bool((problem.current >= 0).any())
    today = None
    if problem.whole(problem.current) and int(problem.current.max()) + 1 == problem.grids:
        today = Candidate(problem.current, problem.worth(problem.current), "current")
        # To be no worse, the search must keep what is there already.
        tolerance = min(tolerance, today.worth.deviation)
    met = [] if today is None else [today]
    for number, (name, grid) in enumerate(_starts(problem, tolerance, seed, left_s)):
        met.append(Candidate(grid, problem.worth(grid), name))
        for aim in AIMS[known]:
            if left_s() <= 0.0:
                break
            better = improved(
                problem, grid, aim, tolerance=tolerance, iterations=iterations,
                seed=seed + number, late=lambda: left_s() <= 0.0,
            )  # fmt: skip
            met.append(Candidate(better, problem.worth(better), f"{name}+moves"))
    bounds: dict[str, float] = {}
    for aim in AIMS[known]:
        if aim in PROVEN:
            _prove(problem, met, bounds, aim, tolerance, seed, left_s)
    if today is not None:
        met = [c for c in met if no_worse(problem, c, today)]
    return met, bounds


def _starts(
    problem: Problem, tolerance: float, seed: int, left_s: Left
) -> Iterator[tuple[str, Ints]]:
    """Return divisions to begin with; the first needs no clock."""
    times = TIMES if problem.blocks <= SMALL else 1
    first = adapted(problem) if (problem.current >= 0).any() else None
    if first is not None:
        yield "adapted", first
    elif left_s() > 0.0:
        yield "grown", grown(problem, seed)
    else:
        yield "grown", grown(problem, seed)
        return
    for number in range(times):
        if left_s() <= 0.0:
            return
        drawn = trees(problem, tolerance, seed + number, lambda: left_s() <= 0.0)
        if drawn is not None:
            yield "trees", drawn
    for number in range(1, times):
        yield "grown", grown(problem, seed + number)
        if first is not None:
            yield "adapted", first


def _prove(
    problem: Problem, met: list[Candidate], bounds: dict[str, float], aim: str,
    tolerance: float, seed: int, left_s: Left,
) -> None:  # fmt: skip
    """Ask the exact solver about an aim, and note what it finds and proves."""
    best = min(met, key=lambda c: key(c.worth, aim, tolerance))
    least_change = aim == "least_change"
    value = best.worth.moved if least_change else best.worth.deviation
    if value <= MET:
        bounds[aim] = 0.0
        return
    _, home = problem.matched(best.grid)
    small = problem.blocks * problem.grids <= EXACT_COLUMNS and len(problem.wanted) == 1
    # When a current grid is given up, which one is a choice that the model does not make.
    if not small or left_s() <= 0.0 or (least_change and (home == GONE).any()):
        return
    until = left_s() / 2.0
    proof = prove(
        problem, best.grid, limit=max(tolerance, best.worth.deviation) if least_change else None,
        seed=seed, left_s=lambda: left_s() - until,
    )  # fmt: skip
    bounds[aim] = proof.bound
    worth = problem.worth(proof.grid)
    met.append(Candidate(proof.grid, worth, "exact"))
