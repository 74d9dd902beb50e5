"""Incidents over HTTP: counts, changes and hours, as the commands tell them of files."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from typer.testing import CliRunner

from api import stored_reports, stored_spots
from api.app import create_app
from api.cli import app
from api.jobs import perform
from api.routes import incidents
from api.settings import Settings
from api.stored_seen import seen_said
from data.importing import import_layer
from data.incident_sheets import read_table
from data.incident_store import import_table
from data.scope import Scope
from data.store import Store
from data.viewing import views
from data.work import claim
from data.writing import insert_row
from tests.api.incidents import COUNTS, as_files, fill_incidents
from tests.api.stored import put
from tests.data.rows import layer_of
from tests.stores import ONE_ENGINE
from tests.strategies import line, points_of, streets_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOVERNANCE = Scope(lines=frozenset({"governance", "public"}), name="综治中心")

MAY = "month=2024-05"


@pytest.fixture(scope="module")
def town(ready_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return the store of two villages, which no test here changes."""
    file = tmp_path_factory.mktemp("town") / "town.db"
    shutil.copy(ready_file, file)
    opened = Store.open(f"sqlite:///{file}")
    fill_incidents(opened)
    yield opened
    opened.engine.dispose()


def service(store: Store, scope: Scope | None = None, **settings: Any) -> TestClient:  # noqa: ANN401
    """Return a client of the service over a store."""
    asked = store if scope is None else store.scoped(scope)
    return TestClient(create_app(Settings.model_validate(settings), asked))


