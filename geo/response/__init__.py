"""
Reach by road: what stations reach in so many minutes, and which units are nearest by time.

`speeds` says how fast one goes, `roads` holds the streets of every mode, `searching` and
`backwards` spread over them, `envelope` tells along every edge who is first and who is next.
"""

from geo.response.available import REASONS
from geo.response.nearest import Nearest
from geo.response.responders import Responders, nearest_units
from geo.response.ring_result import OUTSIDE_REASONS, Rings
from geo.response.roads import Roads
from geo.response.rules import CLASS_MINUTES, ResponseRules
from geo.response.speeds import speed_table
from geo.response.station_rings import rings

__all__ = [
    "CLASS_MINUTES",
    "OUTSIDE_REASONS",
    "REASONS",
    "Nearest",
    "Responders",
    "ResponseRules",
    "Rings",
    "Roads",
    "nearest_units",
    "rings",
    "speed_table",
]
