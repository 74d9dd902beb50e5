"""Near repeats against a count by hand, and the windows that all share."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, InvalidParameterError
from geo.incidents import repeats
from geo.incidents.repeats import days_apart, days_of, near_repeat, windows_of
from tests.strategies import points_of

DAYS = st.integers(0, 40)
METRES = st.integers(0, 45).map(lambda k: 10.0 * k)


def dated(rows: list[tuple[float, float, int]], hour: int = 12):  # noqa: ANN201
    """Make points with a day each."""
    start = pd.Timestamp("2026-03-01") + pd.Timedelta(hours=hour)
    return points_of(
        [(x, y) for x, y, _ in rows], time=[start + pd.Timedelta(days=d) for _, _, d in rows]
    )


def test_days_are_those_of_the_calendar() -> None:
    """Ten to midnight and ten past are a day apart; morning and night of one day none."""
    times = pd.Series(pd.to_datetime(["2026-03-01 23:50", "2026-03-02 00:10", "2026-03-02 23:00"]))
    day, known = days_of(pd.DataFrame({"time": times}), widest_days=7)
    assert known.all()
    assert days_apart(day[:-1], day[1:]).tolist() == [1, 0]
    assert days_apart(day[1:], day[:-1]).tolist() == [1, 0]


def test_windows_begin_the_day_after() -> None:
    """Day 0 is a window by itself."""
    assert windows_of((7, 14, 28)) == [(0, 0), (1, 7), (8, 14), (15, 28)]
    for wrong in ((), (0, 7), (7, 7), (14, 7), (1.5,)):
        with pytest.raises(InvalidParameterError, match="windows_days"):
            windows_of(wrong)  # type: ignore[arg-type]


def test_a_pair_at_the_limits_is_within() -> None:
    """100 m and 7 days; 100 m and 8 days; the same place on the same day."""
    found = near_repeat(
        dated([(0, 0, 0), (100, 0, 7), (1000, 0, 0), (1100, 0, 8), (5000, 0, 3), (5000, 0, 3)]),
        bands_m=(100, 200), windows_days=(7, 14), permutations=99,
    )  # fmt: skip
    table = found.table.set_index(["band", "window"])["pairs"]
    assert table.to_dict() == {
        ("0-100", "0"): 1, ("0-100", "1-7"): 1, ("0-100", "8-14"): 1,
        ("100-200", "0"): 0, ("100-200", "1-7"): 0, ("100-200", "8-14"): 0,
    }  # fmt: skip


@settings(max_examples=20)
@given(st.lists(st.tuples(METRES, METRES, DAYS), max_size=12))
def test_knox_is_a_count_by_hand(rows: list[tuple[float, float, int]]) -> None:
    """Every pair once, in one band and one window at most."""
    bands, windows = (100.0, 200.0, 400.0), (7, 14, 28)
    table = near_repeat(dated(rows), permutations=99).table
    expected = np.zeros((3, 4), dtype=int)
    for (ax, ay, a), (bx, by, b) in combinations(rows, 2):
        metres, days = ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5, abs(a - b)
        band = next((k for k, most in enumerate(bands) if metres <= most), None)
        window = next((k for k, most in enumerate((0, *windows)) if days <= most), None)
        if band is not None and window is not None:
            expected[band, window] += 1
    assert table["pairs"].to_numpy().reshape(3, 4).tolist() == expected.tolist()


def test_what_is_expected_is_the_mean_over_all_orders() -> None:
    """Three places, two of them near; the days 0, 1, 20: one order in three has the near pair."""
    found = near_repeat(
        dated([(0, 0, 0), (50, 0, 1), (900, 0, 20)]), bands_m=(100,), windows_days=(7,),
        permutations=4_999,
    )  # fmt: skip
    row = found.table.iloc[1]
    assert row["expected"] == pytest.approx(1 / 3, abs=0.03)
    assert row["p"] == pytest.approx(1 / 3, abs=0.03)
    assert row["ratio"] == pytest.approx(3.0, abs=0.3)


def test_repeats_are_found_and_chance_is_not() -> None:
    """Forty houses, each hit again next door two days later; then with days drawn anew."""
    random = np.random.default_rng(2)
    first = [
        (float(x), float(y), int(d)) for x, y, d in random.integers(0, 300, (40, 3)) * [20, 20, 1]
    ]
    rows = [*first, *((x + 15.0, y, d + 2) for x, y, d in first)]
    near = near_repeat(dated(rows), seed=1).table.set_index(["band", "window"])
    assert near.loc[("0-100", "1-7"), "pairs"] >= 40
    assert near.loc[("0-100", "1-7"), "q"] < 0.05
    assert near.loc[("0-100", "1-7"), "ratio"] > 5.0
    days = random.permutation([d for _, _, d in rows])
    mixed = near_repeat(dated([(x, y, int(d)) for (x, y, _), d in zip(rows, days, strict=True)]))
    assert mixed.table["q"].min() > 0.05


def test_an_interval_counts_at_its_middle_and_not_where_it_is_too_long() -> None:
    """Four days; one moment; 19 days; unknown; from back to front."""
    rows = points_of(
        [(0, 0), (10, 0), (20, 0), (30, 0), (40, 0)],
        time=pd.to_datetime(["2026-03-01", "2026-03-01", "2026-03-01", None, "2026-03-05"]),
        time_to=pd.to_datetime(["2026-03-05", None, "2026-03-20", None, "2026-03-01"]),
    )
    day, known = days_of(rows, widest_days=7)
    assert known.tolist() == [True, True, False, False, False]
    assert day[0] - day[1] == 2
    found = near_repeat(rows, permutations=99)
    assert (found.counted, found.without_day, found.without_place) == (2, 3, 0)


def test_rows_without_a_place_are_told() -> None:
    """One row alone makes no pair."""
    rows = dated([(0, 0, 0), (50, 0, 1)])
    rows.loc[0, "geometry"] = None
    found = near_repeat(rows, permutations=99)
    assert (found.counted, found.without_place) == (1, 1)
    assert found.table["pairs"].sum() == 0
    assert found.table["ratio"].isna().all()
    assert (found.table["p"] == 1.0).all()
    assert json.loads(json.dumps(found.summary()))["table"][0]["ratio"] is None


def test_what_cannot_be_compared_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands, permutations, no times, too many pairs."""
    rows = dated([(0, 0, 0), (50, 0, 1), (60, 0, 1)])
    for bands in ((), (0.0,), (100.0, 100.0), (200.0, 100.0)):
        with pytest.raises(InvalidParameterError, match="bands_m"):
            near_repeat(rows, bands_m=bands)
    with pytest.raises(InvalidParameterError, match="permutations"):
        near_repeat(rows, permutations=98)
    with pytest.raises(InvalidParameterError, match="seed must be"):
        near_repeat(rows, seed=-1)
    with pytest.raises(ColumnError, match="time"):
        near_repeat(rows.drop(columns="time"))
    monkeypatch.setattr(repeats, "MAX_PAIRS", 2)
    with pytest.raises(InvalidParameterError, match="3 pairs are within 400 m"):
        near_repeat(rows)
