"""Small divisions solved to the end, or bounded: HiGHS, told about a cut grid when it meets one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from geo.placement.exact import HALF, Model, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.partition.problem import Problem
    from geo.placement.proposal import Stop

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CUTS: Final = 100
"""Rounds of forbidding grids that fall apart, at most."""


class Proof(NamedTuple):
    """
    Outcome of `prove`.

    Parameters
    ----------
    grid
        The best division found; never worse than the one to begin with.
    bound
        No division achieves less.
    stopped_by
        "optimal", "iterations" or "time".
    """

    grid: Ints
    bound: float
    stopped_by: Stop


def prove(
    problem: Problem, start: Ints, *, limit: float | None, seed: int, left_s: Callable[[], float]
) -> Proof:
    """
    Find the least that moves within a limit of balance, or the best balance.

    Parameters
    ----------
    problem
        In one component.
    start
        n grids to begin with, each in one piece, numbered as `Problem.matched` does.
    limit
        Largest deviation of a load allowed, under which least is to move; None to make the
        largest deviation least.
    seed
        Of the solver.
    left_s
        How much time is left, in seconds.

    Returns
    -------
    proof
        Of the share that moves, or of the largest deviation.

    Notes
    -----
    A grid that falls apart is forbidden by rows: of two blocks in different pieces, one must go
    or a block between them must come. Such rows are added until no grid falls apart.
    """
    n, k = problem.blocks, problem.grids
    if limit is None:
        _, first, start = np.unique(start, return_index=True, return_inverse=True)
        start = np.argsort(np.argsort(first))[start]
    model, scale = _model(problem, start, limit)
    values = _columns(problem, start, model, scale, limit)
    best = Proof(start, 0.0, "iterations")
    for _ in range(CUTS):
        answer = solve(model, values, seconds=left_s(), seed=seed, whole_costs=False)
        bound = max(best.bound, answer.bound * scale)
        best = Proof(best.grid, bound, answer.stopped_by)
        if answer.values is None:
            return best
        grid = np.argmax(answer.values[: n * k].reshape(n, k) > HALF, axis=1)
        rows, low = _cuts(problem, grid, model.rows.shape[1])
        if not len(low):
            return Proof(grid, bound, answer.stopped_by)
        model = model.with_rows(rows, low)
        if answer.stopped_by != "optimal":
            return best
    return best._replace(stopped_by="iterations")


def _model(problem: Problem, start: Ints, limit: float | None) -> tuple[Model, float]:
    """Write the model without its cuts, and what its cost is counted in."""
    n, k = problem.blocks, problem.grids
    whose = sp.csr_array(np.kron(np.eye(n), np.ones(k)))
    load = sp.csr_array(np.kron(problem.load, np.eye(k)))
    some = sp.csr_array(np.kron(np.ones(n), np.eye(k)))
    _, home = problem.matched(start)
    if limit is not None:
        stays = home[:, None] == np.arange(k)
        leaves = (home != -1)[:, None] & ~stays
        cost = (problem.people[:, None] * leaves).ravel()
        rows = sp.csr_array(sp.vstack([whose, load, some]))
        low = np.concatenate((np.ones(n), np.full(k, 1.0 - limit), np.ones(k)))
        high = np.concatenate((np.ones(n), np.full(k, 1.0 + limit), np.full(k, np.inf)))
        return Model(cost, np.ones(n * k, dtype=bool), rows, low, high), 1.0
    # The column of the deviation is counted in what the start deviates, so that it is in [0, 1].
    scale = max(problem.worth(start).deviation, 1e-9)
    far = sp.csr_array(np.full((k, 1), scale))
    rows = sp.csr_array(sp.block_array([[whose, None], [load, -far], [load, far], [some, None]]))
    low = np.concatenate((np.ones(n), np.full(k, -np.inf), np.ones(k), np.ones(k)))
    high = np.concatenate((np.ones(n), np.ones(k), np.full(k, np.inf), np.full(k, np.inf)))
    model = Model(
        np.append(np.zeros(n * k), 1.0), np.append(np.ones(n * k, dtype=bool), False),
        rows, low, high,
    )  # fmt: skip
    # Grids have no names here: each begins with a later block than the one before.
    above = sp.csr_array(np.tril(np.ones((n, n)), -1))
    earlier = sp.kron(above, sp.eye_array(k, k=-1)) - sp.eye_array(n * k)
    named = sp.hstack([earlier[np.tile(np.arange(k) > 0, n)], sp.csr_array((n * (k - 1), 1))])
    return model.with_rows(sp.csr_array(named), np.zeros(n * (k - 1))), scale


def _columns(
    problem: Problem, start: Ints, model: Model, scale: float, limit: float | None
) -> Floats:
    """Write the start as columns."""
    values = np.zeros(model.rows.shape[1])
    values[np.arange(problem.blocks) * problem.grids + start] = 1.0
    if limit is None:
        values[-1] = problem.worth(start).deviation / scale
    return values


def _cuts(problem: Problem, grid: Ints, columns: int) -> tuple[sp.csr_array, Floats]:
    """Forbid, in every grid, that blocks be together without what lies between them."""
    piece = problem.pieces(grid)
    load = np.bincount(piece, problem.load + 1e-9)
    k = problem.grids
    rows = []
    # Small cases only: a few pieces each.
    for g in range(k):
        parts = np.unique(piece[grid == g])
        main = parts[np.argmax(load[parts])] if len(parts) else -1
        for part in parts[parts != main]:
            a, b = (np.flatnonzero(piece == p)[0] for p in (part, main))
            between = _separator(problem, piece == part, int(b))
            for name in range(k):
                row = np.zeros(columns)
                row[[a * k + name, b * k + name]] = -1.0
                row[between * k + name] = 1.0
                rows.append(row)
    if not rows:
        return sp.csr_array((0, columns)), np.empty(0)
    return sp.csr_array(np.array(rows)), np.full(len(rows), -1.0)


def _separator(problem: Problem, part: NDArray[np.bool_], target: int) -> Ints:
    """Return the blocks around a part that every way from it to a target passes first."""
    rim = np.zeros(problem.blocks, dtype=bool)
    rim[problem.other[part[problem.tail]]] = True
    rim &= ~part
    open_ = np.flatnonzero(~rim)
    reached = np.zeros(problem.blocks, dtype=bool)
    _, room = connected_components(problem.graph[open_][:, open_], directed=False)
    reached[open_[room == room[np.searchsorted(open_, target)]]] = True
    beside = np.zeros(problem.blocks, dtype=bool)
    beside[problem.other[reached[problem.tail]]] = True
    between: Ints = np.flatnonzero(rim & beside)
    return between
