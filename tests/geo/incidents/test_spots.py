"""Spots from hot places, and the ids they keep."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.errors import ColumnError
from geo.incidents.spots import grouped, identified, spots_of
from tests.geo.incidents.ground import cells_of

ROW = cells_of(8, 1)
"""Eight cells side by side."""


def week(text: str, n: list[int] | None = None, before: pd.DataFrame | None = None):  # noqa: ANN201
    """Group hot cells, written X, and name the spots; return ids, moves and the places."""
    group = grouped(np.array([c == "X" for c in text]), ROW.indptr, ROW.indices)
    counts = np.array(n or [5] * 8)
    told = ROW.frame.assign(n=counts, z=1.0)
    spots = spots_of(told, group, ROW)
    names = told["place_id"].to_numpy(dtype=object)
    ids, moves = identified(spots, names, counts, group, before)
    return ids.tolist(), moves, told.assign(spot_id=np.append(ids, [None])[group]), spots


def test_neighbours_are_one_spot() -> None:
    """Three runs in a row of eight."""
    assert grouped(np.array([c == "X" for c in "XX.X.XXX"]), ROW.indptr, ROW.indices).tolist() == [
        0,
        0,
        -1,
        1,
        -1,
        2,
        2,
        2,
    ]


def test_the_peak_is_where_most_incidents_are_also_beside() -> None:
    """Cell 3 is hot for what cell 2 has; of equal ones a hot place is the peak."""
    ids, _, told, spots = week("...X...X", [5, 5, 9, 0, 5, 5, 5, 5])
    names = told["place_id"].tolist()
    assert spots["peak_place"].tolist() == [names[2], names[7]]
    assert spots["n"].tolist() == [0, 5]
    assert spots["n_around"].tolist() == [14, 10]
    assert ids == [names[2], names[7]]


def test_a_spot_that_moves_a_little_keeps_its_id() -> None:
    """Two of three places are the same."""
    first, moves, told, _ = week("XXX.....")
    assert moves["what"].tolist() == ["new"]
    second, moves, _, _ = week(".XXX....", before=told)
    assert second == first
    assert moves[["what", "places", "n"]].to_numpy().tolist() == [["kept", 2, 10]]


def test_of_two_parts_the_larger_keeps_the_id() -> None:
    """The other gets a new one, although its peak is what the first was called after."""
    first, _, told, _ = week("XXXXXX..", [9, 5, 5, 5, 5, 5, 5, 5])
    assert first == [told["place_id"].iloc[0]]
    second, moves, _, _ = week("X..XXX..", [9, 5, 5, 5, 5, 5, 5, 5], before=told)
    assert second == [f"{first[0]}.2", first[0]]
    assert moves[["what", "spot_id"]].to_numpy().tolist() == [
        ["kept", first[0]], ["split", f"{first[0]}.2"],
    ]  # fmt: skip


def test_of_equally_many_places_those_with_more_incidents_decide() -> None:
    """Two places each: those with 12 incidents, not those with 10."""
    counts = [5, 5, 0, 0, 0, 0, 6, 6]
    first, _, told, _ = week("XXXXXXXX", counts)
    second, _, _, _ = week("XX....XX", counts, before=told)
    assert second.index(first[0]) == 1


def test_two_spots_that_merge_keep_the_id_of_the_larger() -> None:
    """And the table tells into which the other went."""
    first, _, told, _ = week("XX..XXX.")
    second, moves, _, _ = week("XXXXXXX.", before=told)
    assert second == [first[1]]
    assert dict(zip(moves["previous_id"], moves["what"], strict=True)) == {
        first[0]: "merged", first[1]: "kept",
    }  # fmt: skip


def test_an_id_is_never_given_to_two() -> None:
    """A new spot at the peak of one that went elsewhere, and one that ended."""
    first, _, told, _ = week("XX.....X")
    second, moves, _, _ = week("...X....", before=told)
    assert second[0] not in first
    told_of = [tuple(row) for row in moves[["previous_id", "spot_id", "what"]].to_numpy().tolist()]
    assert told_of == [
        (first[0], None, "ended"), (first[1], None, "ended"), (None, second[0], "new"),
    ]  # fmt: skip


def test_a_new_spot_at_the_peak_of_one_that_ended_is_another() -> None:
    """Cell 2 is the peak beside both, and none of their places is the same."""
    counts = [5, 5, 9, 5, 5, 5, 5, 5]
    first, _, told, _ = week(".X......", counts)
    second, moves, _, _ = week("...X....", counts, before=told)
    assert second == [f"{first[0]}.2"]
    assert moves["what"].tolist() == ["ended", "new"]


def test_earlier_places_without_ids_are_refused() -> None:
    """The message names the column."""
    with pytest.raises(ColumnError, match="no column place_id"):
        week("X.......", before=pd.DataFrame({"spot_id": ["a"]}))
