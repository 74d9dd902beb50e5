"""A report on patrols in words: figures, tables, findings, and the page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from api.answering import Outcome
from api.patrol.limits import REPORTING, limits_table
from api.patrol.matches import (
    suspicions_table,
    tracks_table,
    walked_remarks,
    walked_scene,
)
from api.patrol.plans import duration
from api.patrol.reports import Report, ReportOptions, findings_of, report_on, report_tables
from api.words import say
from data import Layer
from maps import WalkedScene, words
from maps.tables import TextTable

Frames = Mapping[str, gpd.GeoDataFrame]

WORST_FIRST: Final = (
    "missed", "driven_through", "video_only", "too_short", "late", "unknown", "done",
)  # fmt: skip
"""What a place due several times is drawn as: the first of these that is met. What was seen comes
before what nobody knows."""

COUNTED: Final = (
    "due", "done", "late", "too_short", "driven_through", "video_only", "missed", "unknown",
    "too_often",
)  # fmt: skip
"""What tables count, in their order."""

FORMULAS: Final = ("completed", "presence", "handling", "swath", "silence")
"""What is explained beside the numbers."""


def report_patrols(
    frames: Frames, layers: Mapping[str, Layer], options: ReportOptions, *, lang: str
) -> Outcome:
    """
    Report on patrols: what was due, done, missed, seen and handled.

    Parameters
    ----------
    frames, layers, options
        See `api.patrol.reports.report_on`.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        With a page of places by what became of them.

    Raises
    ------
    GeoError
        When nobody was on duty, or nothing was given that could be due.
    """
    report = report_on(frames, layers, options)
    remarks = [say("report_period", lang, begin=f"{report.period[0]:%Y-%m-%d %H:%M}",
                   end=f"{report.period[1]:%Y-%m-%d %H:%M}")]  # fmt: skip
    if report.walked is not None:
        remarks += walked_remarks(report.walked, lang)
    else:
        remarks.append(say("report_without_tracks", lang))
    if report.found.strangers:
        remarks.append(say("shifts_unknown", lang, shifts="、".join(report.found.strangers)))
    scene = report_scene(report, frames, lang=lang)
    tables = {"statuses": scene.places, **report_tables(report)}
    return Outcome(report.summary(), tables, scene, remarks)


def report_scene(report: Report, frames: Frames, *, lang: str) -> WalkedScene:
    """
    Put a report on a page.

    Parameters
    ----------
    report
        Any report.
    frames
        Its layers.
    lang
        "zh" or "en".

    Returns
    -------
    scene
        Places by what became of them, ways, figures and tables.
    """
    streets = frames["streets"]
    if report.walked is not None:
        scene = walked_scene(report.walked, frames, lang=lang)
    else:
        nothing = gpd.GeoDataFrame(geometry=[], crs=streets.crs)
        scene = WalkedScene(
            ways=nothing.assign(track_id=[], street_id=[], direction=[], share=[], entered=[],
                                left=[]),
            tracks=pd.DataFrame({"track_id": []}),
            seen=nothing.assign(track_id=[], time=pd.Series([], dtype="datetime64[us]")),
            gaps=pd.DataFrame({"track_id": [], "from": [], "to": [], "length_s": []}),
            dropped=nothing.assign(track_id=[], reason=[], time=[]),
            streets=streets,
            areas=frames.get("areas"),
        )  # fmt: skip
    tables = [
        _counts("shifts_table", "shift_head", report.found.shifts, lang),
        # Without a plan nobody is sent by name: what units did stands in the table of activity.
        _counts(
            "units_table_done",
            "unit_head",
            report.found.units if report.found.own else report.found.units[:0],
            lang,
        ),
        _areas(report, lang),
        _counts("grids_table", "grid_head", report.found.grids, lang),
        _findings(report, frames, lang),
        _activity(report, lang),
        _places(report, frames, lang),
        _left_out(report, lang),
    ]
    if report.walked is not None:
        tables += [tracks_table(report.walked, lang), suspicions_table(report.walked, lang)]
    tables += [_formulas(lang), limits_table(report.limits, REPORTING, lang)]
    return replace(
        scene, places=places_of(report, frames, lang), figures=_figures(report, lang), tables=tables
    )


def places_of(report: Report, frames: Frames, lang: str) -> gpd.GeoDataFrame:
    """
    Tell what became of each place that was due.

    Parameters
    ----------
    report
        Any report.
    frames
        "points" and "segments" where given.
    lang
        "zh" or "en".

    Returns
    -------
    places
        `kind`, `id`, `name`, `status` (the worst of its visits), `due`, `done`, `detail` in words;
        rounds by video are left out, as they belong to a screen.
    """
    due = report.found.due[~report.found.due["video"]]
    shapes: dict[tuple[str, str], Any] = {}
    names: dict[tuple[str, str], Any] = {}
    for kind in ("point", "segment", "standby"):
        frame = frames.get("standby" if kind == "standby" else f"{kind}s")
        if frame is None:
            continue
        column = "place_id" if kind == "standby" else f"{kind}_id"
        own = "point" if kind == "standby" else kind
        named = frame["name"] if "name" in frame.columns else [None] * len(frame)
        for code, name, shape in zip(frame[column], named, frame.geometry, strict=True):
            shapes.setdefault((own, str(code)), shape)
            names.setdefault((own, str(code)), name)
    rows = []
    for (kind, code), group in due.groupby(["kind", "id"], sort=False):
        key = (str(kind), str(code))
        met = group["status"].value_counts()
        rows.append({
            "kind": key[0], "id": key[1], "name": names.get(key),
            "status": next(status for status in WORST_FIRST if status in met),
            "due": len(group), "done": int(met.get("done", 0)),
            "detail": _list([f"{_status(name, lang)} {met[name]}" for name in WORST_FIRST
                             if name in met], lang),
            "geometry": shapes.get(key),
        })  # fmt: skip
    columns = ["kind", "id", "name", "status", "due", "done", "detail", "geometry"]
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=columns), geometry="geometry", crs=frames["streets"].crs
    )


def _figures(report: Report, lang: str) -> list[tuple[str, str]]:
    say_map, found = words(lang), report.found.summary()
    counts = say("numbers_of", lang, part=f"{found['done']:,}", whole=f"{found['due']:,}")
    figures = [
        (say("visits_done_of_due", lang), counts),
        (say("completed_share", lang), _range(found, "completed_share", "completed_share_upper",
                                              lang)),
        (say("status.missed", lang), f"{found['missed']:,}"),
        (say("status.unknown", lang), f"{found['unknown']:,}"),
        (say("paper_units", lang), say("numbers_of", lang, part=f"{found['paper']:,}",
                                       whole=f"{found['units']:,}")),
    ]  # fmt: skip
    if report.presence is not None:
        share = _range(report.presence.summary(), "share", "share_known", lang)
        figures.append((say("presence_rate", lang), share))
    if report.handling is not None:
        share = _range(report.handling.summary(), "share", "share_upper", lang)
        figures.append((say("handling_rate", lang), share))
    if report.swath is not None:
        area = say_map.area(float(report.swath.whole["merged_m2"].iloc[0]))
        figures.append((say("swath_merged", lang), area))
    return figures


def _counts(title: str, head: str, table: pd.DataFrame, lang: str) -> TextTable:
    """Say what became of visits by some code."""
    heads = [head, *(f"status.{name}" for name in COUNTED), "completed_share"]
    rows = [
        [
            _code(code, lang),
            *(f"{row[name]:,}" for name in COUNTED),
            _range(row, "completed_share", "completed_share_upper", lang),
        ]
        for code, row in zip(table.index, table.to_dict("records"), strict=True)
    ]
    return TextTable(say(title, lang), [[say(each, lang) for each in heads], *rows], 1)


def _areas(report: Report, lang: str) -> TextTable:
    """Say of each area what was done, seen and handled."""
    plain = _counts("areas_table", "patrol_area_head", report.found.areas, lang)
    heads, *rows = plain.rows
    for part, head, upper in (
        (report.presence, "presence_rate", "share_known"),
        (report.handling, "handling_rate", "share_upper"),
    ):
        if part is None:
            continue
        of = {row["area_id"]: row for row in part.areas.to_dict("records")}
        heads = [*heads, say(head, lang)]
        found = [of.get("" if code is None else code) for code in report.found.areas.index]
        rows = [
            [*row, "" if own is None else _range(own, "share", upper, lang)]
            for row, own in zip(rows, found, strict=True)
        ]
    return TextTable(plain.title, [heads, *rows], 1)


def _findings(report: Report, frames: Frames, lang: str) -> TextTable:
    """List what was not done as it should be."""
    heads = ("id_head", "name_head", "finding_head", "unit_head", "shift_head", "window_head",
             "detail_head")  # fmt: skip
    named = places_of(report, frames, lang)
    names = dict(zip(zip(named["kind"], named["id"], strict=True), named["name"], strict=True))
    rows = [
        [
            str(row["id"]),
            _text(names.get((row["kind"], str(row["id"])))),
            _status(row["finding"], lang),
            _text(row["unit_id"]),
            _text(row["shift_id"]),
            _window(row["earliest"], row["latest"]),
            _detail(row, lang),
        ]
        for row in findings_of(report.found).to_dict("records")
    ]
    return TextTable(say("findings_table", lang), [[say(head, lang) for head in heads], *rows], 7)


def _activity(report: Report, lang: str) -> TextTable:
    """Hold the roster against the signs of its units; silence of devices stands apart."""
    heads = ("unit_head", "shift_head", "mode_head", "state_head", "duty_head", "silent_head",
             "longest_silence_head", "fixes_head", "visits_head")  # fmt: skip
    rows = [
        [
            str(row["unit_id"]),
            str(row["shift_id"]),
            words(lang).code("mode", row["mode"]),
            say(f"state.{row['state']}", lang),
            _time(row["on_duty_s"], lang),
            _time(row["silent_s"], lang),
            _time(row["longest_silence_s"], lang),
            _text(row["fixes"]),
            f"{row['visits']:,}",
        ]
        for row in report.found.activity.to_dict("records")
    ]
    return TextTable(say("activity_table", lang), [[say(head, lang) for head in heads], *rows], 4)


def _places(report: Report, frames: Frames, lang: str) -> TextTable:
    """Say of each place how often it was due and done, and how long nobody came."""
    heads = ("id_head", "name_head", "status.due", "status.done", "visits_head",
             "longest_gap_head")  # fmt: skip
    named = places_of(report, frames, lang)
    names = dict(zip(zip(named["kind"], named["id"], strict=True), named["name"], strict=True))
    rows = [
        [
            str(row["id"]),
            _text(names.get((row["kind"], str(row["id"])))),
            f"{row['due']:,}",
            f"{row['done']:,}",
            f"{row['visits']:,}",
            _time(row["longest_gap_s"], lang),
        ]
        for row in report.found.places.to_dict("records")
    ]
    return TextTable(say("places_table", lang), [[say(head, lang) for head in heads], *rows], 2)


def _left_out(report: Report, lang: str) -> TextTable:
    heads = [say(head, lang) for head in ("unit_head", "date_head", "reason_head")]
    rows = [
        [str(row["unit_id"]), str(row["date"]), say(f"unit.{row['reason']}", lang)]
        for row in report.left_out.to_dict("records")
    ]
    return TextTable(say("off_roster_table", lang), [heads, *rows], 3)


def _formulas(lang: str) -> TextTable:
    heads = [say(head, lang) for head in ("figure", "formula_head")]
    rows = [[say(f"formula_of.{name}", lang), say(f"formula.{name}", lang)] for name in FORMULAS]
    return TextTable(say("formulas_table", lang), [heads, *rows], 2)


def _range(row: Mapping[str, Any], low: str, high: str, lang: str) -> str:
    """Write a share, and the other end of its range where that differs."""
    say_map = words(lang)
    least, most = (None if pd.isna(row[name]) else row[name] for name in (low, high))
    if least is None or most == least:
        return say_map.share(least)
    high = say("share_unknown", lang) if most is None else say_map.share(most)
    return say("share_range", lang, low=say_map.share(least), high=high)


def _detail(row: Mapping[str, Any], lang: str) -> str:
    """Say how late, or for how much of the window the device was silent, or when it was begun."""
    parts = []
    if not pd.isna(row["late_s"]) and row["late_s"] > 0:
        parts.append(say("late_by", lang, minutes=f"{row['late_s'] / 60:.0f}"))
    if row["finding"] == "unknown":
        parts.append(say("silent_for", lang, share=words(lang).share(row["silent_share"])))
    if not pd.isna(row["begun"]):
        parts.append(say("begun_at", lang, time=f"{row['begun']:%m-%d %H:%M}"))
    return _list(parts, lang)


def _status(status: str, lang: str) -> str:
    return say(f"status.{status}", lang)


def _window(earliest: pd.Timestamp, latest: pd.Timestamp) -> str:
    if pd.isna(earliest):
        return ""
    return f"{earliest:%m-%d %H:%M}-{latest:%H:%M}"


def _time(seconds: float | None, lang: str) -> str:
    """Write a duration; nothing where nobody knows."""
    return "" if seconds is None or pd.isna(seconds) else duration(int(seconds), lang)


def _code(code: str | None, lang: str) -> str:
    return say("of_none", lang) if code is None else str(code)


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _list(parts: list[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(parts)
