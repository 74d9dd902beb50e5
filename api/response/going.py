"""Who is nearest by road, and what that unit would leave behind, told and drawn."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from api.answering import Outcome
from api.response.reach import reason_said
from api.words import say
from geo.response import Nearest, ResponseRules, nearest_units
from maps import IncidentScene, words
from maps.tables import TextTable

Frames = Mapping[str, gpd.GeoDataFrame]


@dataclass(frozen=True)
class NearestOptions:
    """
    What is asked about the nearest units.

    Parameters
    ----------
    k
        How many units to name for each place.
    mode
        How units move that do not say.
    now
        Local time; None when hours do not matter.
    turnout_s
        From the call to leaving, in seconds.
    """

    k: int = 3
    mode: str = "car"
    now: dt.datetime | None = None
    turnout_s: float = 0.0


def tell_nearest(frames: Frames, options: NearestOptions, *, lang: str) -> Outcome:
    """
    Name the nearest units to places, and why the others do not go.

    Parameters
    ----------
    frames
        "places", "duty_units" and "streets". One metric CRS.
    options
        What is asked.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        Candidates with their ways, places without anybody, units that cannot go.

    Raises
    ------
    GeoError
        When an id is missing or repeated.
    """
    places, units = frames["places"], frames["duty_units"]
    found = nearest_units(
        places, units, frames["streets"], k=options.k, mode=options.mode, now=options.now,
        rules=ResponseRules(turnout_s=options.turnout_s),
    )  # fmt: skip
    names = _names(places, "place_id")
    unit_names = _names(units, "unit_id")
    drawn = found.candidates[found.candidates.geometry.notna()]
    scene = IncidentScene(
        candidates=drawn if len(drawn) else None,
        places=found.places,
        streets=frames["streets"],
        figures=_figures(found, names, lang),
        tables=[
            _candidates(found, names, lang),
            _without(found, names, lang),
            _refused(found, names, unit_names, lang),
        ],
    )
    remarks = [say("person_decides", lang),
               say("rings_are_reckoned", lang, turnout=options.turnout_s)]  # fmt: skip
    if options.now is None:
        remarks.append(say("hours_not_asked", lang))
    if not found.free:
        remarks.append(say("no_unit_free", lang))
    summary = found.summary() | {
        "mode": options.mode,
        "k": options.k,
        "candidates": _records(found.candidates.drop(columns="geometry")),
        "without": _records(found.places.loc[found.places["reason"] != "", ["place", "reason"]]),
        "refused": _records(found.refused),
    }
    tables = {"candidates": found.candidates, "places": found.places, "refused": found.refused}
    hint = say("hint.now", lang) if options.now is None else ""
    return Outcome(summary, tables, scene, remarks, hint)


def _figures(found: Nearest, names: Mapping[object, str], lang: str) -> list[tuple[str, str]]:
    figures = [(say("units_free", lang), f"{found.free:,}")]
    refused = int(found.refused["place"].isna().sum())
    if refused:
        figures.append((say("units_refused", lang), f"{refused:,}"))
    if len(found.places) > 1:
        return figures
    for row in found.candidates[found.candidates["rank"] == 1].to_dict("records"):
        told = say(
            "nearest_is", lang, unit=row["name"] or row["unit_id"],
            minutes=f"{row['minutes']:.1f}", distance=words(lang).length(row["distance_m"]),
        )  # fmt: skip
        label = say("nearest_to", lang, place=_place(row["place"], names, lang))
        figures.append((label, told))
    return figures


def _candidates(found: Nearest, names: Mapping[object, str], lang: str) -> TextTable:
    say_map = words(lang)
    heads = ("place_head", "rank_head", "unit_head", "name_head", "mode_head", "minutes_head",
             "way_head", "off_road_head", "lost_head")  # fmt: skip
    rows = [
        [
            _place(row["place"], names, lang),
            f"{row['rank']}",
            str(row["unit_id"]),
            str(row["name"] or ""),
            say_map.code("mode", row["mode"]),
            f"{row['minutes']:.1f}",
            say_map.length(row["distance_m"]),
            say_map.length(row["off_road_m"]),
            say("length_and_share", lang, length=say_map.length(row["lost_m"]),
                share=say_map.share(_known(row["lost_share"]))),
        ]
        for row in found.candidates.to_dict("records")
    ]  # fmt: skip
    return TextTable(say("candidates_table", lang), [[say(head, lang) for head in heads], *rows], 5)


def _without(found: Nearest, names: Mapping[object, str], lang: str) -> TextTable:
    heads = [say(head, lang) for head in ("place_head", "reason_head")]
    lacking = found.places[found.places["reason"] != ""]
    rows = [
        [_place(place, names, lang), reason_said(reason, lang)]
        for place, reason in zip(lacking["place"], lacking["reason"], strict=True)
    ]
    return TextTable(say("without_table", lang), [heads, *rows], 2)


def _refused(
    found: Nearest, names: Mapping[object, str], units: Mapping[object, str], lang: str
) -> TextTable:
    heads = [say(head, lang) for head in ("unit_head", "name_head", "reason_head", "place_head")]
    rows = [
        [
            str(row["unit_id"]),
            units.get(row["unit_id"], ""),
            reason_said(row["reason"], lang),
            say("all_places", lang) if pd.isna(row["place"])
            else _place(row["place"], names, lang),
        ]
        for row in found.refused.to_dict("records")
    ]  # fmt: skip
    return TextTable(say("refused_table", lang), [heads, *rows], 4)


def _names(frame: pd.DataFrame, column: str) -> dict[object, str]:
    """Return id -> name, of those that have one."""
    if column not in frame.columns or "name" not in frame.columns:
        return {}
    pairs = zip(frame[column], frame["name"], strict=True)
    return {code: str(name) for code, name in pairs if not pd.isna(name) and name}


def _place(place: object, names: Mapping[object, str], lang: str) -> str:
    """Write a place: its name, else its id; numbers are of rows and begin with 1 for people."""
    if place in names:
        return names[place]
    if isinstance(place, int):
        return f"{say('place_head', lang)} {place + 1}"
    return str(place)


def _known(share: float | None) -> float | None:
    return None if share is None or pd.isna(share) else float(share)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows for a summary."""
    plain = pd.DataFrame(frame).astype(object)
    return list(plain.where(plain.notna(), None).to_dict("records"))
