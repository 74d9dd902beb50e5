"""Extracts of OpenStreetMap give streets, buildings and cameras, and nothing about people."""

from collections import Counter
from pathlib import Path

import pytest

from data import FormatError, KindError, LayerError, read_layer
from data.notes import Note

NODES = {
    1: {"man_made": "surveillance", "camera:direction": "90;270", "direction": "5"},
    2: {"man_made": "surveillance", "direction": "239-284", "surveillance:type": "camera"},
    3: {"man_made": "surveillance", "surveillance:type": "guard"},
    4: {"man_made": "surveillance", "surveillance:type": "camera;ALPR", "camera:type": "dome"},
    5: {"man_made": "surveillance", "surveillance:type": "gunshot_detector", "height": "4"},
    6: {"man_made": "mast", "direction": "90"},
    7: {"man_made": "surveillance", "contact:phone": "13812345678", "name": "A \\ &quot;B&quot;"},
}


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """Write a small extract: GDAL tells it from its content, whatever its name."""
    nodes = "".join(
        f'<node id="{number}" version="1" lat="{32 + number / 1000}" lon="109">'
        + "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        + "</node>"
        for number, tags in NODES.items()
    )
    ways = (
        '<way id="8" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="service"/>'
        '<tag k="bridge" v="yes"/><tag k="layer" v="1"/><tag k="width" v="4.5"/></way>'
        '<way id="9" version="1"><nd ref="1"/><nd ref="2"/><tag k="waterway" v="river"/></way>'
    )
    path = tmp_path / "town.osm.pbf"
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{nodes}{ways}</osm>', "utf-8")
    return path


def test_cameras_are_the_surveillance_nodes_that_are_no_guards(extract: Path) -> None:
    """A guard is a person; what does not say its type is a camera, as mappers mean it."""
    layer = read_layer(extract, "cameras")
    assert layer.frame["camera_id"].tolist() == ["1", "2", "4", "7"]
    left = Note("no_cameras", {"count": 2, "values": ["guard", "gunshot_detector"]})
    assert left in layer.notes
    assert layer.rows_read == 4


def test_tags_without_a_column_of_their_own_are_read(extract: Path) -> None:
    """`camera:direction` stands before `direction`, object by object."""
    frame = read_layer(extract, "cameras").frame
    assert frame["azimuth_deg"].tolist()[:2] == [90.0, 261.5]
    assert frame["headings"][0] == "90;270"
    assert frame["fov_deg"][1] == 45.0
    assert frame["kind"][2] == "fixed_dome"
    assert frame["name"][3] == 'A \\ "B"'


def test_tags_about_people_are_not_even_taken(extract: Path) -> None:
    """Telephones and contacts stay in the extract."""
    layer = read_layer(extract, "cameras")
    assert "13812345678" not in f"{layer.frame.to_csv()}{layer.notes}"


def test_streets_are_the_ways_with_a_highway(extract: Path) -> None:
    """A river is none."""
    frame = read_layer(extract, "streets").frame
    assert frame["street_id"].tolist() == ["8"]
    assert frame[["class", "bridge", "layer", "width_m"]].iloc[0].tolist() == [
        "service", "yes", 1, 4.5,
    ]  # fmt: skip


def test_other_kinds_and_layers_are_refused(extract: Path, tmp_path: Path) -> None:
    """The messages say what an extract gives."""
    with pytest.raises(KindError, match="it gives streets, buildings, cameras, not posts"):
        read_layer(extract, "posts")
    with pytest.raises(LayerError, match="it has: lines"):
        read_layer(f"{extract}:points", "streets")
    assert len(read_layer(f"{extract}:lines", "streets").frame) == 1
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"nothing")
    with pytest.raises(FormatError, match="cannot be opened"):
        read_layer(broken, "streets")


def test_helsinki_arrives_whole(shared_data: Path) -> None:
    """Of 494 buildings 23 have rings of two points or cross themselves; all else is sound."""
    file = shared_data / "fi_helsinki_osm/helsinki_centre.osm.pbf"
    streets = read_layer(file, "streets")
    assert (len(streets.frame), len(streets.quarantine)) == (2504, 0)
    assert streets.frame["oneway"].notna().sum() == 472
    assert streets.frame["street_id"].is_unique
    buildings = read_layer(file, "buildings")
    assert (buildings.rows_read, len(buildings.frame), len(buildings.quarantine)) == (494, 471, 23)
    assert Counter(buildings.quarantine["reason"]) == {"invalid_ring": 23}
    assert buildings.quarantine["detail"].str.startswith("Too few points").sum() >= 1
    kinds = buildings.frame["building_id"].str.partition("/")[0]
    assert set(kinds) == {"way", "relation"}
    cameras = read_layer(file, "cameras")
    assert (len(cameras.frame), len(cameras.quarantine)) == (221, 0)
    assert cameras.frame["azimuth_deg"].isna().all()
