"""Counts of volunteers read from tables: what is kept, what is set aside, and no list of people."""

from pathlib import Path

import pandas as pd
import pytest

from data.errors import ColumnError, FormatError, LayerError
from data.notes import Note
from data.personal import is_personal_head
from data.volunteers import VOLUNTEER_HEADS, read_volunteers


def table(folder: Path, text: str) -> Path:
    """Write a CSV file."""
    file = folder / "volunteers.csv"
    file.write_text(text, "utf-8")
    return file


def test_counts_are_read_by_their_chinese_heads(tmp_path: Path) -> None:
    """With units, as people write them; the code of the area stays text."""
    file = table(
        tmp_path,
        "网格编码,职业,人数,线索数,统计周期\n"
        "061001,快递骑手,40,431条,2024年5月\n"
        "061001,出租车司机,268人,1500,2024年5月\n",
    )
    layer = read_volunteers(file)
    assert layer.kind == "volunteers"
    assert layer.rows_read == 2
    assert layer.frame["people"].tolist() == [40, 268]
    assert layer.frame["leads"].tolist() == [431, 1_500]
    assert layer.frame["area_code"].tolist() == ["061001", "061001"]
    assert layer.frame["period"].tolist() == ["2024年5月"] * 2
    assert layer.notes == ()
    assert len(layer.quarantine) == 0


def test_a_workbook_is_read_as_well(tmp_path: Path) -> None:
    """The sheet that is meant is named where there are several."""
    frame = pd.DataFrame({"职业": ["保洁员"], "人数": [124], "线索数": [700]})
    with pd.ExcelWriter(tmp_path / "v.xlsx") as book:
        frame.to_excel(book, sheet_name="一", index=False)
        frame.to_excel(book, sheet_name="二", index=False)
    with pytest.raises(LayerError, match="several layers"):
        read_volunteers(tmp_path / "v.xlsx")
    layer = read_volunteers(f"{tmp_path / 'v.xlsx'}:二")
    assert layer.frame[["people", "leads"]].to_numpy().tolist() == [[124, 700]]
    assert list(layer.frame.columns) == ["occupation", "people", "leads", "geometry"]


def test_rows_that_count_nothing_are_set_aside_with_their_reason(tmp_path: Path) -> None:
    """None of them is summed, and a number too long to be a count is not repeated."""
    file = table(
        tmp_path,
        "职业,人数,线索数\n保洁员,10,20\n保洁员,-1,5\n快递员,2.5,5\n快递员,,5\n快递员,4,\n"
        "快递员,4,-2\n协管员,0,7\n协管员,0,0\n协管员,13812345678,1\n",
    )
    layer = read_volunteers(file)
    assert layer.frame["people"].tolist() == [10, 0]
    assert layer.rows.tolist() == [2, 9]
    aside = layer.quarantine
    assert aside[["row", "reason", "detail"]].to_numpy().tolist() == [
        [3, "no_people", "-1"], [4, "no_people", "2.5"], [5, "no_people", ""],
        [6, "no_leads", ""], [7, "no_leads", "-2"], [8, "leads_of_nobody", "7"],
        [10, "no_people", ""],
    ]  # fmt: skip
    (note,) = layer.notes
    assert note.text("en").startswith("rows that cannot be used: 7 of 9")


@pytest.mark.parametrize("head", ["姓名", "电话", "身份证号", "志愿者", "司机"])
def test_a_list_of_people_does_not_get_in(tmp_path: Path, head: str) -> None:
    """Its personal columns are left out by their heads; without counts nothing is read at all."""
    file = table(tmp_path, f"{head},职业\n张三丰,保洁员\n")
    with pytest.raises(ColumnError, match=r"no column 人数, 线索数.*never a list of people") as met:
        read_volunteers(file)
    assert head not in str(met.value).split("it has: ")[1].split(";")[0]
    file = table(tmp_path, f"{head},职业,人数,线索数\n张三丰,保洁员,12,40\n")
    layer = read_volunteers(file)
    assert head not in layer.frame.columns
    assert "张三丰" not in layer.frame.to_csv()
    assert [note.code for note in layer.notes] == ["personal_dropped"]


def test_names_among_the_counts_and_numbers_among_the_occupations_do_not_get_in(
    tmp_path: Path,
) -> None:
    """Where people are counted, words may be their names; neither is repeated anywhere."""
    file = table(
        tmp_path,
        "职业,人数,线索数\n保洁员,张三丰、李四光,4\n快递员 13812345678,5,4\n保安岗,6,问老王\n",
    )
    layer = read_volunteers(file)
    assert layer.frame["occupation"].tolist() == ["快递员 ***"]
    assert layer.quarantine["reason"].tolist() == ["no_people", "no_leads"]
    said = layer.frame.to_csv() + layer.quarantine.to_csv()
    said += "".join(note.text(lang) for note in layer.notes for lang in ("zh", "en"))
    assert not [secret for secret in ("张三丰", "李四光", "老王", "13812345678") if secret in said]
    codes = {note.code for note in layer.notes}
    assert codes == {"personal_masked", "count_in_words", "rows_quarantined"}


def test_several_periods_are_refused(tmp_path: Path) -> None:
    """Who is counted in May is counted again in June."""
    file = table(tmp_path, "职业,人数,线索数,月份\n保洁员,10,2,5月\n保洁员,10,3,6月\n")
    with pytest.raises(FormatError, match="several periods: 5月, 6月; people would count twice"):
        read_volunteers(file)


def test_rows_of_one_group_are_told_of(tmp_path: Path) -> None:
    """The same occupation in another area is another group; a bad row is none."""
    file = table(
        tmp_path,
        "网格编码,职业,人数,线索数\n1,保洁员,10,2\n1,保洁员,5,3\n2,保洁员,4,1\n1,保洁员,-4,1\n",
    )
    assert Note("groups_added_up", {"count": 1, "rows": [3]}) in read_volunteers(file).notes


def test_other_files_are_refused(tmp_path: Path) -> None:
    """Counts have no place, so that no map file holds them."""
    (tmp_path / "v.gpkg").touch()
    with pytest.raises(FormatError, match=r"one of \.csv"):
        read_volunteers(tmp_path / "v.gpkg")


def test_no_head_is_about_a_person() -> None:
    """As in the file contract."""
    for heads in VOLUNTEER_HEADS.values():
        assert not [head for head in heads if is_personal_head(head)]
