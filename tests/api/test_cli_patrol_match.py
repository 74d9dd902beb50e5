"""What `gridpatrol patrol match` finds in tracks, prints and writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from data.town import make_town
from geo.datum import convert
from tests.api.walked_town import fixes, patrol_run, write_csv, write_town, write_units

if TYPE_CHECKING:
    from pathlib import Path

    from tests.api.walked_town import Run

TRACK = ["track_id", "fixes", "dropped", "unknown_s", "segments"]

SEGMENT = ["street_id", "direction", "from_m", "to_m", "share", "entered", "left"]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the command."""
    return patrol_run(capsys, monkeypatch)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Write the town."""
    return write_town(tmp_path)


def matched(run: Run, town: Path, *options: object, tracks: object = None) -> dict[str, object]:
    """Return the summary of a match."""
    tracks = tracks or town.parent / "tracks.csv"
    code, out, err = run("match", tracks, f"{town}:streets", *options, "--json")
    assert code == 0, err
    return json.loads(out)


def two(town: Path, name: str = "walk.csv", **columns: object) -> Path:
    """Write the walk along the first street alone, a fix every ten seconds."""
    course = ((0, 0, 200), (330, 396, 200))
    return write_csv(fixes(course, "T1", "U1").assign(**columns), town.parent / name)


def test_the_summary_is_exactly_what_programs_count_on(run: Run, town: Path) -> None:
    """The walker goes along one street, the car along three; half an hour is unknown."""
    found = matched(run, town, "--units", town.parent / "units.xlsx")
    assert next(iter(found)) == "tracks"
    walker, car = found["tracks"]
    assert [list(track) for track in found["tracks"]] == [TRACK] * 2
    assert all(list(each) == SEGMENT for track in (walker, car) for each in track["segments"])
    assert (walker["fixes"], walker["dropped"]) == (542, {})
    assert walker["unknown_s"] == pytest.approx(1_800, abs=11)
    first = walker["segments"][0]
    assert (first["street_id"], first["direction"]) == ("B", "forward")
    assert first["share"] == pytest.approx(0.99, abs=0.01)
    assert first["entered"] == "2026-06-30T20:00:00"
    ways = [(each["street_id"], each["direction"]) for each in car["segments"]]
    for way in (("D", "backward"), ("A", "forward"), ("F", "forward")):
        assert way in ways
    assert found["rules"]["cleaning"]["gap_s"] == 300
    assert found["crs"].startswith("EPSG:45")


def test_a_repeat_is_a_second_row(run: Run, town: Path) -> None:
    """Out, back and out again: three rows of one street."""
    course = ((0, 20, 200), (300, 380, 200), (600, 20, 200), (900, 380, 200))
    path = write_csv(fixes(course, "T1", "U1"), town.parent / "again.csv")
    (track,) = matched(run, town, tracks=path)["tracks"]
    rows = [each["direction"] for each in track["segments"] if each["street_id"] == "B"]
    assert rows == ["forward", "backward", "forward"]


def test_who_drives_keeps_to_the_one_way_street_and_who_walks_does_not(
    run: Run, town: Path
) -> None:
    """The mode is that of the unit; without one, what was asked for."""
    streets = gpd.read_file(town, layer="streets")
    streets.assign(
        oneway=["yes" if code == "B" else "no" for code in streets["street_id"]]
    ).to_file(town, layer="streets")
    course = ((0, 396, 200), (330, 4, 200))
    path = write_csv(fixes(course, "T1", "U1"), town.parent / "against.csv")

    def against(*options: object) -> bool:
        (track,) = matched(run, town, *options, tracks=path)["tracks"]
        ways = {(each["street_id"], each["direction"]) for each in track["segments"]}
        return ("B", "backward") in ways

    assert against()
    assert not against("--profile", "vehicle")
    for mode, walks in (("步巡", True), ("车巡", False)):
        assert against("--units", write_units(town.parent, 巡逻方式=mode)) == walks


def test_every_fix_is_kept_or_has_a_reason(run: Run, town: Path) -> None:
    """What the reader set aside counts too, and a track of which nothing is left is told."""
    good = fixes(((0, 0, 200), (330, 396, 200)), "T1", "U1")
    table = pd.DataFrame(good.drop(columns="geometry")).assign(
        lon=good.geometry.x, lat=good.geometry.y
    )
    table.loc[6, "lat"] += 0.05
    wrong = [
        table.iloc[[3]],  # told again
        table.iloc[[5]].assign(accuracy_m=80.0),
        table.iloc[[7]].assign(time=""),
        table.iloc[[8]].assign(time="2099-01-01 00:00:00"),
        table.iloc[[9]].assign(time="2026-06-30 23:30:00"),
        table.iloc[[10]].assign(lon=None, lat=None),
        table.iloc[[11]].assign(time="2026-06-30 23:30:00", track_id="T9"),
        table.iloc[[11]].assign(time="", track_id="T8"),
        table.iloc[[12]].assign(lon=2.35, lat=48.85, time="2026-06-30 20:02:05"),
    ]
    path = town.parent / "wrong.csv"
    pd.concat([table, *wrong]).to_csv(path, index=False)
    found = matched(run, town, "--now", "2026-06-30T22:00:00", tracks=path)
    first, last, gone = found["tracks"]
    assert first["dropped"] == {
        "duplicate": 1, "accuracy": 1, "speed": 1, "no_time": 1, "future": 2, "no_place": 2,
    }  # fmt: skip
    assert first["fixes"] == len(table) + len(wrong) - 2
    assert last == {"track_id": "T9", "fixes": 1, "dropped": {"future": 1}, "unknown_s": 0.0,
                    "segments": []}  # fmt: skip
    assert gone == last | {"track_id": "T8", "dropped": {"no_time": 1}}
    assert found["fixes"] == len(table) + len(wrong)


def test_fixes_off_duty_are_dropped_and_their_places_are_kept_from_the_files(
    run: Run, town: Path, tmp_path: Path
) -> None:
    """By the roster; a unit whose clock runs elsewhere is suspected, not mended."""
    path = two(town)
    roster = tmp_path / "roster.csv"
    roster.write_text("单位编号,日期,班次\nU1,2026-06-30,12:00-14:00\n", "utf-8")
    out = tmp_path / "out"
    found = matched(run, town, "--roster", roster, "--out", out, tracks=path)
    assert found["tracks"][0]["dropped"] == {"off_shift": 34}
    assert [(each["kind"], each["hours"]) for each in found["suspicions"]] == [("clock", -8)]
    dropped = pyogrio.read_dataframe(out / "result.gpkg", layer="dropped")
    assert len(dropped) == 34
    assert dropped.geometry.isna().all()
    _, text, _ = run("match", path, f"{town}:streets", "--roster", roster)
    assert "时钟疑差 -8 小时" in text


def test_a_roster_takes_from_the_units_what_it_does_not_say(run: Run, town: Path) -> None:
    """Two shifts of one unit on a day; the mode stands in the sheet of units."""
    path = two(town)
    roster = town.parent / "roster.csv"
    roster.write_text(
        "单位编号,日期,班次\nU1,2026-06-30,08:00-10:00\nU1,2026-06-30,20:00-20:02\n", "utf-8"
    )
    options = ("--roster", roster, "--units", write_units(town.parent, 巡逻方式="车巡"))
    (track,) = matched(run, town, *options, tracks=path)["tracks"]
    assert track["dropped"] == {"off_shift": 21}
    _, text, _ = run("match", path, f"{town}:streets", *options)
    assert "车辆" in text
    roster.write_text(
        "单位编号,日期,班次,巡逻方式\nU1,2026-06-29,20:00-22:00,步巡\nU1,2026-06-30,20:00-22:00,\n",
        "utf-8",
    )
    _, text, _ = run("match", path, f"{town}:streets", *options)
    assert "车辆" in text


def test_a_walk_after_midnight_is_in_the_shift_of_the_eve(run: Run, town: Path) -> None:
    """The sheet of units alone says so, for the days of the track and those before."""
    late = write_csv(
        fixes(((18_000, 4, 200), (18_330, 396, 200)), "T1", "U1"), town.parent / "late.csv"
    )
    units = write_units(town.parent, 班次="20:00-04:00")
    (track,) = matched(run, town, "--units", units, tracks=late)["tracks"]
    assert track["dropped"] == {}
    assert track["segments"][0]["entered"].startswith("2026-07-01T01:00")


def test_tracks_in_another_datum_are_named_with_what_to_do(run: Run, town: Path) -> None:
    """Given as GCJ-02 without a word; right again with the option that is named."""
    course = ((0, 5, 200), (400, 400, 200), (800, 400, 400), (1_200, 5, 400), (1_600, 5, 5))
    good = fixes(course, "T1", "U1")
    lon, lat = convert(good.geometry.x.to_numpy(), good.geometry.y.to_numpy(), "wgs84", "gcj02")
    moved = good.set_geometry(gpd.points_from_xy(lon, lat, crs=4326))
    path = write_csv(moved, town.parent / "moved.csv")
    (told,) = matched(run, town, tracks=path)["suspicions"]
    assert (told["track_id"], told["kind"], told["datum"]) == ("T1", "datum", "gcj02")
    _, text, _ = run("match", path, f"{town}:streets")
    assert "--datum tracks=gcj02" in text
    again = matched(run, town, "--datum", "tracks=gcj02", tracks=path)
    assert again["suspicions"] == []
    assert again["length_m"] == pytest.approx(1_390, abs=20)


def test_volunteers_have_no_tracks(run: Run, town: Path, tmp_path: Path) -> None:
    """Their fixes are counted and dropped unread: no way, no place, no time."""
    units = write_units(town.parent, 力量类型=["志愿者", "派出所"])
    options = ("--units", units, "--out", tmp_path / "out")
    found = matched(run, town, *options)
    by = {track["track_id"]: track for track in found["tracks"]}
    assert by["T1"]["dropped"] == {"volunteer": 542}
    assert by["T1"]["segments"] == []
    assert by["T2"]["segments"]
    for layer in ("traversals", "dropped", "gaps"):
        frame = pyogrio.read_dataframe(tmp_path / "out" / "result.gpkg", layer=layer)
        assert "T1" not in set(frame["track_id"])


def test_the_folder_holds_layers_a_summary_and_a_map(run: Run, town: Path, tmp_path: Path) -> None:
    """And the terminal says what was dropped, what is unknown and by which rules."""
    out = tmp_path / "out"
    code, text, err = run(
        "match", town.parent / "tracks.csv", f"{town}:streets", "--units",
        town.parent / "units.xlsx", "--out", out, "--rule", "accuracy_m=4",
    )  # fmt: skip
    assert code == 0, err
    assert {path.name for path in out.iterdir()} == {"result.gpkg", "summary.json", "map.html"}
    layers = {name for name, _ in pyogrio.list_layers(out / "result.gpkg")}
    assert {"traversals", "tracks", "dropped", "gaps", "suspicions"} <= layers
    assert "精度太差 542" in text
    assert "cleaning.accuracy_m" in text
    run("match", town.parent / "tracks.csv", f"{town}:streets", "--units",
        town.parent / "units.xlsx", "--out", out)  # fmt: skip
    page = (out / "map.html").read_text("utf-8")
    for said in ("步巡一组 · T1", "按时间查看实际位置", "去向不明", "B路"):
        assert said in page


def test_rules_are_read_or_refused_with_what_there_is(run: Run, town: Path) -> None:
    """A longer gap is none; a name that nobody knows lists those there are."""
    found = matched(run, town, "--rule", "gap_s=2400")
    assert [track["unknown_s"] for track in found["tracks"]] == [0, 0]
    both = matched(run, town, "--rule", "gap_s=2400", "--rule", "cleaning.speed_kmh=20")
    assert [track["unknown_s"] for track in both["tracks"]] == [0, 0]
    assert both["rules"]["cleaning"]["speed_kmh"] == 20
    for wrong in ("gap=5", "gap_s", "gap_s=much", "presence.gap_s=5"):
        code, _, err = run("match", town.parent / "tracks.csv", f"{town}:streets", "--rule", wrong)
        assert code == 2
        assert "cleaning.gap_s" in err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("track_id,time,lon,lat\n", "没有定位点"),
        ("track_id,lon,lat\nT1,114.0,32.5\n", "没有可用的定位时间"),
        ("track_id,time,lon,lat\nT1,,114.0,32.5\n", "都不能用"),
        ("track_id,time\nT1,2026-06-30 20:00\n", "tracks.csv"),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_track_is_refused(run: Run, town: Path, text: str, said: str) -> None:
    """With what to do, and exit code 1."""
    (town.parent / "tracks.csv").write_text(text, "utf-8")
    code, out, err = run("match", town.parent / "tracks.csv", f"{town}:streets")
    assert code == 1
    assert out == ""
    assert said in err


def test_the_tracks_of_the_demo_town_are_matched(run: Run, tmp_path: Path) -> None:
    """Four units; two jumps of each are dropped, and the silence of the first is unknown."""
    made = make_town()
    path = tmp_path / "town.gpkg"
    for name in ("streets", "tracks"):
        made.layers()[name].to_file(path, layer=name)
    made.units.to_excel(tmp_path / "units.xlsx", index=False)
    code, out, err = run("match", f"{path}:tracks", f"{path}:streets", "--units",
                         tmp_path / "units.xlsx", "--json")  # fmt: skip
    assert code == 0, err
    tracks = json.loads(out)["tracks"]
    assert [track["dropped"] for track in tracks] == [{"speed": 2}] * 4
    assert [track["unknown_s"] > 900 for track in tracks] == [True, False, False, False]
    assert [len(track["segments"]) > 15 for track in tracks] == [True] * 4
