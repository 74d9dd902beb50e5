"""What is handed to the solver."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from geo.patrol.offering import START, doable, resting, spread
from geo.patrol.problem import UNREACHABLE, Crews
from tests.geo.patrol.problems import on_line


@pytest.mark.parametrize(
    ("crew", "task", "can"),
    [
        ({}, {}, True),
        ({"late_s": 220}, {}, True),
        ({"late_s": 219}, {}, False),
        ({"longest_s": 220}, {}, True),
        ({"longest_s": 219}, {}, False),
        ({}, {"late_s": 100}, True),
        ({}, {"late_s": 99}, False),
        ({"late_s": 1_000}, {"early_s": 880}, True),
        ({"late_s": 1_000}, {"early_s": 881}, False),
        ({"capacity": 2}, {"load": 2}, True),
        ({"capacity": 1}, {"load": 2}, False),
        ({"skills": 2}, {"skills": 2}, True),
        ({"skills": 1}, {"skills": 2}, False),
        ({"longest_s": 250, "break_s": 30}, {}, True),
        ({"longest_s": 249, "break_s": 30}, {}, False),
        ({"early_s": 50, "break_s": 30, "break_late_s": 50}, {}, True),
        ({"early_s": 51, "break_s": 30, "break_late_s": 50}, {}, False),
        ({"late_s": 400, "break_s": 30, "break_early_s": 370}, {}, True),
        ({"late_s": 400, "break_s": 30, "break_early_s": 371}, {}, False),
    ],
)
def test_a_crew_can_do_what_it_could_do_alone(
    crew: dict[str, int],
    task: dict[str, Any],
    can: bool,  # noqa: FBT001
) -> None:
    """One task at 100 m with 20 s of work, at 1 m/s, and each limit from both sides."""
    problem = on_line([0, 100], Crews.of([0], **crew), work_s=20, **task)
    assert doable(problem).tolist() == [[can]]


def test_a_task_without_a_way_to_it_or_back_cannot_be_done() -> None:
    """The second can be reached, but not left."""
    problem = on_line([0, 100, 200])
    problem.distance_m[0, 2, 0] = problem.duration_s[0, 2, 0] = UNREACHABLE
    assert doable(problem).tolist() == [[True, False]]


def test_a_few_ways_are_as_far_from_each_other_as_can_be() -> None:
    """The farthest from the start, then in between; none twice, even where they coincide."""
    problem = on_line([0, 10, 800, 790, 400, 20, 0, 0, 0])
    assert spread(problem, 0, np.arange(8)).tolist()[:3] == [1, 3, 4]
    assert sorted(spread(problem, 0, np.arange(5, 8)).tolist()) == [5, 6, 7]


def test_breaks_may_be_at_entries_exits_and_near_rest_places() -> None:
    """Six rest places, the nearest to the start; the seventh is left out."""
    problem = on_line(
        [0, *range(10, 100, 10)], exit=[9, *range(2, 10)], rest_places=range(9, 2, -1)
    )
    assert resting(problem, 0, [0]) == [START, 1, 3, 4, 5, 6, 7, 8, 9]
    assert resting(problem, 0, [1]) == [START, 2, 3, 4, 5, 6, 7, 8]
