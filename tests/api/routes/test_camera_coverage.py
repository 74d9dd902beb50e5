"""What the cameras of a stored area see, and which of them to turn, on both engines."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import pytest
from fastapi.testclient import TestClient

from api import stored_cameras
from api.app import create_app
from api.jobs import ANALYSES, perform
from api.settings import Settings
from data.scope import Scope
from data.values import LOCAL_ZONE
from data.viewing import views
from data.work import claim
from data.writing import insert_row
from geo.aiming import Terms, reaim
from tests.api.stored import put, remembered
from tests.stores import ONE_ENGINE
from tests.strategies import CRS, areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from data.store import Store


@remembered
def lay_out(store: Store) -> None:
    """
    Store a main street of 400 m, an alley across its middle, and an area around both.

    C1 looks east along the street from its beginning, for 50 m, by night for 20 m. C2, at its end,
    looks away from it. Two key sites: one before C1, one that nobody sees; a third is elsewhere.
    """
    streets = streets_of([line((0, 0), (400, 0)), line((200, -90), (200, 90))], code=["S1", "S2"])
    put(store, "streets", streets.assign(**{"class": ["primary", "alley"]}))
    cameras = points_of(
        [(0, 0), (400, 0)], code=["C1", "C2"], azimuth_deg=[90.0, 90.0], fov_deg=[60.0, 60.0],
        range_m=[50.0, 50.0], ir_range_m=[20.0, 20.0], light=["infrared", "infrared"],
        pixels=[1920, 1920], kind=["fixed_bullet", "fixed_bullet"],
    )  # fmt: skip
    put(store, "cameras", cameras)
    sites = points_of([(30, 1), (200, 5), (2_000, 0)], code=["K1", "K2", "K3"])
    put(store, "key_sites", sites)
    area = areas_of({"01": box(-10, -100, 410, 100), "02": box(300, -100, 350, 100)})
    put(store, "areas", area.rename(columns={"area_id": "code"}))


@pytest.fixture
def town(store: Store) -> Store:
    """Return a store with the two streets, on either engine."""
    lay_out(store)
    return store


def told(client: TestClient, address: str) -> dict[str, Any]:
    """Ask for a feature collection."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    found: dict[str, Any] = json.loads(answer.text, parse_constant=pytest.fail)
    assert found["numberReturned"] == len(found["features"])
    return found


def covered_m(client: TestClient, query: str) -> float:
    """Return what cameras see of the streets of the area."""
    summary = told(client, f"/coverage/cameras?area=01{query}")["summary"]
    return float(summary["covered_length_m"])


@pytest.mark.usefixtures("town")
def test_what_is_seen_is_told_by_road_by_fold_at_junctions_and_sites(client: TestClient) -> None:
    """50 of 400 m of the main street, nothing of the alley; one of two sites, not the corner."""
    summary = told(client, "/coverage/cameras?area=01")["summary"]
    roads = {
        row["road"]: (row["covered_length_m"], row["due_length_m"]) for row in summary["roads"]
    }
    assert roads["arterial"] == pytest.approx((50.0, 400.0), abs=0.1)
    assert roads["back_lane"] == pytest.approx((0.0, 180.0), abs=0.1)
    folds = {row["cameras"]: row["length_m"] for row in summary["folds"]}
    assert folds == pytest.approx({0: 530.0, 1: 50.0}, abs=0.1)
    assert summary["junctions"] == {"junctions": 1, "watched": 0}
    assert (summary["key_sites"], summary["key_sites_watched"]) == (2, 1)
    narrow = told(client, "/coverage/cameras?area=02")["summary"]
    assert "key_sites" not in narrow
    assert narrow["junctions"] == {"junctions": 0, "watched": 0}


@ONE_ENGINE
@pytest.mark.usefixtures("town")
def test_night_and_the_use_of_the_picture_are_asked_for(client: TestClient) -> None:
    """20 m by night; to identify, 1920 pixels over 60 degrees serve for 6.7 m."""
    assert covered_m(client, "") == pytest.approx(50.0, abs=0.1)
    assert covered_m(client, "&night=false") == pytest.approx(50.0, abs=0.1)
    assert covered_m(client, "&night=true") == pytest.approx(20.0, abs=0.1)
    assert covered_m(client, "&band=detect") == pytest.approx(50.0, abs=0.1)
    assert covered_m(client, "&band=recognise") == pytest.approx(13.3, abs=0.1)
    assert covered_m(client, "&band=identify&night=true") == pytest.approx(6.65, abs=0.1)


