"""
Covert posts: without the right, every answer is made as if there were none.

Each answer is taken from a store, then again when its covert rows are deleted: not a byte may
differ to a scope without the right. To one with the right it has to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select

from api.app import create_app
from api.jobs import perform
from api.settings import Settings
from data.engine import reading, writing
from data.models import Post, RestrictedView
from data.scope import Scope
from data.store import Query
from data.work import claim
from tests.api.stored import fill, put
from tests.stores import ONE_ENGINE
from tests.strategies import points_of

if TYPE_CHECKING:
    from data.store import Store

OVERT = Scope(rights=frozenset({"write"}), name="巡防一组")
PERMITTED = Scope(rights=frozenset({"covert"}), name="指挥室")

ITEMS = ("/collections/posts/items", "/collections/posts/items?count=true&limit=1",
         "/collections/posts/items?visibility=overt&count=true")  # fmt: skip

COMPUTED = (
    "/coverage/posts?area=01", "/coverage/posts?area=01&distance=straight",
    "/coverage/posts?area=02&reach_m=5000", "/spacing/posts?area=01",
    "/spacing/posts?area=02&min_m=60&max_m=70", "/proposals/posts?area=01&number=1",
    "/proposals/posts?area=01&number=full", "/proposals/posts?area=02&number=full&twofold=true",
    "/hours/posts?area=01", "/hours/posts?area=02&hours=20:00-06:00", "/value/posts?area=01",
)  # fmt: skip

PAGES = ("/maps/coverage/map", "/maps/coverage/map?area=01&distance=straight", "/")

EVEN = ("/maps/coverage", "/collections/posts", "/collections/posts/items?visibility=covert",
        "/coverage/cameras?area=01", "/coverage/cameras?area=02&night=true&band=observe",
        "/blind/cameras?area=02", "/cordons/cameras?area=02",
        "/proposals/cameras?area=02&turns=5")  # fmt: skip
"""Addresses that tell of no covert post in the end, or of nothing else."""

JOBS: dict[str, dict[str, Any]] = {
    "post-coverage": {},
    "post-spacing": {},
    "post-proposal": {"number": "full"},
}


def watched(store: Store) -> None:
    """Store the rows of `fill`, and covert posts at 60, 75 and 240 m of its street."""
    fill(store)
    covert = points_of([(60, 0), (75, 0), (240, 0)], code=["X1", "X2", "X3"])
    put(store, "posts", covert.assign(hours="00:00-08:00"), visibility="covert")


def without(store: Store) -> None:
    """Delete the covert rows, as if they had never been."""
    with writing(store.engine) as session:
        session.execute(delete(Post).where(Post.visibility == "covert"))


def asked(client: TestClient, address: str) -> tuple[int, str]:
    """Return status and body of an answer; how long and when it was made is left out."""
    accept = "text/html" if address == "/" else "*/*"
    answer = client.get(address, headers={"Accept": accept})
    return answer.status_code, timeless(answer.text)


def timeless(text: str) -> str:
    """Take the time of an answer out of it."""
    return re.sub(r'"seconds": [^,]*|"timeStamp": "[^"]*"', "", text)


def results(client: TestClient, store: Store, url: str) -> dict[str, str]:
    """Have every process done as a job, and return their results."""
    found = {}
    for process, inputs in JOBS.items():
        body = {"inputs": {"area": "01"} | inputs}
        job = client.post(f"/processes/{process}/execution", json=body).json()["jobID"]
        task = claim(store.engine, "test")
        assert task is not None
        perform(url, task)
        answer = client.get(f"/jobs/{job}/results")
        assert answer.status_code == 200, answer.text
        found[process] = timeless(answer.text)
    return found


def everything(
    store: Store, url: str, scope: Scope, langs: tuple[str, ...] = ("zh",)
) -> dict[str, Any]:
    """Return all that a scope is told of posts."""
    told: dict[str, Any] = {}
    for lang in langs:
        client = TestClient(
            create_app(Settings.model_validate({"lang": lang}), store.scoped(scope))
        )
        told |= {f"{lang} {at}": asked(client, at) for at in (*ITEMS, *COMPUTED, *PAGES, *EVEN)}
    return told | results(client, store, url)


def test_without_the_right_no_byte_tells_of_covert_posts(store: Store, store_url: str) -> None:
    """
    Items, counts, coverage, spacing, proposals, maps, pages and the results of jobs.

    In both languages where asking takes less time: the words come after the store.
    """
    langs = ("zh", "en") if store.dialect == "sqlite" else ("zh",)
    watched(store)
    covert = Query(equal={"visibility": "covert"})
    hidden = [int(row) for row in store.frame("posts", covert)["id"]]
    assert len(hidden) == 3
    before = everything(store, store_url, OVERT, langs)
    client = TestClient(create_app(Settings(), store.scoped(OVERT)))
    rows = [asked(client, f"/collections/posts/items/{row}") for row in hidden]
    without(store)
    after = everything(store, store_url, OVERT, langs)
    for address, told in before.items():
        assert told == after[address], address
    assert rows == [asked(client, f"/collections/posts/items/{row}") for row in hidden]
    assert {status for status, _ in rows} == {404}


@ONE_ENGINE
def test_with_the_right_they_count_everywhere(store: Store, store_url: str) -> None:
    """The same questions have other answers, or the test above would prove nothing."""
    watched(store)
    before = everything(store, store_url, PERMITTED)
    without(store)
    after = everything(store, store_url, PERMITTED)
    for address, told in before.items():
        _, _, path = address.partition(" ")
        if path not in (*EVEN, ITEMS[2]):
            assert told != after[address], address


@ONE_ENGINE
def test_every_answer_says_which_posts_it_counts(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Overt ones; or all, marked with level, date and the name of the scope."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    watched(store)
    overt, permitted = (
        TestClient(create_app(Settings(), store.scoped(scope))) for scope in (OVERT, PERMITTED)
    )
    marking = {"level": "内部", "date": "2023-11-14", "operator": "指挥室"}
    for address in COMPUTED:
        summary = overt.get(address).json()["summary"]
        assert summary["posts_counted"] == "overt"
        assert "marking" not in summary
        summary = permitted.get(address).json()["summary"]
        assert (summary["posts_counted"], summary["marking"]) == ("overt_and_covert", marking)
    assert overt.get(ITEMS[0]).json()["posts_counted"] == "overt"
    assert "marking" not in overt.get(ITEMS[0]).json()
    told = permitted.get(ITEMS[0]).json()
    assert (told["posts_counted"], told["marking"]) == ("overt_and_covert", marking)
    by_code = {one["properties"]["post_id"]: one["id"] for one in told["features"]}
    row = permitted.get(f"/collections/posts/items/{by_code['X1']}").json()
    assert row["marking"] == marking
    assert "marking" not in permitted.get(f"/collections/posts/items/{by_code['P1']}").json()
    page = overt.get("/maps/coverage/map").text
    assert "明哨口径" in page
    assert "内部" not in page
    assert "内部 · 含暗哨 · 2023-11-14 · 指挥室" in permitted.get("/maps/coverage/map").text
    english = TestClient(create_app(Settings.model_validate({"lang": "en"}), store.scoped(OVERT)))
    assert "Overt posts only" in english.get("/maps/coverage/map").text
    for client, counted in ((overt, "overt"), (permitted, "overt_and_covert")):
        for result in results(client, store, store_url).values():
            assert f'"posts_counted": "{counted}"' in result
            assert ("指挥室" in result) == (counted == "overt_and_covert")
    assert "posts_counted" not in permitted.get("/coverage/cameras?area=01").text
    assert "posts_counted" not in permitted.get("/collections/cameras/items").text


def test_a_result_is_read_with_the_rights_it_was_made_with(store: Store, store_url: str) -> None:
    """Neither the one without the right reads what the other's job found, nor the other way."""
    watched(store)
    clients = [
        TestClient(create_app(Settings(), store.scoped(scope))) for scope in (OVERT, PERMITTED)
    ]
    for ours, others in (clients, clients[::-1]):
        results(ours, store, store_url)
        for job in ours.get("/jobs").json()["jobs"]:
            path = f"/jobs/{job['jobID']}"
            assert ours.get(f"{path}/results").status_code == 200
            for hidden in ("", "/results", "/progress"):
                assert others.get(path + hidden).status_code == 404
            assert others.delete(path).status_code == 404