def told(client: TestClient, address: str) -> dict[str, Any]:
    """Return what an address answers."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def command(*words: str) -> dict[str, Any]:
    """Return what a command prints."""
    done = CliRunner().invoke(app, ["incidents", *words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_service_counts_as_the_command_does(town: Store, store: Store, tmp_path: Path) -> None:
    """Every figure, test and sentence; from either engine."""
    fill_incidents(store)
    incidents_file, areas_file = map(str, as_files(tmp_path))
    ours = ["--areas", areas_file, "--population", "people", "--month", "2024-05"]
    expected = command("stats", incidents_file, *ours)
    found = told(service(store), f"/incidents/stats?{MAY}")
    for name in set(expected) - {"inputs", "notes", "crs"}:
        assert found[name] == expected[name], name
    assert found["rows"] == sum(map(sum, COUNTS.values())) + 2
    hours = command("hours", incidents_file, "--areas", areas_file, "--month", "2024-05")
    spread = told(service(town), f"/incidents/hours?{MAY}")
    for name in set(hours) - {"inputs", "notes", "crs"}:
        assert spread[name] == hours[name], name
    assert spread["hours"]["matter"][2][20] > 0


def test_a_change_is_told_with_its_arithmetic(town: Store) -> None:
    """8 -> 16 calls, with both tests, in either language."""
    found = told(service(town), f"/incidents/stats?{MAY}&area=01")
    (calls,) = [row for row in found["changes"]["kind"] if row["kind"] == "police_call"]
    assert (calls["before"], calls["now"], calls["share"]) == (8, 16, 1.0)
    assert calls["sentence"].startswith("同比上升100%(8→16起;小基数,差异不显著,E检验 p=")
    english = told(service(town, lang="en"), f"/incidents/stats?{MAY}&area=01")
    assert "8" in english["changes"]["kind"][0]["sentence"]
    assert english["changes"]["kind"][0]["sentence"] != found["changes"]["kind"][0]["sentence"]


def test_the_parts_of_an_area_add_up(town: Store) -> None:
    """Over all grids, and over those of each village; what is in no area has its own row."""
    client = service(town)
    whole = told(client, f"/incidents/stats?{MAY}&by=area&by=kind")
    assert set(whole["changes"]) == {"total", "area", "kind"}
    for unit in {row["count_unit"] for row in whole["changes"]["area"]}:
        by_area, by_kind = (
            sum(row["now"] for row in whole["changes"][by] if row["count_unit"] == unit)
            for by in ("area", "kind")
        )
        assert by_area == by_kind > 0
    parts = [told(client, f"/incidents/stats?{MAY}&area={code}") for code in ("V1", "V2")]
    assert sum(part["rows"] for part in parts) == whole["rows"]
    assert list(parts[0]["by_area"]) == ["01", "02", "no_place"]


def test_an_area_is_held_against_the_one_above(town: Store) -> None:
    """01 against V1, both in the whole month; V2 is the only part of T that is stored."""
    client = service(town)
    (event,) = [
        row for row in told(client, f"/incidents/stats?{MAY}&area=01&by=kind")["parent"]["kind"]
        if row["kind"] == "event"
    ]  # fmt: skip
    assert (event["before"], event["now"]) == COUNTS["01", "event"]
    assert (event["parent_before"], event["parent_now"]) == (13, 11)
    assert told(client, f"/incidents/stats?{MAY}&area=V2")["parent"] == {}


@ONE_ENGINE
def test_the_stored_classes_are_what_is_counted_by(store: Store, tmp_path: Path) -> None:
    """A word of a ledger counts in the class that the sheet of the store gives it."""
    path = tmp_path / "classes.csv"
    path.write_text("kind,class,label,group,words\nevent,stray_dog,流浪犬,livelihood,流浪狗\n")
    import_table(store, read_table(path, "classes"))
    at = dt.datetime(2024, 5, 3, 9)  # noqa: DTZ001 - local
    insert_row(store, "incidents", {"kind": "event", "class": "流浪狗", "time": at}, None)
    found = told(service(store), f"/incidents/stats?{MAY}&by=class&by=group")
    assert [row["class"] for row in found["changes"]["class"]] == ["stray_dog"]
    assert [row["group"] for row in found["changes"]["group"]] == ["livelihood"]


def test_a_quiet_month_that_is_over_is_a_count_of_none(town: Store) -> None:
    """Of an area as of all."""
    for area in ("", "&area=01"):
        found = told(service(town), f"/incidents/stats?month=2024-06{area}")
        assert found["comparison"]["partial"] is False
        assert {row["now"] for row in found["changes"]["total"]} <= {0}


def test_the_period_before_is_another_comparison(town: Store) -> None:
    """April saw nothing."""
    found = told(service(town), "/incidents/stats?since=2024-05-01&until=2024-05-03&against=period")
    assert found["comparison"]["before"]["first_day"] == "2024-04-28"
    assert found["comparison"]["now"]["last_day"] == "2024-05-03"
    assert {row["before"] for row in found["changes"]["kind"]} == {0}


def test_whoever_does_not_see_police_work_is_told_so_and_no_more(town: Store) -> None:
    """The answer is what it would be if there were none of it."""
    ours, whole = service(town, GOVERNANCE), service(town)
    found = told(ours, f"/incidents/stats?{MAY}")
    assert found["kinds_unseen"] == ["case", "police_call"]
    assert found["lines"] == ["governance", "public"]
    assert found["remarks"][0] == "当前授权看不到案件、警情，以上不含这些"
    assert {row["kind"] for row in found["changes"]["kind"]} == {"event", "dispute"}
    assert "police_call" not in json.dumps(found | {"kinds_unseen": []})
    assert found["kinds_in_part"] == ["dispute", "event", "hazard"]
    assert found["rows"] == 44
    assert told(whole, f"/incidents/stats?{MAY}")["kinds_unseen"] == []
    hidden = told(ours, "/incidents/hours?kind=police_call")
    assert hidden["totals"] == []


def test_hours_are_of_one_kind_where_that_is_asked(town: Store) -> None:
    """Calls are occurrences, events are matters: never added."""
    client = service(town)
    assert set(told(client, "/incidents/hours")["hours"]) == {"matter", "occurrence"}
    calls = told(client, f"/incidents/hours?kind=police_call&{MAY}")
    assert [row["count"] for row in calls["totals"]] == [16]
    assert sum(map(sum, calls["hours"]["occurrence"])) == 16


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("since=2024-05-01", 400), ("since=2024-05-02&until=2024-05-01", 400),
        ("month=2024-05&since=2024-05-01&until=2024-05-02", 400), ("month=2024-13", 400),
        ("month=1924-05", 400), ("by=person", 400), ("against=week", 400), ("x=1", 400),
        ("area=", 400), ("area=V9", 404), ("month=2099-07", 422),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(town: Store, query: str, status: int) -> None:
    """With what to do; days to come are no days without incidents."""
    answer = service(town).get(f"/incidents/stats?{query}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if status == 422:
        assert "2023-05-01" in answer.json()["detail"]
        assert "2024-05-31" in answer.json()["detail"]


def test_what_takes_too_long_to_wait_for_is_refused(
    town: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the way to ask for it."""
    monkeypatch.setattr(incidents, "MOST_INCIDENTS", 30)
    client = service(town)
    for path in ("stats", "hours"):
        answer = client.get(f"/incidents/{path}")
        assert (answer.status_code, answer.json()["code"]) == (422, "too_many_incidents")
        assert client.get(f"/incidents/{path}?area=03").status_code == 200


