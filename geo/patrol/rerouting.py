"""Every way to change a plan by one or two stops, and what each route then comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.pacing import Pace, Plan

    Ints = NDArray[np.int64]

NOTHING: Final = -1
"""The task that comes in when a stop only leaves."""

NOBODY: Final = -1
"""The second crew of a move that changes one route."""


@dataclass(frozen=True, eq=False)
class Moves:
    """
    The m moves of a plan that can be done.

    Parameters
    ----------
    crew
        2 x m crews whose routes change; the second may be `NOBODY`.
    row
        2 x m stops of them that leave; as many as the crew has for none.
    task
        2 x m tasks that come in, where the way is shortest, or `NOTHING`.
    paced
        2 x 3 x m: length, duration and, in that, waiting of the new routes; 0 for `NOBODY`.
    """

    crew: Ints
    row: Ints
    task: Ints
    paced: Ints

    def __len__(self) -> int:
        """Return the number of moves."""
        return self.crew.shape[1]

    def longer(self, paced: Ints) -> Ints:
        """
        Tell what the moves add.

        Parameters
        ----------
        paced
            3 x u: what the crews come to without them.

        Returns
        -------
        longer
            3 x m.
        """
        second = np.where(self.crew[1] == NOBODY, 0, paced[:, self.crew[1]])
        return self.paced.sum(axis=0) - paced[:, self.crew[0]] - second

    def made(self, pace: Pace, plan: Plan, move: int) -> Plan:
        """
        Make a move.

        Parameters
        ----------
        pace
            The problem.
        plan
            The plan that the moves are of.
        move
            Which of them.

        Returns
        -------
        plan
            The new one.
        """
        routes = list(plan)
        edits = np.stack((self.crew, self.row, self.task))[:, :, move].T
        for crew, row, task in edits.tolist():
            if crew == NOBODY:
                continue
            ways = plan[crew]
            rest = ways[:row] + ways[row + 1 :]
            if task != NOTHING:
                found = pace.exchanges(crew, ways)
                at, way = int(found.position[row, task]), int(found.way[row, task])
                rest = (*rest[:at], way, *rest[at:])
            routes[crew] = rest
        return tuple(routes)


def moves(pace: Pace, plan: Plan, free: Ints | None = None) -> Moves:
    """
    List the moves of a plan.

    A stop finds a better place in its route, goes to another crew, or changes places with one of
    another crew. If `free` is given a task of it also comes into a route, beside its stops or
    instead of one, and a stop may leave the plan.

    Parameters
    ----------
    pace
        The problem.
    plan
        Ways of each crew, in order, without breaks.
    free
        Tasks that are not in the plan and may come in.

    Returns
    -------
    moves
        That can be done.
    """
    own = np.repeat(np.arange(len(plan)), [len(ways) for ways in plan])
    ways = np.array([way for route in plan for way in route], dtype=np.int64)
    task, row = pace.task[ways], np.arange(len(own)) - np.searchsorted(own, own)
    size = np.bincount(own, minlength=len(plan))
    beside, instead, without = _tried(pace, plan)
    nobody = np.zeros_like(beside[:, :1, 0])

    fits = instead[0][:, task] >= 0
    p, q = np.nonzero(np.triu(own[:, None] != own) & fits & fits.T)
    swaps = _of(own[p], row[p], task[q], instead[:, p, task[q]],
                own[q], row[q], task[p], instead[:, q, task[p]])  # fmt: skip
    p = np.flatnonzero(np.diagonal(fits))
    better = _of(own[p], row[p], task[p], instead[:, p, task[p]], NOBODY, 0, NOTHING, nobody)
    takes = (without[0] >= 0)[:, None] & (beside[0][:, task].T >= 0)
    takes[np.arange(len(own)), own] = False
    p, to = np.nonzero(takes)
    handed = _of(own[p], row[p], NOTHING, without[:, p],
                 to, size[to], task[p], beside[:, to, task[p]])  # fmt: skip
    parts = [swaps, better, handed]
    if free is not None:
        to, at = np.nonzero(beside[0][:, free] >= 0)
        new = free[at]
        parts.append(_of(to, size[to], new, beside[:, to, new], NOBODY, 0, NOTHING, nobody))
        p, at = np.nonzero(instead[0][:, free] >= 0)
        new = free[at]
        parts.append(_of(own[p], row[p], new, instead[:, p, new], NOBODY, 0, NOTHING, nobody))
        p = np.flatnonzero(without[0] >= 0)
        parts.append(_of(own[p], row[p], NOTHING, without[:, p], NOBODY, 0, NOTHING, nobody))
    return Moves(*(np.concatenate(each, axis=-1) for each in zip(*parts, strict=True)))


def _tried(pace: Pace, plan: Plan) -> tuple[Ints, Ints, Ints]:
    """
    Return length (-1: cannot be done), duration and waiting of routes that differ by one stop.

    3 x u x t with a task beside the stops of a crew, 3 x n x t with one instead of a stop, 3 x n
    without a stop.
    """
    tables = [
        np.stack((np.where(each.way >= 0, each.distance_m, -1), each.duration_s, each.wait_s))
        for each in (pace.exchanges(crew, ways) for crew, ways in enumerate(plan))
    ]
    without = [
        pace.of(crew, ways[:row] + ways[row + 1 :])
        for crew, ways in enumerate(plan)
        for row in range(len(ways))
    ]
    return (
        np.stack([table[:, -1] for table in tables], axis=1),
        np.concatenate([table[:, :-1] for table in tables], axis=1),
        np.array(without, dtype=np.int64).reshape(-1, 3).T,
    )


def _of(
    crew: Ints, row: Ints, task: Ints | int, paced: Ints,
    other: Ints | int, its_row: Ints | int, its_task: Ints | int, its_paced: Ints,
) -> tuple[Ints, Ints, Ints, Ints]:  # fmt: skip
    """Return crews, rows, tasks and what routes come to, as in `Moves`."""
    m = len(crew)
    pairs = ((crew, other), (row, its_row), (task, its_task))
    columns = [np.stack([np.broadcast_to(each, m) for each in pair]) for pair in pairs]
    both = np.stack((paced, np.broadcast_to(its_paced, paced.shape)))
    return columns[0], columns[1], columns[2], both
