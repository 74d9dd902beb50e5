"""Changes by area and class, villages without incident, high incidence, and the parent area."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geo.errors import ColumnError, InvalidParameterError
from geo.incidents.changes import change
from geo.incidents.comparing import Parent, compare
from geo.incidents.incidence import at_least_so_many
from geo.incidents.periods import Comparison, Period
from geo.incidents.tagging import Tables
from tests.geo.incidents.ledgers import AREAS, YEAR, ledger, many, random_rows
from tests.strategies import areas_of, box

NOW, BEFORE = "2026-05-01", "2025-05-01"
IN_A, IN_B, IN_C = (50, 50), (150, 50), (50, 150)
TAGS = pd.DataFrame({
    "tag": ["preventable", "preventable"], "class": ["theft", "fraud"],
    "since": [None, "2026-01-01"], "until": [None, None],
})  # fmt: skip


def pairs(frame: pd.DataFrame, *names: str) -> dict[tuple[Any, ...], tuple[int, int]]:
    """Return now and before by some columns."""
    return {
        tuple(row[name] for name in names): (row["now"], row["before"])
        for row in frame.to_dict("records")
    }


@settings(max_examples=8)
@given(random_rows(), st.randoms(use_true_random=False))
def test_both_sides_add_up_to_the_total_whatever_the_order(
    rows: list[dict[str, Any]],
    random: Any,  # noqa: ANN401
) -> None:
    """By area and class, unit by unit, outside and without a place too."""
    found = compare(ledger(rows), YEAR, areas=AREAS, by=("area", "class"))
    for side in ("now", "before"):
        assert (
            found.frame.groupby("count_unit")[side].sum().to_dict()
            == found.total.set_index("count_unit")[side].to_dict()
            == found.whole.groupby("count_unit")[side].sum().to_dict()
        )
    alone = compare(ledger(rows), YEAR, areas=AREAS)
    assert alone.frame["now"].sum() == found.frame["now"].sum()
    shuffled = list(rows)
    random.shuffle(shuffled)
    again = compare(ledger(shuffled), YEAR, areas=AREAS, by=("area", "class"))
    pd.testing.assert_frame_equal(found.frame, again.frame)


def test_each_cell_says_what_change_says_of_it() -> None:
    """16 and 25, whose days differ, beside pairs of other areas."""
    leap = Comparison(
        Period(dt.date(2024, 2, 1), dt.date(2024, 3, 1)),
        Period(dt.date(2023, 2, 1), dt.date(2023, 3, 1)),
        "year",
    )
    rows = ledger([
        *many(25, time="2024-02-29", at=IN_A), *many(16, time="2023-02-01", at=IN_A),
        *many(2, time="2024-02-01", at=IN_B), *many(7, time="2024-03-01", at=IN_C),
    ])  # fmt: skip
    found = compare(rows, leap, areas=AREAS).frame.set_index("area_id")
    expected = change(16, 25, exposure_now=29, exposure_before=28).frame().iloc[0]
    for name in ("difference", "share", "rate_share", "e_p", "conditional_p", "low", "high"):
        assert found.loc["a", name] == pytest.approx(expected[name], rel=1e-12), name
    assert found.loc["a", "small"]
    assert found.loc["a", "e_p"] != pytest.approx(float(change(16, 25).e_p[0]), rel=1e-3)
    assert (found.loc["b", "now"], found.loc["b", "before"]) == (2, 0)
    assert np.isnan(found.loc["b", "share"])
    assert (found.loc["c", "now"], found.loc["c", "before"]) == (0, 0)


def test_a_village_without_incident_is_not_one_without_data() -> None:
    """Only who reported has a zero; who has a row has data whatever the list says."""
    rows = ledger([
        {"time": NOW, "at": IN_A}, {"time": BEFORE, "at": IN_B}, {"time": BEFORE, "at": IN_C},
    ])  # fmt: skip
    found = compare(rows, YEAR, areas=AREAS, reporting=["b"])
    assert found.zero_areas == ("b",)
    assert found.no_data_areas == ("c",)
    assert found.none_recorded_areas == ()
    assert found.before_of_no_data == {"matter": 1}
    frame = found.frame.set_index("area_id")
    assert frame["state"].to_dict() == {"a": "recorded", "b": "zero", "c": "no_data"}
    assert frame.loc["b", "share"] == -1.0
    assert frame.loc["c", ["share", "e_p", "conditional_p", "low", "high"]].isna().all()
    assert pd.isna(frame.loc["c", "difference"])
    told = compare(rows, YEAR, areas=AREAS, reporting=pd.DataFrame({"area_id": ["b", "c"]}))
    assert told.zero_areas == ("b", "c")
    assert told.no_data_areas == ()


def test_none_recorded_is_no_zero_where_nobody_said_who_reported() -> None:
    """It is said as what it is."""
    found = compare(ledger([{"time": NOW, "at": IN_A}]), YEAR, areas=AREAS)
    assert found.zero_areas == found.no_data_areas == ()
    assert found.none_recorded_areas == ("b", "c")
    assert found.frame["state"].tolist() == ["recorded", "none_recorded", "none_recorded"]


def test_every_area_has_a_row_though_nothing_happened_anywhere() -> None:
    """Rows of other years say the unit; the frame is as long as the list of areas."""
    found = compare(ledger([{"time": "2020-01-01", "kind": "case"}]), YEAR, areas=AREAS)
    assert pairs(found.frame, "area_id", "count_unit") == {
        (name, "occurrence"): (0, 0) for name in "abc"
    }
    assert found.total.empty


def test_units_have_rows_of_their_own() -> None:
    """件 and 人次 of one area are two rows, and two totals."""
    rows = ledger([
        {"time": NOW, "at": IN_A, "count_unit": "matter", "count": 132},
        {"time": NOW, "at": IN_A, "count_unit": "person_time", "count": 142},
    ])  # fmt: skip
    found = compare(rows, YEAR, areas=AREAS)
    assert pairs(found.total, "count_unit") == {("matter",): (132, 0), ("person_time",): (142, 0)}
    assert len(found.frame) == 6


def test_at_least_is_told_of_either_side() -> None:
    """2.1万余 of last year makes the change one of "about", there and in the total."""
    rows = ledger([
        {"time": BEFORE, "at": IN_A, "count": 21_000, "about": True},
        {"time": NOW, "at": IN_A, "count": 20_000, "about": False},
        {"time": NOW, "at": IN_B, "count": 1, "about": False},
    ])  # fmt: skip
    found = compare(rows, YEAR, areas=AREAS)
    flags = found.frame.set_index("area_id")[["at_least_now", "at_least_before", "at_least"]]
    assert flags.loc["a"].tolist() == [False, True, True]
    assert flags.loc["b"].tolist() == [False, False, False]
    assert found.total["at_least"].tolist() == [True]


def test_one_definition_of_a_tag_holds_for_both_periods() -> None:
    """Fraud became preventable this year: last year's is counted so too, or it would rise."""
    rows = ledger([
        *many(3, time=NOW, kind="case", **{"class": "fraud"}),
        *many(4, time=BEFORE, kind="case", **{"class": "fraud"}),
        {"time": NOW, "kind": "case", "class": "theft"},
    ])  # fmt: skip
    found = compare(rows, YEAR, by=("tag",), tables=Tables(tags=TAGS))
    assert pairs(found.frame, "tag") == {("preventable",): (4, 4)}
    assert pairs(found.total, "count_unit") == {("occurrence",): (4, 4)}
    assert compare(rows, YEAR, by=("tag",)).frame.empty
    # A line holds from its first day on, and no more from its last.
    lines = TAGS.assign(since=[YEAR.now.last_day] * len(TAGS), until=None)
    assert not compare(rows, YEAR, by=("tag",), tables=Tables(tags=lines)).frame.empty
    lines = TAGS.assign(since=None, until=[YEAR.now.last_day] * len(TAGS))
    assert compare(rows, YEAR, by=("tag",), tables=Tables(tags=lines)).frame.empty


