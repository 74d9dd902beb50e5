"""
What no plan can undercut: the least distance that the given tasks ask for.

Every way to do a task has two ends, where it begins and where it is left, so a task is a pair of
halves, and a plan joins each half to one half of another task or to the start or end of a crew. Two
relaxations of that are solved, and the larger holds. One joins every half to one other at least
cost and forgets that the joints must make routes. The other keeps that all hangs together and
forgets how many joints a half has, at a price on each half that is raised where there are too many
and lowered where there are too few (Held and Karp 1971, doi:10.1007/BF01584070).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import minimum_spanning_tree

from geo.errors import InvalidParameterError
from geo.patrol.wholes import MOST

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.patrol.problem import PatrolProblem

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SEARCHES: Final = ((10.0, 300), (0.3, 150))
"""First change of a price, as a share of what a half costs at first, and rounds: far groups of
tasks take large changes, the last half per cent small ones. Twice the rounds gain no more."""

SIDES: Final = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
"""Which half of one task meets which of another."""


def distance_bound(problem: PatrolProblem, done_tasks: ArrayLike | None = None) -> float:
    """
    Find a distance that no plan doing these tasks can undercut.

    Parameters
    ----------
    problem
        Crews may stay idle. Of the rules, those on skills, profiles and ways that are not there
        are kept, windows between two tasks and loads in part, breaks and shifts not.
    done_tasks
        Tasks that the plan does, no other; None for all.

    Returns
    -------
    bound
        In metres, work included; 0.0 without tasks, infinite where no plan can do them all.

    Raises
    ------
    InvalidParameterError
        When `done_tasks` names a task that is not there.

    Notes
    -----
    Time grows with the square of the ways.
    """
    return _bound(problem, done_tasks, problem.visits.work_m)


def deadhead_bound(problem: PatrolProblem, done_tasks: ArrayLike | None = None) -> float:
    """
    Find a distance without work that no plan doing these tasks can undercut.

    Parameters
    ----------
    problem
        See `distance_bound`.
    done_tasks
        See `distance_bound`.

    Returns
    -------
    bound
        In metres; infinite where no plan can do the tasks. For segments that may be done both
        ways on a street graph, see also `geo.patrol.postman.matching_bound`.
    """
    return _bound(problem, done_tasks, np.zeros_like(problem.visits.work_m))


@dataclass(frozen=True, eq=False)
class _Joints:
    """
    What joining two halves costs; half 2i and half 2i + 1 are the ends of task i.

    `between` is halves x halves and symmetric, `starts` and `ends` are crews x halves; infinite
    where no crew can do it.
    """

    between: Floats
    starts: Floats
    ends: Floats
    fewest: int

    @classmethod
    def of(cls, problem: PatrolProblem, tasks: Ints, work_m: Ints) -> _Joints:
        """Take of every joint the cheapest way that some crew can go."""
        visits, crews = problem.visits, problem.crews
        way = np.flatnonzero(np.isin(visits.task, tasks))
        task = np.searchsorted(tasks, visits.task[way])
        entry, leave = visits.entry[way], visits.exit[way]
        # The first way of a task names its halves; one back the same way has them swapped.
        first = np.unique(task, return_index=True)[1][task]
        back = (entry == leave[first]) & (leave == entry[first]) & (entry != leave)
        begins, ends = 2 * task + back, 2 * task + 1 - back
        half_m = work_m[way] / 2.0

        able = problem.able[:, way]
        halves = 2 * len(tasks)
        between = np.full((halves, halves), math.inf)
        # A way that is not there takes longer than any window is open, so it is late.
        # Crews that move alike and can do the same go the same ways.
        kinds = np.unique(np.column_stack((crews.profile, able)), axis=0).astype(np.int64)
        for profile, *can in kinds:
            mine = np.flatnonzero(can)
            pairs = (profile, leave[mine][:, None], entry[mine][None, :])
            ready = visits.early_s[way[mine]] + visits.work_s[profile, way[mine]]
            late = ready[:, None] + problem.duration_s[pairs] > visits.late_s[way[mine]]
            cost = np.where(late, math.inf, problem.distance_m[pairs])
            cost += half_m[mine][:, None] + half_m[mine]
            np.minimum.at(between, (ends[mine][:, None], begins[mine][None, :]), cost)
        own = np.arange(halves) // 2
        between[own[:, None] == own] = math.inf

        out = (crews.profile[:, None], crews.start[:, None], entry[None, :])
        late = crews.early_s[:, None] + problem.duration_s[out] > visits.late_s[way]
        starts = np.full((len(crews), halves), math.inf)
        cost = np.where(late | ~able, math.inf, problem.distance_m[out]) + half_m
        np.minimum.at(starts.T, begins, cost.T)
        home = (crews.profile[:, None], leave[None, :], crews.end[:, None])
        ready = np.maximum(visits.early_s[way], crews.early_s[:, None])
        ready += np.maximum(visits.work_s[crews.profile][:, way], 0)
        late = ready + problem.duration_s[home] > crews.late_s[:, None]
        finish = np.full((len(crews), halves), math.inf)
        cost = np.where(late | ~able, math.inf, problem.distance_m[home]) + half_m
        np.minimum.at(finish.T, ends, cost.T)
        return cls(np.minimum(between, between.T), starts, finish, _fewest(problem, way, task))


def _fewest(problem: PatrolProblem, way: Ints, task: Ints) -> int:
    """Return how many crews it takes at least, by what is carried."""
    load = np.full(task.max() + 1, MOST, dtype=np.int64)
    np.minimum.at(load, task, problem.visits.load[way])
    most = np.sort(problem.crews.capacity)[::-1].cumsum()
    return int(np.searchsorted(most, load.sum())) + 1


def _bound(problem: PatrolProblem, done_tasks: ArrayLike | None, work_m: Ints) -> float:
    """Return the larger of both relaxations, as a whole number of metres."""
    tasks = np.arange(problem.tasks) if done_tasks is None else np.unique(done_tasks)
    if len(tasks) and not 0 <= tasks[0] <= tasks[-1] < problem.tasks:
        raise InvalidParameterError(
            f"done_tasks: tasks {tasks[0]} to {tasks[-1]} met; they are 0 to {problem.tasks - 1}"
        )
    if not len(tasks):
        return 0.0
    joints = _Joints.of(problem, tasks.astype(np.int64), work_m)
    if joints.fewest > min(len(problem.crews), len(tasks)):
        return math.inf
    least = _tied(joints, _paired(joints))
    # Distances are whole, so the next whole number holds too.
    return float(math.ceil(least - 1e-6)) if least < math.inf else math.inf


def _paired(joints: _Joints) -> float:
    """Return the least cost of joining every half to one other, routes or not."""
    halves, u = len(joints.between), len(joints.starts)
    cost = np.full((halves + 2 * u, halves + 2 * u), math.inf)
    cost[:halves, :halves] = joints.between
    outer = np.vstack((joints.starts, joints.ends))
    cost[halves:, :halves], cost[:halves, halves:] = outer, outer.T
    # A crew without tasks goes nowhere.
    idle = np.arange(halves, halves + u)
    cost[idle, idle + u] = cost[idle + u, idle] = 0.0
    try:
        rows, columns = linear_sum_assignment(cost)
    except ValueError:
        return math.inf  # some half can be joined to none
    # Every joint is paid for from both of its halves.
    return float(cost[rows, columns].sum()) / 2.0


def _tied(joints: _Joints, at_least: float) -> float:
    """
    Return the best bound by trees, at least what is known already.

    A route without its last joint is a branch: all routes make a tree of the tasks and of one
    node for all starts, with as many last joints as branches. Steps shrink as Volgenant and
    Jonker (1982, doi:10.1016/0377-2217(82)90015-7) have it.
    """
    best, found = at_least, np.zeros(len(joints.between) + 1)
    value, excess = _tree(joints, found)
    if max(best, value) == math.inf:
        return math.inf
    # Where the first tree costs nothing, as between streets that meet, any joint tells the size.
    paid = joints.between[np.isfinite(joints.between)]
    scale = max(best, value, float(paid.mean()) if len(paid) else 0.0) / len(joints.between)
    for share, rounds in SEARCHES:
        price, before = found.copy(), np.zeros_like(found)
        for turn in range(rounds):
            value, excess = _tree(joints, price)
            if value > best:
                best, found = value, price.copy()
            if not excess.any():
                return best
            price += share * scale * (1.0 - turn / rounds) ** 2 * (0.7 * excess + 0.3 * before)
            before = excess
    return best


def _tree(joints: _Joints, price: Floats) -> tuple[float, Floats]:
    """
    Return the cost of the cheapest tree and last joints, and which halves they join too often.

    The last price is that of a branch, taken back by its last joint: the same as one on all
    halves alike, but found in far fewer rounds.
    """
    halves = len(joints.between)
    n = halves // 2
    start = (joints.starts.min(axis=0) + price[:-1] + price[-1]).reshape(n, 2)
    end = (joints.ends.min(axis=0) + price[:-1] - price[-1]).reshape(n, 2)
    priced = joints.between + price[:-1, None] + price[:-1]
    cost = np.full((n + 1, n + 1), math.inf)
    cost[n, :n] = start.min(axis=1)
    for a, b in SIDES:
        np.minimum(cost[:n, :n], priced[a::2, b::2], out=cost[:n, :n])
    total, one, other = _spanning(cost)
    if not math.isfinite(total):
        return math.inf, np.zeros_like(price)

    # Which half of each task the joints take, those of the starts first.
    branch = one == n
    out = 2 * other[branch] + start[other[branch]].argmin(axis=1)
    one, other = 2 * one[~branch], 2 * other[~branch]
    side = priced[one[:, None] + SIDES[:, 0], other[:, None] + SIDES[:, 1]].argmin(axis=1)
    home = np.argsort(end.min(axis=1), kind="stable")
    last = end.min(axis=1)[home].cumsum()
    routes = joints.fewest + int(np.argmin(last[joints.fewest - 1 : len(joints.starts)]))
    home = home[:routes]
    back = 2 * home + end[home].argmin(axis=1)
    used = np.concatenate((out, one + SIDES[side, 0], other + SIDES[side, 1], back))
    excess = np.bincount(used, minlength=halves + 1).astype(np.float64) - 1.0
    excess[-1] = len(out) - routes
    return total + float(last[routes - 1]) - float(price[:-1].sum()), excess


def _spanning(cost: Floats) -> tuple[float, Ints, Ints]:
    """Return the cost of the cheapest tree below the diagonal, its joints, the larger end first."""
    one, other = np.nonzero(np.tril(np.isfinite(cost), -1))
    if not len(one):
        return math.inf, one, other
    # scipy takes a cost of 0 for no joint; as much more on all of them changes no tree.
    shift = 1.0 - float(cost[one, other].min())
    graph = csr_array((cost[one, other] + shift, (one, other)), shape=cost.shape)
    tree = minimum_spanning_tree(graph).tocoo()
    whole = tree.nnz == len(cost) - 1
    total = float(tree.data.sum()) - tree.nnz * shift if whole else math.inf
    return total, np.maximum(tree.row, tree.col), np.minimum(tree.row, tree.col)
