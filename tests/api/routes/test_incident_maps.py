"""Pages of hot spots and of reach by road."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from data.scope import Scope
from data.store import Store
from data.viewing import views
from data.writing import insert_row
from tests.api.incidents import fill_incidents
from tests.api.routes.test_incidents import fill_hazards
from tests.api.routes.test_response import fill_response, service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi.testclient import TestClient

GOVERNANCE = Scope(lines=frozenset({"governance", "public"}))


@pytest.fixture(scope="module")
def town(ready_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store of incidents, hazards, stations and streets, which no test here changes."""
    file = tmp_path_factory.mktemp("town") / "town.db"
    shutil.copy(ready_file, file)
    opened = Store.open(f"sqlite:///{file}")
    fill_incidents(opened)
    fill_hazards(opened)
    fill_response(opened)
    yield opened
    opened.engine.dispose()


@pytest.mark.parametrize("page", ["hotspots", "rings"])
def test_a_page_stands_in_a_sandbox(town: Store, page: str) -> None:
    """A whole page with a map, in either language; its scripts reach nothing of the service."""
    titles = {"hotspots": ("事件热点", "Hot spots"), "rings": ("道路可达圈", "Reach by road")}[page]
    for lang, word in zip(("zh", "en"), titles, strict=True):
        answer = service(town, lang=lang).get(f"/maps/{page}/map")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        policy = answer.headers["content-security-policy"]
        assert policy == "sandbox allow-scripts; frame-ancestors 'self'"
        assert "gridpatrol.start(" in answer.text
        assert f"<title>{word}</title>" in answer.text
    assert (
        views(town).views[0].what == {"hotspots": "maps/hotspots", "rings": "response/rings"}[page]
    )


def test_a_form_asks_for_what_its_map_shows(town: Store) -> None:
    """What was chosen stays; the frame is asked the same; the first page leads to both."""
    client = service(town)
    asked = "area=01&kind=hazard&since=2024-05-01&until=2024-05-31&cell_m=200"
    text = client.get(f"/maps/hotspots?{asked}").text
    assert f'<iframe src="/maps/hotspots/map?{asked.replace("&", "&amp;")}"' in text
    for chosen in ('value="01" selected', 'value="hazard" selected', 'value="200" selected'):
        assert chosen in text
    assert 'name="since" value="2024-05-01"' in text
    text = client.get("/maps/rings?minutes=2,4&mode=foot&now=2026-05-01T08:00").text
    assert 'name="minutes" value="2,4"' in text
    assert 'value="foot" selected' in text
    assert 'type="datetime-local" name="now" value="2026-05-01T08:00"' in text
    landing = client.get("/", headers={"Accept": "text/html"}).text
    assert "/maps/hotspots" in landing
    assert "/maps/rings" in landing


def test_empty_fields_of_a_form_ask_for_nothing(town: Store) -> None:
    """As a browser sends them."""
    client = service(town)
    empty = "area=&kind=&since=&until=&cell_m="
    assert client.get(f"/maps/hotspots/map?{empty}").text == client.get("/maps/hotspots/map").text
    empty = "minutes=&mode=car&now="
    assert client.get(f"/maps/rings/map?{empty}").text == client.get("/maps/rings/map").text


def test_a_map_shows_what_was_asked(town: Store) -> None:
    """The kind, the cells, the rings."""
    client = service(town)
    spots = client.get("/maps/hotspots/map?kind=hazard").text
    assert spots != client.get("/maps/hotspots/map?kind=hazard&cell_m=100").text
    assert spots != client.get("/maps/hotspots/map").text
    assert "2 分钟内" in client.get("/maps/rings/map?minutes=2,4").text
    assert "2 分钟内" not in client.get("/maps/rings/map").text


def test_others_see_neither_stays_nor_stations(town: Store) -> None:
    """What patrols go by is the police's; a page of hot spots says what it leaves out."""
    police = service(town).get("/maps/hotspots/map?kind=hazard").text
    seen = len(views(town).views)
    others = service(town, GOVERNANCE)
    page = others.get("/maps/hotspots/map?kind=hazard").text
    assert "驻巡单" in police
    assert "驻巡单" not in page
    assert "当前授权看不到案件、警情" in page
    assert "当前授权看不到" not in police
    for path in ("/maps/rings", "/maps/rings/map"):
        answer = others.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 403
        assert answer.headers["content-type"].startswith("text/html")
    assert len(views(town).views) == seen


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("hotspots/map?since=2024-05-01", 400), ("hotspots/map?cell_m=150", 400),
        ("hotspots/map?since=2024-05-02&until=2024-05-01", 400), ("hotspots?kind=x", 400),
        ("hotspots/map?since=2099-05-01&until=2099-05-02", 422), ("hotspots/map?area=V9", 404),
        ("rings/map?minutes=0", 400), ("rings/map?minutes=x", 400), ("rings?minutes=61", 400),
        ("rings/map?now=x", 400), ("rings/map?mode=video", 400),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(town: Store, address: str, status: int) -> None:
    """As a page, with what to do."""
    answer = service(town).get(f"/maps/{address}", headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("page", ["hotspots", "rings"])
def test_an_empty_store_says_what_to_import(client: TestClient, page: str) -> None:
    """Both in the page and in its frame."""
    layer = {"hotspots": "incidents", "rings": "stations"}[page]
    for path in (f"/maps/{page}", f"/maps/{page}/map"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert f"gridpatrol import {layer}" in answer.text


def test_incidents_without_a_place_make_no_map(store: Store) -> None:
    """The page says that nothing matches."""
    insert_row(store, "incidents", {"code": "I1", "kind": "event"}, None)
    answer = service(store).get("/maps/hotspots/map")
    assert answer.status_code == 200
    assert "没有符合条件的记录" in answer.text
