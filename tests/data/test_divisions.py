"""Lists of divisions become a tree, and every row that does not fit is named with its reason."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from data.divisions import Divisions, read_divisions
from data.errors import ColumnError, FormatError
from data.notes import Note

LIST = """区划代码,名称,上级代码
61,陕西省,
6109,安康市,61
610981,旬阳市,6109
610981100,城关镇,610981
610981100004,老城社区,610981100
"""


def read(tmp_path: Path, text: str, **options: object) -> Divisions:
    """Read text as a CSV file."""
    path = tmp_path / "d.csv"
    path.write_text(text, encoding="utf-8")
    known = options.get("known", ())
    changes = options.get("changes")
    assert isinstance(known, tuple)
    assert changes is None or isinstance(changes, dict)
    return read_divisions(path, known=known, changes=changes)


def aside(divisions: Divisions) -> list[tuple[int, str, str]]:
    """Return line, reason and detail of the rows that were set aside."""
    columns = divisions.quarantine[["row", "reason", "detail"]]
    return [tuple(row) for row in columns.itertuples(index=False)]


def test_a_list_becomes_a_tree_with_parents_by_the_structure_of_codes(tmp_path: Path) -> None:
    """Codes of any level get their twelve digits."""
    divisions = read(tmp_path, LIST)
    frame = divisions.frame
    assert list(frame.columns) == ["code", "name", "parent_code", "level"]
    assert frame["code"].tolist() == [
        "610000000000", "610900000000", "610981000000", "610981100000", "610981100004",
    ]  # fmt: skip
    assert frame["parent_code"].tolist() == [None, *frame["code"].tolist()[:-1]]
    assert frame["level"].tolist() == ["province", "prefecture", "county", "town", "village"]
    assert divisions.quarantine.empty
    assert (divisions.rows_read, divisions.notes, divisions.source) == (5, (), "d.csv")


def test_orphans_repeats_wrong_parents_and_bad_codes_are_named_row_by_row(tmp_path: Path) -> None:
    """The good rows arrive all the same."""
    text = LIST + (
        "610981200005,无镇村,\n"  # 7: its town is missing
        "610981100004,又一个,\n"  # 8: that code again
        "610981101,棕溪镇,610982\n"  # 9: another county's
        "610981101001,棕溪村,610981101\n"  # 10: below a row that was set aside
        "6.10981E+11,丢失,\n"  # 11
        "61098110,八位,\n"  # 12
        "610981000001,无镇,\n"  # 13: a village without a block for its town
        "ABC,字母,\n"  # 14
        "610981102,,\n"  # 15
        "001234,零省,\n"  # 16
    )
    divisions = read(tmp_path, text)
    assert len(divisions.frame) == 5
    assert aside(divisions) == [
        (7, "orphan", "610981200000"),
        (8, "duplicate_code", "610981100004 = 6: 老城社区"),
        (9, "wrong_parent", "610982000000 → 610981000000"),
        (10, "orphan", "610981101000"),
        (11, "id_lost_digits", "6.10981E+11"),
        (12, "code_structure", "61098110"),
        (13, "code_structure", "610981000001"),
        (14, "code_structure", "ABC"),
        (15, "no_name", ""),
        (16, "code_structure", "001234"),
    ]
    assert divisions.quarantine["code"].tolist()[5] == "61098110"
    assert divisions.notes[-1].code == "rows_quarantined"
    assert "上级不在名单里 2" in divisions.notes[-1].text()


def test_codes_that_a_workbook_turned_into_numbers_are_kept_or_named(tmp_path: Path) -> None:
    """Twelve digits survive in a number; a longer one that was cut does not fit any level."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    rows: list[list[object]] = [
        ["行政区划", None], ["区划代码", "名称"], [610981100000, "城关镇"],
        [610981100004.0, "老城社区"], ["610981100005", "鲁家台"], [6.10981100006123e17, "坏"],
    ]  # fmt: skip
    for row in rows:
        page.append(row)
    book.save(tmp_path / "d.xlsx")
    divisions = read_divisions(tmp_path / "d.xlsx")
    assert divisions.frame["code"].tolist() == ["610981100000", "610981100004", "610981100005"]
    assert [row[:2] for row in aside(divisions)] == [(6, "id_lost_digits")]


