"""What is missing around schools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import CRSError, GeometryError, InvalidParameterError
from geo.surroundings import SCHOOL_NEEDS, surroundings
from tests.strategies import ORIGIN, box, places, point_lists, points_of

if TYPE_CHECKING:
    import geopandas as gpd

NONE = points_of([])


def schools() -> gpd.GeoDataFrame:
    """Draw a campus of 100 m by 100 m, and a school known by its gate."""
    frame = points_of([(0, 0), (1000, 0)], site_id=["S1", "S2"], name=["一中", "二小"])
    frame.loc[0, "geometry"] = box(-50, -50, 50, 50)
    return frame


def test_distance_is_from_the_outline_of_a_campus_and_the_gate_of_a_school() -> None:
    """At exactly 200 m it is there, a hand farther it is not."""
    features = {
        "cameras": points_of([(250, 0), (0, 10), (799.9, 0)]),
        "signs": points_of([(250.1, 0), (1000, 200)]),
    }
    found = surroundings(schools(), features, required=("cameras", "signs"))
    assert found.sites["cameras"].tolist() == [2, 0]
    assert found.sites["signs"].tolist() == [0, 1]
    assert found.sites["cameras_ok"].tolist() == [True, False]
    assert found.sites["missing"].tolist() == ["signs", "cameras"]
    assert found.sites["complete"].tolist() == [False, False]
    wide = surroundings(schools(), features, required=("cameras", "signs"), within_m=200.2)
    assert wide.sites["complete"].tolist() == [True, True]


def test_a_layer_that_is_not_given_is_unknown_and_an_empty_one_is_missing() -> None:
    """Without what is unknown nobody is complete, and nobody is blamed for it."""
    near = points_of([(0, 0), (1000, 0)])
    found = surroundings(schools(), {"cameras": near, "signs": near, "speed_bumps": None})
    assert found.sites["unknown"].tolist() == ["speed_bumps,escort_posts"] * 2
    assert found.sites["missing"].tolist() == ["", ""]
    assert found.sites["complete"].isna().all()
    assert found.sites["speed_bumps"].isna().all()
    assert found.sites["escort_posts_ok"].isna().all()
    assert len(found.missing) == 0
    bare = surroundings(schools(), {"cameras": near, "signs": NONE, "speed_bumps": None})
    assert bare.sites["missing"].tolist() == ["signs", "signs"]
    assert bare.sites["complete"].tolist() == [False, False]
    assert bare.sites["signs"].tolist() == [0, 0]


def test_totals_have_their_numerator_and_denominator() -> None:
    """A school without a place is unknown everywhere and in no denominator."""
    three = pd.concat([schools(), points_of([(0, 0)], site_id=["S3"])], ignore_index=True)
    three.loc[2, "geometry"] = shapely.Point()
    lost = points_of([(0, 0), (5, 5)])
    lost.loc[1, "geometry"] = shapely.Point()
    found = surroundings(three, {"cameras": lost, "signs": None}, required=("signs", "cameras"))
    assert found.sites["unknown"].tolist() == ["signs", "signs", "signs,cameras"]
    assert found.summary() == {
        "sites": 3, "complete": 0, "incomplete": 1, "unknown": 2,
        "needs": {
            "signs": {"with": 0, "known": 0, "share": None, "unplaced": 0},
            "cameras": {"with": 1, "known": 2, "share": 0.5, "unplaced": 1},
        },
        "within_m": 200.0, "crs": "EPSG:4547",
    }  # fmt: skip
    assert found.needs["share"].isna().tolist() == [True, False]
    full = surroundings(
        schools(), {"cameras": points_of([(0, 0), (1000, 0)])}, required=("cameras",)
    )
    assert full.summary()["complete"] == 2


def test_the_list_of_what_is_missing_has_one_row_per_school_and_need() -> None:
    """In the order of schools and needs, with the school's own place."""
    found = surroundings(schools(), dict.fromkeys(SCHOOL_NEEDS, NONE)).missing
    assert found["need"].tolist() == list(SCHOOL_NEEDS) * 2
    assert found["site_id"].tolist() == ["S1"] * 4 + ["S2"] * 4
    assert found["name"].tolist() == ["一中"] * 4 + ["二小"] * 4
    assert found.geometry[7].equals(shapely.Point(1000 + ORIGIN[0], ORIGIN[1]))


def test_sites_without_id_are_numbered_and_none_is_no_trouble() -> None:
    """An empty layer of schools has an empty answer."""
    plain = schools().drop(columns=["site_id", "name"])
    assert surroundings(plain, {"cameras": NONE}).sites["site_id"].tolist() == [0, 1]
    empty = surroundings(schools().iloc[:0], {"cameras": NONE})
    assert empty.summary()["sites"] == 0
    assert len(empty.missing) == 0


def test_it_refuses_what_it_cannot_judge() -> None:
    """The message names the layer."""
    for within_m in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(InvalidParameterError, match="within_m must be a number greater than 0"):
            surroundings(schools(), {}, within_m=within_m)
    for required in ((), ("cameras", "cameras")):
        with pytest.raises(
            InvalidParameterError, match=r"required: .* one need or more, each once"
        ):
            surroundings(schools(), {}, required=required)
    with pytest.raises(CRSError, match="signs"):
        surroundings(schools(), {"signs": points_of([(0, 0)]).to_crs("EPSG:4326")})
    with pytest.raises(GeometryError, match="signs: row 0 is a Polygon"):
        surroundings(schools(), {"signs": schools().iloc[:1]})


@given(st.lists(places, min_size=1, max_size=4), point_lists, places, st.integers(1, 400))
def test_counts_are_those_of_every_pair_and_another_feature_never_takes_one_away(
    sites: list[tuple[float, float]],
    features: list[tuple[float, float]],
    more: tuple[float, float],
    within_m: int,
) -> None:
    """Measured pair by pair."""
    at, layer = points_of(sites), points_of(features)
    found = surroundings(at, {"cameras": layer}, required=("cameras",), within_m=float(within_m))
    counts = [int((layer.distance(place) <= within_m).sum()) for place in at.geometry]
    assert found.sites["cameras"].tolist() == counts
    added = surroundings(
        at,
        {"cameras": points_of([*features, more])},
        required=("cameras",),
        within_m=float(within_m),
    )
    assert (added.sites["cameras"] >= found.sites["cameras"]).all()
