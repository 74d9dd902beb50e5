"""Pages of what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api import filters
from api.app import create_app
from api.settings import Settings
from data.scope import Scope
from tests.api.stored import fill, put
from tests.stores import ONE_ENGINE
from tests.strategies import areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from data.store import Store

PAGES = ("coverage", "incidents", "patrols")
"""Pages that are filtered by an area; that of grids, by a village."""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stands_in_a_sandbox(store: Store, client: TestClient, page: str) -> None:
    """A whole page with a map; its scripts reach nothing of the service."""
    fill(store)
    answer = client.get(f"/maps/{page}/map")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy == "sandbox allow-scripts; frame-ancestors 'self'"
    assert answer.headers["cache-control"] == "no-store"
    assert "gridpatrol.start(" in answer.text


@ONE_ENGINE
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_a_form_and_the_map_it_asks_for(
    store: Store, client: TestClient, page: str
) -> None:
    """No script in the page; the frame is asked with what the form was; the policy is ours."""
    fill(store)
    answer = client.get(f"/maps/{page}?area=01")
    assert f'<iframe src="/maps/{page}/map?area=01"' in answer.text
    assert '<option value="01" selected>' in answer.text
    assert '<option value="02">' in answer.text
    assert "<script" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert f'action="/maps/{page}"' in answer.text


def test_the_form_offers_what_is_stored(store: Store, client: TestClient) -> None:
    """Kinds, states, units and modes by what the maps call them; what was chosen stays."""
    fill(store)
    text = client.get("/maps/incidents?kind=hazard&state=&since=2024-05-01").text
    assert '<option value="event">一般事件</option>' in text
    assert '<option value="hazard" selected>隐患</option>' in text
    assert '<option value="closed">办结</option>' in text
    assert "police_call" not in text
    assert '<input type="date" name="since" value="2024-05-01">' in text
    assert '<input type="date" name="until" value="">' in text
    text = client.get("/maps/patrols").text
    assert '<option value="一组">一组</option>' in text
    assert '<option value="foot">步行</option>' in text
    assert 'name="reach_m" value="75"' in client.get("/maps/coverage?reach_m=75").text


def test_no_form_offers_what_others_alone_have(store: Store) -> None:
    """However many rows they have: a kind and a unit of another line are no choice."""
    fill(store, line="governance")
    calls = points_of([(i, 0) for i in range(9)], kind=["case"] * 9)
    put(store, "incidents", calls.assign(state="handling"), line="police")
    routes = streets_of([line((0, i), (9, i)) for i in range(9)], unit=["刑侦"] * 9)
    put(store, "routes", routes, line="police")
    scope = Scope(lines=frozenset({"governance", "public"}))
    client = TestClient(create_app(Settings(), store.scoped(scope)))
    text = client.get("/maps/incidents").text + client.get("/maps/patrols").text
    assert 'value="hazard"' in text
    assert 'value="一组"' in text
    for foreign in ("case", "handling", "刑侦"):
        assert f'value="{foreign}"' not in text


def over_the_grids(store: Store) -> None:
    """Store a patrol area and a beat over the whole street."""
    for code, kind in (("XQ1", "patrol"), ("JW1", "beat")):
        area = areas_of({code: box(-10, -50, 310, 100)}).rename(columns={"area_id": "code"})
        put(store, "areas", area, kind=kind, parent_id="V1")


def test_patrol_areas_and_beats_change_no_figure_of_the_grids(
    store: Store, client: TestClient
) -> None:
    """They lie over them: neither pages nor forms count or offer them beside the grids."""
    fill(store)
    pages = ("coverage/map", "coverage", "incidents", "grids/map", "grids/map?area=V1", "grids")
    before = [client.get(f"/maps/{page}").text for page in pages]
    over_the_grids(store)
    assert [client.get(f"/maps/{page}").text for page in pages] == before
    assert "XQ1" in client.get("/maps/grids/map?kind=patrol").text
    assert client.get("/maps/coverage/map?area=XQ1").status_code == 200


def test_where_nothing_else_is_stored_patrol_areas_are_the_areas(
    store: Store, client: TestClient
) -> None:
    """Whoever has no grids still chooses and sees something."""
    over_the_grids(store)
    assert set(filters.area_field(store, None, "zh").choices or ()) == {"XQ1", "JW1"}
    assert "XQ1" in client.get("/maps/grids/map").text


def test_where_there_are_many_areas_the_code_is_typed(
    store: Store, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of thousands helps nobody."""
    fill(store)
    monkeypatch.setattr(filters, "MOST_AREAS", 1)
    text = client.get("/maps/coverage?area=02").text
    assert '<input type="text" name="area" value="02">' in text
    assert '<option value="01">' not in text


def test_what_a_form_leaves_empty_is_not_asked(store: Store, client: TestClient) -> None:
    """As a browser sends it."""
    fill(store)
    for address in (
        "coverage/map?area=&reach_m=50",
        "incidents/map?area=&kind=&state=&since=&until=",
        "patrols/map?area=&unit=&mode=&shift=",
    ):
        assert "gridpatrol.start(" in client.get(f"/maps/{address}").text, address


