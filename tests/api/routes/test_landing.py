"""Everything is found from the landing page on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from data.models import LAYERS
from data.scope import Scope
from tests.api.stored import fill

if TYPE_CHECKING:
    from data.store import Store

PAGE = {"Accept": "text/html"}


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
    for path in ("/maps/coverage", "/maps/incidents", "/maps/patrols", "/imports", "/docs",
                 "/collections", "/processes", "/jobs"):  # fmt: skip
        assert f'href="{path}"' in page.text
        assert client.get(path, headers=asks).status_code == 200


def test_the_first_page_counts_what_is_stored(store: Store, client: TestClient) -> None:
    """By layer, in scope; with rows there are no first steps."""
    fill(store)
    text = client.get("/", headers=PAGE).text
    counted = dict(re.findall(r'<tr><td>(.*?)</td><td class="number">([\d,]+)</td>', text))
    assert counted["观察哨"] == "1"
    assert counted["摄像机"] == "2"
    assert counted["重点部位"] == "0"
    assert "三步开始" not in text
    elsewhere = TestClient(create_app(Settings(), store.scoped(Scope("99"))))
    assert re.findall(r'"number">([\d,]+)<', elsewhere.get("/", headers=PAGE).text) == ["0"] * len(
        LAYERS
    )


def test_an_empty_store_says_how_to_begin(client: TestClient) -> None:
    """A template of every layer, the upload, the command."""
    text = client.get("/", headers=PAGE).text
    assert "三步开始" in text
    assert "<code>gridpatrol import streets 文件</code>" in text
    for kind in LAYERS:
        assert client.get(f"/templates/{kind}").status_code == 200
        assert text.count(f'href="/templates/{kind}"') == 2


def test_a_browser_is_told_of_errors_on_a_page(client: TestClient) -> None:
    """The same status and sentence; programs get the problem document."""
    for path, status, sentence in (
        ("/nowhere", 404, "没有这个页面"),
        ("/jobs/7", 404, "任务里没有编号 7 的记录"),
        ("/maps/coverage?reach_m=0", 400, "<code>reach_m</code> 应大于 0"),
        ("/?x=1", 400, "不认识参数 x"),
    ):
        page = client.get(path, headers=PAGE)
        assert (page.status_code, sentence in page.text) == (status, True), page.text
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["content-security-policy"].startswith("default-src 'self'")
        answer = client.get(path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_style_sheet_is_our_own(client: TestClient) -> None:
    """It loads nothing else."""
    answer = client.get("/service.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "url(" not in answer.text
    assert "@import" not in answer.text


def test_the_landing_page_asks_for_the_month_of_a_report(client: TestClient) -> None:
    """A report without a month is refused: the page that leads to it has to ask."""
    page = client.get("/", headers=PAGE).text
    (form,) = re.findall(r"<form[^>]*incidents/report.*?</form>", page, re.DOTALL)
    assert re.search(r'<input[^>]*name="month"[^>]*required', form)
    (pattern,) = re.findall(r'pattern="([^"]*)"', form)
    assert re.fullmatch(pattern, "2026-03")
    assert not re.fullmatch(pattern, "2026-13")
    for path in re.findall(r'action="([^"]*)"', form):
        assert client.get(path).status_code == 400
        assert client.get(path, params={"month": "2026-13"}).status_code == 400
        assert client.get(path, params={"month": "2026-03"}).status_code != 400
