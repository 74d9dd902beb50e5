"""Problems and routes are checked where they are made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from geo.errors import InvalidParameterError
from geo.patrol.problem import BREAK, HERE, UNREACHABLE, Crews, PatrolProblem, Routes, Visits
from tests.geo.patrol.problems import on_line

if TYPE_CHECKING:
    from numpy.typing import NDArray


def refused(pattern: str, make: Any, *given: Any, **more: Any) -> None:  # noqa: ANN401
    """Expect a refusal that says what is wrong."""
    with pytest.raises(InvalidParameterError, match=pattern):
        make(*given, **more)


@pytest.fixture
def problem() -> PatrolProblem:
    """Three points on a street, 100 m apart, and a crew at its begin."""
    return on_line([0, 100, 200, 300])


def test_a_column_of_another_length_is_refused() -> None:
    """The column, its shape and the number of rows are named."""
    columns = vars(Crews.of([0, 0])) | {"late_s": np.array([1])}
    refused(r"crews: late_s of shape \(1,\); give 2 numbers", Crews, **columns)


def test_numbers_that_are_not_whole_are_refused() -> None:
    """Rounding is for the caller to do."""
    columns = vars(Visits.of([1])) | {"load": np.array([0.5])}
    refused("visits: load of type float64; round to whole numbers", Visits, **columns)


def test_negative_and_huge_numbers_are_refused() -> None:
    """With the first row that holds one."""
    refused("crews: break_s below 0, -1 met at row 1", Crews.of, [0, 0], break_s=[0, -1])
    refused(
        "visits: work_m above 100000000, 100000001 met at row 0", Visits.of, [0], work_m=10**8 + 1
    )


def test_work_of_minus_one_means_not_able_and_less_is_refused() -> None:
    """No other negative number has a meaning."""
    assert Visits.of([0], work_s=-1).work_s.tolist() == [[-1]]
    refused(r"visits: work_s below -1, -2 met at \(0, 0\)", Visits.of, [0], work_s=-2)


def test_a_window_upside_down_is_refused() -> None:
    """That of a break only where there is one."""
    refused("crews: late_s before early_s, 5 met at row 0", Crews.of, [0], early_s=6, late_s=5)
    refused("visits: late_s before early_s", Visits.of, [0], early_s=6, late_s=5)
    late = {"break_early_s": 6, "break_late_s": 5}
    refused("crews: break_late_s before break_early_s", Crews.of, [0], break_s=1, **late)
    assert len(Crews.of([0], break_s=0, **late)) == 1


def test_a_misspelt_column_is_refused() -> None:
    """As any misspelt argument is."""
    with pytest.raises(TypeError, match="shift"):
        Crews.of([0], shift=3)


def test_work_needs_a_row_for_each_profile(problem: PatrolProblem) -> None:
    """Even for one profile."""
    visits = Visits.of([1, 2, 3], work_s=[[1, 1, 1], [2, 2, 2]])
    refused(
        "visits: work_s for 2 profiles, but the matrices have 1", replace, problem, visits=visits
    )
    flat = vars(problem.visits) | {"work_s": np.zeros(3, dtype=np.int64)}
    refused(r"work_s of shape \(3,\); give profiles x 3", Visits, **flat)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("distance_m", np.zeros((4, 4), dtype=np.int64), r"distance_m: shape \(4, 4\) met"),
        ("duration_s", np.zeros((1, 3, 3), dtype=np.int64), "duration_s: shape"),
        ("duration_s", np.zeros((1, 4, 4)), "duration_s of type float64"),
        ("required", np.ones(3), "required: type float64 met"),
        ("required", np.ones(2, dtype=bool), "prize_m: shape"),
        ("prize_m", np.zeros(2, dtype=np.int64), r"prize_m: shape \(2,\) met; give 3"),
        ("prize_m", np.full(3, -1), "prize_m below 0"),
        ("rest_places", np.array([4]), "rest_places outside 0 to 3, 4 met at row 0"),
        ("rest_places", np.array([-1]), "rest_places below 0, -1 met at row 0"),
        ("crews", Crews.of([0], profile=1), "crews: profile outside 0 to 0, 1 met at row 0"),
        ("crews", Crews.of([0, 9]), "crews: start outside 0 to 3, 9 met at row 1"),
        ("crews", Crews.of([0], end=4), "crews: end outside 0 to 3"),
        ("visits", Visits.of([1, 4, 2]), "visits: entry outside 0 to 3, 4 met at row 1"),
        ("visits", Visits.of([1, 2, 3], exit=[1, 2, 7]), "visits: exit outside 0 to 3"),
        ("visits", Visits.of([1, 2, 3], task=[0, 1, 1]), "visits: task 2 has no way"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(
    problem: PatrolProblem, column: str, value: NDArray[Any], said: str
) -> None:
    """One by one, with the place of the fault."""
    refused(said, replace, problem, **{column: value})


def test_a_way_is_there_in_metres_and_in_seconds_or_in_neither(problem: PatrolProblem) -> None:
    """Half a way is a slip."""
    half = problem.distance_m.copy()
    half[0, 1, 2] = UNREACHABLE
    refused(r"UNREACHABLE at \(0, 1, 2\), the other not", replace, problem, distance_m=half)


def test_a_place_is_no_way_from_itself(problem: PatrolProblem) -> None:
    """The diagonal is 0."""
    loop = problem.duration_s.copy()
    loop[0, 2, 2] = 5
    refused("duration_s: 5 from place 2 to itself in profile 0", replace, problem, duration_s=loop)


def test_a_way_that_is_nearly_unreachable_is_refused(problem: PatrolProblem) -> None:
    """Nothing is between the longest way and none."""
    long = problem.distance_m.copy()
    long[0, 0, 1] = UNREACHABLE - 1
    refused("distance_m above 100000000 and below", replace, problem, distance_m=long)


def test_a_crew_is_able_when_it_has_all_skills_and_its_profile_can() -> None:
    """Two skills, two profiles, three crews."""
    crews = Crews.of([0, 0, 0], profile=[0, 0, 1], skills=[0b01, 0b11, 0b11])
    given = {"skills": [0, 0b01, 0b11], "work_s": [[5, 5, 5], [5, -1, 5]]}
    able = on_line([0, 1, 2, 3], crews, speed_mps=(1.0, 2.0), **given).able
    assert able.tolist() == [[True, True, False], [True] * 3, [True, False, True]]


def test_routes_of_lists_have_breaks_at_stops(problem: PatrolProblem) -> None:
    """The middle crew stays idle."""
    routes = Routes.of([[2, BREAK], [], [0]])
    assert routes.crew.tolist() == [0, 0, 2]
    assert routes.visit.tolist() == [2, BREAK, 0]
    assert routes.place.tolist() == [HERE] * 3
    assert routes.stops_of(0).tolist() == [2]
    assert routes.stops_of(1).tolist() == []
    assert routes.done(problem).tolist() == [True, False, True]
    assert Routes.of([[], []]).done(problem).tolist() == [False] * 3


def test_routes_out_of_order_are_refused() -> None:
    """And those with rows that lack a number."""
    crew, visit = np.array([1, 0]), np.array([0, 1])
    refused("routes: crew not ascending, 0 met at row 1", Routes, crew, visit)
    refused("routes: 1 crews, 2 visits", Routes, crew[:1], visit)
    refused("routes: crew not ascending, -1 met", Routes, np.array([-1]), np.array([0]))
