"""
What `maps` refuses.

MapsError
├── MissingAssetError    a page names a vendor file that is not there (also LookupError)
└── OutsideAddressError  a finished page would leave itself (also ValueError)
"""

from __future__ import annotations


class MapsError(Exception):
    """Base of every error that `maps` raises on purpose."""


class MissingAssetError(MapsError, LookupError):
    """A page names a vendor file that this installation does not have."""


class OutsideAddressError(MapsError, ValueError):
    """A finished page would load from, or link to, something outside itself."""
