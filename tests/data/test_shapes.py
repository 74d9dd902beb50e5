"""Every geometry that a layer cannot use gets its reason, and no other does."""

import struct

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.errors import KindError
from data.shapes import SHAPES, Faults, Shapes, check_shapes, from_points, from_wkb, from_wkt

GOOD = {
    "streets": "LINESTRING (0 0, 1 1)",
    "posts": "POINT (1 2)",
    "areas": "POLYGON ((0 0, 1 0, 1 1, 0 0))",
}


def wkb(*texts: str | None) -> np.ndarray:
    """Return WKB of the geometries in WKT."""
    items = np.full(len(texts), None, dtype=object)
    with np.errstate(invalid="ignore"):
        items[:] = shapely.to_wkb(shapely.from_wkt(list(texts)))
    return items


def raw(number: int, *numbers: float, counts: tuple[int, ...] = ()) -> bytes:
    """Return little-endian WKB by hand: what GEOS would refuse to make."""
    return struct.pack(f"<BI{len(counts)}I{len(numbers)}d", 1, number, *counts, *numbers)


def judged(shapes: Shapes, kind: str) -> tuple[np.ndarray, Faults]:
    """Return the geometry and the faults of shapes as a layer of a kind."""
    faults = Faults.none(len(shapes.geometry))
    geometry, _ = check_shapes(shapes, kind, faults, file="a.gpkg")
    return geometry, faults


@pytest.mark.parametrize(
    ("kind", "bad", "reason", "detail"),
    [
        ("posts", None, "no_geometry", ""),
        ("posts", "POINT EMPTY", "empty", "Point"),
        ("posts", "MULTIPOINT EMPTY", "empty", "MultiPoint"),
        ("posts", "LINESTRING (0 0, 1 1)", "wrong_kind", "LineString"),
        ("posts", "MULTIPOINT ((1 1), (2 2))", "wrong_kind", "MultiPoint"),
        ("posts", "POINT (0 0)", "no_place", "POINT (0 0)"),
        ("posts", "POINT Z (0 0 5)", "no_place", "POINT (0 0)"),
        ("streets", "LINESTRING EMPTY", "empty", "LineString"),
        ("streets", "LINESTRING (1 2, 1 2)", "one_point_line", "LINESTRING (1 2, 1 2)"),
        (
            "streets",
            "MULTILINESTRING ((1 2, 1 2), (3 3, 3 3))",
            "one_point_line",
            "MULTILINESTRING ((1 2, 1 2), (3 3, 3 3))",
        ),
        ("streets", "LINESTRING (0 NaN, 1 1)", "not_a_number", "LINESTRING (0 NaN, 1 1)"),
        ("streets", "POLYGON ((0 0, 1 0, 1 1, 0 0))", "wrong_kind", "Polygon"),
        (
            "streets",
            "GEOMETRYCOLLECTION (LINESTRING (0 0, 1 1))",
            "wrong_kind",
            "GeometryCollection",
        ),
        ("areas", "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))", "invalid_ring", "Self-intersection[1 1]"),
        ("areas", "POLYGON EMPTY", "empty", "Polygon"),
        ("areas", "LINESTRING (0 0, 1 0, 1 1, 0 0)", "wrong_kind", "LineString"),
    ],
)
def test_a_bad_row_gets_its_reason_and_the_good_one_none(
    kind: str, bad: str | None, reason: str, detail: str
) -> None:
    """The detail is what a person needs to find the fault."""
    _, faults = judged(from_wkb(wkb(GOOD[kind], bad)), kind)
    assert faults.reason.tolist() == [None, reason]
    assert faults.detail.tolist() == ["", detail]


def test_rings_and_lines_that_geos_refuses_to_build_are_bad_rows() -> None:
    """Two points, one point, not closed: all occur in files, and none stops the others."""
    two = raw(3, 5, 6, 7, 8, counts=(1, 2))
    open_ring = raw(3, 5, 6, 7, 6, 7, 8, counts=(1, 3))
    shapes = from_wkb(np.array([*wkb(GOOD["areas"]), two, open_ring], dtype=object))
    assert shapes.broken.tolist() == [False, True, True]
    _, faults = judged(shapes, "areas")
    assert faults.reason.tolist() == [None, "invalid_ring", "invalid_ring"]
    assert faults.detail[1] == "Too few points in geometry component[5 6]"
    assert faults.detail[2] == "Ring not closed[5 6]"
    lone = raw(2, 5, 6, counts=(1,))
    _, faults = judged(from_wkb(np.array([*wkb(GOOD["streets"]), lone], dtype=object)), "streets")
    assert faults.reason.tolist() == [None, "one_point_line"]
    assert faults.detail[1] == "LINESTRING (5 6, 5 6)"


def test_curves_are_of_the_wrong_kind_and_stop_nothing() -> None:
    """GEOS refuses a whole array for one curve, also for one inside a collection."""
    arc = raw(8, 0, 0, 1, 1, 2, 0, counts=(3,))
    nested = raw(7, counts=(1,)) + arc
    items = np.array([*wkb(GOOD["streets"]), arc, nested], dtype=object)
    _, faults = judged(from_wkb(items), "streets")
    assert faults.reason.tolist() == [None, "wrong_kind", "wrong_kind"]
    assert faults.detail.tolist() == ["", "curve", "GeometryCollection"]


