"""Cameras listed twice, points and devices."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import ColumnError, CRSError, GeometryError, InvalidParameterError
from geo.health import duplicates, networked_by_class, point_counts
from tests.strategies import CRS, line, points_of

spots = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.none() | st.integers(0, 24)), max_size=14
)
"""Places in metres and headings in steps of 15 degrees, close together."""


def cameras_of(places: list[tuple[float, float]], **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Make cameras."""
    return points_of(places, camera_id=[f"C{n}" for n in range(len(places))], **columns)


def test_two_owners_on_one_pole_are_found() -> None:
    """Within 5 m and the same heading across north; not another heading, not farther off."""
    cameras = cameras_of(
        [(0, 0), (3, 4), (1, 0), (3.1, 4), (0, 0)],
        azimuth_deg=[355.0, 5.0, 180.0, 355.0, np.nan],
        unit=["公安", "城管", "公安", "商铺", None],
        point_class=["class_1", "class_2", "class_1", "class_3", None],
    )
    found = duplicates(cameras)
    sure = found.pairs[found.pairs["same_heading"].fillna(value=False)]
    assert sure[["camera_id_a", "camera_id_b"]].to_numpy().tolist() == [["C0", "C1"], ["C1", "C3"]]
    first = sure.iloc[0]
    assert (first["distance_m"], first["heading_deg"]) == (5.0, 10.0)
    assert (first["unit_a"], first["unit_b"]) == ("公安", "城管")
    assert (first["point_class_a"], first["point_class_b"]) == ("class_1", "class_2")
    assert bool(first["other_owner"])
    assert found.summary() == {
        "pairs": 2, "pairs_other_owner": 2, "pairs_heading_unknown": 3, "placeless": 0,
    }  # fmt: skip


def test_one_owner_listing_a_camera_twice_is_told_apart() -> None:
    """And of an unknown owner nothing is said."""
    cameras = cameras_of([(0, 0)] * 3, azimuth_deg=[90.0] * 3, unit=["公安", "公安", None])
    assert duplicates(cameras).pairs["other_owner"].tolist() == [False, pd.NA, pd.NA]
    assert duplicates(cameras).summary()["pairs_other_owner"] == 0


def test_cameras_without_a_place_are_compared_with_none() -> None:
    """Two of them are at no one place."""
    cameras = cameras_of([(0, 0), (0, 0), (0, 0)], azimuth_deg=[90.0] * 3)
    cameras.loc[[1, 2], "geometry"] = None
    found = duplicates(cameras)
    assert found.placeless == ("C1", "C2")
    assert found.pairs.empty
    assert duplicates(cameras.iloc[:0]).summary()["pairs"] == 0


@given(spots, st.integers(0, 8), st.integers(0, 180))
def test_pairs_agree_with_comparing_each_with_each(
    rows: list[tuple[int, int, int | None]], within_m: int, heading_deg: int
) -> None:
    """In plain Python."""
    headings = [math.nan if h is None else 15.0 * h for _, _, h in rows]
    cameras = cameras_of([(x, y) for x, y, _ in rows], azimuth_deg=headings)
    found = duplicates(cameras, within_m=within_m, heading_deg=heading_deg).pairs
    expected = []
    for i, (ax, ay, _) in enumerate(rows):
        for j, (bx, by, _) in enumerate(rows[:i]):
            if (ax - bx) ** 2 + (ay - by) ** 2 > within_m**2:
                continue
            turn = abs((headings[i] - headings[j] + 180.0) % 360.0 - 180.0)
            if not turn > heading_deg:
                expected.append((f"C{j}", f"C{i}", not math.isnan(turn)))
    met = [
        (a, b, not pd.isna(same) and bool(same))
        for a, b, same in zip(
            found["camera_id_a"], found["camera_id_b"], found["same_heading"], strict=True
        )
    ]
    assert sorted(met) == sorted(expected)