def test_a_stored_building_hides(town: Store, client: TestClient) -> None:
    """It stands across the street 30 m before the camera, and the site behind it is hidden."""
    house = gpd.GeoDataFrame({"code": ["B1"]}, geometry=[box(20, -40, 25, 40)], crs=CRS)
    put(town, "buildings", house)
    summary = told(client, "/coverage/cameras?area=01")["summary"]
    assert summary["covered_length_m"] == pytest.approx(20.0, abs=0.1)
    assert summary["key_sites_watched"] == 0


def test_a_stored_wall_hides(town: Store, client: TestClient) -> None:
    """It stands across the street 30 m before the camera; a door behind it is not watched."""
    doors = points_of([(29, 1), (45, 1)], code=["D1", "D2"], site_id=["K1", "K1"])
    put(town, "entrances", doors)
    summary = told(client, "/coverage/cameras?area=01")["summary"]
    assert (summary["entrances"]["entrances"], summary["entrances"]["watched"]) == (2, 2)
    wall = gpd.GeoDataFrame({"code": ["W1"]}, geometry=[line((32, -40), (32, 40))], crs=CRS)
    put(town, "walls", wall)
    summary = told(client, "/coverage/cameras?area=01")["summary"]
    assert summary["covered_length_m"] == pytest.approx(32.0, abs=0.1)
    assert summary["entrances"]["unwatched_ids"] == ["D2"]


def ledger(store: Store, kind: str, rows: list[dict[str, Any]]) -> None:
    """Store rows of a ledger, their times of May 2024 written such as "3 09:00"."""
    for row in rows:
        times = {
            name: dt.datetime.fromisoformat(f"2024-05-{row[name].zfill(8)}")
            for name in ("time", "fault_at", "repaired_at")
            if name in row
        }
        insert_row(store, kind, row | times, None)


def rate_of(summary: dict[str, Any], name: str, basis: str) -> tuple[float, float, float]:
    """Return numerator, denominator and what is unknown of a rate."""
    (rate,) = (
        rate
        for rate in summary["health"]["rates"]
        if (rate["name"], rate["basis"]) == (name, basis)
    )
    return rate["numerator"], rate["denominator"], rate["unknown"]


def test_health_has_its_numerators_and_denominators(town: Store, client: TestClient) -> None:
    """C1 off for the second of four days, C2 never reported; a fault of C1 is still open."""
    ledger(
        town, "states",
        [{"camera_id": "C1", "time": "1 00:00", "online": True},
         {"camera_id": "C1", "time": "2 00:00", "online": False},
         {"camera_id": "C1", "time": "3 00:00", "online": True},
         {"camera_id": "C1", "time": "5 00:00", "online": True},
         {"camera_id": "C9", "time": "9 00:00", "online": False}],
    )  # fmt: skip
    ledger(town, "faults", [{"camera_id": "C1", "fault_at": "4 00:00", "fault": "无图像"}])
    summary = told(client, "/coverage/cameras?area=01")["summary"]
    assert rate_of(summary, "online", "snapshot") == (1, 1, 1)
    assert rate_of(summary, "online", "time") == pytest.approx((72.0, 96.0, 96.0))
    assert rate_of(summary, "in_order", "snapshot") == (1, 2, 0)
    assert rate_of(summary, "in_order", "time") == pytest.approx((168.0, 192.0, 0.0))
    assert rate_of(summary, "available", "time") == pytest.approx((48.0, 96.0, 96.0))
    assert summary["health"]["faults"]["open"] == 1
    # Those of no camera here are neither counted nor named.
    assert summary["health"]["strangers"] == []
    assert summary["expected_length_m"] == pytest.approx(0.5 * 50.0, abs=0.1)
    by_day = summary["hours"][12]
    assert by_day["expected_length_m"] == pytest.approx(0.75 * 50.0, abs=0.1)
    assert by_day["cameras_unknown"] == 1
    assert by_day["covered_length_m"] == pytest.approx(50.0, abs=0.1)


