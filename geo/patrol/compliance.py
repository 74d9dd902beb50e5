"""What was due against what was done, and what nobody can know."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError
from geo.health.reading import require_columns
from geo.patrol.activity import activity, unit_days
from geo.patrol.breakdown import tables_of
from geo.patrol.gaps import BRIDGE_M, GAP_S
from geo.patrol.pairing import Due, Visits, pairs_of
from geo.patrol.rostering import Roster, stamps
from geo.patrol.silence import Fixes, silences
from geo.patrol.standing import chosen_pairs, standing, unknown_too
from geo.patrol.surplus import SURPLUS, findings, repeated, too_soon
from geo.patrol.tallies import FORMULAS, tally

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True)
class ComplianceRules:
    """
    The limits of `compliance`; all are printed with the result.

    Parameters
    ----------
    late_s
        A visit begun so long after its window is late; after that it is missed. In seconds.
    silence_s
        A device may say nothing for so long before it is silent, in seconds.
    bridge_m
        Silence between positions so near each other is none: the unit stood there. In metres.
    unknown_share
        A visit not seen is unknown where the device was silent for this share of the window or
        more.
    same_visit_s
        A check-in so near in time to a visit of the unit at the place is the same visit, in
        seconds.
    """

    late_s: float = 900.0
    silence_s: float = GAP_S
    bridge_m: float = BRIDGE_M
    unknown_share: float = 0.5
    same_visit_s: float = 300.0

    def __post_init__(self) -> None:
        """Refuse limits that mean nothing."""
        for name, value in asdict(self).items():
            if not 0.0 <= value < np.inf:
                raise InvalidParameterError(f"{name} must be a number of 0 or more, got {value!r}")
        if not 0.0 < self.unknown_share <= 1.0:
            raise InvalidParameterError(
                f"unknown_share must be above 0 and at most 1, got {self.unknown_share!r}"
            )


@dataclass(frozen=True, eq=False)
class Compliance:
    """
    Outcome of `compliance`. A table counts what `tally` counts.

    Parameters
    ----------
    due
        The visits due, in input order, with `status`, `visit` (row of what was done; missing
        where nothing answers), `probable`, `begun`, `late_s`, `silent_share` (of its window; NaN
        where no positions were looked at), `video` (a round by video was due), `force`, `mode`
        and `day` of the shift.
    visits
        What was done, in input order, with `due_id` where it answers for one, and `finding`:
        "counted", or why it is not, one of `geo.patrol.surplus.FINDINGS`.
    shifts
        One row per shift, rostered or due; `day` is that on which it begins.
    units
        One row per unit, with how regularly it moved.
    areas
        One row per area.
    grids
        One row per grid.
    days
        One row per day.
    forces
        One row per force.
    places
        One row per place: `kind`, `id`, its tally, `visits`, `longest_gap_s`, `days_due`,
        `days_visited` and their share.
    activity
        The roster against the signs of its units; see `geo.patrol.activity`.
    strangers
        Shifts due that the roster does not have.
    own
        Whether only the unit that was sent may answer for a visit.
    devices
        Whether positions were looked at; without them no visit is unknown.
    rules
        The limits.
    """

    due: pd.DataFrame
    visits: pd.DataFrame
    shifts: pd.DataFrame
    units: pd.DataFrame
    areas: pd.DataFrame
    grids: pd.DataFrame
    days: pd.DataFrame
    forces: pd.DataFrame
    places: pd.DataFrame
    activity: pd.DataFrame
    strangers: list[str]
    own: bool
    devices: bool
    rules: ComplianceRules

    @property
    def formulas(self) -> dict[str, str]:
        """How each figure is reckoned, in words."""
        return dict(FORMULAS)

    @property
    def paper_share(self) -> float | None:
        """Units that exist on paper alone, as a share; None where nobody knows, or is rostered."""
        told = bool(len(self.activity)) and not self.activity["state"].eq("unknown").any()
        return self.paper / self.rostered if told else None

    @property
    def paper(self) -> int:
        """Units without any sign in any of their shifts."""
        return int(self.units["paper"].sum())

    @property
    def rostered(self) -> int:
        """Units on the roster."""
        return int(self.activity["unit_id"].nunique())

    def summary(self) -> dict[str, Any]:
        """Return the totals, the limits and the formulas, ready for JSON."""
        none = np.full(len(self.due), -1)
        often = np.full(int(self.visits["finding"].isin(SURPLUS).sum()), -1)
        whole = tally(self.due, none, pd.Index([]), often=often)
        totals = whole.sum().astype(int) if not len(whole) else whole.iloc[0]
        counts = {
            name: int(value) for name, value in totals.items() if not str(name).startswith("compl")
        }
        shares = {
            name: None if not counts["due"] else float(totals[name])
            for name in ("completed_share", "completed_share_upper")
        }
        return {
            **counts,
            **shares,
            "own_unit_only": self.own,
            "devices": self.devices,
            "units": self.rostered,
            "paper": self.paper,
            "paper_share": self.paper_share,
            "strangers": self.strangers,
            "rules": asdict(self.rules),
            "formulas": self.formulas,
        }


def compliance(
    due: pd.DataFrame,
    done: pd.DataFrame,
    roster: pd.DataFrame,
    *,
    fixes: gpd.GeoDataFrame | None = None,
    checkins: pd.DataFrame | None = None,
    by: Literal["unit", "any"] = "unit",
    rules: ComplianceRules | None = None,
) -> Compliance:
    """
    Hold what was done against what was due, and the roster against what moved.

    A visit answers for at most one visit due, and the reverse; as many as can be are done. What
    was due is fixed when the plan is made, so that nothing done, and no unit that did not come,
    changes the denominator. A shift over midnight belongs to the day on which it begins. What
    was not seen is missed where the unit was heard and unknown where its device was silent.

    Parameters
    ----------
    due
        n visits due: `due_id`, `kind` ("point", "segment"), `id`, `unit_id`, `shift_id`,
        `earliest` and `latest` (when it may begin), `dwell_s`; `area_id`, `grid_id` and
        `least_interval_min` where told.
    done
        m visits: `kind`, `id`, `unit_id`, `entered`, `left`, `dwell_s`, `certainty` ("certain",
        "probable"), `mode`, `driven_through`.
    roster
        One row per shift and unit: `shift_id`, `unit_id`, `force`, `mode`, `area_id`, `on`,
        `off`.
    fixes
        Positions as they were kept: points with `unit_id` or `track_id`, and `time`; in a metric
        CRS. Without them nothing is unknown.
    checkins
        `unit_id`, `time`.
    by
        "unit": only the unit that was sent answers, and any unit on duty for what the plan sends
        nobody to; "any": any unit on duty, for everything, and what nobody was sent to is unknown
        where a unit of its shift and area was silent.
    rules
        The limits.

    Returns
    -------
    compliance
        One status for each visit due, one finding for each visit, and the tables.

    Raises
    ------
    ColumnError
        When a column is missing.
    InvalidParameterError
        When `by` is neither of the two, a time is missing or upside down, or a code repeats.
    """
    limits = rules or ComplianceRules()
    if by not in ("unit", "any"):
        raise InvalidParameterError(f'by must be "unit" or "any", got {by!r}')
    shifts = Roster.of(roster)
    asked = Due.of(due, shifts)
    visits = Visits.of(done, asked, shifts)
    silence = None
    if fixes is not None:
        heard = Fixes.of(fixes, shifts)
        silence = silences(shifts, heard, silence_s=limits.silence_s, bridge_m=limits.bridge_m)
    own = by == "unit"
    again = repeated(visits, limits.same_visit_s)
    possible = pairs_of(asked, visits, ~again, late_s=limits.late_s)
    fitting = possible.select(possible.own if own else visits.on_duty[possible.visit])
    soon = too_soon(due, asked, visits, fitting)
    chosen = chosen_pairs(asked, fitting.select(~soon[fitting.visit]))
    rows = standing(due, asked, visits, chosen, shifts)
    rows = unknown_too(rows, asked, shifts, silence, limits.unknown_share, own=own)
    of_due = np.full(len(done), None, dtype=object)
    of_due[chosen.visit] = due["due_id"].to_numpy()[chosen.due]
    table = done.reset_index(drop=True).assign(
        due_id=of_due, finding=findings(visits, possible, chosen, again, soon, own=own)
    )
    checked = None
    if checkins is not None:
        require_columns(checkins, "checkins", ("unit_id", "time"))
        checked = shifts.unit_of(checkins["unit_id"]), stamps(checkins["time"], "checkins: time")
    moved = activity(shifts, silence, checked, (visits.unit, visits.start_us, visits.end_us))
    tables = tables_of(rows, asked, visits, table["finding"].to_numpy(), shifts)
    tables["units"] = tables["units"].join(unit_days(shifts, moved))
    lost = due["shift_id"][shifts.shift_of(due["shift_id"]) < 0]
    return Compliance(
        due=rows, visits=table, activity=moved, **tables,
        strangers=sorted({str(code) for code in lost}), own=own, devices=silence is not None,
        rules=limits,
    )  # fmt: skip
