"""Divisions made better: the moves of `geo.partition.moves` at falling heat, for one aim each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.partition.moves import Board, Terms, walk
from geo.placement.state import random_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.partition.problem import Problem

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LEVELS: Final = 50
"""Steps in which the heat falls."""

CHUNK: Final = 200_000
"""After so many draws the clock is looked at; some hundredths of a second."""

HOT: Final = 4.0
"""At first a move may be this many ordinary moves worse."""

COOL: Final = 200.0
"""The last heat is the first over this."""

LEAST_ARCS: Final = 2_000
"""A small village is looked at as often as one with this many borders."""

INNER: Final = 0.97
"""The search keeps this share of the tolerance, because a price is no wall."""

SETTLE: Final = 6
"""Levels at the end in which balance alone is asked for, when it is the aim."""

PRICES: Final[dict[str, tuple[float, float]]] = {
    "least_change": (1.0, 0.05),
    "best_balance": (0.05, 1.0),
    "shortest_borders": (0.05, 1.0),
    "between": (0.05, 1.0),
}
"""What moving everybody and what all borders are worth, for each aim."""

WALL: Final = 50.0
"""By this much dearer is a load beyond the tolerance when the best division is picked."""

DEAR: Final = (20.0, 200.0)
"""What a load of 1.0 beyond the tolerance costs: the more the smaller the blocks are, because
among large ones the way to a better division leads through worse ones."""


COARSE: Final = 0.1


def improved(
    problem: Problem,
    grid: Ints,
    aim: str,
    *,
    tolerance: float,
    iterations: int,
    seed: int,
    late: Callable[[], bool],
) -> Ints:
    """
    Move blocks until the heat is gone, or the time is over.

    Parameters
    ----------
    problem
        What to divide.
    grid
        n grids from 0, each in one piece.
    aim
        One of `PRICES`.
    tolerance
        Deviation of a load from 1.0 that is good enough.
    iterations
        How often each border between blocks is looked at.
    seed
        Draws the moves.
    late
        Whether the time is over.

    Returns
    -------
    grid
        n grids, each in one piece.
    """
    arcs = len(problem.other)
    if not arcs or problem.grids == 1:
        return grid
    _, home = problem.matched(grid)
    moved, border = PRICES[aim]
    n, k = problem.blocks, problem.grids
    dear = float(np.clip(2.0 * n / k, *DEAR))
    ordinary = moved / n + border * float(problem.border.sum()) / arcs
    coarse = max(0.0, 1.0 - n / (50.0 * k))
    heat = np.geomspace(
        HOT * ordinary + COARSE * coarse * dear * k / n, HOT * ordinary / COOL, LEVELS
    )
    narrow = np.full(LEVELS, INNER * tolerance)
    if aim == "between":
        narrow /= 2.0
    elif aim == "best_balance":
        narrow = tolerance * np.clip(np.linspace(1.0, -SETTLE / LEVELS, LEVELS), 0.0, 1.0)
    board = Board(
        problem.first, problem.other, problem.border, problem.tail, problem.load, problem.people,
        home, grid.copy(), np.bincount(grid, problem.load, minlength=k).astype(np.float64),
        np.bincount(grid, minlength=k), np.full(n, -1, np.int64), np.zeros(n, np.int64),
        grid.copy(), np.zeros(2),
    )  # fmt: skip
    within = {"best_balance": 0.0, "between": tolerance / 2.0}.get(aim, tolerance)
    wish = Terms(within, WALL * dear, moved, border)
    random, stamp = random_state(seed), 0
    draws = iterations * max(arcs, LEAST_ARCS) // LEVELS
    begin = range(0, draws, CHUNK)
    for level in range(LEVELS):
        terms = Terms(float(narrow[level]), dear, moved, border)
        for done in begin:
            if late():
                return board.best
            some = min(CHUNK, draws - done)
            stamp = walk(board, terms, wish, float(heat[level]), some, stamp, random)
    return board.best
