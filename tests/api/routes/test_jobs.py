"""Asking for analyses as jobs over HTTP, on both engines."""

from __future__ import annotations

import json
import threading
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.jobs import perform
from api.routes import jobs
from api.settings import Settings
from data.engine import writing
from data.jobs import Job, submit
from data.scope import Scope
from data.work import claim, finish, report
from tests.api.stored import fill
from tests.stores import ONE_ENGINE

if TYPE_CHECKING:
    from data.store import Store
    from data.work import Task

POSTS = "/processes/post-coverage/execution"
CAMERAS = "/processes/camera-coverage/execution"
SPACING = "/processes/post-spacing/execution"
PROPOSAL = "/processes/post-proposal/execution"
TURNS = "/processes/camera-proposal/execution"
ABSENT = "7b6f0f2e-54d1-4f9c-9f43-3c7c2f6f5d11"


def service(store: Store, **settings: Any) -> TestClient:  # noqa: ANN401
    """Return a client of the service with these routes; nobody works on jobs unless entered."""
    return TestClient(create_app(Settings.model_validate(settings), store))


@pytest.fixture
def asker(store: Store) -> TestClient:
    """Return a client of a filled store."""
    fill(store)
    return service(store)


def asked(client: TestClient, path: str = POSTS, **inputs: Any) -> dict[str, Any]:  # noqa: ANN401
    """Ask for a job, and return its state."""
    answer = client.post(path, json={"inputs": {"area": "01"} | inputs})
    assert answer.status_code == 201, answer.text
    return answer.json()


def taken(store: Store) -> Task:
    """Take the next job."""
    task = claim(store.engine, "test")
    assert task is not None
    return task


@ONE_ENGINE
def test_the_processes_say_what_they_are_asked_with(asker: TestClient) -> None:
    """The list leads to each, and each to its execution."""
    listed = asker.get("/processes").json()["processes"]
    assert [one["id"] for one in listed] == [
        "post-coverage", "camera-coverage", "post-spacing", "post-proposal", "camera-proposal",
        "area-division", "patrol-plan", "track-match", "patrol-report", "hot-spots",
        "incident-report",
    ]  # fmt: skip
    inputs = {}
    for one in listed:
        (itself,) = [link["href"] for link in one["links"] if link["rel"] == "self"]
        described = asker.get(itself).json()
        assert described.items() >= one.items()
        assert described["jobControlOptions"] == ["async-execute", "dismiss"]
        inputs[one["id"]] = described["inputs"]
        (execution,) = [link["href"] for link in one["links"] if link["rel"].endswith("execute")]
        wished = {"post-proposal": {"number": 1}, "camera-proposal": {"turns": 1}}
        wished["area-division"] = {"area": "V1", "grids": 1}
        wished["patrol-plan"] = {"date": "2026-06-30", "shift": "20:00-04:00"}
        wished["patrol-report"] = {"since": "2026-06-30", "until": "2026-06-30"}
        wished["incident-report"] = {"month": "2026-06"}
        asked_with = {"area": "01"} | wished.get(one["id"], {})
        if one["id"] == "track-match":
            asked_with = {"date": "2026-06-30"}
        assert asker.post(execution, json={"inputs": asked_with}).status_code == 201
    assert list(inputs["post-coverage"]) == ["area", "reach_m", "distance"]
    assert list(inputs["post-spacing"]) == ["area", "min_m", "max_m"]
    assert list(inputs["post-proposal"]) == ["area", "number", "reach_m", "twofold", "share"]
    assert inputs["post-proposal"]["number"]["minOccurs"] == 1
    assert inputs["post-coverage"]["area"]["minOccurs"] == 1
    assert inputs["post-coverage"]["reach_m"]["minOccurs"] == 0
    assert inputs["post-coverage"]["reach_m"]["schema"]["default"] == 50.0
    assert list(inputs["camera-coverage"]) == ["area", "night", "band", "datetime"]
    assert inputs["hot-spots"]["area"]["minOccurs"] == 0
    assert inputs["incident-report"]["month"]["minOccurs"] == 1
    assert list(inputs["camera-proposal"]) == ["area", "turns", "new", "forbid", "step_deg"]
    assert inputs["camera-proposal"]["turns"]["minOccurs"] == 1


