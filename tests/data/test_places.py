"""Rows end up in degrees of WGS-84, whatever the file has, or with a reason why not."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from data.errors import ColumnError, PlaceError
from data.notes import Note
from data.places import check_datum, locate, read_crs, to_lonlat
from data.shapes import Faults, check_shapes
from data.tables import Table
from geo.datum import convert

XUNYANG = (109.365, 32.834)
"""A place with published coordinates in EPSG:4545 and EPSG:4524 (below)."""

EAST_M, NORTH_M = 627807.001, 3635163.710
"""`XUNYANG` in EPSG:4545; with zone number 36 before the easting in EPSG:4524."""


def table(**columns: list[object]) -> Table:
    """Return a table of the columns."""
    series = tuple(pd.Series(values, dtype=object) for values in columns.values())
    return Table(tuple(columns), series, np.arange(2, len(series[0]) + 2), "a.csv")


def located(
    source: Table, kind: str = "posts", crs: str | None = None, datum: str | None = None
) -> tuple[list[tuple[float, float] | None], Faults, list[str]]:
    """Return where each row is (None: nowhere), the faults, and the codes of the notes."""
    places = {head: i for i, head in enumerate(source.heads)}
    faults = Faults.none(len(source.rows))
    found = locate(source, places, kind, faults, crs=read_crs(crs))
    planar, _ = check_shapes(found.shapes, "posts", faults, file="a.csv")
    lonlat, _, notes = to_lonlat(planar, found.crs, faults, datum=datum)
    spots = [
        (part.x, part.y) if good else None for part, good in zip(lonlat, faults.good, strict=True)
    ]
    return spots, faults, [note.code for note in (*found.notes, *notes)]


def test_columns_of_degrees_are_taken_as_they_are() -> None:
    """Text and numbers alike, and nothing to note."""
    spots, faults, notes = located(table(lon=["109.365", 121.5], lat=[32.834, "31.2°"]))
    assert spots == [XUNYANG, (121.5, 31.2)]
    assert faults.good.all()
    assert notes == []


def test_bad_coordinates_make_bad_rows_with_what_was_met() -> None:
    """Blank is no geometry; half a place, text and infinity are no numbers."""
    source = table(
        lon=[109, None, "", None, "unknown", "inf", 181, 109, -200, 109],
        lat=[32, None, " ", 32, 32, 32, 32, 91, 32, -91],
    )
    _, faults, _ = located(source)
    assert faults.reason.tolist() == [
        None, "no_geometry", "no_geometry", "not_a_number", "not_a_number", "not_a_number",
        "out_of_range", "out_of_range", "out_of_range", "out_of_range",
    ]  # fmt: skip
    assert faults.detail[3] == "lon= lat=32"
    assert faults.detail[4] == "lon=unknown lat=32"
    assert faults.detail[6] == "181 32"


def test_exchanged_degrees_are_put_right_when_every_row_says_so() -> None:
    """A row at zero or without numbers has no say."""
    spots, _, notes = located(table(lon=[32.834, 0, "x"], lat=[109.365, 0, 109]))
    assert spots[0] == XUNYANG
    assert notes == ["lonlat_swapped"]


def test_one_row_that_fits_keeps_the_columns_as_they_are() -> None:
    """Then it is a matter of rows, not of columns."""
    spots, faults, notes = located(table(lon=[32.834, 80.0], lat=[109.365, 40.0]))
    assert spots == [None, (80.0, 40.0)]
    assert faults.reason.tolist() == ["out_of_range", None]
    assert notes == []


def test_latitudes_beyond_any_degree_are_not_exchanged() -> None:
    """200 is neither."""
    _, faults, notes = located(table(lon=[32.0], lat=[200.0]))
    assert faults.reason.tolist() == ["out_of_range"]
    assert notes == []


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    ("x", "y", "crs", "notes"),
    [
        (EAST_M, NORTH_M, "EPSG:4545", []),
        (36_000_000 + EAST_M, NORTH_M, None, ["crs_zone"]),
        (36_000_000 + EAST_M, NORTH_M, "EPSG:4524", []),
    ],
)
def test_gauss_krueger_coordinates_are_understood_in_either_order(
    x: float, y: float, crs: str | None, notes: list[str], *, swapped: bool
) -> None:
    """Chinese survey sheets call the northing X."""
    pair = {"x": [y, y], "y": [x, x]} if swapped else {"x": [x, x], "y": [y, y]}
    spots, _, found = located(table(**pair), crs=crs)
    assert spots[1] == pytest.approx(XUNYANG, abs=1e-8)
    order = ["axes_swapped"] if swapped else []
    assert found == [*order, *notes, "crs_reprojected", "datum_cgcs2000"]


@pytest.mark.parametrize(("zone", "epsg"), [(19, 4497), (13, 4491), (45, 4533), (25, 4513)])
def test_zone_numbers_name_their_zone(zone: int, epsg: int) -> None:
    """13-23 are six degrees wide, 25-45 three."""
    source = table(x=[zone * 1_000_000 + 500_000], y=[3_600_000])
    places = {"x": 0, "y": 1}
    found = locate(source, places, "posts", Faults.none(1))
    assert found.crs.to_epsg() == epsg
    degrees = 3 if zone >= 25 else 6
    named = {"zone": zone, "degrees": degrees, "crs": f"EPSG:{epsg}"}
    assert found.notes == (Note("crs_zone", named),)
    meridian = zone * 3 if zone >= 25 else zone * 6 - 3
    assert located(source)[0][0][0] == pytest.approx(meridian, abs=1e-9)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([EAST_M], [NORTH_M]),
        ([24_500_000], [3_600_000]),
        ([46_500_000], [3_600_000]),
        ([36_500_000, 37_500_000], [3_600_000, 3_600_000]),
        ([36_500_000], [600_000]),
    ],
)
def test_metres_without_a_certain_zone_are_refused(x: list[float], y: list[float]) -> None:
    """No number, none that exists, two different ones, a northing outside China."""
    with pytest.raises(PlaceError, match="name the CRS with --crs, such as EPSG:4545"):
        located(table(x=x, y=y))


def test_rows_without_a_place_do_not_hide_the_zone() -> None:
    """Zeros and texts are bad rows in a good table."""
    spots, faults, notes = located(
        table(x=[36_000_000 + EAST_M, 0, "x", None], y=[NORTH_M, 0, 1, None])
    )
    assert spots[0] == pytest.approx(XUNYANG, abs=1e-8)
    assert notes[0] == "crs_zone"
    assert faults.reason.tolist()[2:] == ["not_a_number", "no_geometry"]


def test_x_and_y_that_are_plainly_degrees_are_taken_as_such() -> None:
    """And said so."""
    spots, _, notes = located(table(x=[109.365], y=[32.834]))
    assert spots == [XUNYANG]
    assert notes == ["degrees_assumed"]


def test_a_projected_crs_asked_for_takes_x_and_y_before_degrees() -> None:
    """Vancouver's table has both."""
    both = table(lon=[109.0], lat=[32.0], x=[EAST_M], y=[NORTH_M])
    assert located(both)[0] == [(109.0, 32.0)]
    assert located(both, crs="EPSG:4545")[0][0] == pytest.approx(XUNYANG, abs=1e-8)


