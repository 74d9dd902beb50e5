"""
The wall: no route tells one scope about the rows of another.

Every route of the OpenAPI document is asked twice, before and after others store their rows:
nothing of any answer may differ. Some of the rows are told by their words as well.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.app import create_app
from api.settings import Settings
from data import importing, plans, writing
from data.attributes import ID_COLUMNS
from data.models import LAYERS
from data.scope import Scope
from data.writing import insert_row
from tests.api.stored import fill, put
from tests.strategies import areas_of, box, points_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.store import Store

OURS, THEIRS = "610928100", "610928101"
"""Two towns of one county."""

WORD = "白鹭"
"""A word that stands in every row of the others."""

LAST = 17
"""The largest id that there is in the end."""

ITEMS = (1, 3, 5, LAST, LAST + 1)
"""A row of ours, of others, and of nobody."""

HOURS = "暗哨值守"
"""What only the covert post says."""

JOB = "7b6f0f2e-54d1-4f9c-9f43-3c7c2f6f5d11"
"""A job that nobody asked for; those of others are met in `test_jobs`."""

GETS: dict[str, list[str]] = {
    "/": ["", "?x=1"],
    "/api": [""],
    "/collections": [""],
    "/collections/{kind}": [""],
    "/collections/{kind}/items": [
        "", "?limit=1", "?limit=2&count=true", "?count=true&bbox=113,30,116,32", "?limit=0",
        "?count=true&line=police", "?count=true&line=governance", f"?count=true&name={WORD}",
        f"?count=true&division={THEIRS}", f"?count=true&division={OURS}", "?source=api",
        "?datetime=2024-05-01&count=true", "?datetime=2030-01-01&count=true", "?{id}=P1",
        "?{id}=X1&count=true", "?kind=police_call", "?visibility=covert&count=true", "?token=x",
    ],
    "/collections/{kind}/items/{item}": [""],
    "/conformance": [""],
    "/blind/cameras": ["?area=01", "?area=X1", "?area="],
    "/cordons/cameras": ["?area=01", "?area=02&way=in", "?area=X1", "?area="],
    "/coverage/cameras": [
        "?area=01", "?area=02", "?area=02&night=true&band=observe", "?area=X1", "?area=",
        "?area=01&datetime=2024-05-01/2024-05-03",
    ],
    "/coverage/posts": [
        "?area=01", "?area=02&reach_m=5000", "?area=01&distance=straight", "?area=X1", "?area=",
        "?area=01&datetime=2030-01-01", "?area=X1&datetime=2030-01-01",
    ],
    "/docs": [""],
    "/healthz": [""],
    "/imports": ["", "?limit=1", "?before=2"],
    "/imports/{import_id}": [""],
    "/imports/{import_id}/quarantine": [""],
    "/jobs": ["", "?limit=1", "?token=x"],
    "/jobs/{job_id}": [""],
    "/jobs/{job_id}/progress": [""],
    "/incidents/hotspots": ["", "?area=X1", "?kind=police_call", f"?previous={JOB}"],
    "/incidents/hours": ["", "?area=X1", "?kind=case&month=2024-05"],
    "/incidents/report": ["?month=2024-05", "?month=2024-05&area=X1"],
    "/incidents/report.xlsx": ["?month=2024-05&area=01"],
    "/incidents/stats": ["", "?area=X1", "?area=01&month=2024-05&by=kind&by=area"],
    "/jobs/{job_id}/results": [""],
    "/jobs/{job_id}/results/{name}": [""],
    "/maps/coverage": ["", "?area=X1"],
    "/maps/coverage/map": ["", "?area=X1"],
    "/maps/grids": ["", "?area=V1", "?area=X1"],
    "/maps/grids/map": ["", "?area=V1", "?area=X1"],
    "/maps/hotspots": ["", "?area=01", "?area=X1", "?kind=police_call"],
    "/maps/hotspots/map": ["?area=01", "?area=X1", "?kind=police_call"],
    "/maps/incidents": ["", "?area=01", "?area=X1", "?kind=police_call"],
    "/maps/incidents/map": ["", "?area=01", "?area=X1", "?kind=police_call"],
    "/maps/rings": ["", "?minutes=2"],
    "/maps/rings/map": ["", "?minutes=2"],
    "/maps/patrols": ["", "?area=01", "?area=X1", f"?unit={WORD}"],
    "/maps/patrols/map": ["", "?area=01", "?area=X1", f"?unit={WORD}"],
    "/patrols/plans": ["", "?area=X1", "?state=proposed&limit=1", "?date=2024-05-02", "?area="],
    "/patrols/plans/{plan}": [""],
    "/patrols/plans/{plan}/gpx": [""],
    "/patrols/plans/{plan}/map": [""],
    "/patrols/plans/{plan}/routes": [""],
    "/patrols/plans/{plan}/sheets": [""],
    "/patrols/report": ["?area=01&date=2024-05-02", "?area=X1&date=2024-05-02", "?area="],
    "/patrols/tonight": ["", "?area=01", "?area=X1&date=2024-05-02", "?plan=5", f"?job={JOB}"],
    "/processes": [""],
    "/proposals/cameras": [
        "?area=01&turns=5", "?area=02&turns=1&step_deg=90", "?area=X1&turns=1", "?area=01",
        "?area=01&turns=0&new=1", "?area=01&turns=1&new=1&forbid=X1",
    ],
    "/proposals/posts": [
        "?area=01&number=1&reach_m=20", "?area=02&number=full", "?area=X1&number=1", "?area=01",
        "?area=01&number=1&share=0.5",
    ],
    "/response/nearest": ["?lon=114.3&lat=30.5&now=2024-05-02T08:05", "?lon=0&lat=0", ""],
    "/response/rings": ["", "?minutes=2&mode=foot"],
    "/restricted-views": ["", "?limit=1", "?before=2"],
    "/spacing/posts": ["?area=01", "?area=02&min_m=10&max_m=20", "?area=X1", "?area="],
    "/audit/areas": ["?area=V1", "?area=V2&sliver_m=5", "?area=X1", "?area="],
    "/balance/areas": ["?area=V1", "?area=V2&weights=incidents=1", "?area=X1", "?area="],
    "/allocation/areas": ["?area=V1&workers=9", "?area=V2&workers=9", "?area=X1&workers=1"],
    "/codes/areas": ["?area=V1", "?area=V2&keep=false", "?area=X1", "?area="],
    "/proposals/areas": ["?area=V1&grids=1", "?area=V2&grids=1", "?area=X1&grids=1"],
    "/hours/posts": ["?area=01", "?area=02&hours=20:00-06:00", "?area=X1", "?area="],
    "/value/posts": ["?area=01", "?area=02&reach_m=200", "?area=X1", "?area="],
    "/processes/{process}": [""],
    "/templates/{kind}": [""],
}  # fmt: skip
"""Route -> queries that it is asked with. A new route needs its queries here."""

PAGES = ("/", "/imports", "/imports/{import_id}", "/collections/{kind}/items/{item}")
"""Routes that are asked as a browser does, too."""

WRITES: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("/cameras/{item}/what-if", "post"): [{"azimuth_deg": 90}, {"online": False}],
    ("/collections/{kind}/items", "post"): [
        {"division": THEIRS}, {"division": THEIRS, "line": "police"},
        {"division": THEIRS, "line": "governance"},
    ],
    ("/collections/{kind}/items/{item}", "patch"): [{"name": "x"}],
    ("/collections/{kind}/items/{item}", "put"): [{"name": "x"}],
    ("/collections/{kind}/items/{item}", "delete"): [{}],
    ("/imports", "post"): [
        {"division": OURS, "line": "police"}, {"division": OURS, "line": "governance"},
        {"division": OURS}, {"division": THEIRS}, {"division": OURS + "001"},
    ],
    ("/imports/{upload}/store", "post"): [{}],
    ("/jobs/{job_id}", "delete"): [{}],
    ("/patrols/plans/{plan}", "delete"): [{}],
    ("/patrols/plans/{plan}/acceptance", "post"): [{}],
    ("/patrols/plans/{plan}/changes", "post"): [{"drop": "point:X1/1@0"}],
    ("/patrols/tonight/jobs/{job_id}/dismissal", "post"): [{}],
    ("/patrols/tonight/plans", "post"): [{"area": "X1", "date": "2024-05-02", "shift": HOURS}],
    ("/patrols/tonight/plans/{plan}/acceptance", "post"): [{"version": 1}],
    ("/patrols/tonight/plans/{plan}/changes", "post"): [
        {"version": 1, "due_id": "point:X1/1@0", "action": "drop", "unit_id": "X1"},
    ],
    ("/patrols/tonight/plans/{plan}/withdrawal", "post"): [{"version": 1}],
    ("/processes/area-division/execution", "post"): [{}],
    ("/processes/camera-coverage/execution", "post"): [{}],
    ("/processes/camera-proposal/execution", "post"): [{}],
    ("/processes/hot-spots/execution", "post"): [{}],
    ("/processes/incident-report/execution", "post"): [{}],
    ("/processes/patrol-plan/execution", "post"): [{}],
    ("/processes/patrol-report/execution", "post"): [{}],
    ("/processes/post-coverage/execution", "post"): [{}],
    ("/processes/post-proposal/execution", "post"): [{}],
    ("/processes/post-spacing/execution", "post"): [{}],
    ("/processes/track-match/execution", "post"): [{}],
}  # fmt: skip
"""Route and method -> properties that are sent; nothing of it may change a row."""


@dataclass
class Side:
    """Who looks, and whose rows there are."""

    scope: Scope
    line: str
    others: str


SIDES = {
    "governance": Side(
        Scope(OURS, frozenset({"governance", "public"}), frozenset({"write"})),
        "governance",
        "police",
    ),
    "police": Side(
        Scope(OURS, frozenset({"police", "public"}), frozenset({"write"})), "police", "governance"
    ),
}


@pytest.fixture(autouse=True)
def _in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Give rows and imports the numbers from 1 on: those of others can be asked for beforehand.

    Without this, ids of others can be neither named nor counted; that is tested elsewhere.
    """

    def numbered(session: Any, model: Any, count: int) -> list[int]:  # noqa: ANN401
        first = (session.scalar(select(func.max(model.id))) or 0) + 1
        return list(range(first, first + count))

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # workbooks bear a time
    for module in (importing, plans, writing):
        monkeypatch.setattr(module, "new_ids", numbered)


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest) -> Side:
    """Return one of two lines of one town."""
    return SIDES[request.param]