@ONE_ENGINE
def test_the_document_names_what_each_process_is_asked_with(asker: TestClient) -> None:
    """The same inputs as the process itself tells, with their types and limits."""
    document = asker.get("/api").json()

    def schema(ref: str) -> dict[str, Any]:
        return document["components"]["schemas"][ref.rpartition("/")[2]]

    for one in asker.get("/processes").json()["processes"]:
        asked_with = asker.get(f"/processes/{one['id']}").json()["inputs"]
        operation = document["paths"][f"/processes/{one['id']}/execution"]["post"]
        assert operation["operationId"].startswith(f"run_{one['id'].replace('-', '_')}_")
        assert operation["responses"].keys() >= {"201", "400", "404", "429"}
        body = schema(operation["requestBody"]["content"]["application/json"]["schema"]["$ref"])
        assert body["description"].startswith("What to compute")
        inputs = schema(body["properties"]["inputs"]["$ref"])
        assert inputs["additionalProperties"] is False
        told = {name: described["schema"] for name, described in asked_with.items()}
        assert inputs["properties"] == told


def test_a_job_that_is_asked_for_gets_done(asker: TestClient, store: Store) -> None:
    """From the first request to the result, by the service itself; as if asked directly."""
    with asker:
        answer = asker.post(POSTS, json={"inputs": {"area": "01", "reach_m": 30}})
        assert answer.status_code == 201
        accepted = answer.json()
        where = answer.headers["location"]
        assert where.endswith(f"/jobs/{accepted['jobID']}")
        assert (accepted["status"], accepted["processID"]) == ("accepted", "post-coverage")
        until = time.monotonic() + 240  # kernels compile in the worker, on a busy machine
        while (job := asker.get(where).json())["status"] in ("accepted", "running"):
            assert time.monotonic() < until
            time.sleep(0.1)
    assert (job["status"], job["progress"]) == ("successful", 100)
    assert job["created"] <= job["started"] <= job["finished"]
    assert job["created"].endswith("Z")
    (results,) = [link["href"] for link in job["links"] if link["rel"].endswith("results")]
    result = asker.get(results)
    assert result.headers["content-type"] == "application/json"
    direct = asker.get("/coverage/posts?area=01&reach_m=30").json()
    assert result.json()["summary"] == direct["summary"]
    assert result.json()["gaps"]["features"] == direct["features"]
    assert store.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_cameras_are_asked_for_alike(asker: TestClient, store: Store, store_url: str) -> None:
    """They have ranges of their own, so nothing but the area is asked."""
    job = asked(asker, CAMERAS, area="02")
    perform(store_url, taken(store))
    summary = asker.get(f"/jobs/{job['jobID']}/results").json()["summary"]
    assert summary == asker.get("/coverage/cameras?area=02").json()["summary"]


@ONE_ENGINE
def test_spacing_and_proposals_are_asked_for_alike(
    asker: TestClient, store: Store, store_url: str
) -> None:
    """Each under the name that its process says, with what the direct answer tells."""
    for path, address, name, inputs in (
        (SPACING, "/spacing/posts?area=01&min_m=10&max_m=60", "spacing",
         {"min_m": 10, "max_m": 60}),
        (PROPOSAL, "/proposals/posts?area=01&number=full", "changes", {"number": "full"}),
        (PROPOSAL, "/proposals/posts?area=01&number=1&reach_m=30&twofold=true", "changes",
         {"number": 1, "reach_m": 30, "twofold": True}),
    ):  # fmt: skip
        job = asked(asker, path, **inputs)
        perform(store_url, taken(store))
        result = asker.get(f"/jobs/{job['jobID']}/results").json()
        assert list(result) == ["summary", name]
        assert name in asker.get(path.removesuffix("/execution")).json()["outputs"]
        direct = asker.get(address).json()
        for summary in (result["summary"], direct["summary"]):
            summary.pop("seconds", None)
        assert result["summary"] == direct["summary"]
        assert result[name]["features"] == direct["features"] != []


