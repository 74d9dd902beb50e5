"""A plan of patrols: who is where when, what is left out and why, and how good that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.patrol.reasons import unserved_in
from geo.patrol.sheets import legs_of, raw_stops, routes_of, stops_of, units_of
from geo.patrol.shifts import clock, period_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geo.patrol.model import Model
    from geo.patrol.outcome import Outcome


@dataclass(frozen=True, eq=False)
class PatrolPlan:
    """
    Outcome of `plan`: a proposal, until a person accepts it.

    Parameters
    ----------
    stops
        One row per stop, by unit and order: `crew_id`, `unit_id`, `shift_id`, `area_id`, `seq`,
        `kind` ("start", "point", "segment", "standby", "break", "end"), `id`, `name`,
        `direction` ("forward" or "backward" along a segment), `due_id`, `arrive`, `start`,
        `leave` (local times), `wait_s`, `travel_m`, `travel_s`, `work_m`, `mode`, Point.
    routes
        One row per crew that does something: `crew_id`, `unit_id`, `shift_id`, `area_id`, `mode`,
        `leave`, `finish`, `stops`, `distance_m`, `duration_s`, LineString along the streets.
    legs
        One row per movement, with its hours: `crew_id`, `unit_id`, `shift_id`, `area_id`, `seq`,
        `kind` ("way", "segment"), `begin`, `end`, `length_m`, LineString.
    units
        One row per crew, idle ones too; see `geo.patrol.sheets.units_of`.
    unserved
        One row per task that is left out: `id`, `kind`, `name`, `shift_id`, `area_id`, `due_id`,
        `visit`, `priority`, `reason` (one of `geo.patrol.reasons.REASONS`), `detail` (metres to
        the nearest street, where that is the reason), `relaxation` (the nearest thing that would
        serve it, tried on its own), `amount`, `unit_id`, `mode`.
    due
        What is owed, fixed with the plan: `due_id`, `kind` ("point", "segment"; standing by at a
        place is a visit of a point), `id`, `direction` (of a segment that is owed both ways, else
        "any"), `unit_id` (None where nobody is sent), `shift_id`,
        `area_id`, `grid_id`, `earliest`, `latest` (when it may begin), `dwell_s`, `required`. An
        optional task that nobody is sent to is not owed.
    roster
        One row per crew, video rounds too: `shift_id`, `unit_id`, `force`, `mode`, `visible`,
        `area_id`, `on`, `off`.
    left_out
        Units without a route: `unit_id`, `reason` (one of `geo.patrol.shifts.UNIT_REASONS`).
    notes
        What a person should know: `about` ("unit", "area"), `id`, `note` ("break_outside_shift",
        "break_too_long", "starts_anywhere", "no_segments", "no_points", "no_unit").
    parts
        One row per area and shift, in the order of `outcomes`: `area_id`, `shift_id`, `units`,
        `tasks`, `served`, `distance_m`, `bound_m`, `longest_s`, `shortest_s`, `spread`,
        `price_m`, `balanced`, `violations`, `stopped_by`, `seconds`.
    violations
        Rules that the checker found broken: `area_id`, `unit_id`, `seq`, `rule`, `met`, `limit`;
        empty for a plan that may be accepted.
    seed
        What repeats the plan, unless time ended its search.
    model
        What it was made of: for repair, and to put routes into words again.
    outcomes
        Routes of each part.
    """

    stops: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    legs: gpd.GeoDataFrame
    units: pd.DataFrame
    unserved: pd.DataFrame
    due: pd.DataFrame
    roster: pd.DataFrame
    left_out: pd.DataFrame
    notes: pd.DataFrame
    parts: pd.DataFrame
    violations: pd.DataFrame
    seed: int
    model: Model
    outcomes: tuple[Outcome, ...]

    @property
    def served(self) -> int:
        """How many tasks are done."""
        return int(self.parts["served"].sum())

    @property
    def distance_m(self) -> int:
        """Length of all routes, in metres."""
        return int(self.parts["distance_m"].sum())

    @property
    def bound(self) -> float:
        """What no plan of the same tasks can undercut, in metres; infinite where none is valid."""
        return float(self.parts["bound_m"].sum())

    @property
    def gap(self) -> float | None:
        """By what share of it the distance could be shorter at most; None for no such figure."""
        if not self.distance_m or not np.isfinite(self.bound):
            return None
        return (self.distance_m - self.bound) / self.distance_m

    @property
    def stopped_by(self) -> str:
        """What ended the search of some part: "time" before "iterations" before others."""
        met = set(self.parts["stopped_by"])
        return next(
            (why for why in ("time", "iterations", "no_improvement") if why in met), "iterations"
        )

    @property
    def longest_shift_s(self) -> int:
        """Duration of the longest shift, of units that could do something; 0 without one."""
        counted = self.units.loc[self.units["counted"], "duration_s"]
        return int(counted.max()) if len(counted) else 0

    @property
    def shortest_shift_s(self) -> int:
        """Duration of the shortest shift, of units that could do something; an idle one is 0."""
        counted = self.units.loc[self.units["counted"], "duration_s"]
        return int(counted.min()) if len(counted) else 0

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            `units` (on duty), `served` (tasks), `unserved` (id and reason of each), `distance_m`,
            `longest_shift_s`, `shortest_shift_s`, `bound` (metres; None, as `gap`, where a change
            by hand asks for what no unit can do), `gap`, `stopped_by`, `seed`; then `date`,
            `shifts`, `balanced` and `balance_price_m` (None where not asked for), `violations`,
            `left_out`, `seconds`.
        """
        asked = self.parts[self.parts["balanced"].notna()]
        return {
            "units": len(self.units),
            "served": self.served,
            "unserved": self.unserved[["id", "reason"]].to_dict("records"),
            "distance_m": self.distance_m,
            "longest_shift_s": self.longest_shift_s,
            "shortest_shift_s": self.shortest_shift_s,
            "bound": round(self.bound, 1) if np.isfinite(self.bound) else None,
            "gap": None if self.gap is None else round(self.gap, 4),
            "stopped_by": self.stopped_by,
            "seed": self.seed,
            "date": self.model.shifts.date.isoformat(),
            "shifts": [
                period_id(self.model.shifts.date, each) for each in self.model.shifts.periods
            ],
            "balanced": bool(asked["balanced"].all()) if len(asked) else None,
            "balance_price_m": int(asked["price_m"].sum()) if len(asked) else None,
            "violations": len(self.violations),
            "left_out": self.left_out[["unit_id", "reason"]].astype(str).to_dict("records"),
            "seconds": round(float(self.parts["seconds"].sum()), 3),
        }


