"""Cutting a block in two by a street, the one move that grows the street plan."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.random import Generator

from data.town.ground import Points

CORNER_TURN: Final = np.radians(25.0)
"""A ring vertex that turns more than this is a corner, and no street may end close to it."""

STEEPEST_JOIN: Final = np.cos(np.radians(52.0))
"""Streets meet the ones they end on at 52 degrees or more."""

TOUCH_M: Final = 1e-6
"""Points this close are on a line; coordinates on the flat plan are exact to far less."""

BOW_POINTS: Final = 5
"""Points that draw the arc of a chord."""

SIZE_SPREAD: Final = (0.75, 1.5)
"""A block is cut while it is larger than its target times a number between these."""

OFF_MIDDLE: Final = 0.14
"""A cut is at most this share of the block's length away from its middle."""

ATTEMPTS: Final = 8
"""How often a cut is tried before the block is left whole."""


@dataclass(frozen=True)
class CutStyle:
    """
    How cuts at one level of the plan look.

    Parameters
    ----------
    clearance_m
        No cut ends nearer to a corner of the block.
    snap_m
        A cut ending this near to the mouth of a street across joins it to a crossing.
    tilt_rad
        Standard deviation of its angle against the short axis of the block.
    bow_share
        Standard deviation of its bow, as a share of its length.
    """

    clearance_m: float
    snap_m: float
    tilt_rad: float
    bow_share: float


class Cut(NamedTuple):
    """A chord through a block and the two blocks it leaves, as open rings."""

    chord: Points
    parts: tuple[Points, Points]


class Frame(NamedTuple):
    """The smallest rectangle around a ring: its middle, long direction, length and width."""

    middle: Points
    along: Points
    length_m: float
    width_m: float


class _Hit(NamedTuple):
    """Where a cut meets the ring: the edge's number and the point."""

    edge: int
    point: Points


def around(ring: Points) -> Frame:
    """
    Return the smallest rectangle around a ring that lies along one of its edges.

    GEOS has its own, but which of two such rectangles it takes has changed over its versions.
    """
    edges = np.roll(ring, -1, axis=0) - ring
    length_m = np.hypot(*edges.T)
    axes = edges[length_m > TOUCH_M] / length_m[length_m > TOUCH_M, np.newaxis]
    sides = np.column_stack([-axes[:, 1], axes[:, 0]])
    spans = np.stack([ring @ axes.T, ring @ sides.T])
    low, high = spans.min(axis=1), spans.max(axis=1)
    best = int(np.argmin(np.prod(high - low, axis=0)))
    pair = np.stack([axes[best], sides[best]])
    middle = (low[:, best] + high[:, best]) / 2 @ pair
    extent = high[:, best] - low[:, best]
    longer = int(np.argmax(extent))
    along = pair[longer] * (1.0 if pair[longer] @ (1.0, 1e-3) > 0 else -1.0)
    return Frame(middle, along, float(extent[longer]), float(extent[1 - longer]))


def subdivide(
    ring: Points,
    *,
    rng: Generator,
    mouths: list[Points],
    style: CutStyle,
    target_m2: float,
) -> tuple[list[Points], list[Points]]:
    """
    Cut a block again and again, and return the rings of its parts and the chords, longest first.

    Parameters
    ----------
    ring
        Corners of the block in order, the first not repeated, in metres.
    rng
        Source of all cuts.
    mouths
        Where streets already end; gains the ends of every chord.
    style
        Angles and distances of this level of the plan.
    target_m2
        Parts are left alone below about this size.
    """
    parts, chords, waiting = [], [], [ring]
    while waiting:
        block = waiting.pop(0)
        small = shapely.Polygon(block).area < target_m2 * rng.uniform(*SIZE_SPREAD)
        cut = None if small else split(block, rng=rng, mouths=mouths, style=style)
        if cut is None:
            parts.append(block)
            continue
        mouths += [cut.chord[0], cut.chord[-1]]
        chords.append(cut.chord)
        waiting += cut.parts
    return parts, chords


