"""Counts that add up: over grids, units, classes and periods, whatever the order of the rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ColumnError, InvalidParameterError
from geo.incidents.counting import counts
from geo.incidents.cube import Axis, summed
from geo.incidents.slots import DaySlots, usual_slots
from tests.geo.incidents.ledgers import AREAS, ledger, many, random_rows

TAGS = pd.DataFrame({"tag": ["preventable"] * 2, "class": ["theft", "burglary"]})
CLASSES = pd.DataFrame(
    {"kind": ["case", "case", None], "class": ["theft", "brawl", "noise"],
     "group": ["criminal", "public_order", "calls"]}
)  # fmt: skip


def cells(frame: pd.DataFrame, *names: str) -> dict[tuple[Any, ...], int]:
    """Return what is counted by some columns."""
    return {
        tuple(row[name] for name in names): int(row["count"]) for row in frame.to_dict("records")
    }


@given(random_rows(), st.randoms(use_true_random=False))
def test_sums_over_grids_are_the_total_whatever_the_order(
    rows: list[dict[str, Any]],
    random: Any,  # noqa: ANN401
) -> None:
    """Every measure and every unit; nothing is lost at a border or without a place."""
    found = counts(ledger(rows), AREAS, by=("area", "class", "week", "slot"), tags=TAGS)
    measures = ["rows", "count", "at_least"]
    by_unit = found.frame.groupby("count_unit")[measures].sum()
    total = found.total.set_index("count_unit")[measures]
    assert by_unit[["rows", "count"]].to_dict() == total[["rows", "count"]].to_dict()
    assert (by_unit["at_least"] > 0).to_dict() == total["at_least"].to_dict()
    assert int(total["rows"].sum()) == len(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    again = counts(ledger(shuffled), AREAS, by=("area", "class", "week", "slot"), tags=TAGS)
    pd.testing.assert_frame_equal(found.frame, again.frame)
    pd.testing.assert_frame_equal(found.total, again.total)
    if found.tags is not None and again.tags is not None:
        pd.testing.assert_frame_equal(found.tags, again.tags)


def test_units_are_never_added() -> None:
    """132 件 and 142 人次 are two numbers."""
    rows = ledger([
        {"count": 132, "count_unit": "matter", "at": (50, 50)},
        {"count": 142, "count_unit": "person_time", "at": (50, 50)},
        {"count": 3, "count_unit": "person", "at": (50, 50)},
    ])  # fmt: skip
    found = counts(rows, AREAS, by=["area"])
    assert cells(found.frame, "area_id", "count_unit") == {
        ("a", "matter"): 132, ("a", "person"): 3, ("a", "person_time"): 142,
    }  # fmt: skip
    assert cells(found.total, "count_unit") == {
        ("matter",): 132, ("person",): 3, ("person_time",): 142,
    }  # fmt: skip


def test_at_least_stays_through_every_sum() -> None:
    """One number that is "and more" makes the sum so, there and in the total, nowhere else."""
    rows = ledger([
        {"count": 21_000, "about": True, "at": (50, 50)},
        {"count": 823, "about": False, "at": (50, 50)},
        {"count": 5, "about": False, "at": (150, 50)},
    ])  # fmt: skip
    found = counts(rows, AREAS, by=["area"])
    assert found.frame[["area_id", "count", "at_least"]].to_numpy().tolist() == [
        ["a", 21_823, True], ["b", 5, False],
    ]  # fmt: skip
    assert found.total[["count", "at_least"]].to_numpy().tolist() == [[21_828, True]]


def test_tags_lie_across_classes_and_are_no_part_of_the_total() -> None:
    """可防性 ∩ 刑事 is counted once in the total; a tag named by row and class counts once."""
    rows = ledger([
        {"kind": "case", "class": "theft", "tags": "preventable; night"},
        {"kind": "case", "class": "theft", "tags": None},
        {"kind": "case", "class": "brawl", "tags": "night"},
    ])  # fmt: skip
    found = counts(rows, by=("class",), tags=TAGS)
    assert found.total["count"].tolist() == [3]
    assert cells(found.frame, "kind", "class") == {("case", "theft"): 2, ("case", "brawl"): 1}
    assert found.tags is not None
    assert cells(found.tags, "tag") == {("preventable",): 2, ("night",): 2}
    assert counts(rows.drop(columns="tags"), by=("class",)).tags is None


def test_a_tag_set_has_versions() -> None:
    """A row is tagged by the lines of its day, the day `until` no more among them."""
    tags = pd.DataFrame({
        "tag": ["preventable", "preventable"], "class": ["theft", "fraud"],
        "since": [None, "2026-01-01"], "until": ["2026-01-01", None],
    })  # fmt: skip
    rows = ledger([
        {"class": name, "time": day}
        for name in ("theft", "fraud") for day in ("2025-12-31", "2026-01-01")
    ])  # fmt: skip
    found = counts(rows, by=("day",), tags=tags)
    assert found.tags is not None
    assert cells(found.tags, "day") == {("2025-12-31",): 1, ("2026-01-01",): 1}
    with pytest.raises(ColumnError, match="tags: no column tag"):
        counts(rows, by=("day",), tags=tags.drop(columns="tag"))


def test_classes_have_groups_by_kind() -> None:
    """A blank kind is any; a class that is not listed has no known group."""
    rows = ledger([
        {"kind": "case", "class": "theft"},
        {"kind": "dispute", "class": "theft"},
        {"kind": "event", "class": "noise"},
    ])  # fmt: skip
    found = counts(rows, by=("group",), classes=CLASSES).frame
    assert cells(found, "kind", "group") == {
        ("case", "criminal"): 1, ("dispute", "unknown"): 1, ("event", "calls"): 1,
    }  # fmt: skip


def test_periods_are_those_of_the_calendar() -> None:
    """A week begins on Monday, in another year too; a row without a time has none."""
    rows = ledger([{"time": "2026-01-04"}, {"time": "2026-01-05"}, {"time": None}])
    by = {name: set(counts(rows, by=(name,)).frame[name]) for name in ("year", "month", "week")}
    assert by == {
        "year": {"2026", "unknown"},
        "month": {"2026-01", "unknown"},
        "week": {"2025-12-29", "2026-01-05", "unknown"},
    }
    assert counts(rows, by=("day",)).untimed == 1


def test_a_slot_is_that_of_when_it_happened() -> None:
    """Accepted by day or not; what may have been in two slots is in neither."""
    rows = ledger([
        {"time": "2026-01-01 22:00", "time_to": None, "accepted": "2026-01-02 09:00"},
        {"time": "2026-01-01 22:00", "time_to": "2026-01-02 00:00", "accepted": None},
        {"time": "2026-01-01 22:00", "time_to": "2026-01-02 00:01", "accepted": None},
        {"time": None, "time_to": None, "accepted": "2026-01-02 09:00"},
    ])  # fmt: skip
    found = counts(rows, by=("slot",)).frame
    assert cells(found, "slot") == {("night",): 2, ("several",): 1, ("unknown",): 1}


def test_a_slot_may_run_over_midnight() -> None:
    """It is one slot on both sides of it; a day later it is not the same night."""
    slots = pd.DataFrame({
        "slot": ["day", "night"], "start": ["06:00", "22:00"], "end": ["22:00", "6:00"],
    })  # fmt: skip
    rows = ledger([
        {"time": "2026-01-01 23:00", "time_to": "2026-01-02 05:00"},
        {"time": "2026-01-01 23:00", "time_to": "2026-01-02 23:30"},
        {"time": "2026-01-01 21:59", "time_to": None},
    ])  # fmt: skip
    found = counts(rows, by=("slot",), slots=slots).frame
    assert cells(found, "slot") == {("night",): 1, ("several",): 1, ("day",): 1}
    assert DaySlots.of(slots).hours.tolist() == [16.0, 8.0]


def test_slots_take_every_hour_once() -> None:
    """The usual seven do; a gap, an overlap and no hour are refused, and told where."""
    usual = usual_slots()
    assert DaySlots.of(usual).hours.sum() == 24.0
    assert len(usual) == 7
    for row, column, hour, told in (
        (3, "start", "12:00", "11:00 - 12:00 has no slot"),
        (3, "start", "10:00", "10:00 - 11:00 has two slots"),
        (6, "end", "23:00", "23:00 - 24:00 has no slot"),
        (6, "end", "25:00", "'25:00' is no hour"),
    ):
        table = usual.copy()
        table.loc[row, column] = hour
        with pytest.raises(InvalidParameterError, match=told):
            DaySlots.of(table)


def test_what_lies_in_no_area_is_told() -> None:
    """By reason and unit, and it is in the frame as well."""
    rows = ledger([
        *many(2, at=(500, 500)), *many(3, at=None), {"at": None, "area_code": "b"},
        {"at": None, "area_code": "z"}, {"at": (50, 50)},
    ])  # fmt: skip
    found = counts(rows, AREAS, by=["area"])
    assert cells(found.unplaced, "area_id") == {("outside",): 2, ("no_place",): 4}
    assert cells(found.frame, "area_id") == {
        ("a",): 1, ("b",): 1, ("outside",): 2, ("no_place",): 4,
    }  # fmt: skip
    assert (found.by_name, found.unlisted) == (1, 1)
    assert found.summary()["total"] == [
        {"count_unit": "matter", "rows": 8, "count": 8, "at_least": False}
    ]


def test_nothing_is_counted_of_nothing() -> None:
    """No row, no cell."""
    found = counts(ledger([]), AREAS, by=("area", "class", "month", "slot"))
    assert found.frame.empty
    assert found.total.empty


def test_what_cannot_be_counted_by_is_refused() -> None:
    """Tags are no part of a total, so nothing is counted by them there."""
    for word in ("tag", "colour of hair"):
        with pytest.raises(InvalidParameterError, match=f"by: '{word}' is unknown"):
            counts(ledger([{"kind": "case"}]), by=(word,))


def test_a_cube_too_great_for_memory_is_counted_by_its_rows() -> None:
    """Nine columns of a hundred words each are 1e18 cells; only those met are made."""
    random = np.random.default_rng(7)
    code = random.integers(0, 100, (9, 50))
    code[:, 25:] = code[:, :25]
    axes = [Axis(str(name), row, range(100)) for name, row in enumerate(code)]
    found = summed(axes, {"n": np.ones(50, dtype=np.int64)})
    assert len(found) == 25
    assert set(found["n"]) == {2}
    expected = pd.DataFrame(code[:, :25].T).sort_values(list(range(9))).to_numpy()
    assert np.array_equal(found.iloc[:, :9].to_numpy(dtype=np.int64), expected)
