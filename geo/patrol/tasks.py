"""What is owed in the shifts of a date: visits, passes and standbys, each with its windows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from geo.patrol.owed import owed_peaks, owed_points, owed_segments
from geo.patrol.shifts import SPEED_KMH
from geo.patrol.windows import LONGEST_S, MINUTE_S, Window, open_spans, slots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.patrol.ground import Ground
    from geo.patrol.owed import Owed
    from geo.patrol.shifts import Shifts
    from geo.patrol.windows import Span

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

KMH: Final = 3.6
"""Kilometres an hour in a metre a second."""

COLUMNS: Final = (
    "due_id", "kind", "id", "name", "row", "visit", "direction", "period", "area_id", "grid_id",
    "place", "work_s", "required", "prize_m", "priority", "skills", "reason", "detail",
)  # fmt: skip
"""Columns of `Tasks.frame`."""

TYPES: Final = {
    **dict.fromkeys(("row", "visit", "period", "place", "work_s", "prize_m", "priority"), "int64"),
    "required": "bool", "detail": "float64",
}  # fmt: skip
"""Types of those columns that are no texts."""


class Speed(NamedTuple):
    """
    How crews move: a row of the matrices of a problem.

    Parameters
    ----------
    mode
        One of the modes of the ground.
    speed_kmh
        From place to place.
    patrol_kmh
        Along a segment.
    """

    mode: str
    speed_kmh: float
    patrol_kmh: float


APART: Final = 2
"""Several visits in a shift are spread over it: at least half of their even share of the time lies
between two of them, where that leaves room; else what the row states. Twice round the block within
minutes is one visit."""


@dataclass(frozen=True, eq=False)
class Tasks:
    """
    What is owed in the shifts of a date.

    Parameters
    ----------
    frame
        One row per task, in the columns of `COLUMNS`: `kind` ("point", "segment", "standby"),
        `id`, `row` (in its frame), `visit` (from 1), `direction` ("any", "forward", "backward"),
        `period` (which shift), `place` (where it is; of a segment its start), `work_s` (of the
        fastest unit), `reason` ("" where it can be planned) and `detail`, a number that belongs
        to it.
    windows
        Of each task when its work may be done; without a reason there is one at least.
    """

    frame: pd.DataFrame
    windows: tuple[tuple[Window, ...], ...]

    def __len__(self) -> int:
        """Return how many tasks there are."""
        return len(self.frame)


def tasks_of(ground: Ground, shifts: Shifts, peaks: pd.DataFrame | None = None) -> Tasks:
    """
    List what is owed in the shifts of a date.

    A visit of a point lasts `dwell_min` and ends within a window of the point. Several visits in
    a shift get a slot each, by the rule of `geo.patrol.windows.slots`, spread over it (`APART`).
    Where a point states a greatest interval and no number, it gets a visit for each such interval
    that it is open in the shift. What is open in another of the shifts only is not owed in this
    one.

    Parameters
    ----------
    ground
        Where points and segments are. Of points are read where present: `name`, `area_code`,
        `grid_id`, `dwell_min`, `windows`, `visits`, `least_interval_min`,
        `greatest_interval_min`, `required`, `prize_m`, `priority` (1 first, to 5), `skills`; of
        segments the same but dwell and intervals, and `both` (each direction is a task).
    shifts
        The crews and periods.
    peaks
        Peak windows: `place_id` (of a standby place or a point), `hours`; read where present:
        `least_units` (1) and what points have. Each asks for so many units that stand by at the
        place for all of the window that lies in the shift. None for none.

    Returns
    -------
    tasks
        All of them, also those that nobody can do.

    Raises
    ------
    ColumnError
        When peaks have no `place_id` or `hours`.
    """
    usual = (Speed(mode, SPEED_KMH[mode], SPEED_KMH[mode]) for mode in ground.modes)
    took = np.stack(passing_s(ground, speeds_of(shifts.crews) or tuple(usual)))
    fastest = np.where(took < 0, LONGEST_S, took).min(axis=(0, 1), initial=LONGEST_S)
    # Where no unit may pass, the problem says so; the windows need no more.
    fastest = np.where(fastest == LONGEST_S, 0, fastest)
    owed = [
        *owed_points(ground),
        *owed_segments(ground, fastest),
        *(() if peaks is None else owed_peaks(ground, peaks)),
    ]
    rows: list[tuple[Any, ...]] = []
    windows: list[tuple[Window, ...]] = []
    for each in owed:
        for row, when in _in_shifts(each, shifts):
            rows.append(row)
            windows.append(when)
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return Tasks(frame.astype(TYPES), tuple(windows))


def speeds_of(crews: pd.DataFrame) -> tuple[Speed, ...]:
    """
    List the ways in which crews move, each once.

    Parameters
    ----------
    crews
        Rows of `Shifts.crews`.

    Returns
    -------
    speeds
        Sorted.
    """
    columns = (crews["mode"], crews["speed_kmh"], crews["patrol_kmh"])
    return tuple(sorted({Speed(*each) for each in zip(*columns, strict=True)}))


def passing_s(ground: Ground, speeds: tuple[Speed, ...]) -> tuple[Ints, Ints]:
    """
    Reckon how long it takes to patrol segments.

    Parameters
    ----------
    ground
        Where they run.
    speeds
        p ways to move.

    Returns
    -------
    forward_s, backward_s
        p x segments durations in seconds, -1 where a segment may not be used that way.
    """
    both = []
    for direction in ("forward", "backward"):
        rows = []
        for mode, _, patrol_kmh in speeds:
            placed = ground.placed[mode]
            length = np.where(placed.placed, placed.length_m, 0.0)
            took = whole_s(length, patrol_kmh)
            rows.append(np.where(getattr(placed, direction), took, -1))
        both.append(np.array(rows, dtype=np.int64).reshape(len(speeds), -1))
    return both[0], both[1]


def whole_s(length_m: Floats, speed_kmh: float) -> Ints:
    """
    Turn lengths into whole seconds, never fewer than the speed allows.

    Parameters
    ----------
    length_m
        Lengths in metres.
    speed_kmh
        Greater than 0.

    Returns
    -------
    seconds
        Rounded up; a millionth of a second is noise.
    """
    return np.ceil(length_m * (KMH / speed_kmh) - 1e-6).astype(np.int64)


def _in_shifts(owed: Owed, shifts: Shifts) -> Iterator[tuple[tuple[Any, ...], tuple[Window, ...]]]:
    """Yield the tasks of one row in all shifts, and the windows of each."""
    opened = [open_spans(owed.hours, shifts.date, period) for period in shifts.periods]
    ever = any(opened)
    for period, (spans, whole) in enumerate(zip(opened, shifts.periods, strict=True)):
        if ever and not spans:
            continue
        if owed.reason or spans is None or not spans:
            # A row that is wrong in all shifts is owed in the first: it is one thing to mend.
            if not ever and period:
                continue
            reason = owed.reason or ("hours_unread" if spans is None else "window_outside_shift")
            yield (
                _row(owed, period, 1, "any", owed.work_s, reason),
                (Window(whole[0], whole[1], whole[1]),),
            )
        elif owed.kind == "standby":
            yield from _standing(owed, period, spans)
        else:
            yield from _visited(owed, period, spans)


def _visited(
    owed: Owed, period: int, spans: tuple[Span, ...]
) -> Iterator[tuple[tuple[Any, ...], tuple[Window, ...]]]:
    """Yield the visits of a point, or the passes of a segment, in one shift."""
    least_s, greatest_s = owed.interval_s
    open_s = sum(end - start for start, end in spans)
    count = round(owed.visits) if math.isfinite(owed.visits) else math.ceil(open_s / greatest_s)
    if count < 1:
        return
    fits = any(end - start >= owed.work_s for start, end in spans)
    # More visits than minutes are a slip of the pen, and would be as many rows.
    found = None
    if count * max(owed.work_s, MINUTE_S) <= open_s or count == 1:
        even_s = max(least_s, open_s // (APART * count)) if count > 1 else least_s
        for apart_s in (even_s, least_s):
            found = slots(spans, count, owed.work_s, least_s=apart_s, greatest_s=greatest_s)
            if found:
                break
    reason = "" if found else "interval_impossible" if fits else "window_too_short"
    closed = (Window(spans[0][0], spans[-1][1], spans[-1][1]),)
    for direction in owed.directions:
        for visit, windows in enumerate(found or (closed,), start=1):
            yield _row(owed, period, visit, direction, owed.work_s, reason), windows


def _standing(
    owed: Owed, period: int, spans: tuple[Span, ...]
) -> Iterator[tuple[tuple[Any, ...], tuple[Window, ...]]]:
    """Yield a task for each unit that stands by, for each window from its start to its end."""
    visit = 0
    for start, end in spans:
        for _ in range(round(owed.visits)):
            visit += 1
            yield _row(owed, period, visit, "any", end - start, ""), (Window(start, start, end),)


def _row(
    owed: Owed, period: int, visit: int, direction: str, work_s: int, reason: str
) -> tuple[Any, ...]:
    """Return a row of the frame."""
    # Both peaks of a school are at one place.
    way = {"any": "", "forward": ">", "backward": "<"}[direction]
    way = f"#{owed.row}" if owed.kind == "standby" else way
    return (
        f"{owed.kind}:{owed.id}{way}/{visit}@{period}", owed.kind, owed.id, owed.name, owed.row,
        visit, direction, period, owed.area_id, owed.grid_id, owed.place, work_s, owed.required,
        owed.prize_m, owed.priority, owed.skills, reason, owed.detail,
    )  # fmt: skip