def written(model: Model, outcomes: Sequence[Outcome], *, seed: int) -> PatrolPlan:
    """
    Put routes into frames.

    Parameters
    ----------
    model
        What was planned.
    outcomes
        One for each of its parts.
    seed
        What they were made with.

    Returns
    -------
    plan
        With every reason and relaxation.
    """
    raw = raw_stops(model, outcomes)
    units, legs = units_of(model, outcomes, raw), legs_of(model, raw)
    return PatrolPlan(
        stops=stops_of(model, raw),
        routes=routes_of(legs, units),
        legs=legs,
        units=units,
        unserved=_unserved(model, outcomes),
        due=_due(model, raw),
        roster=model.shifts.roster(),
        left_out=model.shifts.left_out,
        notes=_notes(model),
        parts=_parts(model, outcomes),
        violations=_violations(model, outcomes),
        seed=seed,
        model=model,
        outcomes=tuple(outcomes),
    )


def _unserved(model: Model, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """List what cannot be planned, and what no route does."""
    frame = model.tasks.frame
    early = frame.index[frame["reason"] != ""]
    found = [
        pd.DataFrame({
            "task": early, "reason": frame.loc[early, "reason"].to_numpy(), "relaxation": "",
            "amount": 0, "unit_id": None, "mode": None,
        }),
        *(
            unserved_in(model, part, outcome.routes)
            for part, outcome in zip(model.parts, outcomes, strict=True)
        ),
    ]  # fmt: skip
    every = pd.concat([each for each in found if len(each)] or found[:1], ignore_index=True)
    every = every.sort_values("task", ignore_index=True)
    told = frame.iloc[every["task"].to_numpy(dtype=np.int64)].reset_index(drop=True)
    table = told[["id", "kind", "name", "area_id", "due_id", "visit", "priority", "detail"]]
    table.insert(3, "shift_id", _shift_ids(model, told["period"]))
    table.insert(7, "reason", every["reason"].to_numpy())
    return table.join(every[["relaxation", "amount", "unit_id", "mode"]])


def _due(model: Model, raw: pd.DataFrame) -> pd.DataFrame:
    """List what is owed: all that is required, and what else somebody is sent to."""
    sent = raw[raw["due_id"].notna()].set_index("due_id")["unit_id"].to_dict()
    frame, windows = model.tasks.frame, model.tasks.windows
    date = model.shifts.date
    due = pd.DataFrame({
        "due_id": frame["due_id"],
        "kind": frame["kind"].replace("standby", "point"),
        "id": frame["id"],
        "direction": frame["direction"],
        "unit_id": pd.Series([sent.get(each) for each in frame["due_id"]], dtype=object),
        "shift_id": _shift_ids(model, frame["period"]),
        "area_id": frame["area_id"],
        "grid_id": frame["grid_id"],
        "earliest": clock(date, [min(each.early for each in some) for some in windows]),
        "latest": clock(date, [max(each.late for each in some) for some in windows]),
        "dwell_s": frame["work_s"].where(frame["kind"] != "segment", 0),
        "required": frame["required"],
    })  # fmt: skip
    return due[frame["required"] | due["unit_id"].notna()].reset_index(drop=True)


def _notes(model: Model) -> pd.DataFrame:
    """List what a person should know about units and areas."""
    rows = [("unit", unit, note) for unit, note in model.shifts.notes.itertuples(index=False)]
    crews, frame = model.shifts.crews, model.tasks.frame
    rows += [
        ("unit", unit, "starts_anywhere")
        for unit in crews.loc[crews["start"].isna(), "unit_id"].drop_duplicates()
    ]
    areas = model.ground.sites.areas
    manned = set(crews["area_code"])
    for area in [] if areas is None else areas["area_id"].astype(str):
        here = frame["area_id"] == area
        rows += [
            ("area", area, note)
            for kind, note in (("segment", "no_segments"), ("point", "no_points"))
            if not (here & (frame["kind"] == kind)).any()
        ]
        if manned - {None} and area not in manned:
            rows.append(("area", area, "no_unit"))
    return pd.DataFrame(rows, columns=["about", "id", "note"])


def _parts(model: Model, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Say of each area and shift what was planned and how well."""
    rows = []
    for part, outcome in zip(model.parts, outcomes, strict=True):
        duration = outcome.timetable.crews["duration_s"].to_numpy()[outcome.counted]
        longest = int(duration.max(initial=0))
        shortest = int(duration.min()) if len(duration) else 0
        balance = outcome.balance
        rows.append({
            "area_id": part.area_id,
            "shift_id": model.shifts.period_id(part.period),
            "units": len(part.crews),
            "tasks": len(part.tasks),
            "served": int(outcome.routes.done(part.problem).sum()),
            "distance_m": outcome.timetable.distance_m,
            "bound_m": outcome.bound_m,
            "longest_s": longest,
            "shortest_s": shortest,
            "spread": (longest - shortest) / longest if longest else 0.0,
            "price_m": None if balance is None else balance.price_m,
            "balanced": None if balance is None else balance.reached,
            "violations": len(outcome.violations),
            "stopped_by": outcome.stopped_by,
            "seconds": outcome.seconds,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _violations(model: Model, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Put what the checker found in terms of units."""
    found = [
        outcome.violations.assign(
            area_id=part.area_id,
            unit_id=part.problem.crews.unit_id[outcome.violations["crew"].to_numpy(np.int64)],
        )
        for part, outcome in zip(model.parts, outcomes, strict=True)
    ]
    held = [each for each in found if len(each)] or found[:1]
    columns = ["area_id", "unit_id", "seq", "rule", "met", "limit"]
    return pd.concat(held, ignore_index=True)[columns]


def _shift_ids(model: Model, periods: pd.Series) -> list[str]:
    """Name the shifts of tasks."""
    return [model.shifts.period_id(period) for period in periods]
