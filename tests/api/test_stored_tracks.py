"""Tracks of the store: matched, kept as results, reported on, and gone after their time."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api import cli, jobs
from api.app import create_app
from api.jobs import Runner, perform
from api.patrol import stored_tracks
from api.patrol.stored import accept_kept, make_plan
from api.patrol.stored_tracks import DAY, area_report, match_day
from api.settings import Settings
from data.errors import ForbiddenError, NotFoundError
from data.positions import positions
from data.results import results
from data.retention import purge_positions
from data.scope import Scope
from data.store import Store
from data.viewing import views
from data.work import claim
from data.writing import insert_row
from tests.api.patrols import (
    BRIEF,
    DATE,
    DIVISION,
    NIGHT,
    fill_patrols,
    put_fixes,
    walk_there,
)
from tests.stores import ONE_ENGINE

if TYPE_CHECKING:
    from pathlib import Path

DONE = {("point", "P1"), ("segment", "D1"), ("segment", "D2")}
"""What the positions of the night show."""


@pytest.fixture
def walked(store: Store) -> Store:
    """Return the store of the town after the night, on either engine."""
    fill_patrols(store)
    walk_there(store)
    return store


def kept(store: Store) -> set[tuple[str, str]]:
    """Return the kinds and codes of what was kept."""
    found = results(store)
    return set(zip(found["kind"], found["id"], strict=True))


def states(store: Store) -> dict[str, str]:
    """Return what became of each place that was due by night."""
    due = area_report(store, "X1", DATE, DATE).report.found.due
    return dict(zip(due["id"], due["status"], strict=True))


def planned(store: Store) -> int:
    """Accept a plan of the night in which U1 does what it did."""
    row = make_plan(store, "X1", date=DATE, shift=NIGHT, seed=3, iterations=BRIEF).row
    accept_kept(store, row.id, 1)
    return row.id


def test_what_units_did_is_kept_with_its_shift(walked: Store) -> None:
    """Who walks over midnight does so on the day that the shift began; again nothing changes."""
    for date, count in ((DATE, 3), (DATE, 3), (DATE + DAY, 0)):
        assert match_day(walked, date).results == count
    found = results(walked)
    assert kept(walked) == DONE
    assert len(found) == 3
    assert set(found["shift_id"]) == {f"2025-07-01 {NIGHT}"}
    assert set(found["date"]) == {DATE}
    assert found["left"].max() > found["entered"].max() + dt.timedelta(minutes=5)
    assert found["left"].max().date() == DATE + DAY


def test_a_roster_that_is_stored_says_who_was_on_duty(walked: Store) -> None:
    """Its hours stand above those of the sheet: what was walked outside them is dropped."""
    row = {"unit_id": "U1", "date": DATE, "shift": "20:00-22:00", "division": DIVISION}
    insert_row(walked, "roster", {**row, "line": "police"}, None)
    assert match_day(walked, DATE).results == 2
    assert kept(walked) == DONE - {("segment", "D1")}


def test_units_that_are_named_are_matched_alone(walked: Store) -> None:
    """The others stay as they are."""
    put_fixes(walked, "U2", (20, 0, 0), [(0.0, 400.0)] * 10)
    assert match_day(walked, DATE, ["U2"]).results == 1
    assert kept(walked) == {("point", "P3")}
    assert match_day(walked, DATE).results == 4


def test_a_report_outlives_the_positions(walked: Store) -> None:
    """They go when what was done is kept; then only what nobody did is unknown."""
    planned(walked)
    told = {"P1": "done", "P3": "done", "D1": "done", "D2": "done", "P2": "unknown", "P9": "missed"}
    assert states(walked) == told
    month = DATE + DAY * 32
    assert purge_positions(walked, month).deleted == 0
    for date in (DATE, DATE + DAY):
        match_day(walked, date)
    assert purge_positions(walked, month).deleted == 66
    assert positions(walked).empty
    assert states(walked) == told


def test_positions_that_are_left_count_once(walked: Store) -> None:
    """What was kept of them and they themselves tell of the same visits."""
    match_day(walked, DATE)
    planned(walked)
    found = area_report(walked, "X1", DATE, DATE)
    assert found.report.found.summary()["done"] == 4
    assert found.report.found.summary()["too_often"] == 0
    assert len(found.report.found.visits) == 4


@ONE_ENGINE
def test_what_was_due_is_what_accepted_plans_say(walked: Store) -> None:
    """Where none is accepted, every place in every shift, whoever does it."""
    found = area_report(walked, "X1", DATE, DATE).summary()
    assert (found["due_by"], found["plans"]) == ("shifts", [])
    assert found["compliance"]["due"] == 11
    number = planned(walked)
    found = area_report(walked, "X1", DATE - DAY, DATE + DAY).summary()
    assert (found["due_by"], found["plans"]) == ("plans", [number])
    assert found["compliance"]["due"] == 6
    assert found["compliance"]["own_unit_only"] is True
    assert found["presence"]["seen_slots"] > 0


@ONE_ENGINE
def test_plans_of_several_nights_are_reported_together(walked: Store) -> None:
    """Each owes the same places anew; a place that ended since is where it was."""
    planned(walked)
    row = make_plan(walked, "X1", date=DATE + DAY, shift=NIGHT, seed=1, iterations=BRIEF).row
    accept_kept(walked, row.id, 1)
    found = area_report(walked, "X1", DATE, DATE + DAY)
    assert len(found.plans) == 2
    assert found.report.found.summary()["due"] == 12
    assert found.report.found.summary()["done"] == 4


def test_nobody_reports_or_matches_who_may_not(walked: Store) -> None:
    """Positions are the police's; to keep what units did is to write."""
    governance = walked.scoped(Scope(DIVISION, frozenset({"governance", "public"})))
    reader = walked.scoped(Scope(DIVISION, rights=frozenset()))
    neighbour = walked.scoped(Scope("610929100"))
    for asks in (lambda: match_day(governance, DATE),
                 lambda: area_report(governance, "X9", DATE, DATE)):  # fmt: skip
        with pytest.raises(ForbiddenError, match="for the police's line"):
            asks()
    with pytest.raises(ForbiddenError, match="may read only"):
        match_day(reader, DATE)
    assert area_report(reader, "X1", DATE, DATE).report.found.summary()["done"] == 4
    assert views(walked).views[0].who == reader.scope.name
    with pytest.raises(NotFoundError, match="no position is stored of 2025-07-01"):
        match_day(neighbour, DATE)
    with pytest.raises(NotFoundError, match="no areas are stored"):
        area_report(neighbour, "X1", DATE, DATE)
    for date in (DATE - DAY, DATE + DAY * 3):
        with pytest.raises(NotFoundError, match=f"no position is stored of {date}"):
            match_day(walked, date)


