"""The smooth surface: it adds up to the incidents, and its classes are those of the legend."""

import base64
import struct
import zlib

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import Point

from maps.colours import COUNT_FILLS
from maps.heat import ACROSS, FINE, RADIUS_M, heat_layer, picture, steps, surface
from tests.maps import incident_scenes, scenes


def degrees(points: gpd.GeoDataFrame) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return the points in degrees."""
    return points.to_crs("EPSG:4326").geometry.to_numpy()


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_surface_adds_up_to_the_points(count: int) -> None:
    """Whatever the kernel, nothing is lost at the edge."""
    rng = np.random.default_rng(1)
    places = [Point(*xy) for xy in rng.uniform(0, 900, (count, 2))]
    found = surface(degrees(scenes.frame(places)))
    assert found.density.sum() * found.pixel_m**2 / 1e6 == pytest.approx(count)
    assert found.radius_m == RADIUS_M


def test_a_pixel_is_as_large_on_the_ground_as_it_says() -> None:
    """The plane of the page stretches by latitude; 1 km apart is 1,000 / pixel_m pixels apart."""
    found = surface(degrees(scenes.frame([Point(0, 0), Point(0, 1000)])))
    rows = np.flatnonzero(found.density.max(axis=1) > 0.99 * found.density.max())
    assert (rows.max() - rows.min()) * found.pixel_m == pytest.approx(1000, abs=found.pixel_m)


def test_the_northern_row_comes_first() -> None:
    """As in every picture."""
    found = surface(degrees(scenes.frame([Point(0, 0), Point(0, 900), Point(1, 900)])))
    peak = int(found.density.max(axis=1).argmax())
    assert peak < len(found.density) / 2
    west, south, east, north = found.box
    assert west < east
    assert south < north


def test_over_much_ground_the_radius_grows_and_the_note_says_so() -> None:
    """A city is no town under a magnifying glass, and a picture stays small."""
    far = scenes.frame([Point(0, 0), Point(100_000, 3_000)])
    found = surface(degrees(far))
    assert max(found.density.shape) <= (ACROSS + 3) * FINE
    assert found.radius_m == 2_500.0
    assert "以 2.50 公里 为半径" in heat_layer(far).note


def test_two_at_one_place_are_twice_as_dense_as_one() -> None:
    """Each row counts once."""
    one = surface(degrees(scenes.frame([Point(0, 0)])))
    two = surface(degrees(scenes.frame([Point(0, 0), Point(0, 0)])))
    assert two.density.max() == pytest.approx(2 * one.density.max())


def test_the_legend_lists_the_classes_that_the_picture_has() -> None:
    """With the number at which each begins."""
    layer = heat_layer(incident_scenes.incidents())
    labels = [row.look.label for row in layer.legend]
    assert labels[-1].endswith("件及以上")
    assert all(label.startswith("每平方公里 ") for label in labels)
    assert [row.look.style["fillColor"] for row in layer.legend] == list(COUNT_FILLS[: len(labels)])
    assert all(row.count is None for row in layer.legend)


def test_classes_begin_at_parts_of_the_highest() -> None:
    """Each of two digits, and never two at the same number."""
    assert steps(100.0) == [2.5, 6.2, 17.0, 33.0, 67.0]
    assert steps(1e-9) == sorted(set(steps(1e-9)))


def test_the_picture_holds_the_classes_and_class_0_is_clear() -> None:
    """A palette of six; unpacked, the very numbers."""
    which = np.array([[0, 1, 2], [3, 4, 5]], dtype=np.uint8)
    data = base64.b64decode(picture(which).removeprefix("data:image/png;base64,"))
    at, parts = 8, {}
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert check == zlib.crc32(name + body)
        parts[name] = body
        at += 12 + length
    assert struct.unpack(">IIBBBBB", parts[b"IHDR"]) == (3, 2, 8, 3, 0, 0, 0)
    assert parts[b"PLTE"][3:6].hex() == COUNT_FILLS[0][1:]
    assert parts[b"tRNS"] == b"\0"
    assert zlib.decompress(parts[b"IDAT"]) == b"\0\0\1\2\0\3\4\5"


def test_nothing_with_a_place_draws_nothing() -> None:
    """An empty frame is no error."""
    rows = incident_scenes.incidents()
    assert not heat_layer(rows[rows.geometry.isna()]).legend


def test_a_row_that_is_no_point_counts_at_its_middle() -> None:
    """A street or a yard is smeared as a whole."""
    yard = scenes.frame([shapely.box(0, 0, 10, 10)])
    assert heat_layer(yard).legend
