"""Route sheets: a page of paper for each unit, with its map, the order of stops and the times."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

from maps.composing import HTML_LANG
from maps.layers import WEB
from maps.offline import seal
from maps.patrol_page import NUMBERED, numbered
from maps.sheet_map import sheet_map
from maps.words import Words, cell, words

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd
    import pandas as pd

HOUR_S: Final = 3_600
"""Seconds of an hour."""


@dataclass(frozen=True, eq=False)
class SheetScene:
    """
    What route sheets show; all frames share one metric CRS.

    Parameters
    ----------
    routes
        u LineStrings with `crew_id`; `name` and `mode` where there are any.
    stops
        Rows with `crew_id, kind, id, arrive, leave, travel_m`; `name` where there is any. In the
        order of the visit.
    day
        The day that the shift belongs to.
    shift
        Its hours, as people write them.
    streets
        All streets; None draws the route alone.
    accepted
        Whether a person has accepted the plan.
    remark
        What has to be said on every sheet, plain text.
    """

    routes: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame
    day: dt.date
    shift: str
    streets: gpd.GeoDataFrame | None = None
    accepted: bool = False
    remark: str = ""


def route_sheets(scene: SheetScene, *, title: str, lang: str = "zh") -> str:
    """
    Compose the sheets of all units as one HTML page to be printed: a sheet of A4 for each unit.

    Parameters
    ----------
    scene
        What is to be seen.
    title
        Title of every sheet, plain text.
    lang
        "zh" or "en".

    Returns
    -------
    html
        A complete page without scripts, the same bytes for the same input. Units without any stop
        to make have no sheet; where nobody has one, the page says what to do.

    Raises
    ------
    UnknownLanguageError
        When the language is neither.
    """
    say = words(lang)
    going = set(scene.stops.loc[scene.stops["kind"].isin(NUMBERED), "crew_id"])
    sheets = [
        _sheet(row, scene, title, say)
        for row in scene.routes.to_dict("records")
        if row["crew_id"] in going
    ]
    nobody = say("nobody_walks")
    body = "".join(sheets) or f"<p>{escape(nobody)}</p>"
    return seal(
        f"""<!DOCTYPE html>
<html lang="{HTML_LANG[lang]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>
{(WEB / "sheets.css").read_text("utf-8")}</style>
</head>
<body>
{body}
</body>
</html>
"""
    )


def _sheet(route: dict[str, Any], scene: SheetScene, title: str, say: Words) -> str:
    """Write the sheet of one unit."""
    unit = cell(route.get("name")) or cell(route["crew_id"])
    stops = scene.stops[scene.stops["crew_id"] == route["crew_id"]]
    head = say("sheet_of", unit=unit, day=say.day(scene.day), shift=scene.shift)
    mode = say.code("mode", route.get("mode"))
    state = say("accepted" if scene.accepted else "proposed")
    line = route["geometry"]
    total = say(
        "sheet_total",
        length=say.length(line.length),
        duration=_duration(stops["leave"].max() - stops["arrive"].min(), say),
        stops=str(stops["kind"].isin(NUMBERED).sum()),
    )
    places = numbered(stops)
    drawing = sheet_map(line, places.geometry.to_numpy(), scene.streets, north=say("north"))
    about = "　".join(filter(None, (mode, total, state, scene.remark)))
    return (
        f'<section class="sheet"><h1>{escape(title)}</h1><h2>{escape(head)}</h2>'
        f"<p>{escape(about)}</p>{drawing}{_table(stops, say)}</section>"
    )


def _table(stops: pd.DataFrame, say: Words) -> str:
    """Write the stops in order; the last column is for the pen."""
    heads = ("order", "stop", "stop_kind", "way_to", "arrive", "leave", "done_at")
    top = "".join(f'<th scope="col">{escape(say(head))}</th>' for head in heads)
    rows, number = [], 0
    for stop in stops.to_dict("records"):
        counted = stop["kind"] in NUMBERED
        number += counted
        cells = (
            str(number) if counted else "",
            cell(stop.get("name")) or cell(stop["id"]),
            say.code("stop_kind", stop["kind"]),
            say.length(float(stop["travel_m"])),
            f"{stop['arrive']:%H:%M}",
            f"{stop['leave']:%H:%M}",
            "",
        )
        rows.append("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in cells) + "</tr>")
    return f"<table><thead><tr>{top}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _duration(length: pd.Timedelta, say: Words) -> str:
    hours, rest = divmod(int(length.total_seconds()), HOUR_S)
    return say("hours_minutes", hours=str(hours), minutes=str(rest // 60))
