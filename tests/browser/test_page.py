"""The coverage page as a browser shows it: alone, in one language, with a true legend."""

import datetime as dt
import functools
import http.server
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
import shapely
from playwright.sync_api import Browser

from geo.cameras import camera_coverage
from geo.posts import post_coverage
from maps import Scene, coverage_page
from maps.colours import GAP
from maps.words import words
from tests.browser.chromium import Visit
from tests.maps import scenes
from tests.maps.test_page import HOSTILE

pytestmark = pytest.mark.browser

Visitor = Callable[..., Visit]

SYMBOLS: Final = ("WGS-84", "EPSG")
"""What a Chinese page may write in Latin letters: the names of a datum and of a register."""

NARROW: Final = {"width": 390, "height": 844}
"""A telephone, in CSS pixels."""

OPEN_S: Final = 5.0
"""What the project promises for a district on two cores: opened in this many seconds."""

SPOKEN: Final = """() => [document.body.innerText, document.title,
  ...[...document.querySelectorAll('[title],[aria-label],[alt],[placeholder]')].flatMap((e) =>
    ['title', 'aria-label', 'alt', 'placeholder'].map((name) => e.getAttribute(name) || ''))
].join('\\n')"""
"""Everything that a page says to eyes and screen readers."""

TOOLTIPS: Final = """() => {
  const seen = [];
  map_0.eachLayer((layer) => {
    if (!layer.feature || !layer.feature.properties.t) return;
    const at = layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
    layer.fire('mouseover', { latlng: at, layer }, true);
    const box = document.querySelector('.leaflet-tooltip');
    if (box) seen.push(box.innerText);
    layer.fire('mouseout', { latlng: at, layer }, true);
  });
  return seen;
}"""
"""Point at every shape on the map and read what comes up."""

LOOKS: Final = """(name) => {
  const looks = new Set();
  const walk = (layer) => {
    if (layer.feature) {
      const { color, fillColor, fill, dashArray, mark, hatch, stroke, glyph, radius_m } =
        layer.options.glyph || layer.setStyle ? layer.options : {};
      const element = layer.options.icon && layer.options.icon.options.html;
      looks.add(JSON.stringify(element ? element.className :
        [color, hatch ? 'hatch' : fillColor, fill, dashArray, mark, stroke, radius_m,
         layer.feature.geometry.type.replace('Multi', '')]));
    } else if (layer.eachLayer) layer.eachLayer(walk);
  };
  walk(window[name]);
  return looks.size;
}"""
"""Count the different looks among the shapes of a layer."""


def page(scene: Scene | None = None, **options: Any) -> str:  # noqa: ANN401
    """Return the page of the corner of the town."""
    given = {"title": "街面覆盖图", "made_on": dt.date(2026, 6, 30), "source": "示例数据（虚构）"}
    return coverage_page(scene or scenes.scene(), **given | options)


def english() -> str:
    """Return an English page whose data is in English too."""
    plain = {"name": "Name"}
    streets = scenes.streets().assign(**plain)
    scene = scenes.scene(
        posts=post_coverage(streets, scenes.posts().assign(**plain)),
        cameras=camera_coverage(streets, scenes.cameras()),
        camera_list=scenes.cameras().assign(**plain),
        areas=scenes.areas().assign(**plain),
        routes=scenes.routes().assign(unit="Unit", **plain),
        must_visit=scenes.must_visit().assign(**plain),
    )
    return page(scene, lang="en", title="Street coverage", source="Invented")


