"""Layers by the file contract: every row arrives or is set aside with its reason."""

import json
import time
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
import xlwt
from hypothesis import given
from hypothesis import strategies as st

import data
from data import (
    ColumnError,
    FormatError,
    KindError,
    Layer,
    LayerError,
    MissingFileError,
    PlaceError,
    read_layer,
    split_spec,
)
from geo.datum import convert

CAMERAS = """国标编码,设备名称,经度,纬度,方位角,水平视场角,可视距离,摄像机类型,在线状态,联系电话
61099900001320000001,临江路口,109.365,32.834,90,60,50,固定枪机,在线,13812345678
61099900001320000002,望江桥头,109.366,32.835,90;270,0,30,球机,离线,13912345678
3.402E+19,老街,109.367,32.836,N,400,,半球,,13712345678
61099900001320000004,车站,,,北,90,30,全景,ON,
61099900001320000005,码头,0,0,,,,,,
"""


def csv_file(tmp_path: Path, text: str, name: str = "摄像机.csv") -> Path:
    """Write a CSV file in GB18030, as Chinese spreadsheets do, and return its path."""
    path = tmp_path / name
    path.write_bytes(text.encode("gb18030"))
    return path


def codes(layer: Layer) -> list[str]:
    """Return the codes of the notes of a layer."""
    return [note.code for note in layer.notes]


def told(layer: Layer, code: str) -> Mapping[str, object]:
    """Return what the one note of a code says."""
    (note,) = (note for note in layer.notes if note.code == code)
    return dict(note.values)


def test_a_camera_ledger_is_read_as_an_office_would_hand_it_over(tmp_path: Path) -> None:
    """GBK text, 20-digit codes, telephones, a lost id, a row without a place, a row at zero."""
    layer = read_layer(csv_file(tmp_path, CAMERAS), "cameras")
    assert list(layer.frame.columns) == [
        "camera_id", "name", "azimuth_deg", "headings", "fov_deg", "range_m", "kind", "online",
        "geometry",
    ]  # fmt: skip
    frame = layer.frame
    assert frame["camera_id"].tolist() == ["61099900001320000001", "61099900001320000002"]
    assert frame["name"].tolist() == ["临江路口", "望江桥头"]
    assert frame["azimuth_deg"].tolist() == [90.0, 90.0]
    assert frame["headings"].tolist()[1] == "90;270"
    assert frame["fov_deg"].tolist() == pytest.approx([60.0, np.nan], nan_ok=True)
    assert frame["kind"].tolist() == ["fixed_bullet", "ptz_dome"]
    assert frame["online"].tolist() == [True, False]
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.x.tolist() == [109.365, 109.366]
    assert isinstance(frame.index, pd.RangeIndex)
    bad = layer.quarantine
    assert bad["row"].tolist() == [4, 5, 6]
    assert bad["reason"].tolist() == ["id_lost_digits", "no_geometry", "no_place"]
    assert bad["detail"].tolist() == ["3.402E+19", "", "POINT (0 0)"]
    assert bad["geometry"].tolist()[0] == "POINT (109.367 32.836)"
    assert bad["name"].tolist() == ["老街", "车站", "码头"]
    assert layer.rows_read == 5
    assert (layer.source, layer.datum, layer.kind) == ("摄像机.csv", "wgs84", "cameras")
    assert told(layer, "personal_dropped") == {"names": ["联系电话"]}
    assert told(layer, "rows_quarantined")["count"] == 3
    assert "13812345678" not in f"{layer.frame}{layer.quarantine}{layer.notes}"


def sheet_rows() -> list[list[object]]:
    """Return a sheet with a title above its heads."""
    return [
        ["岗哨台账", None, None, None],
        [None, None, None, None],
        ["岗哨编号", "岗哨名称", "经度", "纬度"],
        ["001", "柳巷口", 109.365, 32.834],
        ["002", "桥头", 109.366, 32.835],
    ]


def test_workbooks_old_and_new_read_alike(tmp_path: Path) -> None:
    """Leading zeros and line numbers are those of the sheet."""
    new, old = tmp_path / "台账.xlsx", tmp_path / "台账.xls"
    workbook, workbook_old = openpyxl.Workbook(), xlwt.Workbook()
    sheet_old = workbook_old.add_sheet("Sheet1")
    for i, row in enumerate(sheet_rows()):
        workbook.active.append(row)
        for j, cell in enumerate(row):
            if cell is not None:
                sheet_old.write(i, j, cell)
    workbook.save(new)
    workbook_old.save(str(old))
    layers = [read_layer(path, "posts") for path in (new, old)]
    for layer in layers:
        assert layer.frame["post_id"].tolist() == ["001", "002"]
        assert told(layer, "head_row") == {"row": 3}
    pd.testing.assert_frame_equal(layers[0].frame, layers[1].frame)


def test_a_column_of_telephones_is_left_out_even_when_asked_for(tmp_path: Path) -> None:
    """By its head, and by what it holds under an innocent head."""
    text = "编号,名称,岗,电话,经度,纬度\n1,13812345678,东,13812345678,109,32\n2,桥头,西,,109,33\n"
    path = csv_file(tmp_path, text)
    layer = read_layer(path, "posts", columns={"kind": "电话", "name": "名称"})
    assert list(layer.frame.columns) == ["post_id", "geometry"]
    assert told(layer, "personal_dropped") == {"names": ["名称", "电话"]}
    assert list(layer.quarantine.columns) == ["row", "reason", "detail", "post_id", "geometry"]


