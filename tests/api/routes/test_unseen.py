"""Where no camera looks, on both engines: told to those alone who may see what is restricted."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from data.scope import Scope
from data.viewing import views
from tests.api.stored import put
from tests.stores import ONE_ENGINE
from tests.strategies import CRS, areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from data.store import Store

GOVERNANCE = Scope(
    lines=frozenset({"governance", "public"}), rights=frozenset({"write"}), name="综治中心"
)
ROOM = Scope(rights=frozenset({"covert"}), name="指挥室")

RESTRICTED = (
    "/blind/cameras?area=V", "/blind/cameras?area=W", "/cordons/cameras?area=V",
    "/cordons/cameras?area=V&way=in",
)  # fmt: skip

MAP = "/maps/coverage/map"

EAST, WEST = ([(430, 0)], 270.0), ([(170, 0)], 90.0)
"""Cameras beyond the lines of the area, where they stand and which way they look."""


@pytest.fixture
def watched(store: Store) -> Store:
    """
    Store a street of 600 m through two areas; a camera in the east sees 60 m of it.

    V is 200 m wide and high, so that the street leaves it twice, and the camera outside sees one
    of these ways. In W, half as wide, stands a house, and nobody sees any of it.
    """
    put(store, "streets", streets_of([line((0, 0), (600, 0))], code=["S1"]), line="governance")
    camera(store, "C1", *EAST)
    areas = areas_of({"V": box(200, -100, 400, 100), "W": box(200, -100, 300, 100)})
    put(store, "areas", areas.rename(columns={"area_id": "code"}), line="governance")
    house = gpd.GeoDataFrame({"code": ["B1"]}, geometry=[box(220, 20, 240, 40)], crs=CRS)
    put(store, "buildings", house, line="governance")
    return store


def camera(
    store: Store,
    code: str,
    at: list[tuple[float, float]],
    azimuth_deg: float,
    **values: Any,  # noqa: ANN401
) -> None:
    """Store a camera that sees 60 m within 60 degrees."""
    frame = points_of(at, code=[code], azimuth_deg=azimuth_deg, fov_deg=60.0, range_m=60.0)
    put(store, "cameras", frame, **{"line": "governance"} | values)


def client_of(store: Store, scope: Scope, lang: str = "zh") -> TestClient:
    """Return a client of a scope."""
    return TestClient(create_app(Settings.model_validate({"lang": lang}), store.scoped(scope)))


def told(client: TestClient, address: str) -> dict[str, Any]:
    """Ask for a feature collection."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    found: dict[str, Any] = json.loads(answer.text, parse_constant=pytest.fail)
    assert found["numberReturned"] == len(found["features"])
    return found


def seen(store: Store) -> list[tuple[str, str, str | None, int | None]]:
    """Return the views that were written down, the oldest first."""
    return [(v.who, v.what, v.area, v.rows_seen) for v in reversed(views(store).views)]


def test_ground_is_blind_where_nobody_looks(watched: Store) -> None:
    """All open ground of W: 20,000 m2 less a house of 400; 100 m of street lie in it."""
    found = told(client_of(watched, ROOM), "/blind/cameras?area=W")
    (piece,) = found["features"]
    assert piece["properties"]["area_id"] == "W"
    assert piece["properties"]["area_m2"] == pytest.approx(19_600, rel=1e-3)
    assert piece["properties"]["street_ids"] == "S1"
    assert piece["properties"]["street_length_m"] == pytest.approx(100, abs=0.1)
    assert len(piece["geometry"]["coordinates"]) == 2
    assert 114.0 < piece["geometry"]["coordinates"][0][0][0] < 115.0
    summary = found["summary"]
    assert (summary["blind_areas"], summary["gaps"]) == (1, 1)
    assert summary["blind_area_m2"] == pytest.approx(19_600, rel=1e-3)
    assert summary["marking"]["level"] == "内部"
    assert summary["marking"]["operator"] == "指挥室"


def test_ground_that_a_camera_outside_sees_is_not_blind(watched: Store) -> None:
    """It stands 30 m east of V and sees 60 m: a part of its sector lies in V."""
    summary = told(client_of(watched, ROOM), "/blind/cameras?area=V")["summary"]
    seen_m2 = 40_000 - 400 - summary["blind_area_m2"]
    assert 0.5 * summary["seen_area_m2"] < seen_m2 < summary["seen_area_m2"]