def test_a_store_without_incidents_says_what_to_do(client: TestClient) -> None:
    """No zero is made up."""
    answer = client.get("/incidents/stats")
    assert (answer.status_code, answer.json()["code"]) == (404, "nothing_stored")


HOT = "/incidents/hotspots?kind=hazard"


@pytest.fixture(scope="module")
def hot_town(ready_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return the two villages with 40 hazards around one corner, of which patrols found 10."""
    file = tmp_path_factory.mktemp("town") / "hot.db"
    shutil.copy(ready_file, file)
    opened = Store.open(f"sqlite:///{file}")
    fill_incidents(opened)
    fill_hazards(opened)
    yield opened
    opened.engine.dispose()


def fill_hazards(store: Store) -> None:
    """Store streets between those that are there, and hazards at a corner and thinly elsewhere."""
    ways = [line((0, y), (600, y)) for y in (50, 100, 150, 250, 300, 350)]
    ways += [line((x, 0), (x, 400)) for x in range(50, 600, 100)]
    put(store, "streets", streets_of(ways, code=[f"T{n}" for n in range(len(ways))]))
    near = [(100 + 7 * (n % 7), 200 + 9 * (n % 5)) for n in range(40)]
    far = [(40 + 60 * n, 2) for n in range(9)]
    found = ["patrol"] * 10 + ["call"] * 39
    columns = {"incident_id": [f"H{n}" for n in range(49)], "kind": ["hazard"] * 49}
    at = [dt.datetime(2024, 5, 1 + n % 28, 12) for n in range(49)]  # noqa: DTZ001 - local
    shapes = points_of([*near, *far]).to_crs(4326).geometry.tolist()
    import_layer(
        store, layer_of("incidents", shapes, columns | {"found_by": found, "time": at}),
        line="governance",
    )  # fmt: skip


def features(found: dict[str, Any], what: str) -> list[dict[str, Any]]:
    """Return the properties of the features of one sort."""
    return [f["properties"] for f in found["features"] if f["properties"]["what"] == what]


def test_hot_spots_are_told_with_their_places(hot_town: Store) -> None:
    """By street segment; what patrols found is left out, and its share told; a view is noted."""
    found = told(service(hot_town), HOT)
    summary = found["summary"]
    assert (summary["of"], summary["counted"], summary["found_by_patrols"]) == ("streets", 39, 10)
    assert summary["spots"] == len(features(found, "spot")) == 1
    (spot,) = features(found, "spot")
    assert len(features(found, "place")) == spot["places"]
    assert len(features(found, "must_visit")) == 1
    assert len(features(found, "stay")) >= 1
    assert told(service(hot_town), f"{HOT}&include_patrol=true")["summary"]["counted"] == 49
    assert told(service(hot_town), f"{HOT}&cell_m=200")["summary"]["of"] == "cells"
    seen = views(hot_town).views[-1]
    assert (seen.what, seen.rows_seen, seen.area) == ("hot-spots", 1, None)


def test_what_patrols_go_by_is_for_the_police_alone(hot_town: Store) -> None:
    """Others see where hazards pile up, but neither points to visit nor stays."""
    before = len(views(hot_town).views)
    found = told(service(hot_town, GOVERNANCE), HOT)
    assert len(features(found, "spot")) == 1
    assert not features(found, "must_visit") + features(found, "stay")
    assert "dose_date" not in found["summary"]
    assert found["summary"]["kinds_unseen"] == ["case", "police_call"]
    assert len(views(hot_town).views) == before
    none = service(hot_town, GOVERNANCE).get("/incidents/hotspots?kind=case")
    nobody = service(hot_town).get("/incidents/hotspots?kind=case&area=01")
    assert none.status_code == nobody.status_code == 422
    assert none.json() == nobody.json()


def test_hot_spots_are_found_as_a_job_and_keep_their_ids(store: Store, store_url: str) -> None:
    """On either engine, with the same spots; the week after, what goes on has its old id."""
    fill_incidents(store)
    fill_hazards(store)
    client = service(store)
    inputs = {"kind": "hazard", "month": "2024-05"}
    first = done(client, store, store_url, inputs)
    found = told(client, f"{HOT}&month=2024-05")
    assert first["spots"]["features"] == found["features"]
    assert first["summary"] == found["summary"]
    assert views(store).views[1].what == "jobs/hot-spots"
    job = client.get("/jobs").json()["jobs"][0]["jobID"]
    again = told(client, f"{HOT}&since=2024-05-01&until=2024-05-25&previous={job}")
    (spot,), (old,) = features(again, "spot"), features(found, "spot")
    assert (spot["kept"], spot["spot_id"]) == (True, old["spot_id"])
    assert again["summary"]["kept"] == 1
    stranger = service(store, GOVERNANCE)
    assert stranger.get(f"{HOT}&previous={job}").status_code == 404
    body = {"inputs": {"previous": "0" * 36}}
    assert client.post("/processes/hot-spots/execution", json=body).status_code == 404


def done(client: TestClient, store: Store, url: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Have hot spots looked for as a job, and return the result."""
    answer = client.post("/processes/hot-spots/execution", json={"inputs": inputs})
    assert answer.status_code == 201, answer.text
    task = claim(store.engine, "test")
    assert task is not None
    perform(url, task)
    return client.get(f"/jobs/{answer.json()['jobID']}/results").json()


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("cell_m=49", 400, "not_valid"), ("permutations=999", 400, "not_valid"),
        ("previous=x", 400, "not_valid"), ("month=2099-07", 422, "days_without_incidents"),
        ("hold_out_weeks=9", 400, "spots_unfit"),
        ("area=V2", 422, "no_incident_placed"), ("area=V9", 404, "no_such_area"),
    ],
)  # fmt: skip
def test_hot_spots_that_cannot_be_are_refused(
    hot_town: Store, query: str, status: int, code: str
) -> None:
    """Each with its own next step."""
    kind = "dispute" if query == "area=V2" else "hazard"
    answer = service(hot_town).get(f"/incidents/hotspots?kind={kind}&{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("limit", "query", "code"),
    [
        ("MOST_SPOTTED", "", "ask_spots_as_job"), ("MOST_STREETS", "", "ask_spots_as_job"),
        ("MOST_CELLS", "cell_m=200", "ask_spots_as_job"),
        ("LARGEST_CELLS", "cell_m=200", "too_many_cells"),
    ],
)  # fmt: skip
def test_hot_spots_that_take_long_are_a_job(
    hot_town: Store, monkeypatch: pytest.MonkeyPatch, limit: str, query: str, code: str
) -> None:
    """By incidents, streets or cells."""
    monkeypatch.setattr(stored_spots, limit, 5)
    answer = service(hot_town).get(f"{HOT}&{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_month_is_printed_and_kept_as_a_workbook(
    hot_town: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same request, the same bytes; a name that says what it is; a view is noted."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    client = service(hot_town)
    paper = client.get(f"/incidents/report?{MAY}&area=V1")
    assert paper.status_code == 200, paper.text
    assert paper.headers["content-type"] == "text/html; charset=utf-8"
    assert paper.headers["content-security-policy"] == (
        "sandbox allow-scripts; frame-ancestors 'self'"
    )
    assert "2024年5月" in paper.text
    assert "看不到" not in paper.text
    assert "同比上升100%(8→16起;小基数,差异不显著" in paper.text
    book = client.get(f"/incidents/report.xlsx?{MAY}&area=V1")
    assert quote("事件月报-2024-05-V1.xlsx") in book.headers["content-disposition"]
    sheets = load_workbook(BytesIO(book.content))
    assert sheets.sheetnames == ["总表", "分类", "分区", "时段", "热点", "口径"]
    assert client.get(f"/incidents/report.xlsx?{MAY}&area=V1").content == book.content
    assert [view.what for view in views(hot_town).views[:2]] == ["incident-report"] * 2


def test_a_month_without_police_work_says_so(hot_town: Store) -> None:
    """On paper and in the name of the workbook; nothing of it is inside."""
    ours = service(hot_town, GOVERNANCE)
    paper = ours.get(f"/incidents/report?{MAY}").text
    assert "当前授权看不到案件、警情" in paper
    assert "16起" not in paper
    book = ours.get(f"/incidents/report.xlsx?{MAY}")
    assert quote("事件月报-2024-05-不含案件警情.xlsx") in book.headers["content-disposition"]
    unseen = seen_said(hot_town.scoped(GOVERNANCE), "zh")
    assert len(unseen) == 2
    assert lines_of(book.content, "口径")[1:3] == unseen
    assert paper.count(unseen[1]) == 2
    whole = service(hot_town).get(f"/incidents/report.xlsx?{MAY}")
    assert "统计期" in lines_of(whole.content, "口径")[1]


def lines_of(book: bytes, sheet: str) -> list[str]:
    """Return the first column of a sheet of a workbook, as whoever opens it reads it."""
    return [str(row[0]) for row in load_workbook(BytesIO(book))[sheet].values if row[0]]


@ONE_ENGINE
def test_a_month_that_still_runs_is_cut_where_the_data_of_all_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A village that was quiet since is not cut short; what a scope does not see has no days."""
    fill_incidents(store)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717718400")  # 2024-06-07
    last = {"kind": "event", "time": dt.datetime(2024, 6, 5, 9), "area_code": "03"}  # noqa: DTZ001
    insert_row(store, "incidents", last, None)
    client = service(store)
    for area in ("", "&area=01", "&area=02"):
        found = told(client, f"/incidents/stats?month=2024-06{area}")
        assert found["comparison"]["now"]["last_day"] == "2024-06-05"
        assert found["comparison"]["before"]["last_day"] == "2023-06-05"
        assert found["data"]["last_day"] == "2024-06-05"
        paper = client.get(f"/incidents/report?month=2024-06{area}")
        assert "2024-06-01 至 2024-06-05" in paper.text
    days = "since=2024-05-10&until=2024-06-30"
    police = service(store, Scope(lines=frozenset({"police"})))
    ours = told(police, f"/incidents/stats?{days}")
    assert ours["comparison"]["now"]["last_day"] == "2024-05-16"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_answer_names_an_option_of_a_command(hot_town: Store, lang: str) -> None:
    """Neither remarks nor pages: whoever reads them has no command before them."""
    client = service(hot_town, lang=lang)
    for path in (
        "stats", "stats?month=2024-06", "stats?month=2024-05&area=01", "hours",
        "hours?kind=case&area=02",
    ):  # fmt: skip
        remarks = told(client, f"/incidents/{path}")["remarks"]
        assert remarks
        assert not [remark for remark in remarks if "--" in remark]
    for path in ("maps/hotspots/map", "maps/hotspots/map?cell_m=200", f"incidents/report?{MAY}"):
        page = client.get(f"/{path}")
        assert page.status_code == 200
        assert not re.findall("--(?:month|only|include-patrol|areas|streets|map|until)", page.text)
    book = client.get(f"/incidents/report.xlsx?{MAY}").content
    sheet = {"zh": "口径", "en": load_workbook(BytesIO(book)).sheetnames[-1]}[lang]
    assert not [line for line in lines_of(book, sheet) if "--" in line]


@ONE_ENGINE
def test_a_month_is_made_as_a_job_with_files(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are those that waiting gives, and the figures those of stats."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    fill_incidents(store)
    client = service(store)
    answer = client.post(
        "/processes/incident-report/execution", json={"inputs": {"month": "2024-05"}}
    )
    at = f"/jobs/{answer.json()['jobID']}/results"
    assert client.get(f"{at}/report.html").status_code == 404
    task = claim(store.engine, "test")
    assert task is not None
    perform(store_url, task)
    found = told(client, at)
    assert found["summary"]["changes"] == told(client, f"/incidents/stats?{MAY}")["changes"]
    assert found["areas"]["numberReturned"] == 3
    book = client.get(f"{at}/report.xlsx")
    assert book.content == client.get(f"/incidents/report.xlsx?{MAY}").content
    assert book.headers["content-type"] == found["report.xlsx"]["mediaType"]
    assert client.get(f"{at}/report.html").text == client.get(f"/incidents/report?{MAY}").text
    for name in ("summary", "areas", "x"):
        assert client.get(f"{at}/{name}").status_code == 404
    assert service(store, GOVERNANCE).get(f"{at}/report.html").status_code == 404


def test_a_month_that_takes_long_is_a_job(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """By incidents, and by what hot spots are looked for in."""
    client = service(town)
    monkeypatch.setattr(stored_spots, "MOST_SPOTTED", 5)
    answer = client.get(f"/incidents/report?{MAY}")
    assert (answer.status_code, answer.json()["code"]) == (422, "ask_month_as_job")
    monkeypatch.setattr(stored_reports, "MOST_INCIDENTS", 5)
    answer = client.get(f"/incidents/report.xlsx?{MAY}")
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_incidents")
    assert client.get("/incidents/report").status_code == 400
    assert client.get("/incidents/report?month=2099-05").status_code == 422
