"""The tables of compliance: by shift, unit, area, grid, day, force and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.health.moments import SECOND
from geo.partition.reading import texts
from geo.patrol.rostering import day_of
from geo.patrol.silence import rank_in
from geo.patrol.surplus import SURPLUS
from geo.patrol.tallies import longest_gaps, tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.pairing import Due, Visits
    from geo.patrol.rostering import Roster

    Ints = NDArray[np.int64]
    Objects = NDArray[np.object_]
    Texts = NDArray[np.str_]


def tables_of(
    rows: pd.DataFrame, asked: Due, visits: Visits, found: Objects, roster: Roster
) -> dict[str, pd.DataFrame]:
    """
    Count what became of the visits due, by what they belong to.

    Every shift and unit of the roster has a row, whether anything was due or not. A visit too
    many belongs to the shift in which it was made, and to the area of its place.

    Parameters
    ----------
    rows
        n visits due with their status.
    asked
        The same as arrays.
    visits
        m visits.
    found
        m findings.
    roster
        The shifts.

    Returns
    -------
    tables
        `shifts`, `units`, `areas`, `grids`, `days`, `forces`, `places`.
    """
    often = np.flatnonzero(np.isin(found, SURPLUS))
    shift = _shift_at(roster, visits, often)
    begun = np.where(shift >= 0, np.append(roster.on_us, 0)[shift], visits.start_us[often])
    first = np.unique(asked.place, return_index=True)[1]  # a row due of each place
    of_place = first[visits.place[often]] if len(first) else visits.place[often]
    shifts, units = texts(rows, "shift_id"), texts(rows, "unit_id")
    tables = {
        "shifts": _counted(rows, shifts, roster.shift_id, np.append(roster.shift_id, "")[shift]),
        "units": _counted(
            rows, units, roster.units.to_numpy().astype(str),
            np.append(roster.units.to_numpy().astype(str), "")[visits.unit[often]],
        ),
    }  # fmt: skip
    none = np.empty(0, dtype=str)
    for name, column in (("areas", "area_id"), ("grids", "grid_id")):
        of = texts(rows, column)
        tables[name] = _counted(rows, of, none, of[of_place])
    made_by = np.append(roster.force, "")[shift]
    tables["forces"] = _counted(rows, texts(rows, "force"), roster.force, made_by)
    days = rows["day"].to_numpy().astype("datetime64[D]").astype(str)
    tables["days"] = _counted(rows, days, roster.day.astype(str), day_of(begun).astype(str))
    starts = pd.Series(roster.day.astype("datetime64[s]")).groupby(roster.shift_id).min()
    tables["shifts"].insert(0, "day", starts.reindex(tables["shifts"].index).to_numpy())
    tables["places"] = _places(rows, asked, visits, found, roster, often)
    return tables


def _counted(rows: pd.DataFrame, of: Texts, listed: Texts, often: Texts) -> pd.DataFrame:
    """Count by codes: those of the rows and those listed besides."""
    names = np.unique(np.concatenate((of.astype(str), listed.astype(str))))
    index = pd.Index(names[names != ""].astype(object))
    return tally(rows, index.get_indexer(of), index, often=index.get_indexer(often))


def _shift_at(roster: Roster, visits: Visits, often: Ints) -> Ints:
    """Find the row of the roster in which each of some visits was made; -1 for none."""
    order = np.lexsort((roster.on_us, roster.unit))
    unit, at = visits.unit[often], visits.end_us[often]
    row = rank_in(roster.unit[order], roster.on_us[order], unit, at, side="right") - 1
    shift = np.append(order, -1)[row]
    missing = (shift < 0) | (np.append(roster.unit, -1)[shift] != unit) | (unit < 0)
    return np.where(missing, -1, shift)


def _places(
    rows: pd.DataFrame, asked: Due, visits: Visits, found: Objects, roster: Roster, often: Ints
) -> pd.DataFrame:  # fmt: skip
    """Return one row per place: what became of its visits, and how long nobody came."""
    size = len(asked.places)
    counts = tally(rows, asked.place, pd.RangeIndex(size), often=visits.place[often])
    real = (visits.place >= 0) & visits.on_duty & ~visits.video & ~visits.driven
    real &= found != "repeated"
    place, start = visits.place[real], visits.start_us[real]
    moments = np.concatenate((roster.on_us, roster.off_us, asked.start_us, asked.end_us))
    span = (int(moments.min()), int(moments.max())) if len(moments) else (0, 0)
    gap = longest_gaps(place, start, visits.end_us[real], size, span)
    table = pd.concat((asked.places, counts.reset_index(drop=True)), axis=1)
    table["visits"] = np.bincount(place, minlength=size)
    table["longest_gap_s"] = gap / SECOND
    came = rows["status"].isin(("done", "late", "too_short")).to_numpy()
    due, seen = (
        rows[mask].groupby(asked.place[mask])["day"].nunique().reindex(range(size), fill_value=0)
        for mask in (np.ones(len(rows), dtype=np.bool_), came)
    )
    table["days_due"], table["days_visited"] = due.to_numpy(), seen.to_numpy()
    table["days_visited_share"] = table["days_visited"] / table["days_due"]
    return table
