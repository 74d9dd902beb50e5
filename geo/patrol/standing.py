"""What became of each visit due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.health.moments import FOREVER, SECOND
from geo.intervals import Intervals
from geo.partition.reading import or_none, texts
from geo.patrol.assigning import STATUSES, assign
from geo.patrol.pairing import ANYBODY
from geo.patrol.rostering import day_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.pairing import Due, Pairs, Visits
    from geo.patrol.rostering import Roster
    from geo.patrol.silence import Silence

    Ints = NDArray[np.int64]

VIDEO_MODE: Final = "video"
"""The mode of units that come to no place."""


def chosen_pairs(due: Due, pairs: Pairs) -> Pairs:
    """
    Choose the pairs that count: each visit and each visit due at most once.

    Parameters
    ----------
    due
        What was due.
    pairs
        Who could answer for what.

    Returns
    -------
    chosen
        Some of the pairs.
    """
    apart = np.abs(pairs.begin_us - due.start_us[pairs.due]).astype(np.float64)
    apart /= max(float(apart.max(initial=0.0)), 1.0)
    return pairs.select(assign(pairs.due, pairs.visit, pairs.level, apart))


def standing(
    due: pd.DataFrame, asked: Due, visits: Visits, chosen: Pairs, roster: Roster
) -> pd.DataFrame:
    """
    Say what became of each visit due.

    Parameters
    ----------
    due
        n rows.
    asked
        The same as arrays.
    visits
        What was done.
    chosen
        Which visit answers for which.
    roster
        The shifts.

    Returns
    -------
    rows
        The n rows, with the columns that `Compliance.due` names; `status` "missed" where no
        visit answers.
    """
    size = len(due)
    status = np.full(size, "missed", dtype=object)
    status[chosen.due] = np.array(STATUSES, dtype=object)[chosen.level]
    visit = np.full(size, -1)
    visit[chosen.due] = chosen.visit
    begun = np.full(size, np.datetime64("NaT", "us"))
    begun[chosen.due] = visits.start_us[chosen.visit].astype("datetime64[us]")
    late_s = np.full(size, np.nan)
    late_s[chosen.due] = np.maximum(chosen.begin_us - asked.end_us[chosen.due], 0) / SECOND
    on = np.where(asked.row >= 0, np.append(roster.on_us, 0)[asked.row], asked.start_us)
    return due.reset_index(drop=True).assign(
        status=status,
        visit=pd.Series(visit, dtype="Int64").replace(-1, pd.NA),
        probable=np.append(visits.probable, [False])[visit],
        begun=begun,
        late_s=late_s,
        silent_share=np.nan,
        video=asked.video,
        force=or_none(np.append(roster.force, "")[asked.row]),
        mode=or_none(np.append(roster.mode, "")[asked.row]),
        day=day_of(on).astype("datetime64[s]"),
    )


def _who_could(rows: pd.DataFrame, asked: Due, roster: Roster, *, own: bool) -> tuple[Ints, Ints]:
    """Pair visits due with the shift of the unit sent, or of those that served the area."""
    named = np.flatnonzero(asked.unit >= 0)
    # Where a plan sends units by name, nobody goes to what it sends nobody to.
    others = np.flatnonzero((asked.unit == ANYBODY) & (asked.row >= 0) & (not own))
    due = pd.DataFrame({
        "visit": others, "shift": roster.shift_id[asked.row[others]],
        "area": texts(rows, "area_id")[others],
    })  # fmt: skip
    feet = np.flatnonzero(roster.mode != VIDEO_MODE)
    duty = pd.DataFrame(
        {"row": feet, "shift": roster.shift_id[feet], "serves": roster.area_id[feet]}
    )
    pairs = due.merge(duty, on="shift")
    near = (pairs["serves"] == "") | (pairs["area"] == "") | (pairs["serves"] == pairs["area"])
    pairs = pairs[near]
    return (
        np.concatenate((named, pairs["visit"].to_numpy(np.int64))),
        np.concatenate((asked.row[named], pairs["row"].to_numpy(np.int64))),
    )


def unknown_too(
    rows: pd.DataFrame,
    asked: Due,
    roster: Roster,
    silence: Silence | None,
    share: float,
    *,
    own: bool,
) -> pd.DataFrame:
    """
    Tell what was missed from what nobody can know.

    Parameters
    ----------
    rows
        What `standing` made.
    asked
        What was due.
    roster
        The shifts.
    silence
        When devices were silent; None where no positions were looked at.
    share
        The share of a window from which on its unit counts as silent.
    own
        Whether only the unit that was sent may answer. Else what nobody was sent to is unknown
        where any unit of the shift that served its area was silent: it may have been there.

    Returns
    -------
    rows
        With `silent_share`, and "unknown" for what was missed in silence.
    """
    if silence is None:
        return rows
    visit, row = _who_could(rows, asked, roster, own=own)
    # The stay belongs to the time in which the unit had to be heard; a moment lasts a second.
    stay = np.maximum((asked.dwell_s * SECOND).astype(np.int64), SECOND)
    start, off = asked.start_us[visit], np.append(roster.off_us, 0)[row]
    end = np.minimum((asked.end_us + stay)[visit], np.where(off > start, off, FOREVER))
    order = np.lexsort((start, row))
    windows = Intervals(row[order], start[order].astype(np.float64), end[order].astype(np.float64))
    # Of several who could have come the one least heard decides: it may have been there.
    silent = np.full(len(rows), -np.inf)
    np.maximum.at(silent, visit[order], windows.overlaps_m(silence.spans) / windows.lengths_m)
    silent[silent == -np.inf] = np.nan  # nobody was on duty whose device could tell
    blind = (rows["status"] == "missed").to_numpy() & (silent >= share)
    return rows.assign(status=rows["status"].mask(blind, "unknown"), silent_share=silent)
