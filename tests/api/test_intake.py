"""Stray rows, other places, other datums: noticed, never computed with in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely

from api.intake import take_in
from data import Layer, PlaceError, read_layer
from geo import convert
from tests.strategies import areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from pathlib import Path

STREET = [line((0, 0), (2000, 0)), line((0, 100), (2000, 100)), line((0, 200), (2000, 200))]


def layer(tmp_path: Path, kind: str, frame: gpd.GeoDataFrame, **options: str) -> Layer:
    """Write a frame and read it as a layer."""
    path = tmp_path / f"{kind}.gpkg"
    frame.to_crs(4326).to_file(path)
    return read_layer(path, kind, **options)


def beside(n: int, *more: tuple[float, float]) -> gpd.GeoDataFrame:
    """Return n points 3 m beside the first street, and others given in degrees."""
    here = points_of([(20.0 * i, 3.0) for i in range(n)]).to_crs(4326)
    return gpd.GeoDataFrame(geometry=[*here.geometry, *map(shapely.Point, more)], crs=4326)


def codes(tmp_path: Path, posts: gpd.GeoDataFrame, **options: str) -> list[str]:
    """Return the notes about posts beyond the reader's own."""
    layers = {
        "streets": layer(tmp_path, "streets", streets_of(STREET)),
        "posts": layer(tmp_path, "posts", posts, **options),
    }
    own = {note.code for each in layers.values() for note in each.notes}
    return [note.code for _, note in take_in(layers, "posts").notes if note.code not in own]


def test_a_stray_row_is_set_aside_with_its_line_and_the_rest_is_used(tmp_path: Path) -> None:
    """One longitude of 40 is off by 18 degrees: the run goes on without it."""
    layers = {
        "streets": layer(tmp_path, "streets", streets_of(STREET)),
        "posts": layer(tmp_path, "posts", beside(40, (132.3, 30.5))),
    }
    intake = take_in(layers, "posts")
    assert len(intake.frames["posts"]) == 40
    aside = intake.layers["posts"].quarantine
    assert aside[["row", "reason"]].to_numpy().tolist() == [[41, "far_away"]]
    assert aside["detail"].tolist() == ["132.30000, 30.50000"]
    assert shapely.from_wkt(aside["geometry"].iloc[0]).x == pytest.approx(132.3)
    assert [note.code for role, note in intake.notes if role == "posts"][-1] == "rows_far_away"
    assert intake.layers["posts"].rows.tolist() == list(range(1, 41))
    assert layers["posts"].frame.shape[0] == 41


def test_a_street_that_touches_zero_is_set_aside(tmp_path: Path) -> None:
    """Two streets serve; the third, from 0, 0, cannot be measured with them."""
    frame = streets_of(STREET).to_crs(4326)
    frame.loc[2, "geometry"] = shapely.LineString([(0, 0), frame.geometry.iloc[0].coords[0]])
    layers = {
        "streets": layer(tmp_path, "streets", frame),
        "posts": layer(tmp_path, "posts", beside(3)),
    }
    intake = take_in(layers, "posts")
    assert len(intake.frames["streets"]) == 2
    assert intake.layers["streets"].quarantine["row"].tolist() == [3]


def test_the_areas_kept_to_choose_the_crs(tmp_path: Path) -> None:
    """Streets of two zones, most of them in the eastern one, and a county in the western."""
    east = [line((600_000 + i, 0), (600_000 + i, 50)) for i in range(9)]
    layers = {
        "streets": layer(tmp_path, "streets", streets_of([*STREET, *east])),
        "posts": layer(tmp_path, "posts", beside(3)),
    }
    with pytest.raises(PlaceError, match=r"posts\.gpkg: none of its 3 rows"):
        take_in(layers, "posts")
    county = layer(tmp_path, "areas", areas_of({"01": box(-10, -10, 3_000, 300)}))
    intake = take_in(layers | {"within": county}, "posts")
    assert intake.frames["streets"].crs == "EPSG:4547"
    assert (len(intake.frames["streets"]), len(intake.frames["posts"])) == (3, 3)


def test_areas_kept_to_that_lie_elsewhere_are_blamed_themselves(tmp_path: Path) -> None:
    """No street is near them; an empty layer of them chooses nothing."""
    layers = {
        "streets": layer(tmp_path, "streets", streets_of(STREET)),
        "posts": layer(tmp_path, "posts", beside(3)),
    }
    far = areas_of({"01": box(900_000, 0, 900_100, 100)})
    elsewhere = layer(tmp_path, "areas", far)
    with pytest.raises(PlaceError, match=r"areas\.gpkg: none of its 1 rows"):
        take_in(layers | {"within": elsewhere}, "posts")
    nowhere = layer(tmp_path, "areas", far.iloc[:0])
    assert take_in(layers | {"within": nowhere}, "posts").frames["streets"].crs == "EPSG:4547"


def test_points_of_another_town_are_named_as_such(tmp_path: Path) -> None:
    """48 km away; nothing is said where half of them are near."""
    lon, lat = beside(1).geometry.iloc[0].coords[0]
    other = [(lon + 0.5, lat + 0.001 * i) for i in range(10)]
    assert codes(tmp_path, beside(0, *other)) == ["far_from_streets"]
    assert codes(tmp_path, beside(11, *other)) == []
    assert codes(tmp_path, beside(10)) == []


def test_a_needless_datum_is_told_from_a_missing_one(tmp_path: Path) -> None:
    """Points in WGS-84 declared GCJ-02; points in GCJ-02 declared nothing."""
    assert codes(tmp_path, beside(60), datum="gcj02") == ["datum_needless"]
    good = beside(60)
    lon, lat = convert(good.geometry.x, good.geometry.y, "wgs84", "gcj02")
    shifted = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
    assert codes(tmp_path, shifted) == ["datum_suspected"]
    assert codes(tmp_path, shifted, datum="gcj02") == []


def test_a_file_in_two_datums_is_refused(tmp_path: Path) -> None:
    """Half of 400 posts in WGS-84, half in GCJ-02: no one conversion is right for it."""
    here = points_of([(4.9 * i, 3.0) for i in range(400)]).to_crs(4326)
    lon, lat = convert(here.geometry.x[::2], here.geometry.y[::2], "wgs84", "gcj02")
    shifted = gpd.points_from_xy(lon, lat)
    mixed = gpd.GeoDataFrame(geometry=[*here.geometry[1::2], *shifted], crs=4326)
    layers = {
        "streets": layer(tmp_path, "streets", streets_of(STREET)),
        "posts": layer(tmp_path, "posts", mixed),
    }
    with pytest.raises(PlaceError, match="two datums are mixed"):
        take_in(layers, "posts")


def test_a_layer_of_which_nothing_can_be_used_is_refused(tmp_path: Path) -> None:
    """Unknown is not zero: no share is computed. A layer without rows is another matter."""
    streets = layer(tmp_path, "streets", streets_of(STREET))
    nowhere = layer(tmp_path, "posts", beside(0, (0.0, 0.0), (0.0, 0.0)))
    assert len(nowhere.quarantine) == 2
    with pytest.raises(PlaceError, match=r"posts\.gpkg: none of its 2 rows can be used"):
        take_in({"streets": streets, "posts": nowhere}, "posts")
    far = layer(tmp_path, "posts", beside(0, (10.0, 50.0)))
    with pytest.raises(PlaceError, match="none of its 1 rows"):
        take_in({"streets": streets, "posts": far}, "posts")
    empty = layer(tmp_path, "posts", beside(0))
    assert take_in({"streets": streets, "posts": empty}, "posts").frames["posts"].empty
