"""How many places a proposal would offer, before it is made."""

from __future__ import annotations

import pytest

from geo.posts.candidates import places_near
from tests.strategies import areas_of, box, line, streets_of


def test_places_are_estimated_by_the_length_in_the_box_of_the_areas() -> None:
    """One street half inside, one between two areas, one beside the box."""
    streets = streets_of(
        [line((-100, 0), (100, 0)), line((150, 10), (150, 60)), line((0, 500), (100, 500))]
    )
    areas = areas_of({"a": box(0, -50, 100, 100), "b": box(200, -50, 300, 100)})
    assert places_near(streets, areas, step_m=25.0) == pytest.approx((100 + 50) / 25)
    assert places_near(streets, areas, step_m=50.0) == pytest.approx((100 + 50) / 50)
    assert places_near(streets.iloc[2:], areas, step_m=25.0) == 0.0