def split(ring: Points, *, rng: Generator, mouths: list[Points], style: CutStyle) -> Cut | None:
    """
    Cut a block across its long side near the middle; None when no good cut was found.

    Parameters
    ----------
    ring
        Corners of the block in order, the first not repeated, in metres.
    rng
        Source of the position, tilt and bow.
    mouths
        Where streets already end: a cut that comes out opposite one meets it.
    style
        Angles and distances of this level of the plan.

    Returns
    -------
    Cut | None
        The chord from side to side and the rings on both sides of it.
    """
    middle, along, length_m, _ = around(ring)
    room = shapely.buffer(
        shapely.Polygon(ring), TOUCH_M
    )  # the ends of a chord are on the ring, give or take
    for _ in range(ATTEMPTS):
        origin = middle + along * length_m * rng.uniform(-OFF_MIDDLE, OFF_MIDDLE)
        angle = rng.normal(0.0, style.tilt_rad) + np.pi / 2
        bow = rng.normal(0.0, style.bow_share)
        ends = _hits(ring, origin, _turned(along, angle))
        if ends is None:
            continue
        near, far = (_snapped(ring, hit, mouths, style.snap_m) for hit in ends)
        chord = _bowed(near.point, far.point, bow)
        if (
            _clear(ring, near, style.clearance_m)
            and _clear(ring, far, style.clearance_m)
            and _joins_well(ring, near, chord[1] - chord[0])
            and _joins_well(ring, far, chord[-1] - chord[-2])
            and shapely.covers(room, shapely.LineString(chord))
        ):
            return Cut(chord, _halves(ring, near, far, chord))
    return None


def _turned(vector: Points, angle: float) -> Points:
    """Return a vector turned anticlockwise by an angle in radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([cos * vector[0] - sin * vector[1], sin * vector[0] + cos * vector[1]])


def _hits(ring: Points, origin: Points, direction: Points) -> tuple[_Hit, _Hit] | None:
    """Return where a line leaves the ring on either side of a point inside it."""
    edges = np.roll(ring, -1, axis=0) - ring
    offsets = ring - origin
    parallel = direction[0] * edges[:, 1] - direction[1] * edges[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = (offsets[:, 0] * edges[:, 1] - offsets[:, 1] * edges[:, 0]) / parallel
        share = (offsets[:, 0] * direction[1] - offsets[:, 1] * direction[0]) / parallel
    met = (share >= 0) & (share < 1)
    before, after = met & (reach < 0), met & (reach > 0)
    if not (before.any() and after.any()):
        return None
    near = int(np.argmax(np.where(before, reach, -np.inf)))
    far = int(np.argmin(np.where(after, reach, np.inf)))
    if near == far:
        return None
    return (
        _Hit(near, ring[near] + share[near] * edges[near]),
        _Hit(far, ring[far] + share[far] * edges[far]),
    )


def _snapped(ring: Points, hit: _Hit, mouths: list[Points], snap_m: float) -> _Hit:
    """Return the hit moved to a mouth on the same edge nearby, or as it is."""
    if not mouths:
        return hit
    near = np.array(mouths)
    away_m = np.hypot(*(near - hit.point).T)
    near = near[np.argsort(away_m, kind="stable")][: int((away_m < snap_m).sum())]
    edge = shapely.LineString([ring[hit.edge], ring[(hit.edge + 1) % len(ring)]])
    near = near[shapely.distance(edge, shapely.points(near)) < TOUCH_M]
    return _Hit(hit.edge, near[0]) if len(near) else hit


def _bowed(start: Points, end: Points, bow: float) -> Points:
    """Return the chord between two points as a shallow arc."""
    across = end - start
    side = np.array([-across[1], across[0]])
    share = np.linspace(0.0, 1.0, BOW_POINTS)[:, np.newaxis]
    chord = start + share * across + 4 * bow * share * (1 - share) * side
    chord[0], chord[-1] = start, end
    return chord


def _clear(ring: Points, hit: _Hit, clearance_m: float) -> bool:
    """Whether the hit keeps its distance from every corner of the ring."""
    before = ring - np.roll(ring, 1, axis=0)
    after = np.roll(ring, -1, axis=0) - ring
    turn = np.arctan2(
        before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0], (before * after).sum(axis=1)
    )
    corners = ring[np.abs(turn) > CORNER_TURN]
    return bool((np.hypot(*(corners - hit.point).T) >= clearance_m).all())


def _joins_well(ring: Points, hit: _Hit, heading: Points) -> bool:
    """Whether a street with this heading meets the edge of the ring steeply enough."""
    edge = ring[(hit.edge + 1) % len(ring)] - ring[hit.edge]
    return bool(abs(edge @ heading) <= STEEPEST_JOIN * np.hypot(*edge) * np.hypot(*heading))


def _halves(ring: Points, near: _Hit, far: _Hit, chord: Points) -> tuple[Points, Points]:
    """Return the rings on both sides of a chord."""
    turned = np.roll(ring, -(near.edge + 1), axis=0)
    count = (far.edge - near.edge - 1) % len(ring) + 1
    return (
        np.vstack([turned[:count], chord[::-1]]),
        np.vstack([turned[count:], chord]),
    )