def test_a_few_personal_cells_are_masked_and_pointed_out(tmp_path: Path) -> None:
    """Below a fifth the column stays, without the numbers."""
    rows = "".join(f"{i},桥头{i},109,32\n" for i in range(1, 10))
    path = csv_file(tmp_path, f"编号,名称,经度,纬度\n{rows}10,王 13812345678,109,32\n")
    layer = read_layer(path, "posts")
    assert told(layer, "personal_masked") == {"column": "名称", "count": 1, "rows": [11]}
    assert layer.frame["name"].tolist()[-1] == "王 ***"
    assert layer.frame["name"].notna().all()


def test_an_id_that_repeats_is_replaced_by_row_numbers_and_counted(tmp_path: Path) -> None:
    """Sharing rows and surplus rows are two figures; the message says which is which."""
    path = csv_file(tmp_path, "id,lon,lat\n7,109,32\n7,109,33\n7,109,34\n8,109,35\nx,x,x\n")
    layer = read_layer(path, "posts")
    assert layer.frame["post_id"].tolist() == [0, 1, 2, 3]
    assert layer.frame["post_id"].dtype == np.int64
    assert told(layer, "id_repeats") == {
        "column": "id", "total": 4, "distinct": 2, "surplus": 2, "sharing": 3,
    }  # fmt: skip
    assert layer.quarantine["post_id"].tolist() == [4]


def test_an_id_that_is_missing_somewhere_is_replaced_and_a_bad_row_does_not_count(
    tmp_path: Path,
) -> None:
    """The line below the table, 填表人, has no id and no place."""
    text = "id,lon,lat\n7,109,32\n,109,33\n"
    layer = read_layer(csv_file(tmp_path, text), "posts")
    assert told(layer, "id_incomplete") == {"column": "id", "total": 2, "missing": 1}
    text = "id,lon,lat\n7,109,32\n8,109,33\n,,填表\n"
    layer = read_layer(csv_file(tmp_path, text), "posts")
    assert layer.frame["post_id"].tolist() == [7, 8]
    assert layer.frame["post_id"].dtype == np.int64


def test_row_numbers_count_bad_rows_so_that_mending_one_renumbers_no_other(tmp_path: Path) -> None:
    """0 is the first row of the file, good or bad."""
    layer = read_layer(csv_file(tmp_path, "lon,lat\n109,32\nx,y\n109,33\n"), "posts")
    assert layer.frame["post_id"].tolist() == [0, 2]
    assert layer.frame.index.tolist() == [0, 1]
    assert layer.quarantine["post_id"].tolist() == [1]
    assert layer.quarantine.index.tolist() == [0]
    assert told(layer, "id_none") == {"total": 3}


def test_fixes_of_a_track_share_its_id(tmp_path: Path) -> None:
    """Many rows, one track."""
    text = "track,time,lon,lat\n7,2024-05-01 09:00:00,109,32\n7,2024-05-01 09:00:01,109,32.1\n"
    layer = read_layer(csv_file(tmp_path, text), "tracks")
    assert layer.frame["track_id"].tolist() == [7, 7]
    assert layer.frame["time"].dt.second.tolist() == [0, 1]


def test_round_view_makes_a_camera_panoramic(tmp_path: Path) -> None:
    """Also where the kind says nothing or something else."""
    text = "id,lon,lat,camera_type,round_view\n1,1,2,fixed,true\n2,1,3,fixed,false\n3,1,4,,true\n"
    layer = read_layer(csv_file(tmp_path, text), "cameras")
    assert layer.frame["kind"].tolist() == ["panoramic", "fixed_bullet", "panoramic"]
    assert told(layer, "kind_round_view") == {"count": 2}
    assert "round_view" not in layer.frame
    path = csv_file(tmp_path, "id,lon,lat,round_view\n1,1,2,true\n2,1,3,\n", "b.csv")
    kinds = read_layer(path, "cameras").frame["kind"]
    assert kinds[0] == "panoramic"
    assert pd.isna(kinds[1])


def test_a_parents_id_that_lost_digits_is_missing_and_noted(tmp_path: Path) -> None:
    """The area itself is fine."""
    ring = '"POLYGON ((0 0, 1 0, 1 1, 0 0))"'
    text = f"网格编码,上级编码,wkt\n610999001001001,610999001001,{ring}\n7,6.1E+11,{ring}\n"
    layer = read_layer(csv_file(tmp_path, text), "areas")
    assert layer.frame["area_id"].tolist() == [610999001001001, 7]
    assert layer.frame["parent_id"].isna().tolist() == [False, True]
    assert told(layer, "value_unreadable")["values"] == ["6.1E+11"]
    text = f"网格编码,上级编码,wkt\n007,0610,{ring}\n008,6.1E+11,{ring}\n"
    parents = read_layer(csv_file(tmp_path, text), "areas").frame["parent_id"]
    assert parents[0] == "0610"
    assert pd.isna(parents[1])


