"""What the cameras of a stored area see, and which of them to turn, on both engines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
from fastapi.testclient import TestClient

from api import stored_cameras
from api.app import create_app
from api.jobs import ANALYSES, perform
from api.settings import Settings
from data.scope import Scope
from data.viewing import views
from data.work import claim
from geo.aiming import Terms, reaim
from tests.api.stored import put
from tests.strategies import CRS, areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from data.store import Store


@pytest.fixture
def town(store: Store) -> Store:
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
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(client: TestClient, query: str, status: int) -> None:
    """As a problem document."""
    answer = client.get(f"/{query}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


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


def test_jobs_find_what_the_direct_answers_tell(
    town: Store, client: TestClient, store_url: str
) -> None:
    """Coverage by night and for a use, and a proposal; a job that waited knows of neither."""
    for process, address, name, inputs in (
        ("camera-coverage", "/coverage/cameras?area=01", "gaps", {}),
        ("camera-coverage", "/coverage/cameras?area=01&night=true&band=recognise", "gaps",
         {"night": True, "band": "recognise"}),
        ("camera-proposal", "/proposals/cameras?area=01&turns=3&step_deg=15", "turns",
         {"turns": 3, "step_deg": 15}),
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
            summary.pop("seconds", None)
        assert result["summary"] == direct["summary"]
        assert result[name]["features"] == direct["features"] != []
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
