"""What cameras really see, what they miss, and where."""

from geo.aiming import new_cameras, reaim
from geo.cameras.by_hour import DARK, coverage_by_hour
from geo.cameras.coverage import CameraCoverage, camera_coverage
from geo.cameras.kinds import BANDS, KIND_DEFAULTS, TURNING, UNKNOWN_KIND
from geo.cameras.mounts import CAMERA_COLUMNS, STATUSES
from geo.cameras.nearby import MARGIN_M, Nearby
from geo.cameras.views import Views, camera_views
from geo.cameras.watched import watched_sites
from geo.cameras.what_if import WhatIf, compare, what_if
from geo.visibility import FULL_TURN_DEG

__all__ = [
    "BANDS",
    "CAMERA_COLUMNS",
    "DARK",
    "FULL_TURN_DEG",
    "KIND_DEFAULTS",
    "MARGIN_M",
    "STATUSES",
    "TURNING",
    "UNKNOWN_KIND",
    "CameraCoverage",
    "Nearby",
    "Views",
    "WhatIf",
    "camera_coverage",
    "camera_views",
    "compare",
    "coverage_by_hour",
    "new_cameras",
    "reaim",
    "watched_sites",
    "what_if",
]
