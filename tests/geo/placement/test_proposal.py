"""What a proposal says of itself."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from geo.errors import InvalidParameterError
from geo.placement import Proposal, Search, max_coverage

COVERS = np.array([[1, 1, 0, 0], [0, 1, 1, 0]])


def test_a_summary_is_json_with_every_figure() -> None:
    """The keys that the report relies on."""
    proposal = max_coverage(COVERS, [1, 2, 4, 8], 1, existing=[0], search=Search(seed=7))
    summary = json.loads(json.dumps(proposal.summary()))
    assert summary.pop("seconds") > 0.0
    assert summary == {
        "sites": [0, 1], "added": [1], "impossible": [3], "objective": 7.0, "bound": 7.0,
        "gap": 0.0, "greedy": 7.0, "method": "greedy", "bound_method": "everything",
        "stopped_by": "optimal", "seed": 7,
    }  # fmt: skip


def of(objective: float, bound: float) -> Proposal:
    """Return a proposal with these two figures."""
    return replace(max_coverage(COVERS, None, 1), objective=objective, bound=bound)


def test_the_gap_is_a_share_of_the_objective() -> None:
    """For more and for less; 0 when they meet, infinite or unknown without an objective."""
    assert of(200.0, 210.0).gap == pytest.approx(0.05)
    assert of(200.0, 190.0).gap == pytest.approx(0.05)
    assert of(0.0, 0.0).gap == 0.0
    assert of(0.0, 1.0).gap == math.inf
    assert of(0.0, 1.0).summary()["gap"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("seed", -1), ("seed", 0.5), ("rounds", -1), ("exact_entries", -1), ("seconds", 0.0),
     ("seconds", math.nan), ("gap", -0.1), ("gap", math.nan)],
)  # fmt: skip
def test_limits_that_are_none_are_refused(field: str, value: float) -> None:
    """With the name and the value."""
    with pytest.raises(InvalidParameterError, match=f"{field} must be .*, got {value}"):
        Search(**{field: value})
