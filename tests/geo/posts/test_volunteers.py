"""Reports of volunteers by occupation: the published figures, and what may not be summed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ColumnError, InvalidParameterError
from geo.posts import volunteer_reports

PUBLISHED = pd.DataFrame(
    {
        "occupation": ["快递骑手", "出租车司机", "环卫工人"],
        "people": [40, 268, 124],
        "leads": [431, 1_500, 700],
    }
)
"""The published totals by occupation; the split of the leads is made up."""


def test_the_published_totals_give_6_09_leads_a_person() -> None:
    """40 + 268 + 124 people, 2,631 leads."""
    summary = volunteer_reports(PUBLISHED).summary()
    assert (summary["people"], summary["leads"], summary["formula"]) == (
        432,
        2_631,
        "leads / people",
    )
    assert round(summary["leads_per_person"], 2) == 6.09
    assert [row["people"] for row in summary["by_occupation"]] == [40, 268, 124]
    assert summary["by_occupation"][0] == {
        "occupation": "快递骑手", "people": 40, "leads": 431, "leads_per_person": 431 / 40,
        "rows_unknown": 0,
    }  # fmt: skip
    assert "by_area" not in summary


def test_rows_of_one_occupation_are_added_and_areas_kept_apart() -> None:
    """In the order in which they come."""
    rows = pd.DataFrame(
        {
            "area_code": ["02", "01", "02", None],
            "occupation": ["保洁员", "保洁员", "快递员", "保洁员"],
            "people": [10, 5, 4, 5],
            "leads": [20, 0, 8, 10],
        }
    )
    reports = volunteer_reports(rows)
    assert reports.by_occupation["occupation"].tolist() == ["保洁员", "快递员"]
    assert reports.by_occupation["people"].tolist() == [20, 4]
    assert reports.by_occupation["leads_per_person"].tolist() == [1.5, 2.0]
    assert reports.by_area is not None
    assert reports.by_area[["area_code", "occupation", "people"]].to_numpy().tolist() == [
        ["02", "保洁员", 10], ["01", "保洁员", 5], ["02", "快递员", 4], [None, "保洁员", 5],
    ]  # fmt: skip


def test_what_is_unknown_is_not_zero_and_counts_on_neither_side() -> None:
    """People without leads and leads without people would bend the rate of the others."""
    rows = pd.DataFrame(
        {
            "occupation": ["保洁员", "保洁员", "保洁员", "快递员", None],
            "people": [10, None, 7, None, 4],
            "leads": [20, 99, None, 5, 4],
        }
    )
    reports = volunteer_reports(rows)
    assert reports.summary()["by_occupation"] == [
        {"occupation": "保洁员", "people": 10, "leads": 20, "leads_per_person": 2.0,
         "rows_unknown": 2},
        {"occupation": "快递员", "people": None, "leads": None, "leads_per_person": None,
         "rows_unknown": 1},
        {"occupation": None, "people": 4, "leads": 4, "leads_per_person": 1.0, "rows_unknown": 0},
    ]  # fmt: skip
    assert reports.total == {
        "people": 14, "leads": 24, "leads_per_person": 24 / 14, "rows_unknown": 3,
    }  # fmt: skip


@pytest.mark.parametrize(("people", "rate"), [(0, None), (1, None), (2, None), (3, 0.0)])
def test_there_is_no_rate_of_nobody_and_none_of_one_or_two(people: int, rate: float | None) -> None:
    """A rate of so few would be a score of a person."""
    rows = pd.DataFrame({"occupation": ["保洁员"], "people": [people], "leads": [0]})
    summary = volunteer_reports(rows).summary()
    assert summary["people"] == people
    assert summary["leads_per_person"] == rate
    assert summary["by_occupation"][0]["leads_per_person"] == rate


@pytest.mark.parametrize(
    ("people", "leads", "said"),
    [
        (-1, 3, "people: -1 in row 1; give a count"),
        (2.5, 3, "people: 2.5 in row 1; give a count"),
        (2, -3, "leads: -3 in row 1; give a count"),
        (2, 0.5, "leads: 0.5 in row 1; give a count"),
        (np.inf, 1, "people: inf in row 1"),
        (0, 3, "leads: 3 in row 1; give 0, or the people that they come from"),
    ],
)
def test_numbers_that_count_nobody_are_refused(people: float, leads: float, said: str) -> None:
    """Never summed in silence."""
    rows = pd.DataFrame({"occupation": "保洁员", "people": [5, people], "leads": [5, leads]})
    with pytest.raises(InvalidParameterError, match=said):
        volunteer_reports(rows)


def test_a_missing_column_is_named() -> None:
    """All three are needed."""
    with pytest.raises(ColumnError, match="no column people, leads"):
        volunteer_reports(pd.DataFrame({"occupation": ["保洁员"]}))


def test_no_row_gives_no_figure() -> None:
    """None, not 0."""
    reports = volunteer_reports(PUBLISHED.iloc[:0])
    assert reports.total == {
        "people": None, "leads": None, "leads_per_person": None, "rows_unknown": 0,
    }  # fmt: skip
    assert len(reports.by_occupation) == 0


groups = st.tuples(st.sampled_from("abc"), st.integers(1, 50), st.integers(0, 500))


@given(st.lists(groups, min_size=1, max_size=12))
def test_occupations_and_areas_sum_to_the_whole(rows: list[tuple[str, int, int]]) -> None:
    """Whatever the order and the split."""
    frame = pd.DataFrame(rows, columns=["occupation", "people", "leads"])
    frame["area_code"] = [str(i % 2) for i in range(len(frame))]
    reports = volunteer_reports(frame)
    assert reports.by_area is not None
    for name in ("people", "leads"):
        whole = int(frame[name].sum())
        assert reports.total[name] == whole
        assert int(reports.by_occupation[name].sum()) == whole
        assert int(reports.by_area[name].sum()) == whole