def pixels(visit: Visit, colour: str) -> int:
    """Count the pixels of the canvas that have nearly this colour."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return visit.page.evaluate(
        """([red, green, blue]) => new Promise((done) => requestAnimationFrame(() => {
          const canvas = document.querySelector('#map canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let n = 0;
          for (let i = 0; i < data.length; i += 4)
            n += data[i + 3] > 200 && Math.abs(data[i] - red) + Math.abs(data[i + 1] - green)
              + Math.abs(data[i + 2] - blue) < 24;
          done(n);
        }))""",
        [red, green, blue],
    )


def test_a_page_from_a_disk_asks_for_nothing_else(visit: Visitor) -> None:
    """With everything switched on, zoomed and pointed at."""
    opened = visit(page())
    opened.switch_all_on()
    opened.page.keyboard.press("Tab")
    opened.page.click(".leaflet-control-zoom-in")
    opened.page.evaluate(TOOLTIPS)
    opened.page.wait_for_timeout(400)
    assert len(opened.requests) == 1
    assert opened.complaints == []


def test_a_served_page_asks_for_nothing_else(browser: Browser, tmp_path: Path) -> None:
    """Not even for an icon of its own."""
    (tmp_path / "page.html").write_text(page(), "utf-8")
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_args: object) -> None:
            asked.append(self.path)

    handler = functools.partial(Handler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        context = browser.new_context()
        opened = Visit(context.new_page(), f"http://127.0.0.1:{server.server_port}/page.html")
        opened.switch_all_on()
        opened.page.wait_for_timeout(300)
        context.close()
        server.shutdown()
        thread.join()
    assert asked == ["/page.html"]
    assert len(opened.requests) == 1
    assert opened.complaints == []


def test_the_chinese_page_says_no_foreign_word(visit: Visitor) -> None:
    """Visible text, titles and labels, with every layer once on, and every tooltip."""
    opened = visit(page())
    said = opened.page.evaluate(SPOKEN)
    opened.switch_all_on()
    said += opened.page.evaluate(SPOKEN) + "".join(opened.page.evaluate(TOOLTIPS))
    for symbol in SYMBOLS:
        said = said.replace(symbol, "")
    assert re.findall(r"[A-Za-z]+", said) == []
    assert "直线距离，未计河流与街道" in said
    assert "街面长度覆盖占比" in said


def test_the_english_page_says_no_chinese_word(visit: Visitor) -> None:
    """As above, the other way round."""
    opened = visit(english())
    said = opened.page.evaluate(SPOKEN)
    opened.switch_all_on()
    said += opened.page.evaluate(SPOKEN) + "".join(opened.page.evaluate(TOOLTIPS))
    assert re.findall(r"[\u3000-\u9fff\uff00-\uffef]+", said) == []
    assert words("en")("straight") in said


def test_chinese_is_drawn_and_not_boxes(visit: Visitor) -> None:
    """A font that lacks a character draws the same box as for a code nobody assigned."""
    drawn = visit(page()).page.evaluate(
        """() => ['网', '格', '\\u0378'].map((text) => {
          const canvas = document.createElement('canvas');
          const pen = canvas.getContext('2d');
          pen.font = `40px ${getComputedStyle(document.body).fontFamily}`;
          pen.fillText(text, 5, 50);
          return [...pen.getImageData(0, 0, 60, 60).data].join();
        })"""
    )
    assert len(set(drawn)) == 3


def test_hostile_names_run_nothing(visit: Visitor) -> None:
    """In every text that data can reach, with every tooltip opened."""
    streets = scenes.streets().assign(name=HOSTILE)
    scene = scenes.scene(
        posts=post_coverage(streets, scenes.posts().assign(name=HOSTILE, kind=HOSTILE)),
        cameras=camera_coverage(streets, scenes.cameras().assign(camera_id=HOSTILE)),
        camera_list=scenes.cameras().assign(camera_id=HOSTILE, name=HOSTILE),
        areas=scenes.areas().assign(name=HOSTILE),
        incidents=scenes.incidents().assign(kind=HOSTILE, state=HOSTILE, time=HOSTILE),
        routes=scenes.routes().assign(name=HOSTILE, unit=HOSTILE, mode=HOSTILE),
        must_visit=scenes.must_visit().assign(name=HOSTILE, seq=HOSTILE),
    )
    opened = visit(page(scene, title=HOSTILE, source=HOSTILE))
    opened.switch_all_on()
    tooltips = opened.page.evaluate(TOOLTIPS)
    opened.page.wait_for_timeout(200)
    assert opened.complaints == []
    assert opened.page.evaluate("document.images.length") == 0
    assert opened.page.title() == HOSTILE
    assert sum(HOSTILE in text for text in tooltips) > 20
    assert len(opened.requests) == 1


def test_a_switch_shows_and_hides_its_layer(visit: Visitor) -> None:
    """On the canvas, and with its legend."""
    opened = visit(page())
    name = opened.on()[0]
    rows = opened.page.locator(f"[data-layer={name}] ~ .rows")
    with_gaps = pixels(opened, GAP)
    assert with_gaps > 500
    opened.page.uncheck(f"[data-layer={name}]")
    assert not rows.is_visible()
    assert pixels(opened, GAP) == 0
    opened.page.check(f"[data-layer={name}]")
    assert rows.is_visible()
    assert pixels(opened, GAP) == pytest.approx(with_gaps, rel=0.02)


def test_every_switch_works(visit: Visitor) -> None:
    """The map holds the layer exactly when its switch is on."""
    opened = visit(page())
    for input_ in opened.page.locator("input[data-layer]").all():
        name = input_.get_attribute("data-layer")
        for _ in range(2):
            input_.click()
            assert opened.page.evaluate(f"map_0.hasLayer({name})") == input_.is_checked()


def test_of_two_meanings_of_one_colour_only_one_is_on(visit: Visitor) -> None:
    """Streets by posts or by cameras; areas by either, or the density."""
    opened = visit(page())
    opened.switch_all_on()
    sets = opened.page.evaluate(
        "[...document.querySelectorAll('input[data-one-of]')]"
        ".map((input) => [input.dataset.oneOf, input.checked])"
    )
    assert sorted(name for name, _ in sets) == ["areas"] * 3 + ["streets"] * 2
    assert [name for name, checked in sets if checked] == ["streets", "areas"]
    assert all(opened.page.evaluate(f"map_0.hasLayer({name})") for name in opened.on())


def test_the_legend_lists_the_looks_that_are_drawn_and_no_others(visit: Visitor) -> None:
    """Row by row: as many as there are looks among the shapes of the layer."""
    opened = visit(page())
    opened.switch_all_on()
    for name in opened.page.evaluate(
        "[...document.querySelectorAll('input[data-layer]')].map((input) => input.dataset.layer)"
    ):
        rows = opened.page.locator(f"[data-layer={name}] ~ .rows > ul > li").count()
        assert opened.page.evaluate(LOOKS, name) == rows, name


def test_a_layer_keeps_its_place_when_it_is_switched_on_late(visit: Visitor) -> None:
    """Areas that come last lie under the streets nevertheless."""
    opened = visit(page())
    before = pixels(opened, GAP)
    opened.page.locator("input[data-one-of=areas]").first.check()
    # A gap lets a twentieth of what is under it shine through.
    assert pixels(opened, GAP) == pytest.approx(before, rel=0.1)


def test_the_scale_speaks_the_language(visit: Visitor) -> None:
    """Metres near, kilometres far; feet never."""
    opened = visit(page())
    scale = opened.page.locator(".leaflet-control-scale-line")
    assert re.fullmatch(r"\d+ 米", scale.inner_text())
    opened.page.evaluate("map_0.setZoom(11, { animate: false })")
    assert re.fullmatch(r"\d+ 公里", scale.inner_text())
    assert scale.count() == 1


def test_on_a_narrow_screen_the_panel_waits_for_its_button(visit: Visitor) -> None:
    """By pointer and by keyboard; nothing sticks out to the side."""
    opened = visit(page(), viewport=NARROW)
    panel = opened.page.locator("#panel")
    button = opened.page.locator("#panel-button")
    assert not panel.is_visible()
    button.click()
    assert panel.is_visible()
    assert button.get_attribute("aria-expanded") == "true"
    button.press("Enter")
    assert not panel.is_visible()
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert opened.page.locator("#map").bounding_box()["height"] > 300


def test_the_first_key_leads_past_the_map(visit: Visitor) -> None:
    """Tab shows the link, Enter goes to the tables."""
    opened = visit(page())
    opened.page.keyboard.press("Tab")
    link = opened.page.locator(".skip")
    assert link.evaluate("(link) => link === document.activeElement")
    assert link.bounding_box()["x"] >= 0
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("document.activeElement.id") == "tables"
    opened.page.keyboard.press("Shift+Tab")
    assert opened.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_without_scripts_the_tables_remain(browser: Browser, tmp_path: Path) -> None:
    """And the page says why there is no map."""
    (tmp_path / "page.html").write_text(page(), "utf-8")
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto((tmp_path / "page.html").as_uri())
    text = opened.locator("body").inner_text()
    context.close()
    assert words("zh")("no_script") in text
    assert "望江社区第三网格" in text


def test_on_paper_the_map_keeps_its_view_and_its_scale(visit: Visitor) -> None:
    """Switches and layers that are off are left out; afterwards all is as before."""
    opened = visit(page(), viewport={"width": 1400, "height": 900})
    view = "[map_0.getCenter().lat, map_0.getCenter().lng, map_0.getZoom()]"
    before = opened.page.evaluate(view)
    opened.page.emulate_media(media="print")
    opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert opened.page.locator("#map").bounding_box()["width"] == pytest.approx(699, abs=1)
    assert opened.page.evaluate("(at) => map_0.getBounds().contains(at)", before[:2])
    assert opened.page.locator(".leaflet-control-scale-line").is_visible()
    assert opened.page.locator("h1").is_visible()
    assert opened.page.locator(".rows").first.is_visible()
    assert not opened.page.locator(".leaflet-control-zoom").is_visible()
    assert not opened.page.locator("input[data-layer]:not(:checked) + label").first.is_visible()
    opened.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    opened.page.emulate_media(media="screen")
    assert opened.page.evaluate(view) == pytest.approx(before, abs=1e-6)


def district() -> Scene:
    """Return 5,000 street pieces, 1,000 posts, 1,000 cameras and 1,047 grids."""
    rng = np.random.default_rng(5)
    x, y = np.meshgrid(np.arange(50) * 120.0, np.arange(50) * 120.0)
    corner = np.column_stack((x.ravel(), y.ravel()))
    ends = np.concatenate((corner + np.array((120.0, 0.0)), corner + np.array((0.0, 120.0))))
    lines = shapely.linestrings(np.stack((np.concatenate((corner, corner)), ends), axis=1))
    streets = scenes.frame(list(lines), street_id=np.arange(5000), name=["长街"] * 5000)
    places = shapely.points(rng.uniform(0, 6000, (2000, 2)))
    posts = scenes.frame(list(places[:1000]), post_id=np.arange(1000), kind=["fixed"] * 1000)
    cameras = scenes.frame(list(places[1000:]), azimuth_deg=rng.uniform(0, 360, 1000))
    x, y = np.divmod(np.arange(1047), 33)
    boxes = shapely.box(x * 185.0, y * 185.0, x * 185.0 + 185.0, y * 185.0 + 185.0)
    areas = scenes.frame(list(boxes), area_id=np.arange(1047), name=["网格"] * 1047)
    return Scene(
        posts=post_coverage(streets, posts), cameras=camera_coverage(streets, cameras), areas=areas
    )


def test_a_district_opens_in_five_seconds(visit: Visitor, record_property: Any) -> None:  # noqa: ANN401
    """From the first byte to a painted map, areas switched on as well."""
    scene = district()
    assert [len(scene.areas), len(scene.posts.streets.frame)] == [1047, 5000]
    assert len(scene.posts.posts) + len(scene.cameras.views) == 2000
    opened = visit(page(scene))
    ready_s = float(opened.page.evaluate("document.documentElement.dataset.ready")) / 1000.0
    record_property("share_of_promise", ready_s / OPEN_S)
    assert ready_s < OPEN_S
    began = "performance.now()"
    start_ms = opened.page.evaluate(began)
    opened.page.locator("input[data-one-of=areas]").first.check()
    pixels(opened, GAP)
    assert opened.page.evaluate(began) - start_ms < OPEN_S * 1000.0


def test_the_page_of_a_district_stays_small() -> None:
    """A few megabytes: it travels by USB stick and mail."""
    assert len(page(district()).encode()) < 6_000_000
