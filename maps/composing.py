"""The page around layers: head, map, panel, notes and tables in one file that needs no network."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

import folium
from branca.element import Element
from folium.template import Template

from maps.errors import MapsError
from maps.features import script_json
from maps.figures import figure_bar, figure_table
from maps.layers import WEB
from maps.legend import panel
from maps.offline import seal
from maps.words import Words, words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from maps.layers import ThematicLayer

HTML_LANG: Final = {"zh": "zh-CN", "en": "en"}
"""What the page says of itself, so that fonts and screen readers choose rightly."""

DATUM_NAMES: Final = {"gcj02": "GCJ-02", "bd09": "BD-09"}
"""Datums that were left by an approximation, which the page must say."""


class UnknownDatumError(MapsError, ValueError):
    """The datum of the source is none that the page can explain."""


@dataclass(frozen=True)
class Imprint:
    """
    What a page says of itself, all of it plain text.

    Parameters
    ----------
    title
        Title of the page.
    made_on
        The date that the page bears.
    source
        Whose data it is; none says nothing.
    datum
        What the coordinates were stored in before they became WGS-84: "wgs84", "cgcs2000",
        "gcj02" or "bd09". The last two are marked as approximate.
    remarks
        What has to be said of the data in words of the language.
    crs
        What it was measured in, such as "EPSG:4545"; none where nothing was measured.
    lang
        "zh" or "en".
    """

    title: str
    made_on: dt.date
    source: str = ""
    datum: str = "wgs84"
    remarks: Sequence[str] = ()
    crs: str | None = None
    lang: str = "zh"


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


def compose(
    groups: Mapping[str, Sequence[ThematicLayer]],
    bounds: Sequence[Sequence[float]],
    imprint: Imprint,
    *,
    figures: Mapping[str, Sequence[tuple[str, str]]],
    tables: Sequence[str] = (),
) -> str:
    """
    Compose one offline HTML page around layers.

    Parameters
    ----------
    groups
        Heading, plain text, -> layers; those that draw nothing are left out.
    bounds
        South-west and north-east corners in degrees, latitude first.
    imprint
        What the page says of itself.
    figures
        Heading -> labels and values, plain text: the head of the page, and its first table.
    tables
        HTML of further tables.

    Returns
    -------
    html
        A complete page, the same bytes for the same input.

    Raises
    ------
    UnknownDatumError
        When the datum is none of the four.
    UnknownLanguageError
        When the language is neither.
    """
    say = words(imprint.lang)
    notes = _notes(imprint, say)
    layers = [layer for group in groups.values() for layer in group if layer.legend]
    made = PageMap(bounds, say)
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
    numbers = figure_table(figures, say) if figures else ""
    title = escape(imprint.title)
    return seal(
        f"""<!DOCTYPE html>
<html lang="{HTML_LANG[imprint.lang]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
{root.header.render()}
<style>
{(WEB / "page.css").read_text("utf-8")}</style>
</head>
<body>
<a class="skip" href="#tables">{escape(say("skip"))}</a>
<div id="screen">
<header><h1>{title}</h1>{figure_bar(figures)}</header>
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
{numbers}{"".join(tables)}
</section>
<script>
{root.script.render()}
{start}
</script>
</body>
</html>
"""
    )


def _notes(imprint: Imprint, say: Words) -> str:
    """Write the strip under the map: what to beware of, when, in what, from whom."""
    known = ("wgs84", "cgcs2000", *DATUM_NAMES)
    datum = imprint.datum
    if datum not in known:
        raise UnknownDatumError(f"datum: {datum!r} is unknown; choose one of {', '.join(known)}")
    approximate = [say("converted", datum=DATUM_NAMES[datum])] if datum in DATUM_NAMES else []
    warnings = [
        f'<span class="warn">{escape(text)}</span>' for text in (*approximate, *imprint.remarks)
    ]
    plain = [
        say("made_on", day=say.day(imprint.made_on)),
        *([say("cgcs2000")] if datum == "cgcs2000" else []),
        say("crs", crs=imprint.crs) if imprint.crs else say("shown_in"),
        *([say("source", source=imprint.source)] if imprint.source else []),
    ]
    return " ".join([*warnings, *(f"<span>{escape(text)}</span>" for text in plain)])


def _tree(element: Any) -> Iterator[Any]:  # noqa: ANN401 - folium is untyped
    """Walk through an element and what it holds."""
    yield element
    for child in element._children.values():  # noqa: SLF001 - branca gives no other way
        yield from _tree(child)
