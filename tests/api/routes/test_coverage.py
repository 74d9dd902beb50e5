"""Gaps of a stored area, on both engines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.api.stored import fill, put
from tests.stores import ONE_ENGINE
from tests.strategies import areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from data.store import Store


def test_the_gaps_of_an_area_are_those_of_its_streets(store: Store, client: TestClient) -> None:
    """150 m of street in the west; the post on its border covers 50 m of them."""
    fill(store)
    answer = client.get("/coverage/posts?area=01")
    assert answer.headers["content-type"] == "application/geo+json"
    gaps = json.loads(answer.text, parse_constant=pytest.fail)
    assert gaps["numberReturned"] == len(gaps["features"]) == 1
    summary = gaps["summary"]
    assert summary["due_length_m"] == pytest.approx(150.0, abs=0.05)
    assert summary["gap_length_m"] == pytest.approx(100.0, abs=0.05)
    assert summary["excluded_by_reason_m"]["outside"] == pytest.approx(150.0, abs=0.05)
    assert (summary["reach_m"], summary["crs"]) == (50.0, "EPSG:4547")
    (feature,) = gaps["features"]
    assert feature["properties"]["street_id"] == "S1"
    assert feature["properties"]["length_m"] == pytest.approx(100.0, abs=0.05)
    (west, _), (east, _) = feature["geometry"]["coordinates"]
    assert 114.0 < west < east < 115.0


def test_reach_is_asked_for(store: Store, client: TestClient) -> None:
    """30 m to the west."""
    fill(store)
    summary = client.get("/coverage/posts?area=01&reach_m=30").json()["summary"]
    assert summary["gap_length_m"] == pytest.approx(120.0, abs=0.05)


def test_a_post_outside_reaches_into_the_area(store: Store, client: TestClient) -> None:
    """It stands 40 m east of the western area; one far away is not even looked at."""
    fill(store)
    put(
        store,
        "areas",
        areas_of({"03": box(-10, -50, 110, 100)}).rename(columns={"area_id": "code"}),
    )
    summary = client.get("/coverage/posts?area=03").json()["summary"]
    assert summary["covered_length_m"] == pytest.approx(10.0, abs=0.05)
    assert summary["posts"] == 1
    narrow = client.get("/coverage/posts?area=03&reach_m=20").json()["summary"]
    assert (narrow["posts"], narrow["covered_length_m"]) == (1, 0.0)
    put(store, "posts", points_of([(2_000, 0)], code=["P2"]))
    assert client.get("/coverage/posts?area=03").json()["summary"]["posts"] == 1
    assert client.get("/coverage/posts?area=03&reach_m=3000").json()["summary"]["posts"] == 2


def test_a_post_across_the_river_covers_nothing_along_the_street(
    store: Store, client: TestClient
) -> None:
    """Its street runs 30 m beside ours and meets it nowhere; straight, 80 m of ours are seen."""
    fill(store)
    put(store, "streets", streets_of([line((0, 30), (300, 30))], code=["S2"]))
    put(store, "posts", points_of([(40, 30)], code=["P2"]))
    narrow = areas_of({"03": box(-10, -10, 90, 10)}).rename(columns={"area_id": "code"})
    put(store, "areas", narrow)
    street = client.get("/coverage/posts?area=03").json()["summary"]
    assert (street["distance"], street["covered_length_m"]) == ("street", 0.0)
    assert street["straight_covered_length_m"] == pytest.approx(80.0, abs=0.05)
    straight = client.get("/coverage/posts?area=03&distance=straight").json()["summary"]
    assert straight["distance"] == "straight"
    assert straight["covered_length_m"] == pytest.approx(80.0, abs=0.05)


def test_cameras_are_found_as_far_as_they_see(store: Store, client: TestClient) -> None:
    """The one in the east sees 50 m; one that sees 900 m is found 700 m away."""
    fill(store)
    east = client.get("/coverage/cameras?area=02").json()["summary"]
    assert east["covered_length_m"] == pytest.approx(50.0, abs=0.05)
    assert client.get("/coverage/cameras?area=01").json()["summary"]["covered_length_m"] == 0.0
    far = points_of([(1000, 0)], code=["C3"], azimuth_deg=[270.0], fov_deg=[60.0], range_m=[900.0])
    put(store, "cameras", far)
    west = client.get("/coverage/cameras?area=01").json()["summary"]
    assert west["covered_length_m"] == pytest.approx(50.0, abs=0.05)


def test_what_is_far_away_does_not_disturb(store: Store, client: TestClient) -> None:
    """Rows of a town that the CRS of this one cannot measure."""
    fill(store)
    away = {"lines": [line((900_000, 0), (900_100, 0))]}
    put(store, "streets", streets_of(away["lines"], code=["S9"]))
    put(store, "cameras", points_of([(900_000, 0)], code=["C9"], range_m=[50.0]))
    for sites in ("posts", "cameras"):
        summary = client.get(f"/coverage/{sites}?area=01").json()["summary"]
        assert (summary["streets"], summary["due_length_m"]) == (
            1,
            pytest.approx(150.0, abs=0.05),
        )


def test_an_area_without_streets_has_no_share(store: Store, client: TestClient) -> None:
    """No denominator, no figure; and no error."""
    put(store, "areas", areas_of({"01": box(0, 0, 100, 100)}).rename(columns={"area_id": "code"}))
    for sites in ("posts", "cameras"):
        answer = client.get(f"/coverage/{sites}?area=01")
        assert answer.status_code == 200, answer.text
        assert answer.json()["features"] == []
        assert answer.json()["summary"]["covered_share"] is None


@ONE_ENGINE
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400), ("area=", 400), ("area=09", 404), ("area=%00", 400), ("area=01&x=1", 400),
        ("area=01&reach_m=0", 400), ("area=01&reach_m=nan", 400), ("area=01&reach_m=inf", 400),
        ("area=01&reach_m=5001", 400), ("area=01&reach_m=x", 400),
        ("area=01&distance=", 400), ("area=01&distance=road", 400),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(
    store: Store, client: TestClient, query: str, status: int
) -> None:
    """An area nobody stored is not found."""
    fill(store)
    assert client.get(f"/coverage/posts?{query}").status_code == status


def test_reach_is_not_for_cameras(store: Store, client: TestClient) -> None:
    """They have ranges of their own."""
    fill(store)
    assert client.get("/coverage/cameras?area=01&reach_m=50").status_code == 400
