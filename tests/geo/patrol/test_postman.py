"""Closed walks along all required edges: as short as drawn on paper, and never below the bound."""

from __future__ import annotations

import math
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, InvalidParameterError
from geo.patrol.postman import Tour, matching_bound, postman

if TYPE_CHECKING:
    from collections.abc import Iterator


def edges_of(*edges: tuple[str, str, float], **columns: list[bool]) -> pd.DataFrame:
    """Make edges from their ends and lengths."""
    return pd.DataFrame(list(edges), columns=["u", "v", "length"]).assign(**columns)


def judge(tour: Tour, edges: pd.DataFrame, required: list[bool]) -> None:
    """Walk along the tour: every step begins where the last ended, every length adds up."""
    order = tour.order
    walked = edges.loc[edges.index[order["edge"]]].reset_index(drop=True)
    begun = np.where(order["forward"], walked["u"], walked["v"])
    ended = np.where(order["forward"], walked["v"], walked["u"])
    assert begun.tolist() == np.roll(ended, 1).tolist()
    served = Counter(order.loc[~order["deadhead"], "edge"])
    assert served == Counter(np.flatnonzero(required).tolist())
    assert tour.length == pytest.approx(walked["length"].sum())
    assert tour.deadhead == pytest.approx(walked.loc[order["deadhead"], "length"].sum())
    assert tour.bound <= tour.length + 1e-9
    gap = (tour.length - tour.bound) / max(tour.length, 1e-9)
    assert tour.gap == pytest.approx(gap, abs=1e-12)


def test_a_street_is_walked_there_and_back() -> None:
    """One edge: twice its length."""
    edges = edges_of(("a", "b", 7.0))
    tour = postman(edges)
    judge(tour, edges, [True])
    assert (tour.length, tour.deadhead, tour.bound, tour.gap, tour.pieces) == (14, 7, 14, 0, 1)


def test_a_ring_is_walked_once() -> None:
    """All junctions are even."""
    edges = edges_of(("a", "b", 1.0), ("b", "c", 2.0), ("c", "a", 3.0))
    tour = postman(edges)
    judge(tour, edges, [True] * 3)
    assert (tour.length, tour.deadhead, tour.bound) == (6.0, 0.0, 6.0)


def test_a_ladder_repeats_its_shorter_pairing() -> None:
    """Two squares with a common side of 1: its ends are odd, and it is the way between."""
    edges = edges_of(
        ("a", "b", 4.0), ("b", "c", 4.0), ("d", "e", 4.0), ("e", "f", 4.0),
        ("a", "d", 1.0), ("b", "e", 1.0), ("c", "f", 1.0),
    )  # fmt: skip
    tour = postman(edges)
    judge(tour, edges, [True] * 7)
    assert tour.deadhead == 1.0
    assert tour.order.loc[tour.order["deadhead"], "edge"].tolist() == [4 + 1]


def test_a_short_cut_that_is_not_required_saves_way() -> None:
    """An arm of 10 with a lane of 3 from its end: back by the lane where there is one."""
    edges = edges_of(("a", "b", 10.0), ("b", "a", 3.0))
    assert postman(edges, required=[True, False]).length == 13.0
    judge(postman(edges, required=[True, False]), edges, [True, False])
    assert postman(edges.iloc[:1]).length == 20.0


def test_the_column_is_read_and_the_argument_goes_before_it() -> None:
    """Without either all are required."""
    edges = edges_of(("a", "b", 10.0), ("b", "a", 3.0), required=[True, False])
    assert postman(edges).deadhead == 3.0
    assert postman(edges, required=[True, True]).deadhead == 0.0
    assert matching_bound(edges) == 3.0
    assert matching_bound(edges, required=[True, True]) == 0.0
    # A column of numbers, as files have it, with rows that are not numbered from 0.
    edges = edges.assign(required=[1, 0]).set_axis([8, 3])
    assert postman(edges).deadhead == 3.0
    judge(postman(edges), edges, [True, False])


def test_a_street_that_ends_where_it_begins_is_walked() -> None:
    """A loop at the end of an arm, and two loops alone."""
    edges = edges_of(("a", "b", 2.0), ("b", "b", 5.0), ("b", "b", 6.0))
    tour = postman(edges)
    judge(tour, edges, [True] * 3)
    assert tour.length == 15.0
    alone = postman(edges.iloc[1:])
    assert (alone.length, alone.deadhead) == (11.0, 0.0)


def test_pieces_are_joined_there_and_back() -> None:
    """Two rings of 3 with a road of 10 between them: the road twice."""
    edges = edges_of(
        ("a", "b", 1.0), ("b", "c", 1.0), ("c", "a", 1.0), ("a", "x", 10.0),
        ("x", "y", 1.0), ("y", "z", 1.0), ("z", "x", 1.0),
    )  # fmt: skip
    required = [True] * 3 + [False] + [True] * 3
    tour = postman(edges, required=required)
    judge(tour, edges, required)
    assert (tour.length, tour.bound, tour.pieces) == (26.0, 26.0, 2)
    assert matching_bound(edges, required=required) == 0.0


