"""Results as folium layers and as pages that open without a network."""

from __future__ import annotations

from maps.areas import area_layer, outline_layer
from maps.background import background_layer
from maps.cameras import CamerasDifferError, camera_layer
from maps.choropleth import choropleth_layer
from maps.composing import Imprint, UnknownDatumError, compose
from maps.defects import defect_layer
from maps.errors import MapsError, MissingAssetError, OutsideAddressError
from maps.grid_page import GridScene, grid_page
from maps.ground import border_layer, code_layer, moved_layer
from maps.heat import heat_layer
from maps.hotspots import hot_place_layer, hot_spot_layer, hot_spot_table, named_spots
from maps.incident_areas import incident_area_layer
from maps.incident_page import IncidentScene, incident_page
from maps.incident_report import ReportScene, Section, UnknownSectionError, incident_report
from maps.incidents import density_layer, incident_layers
from maps.layers import ClusterLayer, Look, ThematicLayer
from maps.moments import moment_layer
from maps.nearest import nearest_layer, place_layer
from maps.page import coverage_page
from maps.patrol_page import PatrolScene, patrol_page, unserved_layer
from maps.posts import post_layer, reach_layer
from maps.rings import outside_layer, ring_layer, station_layer
from maps.route_sheets import SheetScene, route_sheets
from maps.routes import route_layer
from maps.scene import NothingToDrawError, Scene
from maps.streets import camera_street_layer, post_street_layer
from maps.timed import timed_layer
from maps.walked_page import WalkedScene, walked_page
from maps.words import UnknownLanguageError, Words, words

__all__ = [
    "CamerasDifferError",
    "ClusterLayer",
    "GridScene",
    "Imprint",
    "IncidentScene",
    "Look",
    "MapsError",
    "MissingAssetError",
    "NothingToDrawError",
    "OutsideAddressError",
    "PatrolScene",
    "ReportScene",
    "Scene",
    "Section",
    "SheetScene",
    "ThematicLayer",
    "UnknownDatumError",
    "UnknownLanguageError",
    "UnknownSectionError",
    "WalkedScene",
    "Words",
    "area_layer",
    "background_layer",
    "border_layer",
    "camera_layer",
    "camera_street_layer",
    "choropleth_layer",
    "code_layer",
    "compose",
    "coverage_page",
    "defect_layer",
    "density_layer",
    "grid_page",
    "heat_layer",
    "hot_place_layer",
    "hot_spot_layer",
    "hot_spot_table",
    "incident_area_layer",
    "incident_layers",
    "incident_page",
    "incident_report",
    "moment_layer",
    "moved_layer",
    "named_spots",
    "nearest_layer",
    "outline_layer",
    "outside_layer",
    "patrol_page",
    "place_layer",
    "post_layer",
    "post_street_layer",
    "reach_layer",
    "ring_layer",
    "route_layer",
    "route_sheets",
    "station_layer",
    "timed_layer",
    "unserved_layer",
    "walked_page",
    "words",
]