def cases(criminal: tuple[int, int], order: tuple[int, int]) -> list[dict[str, Any]]:
    """Return cases of two groups, now and before."""
    named = {"theft": criminal, "brawl": order}
    return [
        row
        for name, (now, before) in named.items()
        for row in (
            *many(now, time=NOW, kind="case", **{"class": name}),
            *many(before, time=BEFORE, kind="case", **{"class": name}),
        )
    ]


def test_a_double_fall_needs_both_to_fall() -> None:
    """One that is level or rose is none, one from nothing neither; a fall by chance is told."""
    classes = pd.DataFrame({
        "kind": "case", "class": ["theft", "brawl"], "group": ["criminal", "public_order"],
    })  # fmt: skip

    def both(criminal: tuple[int, int], order: tuple[int, int]) -> tuple[bool, tuple[str, ...]]:
        rows = ledger(cases(criminal, order))
        found = compare(rows, YEAR, tables=Tables(classes=classes)).both_fell()
        return found.fell, found.chance

    assert both((50, 120), (40, 100)) == (True, ())
    assert both((50, 120), (24, 25)) == (True, ("public_order",))
    assert both((50, 120), (25, 25)) == (False, ())
    assert both((50, 120), (0, 0)) == (False, ())
    assert both((130, 120), (40, 100)) == (False, ())


