"""Pages of what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.stored import fill, put
from tests.strategies import areas_of, box, points_of

if TYPE_CHECKING:
    from data.store import Store

PAGES = ("coverage", "incidents", "patrols")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stands_in_a_sandbox(store: Store, client: TestClient, page: str) -> None:
    """A whole page with a map; its scripts reach nothing of the service."""
    fill(store)
    answer = client.get(f"/maps/{page}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == "sandbox allow-scripts"
    assert answer.headers["cache-control"] == "no-store"
    assert "gridpatrol.start(" in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_store_says_what_to_do_next(client: TestClient, page: str) -> None:
    """A page, not an error; it names the layers that are missing."""
    answer = client.get(f"/maps/{page}")
    assert answer.status_code == 200
    assert "下一步" in answer.text
    layer = {"coverage": "streets", "incidents": "incidents", "patrols": "routes"}[page]
    assert f"gridpatrol import {layer} 文件" in answer.text
    assert "<script" not in answer.text


def test_only_what_is_missing_is_asked_for(store: Store) -> None:
    """Posts are there: streets are not. In English where that is set."""
    put(store, "posts", points_of([(0, 0)], code=["P1"]))
    client = TestClient(create_app(Settings.model_validate({"lang": "en"}), store))
    text = client.get("/maps/coverage").text
    assert "gridpatrol import streets FILE" in text
    assert "gridpatrol import posts" not in text


def test_coverage_keeps_to_an_area(store: Store, client: TestClient) -> None:
    """The figures are those of the area: 50 of its 150 m are covered by the post."""
    fill(store)
    assert "33.3%" in client.get("/maps/coverage").text
    narrow = client.get("/maps/coverage?area=01&reach_m=75").text
    assert "50.0%" in narrow
    assert client.get("/maps/coverage?area=09").status_code == 404


def test_no_result_is_shown_of_sites_that_nobody_stored(store: Store, client: TestClient) -> None:
    """Whoever knows of no posts sees no share of 0 %."""
    fill(store)
    cameras = client.get("/maps/coverage").text
    assert "观察哨" in cameras
    for row in store.frame("posts")["id"]:
        client.delete(f"/collections/posts/items/{row}", headers={"If-Match": "*"})
    assert "直线距离，未计河流与街道" in cameras
    assert "直线距离，未计河流与街道" not in client.get("/maps/coverage").text


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", {"一般事件", "隐患"}),
        ("kind=event", {"一般事件"}),
        ("state=closed", {"隐患"}),
        ("area=01", {"一般事件"}),
        ("since=2024-05-02", {"隐患"}),
        ("until=2024-05-01", {"一般事件"}),
        ("since=2024-05-01T08:00:00&until=2024-05-01T08:00:00", {"一般事件"}),
        ("kind=&state=", {"一般事件", "隐患"}),
    ],
)
def test_incidents_are_filtered(
    store: Store, client: TestClient, query: str, kinds: set[str]
) -> None:
    """By kind, state, area and time, both ends included."""
    fill(store)
    text = client.get(f"/maps/incidents?{query}").text
    assert {kind for kind in ("一般事件", "隐患") if f'"t":["{kind}"' in text} == kinds


def test_an_area_is_more_than_its_box(store: Store, client: TestClient) -> None:
    """The incident lies in the notch of an area like an L."""
    fill(store)
    notched = box(-10, -50, 310, 100).difference(box(100, 0, 310, 100))
    put(store, "areas", areas_of({"L": notched}).rename(columns={"area_id": "code"}))
    text = client.get("/maps/incidents?area=L").text
    assert '"t":["一般事件"' in text
    assert '"t":["隐患"' not in text


def test_routes_are_filtered(store: Store, client: TestClient) -> None:
    """By unit, mode and area."""
    fill(store)
    for query in ("unit=一组", "mode=foot", "area=01"):
        assert "gridpatrol.start(" in client.get(f"/maps/patrols?{query}").text
    for query in ("unit=二组", "mode=car", "area=02"):
        text = client.get(f"/maps/patrols?{query}").text
        assert "没有符合条件的记录" in text


@pytest.mark.parametrize(
    "address",
    ["coverage?reach_m=0", "coverage?x=1", "coverage?area=", "incidents?since=x",
     "incidents?since=2024-05-01/2024-05-02", "incidents?kind=%00",
     "patrols?kind=foot", "incidents?until=9999-12-31"],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(client: TestClient, address: str) -> None:
    """As everywhere."""
    answer = client.get(f"/maps/{address}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_rows_without_a_place_do_not_break_a_page(store: Store, client: TestClient) -> None:
    """They are kept in the store, and are nowhere on the map."""
    fill(store)
    for kind in ("incidents", "routes", "posts", "cameras", "areas", "streets"):
        store_row = {"type": "Feature", "geometry": None, "properties": {"name": "无坐标"}}
        assert client.post(f"/collections/{kind}/items", json=store_row).status_code == 201
    for page in PAGES:
        for query in ("", "?area=01"):
            answer = client.get(f"/maps/{page}{query}")
            assert answer.status_code == 200, answer.text
            assert "gridpatrol.start(" in answer.text
    assert client.get("/coverage/posts?area=01").status_code == 200
