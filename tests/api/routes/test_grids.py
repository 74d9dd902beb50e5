"""The grids of a stored village: borders, loads, workers, codes and plans, on both engines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest

from api.stored_grids import MOST_BUILDINGS
from data.importing import import_layer
from data.writing import insert_row
from tests.api.stored import put
from tests.data.rows import layer_of
from tests.stores import ONE_ENGINE
from tests.strategies import CRS, areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from data.store import Store

VILLAGE = "610999001001"

IDS = [f"{VILLAGE}00{n}" for n in range(1, 5)]
"""Four grids."""


@pytest.fixture
def village(store: Store) -> Store:
    """Store four grids of 200 x 100 m, of which the third laps 5 m over the fourth, and a beat."""
    boxes = (
        box(0, 100, 200, 200),
        box(200, 100, 400, 200),
        box(0, 0, 205, 100),
        box(200, 0, 400, 100),
    )
    grids = areas_of(dict(zip(IDS, boxes, strict=True))).rename(columns={"area_id": "code"})
    grids["households"] = [100, 300, 200, 400]
    put(store, "areas", grids, parent_id=VILLAGE, kind="basic")
    beat = areas_of({"B1": box(0, 0, 400, 200)}).rename(columns={"area_id": "code"})
    put(store, "areas", beat, parent_id=VILLAGE, kind="beat")
    return store


def answer(client: TestClient, path: str, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
    """Ask about the village, and return the collection."""
    told = client.get(path, params={"area": VILLAGE, **asked})
    assert told.status_code == 200, told.text
    found: dict[str, Any] = told.json()
    return found


@pytest.mark.usefixtures("village")
def test_an_audit_is_of_one_kind_of_grid(client: TestClient) -> None:
    """A beat over four grids is no overlap of theirs; all kinds together would be."""
    found = answer(client, "/audit/areas", kind="basic")
    (defect,) = found["features"]
    assert defect["properties"]["kind"] == "overlap"
    assert defect["properties"]["area_m2"] == pytest.approx(500.0, rel=1e-4)
    assert defect["geometry"]["type"] == "Polygon"
    assert found["summary"]["areas"] == 4
    assert answer(client, "/audit/areas", kind="beat")["features"] == []
    assert answer(client, "/audit/areas")["summary"]["kinds"]["overlap"] > 0


@pytest.mark.usefixtures("village")
def test_loads_have_advice_and_workers_add_up(client: TestClient) -> None:
    """By what the grids say of themselves."""
    found = answer(client, "/balance/areas", kind="basic")
    loads = {one["properties"]["area_id"]: one["properties"]["load"] for one in found["features"]}
    assert loads == pytest.approx(dict(zip(IDS, (0.4, 1.2, 0.8, 1.6), strict=True)))
    assert found["summary"]["households"]["outside"] == 2
    workers = answer(client, "/allocation/areas", kind="basic", workers=126)
    counts = [one["properties"]["workers"] for one in workers["features"]]
    assert sum(counts) == workers["summary"]["workers"] == 126
    assert min(counts) >= 1


def test_what_grids_do_not_say_is_counted_from_the_store(
    village: Store, client: TestClient
) -> None:
    """Two incidents in the first grid; what nobody stored is refused, not 0."""
    refused = client.get("/balance/areas", params={"area": VILLAGE, "weights": "incidents=1"})
    assert refused.status_code == 422
    assert "incidents" in refused.json()["detail"]
    incidents = points_of([(50, 150), (60, 150)], code=["1", "2"], kind=["dispute"] * 2)
    put(village, "incidents", incidents)
    found = answer(client, "/balance/areas", kind="basic", weights="incidents=1")
    assert [one["properties"]["load"] for one in found["features"]] == [4.0, 0.0, 0.0, 0.0]


def test_codes_are_proposed_and_nothing_is_changed(village: Store, client: TestClient) -> None:
    """Good ones stay; anew, they run west to east and north to south."""
    found = answer(client, "/codes/areas", kind="basic")
    assert (found["summary"]["kept"], found["summary"]["new"]) == (4, 0)
    anew = answer(client, "/codes/areas", kind="basic", keep=False)
    assert [one["properties"]["code"] for one in anew["features"]] == IDS
    assert sorted(village.frame("areas")["area_id"]) == sorted(["B1", *IDS])


def test_the_borders_are_those_of_the_day(village: Store, client: TestClient) -> None:
    """A grid that came later is not in last year's audit."""
    square = gpd.GeoSeries([box(400, 0, 500, 100)], crs=CRS).to_crs(4326).iloc[0]
    later = {"code": f"{VILLAGE}005", "parent_id": VILLAGE, "kind": "basic", "households": 1}
    insert_row(village, "areas", later | {"valid_from": dt.date(2026, 1, 1)}, square)
    assert answer(client, "/audit/areas", kind="basic")["summary"]["areas"] == 5
    then = answer(client, "/audit/areas", kind="basic", datetime="2025-12-31")
    assert then["summary"]["areas"] == 4


