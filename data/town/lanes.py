"""The lanes of the old town, narrow, crooked and often blind."""

from typing import Final

import numpy as np
import shapely
from numpy.random import Generator

from data.town.ground import Points
from data.town.names import ordinal
from data.town.plan import Way
from data.town.splitting import TOUCH_M, CutStyle, subdivide

LANE_CUT: Final = CutStyle(clearance_m=14.0, snap_m=9.0, tilt_rad=0.2, bow_share=0.06)
"""Lanes: crooked and close."""

LANE_BLOCK_M2: Final = 5_500.0
"""Lanes are cut until what is left between them is about this large."""

LANE_WIDTH_M: Final = (1.2, 4.0)
"""From wall to wall of a lane, least and most."""

DRIVABLE_M: Final = 2.0
"""Lanes from this width on are living streets, narrower ones service ways."""

BLIND_SHARE: Final = 0.6
"""Share of dead ends among the lanes that no other lane needs to be whole."""

BLIND_REACH: Final = (0.5, 0.8)
"""How far across the block a dead end goes, least and most."""


def make_lanes(ring: Points, stem: str, *, mouths: list[Points], rng: Generator) -> list[Way]:
    """Return the numbered lanes of an old block; some stop short of the far side."""
    _, chords = subdivide(ring, rng=rng, mouths=mouths, style=LANE_CUT, target_m2=LANE_BLOCK_M2)
    lanes = []
    for number, chord in enumerate(chords, start=1):
        points = chord
        ends_elsewhere = any(_touches(other, chord) for other in chords if other is not chord)
        if not ends_elsewhere and rng.random() < BLIND_SHARE:
            points = _shortened(chord, rng.uniform(*BLIND_REACH))
        width_m = round(float(rng.uniform(*LANE_WIDTH_M)), 1)
        road_class = "living_street" if width_m >= DRIVABLE_M else "service"
        lanes.append(Way(f"{stem}{ordinal(number)}巷", road_class, points, width_m))
    return lanes


def _touches(other: Points, chord: Points) -> bool:
    """Whether another lane ends on this one."""
    ends = shapely.points(other[[0, -1]])
    return bool((shapely.distance(shapely.LineString(chord), ends) < TOUCH_M).any())


def _shortened(chord: Points, share: float) -> Points:
    """Return the first part of a chord, up to a share of its length."""
    line = shapely.LineString(chord)
    stop = shapely.get_coordinates(line.interpolate(share, normalized=True))
    keep = [p for p in chord if line.project(shapely.Point(p), normalized=True) < share]
    return np.vstack([keep, stop])
