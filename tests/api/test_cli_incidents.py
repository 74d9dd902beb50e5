"""What `gridpatrol incidents stats` and `hours` count from files, print and write."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely import Point, box

from api import cli
from tests.strategies import CRS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

VANCOUVER = "ca_vancouver_crime/vancouver_crime_2020_2022.parquet"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return `gridpatrol incidents ...`: exit code, output and errors."""

    def incidents(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gridpatrol", "incidents", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return incidents


def ledger(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as a ledger without coordinates; each names a grid."""
    whole = [{"网格编码": "G1", **row} for row in rows]
    pd.DataFrame(whole).to_csv(path, index=False)
    return path


def times(count: int, month: str, **cells: object) -> list[dict[str, Any]]:
    """Return rows of one month, over its first days."""
    return [
        {"编号": f"{month}-{cells.get('事件类别', '')}-{n}",
         "受理时间": f"{month}-{n % 28 + 1:02d} 10:00", **cells}
        for n in range(count)
    ]  # fmt: skip


def found(run: Run, *arguments: object) -> dict[str, Any]:
    """Return what `--json` prints."""
    code, out, err = run(*arguments, "--json")
    assert code == 0, err
    return dict(json.loads(out))


def sentences(told: dict[str, Any], by: str) -> dict[str, str]:
    """Return label -> sentence of a change table."""
    return {row["label"]: row["sentence"] for row in told["changes"][by]}


def test_a_small_rise_is_told_as_what_it_is(run: Run, tmp_path: Path) -> None:
    """The arithmetic is printed, and the note that it may be chance beside it."""
    rows = times(16, "2025-03", 事件类型="纠纷") + times(25, "2026-03", 事件类型="纠纷")
    file = ledger(tmp_path / "a.csv", rows)
    wanted = "同比上升56.3%(16→25件;小基数,差异不显著,E检验 p=0.165,条件检验 p=0.211)"
    told = found(run, "stats", file, "--month", "2026-03")
    assert [row["sentence"] for row in told["changes"]["total"]] == [wanted]
    assert told["comparison"]["partial"] is False
    code, out, _ = run("stats", file, "--month", "2026-03")
    assert code == 0
    assert wanted in out.replace("\n", "")


def test_a_thousand_to_547_fell_by_45_3_percent(run: Run, tmp_path: Path) -> None:
    """And the number of matters beside it is no percentage."""
    rows = times(1_000, "2025-03", 事件类型="案件", 事件类别="刑事")
    rows += times(547, "2026-03", 事件类型="案件", 事件类别="刑事")
    file = ledger(tmp_path / "a.csv", rows)
    told = found(run, "stats", file, "--month", "2026-03")
    assert sentences(told, "class")["刑事案件"].startswith("同比下降45.3%(1,000→547起;差异显著")
    _, out, _ = run("stats", file, "--month", "2026-03")
    assert "减少453起" in out


def test_plain_counts_come_first_and_add_up(run: Run, tmp_path: Path) -> None:
    """By year, class and area each row is one, with or without a place."""
    rows = times(3, "2025-12", 事件类别="甲") + times(5, "2026-01", 事件类别="乙")
    rows[0]["网格编码"] = rows[1]["网格编码"] = "G2"
    rows += [{**rows[-1], "编号": "again"}]
    told = found(run, "stats", ledger(tmp_path / "a.csv", rows))
    assert list(told)[:6] == ["rows", "with_place", "repeats", "by_year", "by_class", "by_area"]
    assert (told["rows"], told["with_place"], told["repeats"]) == (9, 0, 1)
    assert told["by_year"] == {"2025": 3, "2026": 6}
    assert told["by_class"] == {"乙": 6, "甲": 3}
    assert told["by_area"] == {"G1": 7, "G2": 2}


def test_without_days_the_last_whole_month_is_taken_and_said(run: Run, tmp_path: Path) -> None:
    """The data end within February, so that January is the last whole month."""
    rows = times(4, "2026-01") + times(3, "2026-02")
    told = found(run, "stats", ledger(tmp_path / "a.csv", rows))
    assert told["comparison"]["now"]["first_day"] == "2026-01-01"
    assert told["comparison"]["now"]["last_day"] == "2026-01-31"
    assert told["period_chosen"] is False
    _, out, _ = run("stats", tmp_path / "a.csv")
    assert "没有指定日期" in out
    assert "--month、--year" in out
    assert "数据从 2026-01-01 才开始" in out


def test_a_period_that_is_not_over_is_cut_on_both_sides(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On 13 March the data go up to the 12th: both Marches are taken up to then."""
    rows = times(28, "2025-03") + times(12, "2026-03")
    file = ledger(tmp_path / "a.csv", rows)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(pd.Timestamp("2026-03-13").timestamp())))
    told = found(run, "stats", file, "--month", "2026-03")
    (total,) = told["changes"]["total"]
    assert (total["before"], total["now"]) == (12, 12)
    assert told["comparison"]["partial"] is True
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    told = found(run, "stats", file, "--month", "2026-03")
    assert told["comparison"]["partial"] is False
    assert told["changes"]["total"][0]["before"] == 28


