"""Rows as pages, one by one, and written, on both engines."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from api.errors import BadRequestError
from api.queries import after_of, box_of, span_of, token_of
from data.codes import CHANNELS, CREWS, DUTIES, MOBILITIES, RISKS, SITE_KINDS
from data.writing import insert_row, update_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi.testclient import TestClient
    from httpx2 import Response

    from data.store import Store

POSTS = "/collections/posts/items"
INCIDENTS = "/collections/incidents/items"


def add(store: Store, layer: str, place: tuple[float, float] | None, /, **values: Any) -> int:  # noqa: ANN401
    """Store a row."""
    return insert_row(store, layer, values, None if place is None else shapely.Point(place))


def names(answer: Response) -> list[str]:
    """Return the names of the features of an answer."""
    assert answer.status_code == 200, answer.text
    return [feature["properties"]["name"] for feature in answer.json()["features"]]


def body(**properties: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a feature to send."""
    place = {"type": "Point", "coordinates": [114.3, 30.55]}
    return {"type": "Feature", "geometry": place, "properties": properties}


def test_a_row_is_a_feature(store: Store, client: TestClient) -> None:
    """With its place, its columns, nulls for what is missing, and its version as the ETag."""
    row = add(store, "cameras", (114.3, 30.55), code="C1", name="柳巷口", azimuth_deg=12.5)
    answer = client.get(f"/collections/cameras/items/{row}")
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["etag"] == '"1"'
    feature = answer.json()
    assert (feature["type"], feature["id"]) == ("Feature", row)
    assert feature["geometry"] == {"type": "Point", "coordinates": [114.3, 30.55]}
    properties = feature["properties"]
    assert properties["camera_id"] == "C1"
    assert (properties["name"], properties["azimuth_deg"]) == ("柳巷口", 12.5)
    assert (properties["fov_deg"], properties["online"]) == (None, None)
    assert properties["changed_at"].endswith("Z")
    assert not {"geometry", "identity", "content_hash", "changed_by", "west"} & set(properties)
    assert {link["rel"] for link in feature["links"]} == {"self", "collection"}


def test_a_row_without_a_place_has_a_null_geometry(store: Store, client: TestClient) -> None:
    """It is there, and in no box."""
    add(store, "posts", None, name="无坐标")
    features = client.get(POSTS).json()["features"]
    assert [feature["geometry"] for feature in features] == [None]
    assert names(client.get(f"{POSTS}?bbox=-180,-90,180,90")) == []


def test_no_answer_holds_nan(store: Store, client: TestClient) -> None:
    """One number known and one not make a column with NaN."""
    add(store, "cameras", (114.3, 30.5), name="a", azimuth_deg=1.0)
    add(store, "cameras", (114.3, 30.5), name="b")
    text = client.get("/collections/cameras/items").text
    features = json.loads(text, parse_constant=pytest.fail)["features"]
    assert {one["properties"]["azimuth_deg"] for one in features} == {1.0, None}


def test_pages_visit_every_row_once(store: Store, client: TestClient) -> None:
    """By the next links alone; the last page has none; filters stay."""
    for number in range(7):
        add(store, "posts", (114.3, 30.5), name=str(number), kind="fixed")
        add(store, "posts", (114.3, 30.5), name="x", kind="mobile")
    met, address = [], f"{POSTS}?limit=3&kind=fixed"
    for _ in range(3):
        answer = client.get(address)
        met.append(names(answer))
        assert answer.json()["numberReturned"] == len(met[-1])
        links = {link["rel"]: link["href"] for link in answer.json()["links"]}
        assert client.get(links["self"]).json()["features"] == answer.json()["features"]
        address = links.get("next", "")
    assert [len(names) for names in met] == [3, 3, 1]
    assert sorted(name for page in met for name in page) == ["0", "1", "2", "3", "4", "5", "6"]
    assert address == ""


def test_matches_are_counted_only_when_asked(store: Store, client: TestClient) -> None:
    """A count costs a query of its own."""
    for number in range(3):
        add(store, "posts", (114.3 + number, 30.5), name=str(number))
    assert "numberMatched" not in client.get(POSTS).json()
    assert client.get(f"{POSTS}?count=true&limit=1").json()["numberMatched"] == 3
    assert client.get(f"{POSTS}?count=true&bbox=114,30,115.3,31").json()["numberMatched"] == 2