@pytest.fixture
def town(store: Store) -> Store:
    """Store 8 x 4 blocks between streets with ten homes each, and three uneven grids."""
    streets = [line((50 * n, 0), (50 * n, 200)) for n in range(1, 8)]
    streets += [line((0, 50 * n), (400, 50 * n)) for n in range(1, 4)]
    put(store, "streets", streets_of(streets))
    houses = [
        box(50 * i + 15, 50 * j + 15, 50 * i + 35, 50 * j + 35) for i in range(8) for j in range(4)
    ]
    put(store, "buildings", gpd.GeoDataFrame({"households": [10] * 32}, geometry=houses, crs=CRS))
    grids = {"1": box(0, 0, 100, 200), "2": box(100, 0, 300, 200), "3": box(300, 0, 400, 200)}
    areas = areas_of({VILLAGE + f"00{code}": area for code, area in grids.items()})
    put(store, "areas", areas.rename(columns={"area_id": "code"}), parent_id=VILLAGE, kind="basic")
    beat = areas_of({"B1": box(0, 0, 400, 200)}).rename(columns={"area_id": "code"})
    put(store, "areas", beat, parent_id=VILLAGE, kind="beat")
    return store


@ONE_ENGINE
@pytest.mark.usefixtures("town")
def test_plans_are_told_with_their_grids_and_changes(client: TestClient) -> None:
    """From 8, 16 and 8 blocks to four of eight: half of the second goes."""
    found = answer(client, "/proposals/areas", grids=4, kind="basic")
    assert found["summary"]["current"]["grids"] == 3
    first = found["summary"]["plans"][0]
    assert first["largest_deviation"] == pytest.approx(0.0)
    assert first["moved_households"] == 80
    assert sum(change["households"] for change in first["changes"]) == 80
    grids = [one["properties"] for one in found["features"] if one["properties"]["plan"] == 1]
    assert [grid["households"] for grid in grids] == [80] * 4
    again = answer(client, "/proposals/areas", grids=4, kind="basic")
    assert again["features"] == found["features"]


@ONE_ENGINE
def test_a_large_village_is_a_job(town: Store, client: TestClient) -> None:
    """The refusal says where to ask."""
    many = [box(n % 80 * 5, n // 80 * 5, n % 80 * 5 + 3, n // 80 * 5 + 3)
            for n in range(MOST_BUILDINGS + 1)]  # fmt: skip
    places = list(gpd.GeoSeries(many, crs=CRS).to_crs(4326))
    ids = [f"H{n}" for n in range(len(many))]
    import_layer(town, layer_of("buildings", places, {"building_id": ids}))
    told = client.get("/proposals/areas", params={"area": VILLAGE, "grids": 4})
    assert told.status_code == 422
    assert "/processes/area-division/execution" in told.json()["detail"]


def test_a_village_without_grids_is_not_found(client: TestClient) -> None:
    """With the step to take; options out of range are told too."""
    for path in ("/audit/areas", "/balance/areas", "/codes/areas"):
        told = client.get(path, params={"area": "610999009"})
        assert told.status_code == 404
        assert "610999009" in told.json()["detail"]
    assert client.get("/proposals/areas", params={"area": VILLAGE, "grids": 0}).status_code == 400
    wrong = {"area": VILLAGE, "weights": "households"}
    assert client.get("/balance/areas", params=wrong).status_code == 400