@pytest.mark.parametrize(
    ("x", "y", "lon", "lat"),
    [
        (832_000.0, 3_480_000.0, 120.5, 31.4),
        (627_000.0, 600_000.0, 118.15, 5.43),
        (1_010_000.0, 3_480_000.0, 122.4, 31.4),
    ],
)
def test_metres_that_may_be_in_order_are_not_exchanged(
    x: float, y: float, lon: float, lat: float
) -> None:
    """The wrong UTM zone by one, as in real data; near the equator; far off the axis."""
    spots, _, notes = located(table(x=[x], y=[y]), crs="EPSG:32650")
    assert notes[0] == "crs_reprojected"
    assert "axes_swapped" not in notes
    assert spots[0] == pytest.approx((lon, lat), abs=0.1)


def test_coordinates_that_no_projection_reaches_are_out_of_range() -> None:
    """They come back infinite."""
    _, faults, _ = located(table(x=[EAST_M, 1e12], y=[NORTH_M, 1e12]), crs="EPSG:4545")
    assert faults.reason.tolist() == [None, "out_of_range"]
    assert faults.detail[1] == "1e+12 1e+12"


def test_wkt_and_wkb_columns_hold_lines() -> None:
    """Text that is no WKT is shown."""
    line = "LINESTRING (109 32, 110 33)"
    source = table(geometry=[line, None, "LINESTRING (109 32,"])
    faults = Faults.none(3)
    found = locate(source, {"geometry": 0}, "streets", faults)
    assert shapely.to_wkt(found.shapes.geometry[0]) == line
    assert faults.detail.tolist() == ["", "", "LINESTRING (109 32,"]
    assert faults.reason.tolist() == [None, None, "no_geometry"]
    assert [note.code for note in found.notes] == ["crs_assumed"]
    source = table(geometry=[shapely.to_wkb(shapely.from_wkt(line)), None])
    found = locate(source, {"geometry": 0}, "streets", Faults.none(2))
    assert shapely.to_wkt(found.shapes.geometry[0]) == line


