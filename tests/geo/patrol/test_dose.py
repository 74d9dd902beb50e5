"""Doses of presence: drawn at random, never too far apart."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, InvalidParameterError
from geo.patrol.dose import DoseRule, dose_kept, dose_points
from geo.patrol.windows import open_spans
from tests.geo.patrol.town import HOUR, SUNDAY, planned
from tests.strategies import points_of

if TYPE_CHECKING:
    import geopandas as gpd

SPOTS = {"H1": (200.0, 200.0), "H2": (600.0, 400.0)}


def hot_spots(**columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Return two hot spots."""
    return points_of(SPOTS.values(), spot_id=list(SPOTS), **columns)


def windows_of(
    points: gpd.GeoDataFrame, spot: str, period: tuple[int, int]
) -> list[tuple[int, int, int]]:
    """Return the window in seconds and the stay of each visit of a hot spot."""
    rows = points[points["spot_id"] == spot]
    return [
        (*open_spans(hours, SUNDAY, period)[0], int(dwell) * 60)
        for hours, dwell in zip(rows["windows"], rows["dwell_min"], strict=True)
    ]


@settings(max_examples=40)
@given(
    st.integers(0, 10_000),
    st.integers(0, 23 * 60),
    st.integers(17, 16 * 60),
)
def test_nobody_is_away_for_longer_than_asked_whenever_stays_begin(
    seed: int, begin: int, length: int
) -> None:
    """One stay as early, the next as late as may be."""
    end = (begin + length) % 1440
    shift = f"{begin // 60:02d}:{begin % 60:02d}-{end // 60:02d}:{end % 60:02d}"
    points = dose_points(hot_spots(), shift, SUNDAY, seed=seed)
    period = (begin * 60, (begin + length) * 60)
    for spot in SPOTS:
        drawn = windows_of(points, spot, period)
        assert drawn
        # The worst case: one stay as early as may be, the next as late as may be.
        away = period[0]
        for opens, closes, stay in drawn:
            assert period[0] <= opens <= closes - stay <= closes <= period[1]
            assert 600 <= stay <= 960
            assert closes - stay - away <= 2 * HOUR
            away = opens + stay
        assert period[1] - away <= 2 * HOUR
        for (_, closes, _), (opens, _, _) in itertools.pairwise(drawn):
            assert closes <= opens


def test_seeds_draw_other_times_and_lengths() -> None:
    """And the same seed the same ones."""
    first, again, other = (
        dose_points(hot_spots(), "18:00-02:00", SUNDAY, seed=seed) for seed in (1, 1, 2)
    )
    assert first.drop(columns="geometry").equals(again.drop(columns="geometry"))
    assert first["windows"].tolist() != other["windows"].tolist()
    assert first["dwell_min"].tolist() != other["dwell_min"].tolist()


def test_heaviest_hot_spot_comes_first() -> None:
    """When not all can be served."""
    points = dose_points(hot_spots(weight=[1.0, 9.0]), "18:00-02:00", SUNDAY)
    best = points.groupby("spot_id")["priority"].first()
    assert best["H2"] < best["H1"]


def test_shift_shorter_than_a_stay_has_none() -> None:
    """15 minutes hold no stay of 16."""
    assert dose_points(hot_spots(), "18:00-18:15", SUNDAY).empty


def test_hot_spots_without_ids_are_refused() -> None:
    """Stays must be told apart."""
    with pytest.raises(ColumnError, match="no spot_id or point_id"):
        dose_points(hot_spots().drop(columns="spot_id"), "18:00-02:00", SUNDAY)


def test_shift_without_hours_is_refused() -> None:
    """With the value met."""
    with pytest.raises(InvalidParameterError, match="shift: 'night'"):
        dose_points(hot_spots(), "night", SUNDAY)


@pytest.mark.parametrize(
    "wrong",
    [{"least_stay_min": 0}, {"least_stay_min": 20}, {"freedom_min": -1}, {"most_apart_min": 40}],
)
def test_rule_that_no_stay_keeps_is_refused(wrong: dict[str, int]) -> None:
    """The message names the option."""
    with pytest.raises(InvalidParameterError, match=next(iter(wrong))):
        DoseRule(**wrong)


def stays_of(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Return stays with their times."""
    stays = pd.DataFrame(rows, columns=["spot_id", "arrive", "leave"])
    return stays.assign(
        arrive=pd.to_datetime(stays["arrive"]), leave=pd.to_datetime(stays["leave"])
    )


def test_dose_counts_stays_and_the_longest_gap() -> None:
    """Reckoned by hand."""
    stays = stays_of(
        ("H1", "2026-11-22 19:50", "2026-11-22 20:02"),
        ("H1", "2026-11-22 21:00", "2026-11-22 21:05"),
        ("H1", "2026-11-22 21:55", "2026-11-22 22:15"),
    )
    dose = dose_kept(stays, list(SPOTS), "2026-11-22 18:00", "2026-11-23 00:00")
    first, second = dose.spots.itertuples(index=False)
    assert (first.stays, first.short, first.long) == (2, 1, 1)
    # 18:00-19:50, 20:02-21:55 (five minutes count for nothing), 22:15-24:00.
    assert first.longest_gap_min == 113.0
    assert first.kept
    assert (second.stays, second.longest_gap_min, second.kept) == (0, 360.0, False)
    assert dose.kept_share == 0.5


def test_stay_before_the_shift_does_not_count() -> None:
    """Five minutes of it lie in the shift."""
    stays = stays_of(("H1", "2026-11-22 17:00", "2026-11-22 18:05"))
    dose = dose_kept(stays, ["H1"], "2026-11-22 18:00", "2026-11-22 20:30")
    assert dose.spots["stays"].tolist() == [0]
    assert dose.spots["longest_gap_min"].tolist() == [150.0]


def test_no_hot_spot_has_no_share() -> None:
    """Nothing due is no rate."""
    assert dose_kept(stays_of(), [], "2026-11-22 18:00", "2026-11-22 20:00").kept_share is None


def test_plan_keeps_the_dose() -> None:
    """From hot spots to routes."""
    points = dose_points(hot_spots(), "08:00-16:00", SUNDAY, seed=3)
    plan = planned(points)
    assert plan.unserved.empty
    stays = plan.stops[plan.stops["kind"] == "point"]
    stays = pd.DataFrame({
        "spot_id": stays["id"].str.split("#").str[0], "arrive": stays["start"],
        "leave": stays["leave"],
    })  # fmt: skip
    dose = dose_kept(stays, list(SPOTS), "2026-11-22 08:00", "2026-11-22 16:00")
    assert dose.spots["kept"].all()
    assert not dose.spots["short"].any()
    assert not dose.spots["long"].any()
