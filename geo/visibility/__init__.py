"""What a point sees among walls: exact, without sampling."""

from geo.visibility.sights import ARC_STEP_DEG, FULL_TURN_DEG, Eyes, Sights, Stretches
from geo.visibility.walls import INSIDE_M, STAND_OFF_M, Walls

__all__ = [
    "ARC_STEP_DEG",
    "FULL_TURN_DEG",
    "INSIDE_M",
    "STAND_OFF_M",
    "Eyes",
    "Sights",
    "Stretches",
    "Walls",
]