def test_hostile_text_is_no_markup(store: Store, client: TestClient) -> None:
    """Of rows and of the address alike."""
    hostile = '"><script>alert(1)</script>'
    fill(store)
    put(store, "routes", streets_of([line((0, 0), (9, 0))], code=["R9"], unit=[hostile]))
    areas = areas_of({hostile: box(0, 0, 9, 9)}).rename(columns={"area_id": "code"})
    put(store, "areas", areas.assign(name=hostile))
    for page in PAGES:
        text = client.get(f"/maps/{page}", params={"area": hostile}).text
        assert "<script" not in text
        assert "alert(1)" in text


def test_rows_too_far_apart_are_said_so_in_words(store: Store) -> None:
    """In the language of the service, with the next step, and not in words for programmers."""
    put(store, "posts", points_of([(0, 0)], code=["P1"]))
    for start in (0, 3_000_000):
        put(store, "streets", streets_of([line((start, 0), (start + 90, 0))], code=[f"S{start}"]))
    said = {"zh": "请先选一个网格", "en": "choose an area"}
    for lang, sentence in said.items():
        client = TestClient(create_app(Settings.model_validate({"lang": lang}), store))
        answer = client.get("/maps/coverage/map")
        assert answer.status_code == 422
        assert answer.json()["code"] == "not_measurable"
        assert sentence in answer.json()["detail"]
        assert "to_crs" not in answer.text
        page = client.get("/maps/coverage/map", headers={"Accept": "text/html"})
        assert (page.status_code, sentence in page.text) == (422, True)


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_store_says_what_to_do_next(client: TestClient, page: str) -> None:
    """A page, not an error; it names the layers that are missing."""
    answer = client.get(f"/maps/{page}")
    assert answer.status_code == 200
    assert "下一步" in answer.text
    layer = {"coverage": "streets", "incidents": "incidents", "patrols": "routes"}[page]
    assert f"gridpatrol import {layer} 文件" in answer.text
    assert "<script" not in answer.text


def test_only_what_is_missing_is_asked_for(store: Store) -> None:
    """Posts are there: streets are not. In English where that is set."""
    put(store, "posts", points_of([(0, 0)], code=["P1"]))
    client = TestClient(create_app(Settings.model_validate({"lang": "en"}), store))
    text = client.get("/maps/coverage").text
    assert "gridpatrol import streets FILE" in text
    assert "gridpatrol import posts" not in text


@ONE_ENGINE
def test_coverage_keeps_to_an_area(store: Store, client: TestClient) -> None:
    """The figures are those of the area: 50 of its 150 m are covered by the post."""
    fill(store)
    assert "33.3%" in client.get("/maps/coverage/map").text
    narrow = client.get("/maps/coverage/map?area=01&reach_m=75").text
    assert "50.0%" in narrow
    assert client.get("/maps/coverage/map?area=09").status_code == 404


def test_no_result_is_shown_of_sites_that_nobody_stored(store: Store, client: TestClient) -> None:
    """Whoever knows of no posts sees no share of 0 %."""
    fill(store)
    both = client.get("/maps/coverage/map").text
    assert "观察哨" in both
    for row in store.frame("posts")["id"]:
        client.delete(f"/collections/posts/items/{row}", headers={"If-Match": "*"})
    cameras = client.get("/maps/coverage/map").text
    for told in ("沿街距观察哨", "哨位间距", "含暗哨"):
        assert told in both, told
        assert told not in cameras, told


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", {"一般事件", "隐患"}),
        ("kind=event", {"一般事件"}),
        ("state=closed", {"隐患"}),
        ("area=01", {"一般事件"}),
        ("since=2024-05-02", {"隐患"}),
        ("until=2024-05-01", {"一般事件"}),
        ("since=2024-05-01T08:00:00&until=2024-05-01T08:00:00", {"一般事件"}),
        ("kind=&state=", {"一般事件", "隐患"}),
    ],
)
def test_incidents_are_filtered(
    store: Store, client: TestClient, query: str, kinds: set[str]
) -> None:
    """By kind, state, area and time, both ends included."""
    fill(store)
    text = client.get(f"/maps/incidents/map?{query}").text
    assert {kind for kind in ("一般事件", "隐患") if f'"t":["{kind}"' in text} == kinds


def test_an_area_is_more_than_its_box(store: Store, client: TestClient) -> None:
    """The incident lies in the notch of an area like an L."""
    fill(store)
    notched = box(-10, -50, 310, 100).difference(box(100, 0, 310, 100))
    put(store, "areas", areas_of({"L": notched}).rename(columns={"area_id": "code"}))
    text = client.get("/maps/incidents/map?area=L").text
    assert '"t":["一般事件"' in text
    assert '"t":["隐患"' not in text


