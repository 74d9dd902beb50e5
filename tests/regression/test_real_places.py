"""
Known totals of real places, read and computed as the command line does.

The figures were computed by this program and looked at on the map; they guard against change, not
against error: for that there are the oracles in `tests/geo`. Lengths hold within a metre.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.posts import PostOptions
from api.services import run
from data import read_layer

if TYPE_CHECKING:
    from pathlib import Path

CAMBRIDGE = "us_cambridge_ma_police/cambridge.gpkg"
MIDTOWN = "us_nyc_midtown_osm/nyc_midtown_3km.gpkg"
LUJIAZUI = "cn_shanghai_lujiazui_osm/shanghai_lujiazui.gpkg"
HELSINKI = "fi_helsinki_osm/helsinki_centre.gpkg"
XINWU = "cn_wuxi_xinwu_grid/xinwu.gpkg"

PLACES: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "Cambridge, street lights as stand-in posts": (
        "posts", f"{CAMBRIDGE}:street_centerlines", f"{CAMBRIDGE}:street_lights",
        {"streets": 2643, "posts": 6117, "due_length_m": 251_594.0, "gap_length_m": 35_520.8,
         "gaps": 336, "crs": "EPSG:32619"},
    ),
    "Cambridge, cameras": (
        "cameras", f"{CAMBRIDGE}:street_centerlines",
        "us_cambridge_ma_police/cambridge_cameras_osm.gpkg",
        {"cameras": 1355, "cameras_unaimed": 983, "cameras_status_unknown": 1355,
         "covered_length_m": 8_387.1, "seen_area_m2": 327_811.5},
    ),
    "Midtown: 29 of 129 cameras are aimed": (
        "cameras", f"{MIDTOWN}:streets", f"{MIDTOWN}:cameras_osm",
        {"cameras": 129, "cameras_unaimed": 100, "covered_length_m": 437.1,
         "excluded_length_m": 23_868.3, "due_length_m": 243_437.2},
    ),
    "Lujiazui: none of 8 cameras is aimed": (
        "cameras", f"{LUJIAZUI}:streets", f"{LUJIAZUI}:cameras_osm",
        {"cameras": 8, "cameras_unaimed": 8, "covered_share": 0.0, "seen_area_m2": 0.0,
         "due_length_m": 164_395.2, "crs": "EPSG:4549"},
    ),
    "Helsinki: 1 of 215 cameras is aimed": (
        "cameras", f"{HELSINKI}:streets", f"{HELSINKI}:cameras_osm",
        {"cameras": 215, "cameras_unaimed": 214, "covered_length_m": 505.3,
         "due_length_m": 93_366.4},
    ),
    "Xinwu, stored in the wrong UTM zone": (
        "posts", f"{XINWU}:road_centerlines", f"{XINWU}:bus_stops",
        {"streets": 5835, "posts": 1733, "street_length_m": 2_044_684.7,
         "due_length_m": 1_936_414.6, "gap_length_m": 1_798_844.4, "crs": "EPSG:4549"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_totals_are_those_known(shared_data: Path, place: str) -> None:
    """Counts exactly, lengths within a metre, areas within 0.01 %."""
    sites, streets, at, expected = PLACES[place]
    layers = {
        "streets": read_layer(f"{shared_data}/{streets}", "streets"),
        sites: read_layer(f"{shared_data}/{at}", sites),
    }
    assert not any(len(layer.quarantine) for layer in layers.values())
    summary = run(sites, layers, posts=PostOptions(distance="straight")).summary()
    for key, value in expected.items():
        tolerance = {"abs": 1.0} if key.endswith("_m") else {"rel": 1e-4}
        known = pytest.approx(value, **tolerance) if isinstance(value, float) else value
        assert summary[key] == known, key
    share = summary["covered_length_m"] / summary["due_length_m"]
    assert summary["covered_share"] == pytest.approx(share)