@ONE_ENGINE
@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (POSTS, "", 400), (POSTS, "{}", 400), (POSTS, "[]", 400), (POSTS, '{"inputs":{}}', 400),
        (POSTS, '{"inputs":{"area":"01","x":1}}', 400), (POSTS, '{"inputs":{"area":1}}', 400),
        (POSTS, '{"inputs":{"area":""}}', 400), (POSTS, '{"inputs":{"area":"\\u0000"}}', 400),
        (POSTS, '{"inputs":{"area":"\\ud800"}}', 400),
        (POSTS, '{"inputs":{"area":"01","reach_m":0}}', 400),
        (POSTS, '{"inputs":{"area":"01","reach_m":"50"}}', 400),
        (POSTS, '{"inputs":{"area":"01","reach_m":NaN}}', 400),
        (POSTS, '{"inputs":{"area":"01","reach_m":5001}}', 400),
        (POSTS + "?x=1", '{"inputs":{"area":"01"}}', 400),
        (POSTS, '{"inputs":{"area":"09"}}', 404),
        (CAMERAS, '{"inputs":{"area":"01","reach_m":50}}', 400),
        (CAMERAS, '{"inputs":{"area":"01","night":1}}', 400),
        (CAMERAS, '{"inputs":{"area":"01","night":"true"}}', 400),
        (CAMERAS, '{"inputs":{"area":"01","band":"see"}}', 400),
        (TURNS, '{"inputs":{"area":"01"}}', 400),
        (TURNS, '{"inputs":{"area":"01","turns":201}}', 400),
        (TURNS, '{"inputs":{"area":"01","turns":"3"}}', 400),
        (TURNS, '{"inputs":{"area":"01","turns":3,"step_deg":0}}', 400),
        (POSTS, '{"inputs":{"area":"01","distance":"road"}}', 400),
        (SPACING, '{"inputs":{"area":"01","min_m":100,"max_m":100}}', 400),
        (SPACING, '{"inputs":{"area":"01","max_m":"100"}}', 400),
        (SPACING, '{"inputs":{"area":"09"}}', 404),
        (PROPOSAL, '{"inputs":{"area":"01"}}', 400),
        (PROPOSAL, '{"inputs":{"area":"01","number":"3"}}', 400),
        (PROPOSAL, '{"inputs":{"area":"01","number":0}}', 400),
        (PROPOSAL, '{"inputs":{"area":"01","number":true}}', 400),
        (PROPOSAL, '{"inputs":{"area":"01","number":1,"twofold":1}}', 400),
        (PROPOSAL, '{"inputs":{"area":"01","number":1,"reach_m":9}}', 400),
        ("/processes/people/execution", '{"inputs":{"area":"01"}}', 404),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(
    asker: TestClient, path: str, body: str, status: int
) -> None:
    """At once, and no job is made of it."""
    answer = asker.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert asker.get("/jobs").json()["jobs"] == []


@ONE_ENGINE
def test_what_the_standard_adds_to_a_request_does_no_harm(asker: TestClient) -> None:
    """Clients of other services send it."""
    body = {"inputs": {"area": "01"}, "response": "document", "outputs": {}}
    assert asker.post(POSTS, json=body).status_code == 201


def test_jobs_are_listed_newest_first(asker: TestClient) -> None:
    """As many as asked for."""
    ids = [asked(asker)["jobID"] for _ in range(3)]
    assert [job["jobID"] for job in asker.get("/jobs").json()["jobs"]] == ids[::-1]
    assert [job["jobID"] for job in asker.get("/jobs?limit=1").json()["jobs"]] == ids[:1:-1]
    for query in ("limit=0", "limit=1001", "limit=x", "x=1"):
        assert asker.get(f"/jobs?{query}").status_code == 400


def test_a_result_that_is_to_come_is_not_there_yet(asker: TestClient, store: Store) -> None:
    """The standard's own kind of problem; a failure and a dismissal have none for good."""
    path = f"/jobs/{asked(asker)['jobID']}/results"
    for _ in ("accepted", "running"):
        answer = asker.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"].endswith("/result-not-ready")
        claim(store.engine, "test")
    failed = submit(store, "post-coverage", {"area": "{x}"})
    perform(store.engine.url.render_as_string(hide_password=False), taken(store))
    answer = asker.get(f"/jobs/{failed.id}/results")
    assert answer.status_code == 409
    assert "{x}" in answer.json()["detail"]
    asker.delete(path.removesuffix("/results"))
    assert asker.get(path).status_code == 409


