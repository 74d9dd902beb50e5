"""
Real files with something wrong that nobody says: the import names it.

What is wrong with each stands in its PROVENANCE.md. A file of outlines alone does not tell its
datum: stored outlines of the same codes do, or stored points that carry these codes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from api.doubts import doubted
from data import read_layer
from data.importing import import_layer
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from pathlib import Path

    from data import Layer
    from data.store import Store

XINWU = "cn_wuxi_xinwu_grid/xinwu.gpkg"
SHAANXI = "cn_admin_shaanxi"


def doubts(store: Store, layer: Layer) -> list[tuple[str, str, str, str]]:
    """Return code, the two datums and the option of what the store makes doubtful."""
    said = doubted(store, layer).notes[len(layer.notes) :]
    return [
        (note.code, *(str(note.values[name]) for name in ("datum", "areas_datum", "option")))
        for note in said
    ]


@pytest.mark.parametrize(
    ("layer", "kind"),
    [("road_centerlines", "streets"), ("grid_250m", "areas"), ("bus_stops", "posts")],
)
def test_the_wrong_zone_of_xinwu_is_named(shared_data: Path, layer: str, kind: str) -> None:
    """Stored in UTM zone 50, though the district lies in zone 51; the places are right."""
    read = read_layer(f"{shared_data}/{XINWU}:{layer}", kind)
    (note,) = [note for note in read.notes if note.code == "crs_other_zone"]
    assert note.values["crs"] == "EPSG:32650"
    assert (note.values["west"], note.values["east"]) == ("114", "120")
    assert 120.3 < float(str(note.values["lon"])) < 120.5
    west, _, east, _ = read.frame.total_bounds
    assert 120.2 < west < east < 120.6


def test_a_zone_that_is_right_is_not_named(shared_data: Path, tmp_path: Path) -> None:
    """The same roads in zone 51, and in the zone of three degrees beside it."""
    roads = read_layer(f"{shared_data}/{XINWU}:road_centerlines", "streets").frame
    for crs in ("EPSG:32651", "EPSG:4549"):
        file = tmp_path / f"{crs[5:]}.gpkg"
        roads.head(500).to_crs(crs).to_file(file, layer="roads")
        assert "crs_other_zone" not in {n.code for n in read_layer(file, "streets").notes}
    file = tmp_path / "4548.gpkg"
    roads.head(500).to_crs("EPSG:4548").to_file(file, layer="roads")
    assert "crs_other_zone" in {note.code for note in read_layer(file, "streets").notes}


def test_the_datum_of_the_county_outlines_is_told_by_stored_outlines(
    shared_data: Path, tmp_path: Path, store: Store
) -> None:
    """Xunyang from another publisher is stored, its datum known: the shipped one is GCJ-02."""
    folder = shared_data / SHAANXI
    features = json.loads((folder / "datav_610928_gcj02.json").read_text("utf-8"))
    file = tmp_path / "datav.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    import_layer(store, read_layer(file, "areas", datum="gcj02"))
    outline = f"{folder}/xunyang_610928.gpkg:xunyang"
    shipped = read_layer(f"{outline}_gcj02_as_shipped", "areas")
    assert doubts(store, shipped) == [("datum_by_borders", "gcj02", "wgs84", "gcj02")]
    converted = read_layer(f"{outline}_wgs84", "areas")
    assert doubts(store, converted) == []
    assert doubts(store, read_layer(f"{outline}_gcj02_as_shipped", "areas", datum="gcj02")) == []
    # Converted though it was converted already: the option that undoes it.
    twice = read_layer(f"{outline}_wgs84", "areas", datum="gcj02")
    assert doubts(store, twice) == [("datum_by_borders", "wgs84", "gcj02", "wgs84")]


def test_the_datum_of_the_county_outlines_is_told_by_points_with_their_codes(
    shared_data: Path, store: Store
) -> None:
    """2,000 places of Ankang in WGS-84; whichever comes second makes the outlines doubtful."""
    counties = f"{shared_data}/{SHAANXI}/xunyang_610928.gpkg:ankang_counties_wgs84"
    points = scattered(read_layer(counties, "areas").frame, 2_000)
    sites = layer_of(
        "key_sites",
        list(points.geometry),
        {"site_id": points.index.astype(str), "area_code": points["area_code"].tolist()},
    )
    shipped = read_layer(f"{shared_data}/{SHAANXI}/shaanxi_admin.gpkg:counties_gcj02_as_shipped",
                         "areas")  # fmt: skip
    assert doubts(store, shipped) == doubts(store, sites) == []
    import_layer(store, sites)
    said = ("datum_by_areas", "wgs84", "gcj02", "gcj02")
    assert doubts(store, shipped) == [said]
    import_layer(store, shipped)
    assert doubts(store, sites) == [said]
    import_layer(store, read_layer(f"{shared_data}/{SHAANXI}/shaanxi_admin.gpkg:counties_wgs84",
                                   "areas"))  # fmt: skip
    assert doubts(store, sites) == []


def scattered(areas: gpd.GeoDataFrame, count: int) -> gpd.GeoDataFrame:
    """Return points by chance, each with the code of the area it lies in."""
    random = np.random.default_rng(3)
    west, south, east, north = areas.total_bounds
    at = shapely.points(
        random.uniform(west, east, 4 * count), random.uniform(south, north, 4 * count)
    )
    found = gpd.GeoDataFrame(geometry=at, crs=areas.crs).sjoin(areas, predicate="within")
    named = found.rename(columns={"area_id": "area_code"}).head(count)
    return named.assign(area_code=named["area_code"].astype(str)).reset_index(drop=True)
