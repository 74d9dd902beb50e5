"""Everything is found from the landing page on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.models import LAYERS

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def test_the_landing_page_leads_everywhere(client: TestClient) -> None:
    """Every link works and has the type it says."""
    landing = client.get("/").json()
    rels = {link["rel"] for link in landing["links"]}
    assert rels >= {"self", "service-desc", "service-doc", "conformance", "data"}
    for link in landing["links"]:
        answer = client.get(link["href"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].replace("; charset=utf-8", "") == link["type"]


def test_every_layer_is_a_collection(client: TestClient) -> None:
    """With links to itself and its items; the coordinates are lon/lat."""
    listed = client.get("/collections").json()["collections"]
    assert [one["id"] for one in listed] == list(LAYERS)
    for one in listed:
        assert client.get(f"/collections/{one['id']}").json() == one
        assert one["crs"] == ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]
        (items,) = [link["href"] for link in one["links"] if link["rel"] == "items"]
        assert client.get(items).json()["features"] == []


def test_the_conformance_classes_are_those_of_the_core(client: TestClient) -> None:
    """No class is claimed that nobody built."""
    classes = client.get("/conformance").json()["conformsTo"]
    assert {name.rsplit("/", 1)[1] for name in classes} == {"core", "geojson"}


def test_what_is_not_there_is_a_problem(client: TestClient) -> None:
    """Layers, addresses, methods and parameters alike."""
    answers = {
        "/collections/people": 404,
        "/nowhere": 404,
        "/docs/LICENSE": 404,
        "/docs/..%2fpackage.json": 404,
        "/?x=1": 400,
        "/healthz?x=1": 400,
        "/collections/streets?f=html": 400,
    }
    for path, status in answers.items():
        answer = client.get(path)
        assert (path, answer.status_code) == (path, status)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
    assert client.delete("/collections").status_code == 405


def test_the_description_and_its_page_are_our_own(client: TestClient) -> None:
    """The page asks for three files beside it, and each is there."""
    document = client.get("/api").json()
    assert document["openapi"].startswith("3.1")
    assert "422" not in str({path: document["paths"][path] for path in ("/", "/collections")})
    assert client.get("/docs").text.count('"docs/') == 3
    for file in ("swagger-ui-bundle.js", "swagger-ui.css", "start.js"):
        assert client.get(f"/docs/{file}").status_code == 200


def test_a_browser_gets_a_page_of_links(client: TestClient) -> None:
    """Where the printed address leads."""
    asks = {"Accept": "text/html,application/xhtml+xml;q=0.9"}
    page = client.get("/", headers=asks)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["vary"] == "Accept"
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    assert 'href="http://testserver/maps/coverage">覆盖地图' in page.text
