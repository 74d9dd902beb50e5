"""Street segments as places."""

from __future__ import annotations

import numpy as np
import pytest

from geo.errors import GeometryError
from geo.incidents.segments import street_places
from geo.streets import StreetNetwork
from tests.strategies import line, points_of, streets_of

PLUS = [line((-200, 0), (200, 0)), line((0, -200), (0, 200)), line((200, 0), (300, 0))]
"""A crossing of two streets, the eastern arm drawn in two rows."""


def test_segments_run_from_junction_to_junction() -> None:
    """Four arms meet; the arm of two rows is one segment of 300 m."""
    places = street_places(streets_of(PLUS, name=["A", "B", "C"]))
    assert sorted(places.frame["length_m"]) == pytest.approx([200.0, 200.0, 200.0, 300.0])
    assert np.diff(places.indptr).tolist() == [3, 3, 3, 3]
    for i in range(4):
        mine = places.indices[places.indptr[i] : places.indptr[i + 1]]
        assert mine.tolist() == [j for j in range(4) if j != i]
    long = places.frame["length_m"] > 250.0
    assert places.frame.loc[long, "name"].tolist() == ["A"]
    assert sorted(places.frame.loc[~long, "name"]) == ["A", "B", "B"]


def test_ids_come_from_the_segment_itself() -> None:
    """Other rows, another direction and other streets elsewhere leave them alone."""
    first = street_places(streets_of(PLUS))
    turned = [shape.reverse() for shape in reversed(PLUS)]
    more = street_places(streets_of([line((900, 900), (1000, 900)), *turned]))
    known = dict(zip(more.frame["place_id"], more.frame.geometry, strict=True))
    assert len(known) == 5
    for place_id, shape in zip(first.frame["place_id"], first.frame.geometry, strict=True):
        assert known[place_id].equals(shape)
    assert "s530150_3380000" in known


def test_segments_with_one_middle_have_ids_of_their_own() -> None:
    """A bow to the north and its mirror image bulge around one middle; parallel lines share it."""
    ways = [line((0, 0), (50, 0.2), (100, 0)), line((0, 0), (50, -0.2), (100, 0)),
            line((0, 0), (0, 90)), line((100, 0), (100, 90))]  # fmt: skip
    ids = street_places(streets_of(ways)).frame["place_id"].tolist()
    assert len(set(ids)) == 4
    assert {"s530050_3380000", "s530050_3380000-2"} <= set(ids)
    assert ids == street_places(streets_of(ways[::-1])).frame["place_id"].tolist()


def test_a_point_counts_at_the_nearest_segment_within_reach() -> None:
    """At 30 m it does, at 31 m not."""
    places = street_places(streets_of(PLUS), within_m=30.0)
    row = places.assign(points_of([(250, 10), (-3, -100), (100, 31), (100, 30)]))
    lengths = places.frame["length_m"].to_numpy()
    assert lengths[row[0]] == pytest.approx(300.0)
    assert places.frame["place_id"].iloc[row[1]] == "s530000_3379900"
    assert row[2] == -1
    assert row[3] == row[0]


def test_a_ring_and_a_lone_street_have_no_neighbours() -> None:
    """A ring is one segment."""
    ring = line((0, 0), (100, 0), (100, 100), (0, 0))
    places = street_places(streets_of([ring, line((500, 0), (600, 0))]))
    assert len(places.frame) == 2
    assert not len(places.indices)


def test_what_nobody_may_use_is_no_place() -> None:
    """A railway crosses no street."""
    streets = streets_of([*PLUS, line((0, 100), (300, 100))], **{"class": ["", "", "", "rail"]})
    assert street_places(streets).frame["length_m"].sum() == pytest.approx(900.0)
    with pytest.raises(GeometryError, match="streets"):
        street_places(streets_of([line((0, 0), (1, 0))], **{"class": ["rail"]}))


def test_a_network_of_who_moves_is_taken() -> None:
    """For vehicles the footway is none."""
    streets = streets_of(PLUS, **{"class": ["road", "footway", "road"]})
    network = StreetNetwork.from_frame(streets, profile="vehicle")
    places = street_places(streets, network=network)
    assert places.frame["length_m"].tolist() == pytest.approx([500.0])
