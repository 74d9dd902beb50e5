"""What stations reach by road in so many minutes, told and drawn."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from api.answering import Outcome
from api.words import WORDS, say
from geo.coverage import share
from geo.response import ResponseRules, Rings, rings
from maps import IncidentScene, words
from maps.tables import TextTable

Frames = Mapping[str, gpd.GeoDataFrame]

RING_MINUTES: Final = (1.0, 3.0, 5.0)
"""The rings that are drawn where nobody asks for others."""


@dataclass(frozen=True)
class RingOptions:
    """
    What is asked about rings.

    Parameters
    ----------
    minutes
        The rings.
    mode
        How stations move that do not say.
    now
        Local time; None when hours do not matter.
    turnout_s
        From the call to leaving, in seconds.
    """

    minutes: tuple[float, ...] = RING_MINUTES
    mode: str = "car"
    now: dt.datetime | None = None
    turnout_s: float = 0.0


def tell_rings(frames: Frames, options: RingOptions, *, lang: str) -> Outcome:
    """
    Draw the rings of stations, and say what lies outside and what each station is worth.

    Parameters
    ----------
    frames
        "stations" and "streets"; "gates" and "areas" where given. One metric CRS.
    options
        What is asked.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        Streets by ring, those outside with the reason, stations, losses.

    Raises
    ------
    GeoError
        When a number is out of range, or an id is missing or repeated.
    """
    streets = frames["streets"]
    rules = ResponseRules(turnout_s=options.turnout_s)
    found = rings(
        frames["stations"], streets, minutes=options.minutes, mode=options.mode,
        gates=frames.get("gates"), now=options.now, rules=rules,
    )  # fmt: skip
    reached, outside = (named(each, streets) for each in (found.streets, found.outside))
    scene = IncidentScene(
        ring_streets=reached,
        outside=outside,
        stations=_drawn(found, lang),
        areas=frames.get("areas"),
        streets=streets,
        figures=_figures(found, lang),
        tables=[
            _bands(found, lang),
            _classes(found, lang),
            _stations(found, lang),
            _losses(found, lang),
            _left_out(found, lang),
            _outside(outside, lang),
        ],
    )
    summary = found.summary() | {
        "mode": options.mode,
        "by_station": _records(found.stations),
        "losses": found.losses.to_dict("records"),
        "left_out": _records(found.left_out),
    }
    tables = {
        "rings": reached,
        "outside": outside,
        "stations": found.stations,
        "left_out": found.left_out,
        "losses": found.losses,
        "bands": found.bands,
        "classes": found.classes,
    }
    hint = say("hint.now", lang) if options.now is None else ""
    return Outcome(summary, tables, scene, _remarks(found, options, lang), hint)


def named(stretches: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Give stretches the names of their streets.

    Parameters
    ----------
    stretches
        With `street_id`.
    streets
        With `street_id`; `name` where there is any.

    Returns
    -------
    stretches
        With `name`, None where the street has none.
    """
    if "name" not in streets.columns or "street_id" not in streets.columns:
        return stretches.assign(name=None)
    names = dict(zip(streets["street_id"], streets["name"], strict=True))
    return stretches.assign(name=stretches["street_id"].map(names).astype(object))


def reason_said(reason: str, lang: str) -> str:
    """
    Say why somebody is not counted on.

    Parameters
    ----------
    reason
        One of `geo.response.REASONS`, or of the reasons of places.
    lang
        "zh" or "en".

    Returns
    -------
    text
        In words.
    """
    return say(f"refused.{reason}", lang)


def class_said(unit_class: object, lang: str) -> str:
    """
    Say the class of a unit.

    Parameters
    ----------
    unit_class
        A code, any other word, or nothing.
    lang
        "zh" or "en".

    Returns
    -------
    text
        In words; what nobody listed as it came.
    """
    if unit_class is None or pd.isna(unit_class):
        return ""
    key = f"unit_class.{unit_class}"
    return say(key, lang) if key in WORDS else str(unit_class)


def _drawn(found: Rings, lang: str) -> gpd.GeoDataFrame:
    """Return all stations as the map has them: what is lost with each, why one is left out."""
    widest = found.losses[found.losses["minutes"] == found.minutes[-1]]
    lost = dict(zip(widest["station_id"], widest["only_m"], strict=True))
    both = pd.concat([found.stations.assign(reason=None), found.left_out], ignore_index=True)
    return gpd.GeoDataFrame(
        {
            "station_id": both["station_id"],
            "name": both["name"],
            "unit_class": [class_said(each, lang) for each in both["unit_class"]],
            "lost_m": both["station_id"].map(lost),
            "reason": [None if not each else reason_said(each, lang)
                       for each in both["reason"]],
        },
        geometry=both.geometry.to_numpy(),
        crs=found.stations.crs,
    )  # fmt: skip


def _figures(found: Rings, lang: str) -> list[tuple[str, str]]:
    figures = [(say("stations_counted", lang), f"{len(found.stations):,}")]
    if len(found.left_out):
        figures.append((say("stations_left_out", lang), f"{len(found.left_out):,}"))
    for row in found.bands.to_dict("records"):
        label = say("within_minutes", lang, minutes=f"{row['minutes']:g}")
        figures.append((label, _length(row["within_m"], row["within_share"], lang)))
    outside_m = sum(found.outside_m.values())
    figures.append((say("outside_rings", lang), words(lang).length(outside_m)))
    if found.own_length_m is not None:
        of_open = share(found.own_length_m, found.open_m)
        figures.append((say("own_minutes_reach", lang), _length(found.own_length_m, of_open, lang)))
    return figures


