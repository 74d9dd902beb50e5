"""What a division works on: blocks as numbers, who is next to whom, and what a choice is worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NONE: Final = -1
"""The current grid of a block that has none."""

GONE: Final = -2
"""The home of a block whose current grid has no successor: wherever it goes, it moves."""

NOBODY: Final = 0.05
"""A part of the village that nothing joins to the rest gets grids of its own when its load is this
much of one. With less it is a shore or an islet where hardly anybody lives: joined to the nearest
block, which the division says."""


class Worth(NamedTuple):
    """
    What a choice achieves; less is better in all.

    Parameters
    ----------
    deviation
        Largest distance of a load from 1.0.
    moved
        Share of the households that leave their grid.
    border
        Share of the borders between blocks that are borders of grids.
    """

    deviation: float
    moved: float
    border: float

    def excess(self, tolerance: float) -> float:
        """Return by how much the tolerance is exceeded; rounding is none."""
        return max(0.0, self.deviation - tolerance - 1e-9)


@dataclass(frozen=True, eq=False)
class Problem:
    """
    n blocks to be put together to grids of load 1.0.

    Parameters
    ----------
    load
        n loads, which add up to the number of grids.
    people
        n shares of what counts as moved, which add up to 1.0, or are all 0.
    xy
        n x 2 places, in metres.
    first
        n + 1 places in `other`: block b is next to `other[first[b]:first[b + 1]]`.
    other
        The neighbours, ascending in each block.
    border
        What is shared with each of them, as a share of all borders.
    current
        n current grids from 0, or `NONE`.
    grids
        How many grids there are to be.
    component
        n numbers of the connected components from 0.
    wanted
        Grids of each component.
    detached
        Blocks of components that nothing joins to the rest and that are too small for a grid.
    """

    load: Floats
    people: Floats
    xy: Floats
    first: Ints
    other: Ints
    border: Floats
    current: Ints
    grids: int
    component: Ints
    wanted: Ints
    detached: Ints

    @classmethod
    def of(
        cls,
        load: Floats,
        people: Floats,
        shapes: NDArray[np.object_],
        pairs: Ints,
        border: Floats,
        *,
        current: Ints,
        grids: int,
    ) -> Problem:
        """
        Join what has to be joined and tell how many grids each component gets.

        Parameters
        ----------
        load
            n loads, which add up to `grids`.
        people
            n shares of what counts as moved.
        shapes
            n polygons.
        pairs
            m x 2 neighbours.
        border
            m lengths, in metres.
        current
            n current grids from 0, or `NONE`.
        grids
            How many grids there are to be.

        Returns
        -------
        problem
            Ready to search.

        Raises
        ------
        InvalidParameterError
            When there are more components that need a grid than grids.
        """
        n = len(load)
        links = np.empty((0, 2), dtype=np.int64)
        count, component = _components(n, pairs)
        own = np.bincount(component, load, minlength=count) >= NOBODY
        own[np.argmax(np.bincount(component, load, minlength=count))] = True
        if own.sum() > grids:
            raise InvalidParameterError(
                f"grids: {own.sum()} parts of the village that people live in have no border "
                f"with each other, but {grids} grids are asked for; join the parts "
                f"(bridges of adjacency) or ask for more grids"
            )
        detached = np.flatnonzero(~own[component])
        if len(detached):
            links = _links(shapes, component, own)
        count, component = _components(n, np.concatenate((pairs, links)))
        wanted = _shares(
            np.bincount(component, load, minlength=count).astype(np.float64),
            np.bincount(component),
            grids,
        )
        share = border / border.sum() if border.sum() > 0.0 else border
        arcs = np.concatenate((pairs, links))
        tail, head = np.concatenate((arcs, arcs[:, ::-1])).T
        weight = np.tile(np.concatenate((share, np.zeros(len(links)))), 2)
        order = np.lexsort((head, tail))
        xy = shapely.get_coordinates(shapely.point_on_surface(shapes))
        return cls(
            load, people, xy, np.searchsorted(tail[order], np.arange(n + 1)).astype(np.int64),
            head[order], weight[order], current, grids, component, wanted, detached,
        )  # fmt: skip

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return len(self.load)

    @cached_property
    def graph(self) -> csr_array:
        """The neighbours as a matrix."""
        return csr_array((np.ones(len(self.other)), self.other, self.first), (self.blocks,) * 2)

    @cached_property
    def tail(self) -> Ints:
        """The block that each entry of `other` is next to."""
        return np.repeat(np.arange(self.blocks), np.diff(self.first))

    def pieces(self, grid: Ints) -> Ints:
        """
        Tell which connected group of blocks of one grid each block is in.

        Parameters
        ----------
        grid
            n grids, or -1 for none.

        Returns
        -------
        piece
            n numbers from 0.
        """
        same = grid[self.tail] == grid[self.other]
        _, piece = _components(self.blocks, np.column_stack((self.tail[same], self.other[same])))
        return piece

    def whole(self, grid: Ints) -> bool:
        """
        Tell whether every grid is there and in one piece.

        Parameters
        ----------
        grid
            n grids.

        Returns
        -------
        whole
            False also when a block has none.
        """
        if (grid < 0).any() or len(np.unique(grid)) != self.grids:
            return False
        return int(self.pieces(grid).max(initial=-1)) + 1 == self.grids

    def matched(self, grid: Ints) -> tuple[Ints, Ints]:
        """
        Match grids with the current ones that they share most with.

        Parameters
        ----------
        grid
            n grids from 0.

        Returns
        -------
        successor, home
            Of each grid the current one that it follows, or `NONE`; and of each block the grid
            that follows its current one, `NONE` or `GONE`.
        """
        k = int(self.current.max(initial=-1)) + 1
        told = self.current >= 0
        successor = np.full(self.grids, NONE, dtype=np.int64)
        home = np.full(self.blocks, NONE, dtype=np.int64)
        if not k:
            return successor, home
        shared = np.zeros((self.grids, k))
        # Where nobody lives the number of blocks decides.
        stays = self.people[told] + 1e-9 / self.blocks
        np.add.at(shared, (grid[told], self.current[told]), stays)
        row, column = linear_sum_assignment(shared, maximize=True)
        met = shared[row, column] > 0.0
        successor[row[met]] = column[met]
        follower = np.full(k, GONE, dtype=np.int64)
        follower[column[met]] = row[met]
        home[told] = follower[self.current[told]]
        return successor, home

    def worth(self, grid: Ints) -> Worth:
        """
        Tell what a choice achieves.

        Parameters
        ----------
        grid
            n grids from 0.

        Returns
        -------
        worth
            With the numbering under which least moves.
        """
        _, home = self.matched(grid)
        load = np.bincount(grid, self.load, minlength=self.grids)
        moves = (home != NONE) & (home != grid)
        apart = grid[self.tail] != grid[self.other]
        return Worth(
            float(np.abs(load - 1.0).max()),
            float(self.people[moves].sum()),
            float(self.border[apart].sum() / 2.0),
        )


def _components(n: int, pairs: Ints) -> tuple[int, Ints]:
    """Return how many connected components there are, and that of each block."""
    joined = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    count, component = connected_components(joined, directed=False)
    return int(count), component.astype(np.int64)


def _links(shapes: NDArray[np.object_], component: Ints, own: NDArray[np.bool_]) -> Ints:
    """Join each component that gets no grid to the nearest block of one that does."""
    firm = np.flatnonzero(own[component])
    lost = np.flatnonzero(~own[component])
    (block, near), away = shapely.STRtree(shapes[firm]).query_nearest(
        shapes[lost], return_distance=True
    )
    # Of those that touch, the one with the longest border keeps the grid in one piece.
    shared = shapely.length(shapely.intersection(shapes[lost[block]], shapes[firm[near]]))
    order = np.lexsort((near, -shared, away, component[lost[block]]))
    _, first = np.unique(component[lost[block]][order], return_index=True)
    taken = order[first]
    return np.column_stack((lost[block[taken]], firm[near[taken]]))


def _shares(load: Floats, size: Ints, grids: int) -> Ints:
    """Share grids out by load: at least one each, no more than blocks, the largest need first."""
    wanted = np.ones(len(load), dtype=np.int64)
    for _ in range(grids - len(load)):
        need = np.where(wanted < size, load / wanted, -1.0)
        wanted[np.argmax(need)] += 1
    return wanted