def test_a_silence_that_cannot_be_chance_is_told(run: Run, tmp_path: Path) -> None:
    """Every day up to the 12th, then none, is one; every fourth day up to the 25th is none."""
    rows = times(28, "2025-03") + times(12, "2026-03")
    _, out, _ = run("stats", ledger(tmp_path / "a.csv", rows), "--month", "2026-03")
    assert "数据似乎只到 2026-03-12" in out
    assert "--until 2026-03-12" in out
    rows = times(28, "2025-03") + times(28, "2026-03")[::4]
    _, out, _ = run("stats", ledger(tmp_path / "b.csv", rows), "--month", "2026-03")
    assert "数据似乎只到" not in out


def test_units_are_never_added(run: Run, tmp_path: Path) -> None:
    """A ledger of households, persons and matters has three totals."""
    rows = [
        {"编号": "1", "受理时间": "2026-03-02", "数量": "5333户", "事件类型": "事件"},
        {"编号": "2", "受理时间": "2026-03-02", "数量": "12995人", "事件类型": "事件"},
        {"编号": "3", "受理时间": "2026-03-02", "数量": "2.1万余件", "事件类型": "事件"},
    ]
    told = found(run, "stats", ledger(tmp_path / "a.csv", rows), "--month", "2026-03")
    total = {row["count_unit"]: (row["now"], row["at_least"]) for row in told["changes"]["total"]}
    assert total == {"household": (5333, False), "person": (12995, False), "matter": (21000, True)}


def test_a_tag_lies_across_classes_and_both_fell_is_told(run: Run, tmp_path: Path) -> None:
    """Burglaries are criminal cases and preventable, and counted once among all."""
    rows = []
    for month, counts in (("2025-03", (40, 20, 50)), ("2026-03", (30, 12, 44))):
        for name, count in zip(("刑事", "入室盗窃", "治安"), counts, strict=True):
            rows += times(count, month, 事件类型="案件", 事件类别=name)
    told = found(run, "stats", ledger(tmp_path / "a.csv", rows), "--month", "2026-03")
    assert told["changes"]["total"][0]["now"] == 86
    assert sentences(told, "tag")["可防性"].startswith("同比下降40%(20→12起")
    assert told["both_fell"]["fell"] is True
    assert told["both_fell"]["chance"] == ["criminal", "public_order"]
    _, out, _ = run("stats", tmp_path / "a.csv", "--month", "2026-03", "--lang", "en")
    assert "both fell (the fall of criminal cases, public order cases may be chance)" in out


def test_rates_keep_their_counts_and_points(run: Run, tmp_path: Path) -> None:
    """40 % to 50 % is ten points; the denominator of mediation is another."""
    rows = []
    for month, resolved in (("2025-03", 40), ("2026-03", 50)):
        told = times(100, month, 事件类型="纠纷")
        for n, row in enumerate(told):
            row["办理状态"] = "办结" if n < resolved else "办理中"
        rows += told
    found_ = found(run, "stats", ledger(tmp_path / "a.csv", rows), "--month", "2026-03")
    rate = found_["rates"]["resolution"]["matter"]
    assert rate["now"]["numerator"] == 50
    assert rate["sentence"].startswith("同比上升10个百分点(相对上升25%;40%→50%;40/100→50/100")
    assert found_["resolution"]["pending"] == 50