def test_broken_features_are_set_aside_with_the_number_of_the_feature(tmp_path: Path) -> None:
    """A two-point ring, a bow tie, nothing, a line: the square arrives all the same."""
    rings: list[object] = [
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]},
        None,
        {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
    ]
    features = [
        {"type": "Feature", "properties": {"grid_id": f"00{i}"}, "geometry": ring}
        for i, ring in enumerate(rings)
    ]
    path = tmp_path / "grids.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    layer = read_layer(path, "areas")
    assert layer.frame["area_id"].tolist() == ["000"]
    assert layer.quarantine["row"].tolist() == [2, 3, 4, 5]
    assert layer.quarantine["reason"].tolist() == [
        "invalid_ring", "invalid_ring", "no_geometry", "wrong_kind",
    ]  # fmt: skip
    assert layer.quarantine["detail"].tolist()[1] == "Self-intersection[1 1]"
    assert layer.quarantine["geometry"].tolist()[2] is None
    assert layer.quarantine["area_id"].tolist() == ["001", "002", "003", "004"]


def test_the_quarantine_keeps_coordinates_as_the_file_has_them(tmp_path: Path) -> None:
    """To be mended and read again with the same CRS."""
    frame = gpd.GeoDataFrame(
        {"id": [1, 2]},
        geometry=shapely.from_wkt(
            ["LINESTRING (627807.001 3635163.71, 627907 3635163)", "LINESTRING (7 8, 7 8)"]
        ),
        crs="EPSG:4545",
    )
    frame.to_file(tmp_path / "a.gpkg")
    layer = read_layer(tmp_path / "a.gpkg", "streets")
    assert layer.quarantine["geometry"].tolist() == ["LINESTRING (7 8, 7 8)"]
    assert layer.frame.geometry[0].coords[0] == pytest.approx((109.365, 32.834), abs=1e-8)
    assert layer.datum == "cgcs2000"
    path = csv_file(tmp_path, "id,x,y\n3.4E+19,36627807,3635163\n7,36627807,3635163\n")
    quarantine = read_layer(path, "posts").quarantine
    assert quarantine["geometry"].tolist() == ["POINT (36627807 3635163)"]


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_declared_datum_is_undone(tmp_path: Path, datum: str) -> None:
    """With a 50 m rule, 500 m would be fatal."""
    lon, lat = convert(109.365, 32.834, "wgs84", datum)
    path = csv_file(tmp_path, f"id,lon,lat\n1,{float(lon)!r},{float(lat)!r}\n")
    layer = read_layer(path, "posts", datum=datum)
    assert layer.frame.geometry[0].coords[0] == pytest.approx((109.365, 32.834), abs=1e-10)
    assert layer.datum == datum
    assert codes(layer) == ["datum_converted"]
    assert read_layer(path, "posts").frame.geometry[0].x == float(lon)


def test_layers_without_rows_are_empty_and_no_error(tmp_path: Path) -> None:
    """Whatever geometry they say they have."""
    blank = csv_file(tmp_path, "")
    heads = csv_file(tmp_path, "编号,经度,纬度\n", "heads.csv")
    no_place = csv_file(tmp_path, "编号,名称\n", "no_place.csv")
    collection = tmp_path / "a.geojson"
    collection.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    package = tmp_path / "a.gpkg"
    points = gpd.GeoDataFrame({"id": [1]}, geometry=[shapely.Point(1, 1)], crs=4326)
    points.head(0).to_file(package)
    for path in (blank, heads, no_place, collection, package):
        for kind in ("streets", "posts"):
            layer = read_layer(path, kind)
            assert (layer.rows_read, len(layer.frame), len(layer.quarantine)) == (0, 0, 0)
            assert codes(layer)[-1] == "empty_layer"
            assert layer.frame.columns[0] == f"{kind.removesuffix('s')}_id"
            assert layer.frame.crs.to_epsg() == 4326


def test_a_file_is_taken_whole_before_its_name_is_parted(tmp_path: Path) -> None:
    """Colons in file names, layers after the last colon, drives of Windows."""
    plain, odd = tmp_path / "a.csv", tmp_path / "a.csv:b"
    plain.touch()
    assert split_spec(plain) == (plain, None)
    assert split_spec(f"{plain}:b") == (plain, "b")
    odd.touch()
    assert split_spec(f"{plain}:b") == (odd, None)
    assert split_spec(str(odd) + ":c") == (odd, "c")
    assert split_spec(f"{plain}:") == (plain, None)
    assert split_spec(plain) == (plain, None)
    with pytest.raises(MissingFileError, match=r"C:\\town\.gpkg: no such file"):
        split_spec("C:\\town.gpkg")


def test_a_missing_file_is_refused_with_similar_names(tmp_path: Path) -> None:
    """Most missing files are misspelt."""
    (tmp_path / "cameras.gpkg").touch()
    with pytest.raises(MissingFileError, match=r"similar names: cameras\.gpkg") as refusal:
        read_layer(tmp_path / "camera.gpkg", "cameras")
    assert isinstance(refusal.value, FileNotFoundError)
    with pytest.raises(MissingFileError, match="no such file; check the path"):
        read_layer(tmp_path / "nowhere" / "streets.gpkg", "streets")
    with pytest.raises(MissingFileError, match=r"zzz\.gpkg: no such file"):
        read_layer(f"{tmp_path / 'zzz.gpkg'}:layer", "streets")