def seen(store: Store) -> list[tuple[str, str, str | None, int | None]]:
    """Return the views that were written down, in order."""
    columns = (RestrictedView.who, RestrictedView.what, RestrictedView.area,
               RestrictedView.rows_seen)  # fmt: skip
    with reading(store.engine) as session:
        found = session.execute(select(*columns).order_by(RestrictedView.at, RestrictedView.id))
        return [(who, what, area, rows) for who, what, area, rows in found]


@pytest.mark.parametrize(
    ("address", "view"),
    [
        ("/coverage/posts?area=01", ("post-coverage", "01", 4)),
        ("/spacing/posts?area=01", ("post-spacing", "01", 4)),
        ("/proposals/posts?area=01&number=1", ("post-proposal", "01", None)),
        ("/hours/posts?area=01", ("post-hours", "01", None)),
        ("/value/posts?area=01", ("post-value", "01", 4)),
        ("/collections/posts/items?limit=2", ("posts", None, 2)),
        ("/collections/posts/items?limit=2&count=true", ("posts", None, 4)),
        ("/", ("/", None, 4)),
    ],
)
def test_each_permitted_view_is_written_down(
    store: Store, address: str, view: tuple[Any, ...]
) -> None:
    """Who, what, where and how many; of those without the right nothing, for they saw nothing."""
    watched(store)
    overt, permitted = (
        TestClient(create_app(Settings(), store.scoped(scope))) for scope in (OVERT, PERMITTED)
    )
    assert asked(overt, address)[0] == 200
    assert seen(store) == []
    assert asked(permitted, address)[0] == 200
    assert seen(store) == [("指挥室", *view)]


