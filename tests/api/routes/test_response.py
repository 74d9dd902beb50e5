"""Reach by road over HTTP: rings of stations, and the nearest units on duty."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api import stored_response
from api.app import create_app
from api.settings import Settings
from data.fixes import import_fixes
from data.scope import Scope
from data.store import Store
from data.viewing import views
from data.writing import insert_row
from tests.api.stored import put
from tests.data.rows import layer_of
from tests.strategies import line, points_of, streets_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOVERNANCE = Scope(lines=frozenset({"governance", "public"}))

NOW = "2026-05-01T21:00"
"""An evening: U1 to U4 are on duty."""

NIGHT, DAY = "20:00-04:00", "08:00-16:00"

UNITS = {"U1": (150, NIGHT), "U2": (900, NIGHT), "U3": (480, DAY), "U4": (None, NIGHT)}
"""Unit -> where on the road it was last, and its shift; U4 was seen nowhere for two hours."""

PLACE = points_of([(500, 0)]).to_crs(4326).geometry.iloc[0]
HERE = f"lon={PLACE.x:.7f}&lat={PLACE.y:.7f}"


def fill_response(store: Store, **values: Any) -> None:  # noqa: ANN401
    """
    Store a road of 1 km, an island of 100 m, two stations on the road, and four units.

    The second station is closed.
    """
    values = {"division": "610928100", "line": "police", **values}
    roads = streets_of([line((0, 0), (1000, 0)), line((0, 900), (100, 900))], code=["A", "B"])
    put(store, "streets", roads, name="大路", **values, **{"class": "residential"})
    stations = points_of([(0, 0), (1000, 0)], code=["J1", "J2"], unit_class=["station", "post"])
    put(store, "stations", stations.assign(state=["open", "closed"]), mode="foot", **values)
    for code, (_, shift) in UNITS.items():
        told = {"code": code, "name": f"{code}组", "shift": shift, "mode": "foot"}
        insert_row(store, "units", told | values, None)
    seen = dt.datetime.fromisoformat(NOW) - dt.timedelta(minutes=5)
    fixes = [(code, seen, x) for code, (x, _) in UNITS.items() if x is not None]
    fixes += [
        ("U1", seen - dt.timedelta(minutes=9), 450),
        ("U4", seen - dt.timedelta(hours=2), 500),
    ]
    shapes = points_of([(x, 0) for *_, x in fixes]).to_crs(4326).geometry.tolist()
    units, times, _ = zip(*fixes, strict=True)
    columns = {"track_id": units, "unit_id": units, "time": list(times)}
    import_fixes(store, layer_of("tracks", shapes, columns))


@pytest.fixture(scope="module")
def town(ready_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return the store of the road, which no test here changes."""
    file = tmp_path_factory.mktemp("town") / "town.db"
    shutil.copy(ready_file, file)
    opened = Store.open(f"sqlite:///{file}")
    fill_response(opened)
    yield opened
    opened.engine.dispose()


def service(store: Store, scope: Scope | None = None, **settings: Any) -> TestClient:  # noqa: ANN401
    """Return a client of the service over a store."""
    asked = store if scope is None else store.scoped(scope)
    return TestClient(create_app(Settings.model_validate(settings), asked))


