"""Visits that answer for nothing due, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.due import number_column
from geo.health.moments import SECOND
from geo.intervals import Intervals
from geo.patrol.pairing import LATE

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo.patrol.pairing import Due, Pairs, Visits

    Mask = NDArray[np.bool_]

FINDINGS: Final = (
    "counted", "repeated", "off_duty", "video", "driven_through", "too_soon", "too_often",
    "other_unit", "outside_window", "not_due",
)  # fmt: skip
"""What is found of a visit; of several reasons not to count it, the first. Repeated is a check-in
that tells of a visit known by positions, or of one just told; too soon, that it came sooner after
another than the least interval; too often, that other visits answer for what was due then; other
unit, that what was due then was due from another unit; outside the window, that something was due
there at another time."""

SURPLUS: Final = ("too_soon", "too_often")
"""Findings that are counted as too often."""


def repeated(visits: Visits, same_visit_s: float) -> Mask:
    """
    Find check-ins that tell of a visit a second time.

    Parameters
    ----------
    visits
        m visits.
    same_visit_s
        How near in time is the same visit, in seconds.

    Returns
    -------
    repeated
        m truths.
    """
    near = int(same_visit_s * SECOND)
    key = np.where(
        (visits.unit < 0) | (visits.place < 0),
        -1,
        visits.unit * (visits.place.max(initial=0) + 1) + visits.place,
    )
    sure = ~visits.probable
    # Half-open ends would let a visit without length slip through, so each is a tick longer.
    known = Intervals.of(key[sure], visits.start_us[sure] - near, visits.end_us[sure] + near + 1)
    told = known.holds(key, visits.start_us) | known.holds(key, visits.end_us)
    checked = np.flatnonzero(visits.probable & (key >= 0))
    checked = checked[np.lexsort((visits.start_us[checked], key[checked]))]
    same = key[checked[1:]] == key[checked[:-1]]
    same &= visits.start_us[checked[1:]] - visits.end_us[checked[:-1]] <= near
    again = np.zeros(len(key), dtype=np.bool_)
    again[checked[1:]] = same
    again[checked] |= told[checked]
    return again


def too_soon(due: pd.DataFrame, asked: Due, visits: Visits, pairs: Pairs) -> Mask:
    """
    Find visits that begin sooner after another at the place has ended than its least interval.

    Only visits that could be done or late count here: neither a passing car nor a stay cut short
    makes the next visit one too many.

    Parameters
    ----------
    due
        n visits due; `least_interval_min` is read where present, the longest of a place.
    asked
        The same as arrays.
    visits
        m visits.
    pairs
        Who could answer for what.

    Returns
    -------
    soon
        m truths.
    """
    soon = np.zeros(len(visits.place), dtype=np.bool_)
    least = np.zeros(len(asked.places))
    np.maximum.at(least, asked.place, np.nan_to_num(number_column(due, "least_interval_min")))
    good = np.unique(pairs.visit[pairs.level <= LATE])
    good = good[least[visits.place[good]] > 0.0]
    good = good[np.lexsort((visits.start_us[good], visits.place[good]))]
    interval = (least * 60 * SECOND).astype(np.int64)
    last: dict[int, int] = {}
    # One after the other: whether a visit counts depends on which before it did.
    for visit in good.tolist():
        place, start = int(visits.place[visit]), int(visits.start_us[visit])
        if place in last and start - last[place] < interval[place]:
            soon[visit] = True
        else:
            last[place] = int(visits.end_us[visit])
    return soon


def findings(
    visits: Visits, possible: Pairs, chosen: Pairs, again: Mask, soon: Mask, *, own: bool
) -> NDArray[np.object_]:
    """
    Say of each visit whether it counts, or why not.

    Parameters
    ----------
    visits
        m visits.
    possible
        Pairs that fit in time, whoever was sent.
    chosen
        Pairs that count.
    again
        m truths: told twice.
    soon
        m truths: too soon after another.
    own
        Whether only the unit that was sent may answer.

    Returns
    -------
    findings
        m of `FINDINGS`.
    """
    size = len(visits.place)
    in_time = np.isin(np.arange(size), possible.visit)
    by_own = np.isin(np.arange(size), possible.visit[possible.own]) if own else in_time
    holds = {
        "counted": np.isin(np.arange(size), chosen.visit),
        "repeated": again,
        "off_duty": ~visits.on_duty,
        "video": visits.video,
        "driven_through": visits.driven,
        "too_soon": soon,
        "too_often": by_own,
        "other_unit": in_time,
        "outside_window": visits.place >= 0,
    }
    found = np.full(size, FINDINGS[-1], dtype=object)
    for name in reversed(FINDINGS[:-1]):
        found[holds[name]] = name
    return found