def test_files_that_cannot_be_read_are_refused_with_those_that_can(tmp_path: Path) -> None:
    """By the end of the name; a folder is named as what it is."""
    path = tmp_path / "plan.dwg"
    path.touch()
    with pytest.raises(
        FormatError, match=r"plan\.dwg: cannot read files that end in '\.dwg'.*gpkg"
    ):
        read_layer(path, "streets")
    with pytest.raises(FormatError, match="is a folder; name a file in it"):
        read_layer(tmp_path, "streets")


def test_degrees_are_not_taken_as_metres(tmp_path: Path) -> None:
    """A projected --crs over columns of longitude and latitude is a slip."""
    path = csv_file(tmp_path, "经度,纬度\n114.3,30.5\n")
    with pytest.raises(PlaceError, match=r"hold degrees, which the projected EPSG:4547"):
        read_layer(path, "posts", crs="EPSG:4547")


@pytest.mark.parametrize(
    "described",
    [b"{", b"{}", b'{"primary_column": "nowhere", "columns": {"nowhere": {"encoding": "WKB"}}}'],
)
def test_a_broken_description_of_the_geometry_is_said_so(tmp_path: Path, described: bytes) -> None:
    """No JSON, no keys, a column that is not there: refused in words, not with a traceback."""
    table = pa.table({"post_id": ["P1"]}).replace_schema_metadata({b"geo": described})
    pq.write_table(table, tmp_path / "posts.parquet")
    with pytest.raises(FormatError, match=r"posts\.parquet: cannot be opened \(geo:"):
        read_layer(tmp_path / "posts.parquet", "posts")


def test_the_end_of_a_file_name_may_be_in_capitals(tmp_path: Path) -> None:
    """As old programs write it."""
    assert len(read_layer(csv_file(tmp_path, "lon,lat\n1,2\n", "A.CSV"), "posts").frame) == 1


def test_arguments_that_make_no_sense_are_refused_before_reading(tmp_path: Path) -> None:
    """Each with what would be right."""
    path = csv_file(tmp_path, "id,lon,lat\n1,109,32\n")
    with pytest.raises(KindError, match="'roads'; use one of streets"):
        read_layer(path, "roads")
    with pytest.raises(PlaceError, match="unknown datum 'xian80'"):
        read_layer(path, "posts", datum="xian80")
    with pytest.raises(PlaceError, match="'EPSG:99'"):
        read_layer(path, "posts", crs="EPSG:99")
    with pytest.raises(ColumnError, match="no column label"):
        read_layer(path, "posts", columns={"name": "label"})


def test_points_given_as_streets_are_refused(tmp_path: Path) -> None:
    """Two arguments are swapped."""
    with pytest.raises(KindError, match="are two arguments swapped"):
        read_layer(csv_file(tmp_path, "id,lon,lat\n1,109,32\n"), "streets")


def test_coordinates_may_stand_under_any_heads_that_are_named(tmp_path: Path) -> None:
    """And a table whose heads say nothing else is found by them."""
    path = csv_file(tmp_path, "说明,,\nNo,E,N\n7,109,32\n")
    layer = read_layer(path, "posts", columns={"lon": "E", "lat": "N", "post_id": "No"})
    assert layer.frame["post_id"].tolist() == [7]
    assert layer.frame.geometry[0].coords[0] == (109.0, 32.0)


cells = st.one_of(
    st.sampled_from(["", "109.365", "32.834", "0", "x", "181", "1e400", "3.4E+19", "007", "7"]),
    st.text(alphabet="1甲,\"'\n .-", max_size=4),
)


@given(rows=st.lists(st.tuples(cells, cells, cells), max_size=8))
def test_no_row_is_ever_lost(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple]) -> None:
    """Good and bad rows are all the rows, each in one place, in order."""
    path = tmp_path_factory.mktemp("rows") / "a.csv"
    content = pd.DataFrame([("甲", *row) for row in rows], columns=["名称", "编号", "经度", "纬度"])
    content.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    layer = read_layer(path, "posts")
    assert layer.rows_read == len(rows)
    assert len(layer.frame) + len(layer.quarantine) == layer.rows_read
    assert layer.quarantine["reason"].notna().all()
    assert layer.quarantine["row"].is_monotonic_increasing
    assert layer.frame["post_id"].is_unique
    assert shapely.is_valid(layer.frame.geometry.to_numpy()).all()


@given(
    points=st.lists(
        st.sampled_from(["POINT (1 1)", "POINT EMPTY", "POINT (0 0)", "POINT (200 1)", None])
    )
)
def test_no_feature_is_ever_lost(
    tmp_path_factory: pytest.TempPathFactory, points: list[str | None]
) -> None:
    """The same for a GIS file; reading changes neither number nor order."""
    path = tmp_path_factory.mktemp("features") / "a.parquet"
    frame = gpd.GeoDataFrame(
        {"id": np.arange(len(points))},
        geometry=shapely.from_wkt(np.array(points, object)),
        crs=4326,
    )
    frame.to_parquet(path)
    layer = read_layer(path, "posts")
    assert layer.rows_read == len(points)
    good = [i for i, point in enumerate(points) if point == "POINT (1 1)"]
    assert layer.frame["post_id"].tolist() == good
    assert layer.quarantine["post_id"].tolist() == [i for i in range(len(points)) if i not in good]