def test_nobody_is_said_to_resolve_nothing(run: Run, tmp_path: Path) -> None:
    """Without a word on what is closed there is no rate, not 0 %; cases are not resolved at all."""
    file = ledger(tmp_path / "a.csv", times(5, "2026-03", 事件类型="纠纷"))
    told = found(run, "stats", file, "--month", "2026-03")
    assert told["resolution"] is None
    assert told["rates"] == {}
    assert told["closing"] is None
    solved = times(5, "2026-03", 事件类型="案件", 办理状态="办结")
    told = found(run, "stats", ledger(tmp_path / "b.csv", solved), "--month", "2026-03")
    assert told["resolution"] is None


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """Write two grids side by side, 1,000 people each, and incidents in one of them and between."""
    file = tmp_path / "village.gpkg"
    areas = gpd.GeoDataFrame(
        {"area_id": ["G1", "G2"], "name": ["东格", "西格"], "people": [1_000, 1_000]},
        geometry=[box(0, 0, 500, 500), box(500, 0, 1_000, 500)],
        crs=CRS,
    )
    spots = [(100, 100)] * 30 + [(500, 250)] + [(5_000, 250)]
    rows = pd.DataFrame(times(32, "2026-03", 事件类型="警情")).rename(columns={"编号": "id"})
    incidents = gpd.GeoDataFrame(rows, geometry=[Point(*spot) for spot in spots], crs=CRS)
    for name, frame in (("areas", areas), ("incidents", incidents)):
        moved = frame.set_geometry(frame.geometry.translate(500_000, 3_600_000))
        moved.to_crs(4326).to_file(file, layer=name)
    return file


def test_areas_are_counted_once_and_a_silence_is_no_zero(run: Run, village: Path) -> None:
    """One on the border counts once; of the other grid nobody knows whether it reported."""
    asked = ("stats", f"{village}:incidents", "--areas", f"{village}:areas", "--month", "2026-03")
    told = found(run, *asked, "--population", "people")
    assert told["by_area"] == {"G1": 31, "outside": 1}
    assert told["none_recorded_areas"] == ["G2"]
    assert told["zero_areas"] == []
    rows = {row["area_id"]: row for row in told["changes"]["area"]}
    assert rows["G1"]["per_ten_thousand"] == 310.0
    assert rows["G2"]["state"] == "none_recorded"
    assert [row["area_id"] for row in told["high_incidence"]] == ["G1"]
    _, out, _ = run(*asked)
    assert "没有记录的辖区 1 个：西格" in out
    listed = ledger(village.parent / "who.csv", [{"编号": "1", "网格编码": "G2"}])
    told = found(run, *asked, "--reporting", listed)
    assert told["zero_areas"] == ["G2"]
    assert told["none_recorded_areas"] == []


def test_the_parent_is_counted_for_the_same_periods(run: Run, village: Path) -> None:
    """Its own rows, ours among them, in the same month."""
    rows = times(40, "2025-03", 事件类型="警情") + times(20, "2026-03", 事件类型="警情")
    county = ledger(village.parent / "county.csv", rows + times(9, "2026-05", 事件类型="警情"))
    town = ledger(village.parent / "town.csv", rows[:10] + rows[40:49])
    told = found(run, "stats", town, "--month", "2026-03", "--parent", county)
    (row,) = told["parent"]["kind"]
    assert (row["before"], row["now"]) == (10, 9)
    assert (row["parent_before"], row["parent_now"]) == (40, 20)
    assert row["beyond_parent"] is False


def test_the_folder_holds_the_map_and_the_tables(run: Run, village: Path, tmp_path: Path) -> None:
    """Areas with their sentence; what nobody knows has no figure."""
    out = tmp_path / "out"
    code, _, err = run(
        "stats", f"{village}:incidents", "--areas", f"{village}:areas", "--out", out, "--year", 2026
    )
    assert code == 0, err
    areas = pyogrio.read_dataframe(out / "result.gpkg", layer="areas").set_index("area_id")
    assert areas.loc["G1", "now"] == 31
    assert pd.isna(areas.loc["G2", "now"])
    assert "31起" in areas.loc["G1", "sentence"]
    assert "东格" in (out / "map.html").read_text("utf-8")


def test_a_ledger_without_any_place_is_counted_and_has_no_map(run: Run, tmp_path: Path) -> None:
    """There is nothing to draw, and that is said."""
    file = ledger(tmp_path / "a.csv", times(3, "2026-03"))
    assert found(run, "stats", file)["rows"] == 3
    code, out, _ = run("stats", file, "--out", tmp_path / "out")
    assert code == 0
    assert "没有一行有位置，没有地图" in out
    assert not (tmp_path / "out" / "map.html").exists()
    assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["rows"] == 3


