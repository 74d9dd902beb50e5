"""What the store makes doubtful of a layer: its datum, by streets, by areas and by borders."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from api.doubts import doubted
from data import PlaceError
from data.importing import import_layer
from data.notes import Note
from data.scope import Scope
from geo import convert
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from data import Layer
    from data.store import Store

EAST, NORTH = 627_000.0, 3_634_000.0
"""A place in Xunyang, in EPSG:4545."""

SIDE_M = 300.0
"""Side of a grid cell."""


def lonlat(shapes: Any, datum: str = "wgs84") -> np.ndarray:  # noqa: ANN401 - array of shapes
    """Return shapes as recorded in a datum."""
    degrees = np.asarray(gpd.GeoSeries(shapes, crs=4545).to_crs(4326).array)
    return shapely.transform(
        degrees, lambda xy: np.column_stack(convert(*xy.T, "wgs84", datum)), include_z=False
    )


def areas(datum: str = "wgs84") -> Layer:
    """Return a grid of 10 by 10 cells."""
    x, y = (SIDE_M * axis.ravel() for axis in np.mgrid[:10, :10])
    squares = shapely.box(EAST + x, NORTH + y, EAST + x + SIDE_M, NORTH + y + SIDE_M)
    codes = [f"610981100004{i:03}" for i in range(len(x))]
    return layer_of("areas", lonlat(squares, datum), {"area_id": codes})


def sites(kind: str, datum: str = "wgs84", *, count: int = 200, coded: bool = True) -> Layer:
    """Return points 5 m beside the streets, with the codes of their cells."""
    random = np.random.default_rng(1)
    streets = STREETS[random.integers(0, len(STREETS), count)]
    at = shapely.get_coordinates(
        shapely.line_interpolate_point(streets, random.random(count), normalized=True)
    )
    at += random.normal(0.0, 5.0, at.shape)
    column, row = ((at - (EAST, NORTH)) // SIDE_M).clip(0, 9).astype(int).T
    values = {f"{kind[:-1]}_id": [f"{i}" for i in range(count)]}
    if coded:
        values["area_code"] = [
            f"610981100004{c * 10 + r:03}" for c, r in zip(column, row, strict=True)
        ]
    return layer_of(kind, lonlat(shapely.points(at), datum), values)


def crossing() -> np.ndarray:
    """Return streets at uneven distances, so that no shift brings one onto another."""
    random = np.random.default_rng(7)
    at = np.cumsum(random.uniform(150.0, 400.0, 10))
    at = at[at < 2_900.0]
    along = [[(EAST, NORTH + y), (EAST + 2_900.0, NORTH + y)] for y in at]
    across = [[(EAST + x, NORTH), (EAST + x, NORTH + 2_900.0)] for x in at * 1.01]
    return shapely.linestrings([*along, *across])


STREETS = crossing()


def streets(datum: str = "wgs84") -> Layer:
    """Return the streets."""
    codes = [f"S{i}" for i in range(len(STREETS))]
    return layer_of("streets", lonlat(STREETS, datum), {"street_id": codes})


def said(store: Store, layer: Layer) -> list[Note]:
    """Return the doubts alone."""
    notes = doubted(store, layer).notes
    assert notes[: len(layer.notes)] == layer.notes
    return list(notes[len(layer.notes) :])


def told(note: Note) -> tuple[object, ...]:
    """Return what a doubt says, without its figures."""
    return (note.code, note.values["datum"], note.values["option"], note.values["met"])


def filled(store: Store, *layers: Layer) -> Store:
    """Return the store with some layers."""
    for layer in layers:
        import_layer(store, layer, division="610981100004")
    return store


def test_layers_that_fit_the_store_are_not_doubted(store: Store) -> None:
    """Nor is anything in an empty store, or a layer without a place."""
    every = (areas(), streets(), sites("posts"), sites("cameras"), sites("key_sites"))
    for layer in every:
        assert said(store, layer) == []
    filled(store, *every)
    for layer in every:
        assert said(store, layer) == []
    assert said(store, layer_of("posts", [], {"post_id": []})) == []
    assert said(store, layer_of("incidents", [None], {"area_code": ["610981100004001"]})) == []


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("kind", ["posts", "cameras"])
def test_points_off_the_streets_and_out_of_their_areas_are_doubted_twice(
    store: Store, kind: str, datum: str
) -> None:
    """Both notes name the datum and the option; key sites are held against areas alone."""
    filled(store, areas(), streets())
    by_streets, by_areas = said(store, sites(kind, datum))
    assert told(by_streets) == ("datum_by_streets", datum, datum, kind)
    assert told(by_areas) == ("datum_by_areas", datum, datum, kind)
    assert (by_areas.values["total"], by_areas.values["areas_datum"]) == (200, "wgs84")
    assert int(str(by_areas.values["count"])) > 150
    assert int(str(by_areas.values["count_if"])) < 10
    assert f"--datum {datum} 重新导入" in by_areas.text()
    assert f"with --datum {datum}" in by_streets.text("en")
    (key,) = said(store, sites("key_sites", datum))
    assert told(key) == ("datum_by_areas", datum, datum, "key_sites")
    (bare,) = said(store, sites(kind, datum, coded=False))
    assert told(bare)[0] == "datum_by_streets"


def test_what_is_stored_may_be_what_is_wrong(store: Store) -> None:
    """Then that is to be imported again."""
    filled(store, areas("gcj02"), streets("gcj02"))
    by_streets, by_areas = said(store, sites("posts"))
    assert told(by_streets) == ("datum_by_streets", "wgs84", "gcj02", "streets")
    assert told(by_areas) == ("datum_by_areas", "wgs84", "gcj02", "areas")
    assert "请加 --datum gcj02 重新导入街道" in by_streets.text()


def test_a_conversion_that_was_not_needed_is_undone(store: Store) -> None:
    """Declared GCJ-02, though it was WGS-84: the option is that of no conversion."""
    filled(store, areas(), streets())
    moved = sites("posts")
    lon, lat = convert(moved.frame.geometry.x, moved.frame.geometry.y, "gcj02", "wgs84")
    frame = moved.frame.set_geometry(gpd.points_from_xy(lon, lat), crs=4326)
    by_streets, by_areas = said(store, replace(moved, frame=frame, datum="gcj02"))
    assert told(by_streets) == ("datum_by_streets", "wgs84", "wgs84", "posts")
    assert told(by_areas) == ("datum_by_areas", "wgs84", "wgs84", "posts")


def test_areas_are_held_against_stored_points_and_stored_borders(store: Store) -> None:
    """By their codes; areas of other codes, or of none, are not known from the store."""
    assert said(store, areas("gcj02")) == []
    filled(store, sites("key_sites"))
    (by_points,) = said(store, areas("gcj02"))
    assert told(by_points) == ("datum_by_areas", "wgs84", "gcj02", "areas")
    assert by_points.values["kind"] == "key_sites"
    filled(store, areas())
    by_points, by_borders = said(store, areas("gcj02"))
    assert told(by_borders) == ("datum_by_borders", "gcj02", "gcj02", "areas")
    assert by_borders.values["count"] == 100
    others = areas("gcj02")
    renamed = others.frame.assign(area_id=[f"X{i}" for i in range(100)])
    assert said(store, replace(others, frame=renamed)) == []
    numbered = replace(others, notes=(Note("id_none", {"total": 100}),))
    assert said(store, numbered) == []


def test_points_in_two_datums_are_refused(store: Store) -> None:
    """As the import always did; without streets nobody can tell."""
    layer = sites("posts", count=300, coded=False)
    other = sites("posts", "gcj02", count=300, coded=False)
    half = [*layer.frame.geometry[:150], *other.frame.geometry[150:]]
    mixed = replace(layer, frame=layer.frame.set_geometry(half, crs=4326))
    assert said(store, mixed) == []
    filled(store, streets())
    with pytest.raises(PlaceError, match="two datums are mixed"):
        doubted(store, mixed)


def test_what_the_scope_does_not_see_makes_nothing_doubtful(store: Store) -> None:
    """A doubt would tell that there are areas, and where."""
    filled(store, areas(), streets())
    neighbour = store.scoped(Scope("610982"))
    assert said(neighbour, sites("posts", "gcj02")) == []
    public = store.scoped(Scope(lines=frozenset({"public"})))
    assert [note.code for note in said(public, sites("posts", "gcj02"))] == ["datum_by_streets"]