def test_points_are_sought_in_coordinates_first_and_lines_in_wkt_first() -> None:
    """A table of streets may carry the middle of each."""
    source = table(geometry=["POINT (1 1)"], lon=[2.0], lat=[2.0])
    assert located(source, "posts")[0] == [(2.0, 2.0)]
    assert located(source, "streets")[0] == [(1.0, 1.0)]


def test_wkt_in_metres_needs_a_crs() -> None:
    """A guess would put it anywhere."""
    source = table(geometry=[f"POINT ({EAST_M} {NORTH_M})"])
    with pytest.raises(PlaceError, match=r"such as 627807\.001 3635163\.71\) do not look"):
        located(source)
    assert located(source, crs="EPSG:4545")[0][0] == pytest.approx(XUNYANG, abs=1e-8)


def test_a_table_without_coordinates_is_refused_with_its_heads() -> None:
    """The next step is to name them."""
    with pytest.raises(ColumnError, match=r"it has: id, where; name them, such as --map"):
        located(table(id=[1], where=["here"]))


def test_a_table_without_rows_needs_no_coordinates() -> None:
    """There is nothing to place."""
    empty = Table((), (), np.zeros(0, dtype=np.int64), "a.csv")
    assert locate(empty, {}, "posts", Faults.none(0)).shapes.geometry.tolist() == []


def test_the_crs_asked_for_stands_before_the_one_stated_and_says_so() -> None:
    """Files stored in the wrong zone exist."""
    wkb = np.array([shapely.to_wkb(shapely.Point(EAST_M, NORTH_M))], dtype=object)
    source = Table((), (), np.array([1]), "a.gpkg", wkb=wkb, crs=CRS.from_epsg(4546))
    spots, _, notes = located(source, crs="EPSG:4545")
    assert spots[0] == pytest.approx(XUNYANG, abs=1e-8)
    assert notes[0] == "crs_overridden"
    assert "crs_overridden" not in located(source, crs="EPSG:4546")[2]


def test_geometry_without_a_crs_is_degrees_if_it_looks_so_and_refused_if_not() -> None:
    """Shapefiles without .prj are common."""

    def bare(x: float, y: float) -> Table:
        wkb = np.array([shapely.to_wkb(shapely.Point(x, y)), None], dtype=object)
        return Table((), (), np.array([1, 2]), "a.shp", wkb=wkb)

    spots, _, notes = located(bare(*XUNYANG))
    assert spots[0] == XUNYANG
    assert notes == ["crs_assumed"]
    with pytest.raises(PlaceError, match=r"a\.shp: no CRS.*--crs"):
        located(bare(EAST_M, NORTH_M))


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_shifted_datum_is_converted_once_at_every_vertex(datum: str) -> None:
    """The datum is of the coordinates, so it is undone after they are degrees."""
    lon, lat = convert([109.0, 109.5], [32.0, 32.5], "wgs84", datum)
    line = shapely.LineString(np.column_stack([lon, lat]))
    found, taken, notes = to_lonlat(
        np.array([line, None], dtype=object), CRS.from_epsg(4326), _bad_second(), datum=datum
    )
    assert shapely.get_coordinates(found[0]) == pytest.approx(
        np.array([[109.0, 32.0], [109.5, 32.5]]), abs=1e-11
    )
    assert taken == datum
    assert [note.code for note in notes] == ["datum_converted"]
    assert "近似，非官方" in notes[0].text()


