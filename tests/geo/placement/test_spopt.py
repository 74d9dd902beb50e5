"""An independent solver agrees on small cases (test only; it builds dense models)."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from geo.placement import max_coverage, p_median, set_cover
from tests.geo.placement.scenes import scene

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own imports
    import pulp
    from spopt.locate import LSCP, MCLP, PMedian


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(3))
def test_spopt_agrees(seed: int) -> None:
    """Most covered, fewest for all, nearest; the latter two with all sites free."""
    s = scene(seed, 15, 40, p=4)
    solver = pulp.PULP_CBC_CMD(msg=False)
    by_client = s.metres.T
    reach = s.metres <= 350.0
    most = MCLP.from_cost_matrix(by_client, s.weights, 350.0, 4).solve(solver)
    assert max_coverage(reach, s.weights, 4).objective == pytest.approx(
        most.problem.objective.value()
    )
    wide = s.metres <= 600.0
    assert wide.any(axis=0).all()
    fewest = LSCP.from_cost_matrix(by_client, 600.0).solve(solver)
    assert set_cover(wide).objective == pytest.approx(fewest.problem.objective.value())
    near = PMedian.from_cost_matrix(by_client, s.weights, 4).solve(solver)
    assert p_median(s.metres, s.weights, 4).objective == pytest.approx(
        near.problem.objective.value()
    )


@pytest.mark.filterwarnings("ignore")
def test_spopt_agrees_with_existing_sites() -> None:
    """There they count in p, here they do not."""
    s = scene(7, 15, 40, p=3, existing=2)
    stands = np.zeros(15)
    stands[s.existing] = 1
    most = MCLP.from_cost_matrix(
        s.metres.T, s.weights, 350.0, 5, predefined_facilities_arr=stands
    ).solve(pulp.PULP_CBC_CMD(msg=False))
    ours = max_coverage(s.metres <= 350.0, s.weights, 3, existing=s.existing)
    assert ours.objective == pytest.approx(most.problem.objective.value())
