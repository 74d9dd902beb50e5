"""Nets of several departments: pieces that add up, one grid of each net, slivers that are told."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import ColumnError, CRSError, GeometryError, InvalidParameterError
from geo.areas import areas_of_xy
from geo.partition.nets import merge_nets
from tests.strategies import CRS, areas_of, box, line

COMMUNITY = box(0, 0, 800, 600)


def voronoi(rng: np.random.Generator, count: int, ground: shapely.Polygon) -> gpd.GeoDataFrame:
    """Return grids with oblique borders that tile a ground."""
    west, south, east, north = ground.bounds
    seeds = shapely.MultiPoint(rng.uniform((west, south), (east, north), (count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=ground))
    grids = shapely.intersection(cells, ground)
    return areas_of({f"{k:03d}": grid for k, grid in enumerate(grids)})


def test_two_nets_cross_in_pieces_that_name_both() -> None:
    """West and east, north and south, drawn on paper: four pieces in reading order."""
    merged = merge_nets(
        {
            "police": areas_of({"W": box(0, 0, 60, 100), "E": box(60, 0, 100, 100)}),
            "party": areas_of({"S": box(0, 0, 100, 30), "N": box(0, 30, 100, 100)}),
        }
    )
    pieces = merged.pieces
    assert pieces["piece_id"].tolist() == ["B0001", "B0002", "B0003", "B0004"]
    assert pieces["police"].tolist() == ["W", "E", "W", "E"]
    assert pieces["party"].tolist() == ["N", "N", "S", "S"]
    assert pieces["area_m2"].tolist() == pytest.approx([4_200, 2_800, 1_800, 1_200])
    assert merged.cross_walk["area_m2"].sum() == pytest.approx(20_000)
    assert list(merged.cross_walk) == ["piece_id", "net", "grid_id", "area_m2"]
    assert merged.slivers.empty
    assert merged.grids["moved_m2"].abs().max() < 1e-6
    assert merged.grids["pieces"].tolist() == [2, 2, 2, 2]
    assert merged.summary()["grids"] == {"police": 2, "party": 2}


def test_where_a_net_has_no_grid_the_piece_says_none() -> None:
    """A campus alone, a hole in the other net, and two places far apart in one grid."""
    ring = shapely.difference(box(0, 0, 100, 100), box(40, 40, 60, 60))
    far = shapely.union(ring, box(500, 0, 510, 10))
    merged = merge_nets({"a": areas_of({"1": far}), "b": areas_of({"x": box(45, 40, 140, 60)})})
    rows = list(zip(merged.pieces["a"], merged.pieces["b"], strict=True))
    assert sorted(rows, key=str) == sorted(
        [("1", None), ("1", None), ("1", "x"), (None, "x"), (None, "x")], key=str
    )
    whole = shapely.union(far, box(45, 40, 140, 60)).area
    assert merged.pieces["area_m2"].sum() == pytest.approx(whole, rel=1e-9)


def test_a_sliver_goes_to_the_neighbour_with_the_longest_border_and_is_told() -> None:
    """One street drawn 0.6 m apart: the strip of 60 m2 is W in one net and south in the other."""
    merged = merge_nets(
        {
            "police": areas_of({"W": box(0, 0, 60, 100), "E": box(60, 0, 100, 100)}),
            "party": areas_of({"1": box(0, 0, 59.4, 100), "2": box(59.4, 0, 100, 100)}),
        }
    )
    assert list(zip(merged.pieces["police"], merged.pieces["party"], strict=True)) == [
        ("W", "1"), ("E", "2"),
    ]  # fmt: skip
    assert merged.pieces["area_m2"].sum() == pytest.approx(10_000)
    sliver = merged.slivers.iloc[0]
    assert (sliver["police"], sliver["party"]) == ("W", "2")
    assert sliver["area_m2"] == pytest.approx(60)
    assert sliver["width_m"] == pytest.approx(0.6, rel=0.01)
    held = merged.pieces.set_index("piece_id").loc[sliver["piece_id"]]
    assert held.geometry.covers(sliver.geometry)
    moved = merged.grids.set_index(["net", "grid_id"])["moved_m2"]
    assert abs(moved["police", "W"]) == pytest.approx(60 if held["police"] == "E" else 0)
    assert moved.groupby("net").sum().abs().max() < 1e-6
    kept = merge_nets({"police": areas_of({"W": box(0, 0, 60, 100)})}, sliver_m=0)
    assert kept.slivers.empty


def test_the_longest_border_decides() -> None:
    """A strip 0.5 m wide along three fields: 20, 70 and 10 m of it."""
    upper = areas_of(
        {"20": box(0, 0.5, 20, 50), "70": box(20, 0.5, 90, 50), "10": box(90, 0.5, 100, 50),
         "strip": box(0, 0, 100, 0.5)}
    )  # fmt: skip
    merged = merge_nets({"net": upper})
    assert merged.slivers["net"].tolist() == ["strip"]
    held = merged.pieces.set_index("net")
    assert held.loc["70", "area_m2"] == pytest.approx(70 * 49.5 + 50)
    assert "strip" not in held.index
    gone = merged.grids.set_index("grid_id").loc["strip"]
    assert (gone["own_m2"], gone["pieces_m2"], gone["pieces"]) == (pytest.approx(50), 0, 0)


def test_a_sliver_larger_than_its_neighbour_takes_the_neighbours_grid() -> None:
    """A strip of 500 m2 beside a yard of 400 m2 is still no grid."""
    merged = merge_nets({"net": areas_of({"a": box(0, 0, 1_000, 0.5), "b": box(0, 0.5, 20, 20.5)})})
    assert merged.pieces["net"].tolist() == ["b"]
    assert merged.pieces["area_m2"].tolist() == pytest.approx([900])


def test_slivers_without_a_wide_neighbour_stay_and_add_up() -> None:
    """Two strips side by side become one piece; a strip alone is one."""
    strips = areas_of(
        {"a": box(0, 0, 100, 0.3), "b": box(0, 0.3, 100, 0.7), "c": box(0, 9, 9, 9.1)}
    )
    merged = merge_nets({"net": strips})
    assert merged.pieces["net"].tolist() == ["c", "b"]
    assert merged.pieces["area_m2"].sum() == pytest.approx(70.9)


@given(st.integers(0, 2**32 - 1))
def test_pieces_of_four_nets_add_up_and_lie_in_one_grid_of_each(seed: int) -> None:
    """Oblique borders, one net shifted by 0.4 m from another, one that covers a part only."""
    rng = np.random.default_rng(seed)
    first = voronoi(rng, 5, COMMUNITY)
    shifted = first.set_geometry(shapely.intersection(
        shapely.transform(np.array(first.geometry), lambda xy: xy + rng.uniform(-0.4, 0.4, 2)),
        COMMUNITY,
    ))  # fmt: skip
    nets = {
        "party": first,
        "stability": shifted,
        "emergency": voronoi(rng, 3, COMMUNITY),
        "city": voronoi(rng, 4, box(200, 100, 900, 400)),
    }
    merged = merge_nets(nets)
    whole = shapely.union_all([net.geometry.union_all() for net in nets.values()])
    assert merged.pieces["area_m2"].sum() == pytest.approx(whole.area, rel=1e-6)
    assert shapely.area(merged.pieces.union_all()) == pytest.approx(whole.area, rel=1e-6)
    shapes = np.array(merged.pieces.geometry)
    assert shapely.coverage_is_valid(shapes)
    assert not merged.pieces["piece_id"].duplicated().any()
    # Every base piece lies in at most one grid of each net, and in the one that it names.
    at = shapely.point_on_surface(shapes)
    in_sliver = np.zeros(len(at), dtype=bool)
    in_sliver[shapely.STRtree(at).query(merged.slivers.geometry, predicate="intersects")[1]] = True
    for name, net in nets.items():
        found = areas_of_xy(shapely.get_x(at), shapely.get_y(at), net)
        named = np.array([*net["area_id"], None], dtype=object)[found]
        assert (named == merged.pieces[name].to_numpy())[~in_sliver].all()
        grids = merged.grids[merged.grids["net"] == name]
        walked = merged.cross_walk[merged.cross_walk["net"] == name]
        assert walked.groupby("grid_id")["area_m2"].sum().sum() == pytest.approx(
            grids["pieces_m2"].sum()
        )
        # What moved is what slivers say, grid by grid.
        lost = merged.slivers.groupby(name)["area_m2"].sum()
        holder = merged.pieces.set_index("piece_id")[name]
        gained = merged.slivers.groupby(holder.reindex(merged.slivers["piece_id"]).to_numpy())[
            "area_m2"
        ].sum()
        told = gained.sub(lost, fill_value=0).reindex(grids["grid_id"], fill_value=0)
        assert told.to_numpy() == pytest.approx(grids["moved_m2"].to_numpy(), abs=1e-3)
    assert (merged.slivers["width_m"] < 1.0).all()


def test_the_order_of_the_rows_changes_nothing() -> None:
    """Pieces are numbered by where they are."""
    rng = np.random.default_rng(5)
    nets = {"a": voronoi(rng, 6, COMMUNITY), "b": voronoi(rng, 4, COMMUNITY)}
    plain = merge_nets(nets).pieces
    turned = merge_nets({name: net.iloc[::-1] for name, net in nets.items()}).pieces
    assert plain.drop(columns=["geometry", "area_m2"]).equals(
        turned.drop(columns=["geometry", "area_m2"])
    )
    assert shapely.equals(np.array(plain.geometry), np.array(turned.geometry)).all()


def test_a_net_that_overlaps_itself_is_refused_with_both_grids() -> None:
    """2 m over each other is a defect; 0.2 m is a sliver and the lower code's."""
    wide = areas_of({"2": box(0, 0, 52, 100), "1": box(50, 0, 100, 100), "3": box(200, 0, 210, 9)})
    with pytest.raises(GeometryError, match=r"party: 1 and 2 overlap by 200\.0 m2.*audit"):
        merge_nets({"party": wide})
    thin = areas_of({"2": box(0, 0, 50.2, 100), "1": box(50, 0, 100, 100)})
    merged = merge_nets({"party": thin})
    held = merged.pieces.set_index("party")["area_m2"]
    assert held.to_dict() == pytest.approx({"1": 5_000, "2": 5_000})


def test_nets_that_cannot_be_merged_are_refused() -> None:
    """None at all, a name of ours, no code, another CRS, a line, a negative width."""
    net = areas_of({"1": COMMUNITY})
    empty = gpd.GeoDataFrame({"area_id": []}, geometry=[], crs=CRS)
    for nothing in ({}, {"party": empty}):
        with pytest.raises(InvalidParameterError, match="nets: there is no grid"):
            merge_nets(nothing)
    assert len(merge_nets({"party": empty, "city": net}).pieces) == 1
    with pytest.raises(ColumnError, match="'area_m2' is a column of the pieces"):
        merge_nets({"area_m2": net})
    with pytest.raises(ColumnError, match="party: no column area_id"):
        merge_nets({"party": net[["geometry"]]})
    with pytest.raises(CRSError, match="city: its CRS EPSG:4548 differs from EPSG:4547 of party"):
        merge_nets({"party": net, "city": net.to_crs(4548)})
    with pytest.raises(GeometryError, match="party: row 0 is a LineString"):
        merge_nets({"party": areas_of({"1": line((0, 0), (9, 9))})})
    with pytest.raises(InvalidParameterError, match=r"sliver_m must be a number of 0 or more, got"):
        merge_nets({"party": net}, sliver_m=-1)