def test_pieces_on_a_ring_road_are_joined_around_it() -> None:
    """Three stretches of a ring: the walk goes on around, and closes it."""
    edges = edges_of(*((f"{i}", f"{(i + 1) % 6}", 2.0) for i in range(6)))
    required = [True, False] * 3
    tour = postman(edges, required=required)
    judge(tour, edges, required)
    assert (tour.length, tour.bound, tour.pieces) == (12.0, 12.0, 3)


JOINED = {
    # Ties first cost 18: even junctions alone hang together already, at 7 more than the 10.
    "even junctions first": (17.0, 17.0, ["20r5", "31r5", "01-1", "30-5", "21-2"]),
    # There and back over every tie costs 14.
    "ties first": (13.0, 10.0, ["30r3", "02-2", "10-3", "21r2"]),
    # Ties first, then even junctions walk one tie twice: 34, though both hang together without.
    "ties first, less what is left over": (32.0, 30.0, [
        "01r5", "23-4", "45-1", "67-1", "02-5", "13-3", "24-5", "35r5", "46r6", "57r2",
    ]),
}  # fmt: skip
"""Shortest walks in several pieces that one order of joining them finds: ends, need, length."""


@pytest.mark.parametrize("name", JOINED)
def test_pieces_are_joined_in_the_better_order(name: str) -> None:
    """The lengths are those of the best of all walks, tried one by one."""
    shortest, bound, codes = JOINED[name]
    edges = edges_of(*((code[0], code[1], float(code[3:])) for code in codes))
    required = [code[2] == "r" for code in codes]
    tour = postman(edges, required=required)
    judge(tour, edges, required)
    assert (tour.length, tour.bound) == (shortest, bound)
    assert tour.pieces > 1


def test_nothing_required_is_no_walk() -> None:
    """With edges or without."""
    for edges in (edges_of(("a", "b", 1.0)), edges_of()):
        tour = postman(edges, required=[False] * len(edges))
        assert tour.order.empty
        assert (tour.length, tour.deadhead, tour.bound, tour.gap, tour.pieces) == (0, 0, 0, 0, 0)


def test_what_cannot_be_walked_is_refused() -> None:
    """Each with what was met."""
    edges = edges_of(("a", "b", 1.0), ("b", "c", 2.0))
    with pytest.raises(ColumnError, match="no column 'length'"):
        postman(edges.drop(columns="length"))
    for length in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(InvalidParameterError, match="length of row 1 must be greater than 0"):
            postman(edges.assign(length=[1.0, length]))
    with pytest.raises(InvalidParameterError, match="2 flags wanted"):
        postman(edges, required=[True])
    with pytest.raises(InvalidParameterError, match="row 1 has an end without a label"):
        postman(edges.assign(v=["b", None]))
    apart = edges_of(("a", "b", 1.0), ("b", "c", 2.0), ("x", "y", 1.0))
    with pytest.raises(InvalidParameterError, match="no way leads from row 1 to row 2"):
        postman(apart, required=[False, True, True])


@st.composite
def graphs(draw: st.DrawFn) -> pd.DataFrame:
    """Draw up to seven edges between five nodes, some of them required."""
    node = st.integers(0, 4)
    count = draw(st.integers(1, 7))
    ends = draw(st.lists(st.tuples(node, node), min_size=count, max_size=count))
    length = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    required = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    return pd.DataFrame(ends, columns=["u", "v"]).assign(length=length, required=required)


def closed(edges: pd.DataFrame) -> Iterator[tuple[float, bool]]:
    """Give the length of all extra walking that makes every node even, and if one walk does."""
    ends, required = edges[["u", "v"]].to_numpy(), edges["required"].to_numpy()
    for extra in product(range(3), repeat=len(edges)):
        uses = required + np.array(extra)
        degree = Counter[int]()
        piece = {int(node): int(node) for node in ends[uses > 0].ravel()}
        for (u, v), times in zip(ends.tolist(), uses.tolist(), strict=True):
            degree[u] += times
            degree[v] += times
            if times:
                old, new = piece[u], piece[v]
                piece = {node: new if of == old else of for node, of in piece.items()}
        if all(count % 2 == 0 for count in degree.values()):
            needless = float(edges["length"].to_numpy() @ np.array(extra))
            yield needless, len(set(piece.values())) <= 1


@settings(max_examples=40)
@given(graphs())
def test_no_walk_is_shorter_than_the_bound(edges: pd.DataFrame) -> None:
    """Against all ways to walk edges up to twice more; one more time is never needed."""
    needed = float(edges.loc[edges["required"], "length"].sum())
    walks = list(closed(edges))
    assert matching_bound(edges) == min(length for length, _ in walks)
    one = [length for length, whole in walks if whole]
    if not one:
        with pytest.raises(InvalidParameterError, match="no way leads"):
            postman(edges)
    assume(one)
    tour = postman(edges)
    judge(tour, edges, edges["required"].tolist())
    assert tour.bound <= needed + min(one) <= tour.length
    if tour.pieces <= 1:
        assert tour.length == tour.bound
    # Joining the pieces by a tree and pairing the rest costs no more than three halves.
    assert tour.length <= 1.5 * (needed + min(one))
