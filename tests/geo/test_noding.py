"""Where lines meet: drawn on paper, and against the union of shapely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.edges import Edges
from geo.lines import Lines
from geo.noding import noded
from tests.strategies import line, polylines, streets_of

if TYPE_CHECKING:
    import shapely


def cut(*lines: shapely.LineString, level: list[int] | None = None, **options: object) -> Edges:
    """Node some lines, on the ground unless told."""
    taken = Lines.from_frame(streets_of(lines), "streets")
    levels = np.asarray(level or [0] * len(lines), dtype=np.int64)
    return noded(taken, levels[taken.row], **options)  # type: ignore[arg-type]


def degrees(found: Edges) -> list[int]:
    """Count the edges at each node, ascending."""
    return sorted(np.bincount(np.concatenate((found.tail, found.head))).tolist())


def test_a_crossing_is_one_node_of_four_edges() -> None:
    """Two lines that have no vertex in common."""
    found = cut(line((0, 0), (100, 0)), line((30, -20), (30, 60)))
    assert degrees(found) == [1, 1, 1, 1, 4]
    assert found.start.tolist() == [0.0, 30.0, 0.0, 20.0]
    assert found.end.tolist() == [30.0, 100.0, 20.0, 80.0]


def test_an_end_in_the_middle_of_another_line_is_a_junction() -> None:
    """A T, and an X of vertices that two lines share."""
    assert degrees(cut(line((0, 0), (100, 0)), line((30, 0), (30, 60)))) == [1, 1, 1, 3]
    shared = cut(line((0, 0), (30, 5), (100, 0)), line((30, -20), (30, 5), (40, 60)))
    assert degrees(shared) == [1, 1, 1, 1, 4]


@pytest.mark.parametrize("apart_m", [0.0, 0.009, -0.009])
def test_an_end_that_misses_by_less_than_the_tolerance_meets(apart_m: float) -> None:
    """Short of the line, on it, and a little past it: no piece of millimetres is left."""
    found = cut(line((0, 0), (100, 0)), line((30, apart_m), (30, 60)))
    assert degrees(found) == [1, 1, 1, 3]
    assert (found.end - found.start).min() > 1.0


def test_an_end_that_misses_by_more_does_not_meet() -> None:
    """What lies 2 cm apart is apart, until the caller says otherwise."""
    lines = line((0, 0), (100, 0)), line((30, 0.02), (30, 60))
    assert degrees(cut(*lines)) == [1, 1, 1, 1]
    assert degrees(cut(*lines, join_m=0.05)) == [1, 1, 1, 3]


def test_a_bridge_passes_over_and_meets_where_it_ends() -> None:
    """The street below is not cut; the streets at both ends of the bridge go on."""
    below = line((50, -50), (50, 50))
    bridge = line((0, 0), (100, 0))
    ramp, onward = line((-50, 0), (0, 0)), line((100, -30), (100, 30))
    found = cut(below, bridge, ramp, onward, level=[0, 1, 0, 0])
    assert np.count_nonzero(found.part == 0) == 1
    assert np.count_nonzero(found.part == 1) == 1
    assert degrees(found) == [1, 1, 1, 1, 1, 2, 3]


def test_a_street_that_ends_below_a_bridge_does_not_meet_it() -> None:
    """Only the line that is off the ground comes down where it ends."""
    assert degrees(cut(line((0, 0), (100, 0)), line((50, 0), (50, 50)), level=[1, 0])) == [
        1, 1, 1, 1,
    ]  # fmt: skip
    assert degrees(cut(line((0, 0), (100, 0)), line((50, 0), (50, 50)), level=[0, 1])) == [
        1, 1, 1, 3,
    ]  # fmt: skip


def test_two_bridges_of_different_height_meet_only_end_to_end() -> None:
    """A ramp on level 2 goes on as one on level 1."""
    meets = cut(line((0, 0), (100, 0)), line((100, 0), (100, 50)), level=[2, 1])
    assert degrees(meets) == [1, 1, 2]
    assert degrees(cut(line((50, 0), (50, 50)), line((0, 0), (100, 0)), level=[1, 2])) == [
        1, 1, 1, 1,
    ]  # fmt: skip
    assert degrees(cut(line((0, 0), (100, 0)), line((50, 0), (50, 50)), level=[2, 1])) == [
        1, 1, 1, 1,
    ]  # fmt: skip


def test_arcs_of_a_ready_network_stay_as_given() -> None:
    """They meet at their ends, not where they cross."""
    arcs = line((0, 0), (100, 0)), line((50, -50), (50, 50)), line((100, 0), (150, 0))
    assert degrees(cut(*arcs)) == [1, 1, 1, 1, 2, 4]
    assert degrees(cut(*arcs, ends_only=True)) == [1, 1, 1, 1, 2]


def test_a_line_that_crosses_itself_and_one_that_closes() -> None:
    """A figure of eight has a node in its middle, a ring has one at its seam."""
    loop = cut(line((0, 0), (100, 0), (100, 50), (50, 50), (50, -50)))
    assert degrees(loop) == [1, 1, 4]
    assert degrees(cut(line((0, 0), (100, 0), (100, 50), (0, 0)))) == [2]


def test_lines_that_lie_on_each_other_meet_at_both_ends_of_what_they_share() -> None:
    """A street drawn twice is two ways between the same nodes."""
    assert degrees(cut(line((0, 0), (100, 0)), line((0, 0), (100, 0)))) == [2, 2]
    assert degrees(cut(line((0, 0), (100, 0)), line((40, 0), (140, 0)))) == [1, 1, 3, 3]


def test_a_line_shorter_than_the_tolerance_keeps_both_its_ends() -> None:
    """Nothing is lost of it, and what it links stays linked."""
    found = cut(line((0, 0), (50, 0)), line((50, 0), (50.004, 0)), line((50.004, 0), (90, 0)))
    assert (found.end - found.start).sum() == pytest.approx(90.0, abs=1e-9)
    assert found.nodes >= 3
    ends = found.tail[found.part == 0][0], found.head[found.part == 2][0]
    assert ends[0] != ends[1]


def test_nothing_to_cut() -> None:
    """No line at all."""
    found = cut()
    assert found.nodes == 0
    assert len(found.part) == 0


@given(lines=st.lists(polylines, min_size=1, max_size=5))
def test_edges_are_the_lines_without_loss(lines: list[shapely.LineString]) -> None:
    """Edges of a part follow one another from its beginning to its end."""
    taken = Lines.from_frame(streets_of(lines), "streets")
    found = noded(taken, np.zeros(len(taken.row), dtype=np.int64))
    for part in range(len(taken.row)):
        held = found.part == part
        start, end = found.start[held], found.end[held]
        assert start[0] == taken.starts_m[part]
        assert end[-1] == taken.ends_m[part]
        assert (start[1:] == end[:-1]).all()
        assert (start < end).all()
        assert (found.head[held][:-1] == found.tail[held][1:]).all()


@given(lines=st.lists(polylines, min_size=2, max_size=5))
def test_lines_hang_together_as_their_union_does(lines: list[shapely.LineString]) -> None:
    """As many connected pieces as shapely finds where lines touch."""
    found = cut(*lines)
    near = [[a.distance(b) for b in lines] for a in lines]
    doubtful = [d for row in near for d in row if 0.0 < d < 0.05]
    if doubtful:
        return
    piece = list(range(len(lines)))
    for a in range(len(lines)):
        for b in range(a):
            if near[a][b] == 0.0:
                piece = [piece[b] if p == piece[a] else p for p in piece]
    node_piece = list(range(found.nodes))
    for tail, head in zip(found.tail, found.head, strict=True):
        old, new = node_piece[tail], node_piece[head]
        node_piece = [new if p == old else p for p in node_piece]
    assert len(set(node_piece)) == len(set(piece))


@given(
    lengths=st.lists(st.lists(st.floats(1e-9, 1e5), min_size=1, max_size=6), max_size=6),
    data=st.data(),
)
def test_a_place_is_on_the_edge_that_ends_where_it_is(
    lengths: list[list[float]], data: st.DataObject
) -> None:
    """To the bit, however short the edges are and however many metres lie before them."""
    ends = [np.cumsum(part) for part in lengths]
    count = [len(part) for part in lengths]
    part = np.repeat(np.arange(len(lengths)), count)
    end = np.concatenate([np.empty(0), *ends])
    start = np.concatenate([np.empty(0), *(np.concatenate(([0.0], e[:-1])) for e in ends)])
    filled = start < end
    part, start, end = part[filled], start[filled], end[filled]
    node = np.arange(len(part))
    edges = Edges(part, start, end, node, node + 1, len(part) + 1)
    assert edges.edge_at(part, end).tolist() == node.tolist()
    share = data.draw(st.floats(0.0, 1.0, exclude_min=True))
    inner = np.minimum(np.maximum(start + share * (end - start), np.nextafter(start, end)), end)
    assert edges.edge_at(part, inner).tolist() == node.tolist()
    first = np.unique(part, return_index=True)[1]
    assert edges.edge_at(part[first], start[first]).tolist() == first.tolist()
