"""Tracks of the store, matched day by day, and patrols of an area held against their plans."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd

from api.errors import BadRequestError
from api.patrol.gathered import ROLES, patrol_frames
from api.patrol.limits import Limits
from api.patrol.reports import Report, ReportOptions, evidence_of, report_of
from api.patrol.rosters import duty_roster
from api.patrol.stored import Kept, kept_plan, units_of
from api.patrol.walked import Walked, walk
from api.stored import box_in_degrees
from data.errors import NotFoundError
from data.plans import plans
from data.position_tables import POLICE
from data.positions import Span, positions
from data.results import keep_results, results
from data.store import Query, Store
from data.values import LOCAL_ZONE
from data.writing import require_police, require_write
from geo import working_crs
from geo.patrol.obliged import due_by_shift

DAY: Final = dt.timedelta(days=1)

CONTEXT: Final = dt.timedelta(hours=12)
"""Fixes so long before and after a day are matched with it: who walks over midnight is not cut in
two, and no shift is longer."""

NEAR_M: Final = 200.0
"""Streets this near the fixes of a day are matched with, in metres."""

MOST_FIXES: Final = 20_000
"""Fixes that a report is made of while somebody waits."""

PLACES: Final = ("points", "segments")
"""Roles of what may be done."""

Owed = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
"""What was due, who was on duty, and rows of the sheets without a shift."""


@dataclass(frozen=True, eq=False)
class Matching:
    """
    Outcome of `match_day`.

    Parameters
    ----------
    walked
        Tracks cleaned and laid on the streets, with the hours around the day.
    results
        How many segments and points done on the day were kept.
    """

    walked: Walked
    results: int

    def summary(self) -> dict[str, Any]:
        """Return the tracks with what each went along, and the totals."""
        return {**self.walked.summary(), "results": self.results}


@dataclass(frozen=True, eq=False)
class AreaReport:
    """
    Outcome of `area_report`.

    Parameters
    ----------
    report
        What was due, done and seen.
    frames
        What it was made of.
    plans
        Numbers of the accepted plans that say what was due; none where shifts do.
    """

    report: Report
    frames: dict[str, gpd.GeoDataFrame]
    plans: list[int] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Return every figure, and what says what was due."""
        due_by = "plans" if self.plans else "shifts"
        return {**self.report.summary(), "due_by": due_by, "plans": self.plans}


def require_tracker(store: Store) -> None:
    """
    Refuse to match tracks for whoever may not keep what comes of it.

    Parameters
    ----------
    store
        Opened for the scope of the request.

    Raises
    ------
    ForbiddenError
        When the scope does not see the police's line, or may not write.
    """
    require_police(store)
    require_write(store, store.scope.division, POLICE)


def match_day(store: Store, date: dt.date, units: Sequence[str] | None = None) -> Matching:
    """
    Find what units did on a day, and keep it: from then on their positions may go.

    Parameters
    ----------
    store
        Opened for a scope with the police's line that may write where the units are.
    date
        The day, from midnight to midnight.
    units
        Their codes; None for all.

    Returns
    -------
    matching
        What was kept replaces what was kept of these tracks and this day before.

    Raises
    ------
    ForbiddenError
        When the scope may not do that.
    NotFoundError
        When there is no position on that day, or no street near any.
    GeoError
        When nothing can be measured.
    """
    require_tracker(store)
    begin = dt.datetime.combine(date, dt.time())
    span = (begin, begin + DAY)
    fixes = positions(store, Span(span[0] - CONTEXT, span[1] + CONTEXT, units))
    here = fixes[(fixes["time"] >= span[0]) & (fixes["time"] < span[1])]
    if here.empty:
        raise NotFoundError("no_positions", date=date.isoformat())
    frames = _around(store, fixes, date)
    roster, _ = _on_duty(store, [date - DAY, date], store.frame("units"))
    walked = walk(frames["tracks"], frames["streets"], roster=roster, now=local_now())
    _, done = evidence_of(frames, walked, roster, Limits())
    tracks = here[["unit_id", "track_id"]].drop_duplicates()
    kept = keep_results(store, _in_shifts(done, roster), tracks=tracks, span=span)
    return Matching(walked, kept)


