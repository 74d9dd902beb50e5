"""A stored camera turned, moved and switched in thought, on both engines."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from data.models import LAYERS
from data.ranges import longest_range_m
from data.scope import Scope
from data.store import Query
from data.viewing import views
from tests.api.stored import fill, put
from tests.stores import ONE_ENGINE
from tests.strategies import areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from data.store import Store


def camera(store: Store, code: str) -> int:
    """Return the number of a camera's row."""
    frame = store.frame("cameras")
    return int(frame["id"][frame["camera_id"] == code].iloc[0])


def asked(client: TestClient, item: int, **change: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the answer to a change."""
    answer = client.post(f"/cameras/{item}/what-if", json=change)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    told: dict[str, Any] = json.loads(answer.text, parse_constant=pytest.fail)
    return told


def degrees(x: float, y: float) -> dict[str, float]:
    """Return a place in metres from the origin as an answer to where."""
    place = points_of([(x, y)]).to_crs(4326).geometry.iloc[0]
    return {"lon": place.x, "lat": place.y}


def test_switching_off_loses_what_it_sees(store: Store, client: TestClient) -> None:
    """50 m of street; with the views before and after."""
    fill(store)
    told = asked(client, camera(store, "C1"), online=False)
    summary = told["summary"]
    assert summary["lost_length_m"] == pytest.approx(50.0, abs=0.05)
    assert (summary["gained_length_m"], summary["cameras_near"]) == (0.0, 0)
    assert (summary["camera_id"], summary["status_after"]) == ("C1", "offline")
    what = [feature["properties"]["what"] for feature in told["features"]]
    assert what == ["before", "after", "lost"]
    assert told["numberReturned"] == 3
    before, after, lost = (shapely.from_geojson(json.dumps(f)) for f in told["features"])
    assert before.intersects(lost)
    assert before.equals(after)
    assert [f["properties"]["camera_id"] for f in told["features"][:2]] == ["C1", "C1"]
    assert told["features"][2]["properties"]["street_id"] == "S1"


def test_switching_on_gains_it(store: Store, client: TestClient) -> None:
    """The one in the west looks east for 50 m."""
    fill(store)
    summary = asked(client, camera(store, "C2"), online=True)["summary"]
    assert summary["gained_length_m"] == pytest.approx(50.0, abs=0.05)
    assert summary["status_before"] == "offline"


def test_turning_away_is_a_loss(store: Store, client: TestClient) -> None:
    """East of it there is no street."""
    fill(store)
    summary = asked(client, camera(store, "C1"), azimuth_deg=90)["summary"]
    assert summary["net_length_m"] == pytest.approx(-50.0, abs=0.05)
    assert (summary["azimuth_deg_before"], summary["azimuth_deg_after"]) == (270.0, 90.0)


def test_moving_takes_the_view_along(store: Store, client: TestClient) -> None:
    """100 m to the west: 50 m are won and 50 m lost."""
    fill(store)
    summary = asked(client, camera(store, "C1"), **degrees(200, 0))["summary"]
    assert summary["gained_length_m"] == pytest.approx(50.0, abs=0.05)
    assert summary["lost_length_m"] == pytest.approx(50.0, abs=0.05)


def test_stored_buildings_hide(store: Store, client: TestClient) -> None:
    """A house 20 m before it."""
    fill(store)
    house = areas_of({"H1": box(275, -5, 280, 5)}).rename(columns={"area_id": "code"})
    put(store, "buildings", house)
    summary = asked(client, camera(store, "C1"), online=False)["summary"]
    assert summary["lost_length_m"] == pytest.approx(20.0, abs=0.05)


def test_a_stored_wall_hides(store: Store, client: TestClient) -> None:
    """A free-standing one 20 m before it; one that is too far to matter is not read."""
    fill(store)
    walls = [line((280, -5), (280, 5)), line((5_000, -5), (5_000, 5))]
    put(store, "walls", streets_of(walls, code=["W1", "W2"], height_m=[2.5, 2.5]))
    summary = asked(client, camera(store, "C1"), online=False)["summary"]
    assert summary["lost_length_m"] == pytest.approx(20.0, abs=0.05)


def test_a_motorway_is_not_due(store: Store, client: TestClient) -> None:
    """Only some columns of streets are read: those that it depends on are among them."""
    fill(store)
    put(
        store,
        "streets",
        streets_of([line((260, 1), (290, 1))], code=["S2"]).assign(**{"class": "motorway"}),
    )
    put(store, "streets", streets_of([line((260, 2), (290, 2))], code=["S3"], tunnel=["yes"]))
    put(store, "streets", streets_of([line((270, 3), (290, 3))], code=["S4"]))
    summary = asked(client, camera(store, "C1"), online=False)["summary"]
    assert summary["lost_length_m"] == pytest.approx(70.0, abs=0.2)


def test_others_that_see_from_afar_count(store: Store, client: TestClient) -> None:
    """700 m away with a range of 690 m: it reaches 40 m of the street."""
    fill(store)
    far = points_of([(950, 0)], code=["C3"], azimuth_deg=[270.0], fov_deg=[60.0], range_m=[690.0])
    put(store, "cameras", far)
    assert longest_range_m(store) == 690.0
    summary = asked(client, camera(store, "C1"), online=False)["summary"]
    assert summary["lost_length_m"] == pytest.approx(10.0, abs=0.05)
    assert summary["cameras_near"] == 1


def test_others_without_a_range_are_found_by_their_kind(store: Store, client: TestClient) -> None:
    """A high point sees 500 m where nothing else is said."""
    assert longest_range_m(store) == 0.0
    fill(store)
    assert longest_range_m(store) == 50.0
    kinds = {"kind": ["high_point_overview"]}
    high = points_of([(780, 0)], code=["C3"], azimuth_deg=[270.0], fov_deg=[60.0], **kinds)
    put(store, "cameras", high)
    assert longest_range_m(store) == 500.0
    summary = asked(client, camera(store, "C1"), online=False)["summary"]
    assert summary["lost_length_m"] == pytest.approx(30.0, abs=0.05)


def test_codes_that_two_divisions_share_are_two_cameras(store: Store, client: TestClient) -> None:
    """The number of the row tells which is meant."""
    fill(store, division="610928100")
    item = camera(store, "C1")
    fill(store, division="610928101")
    summary = asked(client, item, online=False)["summary"]
    assert summary["cameras_near"] == 1
    assert summary["lost_length_m"] == 0.0


def test_nothing_is_stored(store: Store, client: TestClient) -> None:
    """Every layer is as it was; whoever saw the list left a trace."""
    fill(store)
    kept = {kind: store.frame(kind) for kind in LAYERS}
    asked(client, camera(store, "C1"), azimuth_deg=0, online=False, **degrees(290, 5))
    for kind, frame in kept.items():
        assert store.frame(kind).equals(frame), kind
    (noted,) = views(store).views
    assert (noted.what, noted.area) == ("camera-what-if", str(camera(store, "C1")))
    assert noted.rows_seen == 1


def test_where_nobody_looks_is_told_to_few(store: Store, client: TestClient) -> None:
    """Without the right to covert posts the lengths alone, and nothing to write down."""
    fill(store)
    item = camera(store, "C1")
    open_ = asked(client, item, online=False)
    scope = Scope(rights=frozenset())
    told = asked(TestClient(create_app(Settings(), store.scoped(scope))), item, online=False)
    assert [f["properties"]["what"] for f in told["features"]] == ["before", "after"]
    assert told["summary"]["stretches"] == "withheld"
    assert "marking" not in told["summary"]
    assert open_["summary"]["stretches"] == "listed"
    assert open_["summary"]["marking"]["level"] == "内部"
    assert told["summary"]["lost_length_m"] == open_["summary"]["lost_length_m"]
    assert len(views(store).views) == 1


def test_cameras_of_other_lines_neither_answer_nor_count(store: Store) -> None:
    """A camera that the scope does not see is not there, for itself and for its neighbours."""
    fill(store, line="governance")
    same = points_of([(300, 0)], code=["X1"], azimuth_deg=[270.0], fov_deg=[60.0], range_m=[50.0])
    put(store, "cameras", same, line="police")
    scope = Scope(lines=frozenset({"governance"}), rights=frozenset())
    ours = TestClient(create_app(Settings(), store.scoped(scope)))
    summary = asked(ours, camera(store, "C1"), online=False)["summary"]
    assert summary["lost_length_m"] == pytest.approx(50.0, abs=0.05)
    answers = [
        ours.post(f"/cameras/{item}/what-if", json={"online": False})
        for item in (camera(store, "X1"), 123456)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["code"] == answers[1].json()["code"] == "no_such_row"


@ONE_ENGINE
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "not_valid"), ({"online": None}, "not_valid"), ({"lon": 114.3}, "not_valid"),
        ({"azimuth_deg": "90"}, "not_valid"), ({"azimuth_deg": 361}, "not_valid"),
        ({"online": 1}, "not_valid"), ({"azimuth_deg": 90, "range_m": 9}, "not_valid"),
        ({"lon": 181, "lat": 30}, "not_valid"), (degrees(1400, 0), "moved_too_far"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(
    store: Store, client: TestClient, body: dict[str, Any], code: str
) -> None:
    """With the same code in every language."""
    fill(store)
    answer = client.post(f"/cameras/{camera(store, 'C1')}/what-if", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_the_refusal_says_what_to_give(store: Store, client: TestClient) -> None:
    """Nothing asked, and half a place."""
    fill(store)
    address = f"/cameras/{camera(store, 'C1')}/what-if"
    for body, word in (({}, "azimuth_deg、lon 和 lat、online"), ({"lat": 30.0}, "一起给出")):
        (fault,) = client.post(address, json=body).json()["errors"]
        assert word in fault["message"]


def test_a_round_camera_is_not_turned(store: Store, client: TestClient) -> None:
    """It may be switched off all the same."""
    fill(store)
    put(store, "cameras", points_of([(150, 0)], code=["C3"], kind=["panoramic"]))
    item = camera(store, "C3")
    answer = client.post(f"/cameras/{item}/what-if", json={"azimuth_deg": 90})
    assert (answer.status_code, answer.json()["code"]) == (400, "not_turned")
    assert asked(client, item, online=False)["summary"]["lost_length_m"] > 50.0


def test_a_camera_without_a_place_has_to_get_one(store: Store, client: TestClient) -> None:
    """It saw nothing, and would see 50 m."""
    fill(store)
    nowhere = points_of([(0, 0)], code=["C3"], azimuth_deg=[90.0], fov_deg=[60.0], range_m=[50.0])
    nowhere.loc[0, "geometry"] = None
    put(store, "cameras", nowhere)
    item = camera(store, "C3")
    answer = client.post(f"/cameras/{item}/what-if", json={"online": True})
    assert (answer.status_code, answer.json()["code"]) == (400, "no_camera_place")
    told = asked(client, item, **degrees(100, 0))
    assert told["summary"]["gained_length_m"] == pytest.approx(50.0, abs=0.05)
    assert told["features"][0]["geometry"] is None


def test_a_camera_that_begins_tomorrow_is_asked_today(store: Store, client: TestClient) -> None:
    """It is planned; no list of today has it."""
    fill(store)
    tomorrow = store.today() + dt.timedelta(days=1)
    planned = points_of([(100, 0)], code=["C3"], azimuth_deg=[90.0], fov_deg=[60.0], range_m=[50.0])
    put(store, "cameras", planned, valid_from=tomorrow)
    frame = store.frame("cameras", Query(on=tomorrow))
    item = int(frame["id"][frame["camera_id"] == "C3"].iloc[0])
    summary = asked(client, item, azimuth_deg=270)["summary"]
    assert summary["gained_length_m"] == pytest.approx(50.0, abs=0.05)
