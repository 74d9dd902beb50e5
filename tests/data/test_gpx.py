"""Planned patrols as GPX, read back by GDAL and by our own reader."""

from pathlib import Path

import numpy as np
import pyogrio
from shapely import LineString

from data import read_layer
from data.gpx import gpx_text
from tests.maps import patrols
from tests.maps.scenes import frame


def test_gdal_reads_tracks_and_waypoints_with_names_and_times(tmp_path: Path) -> None:
    """Eight stops, two units, and 22:00 in China is 14:00 in UTC."""
    path = tmp_path / "plan.gpx"
    path.write_text(gpx_text(patrols.routes(), patrols.stops()), "utf-8")
    points = pyogrio.read_dataframe(path, layer="waypoints")
    assert points["name"].tolist() == patrols.stops()["name"].tolist()
    assert points["time"].dt.strftime("%d %H:%M").iloc[[0, 6]].tolist() == ["30 14:00", "30 15:58"]
    tracks = pyogrio.read_dataframe(path, layer="tracks")
    assert tracks["name"].tolist() == ["步巡一组", "车巡一组"]
    again = tracks.to_crs("EPSG:4545").length.to_numpy()
    assert np.allclose(again, patrols.routes().length, atol=0.1)


def test_our_own_reader_takes_the_tracks_for_routes(tmp_path: Path) -> None:
    """What is written can come in again."""
    path = tmp_path / "plan.gpx"
    path.write_text(gpx_text(patrols.routes(), patrols.stops()), "utf-8")
    assert len(read_layer(f"{path}:tracks", "routes").frame) == 2


def test_a_segment_has_its_waypoint_where_its_patrol_begins() -> None:
    """And names from data stay text."""
    stops = patrols.stops().assign(name="<甲&乙>")
    text = gpx_text(patrols.routes(), stops)
    assert "&lt;甲&amp;乙&gt;" in text
    first, second = (text.split("<wpt ")[number].split(">")[0] for number in (1, 2))
    assert first == second


def test_a_unit_that_has_no_way_and_a_stop_without_place_are_left_out() -> None:
    """An empty plan is a valid file."""
    routes = frame([LineString([(0, 0), (1, 1)]), None], unit_id=["A", "B"])
    stops = patrols.stops()[:2].copy()
    stops.loc[stops.index[0], "geometry"] = None
    text = gpx_text(routes, stops)
    assert text.count("<trk>") == 1
    assert text.count("<wpt") == 1
    empty = gpx_text(routes[:0], stops[:0])
    assert "<trk>" not in empty
    assert empty.rstrip().endswith("/>")
