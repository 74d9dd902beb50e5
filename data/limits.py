"""Numbers in sheets: what a number of each column must be, which are whole, which count people."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.optics import focal_length, picture_width

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FULL_CIRCLE_DEG: Final = 360.0
"""All round."""

HALF_CIRCLE_DEG: Final = 180.0
"""From straight down to straight up."""

COUNT_BELOW: Final = 1e9
"""Counts are below this: the databases keep them in 32 bits."""

PIXELS_BELOW: Final = 50_000
"""Pictures are narrower than this many pixels: more are the pixels of all their lines."""

LAST_PRIORITY: Final = 5
"""Places to patrol are ranked from 1, which goes first, to this."""

FASTEST_KMH: Final = 120.0
"""No unit patrols faster, in kilometres an hour."""


def _is_count(value: Floats) -> Mask:
    """Tell which numbers count something."""
    return (value >= 0) & (value < COUNT_BELOW) & (value % 1 == 0)


LIMITS: Final[dict[str, Callable[[Floats], Mask]]] = {
    "width_m": lambda value: value > 0,
    "height_m": lambda value: value > 0,
    "range_m": lambda value: value > 0,
    "fov_deg": lambda value: (value > 0) & (value <= FULL_CIRCLE_DEG),
    "vfov_deg": lambda value: (value > 0) & (value <= HALF_CIRCLE_DEG),
    "ir_range_m": lambda value: value > 0,
    "pixels": lambda value: (value > 0) & (value < PIXELS_BELOW) & (value % 1 == 0),
    "focal_mm": lambda value: value > 0,
    "tilt_deg": lambda value: np.abs(value) <= HALF_CIRCLE_DEG / 2,
    "layer": lambda value: value % 1 == 0,
    "seq": _is_count,
    "visits": _is_count,
    "staff": _is_count,
    "tasks": _is_count,
    "hazards": _is_count,
    "households": _is_count,
    "people": _is_count,
    "officers": _is_count,
    "full_time": _is_count,
    "count": _is_count,
    "dwell_min": lambda value: value >= 0,
    "least_interval_min": lambda value: value >= 0,
    "greatest_interval_min": lambda value: value > 0,
    "prize_m": lambda value: value >= 0,
    "priority": lambda value: (value >= 1) & (value <= LAST_PRIORITY) & (value % 1 == 0),
    "speed_kmh": lambda value: (value > 0) & (value <= FASTEST_KMH),
    "break_min": lambda value: value >= 0,
    "most_stops": lambda value: _is_count(value) & (value > 0),
    "accuracy_m": lambda value: value > 0,
}
"""Numeric columns, and what a number must be to be used; others are taken as missing."""

WRITTEN: Final[dict[str, Callable[[str | None, str], float]]] = {
    "pixels": picture_width,
    "focal_mm": focal_length,
}
"""Those of them that people write in ways of their own -> what reads a cell, given its head."""

PEOPLE_COUNTED: Final = frozenset({"staff", "households", "people", "officers", "full_time"})
"""Those of them that count people: what stands there in words may be their names."""

WHOLE_NUMBERS: Final = PEOPLE_COUNTED | {
    "layer", "seq", "visits", "tasks", "hazards", "pixels", "count", "priority", "most_stops",
}  # fmt: skip
"""Those of them that are whole."""