@ONE_ENGINE
def test_ledgers_are_drawn_on_no_page(town: Store, client: TestClient) -> None:
    """A million states would make no map better; they are counted on the first page."""
    pages = [client.get(path).text for path in ("/maps/coverage/map", "/maps/incidents")]
    states = [{"camera_id": "C1", "time": f"{day} 00:00", "online": False} for day in range(1, 9)]
    ledger(town, "states", states)
    ledger(town, "faults", [{"camera_id": "C1", "fault_at": "1 00:00"}])
    again = [client.get(path).text for path in ("/maps/coverage/map", "/maps/incidents")]
    assert [anonymous(page) for page in again] == [anonymous(page) for page in pages]
    first = client.get("/", headers={"Accept": "text/html"}).text
    assert '<tr><td>在线记录</td><td class="number">8</td>' in first


def anonymous(page: str) -> str:
    """Return a page without the names that folium draws for its elements."""
    return re.sub(r"[0-9a-f]{32}", "", page)


def test_the_span_of_health_is_asked_for(town: Store, client: TestClient) -> None:
    """It begins with what the camera was; an open end is the last report, as without a span."""
    ledger(
        town, "states",
        [{"camera_id": "C1", "time": "1 00:00", "online": False},
         {"camera_id": "C1", "time": "3 00:00", "online": True}],
    )  # fmt: skip
    address = "/coverage/cameras?area=01&datetime="
    for span, hours in (
        ("2024-05-02/2024-05-04", (48.0, 72.0)), ("2024-05-02", (0.0, 24.0)),
        ("2024-05-02/..", (0.0, 24.0)), ("../2024-05-03", (24.0, 72.0)),
        ("2024-05-02T12:00/2024-05-03T11:59:59.999999", (12.0, 24.0)),
    ):  # fmt: skip
        summary = told(client, f"{address}{span}")["summary"]
        assert rate_of(summary, "online", "time")[:2] == pytest.approx(hours, abs=1e-6), span
        assert summary["covered_length_m"] == pytest.approx(50.0, abs=0.1)
    summary = told(client, f"{address}2024-04-01/2024-04-30")["summary"]
    assert {rate["basis"] for rate in summary["health"]["rates"]} == {"snapshot"}
    assert rate_of(summary, "online", "snapshot") == (0, 0, 2)
    whole = told(client, "/coverage/cameras?area=01")["summary"]
    assert rate_of(whole, "online", "time")[:2] == pytest.approx((0.0, 48.0))


def test_a_span_is_told_of_what_was_stored_for_its_last_day(
    town: Store, client: TestClient
) -> None:
    """A camera that came later neither sees nor counts; what is to come has not happened."""
    came = dt.date(2024, 6, 1)
    late = points_of([(100, 0)], code=["C3"], azimuth_deg=[90.0], fov_deg=[60.0], range_m=[50.0])
    put(town, "cameras", late, valid_from=came)
    for span, length_m in (("2024-05-31", 50.0), ("2024-06-01", 100.0), ("../2999-01-01", 100.0)):
        summary = told(client, f"/coverage/cameras?area=01&datetime={span}")["summary"]
        assert summary["covered_length_m"] == pytest.approx(length_m, abs=0.1)
        assert summary["health"]["cameras"] == 2 + (length_m > 50.0)
    now = dt.datetime.now(ZoneInfo(LOCAL_ZONE)).replace(tzinfo=None)
    values = {"camera_id": "C1", "time": now - dt.timedelta(hours=3), "online": True}
    insert_row(town, "states", values, None)
    summary = told(client, "/coverage/cameras?area=01&datetime=../2999-01-01")["summary"]
    assert rate_of(summary, "online", "time")[:2] == pytest.approx((3.0, 3.0), abs=0.1)


