"""What views are to cover: due streets, key sites and incidents, but no private ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.areas import BORDER_M, area_pieces
from geo.cameras.watched import looked_at
from geo.coverage import DueStreets
from geo.crs import require_metric_crs
from geo.due import number_column, text_column
from geo.errors import GeometryError, InvalidParameterError
from geo.intervals import Intervals
from geo.visibility import Walls

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.aiming.terms import Terms
    from geo.visibility import Sights

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

PRIVATE_M2: Final = 1.0
"""A view may touch this much more private ground than before, in square metres: a rim drawn with
straight steps and an outline drawn by hand differ by as much."""

_AREAL: Final = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))


@dataclass(frozen=True, eq=False)
class Scene:
    """
    What there is to see, and what hides it; make it with `Scene.of`.

    Parameters
    ----------
    streets
        The streets of the run.
    due
        The due stretches that count: those on no private ground.
    class_weight
        What a metre is worth, for each row of the streets.
    walls
        What hides.
    places
        What must be in sight of each key site and incident; those on private ground left out.
    place_worth
        What each is worth, in metres.
    private
        Disjoint polygons of which no more may be seen than today.
    """

    streets: DueStreets
    due: Intervals
    class_weight: Floats
    walls: Walls
    places: Shapes
    place_worth: Floats
    private: Shapes

    @classmethod
    def of(
        cls,
        streets: gpd.GeoDataFrame,
        buildings: gpd.GeoDataFrame | None,
        walls: gpd.GeoDataFrame | None,
        *,
        key_sites: gpd.GeoDataFrame | None,
        incidents: gpd.GeoDataFrame | None,
        private: Shapes,
        terms: Terms,
    ) -> Scene:
        """
        Take the frames apart.

        Parameters
        ----------
        streets, buildings, walls, key_sites, incidents
            As in `geo.aiming.reaim`.
        private
            Disjoint valid polygons.
        terms
            As there.

        Returns
        -------
        scene
            What counts.
        """
        given = {
            "streets": streets, "buildings": buildings, "walls": walls, "key_sites": key_sites,
            "incidents": incidents, "within": terms.within,
        }  # fmt: skip
        require_metric_crs(**{name: frame for name, frame in given.items() if frame is not None})
        chosen = DueStreets.of(streets, terms.due, terms.within)
        classes, row = np.unique(text_column(streets, "class"), return_inverse=True)
        weights = {name.strip().lower(): worth for name, worth in terms.class_weights.items()}
        places, worth = [np.empty(0, dtype=object)], [np.empty(0)]
        for name, frame in (("key_sites", key_sites), ("incidents", incidents)):
            if frame is not None:
                places.append(looked_at(frame, name, buildings)[0])
                worth.append(_weights(frame, name) * terms.point_m)
        looked, worths = np.concatenate(places), np.concatenate(worth)
        public = ~shapely.is_missing(looked) & ~shapely.is_empty(looked)
        # What is inside private ground entirely; a fence is looked at from the street.
        public[shapely.STRtree(looked).query(private, predicate="contains_properly")[1]] = False
        return cls(
            chosen,
            _public(chosen, private),
            np.array([weights.get(name, 1.0) for name in classes.tolist()])[row],
            Walls.of(buildings, walls),
            looked[public],
            worths[public],
            private,
        )

    def in_sight(self, sights: Sights) -> tuple[Ints, Ints]:
        """
        Find who sees which place.

        Parameters
        ----------
        sights
            What eyes see.

        Returns
        -------
        eye, place
            One for each pair.
        """
        eyes, drawn = _drawn(sights, self.places)
        place, at = shapely.STRtree(drawn).query(self.places, predicate="intersects")
        return eyes[at], place

    def private_m2(self, sights: Sights) -> Floats:
        """
        Measure the private ground in sight.

        Parameters
        ----------
        sights
            What eyes see.

        Returns
        -------
        private_m2
            One area for each eye.
        """
        eyes, drawn = _drawn(sights, self.private)
        at, which = shapely.STRtree(self.private).query(drawn, predicate="intersects")
        area = shapely.area(shapely.intersection(drawn[at], self.private[which]))
        total: Floats = np.zeros(len(sights.eyes))
        np.add.at(total, eyes[at], area)
        return total


def private_ground(**frames: gpd.GeoDataFrame | None) -> Shapes:
    """
    Join polygons of private ground.

    Parameters
    ----------
    **frames
        Polygon and MultiPolygon rows by the name of the caller's argument; None for none.

    Returns
    -------
    private
        Disjoint valid polygons.

    Raises
    ------
    GeometryError
        When a row is no polygon.
    """
    shapes = [np.empty(0, dtype=object)]
    for name, frame in frames.items():
        if frame is not None:
            shapes.append(polygons_of(frame, name))
    parts: Shapes = shapely.get_parts(shapely.union_all(np.concatenate(shapes)))
    return parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - areas


def polygons_of(frame: gpd.GeoDataFrame, name: str) -> Shapes:
    """Return the filled polygons of a frame, valid, or refuse it by its name."""
    shapes = np.array(frame.geometry.array, dtype=object)
    kind = shapely.get_type_id(shapes)
    wrong = np.flatnonzero((kind >= 0) & ~np.isin(kind, _AREAL))
    if wrong.size:
        raise GeometryError(
            f"{name}: row {wrong[0]} is a {shapes[wrong[0]].geom_type}; pass Polygon or "
            f"MultiPolygon rows"
        )
    valid: Shapes = shapely.make_valid(shapes[~shapely.is_missing(shapes)])
    return valid


def _public(streets: DueStreets, private: Shapes) -> Intervals:
    """Return the due stretches on no private ground; a street along its edge is public."""
    inner = shapely.buffer(private, -BORDER_M)
    inner = inner[~shapely.is_empty(inner)]
    if not len(inner):
        return streets.due
    areas = gpd.GeoDataFrame({"area_id": np.arange(len(inner))}, geometry=inner)
    pieces = area_pieces(streets.lines, streets.due, areas, border_m=0.0)
    out = pieces.area < 0
    return Intervals.of(pieces.part[out], pieces.start[out], pieces.end[out])


def _drawn(sights: Sights, things: Shapes) -> tuple[Ints, Shapes]:
    """Return the eyes with one of the things in their range, and the polygons they see."""
    tree, at = shapely.STRtree(things), shapely.points(sights.eyes.xy)
    near = np.unique(tree.query(at, predicate="dwithin", distance=sights.eyes.range_m)[0])
    if not len(near):
        return near, np.empty(0, dtype=object)
    some = type(sights).of(sights.eyes.take(near), sights.walls)
    return near, some.polygons()


def _weights(frame: gpd.GeoDataFrame, name: str) -> Floats:
    """Return the column `weight`, 1.0 where it is missing."""
    weight = number_column(frame, "weight")
    wrong = np.flatnonzero(~((weight >= 0.0) & (weight < np.inf) | np.isnan(weight)))
    if wrong.size:
        raise InvalidParameterError(
            f"{name}: row {wrong[0]} has weight {weight[wrong[0]]:g}; give 0 or more, or leave it "
            f"empty for 1"
        )
    return np.where(np.isnan(weight), 1.0, weight)
