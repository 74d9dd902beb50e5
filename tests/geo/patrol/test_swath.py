"""Covered ground: discs and strips on paper, and merged never more than unmerged."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import CRSError, InvalidParameterError
from geo.patrol.swath import Swath, swath
from tests.geo.patrol.shifts_made import fixes_of, roster_of, standing_still
from tests.strategies import places

DISC_M2 = math.pi * 50.0**2
"""The area of a disc of 50 m."""

ROUND = 0.0005
"""How much smaller the rims are, as a share."""


def walked(
    units: list[str], minutes: list[float], xy: list[tuple[float, float]], **columns: object
) -> Swath:
    """Return the swath of walks of a morning; everybody sees 50 m."""
    names = sorted(set(units)) or ["U1"]
    roster = roster_of([(f"S{name}", name, 480, 720) for name in names], **columns)
    return swath(fixes_of(units, minutes, xy), roster, {"foot": 50.0, "car": 50.0, "video": 50.0})


def test_two_units_at_one_place_cover_it_once_merged_and_twice_unmerged() -> None:
    """A disc each."""
    found = walked(["U1", "U2"], [481, 482], [(0, 0), (0, 0)]).summary()
    assert found["merged_m2"] == pytest.approx(DISC_M2, rel=ROUND)
    assert found["unmerged_m2"] == pytest.approx(2 * DISC_M2, rel=ROUND)


def test_a_walk_covers_a_strip_with_round_ends() -> None:
    """100 m in two minutes, and back, is one strip; a jump of 101 m is two discs."""
    there = walked(["U1"] * 3, [481, 482, 483], [(0, 0), (100, 0), (0, 0)]).summary()
    strip = DISC_M2 + 100.0 * 100.0
    assert there["merged_m2"] == pytest.approx(strip, rel=ROUND)
    assert there["unmerged_m2"] == pytest.approx(strip, rel=ROUND)
    jump = walked(["U1"] * 2, [481, 482], [(0, 0), (101, 0)]).summary()
    assert jump["merged_m2"] == pytest.approx(2 * DISC_M2, rel=ROUND)
    parted = walked(["U1"] * 4, [481, 482, 483, 484], [(0, 0), (80, 0), (500, 0), (580, 0)])
    assert parted.summary()["merged_m2"] == pytest.approx(2 * (DISC_M2 + 8000.0), rel=ROUND)
    late = walked(["U1"] * 2, [481, 487], [(0, 0), (60, 0)]).summary()
    assert late["merged_m2"] < DISC_M2 + 60.0 * 100.0 - 100.0


def test_an_hour_is_a_piece_and_a_way_is_cut_at_its_turn() -> None:
    """Standing from 8:30 to 9:30 is the same disc in two hours."""
    roster = roster_of([("S1", "U1", 480, 720)])
    found = swath(standing_still("U1", 510, 570), roster, {"foot": 50.0})
    assert found.pieces["start"].dt.hour.tolist() == [8, 9]
    assert found.hours.loc[[8, 9], "merged_m2"].tolist() == pytest.approx([DISC_M2] * 2, rel=ROUND)
    assert found.summary()["unmerged_m2"] == pytest.approx(2 * DISC_M2, rel=ROUND)
    over = walked(["U1"] * 2, [539, 541], [(0, 0), (80, 0)])
    half = DISC_M2 + 40.0 * 100.0
    assert over.pieces["area_m2"].tolist() == pytest.approx([half, half], rel=ROUND)
    on_the_hour = walked(["U1"] * 2, [539, 540], [(0, 0), (80, 0)])
    assert on_the_hour.pieces["area_m2"].tolist() == pytest.approx(
        [DISC_M2 + 8000.0, DISC_M2], rel=ROUND
    )


def test_rounds_by_video_are_apart_from_feet() -> None:
    """The whole and the hours know nothing of them; who is off duty covers nothing."""
    found = walked(["U1", "U2"], [481, 481], [(0, 0), (500, 0)], mode=["foot", "video"])
    summary = found.summary()
    assert summary["merged_m2"] == pytest.approx(DISC_M2, rel=ROUND)
    assert summary["video_m2"] == pytest.approx(DISC_M2, rel=ROUND)
    assert found.hours["unmerged_m2"].sum() == pytest.approx(DISC_M2, rel=ROUND)
    assert found.modes["mode"].tolist() == ["car", "foot", "video"]
    assert walked(["U1"], [100], [(0, 0)]).summary()["unmerged_m2"] == 0.0
    assert walked([], [], []).summary()["merged_m2"] == 0.0


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(480, 620), places), max_size=10))
def test_merged_is_never_more_than_unmerged_nor_than_its_parts(
    fixes: list[tuple[int, int, tuple[float, float]]],
) -> None:
    """In all, by mode and by hour; and the whole is at least its largest part."""
    found = walked(
        [f"U{unit}" for unit, _, _ in fixes], [m for _, m, _ in fixes], [xy for *_, xy in fixes]
    )
    for table in (found.modes, found.hours, found.whole):
        assert (table["merged_m2"] <= table["unmerged_m2"] + 1e-3).all()
    whole = found.whole["merged_m2"].iloc[0]
    assert whole >= found.hours["merged_m2"].max() - 1e-3
    assert whole <= found.hours["merged_m2"].sum() + 1e-3
    assert len(found.pieces) >= len({(unit, minute // 60) for unit, minute, _ in fixes})
    assert (found.pieces["area_m2"] > 0.999 * DISC_M2).all()


def test_what_is_no_reach_is_refused() -> None:
    """A reach of nothing, and degrees."""
    roster = roster_of([("S1", "U1", 480, 720)])
    fixes = standing_still("U1", 480, 490)
    with pytest.raises(InvalidParameterError, match="reach_m: foot"):
        swath(fixes, roster, {"foot": 0.0})
    with pytest.raises(CRSError):
        swath(fixes.to_crs(4326), roster, {"foot": 50.0})
    assert pd.isna(swath(fixes, roster, {"car": 50.0}).pieces["area_m2"].max())
