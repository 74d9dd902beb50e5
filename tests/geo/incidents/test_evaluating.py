"""Hit rates against the best possible."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InvalidParameterError
from geo.incidents.evaluating import evaluate
from geo.incidents.segments import street_places
from tests.geo.incidents.ground import cells_of, incidents_at
from tests.strategies import line, points_of, streets_of

TEN = cells_of(10, 1)


def test_figures_of_ten_cells() -> None:
    """The first two of the ranking hold 6 of 10 incidents; the best two would hold 8."""
    held_out = incidents_at(TEN, [5, 1, 3, 0, 0, 1, 0, 0, 0, 0])
    told = evaluate([9, 8, 7, 0, 0, 0, 0, 0, 0, 0], held_out, TEN, shares=(0.1, 0.2)).iloc[1]
    assert (told["places"], told["hits"], told["incidents"]) == (2, 6, 10)
    assert told["hit_rate"] == pytest.approx(0.6)
    assert told["ground_share"] == pytest.approx(0.2)
    assert told["pai"] == pytest.approx(3.0)
    assert told["best_hit_rate"] == pytest.approx(0.8)
    assert told["best_pai"] == pytest.approx(4.0)
    assert told["pei"] == pytest.approx(0.75)
    assert told["tied"] == 0


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 5)), min_size=2, max_size=7),
    st.floats(0.05, 1.0),
)
def test_no_choice_beats_the_best(ways: list[tuple[int, int]], share: float) -> None:
    """Segments of any length with any count: all choices of as much street are tried."""
    lines = [line((0, 100 * k), (50 * m, 100 * k)) for k, (m, _) in enumerate(ways)]
    places = street_places(streets_of(lines))
    held_out = points_of([(1, 100 * k) for k, (_, n) in enumerate(ways) for _ in range(n)])
    count = np.bincount(places.assign(held_out), minlength=len(ways))
    length = places.frame["length_m"].to_numpy()
    told = evaluate(np.arange(len(ways)), held_out, places, shares=(share,)).iloc[0]
    ground = told["ground_share"] * length.sum() + 1e-6
    best = max(
        (int(count[list(some)].sum()) for k in range(len(ways) + 1)
         for some in combinations(range(len(ways)), k) if length[list(some)].sum() <= ground),
    )  # fmt: skip
    if count.sum():
        assert told["hits"] <= best <= told["best_hit_rate"] * count.sum() + 1e-9
        assert not told["pei"] > 1.0 + 1e-12
    assert told["ground_share"] <= share + 1e-9


def test_ties_are_told_and_the_id_decides() -> None:
    """Not the order of the rows."""
    held_out = incidents_at(TEN, [1] * 10)
    told = evaluate([1.0] * 10, held_out, TEN, shares=(0.3,)).iloc[0]
    assert (told["places"], told["tied"]) == (3, 7)
    ids = TEN.frame["place_id"].to_numpy().astype(str)
    lowest = np.argsort(ids)[:3]
    one = incidents_at(TEN, np.isin(np.arange(10), lowest).astype(int))
    assert evaluate([1.0] * 10, one, TEN, shares=(0.3,)).iloc[0]["hit_rate"] == 1.0


def test_a_place_of_unknown_score_comes_last() -> None:
    """Also after negative scores."""
    held_out = incidents_at(TEN, [9, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    score = [np.nan, *[-1.0] * 8, -0.5]
    assert evaluate(score, held_out, TEN, shares=(0.1,)).iloc[0]["hits"] == 1


def test_what_has_no_denominator_is_none() -> None:
    """Nothing happened; and a share so small that no place is taken."""
    nothing = evaluate(np.arange(10), points_of([(5_000, 0)]), TEN, shares=(0.1,)).iloc[0]
    assert (nothing["incidents"], nothing["outside"]) == (0, 1)
    assert np.isnan(nothing["hit_rate"])
    assert np.isnan(nothing["pei"])
    small = evaluate(np.arange(10), incidents_at(TEN, [1] * 10), TEN, shares=(0.01,)).iloc[0]
    assert (small["places"], small["hits"]) == (0, 0)
    assert np.isnan(small["pai"])


def test_shares_add_up_to_whole_places() -> None:
    """0.3 of ten cells is three, though three of 123.4 m are more than 0.3 of ten in binary."""
    shares = tuple(k / 10 for k in range(1, 11))
    for side_m in (100.0, 123.4):
        cells = replace(TEN, frame=TEN.frame.assign(area_m2=side_m**2))
        told = evaluate(np.arange(10), points_of([]), cells, shares=shares)
        assert told["places"].tolist() == list(range(1, 11))


def test_scores_and_shares_that_do_not_fit_are_refused() -> None:
    """One score a place, shares above 0."""
    with pytest.raises(InvalidParameterError, match="score: 9 numbers for 10 places"):
        evaluate(np.arange(9), points_of([]), TEN)
    for share in (0.0, 1.5, np.nan):
        with pytest.raises(InvalidParameterError, match="shares"):
            evaluate(np.arange(10), points_of([]), TEN, shares=(share,))
