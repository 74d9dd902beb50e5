"""Plans of patrols: made from layers, put into words, sheets and a page, and checked again."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from api.answering import Outcome
from api.patrol.wording import notes_said, reasons_said, rules_said, units_left_out
from api.words import say
from data.export import to_json
from data.gpx import gpx_text
from geo.errors import PatrolError
from geo.patrol.keeping import check_record, record_of
from geo.patrol.patrolplan import PatrolPlan
from geo.patrol.planning import carried_out, draft
from maps import PatrolScene, SheetScene, Words, route_sheets, words
from maps.tables import TextTable

PLAN_FILE = "plan.json"
"""What a plan is kept in, to be checked again."""

SHEETS_FILE = "sheets.html"
"""The route sheets."""

GPX_FILE = "routes.gpx"
"""Routes and stops for devices."""

SEEDS = 2**31
"""Seeds are drawn below this: nobody is to guess tonight's from last night's."""

HOUR_S = 3_600
"""Seconds of an hour."""


@dataclass(frozen=True)
class PlanOptions:
    """
    What is asked of a plan.

    Parameters
    ----------
    date
        The day that the shifts begin on.
    shift
        The hours to plan for, such as "18:00-02:00"; None for all shifts of the date.
    seed
        Repeats the plan.
    balance
        Whether shifts are made as long as each other.
    iterations
        Of the search of each area and shift.
    time_limit_s
        Outer limit, in seconds.
    """

    date: dt.date
    shift: str | None = None
    seed: int = 0
    balance: bool = True
    iterations: int = 4_000
    time_limit_s: float = 300.0


def plan_patrols(
    frames: Mapping[str, gpd.GeoDataFrame], options: PlanOptions, *, lang: str
) -> Outcome:
    """
    Plan patrols.

    Parameters
    ----------
    frames
        "streets" and "units"; any of "points", "segments", "areas" and "standby". One metric CRS.
    options
        What is asked.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        With route sheets, GPX, and the plan as a record that `check_patrols` takes.

    Raises
    ------
    GeoError
        When nothing can be planned.
    """
    model = draft(
        frames.get("points"), frames.get("segments"), frames["units"], frames["streets"],
        date=options.date, shift=options.shift, areas=frames.get("areas"),
        standby=frames.get("standby"),
    )  # fmt: skip
    plan = carried_out(
        model, seed=options.seed, balance=options.balance, iterations=options.iterations,
        time_limit_s=options.time_limit_s,
    )  # fmt: skip
    kept = {"date": options.date.isoformat(), "shift": options.shift, **record_of(plan),
            "made_of": fingerprint(frames)}  # fmt: skip
    hints = []
    if "areas" not in frames and (plan.unserved["reason"] == "no_unit_in_area").any():
        hints.append(say("give_areas", lang))
    scene = plan_scene(plan, frames, lang=lang)
    sheets = plan_sheets(plan, frames["streets"], lang=lang)
    texts = {
        PLAN_FILE: to_json(kept) + "\n",
        SHEETS_FILE: sheets,
        GPX_FILE: gpx_text(named(plan.routes, plan), plan.stops),
    }
    return Outcome(
        plan.summary(), plan_tables(plan, lang), scene, [*plan_remarks(plan, lang), *hints],
        say("next_plan", lang, sheets=SHEETS_FILE, plan=PLAN_FILE), texts,
    )  # fmt: skip


def check_patrols(
    frames: Mapping[str, gpd.GeoDataFrame], record: Mapping[str, Any], *, lang: str
) -> Outcome:
    """
    Hold a plan that was kept against every rule, by its own hours.

    Parameters
    ----------
    frames
        As for `plan_patrols`.
    record
        Of `plan.json`, whoever changed it since.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        Its `violations`; none for a plan that can be walked as it is written.

    Raises
    ------
    GeoError
        When the record is no plan, or speaks of what the layers do not have.
    """
    try:
        date, shift = dt.date.fromisoformat(record["date"]), record["shift"]
        parts, seed = record["parts"], int(record["seed"])
    except (KeyError, TypeError, ValueError) as error:
        raise PatrolError(
            f"plan: {error!r} in the file; give the plan.json that `patrol plan --out` wrote"
        ) from error
    model = draft(
        frames.get("points"), frames.get("segments"), frames["units"], frames["streets"],
        date=date, shift=shift, areas=frames.get("areas"), standby=frames.get("standby"),
    )  # fmt: skip
    found = check_record({"parts": parts, "seed": seed}, model)
    same = record.get("made_of") == fingerprint(frames)
    summary = {
        "date": date.isoformat(),
        "shift": shift,
        "violations": found.to_dict("records"),
        "valid": found.empty,
        "same_layers": same,
    }
    remarks = [say("plan_checks", lang) if found.empty else say("violations_met", lang,
                                                                count=len(found))]  # fmt: skip
    if not same:
        remarks.append(say("other_layers", lang))
    crews = [crew for part in parts for crew in part["crews"]]
    stops = sum("break" not in stop for crew in crews for stop in crew["stops"])
    figures = [
        (say("units_on_duty", lang), f"{len(crews):,}"),
        (say("stops_head", lang), f"{stops:,}"),
        (say("rules_table", lang), f"{len(found):,}"),
    ]
    empty = gpd.GeoDataFrame({"crew_id": []}, geometry=[], crs=frames["streets"].crs)
    scene = PatrolScene(
        empty, empty.assign(kind=[], arrive=[], leave=[], id=[]), empty.assign(begin=[], end=[]),
        streets=frames["streets"], figures=figures, tables=[rules_said(found, lang)],
    )  # fmt: skip
    return Outcome(summary, {"violations": found}, scene, remarks, failed=not found.empty)


def fingerprint(frames: Mapping[str, gpd.GeoDataFrame]) -> str:
    """
    Return what tells layers from others.

    Parameters
    ----------
    frames
        Role -> rows.

    Returns
    -------
    digest
        SHA-256 over all cells, coordinates to a millimetre.
    """
    digest = hashlib.sha256()
    for role, frame in sorted(frames.items()):
        table = pd.DataFrame(frame.drop(columns=frame.geometry.name)).astype(str)
        shapes = frame.geometry.to_wkt(rounding_precision=3)
        rows = table.assign(geometry=shapes).to_dict("records")
        digest.update(json.dumps([role, rows], ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()


def named(frame: pd.DataFrame, plan: PatrolPlan) -> Any:  # noqa: ANN401 - a frame of its own kind
    """
    Add the names of units to rows of crews.

    Parameters
    ----------
    frame
        Rows with `crew_id`.
    plan
        The plan.

    Returns
    -------
    frame
        With `name`: that of the unit, its id where it has none.
    """
    units = plan.units.set_index("crew_id")
    names = units["name"].where(units["name"].notna() & (units["name"] != ""), units["unit_id"])
    return frame.assign(name=frame["crew_id"].map(names))


def plan_scene(
    plan: PatrolPlan, frames: Mapping[str, gpd.GeoDataFrame], *, lang: str
) -> PatrolScene:
    """
    Put a plan on a page.

    Parameters
    ----------
    plan
        Any plan.
    frames
        Its layers.
    lang
        "zh" or "en".

    Returns
    -------
    scene
        Routes by unit, a slider, what is left out, figures and tables.
    """
    unserved = reasons_said(plan, lang)
    return PatrolScene(
        routes=named(plan.routes, plan),
        stops=plan.stops.assign(name=stop_names(plan, lang)),
        legs=plan.legs,
        unserved=unserved,
        areas=frames.get("areas"),
        streets=frames["streets"],
        figures=_figures(plan, lang),
        tables=[
            _units(plan, lang), _unserved(unserved, lang), units_left_out(plan, lang),
            notes_said(plan, lang), rules_said(plan.violations, lang),
        ],
    )  # fmt: skip


def plan_sheets(
    plan: PatrolPlan, streets: gpd.GeoDataFrame, *, accepted: bool = False, lang: str
) -> str:
    """
    Return the route sheets of a plan.

    Parameters
    ----------
    plan
        Any plan.
    streets
        The streets, in the CRS of the plan.
    accepted
        Whether a person has accepted it.
    lang
        "zh" or "en".

    Returns
    -------
    html
        A page to print.
    """
    shifts = plan.model.shifts
    hours = "、".join(
        shifts.period_id(period).split(" ", 1)[1] for period in range(len(shifts.periods))
    )
    remark = ""
    if len(plan.violations):
        remark = say("violations_met", lang, count=len(plan.violations))
    scene = SheetScene(
        named(plan.routes, plan), plan.stops.assign(name=stop_names(plan, lang)), shifts.date,
        hours, streets, accepted, remark,
    )  # fmt: skip
    return route_sheets(scene, title=say("route_sheet", lang), lang=lang)


def stop_names(plan: PatrolPlan, lang: str) -> list[str]:
    """
    Return what people call the stops of a plan.

    Parameters
    ----------
    plan
        Any plan.
    lang
        "zh" or "en".

    Returns
    -------
    names
        One for each row of `stops`: of a segment with its direction, of a standby place its name.
    """
    standby = plan.model.ground.sites.standby
    places = {} if "name" not in standby else dict(zip(standby["place_id"], standby["name"],
                                                       strict=True))  # fmt: skip
    found = []
    for stop in plan.stops[["kind", "id", "name", "direction"]].itertuples(index=False):
        name = stop.name or places.get(stop.id) or stop.id or ""
        backward = stop.kind == "segment" and stop.direction == "backward"
        found.append(say("walked_backward", lang, name=name) if backward else str(name))
    return found


def plan_tables(plan: PatrolPlan, lang: str) -> dict[str, pd.DataFrame]:
    """
    Return a plan as layers of a file.

    Parameters
    ----------
    plan
        Any plan.
    lang
        "zh" or "en".

    Returns
    -------
    tables
        `routes`, `stops`, `legs`, `units`, `unserved`, `due`, `roster`, `parts`.
    """
    return {
        "routes": named(plan.routes, plan),
        "stops": plan.stops,
        "legs": plan.legs,
        "units": plan.units,
        "unserved": reasons_said(plan, lang),
        "due": plan.due,
        "roster": plan.roster,
        "parts": plan.parts,
    }


def plan_remarks(plan: PatrolPlan, lang: str) -> list[str]:
    """
    Say what has to be said beside the figures of a plan.

    Parameters
    ----------
    plan
        Any plan.
    lang
        "zh" or "en".

    Returns
    -------
    remarks
        Sentences.
    """
    remarks = [say("plan_is_proposal", lang)]
    if len(plan.violations):
        remarks.append(say("violations_met", lang, count=len(plan.violations)))
    if plan.stopped_by == "time":
        remarks.append(say("stopped_by_limit", lang))
    if not plan.parts["balanced"].dropna().all():
        remarks.append(say("not_balanced", lang))
    return remarks


def _figures(plan: PatrolPlan, lang: str) -> list[tuple[str, str]]:
    say_map = words(lang)
    summary = plan.summary()
    longest, shortest = plan.longest_shift_s, plan.shortest_shift_s
    figures = [
        (say("units_on_duty", lang), f"{summary['units']:,}"),
        (say("tasks_served", lang), f"{plan.served:,}"),
        (say("tasks_unserved", lang), f"{len(plan.unserved):,}"),
        (say("plan_distance", lang), say_map.length(plan.distance_m)),
        (say("plan_gap", lang), say_map.share(plan.gap)),
        (say("shifts_longest", lang), f"{duration(longest, lang)} / {duration(shortest, lang)}"),
    ]
    if summary["balance_price_m"] is not None:
        price = say_map.length(max(summary["balance_price_m"], 0))
        figures.append((say("balance_price", lang), price))
    return figures


def _units(plan: PatrolPlan, lang: str) -> TextTable:
    say_map = words(lang)
    heads = ("unit_head", "mode_head", "leave_head", "finish_head", "stops_head", "route_head",
             "took_head")  # fmt: skip
    rows = [_unit(row, say_map, lang) for row in named(plan.units, plan).to_dict("records")]
    return TextTable(say("units_table", lang), [[say(head, lang) for head in heads], *rows], 2)


def _unit(row: Mapping[str, Any], say_map: Words, lang: str) -> list[str]:
    idle = not row["stops"]
    return [
        str(row["name"]),
        say_map.code("mode", row["mode"]),
        "" if idle else f"{row['leave']:%H:%M}",
        "" if idle else f"{row['finish']:%H:%M}",
        f"{row['stops']:,}",
        say_map.length(float(row["distance_m"])),
        duration(int(row["duration_s"]), lang),
    ]


def duration(seconds: int, lang: str) -> str:
    """
    Write a duration.

    Parameters
    ----------
    seconds
        How long.
    lang
        "zh" or "en".

    Returns
    -------
    text
        In hours and minutes.
    """
    hours, rest = divmod(seconds, HOUR_S)
    return say("hours_and_minutes", lang, hours=hours, minutes=rest // 60)


def _unserved(unserved: gpd.GeoDataFrame, lang: str) -> TextTable:
    heads = ("id_head", "name_head", "reason_head", "relaxation_head")
    rows = [
        [str(row["id"]), str(row["name"] or ""), row["reason"], row["relaxation"]]
        for row in unserved.to_dict("records")
    ]
    return TextTable(say("unserved_table", lang), [[say(head, lang) for head in heads], *rows], 4)
