"""Plans of patrols over HTTP: asked for, read, changed, accepted, withdrawn, printed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.jobs import perform
from api.patrol.stored import make_plan
from api.settings import Settings
from data.engine import writing
from data.jobs import Job
from data.plans import find_plan
from data.scope import Scope
from data.store import Store
from data.viewing import views
from data.work import claim
from tests.api.patrols import BRIEF, DATE, DIVISION, NIGHT, fill_patrols
from tests.stores import ONE_ENGINE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXECUTION = "/processes/patrol-plan/execution"
P1 = "point:P1/1@0"
"""The first point: one of the two units goes there."""


def service(store: Store, **settings: Any) -> TestClient:  # noqa: ANN401
    """Return a client of the service over a store."""
    return TestClient(create_app(Settings.model_validate(settings), store))


@pytest.fixture
def file_store(ready_file: Path, tmp_path: Path) -> Iterator[Store]:
    """Return an empty store of a file: where the engine does not matter."""
    file = tmp_path / "file.db"
    shutil.copy(ready_file, file)
    opened = Store.open(f"sqlite:///{file}")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def town(store: Store) -> Store:
    """Return the store of the town, on either engine."""
    fill_patrols(store)
    return store


def planned(store: Store, **asked: Any) -> str:  # noqa: ANN401
    """Plan the night with few steps, and return the address of the plan."""
    usual = {"date": DATE, "shift": NIGHT, "seed": 3, "iterations": BRIEF}
    return f"/patrols/plans/{make_plan(store, 'X1', **{**usual, **asked}).row.id}"


def goes_there(told: dict[str, Any], due_id: str = P1) -> list[str]:
    """Return the units that go somewhere."""
    return [
        unit["unit_id"]
        for unit in told["units"]
        if any(stop["due_id"] == due_id for stop in unit["stops"])
    ]


def test_a_plan_is_asked_for_as_a_job(town: Store, store_url: str) -> None:
    """The result names the proposal that it kept, and shows its routes."""
    client = service(town)
    inputs = {"area": "X1", "date": DATE.isoformat(), "shift": NIGHT, "units": ["U1", "U2"]}
    job = client.post(EXECUTION, json={"inputs": inputs}).json()
    task = claim(town.engine, "test")
    assert task is not None
    perform(store_url, task)
    found = client.get(f"/jobs/{job['jobID']}/results").json()
    summary = found["summary"]
    assert (summary["served"], summary["violations"], summary["version"]) == (5, 0, 1)
    what = [feature["properties"]["what"] for feature in found["routes"]["features"]]
    assert [what.count(each) for each in ("route", "unserved")] == [2, 1]
    assert found["routes"]["features"][-1]["properties"]["reason"].startswith("离最近的街道 100")
    told = client.get(f"/patrols/plans/{summary['plan_id']}").json()
    assert (told["state"], told["seed"]) == ("proposed", summary["seed"])
    assert views(town).views[1].what == "jobs/patrol-plan"


def test_a_job_that_cannot_plan_says_why(town: Store, store_url: str) -> None:
    """In the words of whoever asked, not in the log alone."""
    client = service(town)
    inputs = {"area": "X1", "date": DATE.isoformat(), "shift": "05:00-06:00", "seed": 1}
    job = client.post(EXECUTION, json={"inputs": inputs}).json()
    task = claim(town.engine, "test")
    assert task is not None
    perform(store_url, task)
    told = client.get(f"/jobs/{job['jobID']}").json()
    assert told["status"] == "failed"
    assert told["message"].startswith("2025-07-01 05:00-06:00 巡区 X1 没有可派的单元")


@pytest.mark.parametrize(
    "wrong",
    [{"area": "X9"}, {"date": "2026-06-31"}, {"date": "20260630"}, {"date": "1626-06-30"},
     {"units": []}, {"seed": -1}, {"seed": 2**31}, {"shift": ""}, {"balance": "yes"}, {"x": 1}],
)  # fmt: skip
def test_a_job_that_makes_no_sense_is_refused_at_once(file_store: Store, wrong: Any) -> None:  # noqa: ANN401
    """Nothing waits then."""
    fill_patrols(file_store)
    inputs = {"area": "X1", "date": DATE.isoformat(), "shift": NIGHT}
    given = service(file_store).post(EXECUTION, json={"inputs": inputs | wrong})
    assert given.status_code == (404 if "area" in wrong else 400), given.text
    with writing(file_store.engine) as session:
        assert session.query(Job).count() == 0


def test_a_plan_is_told_with_its_version(town: Store) -> None:
    """Units with their stops in order, what is left out and why, links to its forms."""
    client, at = service(town), planned(town)
    given = client.get(at)
    told = given.json()
    assert given.headers["etag"] == '"1"'
    assert given.headers["cache-control"] == "no-store"
    assert (told["area"], told["date"], told["shift"]) == ("X1", "2025-07-01", NIGHT)
    assert told["acceptable"] is True
    assert told["remarks"] == ["计划是草案，须经负责人确认后执行"]
    assert [unit["unit_id"] for unit in told["units"]] == ["U1", "U2"]
    for unit in told["units"]:
        kinds = [stop["kind"] for stop in unit["stops"]]
        assert (kinds[0], kinds[-1]) == ("start", "end")
        assert [stop["seq"] for stop in unit["stops"]] == list(range(len(kinds)))
        times = [stop["arrive"] for stop in unit["stops"]]
        assert times == sorted(times)
        assert unit["leave"] == times[0]
    (left,) = told["unserved"]
    assert (left["id"], left["reason_code"]) == ("P9", "off_network")
    for link in told["links"]:
        assert client.get(link["href"]).status_code == 200, link
    english = service(town, lang="en").get(at).json()
    assert english["unserved"][0]["reason"] == "100 m from the nearest street"


def test_plans_are_listed_the_newest_first(town: Store) -> None:
    """Of an area, a day, a shift, a state."""
    first, second = planned(town), planned(town, seed=4)
    client = service(town)

    def listed(**asked: str) -> list[str]:
        plans = client.get("/patrols/plans", params=asked).json()["plans"]
        return [f"/patrols/plans/{plan['id']}" for plan in plans]

    assert listed() == [second, first]
    assert listed(limit="1") == [second]
    assert listed(area="X1", date="2025-07-01", shift="20:00-4:00") == [second, first]
    for other in ({"area": "X2"}, {"date": "2025-07-02"}, {"shift": "08:00-16:00"}):
        assert listed(**other) == []
    assert client.post(f"{first}/acceptance", headers={"If-Match": '"1"'}).status_code == 200
    assert listed(state="accepted") == [first]
    assert client.get("/patrols/plans?date=2026-13-01").status_code == 400


@ONE_ENGINE
def test_a_stop_is_dropped_and_given_by_whoever_saw_the_plan(town: Store) -> None:
    """Without a version nothing is changed, nor with one that is gone."""
    client, at = service(town), planned(town)
    (unit,) = goes_there(client.get(at).json())
    body: dict[str, Any] = {"drop": P1}
    assert client.post(f"{at}/changes", json=body).status_code == 428
    assert client.post(f"{at}/changes", json=body, headers={"If-Match": '"2"'}).status_code == 412
    given = client.post(f"{at}/changes", json=body, headers={"If-Match": '"1"'})
    assert (given.status_code, given.headers["etag"]) == (200, '"2"')
    assert goes_there(given.json()) == []
    assert given.json()["unserved"][0]["reason"] == "改方案时去掉的"
    other = {"U1": "U2", "U2": "U1"}[unit]
    body = {"give": {"due_id": P1, "unit_id": other}}
    assert client.post(f"{at}/changes", json=body, headers={"If-Match": '"1"'}).status_code == 412
    given = client.post(f"{at}/changes", json=body, headers={"If-Match": '"2", "7"'})
    assert goes_there(given.json()) == [other]
    assert client.get(at).json() == given.json()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"drop": "point:P8/1@0"}, 404),
        ({"give": {"due_id": P1, "unit_id": "U3"}}, 404),
        ({"give": {"due_id": P1}}, 400),
        ({"drop": P1, "give": {"due_id": P1, "unit_id": "U2"}}, 400),
        ({}, 400),
        ({"drop": ""}, 400),
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(
    file_store: Store, body: dict[str, Any], status: int
) -> None:
    """Of what the plan does not have, or of nothing, or of two things at once."""
    fill_patrols(file_store)
    at = planned(file_store)
    client = service(file_store)
    given = client.post(f"{at}/changes", json=body, headers={"If-Match": "*"})
    assert given.status_code == status, given.text
    assert client.get(at).headers["etag"] == '"1"'


def test_a_plan_is_accepted_once_and_withdrawn(town: Store) -> None:
    """The other of the same shift is named; what was decided is changed no more."""
    client, first, second = service(town), planned(town), planned(town, seed=4)
    assert client.post(f"{first}/acceptance").status_code == 428
    given = client.post(f"{first}/acceptance", headers={"If-Match": '"1"'})
    assert (given.status_code, given.headers["etag"]) == (200, '"2"')
    assert (given.json()["state"], given.json()["decided_by"]) == ("accepted", "local")
    told = client.get(first).json()
    assert told["acceptable"] is False
    assert told["remarks"] == ["已由 local 确认执行"]
    refused = client.post(f"{second}/acceptance", headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_accepted_already")
    late = client.post(f"{first}/changes", json={"drop": P1}, headers={"If-Match": '"2"'})
    assert (late.status_code, late.json()["code"]) == (409, "plan_state")
    given = client.delete(first, headers={"If-Match": '"2"'})
    assert (given.status_code, given.json()["state"]) == (200, "withdrawn")
    assert client.delete(first, headers={"If-Match": "*"}).status_code == 409
    assert client.get(first).json()["remarks"] == ["已由 local 撤回，不再执行"]
    assert client.post(f"{second}/acceptance", headers={"If-Match": "*"}).status_code == 200


def test_pages_say_whether_a_plan_is_accepted(file_store: Store) -> None:
    """The map is sandboxed, the sheets are stamped, the file for devices has every route."""
    fill_patrols(file_store)
    client, at = service(file_store), planned(file_store)
    page = client.get(f"{at}/map")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("sandbox allow-scripts")
    assert "计划是草案" in page.text
    draft = client.get(f"{at}/sheets")
    assert draft.headers["content-security-policy"].startswith("sandbox")
    assert "U1组" in draft.text
    assert client.post(f"{at}/acceptance", headers={"If-Match": "*"}).status_code == 200
    assert "已由 local 确认执行" in client.get(f"{at}/map").text
    assert client.get(f"{at}/sheets").text != draft.text
    given = client.get(f"{at}/gpx")
    assert given.headers["content-type"] == "application/gpx+xml"
    assert given.headers["content-disposition"].endswith("X1-2025-07-01.gpx")
    tracks = ET.fromstring(given.text).findall("{*}trk/{*}name")  # noqa: S314 - our own
    assert [track.text for track in tracks] == ["U1组", "U2组"]


def test_a_plan_is_nobodys_but_the_polices_of_the_place(file_store: Store) -> None:
    """No line but theirs learns whether there is one; a neighbour's is not there."""
    fill_patrols(file_store)
    at = planned(file_store)
    lines = frozenset({"governance", "public"})
    changes: list[tuple[str, str]] = [
        ("post", f"{at}/changes"), ("post", f"{at}/acceptance"), ("delete", at),
    ]  # fmt: skip
    reads = [("get", at + each) for each in ("", "/map", "/sheets", "/gpx", "/routes")]
    for scope, status in (
        (Scope(DIVISION, lines), 403), (Scope("610929"), 404),
        (Scope(DIVISION, rights=frozenset()), None),
    ):  # fmt: skip
        client = service(file_store.scoped(scope))
        for method, address in [*reads, *changes]:
            body = {"json": {"drop": P1}} if address.endswith("changes") else {}
            given = client.request(method, address, headers={"If-Match": "*"}, **body)
            wanted = status or (200 if method == "get" else 403)
            assert given.status_code == wanted, (scope, method, address, given.text)
        inputs = {"area": "X1", "date": DATE.isoformat(), "shift": NIGHT}
        asked = client.post(EXECUTION, json={"inputs": inputs})
        assert asked.status_code == (status or 403), asked.text
    governance = service(file_store.scoped(Scope(DIVISION, lines)))
    absent = governance.get("/patrols/plans/1").json()
    assert absent == governance.get(at).json()
    assert governance.get("/patrols/plans").status_code == 403
    assert find_plan(file_store, int(at.rpartition("/")[2])).state == "proposed"


@pytest.mark.parametrize("item", ["0", "-1", "x", "9" * 17, "1.0", "1", "９"])
def test_what_is_no_plan_is_not_found(client: TestClient, item: str) -> None:
    """Whatever the address says."""
    for path in ("", "/map", "/sheets", "/gpx", "/routes"):
        assert client.get(f"/patrols/plans/{item}{path}").status_code == 404
