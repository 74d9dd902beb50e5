"""Spacing and proposals of the posts of a stored area, on both engines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from shapely import Polygon

from api import stored_posts
from api.app import create_app
from api.settings import Settings
from tests.api.stored import put
from tests.stores import ONE_ENGINE
from tests.strategies import areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from data.store import Store


@pytest.fixture
def posted(store: Store) -> Store:
    """
    Store a street of 400 m with posts at 100, 120 and 300 m, and an area around all of it.

    Twenty metres wide, the street has a pair on opposite kerbs at 300 m as well.
    """
    put(store, "streets", streets_of([line((0, 0), (400, 0))], code=["S1"]))
    places = [(100, 0), (120, 0), (300, -10), (302, 10)]
    put(store, "posts", points_of(places, code=["P1", "P2", "P3", "P4"], kind=["fixed"] * 4))
    area = areas_of({"01": box(-10, -50, 410, 50)}).rename(columns={"area_id": "code"})
    put(store, "areas", area)
    return store


def told(client: TestClient, address: str) -> dict[str, Any]:
    """Ask for a feature collection."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    found: dict[str, Any] = json.loads(answer.text, parse_constant=pytest.fail)
    assert found["numberReturned"] == len(found["features"])
    assert [one["id"] for one in found["features"]] == list(range(1, len(found["features"]) + 1))
    return found


@pytest.mark.usefixtures("posted")
def test_gaps_and_pairs_are_told_apart(client: TestClient) -> None:
    """Gaps at both ends and in the middle, one crowded pair, one over the wide road."""
    found = told(client, "/spacing/posts?area=01")
    by_kind: dict[str, list[Any]] = {}
    for feature in found["features"]:
        by_kind.setdefault(feature["properties"]["kind"], []).append(feature["properties"])
    assert {kind: len(rows) for kind, rows in by_kind.items()} == {
        "gap": 3, "crowded": 1, "opposite": 1,
    }  # fmt: skip
    assert [gap["spacing_m"] for gap in by_kind["gap"]] == pytest.approx([200, 196, 180], abs=0.1)
    assert by_kind["gap"][0]["at_end"] is True
    (crowded,) = by_kind["crowded"]
    assert {crowded["post_id"], crowded["neighbour_id"]} == {"P1", "P2"}
    assert crowded["spacing_m"] == pytest.approx(20.0, abs=0.05)
    summary = found["summary"]
    assert (summary["crowded_pairs"], summary["opposite_pairs"]) == (1, 1)
    assert summary["worst_gap_m"] == pytest.approx(200.0, abs=0.1)
    west, south, *_ = found["features"][0]["geometry"]["coordinates"][0][0]
    assert 114.0 < west < 115.0
    assert 30.0 < south < 31.0


@pytest.mark.usefixtures("posted")
def test_the_limits_are_asked_for(client: TestClient) -> None:
    """With 1 m and 250 m nothing is wrong."""
    found = told(client, "/spacing/posts?area=01&min_m=1&max_m=250")
    assert found["features"] == []
    assert found["summary"]["spacing_gaps"] == 0


def test_a_gap_is_measured_from_posts_outside_the_area(posted: Store, client: TestClient) -> None:
    """The area ends 40 m after the last post; what the next one leaves open is not its."""
    put(posted, "streets", streets_of([line((400, 0), (900, 0))], code=["S2"]))
    put(posted, "posts", points_of([(800, 0)], code=["P5"]))
    narrow = areas_of({"02": box(500, -50, 560, 50)}).rename(columns={"area_id": "code"})
    put(posted, "areas", narrow)
    features = told(client, "/spacing/posts?area=02")["features"]
    (gap,) = [one for one in features if one["properties"]["kind"] == "gap"]
    assert gap["properties"]["length_m"] == pytest.approx(60.0, abs=0.05)
    assert gap["properties"]["spacing_m"] == pytest.approx(2 * 249.0, abs=0.5)


