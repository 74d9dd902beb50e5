"""Which column of a file is which of ours."""

from collections.abc import Iterable

import pytest

from data.columns import known_heads, match_columns, plain
from data.errors import ColumnError
from data.heads import ALIASES, KINDS, PLACES
from data.notes import Note
from data.personal import is_personal_head


def codes(notes: Iterable[Note]) -> list[str]:
    """Return the codes of notes, in order."""
    return [note.code for note in notes]


def test_case_spaces_underscores_width_and_units_do_not_count_in_heads() -> None:
    """Offices write one head in many ways; a remark that is no unit still counts."""
    assert plain("Street_Name") == plain("street name") == plain("STREETNAME")
    assert plain("安装高度（米）") == plain("安装高度(m)") == plain("安装高度")
    assert plain("ＩＤ") == plain("id")
    assert plain("方位角（真北）") != plain("方位角")


def test_heads_are_found_in_english_in_osm_words_and_in_chinese() -> None:
    """One sheet may mix all three."""
    heads = ["设备编码", "camera:direction", "HorizontalFieldAngle", "可视距离", "经度", "纬度"]
    found = match_columns(heads, "cameras")
    assert found.columns == {"camera_id": 0, "azimuth_deg": 1, "fov_deg": 2, "range_m": 3}
    assert found.places == {"lon": 4, "lat": 5}


def test_camera_angle_is_tilt_and_never_the_field_of_view() -> None:
    """OpenStreetMap's `camera:angle` is measured down from the horizon."""
    for head in ("camera:angle", "camera_angle"):
        assert match_columns([head], "cameras").columns == {"tilt_deg": 0}


def test_of_several_heads_the_first_alias_is_taken_and_a_note_says_so() -> None:
    """The order of the table decides, not the order of the file."""
    found = match_columns(["kind", "ID", "kind_detail", "Street_ID"], "streets")
    assert found.columns == {"street_id": 3, "class": 2}
    notes = {note.values.get("ours"): note for note in found.notes}
    assert notes["street_id"].values["heads"] == ["Street_ID", "ID"]
    assert notes["class"].values["taken"] == "kind_detail"


def test_of_two_heads_written_alike_the_first_in_the_file_is_taken() -> None:
    """Files may repeat a head."""
    found = match_columns(["Name", "NAME"], "streets")
    assert found.columns == {"name": 0}
    assert found.notes[0].values["heads"] == ["Name", "NAME"]


def test_unmapped_columns_are_counted_and_named() -> None:
    """Blank heads are no columns to name."""
    found = match_columns(["id", "colour", "", "owner"], "streets")
    assert codes(found.notes) == ["columns_ignored"]
    assert found.notes[0].values == {"count": 2, "names": ["colour", "owner"]}


def test_a_local_name_is_not_guessed_but_comes_by_columns() -> None:
    """`SECTOR` means an area in one city only."""
    assert match_columns(["SECTOR"], "areas").columns == {}
    assert match_columns(["SECTOR"], "areas", columns={"area_id": "SECTOR"}).columns == {
        "area_id": 0
    }


def test_columns_asked_for_stand_before_aliases_and_are_not_taken_twice() -> None:
    """A head asked for one column is not free for another."""
    found = match_columns(["id", "name", "label"], "streets", columns={"name": "label"})
    assert found.columns == {"street_id": 0, "name": 2}
    found = match_columns(["id", "name"], "streets", columns={"street_id": "name"})
    assert found.columns == {"street_id": 1}


def test_a_head_asked_for_as_written_stands_before_one_written_alike() -> None:
    """Exact first, then as heads are compared."""
    found = match_columns(["NAME", "Name"], "streets", columns={"name": "Name"})
    assert found.columns == {"name": 1}
    assert match_columns(["Road Name"], "streets", columns={"name": "road_name"}).columns == {
        "name": 0
    }


def test_a_barred_column_is_not_taken_even_when_asked_for() -> None:
    """Nor is it listed as unused: it is reported as personal elsewhere."""
    found = match_columns(["id", "name"], "posts", barred={1}, columns={"name": "name"})
    assert found.columns == {"post_id": 0}
    assert codes(found.notes) == []


def test_the_next_head_serves_when_the_first_is_barred() -> None:
    """A column of persons does not hide a good one."""
    assert match_columns(["name", "名称"], "posts", barred={0}).columns == {"name": 1}


def test_an_unknown_column_of_ours_is_refused_with_the_list() -> None:
    """The refusal is also the LookupError a stranger would catch."""
    with pytest.raises(ColumnError, match=r"streets have no column breadth; .*width_m") as refusal:
        match_columns(["id"], "streets", columns={"breadth": "id"})
    assert isinstance(refusal.value, LookupError)


def test_an_unknown_head_is_refused_with_the_list() -> None:
    """The message names the file and its heads."""
    with pytest.raises(ColumnError, match=r"a\.csv has no column nom; it has: id, name"):
        match_columns(["id", "name"], "streets", columns={"name": "nom"}, file="a.csv")


def test_place_columns_of_a_file_with_geometry_are_not_used() -> None:
    """Two places for one row would be one too many."""
    found = match_columns(["id", "lon", "lat"], "posts", has_geometry=True)
    assert found.places == {}
    assert found.notes[0].values["names"] == ["lon", "lat"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_head_of_a_kind_leads_to_a_column(kind: str) -> None:
    """No alias is dead."""
    for table in (ALIASES[kind], PLACES):
        for ours, heads in table.items():
            assert plain(ours) in {plain(head) for head in heads}
            for head in heads:
                found = match_columns([head], kind)
                assert list({**found.columns, **found.places}.values()) == [0]


@pytest.mark.parametrize("kind", KINDS)
def test_no_head_of_any_column_is_a_persons(kind: str) -> None:
    """Nothing in the file contract tells about a person."""
    for table in (ALIASES[kind], PLACES):
        for ours, heads in table.items():
            assert not [head for head in (ours, *heads) if is_personal_head(head)]


def test_known_heads_hold_aliases_places_and_heads_asked_for() -> None:
    """By them the row of heads is found."""
    known = known_heads("posts", {"post_id": "Mast No"})
    assert {"岗哨编号", "经度", "mastno"} <= known
    assert "highway" not in known