REAL = {
    "us_cambridge_ma_police/cambridge.gpkg:street_centerlines": ("streets", 2643, 0),
    "us_cambridge_ma_police/cambridge.gpkg:street_lights": ("posts", 6117, 0),
    "us_cambridge_ma_police/cambridge_cameras_osm.gpkg": ("cameras", 1355, 0),
    "us_nyc_midtown_osm/nyc_midtown_3km.gpkg:streets": ("streets", 2294, 0),
    "us_nyc_midtown_osm/nyc_midtown_3km.gpkg:buildings": ("buildings", 8180, 0),
    "us_nyc_midtown_osm/nyc_midtown_3km.gpkg:cameras_osm": ("cameras", 129, 0),
    "cn_shanghai_lujiazui_osm/shanghai_lujiazui.gpkg:streets": ("streets", 1090, 0),
    "cn_shanghai_lujiazui_osm/shanghai_lujiazui.gpkg:buildings": ("buildings", 1321, 0),
    "fi_helsinki_osm/helsinki_centre.gpkg:streets": ("streets", 2504, 0),
    "fi_helsinki_osm/helsinki_centre.gpkg:buildings": ("buildings", 489, 18),
    "cn_wuxi_xinwu_grid/xinwu.gpkg:road_centerlines": ("streets", 5835, 0),
    "cn_admin_shaanxi/shaanxi_admin.gpkg:counties_wgs84": ("areas", 107, 0),
    "world_osm_surveillance/tallinn_cameras.gpkg": ("cameras", 5311, 0),
    "ca_vancouver_crime/vancouver_crime_2020_2022.parquet": ("incidents", 103_918, 11_452),
}
"""Spec -> kind, rows, and rows known to be bad."""


@pytest.mark.parametrize("spec", REAL)
def test_real_layers_are_read_whole(shared_data: Path, spec: str) -> None:
    """Nothing about persons is in these."""
    kind, rows, bad = REAL[spec]
    layer = read_layer(f"{shared_data}/{spec}", kind)
    assert (layer.rows_read, len(layer.quarantine)) == (rows, bad)
    assert len(layer.frame) == rows - bad
    assert "personal_dropped" not in codes(layer)
    assert layer.source == spec.partition("/")[2]


def test_cambridge_street_ids_repeat_and_the_note_says_which_figure_is_which(
    shared_data: Path,
) -> None:
    """2,643 rows hold 808 values: 1,835 surplus rows, 2,190 rows that share."""
    layer = read_layer(
        f"{shared_data}/us_cambridge_ma_police/cambridge.gpkg:street_centerlines", "streets"
    )
    assert told(layer, "id_repeats") == {
        "column": "Street_ID", "total": 2643, "distinct": 808, "surplus": 1835, "sharing": 2190,
    }  # fmt: skip
    assert layer.frame["street_id"].tolist() == list(range(2643))
    assert layer.frame["name"][0] == "Cambridge St"


def test_cambridge_sectors_come_by_columns_and_the_station_without_telephone(
    shared_data: Path,
) -> None:
    """Local names are named, not guessed."""
    file = shared_data / "us_cambridge_ma_police/cambridge.gpkg"
    sectors = read_layer(f"{file}:police_sectors", "areas", columns={"area_id": "SECTOR"})
    assert sorted(sectors.frame["area_id"]) == [1, 2, 3, 4, 5]
    station = read_layer(f"{file}:police_station", "posts", columns={"name": "SITE_NAME"})
    assert told(station, "personal_dropped")["names"] == [
        "PHONE", "created_user", "last_edited_user",
    ]  # fmt: skip
    with pytest.raises(LayerError, match="police_sectors, police_car_routes"):
        read_layer(file, "streets")


def test_helsinki_has_a_ring_of_two_points(shared_data: Path) -> None:
    """And seventeen outlines that cross themselves; 471 buildings arrive."""
    layer = read_layer(f"{shared_data}/fi_helsinki_osm/helsinki_centre.gpkg:buildings", "buildings")
    assert set(layer.quarantine["reason"]) == {"invalid_ring"}
    assert layer.quarantine["detail"].str.startswith("Too few points").sum() >= 1


def test_shaanxi_as_shipped_lands_on_shaanxi_as_converted(shared_data: Path) -> None:
    """The provider never said that it is GCJ-02."""
    file = f"{shared_data}/cn_admin_shaanxi/shaanxi_admin.gpkg"
    shipped = read_layer(f"{file}:counties_gcj02_as_shipped", "areas", datum="gcj02").frame
    converted = read_layer(f"{file}:counties_wgs84", "areas").frame
    assert shipped["area_id"].tolist() == converted["area_id"].tolist()
    assert shapely.get_coordinates(shipped.geometry.to_numpy()) == pytest.approx(
        shapely.get_coordinates(converted.geometry.to_numpy()), abs=1e-7
    )


def test_vancouver_in_its_own_crs_has_rows_at_zero(shared_data: Path) -> None:
    """Both coordinates 0 stand for a place withheld."""
    file = shared_data / "ca_vancouver_crime/vancouver_crime_sample2000.csv"
    metres = read_layer(file, "incidents", crs="EPSG:26910")
    assert set(metres.quarantine["reason"]) == {"no_place"}
    degrees = read_layer(file, "incidents")
    assert len(metres.frame) == len(degrees.frame)
    ends = [shapely.get_coordinates(layer.frame.geometry.to_numpy()) for layer in (metres, degrees)]
    assert ends[0] == pytest.approx(ends[1], abs=2e-6)
    assert metres.frame["time"].notna().all()


