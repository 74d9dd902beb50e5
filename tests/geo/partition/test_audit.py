"""The audit of a partition: each kind on paper, against overlays, and what must not change it."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, CRSError, GeometryError, InvalidParameterError
from geo.partition import audit
from geo.partition.faces import Faces
from geo.partition.places import noise
from tests.county import County, county
from tests.geo.partition.scenes import DRAWINGS, EAST, WEST, Drawing, lattices, ring_of_four
from tests.strategies import CRS, ORIGIN, areas_of, box, points_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]


def rows(defects: gpd.GeoDataFrame) -> list[Any]:
    """Return kind, of, square metres and ids of each defect."""
    columns = zip(*(defects[name] for name in ("kind", "of", "area_m2", "ids")), strict=True)
    return [(kind, of, pytest.approx(area, abs=1e-3), ids) for kind, of, area, ids in columns]


def audited(drawing: Drawing) -> gpd.GeoDataFrame:
    """Audit a drawing."""
    return audit(drawing.areas, drawing.parent, addresses=drawing.addresses).defects


@pytest.mark.parametrize("name", DRAWINGS)
def test_what_is_drawn_is_found_and_nothing_else(name: str) -> None:
    """Kinds, square metres and neighbours are those drawn on paper."""
    defects = audited(DRAWINGS[name])
    assert rows(defects) == DRAWINGS[name].defects
    places = defects[defects["area_m2"] > 0.0]
    assert shapely.area(places.geometry.array) == pytest.approx(places["area_m2"])


@pytest.mark.parametrize(
    ("name", "proposal", "goes_to", "moves_m"),
    [
        ("a hole", "give", "north", 40.0),
        ("an overlap", "keep", "1", 5.0),
        ("an open slit", "give", "1", 0.5),
        ("outside the parent", "cut", None, 7.0),
        ("over the border of the village", "settle", "V2", 5.0),
        ("over the border, as declared", "settle", "V2", None),
        ("a part apart", "settle", "2", None),
        ("no geometry", "mend", None, None),
    ],
)
def test_a_proposal_says_whom_it_favours_and_how_far_it_moves(
    name: str, proposal: str, goes_to: str | None, moves_m: float | None
) -> None:
    """The longest border wins, then the lowest code; a border moves as far as the place is wide."""
    defect = audited(DRAWINGS[name]).iloc[0]
    assert (defect["proposal"], defect["goes_to"]) == (proposal, goes_to)
    expected = pytest.approx(np.nan if moves_m is None else moves_m, rel=0.01, nan_ok=True)
    assert defect["moves_m"] == expected


def test_an_overlap_stays_in_the_village_where_it_lies() -> None:
    """Otherwise the lowest code would keep what lies beyond its own village."""
    drawing = DRAWINGS["an overlap across the border is that alone"]
    assert audited(drawing)["goes_to"].tolist() == ["2"]
    assert audit(drawing.areas).defects["goes_to"].tolist() == ["1"]


def test_an_address_goes_to_the_lowest_code_or_to_the_nearest() -> None:
    """One outside all has a neighbour all the same."""
    assert audited(DRAWINGS["addresses"])["goes_to"].tolist()[1:] == ["2", "1"]


def test_why_an_area_is_invalid_is_told() -> None:
    """With the place where its ring crosses itself."""
    assert (
        audited(DRAWINGS["a ring that crosses itself"])["reason"].iloc[0].startswith("Self-inter")
    )
    assert audited(DRAWINGS["no geometry"])["reason"].tolist() == ["no geometry"] * 2


@pytest.mark.parametrize(
    ("width", "height", "kinds"),
    [
        (2.0, 2.0, ["gap"]),  # 4 m2 over half of 8 m is 1 m, and that is not under it
        (1.99, 1.99, ["sliver"]),
        (0.101, 0.1, ["sliver"]),
        (0.099, 0.1, []),
        (50.0, 0.0101, ["sliver"]),
        (50.0, 0.0099, []),
    ],
)
def test_slivers_and_noise_begin_where_they_are_said_to(
    width: float, height: float, kinds: list[str]
) -> None:
    """1 m on average, 0.01 m2, and 1 cm between parallels."""
    found = audit(areas_of(ring_of_four(width, height)))
    assert found.defects["kind"].tolist() == kinds
    assert found.ignored == 1 - len(kinds)


def test_a_thin_place_along_a_crooked_border_is_no_noise() -> None:
    """9 mm wide, but no two parallels hold it: two borders were drawn."""
    along = shapely.LineString(np.add([(20, 20), (60, 20), (60, 70)], ORIGIN))
    strip = shapely.buffer(along, 0.0045, cap_style="flat", join_style="mitre")
    found = audit(areas_of({"1": shapely.difference(WEST, strip)}))
    assert rows(found.defects) == [("sliver", "gap", 90 * 0.009, ("1",))]


def test_how_thin_a_sliver_is_can_be_chosen() -> None:
    """5 m wide and 100 m long is 500 m2 over 105 m."""
    areas = DRAWINGS["an overlap"].areas
    assert audit(areas, sliver_m=4.7).defects["kind"].tolist() == ["overlap"]
    assert audit(areas, sliver_m=4.8).defects["kind"].tolist() == ["sliver"]


def test_how_wide_a_slit_may_be_can_be_chosen() -> None:
    """A slit of 0.5 m is one under 1 m and none under 0.4 m, or when none is asked for."""
    areas = DRAWINGS["an open slit"].areas
    assert [len(audit(areas, near_m=metres).defects) for metres in (1.0, 0.4, 0.0)] == [1, 0, 0]


def test_the_figures_are_those_of_the_ground() -> None:
    """Areas are counted by code, ground once, and the summary is JSON."""
    found = audit(DRAWINGS["an overlap"].areas)
    summary = found.summary()
    assert json.loads(json.dumps(summary)) == summary
    assert summary == {
        "areas": 2,
        "area_m2": pytest.approx(20_000.0),
        "ignored": 0,
        "kinds": {"overlap": 1},
        "defects": [
            {"kind": "overlap", "of": None, "area_m2": pytest.approx(500.0), "ids": ["1", "2"]}
        ],
    }
    assert audit(DRAWINGS["two rows make one area"].areas).areas == 1


def test_a_closed_border_that_lacks_vertices_holds_a_hole() -> None:
    """Rounding leaves cracks of a nanometre there; the hole is not open to the outside."""
    tilted = [
        shapely.transform(area, lambda xy: (xy - ORIGIN) @ np.array([[0.8, 0.6], [-0.6, 0.8]]))
        for area in ring_of_four(50, 40).values()
    ]
    tilted = shapely.transform(tilted, lambda xy: xy + ORIGIN)
    tilted[0] = shapely.segmentize(tilted[0], 7.0)
    found = audit(gpd.GeoDataFrame({"area_id": range(4)}, geometry=tilted, crs=CRS))
    assert rows(found.defects) == [("gap", None, 2000.0, ("0", "1", "2", "3"))]
    assert found.ignored == 0


def kept(parts: list[Any]) -> Shapes:
    """Leave noise out, as the audit does."""
    shapes = np.array([*(part for part in parts if part.area > 0.0), None], dtype=object)[:-1]
    return shapes[~noise(shapes)]


def holes_and_doubles(polygons: Shapes) -> tuple[Shapes, Shapes]:
    """Return the bare and the doubled places that shapely finds when it overlays all pairs."""
    # Vertices that neighbours lack are drawn into them, which the overlay needs and we do not.
    whole = shapely.union_all(polygons, grid_size=1e-6)
    rings = [ring for part in shapely.get_parts(whole) for ring in part.interiors]
    bare = [shapely.difference(shapely.Polygon(ring), whole) for ring in rings]
    pairs = [shapely.intersection(a, b) for a, b in itertools.combinations(polygons, 2)]
    doubled = shapely.union_all([part for part in shapely.get_parts(pairs) if part.area > 0.0])
    return kept(list(shapely.get_parts(bare))), kept(list(shapely.get_parts(doubled)))


@given(areas=lattices)
@settings(max_examples=40)
def test_gaps_and_overlaps_are_those_of_an_overlay_of_all_pairs(areas: gpd.GeoDataFrame) -> None:
    """In number and in square metres, as is the ground."""
    polygons = np.asarray(areas.geometry.array)
    found = audit(areas)
    defects = found.defects
    nature = defects["of"].where(defects["of"].notna(), defects["kind"])
    for name, places in zip(("gap", "overlap"), holes_and_doubles(polygons), strict=True):
        listed = defects.loc[nature == name, "area_m2"]
        assert len(listed) == len(places)
        assert np.sort(listed) == pytest.approx(np.sort(shapely.area(places)), abs=1e-3)
    assert found.area_m2 == pytest.approx(shapely.union_all(polygons).area, abs=1e-3)
    assert set(nature) <= {"gap", "overlap", "near_miss"}


@given(areas=lattices, seed=st.integers(0, 100))
@settings(max_examples=15)
def test_with_a_parent_gaps_and_what_is_outside_are_two_differences(
    areas: gpd.GeoDataFrame, seed: int
) -> None:
    """
    Parent less union, and union less parent.

    Two oracles, because either may round: on a grid a corner may come to lie on another border
    and part what hangs together, and without one a hair may be left between two areas.
    """
    corner = np.random.default_rng(seed).uniform(-20.0, 60.0, 2)
    parent = areas_of({"V": box(*corner, *(corner + 250.0))})
    village = parent.geometry.array[0]
    wholes = [shapely.union_all(areas.geometry.array, grid_size=size) for size in (1e-6, None)]
    defects = audit(areas, parent).defects
    nature = defects["of"].where(defects["of"].notna(), defects["kind"])
    for name, grounds in (
        ("gap", [village - whole for whole in wholes]),
        ("outside", [whole - village for whole in wholes]),
    ):
        listed = np.sort(defects.loc[nature == name, "area_m2"])
        places = [kept(list(shapely.get_parts(ground))) for ground in grounds]
        told = [np.sort(shapely.area(place)) for place in places]
        assert any(
            len(listed) == len(areas_m2) and listed == pytest.approx(areas_m2, abs=1e-3)
            for areas_m2 in told
        ), (name, listed, told)


def turned(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Turn the plane by an odd angle."""
    cos, sin = np.cos(0.7), np.sin(0.7)
    turn = np.array([[cos, sin], [-sin, cos]])
    shapes = shapely.transform(areas.geometry.array, lambda xy: (xy - ORIGIN) @ turn + ORIGIN)
    return areas.set_geometry(list(shapes), crs=areas.crs)