def test_the_topmost_level_of_a_list_has_its_parents_elsewhere(tmp_path: Path) -> None:
    """Unless it is said which there are: then every parent must be there."""
    text = "code,name\n610981100,城关镇\n610982100,别镇\n"
    assert len(read(tmp_path, text).frame) == 2
    divisions = read(tmp_path, text, known=("610981000000",))
    assert divisions.frame["name"].tolist() == ["城关镇"]
    assert aside(divisions) == [(3, "orphan", "610982000000")]


def test_a_prefecture_may_have_towns_and_no_county(tmp_path: Path) -> None:
    """Four levels are not forced on anyone; the parent is the prefecture."""
    divisions = read(tmp_path, "code,name\n441900,东莞市\n441900003,东城街道\n")
    assert divisions.frame["parent_code"].tolist() == ["440000000000", "441900000000"]
    assert divisions.frame["level"].tolist() == ["prefecture", "town"]


def test_old_codes_become_new_ones_on_request_alone(tmp_path: Path) -> None:
    """With all that lies below them, and in the column of parents too."""
    text = "code,name,parent\n610928,旬阳县,6109\n610928100,城关镇,610928\n610929,白河县,6109\n"
    assert read(tmp_path, text).frame["code"][1] == "610928100000"
    divisions = read(tmp_path, text, changes={"610928": "610981"})
    assert divisions.frame["code"].tolist() == ["610981000000", "610981100000", "610929000000"]
    assert divisions.frame["parent_code"][1] == "610981000000"
    assert divisions.notes == (Note("codes_renamed", {"count": 2}),)
    both = text + "610981,旬阳市,6109\n"
    divisions = read(tmp_path, both, changes={"610928000000": "610981000000"})
    assert aside(divisions) == [(5, "duplicate_code", "610981000000 = 2: 旬阳县")]


@pytest.mark.parametrize(("old", "new"), [("610928", "610981100"), ("61092", "61098"), ("x", "y")])
def test_a_change_between_levels_is_refused(tmp_path: Path, old: str, new: str) -> None:
    """A county cannot become a town."""
    with pytest.raises(FormatError, match="are no codes of one level"):
        read(tmp_path, LIST, changes={old: new})


def test_a_list_without_codes_or_names_is_refused_with_its_heads(tmp_path: Path) -> None:
    """And so is a file that is no table."""
    with pytest.raises(ColumnError, match="no column for the code of divisions; it has: a, 名称"):
        read(tmp_path, "a,名称\n1,2\n")
    with pytest.raises(ColumnError, match="no column for the name"):
        read(tmp_path, "code,b\n61,2\n")
    (tmp_path / "d.gpkg").write_bytes(b"")
    with pytest.raises(FormatError, match=r"cannot read files that end in '.gpkg'"):
        read_divisions(tmp_path / "d.gpkg")


def test_names_hold_no_telephone(tmp_path: Path) -> None:
    """A remark beside the name of a village is masked, other columns are not even read."""
    divisions = read(tmp_path, "code,name,负责人\n61,陕西 13812345678,张某\n6109,安康,李某\n")
    assert divisions.frame["name"].tolist() == ["陕西 ***", "安康"]
    assert "某" not in f"{divisions.frame}{divisions.quarantine}{divisions.notes}"


def test_an_empty_list_gives_no_divisions(tmp_path: Path) -> None:
    """And no error."""
    divisions = read(tmp_path, "code,name\n")
    assert (len(divisions.frame), divisions.rows_read) == (0, 0)


def test_parents_are_asked_for_where_a_level_above_is_known(tmp_path: Path) -> None:
    """Another county that is stored already does not make a new one an orphan."""
    text = "code,name\n610981,旬阳市\n610981100,城关镇\n"
    for known in (("610902000000",), ("610902000000", "610902100000"), ()):
        assert read(tmp_path, text, known=known).quarantine.empty
    divisions = read(tmp_path, text, known=("610800000000",))
    assert [row[1:] for row in aside(divisions)] == [
        ("orphan", "610900000000"), ("orphan", "610981000000"),
    ]  # fmt: skip
    assert read(tmp_path, text, known=("610900000000",)).quarantine.empty


