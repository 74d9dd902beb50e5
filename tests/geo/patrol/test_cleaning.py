"""Which fixes are dropped and why; what is unknown; which tracks look wrong as a whole."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.datum import convert
from geo.errors import ColumnError, CRSError, GeometryError, InvalidParameterError
from geo.patrol.chains import reachable, rising
from geo.patrol.cleaning import REASONS, Cleaned, CleaningRules, clean
from tests.strategies import CRS, ORIGIN, line, streets_of

NIGHT = pd.Timestamp("2024-05-01 22:00")


def walk(
    seconds: Any,  # noqa: ANN401
    x: Any = 0.0,  # noqa: ANN401
    y: Any = 0.0,  # noqa: ANN401
    **columns: Any,  # noqa: ANN401
) -> gpd.GeoDataFrame:
    """Make fixes at seconds after 22:00, in metres from the origin; of track T unless told."""
    seconds = np.asarray(seconds, dtype=float)
    xy = np.column_stack(np.broadcast_arrays(x, y, seconds)[:2]) + ORIGIN
    told = {"track_id": "T", "time": NIGHT + pd.to_timedelta(seconds, unit="s")} | columns
    return gpd.GeoDataFrame(told, geometry=shapely.points(xy), crs=CRS)


def shifts(*spans: tuple[str, str, str]) -> pd.DataFrame:
    """Make a roster of units with times on and off."""
    unit, on, off = zip(*spans, strict=True)
    return pd.DataFrame({
        "shift_id": [f"s{k}" for k in range(len(spans))], "unit_id": unit,
        "on": pd.to_datetime(list(on)), "off": pd.to_datetime(list(off)),
    })  # fmt: skip


def reasons(cleaned: Cleaned) -> dict[int, str]:
    """Return the reason by row."""
    return dict(zip(cleaned.dropped["row"], cleaned.dropped["reason"], strict=True))


def test_a_single_jump_costs_one_fix() -> None:
    """Wherever it is: first, last, or between; what follows is kept."""
    for at in (0, 4, 9):
        x = np.arange(10) * 14.0
        x[at] += 5_000.0
        found = clean(walk(np.arange(10) * 10, x))
        assert reasons(found) == {at: "speed"}
        assert found.kept.index.tolist() == [k for k in range(10) if k != at]


def test_two_equal_jumps_in_a_row_cost_two_fixes() -> None:
    """They agree with each other, but eight others do not."""
    x = np.arange(10) * 14.0
    x[[3, 4]] += 5_000.0
    assert reasons(clean(walk(np.arange(10) * 10, x))) == {3: "speed", 4: "speed"}


def test_a_unit_that_was_carried_on_is_followed_from_where_time_allows() -> None:
    """5 km in 10 s cannot be: after 150 s it can, so that the fewer fixes of either side go."""
    seconds = np.arange(60) * 10
    x = np.where(seconds < 300, 0.0, 5_000.0) + seconds * 1.4
    dropped = reasons(clean(walk(seconds, x)))
    assert set(dropped.values()) == {"speed"}
    # 5,014 m at 120 km/h take 150.4 s: of the fixes 10 s apart, 15 are within that.
    assert len(dropped) == 15


def test_a_fix_that_fits_is_not_led_astray_by_one_that_does_not() -> None:
    """Five fixes far away, three here, one astray; the rest could come from here or from astray."""
    x = [50_000.0] * 5 + [0.0] * 3 + [450.0] + [300.0] * 3
    dropped = reasons(clean(walk([0, 10, 20, 30, 40, 50, 51, 52, 62, 72, 82, 92], x)))
    assert dropped == dict.fromkeys([0, 1, 2, 3, 4, 8], "speed")


@pytest.mark.parametrize(("kmh", "kept"), [(119.9, True), (120.0, True), (120.1, False)])
def test_the_speed_is_held_against_the_limit(kmh: float, kept: bool) -> None:  # noqa: FBT001
    """Over a minute between two fixes, where errors do not matter."""
    pair = clean(walk([0, 60], [0.0, kmh / 3.6 * 60.0]))
    assert (len(pair.dropped) == 0) == kept


def test_a_short_step_is_no_question_of_speed() -> None:
    """50 m in a second are an error of the receiver, 51 m are a jump."""
    assert len(clean(walk([0, 1], [0.0, 50.0])).dropped) == 0
    assert reasons(clean(walk([0, 1], [0.0, 51.0]))) == {1: "speed"}


def test_a_time_that_goes_back_costs_the_fixes_that_contradict_the_most() -> None:
    """One clock slip ahead costs one fix, not all that follow; a step back costs itself."""
    assert reasons(clean(walk([0, 10, 900, 20, 30, 40]))) == {2: "order"}
    assert reasons(clean(walk([0, 10, 20, 15, 30]))) == {3: "order"}
    assert reasons(clean(walk([0, 10, 20, 5, 6, 30, 40]))) == {3: "order", 4: "order"}


def test_the_same_time_is_told_once() -> None:
    """In one track at any place; in two tracks of one unit at the same place alone."""
    assert reasons(clean(walk([0, 10, 10, 20], [0.0, 1.0, 2.0, 3.0]))) == {2: "duplicate"}
    twice = pd.concat([walk([0, 10], [0.0, 9.0]), walk([0, 10], [0.0, 99.0], track_id="T2")])
    assert len(clean(twice).dropped) == 0
    same_unit = twice.assign(unit_id="U")
    assert reasons(clean(same_unit)) == {2: "duplicate"}
    uploaded = pd.concat([walk([0, 10], [0.0, 9.0])] * 2)
    assert reasons(clean(uploaded)) == {2: "duplicate", 3: "duplicate"}


def test_inexact_fixes_go_and_those_of_unknown_accuracy_stay() -> None:
    """50 m is exact enough; devices write -1 for none."""
    fixes = walk(np.arange(5) * 10, accuracy_m=[50.0, 50.1, np.nan, -1.0, 0.0])
    assert reasons(clean(fixes)) == {1: "accuracy", 3: "accuracy"}
    assert len(clean(fixes, rules=CleaningRules(accuracy_m=60.0)).dropped) == 1


def test_a_frozen_device_is_heard_once_and_who_stands_still_is_heard() -> None:
    """The very same coordinates for 20 minutes; a wavering last digit, or a gap, is no freezing."""
    seconds = np.arange(41) * 30
    frozen = clean(walk(seconds))
    assert reasons(frozen) == dict.fromkeys(range(1, 41), "frozen")
    assert len(clean(walk(seconds[:40])).dropped) == 0
    wavering = np.where(np.arange(41) % 7 == 0, 0.01, 0.0)
    assert len(clean(walk(seconds, wavering)).dropped) == 0
    assert len(clean(walk([0, 600, 1_200, 1_800])).dropped) == 0
    sides = clean(walk([0, *(30 + seconds), 1_300], [50.0, *np.zeros(41), 60.0]))
    assert reasons(sides) == dict.fromkeys(range(2, 42), "frozen")


def test_fixes_outside_every_shift_of_their_unit_are_off_shift() -> None:
    """Both ends of a shift are in it, and it runs over midnight; no row in the roster, no shift."""
    roster = shifts(
        ("U", "2024-05-01 22:00", "2024-05-02 02:00"), ("U", "2024-05-02 22:00", "2024-05-03 02:00")
    )
    hours = np.array([-1, 0, 7_200, 14_400, 14_401, 86_400])
    fixes = walk(hours, unit_id="U")
    assert reasons(clean(fixes, roster=roster)) == {0: "off_shift", 4: "off_shift"}
    # Without a unit the track is the unit.
    assert len(clean(walk(hours, track_id="U"), roster=roster).dropped) == 2
    strange = clean(walk([0, 10], unit_id=["U", None]), roster=roster)
    assert reasons(strange) == {1: "off_shift"}
    stranger = clean(walk([0, 10], unit_id="V"), roster=roster)
    assert stranger.suspicions[["track_id", "kind"]].to_numpy().tolist() == [["T", "no_shift"]]


def test_fixes_without_time_or_place_and_from_the_future_are_told() -> None:
    """What cannot be read is no time; a fix off Africa has no place in this zone."""
    fixes = walk(np.arange(6) * 10)
    fixes["time"] = fixes["time"].astype(object)
    fixes.loc[0, "time"] = "yesterday"
    fixes.loc[1, "time"] = None
    shapes = fixes.geometry.to_numpy().copy()
    shapes[2], shapes[3], shapes[4] = None, shapely.Point(), shapely.Point(-9e6, -3e6)
    fixes = fixes.set_geometry(gpd.GeoSeries(shapes, crs=CRS))
    assert reasons(clean(fixes, now=NIGHT + pd.Timedelta(seconds=49))) == {
        0: "no_time", 1: "no_time", 2: "no_place", 3: "no_place", 4: "no_place", 5: "future"
    }  # fmt: skip
    assert len(clean(fixes, now=NIGHT + pd.Timedelta(seconds=50)).kept) == 1


def test_a_gap_is_unknown_and_bridged_only_where_the_unit_stayed() -> None:
    """300 s are none; 49 m between the fixes around one bridge it, 51 m do not."""
    found = clean(walk([0, 300, 601, 1_000], [0.0, 0.0, 49.0, 100.0]))
    assert found.gaps["length_s"].tolist() == [301.0, 399.0]
    assert found.gaps["bridged"].tolist() == [True, False]
    assert found.gaps["from"].tolist() == [NIGHT + pd.Timedelta(seconds=s) for s in (300, 601)]
    assert found.gaps["to"].tolist() == [NIGHT + pd.Timedelta(seconds=s) for s in (601, 1_000)]
    assert found.summary()["unknown_s"] == 399.0
    # Between two tracks there is no gap, and dropped fixes leave one.
    two = pd.concat([walk([0]), walk([900], track_id="T2")])
    assert len(clean(two).gaps) == 0
    inexact = clean(walk([0, 200, 400], accuracy_m=[5, 90, 5]))
    assert inexact.gaps["length_s"].tolist() == [400.0]


def test_tracks_may_lie_in_each_other() -> None:
    """Rows by turns: each is judged among its own, and the order of the rows stays."""
    one, other = walk([0, 10, 20], [0.0, 9_000.0, 28.0]), walk([0, 10, 20], 9_000.0, track_id="B")
    mixed = pd.concat([one, other]).iloc[[0, 3, 1, 4, 2, 5]]
    found = clean(mixed)
    assert reasons(found) == {2: "speed"}
    assert found.kept.index.tolist() == [0, 0, 1, 2, 2]
    assert found.dropped_by_track() == {"T": {"speed": 1}}


def test_the_summary_adds_up_and_prints_the_rules() -> None:
    """Ready for JSON, suspicions too."""
    fixes = walk(np.arange(6) * 10, accuracy_m=[5, 90, 5, 90, 5, 5], unit_id="V")
    roster = shifts(("U", "2024-05-01 22:00", "2024-05-02 02:00"))
    summary = json.loads(json.dumps(clean(fixes, roster=roster).summary()))
    assert summary["dropped"] == {"off_shift": 6}
    assert summary["suspicions"][0]["kind"] == "no_shift"
    assert summary["suspicions"][0]["hours"] is None
    summary = clean(fixes).summary()
    assert (summary["fixes"], summary["kept"], summary["dropped"]) == (6, 4, {"accuracy": 2})
    assert summary["rules"] == {
        "accuracy_m": 50.0, "speed_kmh": 120.0, "step_m": 50.0, "frozen_s": 1200.0,
        "gap_s": 300.0, "bridge_m": 50.0,
    }  # fmt: skip


LATTICE = streets_of(
    [line((0, 400 * k), (4_000, 400 * k)) for k in range(11)]
    + [line((400 * k, 0), (400 * k, 4_000)) for k in range(11)]
)


def test_a_track_in_another_datum_is_named_and_not_mended() -> None:
    """Along a street of a wide lattice, written in GCJ-02; the true one is not suspected."""
    true = walk(np.arange(60) * 30, np.arange(60) * 42.0, 1_200.0)
    lonlat = true.to_crs(4326).geometry
    moved = gpd.GeoSeries.from_xy(*convert(lonlat.x, lonlat.y, "wgs84", "gcj02"), crs=4326)
    wrong = true.assign(track_id="G").set_geometry(moved.to_crs(CRS))
    found = clean(pd.concat([true, wrong]), streets=LATTICE)
    assert found.suspicions[["track_id", "kind", "datum"]].to_numpy().tolist() == [
        ["G", "datum", "gcj02"]
    ]
    assert found.suspicions["as_given"][0] > 15.0
    assert found.suspicions["if_so"][0] < 1.0
    assert len(found.kept) == 120
    assert found.kept.geometry.iloc[60].equals(wrong.geometry.iloc[0])


def test_a_short_track_far_from_every_street_is_suspected_too() -> None:
    """25 fixes within two squares of 50 m: mostly more than 100 m off, and beside it after all."""
    street = streets_of([line((0, 0), (4_000, 0))])
    true = walk(np.arange(25) * 2, np.arange(25) * 3.0, 2.0)
    lonlat = true.to_crs(4326).geometry
    moved = gpd.GeoSeries.from_xy(*convert(lonlat.x, lonlat.y, "wgs84", "gcj02"), crs=4326)
    wrong = true.set_geometry(moved.to_crs(CRS))
    assert clean(wrong, streets=street).suspicions["datum"].tolist() == ["gcj02"]
    stay = clean(walk(np.arange(25) * 2, np.arange(25) * 1.0, 40.0), streets=street)
    assert len(stay.suspicions) == 0


def test_a_clock_that_is_whole_hours_off_is_named_and_not_mended() -> None:
    """Universal time taken for that of China: eight hours to add."""
    roster = shifts(("U", "2024-05-02 06:00", "2024-05-02 14:00"))
    fixes = walk(np.arange(50) * 60 + 600, np.arange(50) * 9.0, unit_id="U")
    found = clean(fixes, roster=roster)
    (told,) = found.suspicions.to_dict("records")
    assert (told["kind"], told["hours"]) == ("clock", 8)
    assert (told["as_given"], told["if_so"]) == (0.0, 1.0)
    assert len(found.kept) == 0
    # Any of 4 to 11 hours would do: of what is possible the likeliest is told.
    long = shifts(("U", "2024-05-02 02:00", "2024-05-02 10:00"))
    assert clean(fixes, roster=long).suspicions["hours"].tolist() == [8]
    in_time = shifts(("U", "2024-05-01 22:00", "2024-05-02 06:00"))
    assert len(clean(fixes, roster=in_time).suspicions) == 0
    week_later = shifts(("U", "2024-05-08 22:00", "2024-05-09 06:00"))
    assert len(clean(fixes, roster=week_later).suspicions) == 0


def test_a_track_that_runs_backwards_is_named() -> None:
    """Platforms give the newest row first: nearly all goes, and why is said."""
    found = clean(walk(np.arange(30)[::-1] * 10, np.arange(30)[::-1] * 9.0))
    assert found.suspicions["kind"].tolist() == ["order"]
    assert len(found.kept) == 1


def test_no_fix_is_no_error() -> None:
    """Nothing in, nothing out, with and without a roster and streets."""
    empty = walk([]).astype({"track_id": object})
    roster = shifts(("U", "2024-05-01 22:00", "2024-05-02 02:00"))
    for options in ({}, {"roster": roster, "streets": LATTICE, "now": NIGHT}):
        found = clean(empty, **options)
        assert found.summary()["fixes"] == 0
        assert list(found.gaps) == ["track_id", "from", "to", "length_s", "bridged"]
    nowhere = walk([0]).set_geometry(gpd.GeoSeries([None], crs=CRS))
    assert reasons(clean(nowhere, roster=roster, streets=LATTICE)) == {0: "no_place"}


def test_refusals_name_the_argument_and_the_value() -> None:
    """A zone in the times, no track, lines, degrees, rules that are none."""
    fixes = walk([0, 10])
    with pytest.raises(InvalidParameterError, match="fixes: time: times with a zone"):
        clean(fixes.assign(time=fixes["time"].dt.tz_localize("Asia/Shanghai")))
    with pytest.raises(ColumnError, match="no column track_id"):
        clean(fixes.drop(columns="track_id"))
    with pytest.raises(ColumnError, match="row 1 has no track_id"):
        clean(fixes.assign(track_id=["T", None]))
    with pytest.raises(GeometryError, match="fixes: row 0 is a LineString"):
        clean(fixes.set_geometry(gpd.GeoSeries([line((0, 0), (1, 1))] * 2, crs=CRS)))
    with pytest.raises(CRSError, match="fixes"):
        clean(fixes.to_crs(4326))
    with pytest.raises(CRSError, match="streets"):
        clean(fixes, streets=LATTICE.to_crs(4548))
    for wrong in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(InvalidParameterError, match=f"speed_kmh .* {wrong!r}"):
            CleaningRules(speed_kmh=wrong)


FIXES = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]),
        st.integers(0, 2_000),
        st.integers(0, 20_000),
        st.sampled_from([5.0, 80.0, None]),
    ),
    max_size=25,
)


@given(rows=FIXES, begin=st.integers(0, 1_000))
def test_counts_add_up_and_what_was_kept_is_kept_again(
    rows: list[tuple[str, int, int, float | None]], begin: int
) -> None:
    """Any mess: kept and dropped are all, in their order, and cleaning twice changes nothing."""
    track, seconds, x, accuracy = zip(*rows, strict=True) if rows else ([], [], [], [])
    fixes = walk(
        seconds, np.array(x, dtype=float), track_id=pd.Series(track, dtype=object),
        accuracy_m=pd.Series(accuracy, dtype=float), unit_id="U",
    )  # fmt: skip
    roster = shifts(("U", str(NIGHT + pd.Timedelta(seconds=begin)), "2024-05-01 22:30"))
    found = clean(fixes, roster=roster)
    assert set(found.dropped["reason"]) <= set(REASONS)
    assert sorted([*found.kept.index, *found.dropped["row"]]) == list(range(len(rows)))
    assert found.kept.index.is_monotonic_increasing
    by_track = found.dropped_by_track()
    assert sum(sum(each.values()) for each in by_track.values()) == len(found.dropped)
    again = clean(found.kept, roster=roster)
    assert len(again.dropped) == 0
    assert again.kept.equals(found.kept)
    for _, own in found.kept.groupby("track_id"):
        seconds_kept = (own["time"] - NIGHT).dt.total_seconds().to_numpy()
        assert (np.diff(seconds_kept) > 0).all()
        apart = np.abs(np.diff(own.geometry.x.to_numpy()))
        assert (apart <= np.maximum(120.0 / 3.6 * np.diff(seconds_kept), 50.0) + 1e-6).all()


def longest(count: int, allowed: Any) -> int:  # noqa: ANN401
    """Return the length of the longest chain, looking at all pairs."""
    best = [1] * count
    for j in range(count):
        best[j] = max([1] + [best[i] + 1 for i in range(j) if allowed(i, j)])
    return max(best, default=0)


@settings(max_examples=100)
@given(rows=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3_000)), max_size=14))
def test_no_longer_chain_can_be_right_together(rows: list[tuple[int, int]]) -> None:
    """Both kernels against a search of all chains."""
    time = np.array([row[0] for row in rows], dtype=np.int64)
    whole = np.array([0, len(rows)], dtype=np.int64)
    kept = rising(whole, time)
    assert kept.sum() == longest(len(rows), lambda i, j: time[i] < time[j])
    assert (np.diff(time[kept]) > 0).all()
    seconds = np.arange(len(rows)) * 10.0
    xy = np.array([(row[1], row[0]) for row in rows], dtype=np.float64).reshape(-1, 2)

    def reach(i: int, j: int) -> bool:
        return bool(np.hypot(*(xy[j] - xy[i])) <= max(30.0 * (seconds[j] - seconds[i]), 40.0))

    held = reachable(whole, seconds, xy, 30.0, 40.0)
    assert held.sum() == longest(len(rows), reach)
    rows_held = np.flatnonzero(held)
    assert all(reach(i, j) for i, j in pairwise(rows_held))