def others_store(store: Store, side: Side) -> None:
    """Store the rows of the other line, of the neighbouring town, and covert posts."""
    told = {"name": WORD, "kind": "hazard"}
    for division, line in ((OURS, side.others), (THEIRS, side.line), (THEIRS, side.others)):
        spot = points_of([(10, 20), (160, 0), (40, 40)], code=["X1", "X2", "X3"])
        for layer in ("posts", "incidents", "key_sites"):
            put(store, layer, spot, division=division, line=line, **told)
        for layer in ("must_visit", "addresses"):
            put(store, layer, spot, division=division, line=line, name=WORD)
        for layer, said in (("workers", "role"), ("work", "kind")):
            insert_row(store, layer, {"division": division, "line": line, said: WORD}, None)
        cameras = points_of([(140, 0)], code=["X1"], azimuth_deg=[270.0], range_m=[900.0])
        put(store, "cameras", cameras, division=division, line=line, name=WORD)
        area = areas_of({"X1": box(-50, -50, 400, 400)}).rename(columns={"area_id": "code"})
        put(store, "areas", area, division=division, line=line, name=WORD, parent_id="V1")
        put(store, "buildings", area, division=division, line=line, name=WORD)
        street = areas_of({"X1": box(0, 0, 90, 90).exterior}).rename(columns={"area_id": "code"})
        put(store, "streets", street, division=division, line=line, name=WORD)
        put(store, "routes", street, division=division, line=line, name=WORD, unit=WORD)
        others_beside(store, division, line)
        if division != OURS or side.others == "police":
            # Whatever line its area is of, a plan is the police's.
            of = plans.PlanOf(dt.date(2024, 5, 2), HOURS, "X1", division)
            plans.propose_plan(store, of, {"name": WORD}, seed=1)
    # Some codes of the neighbours are the same as ours.
    fill(store, division=THEIRS, line=side.others)
    covert = points_of([(20, 0)], code=["X9"])
    put(store, "posts", covert, division=OURS, line="police", visibility="covert", hours=HOURS)
    if side.others == "police":
        calls = points_of([(20, 0)], code=["X8"], kind=["police_call"])
        # Said to be of our line: a call is the police's all the same.
        put(store, "incidents", calls, division=OURS, line=side.line, name=WORD)


