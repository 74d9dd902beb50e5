"""Incidents of the store, gathered for an area as the commands take them from files."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from api.errors import BadRequestError
from api.stored_incidents import gathered
from api.stored_parts import ground_of
from api.stored_seen import kinds_unseen, seen_said
from data.errors import NotFoundError
from data.scope import Scope
from data.store import Store
from data.writing import update_row
from tests.api.incidents import COUNTS, fill_incidents
from tests.api.stored import fill
from tests.stores import ONE_ENGINE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOVERNANCE = Scope(lines=frozenset({"governance", "public"}))


@pytest.fixture(scope="module")
def town(ready_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return the store of two villages, which no test here changes."""
    file = tmp_path_factory.mktemp("town") / "town.db"
    shutil.copy(ready_file, file)
    opened = Store.open(f"sqlite:///{file}")
    fill_incidents(opened)
    yield opened
    opened.engine.dispose()


def held(*places: str) -> int:
    """Count the incidents that lie in some places."""
    return sum(sum(counts) for (place, _), counts in COUNTS.items() if place in places)


def ids(store: Store, code: str | None) -> set[str]:
    """Return the incidents of an area, each of which is there once."""
    found = gathered(store, code).frames["incidents"]["incident_id"]
    assert found.is_unique
    return set(found)


def test_every_incident_is_of_one_grid(store: Store) -> None:
    """One on a border is of one side; one without a place is of the grid that it names."""
    fill_incidents(store)
    first, second, third = (ids(store, code) for code in ("01", "02", "03"))
    assert (len(first), len(second), len(third)) == (
        held("01", "border"),
        held("02") + 1,
        held("03"),
    )
    assert not first & second
    assert first | second < ids(store, "V1")
    assert (
        len(ids(store, None))
        == len(ids(store, "V1")) + len(third)
        == held("01", "02", "03", "border") + 2
    )


def test_a_village_need_not_be_stored_itself(town: Store) -> None:
    """Its grids tell its ground; those who name it alone are its own too."""
    assert len(ids(town, "V1")) == held("01", "02", "border") + 2
    assert list(gathered(town, "V1").frames["areas"]["area_id"]) == ["01", "02"]
    with pytest.raises(NotFoundError):
        gathered(town, "V9")


def test_what_lies_over_the_grids_is_measured_by_its_own_border(town: Store) -> None:
    """A patrol area takes what is within it, whatever grid that is of."""
    kept = gathered(town, "XQ").frames
    assert len(kept["incidents"]) == held("01", "02", "border")
    assert list(kept["areas"]["area_id"]) == ["XQ"]
    assert "XQ" not in list(gathered(town).frames["areas"]["area_id"])


def test_a_parent_is_taken_where_there_is_more_of_it(town: Store) -> None:
    """V1 holds more than 01; V2 has but one part; of T nothing but V2 is stored."""
    assert len(gathered(town, "01", beside=["parent"]).frames["parent"]) == len(ids(town, "V1"))
    assert gathered(town, "01", beside=["parent"]).parent_people == 3_000
    for code in ("03", "V2", "V1", None):
        taken = gathered(town, code, beside=["parent"])
        assert "parent" not in taken.frames
        assert taken.parent_people is None


@ONE_ENGINE
def test_no_parent_is_taken_that_the_scope_has_but_a_part_of(store: Store) -> None:
    """Its other parts would be missing, and nobody would see that."""
    fill_incidents(store, division="610928100")
    whole = gathered(store, "01", beside=["parent"])
    part = gathered(store.scoped(Scope("610928100")), "01", beside=["parent"])
    assert "parent" in whole.frames
    assert "parent" not in part.frames


@ONE_ENGINE
def test_rates_need_people_everywhere(store: Store) -> None:
    """A grid of unknown people would make a rate of the others."""
    fill_incidents(store)
    assert gathered(store, "V1").population == "people"
    areas = store.frame("areas").set_index("area_id")
    update_row(store, "areas", int(areas.loc["02", "id"]), 1, {"people": None})
    assert gathered(store, "V1").population is None
    assert gathered(store, "01").population == "people"


def test_streets_are_those_that_meet_the_area(town: Store) -> None:
    """All of them without an area; those of a village are not those of its neighbour."""
    assert len(gathered(town, beside=["streets"]).frames["streets"]) == 10
    assert "streets" not in gathered(town).frames
    kept = gathered(town, "V2", beside=["streets"]).frames["streets"]
    assert sorted(kept["street_id"]) == ["S0", "S1", "S2", "S7", "S8", "S9"]


def test_one_kind_is_taken_alone(town: Store) -> None:
    """Where the others are is of no matter."""
    assert len(gathered(town, "V1", kind="dispute").frames["incidents"]) == 3
    assert gathered(town, "V2", kind="dispute").frames["incidents"].empty


def test_too_many_to_wait_for_are_refused(town: Store) -> None:
    """What may be read, not what is stored, is what counts."""
    assert len(gathered(town, "03", most=25).frames["incidents"]) == 25
    with pytest.raises(BadRequestError, match="25"):
        gathered(town, "V1", most=25)


def test_cases_and_calls_are_the_polices_alone(town: Store) -> None:
    """Others count none of them, and are told that they see none."""
    kinds = set(gathered(town.scoped(GOVERNANCE)).frames["incidents"]["kind"])
    assert kinds == {"event", "dispute"}
    assert kinds_unseen(town) == seen_said(town, "zh") == []
    unseen = town.scoped(GOVERNANCE)
    assert kinds_unseen(unseen) == ["case", "police_call"]
    assert seen_said(unseen, "zh") == [
        "当前授权看不到案件、警情，以上不含这些",
        "纠纷、一般事件、隐患只计当前授权的条线（综治、公开）",
    ]
    police = town.scoped(Scope(lines=frozenset({"police"})))
    assert kinds_unseen(police) == []
    assert seen_said(police, "en") == [
        "Of Dispute, Event, Hazard only what is of the lines of this access is counted (Police)"
    ]


@ONE_ENGINE
def test_a_store_without_areas_or_incidents_says_so(store: Store) -> None:
    """All are counted without an area; nothing at all is no number."""
    with pytest.raises(NotFoundError):
        gathered(store)
    fill(store)
    assert ground_of(store, "V1").own.empty
    assert len(gathered(store).frames["incidents"]) == 2
