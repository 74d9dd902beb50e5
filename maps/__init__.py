"""Results as folium layers and as pages that open without a network."""

from __future__ import annotations

from maps.areas import area_layer, outline_layer
from maps.background import background_layer
from maps.cameras import CamerasDifferError, camera_layer
from maps.composing import Imprint, UnknownDatumError, compose
from maps.errors import MapsError, MissingAssetError, OutsideAddressError
from maps.incidents import density_layer, incident_layers
from maps.layers import ClusterLayer, Look, ThematicLayer
from maps.page import coverage_page
from maps.posts import post_layer, reach_layer
from maps.routes import route_layer
from maps.scene import NothingToDrawError, Scene
from maps.streets import camera_street_layer, post_street_layer
from maps.words import UnknownLanguageError, Words, words

__all__ = [
    "CamerasDifferError",
    "ClusterLayer",
    "Imprint",
    "Look",
    "MapsError",
    "MissingAssetError",
    "NothingToDrawError",
    "OutsideAddressError",
    "Scene",
    "ThematicLayer",
    "UnknownDatumError",
    "UnknownLanguageError",
    "Words",
    "area_layer",
    "background_layer",
    "camera_layer",
    "camera_street_layer",
    "compose",
    "coverage_page",
    "density_layer",
    "incident_layers",
    "outline_layer",
    "post_layer",
    "post_street_layer",
    "reach_layer",
    "route_layer",
    "words",
]