def others_beside(store: Store, division: str, line: str) -> None:
    """Store poles, a wall, doors and what ledgers say of cameras, also of codes that we have."""
    owner = {"division": division, "line": line, "name": WORD}
    put(store, "poles", points_of([(60, 0)], code=["X1"]), **owner)
    put(store, "entrances", points_of([(60, 5)], code=["X1"]), site_id="X1", **owner)
    wall = areas_of({"X1": box(0, 0, 90, 90).exterior}).rename(columns={"area_id": "code"})
    put(store, "walls", wall, **owner)
    for camera in ("C1", "X1"):
        at = dt.datetime.fromisoformat("2024-05-02T08:00")
        told = {"camera_id": camera, **owner}
        insert_row(store, "states", {"time": at, "online": False, **told}, None)
        insert_row(store, "faults", {"fault_at": at, **told}, None)
    others_patrols(store, division, line)


def others_patrols(store: Store, division: str, line: str) -> None:
    """Store what patrols go by: places, units, who answers, who is on duty, and a check-in."""
    owner = {"division": division, "line": line}
    street = areas_of({"X1": box(0, 0, 90, 90).exterior}).rename(columns={"area_id": "code"})
    put(store, "segments", street, name=WORD, **owner)
    spot = points_of([(60, 5)], code=["X1"])
    put(store, "standby", spot, name=WORD, **owner)
    put(store, "stations", spot, name=WORD, **owner)
    unit = {"unit_id": WORD, **owner}
    at = dt.datetime.fromisoformat("2024-05-02T08:00")
    put(store, "checkins", spot.drop(columns="code"), point_id="X1", time=at, **unit)
    insert_row(store, "units", {"code": "X1", "name": WORD, "shift": HOURS, **owner}, None)
    insert_row(store, "duties", {"place_kind": "grid", "force": "grid_worker", **unit}, None)
    insert_row(store, "roster", {"date": at.date(), "shift": HOURS, **unit}, None)


