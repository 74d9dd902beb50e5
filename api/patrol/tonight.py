"""What the page of tonight's patrol shows: what there is to choose, and a plan to be changed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd

from api.page_words import WORDS
from api.patrol.plans import duration, named, plan_remarks, plan_scene, stop_names
from api.patrol.stored import Kept, planning_areas, shifts_of_area, units_of
from api.patrol.wording import notes_said, reasons_said, rules_said, units_left_out
from data.errors import NotFoundError
from data.store import Store
from data.values import LOCAL_ZONE
from geo.patrol import PatrolPlan
from maps import words
from maps.patrol_page import NUMBERED

NEEDED: Final = (("areas",), ("streets",), ("units",), ("must_visit", "segments"))
"""Layers that patrols are planned with: one of each group."""


@dataclass(frozen=True)
class Choice:
    """
    What a plan may be asked for.

    Parameters
    ----------
    areas
        Code -> name.
    area
        The code that is chosen.
    date
        The day.
    shifts
        Hours of the shifts of that day.
    shift
        The one that is chosen; "" where there is none.
    units
        Id, name and mode of those that have it.
    """

    areas: Mapping[str, str]
    area: str
    date: dt.date
    shifts: Sequence[str]
    shift: str
    units: Sequence[Mapping[str, Any]]


def lacking(store: Store) -> list[tuple[str, ...]]:
    """
    List the layers without which nothing can be planned.

    Parameters
    ----------
    store
        Opened for the scope of the request.

    Returns
    -------
    groups
        Those of `NEEDED` of which nothing is stored.
    """
    return [group for group in NEEDED if not any(map(store.count, group))]


def choice(store: Store, area: str, date: str, shift: str, lang: str) -> Choice:
    """
    Gather what may be chosen.

    Parameters
    ----------
    store
        Opened for the scope of the request; nothing is lacking.
    area
        The code that was asked; "" for the first.
    date
        The day that was asked; "" for today.
    shift
        The hours that were asked; those of no shift of the day for its last one: tonight's.
    lang
        "zh" or "en".

    Returns
    -------
    choice
        With the units of the shift.

    Raises
    ------
    NotFoundError
        When the scope sees no such area.
    """
    areas = planning_areas(store)
    names = {
        str(code): _told(name, code)
        for code, name in zip(areas["area_id"], areas["name"], strict=True)
    }
    if not names:
        raise NotFoundError("nothing_stored", kind="areas", layer="areas")
    if area and area not in names:
        raise NotFoundError("no_such_area", id=area, codes=list(names))
    code = area or next(iter(names))
    day = dt.date.fromisoformat(date) if date else store.today()
    shifts = shifts_of_area(store, code, day)
    chosen = shift if shift in shifts else next(reversed(shifts), "")
    units = units_of(store, code, day, chosen) if chosen else pd.DataFrame()
    say_map = words(lang)
    return Choice(
        names, code, day, shifts, chosen,
        [
            {
                "id": str(row["unit_id"]),
                "name": _told(row["name"], row["unit_id"]),
                "mode": say_map.code("mode", row["mode"]),
                "video": row["mode"] == "video",
            }
            for row in units.to_dict("records")
        ],
    )  # fmt: skip


def plan_shown(kept: Kept, lang: str) -> dict[str, Any]:
    """
    Put a plan into what its page shows.

    Parameters
    ----------
    kept
        A plan of the store.
    lang
        "zh" or "en".

    Returns
    -------
    shown
        `row`, `area` (its name), `figures`, `remarks`, `broken` (sentences), `units` with their
        stops, `unserved`, `tables`, and when it was decided on.
    """
    plan, row = kept.plan, kept.row
    areas = kept.frames["areas"]
    units = _units(plan, lang)
    return {
        "row": row,
        "area": _told(areas["name"].iloc[0], row.area),
        "figures": plan_scene(plan, kept.frames, lang=lang).figures,
        "remarks": plan_remarks(plan, lang),
        "broken": _broken(plan, units, lang),
        "units": units,
        "unserved": _unserved(plan, lang),
        "tables": [
            table
            for table in (units_left_out(plan, lang), notes_said(plan, lang))
            if len(table.rows) > 1
        ],
        "decided_at": None if row.decided_at is None else local_minute(row.decided_at),
    }


def local_minute(moment: dt.datetime) -> str:
    """
    Write a moment of the store by the local clock.

    Parameters
    ----------
    moment
        In UTC, naive.

    Returns
    -------
    text
        Such as "2026-05-01 19:40".
    """
    local = moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(LOCAL_ZONE))
    return local.strftime("%Y-%m-%d %H:%M")


def _units(plan: PatrolPlan, lang: str) -> list[dict[str, Any]]:
    say_map = words(lang)
    stops = plan.stops.assign(name=stop_names(plan, lang))
    wrong = set(zip(plan.violations["unit_id"], plan.violations["seq"], strict=True))
    rows = named(plan.units, plan).to_dict("records")
    return [
        {
            "id": str(row["unit_id"]),
            "crew": int(row["crew_id"]),
            "name": str(row["name"]),
            "mode": say_map.code("mode", row["mode"]),
            "leave": _clock(row["leave"], row["on"], lang) if row["stops"] else None,
            "finish": _clock(row["finish"], row["on"], lang) if row["stops"] else None,
            "made": int(row["stops"]),
            "length": say_map.length(float(row["distance_m"])),
            "took": duration(int(row["duration_s"]), lang),
            "others": [
                taker
                for taker in _takers(rows, row["area_id"], row["shift_id"])
                if taker["id"] != str(row["unit_id"])
            ],
            "stops": _stops(stops[stops["crew_id"] == row["crew_id"]], row, wrong, lang),
        }
        for row in rows
    ]


def _stops(
    stops: pd.DataFrame, unit: Mapping[str, Any], wrong: set[tuple[Any, Any]], lang: str
) -> list[dict[str, Any]]:
    """Return the stops of a unit; `order` counts as the sheets do, `seq` as the check does."""
    say_map = words(lang)
    found, order, seq = [], 0, 0
    for stop in stops.to_dict("records"):
        between = stop["kind"] not in ("start", "end")
        order += stop["kind"] in NUMBERED
        found.append({
            "seq": seq if between else None,
            "order": order if stop["kind"] in NUMBERED else "",
            "place": stop["name"],
            "what": say_map.code("stop_kind", stop["kind"]),
            "arrive": _clock(stop["arrive"], unit["on"], lang),
            "leave": _clock(stop["leave"], unit["on"], lang),
            "due_id": stop["due_id"] if isinstance(stop["due_id"], str) else None,
            "wrong": between and (unit["unit_id"], seq) in wrong,
        })  # fmt: skip
        seq += between
    return found


def _broken(plan: PatrolPlan, units: Sequence[Mapping[str, Any]], lang: str) -> list[str]:
    """Say which rules are broken where."""
    told = rules_said(plan.violations, lang).rows[1:]
    rows = plan.violations.to_dict("records")
    by_id = {unit["id"]: unit for unit in units}
    found = []
    for (_, _, rule, met, limit), row in zip(told, rows, strict=True):
        unit = by_id[str(row["unit_id"])]
        # What is wrong with the whole is told of the row behind the last.
        place = next(
            (stop["place"] or stop["what"] for stop in unit["stops"] if stop["seq"] == row["seq"]),
            _say("whole_shift", lang),
        )
        values = {"unit": unit["name"], "place": place, "rule": rule, "met": met, "limit": limit}
        found.append(_say("broken_rule", lang, **values))
    return found


def _unserved(plan: PatrolPlan, lang: str) -> list[dict[str, Any]]:
    say_map = words(lang)
    units = named(plan.units, plan).to_dict("records")
    due_ids = plan.model.tasks.frame["due_id"].to_numpy(dtype=object)
    takers = {
        str(due_id): _takers(units, part.area_id, plan.model.shifts.period_id(part.period))
        for part in plan.model.parts
        # Of what no unit can do at all there is no way to be given.
        for due_id in due_ids[part.tasks[part.ways["task"].unique()]]
    }
    return [
        {
            "place": row["name"] or row["id"],
            "what": say_map.code("stop_kind", row["kind"]),
            "due_id": row["due_id"],
            "reason": row["reason"],
            "relaxation": row["relaxation"],
            "takers": takers.get(row["due_id"], []),
        }
        for row in reasons_said(plan, lang).to_dict("records")
    ]


def _takers(
    units: Sequence[Mapping[str, Any]], area_id: object, shift_id: object
) -> list[dict[str, str]]:
    """List the units that may be sent in an area and shift."""
    return [
        {"id": str(unit["unit_id"]), "name": str(unit["name"])}
        for unit in units
        if (unit["area_id"], unit["shift_id"]) == (area_id, shift_id) and unit["counted"]
    ]


def _clock(time: pd.Timestamp, on: pd.Timestamp, lang: str) -> str:
    """Write a time of the day that the shift began on, or of the next one."""
    text = f"{time:%H:%M}"
    return text if time.date() == on.date() else _say("next_day", lang, time=text)


def _told(name: object, code: object) -> str:
    """Return what people call something: its code, where nobody named it."""
    return str(name) if isinstance(name, str) and name else str(code)


def _say(key: str, lang: str, **values: object) -> str:
    return WORDS[key][lang != "zh"].format(**values)
