"""Shortest ways from arc to arc, against scipy, and what turning back costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.patrol import ways as ways_of
from geo.patrol.arcs import Arcs, arcs_of, edge_lines
from geo.patrol.ways import between, cheapest_m, no_ways, search
from geo.streets import StreetNetwork
from tests.strategies import line, streets_of

ONEWAYS = st.lists(st.sampled_from(["yes", "no", "-1"]), min_size=12, max_size=12)


def town(oneway: list[str]) -> StreetNetwork:
    """Draw four blocks; some streets are one-way."""
    lines = [line((100 * i, 90 * j), (100 * i + 100, 90 * j)) for i in range(2) for j in range(3)]
    lines += [line((100 * i, 90 * j), (100 * i, 90 * j + 90)) for i in range(3) for j in range(2)]
    return StreetNetwork.from_frame(streets_of(lines, oneway=oneway), profile="vehicle")


def arcs_in(network: StreetNetwork) -> Arcs:
    """Return the arcs of a network."""
    return arcs_of(network, edge_lines(network))


@settings(max_examples=20)
@given(ONEWAYS, st.integers(0, 700))
def test_ways_are_the_shortest_between_nodes(oneway: list[str], limit_m: int) -> None:
    """Where turning back costs nothing, they are those of the network."""
    network = town(oneway)
    arcs, ways = arcs_in(network), no_ways(len(arcs_in(network).edge))
    apart = network.from_nodes(np.arange(network.nodes))
    tail = np.repeat(np.arange(network.nodes), np.diff(arcs.first))
    for a in range(len(arcs.edge)):
        known = search(arcs, ways, a, float(limit_m), 0.0)
        for b in range(len(arcs.edge)):
            cost = cheapest_m(ways.last, ways.cost_m, known, b)
            due = apart[arcs.head[a], tail[b]]
            assert cost == pytest.approx(due) if due <= limit_m else cost >= limit_m
            if np.isfinite(cost):
                passed = between(ways, known, a, b)
                assert sum(arcs.length_m[passed]) == pytest.approx(cost)
                ends = [arcs.head[a], *arcs.head[passed]]
                assert [*tail[passed], tail[b]] == ends


def test_turning_back_at_a_node_costs() -> None:
    """To the other direction of the same street, whether it is one row or two."""
    for lines, oneway in (
        ([line((0, 0), (90, 0))], ["no"]),
        ([line((0, 0), (90, 0)), line((90, 0), (0, 0))], ["yes", "yes"]),
    ):
        arcs = arcs_in(
            StreetNetwork.from_frame(
                streets_of(lines, oneway=oneway), profile="vehicle", ready=True
            )
        )
        ways = no_ways(2)
        assert len(arcs.edge) == 2
        known = search(arcs, ways, 0, 500.0, 70.0)
        assert cheapest_m(ways.last, ways.cost_m, known, 1) == pytest.approx(70.0)
        assert between(ways, known, 0, 1) == []
        assert cheapest_m(ways.last, ways.cost_m, known, 0) == pytest.approx(230.0)
        assert between(ways, known, 0, 0) == [1]


def test_a_corner_is_no_turning_back() -> None:
    """Right angles are free, and so is a hairpin of 150 degrees."""
    arcs = arcs_in(
        StreetNetwork.from_frame(
            streets_of([line((0, 0), (90, 0)), line((90, 0), (12, 45))], oneway=["yes", "yes"]),
            profile="vehicle", ready=True,
        )
    )  # fmt: skip
    ways = no_ways(2)
    first = int(np.flatnonzero(arcs.edge == 0)[0])
    known = search(arcs, ways, first, 500.0, 70.0)
    assert cheapest_m(ways.last, ways.cost_m, known, 1 - first) == 0.0


def test_a_full_list_forgets_and_learns_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one search at a time, what is found is the same."""
    network = town(["no"] * 12)
    arcs = arcs_in(network)
    count = len(arcs.edge)
    roomy = no_ways(count)
    monkeypatch.setattr(ways_of, "ROOM", 1)
    narrow = no_ways(count)
    assert len(narrow.last) == count
    for a in [*range(count), 0, 3]:
        one, other = (search(arcs, ways, a, 300.0, 50.0) for ways in (roomy, narrow))
        for ways, known in ((roomy, one), (narrow, other)):
            assert known[1] > known[0]
            assert np.isinf(ways.label_m).all()
        assert roomy.last[one[0] : one[1]].tolist() == narrow.last[other[0] : other[1]].tolist()
        assert roomy.cost_m[one[0] : one[1]].tolist() == narrow.cost_m[other[0] : other[1]].tolist()


def test_arcs_run_both_ways_along_an_edge() -> None:
    """Twins of each other, with headings turned round; a closed direction has no arc."""
    arcs = arcs_in(StreetNetwork.from_frame(streets_of([line((0, 0), (50, 0), (50, 30))])))
    assert arcs.length_m.tolist() == [80.0, 80.0]
    assert arcs.twin.tolist() == [1, 0]
    ahead = int(np.flatnonzero(arcs.along)[0])
    assert arcs.leaving[ahead].tolist() == [1.0, 0.0]
    assert arcs.arriving[ahead].tolist() == [0.0, 1.0]
    assert arcs.leaving[1 - ahead].tolist() == [0.0, -1.0]
    assert arcs.arriving[1 - ahead].tolist() == [-1.0, 0.0]
    oneway = arcs_in(town(["yes"] * 12))
    assert (oneway.twin == -1).all()
    assert oneway.along.all()
