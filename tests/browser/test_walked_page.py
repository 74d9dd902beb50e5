"""The page of what was walked in a browser: sealed, and nobody is shown where nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps import walked_page
from tests.maps.test_patrol_status import IMPRINT, scene

if TYPE_CHECKING:
    from tests.browser.conftest import Visitor


def test_a_page_of_what_was_walked_asks_for_nothing_else(visit: Visitor) -> None:
    """With everything switched on."""
    opened = visit(walked_page(scene(), IMPRINT))
    opened.switch_all_on()
    opened.page.wait_for_timeout(300)
    assert len(opened.requests) == 1
    assert opened.complaints == []
    signs = opened.page.locator("#map .glyph.stop").all_inner_texts()
    assert sorted(signs) == sorted("✓迟短驶视✕?")


def test_the_slider_hides_a_unit_while_its_device_is_silent(visit: Visitor) -> None:
    """Seen at 22:01 and at 23:01, and nowhere in between, before or after."""
    opened = visit(walked_page(scene(places=None), IMPRINT))

    def shown(clock: str) -> bool:
        hours, minutes = map(int, clock.split(":"))
        opened.page.locator(".slider input").evaluate(
            "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }",
            hours * 60 + minutes,
        )
        opacity = (
            opened.page.locator("#map .glyph.moving")
            .locator("xpath=..")
            .evaluate("(element) => getComputedStyle(element).opacity")
        )
        return opacity == "1"

    told = {clock: shown(clock) for clock in ("21:59", "22:01", "22:30", "23:01", "23:30", "24:03")}
    assert told == {
        "21:59": False, "22:01": True, "22:30": False, "23:01": True, "23:30": True,
        "24:03": False,
    }  # fmt: skip