def test_a_double_fall_is_of_cases_alone() -> None:
    """Police calls have classes of the same names."""
    rows = ledger([
        *many(3, time=NOW, kind="police_call", **{"class": "criminal"}),
        *many(9, time=BEFORE, kind="case", **{"class": "criminal"}),
        *many(9, time=BEFORE, kind="case", **{"class": "public_order"}),
    ])  # fmt: skip
    found = compare(rows, YEAR).both_fell()
    assert found.fell
    assert found.rows[["class", "now", "before"]].to_numpy().tolist() == [
        ["criminal", 0, 9], ["public_order", 0, 9],
    ]  # fmt: skip
    assert not compare(rows, YEAR).both_fell(kind="police_call").fell


def test_rates_are_per_ten_thousand_people() -> None:
    """An area of unknown people has none, and then all together have none; of nobody, no rate."""
    rows = ledger([*many(39, time=NOW, at=IN_A), {"time": NOW, "at": IN_B}])
    found = compare(rows, YEAR, areas=AREAS, population={"a": 100_000, "b": 2_500, "c": 5_000})
    rates = found.frame.set_index("area_id")["per_ten_thousand"]
    assert rates.to_dict() == {"a": pytest.approx(3.9), "b": pytest.approx(4.0), "c": 0.0}
    assert found.total["per_ten_thousand"].tolist() == [pytest.approx(40 / 107_500 * 10_000)]
    column = AREAS.assign(people=[100_000, None, 5_000])
    found = compare(rows, YEAR, areas=column, population="people")
    assert found.frame["per_ten_thousand"].isna().tolist() == [False, True, False]
    assert found.total["per_ten_thousand"].isna().all()
    # Nobody lives in b, where one happened: it has no rate, and all together have one.
    empty = column.assign(people=[100_000, 0, 5_000])
    found = compare(rows, YEAR, areas=empty, population="people")
    assert found.frame["per_ten_thousand"].isna().tolist() == [False, True, False]
    assert found.total["per_ten_thousand"].tolist() == [pytest.approx(40 / 105_000 * 10_000)]
    assert compare(rows, YEAR, areas=AREAS, population={"a": 0}).reference == "areas"
    # Who lives in areas that were not asked about is no part of the rate.
    wide = {"a": 100_000, "b": 2_500, "c": 5_000, "elsewhere": 900_000}
    told = compare(rows, YEAR, areas=AREAS, population=wide)
    assert told.total["per_ten_thousand"].tolist() == [pytest.approx(40 / 107_500 * 10_000)]
    with pytest.raises(ColumnError, match="population: no column 'heads'"):
        compare(rows, YEAR, areas=AREAS, population="heads")
    with pytest.raises(InvalidParameterError, match="'a' has -1 people"):
        compare(rows, YEAR, areas=AREAS, population={"a": -1.0})


def test_high_incidence_is_more_than_chance_and_small_ones_are_marked() -> None:
    """A great rate of few matters comes after every stable one and has no rank."""
    areas = areas_of({name: box(k * 100, 0, k * 100 + 100, 100) for k, name in enumerate("abcd")})
    rows = ledger([
        *many(60, time=NOW, at=(50, 50)), *many(5, time=NOW, at=(150, 50)),
        *many(20, time=NOW, at=(250, 50)), *many(21, time=NOW, at=(350, 50)),
    ])  # fmt: skip
    people = {"a": 20_000, "b": 100, "c": 20_000, "d": 20_000}
    found = compare(rows, YEAR, areas=areas, population=people)
    assert found.reference == "people"
    high = found.high_incidence
    assert high["area_id"].tolist() == ["a", "b"]
    assert high["unstable"].tolist() == [False, True]
    assert high["rank"].tolist() == [1, pd.NA]
    assert high.loc[1, "ratio"] > high.loc[0, "ratio"]
    expected = 20_000 * 106 / 60_100
    assert high.loc[0, "expected"] == pytest.approx(expected)
    assert high.loc[0, "p"] == pytest.approx(stats.poisson.sf(59, expected), rel=1e-9)


def test_areas_without_people_are_held_against_the_mean() -> None:
    """And those that did not report are in no mean."""
    rows = ledger([*many(40, time=NOW, at=IN_A), *many(10, time=NOW, at=IN_B)])
    mean = compare(rows, YEAR, areas=AREAS)
    assert mean.reference == "areas"
    assert mean.high_incidence["expected"].tolist() == [pytest.approx(50 / 3)]
    heard = compare(rows, YEAR, areas=AREAS, reporting=["a", "b"])
    assert heard.high_incidence["expected"].tolist() == [pytest.approx(25.0)]