def test_a_box_takes_what_meets_it(store: Store, client: TestClient) -> None:
    """With heights or without; its edge belongs to it."""
    add(store, "posts", (114.5, 30.5), name="in")
    add(store, "posts", (116.0, 30.5), name="out")
    for box in ("114,30,115,31", "114,30,-5,115,31,500", "114.5,30.5,114.5,30.5"):
        assert names(client.get(f"{POSTS}?bbox={box}")) == ["in"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("2024-05-01", ["morning", "midnight"]),
        ("2024-05-01T08:00:00", ["morning"]),
        ("2024-05-01T00:00:00Z", ["morning"]),
        ("2024-05-01T08:00:00%2B08:00", ["morning"]),
        ("2024-05-01T08:00:01", []),
        ("2024-05-01/2024-05-02", ["morning", "midnight", "next"]),
        ("2024-05-01T08:00:00/..", ["morning", "next"]),
        ("../2024-05-01T08:00:00", ["morning", "midnight"]),
        ("/2024-04-30", []),
        ("../..", ["morning", "midnight", "next"]),
    ],
)
def test_times_are_local_and_both_ends_count(
    store: Store, client: TestClient, asked: str, found: list[str]
) -> None:
    """08:00 in the store is 08:00 on the clock of Shanghai."""
    for name, day, hour in (("morning", 1, 8), ("midnight", 1, 0), ("next", 2, 9)):
        time = dt.datetime(2024, 5, day, hour)  # noqa: DTZ001 - local, as all times are
        add(store, "incidents", (114.3, 30.5), name=name, kind="event", time=time)
    answer = client.get(f"{INCIDENTS}?datetime={asked}")
    assert sorted(names(answer)) == sorted(found)
    for feature in answer.json()["features"]:
        assert not feature["properties"]["time"].endswith("Z")


def test_layers_without_times_answer_for_a_day(store: Store, client: TestClient) -> None:
    """The rows that were valid on it; an interval is refused."""
    row = add(store, "posts", (114.3, 30.5), name="old", valid_from=dt.date(2020, 1, 1))
    update_row(store, "posts", row, 1, {"valid_to": dt.date(2021, 1, 1)})
    assert names(client.get(POSTS)) == []
    assert names(client.get(f"{POSTS}?datetime=2020-12-31")) == ["old"]
    assert names(client.get(f"{POSTS}?datetime=2021-01-01")) == []
    assert client.get(f"{POSTS}?datetime=2020-01-01/..").status_code == 400


def test_filters_compare_whole_values(store: Store, client: TestClient) -> None:
    """Texts, codes by the name of the layer, yes and no; several must all hold."""
    add(store, "cameras", (114.3, 30.5), name="a", code="007", kind="fixed_dome", online=True)
    add(store, "cameras", (114.3, 30.5), name="b", code="7", kind="fixed_dome", online=False)
    address = "/collections/cameras/items"
    assert names(client.get(f"{address}?camera_id=007")) == ["a"]
    assert names(client.get(f"{address}?online=false")) == ["b"]
    assert names(client.get(f"{address}?kind=fixed_dome&name=b")) == ["b"]
    assert names(client.get(f"{address}?kind=fixed")) == []