def _bands(found: Rings, lang: str) -> TextTable:
    say_map = words(lang)
    heads = [say(key, lang) for key in ("ring_head", "length_head", "share_head", "within_head")]
    rows = [
        [
            say("within_minutes", lang, minutes=f"{row['minutes']:g}"),
            say_map.length(row["length_m"]),
            say_map.share(row["share"]),
            say_map.share(row["within_share"]),
        ]
        for row in found.bands.to_dict("records")
    ]
    rows += [
        [say(f"outside_reason.{reason}", lang), say_map.length(metres), "", ""]
        for reason, metres in found.outside_m.items()
        if metres
    ]
    return TextTable(say("bands_table", lang), [heads, *rows], 1)


def _classes(found: Rings, lang: str) -> TextTable:
    heads = ("class_of_unit_head", "minutes_head", "stations_head", "reach_head")
    rows = [
        [
            class_said(row["unit_class"], lang),
            f"{row['minutes']:g}",
            f"{row['stations']:,}",
            _length(row["length_m"], row["share"], lang),
        ]
        for row in found.classes.to_dict("records")
    ]
    return TextTable(say("classes_reach_table", lang), [[say(h, lang) for h in heads], *rows], 1)


def _stations(found: Rings, lang: str) -> TextTable:
    say_map = words(lang)
    ring = [say("within_minutes", lang, minutes=f"{minutes:g}") for minutes in found.minutes]
    heads = [say(key, lang) for key in ("id_head", "name_head", "class_of_unit_head", "mode_head")]
    rows = [
        [
            str(row["station_id"]),
            str(row["name"] or ""),
            class_said(row["unit_class"], lang),
            say_map.code("mode", row["mode"]),
            *(say_map.length(row[f"reach_{minutes:g}_m"]) for minutes in found.minutes),
        ]
        for row in found.stations.to_dict("records")
    ]
    return TextTable(say("stations_table", lang), [[*heads, *ring], *rows], 4)


def _losses(found: Rings, lang: str) -> TextTable:
    """List what would be lost, the most first."""
    say_map = words(lang)
    heads = ("id_head", "name_head", "ring_head", "reach_head", "only_head", "alone_head",
             "next_head")  # fmt: skip
    names = dict(zip(found.stations["station_id"], found.stations["name"], strict=True))
    order = found.losses.sort_values(["only_m", "minutes"], ascending=False, kind="stable")
    rows = [
        [
            str(row["station_id"]),
            str(names.get(row["station_id"]) or ""),
            say("within_minutes", lang, minutes=f"{row['minutes']:g}"),
            say_map.length(row["reach_m"]),
            say_map.length(row["only_m"]),
            say_map.length(row["alone_m"]),
            _next(row["next_minutes"], row["next_most_minutes"]),
        ]
        for row in order.to_dict("records")
    ]
    return TextTable(say("losses_table", lang), [[say(head, lang) for head in heads], *rows], 3)


def _left_out(found: Rings, lang: str) -> TextTable:
    heads = [say(key, lang) for key in ("id_head", "name_head", "reason_head")]
    rows = [
        [str(row["station_id"]), str(row["name"] or ""), reason_said(row["reason"], lang)]
        for row in found.left_out.to_dict("records")
    ]
    return TextTable(say("stations_out_table", lang), [heads, *rows], 3)


def _outside(outside: gpd.GeoDataFrame, lang: str) -> TextTable:
    """List the streets outside every ring by name, the longest first."""
    heads = ("street_head", "reason_head", "pieces_head", "length_head")
    told = outside.assign(name=outside["name"].where(outside["name"].notna(), ""))
    by = told.groupby(["name", "reason"])["length_m"].agg(["size", "sum"]).reset_index()
    by = by.sort_values(["sum", "name", "reason"], ascending=[False, True, True])
    rows = [
        [
            str(row["name"]) or say("unnamed", lang),
            say(f"outside_reason.{row['reason']}", lang),
            f"{row['size']:,}",
            words(lang).length(row["sum"]),
        ]
        for row in by.to_dict("records")
    ]
    return TextTable(say("outside_table", lang), [[say(head, lang) for head in heads], *rows], 2)


def _remarks(found: Rings, options: RingOptions, lang: str) -> list[str]:
    remarks = [say("rings_are_reckoned", lang, turnout=options.turnout_s)]
    if options.now is None:
        remarks.append(say("hours_not_asked", lang))
    if found.stations.empty:
        remarks.append(say("no_station_counts", lang))
    without = int(found.stations["own_minutes"].isna().sum())
    if without:
        remarks.append(say("stations_without_class", lang, count=without))
    return remarks


def _length(length_m: float, part: float | None, lang: str) -> str:
    say_map = words(lang)
    return say("length_and_share", lang, length=say_map.length(length_m),
               share=say_map.share(part))  # fmt: skip


def _next(mean: float, most: float) -> str:
    """Write how long the next station takes; nothing where none comes."""
    return "" if pd.isna(mean) else f"{mean:.1f} / {most:.1f}"


def _records(frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return rows for a summary."""
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name)).astype(object)
    return list(plain.where(plain.notna(), None).to_dict("records"))
