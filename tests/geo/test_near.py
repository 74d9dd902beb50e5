"""Within N metres: 499.9 m is in and 500.1 m is out, at the edge of a zone and in every datum."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo import ColumnError, CRSError, InvalidParameterError, convert, working_crs
from geo.near import UNOFFICIAL_M, within_distance
from tests.strategies import box, line, places, points_of, streets_of

CEMETERY = (109.37, 32.83)
"""Near Xunyang, 1.37 degrees east of the middle of its zone, whose edge is at 1.5."""

WGS84 = Geod(ellps="WGS84")


def metric(lonlat: list[tuple[float, float]], crs: object) -> gpd.GeoDataFrame:
    """Return points given in degrees in a metric CRS."""
    return gpd.GeoDataFrame(geometry=[shapely.Point(p) for p in lonlat], crs=4326).to_crs(crs)


def around(distance_m: float, centre: tuple[float, float] = CEMETERY) -> list[tuple[float, float]]:
    """Return eight places at a distance on the ellipsoid."""
    bearings = np.arange(0, 360, 45)
    lon, lat, _ = WGS84.fwd(*(np.full(8, c) for c in centre), bearings, np.full(8, distance_m))
    return list(zip(lon, lat, strict=True))


@pytest.mark.parametrize("lon", [108.0, 109.37, 109.4999, 110.6])
def test_499_9_m_is_in_and_500_1_m_is_out_anywhere_in_a_zone(lon: float) -> None:
    """In every direction; at the edge the plane alone would be 13 cm off and say otherwise."""
    centre = (lon, 32.83)
    cemetery = metric([centre], "EPSG:4545" if lon < 109.5 else working_crs(metric([centre], 4326)))
    for distance_m, within in ((499.9, True), (500.0, True), (500.1, False)):
        homes = metric(around(distance_m, centre), cemetery.crs)
        frame = within_distance(homes, cemetery, distance_m=500.0)
        assert frame["distance_m"].tolist() == pytest.approx([distance_m] * 8, abs=1e-4)
        if distance_m != 500.0:
            assert frame["within"].tolist() == [within] * 8
    edge = metric(around(499.9, (109.4999, 32.83)), "EPSG:4545")
    plane = edge.distance(metric([(109.4999, 32.83)], "EPSG:4545").geometry[0])
    assert (plane > 500.0).all()


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "cgcs2000"])
def test_the_answer_is_the_same_whichever_datum_the_data_came_in(datum: str) -> None:
    """Sent in another datum and converted back: a micrometre, so 499.9 stays in."""
    for distance_m, within in ((499.9, True), (500.1, False)):
        sent = [convert(*place, "wgs84", datum) for place in (CEMETERY, *around(distance_m))]
        lon, lat = convert(*np.array(sent).T, datum, "wgs84")
        came = list(zip(lon, lat, strict=True))
        frame = within_distance(
            metric(came[1:], "EPSG:4545"), metric(came[:1], "EPSG:4545"), distance_m=500.0,
            error_m=0.0 if datum == "cgcs2000" else UNOFFICIAL_M,
        )  # fmt: skip
        assert frame["within"].tolist() == [within] * 8
        assert frame["distance_m"].tolist() == pytest.approx([distance_m] * 8, abs=1e-4)
        assert frame["doubtful"].tolist() == [datum != "cgcs2000"] * 8


def test_what_an_error_could_change_is_doubtful_and_nothing_else() -> None:
    """490, 499.5, 500.5 and 510 m, off by a metre at most."""
    homes = metric([around(d)[0] for d in (490, 499.5, 500.5, 510)], "EPSG:4545")
    cemetery = metric([CEMETERY], "EPSG:4545")
    frame = within_distance(homes, cemetery, distance_m=500.0, error_m=1.0)
    assert frame["within"].tolist() == [True, True, False, False]
    assert frame["doubtful"].tolist() == [False, True, True, False]
    sure = within_distance(homes, cemetery, distance_m=500.0)
    assert sure["doubtful"].tolist() == [False] * 4


def test_distance_goes_from_outline_to_outline_and_names_the_nearest() -> None:
    """Blocks beside a road, across it, and around a school."""
    blocks = gpd.GeoDataFrame(
        geometry=[box(10, 0, 50, 50), box(-5, 100, 5, 140), box(300, 0, 400, 100)],
        crs=points_of([]).crs, index=["p", "q", "r"],
    )  # fmt: skip
    road = streets_of(
        [line((0, -500), (0, 500)), line((900, -500), (900, 500))], name=["主街", "外环"]
    )
    frame = within_distance(blocks, road, distance_m=10.0, target_id="name")
    assert list(frame.index) == ["p", "q", "r"]
    assert frame["distance_m"].tolist() == pytest.approx([10, 0, 300], abs=0.01)
    assert frame["within"].tolist() == [True, True, False]
    assert frame["target_id"].tolist() == ["主街", "主街", "主街"]
    assert frame.geometry.length.tolist() == pytest.approx([10, 0, 300], abs=0.01)
    school = points_of([(350, 50)])
    inside = within_distance(blocks, school, distance_m=200.0)
    assert inside["distance_m"].tolist()[2] == 0.0
    assert inside["target_id"].tolist() == [0, 0, 0]


def test_exactly_the_distance_is_within_and_twins_go_to_the_first_row() -> None:
    """A distance asked for again as the limit; two targets in one place."""
    homes, shops = points_of([(0, 0), (50, 7)]), points_of([(123.456, 78.9)] * 2)
    away = within_distance(homes, shops, distance_m=1.0)["distance_m"]
    for row, distance_m in enumerate(away):
        again = within_distance(homes, shops, distance_m=distance_m)
        assert again["within"].tolist()[row]
        assert again["target_id"].tolist() == [0, 0]
        assert not again["doubtful"].any()
    assert not within_distance(homes, shops, distance_m=away[0] - 1e-5)["within"].tolist()[0]


def test_rows_without_a_place_are_unknown_and_no_target_is_near_nothing() -> None:
    """Missing and empty rows are not far; targets without a place are no targets."""
    homes = gpd.GeoDataFrame(geometry=[shapely.Point(530_000, 3_380_000), None, shapely.Point()],
                             crs=points_of([]).crs)  # fmt: skip
    frame = within_distance(homes, points_of([(3, 4)]), distance_m=6.0)
    assert frame["within"].isna().tolist() == [False, True, True]
    assert frame["doubtful"].isna().tolist() == [False, True, True]
    assert frame["target_id"].tolist() == [0, None, None]
    for nothing in (points_of([]), homes.iloc[1:]):
        alone = within_distance(homes, nothing, distance_m=6.0)
        assert not alone["within"].tolist()[0]
        assert np.isnan(alone["distance_m"].tolist()[0])
        assert alone["within"].isna().tolist() == [False, True, True]
    assert within_distance(homes.iloc[:0], points_of([(3, 4)]), distance_m=6.0).empty


@given(
    st.lists(places, min_size=1, max_size=5),
    st.lists(places, min_size=1, max_size=5),
    st.integers(0, 400),
)
def test_agrees_with_every_pair_measured_on_the_ellipsoid(
    homes: list, targets: list, limit_m: int
) -> None:
    """The nearest of all pairs, and within exactly where it is."""
    here, there = points_of(homes), points_of(targets)
    frame = within_distance(here, there, distance_m=float(limit_m))
    degrees = [frame.to_crs(4490).get_coordinates().to_numpy() for frame in (here, there)]
    for row, (lon, lat) in enumerate(degrees[0]):
        pairs = [Geod(ellps="GRS80").inv(lon, lat, *other)[2] for other in degrees[1]]
        assert frame["distance_m"].iloc[row] == pytest.approx(min(pairs), abs=1e-3)
        if abs(min(pairs) - limit_m) > 1e-3:
            assert frame["within"].iloc[row] == (min(pairs) <= limit_m)


def test_questions_without_an_answer_are_refused() -> None:
    """Degrees, two CRSs, no such column, a distance below 0."""
    homes, shops = points_of([(0, 0)]), points_of([(1, 1)])
    with pytest.raises(CRSError, match="places: EPSG:4326 is not projected"):
        within_distance(homes.to_crs(4326), shops, distance_m=5)
    with pytest.raises(CRSError, match="targets: its CRS EPSG:4548 differs"):
        within_distance(homes, shops.to_crs(4548), distance_m=5)
    with pytest.raises(ColumnError, match="targets: no column name among geometry"):
        within_distance(homes, shops, distance_m=5, target_id="name")
    with pytest.raises(InvalidParameterError, match="distance_m must be a number of 0 or more"):
        within_distance(homes, shops, distance_m=-1)
    with pytest.raises(InvalidParameterError, match="error_m must be a number of 0 or more"):
        within_distance(homes, shops, distance_m=5, error_m=float("nan"))
