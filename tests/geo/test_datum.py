"""Datums: published vectors, exact inverses, and what they must refuse."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo import InvalidParameterError, convert
from geo.datum import DATUMS

METRES_PER_DEGREE = 111_320.0

in_china = st.tuples(st.floats(74, 134), st.floats(18, 53))


@pytest.mark.parametrize(
    ("source", "target", "lon", "lat", "expected_lon", "expected_lat", "digits"),
    [
        ("wgs84", "gcj02", 116.404, 39.915, 116.41024449916938, 39.91640428150164, 1e-12),
        ("gcj02", "bd09", 116.404, 39.915, 116.41036949371029, 39.92133699351021, 1e-12),
        ("gcj02", "wgs84", 116.404, 39.915, 116.39775575, 39.91359624, 1e-8),
        ("wgs84", "gcj02", 109.365, 32.834, 109.370166, 32.832086, 1e-6),
    ],
)
def test_published_vectors_are_met(
    source: str,
    target: str,
    lon: float,
    lat: float,
    expected_lon: float,
    expected_lat: float,
    digits: float,
) -> None:
    """Figures of domain.md C11, to the digits that are printed there."""
    x, y = convert(lon, lat, source, target)
    assert x == pytest.approx(expected_lon, abs=digits)
    assert y == pytest.approx(expected_lat, abs=digits)


@given(in_china, st.sampled_from([("gcj02", "wgs84"), ("bd09", "wgs84"), ("bd09", "gcj02")]))
@example((105.0, 18.0), ("gcj02", "wgs84"))
def test_an_inverse_is_exact_within_a_tenth_of_a_micrometre(
    place: tuple[float, float], pair: tuple[str, str]
) -> None:
    """What an inverse returns is mapped onto its input, over one step or two."""
    back = np.array(convert(*convert(*place, *pair), *pair[::-1]))
    assert np.abs(back - place).max() * METRES_PER_DEGREE < 1e-7


def test_an_inverse_is_exact_on_the_meridian_where_the_slope_has_no_bound() -> None:
    """4,001 places within a micrometre of the image of 105 E, where whole steps swing."""
    lon, lat = convert(105.0, 45.0, "wgs84", "gcj02")
    places = lon + np.linspace(-3e-12, 3e-12, 4001), np.full(4001, lat)
    back = np.array(convert(*convert(*places, "gcj02", "wgs84"), "wgs84", "gcj02"))
    assert np.abs(back - places).max() * METRES_PER_DEGREE < 1e-7


@given(in_china, st.sampled_from(DATUMS))
def test_there_and_back_is_the_same_place(place: tuple[float, float], datum: str) -> None:
    """From WGS-84 and back to within 1e-7 m; a micrometre on the meridian of the slope."""
    back = np.array(convert(*convert(*place, "wgs84", datum), datum, "wgs84"))
    limit_m = 1e-7 if abs(place[0] - 105.0) > 1e-9 else 1e-6
    assert np.abs(back - place).max() * METRES_PER_DEGREE < limit_m


@given(in_china)
def test_the_same_site_in_four_datums_lands_within_a_metre(place: tuple[float, float]) -> None:
    """A site published in any datum comes in at one place."""
    for datum in DATUMS:
        published = convert(*place, "wgs84", datum)
        taken_in = np.array(convert(*published, datum, "wgs84"))
        assert np.hypot(*(taken_in - place)) * METRES_PER_DEGREE < 1.0


@given(in_china)
def test_gcj02_lies_tens_to_hundreds_of_metres_off_in_china(place: tuple[float, float]) -> None:
    """domain.md C11: 33 to 693 m over China; BD-09 farther."""
    lon, lat = convert(*place, "wgs84", "gcj02")
    east_m = (lon - place[0]) * METRES_PER_DEGREE * np.cos(np.radians(place[1]))
    north_m = (lat - place[1]) * METRES_PER_DEGREE
    assert 20.0 < np.hypot(east_m, north_m) < 800.0


def test_gcj02_shifts_nothing_outside_its_rectangle() -> None:
    """Cambridge stays where it is."""
    assert convert(-71.1, 42.37, "wgs84", "gcj02") == (-71.1, 42.37)


def test_cgcs2000_is_taken_as_wgs84() -> None:
    """They differ by less than a metre; see the module."""
    assert convert(109.5, 34.5, "cgcs2000", "wgs84") == (109.5, 34.5)


def test_arrays_keep_their_shape_and_input() -> None:
    """Nothing is changed in place, empty and missing values included."""
    lon, lat = np.array([[109.5, np.nan]]), np.array([[34.5, 34.5]])
    x, y = convert(lon, lat, "gcj02", "wgs84")
    assert x.shape == y.shape == (1, 2)
    assert lon[0, 0] == 109.5
    assert np.isnan(x[0, 1])
    assert x[0, 0] != 109.5
    assert convert([], [], "bd09", "wgs84")[0].size == 0


def test_unknown_datum_is_refused_with_the_known_ones() -> None:
    """The message lists what to use."""
    with pytest.raises(
        InvalidParameterError, match=r"target: unknown datum 'gcj'; use one of wgs84"
    ):
        convert(109.5, 34.5, "wgs84", "gcj")


def test_lengths_that_differ_are_refused() -> None:
    """One latitude per longitude."""
    with pytest.raises(InvalidParameterError, match=r"shapes \(2,\) and \(1,\) differ"):
        convert([1.0, 2.0], [1.0], "wgs84", "gcj02")
