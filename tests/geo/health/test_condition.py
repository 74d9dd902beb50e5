"""Rates online, in good order and both, against seconds walked one by one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import ColumnError, InvalidParameterError
from geo.health import fault_ledger, health
from tests.geo.health.test_history import SECONDS, Rows, at, history_of, logs, spans_of

Faults = list[tuple[int, int, int | None]]
"""Faults: number of the camera, second it began, second it was repaired."""


def faults_of(rows: Faults) -> pd.DataFrame:
    """Make a fault sheet."""
    return pd.DataFrame(
        {
            "camera_id": [f"C{camera}" for camera, _, _ in rows],
            "fault_at": pd.Series([at(begin) for _, begin, _ in rows], dtype="datetime64[us]"),
            "repaired_at": pd.Series(
                [pd.NaT if end is None else at(end) for _, _, end in rows], dtype="datetime64[us]"
            ),
        }
    )


def cameras_of(count: int, **columns: Any) -> pd.DataFrame:  # noqa: ANN401
    """Make a register."""
    return pd.DataFrame({"camera_id": [f"C{number}" for number in range(count)]} | columns)


def test_a_tenth_faulty_leaves_ninety_percent_in_good_order() -> None:
    """The rule of the reports, whatever answers."""
    faults = faults_of([(number, 0, None) for number in range(10)])
    online = pd.array([True] * 60 + [False] * 40, dtype="boolean")
    found = health(cameras_of(100, online=online), faults=faults, at=at(10))
    rate = found.rate("in_order", "snapshot")
    assert (rate.numerator, rate.denominator, rate.unknown, rate.share) == (90, 100, 0, 0.9)
    assert found.rate("online", "snapshot").share == 0.6
    assert found.rate("available", "snapshot").numerator == 50
    assert rate.summary()["formula"].startswith("cameras without an open fault")


def test_online_is_not_in_good_order() -> None:
    """One answers with a fault, one is well and silent, one is both, one unknown."""
    online = pd.array([True, False, True, None], dtype="boolean")
    found = health(cameras_of(4, online=online), faults=faults_of([(0, 0, None)]), at=at(10))
    table = found.cameras
    assert table["online"].tolist() == [True, False, True, pd.NA]
    assert table["in_order"].tolist() == [False, True, True, True]
    assert table["available"].tolist() == [False, False, True, pd.NA]
    assert found.rate("online", "snapshot").summary() == {
        "name": "online", "basis": "snapshot", "unit": "cameras", "numerator": 2,
        "denominator": 3, "unknown": 1, "share": 2 / 3,
        "formula": "cameras online / cameras whose state is known, at one moment",
    }  # fmt: skip
    assert table["availability"].isna().all()


def test_an_unknown_state_beside_a_fault_is_not_available_nor_unavailable() -> None:
    """Else the share of the available would count bad news alone."""
    online = pd.array([None, True], dtype="boolean")
    found = health(cameras_of(2, online=online), faults=faults_of([(0, 0, None)]), at=at(10))
    assert found.cameras["available"].tolist() == [pd.NA, True]
    assert found.rate("available", "snapshot").share == 1.0


def test_snapshot_and_time_differ_and_say_which_is_which() -> None:
    """On for three quarters of the span, off at its end."""
    history = history_of([(0, 0, True), (0, 2700, False)])
    found = health(cameras_of(2), states=history)
    assert found.at == at(3600)
    assert found.rate("online", "snapshot").share == 0.0
    over_time = found.rate("online", "time")
    assert over_time.share == 0.75
    assert (over_time.unit, over_time.denominator, over_time.unknown) == ("camera_hours", 1, 1)
    assert found.cameras["online_share"].tolist()[0] == 0.75
    assert math.isnan(found.cameras["availability"].iloc[1])
    assert found.cameras["known_h"].tolist() == [1.0, 0.0]
    assert [(rate.name, rate.basis) for rate in found.rates] == [
        ("online", "snapshot"), ("online", "time"), ("online_own", "time"),
    ]  # fmt: skip


def test_the_platforms_hours_are_in_one_rate_and_not_in_the_other() -> None:
    """Both figures stand side by side."""
    rows: Rows = [(camera, 0, True) for camera in range(4)]
    rows += [(camera, 900, False) for camera in range(4)]
    rows += [(camera, 1800, True) for camera in range(4)]
    found = health(cameras_of(4), states=history_of(rows))
    assert found.rate("online", "time").share == 0.75
    own = found.rate("online_own", "time")
    assert (own.share, own.denominator, own.unknown) == (1.0, 3.0, 1.0)
    assert found.outages is not None
    assert len(found.outages) == 1
    assert found.cameras["availability"].tolist() == [0.75] * 4


def test_a_camera_whose_fault_row_is_refused_is_unknown_unless_another_is_open() -> None:
    """Repaired before it broke: something is wrong, and nobody knows what."""
    faults = faults_of([(0, 100, 50), (1, 100, 50), (1, 10, None), (2, 10, 20)])
    found = health(cameras_of(3), faults=faults, at=at(200), span=(at(0), at(200)))
    assert found.cameras["in_order"].tolist() == [pd.NA, False, True]
    rate = found.rate("in_order", "snapshot")
    assert (rate.numerator, rate.denominator, rate.unknown) == (1, 2, 1)
    share = found.cameras["in_order_share"]
    assert math.isnan(share[0])
    assert share[1] == 0.0
    assert share[2] == pytest.approx(190 / 200)
    assert found.ledger is not None
    assert found.ledger.refused.to_dict("records") == [
        {"row": 0, "camera_id": "C0", "reason": "repaired_before_fault"},
        {"row": 1, "camera_id": "C1", "reason": "repaired_before_fault"},
    ]


def test_ids_that_no_camera_has_are_listed_and_not_counted() -> None:
    """From states and from faults, each once."""
    faults = faults_of([(7, 0, None), (9, 0, None)])
    found = health(cameras_of(1), states=history_of([(0, 0, True), (7, 0, True)]), faults=faults)
    assert found.strangers == ("C7", "C9")
    assert found.rate("online", "snapshot").denominator == 1
    assert found.rate("online", "time").numerator == 1.0
    rate = found.rate("in_order", "time")
    assert (rate.numerator, rate.denominator, rate.unknown) == (1.0, 1.0, 0.0)
    assert found.summary()["strangers"] == ["C7", "C9"]


def test_without_faults_there_is_no_rate_of_order() -> None:
    """No sheet is not a clean sheet."""
    found = health(cameras_of(1), states=history_of([(0, 0, True)]))
    assert found.cameras["in_order"].isna().all()
    assert found.ledger is None
    with pytest.raises(InvalidParameterError, match="no 'in_order' by 'time'; there are: online"):
        found.rate("in_order", "time")
    assert found.cameras["availability"].tolist() == [1.0]
    empty = health(cameras_of(1), faults=faults_of([]), at=at(0))
    assert empty.rate("in_order", "snapshot").share == 1.0


def test_nothing_known_is_no_rate_at_all() -> None:
    """A register alone says nothing; no camera makes no share."""
    found = health(cameras_of(3))
    assert found.rates == ()
    assert found.summary()["at"] is None
    assert found.cameras["available"].isna().all()
    online = pd.array([], dtype="boolean")
    assert health(cameras_of(0, online=online)).rate("online", "snapshot").share is None


def test_what_cannot_be_reckoned_is_refused() -> None:
    """Each with its next step."""
    history = history_of([(0, 0, True)])
    with pytest.raises(ColumnError, match="camera_id is missing or repeats"):
        health(pd.DataFrame({"camera_id": ["A", "A"]}))
    with pytest.raises(ColumnError, match="no column camera_id"):
        health(pd.DataFrame())
    with pytest.raises(InvalidParameterError, match="at: faults need a moment"):
        health(cameras_of(1), faults=faults_of([]))
    with pytest.raises(InvalidParameterError, match="not within that of the states"):
        health(cameras_of(1), states=history, span=(at(0), at(3601)))
    with pytest.raises(InvalidParameterError, match="span: it has no length"):
        health(cameras_of(1), states=history, span=(at(9), at(9)))
    with pytest.raises(InvalidParameterError, match="outside the span"):
        health(cameras_of(1), states=history, at=at(4000))


@st.composite
def sheets(draw: st.DrawFn) -> Faults:
    """Draw faults of up to five cameras, some open, some overlapping."""
    rows: Faults = []
    for _ in range(draw(st.integers(0, 10))):
        begin = draw(st.integers(-20, SECONDS))
        length = draw(st.none() | st.integers(0, 60))
        camera = draw(st.integers(0, 4))
        rows.append((camera, begin, None if length is None else begin + length))
    return rows


@settings(max_examples=60, deadline=None)
@given(logs(), sheets(), st.integers(0, 40), st.integers(60, SECONDS))
def test_rates_agree_with_seconds_walked(rows: Rows, sheet: Faults, first: int, last: int) -> None:
    """Online, in order, both, and each camera's availability."""
    history = history_of(rows, 0, SECONDS)
    found = health(
        cameras_of(5), states=history, faults=faults_of(sheet), span=(at(first), at(last))
    )
    good = dict.fromkeys(["online", "online_own", "in_order", "available"], 0)
    known = dict(good)
    for camera in range(5):
        told = [""] * SECONDS
        for a, b, what in spans_of(history, camera):
            told[int(a) : int(b)] = [what] * int(b - a)
        mine = [(a, 10**9 if b is None else b) for c, a, b in sheet if c == camera]
        up = both = of = 0
        for second in range(first, last):
            well = not any(a <= second < b for a, b in mine)
            is_known = told[second] not in ("", "unknown")
            is_on = told[second] == "online"
            up += well
            both += well and is_on
            of += is_known
            good["online"] += is_on
            known["online"] += is_known
            good["online_own"] += is_on
            known["online_own"] += is_known and told[second] != "outage"
        good["in_order"] += up
        known["in_order"] += last - first
        good["available"] += both
        known["available"] += of
        availability = found.cameras["availability"].iloc[camera]
        assert math.isnan(availability) if of == 0 else availability == pytest.approx(both / of)
        assert found.cameras["in_order_share"].iloc[camera] == pytest.approx(up / (last - first))
    for name, hours in good.items():
        rate = found.rate(name, "time")
        assert rate.numerator * 3600 == pytest.approx(hours, abs=1e-6)
        assert rate.denominator * 3600 == pytest.approx(known[name], abs=1e-6)
        whole = 5 * (last - first)
        assert rate.unknown * 3600 == pytest.approx(whole - known[name], abs=1e-6)
    in_order = [not any(c == k and a <= last < (b or 10**9) for c, a, b in sheet) for k in range(5)]
    assert found.cameras["in_order"].tolist() == in_order


