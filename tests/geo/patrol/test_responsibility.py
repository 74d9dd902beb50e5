"""Who answers for which place when: by hand, and against minutes asked one by one."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import ColumnError, InvalidParameterError
from geo.duty.week import DAY_MIN, WEEK_MIN
from geo.patrol.responsibility import FORCES, responsibility

PLACES = pd.DataFrame({"place_kind": ["road", "road", "grid"], "place_id": ["R1", "R2", "G1"]})

DAYS_OF: dict[str, list[int]] = {
    "": [0, 1, 2, 3, 4, 5, 6], "Mo ": [0], "Sa-Su ": [5, 6], "We-Fr ": [2, 3, 4],
}  # fmt: skip
"""How a text begins -> the days it means."""


def duties_of(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Make duties of (kind, place, force, hours)."""
    return pd.DataFrame(list(rows), columns=["place_kind", "place_id", "force", "hours"])


def test_a_night_without_anybody_is_a_hole_every_night() -> None:
    """06:00-22:00 for all roads; R2 has a second force until 02:00; nobody names the grid."""
    found = responsibility(
        duties_of(
            ("road", None, "traffic_police", "06:00-22:00"),
            ("road", "R2", "patrol_swat", "21:00-02:00"),
        ),
        PLACES,
    )
    assert found.places["holes"].tolist() == [
        "Mo-Su 22:00-06:00", "Mo-Su 02:00-06:00", "Mo-Su 00:00-24:00",
    ]  # fmt: skip
    assert found.places["hole_h"].tolist() == [56.0, 28.0, 168.0]
    assert found.places["doubles"].tolist() == ["", "Mo-Su 21:00-22:00", ""]
    assert found.places["double_h"].tolist() == [0.0, 7.0, 0.0]
    first, last = found.holes.iloc[0], found.holes[found.holes["place_id"] == "R1"].iloc[-1]
    assert (first["from"], first["to"], first["hours_h"]) == ("Mo 22:00", "Tu 06:00", 8.0)
    assert (last["from"], last["to"], last["hours_h"]) == ("Su 22:00", "Mo 06:00", 8.0)
    assert found.doubles["forces"].unique().tolist() == ["patrol_swat;traffic_police"]
    assert found.summary()["answered_share"] == 1 - (56 + 28 + 168) / (3 * 168)


def test_a_day_is_asked_about_alone() -> None:
    """The early hours of Monday are those of Sunday's night shift; the holiday is a day too."""
    duties = duties_of(("grid", "G1", "grid_worker", "Su 22:00-06:00; PH 08:00-18:00"))
    monday = responsibility(duties, PLACES[2:], day="Mo").hours
    assert monday["from"].tolist() == ["Mo 00:00", "Mo 06:00"]
    assert monday["to"].tolist() == ["Mo 06:00", "Mo 24:00"]
    assert monday["forces"].tolist() == ["grid_worker", ""]
    holiday = responsibility(duties, PLACES[2:], day="PH")
    assert holiday.hours["hours_h"].tolist() == [8.0, 10.0, 6.0]
    assert holiday.places["holes"].tolist() == ["PH 00:00-08:00,18:00-24:00"]
    assert holiday.summary()["place_hours"] == 24.0


def test_units_of_one_force_are_one_answer() -> None:
    """Shifts that touch leave neither hole nor double; blank hours are all hours."""
    found = responsibility(
        duties_of(
            ("grid", None, "grid_worker", "00:00-12:00"),
            ("grid", "G1", "grid_worker", "11:00-24:00"),
            ("road", None, "armed_police", None),
        ),
        PLACES,
    )
    assert found.holes.empty
    assert found.doubles.empty
    assert found.hours["hours_h"].tolist() == [168.0] * 3


def test_a_hole_longer_than_a_day_is_written_by_days() -> None:
    """On duty on weekdays, 24 hours: free from Saturday to Monday."""
    found = responsibility(duties_of(("grid", None, "volunteer", "Mo-Fr 00:00-24:00")), PLACES[2:])
    assert found.places["holes"].tolist() == ["Sa-Su 00:00-24:00"]
    assert found.holes[["from", "to"]].to_numpy().tolist() == [["Sa 00:00", "Su 24:00"]]
    over = responsibility(duties_of(("grid", None, "volunteer", "Tu-Sa 08:00-24:00")), PLACES[2:])
    assert over.holes["hours_h"].max() == 56.0
    assert "Su 00:00-24:00" in over.places["holes"].iloc[0]


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "R1", "R2"]), st.sampled_from(FORCES[:3]),
            st.integers(0, 23), st.integers(1, 23), st.sampled_from(list(DAYS_OF)),
        ),
        max_size=5,
    ),
    st.integers(0, WEEK_MIN - 1),
)  # fmt: skip
def test_every_minute_has_the_forces_that_its_duties_name(
    rows: list[tuple[Any, ...]], minute: int
) -> None:
    """And the stretches of a place tile the week."""
    duties = duties_of(
        *(
            ("road", place, force, f"{name}{start:02}:00-{(start + n) % 24:02}:00")
            for place, force, start, n, name in rows
        )
    )
    found = responsibility(duties, PLACES[:2])
    for place in ("R1", "R2"):
        hours = found.hours[found.hours["place_id"] == place]
        assert hours["hours_h"].sum() == 168.0
        expected = {
            force
            for of, force, start, n, name in rows
            if of in (None, place)
            and any((minute - d * DAY_MIN - start * 60) % WEEK_MIN < n * 60 for d in DAYS_OF[name])
        }
        moved = minute + WEEK_MIN * (minute < hours["start_min"].min())
        there = hours[(hours["start_min"] <= moved) & (moved < hours["end_min"])]
        assert len(there) == 1
        assert set(filter(None, there["forces"].iloc[0].split(";"))) == expected
        assert there["count"].iloc[0] == len(expected)


def test_what_serves_no_place_or_cannot_be_read_is_named() -> None:
    """A place that is not there, a kind without places, hours that say nothing."""
    found = responsibility(
        duties_of(
            ("road", "R9", "traffic_police", None), ("key_site", None, "armed_police", None),
            ("road", "R1", "traffic_police", "now and then"),
        ),
        PLACES,
    )  # fmt: skip
    assert found.strangers == [0, 1]
    assert found.unread["row"].tolist() == [2]
    assert found.summary()["hole_hours"] == 3 * 168.0
    assert responsibility(duties_of(), PLACES.iloc[:0]).summary()["answered_share"] is None


def test_codes_that_are_in_no_list_are_refused() -> None:
    """With the row and the list."""
    good = duties_of(("road", None, "traffic_police", None))
    with pytest.raises(InvalidParameterError, match="duties: row 0 has force 'army'"):
        responsibility(good.assign(force="army"), PLACES)
    with pytest.raises(InvalidParameterError, match="places: row 0 has place_kind 'sea'"):
        responsibility(good, PLACES.assign(place_kind="sea"))
    with pytest.raises(InvalidParameterError, match=r"places: row 3 \(road R1\) was met before"):
        responsibility(good, pd.concat([PLACES, PLACES]))
    with pytest.raises(InvalidParameterError, match="day must be one of"):
        responsibility(good, PLACES, day="monday")
    with pytest.raises(ColumnError, match="no column force"):
        responsibility(good.drop(columns="force"), PLACES)