def test_a_gap_without_any_post_has_no_end(store: Store, client: TestClient) -> None:
    """No number in JSON is infinite."""
    put(store, "streets", streets_of([line((0, 0), (100, 0))], code=["S1"]))
    put(store, "posts", points_of([(5_000, 0)], code=["P1"]))
    area = areas_of({"01": box(-10, -50, 410, 50)}).rename(columns={"area_id": "code"})
    put(store, "areas", area)
    found = told(client, "/spacing/posts?area=01")
    (gap,) = found["features"]
    assert gap["properties"]["spacing_m"] is None
    assert (found["summary"]["worst_gap_m"], found["summary"]["gaps_without_post"]) == (None, 1)


@pytest.mark.usefixtures("posted")
def test_a_proposal_comes_with_its_certificate(client: TestClient) -> None:
    """
    One post more wins 85 m; as few as are needed win all that is open.

    It comes to 225 m, a multiple of half the reach, and sees what two leave open from 175 to 260 m.
    All 90 m of that gap are for two: no place offered is near enough to both of its ends.
    """
    one = told(client, "/proposals/posts?area=01&number=1")
    (change,) = one["features"]
    assert (change["properties"]["action"], change["properties"]["post_id"]) == ("add", None)
    assert change["properties"]["gain_m"] == pytest.approx(85.0, abs=0.1)
    summary = one["summary"]
    assert {"sites", "objective", "bound", "gap", "method", "stopped_by", "seconds", "seed"} <= set(
        summary
    )
    assert (summary["sites"], summary["stopped_by"], summary["gap"]) == (1, "optimal", 0.0)
    assert (summary["seed"], summary["bound"]) == (0, summary["objective"])
    full = told(client, "/proposals/posts?area=01&number=full")["summary"]
    assert full["covered_share_after"] == pytest.approx(1.0)
    assert full["added"] == full["sites"] == 4
    twice = told(client, "/proposals/posts?area=01&number=full&twofold=true")["summary"]
    assert (twice["twofold"], full["twofold"]) == (True, False)
    assert twice["added"] > full["added"]
    narrow = told(client, "/proposals/posts?area=01&number=1&reach_m=20")["summary"]
    assert narrow["covered_length_before_m"] < summary["covered_length_before_m"]


@ONE_ENGINE
@pytest.mark.usefixtures("posted")
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("spacing/posts?area=09", 404), ("spacing/posts", 400), ("spacing/posts?area=", 400),
        ("spacing/posts?area=01&min_m=100", 400), ("spacing/posts?area=01&max_m=50", 400),
        ("spacing/posts?area=01&max_m=1001", 400), ("spacing/posts?area=01&min_m=-1", 400),
        ("spacing/posts?area=01&max_m=nan", 400), ("spacing/posts?area=01&x=1", 400),
        ("proposals/posts?area=09&number=1", 404), ("proposals/posts?area=01", 400),
        ("proposals/posts?area=01&number=0", 400), ("proposals/posts?area=01&number=1001", 400),
        ("proposals/posts?area=01&number=all", 400), ("proposals/posts?area=01&number=1.5", 400),
        ("proposals/posts?area=01&number=1&reach_m=9", 400),
        ("proposals/posts?area=01&number=1&reach_m=nan", 400),
        ("proposals/posts?area=01&number=1&twofold=x", 400),
        ("proposals/posts?area=01&number=900", 400),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(client: TestClient, query: str, status: int) -> None:
    """As a problem document, in words."""
    answer = client.get(f"/{query}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_least_spacing_above_the_greatest_is_said_in_words(posted: Store) -> None:
    """In both languages, naming both."""
    for lang, words in (("zh", "min_m 应小于 max_m"), ("en", "min_m must be below max_m")):
        client = TestClient(create_app(Settings.model_validate({"lang": lang}), posted))
        (fault,) = client.get("/spacing/posts?area=01&min_m=9&max_m=9").json()["errors"]
        assert fault["message"] == words


@ONE_ENGINE
@pytest.mark.parametrize(
    ("limit", "value"),
    [("MOST_STREETS", 0), ("MOST_PLACES", 15), ("FARTHEST_REACH_M", 49.0)],
)
def test_what_takes_long_has_to_be_asked_for_as_a_job(
    posted: Store, monkeypatch: pytest.MonkeyPatch, limit: str, value: float
) -> None:
    """By streets, by places and by reach; the answer says where. 400 m hold 16 places."""
    monkeypatch.setattr(stored_posts, limit, value)
    for lang, words in (("zh", "请改用任务"), ("en", "ask for a job")):
        client = TestClient(create_app(Settings.model_validate({"lang": lang}), posted))
        answer = client.get("/proposals/posts?area=01&number=1")
        assert (answer.status_code, answer.json()["code"]) == (422, "ask_as_job")
        detail = answer.json()["detail"]
        assert words in detail
        assert "POST /processes/post-proposal/execution" in detail
    job = {"inputs": {"area": "01", "number": 1}}
    assert client.post("/processes/post-proposal/execution", json=job).status_code == 201
    monkeypatch.setattr(stored_posts, limit, value + 1)
    assert client.get("/proposals/posts?area=01&number=1").status_code == 200


def test_what_is_not_stored_is_named(store: Store, client: TestClient) -> None:
    """Where no post is known, gaps are unknown too."""
    area = areas_of({"01": box(0, 0, 100, 100)}).rename(columns={"area_id": "code"})
    put(store, "areas", area)
    for address in ("/spacing/posts?area=01", "/proposals/posts?area=01&number=1"):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "nothing_stored")


