"""Where cameras look: every form that people write is read, and what cannot be is noted."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import Layer, read_layer
from data.headings import headings
from data.notes import Note


def read(cells: object, head: str = "方位角") -> tuple[pd.DataFrame, list[Note]]:
    """Return what was read, None for missing, and the notes."""
    values = pd.Series(cells)
    found, notes = headings(values, head, np.arange(2, len(values) + 2))
    return found.astype(object).where(found.notna(), None), notes


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [
        (0, 0.0), (360, 0.0), (-90, 270.0), (725.5, 5.5), ("90", 90.0), ("90度", 90.0),
        ("N", 0.0), ("nne", 22.5), ("SW", 225.0), ("北", 0.0), ("东北", 45.0), ("西南西", 247.5),
        ("朝东南方向", 135.0), ("正南", 180.0), ("向西", 270.0), ("北偏东", None), ("around", None),
        (float("inf"), None), (None, None), ("-", None), (";", None),
    ],
)  # fmt: skip
def test_a_heading_is_one_number_or_compass_point(cell: object, degrees: float | None) -> None:
    """It says nothing about the field of view."""
    found, _ = read([cell])
    assert found.iloc[0].tolist() == [degrees, None, None, False]


@pytest.mark.parametrize(
    ("cell", "first", "listed"),
    [
        ("90;270", 90.0, "90;270"), ("-20;-140", 340.0, "340;220"), ("N；东", 0.0, "0;90"),
        ("90、180, 270", 90.0, "90;180;270"), ("22.5|0", 22.5, "22.5;0"), ("90;", 90.0, None),
        ("0-90;180-200", 45.0, "45;190"), ("90;unknown", None, None),
    ],
)  # fmt: skip
def test_of_several_lenses_the_first_is_the_heading_and_all_are_kept(
    cell: str, first: float | None, listed: str | None
) -> None:
    """A list of which one part cannot be read is unknown."""
    found, _ = read([cell])
    assert found.iloc[0][["azimuth_deg", "headings"]].tolist() == [first, listed]


@pytest.mark.parametrize(
    ("cell", "middle", "width"),
    [
        ("239-284", 261.5, 45.0), ("0-200", 100.0, 200.0), ("350-10", 0.0, 20.0),
        ("315–45", 0.0, 90.0), ("-20-30", 5.0, 50.0), ("NW-NE", 0.0, 90.0),
        ("90至180", 135.0, 90.0),
        ("90 ~ 100", 95.0, 10.0), ("90-90", 90.0, None), ("0-400", None, None),
        ("10--20", None, None), ("10-20-30", None, None), ("90-x", None, None),
    ],
)  # fmt: skip
def test_a_range_looks_at_its_middle_and_is_as_wide_as_it_says(
    cell: str, middle: float | None, width: float | None
) -> None:
    """Clockwise from the first to the second, never the short way round."""
    found, _ = read([cell])
    assert found.iloc[0].tolist() == [middle, None, width, False]


@pytest.mark.parametrize("cell", ["0-360", "0-359", "1-359", "180-540", "0-360;90"])
def test_a_range_all_round_is_no_heading(cell: str) -> None:
    """It is a round view."""
    found, notes = read([cell])
    assert found.iloc[0].tolist() == [None, None, None, True]
    assert not notes


def test_unknown_headings_are_noted_with_values_and_lines() -> None:
    """A blank cell is unknown too, but nothing was misread."""
    _, notes = read(["90;270", "N", None, "about", "239-284", "about"])
    assert notes == [Note("azimuth_unknown", {"count": 2, "values": ["about"], "rows": [5, 7]})]


@given(st.floats(-1e12, 1e12))
def test_every_finite_heading_ends_up_below_a_full_circle(heading: float) -> None:
    """Also the tiny negative ones, whose remainder rounds up to 360."""
    found, notes = read([heading])
    assert 0.0 <= found["azimuth_deg"][0] < 360.0
    assert not notes


@given(st.integers(0, 359), st.integers(1, 349))
def test_a_range_is_read_alike_wherever_it_begins(start: int, width: int) -> None:
    """North is no seam."""
    end = (start + width) % 360
    found, _ = read([f"{start}-{end}"])
    if start != end:
        assert found["fov_deg"][0] == width
        assert found["azimuth_deg"][0] == pytest.approx((start + width / 2) % 360)


def test_direction_type_holds_codes_of_where_the_axis_points() -> None:
    """Code 1 is east, not one degree; a code that is none is unknown."""
    for head in ("DirectionType", "监视方位"):
        found, notes = read([1, 2, 3, 4, 5, 6, 7, 8, 9], head)
        assert found["azimuth_deg"].tolist() == [90, 270, 180, 0, 135, 45, 225, 315, None]
        assert notes == [Note("azimuth_unknown", {"count": 1, "values": ["9"], "rows": [10]})]
    assert read(["1;2", "1-2", "东"], "DirectionType")[0]["azimuth_deg"].tolist() == [90, None, 90]
    assert read([1])[0]["azimuth_deg"].tolist() == [1.0]


def cameras(tmp_path: Path, text: str) -> Layer:
    """Read cameras from CSV."""
    path = tmp_path / "c.csv"
    path.write_text(text, encoding="utf-8")
    return read_layer(path, "cameras")


def test_a_range_gives_the_field_of_view_only_where_none_is_stated(tmp_path: Path) -> None:
    """And a list stays beside the heading of its first lens."""
    text = "id,lon,lat,direction,fov\n1,1,2,239-284,\n2,1,3,0-90,60\n3,1,4,90;270,\n4,1,5,,\n"
    frame = cameras(tmp_path, text).frame
    columns = ["camera_id", "azimuth_deg", "headings", "fov_deg", "geometry"]
    assert list(frame.columns) == columns
    assert frame["azimuth_deg"].tolist() == pytest.approx([261.5, 45, 90, np.nan], nan_ok=True)
    assert frame["fov_deg"].tolist() == pytest.approx([45, 60, np.nan, np.nan], nan_ok=True)
    assert frame["headings"].fillna("").tolist() == ["", "", "90;270", ""]


def test_an_all_round_range_makes_a_camera_panoramic_unless_it_turns(tmp_path: Path) -> None:
    """A dome on a motor sees all round, but never at once."""
    text = (
        "id,lon,lat,direction,camera_type,fov\n1,1,2,0-360,fixed,\n2,1,3,0-360,panning,\n"
        "3,1,4,0-360,,90\n4,1,5,90,dome,\n"
    )
    layer = cameras(tmp_path, text)
    frame = layer.frame
    assert frame["kind"].tolist() == ["panoramic", "ptz_dome", "panoramic", "fixed_dome"]
    assert frame["fov_deg"].tolist() == pytest.approx([360, np.nan, 360, np.nan], nan_ok=True)
    assert frame["azimuth_deg"].isna().tolist() == [True, True, True, False]
    assert Note("kind_round_view", {"count": 2}) in layer.notes


def test_headings_written_by_us_are_read_again(tmp_path: Path) -> None:
    """A layer that was exported has both columns, and loses no lens."""
    text = "id,lon,lat,azimuth_deg,headings\n1,1,2,90,90;270\n2,1,3,45,\n3,1,4,,10;20\n"
    frame = cameras(tmp_path, text).frame
    assert frame["azimuth_deg"].tolist() == [90, 45, 10]
    assert frame["headings"].fillna("").tolist() == ["90;270", "", "10;20"]


@pytest.mark.parametrize(
    ("file", "rows", "aimed", "listed"),
    [
        ("tallinn_cameras.gpkg", 5311, 3596, Counter({"80;195": 1, "10;80": 1, "315;45": 1})),
        (
            "chinese_cities_cameras.geojson",
            901,
            90,
            Counter({
                "90;270": 2, "90;180": 1, "180;270": 1, "180;90": 1, "290;150": 1, "290;200": 1,
                "340;220": 1, "280;75": 1, "120;300": 1,
            }),
        ),
    ],
)  # fmt: skip
def test_every_direction_of_two_real_layers_is_read(
    shared_data: Path, file: str, rows: int, aimed: int, listed: Counter[str]
) -> None:
    """Degrees, negative ones, letters and lists: none is left over."""
    layer = read_layer(shared_data / "world_osm_surveillance" / file, "cameras")
    assert (len(layer.frame), len(layer.quarantine)) == (rows, 0)
    assert "azimuth_unknown" not in {note.code for note in layer.notes}
    assert layer.frame["azimuth_deg"].notna().sum() == aimed
    assert Counter(layer.frame["headings"].dropna()) == listed
