"""Zones of a real city: layers that tile it, one that does not quite, and borders moved on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.crs import working_crs
from geo.partition import audit, repair

if TYPE_CHECKING:
    from pathlib import Path

CAMBRIDGE = "us_cambridge_ma_police/cambridge.gpkg"

LAYERS = {
    "police_sectors": ("SECTOR", 5),
    "police_neighborhood_regions": ("NBHD", 13),
    "police_response_districts": ("GlobalID", 117),
}
"""Layers that tile the city, their codes, and how many areas they have."""


def zones(shared_data: Path, layer: str, code: str) -> gpd.GeoDataFrame:
    """Read a layer, as metres."""
    frame = gpd.read_file(shared_data / CAMBRIDGE, layer=layer)
    return frame.to_crs(working_crs(frame)).rename(columns={code: "area_id"})


@pytest.mark.parametrize("layer", LAYERS)
def test_police_zones_tile_the_city(shared_data: Path, layer: str) -> None:
    """Nothing is found, and nothing ignored that anybody drew."""
    code, areas = LAYERS[layer]
    found = audit(zones(shared_data, layer, code))
    assert found.summary()["defects"] == []
    assert found.areas == areas
    assert found.area_m2 == pytest.approx(18_463_618.1, abs=0.1)


def test_neighborhoods_have_one_hole_and_one_overlap(shared_data: Path) -> None:
    """Both follow a border for 2 km, 7 mm wide: 12.4 and 11.7 m2."""
    areas = zones(shared_data, "neighborhoods", "NAME")
    found = audit(areas)
    assert found.defects["kind"].tolist() == ["sliver", "sliver"]
    figures = found.defects.set_index("of")["area_m2"].to_dict()
    assert figures == pytest.approx({"gap": 12.37, "overlap": 11.70}, abs=0.01)
    repaired = repair(areas, tolerance_m=0.01, found=found)
    assert len(repaired.left) == 0
    assert repaired.moved["moved_m"].max() < 0.01


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("metres", [3.0, -3.0])
def test_a_border_moved_by_3_m_is_found(shared_data: Path, layer: str, metres: float) -> None:
    """Outwards it overlaps its neighbours, inwards it leaves a gap; at corners both are wider."""
    areas = zones(shared_data, layer, LAYERS[layer][0])
    shapes = np.asarray(areas.geometry.array).copy()
    whole = shapely.union_all(shapes)
    # The area whose middle lies deepest in the city; a sector reaches its rim all the same.
    inner = int(np.argmax(shapely.distance(shapely.centroid(shapes), whole.boundary)))
    shapes[inner] = shapely.intersection(shapely.buffer(shapes[inner], metres), whole)
    moved = areas.set_geometry(list(shapes), crs=areas.crs)
    found = audit(moved, gpd.GeoDataFrame(geometry=[whole], crs=areas.crs))
    defect = found.defects.iloc[0]
    assert defect["kind"] == ("overlap" if metres > 0.0 else "gap")
    assert 2.95 < defect["moves_m"] < 6.0
    assert areas["area_id"].astype(str)[inner] in defect["ids"]
    assert found.defects["area_m2"].sum() == pytest.approx(
        abs(shapes[inner].area - areas.area[inner]), rel=0.01
    )