def test_forty_five_thousand_streets_take_about_a_second(shared_data: Path, tmp_path: Path) -> None:
    """Three seconds of processor time are allowed; 0.5 to 0.9 were measured."""
    file = shared_data / "us_cambridge_ma_police/cambridge.gpkg"
    streets = pyogrio.read_dataframe(file, layer="street_centerlines")
    path = tmp_path / "many.gpkg"
    pyogrio.write_dataframe(pd.concat([streets] * 17, ignore_index=True), path)
    start = time.process_time()
    assert read_layer(path, "streets").rows_read == 17 * 2643
    assert time.process_time() - start < 3.0


def test_the_package_offers_what_a_caller_needs() -> None:
    """Sorted, and every name there."""
    assert all(hasattr(data, name) for name in data.__all__)


def test_routes_and_key_sites_are_layers_too(tmp_path: Path) -> None:
    """A route is a line with unit, mode and shift; a key site a point of a known kind."""
    text = (
        "路线编号,路线名称,巡逻单位,巡逻方式,班次,几何\n"
        'R1,滨江线,城关所,步巡,早班,"LINESTRING (109 32, 109.1 32)"\n'
        'R2,环城线,城关所,车巡,晚班,"MULTILINESTRING ((109 32, 109.1 32), (110 32, 110.1 32))"\n'
    )
    routes = read_layer(csv_file(tmp_path, text, "r.csv"), "routes").frame
    assert list(routes.columns) == ["route_id", "name", "unit", "mode", "shift", "geometry"]
    assert routes.geom_type.tolist() == ["LineString", "MultiLineString"]
    text = "部位编号,部位名称,部位类型,经度,纬度,所属网格\nS1,一中,学校,109,32,001\n"
    sites = read_layer(csv_file(tmp_path, text, "s.csv"), "key_sites").frame
    assert list(sites.columns) == ["site_id", "name", "kind", "area_code", "geometry"]
    assert sites.iloc[0, :4].tolist() == ["S1", "一中", "school", "001"]


def test_must_visit_points_are_a_layer_too(tmp_path: Path) -> None:
    """With the visits that are due; a number that is none is missing, and said to be."""
    text = (
        "必到点编号,必到点名称,所属路线,次序,停留时间（分钟）,到访时段,每班次数,最短间隔,最长间隔,"
        "经度,纬度\n"
        "M1,校门,R1,1,10,08:30-11:30;13:30-17:00,2,60,240,109,32\n"
        "M2,桥头,R1,1.5,-3,,两次,0,0,109.1,32\n"
        "M3,车站,R1,3,7.5分钟,,3,,,109.2,32\n"
    )
    layer = read_layer(csv_file(tmp_path, text, "m.csv"), "must_visit")
    rows = layer.frame.set_index("point_id")
    assert list(layer.frame.columns) == [
        "point_id", "name", "route_id", "seq", "dwell_min", "windows", "visits",
        "least_interval_min", "greatest_interval_min", "geometry",
    ]  # fmt: skip
    assert rows["seq"].dtype == rows["visits"].dtype == "Int64"
    first = rows.drop(columns="geometry").loc["M1"].tolist()
    assert first == ["校门", "R1", 1, 10.0, "08:30-11:30;13:30-17:00", 2, 60.0, 240.0]
    numbers = ["seq", "dwell_min", "visits", "least_interval_min", "greatest_interval_min"]
    assert rows.loc["M2", numbers].isna().tolist() == [True, True, True, False, True]
    assert rows.loc["M3", "dwell_min"] == 7.5
    unread = [note for note in layer.notes if note.code == "value_unreadable"]
    assert len(unread) == 4


@pytest.mark.parametrize("kind", ["posts", "incidents", "addresses"])
def test_a_table_without_coordinates_needs_addresses_or_codes(tmp_path: Path, kind: str) -> None:
    """It says that no column holds them; a table of addresses must have them."""
    file = csv_file(tmp_path, "编号,地址,东坐标系\n1,解放路1号,5\n", "a.csv")
    if kind == "addresses":
        with pytest.raises(ColumnError, match="no columns with coordinates"):
            read_layer(file, kind)
        return
    layer = read_layer(file, kind)
    assert layer.quarantine["reason"].tolist() == ["no_geometry"]
    assert layer.quarantine["address"].tolist() == ["解放路1号"]
    (note,) = (note for note in layer.notes if note.code == "no_coordinates")
    assert "东坐标系" in note.text("zh")


@pytest.mark.parametrize(
    ("text", "visibility"),
    [
        ("id,lon,lat,明暗哨\n1,1,2,明哨\n2,1,3,暗哨\n3,1,4,\n", ["overt", "covert", "overt"]),
        ("id,lon,lat,类型\n1,1,2,明哨\n2,1,3,固定暗哨\n", ["overt", "covert"]),
        ("id,lon,lat,name\n1,1,2,桥头\n2,1,3,桥头暗哨\n", ["overt", "covert"]),
        ("id,lon,lat,name,visibility\n1,1,2,暗哨旧址,明哨\n2,1,3,暗哨,\n", ["overt", "covert"]),
        ("id,lon,lat,name\n1,1,2,桥头\n", None),
    ],
)
def test_a_post_is_covert_where_a_column_kind_or_name_says_so(
    tmp_path: Path, text: str, visibility: list[str] | None
) -> None:
    """A column that speaks of visibility stands before a name."""
    layer = read_layer(csv_file(tmp_path, text, "p.csv"), "posts")
    if visibility is None:
        assert "visibility" not in layer.frame
    else:
        assert layer.frame["visibility"].tolist() == visibility