def test_ways_that_nobody_sees_leave_the_area(watched: Store) -> None:
    """One of two: the one in the west, which one closure shuts."""
    found = told(client_of(watched, ROOM), "/cordons/cameras?area=V")
    by_what = {feature["properties"]["what"]: feature for feature in found["features"]}
    assert list(by_what) == ["way", "closure"]
    assert len(found["features"]) == 2
    way = by_what["way"]
    assert (way["properties"]["area_id"], way["properties"]["street_id"]) == ("V", "S1")
    assert 150 - 1 < way["properties"]["start_m"] < way["properties"]["end_m"] < 250 + 1
    summary = found["summary"]
    assert (summary["crossings"], summary["ways"], summary["closures"]) == (2, 1, 1)
    assert (summary["way"], summary["open"]) == ("out", 1)
    assert summary["areas"] == [
        {"area_id": "V", "name": None, "crossings": 2, "ways": 1, "closures": 1,
         "disjoint_ways": 1, "closed": False}
    ]  # fmt: skip
    assert summary["marking"]["operator"] == "指挥室"


def test_a_camera_at_each_way_closes_the_area(watched: Store) -> None:
    """One that is offline does not."""
    client = client_of(watched, ROOM)
    camera(watched, "C2", *WEST, online=False)
    assert told(client, "/cordons/cameras?area=V")["summary"]["open"] == 1
    camera(watched, "C3", *WEST)
    found = told(client, "/cordons/cameras?area=V&way=in")
    assert found["features"] == []
    assert (found["summary"]["closed"], found["summary"]["way"]) == (1, "in")


@pytest.mark.parametrize(("lang", "says"), [("zh", "没有权限查看"), ("en", "may not see it")])
def test_without_the_right_nothing_of_it_is_told(watched: Store, lang: str, says: str) -> None:
    """403, byte for byte the same whatever is blind, stored or asked; and no trace is left."""
    client = client_of(watched, GOVERNANCE, lang)
    told = set()
    for address in (*RESTRICTED, "/blind/cameras?area=nobody", "/cordons/cameras?area=nobody"):
        answer = client.get(address)
        assert answer.status_code == 403, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "restricted"
        assert says in answer.json()["detail"]
        told.add((answer.content, str(answer.headers)))
    camera(watched, "C3", *WEST)
    told |= {(answer.content, str(answer.headers)) for answer in map(client.get, RESTRICTED)}
    assert len(told) == 1
    assert seen(watched) == []
    open_to_all = client.get("/coverage/cameras?area=V")
    assert open_to_all.status_code == 200
    assert not re.search("blind|open_area|ground|cordon", open_to_all.text)


