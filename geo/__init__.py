"""
The science of gridpatrol: frames in, frozen results out.

No database, web, settings, clock or global state. Every metric function refuses a CRS in which
metres are not metres.
"""

from geo.cameras import CameraCoverage, camera_coverage, camera_views
from geo.cells import density
from geo.coverage import StreetCoverage
from geo.crs import require_metric_crs, working_crs
from geo.datum import convert
from geo.due import DueRule
from geo.errors import ColumnError, CRSError, GeoError, GeometryError, InvalidParameterError
from geo.intervals import Intervals
from geo.posts import PostCoverage, PostSpacing, post_coverage, post_spacing
from geo.streets import StreetNetwork
from geo.suspicion import Suspicion, suspect_datum

__all__ = [
    "CRSError",
    "CameraCoverage",
    "ColumnError",
    "DueRule",
    "GeoError",
    "GeometryError",
    "Intervals",
    "InvalidParameterError",
    "PostCoverage",
    "PostSpacing",
    "StreetCoverage",
    "StreetNetwork",
    "Suspicion",
    "camera_coverage",
    "camera_views",
    "convert",
    "density",
    "post_coverage",
    "post_spacing",
    "require_metric_crs",
    "suspect_datum",
    "working_crs",
]
