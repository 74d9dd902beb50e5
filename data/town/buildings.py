"""Buildings: rows along streets, slabs in compounds, halls on public grounds."""

from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from data.town.ground import METRIC_CRS, Points, stream
from data.town.land import inmost
from data.town.splitting import around

COUNT: Final = 1_300
"""Buildings in the town; of those that would fit the surplus is left out at random."""

STOREY_M: Final = 3.0
"""Height of a storey."""

PAVEMENT_M: Final = {
    "trunk": 8.0,
    "primary": 6.0,
    "secondary": 5.0,
    "tertiary": 4.0,
    "residential": 2.5,
}
"""Between carriageway and buildings by class of street; `NARROW_PAVEMENT_M` elsewhere."""

NARROW_PAVEMENT_M: Final = 1.2
"""Between a lane or path and the walls along it."""

SMALLEST_PARCEL_M2: Final = 160.0
"""Leftovers below this stay empty."""

VERGE_NEAR_M: Final = 1.5
"""An edge of a parcel this near to a pavement has its houses face the street."""

GAP_M: Final = 1.5
"""Buildings keep this far from each other."""


TOWER_STOREYS: Final = 10
"""From here on a slab is a tower."""

SLAB_LIGHT_M: Final = (17.0, 30.0)
"""Between the rows of slabs and of towers, so that winter sun reaches the lowest flat."""

SLAB_LENGTH_M: Final = (28.0, 46.0)
"""Front of a slab, least and most."""

SLAB_DEPTH_M: Final = (11.5, 13.5)
"""Depth of a slab, least and most."""

SLAB_GAP_M: Final = 8.0
"""Between slabs of one row."""

SLAB_TURN_RAD: Final = 0.16
"""Slabs face south to within this."""

SLAB_ROWS: Final = 8
"""Rows and columns of slabs tried on either side of the middle of a compound."""


class Row(NamedTuple):
    """How buildings line the streets of a use: each pair is the least and the most."""

    kind: str
    frontage_m: tuple[float, float]
    depth_m: tuple[float, float]
    storeys: tuple[int, int]
    kept_share: float


ROWS: Final = {
    "old": Row("shophouse", (11.0, 22.0), (9.0, 12.5), (2, 5), 0.97),
    "new": Row("apartment", (26.0, 46.0), (11.0, 14.0), (4, 8), 0.8),
    "compound": Row("shop", (30.0, 48.0), (9.0, 10.0), (1, 3), 0.35),
    "edge": Row("house", (12.0, 20.0), (9.0, 12.0), (1, 3), 0.42),
    "hill": Row("house", (12.0, 18.0), (9.0, 11.0), (1, 2), 0.3),
    "school": Row("school", (40.0, 60.0), (12.0, 14.0), (3, 5), 0.3),
    "hospital": Row("hospital", (30.0, 45.0), (13.0, 15.0), (3, 6), 0.45),
    "market": Row("shop", (24.0, 40.0), (9.0, 11.0), (1, 3), 0.6),
    "bus_station": Row("shop", (24.0, 40.0), (9.0, 11.0), (1, 2), 0.3),
}
"""What stands along the streets, by use of the land."""

HALLS: Final = {
    "market": (66.0, 40.0, 9.0),
    "hospital": (62.0, 22.0, 42.0),
    "school": (70.0, 18.0, 18.0),
    "bus_station": (64.0, 28.0, 10.0),
}
"""Length, depth and height of the main building of a public ground."""

HALL_SHRINK: Final = (1.0, 0.85, 0.7, 0.55, 0.42)
"""Sizes at which a hall is tried on its ground."""

SLAB_USES: Final = ("compound", "new")
"""Uses whose inner land is built up with slabs."""

SLAB_STOREYS: Final = (6, 6, 6, 7, 11, 18, 26)
"""Storeys of apartment slabs; each compound has one of these."""


class _Batch(NamedTuple):
    """Candidates of one sort: outlines, heights, and one kind and name each."""

    shapes: NDArray[np.object_]
    heights_m: NDArray[np.floating[Any]]
    kinds: NDArray[np.object_]
    names: NDArray[np.object_]


