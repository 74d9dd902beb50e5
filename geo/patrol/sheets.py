"""The frames of a plan: stops with their times, the ways between them, routes, units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.patrol.model import FREE
from geo.patrol.problem import BREAK
from geo.patrol.shifts import clock
from geo.patrol.travel import joined_lines, stretched

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.patrol.ground import Ground
    from geo.patrol.model import Model, Part
    from geo.patrol.outcome import Outcome

    Ints = NDArray[np.int64]
    Lines = NDArray[np.object_]

KINDS: Final = ("start", "point", "segment", "standby", "break", "end")
"""What a stop may be."""

STOP_COLUMNS: Final = (
    "crew_id", "unit_id", "shift_id", "area_id", "seq", "kind", "id", "name", "direction",
    "due_id", "arrive_s", "start_s", "leave_s", "wait_s", "travel_m", "travel_s", "work_m",
    "from_place", "place", "exit_place", "mode", "row",
)  # fmt: skip
"""Columns of a stop as it is put together."""

STOP_NUMBERS: Final = (
    "crew_id", "seq", "arrive_s", "start_s", "leave_s", "wait_s", "travel_m", "travel_s",
    "work_m", "from_place", "place", "exit_place", "row",
)  # fmt: skip
"""Those of them that are whole numbers."""

WHOSE: Final = ("unit_id", "shift_id", "area_id")
"""Columns that say whose a stop is."""


def raw_stops(model: Model, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """
    List all stops of all crews.

    Parameters
    ----------
    model
        What was planned.
    outcomes
        One of each part.

    Returns
    -------
    stops
        In the columns of `STOP_COLUMNS`, by part, crew and order; places are those of the ground.
    """
    rows = [
        row
        for part, outcome in zip(model.parts, outcomes, strict=True)
        for crew in range(len(part.crews))
        for row in _route(model, part, outcome, crew)
    ]
    raw = pd.DataFrame(rows, columns=list(STOP_COLUMNS), dtype=object)
    return raw.astype(dict.fromkeys(STOP_NUMBERS, "int64"))


def _route(model: Model, part: Part, outcome: Outcome, crew: int) -> Iterator[tuple[Any, ...]]:
    """Yield the stops of one crew, from its start to its end; none when it stays idle."""
    stops = outcome.timetable.stops
    stops = stops[stops["crew"] == crew]
    if stops.empty:
        return
    unit = model.shifts.crews.iloc[part.crews[crew]]
    whose = (unit["crew_id"], unit["unit_id"], unit["shift_id"], part.area_id)
    day = outcome.timetable.crews.iloc[crew]
    problem, places, seq = part.problem, part.places, 0
    at = int(places[problem.crews.start[crew]])
    if at != FREE:
        leave = int(day["leave_s"])
        yield (*whose, seq, "start", unit["start"], None, "", None, leave, leave, leave, 0, 0, 0,
               0, at, at, at, unit["mode"], -1)  # fmt: skip
        seq += 1
    for stop in stops.itertuples(index=False):
        entry = leave_at = int(places[stop.place])
        what: tuple[Any, ...] = ("break", None, None, "", None)
        row = -1
        if stop.visit != BREAK:
            task = model.tasks.frame.iloc[part.tasks[problem.visits.task[stop.visit]]]
            direction = part.ways["direction"].iloc[stop.visit]
            what = (task["kind"], task["id"], task["name"], direction, task["due_id"])
            leave_at, row = int(places[problem.visits.exit[stop.visit]]), task["row"]
        yield (*whose, seq, *what, stop.arrive_s, stop.start_s, stop.leave_s, stop.wait_s,
               stop.travel_m, stop.travel_s, stop.work_m, at, entry, leave_at, unit["mode"],
               row)  # fmt: skip
        at, seq = leave_at, seq + 1
    home = int(places[problem.crews.end[crew]])
    if home != FREE:
        finish, name = int(day["finish_s"]), unit["end"] or unit["start"]
        yield (*whose, seq, "end", name, None, "", None, finish, finish, finish, 0, day["home_m"],
               day["home_s"], 0, at, home, home, unit["mode"], -1)  # fmt: skip


def stops_of(model: Model, raw: pd.DataFrame) -> gpd.GeoDataFrame:
    """
    Put stops as people read them.

    Parameters
    ----------
    model
        What was planned.
    raw
        Outcome of `raw_stops`.

    Returns
    -------
    stops
        `crew_id`, `unit_id`, `shift_id`, `area_id`, `seq`, `kind` (one of `KINDS`), `id`, `name`,
        `direction` (of a segment), `due_id`, `arrive`, `start`, `leave` (local times), `wait_s`,
        `travel_m` and `travel_s` (of the way there), `work_m`, `mode`, Point (of a segment where
        it is begun).
    """
    date = model.shifts.date
    times = {name: clock(date, raw[f"{name}_s"]) for name in ("arrive", "start", "leave")}
    before = ["crew_id", *WHOSE, "seq", "kind", "id", "name", "direction", "due_id"]
    after = ["wait_s", "travel_m", "travel_s", "work_m", "mode"]
    table = raw[before].assign(**times).join(raw[after])
    xy = model.ground.xy[raw["place"].to_numpy(dtype=np.int64)]
    crs = model.ground.sites.streets.crs
    return gpd.GeoDataFrame(table, geometry=shapely.points(xy), crs=crs)


def legs_of(model: Model, raw: pd.DataFrame) -> gpd.GeoDataFrame:
    """
    Draw every movement along the streets.

    Parameters
    ----------
    model
        What was planned.
    raw
        Outcome of `raw_stops`.

    Returns
    -------
    legs
        One row per movement, in order: `crew_id`, `unit_id`, `shift_id`, `area_id`, `seq` (of the
        stop it leads to or belongs to), `kind` ("way" or "segment"), `begin`, `end` (local times),
        `length_m`, LineString in the direction walked. Where nothing is walked there is no row.
    """
    left = np.r_[0, raw["leave_s"].to_numpy(dtype=np.int64)[:-1]] if len(raw) else raw["leave_s"]
    ways = pd.DataFrame({
        "kind": "way", "begin_s": left, "end_s": raw["arrive_s"], "length_m": raw["travel_m"],
        "line": _ways(model.ground, raw),
    })  # fmt: skip
    # A unit that starts anywhere is at its first stop without a way.
    ways.loc[(raw["seq"] == 0).to_numpy(), "line"] = None
    works = pd.DataFrame({
        "kind": "segment", "begin_s": raw["start_s"], "end_s": raw["leave_s"],
        "length_m": raw["work_m"], "line": _works(model.ground, raw),
    })  # fmt: skip
    whose = raw[["crew_id", *WHOSE, "seq"]]
    both = pd.concat([whose.join(ways), whose.join(works)]).sort_index(kind="stable")
    held = both[both["line"].notna()].reset_index(drop=True)
    date = model.shifts.date
    table = held[["crew_id", *WHOSE, "seq", "kind"]].assign(
        begin=clock(date, held["begin_s"]), end=clock(date, held["end_s"]),
        length_m=held["length_m"].astype(np.int64),
    )  # fmt: skip
    crs = model.ground.sites.streets.crs
    return gpd.GeoDataFrame(table, geometry=held["line"].to_numpy(dtype=object), crs=crs)


def _ways(ground: Ground, raw: pd.DataFrame) -> Lines:
    """Draw the ways to stops, for all units of a mode at once."""
    lines = np.full(len(raw), None, dtype=object)
    for mode, ways in ground.ways.items():
        here = np.flatnonzero((raw["mode"] == mode).to_numpy())
        start, end = (raw[name].to_numpy(np.int64)[here] for name in ("from_place", "place"))
        held = (start >= 0) & (end >= 0)
        lines[here[held]] = ways.lines(start[held], end[held])
    return lines


def _works(ground: Ground, raw: pd.DataFrame) -> Lines:
    """Draw the segments that are patrolled, in the direction in which they are."""
    lines = np.full(len(raw), None, dtype=object)
    for mode, placed in ground.placed.items():
        here = np.flatnonzero(((raw["mode"] == mode) & (raw["kind"] == "segment")).to_numpy())
        if not len(here):
            continue
        laid = placed.stretches
        pieces = stretched(
            ground.ways[mode].network, laid["part"].to_numpy(), laid["start_m"].to_numpy(),
            laid["end_m"].to_numpy(), laid["along"].to_numpy(),
        )  # fmt: skip
        whole = joined_lines(pieces, laid["segment"].to_numpy(), len(placed.placed))
        lines[here] = whole[raw["row"].to_numpy(np.int64)[here]]
    back = (raw["direction"] == "backward").to_numpy()
    lines[back] = shapely.reverse(lines[back])
    return lines


def units_of(model: Model, outcomes: Sequence[Outcome], raw: pd.DataFrame) -> pd.DataFrame:
    """
    Say what every unit does in its shift.

    Parameters
    ----------
    model
        What was planned.
    outcomes
        One of each part.
    raw
        Outcome of `raw_stops`.

    Returns
    -------
    units
        One row per crew, idle ones too: `crew_id`, `unit_id`, `shift_id`, `name`, `force`, `mode`,
        `visible`, `area_id`, `on`, `off`, `leave`, `finish` (local times), `stops` (tasks it
        does), `distance_m`, `duration_s` (from leaving to the end, waiting and break included),
        `wait_s`, `counted` (it could do something).
    """
    pieces = [
        outcome.timetable.crews.assign(
            crew_id=model.shifts.crews["crew_id"].to_numpy()[part.crews],
            area_id=part.area_id, counted=outcome.counted,
        )
        for part, outcome in zip(model.parts, outcomes, strict=True)
    ]  # fmt: skip
    found = pd.concat(pieces).drop(columns="stops").set_index("crew_id")
    tasks = raw[raw["due_id"].notna()].groupby("crew_id").size()
    crews = model.shifts.crews.set_index("crew_id", drop=False)
    found = found.reindex(crews.index)
    date = model.shifts.date
    return crews[["crew_id", "unit_id", "shift_id", "name", "force", "mode", "visible"]].assign(
        area_id=found["area_id"],
        on=clock(date, crews["on_s"]), off=clock(date, crews["off_s"]),
        leave=clock(date, found["leave_s"]), finish=clock(date, found["finish_s"]),
        stops=tasks.reindex(crews.index, fill_value=0),
        distance_m=found["distance_m"], duration_s=found["duration_s"],
        wait_s=raw.groupby("crew_id")["wait_s"].sum().reindex(crews.index, fill_value=0),
        counted=found["counted"].astype(bool),
    ).reset_index(drop=True)  # fmt: skip


def routes_of(legs: gpd.GeoDataFrame, units: pd.DataFrame) -> gpd.GeoDataFrame:
    """
    Put the movements of each unit together.

    Parameters
    ----------
    legs
        Outcome of `legs_of`.
    units
        Outcome of `units_of`.

    Returns
    -------
    routes
        One row per crew that does something: `crew_id`, `unit_id`, `shift_id`, `area_id`, `mode`,
        `leave`, `finish`, `stops`, `distance_m`, `duration_s`, LineString along the streets; None
        where nothing is walked.
    """
    columns = ["crew_id", "unit_id", "shift_id", "area_id", "mode", "leave", "finish", "stops"]
    busy = units[units["stops"] > 0].reset_index(drop=True)
    row = {crew: number for number, crew in enumerate(busy["crew_id"])}
    owner = np.array([row[crew] for crew in legs["crew_id"]], dtype=np.int64)
    order = np.argsort(owner, kind="stable")
    lines = joined_lines(legs.geometry.to_numpy()[order], owner[order], len(busy))
    return gpd.GeoDataFrame(
        busy[[*columns, "distance_m", "duration_s"]], geometry=lines, crs=legs.crs
    )
