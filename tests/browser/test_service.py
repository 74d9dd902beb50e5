"""What the service sends is shown by a browser under the headers that it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from data.store import Store
from tests.api.stored import fill
from tests.browser.chromium import READY_MS, Visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Route

pytestmark = pytest.mark.browser

HOST = "http://gridpatrol.test"


@pytest.fixture
def context(browser: Browser, ready_file: Path, tmp_path: Path) -> Iterator[BrowserContext]:
    """Return a browser whose every request is answered by a service over a few rows."""
    file = tmp_path / "store.db"
    file.write_bytes(ready_file.read_bytes())
    store = Store.open(f"sqlite:///{file}")
    fill(store)
    client = TestClient(create_app(Settings(), store))

    def serve(route: Route) -> None:
        answer = client.request(route.request.method, route.request.url)
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)

    made = browser.new_context()
    made.route("**/*", serve)
    yield made
    made.close()
    store.engine.dispose()


@pytest.mark.parametrize("page", ["coverage", "incidents", "patrols"])
def test_a_map_works_in_its_sandbox(context: BrowserContext, page: str) -> None:
    """It asks for nothing but itself, and complains of nothing."""
    visit = Visit(context.new_page(), f"{HOST}/maps/{page}")
    assert visit.page.locator("#map canvas, #map .leaflet-marker-icon").count() >= 1
    assert visit.requests == [f"{HOST}/maps/{page}"]
    assert visit.complaints == []


def test_the_description_is_shown_from_our_own_files(context: BrowserContext) -> None:
    """Swagger UI lists the operations; no request leaves, and its policy stops nothing of it."""
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{HOST}/docs")
    page.wait_for_selector(".opblock-summary", timeout=READY_MS)
    assert page.locator(".opblock-summary").count() > 10
    assert complaints == []
    wanted = {"/docs", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/start.js"}
    outside = [url for url in asked if not url.startswith((HOST, "data:", "blob:"))]
    assert outside == []
    assert {url.removeprefix(HOST) for url in asked} >= wanted | {"/api"}
