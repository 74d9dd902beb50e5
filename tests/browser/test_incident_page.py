"""The page of incidents in a browser: sealed, a slider that shows what it counts, a printed A4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps import incident_page, incident_report
from tests.maps import incident_scenes, test_incident_page, test_incident_report

if TYPE_CHECKING:
    from tests.browser.chromium import Visit
    from tests.browser.conftest import Visitor

IMPRINT = test_incident_page.IMPRINT


def slide(opened: Visit, step: int) -> str:
    """Draw the slider to a step, and return what it shows."""
    opened.page.locator(".slider input").evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }", step
    )
    return opened.page.locator(".slider output").inner_text()


def test_a_page_of_incidents_asks_for_nothing_else(visit: Visitor) -> None:
    """With everything switched on; the picture of the heat is inside the page."""
    opened = visit(incident_page(incident_scenes.scene(), IMPRINT))
    opened.switch_all_on()
    opened.page.wait_for_timeout(300)
    assert [url for url in opened.requests if not url.startswith("data:")] == opened.requests[:1]
    assert opened.complaints == []
    numbers = opened.page.locator("#map .glyph.spot").all_inner_texts()
    assert sorted(numbers) == ["1", "2"]


def test_the_heat_is_a_picture_in_its_place(visit: Visitor) -> None:
    """As wide as the ground it covers, and it takes no pointer."""
    scene = incident_scenes.scene(hot_places=None, ring_streets=None)
    opened = visit(incident_page(scene, IMPRINT))
    opened.page.get_by_text("热力（平滑密度）", exact=True).click()
    picture = opened.page.locator("#map img.leaflet-image-layer")
    assert picture.evaluate("(image) => image.complete && image.naturalWidth > 10")
    pane = picture.locator("xpath=..")
    assert pane.evaluate("(element) => getComputedStyle(element).pointerEvents") == "none"
    # Its colours would be taken for those of areas.
    assert "分区（按数量）" not in shown(opened)


def shown(opened: Visit) -> list[str]:
    """Return the names of the layers that are on."""
    return opened.page.evaluate(
        "[...document.querySelectorAll('input[data-layer]:checked')]"
        ".map((input) => input.nextElementSibling.textContent)"
    )


def test_the_slider_counts_what_it_shows(visit: Visitor) -> None:
    """A night's burglary at 22, at 2, no more at 6; the theft at noon."""
    opened = visit(incident_page(incident_scenes.scene(), IMPRINT))
    opened.page.get_by_text("按钟点查看", exact=True).click()
    told = {hour: slide(opened, hour) for hour in (2, 6, 12, 22)}
    assert told == {2: "02 时：1 件", 6: "06 时：0 件", 12: "12 时：1 件", 22: "22 时：1 件"}


def test_one_slider_is_shown_at_a_time(visit: Visitor) -> None:
    """Days and hours would stand on one another."""
    opened = visit(incident_page(incident_scenes.scene(), IMPRINT))
    for name in ("按日期查看", "按钟点查看"):
        opened.page.get_by_text(name, exact=True).click()
    assert opened.page.locator(".slider").count() == 1
    assert "按日期查看" not in shown(opened)
    opened.page.get_by_text("按日期查看", exact=True).click()
    assert slide(opened, 1) == "2026-03-02 周一：1 件"


def test_a_report_asks_for_nothing_and_fits_its_paper(visit: Visitor) -> None:
    """Nothing is wider than a sheet of A4; numbers on the map stand apart."""
    html = incident_report(incident_scenes.report(), test_incident_report.IMPRINT)
    # A page without a script is ready as soon as it is there.
    ready = html.replace('<html lang="zh-CN">', '<html lang="zh-CN" data-ready="1">')
    opened = visit(ready, viewport={"width": 718, "height": 1000})
    assert len(opened.requests) == 1
    assert opened.complaints == []
    assert opened.page.evaluate("document.documentElement.scrollWidth <= 718")
    boxes = opened.page.locator("rect.spot").all()
    one, two = (box.bounding_box() for box in boxes)
    assert one is not None
    assert two is not None
    assert abs(one["x"] - two["x"]) >= one["width"] or abs(one["y"] - two["y"]) >= one["height"]