def test_faults_that_overlap_are_one_and_those_that_follow_are_two() -> None:
    """The mean time to repair is of spells, not of reports."""
    sheet = faults_of([(0, 0, 7200), (0, 3600, 10800), (0, 10800, 14400), (1, 0, 3600), (2, 5, 9)])
    sheet["fault"] = ["blurred", "no picture", "blurred", None, "blurred"]
    ledger = fault_ledger(sheet.iloc[:4], at=at(20000))
    assert ledger.spells["hours"].tolist() == [3.0, 1.0, 1.0]
    assert ledger.spells["reports"].tolist() == [2, 1, 1]
    assert ledger.spells["fault"].tolist()[:2] == ["blurred; no picture", "blurred"]
    assert pd.isna(ledger.spells["fault"].iloc[2])
    assert ledger.mean_repair_h == pytest.approx(5 / 3)
    assert ledger.summary() == {
        "at": at(20000).isoformat(), "spells": 3, "open": 0, "repaired": 3, "repair_h": 5.0,
        "mean_repair_h": pytest.approx(5 / 3), "refused": 0,
    }  # fmt: skip


def test_a_long_fault_holds_all_that_begin_before_its_end() -> None:
    """A short one in between does not end it."""
    ledger = fault_ledger(faults_of([(0, 0, 7200), (0, 600, 900), (0, 3600, 4000)]), at=at(9000))
    assert ledger.spells["hours"].tolist() == [2.0]
    assert ledger.spells["reports"].tolist() == [3]


