"""Eyes, and what they see: pieces in closed form, as polygons, areas, stretches and points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.areas import area_pieces
from geo.grid import SegmentGrid
from geo.intervals import Intervals
from geo.visibility.drawing import corners
from geo.visibility.stretches import EDGE_M, line_stretches
from geo.visibility.sweep import sights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.lines import Lines
    from geo.visibility.walls import Walls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

FULL_TURN_DEG: Final = 360.0
"""The field of view of an eye that sees all around and needs no heading."""

ARC_STEP_DEG: Final = 1.5
"""Widest step of a drawn rim. Its corners lie far enough out for the polygon to have the exact
area; the rim is off by at most 6e-5 of the range."""


@dataclass(frozen=True, eq=False)
class Eyes:
    """
    Points that look.

    Parameters
    ----------
    xy
        n x 2 coordinates in a metric CRS.
    range_m
        n distances to see, greater than 0.
    azimuth_deg
        n headings of the middle of the field, clockwise from grid north; without meaning where
        the field is a full turn.
    fov_deg
        n fields of view in (0, 360].
    height_m
        n heights above the ground, NaN where unknown: then every wall hides.
    near_m
        n distances below which nothing is seen, 0 or greater.
    """

    xy: Floats
    range_m: Floats
    azimuth_deg: Floats
    fov_deg: Floats
    height_m: Floats
    near_m: Floats

    def __len__(self) -> int:
        """How many eyes there are."""
        return len(self.xy)

    @property
    def whole(self) -> Bools:
        """Whether each sees all around."""
        return self.fov_deg >= FULL_TURN_DEG

    @property
    def ends(self) -> tuple[Floats, Floats]:
        """Unit vectors of the two edges: the field runs anticlockwise from the first."""
        half = np.where(self.whole, 0.0, self.fov_deg / 2.0)
        middle = np.where(self.whole, 0.0, self.azimuth_deg)
        right, left = np.radians(middle + half), np.radians(middle - half)
        return (
            np.column_stack((np.sin(right), np.cos(right))),
            np.column_stack((np.sin(left), np.cos(left))),
        )

    def take(self, rows: Ints | Bools | slice) -> Eyes:
        """
        Return some of the eyes.

        Parameters
        ----------
        rows
            Which.

        Returns
        -------
        eyes
            Those, in that order.
        """
        return Eyes(
            self.xy[rows], self.range_m[rows], self.azimuth_deg[rows], self.fov_deg[rows],
            self.height_m[rows], self.near_m[rows],
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Stretches:
    """
    Stretches of lines that eyes see.

    Parameters
    ----------
    eye
        n eyes, ascending.
    part
        n parts of the lines.
    start, end
        n distances along the row, in metres.
    """

    eye: Ints
    part: Ints
    start: Floats
    end: Floats

    @property
    def union(self) -> Intervals:
        """What any eye sees."""
        return Intervals.of(self.part, self.start, self.end)

    def joined(self) -> Stretches:
        """
        Return the same without any stretch that one eye has twice.

        Returns
        -------
        stretches
            Canonical for each eye.
        """
        parts = int(self.part.max(initial=0)) + 1
        once = Intervals.of(self.eye * parts + self.part, self.start, self.end)
        return Stretches(once.key // parts, once.key % parts, once.start, once.end)

    def of(self, eyes: Bools) -> Stretches:
        """
        Return what some eyes see.

        Parameters
        ----------
        eyes
            A flag per eye.

        Returns
        -------
        stretches
            Theirs alone.
        """
        held = eyes[self.eye]
        return Stretches(self.eye[held], self.part[held], self.start[held], self.end[held])


@dataclass(frozen=True, eq=False)
class Sights:
    """
    What eyes see among walls; make it with `Sights.of`.

    Parameters
    ----------
    eyes
        The n eyes.
    first_piece
        n + 1 places in `piece`.
    piece
        Per piece two points relative to the eye, anticlockwise: the eye sees all of the triangle
        with them, or of the sector where `arc`.
    arc
        Whether the two points are on the rim of the range.
    first_low
        n + 1 places in `low`.
    low
        Walls that an eye looks over: two points relative to it, anticlockwise, and how many times
        as far their shadow ends.
    walls
        What hides.
    """

    eyes: Eyes
    first_piece: Ints
    piece: Floats
    arc: Bools
    first_low: Ints
    low: Floats
    walls: Walls

    @classmethod
    def of(cls, eyes: Eyes, walls: Walls) -> Sights:
        """
        Find what eyes see.

        Parameters
        ----------
        eyes
            n eyes.
        walls
            What hides.

        Returns
        -------
        sights
            Exact up to rounding (some 1e-9 m at coordinates of 1e6 m).

        Notes
        -----
        A wall with a height that is lower than an eye with a height hides the ground from it to
        the end of its shadow; every other wall hides all that is behind it. The ground is flat.
        Cost per eye: k log k for k walls in its range.
        """
        start, stop = eyes.ends
        grid = walls.grid
        first_piece, piece, arc, first_low, low = sights(
            walls.segments, walls.top_m, grid.first, grid.filed, *grid.place,
            np.ascontiguousarray(eyes.xy), eyes.range_m, start, stop, eyes.height_m,
        )  # fmt: skip
        return cls(eyes, first_piece, piece, arc, first_low, low, walls)

    @property
    def over(self) -> Bools:
        """Whether each eye looks over a wall."""
        return np.diff(self.first_low) > 0

    @property
    def opaque(self) -> Sights:
        """The same eyes where every wall hides and nothing is too near."""
        unknown = np.full(len(self.eyes), np.nan)
        eyes = replace(self.eyes, height_m=unknown, near_m=np.zeros(len(self.eyes)))
        return Sights.of(eyes, self.walls)

    @property
    def _owner(self) -> Ints:
        """The eye of each piece."""
        owner: Ints = np.repeat(np.arange(len(self.eyes)), np.diff(self.first_piece))
        return owner

    def area_m2(self) -> Floats:
        """
        Measure the ground that each eye sees.

        Returns
        -------
        area_m2
            n areas. In closed form; of the polygon where an eye looks over a wall or is blind
            near by.
        """
        ax, ay, bx, by = self.piece.T
        cross, dot = ax * by - ay * bx, ax * bx + ay * by
        radius = self.eyes.range_m[self._owner]
        area = np.where(self.arc, radius**2 * np.arctan2(cross, dot), cross) / 2.0
        total: Floats = np.zeros(len(self.eyes))
        np.add.at(total, self._owner, area)
        rest = np.flatnonzero(self.over | (self.eyes.near_m > 0.0))
        if len(rest):
            total[rest] = shapely.area(self._drawn[rest])
        return total

    def polygons(self) -> NDArray[np.object_]:
        """
        Draw what each eye sees.

        Returns
        -------
        polygons
            n valid polygons, multi-polygons where shadows part them, empty where nothing is seen.
        """
        return self._drawn.copy()

    def stretches(self, lines: Lines) -> Stretches:
        """
        Find where lines run in sight.

        Parameters
        ----------
        lines
            The lines, in the CRS of the eyes.

        Returns
        -------
        stretches
            Exact: a straight line meets a piece in one interval. Those of one eye do not overlap.
        """
        part, begin, end, measure = lines.segments
        filled = (begin != end).any(axis=1)
        part, begin, end, measure = part[filled], begin[filled], end[filled], measure[filled]
        segments = np.ascontiguousarray(np.column_stack((begin, end)))
        grid = SegmentGrid.of(segments)
        found = Stretches(
            *line_stretches(
                segments, part, measure, grid.first, grid.filed, *grid.place,
                np.ascontiguousarray(self.eyes.xy), self.eyes.range_m, self.eyes.near_m,
                self.first_piece, self.piece, self.arc, self.first_low, self.low,
            )
        )  # fmt: skip
        if not len(self.low) or not len(self.walls.outlines):
            return found
        return _outside(found, self.over, lines, self.walls)

    @cached_property
    def _drawn(self) -> NDArray[np.object_]:
        """The polygons: areas and maps both need them, and shadows take long to subtract."""
        drawn = self._star()
        for eye in np.flatnonzero(self.over).tolist():
            hidden = [*self._shadows(eye), *self._outlines(drawn[eye])]
            drawn[eye] = shapely.difference(drawn[eye], shapely.union_all(hidden))
        near = np.flatnonzero(self.eyes.near_m > 0.0)
        if len(near):
            quarter = int(90.0 / ARC_STEP_DEG)
            blind = shapely.buffer(
                shapely.points(self.eyes.xy[near]), self.eyes.near_m[near], quad_segs=quarter
            )
            drawn[near] = shapely.difference(drawn[near], blind)
        return drawn

    def _star(self) -> NDArray[np.object_]:
        """Draw what is seen before walls that hide all."""
        drawn = np.full(len(self.eyes), shapely.Polygon(), dtype=object)
        xy, count = corners(
            np.ascontiguousarray(self.eyes.xy), self.eyes.whole, self.first_piece, self.piece,
            self.arc, np.radians(ARC_STEP_DEG),
        )  # fmt: skip
        # A ring needs three corners; less is a sliver.
        enough = count >= 3  # noqa: PLR2004
        if not enough.all():
            xy = xy[np.repeat(enough, count)]
        rings = shapely.linearrings(xy, indices=np.repeat(np.arange(enough.sum()), count[enough]))
        drawn[enough] = shapely.polygons(rings)
        broken = np.flatnonzero(~shapely.is_valid(drawn))
        drawn[broken] = shapely.buffer(drawn[broken], 0.0)
        return drawn

    def _shadows(self, eye: int) -> Iterator[shapely.Polygon]:
        """Draw the ground that low walls hide from an eye."""
        low = self.low[self.first_low[eye] : self.first_low[eye + 1]]
        a, b, k = low[:, :2], low[:, 2:4], low[:, 4:]
        # A shadow is as long as it likes, but farther than the range nobody looks.
        off = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / np.hypot(*(b - a).T)
        k = np.minimum(k, 1.0 + self.eyes.range_m[eye] / np.maximum(off, 1e-3)[:, None])
        corners = np.stack((a, b, k * b, k * a), axis=1) + self.eyes.xy[eye]
        yield from shapely.polygons(corners)

    def _outlines(self, seen: shapely.Geometry) -> NDArray[np.object_]:
        """Return the buildings on the ground in sight."""
        return self.walls.outlines[self.walls.tree.query(seen, predicate="intersects")]


def _outside(found: Stretches, over: Bools, lines: Lines, walls: Walls) -> Stretches:
    """Take what lies inside outlines from what is seen over walls: roofs hide the ground."""
    outlines = gpd.GeoDataFrame(
        {"area_id": np.arange(len(walls.outlines))}, geometry=walls.outlines
    )
    high = over[found.eye]
    theirs = found.of(over)
    pieces = area_pieces(lines, theirs.union, outlines, border_m=0.0)
    roofed = pieces.area >= 0
    inside = Intervals.of(pieces.part[roofed], pieces.start[roofed], pieces.end[roofed])
    # Row by row, each with the roofs over its own part.
    first = np.searchsorted(inside.key, theirs.part, side="left")
    count = np.searchsorted(inside.key, theirs.part, side="right") - first
    row = np.repeat(np.arange(len(theirs.part)), count)
    roof = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + first[row]
    seen = Intervals.of(np.arange(len(theirs.part)), theirs.start, theirs.end)
    roofs = Intervals.of(row, inside.start[roof], inside.end[roof])
    # Between a roof and the shadow behind it the widths of two edges are left.
    left = seen.difference(roofs).longer_than(4.0 * EDGE_M)
    eye = np.concatenate((found.eye[~high], theirs.eye[left.key]))
    order = np.argsort(eye, kind="stable")
    return Stretches(
        eye[order],
        np.concatenate((found.part[~high], theirs.part[left.key]))[order],
        np.concatenate((found.start[~high], left.start))[order],
        np.concatenate((found.end[~high], left.end))[order],
    )
