"""Monthly work by grid and kind, and figures of worker slots."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import ColumnError, InvalidParameterError
from geo.partition.work import work_counts, worker_figures

KINDS = ("matter", "opinion", "visit")
GRIDS = pd.DataFrame({"area_id": ["g1", "g2", "g3"], "setting": ["urban", "rural", None]})


def work(*rows: tuple) -> pd.DataFrame:
    """Make a ledger of grid, month, kind, count and worker kind."""
    return pd.DataFrame(
        rows, columns=["area_code", "month", "kind", "count", "worker_kind"], dtype=object
    )


def test_work_is_counted_by_grid_and_kind_and_a_silent_grid_is_not_0() -> None:
    """g1 names two kinds, g2 one of 0, g3 none; another month is left out."""
    ledger = work(
        ("g1", "2026-10", "matter", 5, "full_time"), ("g1", "2026-10", "visit", 40, "part_time"),
        ("g1", "2026-10", "visit", 2, None), ("g2", "2026-10", "opinion", 0, "full_time"),
        ("g3", "2026-09", "visit", 9, "full_time"), ("g3", "2026-10", "visit", None, "full_time"),
    )  # fmt: skip
    counts = work_counts(ledger, GRIDS, "2026-10", kinds=KINDS)
    grids = counts.by_grid.set_index("area_id")
    assert grids["state"].tolist() == ["reported", "reported", "no_report"]
    assert grids.loc["g1", [*KINDS, "unlisted", "total"]].tolist() == [5, 0, 42, 0, 47]
    assert grids.loc["g2", [*KINDS, "unlisted", "total"]].tolist() == [0, 0, 0, 0, 0]
    assert grids.loc["g3", [*KINDS, "unlisted", "total"]].isna().all()
    assert counts.uncounted == 1
    totals = counts.totals.set_index("kind")
    assert totals.loc["visit"].tolist() == [0, 40, 2, 42, 0]
    assert totals.loc["total"].tolist() == [5, 40, 2, 47, 0]
    assert counts.summary()["no_report"] == ["g3"]
    assert counts.summary()["reported"] == 2


def test_other_kinds_and_other_grids_are_told_and_not_lost() -> None:
    """A kind that is not in the list, and a grid of another town."""
    ledger = work(
        ("g1", "2026-10", "hazard", 3, "full_time"), ("g1", "2026-10", "visit", 1, "x"),
        ("far", "2026-10", "visit", 8, "full_time"),
    )  # fmt: skip
    counts = work_counts(ledger, GRIDS, "2026-10", kinds=KINDS)
    assert counts.unlisted == ["hazard"]
    assert counts.elsewhere == ["far"]
    totals = counts.totals.set_index("kind")
    assert totals.loc["unlisted"].tolist() == [3, 0, 0, 3, 0]
    assert totals.loc["visit"].tolist() == [0, 0, 1, 1, 8]
    assert totals["total"]["total"] == 4
    assert totals["elsewhere"]["total"] == 8


@given(st.lists(st.tuples(
    st.sampled_from(["g1", "g2", "g3", "far"]), st.sampled_from(["2026-09", "2026-10"]),
    st.sampled_from([*KINDS, "hazard"]), st.none() | st.integers(0, 99),
    st.sampled_from(["full_time", "part_time", None, "other"]),
), max_size=15))  # fmt: skip
def test_totals_by_kind_by_worker_and_by_grid_add_up(rows: list) -> None:
    """To the sum of the ledger."""
    counts = work_counts(work(*rows), GRIDS, "2026-10", kinds=KINDS)
    told = [row for row in rows if row[1] == "2026-10" and row[3] is not None]
    totals = counts.totals.set_index("kind")
    assert totals["total"]["total"] + totals["elsewhere"]["total"] == sum(row[3] for row in told)
    assert totals["total"].iloc[:-1].sum() == totals["total"]["total"]
    workers = totals[["full_time", "part_time", "unknown"]]
    assert workers.sum(axis=1).tolist() == totals["total"].tolist()
    assert counts.by_grid["total"].sum() == totals["total"]["total"]
    for kind in (*KINDS, "unlisted"):
        assert counts.by_grid[kind].sum() == totals["total"][kind]
    silent = set(GRIDS["area_id"]) - {row[0] for row in told}
    assert set(counts.by_grid["area_id"][counts.by_grid["state"] == "no_report"]) == silent
    assert counts.by_grid["total"].isna().sum() == len(silent)


def test_workers_are_counted_by_kind_and_setting_of_their_grid() -> None:
    """Six slots, one vacant, one of unknown kind, one of a grid that is not there."""
    slots = pd.DataFrame(
        {
            "area_code": ["g1", "g1", "g2", "g2", "g3", "far", "g1"],
            "kind": ["full_time", "part_time", "part_time", "full_time", None, "full_time",
                     "Full_Time"],
            "state": ["filled", None, "filled", "vacant", "filled", "filled", "filled"],
        }
    )  # fmt: skip
    frame = worker_figures(slots, GRIDS).set_index("setting")
    columns = ["grids", "workers", "full_time", "part_time", "unknown", "vacant",
               "grids_without_worker"]  # fmt: skip
    assert list(frame) == columns
    assert frame.loc["urban"].tolist() == [1, 3, 2, 1, 0, 0, 0]
    assert frame.loc["rural"].tolist() == [1, 1, 0, 1, 0, 1, 0]
    assert frame.loc["unknown"].tolist() == [1, 1, 0, 0, 1, 0, 0]
    assert frame.loc["elsewhere"].tolist() == [0, 1, 1, 0, 0, 0, 0]
    assert frame.loc["total"].tolist() == [3, 6, 3, 2, 1, 1, 0]
    bare = worker_figures(slots.iloc[:0], GRIDS).set_index("setting")
    assert bare["grids_without_worker"].tolist() == [1, 1, 1, 0, 3]
    only_vacant = worker_figures(slots.iloc[3:4], GRIDS).set_index("setting")
    assert only_vacant.loc["rural", "grids_without_worker"] == 1


def test_ledgers_that_cannot_be_counted_are_refused() -> None:
    """Missing columns, a kind twice or called as a column of ours, less than nothing."""
    ledger = work(("g1", "2026-10", "visit", 1, None))
    with pytest.raises(ColumnError, match="work: no column count"):
        work_counts(ledger.drop(columns="count"), GRIDS, "2026-10", kinds=KINDS)
    for kinds in (("visit", "visit"), ("total",), ("state",)):
        with pytest.raises(InvalidParameterError, match="kinds: "):
            work_counts(ledger, GRIDS, "2026-10", kinds=kinds)
    with pytest.raises(InvalidParameterError, match="g1 has count -1 in 2026-10"):
        work_counts(ledger.assign(count=[-1]), GRIDS, "2026-10", kinds=KINDS)
    with pytest.raises(ColumnError, match="areas: row 1 has area_id 'g'"):
        work_counts(ledger, GRIDS.assign(area_id="g"), "2026-10", kinds=KINDS)
    with pytest.raises(ColumnError, match="workers: no column kind"):
        worker_figures(pd.DataFrame({"area_code": []}), GRIDS)
    assert np.isnan(work_counts(ledger.iloc[:0], GRIDS, "2026-10", kinds=()).by_grid["total"]).all()
