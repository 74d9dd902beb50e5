"""Kinds of grid, slots and counts of work as collections of the service."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from data.dated import as_of
from data.importing import import_layer
from data.scope import Scope
from data.writing import insert_row
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from data.store import Store

VILLAGE = "610999001001"
GRID = f"{VILLAGE}001"
WORKERS, WORK = "/collections/workers/items", "/collections/work/items"


def body(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a feature without a place."""
    return {"type": "Feature", "geometry": None, "properties": properties}


def test_areas_show_their_kind_and_are_chosen_by_it(store: Store, client: TestClient) -> None:
    """One kind at a time; those without one are in no kind."""
    for number, kind in enumerate(("basic", "basic", "beat", None)):
        square = shapely.box(109 + number, 32, 109.5 + number, 32.5)
        insert_row(store, "areas", {"code": f"A{number}", "kind": kind}, square)
    features = client.get("/collections/areas/items").json()["features"]
    kinds = {one["properties"]["area_id"]: one["properties"]["kind"] for one in features}
    assert kinds == {"A0": "basic", "A1": "basic", "A2": "beat", "A3": None}
    for kind, count in (("basic", 2), ("beat", 1), ("exclusive", 0)):
        answer = client.get(f"/collections/areas/items?kind={kind}&count=true").json()
        assert answer["numberMatched"] == count
        assert {one["properties"]["kind"] for one in answer["features"]} <= {kind}


def test_a_kind_that_is_none_is_not_written(client: TestClient) -> None:
    """The list is closed; the refusal has it."""
    square = shapely.geometry.mapping(shapely.box(109, 32, 109.5, 32.5))
    feature = {"type": "Feature", "geometry": square, "properties": {"area_id": "A1"}}
    feature["properties"]["kind"] = "网格"
    answer = client.post("/collections/areas/items", json=feature)
    assert answer.status_code == 422
    assert "basic / exclusive / micro / unit" in answer.json()["detail"]
    feature["properties"]["kind"] = "micro"
    assert client.post("/collections/areas/items", json=feature).status_code == 201


def test_slots_and_counts_are_collections_without_places(client: TestClient) -> None:
    """Written, filtered by what they say, and null where others have a place."""
    slot = {"slot_id": "W1", "role": "grid_leader", "kind": "full_time", "area_code": GRID}
    assert client.post(WORKERS, json=body(**slot)).status_code == 201
    work = {"area_code": GRID, "month": "2026-01", "kind": "visits", "count": 0}
    assert client.post(WORK, json=body(**work)).status_code == 201
    for address, said in ((f"{WORKERS}?kind=full_time", slot), (f"{WORK}?month=2026-01", work)):
        (one,) = client.get(address).json()["features"]
        assert one["geometry"] is None
        assert said.items() <= one["properties"].items()
        assert one["properties"]["division"] == GRID
        assert "name" not in one["properties"]
    assert client.get(f"{WORKERS}?kind=part_time").json()["features"] == []
    # The same count once more is the same row.
    assert client.post(WORK, json=body(**work)).status_code == 409


@pytest.mark.parametrize(
    ("address", "properties", "named"),
    [
        (WORKERS, {"area_code": GRID, "name": "张三"}, "name"),
        (WORKERS, {"area_code": GRID, "phone": "13812345678"}, "phone"),
        (WORKERS, {"area_code": GRID, "role": "张三"}, "role"),
        (WORKERS, {"area_code": GRID, "kind": "张三"}, "kind"),
        (WORKERS, {"area_code": GRID, "state": "张三"}, "state"),
        (WORKERS, {"role": "grid_worker"}, "area_code"),
        (WORK, {"area_code": GRID, "month": "2026-01", "kind": "visits"}, "count"),
        (WORK, {"area_code": GRID, "month": "1月", "kind": "visits", "count": 1}, "month"),
        (WORK, {"area_code": GRID, "month": "2026-01", "kind": "visits", "count": -1}, "count"),
        (WORK, {"area_code": GRID, "kind": "visits", "count": 1}, "month"),
    ],
)
def test_people_and_rows_that_lack_what_they_are_of_are_refused(
    store: Store, client: TestClient, address: str, properties: dict[str, Any], named: str
) -> None:
    """With the name of the property; nothing is stored."""
    answer = client.post(address, json=body(**properties))
    assert answer.status_code in (400, 422)
    assert named in answer.json()["detail"]
    assert store.count("workers") == store.count("work") == 0


def test_a_slot_has_no_place_even_if_one_is_sent(store: Store, client: TestClient) -> None:
    """It would be somebody's."""
    feature = body(slot_id="W1", area_code=GRID)
    feature["geometry"] = {"type": "Point", "coordinates": [109, 32]}
    answer = client.post(WORKERS, json=feature)
    assert answer.status_code == 400
    assert "null" in answer.json()["detail"]
    assert store.count("workers") == 0


def test_a_grid_asks_for_its_own_slots_alone(store: Store) -> None:
    """By its scope of fifteen digits, whatever is asked."""
    for number in (1, 2):
        grid = f"{VILLAGE}00{number}"
        insert_row(store, "workers", {"code": f"W{number}", "area_code": grid}, None)
    own = store.scoped(Scope(GRID, frozenset({"governance"}), frozenset()))
    assert own.page("workers").frame["slot_id"].tolist() == ["W1"]
    assert own.counts("workers", "division")["seen"].tolist() == [1]


def test_the_borders_of_a_day_are_those_that_held_on_it(store: Store, client: TestClient) -> None:
    """As rows, and as what coverage is computed for."""
    streets = layer_of("streets", [shapely.LineString([(109.0, 32.05), (109.02, 32.05)])])
    import_layer(store, streets)
    posts = layer_of("posts", [shapely.Point(109.001, 32.05)], {"post_id": ["P1"]})
    import_layer(store, posts)
    first = dt.date(2026, 1, 1)
    for east, since in ((109.01, None), (109.02, first)):
        area = layer_of("areas", [shapely.box(109.0, 32.0, east, 32.1)], {"area_id": [GRID]})
        import_layer(store, area, since=since)
    items = "/collections/areas/items"
    ends = [
        client.get(f"{items}?datetime={day}").json()["features"][0]["properties"]["valid_to"]
        for day in ("2025-12-31", "2026-01-01")
    ]
    assert ends == ["2026-01-01", None]
    gaps = "/coverage/posts"
    said = [
        client.get(f"{gaps}?area={GRID}{day}").json()["summary"]["due_length_m"]
        for day in ("&datetime=2025-12-31", "&datetime=2026-01-01", "")
    ]
    assert said[0] * 2 == pytest.approx(said[1], rel=1e-3)
    assert said[1] == said[2]
    assert client.get(f"{gaps}?area={GRID}&datetime=2025-01-01/..").status_code == 400
    assert as_of(store, dt.date(2025, 1, 1)).count("areas") == 1