def told(store: Store, address: str, **settings: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what an address answers."""
    answer = service(store, **settings).get(f"/response/{address}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def features(found: dict[str, Any], what: str) -> list[dict[str, Any]]:
    """Return the properties of the features of one sort."""
    return [f["properties"] for f in found["features"] if f["properties"]["what"] == what]


def test_rings_lie_along_the_road(store: Store) -> None:
    """On foot from the one open station; the island is outside; on either engine."""
    fill_response(store)
    found = told(store, "rings?minutes=1&minutes=5&mode=foot")
    rings = features(found, "ring")
    assert {row["minutes"] for row in rings} == {1, 5}
    first = sum(row["length_m"] for row in rings if row["minutes"] == 1)
    both = sum(row["length_m"] for row in rings)
    assert both == pytest.approx(5 * first)
    outside = features(found, "outside")
    assert sum(row["length_m"] for row in outside) == pytest.approx(1_100 - both)
    assert {row["reason"] for row in outside} == {"beyond", "no_way"}
    assert [row["station_id"] for row in features(found, "station")] == ["J1"]
    assert [(row["station_id"], row["reason"]) for row in features(found, "left_out")] == [
        ("J2", "closed")
    ]
    assert found["summary"]["losses"][0]["station_id"] == "J1"
    assert any("大门" in remark for remark in found["summary"]["remarks"])
    assert views(store).views[0].what == "response/rings"


def test_the_nearest_unit_on_duty_is_named(store: Store) -> None:
    """By its last position; who is off duty or seen nowhere is refused with the reason."""
    fill_response(store)
    found = told(store, f"nearest?{HERE}&now={NOW}&k=3")
    named = features(found, "candidate")
    assert [(row["rank"], row["unit_id"]) for row in named] == [(1, "U1"), (2, "U2")]
    assert [row["distance_m"] for row in named] == pytest.approx([350, 400], abs=0.1)
    refused = {row["unit_id"]: row["reason"] for row in found["summary"]["refused"]}
    assert refused == {"U3": "off_duty", "U4": "no_place"}
    assert found["summary"]["now"] == NOW
    assert any("正在处置" in remark for remark in found["summary"]["remarks"])
    assert views(store).views[0].what == "positions"


def test_as_many_are_named_as_asked(town: Store) -> None:
    """In either language."""
    found = told(town, f"nearest?{HERE}&now={NOW}&k=1", lang="en")
    assert len(features(found, "candidate")) == 1
    assert any("busy" in remark for remark in found["summary"]["remarks"])


def test_by_day_others_are_on_duty(town: Store) -> None:
    """Whose positions are of the evening is nowhere at noon."""
    found = told(town, f"nearest?{HERE}&now=2026-05-01T12:00")
    assert not features(found, "candidate")
    assert {row["reason"] for row in found["summary"]["refused"]} == {"no_place"}


def test_who_is_far_away_is_counted_apart(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking farther would keep whoever waits."""
    monkeypatch.setattr(stored_response, "NEAR_M", 340.0)
    found = told(town, f"nearest?{HERE}&now={NOW}")
    assert found["summary"]["beyond"] == 2
    assert not features(found, "candidate")


def test_ids_of_two_divisions_are_told_apart(store: Store) -> None:
    """Stations and units that are called alike all count."""
    fill_response(store)
    more = points_of([(300, 0)], code=["J1"], mode=["foot"])
    put(store, "stations", more, division="610928200", line="police")
    put(store, "stations", more, division="610928200", line="public")
    found = told(store, "rings")
    ids = [row["station_id"] for row in features(found, "station")]
    assert sorted(ids) == ["J1@610928100", "J1@610928200", "J1@610928200#2"]
    other = {"code": "U1", "shift": NIGHT, "division": "610928200", "line": "police"}
    insert_row(store, "units", other, None)
    found = told(store, f"nearest?{HERE}&now={NOW}")
    refused = {row["unit_id"]: row["reason"] for row in found["summary"]["refused"]}
    assert refused["U1@610928200"] == "no_place"
    assert features(found, "candidate")[0]["unit_id"] == "U1@610928100"


@pytest.mark.parametrize("address", ["rings", f"nearest?{HERE}"])
def test_reach_is_the_polices_alone(town: Store, address: str) -> None:
    """Neither where stations are nor where units are is told to others."""
    answer = service(town, GOVERNANCE).get(f"/response/{address}")
    assert (answer.status_code, answer.json()["code"]) == (403, "positions_police")


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("rings?minutes=0", 400, "not_valid"), ("rings?minutes=61", 400, "not_valid"),
        ("rings?now=2026-05-01", 400, "not_valid"), ("rings?mode=video", 400, "not_valid"),
        ("nearest?lon=114", 400, "not_valid"), (f"nearest?{HERE}&k=0", 400, "not_valid"),
        ("nearest?lon=109.4&lat=32.8", 404, "no_streets_near_place"),
        (f"nearest?{HERE}&now=2026-05-01T08:00%2B08:00", 400, "not_valid"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(town: Store, address: str, status: int, code: str) -> None:
    """With what to do."""
    answer = service(town).get(f"/response/{address}")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


@pytest.mark.parametrize("address", ["rings", f"nearest?{HERE}"])
def test_too_many_streets_to_wait_for_are_refused(
    town: Store, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Before they are read."""
    monkeypatch.setattr(stored_response, "MOST_STREETS", 1)
    answer = service(town).get(f"/response/{address}")
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_streets_to_wait")


@pytest.mark.parametrize("address", ["rings", f"nearest?{HERE}"])
def test_an_empty_store_says_what_to_import(client: TestClient, address: str) -> None:
    """Stations, streets or units."""
    answer = client.get(f"/response/{address}")
    assert (answer.status_code, answer.json()["code"]) == (404, "nothing_stored")
