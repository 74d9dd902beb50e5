"""What `gridpatrol patrol report` finds: what was due against what was done, seen and handled."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from api.patrol.limits import REPORTING, Limits, limits_record
from api.patrol.matches import walked_tables
from api.patrol.owing import owed_in
from api.patrol.walked import Walked, set_aside, volunteers_of, walk
from data import Layer
from geo.errors import InvalidParameterError
from geo.patrol.columns import flags
from geo.patrol.compliance import Compliance, compliance
from geo.patrol.evidence import checked_in, points_visited, segments_done, together
from geo.patrol.handling import HandlingRate, handling_rate
from geo.patrol.owed import area_ids
from geo.patrol.placing import PlacedSegments, place_segments
from geo.patrol.presence import Presence, visible_presence
from geo.patrol.swath import Swath, swath
from geo.streets import StreetNetwork

Frames = Mapping[str, gpd.GeoDataFrame]

TABLES: Final = ("shifts", "units", "areas", "grids", "days", "forces")
"""Tables of compliance that have a code in their index."""


STATES: Final = ("active", "paper", "unknown")
"""What a shift of the roster comes to: signs of its unit, none at all, or nobody looked."""


@dataclass(frozen=True)
class ReportOptions:
    """
    What is asked of a report.

    Parameters
    ----------
    date
        The day on which shifts begin; None for all of the roster, or that of the plan.
    record
        A kept plan, as `patrol plan` writes it; None for all points and segments in every shift.
    profile
        For tracks of which no shift says how their unit goes.
    now
        Local time; later fixes are from the future. None when nothing is.
    limits
        The rules.
    """

    date: dt.date | None = None
    record: Mapping[str, Any] | None = None
    profile: str = "walk"
    now: dt.datetime | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, eq=False)
class Report:
    """
    Outcome of `report_on`.

    Parameters
    ----------
    roster
        Who was to be on duty.
    left_out
        Rows of the sheets without a shift: `unit_id`, `date`, `reason`.
    period
        From the first moment of duty to the last.
    walked
        What the tracks say; None without tracks.
    placed
        Where segments run on the streets; None without segments.
    found
        What became of what was due.
    presence
        What was seen of patrols; None without tracks or segments.
    handling
        What patrols found and handled; None without incidents.
    swath
        The ground covered; None without tracks.
    limits
        The rules.
    """

    roster: pd.DataFrame
    left_out: pd.DataFrame
    period: tuple[pd.Timestamp, pd.Timestamp]
    walked: Walked | None
    placed: PlacedSegments | None
    found: Compliance
    presence: Presence | None
    handling: HandlingRate | None
    swath: Swath | None
    limits: Limits

    def summary(self) -> dict[str, Any]:
        """Return every figure with its numerator, denominator, formula and limits."""
        found = self.found.summary()
        states = self.found.activity["state"].value_counts()
        return {
            "period": [f"{moment:%Y-%m-%dT%H:%M:%S}" for moment in self.period],
            "compliance": {name: value for name, value in found.items() if name != "rules"},
            "presence": _without_rules(self.presence),
            "handling": None if self.handling is None else self.handling.summary(),
            "swath": None if self.swath is None else self.swath.summary(),
            "activity": {state: int(states.get(state, 0)) for state in STATES},
            "silent_s": _sum(self.found.activity["silent_s"]),
            "shifts": _records(self.found.shifts, "shift_id"),
            "units": _records(self.found.units, "unit_id"),
            "areas": _records(self.found.areas, "area_id"),
            "grids": _records(self.found.grids, "grid_id"),
            "findings": _plain(findings_of(self.found)),
            "unplaced_segments": [] if self.placed is None else
            self.placed.segment_id[~self.placed.placed].tolist(),
            "dropped": {} if self.walked is None else self.walked.summary()["dropped"],
            "left_out": _plain(self.left_out),
            "rules": limits_record(self.limits, REPORTING),
        }  # fmt: skip


def report_on(frames: Frames, layers: Mapping[str, Layer], options: ReportOptions) -> Report:
    """
    Hold what was done against what was due.

    Parameters
    ----------
    frames
        "streets"; "tracks", "points", "segments", "areas", "grids", "standby", "units", "roster",
        "checkins", "incidents" and "compounds" where given. One metric CRS.
    layers
        The same as read, for what was set aside.
    options
        What is asked.

    Returns
    -------
    report
        By shift, unit, area, grid and place.

    Raises
    ------
    GeoError
        When nobody was on duty, nothing could be due, or a sheet cannot be read.
    """
    if "points" not in frames and "segments" not in frames:
        raise InvalidParameterError("points, segments: neither is given; give what was due")
    fixes = frames.get("tracks")
    aside = None if fixes is None else set_aside(layers["tracks"], fixes)
    owed = owed_in(frames, options.date, options.record)
    return report_of(frames, owed, options, own=options.record is not None, aside=aside)


def report_of(
    frames: Frames,
    owed: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    options: ReportOptions,
    *,
    own: bool,
    aside: Mapping[str, Mapping[str, int]] | None = None,
    known: pd.DataFrame | None = None,
) -> Report:
    """
    Hold what was done against what is said to have been due.

    Parameters
    ----------
    frames
        See `report_on`.
    owed
        What was due, who was on duty, and rows of the sheets without a shift.
    options
        What is asked; neither its date nor its record count.
    own
        Whether only the unit that was sent answers for what was due.
    aside
        What `set_aside` counted of the tracks; None for nothing.
    known
        Further evidence, such as what was kept when positions went; None for none.

    Returns
    -------
    report
        By shift, unit, area, grid and place.

    Raises
    ------
    GeoError
        When a sheet cannot be read.
    """
    limits, streets = options.limits, frames["streets"]
    due, roster, left_out = owed
    fixes, checkins = frames.get("tracks"), frames.get("checkins")
    walked = None
    if fixes is not None:
        walked = walk(
            fixes, streets, roster=roster, profile=options.profile, now=options.now,
            limits=limits, volunteers=volunteers_of((frames.get("units"), roster)), aside=aside,
        )  # fmt: skip
    kept = None if walked is None else walked.cleaned.kept
    placed, done = evidence_of(frames, walked, roster, limits)
    if known is not None:
        done = together(done, known, rules=limits.evidence)
    found = compliance(
        due, done, roster, fixes=kept, checkins=checkins, rules=limits.compliance,
        by="unit" if own else "any",
    )  # fmt: skip
    segments, areas = frames.get("segments"), frames.get("areas")
    presence = None
    if kept is not None and segments is not None:
        presence = visible_presence(
            segments.assign(area_code=area_ids(segments, areas)), kept, roster,
            compounds=frames.get("compounds"), rules=limits.presence,
        )  # fmt: skip
    period = (roster["on"].min(), roster["off"].max())
    handling = None
    if "incidents" in frames:
        events = frames["incidents"]
        events = events.assign(area_code=area_ids(events, areas))
        handling = handling_rate(events, areas, (period[0].isoformat(), period[1].isoformat()))
    modes = set(roster["mode"].dropna()) - {"video"}
    reach_m = dict.fromkeys(sorted(modes), limits.presence.within_m)
    ground = None if kept is None else swath(kept, roster, reach_m, join_s=limits.presence.join_s)
    return Report(
        roster, left_out, period, walked, placed, found, presence, handling, ground, limits
    )


def report_tables(report: Report) -> dict[str, pd.DataFrame]:
    """
    Return a report as layers of a file.

    Parameters
    ----------
    report
        Any report.

    Returns
    -------
    tables
        What was due, done, found, seen and walked, by shift, unit, area and place.
    """
    found = report.found
    tables = {
        "due": found.due,
        "visits": found.visits,
        "findings": findings_of(found),
        **{name: _coded(getattr(found, name), f"{name[:-1]}_id") for name in TABLES},
        "places": found.places,
        "activity": found.activity.rename(columns={"on": "on_at", "off": "off_at"}),
        "roster": report.roster.rename(columns={"on": "on_at", "off": "off_at"}),
    }
    if report.presence is not None:
        tables |= {
            "presence_segments": report.presence.segments,
            "presence_areas": report.presence.areas,
            "presence_hours": report.presence.hours,
        }
    if report.handling is not None:
        tables["handling"] = report.handling.areas
    if report.swath is not None:
        tables["swath"] = report.swath.whole
        tables["swath_modes"] = report.swath.modes
    if report.walked is not None:
        tables |= walked_tables(report.walked)
    return tables


def findings_of(found: Compliance) -> pd.DataFrame:
    """
    List what was due and not done as it should be, and visits too many.

    Parameters
    ----------
    found
        Outcome of `compliance`.

    Returns
    -------
    findings
        `finding` (a status, "too_often" or "too_soon"), `kind`, `id`, `unit_id`, `shift_id`,
        `area_id`, `earliest`, `latest`, `begun`, `late_s`, `silent_share`.
    """
    columns = ["finding", "kind", "id", "unit_id", "shift_id", "area_id", "earliest", "latest",
               "begun", "late_s", "silent_share"]  # fmt: skip
    wrong = found.due[found.due["status"] != "done"].assign(finding=lambda rows: rows["status"])
    often = found.visits[found.visits["finding"].isin(("too_often", "too_soon"))]
    often = often.assign(begun=often["entered"])
    parts = [part.reindex(columns=columns) for part in (wrong, often) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def evidence_of(
    frames: Frames, walked: Walked | None, roster: pd.DataFrame, limits: Limits
) -> tuple[PlacedSegments | None, pd.DataFrame]:
    """
    Gather everything that shows what was done.

    Parameters
    ----------
    frames
        "streets"; "points", "segments" and "checkins" where given.
    walked
        What the tracks say; None without tracks.
    roster
        Who was on duty.
    limits
        The rules.

    Returns
    -------
    placed
        Where segments run; None without segments.
    done
        As `geo.patrol.evidence.together` joins it.
    """
    points, segments = frames.get("points"), frames.get("segments")
    rules, parts, placed = limits.evidence, [], None
    if segments is not None:
        # Both profiles number streets alike, so that one placing serves all ways.
        placed = place_segments(StreetNetwork.from_frame(frames["streets"]), segments)
        if walked is not None:
            both = np.asarray(flags(segments, "both", default=False))
            parts.append(
                segments_done(walked.traversals, placed, both=both, roster=roster, rules=rules)
            )
    if points is not None:
        if walked is not None:
            parts.append(points_visited(walked.cleaned.kept, points, roster=roster, rules=rules))
        if "checkins" in frames:
            parts.append(checked_in(frames["checkins"], points, roster=roster, rules=rules))
    return placed, together(*parts, rules=rules)


def _coded(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table.rename_axis(name).reset_index()


def _records(table: pd.DataFrame, name: str) -> list[dict[str, Any]]:
    """Return a table with a code in its index for a summary."""
    return _plain(_coded(table, name))


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows for a summary: times as text, nothing as nothing."""
    rows = table.astype(object).where(table.notna(), None)
    for column in table.columns[[dtype.kind == "M" for dtype in table.dtypes]]:
        rows[column] = [None if time is None else time.isoformat() for time in rows[column]]
    return rows.to_dict("records")


def _without_rules(presence: Presence | None) -> dict[str, Any] | None:
    """Return the figures of presence; its rules stand with the others."""
    if presence is None:
        return None
    kept = {name: value for name, value in presence.summary().items() if name != "rules"}
    return {**kept, "areas": _plain(presence.areas)}


def _sum(values: pd.Series) -> float | None:
    """Add up; None where nothing is known."""
    total = values.sum(min_count=1)
    return None if pd.isna(total) else float(total)