def make_buildings(
    land: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, open_land: gpd.GeoSeries, *, seed: int
) -> gpd.GeoDataFrame:
    """
    Return the buildings of the town, none touching another, a street or open land.

    Parameters
    ----------
    land
        Faces between streets with `use` and `name`, Polygon, metric CRS.
    streets
        Every street piece with `class` and `width_m`, viaduct included.
    open_land
        Water and green, where nothing is built.
    seed
        Source of sizes and heights.
    """
    rng = stream(seed, 5)
    verges = shapely.buffer(streets.geometry.to_numpy(), _verge_m(streets))
    parcels = _parcels(land, [*verges, *open_land])
    frontages = verges[((streets["layer"] >= 0) & (streets["bridge"] == "no")).to_numpy()]
    batch = _joined([_halls(parcels), _slabs(parcels, rng), *_rows(parcels, frontages, rng)])
    kept = _apart(batch.shapes)
    named = batch.names[kept] != ""
    surplus = max(0, len(kept) - COUNT)
    plain = rng.permutation(np.flatnonzero(~named))
    kept = kept[np.sort(np.concatenate([np.flatnonzero(named), plain[surplus:]]))]
    middles = np.round(shapely.get_coordinates(shapely.centroid(batch.shapes[kept])), 2)
    kept = kept[np.lexsort((middles[:, 0], -middles[:, 1]))]
    return gpd.GeoDataFrame(
        {
            "building_id": [f"B{number:04d}" for number in range(1, len(kept) + 1)],
            "kind": batch.kinds[kept],
            "height_m": np.round(batch.heights_m[kept], 1),
            "name": [name or None for name in batch.names[kept]],
        },
        geometry=batch.shapes[kept],
        crs=METRIC_CRS,
    )


