"""Interval sets against sets of whole numbers, which need no cleverness."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import Intervals, InvalidParameterError

triples = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 20), st.integers(0, 20)), max_size=12
)


def made(rows: list[tuple[int, int, int]]) -> Intervals:
    """Return the canonical set of some rows."""
    return Intervals.of(*np.array(rows, dtype=float).reshape(-1, 3).T)


def cells(rows: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """Return the unit cells that the rows hold: the oracle."""
    return {(key, i) for key, start, end in rows for i in range(start, end)}


def cells_of(intervals: Intervals) -> set[tuple[int, int]]:
    """Return the unit cells of a set, and check that it is canonical."""
    rows = list(zip(intervals.key, intervals.start, intervals.end, strict=True))
    for (key, _, end), (next_key, start, _) in itertools.pairwise(rows):
        assert (key, end) < (next_key, start)
    assert all(start < end for _, start, end in rows)
    return {(int(k), i) for k, s, e in rows for i in range(int(s), int(e))}


@given(triples)
def test_a_set_holds_what_its_rows_hold_in_any_order(rows: list[tuple[int, int, int]]) -> None:
    """Overlapping and touching rows are joined; empty and turned rows hold nothing."""
    assert cells_of(made(rows)) == cells_of(made(rows[::-1])) == cells(rows)


@given(triples, triples)
def test_set_operations_agree_with_sets(a: list, b: list) -> None:
    """Union, difference and intersection, canonical again."""
    assert cells_of(made(a).union(made(b))) == cells(a) | cells(b)
    assert cells_of(made(a).difference(made(b))) == cells(a) - cells(b)
    assert cells_of(made(a).intersection(made(b))) == cells(a) & cells(b)


@given(triples, triples)
def test_lengths_add_up(a: list, b: list) -> None:
    """Total, by key and by overlap, against counts of cells."""
    one, other = made(a), made(b)
    by_key = [sum(key == k for key, _ in cells(a)) for k in range(4)]
    assert one.length_m == len(cells(a))
    assert one.length_by_key(4).tolist() == by_key
    assert one.overlaps_m(other).sum() == len(cells(a) & cells(b))
    assert len(one.overlaps_m(other)) == len(one)


@given(triples, triples)
def test_splitting_keeps_every_metre_and_cuts_at_every_place(a: list, cuts: list) -> None:
    """Pieces tile the set, and no cut lies inside a piece."""
    whole = made(a)
    key, start, end = whole.split([k for k, _, _ in cuts], [float(at) for _, at, _ in cuts])
    assert cells_of(Intervals.of(key, start, end)) == cells(a)
    assert (end - start).sum() == whole.length_m
    assert (start < end).all()
    for cut_key, at, _ in cuts:
        assert not ((key == cut_key) & (start < at) & (at < end)).any()


def test_touching_intervals_become_one() -> None:
    """Ten and ten metres that meet are twenty."""
    joined = Intervals.of([0, 0], [10.0, 0.0], [20.0, 10.0])
    assert (joined.start.tolist(), joined.end.tolist()) == ([0.0], [20.0])


def test_short_ones_are_told_from_long_ones() -> None:
    """Longer than, not as long as."""
    assert len(Intervals.of([0, 1], [0.0, 0.0], [1.0, 2.0]).longer_than(1.0)) == 1


def test_nonsense_is_refused() -> None:
    """Differing lengths, and what is not a number."""
    with pytest.raises(InvalidParameterError, match="one start and one end per key"):
        Intervals.of([0, 1], [0.0], [1.0])
    with pytest.raises(InvalidParameterError, match="not a number"):
        Intervals.of([0], [np.nan], [1.0])


def test_a_place_is_held_up_to_both_ends() -> None:
    """On its own line alone; between two intervals it is not."""
    held = Intervals.of([0, 0, 2], [1.0, 5.0, 0.0], [2.0, 6.0, 1.0])
    key = [0, 0, 0, 0, 0, 0, 1, 2, 2, 3]
    at = [0.9, 1.0, 2.0, 3.0, 6.0, 6.1, 1.5, 0.0, 1.1, 0.0]
    expected = [False, True, True, False, True, False, False, True, False, False]
    assert held.holds(key, at).tolist() == expected
    assert Intervals.of([], [], []).holds([0], [0.0]).tolist() == [False]
