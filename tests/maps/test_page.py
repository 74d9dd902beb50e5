"""What the HTML of a page says, before any browser opens it."""

import datetime as dt
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from geopandas import GeoDataFrame
from shapely import Point

from geo.cameras import camera_coverage
from geo.posts import post_coverage
from maps import (
    NothingToDrawError,
    Scene,
    UnknownDatumError,
    UnknownLanguageError,
    coverage_page,
)
from maps.figures import area_table, camera_figures, post_figures
from maps.scene import bounds_of, layers_of, shares_of
from maps.words import words
from tests.maps import scenes
from tests.strategies import line, points_of, streets_of

DAY = dt.date(2026, 6, 30)

HOSTILE = (
    "<img src=x onerror=alert(1)></script><script>alert(2)</script>`${alert(3)}`"
    "{{ 7*7 }}{% x %}{# y"
)
"""Whatever a name could try: elements, a script's end, JavaScript and jinja templates."""


class Text(HTMLParser):
    """The text of a page outside scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.skip = 0
        self.text: list[str] = []
        self.starts: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element; step into what holds no text."""
        self.starts.append((tag, dict(attrs)))
        self.skip += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        """Step out again."""
        self.skip -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        if not self.skip and data.strip():
            self.text.append(data.strip())


def page(scene: Scene | None = None, **options: Any) -> str:  # noqa: ANN401
    """Return a page with a title and a date."""
    return coverage_page(
        scene or scenes.scene(), **{"title": "街面覆盖图", "made_on": DAY} | options
    )


def test_the_same_input_gives_the_same_bytes() -> None:
    """Folium draws ids by lot; the page numbers them anew."""
    assert page() == page()


def test_the_page_says_in_which_language_it_is() -> None:
    """So that the browser takes the Chinese shapes of shared characters."""
    assert '<html lang="zh-CN">' in page()
    assert '<html lang="en">' in page(lang="en")
    assert page().count('<meta charset="utf-8">') == 1


def test_no_script_of_folium_that_the_page_does_not_need_is_asked_for() -> None:
    """Leaflet and the clusters are inlined; jQuery, Bootstrap and Font Awesome never appear."""
    html = page().lower()
    assert "leaflet 1.9.4" in html
    for unwanted in ("jquery", "bootstrap", "fontawesome", "awesome-markers", "vendor:", "d3.v"):
        assert unwanted not in html


def test_clusters_are_carried_only_by_a_page_with_incidents() -> None:
    """34 kB that most pages can do without."""
    assert "MarkerClusterGroup" in page()
    assert "MarkerClusterGroup" not in page(scenes.scene(incidents=None))


def test_the_key_figures_of_posts_are_those_of_the_result() -> None:
    """150 of 800 m are covered: 100 m in the middle of one street, 50 m at the start of one."""
    assert post_figures(scenes.scene().posts, words("zh")) == [
        ("街面长度覆盖占比", "18.8%"),
        ("应覆盖街面长度", "800 米"),
        ("空白长度", "650 米"),
        ("不计入长度", "400 米"),
        ("观察哨数", "2"),
    ]


def test_the_share_of_cameras_comes_with_its_upper_bound() -> None:
    """One sees 52 m; the unaimed one would see 200 m within its 100 m; one of three is offline."""
    assert camera_figures(scenes.scene().cameras, words("zh")) == [
        ("街面长度覆盖占比", "6.5%"),
        ("占比上限", "31.5%"),
        ("应覆盖街面长度", "800 米"),
        ("空白长度", "748 米"),
        ("不计入长度", "400 米"),
        ("摄像机数", "3"),
        ("在线", "2"),
        ("其中朝向不明", "1"),
    ]


def test_what_is_taken_for_granted_of_cameras_is_counted() -> None:
    """A state nobody states, and a view that comes from the kind; nothing where all is known."""
    street = streets_of([line((0, 0), (300, 0))])
    cameras = points_of([(0, 0), (9, 0)], azimuth_deg=[90.0, 90.0], range_m=[50.0, None])
    figures = dict(camera_figures(camera_coverage(street, cameras), words("zh")))
    assert figures["其中状态未注明"] == "2"
    assert figures["视域取默认值"] == "2"
    known = cameras.assign(online=[True, False], range_m=50.0, fov_deg=60.0)
    assert not {"其中状态未注明", "视域取默认值"} & set(
        dict(camera_figures(camera_coverage(street, known), words("zh")))
    )


def test_what_has_to_be_said_of_the_data_stands_on_the_page() -> None:
    """Escaped, before the date, for whoever is handed the page."""
    page = coverage_page(
        scenes.scene(), title="图", made_on=dt.date(2026, 6, 30), remarks=["<b>3 行数据未用"]
    )
    assert '<span class="warn">&lt;b&gt;3 行数据未用</span>' in page


def test_the_tables_say_what_the_map_says() -> None:
    """The last rows are what lies outside, and the total."""
    scene = scenes.scene()
    share, coverage = shares_of(scene)["posts"]
    text = Text(area_table(share, coverage, "各网格", words("zh"))).text
    assert text[8:15] == [
        "610999001001001", "望江社区第一网格", "33.3%", "100 米", "300 米", "200 米", "0 米",
    ]  # fmt: skip
    assert text[22:29] == [
        "610999001001003", "望江社区第三网格", "无基数", "0 米", "0 米", "0 米", "0 米",
    ]  # fmt: skip
    assert text[29:35] == ["网格之外", "0.0%", "0 米", "100 米", "100 米", "0 米"]
    assert text[35:] == ["合计", "18.8%", "150 米", "800 米", "650 米", "0 米"]


