"""From the sites that stand to those proposed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import CRSError, InvalidParameterError
from geo.placement import changes, max_coverage
from tests.geo.placement.scenes import Scene, scenes
from tests.strategies import points_of

ROW = np.array(
    [[1, 1, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 1, 1], [0, 1, 0, 0, 0]]
)
"""Five sites along a row of five demands; the last sees one that others see."""


def test_a_case_drawn_by_hand() -> None:
    """Site 4 goes to 3 ten metres away, site 1 is added; 0 stays and 2 is dropped."""
    places = points_of([(0, 0), (100, 0), (200, 0), (300, 0), (310, 0)])
    table = changes(ROW, [1, 2, 4, 8, 16], [0, 2, 4], [0, 1, 3], places=places, move_m=20.0)
    assert table["action"].tolist() == ["move", "add", "drop"]
    assert table["site"].tolist() == [4, 1, 2]
    assert table["to_site"].tolist()[0] == 3
    assert table["to_site"].isna().tolist() == [False, True, True]
    assert table["gain"].tolist() == [16.0, 0.0, 0.0]
    assert table["loss"].tolist() == [0.0, 0.0, 0.0]
    assert table["covered"].tolist() == [31.0, 31.0, 31.0]


def test_too_far_is_no_move() -> None:
    """One dropped and one added instead; exactly as far as allowed is a move."""
    places = points_of([(0, 0), (100, 0), (200, 0), (300, 0), (310, 0)])
    for move_m, actions in ((9.0, ["add", "drop"]), (10.0, ["move"])):
        table = changes(ROW, None, [4], [3], places=places, move_m=move_m)
        assert table["action"].tolist() == actions


def test_the_nearest_pairs_move() -> None:
    """Each site once, however many are near."""
    places = points_of([(0, 0), (4, 0), (5, 0), (9, 0), (50, 0)])
    table = changes(np.eye(5), None, [0, 2], [1, 3], places=places, move_m=50.0)
    pairs = {int(row.site): int(row.to_site) for row in table.itertuples()}
    assert pairs == {2: 1, 0: 3}


def test_sites_that_can_be_spared_are_dropped_too() -> None:
    """Site 4 sees only what 0 sees; with 2 to spare, more may go, the least first."""
    kept = changes(ROW, [1, 2, 4, 8, 16], [0, 1, 3, 4], [0, 1, 3, 4])
    assert kept[["action", "site", "loss"]].to_numpy().tolist() == [["drop", 4, 0.0]]
    spared = changes(ROW, [1, 2, 4, 8, 16], [0, 1, 3, 4], [0, 1, 3, 4], spare=2.0)
    assert spared["site"].tolist() == [4, 0]
    assert spared["loss"].tolist() == [0.0, 1.0]


@given(scenes(), st.integers(0, 2**31))
def test_the_steps_add_up(s: Scene, seed: int) -> None:
    """What is covered in the end is what the sites of the end cover, gains less losses."""
    goal = max_coverage(s.covers, s.weights, s.p, k=s.k, **s.roles()).sites
    stand = np.flatnonzero(np.random.default_rng(seed).random(len(s.covers)) < 0.5)
    table = changes(s.covers, s.weights, stand, goal, k=s.k)
    sites = set(stand.tolist())
    for row in table.itertuples():
        before = s.covered(sorted(sites))
        sites = sites | {row.site} if row.action == "add" else sites - {row.site}
        assert row.covered == pytest.approx(s.covered(sorted(sites)))
        assert row.covered - before == pytest.approx(row.gain - row.loss)
    assert sites <= set(goal.tolist())
    assert s.covered(sorted(sites)) == pytest.approx(s.covered(goal.tolist()))
    assert table["to_site"].isna().all()


def test_bad_input_is_refused() -> None:
    """Rows, weights and places."""
    with pytest.raises(InvalidParameterError, match="proposed: 5 met"):
        changes(ROW, None, [0], [5])
    with pytest.raises(InvalidParameterError, match="weights: row 0 holds -1"):
        changes(ROW, [-1, 0, 0, 0, 0], [0], [1])
    with pytest.raises(InvalidParameterError, match="places: 1 rows for 5 candidates"):
        changes(ROW, None, [0], [1], places=points_of([(0, 0)]))
    with pytest.raises(CRSError):
        changes(ROW, None, [0], [1], places=points_of([(0, 0)] * 5).to_crs(4326))