@ONE_ENGINE
@pytest.mark.parametrize(("query", "area", "pieces"), [("?area=01", "01", 1), ("", None, 2)])
def test_a_page_of_posts_and_of_blind_ground_is_written_down_as_both(
    store: Store, query: str, area: str | None, pieces: int
) -> None:
    """Each with how many there are."""
    watched(store)
    overt, permitted = (
        TestClient(create_app(Settings(), store.scoped(scope))) for scope in (OVERT, PERMITTED)
    )
    assert asked(overt, f"/maps/coverage/map{query}")[0] == 200
    assert seen(store) == []
    assert asked(permitted, f"/maps/coverage/map{query}")[0] == 200
    assert seen(store) == [
        ("指挥室", "maps/coverage", area, 4),
        ("指挥室", "maps/coverage/blind-ground", area, pieces),
    ]


def test_a_job_and_its_result_and_a_row_are_written_down(store: Store, store_url: str) -> None:
    """Computing it is one view, and each reading another."""
    watched(store)
    overt, permitted = (
        TestClient(create_app(Settings(), store.scoped(scope))) for scope in (OVERT, PERMITTED)
    )
    results(overt, store, store_url)
    row = int(store.frame("posts", Query(equal={"visibility": "overt"}))["id"].iloc[0])
    assert overt.get(f"/collections/posts/items/{row}").status_code == 200
    assert seen(store) == []
    results(permitted, store, store_url)
    assert permitted.get(f"/collections/posts/items/{row}").status_code == 200
    assert [(what, area, rows) for _, what, area, rows in seen(store)] == [
        ("post-coverage", "01", 4), ("jobs/post-coverage", "01", None),
        ("post-spacing", "01", 4), ("jobs/post-spacing", "01", None),
        ("post-proposal", "01", None), ("jobs/post-proposal", "01", None),
        ("posts", str(row), 1),
    ]  # fmt: skip


def test_what_tells_of_no_post_is_not_written_down(store: Store) -> None:
    """Cameras, other layers, and questions that were refused."""
    watched(store)
    permitted = TestClient(create_app(Settings(), store.scoped(PERMITTED)))
    for address in ("/coverage/cameras?area=01", "/collections/areas/items", "/maps/incidents/map",
                    "/coverage/posts?area=09", "/spacing/posts?area=01&min_m=200"):  # fmt: skip
        permitted.get(address)
    assert seen(store) == []
