"""Layers of GIS files keep their text, their long numbers and their broken geometry."""

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from data import read_layer
from data.errors import FormatError, LayerError
from data.gis import read_gis, read_parquet
from data.tables import Table

LONG_ID = 2**62 + 1
"""A whole number that a float cannot hold."""


def roads(crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    """Return two points with Chinese text, codes and a long id beside a missing one."""
    return gpd.GeoDataFrame(
        {
            "name": ["长安路", "解放路东段"],
            "code": ["007", "012"],
            "long": pd.array([LONG_ID, None], dtype="Int64"),
        },
        geometry=gpd.points_from_xy([109.0, 110.0], [34.0, 35.0]),
        crs=crs,
    )


def shapefile(folder: Path, encoding: str, cpg: str | None) -> Path:
    """Write a shapefile in an encoding, with a .cpg file that says `cpg`, or without."""
    path = folder / "道路.shp"
    pyogrio.write_dataframe(roads().drop(columns="long"), path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path


def column(table: Table, head: str) -> list[object]:
    """Return one column as a list with None for missing."""
    values = table.columns[table.heads.index(head)].astype(object)
    return values.where(values.notna(), None).tolist()


def codes(table: Table) -> list[str]:
    """Return the codes of the notes."""
    return [note.code for note in table.notes]


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.json"])
def test_text_codes_and_long_ids_are_kept(tmp_path: Path, name: str) -> None:
    """A missing id must not turn the others into floats."""
    driver = "GPKG" if name == "a.gpkg" else "GeoJSON"
    pyogrio.write_dataframe(roads(), tmp_path / name, driver=driver)
    table = read_gis(tmp_path / name, None)
    assert column(table, "name") == ["长安路", "解放路东段"]
    assert column(table, "code") == ["007", "012"]
    assert column(table, "long") == [LONG_ID, None]
    assert table.crs is not None
    assert table.crs.to_epsg() == 4326
    assert table.rows.tolist() == [1, 2]
    assert table.source == name
    assert table.typed


@pytest.mark.parametrize(
    ("encoding", "cpg", "guessed"),
    [
        ("UTF-8", "UTF-8", False),
        ("UTF-8", None, True),
        ("GB18030", None, True),
        ("GBK", "GBK", False),
        ("GBK", None, True),
        ("GBK", "UTF-8", True),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_chinese_in_shapefiles_is_read_whatever_the_cpg_says(
    tmp_path: Path, encoding: str, cpg: str | None, *, guessed: bool, zipped: bool
) -> None:
    """Missing and wrong .cpg files are the rule, not the exception."""
    path = shapefile(tmp_path, encoding, cpg)
    if zipped:
        archive = tmp_path / "道路.zip"
        with zipfile.ZipFile(archive, "w") as content:
            for part in tmp_path.glob("道路.*"):
                if part != archive:
                    content.write(part, part.name)
        path = archive
    table = read_gis(path, None)
    assert column(table, "name") == ["长安路", "解放路东段"]
    assert column(table, "code") == ["007", "012"]
    assert codes(table) == (["encoding_guessed"] if guessed else [])


def test_a_character_cut_off_at_the_end_of_a_field_does_not_spoil_the_guess(tmp_path: Path) -> None:
    """A field of fixed width may end within a Chinese character of three bytes."""
    path = tmp_path / "a.shp"
    frame = gpd.GeoDataFrame({"name": ["长" * 80]}, geometry=[shapely.Point(1, 2)], crs=4326)
    pyogrio.write_dataframe(frame, path, encoding="UTF-8")
    path.with_suffix(".cpg").unlink()
    dbf = path.with_suffix(".dbf")
    content = dbf.read_bytes()
    last = content.rindex("长".encode())
    dbf.write_bytes(content[: last + 2] + b" " + content[last + 3 :])
    table = read_gis(path, None)
    assert codes(table) == ["encoding_guessed"]
    assert column(table, "name")[0] == "长" * 79 + "\ufffd"


def test_plain_ascii_needs_no_guess(tmp_path: Path) -> None:
    """Nothing to say."""
    path = tmp_path / "a.shp"
    frame = gpd.GeoDataFrame({"name": ["Main"]}, geometry=[shapely.Point(1, 2)], crs=4326)
    pyogrio.write_dataframe(frame, path)
    path.with_suffix(".cpg").unlink()
    assert codes(read_gis(path, None)) == []


def test_several_layers_must_be_named(tmp_path: Path) -> None:
    """The list helps to choose."""
    path = tmp_path / "town.gpkg"
    for layer in ("道路", "岗哨"):
        pyogrio.write_dataframe(roads(), path, layer=layer)
    with pytest.raises(LayerError, match=r"道路, 岗哨; name one as town\.gpkg:LAYER"):
        read_gis(path, None)
    assert read_gis(path, "岗哨").source == "town.gpkg:岗哨"
    with pytest.raises(LayerError, match="no layer 'x'; it has: 道路, 岗哨"):
        read_gis(path, "x")


def test_tables_without_geometry_do_not_count_as_layers_unless_named(tmp_path: Path) -> None:
    """A GeoPackage may carry a code list."""
    path = tmp_path / "town.gpkg"
    pyogrio.write_dataframe(roads(), path, layer="roads")
    pyogrio.write_dataframe(pd.DataFrame({"lon": [1.0], "lat": [2.0]}), path, layer="codes")
    assert read_gis(path, None).source == "town.gpkg:roads"
    named = read_gis(path, "codes")
    assert named.wkb is None
    assert named.heads == ("lon", "lat")


def test_what_gdal_remarks_is_a_note_and_no_warning(tmp_path: Path) -> None:
    """Warnings are errors in these tests."""
    path = tmp_path / "a.geojson"
    ring = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}
    feature = {"type": "Feature", "properties": {"id": "1"}, "geometry": ring}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    table = read_gis(path, None)
    assert codes(table) == ["gdal_said"]
    assert "Non closed ring" in table.notes[0].text("en")
    assert table.wkb is not None
    assert len(table.wkb) == 1


def test_dates_come_as_text_with_their_zone_or_without(tmp_path: Path) -> None:
    """GeoPackage says UTC of every date when read as a date."""
    frame = roads()
    frame["time"] = pd.to_datetime(["2024-05-01 09:05:00", "2024-05-02 00:00:00"])
    pyogrio.write_dataframe(frame, tmp_path / "a.gpkg")
    assert column(read_gis(tmp_path / "a.gpkg", None), "time")[0] == "2024-05-01T09:05:00"


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.zip"])
def test_broken_files_are_refused_without_their_folder(tmp_path: Path, name: str) -> None:
    """The message is shown to people."""
    (tmp_path / name).write_text("no such thing", encoding="utf-8")
    with pytest.raises(FormatError, match=f"{name}: cannot be opened") as refusal:
        read_gis(tmp_path / name, None)
    assert str(tmp_path) not in str(refusal.value)


@pytest.mark.parametrize("geometry_encoding", ["WKB", "geoarrow"])
def test_geoparquet_brings_geometry_and_crs(tmp_path: Path, geometry_encoding: str) -> None:
    """Both encodings of the standard."""
    path = tmp_path / "a.parquet"
    frame = roads("EPSG:4547").rename_geometry("place")
    frame.to_parquet(path, geometry_encoding=geometry_encoding)
    table = read_parquet(path, None)
    assert table.crs is not None
    assert table.crs.to_epsg() == 4547
    assert table.wkb is not None
    assert shapely.from_wkb(table.wkb[1]).equals(shapely.Point(110, 35))
    assert column(table, "long") == [LONG_ID, None]
    assert "place" not in table.heads


def test_geoparquet_may_state_no_crs_at_all_or_one_unknown(tmp_path: Path) -> None:
    """Not stated means degrees, stated as null means unknown."""
    path = tmp_path / "a.parquet"
    roads(None).to_parquet(path)
    assert read_parquet(path, None).crs is None
    content = pq.read_table(path)
    described = json.loads(content.schema.metadata[b"geo"])
    del described["columns"]["geometry"]["crs"]
    metadata = {b"geo": json.dumps(described).encode()}
    pq.write_table(content.replace_schema_metadata(metadata), path)
    crs = read_parquet(path, None).crs
    assert crs is not None
    assert crs.to_epsg() == 4326


def test_plain_parquet_is_a_table_of_one_layer(tmp_path: Path) -> None:
    """Its columns hold the place."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": [LONG_ID, None], "lon": [1.0, 2.0], "lat": [1.0, 2.0]}), path)
    table = read_parquet(path, "a")
    assert table.wkb is None
    assert column(table, "id") == [LONG_ID, None]
    with pytest.raises(LayerError, match="no layer 'b'; it has: a"):
        read_parquet(path, "b")


def test_broken_parquet_is_refused(tmp_path: Path) -> None:
    """The message names the file."""
    path = tmp_path / "a.parquet"
    path.write_text("x", encoding="utf-8")
    with pytest.raises(FormatError, match=r"a\.parquet: cannot be opened"):
        read_parquet(path, None)


GPX = """<?xml version="1.0"?>
<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="32.3" lon="109.3"><name>桥头</name></wpt>{routes}
<trk><name>滨江线</name><trkseg>
<trkpt lat="32.1" lon="109.1"><ele>3</ele><time>2024-05-01T01:05:00Z</time></trkpt>
<trkpt lat="32.2" lon="109.1"><time>2024-05-01T01:06:00Z</time></trkpt>
</trkseg></trk></gpx>
"""
"""A file of a receiver: a waypoint, maybe a route, and a track of two fixes."""

ROUTE = '<rte><name>早巡</name><rtept lat="32" lon="109"/><rtept lat="33" lon="109"/></rte>'


def gpx(tmp_path: Path, routes: str) -> Path:
    """Write a GPX file and return its path."""
    path = tmp_path / "patrol.gpx"
    path.write_text(GPX.format(routes=routes), encoding="utf-8")
    return path


def test_tracks_of_a_receiver_are_fixes_with_local_times(tmp_path: Path) -> None:
    """GPX times are universal; the ledger's are local."""
    frame = read_layer(gpx(tmp_path, ROUTE), "tracks").frame
    assert frame["track_id"].tolist() == [0, 0]
    assert [str(time) for time in frame["time"]] == ["2024-05-01 09:05:00", "2024-05-01 09:06:00"]
    assert frame.geometry.y.tolist() == [32.1, 32.2]


def test_patrol_routes_are_the_routes_of_a_receiver_or_else_its_tracks(tmp_path: Path) -> None:
    """Many programs write a planned route as a track."""
    assert read_layer(gpx(tmp_path, ROUTE), "routes").frame["name"].tolist() == ["早巡"]
    frame = read_layer(gpx(tmp_path, ""), "routes").frame
    assert frame["name"].tolist() == ["滨江线"]
    assert frame.geom_type.tolist() == ["MultiLineString"]


def test_points_are_the_waypoints_and_other_layers_come_by_name(tmp_path: Path) -> None:
    """Streets are not in a receiver: the layers are listed."""
    path = gpx(tmp_path, ROUTE)
    assert read_layer(path, "posts").frame["name"].tolist() == ["桥头"]
    assert len(read_layer(f"{path}:tracks", "tracks").frame) == 1
    with pytest.raises(LayerError, match="waypoints, routes, tracks"):
        read_layer(path, "streets")


def test_a_receiver_without_routes_and_tracks_gives_no_rows(tmp_path: Path) -> None:
    """An empty layer, said so."""
    path = tmp_path / "empty.gpx"
    path.write_text(GPX.split("<trk>", maxsplit=1)[0].format(routes="") + "</gpx>", "utf-8")
    layer = read_layer(path, "routes")
    assert layer.rows_read == 0
    assert [note.code for note in layer.notes if note.code == "empty_layer"] == ["empty_layer"]


def test_an_audit_is_given_crossed_rings_and_repeated_codes(tmp_path: Path) -> None:
    """Everyone else gets them set aside, and rows by number."""
    bow = shapely.Polygon([(108, 33), (108.01, 33.01), (108.01, 33), (108, 33.01)])
    grids = gpd.GeoDataFrame(
        {"area_id": ["a", "b", "b"]},
        geometry=[
            bow,
            shapely.box(108, 33.02, 108.01, 33.03),
            shapely.box(108.01, 33.02, 108.02, 33.03),
        ],
        crs="EPSG:4326",
    )
    grids.to_file(tmp_path / "grids.gpkg")
    found = read_layer(tmp_path / "grids.gpkg", "areas", as_found=True)
    assert found.frame["area_id"].tolist() == ["a", "b", "b"]
    assert found.quarantine.empty
    usual = read_layer(tmp_path / "grids.gpkg", "areas")
    assert usual.quarantine["reason"].tolist() == ["invalid_ring"]
    grids.iloc[1:].to_file(tmp_path / "twice.gpkg")
    assert read_layer(tmp_path / "twice.gpkg", "areas").frame["area_id"].tolist() == [0, 1]
