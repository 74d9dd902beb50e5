"""What cameras really see, what they miss, and where."""

from geo.cameras.coverage import CameraCoverage, camera_coverage
from geo.cameras.kinds import BANDS, KIND_DEFAULTS, TURNING, UNKNOWN_KIND
from geo.cameras.mounts import STATUSES
from geo.cameras.views import Views, camera_views
from geo.visibility import FULL_TURN_DEG

__all__ = [
    "BANDS",
    "FULL_TURN_DEG",
    "KIND_DEFAULTS",
    "STATUSES",
    "TURNING",
    "UNKNOWN_KIND",
    "CameraCoverage",
    "Views",
    "camera_coverage",
    "camera_views",
]