def test_days_are_named_in_one_way_and_whole(run: Run, tmp_path: Path) -> None:
    """Each is a mistake of usage that says what to write."""
    file = ledger(tmp_path / "a.csv", times(3, "2026-03"))
    for asked, wanted in (
        (("--month", "2026-03", "--year", 2026), "--since --until --month --year"),
        (("--since", "2026-03-01"), "--since --until"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "2026-03-02"),
        (("--month", "2026-13"), "2026-03"),
        (("--by", "weather"), "class"),
    ):
        code, _, err = run("stats", file, *asked)
        assert code == 2, asked
        assert wanted in err
    told = found(run, "stats", file, "--since", "2026-03-01", "--until", "2026-03-02")
    assert told["comparison"]["now"] == {
        "first_day": "2026-03-01", "last_day": "2026-03-02", "days": 2,
    }  # fmt: skip
    assert told["changes"]["total"][0]["now"] == 2


def test_an_interval_is_spread_over_its_hours(run: Run, tmp_path: Path) -> None:
    """22:00 to 06:00 is an eighth in each hour, over midnight, and the sum is the count."""
    row = {"编号": "1", "发生时间": "2026-03-02 22:00", "发生时间止": "2026-03-03 06:00"}
    file = ledger(tmp_path / "a.csv", [row, {"编号": "2", "受理时间": "2026-03-02"}])
    told = found(run, "hours", file, "--map", "time_to=发生时间止")
    (week,) = told["hours"].values()
    assert week[0][22:] == [0.125, 0.125]
    assert week[1][:7] == [0.125] * 6 + [0.0]
    (total,) = told["totals"]
    assert (total["count"], total["timed"], total["unknown"]) == (2, 1, 1)
    code, out, _ = run("hours", file, "--map", "time_to=发生时间止")
    assert code == 0
    assert "周一 " + 22 * "··" + "████ 0.3" in out
    assert "没有时间的（50%）" in out


def test_only_some_classes_are_taken(run: Run, tmp_path: Path) -> None:
    """By tag or as the row says; a word of nobody is refused."""
    rows = [
        {"编号": "1", "发生时间": "2026-03-02 10:00", "事件类型": "案件", "事件类别": "入室盗窃"},
        {"编号": "2", "发生时间": "2026-03-02 10:00", "事件类型": "案件", "事件类别": "诈骗"},
    ]
    file = ledger(tmp_path / "a.csv", rows)
    for word in ("preventable", "burglary", "入室盗窃"):
        assert found(run, "hours", file, "--only", word)["totals"][0]["count"] == 1
    assert found(run, "hours", file, "--only", "case")["totals"][0]["count"] == 2
    code, _, err = run("hours", file, "--only", "weather")
    assert code == 2
    assert "weather" in err


def test_vancouver_is_counted_as_the_file_is(run: Run, shared_data: Path) -> None:
    """Rows at 0, 0 have no place and are counted; two of them that differ are no repeats."""
    areas = shared_data / "ca_vancouver_crime" / "local_area_boundary.geojson"
    told = found(run, "stats", shared_data / VANCOUVER, "--areas", areas, "--year", 2022)
    assert (told["rows"], told["with_place"], told["repeats"]) == (103_918, 92_466, 5_362)
    assert told["by_year"] == {"2020": 37_534, "2021": 32_172, "2022": 34_212}
    assert sum(told["by_area"].values()) == 103_918
    assert told["by_area"]["no_place"] == 11_452
    # The file of areas has names and no ids.
    assert told["by_area"]["Downtown"] > told["by_area"]["Kitsilano"] > 0
    assert len(told["by_area"]) == 24
    (total,) = told["changes"]["total"]
    assert (total["before"], total["now"]) == (32_172, 34_212)
    assert total["sentence"].startswith("同比上升6.3%(32,172→34,212件;差异显著")


def test_a_file_of_heads_alone_is_refused(run: Run, tmp_path: Path) -> None:
    """No incident at all is no month without incidents: it is the wrong file or sheet."""
    file = tmp_path / "heads.csv"
    file.write_text("编号,事件类型,发生时间\n", "utf-8")
    code, out, err = run("stats", file)
    assert code == 1
    assert "heads.csv 没有一行事项" in out + err