def _bad_second() -> Faults:
    faults = Faults.none(2)
    faults.mark(np.array([False, True]), "no_geometry", lambda rows: [""] * len(rows))
    return faults


def test_a_shifted_datum_under_a_projection_is_undone_after_reprojection() -> None:
    """Some offices project GCJ-02 degrees as if they were CGCS2000."""
    lon, lat = convert(*XUNYANG, "wgs84", "gcj02")
    east, north = Transformer.from_crs(4490, 4545, always_xy=True).transform(lon, lat)
    spots, _, notes = located(
        table(x=[float(east)], y=[float(north)]), crs="EPSG:4545", datum="gcj02"
    )
    assert spots[0] == pytest.approx(XUNYANG, abs=1e-8)
    assert notes == ["crs_reprojected", "datum_converted"]


def test_no_datum_shifts_nothing_and_cgcs2000_counts_as_wgs84() -> None:
    """Within a metre, which is said."""
    source = table(lon=[XUNYANG[0]], lat=[XUNYANG[1]])
    assert located(source, datum="wgs84")[0] == located(source)[0] == [XUNYANG]
    assert located(source)[2] == []
    assert located(source, datum="cgcs2000")[0] == [XUNYANG]
    assert located(source, datum="cgcs2000")[2] == ["datum_cgcs2000"]
    assert located(source, crs="EPSG:4490")[0] == [pytest.approx(XUNYANG, abs=1e-12)]
    assert located(source, crs="EPSG:4490")[2][-1] == "datum_cgcs2000"
    assert "datum_cgcs2000" not in located(source, crs="EPSG:4610")[2]


def test_unknown_datums_and_crs_are_refused() -> None:
    """With what would be right."""
    with pytest.raises(PlaceError, match="'mars'; use one of wgs84, gcj02, bd09, cgcs2000"):
        check_datum("mars")
    with pytest.raises(PlaceError, match="unknown coordinate reference system 'EPSG:1'"):
        read_crs("EPSG:1")


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(), st.sampled_from(["", "x", "109.3"])),
            st.one_of(st.none(), st.floats(), st.sampled_from(["", "y", "32.8"])),
        )
    )
)
def test_no_degrees_are_too_strange_to_be_placed_or_marked(
    pairs: list[tuple[object, object]],
) -> None:
    """Every row is on the earth or has a reason."""
    source = table(lon=[lon for lon, _ in pairs], lat=[lat for _, lat in pairs])
    spots, faults, _ = located(source)
    for spot, good in zip(spots, faults.good, strict=True):
        assert (spot is not None) == good
        assert spot is None or (abs(spot[0]) <= 180 and abs(spot[1]) <= 90)


def test_a_zone_that_the_middle_of_the_data_is_beyond_is_named() -> None:
    """East or west of it, whatever a stray row says; in its zone, or in degrees, nothing is."""
    zones = {"EPSG:32648": 1, "EPSG:32649": 0, "EPSG:32650": 1, "EPSG:4545": 0, "EPSG:4544": 1}
    for crs, count in zones.items():
        x, y = Transformer.from_crs(4326, crs, always_xy=True).transform(
            [109.36, 109.37], [32.8] * 2
        )
        source = table(x=[*x, x[0] + 100_000.0], y=[*y, y[0]])
        assert located(source, crs=crs)[2].count("crs_other_zone") == count, crs
    assert located(table(x=["x"], y=[1]), crs="EPSG:32648")[2] == ["crs_reprojected"]
    assert located(table(lon=[109.36], lat=[32.8]))[2] == []


def test_a_zone_across_180_degrees_is_left_alone() -> None:
    """Its west lies in the east."""
    x, y = Transformer.from_crs(4326, 3832, always_xy=True).transform([179.0], [0.0])
    assert located(table(x=list(x), y=list(y)), crs="EPSG:3832")[2] == ["crs_reprojected"]
