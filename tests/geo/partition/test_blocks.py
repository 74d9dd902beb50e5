"""Blocks tile a village, follow its streets and cut no building; neighbours share an edge."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, CRSError, GeometryError, InvalidParameterError
from geo.partition import adjacency, blocks, bridges_among
from tests.geo.partition.scenes_divide import cells, hamlet
from tests.strategies import CRS, areas_of, box, line, points_of, streets_of

VILLAGE = areas_of({"v": box(0, 0, 300, 200)})
CROSS = streets_of([line((150, -10), (150, 210)), line((-10, 100), (310, 100))])


def houses(*shapes: shapely.Polygon, **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Make buildings."""
    return gpd.GeoDataFrame(columns or None, geometry=list(shapes), crs=CRS)


def assert_tiles(found: gpd.GeoDataFrame, village: gpd.GeoDataFrame) -> None:
    """Every point of the village is in one block, and none outside."""
    shapes = np.asarray(found.geometry.array)
    assert shapely.coverage_is_valid(shapes)
    assert (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all()
    assert shapely.area(shapes).sum() == pytest.approx(village.area.sum(), abs=1e-3)
    left = shapely.symmetric_difference(shapely.union_all(shapes), village.geometry.iloc[0])
    assert left.area < 1e-3
    assert found["block_id"].tolist() == list(range(len(found)))
    assert found["area_m2"].to_numpy() == pytest.approx(shapely.area(shapes))


def assert_whole(found: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> None:
    """Every building lies in one block."""
    shapes, ground = np.asarray(found.geometry.array), shapely.union_all(found.geometry.array)
    inside = shapely.intersection(np.asarray(buildings.geometry.array), ground)
    building, block = shapely.STRtree(shapes).query(inside, predicate="intersects")
    most = np.zeros(len(inside))
    np.maximum.at(
        most, building, shapely.area(shapely.intersection(inside[building], shapes[block]))
    )
    assert shapely.area(inside) == pytest.approx(most, abs=0.02)


def held(found: gpd.GeoDataFrame, x: float, y: float) -> int:
    """Return the block at a place."""
    at = points_of([(x, y)]).geometry.iloc[0]
    return int(found["block_id"][found.contains(at)].iloc[0])


def test_two_streets_make_four_blocks_numbered_from_north_to_south() -> None:
    """Streets drawn beyond the border do not change it."""
    found = blocks(VILLAGE, streets=CROSS)
    assert_tiles(found, VILLAGE)
    assert found["area_m2"].tolist() == pytest.approx([15_000.0] * 4)
    assert [held(found, x, y) for y in (150, 50) for x in (50, 250)] == [0, 1, 2, 3]
    assert list(found.columns) == ["block_id", "area_m2", "geometry"]


def test_a_dead_end_and_a_tunnel_cut_nothing() -> None:
    """A village without streets is one block; a wall cuts as a street does."""
    dead = streets_of([line((0, 100), (200, 100))])
    assert len(blocks(VILLAGE, streets=dead)) == 1
    tunnel = streets_of([line((-5, 100), (305, 100))], tunnel=["yes"])
    assert len(blocks(VILLAGE, streets=tunnel)) == 1
    assert len(blocks(VILLAGE, walls=tunnel)) == 2
    assert len(blocks(VILLAGE)) == 1


def test_streets_that_nearly_touch_meet() -> None:
    """Two that end within a centimetre of the border or of each other close a block."""
    nearly = streets_of([line((150, 0.01), (150, 99.99)), line((0.01, 100), (299.99, 100))])
    assert len(blocks(VILLAGE, streets=nearly)) == 3
    short = streets_of([line((150, 0.5), (150, 99.5)), line((0, 100), (300, 100))])
    assert len(blocks(VILLAGE, streets=short)) == 2


def test_a_building_belongs_to_the_side_that_holds_most_of_it() -> None:
    """The border goes round it."""
    buildings = houses(box(140, 40, 155, 60), box(20, 20, 40, 40), households=[8, 2])
    found = blocks(VILLAGE, streets=CROSS, buildings=buildings)
    assert_tiles(found, VILLAGE)
    assert_whole(found, buildings)
    west, east = held(found, 50, 50), held(found, 250, 50)
    assert found["area_m2"][west] == pytest.approx(15_000.0 + 5 * 20)
    assert found["area_m2"][east] == pytest.approx(15_000.0 - 5 * 20)
    assert found["households"].tolist()[west] == 10
    assert found["buildings"].tolist()[west] == 2
    assert found["households"].sum() == 10


def test_a_street_through_many_buildings_does_not_glue_the_village() -> None:
    """Ten buildings on the line leave two sides as before."""
    row = [box(10 + 28 * i, 90 + i, 25 + 28 * i, 112 + i) for i in range(10)]
    found = blocks(VILLAGE, streets=CROSS.iloc[1:], buildings=houses(*row), most_households=None)
    assert len(found) == 2
    assert_tiles(found, VILLAGE)
    assert_whole(found, houses(*row))


def test_buildings_that_overlap_stay_together() -> None:
    """Neither can be cut where the other is."""
    pair = houses(box(130, 40, 152, 60), box(148, 45, 190, 58))
    found = blocks(VILLAGE, streets=CROSS, buildings=pair)
    assert_whole(found, pair)
    assert held(found, 131, 50) == held(found, 189, 50) == held(found, 250, 50)


def test_a_sliver_goes_to_its_neighbour() -> None:
    """A street half a metre from the border encloses nothing to speak of."""
    beside = streets_of([line((-5, 199.5), (305, 199.5)), line((150, -5), (150, 205))])
    found = blocks(VILLAGE, streets=beside)
    assert len(found) == 2
    assert_tiles(found, VILLAGE)


def test_ground_without_streets_is_divided_between_the_houses() -> None:
    """Each gets what is nearest to it, and nobody's house is cut."""
    buildings = houses(box(40, 90, 60, 110), box(140, 90, 160, 110), households=[30, 30])
    found = blocks(VILLAGE, buildings=buildings)
    assert_tiles(found, VILLAGE)
    assert_whole(found, buildings)
    assert found["area_m2"].tolist() == pytest.approx([100 * 200, 200 * 200], rel=0.02)
    assert len(blocks(VILLAGE, buildings=buildings, most_households=60)) == 1
    assert len(blocks(VILLAGE, buildings=buildings, most_households=None)) == 1
    unsaid = buildings.drop(columns="households")
    assert len(blocks(VILLAGE, buildings=unsaid)) == 1
    assert len(blocks(VILLAGE, buildings=unsaid, most_households=1)) == 2


def test_addresses_alone_divide_too_and_their_doors_belong_indoors() -> None:
    """A door on a border is in its house; an address without a house has ground of its own."""
    buildings = houses(box(140, 40, 155, 60))
    doors = points_of([(155.2, 50)] * 3 + [(250, 50)], people=[1, 2, 3, 4])
    found = blocks(VILLAGE, streets=CROSS, buildings=buildings, addresses=doors)
    west, east = held(found, 50, 50), held(found, 250, 50)
    assert found["households"].tolist()[west] == 3
    assert found["households"].tolist()[east] == 1
    assert found["people"].tolist()[west] == 6
    spread = points_of([(50, 100), (150, 100), (250, 100)])
    alone = blocks(VILLAGE, addresses=spread, most_households=1)
    assert_tiles(alone, VILLAGE)
    assert alone["area_m2"].tolist() == pytest.approx([20_000.0] * 3)
    assert alone["households"].tolist() == [1, 1, 1]


RIVER = gpd.GeoDataFrame(geometry=[box(-10, 90, 310, 110)], crs=CRS)


def test_a_river_belongs_to_the_nearer_bank_and_parts_them() -> None:
    """It is no block of its own, and nobody crosses it but over a bridge."""
    found = blocks(VILLAGE, water=RIVER)
    assert_tiles(found, VILLAGE)
    assert found["area_m2"].tolist() == pytest.approx([30_000.0] * 2, rel=1e-3)
    assert len(adjacency(found)) == 1
    assert adjacency(found, water=RIVER).empty


def test_a_bridge_joins_the_banks_where_it_lands_and_nowhere_else() -> None:
    """Of three blocks on each bank the two in the middle are joined."""
    ways = [line((x, -5), (x, 90)) for x in (100, 200)]
    ways += [line((x, 110), (x, 205)) for x in (100, 200)]
    streets = streets_of(
        [*ways, line((150, 80), (150, 120))], bridge=["no", "no", None, "no", "yes"]
    )
    found = blocks(VILLAGE, streets=streets, water=RIVER)
    assert len(found) == 6
    assert_tiles(found, VILLAGE)
    joined = adjacency(found, water=RIVER, bridges=bridges_among(streets))
    pairs = set(zip(joined["block_a"], joined["block_b"], strict=True))
    assert pairs == {(0, 1), (1, 2), (3, 4), (4, 5), (1, 4)}
    assert joined["bridged"].tolist() == [pair == (1, 4) for pair in sorted(pairs)]
    short = streets_of([line((150, 95), (150, 105))], bridge=["yes"])
    assert not adjacency(found, water=RIVER, bridges=short)["bridged"].any()


def test_a_corner_is_no_border() -> None:
    """Four squares have four neighbours' borders, not six."""
    found, _ = cells("ab", "cd")
    table = adjacency(found)
    pairs = set(zip(table["block_a"], table["block_b"], strict=True))
    assert pairs == {(0, 1), (0, 2), (1, 3), (2, 3)}
    assert table["border_m"].tolist() == pytest.approx([50.0] * 4)
    assert not table["bridged"].any()


def test_neighbours_are_found_where_a_vertex_is_missing() -> None:
    """One long side against two short ones, and half a centimetre apart."""
    shapes = {0: box(0, 0, 100, 50), 1: box(0, 50.005, 40, 90), 2: box(40, 50.005, 100, 90)}
    found = areas_of(shapes).rename(columns={"area_id": "block_id"})
    table = adjacency(found)
    assert table[["block_a", "block_b"]].to_numpy().tolist() == [[0, 1], [0, 2], [1, 2]]
    assert table["border_m"].tolist() == pytest.approx([40.0, 60.0, 39.995], abs=0.03)
    assert len(adjacency(found, min_border_m=50.0)) == 1


@settings(max_examples=10)
@given(st.integers(2, 6), st.integers(2, 5), st.integers(0, 999), st.integers(0, 3))
def test_any_hamlet_is_tiled_and_no_house_is_cut(
    columns: int, rows: int, seed: int, turns: int
) -> None:
    """Whatever streets run through its houses; every household is counted once."""
    scene = hamlet(columns, rows, seed=seed, street_every=2)
    random = np.random.default_rng(seed)
    wild = random.uniform(-20.0, 25.0 * columns + 20.0, (turns, 4, 2))
    more = streets_of([line(*(tuple(p) for p in points)) for points in wild])
    scene["walls"] = more
    found = blocks(**scene, most_households=random.choice([1.0, 10.0]))
    assert_tiles(found, scene["village"])
    assert_whole(found, scene["buildings"])
    assert found["households"].sum() == scene["buildings"]["households"].sum()
    assert found["buildings"].sum() == len(scene["buildings"])
    assert (found["area_m2"] > 1.0).all()


def test_the_order_of_the_rows_changes_nothing() -> None:
    """Blocks are numbered by place."""
    scene = hamlet(5, 4, seed=3)
    one = blocks(**scene, most_households=1.0)
    for name in ("streets", "buildings"):
        scene[name] = scene[name].iloc[::-1]
    other = blocks(**scene, most_households=1.0)
    assert one["households"].tolist() == other["households"].tolist()
    assert one["area_m2"].to_numpy() == pytest.approx(other["area_m2"], abs=0.5)


@pytest.mark.parametrize(
    ("layers", "error", "message"),
    [
        ({"village": areas_of({"a": box(0, 0, 9, 9), "b": box(9, 0, 18, 9)})}, GeometryError,
         "one village at a time"),
        ({"village": areas_of({"a": shapely.Point(530_000, 3_380_000)})}, GeometryError,
         "no polygon"),
        ({"village": areas_of({"a": shapely.Polygon([(530_000, 3_380_000), (530_009, 3_380_009),
          (530_009, 3_380_000), (530_000, 3_380_009)])})}, GeometryError, "not a valid polygon"),
        ({"village": VILLAGE, "streets": areas_of({"a": box(0, 0, 9, 9)})}, GeometryError,
         "streets: 1 of 1 rows are no lines"),
        ({"village": VILLAGE, "buildings": CROSS}, GeometryError, "buildings: 2 of 2"),
        ({"village": VILLAGE.to_crs("EPSG:4326")}, CRSError, "not projected"),
        ({"village": VILLAGE, "most_households": 0}, InvalidParameterError, "most_households"),
    ],
)  # fmt: skip
def test_what_is_no_village_is_refused(
    layers: dict[str, Any], error: type[Exception], message: str
) -> None:
    """The message names the layer."""
    with pytest.raises(error, match=message):
        blocks(**layers)


def test_blocks_without_ids_have_no_neighbours() -> None:
    """An id is needed to say who they are; a border longer than nothing too."""
    found, _ = cells("ab")
    with pytest.raises(ColumnError, match="no column block_id"):
        adjacency(found.drop(columns="block_id"))
    with pytest.raises(ColumnError, match="row 1 has block_id 0"):
        adjacency(found.assign(block_id=0))
    with pytest.raises(InvalidParameterError, match="min_border_m"):
        adjacency(found, min_border_m=0.0)
