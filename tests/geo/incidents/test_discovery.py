"""Control of false discoveries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from geo.errors import InvalidParameterError
from geo.incidents.discovery import benjamini_hochberg


def test_the_steps_of_five_tests() -> None:
    """Drawn from paper: 0.04 is above 3/5 of 0.05, yet 0.041 x 5/4 is what decides of it."""
    q, holds = benjamini_hochberg([0.01, 0.3, 0.02, 0.04, 0.041], level=0.0513)
    assert q == pytest.approx([0.05, 0.3, 0.05, 0.05125, 0.05125])
    assert holds.tolist() == [True, False, True, True, True]


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30), st.sampled_from([0.01, 0.05, 0.3]))
def test_q_is_that_of_scipy_and_holds_at_the_level(p: list[float], level: float) -> None:
    """For any p."""
    q, holds = benjamini_hochberg(p, level)
    assert q == pytest.approx(false_discovery_control(p))
    assert (holds == (q <= level)).all()


def test_what_was_not_tested_is_not_counted() -> None:
    """Two tests, not three."""
    q, holds = benjamini_hochberg([0.04, np.nan, 0.01])
    assert q[[0, 2]] == pytest.approx([0.04, 0.02])
    assert np.isnan(q[1])
    assert holds.tolist() == [True, False, True]
    assert benjamini_hochberg([])[0].size == 0


@pytest.mark.parametrize("level", [0.0, 1.0, np.nan])
def test_a_level_that_is_none_is_refused(level: float) -> None:
    """It is a share."""
    with pytest.raises(InvalidParameterError, match="level"):
        benjamini_hochberg([0.5], level)