def shuffled(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the rows in another order, with an index that says nothing."""
    return areas.sample(frac=1.0, random_state=1)


def reversed_rings(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Draw half of the rings the other way round."""
    shapes = areas.geometry.where(areas.index % 2 == 0, shapely.reverse(areas.geometry.array))
    return areas.set_geometry(shapes)


def in_a_numbered_zone(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Write the number of the zone before the easting: 38 million metres."""
    return areas.to_crs("EPSG:4526")


@pytest.mark.parametrize("change", [turned, shuffled, reversed_rings, in_a_numbered_zone])
@pytest.mark.parametrize("name", DRAWINGS)
def test_drawing_it_otherwise_changes_nothing(
    name: str, change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]
) -> None:
    """Direction, order, sense of rings and size of coordinates are no property of a partition."""
    drawing = DRAWINGS[name]
    parent = None if drawing.parent is None else change(drawing.parent)
    addresses = None if drawing.addresses is None else change(drawing.addresses)
    defects = audit(change(drawing.areas), parent, addresses=addresses).defects
    # Scale differs between zones, by a ten-thousandth.
    wanted = [
        (kind, of, pytest.approx(area, rel=2e-3, abs=1e-3), ids)
        for kind, of, area, ids in drawing.defects
    ]
    columns = (defects[column] for column in ("kind", "of", "area_m2", "ids"))
    assert list(zip(*columns, strict=True)) == wanted


@pytest.fixture(scope="module")
def drawn() -> County:
    """Draw the county of the issue: 21 towns, 309 villages, 1,047 grids."""
    return county()


def test_the_county_adds_up(drawn: County) -> None:
    """Counts are right, and each level is the sum of the next."""
    counts = [len(frame) for frame in (drawn.city, drawn.towns, drawn.villages, drawn.grids)]
    assert counts == [1, 21, 309, 1047]
    sums = drawn.grids.set_index("parent_id").area.groupby(level=0).sum()
    assert sums[drawn.villages["area_id"]].to_numpy() == pytest.approx(drawn.villages.area)
    assert drawn.grids["area_id"].str.fullmatch(r"\d{15}").all()
    assert drawn.grids["area_id"].is_unique


@pytest.mark.parametrize("level", ["villages", "towns", "city"])
def test_the_county_is_clean(drawn: County, level: str) -> None:
    """Against every level above."""
    found = audit(drawn.grids, getattr(drawn, level))
    assert found.summary()["defects"] == []
    assert found.areas == 1047
    assert found.area_m2 == pytest.approx(drawn.city.area[0])


@pytest.mark.parametrize("bounded", [False, True])
def test_an_overlap_of_5_m_and_a_gap_of_2_m_are_found_and_nothing_else(
    drawn: County, *, bounded: bool
) -> None:
    """One pair of neighbours each, in the middle of the county."""
    grids = drawn.grids
    shapes = np.asarray(grids.geometry.array).copy()
    x, y = shapely.get_coordinates(shapely.centroid(shapes)).T
    places = {}
    for name, east in (("overlap", 4_000.0), ("gap", 9_000.0)):
        first = int(np.argmin(np.hypot(x - ORIGIN[0] - east, y - ORIGIN[1] - 5_000.0)))
        other = np.flatnonzero(shapely.length(shapely.intersection(shapes, shapes[first])) > 100.0)
        second = int(other[other != first][0])
        near = shapely.buffer(shapes[first], 5.0 if name == "overlap" else 2.0)
        place = shapely.intersection(near, shapes[second])
        if name == "overlap":
            shapes[first] = shapely.union(shapes[first], place)
        else:
            shapes[second] = shapely.difference(shapes[second], near)
        places[name] = (place.area, {grids["area_id"][first], grids["area_id"][second]})
    changed = grids.set_geometry(list(shapes), crs=CRS)
    found = audit(changed, drawn.villages if bounded else None)
    defects = found.defects.set_index("kind")
    assert sorted(defects.index) == ["gap", "overlap"]
    for kind, (area, ids) in places.items():
        assert defects["area_m2"][kind] == pytest.approx(area, abs=1e-3)
        assert ids <= set(defects["ids"][kind])
    assert defects["moves_m"].to_dict() == pytest.approx({"gap": 2.0, "overlap": 5.0}, rel=0.05)
    assert found.ignored == 0


def test_one_of_ten_thousand_grids_with_denser_vertices_is_no_defect(drawn: County) -> None:
    """Its neighbours and its village lack them, and rounding puts them beside the border."""
    denser = drawn.grids.geometry.where(drawn.grids.index % 7 != 0, drawn.grids.segmentize(13.0))
    found = audit(drawn.grids.assign(geometry=denser), drawn.villages)
    assert len(found.defects) == 0


def test_nothing_has_no_defect() -> None:
    """Neither has a layer whose only row is missing but that it is."""
    nothing = audit(areas_of({}))
    assert (nothing.areas, nothing.area_m2, nothing.ignored) == (0, 0.0, 0)
    assert nothing.summary()["defects"] == []
    assert audit(areas_of({"1": None})).defects["kind"].tolist() == ["invalid"]
    bare = audit(areas_of({}), areas_of({"V": WEST})).defects
    assert rows(bare) == [("gap", None, 10_000.0, ())]
    alone = points_of([(5, 5)])
    assert audit(areas_of({}), addresses=alone).defects["goes_to"].tolist() == [None]


def test_a_parent_of_one_row_needs_no_code() -> None:
    """A boundary file has none."""
    boundary = gpd.GeoDataFrame(geometry=[box(0, 0, 200, 100)], crs=CRS)
    assert len(audit(areas_of({"1": WEST, "2": EAST}), boundary).defects) == 0


def test_codes_that_pandas_made_floats_are_whole_again() -> None:
    """A missing parent among numbers makes floats of all: 1.0 is not another parent than 1."""
    parents = gpd.GeoDataFrame({"area_id": [1, 2]}, geometry=[WEST, EAST], crs=CRS)
    areas = areas_of({"1": WEST, "2": EAST}).assign(parent_id=[1.0, np.nan])
    assert len(audit(areas, parents).defects) == 0
    assert audit(areas.assign(parent_id=[2.0, np.nan]), parents).defects["ids"].tolist() == [("1",)]


@pytest.mark.parametrize(
    ("areas", "parent", "options", "error", "words"),
    [
        (areas_of({"1": WEST}).to_crs(4326), None, {}, CRSError, "areas: "),
        (areas_of({"1": WEST}), areas_of({"1": WEST}).to_crs(4548), {}, CRSError, "parent: "),
        (areas_of({"1": WEST}).rename(columns={"area_id": "code"}), None, {}, ColumnError,
         "no column area_id among code, geometry"),
        (areas_of({"1": WEST, None: EAST}), None, {}, ColumnError, "row 1 has no area_id"),
        (areas_of({"1": WEST.exterior}), None, {}, GeometryError, "row 0 is a LinearRing"),
        (areas_of({"1": WEST}), areas_of({"1": WEST, "2": EAST})[["geometry"]], {}, ColumnError,
         "parent: 2 rows and no column area_id"),
        (areas_of({"1": WEST}), DRAWINGS["a ring that crosses itself"].areas, {}, GeometryError,
         "parent: row 0 is no valid polygon .Self-intersection"),
        (areas_of({"1": WEST}), None, {"sliver_m": -1.0}, InvalidParameterError, "sliver_m must"),
        (areas_of({"1": WEST}), None, {"near_m": np.nan}, InvalidParameterError, "near_m must"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_refused(
    areas: gpd.GeoDataFrame,
    parent: gpd.GeoDataFrame | None,
    options: dict[str, float],
    error: type[Exception],
    words: str,
) -> None:
    """And the message names the frame or the option."""
    with pytest.raises(error, match=words):
        audit(areas, parent, **options)


def test_defects_are_listed_by_kind_and_the_largest_first() -> None:
    """And numbered from 1 in that order."""
    bays = [box(10, 10, 12, 12), box(30, 10, 50, 50), box(60, 10, 70, 20), box(80, 10, 81, 11)]
    defects = audit(areas_of({"1": shapely.difference(WEST, shapely.union_all(bays))})).defects
    assert defects["kind"].tolist() == ["gap"] * 3 + ["sliver"]
    assert defects["area_m2"].tolist() == pytest.approx([800.0, 100.0, 4.0, 1.0])
    assert defects["defect_id"].tolist() == [1, 2, 3, 4]


def test_vertices_a_hair_apart_are_one(drawn: County) -> None:
    """What another program computed again differs by a tenth of a micrometre."""
    random = np.random.default_rng(2)
    shapes = [
        shapely.Polygon(ring[1:] + random.uniform(-1e-7, 1e-7, ring[1:].shape))
        for ring in map(shapely.get_coordinates, drawn.grids.geometry)
    ]
    shaken = drawn.grids.set_geometry(shapes, crs=CRS).drop(index=500)
    found = audit(shaken)
    # Else each border would be cut at every vertex of both sides.
    assert len(Faces.of(np.asarray(shaken.geometry.array), np.empty(0, dtype=object)).shapes) < 50
    assert found.defects["kind"].tolist() == ["gap"]
    assert found.defects["area_m2"].iloc[0] == pytest.approx(drawn.grids.area[500], abs=1e-3)


def test_what_came_in_stays_as_it_was() -> None:
    """Mending is done on a copy."""
    areas = DRAWINGS["a ring that crosses itself"].areas
    before = areas.geometry.to_wkb()
    audit(areas)
    assert areas.geometry.to_wkb().equals(before)