@pytest.mark.parametrize(
    "query",
    [
        "bbox=", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=nan,0,1,1", "bbox=0,2,1,1", "bbox=2,0,1,1",
        "bbox=0,0,181,1", "bbox=0,-91,1,1", "bbox=1,2,3,4,5", "bbox=0,0,inf,1",
        "datetime=", "datetime=yesterday", "datetime=2024-13-01", "datetime=2024-05-01/2024-04-01",
        "datetime=2024-05-01T25:00:00Z", "datetime=9999-12-31", "datetime=2024-05-01/x",
        "datetime=0001-01-01T00:00:00%2B14:00", "datetime=a/b/c", "datetime=20240501",
        "limit=0", "limit=10001", "limit=ten", "limit=1.5", "limit=",
        "token=", "token=x", "token=YWZ0ZXI6MA", "token=YWZ0ZXI6LTE", "token=%E7%BD%91",
        "token=YWZ0ZXI6OTAwNzE5OTI1NDc0MDk5Mg",
        "count=maybe", "weight=red", "identity=x", "geometry=x", "changed_by=local", "version=1",
        "azimuth_deg=1", "kind=a&kind=b", "limit=1&limit=2", "name=%00", "f=json",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_a_bad_request(client: TestClient, query: str) -> None:
    """Nothing is guessed and nothing ignored; the answer says what is wrong."""
    answer = client.get(f"{INCIDENTS}?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "item", ["0", "-1", "01", "999999", "99999999999", "9" * 5000, "x", "１", "1.0", "%00", "+1"]
)
def test_a_row_that_is_not_there_is_not_found(store: Store, client: TestClient, item: str) -> None:
    """Numbers that no database takes are only ids that nobody has."""
    add(store, "posts", (114.3, 30.5), name="a")
    assert client.get(f"{POSTS}/{item}").status_code == 404


def test_a_row_is_written_and_read_back(client: TestClient) -> None:
    """The answer says where it is; it has version 1."""
    sent = body(
        post_id="P1", name="柳巷口", kind="fixed", hours="8:00-18:00", valid_from="2024-05-01"
    )
    answer = client.post(POSTS, json=sent, headers={"Content-Type": "application/geo+json"})
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    feature = client.get(answer.headers["location"]).json()
    assert feature["geometry"] == sent["geometry"]
    assert feature["properties"].items() >= sent["properties"].items()
    assert feature["properties"]["line"] == "police"
    again = client.post(POSTS, json=sent)
    assert (again.status_code, again.json()["code"]) == (409, "row_exists")


def test_times_are_written_as_local_times(client: TestClient) -> None:
    """One with an offset is turned into the local one."""
    sent = body(kind="event", time="2024-05-01T23:30:00Z")
    address = client.post(INCIDENTS, json=sent).headers["location"]
    assert client.get(address).json()["properties"]["time"] == "2024-05-02T07:30:00"


def test_a_change_needs_the_version_that_was_read(client: TestClient) -> None:
    """428 without, 412 with another, and nothing is changed then."""
    address = client.post(POSTS, json=body(name="a", kind="fixed")).headers["location"]
    sends: dict[str, dict[str, Any]] = {
        "PATCH": {"json": {"properties": {"name": "b"}}},
        "PUT": {"json": body(name="c")},
        "DELETE": {},
    }
    for method, sent in sends.items():
        assert client.request(method, address, **sent).status_code == 428
        for tag in ('"2"', 'W/"1"', "1", '""', "x" * 5000):
            done = client.request(method, address, headers={"If-Match": tag}, **sent)
            assert done.status_code == 412
    assert client.get(address).headers["etag"] == '"1"'
    assert client.get(address).json()["properties"]["name"] == "a"


def test_a_patch_changes_what_it_names(client: TestClient) -> None:
    """The rest stays, and the version counts on."""
    address = client.post(POSTS, json=body(name="a", kind="fixed")).headers["location"]
    there = {"type": "Point", "coordinates": [115.0, 31.0]}
    changes = {"properties": {"name": "b"}, "geometry": there}
    done = client.patch(address, json=changes, headers={"If-Match": '"7", "1"'})
    assert (done.status_code, done.headers["etag"]) == (204, '"2"')
    feature = client.get(address).json()
    assert feature["geometry"] == there
    properties = feature["properties"]
    assert (properties["name"], properties["kind"], properties["version"]) == ("b", "fixed", 2)
    box = f"{POSTS}?bbox=114.9,30.9,115.1,31.1"
    assert names(client.get(box)) == ["b"]


def test_a_put_empties_what_it_does_not_name(client: TestClient) -> None:
    """Except what a row cannot be without."""
    address = client.post(POSTS, json=body(name="a", kind="fixed")).headers["location"]
    done = client.put(address, json=body(name="b"), headers={"If-Match": "*"})
    assert done.status_code == 204
    properties = client.get(address).json()["properties"]
    assert (properties["name"], properties["kind"]) == ("b", None)
    assert (properties["line"], properties["visibility"]) == ("police", "overt")


def test_a_row_of_a_ledger_is_written_by_what_it_is_of(client: TestClient) -> None:
    """Camera and time are needed, a place is refused; the same again is a conflict."""
    items = "/collections/states/items"
    told = {"camera_id": "017", "time": "2024-05-01T09:05", "online": True}

    def sent(properties: dict[str, Any], geometry: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
        body = {"type": "Feature", "geometry": geometry, "properties": properties}
        return client.post(items, json=body)

    assert sent({"camera_id": "017"}).json()["code"] == "bad_value"
    assert sent(told | {"state_id": "x"}).json()["code"] == "unknown_property"
    refused = sent(told, {"type": "Point", "coordinates": [109, 32]})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_geometry")
    made = sent(told)
    assert made.status_code == 201, made.text
    again = sent(told)
    assert (again.status_code, again.json()["code"]) == (409, "row_exists")
    assert "017" in again.json()["detail"]
    address, tag = made.headers["Location"], {"If-Match": made.headers["ETag"]}
    emptied = client.patch(address, json={"properties": {"camera_id": None}}, headers=tag)
    assert (emptied.status_code, emptied.json()["code"]) == (400, "bad_value")
    changed = client.patch(address, json={"properties": {"online": False}}, headers=tag)
    assert changed.status_code == 204, changed.text
    (row,) = client.get(f"{items}?camera_id=017&datetime=2024-05-01").json()["features"]
    assert (row["properties"]["online"], row["geometry"]) == (False, None)
    assert client.get(f"{items}?datetime=2024-05-02").json()["features"] == []
    assert client.get(f"{items}?state_id=x").status_code == 400


def test_a_deleted_row_ends_and_stays_in_the_store(store: Store, client: TestClient) -> None:
    """It is found no more, not even to be deleted again."""
    row = add(store, "posts", (114.3, 30.5), name="a")
    address = f"{POSTS}/{row}"
    assert client.delete(address, headers={"If-Match": '"1"'}).status_code == 204
    assert client.get(address).status_code == 404
    assert client.delete(address, headers={"If-Match": '"2"'}).status_code == 404
    assert names(client.get(POSTS)) == []
    assert store.item("posts", row)["valid_to"] is not None


@pytest.mark.parametrize(
    "properties",
    [
        {"colour": "red"}, {"version": 7}, {"identity": "x"}, {"valid_to": "2024-05-01"},
        {"source": "x"}, {"changed_by": "x"}, {"name": 7}, {"name": ""}, {"name": " "},
        {"name": "x" * 501}, {"post_id": "x" * 81}, {"name": "a\u0000b"}, {"name": "\ud800"},
        {"name": ["a"]}, {"name": {"a": 1}}, {"line": "army"}, {"line": None},
        {"visibility": "hidden"}, {"visibility": None}, {"division": "42x"},
        {"division": "4" * 16}, {"division": None}, {"valid_from": "x"}, {"valid_from": 7},
        {"valid_from": "2024-05-01T08:00"}, {"valid_from": "2024-05-01/.."},
        {"name": "张三 13812345678"}, {"hours": "11010119900307803X"},
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_stored_is_refused(
    client: TestClient, properties: dict[str, Any]
) -> None:
    """Unknown names, wrong types, what no database takes, and what would name a person."""
    text = json.dumps(body(**properties))
    answer = client.post(POSTS, content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert client.get(POSTS).json()["features"] == []


@pytest.mark.parametrize(
    ("layer", "name", "value", "met", "known"),
    [
        ("posts", "mobility", "walking", "walking", MOBILITIES),
        ("posts", "channel", "固定", "固定", CHANNELS),
        ("posts", "crew", "Volunteer", "Volunteer", CREWS),
        ("posts", "duties", "patrol;cooking", "cooking", DUTIES),
        ("posts", "duties", "patrol;", "", DUTIES),
        ("posts", "duties", "patrol; help", " help", DUTIES),
        ("areas", "risk", "extreme", "extreme", RISKS),
        ("key_sites", "kind", "temple", "temple", SITE_KINDS),
    ],
)
def test_a_word_outside_a_closed_list_is_refused(
    client: TestClient, layer: str, name: str, value: str, met: str, known: dict[str, str]
) -> None:
    """By every way of writing, and with the property, the word and the whole list."""
    items = f"/collections/{layer}/items"
    sent = body(name="a", **{name: value})
    if layer == "areas":
        square = [[114.3, 30.5], [114.4, 30.5], [114.4, 30.6], [114.3, 30.5]]
        sent["geometry"] = {"type": "Polygon", "coordinates": [square]}
    blank = sent | {"properties": {"name": "a", name: None}}
    address = client.post(items, json=blank).headers["location"]
    for refused in (
        client.post(items, json=sent),
        client.put(address, json=sent, headers={"If-Match": "*"}),
        client.patch(address, json={"properties": {name: value}}, headers={"If-Match": "*"}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (422, "not_listed")
        said = refused.json()["detail"]
        assert said.startswith(f"{name}：“{met}”")
        assert said.endswith(f"：{' / '.join(known)}")
    (kept,) = client.get(items).json()["features"]
    assert (kept["properties"][name], kept["properties"]["version"]) == (None, 1)


@pytest.mark.parametrize(
    ("layer", "name", "codes"),
    [
        ("posts", "mobility", MOBILITIES), ("posts", "channel", CHANNELS), ("posts", "crew", CREWS),
        ("posts", "duties", [*DUTIES, ";".join(DUTIES)]), ("areas", "risk", RISKS),
        ("key_sites", "kind", SITE_KINDS), ("posts", "kind", ["治安岗亭"]),
        ("incidents", "kind", ["噪音扰民"]), ("incidents", "state", ["复核中"]),
    ],
)  # fmt: skip
def test_every_word_of_a_list_is_written(
    client: TestClient, layer: str, name: str, codes: Iterable[str]
) -> None:
    """And any word where a column has none, or one that offices go beyond."""
    for code in codes:
        sent = body(**{name: code}) | {"geometry": None}
        answer = client.post(f"/collections/{layer}/items", json=sent)
        assert answer.status_code == 201, answer.text
        assert client.get(answer.headers["location"]).json()["properties"][name] == code


@pytest.mark.parametrize(
    "number", ["1e400", "NaN", "-1", "361", "true", '"5"', "9" * 400, "[1]", "0"]
)
def test_a_number_out_of_range_is_refused(client: TestClient, number: str) -> None:
    """However it is written."""
    text = json.dumps(body(fov_deg="#")).replace('"#"', number)
    answer = client.post(
        "/collections/cameras/items", content=text, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        {"type": "Point"}, {"type": "Point", "coordinates": []}, {"coordinates": [1, 2]},
        {"type": "Point", "coordinates": ["1", "2"]}, {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": [[1, 2]]}, {"type": "Point", "coordinates": [1e308, 2]},
        {"type": "Point", "coordinates": [181, 2]}, {"type": "Point", "coordinates": [1, -91]},
        {"type": "Point", "coordinates": [float("nan"), 2]}, {"type": "Point", "coordinates": "x"},
        {"type": ["Point"], "coordinates": [1, 2]}, {"type": "GeometryCollection"},
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_one_is_refused(
    client: TestClient, geometry: dict[str, Any]
) -> None:
    """Another type, no numbers, or not on the globe."""
    text = json.dumps({"type": "Feature", "geometry": geometry, "properties": {}})
    answer = client.post(POSTS, content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text


def test_a_border_that_crosses_itself_is_refused(client: TestClient) -> None:
    """And a line of one place."""
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    dot = {"type": "LineString", "coordinates": [[1, 1], [1, 1]]}
    for kind, shape in (("areas", bow), ("streets", dot)):
        sent = {"type": "Feature", "geometry": shape, "properties": {}}
        assert client.post(f"/collections/{kind}/items", json=sent).status_code == 400


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_form_of_another_site_writes_nothing(client: TestClient, media_type: str) -> None:
    """A page elsewhere can send these without asking; it cannot send JSON."""
    sent = json.dumps(body(name="a"))
    answer = client.post(POSTS, content=sent, headers={"Content-Type": media_type})
    assert answer.status_code == 400


@given(st.text(max_size=30))
def test_a_token_is_ours_or_refused(text: str) -> None:
    """No text breaks the reading of it."""
    try:
        after = after_of(text)
    except BadRequestError:
        return
    assert token_of(after) == text.rstrip("=")


@given(st.integers(1, 2**31 - 1))
def test_a_token_finds_its_place(after: int) -> None:
    """Whatever the id."""
    assert after_of(token_of(after)) == after


@given(st.text("0123456789-T:Z+./ ", max_size=40))
def test_a_span_runs_forwards_or_is_refused(text: str) -> None:
    """No text breaks the reading of it."""
    try:
        since, until = span_of(text)
    except BadRequestError:
        return
    assert since is None or until is None or since < until


@given(st.text("0123456789-.,einfa ", max_size=40))
def test_a_box_has_its_sides_in_order_or_is_refused(text: str) -> None:
    """No text breaks the reading of it."""
    try:
        west, south, east, north = box_of(text)
    except BadRequestError:
        return
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
