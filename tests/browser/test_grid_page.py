"""The page of grids in a browser: sealed, legible, one figure at a time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from maps import GridScene, Imprint, grid_page
from tests.maps import scenes
from tests.maps.test_grid_page import defects, scene

if TYPE_CHECKING:
    from tests.browser.conftest import Visitor

IMPRINT = Imprint("网格检查", dt.date(2026, 6, 30))


@pytest.fixture
def html() -> str:
    """Return a page with two figures."""
    areas = scenes.areas().assign(households=[310, 0, None], deviation=[0.2, -0.2, 0.0])
    return grid_page(scene(areas=areas, colours=["deviation", "households"]), IMPRINT)


def test_a_page_of_grids_asks_for_nothing_else(visit: Visitor, html: str) -> None:
    """With everything switched on."""
    opened = visit(html)
    opened.switch_all_on()
    opened.page.wait_for_timeout(300)
    assert len(opened.requests) == 1
    assert opened.complaints == []


def test_one_figure_is_shown_at_a_time(visit: Visitor, html: str) -> None:
    """Two colours over one another would say neither."""
    opened = visit(html)

    def shown() -> list[str]:
        return opened.page.evaluate(
            "[...document.querySelectorAll('input[data-one-of=areas]:checked')]"
            ".map((input) => input.nextElementSibling.textContent)"
        )

    assert shown() == ["网格（与平均工作量之差）"]
    opened.page.get_by_text("网格（按户数）", exact=True).click()
    assert shown() == ["网格（按户数）"]


def test_signs_and_codes_stand_on_the_map(visit: Visitor) -> None:
    """A sliver is seen by its sign; a printed sheet is read by the codes."""
    page = grid_page(GridScene(areas=scenes.areas(), defects=defects(("gap", "sliver"))), IMPRINT)
    opened = visit(page)
    signs = opened.page.locator("#map .glyph.defect").all_inner_texts()
    assert sorted(signs) == sorted(["空", "缝"])
    codes = opened.page.locator("#map .glyph.code").all_inner_texts()
    assert codes == ["001", "002", "003"]
