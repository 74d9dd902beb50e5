"""
What `geo` refuses.

GeoError
├── CRSError               a CRS in which metres are not metres (also ValueError)
├── ColumnError            a column is missing or does not identify rows (also LookupError)
├── GeometryError          the wrong kind of geometry (also ValueError)
└── InvalidParameterError  an option outside its range (also ValueError)
    ├── NotTurnedError     a heading for a camera that is not turned
    └── PatrolError        nothing to plan or nobody to send, or a plan of other layers
"""

from __future__ import annotations


class GeoError(Exception):
    """Base of every error that `geo` raises on purpose."""


class CRSError(GeoError, ValueError):
    """A CRS is missing, differs between frames, or does not measure in metres."""


class ColumnError(GeoError, LookupError):
    """A column that the function needs is missing or not usable."""


class GeometryError(GeoError, ValueError):
    """A frame holds another kind of geometry than the function works on."""


class InvalidParameterError(GeoError, ValueError):
    """An option is outside its range."""


class NotTurnedError(InvalidParameterError):
    """A heading is asked of a camera that sees all around, or whose lenses have their own."""


class PatrolError(InvalidParameterError):
    """Nothing is to be patrolled, nobody can be sent, or a plan was made of other layers."""
