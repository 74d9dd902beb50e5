"""What a plan says in codes, as people say it: why a task is left out, which rule is broken."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from api.words import say
from geo.patrol.patrolplan import PatrolPlan
from maps import words
from maps.tables import TextTable

CLOCKS = ("window", "shift", "break")
"""Rules whose figures are times of day."""

SECONDS = ("dwell", "speed")
"""Rules whose figures are seconds."""

WORDLESS = ("direction", "unreachable", "skill", "unknown")
"""Rules whose figures are numbers of this program."""


def reasons_said(plan: PatrolPlan, lang: str) -> gpd.GeoDataFrame:
    """
    Say why tasks are left out, and what would serve them.

    Parameters
    ----------
    plan
        Any plan.
    lang
        "zh" or "en".

    Returns
    -------
    unserved
        One row per task: `id`, `kind`, `name`, `due_id`, `area_id`, `reason`, `relaxation` in
        words, `reason_code`, and its place; None where it has none.
    """
    names = plan.units.set_index("unit_id")["name"].to_dict()
    rows = plan.unserved.to_dict("records")
    told = plan.unserved[["id", "kind", "due_id", "area_id"]].assign(
        name=_visit_names(plan.unserved, lang),
        reason=[_why(row, lang) for row in rows],
        relaxation=[_fix(row, names, lang) for row in rows],
        reason_code=plan.unserved["reason"],
    )
    sites = plan.model.ground.sites
    places = {
        (kind, str(each)): shape
        for kind, frame, column in (
            ("point", sites.points, "point_id"),
            ("segment", sites.segments, "segment_id"),
            ("standby", sites.standby, "place_id"),
        )
        for each, shape in zip(frame[column], frame.geometry, strict=True)
    }
    shapes = [
        places.get((row["kind"], str(row["id"])), places.get(("point", str(row["id"]))))
        for row in rows
    ]
    return gpd.GeoDataFrame(told, geometry=shapes, crs=sites.streets.crs)


def rules_said(violations: pd.DataFrame, lang: str) -> TextTable:
    """
    List the rules that a check found broken.

    Parameters
    ----------
    violations
        `unit_id`, `seq`, `rule`, `met`, `limit`.
    lang
        "zh" or "en".

    Returns
    -------
    table
        In words; without rows where nothing is broken.
    """
    heads = ("unit_head", "stop_head", "rule_head", "met_head", "limit_head")
    rows = [
        [
            str(row["unit_id"]),
            f"{row['seq'] + 1}",
            say(f"rule.{row['rule']}", lang),
            _figure(row["rule"], int(row["met"]), lang),
            _figure(row["rule"], int(row["limit"]), lang),
        ]
        for row in violations.to_dict("records")
    ]
    return TextTable(say("rules_table", lang), [[say(head, lang) for head in heads], *rows], 3)


def units_left_out(plan: PatrolPlan, lang: str) -> TextTable:
    """
    List the units that get no route.

    Parameters
    ----------
    plan
        Any plan.
    lang
        "zh" or "en".

    Returns
    -------
    table
        In words.
    """
    heads = ("unit_head", "reason_head")
    rows = [
        [str(row["unit_id"]), say(f"unit.{row['reason']}", lang)]
        for row in plan.left_out.to_dict("records")
    ]
    return TextTable(say("left_out_table", lang), [[say(head, lang) for head in heads], *rows], 2)


def notes_said(plan: PatrolPlan, lang: str) -> TextTable:
    """
    List what a person should know about units and areas.

    Parameters
    ----------
    plan
        Any plan.
    lang
        "zh" or "en".

    Returns
    -------
    table
        In words.
    """
    rows = [
        [say(f"note.{row['about']}", lang, id=row["id"]), say(f"note.{row['note']}", lang)]
        for row in plan.notes.to_dict("records")
    ]
    heads = [say("id_head", lang), say("notes_table", lang)]
    return TextTable(say("notes_table", lang), [heads, *rows], 2)


def _visit_names(unserved: pd.DataFrame, lang: str) -> list[str]:
    """Return the names of what is left out, told apart where several visits of one are."""
    often = unserved.groupby(["kind", "id", "shift_id"])["visit"].transform("size") > 1
    named = zip(unserved["name"], unserved["id"], unserved["visit"], often, strict=True)
    return [
        say("nth_visit", lang, name=name or code, visit=visit) if many else str(name or "")
        for name, code, visit, many in named
    ]


def _why(row: Mapping[str, Any], lang: str) -> str:
    detail = row["detail"]
    known = "?" if pd.isna(detail) else f"{detail:.0f}"
    return say(f"why.{row['reason']}", lang, detail=known)


def _fix(row: Mapping[str, Any], names: Mapping[str, str], lang: str) -> str:
    if not row["relaxation"]:
        return ""
    unit = names.get(row["unit_id"]) or row["unit_id"]
    mode = words(lang).code("mode", row["mode"])
    return say(f"fix.{row['relaxation']}", lang, unit=unit, amount=row["amount"], mode=mode)


def _figure(rule: str, value: int, lang: str) -> str:
    """Write a figure of a rule: times of day as such, others with their unit."""
    if rule in WORDLESS:
        return ""
    if rule in SECONDS:
        return say("seconds", lang, number=f"{value:,}")
    if rule not in CLOCKS:
        return f"{value:,}"
    hours, rest = divmod(value, 3_600)
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