def test_four_cameras_at_one_point_are_one_and_four() -> None:
    """By place, and by the point's own name."""
    by_place = point_counts(cameras_of([(0, 0), (0.5, 0), (0, 0.5), (0.9, 0.4)]))
    assert by_place.summary()["camera"] == {"points": 1, "devices": 4, "pointless": 0}
    named = cameras_of([(0, 0), (50, 0), (100, 0), (150, 0)], point_id=["P"] * 4)
    assert point_counts(named).summary()["camera"] == {"points": 1, "devices": 4, "pointless": 0}
    apart = cameras_of([(0, 0), (0, 0)], point_id=["P", "Q"])
    assert point_counts(apart).counts["points"].tolist() == [2, 0, 0]


def test_enforcement_and_gantries_are_no_cameras() -> None:
    """One gantry with one of each counts once for each."""
    kinds = ["fixed_bullet", "traffic_enforcement", "security_checkpoint", None]
    counts = point_counts(cameras_of([(0, 0)] * 4, kind=kinds)).counts.set_index("asset")
    assert counts["devices"].to_dict() == {
        "camera": 2, "traffic_enforcement": 1, "security_checkpoint": 1,
    }  # fmt: skip
    assert counts["points"].tolist() == [1, 1, 1]


def test_devices_near_the_next_are_at_one_point_and_those_without_place_at_none() -> None:
    """A row of cameras on one gantry, and one not placed."""
    cameras = cameras_of([(0, 0), (1, 0), (2, 0), (4, 0), (0, 0)])
    cameras.loc[4, "geometry"] = None
    found = point_counts(cameras)
    assert found.point.tolist()[4] == -1
    assert found.summary()["camera"] == {"points": 2, "devices": 5, "pointless": 1}
    assert point_counts(cameras, within_m=2).summary()["camera"]["points"] == 1
    assert point_counts(cameras.iloc[:0]).counts["devices"].sum() == 0
    half = cameras.assign(point_id=["P", None, None, None, None])
    assert point_counts(half).point.tolist() == [0, 1, 1, 2, -1]


def test_the_networked_rate_by_class_leaves_the_unknown_out() -> None:
    """Cameras of no class stand last."""
    cameras = pd.DataFrame(
        {
            "point_class": ["class_2", "class_2", "class_2", "class_1", None],
            "networked": pd.array([True, False, None, None, True], dtype="boolean"),
        }
    )
    rates = networked_by_class(cameras)
    assert rates["point_class"].isna().tolist() == [False, False, True]
    assert rates[["cameras", "networked", "known", "unknown"]].to_numpy().tolist() == [
        [1, 0, 0, 1], [3, 1, 2, 1], [1, 1, 1, 0],
    ]  # fmt: skip
    assert math.isnan(rates["share"].iloc[0])
    assert rates["share"].tolist()[1:] == [0.5, 1.0]
    alone = networked_by_class(cameras[["networked"]])
    assert alone["cameras"].tolist() == [5]


def test_what_cannot_be_compared_is_refused() -> None:
    """Each with its reason."""
    cameras = cameras_of([(0, 0)])
    with pytest.raises(CRSError):
        duplicates(cameras.to_crs("EPSG:4326"))
    with pytest.raises(CRSError):
        point_counts(cameras.to_crs("EPSG:3857"))
    with pytest.raises(ColumnError, match="no column camera_id"):
        duplicates(cameras.drop(columns="camera_id"))
    with pytest.raises(InvalidParameterError, match="within_m"):
        duplicates(cameras, within_m=-1)
    with pytest.raises(InvalidParameterError, match="heading_deg"):
        duplicates(cameras, heading_deg=181)
    with pytest.raises(InvalidParameterError, match="within_m"):
        point_counts(cameras, within_m=math.nan)
    lines = gpd.GeoDataFrame({"camera_id": [1]}, geometry=[line((0, 0), (1, 1))], crs=CRS)
    assert isinstance(lines.geometry.iloc[0], shapely.LineString)
    with pytest.raises(GeometryError):
        duplicates(lines)
    with pytest.raises(ColumnError, match="no column networked"):
        networked_by_class(pd.DataFrame())