def test_routes_are_filtered(store: Store, client: TestClient) -> None:
    """By unit, mode and area."""
    fill(store)
    for query in ("unit=一组", "mode=foot", "area=01"):
        assert "gridpatrol.start(" in client.get(f"/maps/patrols/map?{query}").text
    for query in ("unit=二组", "mode=car", "area=02"):
        text = client.get(f"/maps/patrols/map?{query}").text
        assert "没有符合条件的记录" in text


@ONE_ENGINE
@pytest.mark.parametrize(
    "address",
    ["coverage?reach_m=0", "coverage?x=1", "coverage?distance=", "coverage?distance=road",
     "coverage?area=%00", "incidents?since=x",
     "incidents?since=2024-05-01/2024-05-02", "incidents?kind=%00",
     "patrols?kind=foot", "incidents?until=9999-12-31"],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(client: TestClient, address: str) -> None:
    """By the page and by the map in it, as everywhere."""
    for asked in (address, address.replace("?", "/map?")):
        answer = client.get(f"/maps/{asked}")
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"


def test_rows_without_a_place_do_not_break_a_page(store: Store, client: TestClient) -> None:
    """They are kept in the store, and are nowhere on the map."""
    fill(store)
    for kind in ("incidents", "routes", "posts", "cameras", "areas", "streets"):
        store_row = {"type": "Feature", "geometry": None, "properties": {"name": "无坐标"}}
        assert client.post(f"/collections/{kind}/items", json=store_row).status_code == 201
    for page in PAGES:
        for query in ("", "?area=01"):
            answer = client.get(f"/maps/{page}/map{query}")
            assert answer.status_code == 200, answer.text
            assert "gridpatrol.start(" in answer.text
    assert client.get("/coverage/posts?area=01").status_code == 200


SAID = {
    "zh": {"street": "沿街距观察哨", "straight": "直线距离，未计河流与街道",
           "circles": "观察哨覆盖半径", "spacing": "哨位间距", "choice": "沿街道"},
    "en": {"street": "of a post along the street", "straight": "Straight-line distance; rivers",
           "circles": "Reach of the posts", "spacing": "Spacing of posts",
           "choice": "Along the street"},
}  # fmt: skip
"""What tells which distance a page has, and which layers."""


@ONE_ENGINE
@pytest.mark.parametrize("lang", SAID)
def test_the_distance_is_chosen_in_the_form(store: Store, lang: str) -> None:
    """Along the street at first, without circles; spacing is along the street either way."""
    fill(store)
    client = TestClient(create_app(Settings.model_validate({"lang": lang}), store))
    said = SAID[lang]
    form = client.get("/maps/coverage").text
    assert f'<option value="street" selected>{said["choice"]}</option>' in form
    select = form[form.index('<select name="distance">') :]
    assert 'value=""' not in select[: select.index("</select>")]
    assert 'value="straight" selected' in client.get("/maps/coverage?distance=straight").text
    for query, has, lacks in (
        ("", {"street", "spacing"}, {"straight", "circles"}),
        ("?area=01&distance=street", {"street", "spacing"}, {"straight", "circles"}),
        ("?distance=straight", {"straight", "circles", "spacing"}, {"street"}),
    ):
        page = client.get(f"/maps/coverage/map{query}").text
        for key in has:
            assert said[key] in page, (query, key)
        for key in lacks:
            assert said[key] not in page, (query, key)


def test_the_page_of_grids_shows_loads_and_defects(store: Store, client: TestClient) -> None:
    """Filtered by village and kind; a sealed page in a sandbox like the others."""
    grids = {"01": box(0, 0, 100, 100), "02": box(95, 0, 200, 100)}
    frame = areas_of(grids).rename(columns={"area_id": "code"}).assign(households=[100, 300])
    put(store, "areas", frame, parent_id="V1", kind="basic")
    put(store, "areas", areas_of({"B1": box(0, 0, 200, 100)}).rename(columns={"area_id": "code"}),
        parent_id="V1", kind="beat")  # fmt: skip
    page = client.get("/maps/grids?area=V1&kind=basic")
    assert '<iframe src="/maps/grids/map?area=V1&amp;kind=basic"' in page.text
    assert '<option value="V1" selected>V1</option>' in page.text
    assert '<option value="beat">警务区</option>' in page.text
    answer = client.get("/maps/grids/map?area=V1&kind=basic")
    assert answer.status_code == 200, answer.text
    policy = answer.headers["content-security-policy"]
    assert policy == "sandbox allow-scripts; frame-ancestors 'self'"
    for said in ("每格平均户数", "200.0", "重叠", "500.00 平方米", "网格（与平均工作量之差）"):
        assert said in answer.text
    beats = client.get("/maps/grids/map?kind=beat").text
    assert "每格平均户数" not in beats
    assert "500.00" not in beats
    assert client.get("/maps/grids/map?area=V9").status_code == 404
    nothing = client.get("/maps/grids/map?kind=unit").text
    assert "/maps/grids" in nothing
    assert "gridpatrol.start(" not in nothing


def test_without_grids_the_page_says_what_to_do(client: TestClient) -> None:
    """How areas come in."""
    for path in ("/maps/grids", "/maps/grids/map"):
        assert "gridpatrol import areas" in client.get(path).text
