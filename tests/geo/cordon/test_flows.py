"""The fewest edges to close, against closing every set of them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cordon.flows import fewest_closures, without_dead_ends
from geo.edges import Edges

NODES = 6

graphs = st.lists(
    st.tuples(
        st.integers(0, NODES - 1),
        st.integers(0, NODES - 1),
        st.sampled_from(["both", "on", "back"]),
    ),
    min_size=0,
    max_size=12,
)
splits = st.lists(st.sampled_from(["source", "sink", "between"]), min_size=NODES, max_size=NODES)


def made(arcs: list[tuple[int, int, str]]) -> tuple[Edges, np.ndarray, np.ndarray]:
    """Make edges of no length to speak of."""
    count = np.arange(len(arcs))
    tail = np.array([arc[0] for arc in arcs], dtype=np.int64)
    head = np.array([arc[1] for arc in arcs], dtype=np.int64)
    way = np.array([arc[2] for arc in arcs], dtype=object)
    edges = Edges(count, np.zeros(len(arcs)), np.ones(len(arcs)), tail, head, NODES)
    return edges, np.asarray(way != "back", bool), np.asarray(way != "on", bool)


def gets_through(
    arcs: list[tuple[int, int, str]], without: tuple[int, ...], split: list[str]
) -> bool:
    """Walk from every source until nothing new is reached."""
    found = {node for node in range(NODES) if split[node] == "source"}
    while True:
        more = set()
        for number, (a, b, way) in enumerate(arcs):
            if number in without:
                continue
            if a in found and way != "back":
                more.add(b)
            if b in found and way != "on":
                more.add(a)
        if more <= found:
            return any(split[node] == "sink" for node in found)
        found |= more


@given(graphs, splits)
def test_no_smaller_set_of_closures_stops_everybody(
    arcs: list[tuple[int, int, str]], split: list[str]
) -> None:
    """Every set of edges is tried, the small ones first."""
    edges, on, back = made(arcs)
    source, sink = (np.array([s == kind for s in split]) for kind in ("source", "sink"))
    closed, disjoint = fewest_closures(edges, on, back, source, sink)
    assert len(closed) == disjoint
    assert not gets_through(arcs, tuple(closed), split)
    for size in range(disjoint):
        assert all(gets_through(arcs, some, split) for some in combinations(range(len(arcs)), size))


@given(graphs, splits, st.randoms())
def test_the_set_does_not_depend_on_the_order_of_the_edges(
    arcs: list[tuple[int, int, str]], split: list[str], chance: object
) -> None:
    """Of several smallest sets the one nearest the sources is unique."""
    source, sink = (np.array([s == kind for s in split]) for kind in ("source", "sink"))
    order = list(range(len(arcs)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    first = fewest_closures(*made(arcs), source, sink)[0]
    again = fewest_closures(*made([arcs[k] for k in order]), source, sink)[0]
    assert sorted(order[k] for k in again) == first.tolist()


def test_in_a_row_the_first_is_closed_and_side_by_side_all_are() -> None:
    """Three in a row need one closure, three abreast need three."""
    source, sink = np.arange(NODES) == 0, np.arange(NODES) == 3
    row = made([(0, 1, "both"), (1, 2, "both"), (2, 3, "both")])
    assert fewest_closures(*row, source, sink)[0].tolist() == [0]
    abreast = made([(0, 3, "both"), (3, 0, "both"), (0, 3, "on"), (0, 3, "back")])
    assert fewest_closures(*abreast, source, sink)[0].tolist() == [0, 1, 2]


def test_trees_that_lead_nowhere_fall_and_rings_stay() -> None:
    """A stem of two edges goes with its leaf; the end where ways begin holds."""
    edges, *_ = made([(0, 1, "both"), (1, 2, "both"), (2, 3, "both"), (3, 1, "both"),
                      (2, 4, "both"), (4, 5, "both")])  # fmt: skip
    every = np.ones(6, dtype=bool)
    begins = np.arange(NODES) == 0
    assert without_dead_ends(edges, every, begins).tolist() == [True] * 4 + [False] * 2
    assert without_dead_ends(edges, every, np.zeros(NODES, bool)).tolist() == [
        False, True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("sink", [np.zeros(NODES, bool), np.arange(NODES) == 5])
def test_without_a_way_nothing_is_closed(sink: np.ndarray) -> None:
    """Nowhere to go, or no edge that leads there."""
    closed, disjoint = fewest_closures(*made([(0, 1, "both")]), np.arange(NODES) == 0, sink)
    assert (closed.tolist(), disjoint) == ([], 0)
