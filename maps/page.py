"""The coverage page: layers, legend, figures and tables in one file that needs no network."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

import folium
from branca.element import Element
from folium.template import Template

from maps.cameras import sees_through_walls
from maps.errors import MapsError
from maps.features import script_json
from maps.figures import (
    area_table,
    camera_figures,
    figure_bar,
    figure_table,
    post_figures,
    proposal_figures,
    spacing_figures,
    volunteer_table,
)
from maps.layers import WEB
from maps.legend import panel
from maps.offline import seal
from maps.scene import Scene, bounds_of, layers_of, shares_of
from maps.words import Words, words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

HTML_LANG: Final = {"zh": "zh-CN", "en": "en"}
"""What the page says of itself, so that fonts and screen readers choose rightly."""

DATUM_NAMES: Final = {"gcj02": "GCJ-02", "bd09": "BD-09"}
"""Datums that were left by an approximation, which the page must say."""

AREA_TABLES: Final = {"posts": "table_areas_posts", "cameras": "table_areas_cameras"}
"""Result -> key of the heading of its table."""


class UnknownDatumError(MapsError, ValueError):
    """The datum of the source is none that the page can explain."""


class PageMap(folium.Map):
    """
    A folium map that asks for Leaflet alone and leaves all else to the page.

    Parameters
    ----------
    bounds
        South-west and north-east corners in degrees, latitude first.
    say
        The words of the page.
    """

    default_js: Final = [("leaflet", "vendor:leaflet/leaflet.js")]
    default_css: Final = [("leaflet_css", "vendor:leaflet/leaflet.css")]
    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = gridpatrol.map("map", {{ this.settings }});
        {% endmacro %}
        """
    )

    def __init__(self, bounds: Sequence[Sequence[float]], say: Words) -> None:
        super().__init__(tiles=None)
        self.settings = script_json(
            {
                "bounds": bounds,
                "m": say("m", number="{number}"),
                "km": say("km", number="{number}"),
                "zoomInTitle": say("zoom_in"),
                "zoomOutTitle": say("zoom_out"),
            }
        )


def coverage_page(
    scene: Scene,
    *,
    title: str,
    made_on: dt.date,
    source: str = "",
    datum: str = "wgs84",
    remarks: Sequence[str] = (),
    lang: str = "zh",
) -> str:
    """
    Compose one offline HTML page from results and frames.

    Parameters
    ----------
    scene
        What is to be seen.
    title
        Title of the page, plain text.
    made_on
        The date that the page bears.
    source
        Whose data it is, plain text; none says nothing.
    datum
        What the coordinates were stored in before they became WGS-84: "wgs84", "cgcs2000",
        "gcj02" or "bd09". The last two are marked as approximate.
    remarks
        What has to be said of the data in words of the language, plain text: rows left out, a
        datum in doubt.
    lang
        "zh" or "en".

    Returns
    -------
    html
        A complete page, the same bytes for the same input.

    Raises
    ------
    NothingToDrawError
        When the scene holds no place at all.
    UnknownDatumError
        When the datum is none of the four.
    UnknownLanguageError
        When the language is neither.
    """
    say = words(lang)
    notes = _notes(scene, made_on, source, datum, remarks, say)
    shares = shares_of(scene)
    groups = layers_of(scene, shares, lang=lang)
    layers = [layer for group in groups.values() for layer in group if layer.legend]
    made = PageMap(bounds_of(scene), say)
    for layer in layers:
        layer.add_to(made)
    for number, element in enumerate(_tree(made)):
        # folium draws ids by lot; a page is the same for the same input.
        element._id = str(number)  # noqa: SLF001
    root = made.get_root()
    # branca's own header brings a second charset.
    root.header = Element()
    made.render()
    names = ", ".join(layer.get_name() for layer in layers)
    start = f"gridpatrol.start({made.get_name()}, {{ {names} }});"
    figures = _figures(scene, say)
    tables = figure_table(figures, say) if figures else ""
    if scene.volunteers is not None:
        tables += volunteer_table(scene.volunteers, say)
    for key, (share, coverage) in shares.items():
        tables += area_table(share, coverage, say(AREA_TABLES[key]), say)
    return seal(
        f"""<!DOCTYPE html>
<html lang="{HTML_LANG[lang]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
{root.header.render()}
<style>
{(WEB / "page.css").read_text("utf-8")}</style>
</head>
<body>
<a class="skip" href="#tables">{escape(say("skip"))}</a>
<div id="screen">
<header><h1>{escape(title)}</h1>{figure_bar(figures)}</header>
<main id="stage">
<div id="map" role="application" aria-label="{escape(say("map_help"))}">
<noscript><p>{escape(say("no_script"))}</p></noscript></div>
<button id="panel-button" type="button" aria-expanded="false" aria-controls="panel">\
{escape(say("panel"))}</button>
<aside id="panel" aria-labelledby="panel-title">{panel(groups, say)}</aside>
<p id="notes">{notes}</p>
</main>
</div>
<section id="tables" tabindex="-1">
{tables}
</section>
<script>
{root.script.render()}
{start}
</script>
</body>
</html>
"""
    )


def _figures(scene: Scene, say: Words) -> dict[str, Sequence[tuple[str, str]]]:
    figures: dict[str, Sequence[tuple[str, str]]] = {}
    if scene.posts is not None:
        figures[say("group.posts")] = [
            *post_figures(scene.posts, say),
            *(spacing_figures(scene.spacing, say) if scene.spacing else []),
            *(proposal_figures(scene.proposal, say) if scene.proposal else []),
        ]
    if scene.cameras is not None:
        figures[say("group.cameras")] = camera_figures(scene.cameras, say)
    return figures


def _notes(
    scene: Scene,
    made_on: dt.date,
    source: str,
    datum: str,
    remarks: Sequence[str],
    say: Words,
) -> str:
    """Write the strip under the map: how it was measured, when, in what, from whom."""
    known = ("wgs84", "cgcs2000", *DATUM_NAMES)
    if datum not in known:
        raise UnknownDatumError(f"datum: {datum!r} is unknown; choose one of {', '.join(known)}")
    notes = []
    if scene.posts is not None and scene.posts.distance == "straight":
        notes.append(f'<span class="warn">{escape(say("straight"))}</span>')
    if scene.cameras is not None and sees_through_walls(scene.cameras.views):
        notes.append(f'<span class="warn">{escape(say("through_walls"))}</span>')
    if datum in DATUM_NAMES:
        text = say("converted", datum=DATUM_NAMES[datum])
        notes.append(f'<span class="warn">{escape(text)}</span>')
    notes += [f'<span class="warn">{escape(remark)}</span>' for remark in remarks]
    measured = next((result for result in (scene.posts, scene.cameras) if result is not None), None)
    plain = [
        say("made_on", day=say.day(made_on)),
        *([say("cgcs2000")] if datum == "cgcs2000" else []),
        say("crs", crs=measured.summary()["crs"]) if measured else say("shown_in"),
        *([say("source", source=source)] if source else []),
    ]
    return " ".join([*notes, *(f"<span>{escape(text)}</span>" for text in plain)])


def _tree(element: Any) -> Iterator[Any]:  # noqa: ANN401 - folium is untyped
    """Walk through an element and what it holds."""
    yield element
    for child in element._children.values():  # noqa: SLF001 - branca gives no other way
        yield from _tree(child)