def area_report(
    store: Store, code: str, since: dt.date, until: dt.date, *, waiting: bool = False
) -> AreaReport:
    """
    Report on the patrols of an area.

    What was due is what the accepted plans of these days say; where none is accepted, every point
    and segment in every shift. What was done is told by positions, check-ins, and the results that
    were kept when positions went.

    Parameters
    ----------
    store
        Opened for a scope with the police's line.
    code
        The area.
    since, until
        The first and the last day on which shifts begin.
    waiting
        Whether somebody waits for the answer: then what takes long is refused.

    Returns
    -------
    report
        By shift, unit, area and place.

    Raises
    ------
    ForbiddenError
        When the scope does not see the police's line.
    NotFoundError
        When it sees no such area, no street near it, or nobody had a shift there.
    BadRequestError
        When somebody waits and it would take long.
    """
    require_police(store)
    frames = patrol_frames(store, code)
    days = [since + DAY * each for each in range((until - since).days + 1)]
    accepted = [row for row in plans(store, area=code, state="accepted") if row.date in days]
    if accepted:
        kept = [kept_plan(store, row.id) for row in reversed(accepted)]
        owed = _planned(kept)
        frames |= {role: _last(kept, role, frames[role]) for role in (*PLACES, "standby")}
    else:
        owed = _by_shift(store, code, days, frames)
    _, roster, _ = owed
    if roster.empty:
        raise NotFoundError("nobody_on_duty", id=code, since=f"{since}", until=f"{until}")
    first, last = (time.to_pydatetime() for time in (roster["on"].min(), roster["off"].max()))
    names = sorted(set(roster["unit_id"].astype(str)))
    fixes = positions(store, Span(first, last, names))
    if waiting and len(fixes) > MOST_FIXES:
        raise BadRequestError(
            "ask_report_as_job", count=len(fixes), path="POST /processes/patrol-report/execution"
        )
    crs = frames["streets"].crs
    checkins = store.frame("checkins", Query(since=first, until=last))
    checkins = checkins[checkins["unit_id"].isin(names) & checkins.geometry.notna()]
    frames |= {"tracks": fixes.to_crs(crs), "checkins": checkins.to_crs(crs)}
    known = results(store, span=(first, last + DAY), units=names)
    # Positions go the oldest first; what is left of them tells the rest anew.
    begun = fixes.groupby("unit_id")["time"].min().reindex(known["unit_id"]).to_numpy()
    known = known[pd.isna(begun) | (known["entered"] < begun)].assign(direction="any")
    report = report_of(
        frames, owed, ReportOptions(now=local_now()), own=bool(accepted), known=known
    )  # fmt: skip
    return AreaReport(report, frames, [row.id for row in accepted])


def local_now() -> dt.datetime:
    """Return the time by the local clock, as positions have it."""
    return dt.datetime.now(ZoneInfo(LOCAL_ZONE)).replace(tzinfo=None)


def _around(store: Store, fixes: gpd.GeoDataFrame, date: dt.date) -> dict[str, gpd.GeoDataFrame]:
    """Return fixes in metres, and the streets and places near them."""
    tracks = fixes.to_crs(working_crs(fixes))
    west, south, east, north = tracks.total_bounds
    around = (west - NEAR_M, south - NEAR_M, east + NEAR_M, north + NEAR_M)
    query = Query(box=box_in_degrees(tracks.crs, around))
    found = {"tracks": tracks}
    for role in ("streets", *PLACES):
        rows = store.frame(ROLES[role][0] if role in ROLES else role, query)
        found[role] = rows[rows.geometry.notna()].to_crs(tracks.crs).reset_index(drop=True)
    if found["streets"].empty:
        raise NotFoundError("no_streets_near_positions", date=date.isoformat())
    return found


def _on_duty(
    store: Store, days: Sequence[dt.date], units: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who had a shift on some days: by the roster where it tells of them."""
    sheet = store.frame("roster", Query(equal={"date": list(days)}))
    sheet = sheet[sheet["unit_id"].isin(units["unit_id"])]
    frames = {"units": gpd.GeoDataFrame(units)} | ({"roster": sheet} if len(sheet) else {})
    found = duty_roster(frames, days)
    assert found is not None  # noqa: S101 - there is a sheet of units, be it of none
    return found


def _by_shift(
    store: Store, code: str, days: Sequence[dt.date], frames: dict[str, gpd.GeoDataFrame]
) -> Owed:
    """Take every point and segment as due in every shift."""
    roster, left_out = _on_duty(store, days, units_of(store, code, days[0]))
    roster = roster.assign(area_id=code)
    due = due_by_shift(frames["points"], frames["segments"], roster, areas=frames["areas"])
    return due, roster, left_out


def _planned(kept: Iterable[Kept]) -> Owed:
    """Join what plans say was due, and whom they had on duty."""
    parts = []
    for each in kept:
        date = each.row.date.isoformat()
        due = each.plan.due
        # Plans of several nights owe the same points by the same names.
        named = f"{each.row.id}/" + due["due_id"].astype(str)
        aside = each.plan.left_out[each.plan.left_out["reason"] != "video"].assign(date=date)
        parts.append((due.assign(due_id=named), each.plan.roster, aside))
    due, roster, left_out = (
        pd.concat([part for part in some if len(part)] or some[:1], ignore_index=True)
        for some in map(list, zip(*parts, strict=True))
    )
    return due, roster, left_out


def _last(kept: Sequence[Kept], role: str, stored: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return places as the last plan that has them does: they may have moved or ended since."""
    every = pd.concat([each.frames[role].to_crs(stored.crs) for each in kept], ignore_index=True)
    return every.drop_duplicates(ROLES[role][1], keep="last", ignore_index=True)


def _in_shifts(done: pd.DataFrame, roster: pd.DataFrame) -> pd.DataFrame:
    """Say of what was done in which shift that was, and on which day the shift began."""
    shifts = roster[["unit_id", "shift_id", "on", "off"]]
    pairs = done[["unit_id", "entered"]].rename_axis("row").reset_index().merge(shifts)
    pairs = pairs[pairs["entered"].between(pairs["on"], pairs["off"])].drop_duplicates("row")
    of = pairs.set_index("row").reindex(done.index)
    return done.assign(shift_id=of["shift_id"], date=of["on"])