def test_new_cameras_are_proposed_on_stored_poles(town: Store, client: TestClient) -> None:
    """One at the crossing sees most; in the forbidden half there may be none."""
    poles = points_of([(200, 0), (320, 0), (900, 0)], code=["L1", "L2", "L3"])
    put(town, "poles", poles.assign(kind="panoramic"))
    found = told(client, "/proposals/cameras?area=01&turns=0&new=1")
    by_what = {one["properties"]["what"]: one for one in found["features"]}
    assert set(by_what) == {"new_camera", "new_view", "gained"}
    assert by_what["new_camera"]["properties"]["pole_id"] == "L1"
    assert by_what["new_camera"]["geometry"]["type"] == "Point"
    assert by_what["new_view"]["geometry"]["type"] == "Polygon"
    assert by_what["gained"]["properties"]["step"] == "new"
    summary = found["summary"]
    assert (summary["state"], summary["cameras_new"], summary["poles"]) == ("proposed", 1, 2)
    assert summary["gained_length_m"] > 100.0
    forbidden = areas_of({"N1": box(190, -10, 210, 10)}).rename(columns={"area_id": "code"})
    put(town, "areas", forbidden)
    kept = told(client, "/proposals/cameras?area=01&turns=0&new=2&forbid=N1&forbid=02")["summary"]
    assert kept["refused"] == {"forbidden": 2}
    assert kept["cameras_new"] == 0
    answer = client.get("/proposals/cameras?area=01&turns=0&new=1&forbid=N9")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_area")


@ONE_ENGINE
def test_cameras_are_turned_before_any_is_bought(town: Store, client: TestClient) -> None:
    """One plan: what the turn wins is no reason to buy, and each step has what it gains."""
    put(town, "poles", points_of([(360, 0), (200, 40)], code=["L1", "L2"]).assign(kind="panoramic"))
    found = told(client, "/proposals/cameras?area=01&turns=1&new=1")
    summary = found["summary"]
    assert (summary["turned"], summary["cameras_new"]) == (1, 1)
    assert summary["covered_length_turned_m"] == pytest.approx(100.0, abs=0.1)
    assert summary["covered_length_after_m"] > 130.0
    steps = [one["properties"]["step"] for one in found["features"] if "step" in one["properties"]]
    assert sorted(set(steps)) == ["new", "turns"]
    (pole,) = (
        one["properties"]["pole_id"]
        for one in found["features"]
        if one["properties"]["what"] == "new_camera"
    )
    assert pole == "L2"


@pytest.mark.usefixtures("town")
def test_without_a_pole_no_camera_can_be_bought(client: TestClient) -> None:
    """With what to import; turns are proposed all the same."""
    answer = client.get("/proposals/cameras?area=01&turns=1&new=1")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_poles_there")
    assert "gridpatrol import poles" in answer.json()["detail"]
    assert told(client, "/proposals/cameras?area=01&turns=1")["summary"]["turned"] == 1


@pytest.mark.usefixtures("town")
def test_a_turn_is_proposed_with_what_it_wins_and_loses(client: TestClient) -> None:
    """C2 sees 50 m when it looks west; C1 would lose as much by any turn."""
    found = told(client, "/proposals/cameras?area=01&turns=5")
    by_what: dict[str, list[dict[str, Any]]] = {}
    for feature in found["features"]:
        by_what.setdefault(feature["properties"]["what"], []).append(feature)
    assert set(by_what) == {"turn", "gained"}
    (turn,) = by_what["turn"]
    properties = turn["properties"]
    assert (properties["camera_id"], properties["from_deg"]) == ("C2", 90.0)
    assert properties["to_deg"] == pytest.approx(270.0)
    assert (properties["gained_m"], properties["lost_m"]) == pytest.approx((50.0, 0.0), abs=0.1)
    assert turn["geometry"]["type"] == "Polygon"
    (gained,) = by_what["gained"]
    assert gained["properties"]["street_id"] == "S1"
    assert gained["properties"]["start_m"] == pytest.approx(350.0, abs=0.1)
    summary = found["summary"]
    assert (summary["state"], summary["turned"], summary["gap"]) == ("proposed", 1, 0.0)
    assert summary["bound"] == summary["objective"]
    assert summary["gained_length_m"] == pytest.approx(50.0, abs=0.1)
    assert summary["covered_length_after_m"] == pytest.approx(100.0, abs=0.1)
    assert (summary["places"], summary["places_before"]) == (2, 1)
    none = told(client, "/proposals/cameras?area=01&turns=0")
    assert (none["features"], none["summary"]["turned"]) == ([], 0)