def _verge_m(streets: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return how far from the middle of each street its pavement ends."""
    pavement_m = streets["class"].map(PAVEMENT_M).fillna(NARROW_PAVEMENT_M)
    return (pavement_m + streets["width_m"] / 2).to_numpy()


def _parcels(land: gpd.GeoDataFrame, taken: list[shapely.Geometry]) -> gpd.GeoDataFrame:
    """Return what can be built on: land without streets, pavements, water and green."""
    built = land[land["use"].isin(ROWS)]
    rest = shapely.difference(built.geometry.to_numpy(), shapely.union_all(taken))
    parts, row = shapely.get_parts(rest, return_index=True)
    parts = shapely.orient_polygons(shapely.simplify(parts, 0.5))
    parcels = gpd.GeoDataFrame(
        {"use": built["use"].to_numpy()[row], "name": built["name"].to_numpy()[row]},
        geometry=parts,
        crs=METRIC_CRS,
    )
    return parcels[parcels.area > SMALLEST_PARCEL_M2].reset_index(drop=True)


def _boxes(
    corner: Points, along: Points, length_m: NDArray[np.float64], depth_m: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Return rectangles by one corner, the direction of their front, front and depth."""
    front = along * length_m[:, np.newaxis]
    back = np.column_stack([-along[:, 1], along[:, 0]]) * depth_m[:, np.newaxis]
    rings = np.stack([corner, corner + front, corner + front + back, corner + back], axis=1)
    return shapely.polygons(rings)


def _rows(
    parcels: gpd.GeoDataFrame, frontages: NDArray[np.object_], rng: Generator
) -> list[_Batch]:
    """Return candidates along the streets around the parcels, one batch for each use."""
    batches = []
    tree = shapely.STRtree(frontages)
    for use, row in ROWS.items():
        mine = parcels[parcels["use"] == use].geometry.to_numpy()
        corners, ring = shapely.get_coordinates(shapely.get_exterior_ring(mine), return_index=True)
        same = ring[1:] == ring[:-1]
        start, side, parcel = corners[:-1][same], np.diff(corners, axis=0)[same], ring[:-1][same]
        on_street = np.unique(
            tree.query(shapely.points(start + side / 2), "dwithin", VERGE_NEAR_M)[0]
        )
        start, side, parcel = start[on_street], side[on_street], parcel[on_street]
        length = np.hypot(*side.T)
        slots = np.floor(length / rng.uniform(*row.frontage_m, len(length))).astype(int)
        edge = np.repeat(np.arange(len(length)), slots)
        place = np.arange(len(edge)) - np.repeat(np.cumsum(slots) - slots, slots)
        along = side[edge] / length[edge, np.newaxis]
        slot_m = length[edge] / slots[edge]
        front_m = slot_m * rng.uniform(0.8, 0.95, len(edge))
        offset = (place + 0.03) * slot_m
        inward = np.column_stack([-along[:, 1], along[:, 0]]) * 0.4
        shapes = _boxes(
            start[edge] + along * offset[:, np.newaxis] + inward,
            along,
            front_m,
            rng.uniform(*row.depth_m, len(edge)),
        )
        kept = shapely.covered_by(shapes, mine[parcel[edge]])
        kept &= rng.random(len(edge)) < row.kept_share
        storeys = rng.integers(row.storeys[0], row.storeys[1] + 1, int(kept.sum()))
        batches.append(_batch(shapes[kept], storeys * STOREY_M + 0.6, row.kind))
    return batches


def _slabs(parcels: gpd.GeoDataFrame, rng: Generator) -> _Batch:
    """Return apartment slabs in parallel rows that face south, one height in a compound."""
    shapes, heights = [], []
    yards = parcels[parcels["use"].isin(SLAB_USES)]
    owner = np.where(yards["name"] == "", yards.index.astype(str), yards["name"])
    for _, yard in yards.groupby(owner, sort=True):  # each compound has its own grid
        west, south, east, north = yard.total_bounds
        storeys = int(rng.choice(SLAB_STOREYS))
        length_m, depth_m = rng.uniform(*SLAB_LENGTH_M), rng.uniform(*SLAB_DEPTH_M)
        pitch_m = depth_m + SLAB_LIGHT_M[storeys >= TOWER_STOREYS]
        turn = rng.uniform(-SLAB_TURN_RAD, SLAB_TURN_RAD)
        along = np.array([np.cos(turn), np.sin(turn)])
        up = np.array([-along[1], along[0]])
        span = np.arange(-SLAB_ROWS, SLAB_ROWS + 1)
        column, row = (axis.ravel()[:, np.newaxis] for axis in np.meshgrid(span, span))
        middle = np.array([(west + east) / 2, (south + north) / 2])
        corner = middle + along * column * (length_m + SLAB_GAP_M) + up * row * pitch_m
        ones = np.ones(len(corner))
        boxes = _boxes(corner, np.tile(along, (len(corner), 1)), ones * length_m, ones * depth_m)
        kept = shapely.covered_by(boxes, shapely.union_all(yard.geometry.to_numpy()))
        shapes += boxes[kept].tolist()
        heights += [storeys * STOREY_M + 0.6] * int(kept.sum())
    return _batch(np.array(shapes, object), np.array(heights), "apartment")


def _halls(parcels: gpd.GeoDataFrame) -> _Batch:
    """Return the named main building of each public ground."""
    shapes, heights, kinds, names = [], [], [], []
    grounds = parcels[parcels["use"].isin(HALLS)]
    for name, ground in grounds.groupby("name", sort=True):  # a dozen, each tried at a few sizes
        parcel = ground.geometry.iloc[int(np.argmax(ground.area))]
        along = around(shapely.get_coordinates(parcel.exterior)[:-1]).along
        use = ground["use"].iloc[0]
        length_m, depth_m, height_m = HALLS[use]
        size = np.outer(HALL_SHRINK, (length_m, depth_m))
        corner = inmost(parcel) - size / 2 @ np.stack([along, [-along[1], along[0]]])
        boxes = _boxes(corner, np.tile(along, (len(size), 1)), *size.T)
        fitting = boxes[shapely.covers(parcel, boxes)]
        if len(fitting):
            shapes.append(fitting[0])
            heights.append(height_m)
            kinds.append(use)
            names.append(str(name))
    return _Batch(*(np.array(column, object) for column in (shapes, heights, kinds, names)))


def _batch(shapes: NDArray[np.object_], heights_m: NDArray[np.floating[Any]], kind: str) -> _Batch:
    """Return nameless candidates of one kind."""
    return _Batch(
        shapes, heights_m, np.full(len(shapes), kind, object), np.full(len(shapes), "", object)
    )


def _joined(batches: list[_Batch]) -> _Batch:
    """Return candidates of all sorts, in the order in which they may take their place."""
    shapes, heights, kinds, names = (
        np.concatenate(column) for column in zip(*batches, strict=True)
    )
    return _Batch(shapes, heights.astype(float), kinds, names)


def _apart(shapes: NDArray[np.object_]) -> NDArray[np.intp]:
    """Return the candidates that keep their distance from every earlier one kept."""
    first, second = shapely.STRtree(shapes).query(shapes, "dwithin", GAP_M)
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    stops = np.searchsorted(first, np.arange(len(shapes) + 1))
    kept = np.zeros(len(shapes), bool)
    for number in range(len(shapes)):  # whether one stays depends on those before it
        near = second[stops[number] : stops[number + 1]]
        kept[number] = not kept[near[near < number]].any()
    return np.flatnonzero(kept)
