"""
Divisions to begin with: the current one made fit, random trees cut in balance, and grown ones.

The trees are those of Recombination (DeFord, Duchin, Solomon 2021, doi:10.1162/99608f92.eb30390f)
as GerryChain draws them; where it finds no cut in a few attempts, grids are grown, which always
ends.
"""

from __future__ import annotations

import heapq
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.partition.problem import Problem

    Ints = NDArray[np.int64]
    Late = Callable[[], bool]

ATTEMPTS: Final = 20
"""Trees drawn for one cut before giving up: at a narrow place hardly any has a cut."""

LOOSE: Final = 0.1
"""Trees are cut to this deviation at best; the search that follows does the rest in less time."""


class LateError(Exception):
    """The time is over."""


def adapted(problem: Problem) -> Ints:
    """
    Make the current grids fit: as many as wanted, each in one piece, every block in one.

    Of a grid in pieces the largest stays; what is left over goes to the neighbours. The lightest
    grids are given up, the heaviest divided, until the number is right.

    Parameters
    ----------
    problem
        With at least one block that has a current grid.

    Returns
    -------
    grid
        n grids from 0.
    """
    grid = np.full(problem.blocks, -1, dtype=np.int64)
    current = problem.pieces(problem.current)
    load = np.bincount(current, problem.load).astype(np.float64)
    begun = 0
    for number, wanted in enumerate(problem.wanted):
        inside = problem.component == number
        piece = np.where(inside & (problem.current >= 0), current, -1)
        kept = _largest(problem.current, piece, load)
        mine = np.where(np.isin(piece, kept), piece, -1)
        if not len(kept):
            mine[np.flatnonzero(inside)[0]] = 0
        mine = _grown(problem, mine, inside)
        while True:
            names, mine_at = np.unique(mine[inside], return_inverse=True)
            mine[inside] = mine_at
            total = np.bincount(mine_at, problem.load[inside]).astype(np.float64)
            if len(names) > wanted:
                mine[mine == np.argmin(total)] = -1
            elif len(names) < wanted:
                _divide(problem, mine, total, len(names))
            else:
                break
            mine = _grown(problem, mine, inside)
        grid[inside] = mine[inside] + begun
        begun += int(wanted)
    return grid


def grown(problem: Problem, seed: int) -> Ints:
    """
    Let grids grow from blocks far apart, always the lightest.

    Parameters
    ----------
    problem
        What to divide.
    seed
        Draws the first block.

    Returns
    -------
    grid
        n grids from 0, each in one piece.
    """
    random = np.random.default_rng(seed)
    grid = np.full(problem.blocks, -1, dtype=np.int64)
    begun = 0
    for number, wanted in enumerate(problem.wanted):
        inside = problem.component == number
        start = _spread(problem, np.flatnonzero(inside), int(wanted), random)
        mine = np.full(problem.blocks, -1, dtype=np.int64)
        mine[start] = begun + np.arange(len(start))
        grid = np.where(inside, _grown(problem, mine, inside), grid)
        begun += int(wanted)
    return grid


def trees(problem: Problem, tolerance: float, seed: int, late: Late) -> Ints | None:
    """
    Cut random spanning trees in balance.

    Parameters
    ----------
    problem
        What to divide.
    tolerance
        How far a load may be from its share.
    seed
        Of the trees.
    late
        Whether the time is over; asked before every tree cut.

    Returns
    -------
    grid
        n grids from 0, each in one piece; None when no cut was found or the time is over.
    """
    # Imported here: it takes half a second, which a command that divides nothing need not wait.
    import networkx as nx  # noqa: PLC0415
    from gerrychain import Graph  # noqa: PLC0415
    from gerrychain.partition import recursive_tree_part  # noqa: PLC0415
    from gerrychain.tree import bipartition_tree  # noqa: PLC0415

    def cut(graph: Any, **options: Any) -> Any:  # noqa: ANN401 - GerryChain's own
        if late():
            raise LateError
        return bipartition_tree(graph, max_attempts=ATTEMPTS, **options)

    grid = np.full(problem.blocks, -1, dtype=np.int64)
    begun = 0
    for number, wanted in enumerate(problem.wanted):
        members = np.flatnonzero(problem.component == number)
        if wanted == 1:
            grid[members] = begun
        else:
            graph = nx.Graph()
            graph.add_nodes_from((int(b), {"load": float(problem.load[b])}) for b in members)
            inner = (problem.component[problem.tail] == number) & (problem.tail < problem.other)
            graph.add_edges_from(
                zip(problem.tail[inner].tolist(), problem.other[inner].tolist(), strict=True)
            )
            target = float(problem.load[members].sum() / wanted)
            divide = partial(
                recursive_tree_part, parts=range(begun, begun + int(wanted)), pop_target=target,
                pop_col="load", epsilon=max(tolerance, LOOSE), bipartition_tree_fn=cut, rng=seed,
            )  # fmt: skip
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it warns when cuts are hard to find
                try:
                    found = divide(Graph.from_networkx(graph))
                # A cut that is not found is a bare RuntimeError there, a bad one an error of
                # its own that is exported nowhere.
                except Exception:  # noqa: BLE001
                    return None
            grid[np.fromiter(found, np.int64)] = np.fromiter(found.values(), np.int64)
        begun += int(wanted)
    return grid if problem.whole(grid) else None