@pytest.mark.usefixtures("posted")
def test_hours_are_told_with_the_gaps_of_the_worst(store: Store, client: TestClient) -> None:
    """One more post by day: at night its 100 m are open."""
    put(store, "posts", points_of([(200, 0)], code=["P5"], hours=["08:00-20:00"]))
    found = told(client, "/hours/posts?area=01")
    hours = found["summary"]["hours"]
    assert len(hours) == 192
    assert hours[12]["covered_share"] > hours[3]["covered_share"]
    assert found["summary"]["worst_hour"] == "Mo 00:00"
    gaps_m = sum(feature["properties"]["length_m"] for feature in found["features"])
    assert gaps_m == pytest.approx(found["summary"]["worst_hour_gap_length_m"])
    by_day = told(client, "/hours/posts?area=01&hours=09:00-10:00")["summary"]
    assert by_day["worst_hour"] == "Mo 09:00"
    assert by_day["worst_hour_share"] == pytest.approx(hours[12]["covered_share"])


@pytest.mark.parametrize(
    "address",
    ["/hours/posts?area=01&hours=sometimes", "/hours/posts?area=01&distance=crow",
     "/value/posts?area=01&reach_m=0"],
)  # fmt: skip
@pytest.mark.usefixtures("posted")
def test_hours_and_reach_that_are_none_are_refused(client: TestClient, address: str) -> None:
    """With the name of the parameter."""
    answer = client.get(address)
    assert answer.status_code == 400
    assert any(word in answer.text for word in ("hours", "distance", "reach_m"))


@pytest.mark.usefixtures("posted")
def test_posts_come_in_the_order_of_what_is_lost_without_them(
    store: Store, client: TestClient
) -> None:
    """Alone, in pairs; households and key sites where they are stored."""
    put(store, "key_sites", points_of([(110, 5), (350, 5)], code=["K1", "K2"]))
    found = told(client, "/value/posts?area=01")
    alone = [feature["properties"]["alone_m"] for feature in found["features"]]
    assert alone == sorted(alone, reverse=True)
    shares = {row["of"]: row for row in found["summary"]["shares"]}
    assert set(shares) == {"street_length_m", "area_m2", "key_sites"}
    assert shares["key_sites"]["total"] == 2
    assert shares["key_sites"]["covered"] == 1
    assert found["summary"]["posts_counted"] == "overt_and_covert"


def test_what_lies_beside_an_area_is_not_its(posted: Store, client: TestClient) -> None:
    """Neither in a total nor a reason to have one, also inside the box of a triangle."""
    corners = Polygon(line((-10, -50), (-10, 50), (200, 0)))
    area = areas_of({"02": corners}).rename(columns={"area_id": "code"})
    put(posted, "areas", area)
    put(posted, "key_sites", points_of([(110, 45)], code=["K1"]))
    shares = told(client, "/value/posts?area=02")["summary"]["shares"]
    assert [row["of"] for row in shares] == ["street_length_m", "area_m2"]
    put(posted, "key_sites", points_of([(10, 5)], code=["K2"]))
    shares = told(client, "/value/posts?area=02")["summary"]["shares"]
    assert [row["total"] for row in shares if row["of"] == "key_sites"] == [1]
