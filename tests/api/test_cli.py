"""The command line as a person and a program use it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from api import cli
from geo import convert
from tests.api.files import scene
from tests.strategies import areas_of, box

Run = Callable[..., tuple[int, str, str]]
Files = dict[str, Path]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Return the files of the small scene."""
    return scene(tmp_path)


def gridpatrol(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: object
) -> tuple[int, str, str]:
    """Run the command; return its exit code, output and errors."""
    monkeypatch.setattr(sys, "argv", ["gridpatrol", *map(str, arguments)])
    monkeypatch.setenv("COLUMNS", "200")
    code = 0
    try:
        cli.main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the command as a function."""
    return lambda *arguments: gridpatrol(capsys, monkeypatch, *arguments)


def test_posts_writes_three_files_and_says_what_to_do_next(
    run: Run, files: Files, tmp_path: Path
) -> None:
    """result.gpkg, map.html, summary.json; the figures in Chinese."""
    out = tmp_path / "out"
    code, text, _ = run(
        "posts", files["streets"], files["posts"], "--areas", files["areas"], "--out", out
    )
    assert code == 0
    assert sorted(p.name for p in out.iterdir()) == ["map.html", "result.gpkg", "summary.json"]
    assert "街面长度覆盖占比" in text
    assert "33.3%" in text
    assert "按直线距离计" in text
    assert "明哨口径" in text
    assert "隧道" in text
    assert f"下一步：用浏览器打开 {out / 'map.html'}" in text
    layers = dict(pyogrio.list_layers(out / "result.gpkg"))
    assert set(layers) == {"gaps", "covered", "areas", "posts", "spacing_gaps", "spacings"}
    gaps = pyogrio.read_dataframe(out / "result.gpkg", layer="gaps")
    assert gaps["length_m"].tolist() == pytest.approx([100.0, 100.0], abs=0.05)
    assert gaps.length.tolist() == pytest.approx(gaps["length_m"].tolist())
    page = (out / "map.html").read_text("utf-8")
    assert "沿街距观察哨不超过 50 米" in page
    assert "<img src=x" not in page


def test_json_prints_the_summary_alone(run: Run, files: Files, tmp_path: Path) -> None:
    """Standard output is one JSON object, the same as summary.json."""
    out = tmp_path / "out"
    code, text, _ = run(
        "posts", files["streets"], files["posts"], "--areas", files["areas"], "--json", "--out", out
    )
    assert code == 0
    summary = json.loads(text)
    assert summary == json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["covered_share"] == pytest.approx(1 / 3, abs=1e-3)
    assert summary["due_length_m"] == pytest.approx(300.0, abs=0.1)
    assert summary["excluded_by_reason_m"]["tunnel"] == pytest.approx(60.0, abs=0.05)
    assert (summary["streets"], summary["posts"], summary["reach_m"]) == (2, 1, 50.0)
    assert summary["distance"] == "street"
    assert summary["straight_to_street_ratio"] == pytest.approx(1.0, abs=1e-6)
    assert summary["crs"] == "EPSG:4547"
    assert [area["area_id"] for area in summary["areas"]] == ["01", "02", "(outside)"]
    assert sum(area["gap_length_m"] for area in summary["areas"]) == pytest.approx(
        summary["gap_length_m"], abs=1e-6
    )
    assert summary["areas"][2]["covered_share"] is None
    assert summary["inputs"]["posts"]["rows_used"] == 1


def test_reach_changes_the_answer(run: Run, files: Files) -> None:
    """30 m to both sides."""
    _, text, _ = run("posts", files["streets"], files["posts"], "--reach", "30", "--json")
    assert json.loads(text)["covered_length_m"] == pytest.approx(60.0, abs=0.05)


def test_cameras_counts_what_sees(run: Run, files: Files, tmp_path: Path) -> None:
    """One of two is online; views are a layer of the result, one row per camera."""
    out = tmp_path / "out"
    code, text, _ = run("cameras", files["streets"], files["cameras"], "--out", out, "--json")
    summary = json.loads(text)
    assert code == 0
    assert summary["covered_length_m"] == pytest.approx(50.0, abs=0.05)
    assert (summary["cameras"], summary["cameras_online"]) == (2, 1)
    assert (summary["cameras_unaimed"], summary["cameras_status_unknown"]) == (0, 0)
    for key in ("covered_share_upper", "nominal_area_m2", "visible_area_m2", "seen_area_m2"):
        assert summary[key] > 0.0
    views = pyogrio.read_dataframe(out / "result.gpkg", layer="views")
    assert views["camera_id"].tolist() == ["C1", "C2"]
    assert views["status"].tolist() == ["seeing", "offline"]


def test_english_is_spoken_when_asked(run: Run, files: Files) -> None:
    """Figures, caption and the next step."""
    straight = ("--distance", "straight", "--lang", "en")
    code, text, _ = run("posts", files["streets"], files["posts"], *straight)
    assert code == 0
    assert "Straight-line distance" in text
    assert "Overt posts only" in text
    assert "Next: add --out DIR" in text


def test_cameras_are_reported_in_chinese(run: Run, files: Files) -> None:
    """The table of figures names online and unaimed cameras."""
    code, text, _ = run("cameras", files["streets"], files["cameras"], "--areas", files["areas"])
    assert code == 0
    assert "摄像机覆盖" in text
    assert "（网格外）" in text


def test_a_file_in_the_wrong_datum_is_noticed_and_put_right(
    run: Run, files: Files, tmp_path: Path
) -> None:
    """200 posts along the streets, recorded in GCJ-02; with --datum posts=gcj02 they fit."""
    metric = pyogrio.read_dataframe(files["streets"]).to_crs(4547)
    at = shapely.line_interpolate_point(metric.geometry.iloc[0], [i * 1.5 for i in range(200)])
    lonlat = gpd.GeoSeries(at, crs=4547).to_crs(4326)
    lon, lat = convert(lonlat.x, lonlat.y, "wgs84", "gcj02")
    shifted = tmp_path / "shifted.csv"
    rows = [f"{x:.8f},{y:.8f}" for x, y in zip(lon, lat, strict=True)]
    shifted.write_text("\n".join(["lon,lat", *rows]), "utf-8")
    _, text, _ = run("posts", files["streets"], shifted, "--json")
    notes = [note for note in json.loads(text)["notes"] if note["code"] == "datum_suspected"]
    assert len(notes) == 1
    assert "GCJ-02" in notes[0]["text"]
    assert "--datum posts=gcj02" in notes[0]["text"]
    assert json.loads(text)["covered_share"] == 0.0
    _, text, _ = run("posts", files["streets"], shifted, "--json", "--datum", "posts=gcj02")
    summary = json.loads(text)
    assert summary["covered_share"] == pytest.approx(1.0)
    assert summary["inputs"]["posts"]["datum"] == "gcj02"
    assert not [note for note in summary["notes"] if note["code"] == "datum_suspected"]


def test_bad_rows_are_listed_and_kept_beside_the_result(
    run: Run, files: Files, tmp_path: Path
) -> None:
    """One place at 0, 0 and one that is no number: two rows set aside, one used."""
    table = tmp_path / "posts.csv"
    table.write_text("编号,经度,纬度\nP1,114.31,30.55\nP2,0,0\nP3,约114.31,30.55\n", "gb18030")
    out = tmp_path / "out"
    code, text, _ = run("posts", files["streets"], table, "--out", out)
    assert code == 0
    assert "坐标为 0，没有位置" in text
    assert "坐标不是数字" in text
    aside = pyogrio.read_dataframe(out / "result.gpkg", layer="set_aside_posts")
    assert aside["row"].tolist() == [3, 4]
    assert aside["reason"].tolist() == ["no_place", "not_a_number"]


def test_columns_can_be_named(run: Run, files: Files, tmp_path: Path) -> None:
    """--map ours=theirs, qualified where two layers have the column."""
    areas = tmp_path / "sectors.gpkg"
    frame = pyogrio.read_dataframe(files["areas"]).rename(columns={"area_id": "SECTOR"})
    frame.to_file(areas, layer="sectors")
    _, text, _ = run(
        "posts",
        files["streets"],
        files["posts"],
        "--areas",
        areas,
        "--json",
        "--map",
        "area_id=SECTOR",
    )
    assert [area["area_id"] for area in json.loads(text)["areas"]] == ["01", "02", "(outside)"]
    code, _, err = run("posts", files["streets"], files["posts"], "--map", "name=编号")
    assert code == 2
    assert "posts.name=编号" in err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["posts"], 2, "--area"),
        (["posts", "{streets}", "{posts}", "--reach", "0"], 2, "--reach"),
        (["posts", "{streets}", "{posts}", "--reach", "nan"], 2, "--reach"),
        (["posts", "{streets}", "{posts}", "--lang", "fr"], 2, "--lang"),
        (["posts", "{streets}", "{posts}", "--datum", "areas=gcj02"], 2, "没有“areas”这个图层"),
        (["posts", "{streets}", "{posts}", "--map", "colour=x"], 2, "ours=theirs"),
        (["posts", "{streets}", "{posts}", "--map", "post_id"], 2, "ours=theirs"),
        (["posts", "{streets}", "{posts}", "--datum", "mars"], 1, "不认识坐标基准"),
        (["posts", "{streets}", "nowhere.gpkg"], 1, "没有文件"),
        (["posts", "{posts}", "{streets}"], 1, "参数是不是写反了"),
        (["posts", "{streets}:lanes", "{posts}"], 1, "没有图层“lanes”"),
    ],
)
def test_what_cannot_be_done_ends_with_a_message_and_a_code(
    run: Run, files: Files, arguments: list[str], code: int, says: str
) -> None:
    """1 failed, 2 usage; no traceback; nothing on standard output."""
    named = {name: str(file) for name, file in files.items()}
    met, out, err = run(*[argument.format(**named) for argument in arguments])
    assert (met, out) == (code, "")
    assert says in err
    assert "Traceback" not in err


def test_errors_are_english_when_asked(run: Run, files: Files) -> None:
    """The same refusal in the other language."""
    code, _, err = run("posts", files["streets"], "nowhere.gpkg", "--lang", "en")
    assert code == 1
    assert "no such file; check the path" in err


def test_no_streets_is_a_clear_refusal_and_no_posts_a_result(
    run: Run, files: Files, tmp_path: Path
) -> None:
    """Nothing to divide by against nothing covered."""
    empty = {}
    for name in ("streets", "posts"):
        empty[name] = tmp_path / f"empty_{name}.gpkg"
        pyogrio.read_dataframe(files[name]).iloc[:0].to_file(empty[name], layer=name)
    code, _, err = run("posts", empty["streets"], files["posts"])
    assert code == 1
    assert "没有可用的街道" in err
    code, text, _ = run("posts", files["streets"], empty["posts"], "--json")
    assert code == 0
    assert json.loads(text)["covered_share"] == 0.0


def test_the_same_input_gives_the_same_bytes(
    run: Run, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With SOURCE_DATE_EPOCH the page and the summary are equal, and the page bears its date."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    pages = []
    for name in ("one", "two"):
        run("posts", files["streets"], files["posts"], "--out", tmp_path / name)
        pages.append([(tmp_path / name / f).read_bytes() for f in ("map.html", "summary.json")])
    assert pages[0] == pages[1]
    assert "2025年6月15日" in pages[0][0].decode()


def test_help_is_in_both_languages(run: Run) -> None:
    """No argument shows it, too."""
    code, text, _ = run("--help")
    assert code == 0
    for command in ("posts", "cameras", "demo", "serve"):
        assert command in text
    assert "网格巡防" in text


def test_a_result_replaces_the_one_before_it(run: Run, files: Files, tmp_path: Path) -> None:
    """No layer of an earlier run is left behind, and no half-written file."""
    out = tmp_path / "out"
    run("posts", files["streets"], files["posts"], "--areas", files["areas"], "--out", out)
    run("posts", files["streets"], files["posts"], "--out", out)
    names = {name for name, _ in pyogrio.list_layers(out / "result.gpkg")}
    assert names == {"gaps", "covered", "posts", "spacing_gaps", "spacings"}
    assert len(list(out.iterdir())) == 3
    shutil.rmtree(out)


def test_class_and_area_choose_what_is_due(run: Run, files: Files, tmp_path: Path) -> None:
    """Only the classes named, only inside the areas given; the rest is excluded with its length."""
    streets = tmp_path / "classed.gpkg"
    frame = pyogrio.read_dataframe(files["streets"]).assign(tunnel="no")
    frame["class"] = ["residential", "primary"]
    frame.to_file(streets)
    asked = ("posts", streets, files["posts"], "--json")
    _, text, _ = run(*asked, "--classes", "Residential, tertiary")
    summary = json.loads(text)
    assert summary["due_length_m"] == pytest.approx(300.0, abs=0.1)
    assert summary["excluded_by_reason_m"] == pytest.approx({"class": 60.0}, abs=0.05)
    within = tmp_path / "within.gpkg"
    pyogrio.read_dataframe(files["areas"]).iloc[:1].to_file(within)
    _, text, _ = run(*asked, "--within", within)
    assert json.loads(text)["due_length_m"] == pytest.approx(210.0, abs=0.1)
    _, text, _ = run("cameras", streets, files["cameras"], "--json", "--classes", "primary")
    assert json.loads(text)["due_length_m"] == pytest.approx(60.0, abs=0.05)


def test_what_was_doubted_and_left_out_stands_on_the_page(
    run: Run, files: Files, tmp_path: Path
) -> None:
    """The page is what gets passed on."""
    table = tmp_path / "posts.csv"
    table.write_text("编号,经度,纬度\nP1,114.9,30.55\nP2,0,0\n", "utf-8")
    out = tmp_path / "out"
    run("posts", files["streets"], table, "--out", out)
    page = (out / "map.html").read_text("utf-8")
    assert "有 1 行数据未用" in page
    assert "两个图层可能不是同一个地方" in page
    assert "数据来源：streets.gpkg、posts.csv" in page


@pytest.mark.parametrize("asked", [("--lang=en",), ("--lang", "en")])
def test_the_language_of_errors_is_that_of_lang_alone(
    run: Run, files: Files, tmp_path: Path, asked: tuple[str, ...]
) -> None:
    """Written either way; a folder called en changes nothing."""
    _, _, err = run("posts", files["streets"], "nowhere.gpkg", *asked)
    assert "no such file" in err
    _, _, err = run("posts", files["streets"], "nowhere.gpkg", "--out", tmp_path / "en")
    assert "没有文件" in err
    _, _, err = run("posts", files["streets"], "nowhere.gpkg", "--out", "en")
    assert "没有文件" in err


def test_a_folder_that_is_a_file_is_said_in_words(run: Run, files: Files) -> None:
    """Not as an error number."""
    code, _, err = run("posts", files["streets"], files["posts"], "--out", files["areas"])
    assert code == 1
    assert "请换一个 --out" in err
    assert "Errno" not in err


def test_the_version_is_told(run: Run) -> None:
    """For whoever reports something."""
    code, text, _ = run("--version")
    assert code == 0
    assert text.startswith("gridpatrol ")


def test_rows_set_aside_say_what_to_do(run: Run, files: Files, tmp_path: Path) -> None:
    """Line, reason, value met, next step."""
    table = tmp_path / "posts.csv"
    table.write_text("编号,经度,纬度\nP1,114.31,30.55\nP2,0,0\n", "utf-8")
    _, text, _ = run("posts", files["streets"], table)
    assert "填上真实坐标" in text


def test_persons_in_a_file_do_not_get_through(run: Run, files: Files, tmp_path: Path) -> None:
    """Names, phones, identity numbers and plates: in no output, and reported."""
    table = tmp_path / "posts.csv"
    secrets = ["王五六", "13812345678", "11010519491231002X", "京A12345", "回族", "佛教"]
    heads = "编号,经度,纬度,值守人姓名,联系电话,身份证号,车牌号,民族,信仰"
    table.write_text(f"{heads}\nP1,114.31,30.55,{','.join(secrets)}\n", "utf-8")
    out = tmp_path / "out"
    _, text, _ = run("posts", files["streets"], table, "--out", out)
    assert "个人信息" in text
    for file in out.iterdir():
        content = file.read_bytes().decode("utf-8", "ignore")
        assert not [secret for secret in secrets if secret in content], file.name


def test_a_proposal_says_what_to_add_and_how_good_it_is(
    run: Run, files: Files, tmp_path: Path
) -> None:
    """Two more posts cover the 300 m; the map and the layers have them too."""
    out = tmp_path / "out"
    code, text, _ = run(
        "posts", files["streets"], files["posts"], "--propose", "full", "--out", out, "--json"
    )
    assert code == 0
    proposal = json.loads(text)["proposal"]
    assert proposal["sites"] == proposal["objective"] == proposal["bound"] == 2
    assert proposal["gap"] == 0.0
    assert proposal["stopped_by"] == "optimal"
    changes = pyogrio.read_dataframe(out / "result.gpkg", layer="proposal")
    assert changes["action"].tolist() == ["add", "add"]
    assert "在候选点中已证明最优" in (out / "map.html").read_text("utf-8")


def test_places_to_keep_and_to_forbid_go_with_a_proposal(
    run: Run, files: Files, tmp_path: Path
) -> None:
    """Nobody comes into the western area; the post that stands may move unless it is kept."""
    west = tmp_path / "west.gpkg"
    areas_of({"W": box(-10, -50, 140, 100)}).to_file(west)
    code, text, _ = run(
        "posts", files["streets"], files["posts"], "--propose", "1", "--json",
        "--forbid", west, "--keep", files["posts"],
    )  # fmt: skip
    assert code == 0
    proposal = json.loads(text)["proposal"]
    assert (proposal["added"], proposal["moved"]) == (1, 0)
    code, _, error = run("posts", files["streets"], files["posts"], "--keep", files["posts"])
    assert code == 2
    assert "--propose" in error


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--propose", "many"), "full"),
        (("--min", "100", "--max", "50"), "最小间距应小于最大间距"),
        (("--hours", "sometimes"), "sometimes"),
        (("--propose", "100000"), "请核对观察距离、间距和建议处数"),
    ],
)
def test_options_out_of_range_are_refused_in_words(
    run: Run, files: Files, options: tuple[str, ...], said: str
) -> None:
    """What was met, and no result."""
    code, _, error = run("posts", files["streets"], files["posts"], *options)
    assert code in (1, 2)
    assert said in error