def test_areas_without_a_row_are_among_those_tested() -> None:
    """By class the frame holds cells with rows alone; the others were looked at as well."""
    areas = areas_of({k: box(k * 10, 0, k * 10 + 10, 10) for k in range(200)})
    rows = ledger(many(7, time=NOW, at=(5, 5), kind="case", **{"class": "theft"}))
    found = compare(rows, YEAR, areas=areas, by=("area", "class"))
    high = found.high_incidence
    assert len(found.frame) == 1
    people = dict.fromkeys(range(200), 100.0) | {199: 0.0, 198: 0.0}
    some = compare(rows, YEAR, areas=areas, by=("area", "class"), population=people).high_incidence
    assert some["q"].tolist() == [pytest.approx(198 * float(some["p"].iloc[0]), abs=0.0)]
    assert high["q"].tolist() == [pytest.approx(200 * float(high["p"].iloc[0]), abs=0.0)]


def test_the_parent_is_counted_for_the_same_periods() -> None:
    """From its rows or from its counts; ours are among them, or that is told."""
    ours = [*many(4, time=NOW, at=IN_A), *many(8, time=BEFORE, at=IN_A)]
    others = [*many(20, time=NOW, at=None), *many(22, time=BEFORE, at=None), {"time": "2020-01-01"}]
    parent = ledger([*ours, *others])
    found = compare(
        ledger(ours), YEAR, areas=AREAS, parent=Parent(parent, people=100_000),
        population={"a": 4_000, "b": 1_000, "c": 5_000},
    )  # fmt: skip
    beside = found.beside_parent.iloc[0]
    assert (beside["now"], beside["before"]) == (4, 8)
    assert (beside["parent_now"], beside["parent_before"]) == (24, 30)
    assert beside["parent_per_ten_thousand"] == pytest.approx(2.4)
    assert beside["per_ten_thousand"] == pytest.approx(4.0)
    assert not beside["beyond_parent"]
    assert found.reference == "parent"
    table = pd.DataFrame({"now": [3], "before": [30], "at_least": [True]})
    told = compare(ledger(ours), YEAR, areas=AREAS, parent=table).beside_parent.iloc[0]
    assert told["parent_share"] == pytest.approx(-0.9)
    assert told["parent_at_least"]
    assert told["beyond_parent"]


def test_counts_of_the_parent_need_what_ours_are_counted_by() -> None:
    """A column too few, or a count that is none, is told."""
    rows = ledger([{"time": NOW, "kind": "case", "class": "theft"}])
    table = pd.DataFrame({"now": [3], "before": [30]})
    with pytest.raises(ColumnError, match="parent: no column kind, class"):
        compare(rows, YEAR, by=("class",), parent=table)
    for nobody in (0, -5, float("nan")):
        with pytest.raises(InvalidParameterError, match=r"people: .* above 0"):
            Parent(table, people=nobody)
    with pytest.raises(InvalidParameterError, match="parent: row 0 has now -3"):
        compare(rows, YEAR, by=("slot",), parent=table.assign(now=-3, slot="night"))


def test_the_parents_rate_is_what_areas_are_held_against() -> None:
    """24 per 100,000 above, 40 of 4,000 here."""
    ours = ledger(many(40, time=NOW, at=IN_A))
    parent = Parent(pd.DataFrame({"now": [24], "before": [30]}), people=100_000)
    found = compare(ours, YEAR, areas=AREAS, population={"a": 4_000}, parent=parent)
    assert found.high_incidence["expected"].tolist() == [pytest.approx(0.96)]


def test_rows_of_no_area_and_of_no_time_are_told() -> None:
    """With them no zero is quite sure."""
    rows = ledger([{"time": NOW, "at": None}, {"time": NOW, "at": (999, 999)}, {"time": None}])
    found = compare(rows, YEAR, areas=AREAS)
    assert pairs(found.unplaced, "area_id") == {("outside",): (1, 0), ("no_place",): (1, 0)}
    assert found.untimed == 1
    summary = found.summary()
    assert summary["untimed"] == 1
    assert summary["total"][0]["now"] == 2
    assert summary["total"][0]["share"] is None


def test_periods_are_nothing_to_compare_by() -> None:
    """A month of now has none of before."""
    with pytest.raises(InvalidParameterError, match="by: 'month' is unknown"):
        compare(ledger([{"time": NOW}]), YEAR, by=("month",))


def test_a_period_alone_is_no_comparison() -> None:
    """What to hold it against is to be said."""
    with pytest.raises(InvalidParameterError, match=r"a Period says not .* year_before"):
        compare(ledger([]), YEAR.now)  # type: ignore[arg-type]


@given(st.integers(0, 60), st.floats(0.01, 40.0))
def test_the_tail_of_a_poisson_count_is_scipys(count: int, mean: float) -> None:
    """The chance of so many or more, which of none is 1."""
    (found,) = at_least_so_many(np.array([count]), np.array([mean]))
    assert found == pytest.approx(stats.poisson.sf(count - 1, mean), rel=1e-9, abs=1e-300)
