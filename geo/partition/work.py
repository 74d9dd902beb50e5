"""Monthly work of grids by kind, and who does it: figures of slots, never of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.due import number_column, text_column
from geo.errors import ColumnError, InvalidParameterError
from geo.partition.reading import or_none, required, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WORKER_KINDS: Final = ("full_time", "part_time")
"""专职 and 兼职; anything else is unknown."""

SETTINGS: Final = ("urban", "rural", "unknown")
"""Grids of communities, of villages, and those that do not say."""

UNLISTED: Final = "unlisted"
"""Where kinds of work are counted that are not in the list."""


@dataclass(frozen=True, eq=False)
class WorkCounts:
    """
    What grids report for a month; see `work_counts`.

    Parameters
    ----------
    by_grid
        One row per grid, in its order: `area_id`, `state` ("reported" or "no_report"), a column
        per kind, `unlisted` and `total`; NaN, never 0, in a grid without a report.
    totals
        One row per kind, `unlisted` and `total`: `kind`, `full_time`, `part_time`, `unknown` (who
        did it is not told), `total`, and `elsewhere`, what of it was reported for grids that are
        not among the areas.
    elsewhere
        Those grids.
    unlisted
        Kinds met that are not in the list.
    uncounted
        Rows of the month without a number; they are in no figure.
    """

    by_grid: pd.DataFrame
    totals: pd.DataFrame
    elsewhere: list[str]
    unlisted: list[str]
    uncounted: int

    def summary(self) -> dict[str, Any]:
        """Return the totals and the lists, ready for JSON."""
        silent = self.by_grid["state"] == "no_report"
        return {
            "grids": len(self.by_grid),
            "reported": int((~silent).sum()),
            "no_report": self.by_grid["area_id"][silent].tolist(),
            "totals": self.totals.to_dict("records"),
            "elsewhere": self.elsewhere,
            "unlisted": self.unlisted,
            "uncounted": self.uncounted,
        }


def work_counts(
    work: pd.DataFrame, areas: pd.DataFrame, month: str, *, kinds: Sequence[str]
) -> WorkCounts:
    """
    Count the work of a month by grid and kind.

    A grid with any count in the month has reported, and what it does not name it did not do. Of
    one without, nothing is known.

    Parameters
    ----------
    work
        n rows with `area_code`, `month` (2026-10), `kind`, `count`, and `worker_kind` where it
        is told: one of `WORKER_KINDS`. Rows of one grid and kind are added up.
    areas
        m rows with `area_id`: the grids that should report.
    month
        As in the column.
    kinds
        The list of kinds; others are counted as `unlisted`, so that the kinds add up to the total.

    Returns
    -------
    counts
        Whole in rows and columns.

    Raises
    ------
    ColumnError
        When a column is missing, or a code is missing or repeated.
    InvalidParameterError
        When a kind is listed twice or is a column of ours, or a count is negative.
    """
    for column in ("area_code", "month", "kind", "count"):
        if column not in work.columns:
            raise ColumnError(
                f"work: no column {column} among {', '.join(map(str, work.columns))}; rename it"
            )
    known = [*kinds, UNLISTED, "total"]
    if len(set(known)) < len(known) or {"area_id", "state"} & set(known):
        raise InvalidParameterError(
            f"kinds: {', '.join(kinds)} must differ, and none may be area_id, state, {UNLISTED} "
            f"or total"
        )
    grid_id = required(areas, "areas", "area_id")
    now = work[texts(work, "month") == month]
    count = number_column(now, "count")
    wrong = np.flatnonzero(count < 0.0)
    if wrong.size:
        raise InvalidParameterError(
            f"work: {texts(now, 'area_code')[wrong[0]]} has count {count[wrong[0]]:g} in {month}; "
            f"correct it, or leave it empty where it is not known"
        )
    told = np.isfinite(count)
    now, count = now[told], count[told]
    grid = pd.Index(grid_id).get_indexer(texts(now, "area_code"))
    kind = pd.Index(kinds, dtype=object).get_indexer(texts(now, "kind").astype(object))
    unlisted = np.unique(texts(now, "kind")[kind < 0]).tolist()
    kind[kind < 0] = len(kinds)
    here = grid >= 0
    table = np.zeros((len(grid_id), len(kinds) + 1))
    np.add.at(table, (grid[here], kind[here]), count[here])
    reported = np.bincount(grid[here], minlength=len(grid_id)) > 0
    table[~reported] = np.nan
    by_grid = pd.DataFrame(
        {
            "area_id": or_none(grid_id),
            "state": or_none(np.where(reported, "reported", "no_report")),
            **{name: table[:, k] for k, name in enumerate(known[:-1])},
            "total": table.sum(axis=1),
        }
    )
    return WorkCounts(
        by_grid,
        _totals(known, kind, count, _worker_kinds(now, "worker_kind"), here),
        np.unique(texts(now, "area_code")[~here]).tolist(),
        unlisted,
        int((~told).sum()),
    )


def worker_figures(workers: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """
    Count grids and their workers: full-time and part-time, of communities and of villages.

    Parameters
    ----------
    workers
        n slots with `area_code` and `kind` (one of `WORKER_KINDS`); `state` "vacant" where
        nobody fills the slot.
    areas
        m grids with `area_id`; `setting` ("urban", "rural") where known.

    Returns
    -------
    frame
        One row for each of `SETTINGS`, one for slots of grids that are not among the areas
        ("elsewhere"), and "total": `setting`, `grids`, `workers`, `full_time`, `part_time`,
        `unknown`, `vacant` (in none of the others), `grids_without_worker`.

    Raises
    ------
    ColumnError
        When a column is missing, or a grid's code is missing or repeated.
    """
    for column in ("area_code", "kind"):
        if column not in workers.columns:
            raise ColumnError(
                f"workers: no column {column} among {', '.join(map(str, workers.columns))}; "
                f"rename it"
            )
    grid_id = required(areas, "areas", "area_id")
    said = text_column(areas, "setting")
    setting = pd.Index(SETTINGS).get_indexer(np.where(np.isin(said, SETTINGS), said, "unknown"))
    elsewhere = len(SETTINGS)
    grid = pd.Index(grid_id).get_indexer(texts(workers, "area_code"))
    of = np.append(setting, elsewhere)[grid]
    vacant = text_column(workers, "state") == "vacant"
    kind = _worker_kinds(workers, "kind")
    columns: dict[str, NDArray[np.int64]] = {
        "grids": np.bincount(setting, minlength=elsewhere + 1),
        "workers": np.bincount(of[~vacant], minlength=elsewhere + 1),
    }
    for k, name in enumerate((*WORKER_KINDS, "unknown")):
        columns[name] = np.bincount(of[~vacant & (kind == k)], minlength=elsewhere + 1)
    columns["vacant"] = np.bincount(of[vacant], minlength=elsewhere + 1)
    staffed = np.bincount(grid[~vacant & (grid >= 0)], minlength=len(grid_id)) > 0
    columns["grids_without_worker"] = np.bincount(setting[~staffed], minlength=elsewhere + 1)
    frame = pd.DataFrame({"setting": [*SETTINGS, "elsewhere"]} | columns)
    total = frame.sum(numeric_only=True)
    frame.loc[len(frame)] = ["total", *total.tolist()]
    return frame


def _worker_kinds(frame: pd.DataFrame, column: str) -> NDArray[np.int64]:
    """Return the position of each kind in `WORKER_KINDS`, the one after them for unknown."""
    kind: NDArray[np.int64] = pd.Index(WORKER_KINDS).get_indexer(text_column(frame, column))
    return np.where(kind < 0, len(WORKER_KINDS), kind)


def _totals(
    names: list[str],
    kind: NDArray[np.int64],
    count: NDArray[np.float64],
    by: NDArray[np.int64],
    here: NDArray[np.bool_],
) -> pd.DataFrame:
    """Return the sums by kind of work and of worker, with their total below."""
    n = len(names) - 1
    table = np.zeros((n, len(WORKER_KINDS) + 2))
    np.add.at(table, (kind[here], by[here]), count[here])
    table[:, -1] = np.bincount(kind[~here], count[~here], n)
    table = np.vstack((table, table.sum(axis=0)))
    inside = table[:, :-1]
    return pd.DataFrame(
        {
            "kind": names,
            **{name: inside[:, k] for k, name in enumerate((*WORKER_KINDS, "unknown"))},
            "total": inside.sum(axis=1),
            "elsewhere": table[:, -1],
        }
    )
