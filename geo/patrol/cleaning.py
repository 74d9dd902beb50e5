"""Which fixes of tracks can be relied on, and why the others cannot."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.crs import measurable, require_metric_crs
from geo.due import number_column
from geo.errors import ColumnError, InvalidParameterError
from geo.health.moments import MISSING, SECOND, moment, moments
from geo.health.reading import require_columns
from geo.patrol.chains import reachable, rising
from geo.patrol.gaps import BRIDGE_M, GAP_S, gaps_of
from geo.patrol.rostering import Roster
from geo.patrol.suspecting import suspicions_of
from geo.points import coordinates

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Objects = NDArray[np.object_]

REASONS: Final = (
    "no_time", "no_place", "future", "off_shift", "accuracy", "duplicate", "order", "speed",
    "frozen",
)  # fmt: skip
"""Why a fix is dropped, in the order in which it is asked; the first that holds is told. No time
that can be read; no place, or one where the CRS measures nothing; after now; outside every shift
that the roster has for the unit; too inexact; told before; time goes back; too far in the time
since the fix before; the device repeats itself."""

FAR_M: Final = 200_000.0
"""Fixes farther than this from the middle of all are looked at one by one for whether the CRS
measures true there, in metres: a device without reception may claim to be off Africa."""


@dataclass(frozen=True)
class CleaningRules:
    """
    When a fix is dropped, and what is a gap.

    Parameters
    ----------
    accuracy_m
        Fixes less exact than this are dropped, and those whose accuracy is negative, which
        devices write for none; where it is not told, they are kept. In metres.
    speed_kmh
        Whoever would have to be faster than this was not there.
    step_m
        A step no longer than this is no question of speed, in metres: fixes a second apart jump
        that far by their errors alone.
    frozen_s
        A device that repeats the very same coordinates for this long or longer, without a gap, is
        frozen: all but the first are dropped. Receivers that stand still waver in the last digit;
        some hold still on purpose, so this is longer than any stay that is due. In seconds.
    gap_s
        Kept fixes farther apart than this leave a gap: unknown, not unpatrolled. In seconds.
    bridge_m
        A gap between places at most so far apart is bridged, in metres.

    Raises
    ------
    InvalidParameterError
        When a figure is not a number above 0.
    """

    accuracy_m: float = 50.0
    speed_kmh: float = 120.0
    step_m: float = 50.0
    frozen_s: float = 1_200.0
    gap_s: float = GAP_S
    bridge_m: float = BRIDGE_M

    def __post_init__(self) -> None:
        """Refuse what is no rule."""
        for each in fields(self):
            value = getattr(self, each.name)
            if not 0.0 < value < np.inf:
                raise InvalidParameterError(f"{each.name} must be a number above 0, got {value!r}")


@dataclass(frozen=True, eq=False)
class Cleaned:
    """
    What `clean` kept and dropped.

    Parameters
    ----------
    kept
        Rows of the fixes, in their order and with their index.
    dropped
        One row per dropped fix, in their order: `track_id`, `row` (its position in the fixes),
        `reason` (one of `REASONS`).
    gaps
        `track_id`, `from`, `to`, `length_s`, `bridged`: see `geo.patrol.gaps.gaps_of`.
    suspicions
        Tracks that look as if their datum or clock were another: see
        `geo.patrol.suspecting.suspicions_of`.
    rules
        What was asked.
    """

    kept: gpd.GeoDataFrame
    dropped: pd.DataFrame
    gaps: pd.DataFrame
    suspicions: pd.DataFrame
    rules: CleaningRules

    def dropped_by_track(self) -> dict[Any, dict[str, int]]:
        """Return how many fixes of each track were dropped for which reason; none is left out."""
        counts: dict[Any, dict[str, int]] = {}
        sizes = self.dropped.groupby(["track_id", "reason"], sort=False).size()
        for (track, reason), count in sizes.items():
            counts.setdefault(track, {})[reason] = int(count)
        return counts

    def summary(self) -> dict[str, Any]:
        """Return the counts, the unknown time and the rules, ready for JSON."""
        reasons = self.dropped["reason"].value_counts()
        unknown = self.gaps.loc[~self.gaps["bridged"], "length_s"]
        return {
            "fixes": len(self.kept) + len(self.dropped),
            "kept": len(self.kept),
            "dropped": {reason: int(reasons[reason]) for reason in REASONS if reason in reasons},
            "gaps": len(self.gaps),
            "bridged": int(self.gaps["bridged"].sum()),
            "unknown_s": float(unknown.sum()),
            "suspicions": self.suspicions.astype(object).where(self.suspicions.notna(), None)
            .to_dict("records"),
            "rules": asdict(self.rules),
        }  # fmt: skip


def clean(
    fixes: gpd.GeoDataFrame,
    *,
    roster: pd.DataFrame | None = None,
    streets: gpd.GeoDataFrame | None = None,
    now: dt.datetime | str | None = None,
    rules: CleaningRules | None = None,
) -> Cleaned:
    """
    Drop the fixes that cannot be right, each with its reason.

    Where fixes contradict each other in time or by speed, as many are kept as can be right
    together: one jump costs one fix. What was kept is kept again.

    Parameters
    ----------
    fixes
        n Point rows in a metric CRS with `track_id` and `time` (local, without zone); those of a
        track in the order of their recording. `unit_id` and `accuracy_m` are read where present;
        a row without unit is of a unit named as its track.
    roster
        Shifts with `shift_id`, `unit_id`, `on`, `off`. Fixes of a unit that has none are off
        shift too. None when shifts do not matter.
    streets
        Line rows in the CRS of the fixes, for the suspicion of another datum; None for none.
    now
        Local time; later fixes are from the future. None when nothing is.
    rules
        The figures; None for those of `CleaningRules`.

    Returns
    -------
    cleaned
        Kept and dropped rows, which add up to all; gaps and suspicions.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError
        When a column is missing, or a row has no `track_id`.
    GeometryError
        When a row is no point.
    InvalidParameterError
        When times have a zone.

    Notes
    -----
    Fixes of one track at the same time, and of one unit at the same time and place (the same
    walk uploaded twice), are duplicates of the first. 1,000,000 fixes take 2-3 s.
    """
    rules = rules or CleaningRules()
    require_columns(fixes, "fixes", ("track_id", "time"))
    xy, time_us = coordinates(fixes, "fixes"), _times(fixes["time"])
    track, names = pd.factorize(fixes["track_id"])
    unnamed = np.flatnonzero(track < 0)
    if unnamed.size:
        raise ColumnError(f"fixes: row {unnamed[0]} has no track_id; give it one")
    unit_id = units_of(fixes)
    shifts = None if roster is None else Roster.of(roster)
    reason = np.full(len(fixes), "", dtype=object)

    def drop(name: str, wrong: Bools) -> None:
        reason[wrong & (reason == "")] = name

    drop("no_time", time_us == MISSING)
    drop("no_place", ~_placed(fixes, xy))
    if now is not None:
        drop("future", time_us > moment(now, "now"))
    if shifts is not None:
        unit = shifts.unit_of(unit_id)
        drop("off_shift", ~shifts.on_duty.holds(unit, time_us))
    accuracy = number_column(fixes, "accuracy_m")
    drop("accuracy", (accuracy > rules.accuracy_m) | (accuracy < 0.0))
    alike = np.flatnonzero(reason == "")
    reason[alike[_repeated(track[alike], unit_id.iloc[alike], time_us[alike], xy[alike])]] = (
        "duplicate"
    )
    for name, test in (("order", _backwards), ("speed", _too_fast), ("frozen", _frozen)):
        rows = np.flatnonzero(reason == "")
        rows = rows[np.argsort(track[rows], kind="stable")]
        reason[rows[test(track[rows], time_us[rows], xy[rows], rules)]] = name
    good = reason == ""
    lost = np.flatnonzero(~good)
    kept_id = fixes["track_id"].iloc[np.flatnonzero(good)]
    return Cleaned(
        kept=fixes.iloc[np.flatnonzero(good)],
        dropped=pd.DataFrame(
            {"track_id": names.to_numpy()[track[lost]], "row": lost, "reason": reason[lost]}
        ),
        gaps=gaps_of(kept_id, time_us[good], xy[good], gap_s=rules.gap_s, bridge_m=rules.bridge_m),
        suspicions=suspicions_of(fixes, unit_id, time_us, reason, shifts=shifts, streets=streets),
        rules=rules,
    )


def units_of(frame: pd.DataFrame) -> pd.Series:
    """
    Return the unit of each row.

    Parameters
    ----------
    frame
        n rows with `track_id`; `unit_id` is read where present.

    Returns
    -------
    unit_id
        n codes: the track's where there is no other.
    """
    if "unit_id" not in frame.columns:
        return frame["track_id"].rename("unit_id")
    return frame["unit_id"].where(frame["unit_id"].notna(), frame["track_id"])


def _times(values: pd.Series) -> Ints:
    """Return times in microseconds, `MISSING` for what cannot be read."""
    if values.dtype.kind != "M":
        read = pd.to_datetime(values, errors="coerce", format="ISO8601")
        values = values.where(read.notna())
    return moments(values, "fixes: time")


def _placed(fixes: gpd.GeoDataFrame, xy: Floats) -> Bools:
    """Tell which fixes have a place where the CRS measures true; refuse it when none is near."""
    placed: Bools = np.isfinite(xy[:, 0]) & np.isfinite(xy[:, 1])
    if not placed.any():
        require_metric_crs(fixes=fixes.iloc[:0])
        return placed
    middle = np.median(xy[placed], axis=0)
    with np.errstate(invalid="ignore"):
        near = placed & (np.abs(xy - middle).max(axis=1) <= FAR_M)
    require_metric_crs(fixes=fixes[near])
    far = placed & ~near
    placed[far] = measurable(fixes[far])
    return placed


def _repeated(track: Ints, unit_id: pd.Series, time_us: Ints, xy: Floats) -> Bools:
    """Tell which fixes were told before."""
    told = pd.DataFrame({"track": track, "time": time_us})
    again = told.duplicated().to_numpy()
    unit = pd.factorize(unit_id)[0]
    if len(np.unique(unit)) < len(np.unique(track)):
        alike = pd.DataFrame({"unit": unit, "time": time_us, "x": xy[:, 0], "y": xy[:, 1]})
        again = again | alike.duplicated().to_numpy()
    return again


def _firsts(track: Ints) -> Ints:
    """Return where each track begins, and the end."""
    new = np.flatnonzero(np.diff(track)) + 1
    return np.concatenate(([0], new, [len(track)])).astype(np.int64)


def _backwards(track: Ints, time_us: Ints, xy: Floats, rules: CleaningRules) -> Bools:  # noqa: ARG001
    """Tell which fixes have a time before one that was recorded earlier."""
    return ~rising(_firsts(track), time_us)


def _too_fast(track: Ints, time_us: Ints, xy: Floats, rules: CleaningRules) -> Bools:
    """Tell which fixes nobody could have got to."""
    begun = time_us[0] if len(time_us) else 0
    time_s = (time_us - begun) / SECOND
    return ~reachable(_firsts(track), time_s, xy, rules.speed_kmh / 3.6, rules.step_m)


def _frozen(track: Ints, time_us: Ints, xy: Floats, rules: CleaningRules) -> Bools:
    """Tell which fixes repeat the one before in a run that lasts too long."""
    if not len(track):
        return np.zeros(0, dtype=np.bool_)
    new = np.ones(len(track), dtype=np.bool_)
    moved = (np.diff(xy, axis=0) != 0.0).any(axis=1)
    new[1:] = (np.diff(track) != 0) | moved | (np.diff(time_us) > rules.gap_s * SECOND)
    run = np.cumsum(new) - 1
    last = np.append(np.flatnonzero(new)[1:], len(track)) - 1
    lasted = time_us[last] - time_us[new]
    frozen: Bools = ~new & (lasted >= rules.frozen_s * SECOND)[run]
    return frozen