def test_results_are_shown_and_what_would_bury_them_is_not() -> None:
    """Outlines of areas are on; shares, routes and incidents wait; alone they are on."""
    scene = scenes.scene()
    groups = layers_of(scene, shares_of(scene), lang="en")
    shown = {name: [layer.show for layer in layers] for name, layers in groups.items()}
    assert shown == {
        "Observation posts": [True, True, False],
        "Cameras": [True, False],
        "Areas": [True, False, False],
        "Patrol": [False],
        "Incidents": [False, False, False],
        "Background": [True],
    }
    alone = layers_of(Scene(incidents=scenes.incidents(), routes=scenes.routes()), {}, lang="en")
    assert [layer.show for layer in alone["Incidents"]] == [True, True, False]
    assert alone["Patrol"][0].show


def test_the_page_opens_on_what_matters() -> None:
    """The river reaches farther than the streets and does not count."""
    whole = bounds_of(scenes.scene())
    assert whole == bounds_of(Scene(posts=scenes.scene().posts))
    ground = bounds_of(Scene(background=scenes.background()))
    assert ground[0][0] < whole[0][0]
    (south, west), (north, east) = whole
    assert 32 < south < north < 33
    assert 108 < west < east < 109


def test_nothing_is_refused() -> None:
    """A page without a place would open on the Gulf of Guinea."""
    nowhere = GeoDataFrame({"kind": ["case"]}, geometry=[Point()], crs=scenes.CRS)
    for scene in (Scene(), Scene(incidents=nowhere)):
        with pytest.raises(NothingToDrawError, match="pass at least one"):
            page(scene)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_straight_distance_is_said(lang: str) -> None:
    """On the page and in the legend; not where only cameras are shown."""
    said = words(lang)("straight")
    assert Text(page(lang=lang)).text.count(said) == 2
    cameras_only = scenes.scene(posts=None)
    assert said not in page(cameras_only, lang=lang)


def test_views_through_walls_are_said() -> None:
    """On the page and in the legend, until one view is smaller than its sector."""
    said = words("zh")("through_walls")
    assert Text(page()).text.count(said) == 2
    hidden = scenes.scene()
    hidden.cameras.views.loc[0, "visible_area_m2"] /= 2
    assert said not in page(hidden)
    assert said not in page(scenes.scene(cameras=None, camera_list=None))
    blind = camera_coverage(scenes.streets(), scenes.cameras().assign(online=False))
    assert said not in page(scenes.scene(cameras=blind))


@pytest.mark.parametrize(("datum", "name"), [("gcj02", "GCJ-02"), ("bd09", "BD-09")])
def test_a_converted_datum_is_marked_as_approximate(datum: str, name: str) -> None:
    """Nobody has the official formula."""
    assert f"原始坐标 {name}，已换算为 WGS-84（近似，非官方）" in page(datum=datum)
    assert "近似，非官方" not in page()
    assert "CGCS2000" in page(datum="cgcs2000")


def test_an_unknown_datum_or_language_is_refused() -> None:
    """Both messages list what there is."""
    with pytest.raises(UnknownDatumError, match=r"'wgs'.*gcj02"):
        page(datum="wgs")
    with pytest.raises(UnknownLanguageError, match=r"'de'"):
        page(lang="de")


def test_date_crs_and_source_stand_under_the_map() -> None:
    """All of it without the map too."""
    text = Text(page(source="示例数据（虚构）")).text
    assert "制图日期 2026年6月30日" in text
    assert "量算坐标系 EPSG:4545；显示为 WGS-84 经纬度" in text
    assert "数据来源：示例数据（虚构）" in text
    assert not [line for line in Text(page()).text if line.startswith("数据来源")]
    bare = Text(page(Scene(incidents=scenes.incidents()))).text
    assert "显示为 WGS-84 经纬度" in bare


def test_every_part_may_be_missing() -> None:
    """Each part alone makes a page."""
    whole = scenes.scene()
    for part in ("posts", "cameras", "incidents", "routes", "must_visit", "background"):
        if part != "must_visit":
            assert "gridpatrol.start(" in page(Scene(**{part: getattr(whole, part)}))


def test_hostile_text_stays_text() -> None:
    """In names of streets, posts, cameras, areas, routes, points, kinds, title and source."""
    streets = scenes.streets().assign(name=HOSTILE)
    cameras = scenes.cameras().assign(name=HOSTILE, kind=["fixed_bullet", "fixed_dome", HOSTILE])
    scene = Scene(
        posts=post_coverage(
            streets, scenes.posts().assign(name=HOSTILE, kind=HOSTILE, hours=HOSTILE)
        ),
        cameras=camera_coverage(streets, scenes.cameras()),
        camera_list=cameras,
        areas=scenes.areas().assign(name=HOSTILE),
        incidents=scenes.incidents().assign(kind=HOSTILE, state=HOSTILE),
        routes=scenes.routes().assign(name=HOSTILE, unit=HOSTILE, mode=HOSTILE),
        must_visit=scenes.must_visit().assign(name=HOSTILE),
    )
    html = page(scene, title=HOSTILE, source=HOSTILE)
    found = Text(html)
    assert not [tag for tag, _ in found.starts if tag == "img"]
    # Leaflet, clusters, page.js and the page's own script.
    assert [tag for tag, _ in found.starts].count("script") == 4
    assert not [name for _, attrs in found.starts for name in attrs if name.startswith("on")]
    assert found.text.count(HOSTILE) >= 3


def test_the_switches_name_layers_that_the_script_makes() -> None:
    """A switch without a layer would do nothing."""
    html = page()
    switches = [attrs["data-layer"] for tag, attrs in Text(html).starts if "data-layer" in attrs]
    assert len(switches) == len(set(switches)) == 13
    for name in switches:
        assert f"var {name} = " in html
        assert re.search(rf"gridpatrol\.start\(map_0, \{{[^}}]*\b{name}\b", html)
