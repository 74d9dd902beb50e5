"""What the service sends is shown by a browser under the headers that it sends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from data.store import Store
from tests.api.files import keep_uploads_in
from tests.api.stored import fill
from tests.browser.chromium import READY_MS, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Frame, Page, Route

pytestmark = pytest.mark.browser

HOST = "http://gridpatrol.test"


@pytest.fixture
def serve(
    ready_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Route], None]]:
    """Return what answers every request of a browser by a service over a few rows."""
    keep_uploads_in(tmp_path, monkeypatch)
    file = tmp_path / "store.db"
    file.write_bytes(ready_file.read_bytes())
    store = Store.open(f"sqlite:///{file}")
    fill(store)
    client = TestClient(create_app(Settings(), store))

    def answered(route: Route) -> None:
        asked = route.request
        answer = client.request(
            asked.method,
            asked.url,
            headers=asked.all_headers(),
            content=asked.post_data_buffer or b"",
            follow_redirects=False,
        )
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)

    yield answered
    store.engine.dispose()


@pytest.fixture
def context(browser: Browser, serve: Callable[[Route], None]) -> Iterator[BrowserContext]:
    """Return a browser whose every request the service answers."""
    made = browser.new_context()
    made.route("**/*", serve)
    yield made
    made.close()


@pytest.mark.parametrize("page", ["coverage", "incidents", "patrols"])
def test_a_map_works_in_its_sandbox(context: BrowserContext, page: str) -> None:
    """It asks for nothing but itself, and complains of nothing."""
    visit = Visit(context.new_page(), f"{HOST}/maps/{page}/map")
    assert visit.page.locator("#map canvas, #map .leaflet-marker-icon").count() >= 1
    assert visit.requests == [f"{HOST}/maps/{page}/map"]
    assert visit.complaints == []


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, {"width": 390, "height": 844}])
def test_a_map_is_filtered_by_a_form_beside_it(
    context: BrowserContext, size: dict[str, int]
) -> None:
    """The frame shows what the form asks for; nothing sticks out; its scripts stay inside."""
    page, complaints = opened(context)
    page.set_viewport_size(size)
    page.goto(f"{HOST}/maps/incidents")
    kinds = page.locator("select[name=kind] option")
    assert kinds.all_inner_texts() == ["全部", "一般事件", "隐患"]
    assert shown(page).locator("#map .glyph").all_inner_texts() == ["事", "患"]
    page.select_option("select[name=kind]", "hazard")
    page.click("button")
    assert shown(page).locator("#map .glyph").all_inner_texts() == ["患"]
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    reached = shown(page).evaluate(
        "() => { try { return parent.document.title } catch { return null } }"
    )
    assert reached is None
    page.fill("input[name=until]", "2001-01-01")
    page.click("button")
    frame = page.frame_locator("iframe")
    assert "没有符合条件的记录" in frame.locator("main").inner_text()
    frame.locator("a").click()
    page.wait_for_url(f"{HOST}/maps/incidents")
    assert complaints == []


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, {"width": 390, "height": 844}])
def test_the_distance_of_posts_is_chosen_beside_the_map(
    context: BrowserContext, size: dict[str, int]
) -> None:
    """Along the street until the form says otherwise; only straight distance has circles."""
    page, complaints = opened(context)
    page.set_viewport_size(size)
    page.goto(f"{HOST}/maps/coverage")
    chosen = page.locator("select[name=distance]")
    assert chosen.locator("option").all_inner_texts() == ["沿街道", "直线（未计河流与街道）"]
    assert chosen.input_value() == "street"
    assert "观察哨覆盖半径" not in shown(page).content()
    assert "明哨口径" not in shown(page).content()
    page.select_option("select[name=distance]", "straight")
    page.click("button")
    assert "观察哨覆盖半径" in shown(page).content()
    assert chosen.input_value() == "straight"
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert complaints == []


def test_a_file_is_imported_without_scripts(
    browser: Browser, serve: Callable[[Route], None]
) -> None:
    """Form, preview, button, report, under the policy that the pages are served with."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.route("**/*", serve)
    page, complaints = opened(context)
    page.goto(f"{HOST}/imports")
    page.select_option("select[name=kind]", "posts")
    rows = "编号,名称,经度,纬度\nP8,东门,114.3,30.5\nP9,西门,x,30.5\n".encode()
    page.set_input_files(
        "input[type=file]", {"name": "岗哨.csv", "mimeType": "text/csv", "buffer": rows}
    )
    page.click("button")
    assert "还没有入库" in page.locator("main").inner_text()
    page.click("button")
    page.wait_for_url(re.compile(rf"{HOST}/imports/\d+"))
    assert "未用的行" in page.locator("main").inner_text()
    assert page.locator("a[href$=quarantine]").count() == 1
    assert complaints == []
    context.close()


def opened(context: BrowserContext) -> tuple[Page, list[str]]:
    """Open a page, and gather what it complains about."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def shown(page: Page) -> Frame:
    """Return the frame of the map when it is drawn."""
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_function("document.documentElement.dataset.ready", timeout=READY_MS)
    return frame


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
