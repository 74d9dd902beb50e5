"""Tonight's patrol of the demo town, from the choice to the sheets, by keyboard and on a phone."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

import pytest
import uvicorn

from api import analyses
from api.app import create_app
from api.jobs import perform
from api.patrol.stored import make_plan
from api.settings import Settings
from api.stock import stock
from data import read_layer
from data.export import write_geopackage
from data.plans import plans
from data.store import Store
from data.town import make_town
from data.work import claim
from data.workbook import write_sheet
from tests.api.files import keep_uploads_in
from tests.browser.chromium import READY_MS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("brief_bounds")]

DIVISION = "610999001000"

BRIEF = 100
"""Steps of a search: what is found need not be good here."""

UNITS = 2
"""Units of the area that have the night."""

PHONE: Final = {"width": 390, "height": 844}

DESK: Final = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def town_file(tmp_path_factory: pytest.TempPathFactory, ready_file: Path) -> Path:
    """Return a store with what the demo town is patrolled by."""
    folder = tmp_path_factory.mktemp("tonight")
    town, file = make_town(), folder / "town.db"
    file.write_bytes(ready_file.read_bytes())
    names = ("areas", "patrol_areas", "streets", "must_visit", "segments", "standby")
    layers = town.layers()
    write_geopackage(folder / "town.gpkg", {name: layers[name] for name in names})
    write_sheet("units", town.units, folder / "units.xlsx")
    store = Store.open(f"sqlite:///{file}")
    for name in names:
        kind = "areas" if name == "patrol_areas" else name
        stock(store, [read_layer(f"{folder / 'town.gpkg'}:{name}", kind)], division=DIVISION)
    stock(store, [read_layer(str(folder / "units.xlsx"), "units")], division=DIVISION)
    store.engine.dispose()
    return file


@pytest.fixture
def town(town_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Return the store of a test, which plans with few steps."""
    keep_uploads_in(tmp_path, monkeypatch)
    # A seed by lot would give another plan to each run of the test.
    known = {"iterations": BRIEF, "seed": 1}
    monkeypatch.setattr(analyses, "make_plan", lambda *a, **k: make_plan(*a, **(k | known)))
    file = tmp_path / "town.db"
    file.write_bytes(town_file.read_bytes())
    store = Store.open(f"sqlite:///{file}")
    yield store
    store.engine.dispose()


@pytest.fixture
def address(town: Store) -> Iterator[str]:
    """Serve the town on this machine; nobody works on jobs but the test."""
    # A browser follows redirects past whatever answers its requests instead of a service.
    app = create_app(Settings(), town)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield "http://{}:{}".format(*server.servers[0].sockets[0].getsockname())
    server.should_exit = True
    thread.join()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def opened(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """Open the first page in a window; no request may leave, and nothing may complain."""
    context = browser.new_context(viewport=request.param)
    asked: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: complaints.append(message.text))
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert complaints == []


def test_tonight_is_planned_changed_accepted_and_printed(opened: Page, town: Store) -> None:
    """By buttons and the keyboard; nothing sticks out of the window or lies on another."""
    page = opened
    planned(page, town)
    first = page.locator("section:has(h3)").first
    count = first.locator("tr:has(form)").count()
    place = first.locator("tr:has(form)").first.locator("td").nth(1).inner_text()
    press(page, first.get_by_role("button", name=f"去掉：{place}").first)
    assert first.locator("tr:has(form)").count() == count - 1
    left_out = page.locator("tr", has=page.get_by_role("button", name="派给"))
    assert place.removesuffix("（反向）") in left_out.inner_text()
    press(page, left_out.get_by_role("button"))
    assert "全部排入" in page.locator("main").inner_text()
    second = page.locator("section:has(h3)").nth(1)
    count = second.locator("tr:has(form)").count()
    press(page, second.get_by_role("button", name="交给").first)
    assert second.locator("tr:has(form)").count() == count - 1
    assert [plan.version for plan in plans(town)] == [4]
    press(page, page.get_by_role("button", name="确认执行"))
    assert "已确认：" in page.locator("main").inner_text()
    assert [plan.state for plan in plans(town)] == ["accepted"]
    with page.context.expect_page() as sheets:
        page.get_by_role("link", name="打印路线单").press("Enter")
    sheets.value.wait_for_load_state()
    assert sheets.value.url == page.url.replace("tonight?plan=", "plans/") + "/sheets"
    assert sheets.value.locator("section.sheet").count() == UNITS


def planned(page: Page, town: Store) -> None:
    """Choose an area and a night, and plan it."""
    page.locator("main a", has_text="今晚巡逻").press("Enter")
    page.wait_for_url("**/patrols/tonight")
    page.select_option("select[name=area]", label="柳渡巡区")
    page.fill("input[name=date]", "2025-07-01")
    press(page, page.get_by_role("button", name="选定"))
    assert page.locator("input[name=units]:checked").count() == UNITS
    fits(page)
    press(page, page.get_by_role("button", name="排计划"))
    assert page.locator("progress").is_visible()
    fits(page)
    task = claim(town.engine, "test")
    assert task is not None
    perform(town.engine.url.render_as_string(hide_password=False), task)
    page.wait_for_url("**/patrols/tonight?plan=*", timeout=READY_MS)
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_function("document.documentElement.dataset.ready", timeout=READY_MS)
    fits(page)


def press(page: Page, button: Locator) -> None:
    """Press a button by the keyboard, and wait for the page that it leads to."""
    with page.expect_navigation():
        button.press("Enter")


def fits(page: Page) -> None:
    """Hold that nothing is wider than the window, and no button lies on another."""
    size = page.viewport_size
    assert size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    boxes = page.evaluate(
        "[...document.querySelectorAll('main button, main select, main input, main a')]"
        ".filter(it => it.type != 'hidden').map(it => it.getBoundingClientRect())"
        ".map(it => [it.left, it.top, it.right, it.bottom])"
    )
    over = [
        (one, other)
        for at, one in enumerate(boxes)
        for other in boxes[at + 1 :]
        if min(one[2], other[2]) - max(one[0], other[0]) > 1
        and min(one[3], other[3]) - max(one[1], other[1]) > 1
    ]
    assert over == []
