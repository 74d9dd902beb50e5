"""What `gridpatrol posts` takes beside streets and posts: shares, worth, gates and volunteers."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pyogrio
import pytest

from api import cli
from api.stored_posts import area_value
from data.writing import insert_row
from tests.api.files import scene
from tests.api.stored import put
from tests.stores import ONE_ENGINE
from tests.strategies import CRS, areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from data.store import Store

    Run = Callable[..., tuple[int, str, str]]

VOLUNTEERS = (
    "网格编码,职业,人数,线索数,姓名\n01,快递骑手,40,431,张三丰\n01,出租车司机,268,1500,李四光\n"
    "02,环卫工人,124,700,王五福\n02,<b>保洁员</b>,-3,1,赵六顺\n"
)
"""The published numbers of people; one row that counts nobody, and a column of names."""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Return the small scene with a gate beside its post, two buildings and two key sites."""
    files = scene(tmp_path)
    more = {
        "gates": points_of([(160, 0)], gate_id=["G1"], hours=["06:00-22:00"]),
        "buildings": gpd.GeoDataFrame(
            {"building_id": ["B1", "B2", "B3"], "households": [10, 30, 5]},
            geometry=[box(120, 5, 130, 15), box(180, 5, 190, 15), box(260, 5, 270, 15)], crs=CRS,
        ),
        "key_sites": points_of([(150, 5), (20, 5)], site_id=["S1", "S2"], kind=["学校", "医院"]),
    }  # fmt: skip
    for name, frame in more.items():
        files[name] = tmp_path / f"{name}.gpkg"
        frame.to_crs(4326).to_file(files[name], layer=name)
    files["volunteers"] = tmp_path / "volunteers.csv"
    files["volunteers"].write_text(VOLUNTEERS, "utf-8")
    return files


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return `gridpatrol posts ...`: exit code, output and errors."""

    def posts(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gridpatrol", "posts", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return posts


@pytest.fixture
def run(command: Run, files: dict[str, Path]) -> Run:
    """Return the same with the streets and posts of the scene."""
    return lambda *arguments: command(files["streets"], files["posts"], *arguments)


def summary_of(run: Run, *arguments: object) -> dict[str, Any]:
    """Run it and return the summary."""
    code, text, error = run(*arguments, "--json")
    assert code == 0, error
    summary: dict[str, Any] = json.loads(text)
    return summary


def test_a_share_for_each_area_moves_a_post_where_it_is_needed(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """One more post: 95 m of the whole street win more than 60 m at its end, unless it must."""
    streets_of([line((0, 0), (400, 0)), line((0, 500), (60, 500))]).to_file(files["streets"])
    areas = tmp_path / "two.gpkg"
    areas_of({"A": box(-10, -50, 410, 50), "B": box(-10, 450, 410, 550)}).to_file(areas)
    free = summary_of(run, "--propose", 1, "--areas", areas)
    fair = summary_of(run, "--propose", 1, "--areas", areas, "--share", 0.2)
    assert (free["proposal"]["least_share"], fair["proposal"]["least_share"]) == (0.0, 0.2)
    assert free["proposal"]["covered_length_after_m"] > fair["proposal"]["covered_length_after_m"]
    assert fair["proposal"]["covered_length_after_m"] == pytest.approx(160.0, abs=0.1)
    code, _, error = run("--propose", 1, "--areas", areas, "--share", 0.9)
    assert (code, "未完成" in error) == (1, True)


@pytest.mark.parametrize(
    "options",
    [
        ("--propose", "1", "--share", "0.5"),
        ("--propose", "full", "--share", "0.5", "--areas", "{areas}"),
        ("--share", "0.5", "--areas", "{areas}"),
        ("--propose", "1", "--share", "1.5", "--areas", "{areas}"),
        ("--propose", "1", "--share", "nan", "--areas", "{areas}"),
    ],
)
def test_a_share_of_nothing_is_refused(
    run: Run, files: dict[str, Path], options: tuple[str, ...]
) -> None:
    """Without a number, without areas, or of more than the whole."""
    code, _, error = run(*(part.format(areas=files["areas"]) for part in options))
    assert code == 2
    assert "--share" in error


@ONE_ENGINE
def test_households_and_key_sites_are_those_of_the_service(
    run: Run, command: Run, files: dict[str, Path], store: Store, store_url: str
) -> None:
    """Files kept to an area, a run over the stored area and the service: one set of figures."""
    put(store, "streets", streets_of([line((0, 0), (300, 0))], code=["S1"]))
    put(store, "posts", points_of([(150, 0)], code=["P1"]))
    area = {"01": box(100, -50, 250, 100)}
    put(store, "areas", areas_of(area).rename(columns={"area_id": "code"}))
    buildings = gpd.read_file(files["buildings"])
    for row in buildings.to_dict("records"):
        values = {"code": row["building_id"], "households": row["households"]}
        insert_row(store, "buildings", values, row["geometry"])
    put(store, "key_sites", points_of([(150, 5), (20, 5)], code=["S1", "S2"]))
    within = files["areas"].with_name("one.gpkg")
    areas_of(area).to_crs(4326).to_file(within)
    filed = summary_of(
        run, "--areas", within, "--within", within, "--buildings", files["buildings"],
        "--key-sites", files["key_sites"],
    )["value"]  # fmt: skip
    shares = {row["of"]: row for row in filed["shares"]}
    assert list(shares) == ["street_length_m", "area_m2", "households", "key_sites"]
    assert (shares["households"]["covered"], shares["households"]["total"]) == (40.0, 40.0)
    assert (shares["key_sites"]["covered"], shares["key_sites"]["total"]) == (1.0, 1.0)
    stored = summary_of(command, "--area", "01", "--database", store_url)["value"]
    for found in (area_value(store, "01").summary(), stored):
        assert [row["of"] for row in found["shares"]] == list(shares)
        for row in found["shares"]:
            assert row == pytest.approx(shares[row["of"]], abs=1e-3), row["of"]
        assert {k: v for k, v in found.items() if k != "shares"} == {
            k: v for k, v in filed.items() if k != "shares"
        }


def test_without_the_files_their_shares_are_missing(run: Run) -> None:
    """Unknown is not uncovered."""
    shares = summary_of(run)["value"]["shares"]
    assert [row["of"] for row in shares] == ["street_length_m"]


def test_shares_of_households_and_key_sites_are_printed(run: Run, files: dict[str, Path]) -> None:
    """With numerator and denominator."""
    asked = ("--buildings", files["buildings"], "--key-sites", files["key_sites"])
    text = run(*asked)[1]
    assert "40 / 45（88.9%）" in text
    assert "1 / 2（50.0%）" in text


def test_gates_are_shut_in_the_hours_asked_for(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """At night 40 m beyond the gate are lost to every figure; by day only to the worst hour."""
    gates = ("--gates", files["gates"])
    open_ = summary_of(run)
    night = summary_of(run, *gates, "--hours", "22:00-05:00")
    day = summary_of(run, *gates, "--hours", "08:00-20:00")
    always = summary_of(run, *gates)
    assert open_["covered_length_m"] == pytest.approx(100.0, abs=1e-3)
    assert night["covered_length_m"] == pytest.approx(60.0, abs=1e-3)
    assert day["covered_length_m"] == always["covered_length_m"] == open_["covered_length_m"]
    assert night["value"]["shares"][0]["covered"] == pytest.approx(60.0, abs=1e-3)
    assert night["worst_gap_m"] == pytest.approx(2 * 150.0, abs=1e-2)
    assert (night["gates"]["gates_shut"], day["gates"]["gates_shut"]) == (1, 0)
    assert "gates" not in open_
    assert night["hours"]["worst_hour_share"] == pytest.approx(60 / 300, abs=1e-5)
    assert day["hours"]["worst_hour_share"] == pytest.approx(100 / 300, abs=1e-5)
    assert always["hours"]["worst_hour_share"] == pytest.approx(60 / 300, abs=1e-5)
    # Of the nine hours it is open in the last: coverage by the hour knows that.
    dawn = summary_of(run, *gates, "--hours", "22:00-07:00")
    assert dawn["covered_length_m"] == pytest.approx(60.0, abs=1e-3)
    assert dawn["hours"]["mean_share"] == pytest.approx((8 * 60 + 100) / 9 / 300, abs=1e-5)
    points_of([(160, 0), (10, 0)], hours=[None, "看情况"]).to_crs(4326).to_file(files["gates"])
    code, text, _ = run(*gates, "--out", tmp_path / "out")
    assert code == 0
    assert "大门 2 处" in text
    doubts = pyogrio.read_dataframe(tmp_path / "out" / "result.gpkg", layer="gates_in_doubt")
    assert doubts["reason"].tolist() == ["hours_unknown", "hours_unread"]
    assert "大门 2 处" in (tmp_path / "out" / "map.html").read_text("utf-8")


def test_a_proposal_knows_which_gates_are_shut(run: Run, files: dict[str, Path]) -> None:
    """With the gate shut at night, what lies behind it takes a post of its own."""
    asked = ("--propose", "full", "--gates", files["gates"], "--hours")
    night = summary_of(run, *asked, "22:00-05:00")["proposal"]
    day = summary_of(run, *asked, "08:00-20:00")["proposal"]
    assert night["covered_length_before_m"] == pytest.approx(60.0, abs=1e-3)
    assert day["covered_length_before_m"] == pytest.approx(100.0, abs=1e-3)
    assert night["covered_share_after"] == pytest.approx(1.0)


def test_volunteers_are_counted_by_occupation_and_never_named(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """432 people, 2,631 leads, 6.09 each: in JSON, layers, terminal and on the page."""
    out = tmp_path / "out"
    found = summary_of(run, "--volunteers", files["volunteers"], "--out", out)
    volunteers = found["volunteers"]
    assert (volunteers["people"], volunteers["leads"]) == (432, 2_631)
    assert round(volunteers["leads_per_person"], 2) == 6.09
    assert [row["people"] for row in volunteers["by_occupation"]] == [40, 268, 124]
    assert [row["area_code"] for row in volunteers["by_area"]] == ["01", "01", "02"]
    assert found["inputs"]["volunteers"]["rows_set_aside"] == 1
    page = (out / "map.html").read_text("utf-8")
    assert "志愿者线索（按职业计数）" in page
    assert '<td class="number">6.09</td>' in page
    assert "志愿者只按职业计数，不登记个人" in page
    rows = pyogrio.read_dataframe(out / "result.gpkg", layer="volunteers")
    assert rows["leads"].tolist() == [431, 1_500, 700]
    aside = pyogrio.read_dataframe(out / "result.gpkg", layer="set_aside_volunteers")
    assert aside["reason"].tolist() == ["no_people"]
    text = run("--volunteers", files["volunteers"])[1]
    assert "6.09" in text
    assert "没有可用的人数" in text
    for content in (text, *(file.read_bytes().decode("utf-8", "ignore") for file in out.iterdir())):
        assert not [name for name in ("张三丰", "李四光", "王五福", "赵六顺") if name in content]


def test_what_counts_nobody_ends_the_run(run: Run, files: dict[str, Path]) -> None:
    """A list of people, and a table of which no row can be used."""
    for text, said in (
        ("姓名,职业\n张三丰,保洁员\n", "不收人员名单"),
        ("职业,人数,线索数\n保洁员,-1,2\n", "都不能用（没有可用的人数 1）"),
    ):
        files["volunteers"].write_text(text, "utf-8")
        code, _, error = run("--volunteers", files["volunteers"])
        assert code == 1
        assert said in error


def test_options_of_files_do_not_go_with_a_stored_area(
    command: Run, files: dict[str, Path]
) -> None:
    """The store has its own; the option is named as it is typed."""
    code, _, error = command("--area", "01", "--key-sites", files["key_sites"])
    assert (code, "--key-sites" in error) == (2, True)


def test_the_datum_of_all_layers_does_not_concern_what_has_no_place(
    run: Run, files: dict[str, Path]
) -> None:
    """And volunteers have no datum to name."""
    asked = ("--volunteers", files["volunteers"])
    assert run(*asked, "--datum", "cgcs2000")[0] == 0
    code, _, error = run(*asked, "--datum", "volunteers=gcj02")
    assert (code, "volunteers" in error) == (2, True)
