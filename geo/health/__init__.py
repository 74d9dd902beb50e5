"""
How reliable cameras are: states, faults, and what is said of them in reports.

`history` turns reports of states into spans, `faults` joins faults and repairs, `condition` makes
rates of both, `indicators` those that plans are held against, `duplicates` finds cameras that two
owners list, `points` counts points apart from cameras. Only the last two know where a camera is.
"""

from geo.health.by_hour import online_by_hour
from geo.health.condition import CameraHealth, health
from geo.health.duplicates import Duplicates, duplicates
from geo.health.faults import FaultLedger, fault_ledger
from geo.health.history import StateHistory, state_history
from geo.health.indicators import Indicator, Indicators, Targets, indicators
from geo.health.points import PointCounts, high_definition, networked_by_class, point_counts
from geo.health.rates import Rate

__all__ = [
    "CameraHealth",
    "Duplicates",
    "FaultLedger",
    "Indicator",
    "Indicators",
    "PointCounts",
    "Rate",
    "StateHistory",
    "Targets",
    "duplicates",
    "fault_ledger",
    "health",
    "high_definition",
    "indicators",
    "networked_by_class",
    "online_by_hour",
    "point_counts",
    "state_history",
]