def test_bytes_that_are_no_wkb_are_no_geometry() -> None:
    """A cut-off value is a bad row, not an error."""
    shapes = from_wkb(np.array([b"", b"\x01\x01", raw(1, 5)], dtype=object))
    _, faults = judged(Shapes(shapes.geometry, shapes.stated, shapes.broken), "posts")
    assert faults.reason.tolist() == ["no_geometry", "no_geometry", "not_a_number"]


def test_big_endian_extended_and_iso_wkb_are_read() -> None:
    """PostGIS writes the extended form; heights have two notations."""
    point = shapely.set_srid(shapely.Point(1, 2, 3), 4326)
    items = np.full(3, None, dtype=object)
    items[:] = [
        shapely.to_wkb(point, include_srid=True),
        shapely.to_wkb(point, byte_order=0),
        shapely.to_wkb(point, flavor="iso"),
    ]
    assert from_wkb(items).stated.tolist() == ["Point"] * 3


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("POINT (1 2)", "Point"),
        (" point(1 2) ", "Point"),
        ("SRID=4490;LINESTRING (0 0, 1 1)", "LineString"),
        ("POINTZ (1 2 3)", "Point"),
        ("MULTIPOLYGON EMPTY", "MultiPolygon"),
        ("CIRCULARSTRING (0 0, 1 1, 2 0)", "curve"),
        ("LINESTRING (0 0, 1 1", None),
        ("somewhere", None),
        ("nowhere (at all)", None),
        (None, None),
    ],
)
def test_wkt_states_its_type_or_is_no_geometry(text: str | None, stated: str | None) -> None:
    """Spreadsheets cut texts after 32,767 characters: half a line is none."""
    shapes = from_wkt([text])
    assert shapes.stated.tolist() == [stated]
    assert (shapes.geometry[0] is None) == (stated in (None, "curve"))


def test_wkt_of_a_ring_of_two_points_is_an_invalid_ring() -> None:
    """As in WKB."""
    _, faults = judged(from_wkt([GOOD["areas"], "POLYGON ((0 0, 1 1))"]), "areas")
    assert faults.reason.tolist() == [None, "invalid_ring"]


def test_a_multipoint_of_one_point_is_a_point() -> None:
    """Some programs write every point so."""
    geometry, faults = judged(from_wkb(wkb("MULTIPOINT ((3 4))", "POINT (1 2)")), "posts")
    assert faults.good.all()
    assert shapely.to_wkt(geometry).tolist() == ["POINT (3 4)", "POINT (1 2)"]


def test_heights_are_dropped_and_counted() -> None:
    """Lengths and areas are of the plane."""
    shapes = from_wkb(wkb("LINESTRING Z (0 0 1, 1 1 2)", GOOD["streets"]))
    geometry, notes = check_shapes(shapes, "streets", Faults.none(2), file="a")
    assert not shapely.has_z(geometry).any()
    assert [(note.code, note.values["count"]) for note in notes] == [("z_dropped", 1)]


def test_lines_and_surfaces_may_touch_zero() -> None:
    """Only a point at zero is a form left unfilled."""
    _, faults = judged(from_wkb(wkb(GOOD["streets"])), "streets")
    assert faults.good.all()


def test_a_whole_layer_of_the_wrong_kind_is_refused() -> None:
    """Then two arguments are swapped, and a quarantine of everything would hide it."""
    with pytest.raises(KindError, match="streets need LineString, but all 2 rows are Point") as no:
        judged(from_wkb(wkb("POINT (1 1)", None, "POINT (2 2)")), "streets")
    assert isinstance(no.value, ValueError)
    assert "作为街道读取需要线，但全部 2 行都是点" in no.value.text()


def test_tracks_are_lines_or_points() -> None:
    """A receiver's fixes come as points."""
    _, faults = judged(from_wkb(wkb("POINT (1 1)", GOOD["streets"])), "tracks")
    assert faults.good.all()


def test_the_first_reason_found_stays() -> None:
    """One row, one reason."""
    faults = Faults.none(2)
    faults.mark(np.array([True, False]), "no_place", lambda rows: ["a"] * len(rows))
    faults.mark(np.array([True, True]), "empty", lambda rows: ["b"] * len(rows))
    assert faults.reason.tolist() == ["no_place", "empty"]
    assert faults.detail.tolist() == ["a", "b"]


def test_points_need_two_finite_numbers() -> None:
    """Infinity is a number to Python, not a place."""
    shapes = from_points(np.array([1.0, np.nan, 3.0]), np.array([1.0, 2.0, np.inf]))
    assert [geometry is None for geometry in shapes.geometry] == [False, True, True]


@given(
    st.sampled_from(sorted(kind for kind, types in SHAPES.items() if types)),
    st.lists(
        st.sampled_from(
            [*GOOD.values(), None, "POINT EMPTY", "POINT (0 0)", "LINESTRING (1 1, 1 1)"]
        )
    ),
)
def test_what_passes_is_valid_in_the_plane_and_of_the_right_kind(
    kind: str, texts: list[str | None]
) -> None:
    """Whatever the mixture, unless nothing in it is of the right kind."""
    try:
        geometry, faults = judged(from_wkt(texts), kind)
    except KindError:
        given = [text for text in texts if text is not None]
        assert given
        assert not [t for t in given if t.startswith(tuple(s.upper() for s in SHAPES[kind]))]
        return
    passed = geometry[faults.good]
    assert shapely.is_valid(passed).all()
    assert not shapely.is_empty(passed).any()
    assert {part.geom_type for part in passed} <= set(SHAPES[kind])
