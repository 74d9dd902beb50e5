"""Where matters are closed, what is resolved of what was accepted, and how mediation ends."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from geo.errors import InvalidParameterError
from geo.incidents.closing import closed_shares, grid_classes
from geo.incidents.numbers import Rate
from geo.incidents.resolving import resolution
from tests.geo.incidents.ledgers import ledger, many

CUT_OFF = dt.date(2026, 3, 31)
MARCH = "2026-03-10"


def test_shares_are_of_where_it_was_closed_and_add_up_to_one() -> None:
    """One that went to the town and came back counts in the grid; open ones are in no share."""
    rows = ledger([
        *many(6, state="closed", closed_level="grid", first_handler="patrol"),
        *many(3, state="closed", closed_level="village"),
        *many(1, state="closed", closed_level="town"),
        *many(2, state="closed", closed_level=None),
        *many(4, state="handling", closed_level="town"),
    ])  # fmt: skip
    found = closed_shares(rows)
    assert found.table[["level", "count", "share"]].to_numpy().tolist() == [
        ["grid", 6, 0.6], ["village", 3, 0.3], ["town", 1, 0.1],
    ]  # fmt: skip
    assert found.table["share"].sum() == pytest.approx(1.0, abs=1e-15)
    assert found.rate("grid") == Rate(6, 10)
    assert found.rate("city") == Rate(0, 10)
    assert (found.unknown_level, found.not_closed) == ({"matter": 2}, {"matter": 4})


def test_shares_are_told_unit_by_unit() -> None:
    """A counter row weighs what it says, and "and more" is told."""
    rows = ledger([
        {"state": "closed", "closed_level": "grid", "count": 900, "about": True},
        {"state": "closed", "closed_level": "town", "count": 100, "about": False},
        {"state": "closed", "closed_level": "town", "count": 5, "count_unit": "person"},
    ])  # fmt: skip
    found = closed_shares(rows)
    matters = Rate(900, 1000, numerator_at_least=True, denominator_at_least=True)
    assert found.rate("grid", "matter") == matters
    assert found.rate("town", "person") == Rate(5, 5)
    assert found.table.groupby("count_unit")["share"].sum().tolist() == [1.0, 1.0]


def test_a_row_without_a_state_is_closed_by_its_time() -> None:
    """A state that says otherwise stands before the time."""
    rows = ledger([
        {"state": None, "closed": MARCH, "closed_level": "grid"},
        {"state": "handling", "closed": MARCH, "closed_level": "grid"},
        {"state": None, "closed": None, "closed_level": "grid"},
    ])  # fmt: skip
    assert closed_shares(rows).rate("grid") == Rate(1, 1)


def test_a_level_that_is_none_is_refused() -> None:
    """Whatever is not in the list would be lost."""
    with pytest.raises(InvalidParameterError, match="closed_level 'province'"):
        closed_shares(ledger([{"state": "closed", "closed_level": "province"}]))


def test_grid_classes_add_up_to_all_events() -> None:
    """The four, and whatever is in none of them; cases are no events."""
    classes = pd.DataFrame({
        "kind": "event", "class": ["errand", "quarrel", "security", "drain"],
        "group": ["livelihood", "dispute", "security", "facility"],
    })  # fmt: skip
    rows = ledger([
        *many(3, kind="event", state="closed", closed_level="grid", **{"class": "errand"}),
        {"kind": "event", "class": "errand", "state": "closed", "closed_level": "village"},
        {"kind": "event", "class": "quarrel", "state": "open", "closed_level": None},
        {"kind": "event", "class": "drain", "state": "closed", "closed_level": "grid"},
        {"kind": "event", "class": None, "state": "open"},
        {"kind": "case", "class": "security", "state": "closed", "closed_level": "grid"},
    ])  # fmt: skip
    found = grid_classes(rows, classes).set_index("group")
    assert found["count"].to_dict() == {
        "livelihood": 4, "dispute": 1, "opinion": 0, "security": 0, "other": 2,
    }  # fmt: skip
    assert found["count"].sum() == int((rows["kind"] == "event").sum())
    assert found["share"].fillna(-1).to_dict() == {
        "livelihood": 0.75, "dispute": 0.0, "opinion": -1.0, "security": -1.0, "other": 0.5,
    }  # fmt: skip
    assert found["closed"].tolist() == [4, 0, 0, 0, 1]
    alone = grid_classes(ledger([{"kind": "event", "class": "opinion"}]), None)
    assert alone.set_index("group").loc["opinion", "count"] == 1


def test_resolved_of_accepted_is_printed_with_both() -> None:
    """1,889 of 1,902 = 99.32 %, and the 13 are listed."""
    rows = ledger([
        *many(1889, kind="dispute", state="closed", accepted=MARCH),
        *many(13, kind="dispute", state="handling", accepted=MARCH),
    ])  # fmt: skip
    found = resolution(rows, CUT_OFF)
    assert found.rate().text("zh") == "1,889/1,902 = 99.32%"
    assert len(found.pending) == 13
    assert set(found.pending["days"]) == {21}


def test_nothing_accepted_has_no_rate() -> None:
    """Not 0 %, and not 100 %."""
    found = resolution(ledger([]), CUT_OFF)
    assert found.rate().share is None
    assert found.rate("mediation").share is None
    assert found.total.empty


def test_the_only_unit_need_not_be_named_and_of_several_one_must() -> None:
    """Cases are counted in occurrences: a rate of matters would be a dash."""
    rows = many(2, kind="case", state="closed", closed_level="grid", accepted=MARCH)
    cases, both = ledger(rows), ledger([*rows, {**rows[0], "kind": "event"}])
    assert resolution(cases, CUT_OFF).rate() == Rate(2, 2)
    assert closed_shares(cases).rate("grid") == Rate(2, 2)
    for found in (
        lambda unit: resolution(both, CUT_OFF).rate("resolution", unit),
        lambda unit: closed_shares(both).rate("grid", unit),
    ):
        assert found("occurrence") == Rate(2, 2)
        assert found("person") == Rate(0, 0)
        with pytest.raises(InvalidParameterError, match="matter, occurrence; what is counted in"):
            found(None)


def test_both_rates_have_their_own_denominator() -> None:
    """化解率 is of the accepted, 调解成功率 of the mediated; one with a result was mediated."""
    rows = ledger([
        *many(5, state="closed", outcome="resolved", mediated=True, mediation_success=True),
        {"state": "closed", "outcome": "unresolved", "mediated": True, "mediation_success": False},
        {"state": "closed", "outcome": "withdrawn", "mediated": False},
        {"state": "closed", "outcome": "transferred", "mediation_success": False},
        {"state": "closed", "outcome": None},
        {"state": "handling", "outcome": None, "mediated": True},
        {"state": "handling", "outcome": "resolved"},
    ])  # fmt: skip
    found = resolution(rows, CUT_OFF)
    assert found.rate() == Rate(6, 11)
    assert found.rate("mediation") == Rate(5, 7)
    row = found.total.iloc[0]
    ended = ["resolved", "unresolved", "withdrawn", "transferred", "pending"]
    assert row[ended].tolist() == [6, 1, 1, 1, 2]
    assert row["mediation_unknown"] == 1
    assert found.undated == 11


def test_the_cut_off_decides_what_is_known() -> None:
    """Accepted after it does not count; closed after it is pending on it."""
    rows = ledger([
        {"accepted": "2026-03-31 23:59", "closed": "2026-03-31 23:59"},
        {"accepted": "2026-03-30", "closed": "2026-04-01 00:00", "mediation_success": True},
        {"accepted": "2026-04-01", "closed": "2026-04-02"},
        {"accepted": None, "closed": "2026-02-01"},
    ]).assign(state="closed")  # fmt: skip
    found = resolution(rows, CUT_OFF)
    assert found.rate() == Rate(2, 3)
    assert found.rate("mediation") == Rate(0, 0)
    assert found.pending["days"].tolist() == [1]
    assert found.undated == 1
    assert resolution(rows, dt.date(2026, 4, 2)).rate() == Rate(4, 4)


def test_rates_of_classes_are_weighed() -> None:
    """96 of 252 and 9 of 9 are 105 of 261, not the mean of 38.1 % and 100 %."""
    rows = ledger([
        {"kind": "dispute", "class": "land", "state": "closed", "count": 96},
        {"kind": "dispute", "class": "land", "state": "open", "count": 156},
        {"kind": "dispute", "class": "noise", "state": "closed", "count": 9},
    ])  # fmt: skip
    found = resolution(rows, CUT_OFF)
    shares = found.by_class.set_index("class")["resolution"]
    assert shares.to_dict() == {"land": pytest.approx(96 / 252), "noise": 1.0}
    assert found.rate() == Rate(105, 261)
    assert found.by_class["accepted"].sum() == found.total["accepted"].sum()
    assert np.isnan(found.total["mediation"].iloc[0])


def test_pending_matters_are_listed_by_age() -> None:
    """With what they are; what has no date comes last and has no days."""
    rows = ledger([
        {"incident_id": "x", "accepted": None}, {"incident_id": "y", "accepted": "2026-03-31"},
        {"incident_id": "z", "accepted": "2026-03-01"}, {"incident_id": "done", "accepted": MARCH},
    ]).assign(state=["open", "open", "handling", "closed"])  # fmt: skip
    found = resolution(rows, CUT_OFF).pending
    assert found["incident_id"].tolist() == ["z", "y", "x"]
    assert found["days"].tolist() == [30, 0, pd.NA]


def test_what_is_no_day_no_outcome_and_no_rate_is_refused() -> None:
    """Each is told by name."""
    rows = ledger([{"state": "closed", "outcome": "forgotten"}])
    with pytest.raises(InvalidParameterError, match="outcome 'forgotten' is none"):
        resolution(rows, CUT_OFF)
    with pytest.raises(InvalidParameterError, match="cut_off"):
        resolution(rows, dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC))
    with pytest.raises(InvalidParameterError, match="'satisfaction' is no rate"):
        resolution(ledger([]), CUT_OFF).rate("satisfaction")


def test_summaries_are_ready_for_json() -> None:
    """Both rates with their counts, and how they are reckoned."""
    rows = ledger([{"state": "closed", "closed_level": "grid", "mediation_success": True}])
    told = resolution(rows, CUT_OFF).summary()
    assert told["resolution"]["matter"]["numerator"] == 1
    assert told["formulas"]["resolution"].startswith("resolved")
    assert closed_shares(rows).summary()["levels"][0]["level"] == "grid"
