"""Workers over grids: whole numbers, an exact sum, nobody below the least."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import InvalidParameterError
from geo.partition.allocation import allocate, apportioned


def test_126_workers_over_12_grids_are_whole_add_up_and_leave_none_empty() -> None:
    """3,580 households; a grid with 2 of them gets one worker all the same."""
    households = [310, 402, 298, 345, 280, 333, 371, 290, 318, 299, 332, 2]
    parts = allocate(households, 126)
    assert parts.dtype.kind == "i"
    assert parts.sum() == 126
    assert parts.tolist() == [11, 14, 10, 12, 10, 12, 13, 10, 11, 10, 12, 1]


def test_largest_remainders_are_rounded_up() -> None:
    """Drawn on paper: 10 over 6 : 3 : 2 is 5.45, 2.73, 1.82."""
    assert allocate([6, 3, 2], 10).tolist() == [5, 3, 2]
    assert allocate([1, 1, 1], 5).tolist() == [2, 2, 1], "of equal remainders the earlier row"


def test_equal_remainders_go_to_the_earlier_row_whatever_rounding_leaves() -> None:
    """0.22, 0.44, 2.44 and 2.89 of 6: as floats, the second remainder is less than the third."""
    assert allocate([0.1, 0.2, 1.1, 1.3], 6, least=0).tolist() == [0, 1, 2, 3]
    assert allocate([0.1, 1.1, 0.2, 1.3], 6, least=0).tolist() == [0, 3, 0, 3]
    assert allocate([0.3, 0.1, 0.2, 0.4], 5, least=0).tolist() == [2, 0, 1, 2]


def test_the_least_is_taken_from_those_with_more() -> None:
    """Lifting some takes a next one below: of 7, 15 % are more than one, of the 2 left not."""
    assert allocate([0, 0, 0, 0, 0, 15, 85], 7).tolist() == [1] * 7
    assert allocate([1, 14, 85], 6).tolist() == [1, 1, 4]
    assert allocate([1, 14, 85], 9, least=3).tolist() == [3, 3, 3]
    assert allocate([0, 0, 5], 4).tolist() == [1, 1, 2]
    assert allocate([0, 0], 2).tolist() == [1, 1]
    assert allocate([0, 0, 5], 4, least=0).tolist() == [0, 0, 4]
    assert allocate([], 0).tolist() == []


weights = st.lists(st.integers(0, 5_000), min_size=1, max_size=12).filter(any)


@given(weights, st.integers(0, 400), st.integers(0, 3))
def test_the_sum_is_exact_and_more_weight_never_gets_less(
    weight: list[int], extra: int, least: int
) -> None:
    """Whole numbers, the least, the sum, and the order of the weights."""
    total = least * len(weight) + extra
    parts = allocate(weight, total, least=least)
    assert parts.sum() == total
    assert (parts >= least).all()
    order = np.argsort(weight)
    heavier = np.diff(np.array(weight)[order]) > 0
    assert (np.diff(parts[order])[heavier] >= 0).all()


@given(st.integers(0, 9_999), st.lists(st.floats(0.1, 10), min_size=1, max_size=20))
def test_parts_add_up_to_the_total_and_miss_their_share_by_less_than_one(
    total: int, given_weights: list[float]
) -> None:
    """The quota rule of largest remainders."""
    shares = np.array(given_weights)
    parts = apportioned(total, shares)
    assert parts.sum() == total
    assert np.abs(parts - total * shares / shares.sum()).max() < 1


def test_what_cannot_be_shared_out_is_refused_with_both_numbers() -> None:
    """Too few workers, unknown and negative weights, no weight at all."""
    with pytest.raises(InvalidParameterError, match=r"11 workers .* each of 12 grids; .* takes 12"):
        allocate([1] * 12, 11)
    with pytest.raises(InvalidParameterError, match=r"row 1 is nan; an unknown weight is not 0"):
        allocate([1, None, 2], 5)
    with pytest.raises(InvalidParameterError, match=r"row 0 is -1"):
        allocate([-1, 2], 5)
    with pytest.raises(InvalidParameterError, match=r"all 2 are 0.* the 5 workers"):
        allocate([0, 0], 5)
    with pytest.raises(InvalidParameterError, match="total"):
        allocate([1, 2], 5, least=-1)