def brought(store: Store, name: str, rows: str, **fields: str) -> None:
    """Import a file as somebody who may do everything; one of its rows is set aside."""
    client = TestClient(create_app(Settings(), store))
    text = f"编号,名称,明暗,类型,经度,纬度\n{rows}B1,{name},,,abc,30\n"
    sent = {"file": (f"{name}.csv", text.encode())}
    told = client.post("/imports", data={"kind": "posts"} | fields, files=sent).json()
    assert client.post(told["links"][0]["href"]).status_code == 201


def others_imports(store: Store, side: Side) -> None:
    """Import files of the other line, of the neighbouring town, and what is not theirs to know."""
    for division, line in ((OURS, side.others), (THEIRS, side.line), (OURS[:6], side.line)):
        brought(store, WORD, f"X7,{WORD},,,115,31\n", division=division, line=line)
    # Of our town and line, with a covert post among its rows.
    brought(store, WORD, f"X6,{WORD},暗哨,,115,31\n", division=OURS, line=side.line)
    if side.others == "police":
        fields = {"kind": "incidents", "division": OURS, "line": side.line}
        brought(store, WORD, f"X5,{WORD},,警情,115,31\n", **fields)


def walk(client: TestClient, items: tuple[int, ...]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, address and body of every request."""
    for path, operations in client.get("/api").json()["paths"].items():
        for method in operations:
            for kind in LAYERS if "{kind}" in path else [""]:
                numbered = ("{item}", "{import_id}", "{plan}")
                for item in items if any(name in path for name in numbered) else [0]:
                    address = path.format(
                        kind=kind, item=item, import_id=item, job_id=JOB, upload="x", plan=item,
                        process="post-coverage", name="report.html",
                    )  # fmt: skip
                    if method == "get":
                        for query in GETS[path]:
                            name = ID_COLUMNS.get(kind, "")
                            yield method, address + query.format(id=name), {}
                            if path in PAGES:
                                yield "page", address + query.format(id=name), {}
                    else:
                        for properties in WRITES[path, method]:
                            yield method, address, properties


def answer(client: TestClient, request: tuple[str, str, dict[str, Any]]) -> list[Any]:
    """Return all that an answer tells but the time, and that of the pages after it."""
    method, address, properties = request
    sent = {"type": "Feature", "geometry": None, "properties": properties}
    body: dict[str, Any] = {} if method in ("get", "page", "delete") else {"json": sent}
    if address.endswith(("/what-if", "/changes")):
        body = {"json": properties}
    if method == "post" and address.startswith("/patrols/tonight"):
        body = {"data": properties}
    if address == "/imports" and method == "post":
        # Posts with codes that the others use as well.
        text = "编号,经度,纬度\nP1,114.3,30.5\nX1,114.3,30.5\nX2,114.3,30.5\n"
        body = {"data": {"kind": "posts"} | properties, "files": {"file": ("a.csv", text.encode())}}
    headers = {"If-Match": '"1"'} | ({"Accept": "text/html"} if method == "page" else {})
    given = client.request(method.replace("page", "get"), address, headers=headers, **body)
    text = re.sub(r'"timeStamp": "[^"]*"|"seconds": [^,]*|/imports/[^/"]{22}/store', "", given.text)
    # How long a proposal took is written with more or fewer digits.
    left_out = {"date"} | ({"content-length"} if '"seconds"' in given.text else set())
    headers = {name: value for name, value in given.headers.items() if name not in left_out}
    told = [given.status_code, headers, text]
    following = re.search(r'"href": "([^"]*token=[^"]*)", "rel": "next"', text)
    if following:
        return told + answer(client, ("get", following[1], {}))
    return told


def largest(store: Store) -> int:
    """Return the largest id of any layer."""
    return max(int(store.frame(kind)["id"].max()) for kind in LAYERS if store.count(kind))


@pytest.mark.parametrize(
    ("store_url", "side"), [("sqlite", "police"), ("postgis", "governance")], indirect=True
)
def test_nothing_tells_of_the_rows_of_others(store: Store, side: Side) -> None:
    """Body, headers, counts, order, pages, errors: the same as if the others were not there."""
    fill(store, division=OURS, line=side.line)
    brought(store, "我们", "P9,我们,,,115,31\n", division=OURS, line=side.line)
    client = TestClient(create_app(Settings(), store.scoped(side.scope)))
    ours = largest(store)
    requests = [
        one
        for one in walk(client, ITEMS)
        if one[0] in ("get", "page") or not writes_ours(one[1], ours)
    ]
    before = [answer(client, request) for request in requests]
    others_store(store, side)
    others_imports(store, side)
    assert ours < 4 < largest(store) <= LAST
    kept = {kind: store.frame(kind) for kind in LAYERS}
    for request, told in zip(requests, before, strict=True):
        after = answer(client, request)
        assert after == told, request
        assert WORD not in str(after[2]).replace(request[1].partition("?")[2], ""), request
        assert HOURS not in str(after), request
    for kind, frame in kept.items():
        assert store.frame(kind).equals(frame), kind


def writes_ours(address: str, ours: int) -> bool:
    """Tell whether a write would change a row of ours, which is another matter."""
    last = address.rsplit("/", 1)[1]
    return last.isdecimal() and int(last) <= ours


def test_the_walk_meets_every_route(store: Store) -> None:
    """A route that nobody asks would be a door in the wall."""
    paths = create_app(Settings(), store).openapi()["paths"]
    operations = {(path, method) for path, found in paths.items() for method in found}
    assert operations == {(path, "get") for path in GETS} | set(WRITES)


def test_an_import_is_told_to_whom_every_row_of_it_is(store: Store, side: Side) -> None:
    """Ours alone; with the right to know of covert posts also those with one, but no other's."""
    brought(store, "我们", "P9,我们,,,115,31\n", division=OURS, line=side.line)
    others_imports(store, side)
    met = {}
    for right in (set(), {"covert"}):
        scope = Scope(OURS, side.scope.lines, frozenset(right))
        client = TestClient(create_app(Settings(), store.scoped(scope)))
        runs = client.get("/imports").json()["imports"]
        met[len(right)] = sorted(run["source"] for run in runs)
        for item in range(1, 8):
            known = item in {run["id"] for run in runs}
            for address in (f"/imports/{item}", f"/imports/{item}/quarantine"):
                assert client.get(address).status_code == (200 if known else 404)
    assert met[0] == ["我们.csv"]
    assert met[1] == (["我们.csv", f"{WORD}.csv"] if side.line == "police" else ["我们.csv"])


def test_whoever_may_see_all_meets_the_others(store: Store, side: Side) -> None:
    """Without the wall the others are met everywhere, the covert post too."""
    fill(store, division=OURS, line=side.line)
    others_store(store, side)
    client = TestClient(create_app(Settings(), store))
    for address in [*(f"/collections/{kind}/items" for kind in LAYERS), "/maps/patrols/map"]:
        assert WORD in answer(client, ("get", address, {}))[2], address
    assert HOURS in answer(client, ("get", "/collections/posts/items", {}))[2]


def test_a_row_of_others_and_a_row_of_nobody_are_the_same(store: Store, side: Side) -> None:
    """Byte for byte, for every method; the id itself is the asker's own word."""
    fill(store, division=OURS, line=side.line)
    others_store(store, side)
    client = TestClient(create_app(Settings(), store.scoped(side.scope)))
    hidden = [int(i) for i in store.frame("posts")["id"]][1:]
    assert len(hidden) > 5
    for method in ("get", "patch", "put", "delete"):
        for row in hidden:
            given, absent = (
                answer(client, (method, f"/collections/posts/items/{item}", {"name": "x"}))
                for item in (row, 1000 + row)
            )
            assert given[0] == 404
            assert given[2].replace(f" {row} ", " ") == absent[2].replace(f" {1000 + row} ", " ")


def test_no_scope_writes_what_it_may_not_see(store: Store) -> None:
    """Not another town, not another line, no covert post, and no call as a common event."""
    scope = SIDES["governance"].scope
    client = TestClient(create_app(Settings(), store.scoped(scope)))

    def post(layer: str, /, **properties: Any) -> int:  # noqa: ANN401
        sent = {"type": "Feature", "geometry": None, "properties": properties}
        return client.post(f"/collections/{layer}/items", json=sent).status_code

    assert post("posts", line="governance", name="a") == 201
    assert post("posts", line="governance", name="a", division=THEIRS) == 403
    assert post("posts", name="a") == 403
    assert post("posts", line="governance", visibility="covert") == 403
    assert post("incidents", kind="police_call", line="governance") == 403
    assert post("incidents", kind="event") == 201
    for change in ({"line": "police"}, {"kind": "case"}, {"division": THEIRS}):
        done = client.patch(
            "/collections/incidents/items/1",
            json={"properties": change},
            headers={"If-Match": '"1"'},
        )
        assert done.status_code == 403, change
    assert post("incidents", kind="event", division=OURS + "001") == 201


def test_only_who_may_know_of_covert_posts_writes_one(store: Store) -> None:
    """It is the police's, whatever is said; the police without the right may not, either."""
    sent = {"visibility": "covert", "line": "governance", "division": OURS}
    request = ("post", "/collections/posts/items", sent)
    police = TestClient(create_app(Settings(), store.scoped(SIDES["police"].scope)))
    refused = answer(police, request)
    assert refused[0] == 403
    assert "no_covert" in refused[2]
    assert store.count("posts") == 0
    assert answer(TestClient(create_app(Settings(), store)), request)[0] == 201
    assert store.frame("posts")["line"].tolist() == ["police"]
    assert answer(police, ("get", "/collections/posts/items/1", {}))[0] == 404


def test_an_event_that_becomes_a_call_becomes_the_polices(store: Store) -> None:
    """Whoever sees both lines may turn it; governance loses sight of it."""
    client = TestClient(create_app(Settings(), store))
    insert_row(store, "incidents", {"division": OURS, "kind": "event"}, None)
    address = "/collections/incidents/items/1"
    governance = TestClient(create_app(Settings(), store.scoped(SIDES["governance"].scope)))
    assert governance.get(address).status_code == 200
    change = {"properties": {"kind": "police_call", "line": "governance"}}
    assert client.patch(address, json=change, headers={"If-Match": "*"}).status_code == 204
    assert client.get(address).json()["properties"]["line"] == "police"
    assert governance.get(address).status_code == 404


def test_a_reader_writes_nothing(store: Store) -> None:
    """Every write of a scope without the right is forbidden, and changes nothing."""
    fill(store, division=OURS)
    scope = Scope(OURS, rights=frozenset())
    client = TestClient(create_app(Settings(), store.scoped(scope)))
    kept = store.frame("posts")
    for method in ("post", "patch", "put", "delete"):
        address = "/collections/posts/items" + ("" if method == "post" else "/1")
        assert answer(client, (method, address, {"name": "x"}))[0] == 403
    assert store.frame("posts").equals(kept)


def test_a_code_that_another_line_uses_is_free(store: Store) -> None:
    """A conflict would tell that the police have a post of that code."""
    fill(store, division=OURS)
    client = TestClient(create_app(Settings(), store.scoped(SIDES["governance"].scope)))
    sent = {"post_id": "P1", "line": "governance"}
    assert answer(client, ("post", "/collections/posts/items", sent))[0] == 201
