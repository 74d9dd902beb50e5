"""Blocks moved between grids, one at a time or two against each other, none ever cut in two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

from geo.placement.state import below

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Random = NDArray[np.uint64]

SWAP: Final = 4
"""Each so many moves on average one block comes back for the one that goes."""

STEEP: Final = 10.0
"""How much more the second half of a deviation counts: one grid far off is worse than two that
are half as far."""


NOTED: Final = 1e-12
"""A division is better when it is so by more than rounding."""


class Terms(NamedTuple):
    """
    What a move is judged by.

    Parameters
    ----------
    tolerance
        A load this far from 1.0 is as good as 1.0.
    deviation
        Price of a load of 1.0 beyond it.
    moved
        Price of moving everybody.
    border
        Price of all borders.
    """

    tolerance: float
    deviation: float
    moved: float
    border: float


class Board(NamedTuple):
    """
    Arrays that kernels share; those from `grid` on change.

    Parameters
    ----------
    first, other, border
        The neighbours, see `Problem`.
    tail
        The block of each entry of `other`.
    load, people
        Of each block, see `Problem`.
    home
        The grid of each block that counts as unmoved; below 0 none does.
    grid
        The grid of each block.
    total
        The load of each grid.
    size
        The blocks of each grid.
    seen, queue
        n entries each, for walks; `seen` must begin below every stamp.
    best
        The grid of each block in the best division met.
    mark
        How much worse than the first the division is by the aim, and the best of them.
    """

    first: Ints
    other: Ints
    border: Floats
    tail: Ints
    load: Floats
    people: Floats
    home: Ints
    grid: Ints
    total: Floats
    size: Ints
    seen: Ints
    queue: Ints
    best: Ints
    mark: Floats


@njit(nogil=True, cache=True)
def walk(
    board: Board, terms: Terms, aim: Terms, heat: float, draws: int, stamp: int, random: Random
) -> int:
    """
    Draw borders between blocks and move across those that are borders of grids.

    A move that is much worse than `heat` by the terms is not made. The best by the aim is kept in
    `board.best`. Returns the stamp that the next walk begins with.
    """
    arcs = len(board.other)
    for _ in range(draws):
        arc = below(random, arcs)
        b, g = board.tail[arc], board.grid[board.tail[arc]]
        h = board.grid[board.other[arc]]
        if g == h or board.size[g] == 1:
            continue
        worse = price(board, terms, b, h)
        back = -1
        if below(random, SWAP) == 0:
            back = partner(board, b, g, h, random)
        if back < 0 and not taken(worse, heat, random):
            continue
        stamp += 1
        if parts(board, b, stamp):
            continue
        change = price(board, aim, b, h)
        put(board, b, h)
        if back >= 0:
            worse += price(board, terms, back, g)
            stamp += 1
            # The first move is made already: one may have hung on the other.
            fits = taken(worse, heat, random) and hangs(board, back, g)
            if not fits or parts(board, back, stamp):
                put(board, b, g)
                continue
            change += price(board, aim, back, g)
            put(board, back, g)
        board.mark[0] += change
        if board.mark[0] < board.mark[1] - NOTED:
            board.mark[1] = board.mark[0]
            board.best[:] = board.grid
    return stamp


@njit(nogil=True, cache=True)
def taken(worse: float, heat: float, random: Random) -> bool:
    """Tell whether a move is kept."""
    if worse <= 0.0:
        return True
    if worse > 30.0 * heat:  # e ** -30 is never drawn
        return False
    return below(random, 1 << 30) < np.exp(-worse / heat) * (1 << 30)


@njit(nogil=True, cache=True)
def off(load: float, terms: Terms) -> float:
    """Return how bad a load is."""
    far = max(0.0, abs(load - 1.0) - terms.tolerance)
    return far + STEEP * far * far


@njit(nogil=True, cache=True)
def price(board: Board, terms: Terms, b: int, h: int) -> float:
    """Return by how much things get worse when a block goes to another grid."""
    g, load = board.grid[b], board.load[b]
    worse = terms.deviation * (
        off(board.total[g] - load, terms)
        + off(board.total[h] + load, terms)
        - off(board.total[g], terms)
        - off(board.total[h], terms)
    )
    if board.home[b] >= 0:
        worse += terms.moved * board.people[b] * ((h != board.home[b]) - (g != board.home[b]))
    for a in range(board.first[b], board.first[b + 1]):
        there = board.grid[board.other[a]]
        worse += terms.border * board.border[a] * ((there == g) - (there == h))
    return worse


@njit(nogil=True, cache=True)
def put(board: Board, b: int, h: int) -> None:
    """Give a block to a grid."""
    g = board.grid[b]
    board.total[g] -= board.load[b]
    board.total[h] += board.load[b]
    board.size[g] -= 1
    board.size[h] += 1
    board.grid[b] = h


@njit(nogil=True, cache=True)
def partner(board: Board, b: int, g: int, h: int, random: Random) -> int:
    """Return a block of `h` next to `g` that might come for `b`; -1 when none is met."""
    at = b
    for _ in range(4):
        # A few steps along the border, from side to side.
        low, high = board.first[at], board.first[at + 1]
        near = board.other[low + below(random, high - low)]
        if board.grid[near] in (g, h):
            at = near
        if board.grid[at] == h and at != b and hangs(board, at, g):
            return at
    return -1


@njit(nogil=True, cache=True)
def hangs(board: Board, b: int, g: int) -> bool:
    """Tell whether a block is next to another of a grid."""
    for a in range(board.first[b], board.first[b + 1]):  # noqa: SIM110 - numba has no generators
        if board.grid[board.other[a]] == g:
            return True
    return False


@njit(nogil=True, cache=True)
def parts(board: Board, b: int, stamp: int) -> bool:
    """Tell whether the grid of a block, which has others, falls apart without it."""
    g, near, start = board.grid[b], 0, -1
    for a in range(board.first[b], board.first[b + 1]):
        if board.grid[board.other[a]] == g:
            near += 1
            start = board.other[a]
    if near <= 1:
        return False
    # Walk from one neighbour until all are met; in a round grid that is soon.
    board.seen[b], board.seen[start] = stamp, stamp
    board.queue[0] = start
    head, end, left = 0, 1, near - 1
    while head < end:
        at = board.queue[head]
        head += 1
        for a in range(board.first[at], board.first[at + 1]):
            there = board.other[a]
            if board.seen[there] == stamp or board.grid[there] != g:
                continue
            board.seen[there] = stamp
            board.queue[end] = there
            end += 1
            for c in range(board.first[b], board.first[b + 1]):
                if board.other[c] == there:
                    left -= 1
                    break
            if left == 0:
                return False
    return True