def test_a_list_states_the_codes_that_its_divisions_had(tmp_path: Path) -> None:
    """One, several, its own or none; in full or short."""
    text = (
        "区划代码,名称,曾用代码\n610981,旬阳市,610928000000\n610981100,城关镇,610981100\n"
        "610981101,棕溪镇,\n610981102,关口镇,610981109、610981110/610981111\n"
    )
    divisions = read(tmp_path, text)
    assert divisions.quarantine.empty
    assert divisions.changes == {
        "610928000000": "610981000000",
        "610981109000": "610981102000",
        "610981110000": "610981102000",
        "610981111000": "610981102000",
    }
    assert read(tmp_path, LIST).changes == {}


def test_old_codes_that_cannot_be_are_named(tmp_path: Path) -> None:
    """Of another level, no code, another's now, stated before, or in a circle."""
    text = (
        "code,name,old_code\n610901,甲,610911\n610902,乙,610901\n610903,丙,610911\n"
        "610904,丁,610911100\n610905,戊,旧码\n610906,己,610916\n610916,庚,610906\n"
        "610907,辛,610917\n610927,壬,610937\n"
    )
    divisions = read(tmp_path, text, changes={"610907": "610917", "610927": "610947"})
    assert aside(divisions) == [
        (3, "old_code", "610901 = 2: 甲"),
        (4, "old_code", "610911 = 2: 甲"),
        (5, "old_code", "610911100 → 610904000000"),
        (6, "old_code", "旧码 → 610905000000"),
        (7, "old_code", "610916 = 8: 庚"),
        (8, "old_code", "610906 = 7: 己"),
        (9, "old_code", "610917 → 610907000000 → 610917000000"),
    ]
    assert divisions.quarantine["old_code"].tolist()[0] == "610901"
    assert divisions.changes == {
        "610911000000": "610901000000", "610937000000": "610927000000",
    }  # fmt: skip


def test_what_lies_below_two_that_became_one_keeps_its_code(tmp_path: Path) -> None:
    """Nobody knows the new one; without its parent it is set aside."""
    text = "code,name\n6109,安康市\n610901,甲县\n610901100,镇\n"
    divisions = read(tmp_path, text, changes={"610901": "610903", "610902": "610903"})
    assert divisions.frame["code"].tolist() == ["610900000000", "610903000000"]
    assert aside(divisions) == [(4, "orphan", "610901000000")]


def test_a_tree_of_2376_centres_arrives_whole(tmp_path: Path) -> None:
    """One prefecture, 11 counties, 177 towns, 2,187 villages, in any order."""
    counties = [f"6105{n:02d}" for n in range(1, 12)]
    towns = [f"{counties[i % 11]}{100 + i // 11:03d}" for i in range(177)]
    villages = [f"{towns[i % 177]}{200 + i // 177:03d}" for i in range(2187)]
    codes = [*villages, *towns, *counties, "6105"]
    text = "code,name\n" + "".join(f"{code},{code}号\n" for code in codes)
    divisions = read(tmp_path, text)
    assert divisions.quarantine.empty
    counts = divisions.frame["level"].value_counts()
    assert counts.to_dict() == {"village": 2187, "town": 177, "county": 11, "prefecture": 1}
    assert divisions.frame["code"].is_unique
    below = divisions.frame[divisions.frame["level"] != "prefecture"]
    assert below["parent_code"].isin(divisions.frame["code"]).all()


def test_xunyang_has_21_towns_and_309_villages(shared_data: Path, tmp_path: Path) -> None:
    """The parents that the lists state are those of the codes."""
    folder = shared_data / "cn_admin_shaanxi"
    counties = read_divisions(folder / "names_shaanxi_counties.csv").frame
    towns = read_divisions(folder / "names_shaanxi_towns.csv", known=tuple(counties["code"]))
    assert (len(counties), len(towns.frame), len(towns.quarantine)) == (107, 1335, 0)
    own = towns.frame[towns.frame["parent_code"] == "610981000000"]
    assert len(own) == 21
    villages = read_divisions(
        folder / "names_xunyang_villages_communities.csv", known=tuple(own["code"])
    )
    assert (len(villages.frame), len(villages.quarantine)) == (309, 0)
    assert villages.frame["parent_code"].isin(own["code"]).all()
    assert villages.frame["level"].eq("village").all()
    rows = pd.concat([own, villages.frame]).to_csv(columns=["code", "name"], index=False)
    again = read(tmp_path, rows)
    assert again.frame["level"].value_counts().to_dict() == {"village": 309, "town": 21}