def _largest(current: Ints, piece: Ints, load: NDArray[np.float64]) -> Ints:
    """Return the piece of each current grid that has the largest load, the first of equals."""
    told = piece >= 0
    pairs = np.unique(np.column_stack((current[told], piece[told])), axis=0)
    order = np.lexsort((-pairs[:, 1], load[pairs[:, 1]], pairs[:, 0]))
    last = np.append(np.diff(pairs[order, 0]) > 0, True)[: len(order)]
    kept: Ints = pairs[order, 1][last]
    return kept


def _grown(problem: Problem, grid: Ints, inside: NDArray[np.bool_]) -> Ints:
    """Give blocks without a grid to neighbouring grids, the lightest first, near ones first."""
    grid = grid.copy()
    names = np.unique(grid[inside & (grid >= 0)])
    total = {int(g): float(problem.load[grid == g].sum()) for g in names}
    edges: dict[int, list[tuple[int, int]]] = {g: [] for g in total}
    begin = grid >= 0
    for arc in np.flatnonzero(begin[problem.tail] & ~begin[problem.other]):
        edges[int(grid[problem.tail[arc]])].append((0, int(problem.other[arc])))
    lightest = [(load, g) for g, load in total.items()]
    heapq.heapify(lightest)
    for queue in edges.values():
        heapq.heapify(queue)
    # One block after the other: which is next depends on the one before.
    while lightest:
        load, g = heapq.heappop(lightest)
        queue = edges[g]
        while queue and grid[queue[0][1]] >= 0:
            heapq.heappop(queue)
        if not queue:
            continue
        far, b = heapq.heappop(queue)
        grid[b] = g
        for a in range(problem.first[b], problem.first[b + 1]):
            if grid[problem.other[a]] < 0:
                heapq.heappush(queue, (far + 1, int(problem.other[a])))
        heapq.heappush(lightest, (load + float(problem.load[b]), g))
    return grid


def _spread(problem: Problem, members: Ints, wanted: int, random: np.random.Generator) -> Ints:
    """Choose blocks far from each other: one by chance, then ever the farthest from all."""
    graph = problem.graph[members][:, members]
    start = [int(random.integers(len(members)))]
    away = dijkstra(graph, indices=start[0], unweighted=True)
    # The one by chance only says where the far end is.
    start = [int(np.argmax(away))]
    away = dijkstra(graph, indices=start[0], unweighted=True)
    while len(start) < wanted:
        away[start] = -1.0
        start.append(int(np.argmax(away)))
        away = np.minimum(away, dijkstra(graph, indices=start[-1], unweighted=True))
    chosen: Ints = members[start]
    return chosen


def _divide(problem: Problem, grid: Ints, total: NDArray[np.float64], new: int) -> None:
    """Divide the heaviest grid of two blocks or more between its two ends."""
    size = np.bincount(grid[grid >= 0], minlength=len(total))
    heavy = int(np.argmax(np.where(size > 1, total, -1.0)))
    members = np.flatnonzero(grid == heavy)
    ends = _spread(problem, members, 2, np.random.default_rng(0))
    grid[members] = -1
    grid[ends] = heavy, new
