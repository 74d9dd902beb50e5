"""When a search goes on, and when the exact solver is asked."""

from __future__ import annotations

import numpy as np
import pytest

from geo.placement import Search
from geo.placement.problem import Roles
from geo.placement.record import Record


def record(value: float, bound: float, *, more: bool = True, whole: bool = True) -> Record:
    """Return a record that has reached a value and a bound."""
    made = Record(Search(gap=0.01), more, whole, Roles.of(3, (), (), ()), 1.0)
    made.offer(value, np.array([0]), "greedy")
    made.prove(bound, "lagrangian")
    return made


def test_across_a_wide_gap_only_small_problems_are_closed() -> None:
    """20,000 pairs up to 5 %, 2,000 beyond; with no answer at all, 20,000."""
    assert record(100.0, 105.0).closable(20_000)
    assert not record(100.0, 105.0).closable(20_001)
    assert record(100.0, 106.0).closable(2_000)
    assert not record(100.0, 106.0).closable(2_001)
    assert record(-np.inf, 106.0).closable(20_000)


@pytest.mark.parametrize(
    ("value", "bound", "more", "reason"),
    [
        (100.0, 100.4, True, "optimal"),  # whole values: nothing lies between
        (100.0, 99.6, False, "optimal"),
        (100.0, 101.0, True, "gap"),
        (100.0, 99.0, False, "gap"),
        (100.0, 102.0, True, None),
        (100.0, 98.0, False, None),
    ],
)
def test_why_a_search_ends(value: float, bound: float, *, more: bool, reason: str | None) -> None:
    """Proven, or as near as asked; otherwise it goes on."""
    made = record(value, bound, more=more)
    assert made.settled() == (reason is not None)
    assert made.stopped_by == (reason or "no_improvement")


def test_only_a_better_answer_or_bound_is_taken() -> None:
    """The first is the greedy one, whatever comes after."""
    made = record(100.0, 120.0)
    assert not made.offer(99.0, np.array([1]), "swap")
    made.prove(130.0, "exact")
    assert (made.value, made.bound, made.method, made.greedy) == (100.0, 120.0, "greedy", 100.0)
    assert made.offer(101.0, np.array([1]), "swap")
    assert (made.value, made.greedy, made.chosen.tolist()) == (101.0, 100.0, [1])


def test_hopeless_is_what_cannot_be_better() -> None:
    """With whole values one more is the least that is better."""
    made = record(100.0, 120.0)
    assert made.hopeless(np.array([99.0, 100.9, 101.0])).tolist() == [True, True, False]
    loose = record(100.0, 120.0, whole=False)
    assert loose.hopeless(np.array([99.0, 100.1])).tolist() == [True, False]
    less = record(100.0, 80.0, more=False)
    assert less.hopeless(np.array([101.0, 99.1, 99.0])).tolist() == [True, True, False]
