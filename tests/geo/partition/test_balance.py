"""How evenly areas are loaded, drawn from paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.areas import area_pieces
from geo.errors import ColumnError, CRSError, InvalidParameterError
from geo.lines import Lines
from geo.partition import Balance, Guide, balance, loads_of
from tests.strategies import CRS, areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    import shapely


def table(**columns: Any) -> pd.DataFrame:  # noqa: ANN401
    """Make areas from columns."""
    n = len(next(iter(columns.values())))
    return pd.DataFrame({"area_id": [f"a{i}" for i in range(n)], **columns})


def test_the_figures_of_three_grids_are_those_on_paper() -> None:
    """Mean 400; deviations -0.25, 0, 0.25; standard deviation 81.65 of 400."""
    found = balance(table(households=[300, 400, 500]))
    assert found.areas["load"].tolist() == pytest.approx([0.75, 1.0, 1.25])
    assert found.areas["deviation"].tolist() == pytest.approx([-0.25, 0.0, 0.25])
    assert found.max_min == pytest.approx(5 / 3)
    assert found.cv == pytest.approx(np.sqrt(20_000 / 3) / 400)
    assert found.largest_deviation == pytest.approx(0.25)
    assert found.unknown == 0


def test_twelve_grids_of_3580_households_get_advice_and_no_error() -> None:
    """298.3 households a grid is just under 300; 1,058 people are about 1,000."""
    found = balance(table(households=[3580 / 12] * 12, people=[12_696 / 12] * 12))
    assert set(found.areas["households_advice"]) == {"just_below"}
    assert set(found.areas["people_advice"]) == {"within"}
    told = found.summary()
    assert told["means"] == pytest.approx({"households": 298.333, "people": 1058.0}, abs=1e-3)
    assert told["households"] == {
        "judged": 12, "outside": 12, "outside_share": 1.0, "just_below": 12, "just_above": 0,
    }  # fmt: skip
    assert told["people"]["outside"] == 0
    assert told["cv"] == 0.0


@pytest.mark.parametrize(
    ("households", "advice"),
    [(284.9, "below"), (285.0, "just_below"), (299.9, "just_below"), (300.0, "within"),
     (500.0, "within"), (500.1, "just_above"), (525.0, "just_above"), (525.1, "above")],
)  # fmt: skip
def test_limits_belong_to_the_guide(households: float, advice: str) -> None:
    """And 5 % beyond them is just beyond."""
    assert balance(table(households=[households])).areas["households_advice"].tolist() == [advice]


def test_the_country_has_a_guide_of_its_own() -> None:
    """60 households are a village in the country, and too few in town; unsaid is town."""
    areas = table(households=[60, 60, 60], people=[1000] * 3, setting=["rural", "urban", None])
    found = balance(areas)
    assert found.areas["households_advice"].tolist() == ["within", "below", "below"]
    assert found.areas["people_advice"].tolist() == ["", "within", "within"]
    assert found.advice("people")["judged"] == 2
    own = balance(areas, guides={"urban": Guide(households=(10, 60)), "rural": Guide()})
    assert own.areas["households_advice"].tolist() == ["", "within", "within"]


def test_an_unknown_count_is_not_zero() -> None:
    """The area is in no figure and counted; the mean is that of the others."""
    found = balance(table(households=[300, None, 500]))
    assert found.unknown == 1
    assert found.max_min == pytest.approx(5 / 3)
    assert found.areas["load"].tolist() == pytest.approx([0.75, np.nan, 1.25], nan_ok=True)
    assert found.areas["households_advice"].tolist() == ["within", "", "within"]
    assert found.summary()["means"]["households"] == 400.0
    assert balance(table(households=[300, 0, 500])).max_min is None


def test_units_may_be_mixed() -> None:
    """Each measure is taken by its own mean: metres do not drown households."""
    areas = table(households=[100, 300], street_length_m=[3000.0, 1000.0])
    even = balance(areas, weights={"households": 1.0, "street_length_m": 1.0})
    assert even.areas["load"].tolist() == pytest.approx([1.0, 1.0])
    most = balance(areas, weights={"households": 3.0, "street_length_m": 1.0})
    assert most.areas["load"].tolist() == pytest.approx([0.75, 1.25])


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=8), st.sampled_from([0.01, 1.0, 1e4]))
def test_the_mean_load_is_one_in_whatever_unit(values: list[int], unit: float) -> None:
    """And the figures do not depend on the unit or on the order."""
    weights = {"households": 2.0, "incidents": 1.0}
    one = balance(table(households=values, incidents=values[::-1]), weights=weights)
    other = balance(
        table(households=np.multiply(values[::-1], unit), incidents=values), weights=weights
    )
    assert one.areas["load"].mean() == pytest.approx(1.0)
    assert other.cv == pytest.approx(one.cv, abs=1e-12)
    assert other.areas["load"].to_numpy()[::-1] == pytest.approx(one.areas["load"])


def test_a_measure_that_is_zero_everywhere_has_no_say_but_may_be_unknown() -> None:
    """Then the area is left out all the same."""
    areas = table(households=[100, 300, 200], incidents=[0, 0, None])
    found = balance(areas, weights={"households": 1.0, "incidents": 1.0})
    assert found.areas["load"].tolist() == pytest.approx([0.5, 1.5, np.nan], nan_ok=True)
    assert found.unknown == 1


def test_nothing_to_measure_gives_no_figure() -> None:
    """No areas, or nobody anywhere."""
    for found in (balance(table(households=[])), balance(table(households=[0, 0]))):
        assert isinstance(found, Balance)
        assert (found.max_min, found.cv, found.largest_deviation) == (None, None, None)
    assert balance(table(households=[None])).summary()["means"] == {"households": None}


def test_the_area_is_measured_when_it_is_asked_for() -> None:
    """In metres that are metres, or not at all."""
    areas = areas_of({"a": box(0, 0, 100, 100), "b": box(100, 0, 400, 100)})
    found = balance(areas, weights={"area_m2": 1.0})
    assert found.areas["area_m2"].tolist() == pytest.approx([1e4, 3e4])
    assert found.areas["load"].tolist() == pytest.approx([0.5, 1.5])
    with pytest.raises(CRSError, match="Mercator"):
        balance(areas.to_crs("EPSG:3857"), weights={"area_m2": 1.0})


@pytest.mark.parametrize(
    ("areas", "weights", "message"),
    [
        (pd.DataFrame({"households": [1]}), None, "no column area_id"),
        (table(people=[1]), None, "no column households"),
        (table(households=[1]), {"homes": 1.0}, "'homes' is no measure"),
        (table(households=[1]), {"households": -1.0}, "0 or more"),
        (table(households=[1]), {"households": float("nan")}, "0 or more"),
        (table(households=[1]), {"households": 0.0}, "at least one"),
        (table(households=[-1]), None, "row 0 has -1.0 as households"),
    ],
)
def test_what_cannot_be_weighed_is_refused(
    areas: pd.DataFrame, weights: dict[str, float] | None, message: str
) -> None:
    """The message names the column or the weight."""
    with pytest.raises((ColumnError, InvalidParameterError), match=message):
        balance(areas, weights=weights)


def test_limits_the_wrong_way_round_are_refused() -> None:
    """The least stands first."""
    with pytest.raises(InvalidParameterError, match="the least first"):
        Guide(households=(500, 300))


TWO = areas_of({"a": box(0, 0, 100, 100), "b": box(100, 0, 200, 100)})


def houses(shapes: list[shapely.Polygon], **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Make buildings."""
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def test_every_household_is_counted_once() -> None:
    """A building over the border is where its inmost place is; what lies outside is in none."""
    astride, inside, away = box(90, 10, 103, 20), box(150, 10, 160, 20), box(300, 0, 310, 10)
    buildings = houses([astride, inside, away], households=[5, 7, 9], people=[10, 20, 30])
    found = loads_of(TWO, buildings=buildings)
    assert found["households"].tolist() == [5, 7]
    assert found["people"].tolist() == [10, 20]
    assert found["area_m2"].tolist() == pytest.approx([1e4, 1e4])
    assert found["area_id"].tolist() == ["a", "b"]