def test_what_a_turn_loses_is_listed_street_by_street(town: Store, client: TestClient) -> None:
    """A camera in the alley turns from 20 m of a lane to more of the main street."""
    put(town, "streets", streets_of([line((100, 60), (120, 60))], code=["S3"]))
    at = points_of([(100, 60)], code=["C3"], azimuth_deg=[90.0], fov_deg=[30.0], range_m=[80.0])
    put(town, "cameras", at)
    found = told(client, "/proposals/cameras?area=01&turns=200")
    lost = [one["properties"] for one in found["features"] if one["properties"]["what"] == "lost"]
    assert [one["street_id"] for one in lost] == ["S3"]
    assert found["summary"]["lost_length_m"] == pytest.approx(20.0, abs=0.1)
    assert found["summary"]["gained_length_m"] > 20.0


@pytest.mark.usefixtures("town")
def test_the_step_between_headings_is_asked_for(client: TestClient) -> None:
    """Every 180 degrees there is north and south alone: nothing of the street is won."""
    found = told(client, "/proposals/cameras?area=01&turns=5&step_deg=180")
    assert found["summary"]["turned"] == 0


@ONE_ENGINE
@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("coverage/cameras?area=01&night=maybe", 400), ("coverage/cameras?area=01&band=", 400),
        ("coverage/cameras?area=01&band=see", 400), ("coverage/posts?area=01&night=true", 400),
        ("proposals/cameras?area=01", 400), ("proposals/cameras?turns=1", 400),
        ("proposals/cameras?area=01&turns=-1", 400), ("proposals/cameras?area=01&turns=201", 400),
        ("proposals/cameras?area=01&turns=1.5", 400), ("proposals/cameras?area=01&turns=all", 400),
        ("proposals/cameras?area=01&turns=1&step_deg=0", 400),
        ("proposals/cameras?area=01&turns=1&step_deg=0.9", 400),
        ("proposals/cameras?area=01&turns=1&step_deg=181", 400),
        ("proposals/cameras?area=01&turns=1&step_deg=nan", 400),
        ("proposals/cameras?area=01&turns=1&night=true", 400),
        ("proposals/cameras?area=09&turns=1", 404),
        ("proposals/cameras?area=01&turns=1&new=-1", 400),
        ("proposals/cameras?area=01&turns=1&new=201", 400),
        ("proposals/cameras?area=01&turns=1&new=full", 400),
        ("proposals/cameras?area=01&turns=1&new=1&forbid=", 400),
        ("coverage/cameras?area=01&datetime=yesterday", 400),
        ("coverage/cameras?area=01&datetime=2024-05-02/2024-05-01", 400),
        ("coverage/cameras?area=01&datetime=2999-01-01/..", 400),
        ("coverage/cameras?area=01&datetime=", 400),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(client: TestClient, query: str, status: int) -> None:
    """As a problem document."""
    answer = client.get(f"/{query}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@ONE_ENGINE
@pytest.mark.parametrize(("limit", "value"), [("MOST_STREETS", 1), ("MOST_HEADINGS", 71)])
def test_what_takes_long_has_to_be_asked_for_as_a_job(
    town: Store, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    """By streets and by headings, here 2 and 72; the answer says where."""
    monkeypatch.setattr(stored_cameras, limit, value)
    for lang, words in (("zh", "请改用任务"), ("en", "ask for a job")):
        client = TestClient(create_app(Settings.model_validate({"lang": lang}), town))
        answer = client.get("/proposals/cameras?area=01&turns=1")
        assert (answer.status_code, answer.json()["code"]) == (422, "ask_turns_as_job")
        assert words in answer.json()["detail"]
        assert "POST /processes/camera-proposal/execution" in answer.json()["detail"]
    job = {"inputs": {"area": "01", "turns": 1}}
    assert client.post("/processes/camera-proposal/execution", json=job).status_code == 201
    monkeypatch.setattr(stored_cameras, limit, value + 1)
    assert client.get("/proposals/cameras?area=01&turns=1").status_code == 200
    put(town, "poles", points_of([(200, 0)], code=["L1"]))
    # A pole may bear a camera of any heading; streets it makes no more.
    status = 422 if limit == "MOST_HEADINGS" else 200
    assert client.get("/proposals/cameras?area=01&turns=1&new=1").status_code == status


@ONE_ENGINE
def test_whoever_waits_waits_for_a_bounded_search(
    town: Store, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """20 s of search; a job takes the time that terms give by themselves."""
    limits = []

    def noted(*given: Any, terms: Terms, **options: Any) -> Any:  # noqa: ANN401 - passed on
        limits.append(terms.seconds)
        return reaim(*given, terms=terms, **options)

    monkeypatch.setattr(stored_cameras, "reaim", noted)
    told(client, "/proposals/cameras?area=01&turns=1")
    ANALYSES["camera-proposal"](town, area="01", turns=1, step_deg=10.0)
    assert limits == [20.0, Terms().seconds]


def test_a_store_without_cameras_is_named(store: Store, client: TestClient) -> None:
    """With what to import."""
    area = areas_of({"01": box(0, 0, 100, 100)}).rename(columns={"area_id": "code"})
    put(store, "areas", area)
    put(store, "streets", streets_of([line((10, 10), (90, 10))], code=["S1"]))
    answer = client.get("/proposals/cameras?area=01&turns=1")
    assert (answer.status_code, answer.json()["code"]) == (404, "nothing_stored")
    put(store, "cameras", points_of([(9_000, 0)], code=["C1"], range_m=[50.0]))
    summary = told(client, "/proposals/cameras?area=01&turns=1")["summary"]
    assert (summary["cameras"], summary["covered_share_after"]) == (0, 0.0)


@ONE_ENGINE
def test_jobs_find_what_the_direct_answers_tell(
    town: Store, client: TestClient, store_url: str
) -> None:
    """Coverage by night and for a use, and proposals; a job that waited knows of none of these."""
    put(town, "poles", points_of([(200, 40)], code=["L1"]))
    ledger(town, "states", [{"camera_id": "C1", "time": "1 08:00", "online": True}])
    for process, address, name, inputs in (
        ("camera-coverage", "/coverage/cameras?area=01", "gaps", {}),
        ("camera-coverage", "/coverage/cameras?area=01&night=true&band=recognise", "gaps",
         {"night": True, "band": "recognise"}),
        ("camera-coverage", "/coverage/cameras?area=01&datetime=2024-05-01/2024-05-02", "gaps",
         {"datetime": "2024-05-01/2024-05-02"}),
        ("camera-proposal", "/proposals/cameras?area=01&turns=3&step_deg=15", "turns",
         {"turns": 3, "step_deg": 15}),
        ("camera-proposal", "/proposals/cameras?area=01&turns=1&new=1&forbid=02", "turns",
         {"turns": 1, "new": 1, "forbid": ["02"]}),
    ):  # fmt: skip
        asked = {"inputs": {"area": "01"} | inputs}
        job = client.post(f"/processes/{process}/execution", json=asked).json()["jobID"]
        task = claim(town.engine, "test")
        assert task is not None
        perform(store_url, task)
        result = client.get(f"/jobs/{job}/results").json()
        assert list(result) == ["summary", name]
        assert name in client.get(f"/processes/{process}").json()["outputs"]
        direct = told(client, address)
        for summary in (result["summary"], direct["summary"]):
            for part in (summary, summary.get("reaim", {}), summary.get("new_cameras", {})):
                part.pop("seconds", None)
        assert result["summary"] == direct["summary"]
        assert result[name]["features"] == direct["features"] != []
    asked = {"inputs": {"area": "01", "datetime": "soon"}}
    answer = client.post("/processes/camera-coverage/execution", json=asked)
    assert (answer.status_code, answer.json()["code"]) == (400, "not_valid")
    assert "2024-05-01/2024-05-31" in answer.text
    old = ANALYSES["camera-coverage"](town, area="01")
    assert old.summary["covered_length_m"] == pytest.approx(50.0, abs=0.1)


def test_what_is_no_secret_leaves_no_trace(town: Store) -> None:
    """Gaps of cameras and turns are told to every scope alike, also to one that may see more."""
    answers = []
    for rights in (frozenset[str](), frozenset({"covert"})):
        client = TestClient(create_app(Settings(), town.scoped(Scope(rights=rights))))
        for address in ("/coverage/cameras?area=01", "/proposals/cameras?area=01&turns=5"):
            found = told(client, address)
            found["summary"].pop("seconds", None)
            answers.append(found)
    assert answers[:2] == answers[2:]
    assert views(town).views == []
