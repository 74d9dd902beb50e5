"""
Published walks: the trails of Sleeping Giant state park (MIT licence, problem set of
postman_problems) and the seven bridges of Koenigsberg.

The same streets are a patrol problem: every required edge a segment with two ways, one crew.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.patrol.bounds import deadhead_bound, distance_bound
from geo.patrol.checking import check
from geo.patrol.postman import matching_bound, postman
from geo.patrol.problem import Crews, PatrolProblem, Routes, Visits
from geo.patrol.solving import solve
from geo.patrol.timetable import simulate

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FOLDER = "bench_postman"

WALKS = {
    "all seven bridges": ("edgelist_seven_bridges.csv", 39.0, 6.0),
    "required trails and no others": ("edgelist_sleeping_giant.csv", 33.25, 7.24),
    "required trails, others on the way": ("edgelist_sleeping_giant.csv", 32.12, 6.11),
}
"""File, published length of the walk, and what of it is walked twice or on other trails."""


@dataclass(frozen=True, eq=False)
class Walk:
    """The edges of a published walk, its length and its deadhead."""

    edges: pd.DataFrame
    required: NDArray[np.bool_]
    length: float
    deadhead: float


@pytest.fixture(params=WALKS)
def walk(request: pytest.FixtureRequest, shared_data: Path) -> Walk:
    """Read one, or skip."""
    name, length, deadhead = WALKS[request.param]
    file = shared_data / FOLDER / name
    if not file.exists():
        pytest.skip(f"{name} is not among the data sets")
    edges = pd.read_csv(file).rename(columns={"node1": "u", "node2": "v", "distance": "length"})
    if "no others" in request.param:
        edges = edges[edges["required"] == 1]
    required = edges["required"] if "required" in edges.columns else np.ones(len(edges))
    return Walk(edges, np.asarray(required).astype(np.bool_), length, deadhead)


def problem_of(walk: Walk) -> PatrolProblem:
    """Make segments of the required edges: ways 2i and 2i + 1 are those of the i-th, in cm."""
    code, names = pd.factorize(pd.concat((walk.edges["u"], walk.edges["v"])))
    ends = code.reshape(2, -1)
    length = np.rint(walk.edges["length"].to_numpy() * 100).astype(np.int64)
    short = np.full((len(names), len(names)), np.inf)
    np.minimum.at(short, (ends[0], ends[1]), length)
    tail, head = np.nonzero(np.isfinite(short))
    streets = csr_array((short[tail, head], (tail, head)), shape=short.shape)
    apart = np.rint(dijkstra(streets, directed=False)).astype(np.int64)[None]
    mine = ends[:, walk.required]
    tasks = mine.shape[1]
    work = np.repeat(length[walk.required], 2)
    visits = Visits.of(
        mine.T.ravel(), exit=mine[::-1].T.ravel(), task=np.repeat(np.arange(tasks), 2),
        work_m=work, work_s=work,
    )  # fmt: skip
    required, prize = np.ones(tasks, dtype=np.bool_), np.zeros(tasks, dtype=np.int64)
    return PatrolProblem(Crews.of(mine[0, :1]), visits, apart, apart, required, prize)


def judge(problem: PatrolProblem, routes: Routes, walk: Walk) -> None:
    """Hold routes against what is published, by our own checker."""
    timetable = simulate(problem, routes)
    assert check(problem, routes).empty
    assert timetable.distance_m == round(100 * walk.length)
    assert Counter(problem.visits.task[routes.visit].tolist()) == Counter(range(problem.tasks))
    deadhead = timetable.distance_m - int(timetable.stops["work_m"].sum())
    assert deadhead >= 100 * matching_bound(walk.edges, required=walk.required) - 1e-6


def test_the_published_length_is_reached(walk: Walk) -> None:
    """And proven: the required edges hang together."""
    tour = postman(walk.edges, required=walk.required)
    assert tour.length == pytest.approx(walk.length, abs=1e-9)
    assert tour.deadhead == pytest.approx(walk.deadhead, abs=1e-9)
    assert tour.bound == tour.length
    assert tour.pieces == 1
    assert matching_bound(walk.edges, required=walk.required) == pytest.approx(walk.deadhead)


def test_the_walk_is_a_plan_of_that_length(walk: Walk) -> None:
    """Its edges as segments in its order, for a crew that begins where it does."""
    order = postman(walk.edges, required=walk.required).order
    segment = np.cumsum(walk.required) - 1
    served = order[~order["deadhead"]]
    visit = 2 * segment[served["edge"]] + ~served["forward"].to_numpy()
    # The walk is closed, so it may as well begin with the first required edge.
    first = int(np.flatnonzero(visit // 2 == 0)[0])
    visit = np.roll(visit, -first)
    problem = problem_of(walk)
    problem = replace(problem, crews=Crews.of(problem.visits.entry[visit[:1]]))
    judge(problem, Routes.of([visit.tolist()]), walk)


def test_a_plan_reaches_the_published_length(walk: Walk) -> None:
    """From nothing, and no shorter than the bounds."""
    problem = problem_of(walk)
    solved = solve(problem, iterations=4_000, seed=1, time_limit_s=300.0)
    judge(problem, solved.routes, walk)
    assert solved.stopped_by == "iterations"
    assert distance_bound(problem) <= solved.distance_m
    assert deadhead_bound(problem) <= round(100 * walk.deadhead)
