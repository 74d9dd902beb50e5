"""Where and when visible units were: near which stretches of which segments, in which slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geo.health.moments import SECOND
from geo.intervals import Intervals
from geo.patrol.capsules import stretches_near
from geo.patrol.silence import rank_in
from geo.patrol.slots import served

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.lines import Lines
    from geo.patrol.presence import PresenceRules
    from geo.patrol.rostering import Roster
    from geo.patrol.silence import Fixes
    from geo.patrol.slots import Slots

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

LOT: Final = 100_000
"""Ways that are held against the lines at once."""


def shifts_of(roster: Roster, rows: Mask, fixes: Fixes) -> Ints:
    """
    Find the shift in which each position was given.

    Parameters
    ----------
    roster
        n shifts.
    rows
        n truths: the shifts that count.
    fixes
        m positions.

    Returns
    -------
    row
        m rows of the roster; -1 for none.
    """
    picked = np.flatnonzero(rows)
    picked = picked[np.lexsort((roster.on_us[picked], roster.unit[picked]))]
    before = rank_in(
        roster.unit[picked], roster.on_us[picked], fixes.unit, fixes.time_us, side="right"
    )
    row = np.append(picked, -1)[before - 1]
    within = (np.append(roster.unit, -1)[row] == fixes.unit) & (row >= 0)
    within &= fixes.time_us <= np.append(roster.off_us, 0)[row]
    return np.where(within, row, -1)


def outside(xy: Floats, compounds: gpd.GeoDataFrame | None) -> Mask:
    """
    Tell which positions lie in no compound.

    Parameters
    ----------
    xy
        m x 2 coordinates.
    compounds
        Polygons in the same CRS; their outlines belong to them.

    Returns
    -------
    outside
        m truths.
    """
    away = np.ones(len(xy), dtype=np.bool_)
    if compounds is not None and len(compounds) and len(xy):
        tree = shapely.STRtree(np.asarray(compounds.geometry.array))
        away[tree.query(shapely.points(xy), predicate="intersects")[0]] = False
    return away


def covered_lengths(
    lines: Lines, fixes: Fixes, usable: Mask, slots: Slots, rules: PresenceRules
) -> Floats:
    """
    Measure how much of each line was near a unit in each slot.

    Parameters
    ----------
    lines
        The lines.
    fixes
        m positions.
    usable
        m truths: those that count.
    slots
        The slots.
    rules
        The limits.

    Returns
    -------
    covered_m
        Lengths in metres: a row per row of the lines, a column per slot.
    """
    join_m = np.full(len(usable), rules.join_m)
    begin, end, slot, _ = ways_of(fixes, usable, slots, join_s=rules.join_s, join_m=join_m)
    parts = len(lines.row)
    order = np.argsort(slot, kind="stable")
    lots = [Intervals.of([], [], [])]
    # Where many units meet many lines the pairs fill the memory, so ways are taken by the lot.
    for low in range(0, len(order), LOT):
        lot = order[low : low + LOT]
        way, part, start, stop = stretches_near(lines, begin[lot], end[lot], rules.within_m)
        lots.append(Intervals.of(slot[lot][way] * parts + part, start, stop))
    near = Intervals.of(
        *(np.concatenate([getattr(of, name) for of in lots]) for name in ("key", "start", "end"))
    )
    covered = np.zeros((lines.rows, slots.count))
    if len(near):
        np.add.at(covered, (lines.row[near.key % parts], near.key // parts), near.lengths_m)
    return covered


def ways_of(
    fixes: Fixes, usable: Mask, slots: Slots, *, join_s: float, join_m: Floats
) -> tuple[Floats, Floats, Ints, Ints]:
    """
    Return where units were in each slot, as straight ways.

    Parameters
    ----------
    fixes
        m positions.
    usable
        m truths: those that count.
    slots
        The slots.
    join_s, join_m
        Positions of one track that follow upon each other are joined up to so many seconds and
        metres apart; the metres are told for each position.

    Returns
    -------
    begin, end
        k x 2 coordinates: first the positions that nothing joins, which begin where they end, then
        what joins the others, cut where a slot turns.
    slot, fix
        k slots, and the position that each way begins with.
    """
    a = np.flatnonzero(usable[:-1] & usable[1:])
    b = a + 1
    apart = np.diff(fixes.xy, axis=0)[a]
    joined = (fixes.unit[a] == fixes.unit[b]) & (fixes.track[a] == fixes.track[b])
    joined &= fixes.time_us[b] - fixes.time_us[a] <= join_s * SECOND
    joined &= np.hypot(apart[:, 0], apart[:, 1]) <= join_m[a]
    joined &= fixes.time_us[b] > fixes.time_us[a]
    a, b, apart = a[joined], b[joined], apart[joined]
    alone = usable.copy()
    alone[a] = alone[b] = False
    here = np.flatnonzero(alone)
    first, last = slots.at(fixes.time_us[a]), slots.at(fixes.time_us[b])
    count = last - first + 1
    way = np.repeat(np.arange(len(a)), count)
    slot = first[way] + np.arange(len(way)) - np.repeat(np.cumsum(count) - count, count)
    # A way over the turn of a slot is cut there, at an even pace.
    turn = (slots.first + slot) * slots.length_us
    since, lasts = fixes.time_us[a][way], (fixes.time_us[b] - fixes.time_us[a])[way]
    low = np.clip((turn - since) / lasts, 0.0, 1.0)[:, None]
    high = np.clip((turn + slots.length_us - since) / lasts, 0.0, 1.0)[:, None]
    begin = np.vstack((fixes.xy[here], fixes.xy[a][way] + low * apart[way]))
    end = np.vstack((fixes.xy[here], fixes.xy[a][way] + high * apart[way]))
    slot = np.concatenate((slots.at(fixes.time_us[here]), slot))
    inside = (slot >= 0) & (slot < slots.count)
    fix = np.concatenate((here, a[way]))
    return begin[inside], end[inside], slot[inside], fix[inside]


def heard_slots(roster: Roster, areas: pd.Index, shift: Ints, fixes: Fixes, slots: Slots) -> Mask:
    """
    Tell in which slots a unit of each area gave a position.

    Parameters
    ----------
    roster
        n shifts.
    areas
        Codes of areas.
    shift
        m rows of the roster, one per position; -1 for those that do not count.
    fixes
        m positions.
    slots
        The slots.

    Returns
    -------
    heard
        As `geo.patrol.slots.staffed`.
    """
    row = shift[shift >= 0]
    slot = slots.at(fixes.time_us[shift >= 0])
    inside = (slot >= 0) & (slot < slots.count)
    row, slot = row[inside], slot[inside]
    area = areas.get_indexer(pd.Index(roster.area_id.astype(object)))
    area = np.where(roster.area_id == "", len(areas) + 1, area)
    return served(area[row], slot, slot + 1, len(areas), slots.count)
