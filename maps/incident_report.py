"""The monthly report for paper: what happened, what changed and by how much more than chance."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.crs import working_crs
from maps.composing import DATUM_NAMES, HTML_LANG, UnknownDatumError
from maps.errors import MapsError
from maps.hotspots import hot_spot_table
from maps.hour_table import hour_table
from maps.incident_areas import area_looks
from maps.layers import WEB
from maps.offline import seal
from maps.report_map import legend_list, report_map
from maps.tables import TextTable, text_table
from maps.words import Words, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import numpy.typing as npt

    from maps.composing import Imprint
    from maps.layers import Look

SECTIONS: Final = (
    "totals", "classes", "areas", "parent", "rates", "closing", "hours", "spots", "notes",
)  # fmt: skip
"""In the order of the paper, whatever order they come in."""


class UnknownSectionError(MapsError, ValueError):
    """A report was given a section that it has no place for."""


@dataclass(frozen=True)
class Section:
    """
    A part of a report, all of it plain text.

    Parameters
    ----------
    lines
        Sentences, one a paragraph: for a change the whole of it, with its note.
    tables
        Tables under them.
    """

    lines: Sequence[str] = ()
    tables: Sequence[TextTable] = ()


@dataclass(frozen=True, eq=False)
class ReportScene:
    """
    What a report shows; every part but the period may be missing, frames may be in any CRS.

    Parameters
    ----------
    period
        What was counted and what it is compared with, plain text.
    summary
        The sentences that stand first.
    sections
        Code of `SECTIONS` -> its part; "hours" and "spots" are drawn from what follows too.
    areas
        Polygons with `area_id` and `colour`, see `maps.incident_areas.incident_area_layer`.
    colour
        The column that colours the map: "now", "per_ten_thousand" or "share".
    unit
        The unit of the counts, as in `count_unit`.
    hot_spots
        `spots` of `geo.incidents.hotspots.hot_spots`; an empty frame says that none was found,
        None that nobody looked.
    hours
        7 x 24 counts, Monday first.
    streets
        All streets.
    """

    period: str
    summary: Sequence[str] = ()
    sections: Mapping[str, Section] = field(default_factory=dict)
    areas: gpd.GeoDataFrame | None = None
    colour: str = "now"
    unit: str = "matter"
    hot_spots: gpd.GeoDataFrame | None = None
    hours: npt.NDArray[np.float64] | None = None
    streets: gpd.GeoDataFrame | None = None


def incident_report(scene: ReportScene, imprint: Imprint) -> str:
    """
    Compose the report of a month as one HTML page to be printed on A4.

    Parameters
    ----------
    scene
        What is told.
    imprint
        What the report says of itself: title, date, source, remarks, language.

    Returns
    -------
    html
        A complete page without scripts, the same bytes for the same input. What has no content is
        left out; the sections are numbered.

    Raises
    ------
    UnknownSectionError
        When a section is none of `SECTIONS`.
    UnknownDatumError, UnknownLanguageError
        When the imprint names a datum or a language that nobody knows.
    """
    say = words(imprint.lang)
    if strange := [code for code in scene.sections if code not in SECTIONS]:
        raise UnknownSectionError(
            f"sections: no {', '.join(strange)}; choose among {', '.join(SECTIONS)}"
        )
    parts = [
        ("summary", _lines(scene.summary)),
        ("map", _map(scene, say)),
        *((code, _section(code, scene, say)) for code in SECTIONS),
    ]
    told = [(say.code("report", code), html) for code, html in parts if html]
    body = "".join(
        f'<section id="part{number}"><h2>{number} {escape(heading)}</h2>{html}</section>'
        for number, (heading, html) in enumerate(told, start=1)
    )
    title = escape(imprint.title)
    return seal(
        f"""<!DOCTYPE html>
<html lang="{HTML_LANG[imprint.lang]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
{(WEB / "report.css").read_text("utf-8")}</style>
</head>
<body>
<header><h1>{title}</h1><p>{escape(say("report_period", period=scene.period))}</p>
<p class="imprint">{_imprint(imprint, say)}</p></header>
{body}
</body>
</html>
"""
    )


def _imprint(imprint: Imprint, say: Words) -> str:
    """Write when and from whom it is, and what to beware of."""
    if imprint.datum not in ("wgs84", "cgcs2000", *DATUM_NAMES):
        raise UnknownDatumError(f"datum: {imprint.datum!r} is unknown; choose wgs84 or cgcs2000")
    plain = [say("made_on", day=say.day(imprint.made_on))]
    if imprint.source:
        plain.append(say("source", source=imprint.source))
    if imprint.datum in DATUM_NAMES:
        plain.append(say("converted", datum=DATUM_NAMES[imprint.datum]))
    return " ".join(f"<span>{escape(text)}</span>" for text in (*plain, *imprint.remarks))


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _section(code: str, scene: ReportScene, say: Words) -> str:
    """Write a section: its sentences, its drawing, its tables."""
    section = scene.sections.get(code, Section())
    drawn = ""
    if code == "hours" and scene.hours is not None:
        drawn = hour_table(scene.hours, say)
    if code == "spots" and scene.hot_spots is not None:
        table = hot_spot_table(scene.hot_spots, unit=scene.unit, lang=say.lang)
        drawn = text_table(table) or _lines([say("no_hot_spots")])
    return _lines(section.lines) + drawn + "".join(map(text_table, section.tables))


def _map(scene: ReportScene, say: Words) -> str:
    """Draw the areas and hot spots in metres, with the legend beside the title of the colours."""
    frames = [scene.areas, scene.hot_spots]
    held = [frame for frame in frames if frame is not None and frame.geometry.notna().any()]
    if not held:
        return ""
    crs = working_crs(held[0])
    areas, spots, streets = (
        None if frame is None or frame.empty else frame.to_crs(crs)
        for frame in (*frames, scene.streets)
    )
    looks: list[Look] = []
    which = np.empty(0, dtype=np.int64)
    caption = ""
    if areas is not None:
        looks, which = area_looks(areas, scene.colour, scene.unit, say)
        figure = say.code("incident_areas", scene.colour)
        coloured = escape(say("coloured_by", figure=figure))
        caption = f"<p>{coloured}</p>{legend_list(looks, which)}"
    drawing = report_map(
        areas,
        looks,
        which,
        spots=spots,
        streets=streets,
        north=say("north"),
        label=say("report_map_help"),
    )
    return f"<figure>{drawing}<figcaption>{caption}</figcaption></figure>"
