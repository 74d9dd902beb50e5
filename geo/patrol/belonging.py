"""Which patrol area segments and points belong to, by what they say and by where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geo.areas import BORDER_M, area_pieces, areas_of_points
from geo.lines import Lines
from geo.partition.reading import required, texts

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Texts = NDArray[np.str_]

LEAST_M: Final = 1.0
"""A shorter stretch in another area is the ending of a line at a border, in metres."""


@dataclass(frozen=True, eq=False)
class PatrolAreas:
    """
    Areas by code; rows of one code are one area.

    Parameters
    ----------
    frame
        n polygons with `area_id`.
    ids
        n codes as texts.
    names
        The codes, each once, sorted.
    """

    frame: gpd.GeoDataFrame
    ids: Texts
    names: Texts

    @classmethod
    def of(cls, areas: gpd.GeoDataFrame) -> PatrolAreas:
        """Read areas; one without a code is refused."""
        ids = texts(areas, "area_id")
        # Codes may repeat here, which is a finding; a missing one cannot be found by its code.
        required(areas[~pd.Series(ids).duplicated().to_numpy()], "areas", "area_id")
        return cls(areas, ids, np.unique(ids))

    @property
    def code(self) -> Ints:
        """Position in `names` of each row."""
        return np.searchsorted(self.names, self.ids)

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """One geometry per name."""
        rows = np.asarray(self.frame.geometry.array)
        shapes = rows[np.unique(self.code, return_index=True)[1]]
        for name in np.flatnonzero(np.bincount(self.code) > 1):  # few codes have several rows
            shapes[name] = shapely.union_all(rows[self.code == name])
        return shapes

    def told(self, frame: gpd.GeoDataFrame) -> Ints:
        """Return the area that each row names: a position in `names`, or -1."""
        return np.asarray(pd.Index(self.names).get_indexer(texts(frame, "area_code")))


@dataclass(frozen=True, eq=False)
class SegmentPlaces:
    """
    Where segments lie.

    Parameters
    ----------
    own
        n positions of areas: the one that a segment names, else that which holds most of it.
    most
        n positions of areas: that which holds most of it; -1 where it lies in none.
    within_m
        n x a lengths in metres, by area.
    nowhere_m
        n lengths in metres in no area.
    """

    own: Ints
    most: Ints
    within_m: Floats
    nowhere_m: Floats

    @classmethod
    def of(cls, segments: gpd.GeoDataFrame, areas: PatrolAreas) -> SegmentPlaces:
        """Measure how much of each segment lies in which area."""
        lines = Lines.from_frame(segments, "segments")
        pieces = area_pieces(lines, lines.whole, areas.frame)
        row, length = lines.row[pieces.part], pieces.end - pieces.start
        area = np.append(areas.code, -1)[pieces.area]
        told = areas.told(segments)
        sure = _summed(
            row, area, np.where(pieces.border, 0.0, length), lines.rows, len(areas.names)
        )
        whole = _summed(row, area, length, lines.rows, len(areas.names))
        # What runs along a border lies in both areas: where the rest lies decides.
        best = np.where(sure[:, :-1].max(axis=1, initial=0.0) > LEAST_M, *_tops(sure, whole))
        own = np.where(told >= 0, told, best)
        middle = lines.locate(pieces.part, (pieces.start + pieces.end) / 2.0)
        beside = np.flatnonzero(pieces.border & (own[row] >= 0))
        away = shapely.distance(shapely.points(middle[beside]), areas.shapes[own[row[beside]]])
        near = beside[away <= 2.0 * BORDER_M]
        area[near] = own[row[near]]
        table = _summed(row, area, length, lines.rows, len(areas.names))
        top = table[:, :-1]
        most = top.argmax(axis=1) if top.shape[1] else np.full(lines.rows, -1)
        most = np.where(top.max(axis=1, initial=0.0) > 0.0, most, -1)
        return cls(own, most, top, table[:, -1])

    @property
    def length_m(self) -> Floats:
        """Length of each segment, in metres."""
        return np.asarray(self.within_m.sum(axis=1) + self.nowhere_m)

    @property
    def own_m(self) -> Floats:
        """Length of each segment within its own area, in metres."""
        table = np.append(self.within_m, np.zeros((len(self.own), 1)), axis=1)
        return np.asarray(table[np.arange(len(self.own)), self.own])

    def shares(self, names: Texts) -> NDArray[np.object_]:
        """Write the areas of each segment with their shares of its length, the largest first."""
        length = np.where(self.length_m > 0.0, self.length_m, 1.0)
        texts_of = np.full(len(self.own), "", dtype=object)
        # Few areas of a row have a share, so the text is joined row by row.
        for row in range(len(self.own)):
            held = np.flatnonzero(self.within_m[row] > 0.0)
            held = held[np.argsort(-self.within_m[row, held], kind="stable")]
            share = self.within_m[row, held] / length[row]
            texts_of[row] = "; ".join(
                f"{name} {part:.3f}" for name, part in zip(names[held], share, strict=True)
            )
        return texts_of


@dataclass(frozen=True, eq=False)
class PointPlaces:
    """
    Where points lie.

    Parameters
    ----------
    own
        n positions of areas: the one that a point names, else that in which it lies; -1 for none.
    inside
        n positions of areas: that in which it lies; -1 for none.
    away_m
        n distances to the own area, in metres; NaN without one.
    distance_m
        n distances to the nearest segment of the own area, in metres; NaN without one.
    """

    own: Ints
    inside: Ints
    away_m: Floats
    distance_m: Floats

    @classmethod
    def of(
        cls, points: gpd.GeoDataFrame, areas: PatrolAreas, segments: gpd.GeoDataFrame, owner: Ints
    ) -> PointPlaces:
        """Find the areas of points, and how far they are from the segments of theirs."""
        shapes = np.asarray(points.geometry.array)
        inside = np.append(areas.code, -1)[areas_of_points(shapes, areas.frame)]
        told = areas.told(points)
        own = np.where(told >= 0, told, inside)
        away = shapely.distance(shapes, np.append(areas.shapes, [None])[own])
        lines = np.asarray(segments.geometry.array)
        some = np.flatnonzero((owner >= 0) & ~shapely.is_missing(lines))
        some = some[np.argsort(owner[some], kind="stable")]
        parts, row = shapely.get_parts(lines[some], return_index=True)
        of_area = np.full(len(areas.names) + 1, None, dtype=object)
        if len(parts):
            area = owner[some][row]
            held = np.unique(area)
            of_area[held] = shapely.multilinestrings(parts, indices=np.searchsorted(held, area))
        return cls(own, inside, away, shapely.distance(shapes, of_area[own]))


def _summed(row: Ints, area: Ints, length: Floats, rows: int, areas: int) -> Floats:
    """Sum lengths by row and area; the last column is for none."""
    table = np.zeros((rows, areas + 1))
    np.add.at(table, (row, area), length)
    return table


def _tops(*tables: Floats) -> list[Ints]:
    """Return for each table the area with the most length, -1 where none has any."""
    return [
        np.where(table[:, :-1].max(axis=1, initial=0.0) > 0.0, table[:, :-1].argmax(axis=1), -1)
        if table.shape[1] > 1
        else np.full(len(table), -1)
        for table in tables
    ]
