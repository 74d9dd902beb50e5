"""The page of grids: defects, ground that moves, codes, figures, tables."""

import datetime as dt
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from maps import GridScene, Imprint, NothingToDrawError, grid_page
from maps.defects import KINDS, defect_layer, defect_table
from maps.ground import border_layer, code_layer, moved_layer
from maps.tables import TextTable
from tests.maps import scenes
from tests.maps.test_page import HOSTILE, Text

IMPRINT = Imprint("网格检查", dt.date(2026, 6, 30), crs="EPSG:4545")


def defects(kinds: tuple[str, ...] = KINDS) -> gpd.GeoDataFrame:
    """Return a place of ten metres for each kind."""
    frame = scenes.frame(
        [box(50 * i, 0, 50 * i + 10, 1) for i in range(len(kinds))],
        kind=list(kinds),
        area_m2=[10.0] * len(kinds),
        proposal=[None] * len(kinds),
    )
    frame["of"] = ["gap" if kind == "sliver" else None for kind in kinds]
    frame["ids"] = [("610999001001001", "610999001001002")] * len(kinds)
    return frame


def scene(**changes: Any) -> GridScene:  # noqa: ANN401
    """Return three grids with all that a page can show."""
    areas = scenes.areas().assign(households=[310, 0, None])
    moved = scenes.frame([box(0, 0, 50, 50)], from_id=["1"], to_id=["2"], households=[12])
    parts: dict[str, Any] = {
        "areas": areas,
        "colours": ["households"],
        "before": areas,
        "moved": moved,
        "defects": defects(),
        "background": scenes.background(),
        "figures": [("网格数", "3")],
        "tables": [defect_table(defects())],
    }
    return GridScene(**(parts | changes))


def test_every_kind_of_defect_has_a_sign_and_a_word_of_its_own() -> None:
    """Ten colours would be too many; one character is enough."""
    for lang in ("zh", "en"):
        layer = defect_layer(defects(), lang=lang)
        signs = layer.legend[1:]
        assert len({row.look.sign for row in signs}) == len(KINDS)
        assert len({row.look.label for row in signs}) == len(KINDS)
        assert all(row.count == 1 for row in signs)
    assert "空隙" in layer.shapes[0] or "gap" in layer.shapes[0]


def test_the_legend_draws_the_sign_of_a_defect() -> None:
    """And not the number that a must-visit point would carry."""
    html = grid_page(scene(), IMPRINT)
    assert '<span class="glyph defect" style="--kind:#c2185b">叠</span>' in html


def test_a_sliver_says_of_what_it_is_one() -> None:
    """In the table and in the tooltip."""
    table = defect_table(defects(("sliver",)))
    assert table.rows[1][0] == "细缝（空隙）"
    assert table.rows[1][1] == "610999001001001，610999001001002"
    assert table.rows[1][-1] == "10.00 平方米"
    assert "属于：空隙" in defect_layer(defects(("sliver",))).shapes[0]
    assert "属于" not in defect_layer(defects(("gap",))).shapes[0]


def test_each_sign_stands_on_its_own_defect() -> None:
    """Whatever the order of the rows."""
    signs = defect_layer(defects(("island", "gap"))).shapes[1]
    assert signs.index('"飞地"') < signs.index('"g":"飞"') < signs.index('"g":"空"')


def test_a_defect_without_a_place_is_in_the_table_alone() -> None:
    """A grid without an outline is nowhere."""
    nowhere = defects(("invalid", "gap"))
    nowhere.geometry = [None, nowhere.geometry.iloc[1]]
    assert [row.count for row in defect_layer(nowhere).legend] == [1, 1]
    assert len(defect_table(nowhere).rows) == 3


def test_codes_of_fifteen_digits_are_written_by_their_last_three() -> None:
    """Another code is written as it is."""
    areas = scenes.areas().assign(area_id=["610999001001001", "north", "1"])
    for code in ("001", "north", "1"):
        assert f'"g":"{code}"' in code_layer(areas).shapes[0]


def test_ground_that_moves_says_from_where_to_where() -> None:
    """With the households on it, where they are known."""
    moved = scenes.frame([box(0, 0, 9, 9)] * 2, from_id=["1", "2"], to_id=["2", "1"])
    assert "户数" not in moved_layer(moved).shapes[0]
    moved["households"] = [12.0, np.nan]
    text = moved_layer(moved).shapes[0]
    assert '"原属：1","划归：2","户数：12"' in text
    assert '"原属：2","划归：1"]' in text


def test_borders_before_are_dashed_and_those_of_now_are_not() -> None:
    """Both may lie on one another."""
    before = border_layer(scenes.areas(), before=True)
    now = border_layer(scenes.areas())
    assert "dashArray" in before.legend[0].look.style
    assert "dashArray" not in now.legend[0].look.style
    assert before.layer_name != now.layer_name


def test_the_page_has_all_that_it_was_given() -> None:
    """Groups, figures, tables, imprint."""
    text = Text(grid_page(scene(), IMPRINT)).text
    for said in (
        "问题与调整",
        "网格（按户数）",
        "调整前的界线",
        "网格数",
        "量算坐标系 EPSG:4545；显示为 WGS-84 经纬度",
    ):
        assert said in text
    assert text.count("网格界线问题") == 2
    bare = Text(grid_page(GridScene(areas=scenes.areas()), IMPRINT)).text
    assert "问题与调整" not in bare
    assert "网格编号" in bare


def test_the_same_input_gives_the_same_bytes() -> None:
    """As of every page."""
    assert grid_page(scene(), IMPRINT) == grid_page(scene(), IMPRINT)


def test_the_corners_hold_areas_parent_and_defects() -> None:
    """A place outside all areas is seen too."""
    far = scene(defects=defects(("gap",)), parent=scenes.frame([box(-900, 0, 0, 10)]))
    near = scene(defects=None)
    assert '"bounds":' in grid_page(far, IMPRINT)
    assert (
        grid_page(far, IMPRINT).split('"bounds":')[1][:60]
        != (grid_page(near, IMPRINT).split('"bounds":')[1][:60])
    )


def test_areas_without_a_place_are_refused() -> None:
    """There is nothing to open a page for."""
    nowhere = scenes.areas()
    nowhere.geometry = [None] * 3
    with pytest.raises(NothingToDrawError, match="no area holds a place"):
        grid_page(GridScene(areas=nowhere), IMPRINT)


def test_hostile_text_stays_text() -> None:
    """In names, codes, figures, tables and the title."""
    areas = scenes.areas().assign(name=HOSTILE, area_id=HOSTILE, households=[1, 2, 3])
    moved = scenes.frame([box(0, 0, 9, 9)], from_id=[HOSTILE], to_id=[HOSTILE])
    hostile = defects(("gap",))
    hostile["ids"] = [(HOSTILE,)]
    html = grid_page(
        scene(
            areas=areas,
            moved=moved,
            defects=hostile,
            figures=[(HOSTILE, HOSTILE)],
            tables=[TextTable(HOSTILE, [[HOSTILE], [HOSTILE]], 1)],
        ),
        replace(IMPRINT, title=HOSTILE, source=HOSTILE),
    )
    found = Text(html)
    assert not [tag for tag, _ in found.starts if tag == "img"]
    assert [tag for tag, _ in found.starts].count("script") == 3
    assert not [name for _, attrs in found.starts for name in attrs if name.startswith("on")]