def test_a_job_is_dismissed(asker: TestClient, store: Store) -> None:
    """Waiting, running or done; again and again."""
    waiting = asked(asker)
    for _ in range(2):
        answer = asker.delete(f"/jobs/{waiting['jobID']}")
        assert (answer.status_code, answer.json()["status"]) == (200, "dismissed")
    done = asked(asker)
    finish(store.engine, taken(store), '{"summary":{},"gaps":null}')
    assert asker.get(f"/jobs/{done['jobID']}/results").status_code == 200
    assert asker.delete(f"/jobs/{done['jobID']}").json()["status"] == "dismissed"
    assert asker.get(f"/jobs/{done['jobID']}/results").status_code == 409


def events(text: str) -> list[dict[str, Any]]:
    """Return the data of a stream of events, comments left out."""
    lines = text.split("\n")
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


def test_progress_is_streamed_until_the_final_state(
    asker: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each change once, in order, and then the stream ends."""
    monkeypatch.setattr(jobs, "LOOK_S", 0.02)
    job = asked(asker)

    def work() -> None:
        time.sleep(0.3)
        task = taken(store)
        for progress in (10, 80):
            report(store.engine, task, progress, "正在计算")
            time.sleep(0.5)
        finish(store.engine, task, "{}")

    worker = threading.Thread(target=work)
    worker.start()
    answer = asker.get(f"/jobs/{job['jobID']}/progress")
    worker.join()
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer.text)
    assert told[0] == {"status": "accepted", "progress": 0, "message": None}
    assert told[-1] == {"status": "successful", "progress": 100, "message": None}
    assert {"status": "running", "progress": 10, "message": "正在计算"} in told
    assert [one["progress"] for one in told] == sorted(one["progress"] for one in told)
    assert all(one != following for one, following in pairwise(told))


@ONE_ENGINE
def test_a_stream_of_progress_ends_after_a_time(
    asker: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody works on this job; the browser asks again."""
    monkeypatch.setattr(jobs, "LONGEST_STREAM_S", 0.2)
    monkeypatch.setattr(jobs, "LOOK_S", 0.05)
    job = asked(asker)
    assert [one["status"] for one in events(asker.get(f"/jobs/{job['jobID']}/progress").text)] == [
        "accepted"
    ]


OTHERS = {
    "a neighbour": Scope("610928101"),
    "everywhere": Scope(),
    "another line": Scope("610928100", frozenset({"governance", "public"})),
    "nothing covert": Scope("610928100", rights=frozenset({"write"})),
}


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("get", "/results"), ("get", "/progress"), ("delete", ""), ("get", "?x=1")],
)
def test_a_job_of_others_and_a_job_of_nobody_are_the_same(
    store: Store, method: str, path: str, other: str
) -> None:
    """Byte for byte, headers too, and nothing is done to it."""
    job = submit(store.scoped(Scope("610928100")), "post-coverage", {"area": "白鹭"})
    stranger = service(store.scoped(OTHERS[other]))
    hidden = stranger.request(method, f"/jobs/{job.id}{path}")
    assert hidden.status_code == (400 if "?" in path else 404)
    with writing(store.engine) as session:
        kept = session.get_one(Job, job.id)
        assert kept.state == "accepted"
        session.delete(kept)
    absent = stranger.request(method, f"/jobs/{job.id}{path}")
    assert (absent.status_code, absent.content) == (hidden.status_code, hidden.content)
    assert absent.headers == hidden.headers


