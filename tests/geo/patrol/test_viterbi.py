"""What a step from place to place costs beyond the straight line."""

from __future__ import annotations

import numpy as np
import pytest

from geo.patrol.viterbi import (
    DETOUR,
    DETOUR_M,
    MOST_SLACK,
    ROUTE,
    SLIP,
    SPOT,
    STAY,
    Turning,
    limit_m,
    step,
)

FOOT, CAR = Turning(40.0, spot=True), Turning(200.0, spot=False)
HERE = (4, 30.0, 100.0, 7)
"""30 m from the start of arc 4, which is 100 m long; arc 7 is the same edge the other way."""

NEVER = float("inf")


@pytest.mark.parametrize(
    ("there", "way_m", "straight_m", "turning", "cost_m", "how"),
    [
        ((4, 80.0), NEVER, 20.0, FOOT, 30.0, STAY),  # a bend of the street
        ((4, 80.0), NEVER, 60.0, FOOT, 0.0, STAY),  # shorter than straight is noise
        ((4, 22.0), NEVER, 8.0, FOOT, 3.0, SLIP),  # 8 m behind, 5 m for nothing
        ((4, 26.0), NEVER, 8.0, FOOT, 0.0, SLIP),
        ((4, 2.0), NEVER, 8.0, CAR, 23.0, SLIP),  # a car backs up
        ((4, 2.0), 150.0, 8.0, FOOT, 214.0, ROUTE),  # a walker goes round, or turns
        ((7, 80.0), NEVER, 8.0, FOOT, 42.0, SPOT),  # back to 20 m, and turned
        ((7, 50.0), NEVER, 8.0, FOOT, 52.0, SPOT),  # on to 50 m, and turned
        ((7, 80.0), 200.0, 8.0, CAR, NEVER, ROUTE),  # 200 m to turn, and beyond the limit
        ((7, 80.0), 200.0, 9.0, CAR, 341.0, ROUTE),
        ((9, 15.0), 25.0, 90.0, CAR, 20.0, ROUTE),  # 70 m to the end, 25 m, 15 m
        ((9, 15.0), NEVER, 90.0, CAR, NEVER, ROUTE),
    ],
)
def test_steps_cost_what_they_are_longer(
    there: tuple[int, float], way_m: float, straight_m: float, turning: Turning, cost_m: float,
    how: int,
) -> None:  # fmt: skip
    """Drawn from paper, with 5 m of slack."""
    if way_m == 200.0 and cost_m == NEVER:
        way_m = limit_m(straight_m) + 1e-6
    assert step(HERE, there, way_m, straight_m, 5.0, turning) == (pytest.approx(cost_m), how)


def test_a_walker_too_far_behind_has_turned() -> None:
    """A slip is no longer than so much noise."""
    back_m = MOST_SLACK * 5.0
    assert step(HERE, (4, 30.0 - back_m), np.inf, 8.0, 5.0, FOOT)[0] == 5.0
    assert step(HERE, (4, 29.9 - back_m), np.inf, 8.0, 5.0, FOOT)[0] == np.inf


def test_ways_are_looked_for_within_a_limit() -> None:
    """That grows with the distance of the fixes."""
    assert limit_m(0.0) == DETOUR_M
    assert limit_m(50.0) - limit_m(0.0) == 50.0 * DETOUR