def test_a_sum_with_an_unknown_count_is_unknown() -> None:
    """An empty cell is not nobody."""
    buildings = houses([box(0, 0, 9, 9), box(20, 0, 29, 9), box(150, 0, 159, 9)],
                       households=[5, None, 7])  # fmt: skip
    found = loads_of(TWO, buildings=buildings)
    assert found["households"].tolist() == pytest.approx([np.nan, 7], nan_ok=True)
    assert balance(found).unknown == 1


def test_addresses_stand_before_buildings_and_count_one_each() -> None:
    """One on the border belongs to the lowest code."""
    addresses = points_of([(10, 10), (100, 50), (150, 50)])
    buildings = houses([box(0, 0, 9, 9)], households=[50], people=[99])
    found = loads_of(TWO, buildings=buildings, addresses=addresses)
    assert found["households"].tolist() == [2, 1]
    assert found["people"].tolist() == [99, 0]
    told = loads_of(TWO, addresses=addresses.assign(households=[3, 4, 5], people=[6, 7, 8]))
    assert told["households"].tolist() == [7, 5]
    assert told["people"].tolist() == [13, 8]


def test_incidents_and_streets_are_divided_by_the_one_rule() -> None:
    """A street along the border belongs to the lowest code, as in coverage."""
    streets = streets_of([line((0, 50), (200, 50)), line((100, 0), (100, 100))])
    incidents = points_of([(10, 10), (190, 10), (100, 10), (900, 900)])
    found = loads_of(TWO, incidents=incidents, streets=streets)
    assert found["incidents"].tolist() == [2, 1]
    assert found["street_length_m"].sum() == pytest.approx(300.0)
    lines = Lines.from_frame(streets, "streets")
    pieces = area_pieces(lines, lines.whole, TWO)
    first = (pieces.end - pieces.start)[pieces.area == 0].sum()
    assert found["street_length_m"].iloc[0] == pytest.approx(first)
    assert first > 199.0


def test_buildings_that_tell_nothing_are_refused() -> None:
    """Rather than counted as nobody."""
    with pytest.raises(ColumnError, match="neither households nor people"):
        loads_of(TWO, buildings=houses([box(0, 0, 9, 9)], kind=["house"]))
