"""The table of speeds: stated, changed row by row, and checked."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.errors import ColumnError, InvalidParameterError
from geo.response import speed_table
from geo.response.speeds import SPEEDS_KMH, completed, kmh_of
from tests.strategies import line, streets_of


def test_every_mode_has_a_speed_for_streets_of_no_class() -> None:
    """30, 20 and 5 km/h: what circles of minutes are planned with."""
    table = speed_table()
    plain = table[table["class"] == ""].set_index("mode")["kmh"]
    assert plain.to_dict() == {"car": 30.0, "e_bike": 20.0, "foot": 5.0}


def test_a_row_replaces_one_speed_and_leaves_the_others() -> None:
    """Words in any case; a class that the table lacks is added, the last of two rows holds."""
    own = pd.DataFrame(
        [["car", " Primary ", 50], ["car", "村道", 20], ["car", "村道", "22"]],
        columns=["mode", "class", "kmh"],
    )
    streets = streets_of([line((0, 0), (1, 0))] * 5)
    streets["class"] = ["primary", "村道", "secondary", None, "no such class"]
    assert kmh_of(streets, "car", completed(own)).tolist() == [50, 22, 40, 30, 30]
    assert kmh_of(streets, "e_bike", completed(own)).tolist() == [20] * 5
    assert kmh_of(streets.drop(columns="class"), "foot", completed(None)).tolist() == [5] * 5
    assert len(completed(own)) == len(speed_table()) + 1


def test_speeds_that_are_none_are_refused() -> None:
    """Each with the row and what stands there."""
    with pytest.raises(ColumnError, match="no column 'kmh'"):
        completed(speed_table().drop(columns="kmh"))
    with pytest.raises(InvalidParameterError, match="row 1 has the mode 'boat'"):
        completed(speed_table().assign(mode=["car", "boat"] + ["foot"] * (len(speed_table()) - 2)))
    for wrong in (0.0, -5.0, float("inf"), None, "fast"):
        with pytest.raises(InvalidParameterError, match=r"row 0 has .* km/h"):
            completed(pd.DataFrame({"mode": ["car"], "class": [""], "kmh": [wrong]}))


def test_the_fastest_stay_lawful() -> None:
    """A speed of motorways for nobody but cars; e-bikes stay below 25 km/h."""
    assert max(SPEEDS_KMH["e_bike"].values()) <= 25.0
    assert max(SPEEDS_KMH["foot"].values()) <= 6.0