@ONE_ENGINE
def test_jobs_and_the_route_answer_alike(
    walked: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The places with their state; what takes long is asked as a job."""
    client = TestClient(create_app(Settings(), walked))

    def result(process: str, **inputs: Any) -> dict[str, Any]:  # noqa: ANN401
        job = client.post(f"/processes/{process}/execution", json={"inputs": inputs}).json()
        task = claim(walked.engine, "test")
        assert task is not None
        perform(store_url, task)
        found = client.get(f"/jobs/{job['jobID']}/results")
        assert found.status_code == 200, found.text
        assert views(walked).views[0].what == f"jobs/{process}"
        return found.json()

    matched = result("track-match", date="2025-07-01")
    (track,) = matched["summary"]["tracks"]
    assert (track["track_id"], track["fixes"]) == ("U1/T", 66)
    assert {part["street_id"] for part in track["segments"]} == {"E", "B"}
    assert matched["summary"]["results"] == 3
    assert len(matched["ways"]["features"]) == len(track["segments"])
    reported = result("patrol-report", area="X1", since="2025-07-01", until="2025-07-01")
    asked = client.get("/patrols/report?area=X1&date=2025-07-01").json()
    assert asked["summary"] == reported["summary"]
    assert asked["features"] == reported["places"]["features"]
    state = {each["properties"]["code"]: each["properties"]["status"] for each in asked["features"]}
    assert state == {"P1": "unknown", "P2": "unknown", "P3": "unknown", "P9": "unknown",
                     "D1": "unknown", "D2": "unknown"}  # fmt: skip
    monkeypatch.setattr(stored_tracks, "MOST_FIXES", 65)
    refused = client.get("/patrols/report?area=X1&date=2025-07-01")
    assert (refused.status_code, refused.json()["code"]) == (422, "ask_report_as_job")
    for days, status in (("2025-07-31", 201), ("2025-08-01", 400), ("2025-06-30", 400)):
        body = {"inputs": {"area": "X1", "since": "2025-07-01", "until": days}}
        assert client.post("/processes/patrol-report/execution", json=body).status_code == status
    nobody = client.get("/patrols/report?area=X2&date=2025-07-01")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "no_streets_there")


def test_the_service_clears_positions_away(
    walked: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At its start, by the days that are set, and not again at every turn."""
    for date in (DATE, DATE + DAY):
        match_day(walked, date)
    today = partial(Store, today=lambda: DATE + DAY * 5)
    monkeypatch.setattr(jobs, "Store", today)
    for keep_days, left in ((5, 66), (3, 0)):
        runner = Runner(store_url, keep_days=keep_days, workers=1)
        runner._turn()
        assert len(positions(walked)) == left
        monkeypatch.setattr(jobs, "purge_positions", None)
        runner._turn()
        monkeypatch.undo()
        monkeypatch.setattr(jobs, "Store", today)
        runner._engine.dispose()


NIGHT_FIXES = (
    "track_id,unit_id,time,lon,lat\n"
    "T,U1,2025-07-01 21:00:00,114.3147,30.5398\n"
    "T,U1,2025-07-01 21:00:20,114.3148,30.5398\n"
    "V,U8,2025-07-01 21:00:00,114.3149,30.5398\n"
    "W,U9,2025-07-01 21:00:00,114.3149,30.5398\n"
)
"""Two fixes of a unit, one of a volunteer, one of nobody that is known."""


@pytest.fixture
def manned(store: Store) -> Store:
    """Return the store of the town with a unit of volunteers."""
    fill_patrols(store)
    row = {"code": "U8", "force": "volunteer", "shift": NIGHT, "division": DIVISION}
    insert_row(store, "units", {**row, "line": "police"}, None)
    return store


def test_tracks_are_looked_at_and_stored_by_the_service(manned: Store) -> None:
    """Volunteers have none; twice the same file changes nothing; governance brings none."""
    client = TestClient(create_app(Settings(), manned))

    def looked(**fields: str) -> dict[str, Any]:
        sent = {"file": ("night.csv", NIGHT_FIXES.encode())}
        given = client.post("/imports", data={"kind": "tracks"} | fields, files=sent)
        assert given.status_code == 200, given.text
        return given.json()

    told = looked()
    assert told["line"] == "police"
    assert {each["code"]: each["count"] for each in told["reasons"]} == {
        "volunteer_track": 1, "unit_unknown": 1,
    }  # fmt: skip
    assert "114.3149" not in str(told)
    assert (told["would"]["added"], told["would"]["set_aside"]) == (2, 2)
    assert positions(manned).empty
    stored = client.post(told["links"][0]["href"])
    assert stored.status_code == 201
    notes = [note["code"] for note in stored.json()["notes"]]
    assert [notes.count(code) for code in ("volunteer_fixes", "unknown_unit_fixes")] == [1, 1]
    assert positions(manned)["track_id"].tolist() == ["U1/T", "U1/T"]
    again = looked()
    assert (again["would"]["added"], again["would"]["unchanged"]) == (0, 2)
    assert client.post(again["links"][0]["href"]).json()["counts"]["unchanged"] == 2
    assert len(positions(manned)) == 2
    aside = client.get(f"/imports/{stored.json()['id']}/quarantine")
    assert aside.status_code == 200
    governance = manned.scoped(Scope(DIVISION, frozenset({"governance", "public"})))
    sent = {"file": ("night.csv", NIGHT_FIXES.encode())}
    other = TestClient(create_app(Settings(), governance))
    refused = other.post("/imports", data={"kind": "tracks"}, files=sent)
    assert (refused.status_code, refused.json()["code"]) == (403, "positions_police")
    page = client.get("/imports", headers={"Accept": "text/html"}).text
    assert '<option value="tracks"' in page


def test_a_receiver_that_names_nobody_is_given_a_unit(manned: Store) -> None:
    """By whoever uploads its file."""
    client = TestClient(create_app(Settings(), manned))
    rows = "time,lon,lat\n2025-07-01 21:00:00,114.3147,30.5398\n"
    sent = {"file": ("receiver.csv", rows.encode())}
    told = client.post("/imports", data={"kind": "tracks", "unit": "U2"}, files=sent).json()
    assert client.post(told["links"][0]["href"]).status_code == 201
    assert positions(manned)["unit_id"].tolist() == ["U2"]


def test_tracks_are_stored_by_the_command(manned: Store, store_url: str, tmp_path: Path) -> None:
    """As by the service; and cleared away by the day that is set."""
    file = tmp_path / "night.csv"
    file.write_text(NIGHT_FIXES)

    def gridpatrol(*arguments: object) -> int:
        given = CliRunner().invoke(cli.app, [*map(str, arguments), "--database", store_url])
        return given.exit_code

    for _ in range(2):
        assert gridpatrol("import", "tracks", file) == 0
        assert len(positions(manned)) == 2
    assert gridpatrol("import", "tracks", file, "--line", "governance") == 2
    assert gridpatrol("import", "tracks", file, "--from", "2025-07-01") == 2
    assert gridpatrol("import", "standby", file, "--unit", "U1") == 2
    put_fixes(manned, "U1", (21, 0, 0), [(200.0, 0.0)] * 2)
    match_day(manned, DATE)
    assert gridpatrol("db", "purge-positions", "--days", 1) == 0
    assert positions(manned).empty
    assert gridpatrol("db", "purge-positions", "--days", 91) == 2
