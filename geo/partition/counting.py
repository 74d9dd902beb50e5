"""What areas hold: households, people, incidents and streets, everything counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.areas import area_pieces, areas_of_points
from geo.crs import require_metric_crs
from geo.due import number_column
from geo.errors import ColumnError
from geo.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def loads_of(
    areas: gpd.GeoDataFrame,
    *,
    buildings: gpd.GeoDataFrame | None = None,
    addresses: gpd.GeoDataFrame | None = None,
    incidents: gpd.GeoDataFrame | None = None,
    streets: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """
    Return the areas with what they hold, everything counted once.

    Parameters
    ----------
    areas
        n polygons with `area_id`, metric CRS.
    buildings
        Polygons with `households`, `people` or both; a building is where its inmost place is.
    addresses
        Points with `households`, `people` or both; without `households` each is one. What they
        tell stands before what the buildings tell.
    incidents
        Points.
    streets
        Lines; a stretch along a shared border belongs to the lowest code.

    Returns
    -------
    areas
        The same rows with `area_m2` and what could be counted of `households`, `people`,
        `incidents`, `street_length_m`. A sum with an unknown count in it is unknown (NaN).

    Raises
    ------
    CRSError, ColumnError, GeometryError
        When the frames share no CRS whose metres are metres, the areas have no code, or the
        buildings tell no count.
    """
    given = {"buildings": buildings, "addresses": addresses, "incidents": incidents,
             "streets": streets}  # fmt: skip
    require_metric_crs(areas=areas, **{k: v for k, v in given.items() if v is not None})
    found: dict[str, Any] = {"area_m2": areas.geometry.area.to_numpy()}
    if buildings is not None:
        counts = {name: number_column(buildings, name) for name in ("households", "people")
                  if name in buildings.columns}  # fmt: skip
        if not counts:
            raise ColumnError(
                f"buildings: neither households nor people among "
                f"{', '.join(map(str, buildings.columns))}; pass addresses or add a count"
            )
        inmost = shapely.point_on_surface(np.asarray(buildings.geometry.array))
        found |= _summed(inmost, areas, counts)
    if addresses is not None:
        counts = {"households": np.ones(len(addresses))}
        counts |= {name: number_column(addresses, name) for name in ("households", "people")
                   if name in addresses.columns}  # fmt: skip
        found |= _summed(np.asarray(addresses.geometry.array), areas, counts)
    if incidents is not None:
        each = {"incidents": np.ones(len(incidents))}
        found |= _summed(np.asarray(incidents.geometry.array), areas, each)
    if streets is not None:
        lines = Lines.from_frame(streets, "streets")
        pieces = area_pieces(lines, lines.whole, areas)
        held = pieces.area >= 0
        length = (pieces.end - pieces.start)[held]
        found["street_length_m"] = np.bincount(pieces.area[held], length, minlength=len(areas))
    return areas.assign(**found)


def _summed(
    points: NDArray[np.object_], areas: gpd.GeoDataFrame, counts: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Add up counts by the area of each point."""
    area = areas_of_points(points, areas)
    held = area >= 0
    return {
        name: np.bincount(area[held], count[held], minlength=len(areas)).astype(np.float64)
        for name, count in counts.items()
    }