def test_covert_posts_found_by_name_are_told_by_line(tmp_path: Path) -> None:
    """A person should know why they vanish from the map."""
    text = "id,lon,lat,name\n1,1,2,桥头\n2,1,3,桥头暗哨\n"
    layer = read_layer(csv_file(tmp_path, text, "p.csv"), "posts")
    assert told(layer, "covert_by_name") == {"count": 1, "rows": [3]}


@pytest.mark.parametrize("kind", ["posts", "cameras", "incidents", "key_sites"])
def test_a_row_without_a_place_keeps_the_code_of_its_area(tmp_path: Path, kind: str) -> None:
    """The store can then place it in that area; the reader cannot."""
    text = "名称,经度,纬度,所属网格\n甲,109,32,610981100004001\n乙,,,610981100004002\n丙,0,0,007\n"
    layer = read_layer(csv_file(tmp_path, text, "a.csv"), kind)
    assert layer.frame["area_code"].tolist() == ["610981100004001"]
    assert layer.quarantine["reason"].tolist() == ["no_geometry", "no_place"]
    assert layer.quarantine["area_code"].tolist() == ["610981100004002", "007"]


def test_a_file_of_area_codes_needs_no_columns_for_the_place(tmp_path: Path) -> None:
    """Every row is set aside with its code; without codes the file is refused."""
    layer = read_layer(csv_file(tmp_path, "名称,网格编码\n甲,1\n乙,2\n", "a.csv"), "incidents")
    assert layer.frame.empty
    assert layer.quarantine["reason"].tolist() == ["no_geometry", "no_geometry"]
    assert layer.quarantine["area_code"].tolist() == ["1", "2"]
    with pytest.raises(ColumnError, match="no columns with coordinates"):
        read_layer(csv_file(tmp_path, "名称,类型\n甲,1\n", "b.csv"), "incidents")


def test_an_area_code_that_lost_digits_is_missing_and_noted(tmp_path: Path) -> None:
    """It would place the row somewhere else."""
    text = "名称,经度,纬度,grid_id\n甲,109,32,6.10981E+14\n乙,109,33,610981100004002\n"
    layer = read_layer(csv_file(tmp_path, text, "a.csv"), "incidents")
    assert layer.frame["area_code"].where(layer.frame["area_code"].notna(), None).tolist() == [
        None, "610981100004002",
    ]  # fmt: skip
    assert told(layer, "value_unreadable")["values"] == ["6.10981E+14"]


def test_the_class_that_a_kind_of_incident_names_is_not_lost(tmp_path: Path) -> None:
    """A theft is a case, and still a theft; a class column of the file stays as it is."""
    text = "编号,经度,纬度,类型\n1,109,32,盗窃案件\n2,109,33,案件\n3,109,34,涂鸦\n"
    frame = read_layer(csv_file(tmp_path, text, "i.csv"), "incidents").frame
    assert frame["kind"].tolist() == ["case", "case", "涂鸦"]
    assert frame["class"].fillna("").tolist() == ["盗窃案件", "", ""]
    text = "编号,经度,纬度,类型,案由\n1,109,32,盗窃案件,盗窃\n"
    frame = read_layer(csv_file(tmp_path, text, "j.csv"), "incidents").frame
    assert frame["class"].tolist() == ["盗窃"]


IDENTITY = "11010519491231002X"
"""An identity number with the right check digit, of nobody."""


@pytest.mark.parametrize(
    "number", [IDENTITY, "13812345678", "+86 138-1234-5678", "１３８12345678", "陕A12345"]
)
def test_personal_numbers_reach_nothing_that_a_layer_holds(tmp_path: Path, number: str) -> None:
    """Neither good rows nor bad ones, neither details nor notes, whatever column they stand in."""
    rows = "".join(f"P{i},桥{i},固定,8-20,109,32\n" for i in range(20))
    text = (
        f"编号,名称,明暗哨,值守时间,经度,纬度\n{rows}"
        f"X1,甲（{number}）,{number},电 {number},109,32\nX2,乙{number}丙,明,,{number},32\n"
    )
    layer = read_layer(csv_file(tmp_path, text), "posts")
    held = f"{layer.frame.to_csv()}{layer.quarantine.to_csv()}{layer.notes}"
    assert number not in held
    assert number[-8:] not in held
    assert layer.frame["name"].tolist()[-1] == "甲（***）"
    assert layer.quarantine["name"].tolist() == ["乙***丙"]
    assert layer.quarantine["detail"].tolist() == ["经度=*** 纬度=32"]