def test_every_such_view_is_written_down_before_it_is_shown(
    watched: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whom, of which area, and how many pieces or ways; when that fails nothing is shown."""
    client = client_of(watched, ROOM)
    for address in RESTRICTED[1:3]:
        told(client, address)
    for address in ("/blind/cameras?area=09", "/cordons/cameras?area=V&way=up"):
        assert client.get(address).status_code in (400, 404)
    noted = [
        ("指挥室", "camera-blind-ground", "W", 1), ("指挥室", "camera-cordon", "V", 1),
    ]  # fmt: skip
    assert seen(watched) == noted

    def full(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("api.routes.unseen.note_view", full)
    monkeypatch.setattr("api.routes.maps.note_view", full)
    mute = TestClient(
        create_app(Settings(), watched.scoped(ROOM)), raise_server_exceptions=False
    )  # fmt: skip
    for address in (*RESTRICTED, MAP):
        answer = mute.get(address)
        assert answer.status_code == 500
        assert "feature" not in answer.text
        assert "盲区" not in answer.text
    assert seen(watched) == noted


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("blind/cameras", 400), ("blind/cameras?area=", 400), ("blind/cameras?area=V&x=1", 400),
        ("blind/cameras?area=V&way=out", 400), ("blind/cameras?area=09", 404),
        ("cordons/cameras", 400), ("cordons/cameras?area=V&way=up", 400),
        ("cordons/cameras?area=V&way=", 400), ("cordons/cameras?area=09", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(watched: Store, query: str, status: int) -> None:
    """As a problem document."""
    answer = client_of(watched, ROOM).get(f"/{query}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_where_no_camera_is_known_nothing_is_called_blind(store: Store) -> None:
    """Unknown is not unseen."""
    put(store, "streets", streets_of([line((0, 0), (600, 0))], code=["S1"]))
    put(store, "areas", areas_of({"V": box(200, -90, 400, 90)}).rename(columns={"area_id": "code"}))
    for address in RESTRICTED[::2]:
        answer = client_of(store, ROOM).get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "nothing_stored")


def test_who_may_see_what_is_restricted_sees_that_of_the_own_town(store: Store) -> None:
    """The cameras of the neighbours, and of a line that is not theirs, change not a byte."""
    ours = {"division": "610928100", "line": "police"}
    area = areas_of({"V": box(200, -100, 400, 100)}).rename(columns={"area_id": "code"})
    put(store, "streets", streets_of([line((0, 0), (600, 0))], code=["S1"]), **ours)
    put(store, "areas", area, **ours)
    camera(store, "C1", *EAST, **ours)
    scope = Scope("610928100", frozenset({"police"}), frozenset({"covert"}), name="指挥室")
    client = client_of(store, scope)
    before = [client.get(address).text for address in (*RESTRICTED[::2], MAP)]
    for theirs in ({"division": "610928101"}, {"line": "governance"}):
        camera(store, "C9", *WEST, **ours | theirs)
        house = gpd.GeoDataFrame({"code": ["B9"]}, geometry=[box(220, 20, 240, 40)], crs=CRS)
        put(store, "buildings", house, **ours | theirs)
    assert [client.get(address).text for address in (*RESTRICTED[::2], MAP)] == before
    camera(store, "C9", *WEST, **ours)
    after = [client.get(address).text for address in (*RESTRICTED[::2], MAP)]
    assert all(new != old for new, old in zip(after, before, strict=True))


REMARKS = {"zh": ("内部资料", "盲区面积"), "en": ("Restricted: it lists", "Blind area")}
"""What a page that shows blind ground says."""


@ONE_ENGINE
@pytest.mark.parametrize("lang", REMARKS)
@pytest.mark.parametrize("query", ["", "?area=W"])
def test_the_page_shows_blind_ground_to_those_who_may_see_it(
    watched: Store, query: str, lang: str
) -> None:
    """With the remark that it is restricted; to others neither figure, layer nor remark."""
    page = client_of(watched, ROOM, lang).get(MAP + query).text
    assert all(said in page for said in REMARKS[lang])
    assert seen(watched) == [("指挥室", "maps/coverage/blind-ground", "W" if query else None,
                              1 if query else 2)]  # fmt: skip
    page = client_of(watched, GOVERNANCE, lang).get(MAP + query).text
    assert "gridpatrol.start(" in page
    assert not any(said in page for said in REMARKS[lang])
    assert len(seen(watched)) == 1


def test_a_page_without_areas_has_no_ground_to_be_blind(store: Store) -> None:
    """So it is not restricted, and leaves no trace."""
    put(store, "streets", streets_of([line((0, 0), (600, 0))], code=["S1"]))
    camera(store, "C1", *EAST)
    page = client_of(store, ROOM).get(MAP).text
    assert "gridpatrol.start(" in page
    assert not any(said in page for said in REMARKS["zh"])
    assert seen(store) == []


@ONE_ENGINE
def test_the_page_counts_the_ground_of_nested_areas_once(watched: Store) -> None:
    """That of a village is the ground of its grids."""
    village = areas_of({"VILLAGE": box(200, -100, 400, 100)})
    grids = areas_of({"G1": box(200, -100, 300, 100), "G2": box(300, -100, 400, 100)})
    for row in watched.frame("areas")["id"]:
        TestClient(create_app(Settings(), watched)).delete(
            f"/collections/areas/items/{row}", headers={"If-Match": "*"}
        )
    put(watched, "areas", village.rename(columns={"area_id": "code"}))
    put(watched, "areas", grids.rename(columns={"area_id": "code"}), parent_id="VILLAGE")
    client = client_of(watched, ROOM)
    client.get(MAP)
    client.get(MAP + "?area=VILLAGE")
    assert [rows for _, _, _, rows in seen(watched)] == [2, 1]


def test_the_page_shows_key_sites_to_everybody(watched: Store) -> None:
    """Of the area alone, where one is asked for; one in another town spoils nothing."""
    sites = points_of([(250, 0), (390, 0), (900_000, 0)], code=["K1", "K2", "K3"])
    put(watched, "key_sites", sites.assign(name=["一小", "二小", "三小"]), line="governance")
    client = client_of(watched, GOVERNANCE)
    page = client.get(MAP).text
    assert [name in page for name in ("一小", "二小", "三小")] == [True, True, False]
    page = client.get(MAP + "?area=W").text
    assert [name in page for name in ("一小", "二小", "三小")] == [True, False, False]
