"""What stays of hot spots in other cells."""

from __future__ import annotations

import numpy as np
import pytest

from geo.errors import InvalidParameterError
from geo.incidents.cells import square_cells
from geo.incidents.hotspots import hot_spots
from geo.incidents.scales import sensitivity
from tests.geo.incidents.ground import cells_of, incidents_at
from tests.strategies import areas_of, box, points_of

CELLS = cells_of(12, 12)

GROUND = areas_of({"a": box(0, 0, 1_200, 1_200)})


def scene():  # noqa: ANN201
    """Two incidents in each cell, twelve in 3 x 3 of them."""
    counts = np.full((12, 12), 2)
    counts[6:9, 3:6] = 12
    rows = incidents_at(CELLS, counts)
    return rows, hot_spots(rows, CELLS)


def test_the_same_cells_find_the_same_again() -> None:
    """Borders at whole multiples of 100 m: everything again. Half a cell off: a part of it."""
    rows, base = scene()
    told = sensitivity(rows, base, CELLS, GROUND, cells_m=(100.0, 200.0))
    assert told[["cell_m", "shift_m"]].to_numpy().tolist() == [
        [100, 0], [100, 50], [200, 0], [200, 100],
    ]  # fmt: skip
    same = told.iloc[0]
    assert same["jaccard"] == 1.0
    assert same["found_again_share"] == 1.0
    assert same["hot"] == base.places["hot"].sum()
    assert same["area_m2"] == pytest.approx(base.spots["area_m2"].sum())
    assert same["incidents"] == base.spots["n"].sum()
    assert (told["jaccard"] <= 1.0).all()
    assert told["places"].tolist() == [144, 169, 36, 49]


def test_what_lies_in_hot_places_of_both_is_counted_by_incidents() -> None:
    """In cells of 150 m, half a side off: every incident is asked for by itself."""
    rows, base = scene()
    told = sensitivity(rows, base, CELLS, GROUND, cells_m=(150.0,)).iloc[1]
    cells = square_cells(GROUND, 150.0, shift_m=75.0)
    other = hot_spots(rows, cells)
    here = base.places["hot"].to_numpy()[CELLS.assign(rows)]
    there = other.places["hot"].to_numpy()[cells.assign(rows)]
    assert told["incidents"] == there.sum()
    assert told["jaccard"] == pytest.approx((here & there).sum() / (here | there).sum())
    assert 0.0 < told["jaccard"] < 1.0
    again = 2 * (here & there).sum() > here.sum()
    assert (told["found_again"], told["base_spots"]) == (int(again), 1)


def test_shares_of_nothing_are_none() -> None:
    """No spot, and nothing in hot places."""
    rows = points_of([(50, 50), (650, 650)])
    base = hot_spots(rows, CELLS)
    told = sensitivity(rows, base, CELLS, GROUND, cells_m=(200.0,))
    assert told["found_again_share"].isna().all()
    assert told["jaccard"].isna().all()


def test_cells_below_the_floor_and_none_at_all_are_refused() -> None:
    """The floor is that of `square_cells`."""
    rows, base = scene()
    with pytest.raises(InvalidParameterError, match="street segment"):
        sensitivity(rows, base, CELLS, GROUND, cells_m=(25.0,))
    with pytest.raises(InvalidParameterError, match="cells_m"):
        sensitivity(rows, base, CELLS, GROUND, cells_m=())