def test_no_list_tells_of_the_jobs_of_others(store: Store) -> None:
    """Nor does the area that somebody else may see."""
    fill(store, division="610928100", line="police")
    town = service(store.scoped(Scope("610928100")))
    asked(town)
    for scope in OTHERS.values():
        stranger = service(store.scoped(scope))
        assert stranger.get("/jobs").json()["jobs"] == []
    neighbour = service(store.scoped(OTHERS["a neighbour"]))
    body = {"inputs": {"area": "01"}}
    hidden = neighbour.post(POSTS, json=body)
    assert hidden.status_code == 404
    assert hidden.json() == neighbour.post(CAMERAS, json=body).json()
    assert len(town.get("/jobs").json()["jobs"]) == 1


@pytest.mark.parametrize("job", [ABSENT, "x", "%00", "a" * 3000, "%F0%9F%98%80"])
def test_what_is_no_job_is_not_found(asker: TestClient, job: str) -> None:
    """For every method of every address."""
    for method, path in (("get", ""), ("get", "/results"), ("get", "/progress"), ("delete", "")):
        answer = asker.request(method, f"/jobs/{job}{path}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    assert asker.get(f"/processes/{job}").status_code == 404


def test_a_reader_may_ask(store: Store) -> None:
    """A job changes no row; English where it is set."""
    fill(store)
    reader = service(store.scoped(Scope(rights=frozenset())), lang="en")
    job = asked(reader)
    assert "ask again later" in reader.get(f"/jobs/{job['jobID']}/results").json()["detail"]
    titles = [one["title"] for one in reader.get("/processes").json()["processes"]]
    assert titles == [
        "Coverage by posts", "Coverage by cameras", "Spacing of posts", "Proposal of posts",
        "Proposal of turns and new cameras", "Plans of division of a village",
        "Plan of patrols of a shift", "What units did on a day, by their tracks",
        "Report on the patrols of an area", "Hot spots of incidents",
        "The incidents of a month, as page and workbook",
    ]  # fmt: skip


@ONE_ENGINE
def test_every_answer_is_declared(asker: TestClient) -> None:
    """In the description of the service, with their kinds of content."""
    paths = asker.get("/api").json()["paths"]
    ours = {path: found for path, found in paths.items() if path.startswith(("/jobs", "/proc"))}
    assert len(ours) == 18
    for path, operations in ours.items():
        for operation in operations.values():
            assert "422" not in operation["responses"]
            assert {"400", "401", "500", "503"} <= set(operation["responses"])
            if "{" in path or "execution" in path:
                assert "404" in operation["responses"]
    stream = ours["/jobs/{job_id}/progress"]["get"]["responses"]["200"]
    assert list(stream["content"]) == ["text/event-stream"]


def test_jobs_are_paged_by_the_next_links(asker: TestClient) -> None:
    """Every one once, the newest first; a token that nobody gave leads nowhere."""
    ids = [asked(asker)["jobID"] for _ in range(5)]
    met, address = [], "/jobs?limit=2"
    while address and len(met) < 9:
        answer = asker.get(address).json()
        met.append([job["jobID"] for job in answer["jobs"]])
        address = {link["rel"]: link["href"] for link in answer["links"]}.get("next", "")
    assert met == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
    for token in ("x", "_", f"2024-05-01_{'é'}", "2024-05-01T00:00:00Z_" + ids[0]):
        assert asker.get("/jobs", params={"token": token}).status_code == 404


def test_whoever_asks_for_too_many_is_told_to_wait(
    asker: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """429 with the next step; when one is dismissed, another may be asked for."""
    monkeypatch.setattr("data.jobs.MOST_WAITING", 2)
    ids = [asked(asker)["jobID"] for _ in range(2)]
    refused = asker.post(CAMERAS, json={"inputs": {"area": "01"}})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_jobs")
    assert "取消一些再提交" in refused.json()["detail"]
    asker.delete(f"/jobs/{ids[0]}")
    asked(asker, CAMERAS)


@ONE_ENGINE
def test_a_job_is_called_a_job_in_every_language(store: Store) -> None:
    """The word of the language, and no name of a table."""
    for lang, sentence in (("zh", "任务里没有编号 7 的记录"), ("en", "jobs: there is no row 7")):
        assert service(store, lang=lang).get("/jobs/7").json()["detail"] == sentence
    assert service(store).get("/processes/x").json()["detail"] == "分析里没有编号 x 的记录"