def test_an_id_that_is_an_identity_number_is_set_aside_and_masked(tmp_path: Path) -> None:
    """Masked it would identify nothing, kept it would identify a person."""
    rows = "".join(f"P{i},109,32\n" for i in range(9))
    layer = read_layer(csv_file(tmp_path, f"编号,经度,纬度\n{rows}{IDENTITY},109,32\n"), "posts")
    assert layer.quarantine["reason"].tolist() == ["id_personal"]
    assert IDENTITY not in f"{layer.frame.to_csv()}{layer.quarantine.to_csv()}{layer.notes}"
    assert layer.frame["post_id"].tolist() == [f"P{i}" for i in range(9)]


def test_long_codes_are_no_identity_numbers(tmp_path: Path) -> None:
    """Twenty digits of a device, fifteen of a grid, eighteen with a wrong check digit."""
    text = (
        "设备编码,名称,所属网格,经度,纬度\n61099900001320000001,路口 110105194912310021,"
        "610981100004001,109.138123456781,32\n"
    )
    layer = read_layer(csv_file(tmp_path, text), "cameras")
    assert layer.frame["name"].tolist() == ["路口 110105194912310021"]
    assert not [note for note in layer.notes if note.code.startswith("personal")]
    rows = "".join(f"桥{i},109,32\n" for i in range(9))
    text = f"名称,经度,纬度\n{rows}码 110105194912310021 电 13812345678,109,32\n"
    layer = read_layer(csv_file(tmp_path, text), "cameras")
    assert layer.frame["name"].tolist()[-1] == "码 110105194912310021 电 ***"


def test_walls_are_lines_with_heights(tmp_path: Path) -> None:
    """In metres; a wall drawn as a point is none, and an unknown height stays unknown."""
    text = """围墙编号,围墙名称,墙高,几何
W1,小区东墙,2.5米,"LINESTRING (109 32, 109.1 32)"
W2,,高,"MULTILINESTRING ((109 32, 109.1 32), (109 33, 109.1 33))"
W3,,2,POINT (109 32)
"""
    layer = read_layer(csv_file(tmp_path, text), "walls")
    assert list(layer.frame.columns) == ["wall_id", "name", "height_m", "geometry"]
    assert layer.frame["wall_id"].tolist() == ["W1", "W2"]
    assert layer.frame["height_m"].fillna(-1.0).tolist() == [2.5, -1.0]
    assert layer.quarantine["reason"].tolist() == ["wrong_kind"]
    assert told(layer, "value_unreadable")["values"] == ["高"]


def test_poles_are_points_with_the_kind_of_camera_that_could_hang_there(tmp_path: Path) -> None:
    """In the words of cameras; what the pole itself is made for is no kind of camera."""
    text = """杆号,杆位名称,拟装摄像机类型,杆件类型,经度,纬度
L1,临江路口,球机,路灯杆,109.365,32.834
L2,,路灯杆,,109.366,32.835
L3,桥头,枪机,,,
"""
    layer = read_layer(csv_file(tmp_path, text), "poles")
    assert list(layer.frame.columns) == ["pole_id", "name", "kind", "geometry"]
    assert layer.frame["pole_id"].tolist() == ["L1", "L2"]
    assert layer.frame["kind"].tolist() == ["ptz_dome", "路灯杆"]
    assert layer.quarantine["reason"].tolist() == ["no_geometry"]
    assert told(layer, "kind_unknown")["values"] == ["路灯杆"]
    assert told(layer, "columns_ignored")["names"] == ["杆件类型"]


def test_entrances_name_their_site_and_a_site_has_several(tmp_path: Path) -> None:
    """As text, whatever it looks like; the id of the door is its own."""
    text = """出入口编号,部位编号,出入口名称,经度,纬度
1,7,南门,109.365,32.834
2,7,北门,109.366,32.835
3,,侧门,109.366,32.836
4,3.402E+19,西门,109.366,32.837
5,S8,,,
"""
    layer = read_layer(csv_file(tmp_path, text), "entrances")
    assert list(layer.frame.columns) == ["entrance_id", "site_id", "name", "geometry"]
    assert layer.frame["entrance_id"].tolist() == [1, 2, 3, 4]
    assert layer.frame["site_id"].fillna("").tolist() == ["7", "7", "", ""]
    assert told(layer, "value_unreadable")["values"] == ["3.402E+19"]
    assert layer.quarantine["reason"].tolist() == ["no_geometry"]


def test_what_schools_need_is_of_a_kind_in_the_list_or_set_aside(tmp_path: Path) -> None:
    """In words of offices; the word met is quoted, a blank one is none."""
    text = """设施类型,名称,经度,纬度
交通标志,校门东,109.365,32.834
减速带,,109.366,32.835
Escort Post,,109.366,32.836
花坛,,109.366,32.837
,,109.366,32.838
标志,,,
"""
    layer = read_layer(csv_file(tmp_path, text), "school_needs")
    assert layer.frame["kind"].tolist() == ["sign", "speed_bump", "escort_post"]
    aside = layer.quarantine[["row", "reason", "detail"]].to_numpy().tolist()
    assert aside == [
        [5, "need_unknown", "花坛"], [6, "need_unknown", ""], [7, "no_geometry", ""],
    ]  # fmt: skip
    assert "code_unknown" not in {note.code for note in layer.notes}
    bare = read_layer(csv_file(tmp_path, "名称,经度,纬度\n门口,109.3,32.8\n"), "school_needs")
    assert bare.quarantine["reason"].tolist() == ["need_unknown"]
