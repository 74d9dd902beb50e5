"""
How much of the streets people see a patrol on: visible presence.

Between two positions of a unit a straight way is assumed where they are near in time and in
space: then the way walked can have left it by little. Farther apart, the positions count alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.crs import require_metric_crs
from geo.errors import ColumnError, InvalidParameterError
from geo.health.moments import moment
from geo.lines import Lines
from geo.partition.reading import texts
from geo.patrol.gaps import GAP_S
from geo.patrol.rostering import Roster
from geo.patrol.sightings import covered_lengths, heard_slots, outside, shifts_of
from geo.patrol.silence import Fixes
from geo.patrol.slots import Slots, open_slots, staffed

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Time = dt.datetime | str

FORMULA: Final = (
    "length x slots seen / length x slots due. A slot is seen when at least the asked share of "
    "the segment's length came within the distance of a visible unit on duty. Slots in which no "
    "unit that should have been there gave a position are unknown: the lower figure counts them "
    "as not seen, the upper leaves them out of both. No figure where nothing was due"
)
"""How the rate is reckoned."""

VOLUNTEER: Final = "volunteer"
"""The force that is counted apart: who sees volunteers does not see police."""

ROUNDING_M: Final = 1e-6
"""Half of a length is no less by this, in metres: the rounding of coordinates."""


@dataclass(frozen=True)
class PresenceRules:
    """
    The limits of `visible_presence`; all are printed with the result.

    Parameters
    ----------
    slot_min
        Length of a slot in minutes; a day has a whole number of them.
    within_m
        From how far a unit is seen, in metres.
    least_share
        The share of a segment's length that must have been near, for a slot to be seen.
    join_s
        Positions farther apart in time are not joined, in seconds.
    join_m
        Positions farther apart in space are not joined, in metres: twice `within_m`, so that
        joining fills the waist between two discs that touch.
    """

    slot_min: int = 15
    within_m: float = 50.0
    least_share: float = 0.5
    join_s: float = GAP_S
    join_m: float = 100.0

    def __post_init__(self) -> None:
        """Refuse limits that mean nothing."""
        for name in ("join_s", "join_m"):
            if not 0.0 <= getattr(self, name) < np.inf:
                raise InvalidParameterError(
                    f"{name} must be a number of 0 or more, got {getattr(self, name)!r}"
                )
        if not 0.0 < self.within_m < np.inf:
            raise InvalidParameterError(f"within_m must be above 0, got {self.within_m!r}")
        if not 0.0 < self.least_share <= 1.0:
            raise InvalidParameterError(
                f"least_share must be above 0 and at most 1, got {self.least_share!r}"
            )


@dataclass(frozen=True, eq=False)
class Presence:
    """
    Outcome of `visible_presence`.

    Parameters
    ----------
    segment_id
        n codes.
    area_id
        n codes of areas, "" for none.
    length_m
        n lengths in metres.
    slots
        The s slots.
    due
        n x s truths.
    seen
        n x s truths; what is seen is due.
    unknown
        n x s truths; what is unknown is due and not seen.
    dropped
        Positions left out, by reason: "compound", "off_duty" (also where the unit is no visible
        one or is not on the roster).
    rules
        The limits.
    """

    segment_id: NDArray[np.object_]
    area_id: NDArray[np.str_]
    length_m: Floats
    slots: Slots
    due: Mask
    seen: Mask
    unknown: Mask
    dropped: dict[str, int]
    rules: PresenceRules

    @property
    def segments(self) -> pd.DataFrame:
        """One row per segment: `segment_id`, `area_id`, `length_m`, and the figures."""
        head = {"segment_id": self.segment_id, "area_id": self.area_id, "length_m": self.length_m}
        sums = [table.sum(axis=1) for table in (self.due, self.seen, self.unknown)]
        lengths = [self.length_m * value for value in sums]
        return pd.DataFrame(head | _figures(sums, lengths))

    @property
    def areas(self) -> pd.DataFrame:
        """One row per area, `area_id` "" for segments of none, and the figures."""
        names, code = np.unique(self.area_id, return_inverse=True)
        rows = self.segments
        sums, lengths = (
            [
                np.bincount(code, rows[f"{name}_{unit}"], minlength=len(names))
                for name in ("due", "seen", "unknown")
            ]
            for unit in ("slots", "m")
        )
        return pd.DataFrame({"area_id": names.astype(object)} | _figures(sums, lengths))

    @property
    def hours(self) -> pd.DataFrame:
        """One row per hour of the day, 0 to 23, and the figures."""
        sums, lengths = [], []
        for table in (self.due, self.seen, self.unknown):
            sums.append(np.bincount(self.slots.hour, table.sum(axis=0), minlength=24))
            lengths.append(np.bincount(self.slots.hour, self.length_m @ table, minlength=24))
        return pd.DataFrame({"hour": np.arange(24)} | _figures(sums, lengths))

    @property
    def share(self) -> float | None:
        """The rate, what is unknown counted as absent; None where nothing was due."""
        return self._whole["share"]

    @property
    def share_known(self) -> float | None:
        """The rate, what is unknown left out; None where nothing is known."""
        return self._whole["share_known"]

    def summary(self) -> dict[str, Any]:
        """Return the rate with what it is made of, ready for JSON."""
        return {
            **self._whole,
            "segments": len(self.segment_id),
            "dropped": self.dropped,
            "rules": asdict(self.rules),
            "formula": FORMULA,
        }

    @property
    def _whole(self) -> dict[str, Any]:
        rows = self.segments
        names = [f"{name}_{unit}" for unit in ("slots", "m") for name in ("due", "seen", "unknown")]
        sums = [np.array([rows[name].sum()], dtype=float) for name in names]
        found = _figures(sums[:3], sums[3:])
        whole: dict[str, Any] = {name: float(value[0]) for name, value in found.items()}
        whole |= {name: int(whole[name]) for name in names[:3]}
        for name in ("share", "share_known"):
            whole[name] = None if np.isnan(whole[name]) else whole[name]
        return whole


def visible_presence(
    segments: gpd.GeoDataFrame,
    fixes: gpd.GeoDataFrame,
    roster: pd.DataFrame,
    *,
    period: tuple[Time, Time] | None = None,
    compounds: gpd.GeoDataFrame | None = None,
    forces: frozenset[str] | None = None,
    rules: PresenceRules | None = None,
) -> Presence:
    """
    Tell in which quarters of an hour segments had a visible patrol.

    Visible is a unit on duty in uniform or in a marked car: `visible` is true and `mode` is not
    video. A slot is due where its middle lies in the segment's windows and in the period.

    Parameters
    ----------
    segments
        n rows with `segment_id`, lines in a metric CRS; `area_code` and `windows` (text of
        hours) are read where present.
    fixes
        Positions as they were kept: points with `unit_id` or `track_id`, and `time`.
    roster
        One row per shift and unit: `shift_id`, `unit_id`, `force`, `mode`, `visible`, `area_id`
        (none serves all areas), `on`, `off`.
    period
        First moment and end, in local time; None for the time in which a shift that is not video
        is rostered for the area.
    compounds
        Yards of stations: positions within do not count, though the unit was heard.
    forces
        The forces that count; None for all but volunteers.
    rules
        The limits.

    Returns
    -------
    presence
        By segment and slot, with the tables by segment, area and hour of the day.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError, GeometryError
        When a column is missing, or a row of the wrong kind.
    InvalidParameterError
        When the period has no length, or hours cannot be read.
    """
    limits = rules or PresenceRules()
    frames = {"segments": segments, "fixes": fixes}
    require_metric_crs(**frames if compounds is None else {**frames, "compounds": compounds})
    if "segment_id" not in segments.columns:
        raise ColumnError(
            f"segments: no column segment_id among {', '.join(map(str, segments.columns))}"
        )
    shifts = Roster.of(roster)
    start, end = _period(period, shifts)
    slots = Slots.of(start, end, limits.slot_min)
    lines = Lines.from_frame(segments, "segments")
    length_m = np.zeros(lines.rows)
    np.add.at(length_m, lines.row, lines.ends_m - lines.starts_m)
    area_id = texts(segments, "area_code")
    areas = pd.Index(np.unique(area_id[area_id != ""]).astype(object))
    area = areas.get_indexer(pd.Index(area_id.astype(object)))  # -1 is the last row of `served`
    due = open_slots(segments, slots) & (length_m > 0.0)[:, None]
    if period is None:
        patrols = shifts.mode != "video"
        due &= staffed(shifts, patrols, areas, slots, whole=False)[area]
    else:
        due &= (slots.middle_us >= start) & (slots.middle_us < end)
    counted = (
        np.isin(shifts.force, list(forces)) if forces is not None else shifts.force != VOLUNTEER
    )
    visible = shifts.visible & (shifts.mode != "video") & counted
    heard = Fixes.of(fixes, shifts)
    shift = shifts_of(shifts, visible, heard)
    away = outside(heard.xy, compounds)
    covered = covered_lengths(lines, heard, (shift >= 0) & away, slots, limits)
    seen = due & (covered >= limits.least_share * length_m[:, None] - ROUNDING_M)
    expected = staffed(shifts, visible, areas, slots, whole=True)
    silent = expected & ~heard_slots(shifts, areas, shift, heard, slots)
    return Presence(
        segments["segment_id"].to_numpy(dtype=object), area_id, length_m, slots, due, seen,
        due & ~seen & silent[area],
        {"compound": int(((shift >= 0) & ~away).sum()),
         "off_duty": len(fixes) - int((shift >= 0).sum())},
        limits,
    )  # fmt: skip


def _period(period: tuple[Time, Time] | None, roster: Roster) -> tuple[int, int]:
    """Return the first moment and the end."""
    if period is None:
        if not len(roster):
            return 0, 0
        return int(roster.on_us.min()), int(roster.off_us.max())
    start, end = (moment(value, "period") for value in period)
    if start >= end:
        raise InvalidParameterError(
            f"period: it goes from {period[0]} to {period[1]}; its end must be later"
        )
    return start, end


def _figures(slots: list[Any], lengths: list[Any]) -> dict[str, Any]:
    """Return the columns that every table has."""
    names = ("due", "seen", "unknown")
    due, seen, unknown = (np.asarray(value, dtype=np.float64) for value in lengths)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(due > 0.0, seen / due, np.nan)
        known = np.where(due - unknown > 0.0, seen / (due - unknown), np.nan)
    return {
        **{f"{name}_slots": np.asarray(n, dtype=int) for name, n in zip(names, slots, strict=True)},
        "due_m": due, "seen_m": seen, "unknown_m": unknown, "share": share, "share_known": known,
    }  # fmt: skip