def test_what_comes_after_the_moment_is_not_known_yet() -> None:
    """A repair tomorrow leaves the fault open today, and a fault tomorrow is none."""
    ledger = fault_ledger(faults_of([(0, 0, 5000), (1, 4000, None), (2, 0, 3600)]), at=at(3600))
    assert ledger.spells["camera_id"].tolist() == ["C0", "C2"]
    assert ledger.spells["repaired_at"].isna().tolist() == [True, False]
    assert ledger.spells["hours"].tolist() == [1.0, 1.0]
    assert ledger.mean_repair_h == 1.0


def test_open_faults_are_listed_by_age() -> None:
    """An age at a limit belongs above it."""
    day = 86400
    sheet = faults_of([(k, -days * day, None) for k, days in enumerate([0, 1, 2.5, 3, 40])])
    ages = fault_ledger(sheet, at=at(0)).open_by_age
    assert ages["open"].tolist() == [1, 2, 1, 0, 1]
    assert ages["camera_ids"].tolist() == [["C0"], ["C1", "C2"], ["C3"], [], ["C4"]]
    assert ages["from_days"].tolist() == [0, 1, 3, 7, 30]
    assert np.isnan(ages["to_days"].iloc[-1])
    assert fault_ledger(sheet, at=at(0), age_days=(2,)).open_by_age["open"].tolist() == [2, 3]


def test_a_ledger_of_nothing_has_no_mean() -> None:
    """Not 0 hours."""
    ledger = fault_ledger(faults_of([]), at=at(0))
    assert ledger.mean_repair_h is None
    assert ledger.repaired == 0
    assert ledger.open_by_age["open"].sum() == 0


def test_rows_of_the_ledger_that_cannot_be_used_say_why() -> None:
    """The others are used."""
    sheet = faults_of([(0, 10, 5), (1, 0, None), (2, 0, None), (3, 0, 3600)])
    sheet.loc[1, "camera_id"] = None
    sheet.loc[2, "fault_at"] = pd.NaT
    ledger = fault_ledger(sheet, at=at(7200))
    assert ledger.refused["reason"].tolist() == [
        "repaired_before_fault", "no_camera", "no_fault_time",
    ]  # fmt: skip
    assert ledger.spells["camera_id"].tolist() == ["C3"]
    with pytest.raises(InvalidParameterError, match="do not rise"):
        fault_ledger(sheet, at=at(0), age_days=(3, 1))
    with pytest.raises(ColumnError, match="no column repaired_at"):
        fault_ledger(sheet[["camera_id", "fault_at"]], at=at(0))
    with pytest.raises(InvalidParameterError, match="at: no time given"):
        fault_ledger(sheet, at=pd.NaT)
