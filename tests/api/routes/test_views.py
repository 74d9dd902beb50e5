"""The record of restricted views: read by few, over HTTP and on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from api.app import create_app
from api.db import app
from api.settings import Settings
from data.errors import NotFoundError, StoreError
from data.scope import Scope
from data.viewing import note_view, views

if TYPE_CHECKING:
    from pathlib import Path

    from data.store import Store

ROOM = Scope("610981", rights=frozenset({"covert"}), name="指挥室")

COVERT = "观察哨编号,明暗,经度,纬度\nX1,暗哨,114.3,30.5\nX2,暗哨,abc,30.5\nP3,明哨,114.31,30.51\n"
"""Two covert posts, one of them without a place."""

OPEN = COVERT.replace("暗哨", "明哨")
"""The same, all of them overt."""


def db(*arguments: object) -> Result:
    """Run a command of `gridpatrol db`."""
    return CliRunner(env={"COLUMNS": "200"}).invoke(
        app, [str(part) for part in arguments], catch_exceptions=False
    )


def client_of(store: Store, **settings: Any) -> TestClient:  # noqa: ANN401
    """Return a client of the service over a store."""
    return TestClient(create_app(Settings.model_validate(settings), store))


def seen(store: Store) -> list[tuple[str, int | None]]:
    """Return what was looked at, the oldest first."""
    return [(view.what, view.rows_seen) for view in reversed(views(store).views)]


def test_the_record_is_told_newest_first_and_page_by_page(store: Store) -> None:
    """Every link leads on until the last; the record leaves no trace of its own reading."""
    for i in range(5):
        note_view(store.scoped(ROOM), f"page {i}", area="01", rows=i)
    client = client_of(store)
    met: list[Any] = []
    address: str | None = "/restricted-views?limit=2"
    while address is not None and len(met) < 10:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        met += told["views"]
        assert told["message"] is None
        address = next((link["href"] for link in told["links"] if link["rel"] == "next"), None)
    assert sorted(view["what"] for view in met) == [f"page {i}" for i in range(5)]
    assert [view["at"] for view in met] == sorted((view["at"] for view in met), reverse=True)
    last = next(view for view in met if view["what"] == "page 4")
    assert (last["who"], last["division"], last["area"], last["rows_seen"]) == (
        "指挥室", "610981", "01", 4,
    )  # fmt: skip
    assert last["lines"] == ["governance", "police", "public"]
    assert len(seen(store)) == 5


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_record_says_what_to_do(store: Store, lang: str) -> None:
    """In the language of the service."""
    told = client_of(store, lang=lang).get("/restricted-views").json()
    assert (told["views"], told["before"]) == ([], None)
    assert told["message"].startswith({"zh": "还没有查阅记录", "en": "nobody has looked"}[lang])


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        (Scope(rights=frozenset({"write"})), "no_covert"),
        (Scope(lines=frozenset({"police"})), "views_of_all_lines"),
    ],
)
def test_the_record_is_not_for_everybody(store: Store, scope: Scope, code: str) -> None:
    """403, whether or not anything stands in it."""
    for _ in range(2):
        answer = client_of(store.scoped(scope)).get("/restricted-views")
        assert (answer.status_code, answer.json()["code"]) == (403, code)
        note_view(store, "page")


def test_a_page_that_nobody_gave_is_refused(store: Store) -> None:
    """And parameters that are none."""
    client = client_of(store)
    assert client.get("/restricted-views?before=5").status_code == 404
    for query in ("before=0", "limit=0", "limit=1001", "x=1"):
        assert client.get(f"/restricted-views?{query}").status_code == 400, query


def test_the_command_line_shows_the_record(store: Store, store_url: str) -> None:
    """As a table and as JSON; nothing says what to do; there is a way to the next page."""
    empty = db("views", "--database", store_url)
    assert (empty.exit_code, empty.output.startswith("还没有查阅记录")) == (0, True)
    for i in range(3):
        note_view(store.scoped(ROOM), f"page {i}", area="[b]01", rows=i)
    done = db("views", "--database", store_url, "--limit", 2, "--lang", "en")
    assert done.exit_code == 0
    assert done.output.count("指挥室") == 2
    assert "[b]01" in done.output
    told = json.loads(db("views", "--database", store_url, "--limit", 2, "--json").output)
    assert len(told["views"]) == 2
    assert f"--before {told['before']}" in done.output
    rest = json.loads(
        db("views", "--database", store_url, "--before", told["before"], "--json").output
    )
    assert (len(rest["views"]), rest["before"]) == (1, None)
    ids = [view["id"] for view in (*told["views"], *rest["views"])]
    assert len(set(ids)) == 3
    with pytest.raises(NotFoundError):
        db("views", "--database", store_url, "--before", 5)


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """To look is no reason to make one."""
    with pytest.raises(StoreError, match="no such database"):
        db("views", "--database", f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []


def imported(client: TestClient, text: str) -> int:
    """Look at a file of posts and store it; return the import."""
    told = client.post("/imports", data={"kind": "posts"}, files={"file": ("p.csv", text.encode())})
    assert told.status_code == 200, told.text
    (href,) = [link["href"] for link in told.json()["links"] if link["rel"] == "store"]
    done = client.post(href)
    assert done.status_code == 201, done.text
    number: int = done.json()["id"]
    return number


def test_each_look_at_an_import_with_covert_posts_is_written_down(store: Store) -> None:
    """The preview, the report, the list, the form and the workbook of the rows set aside."""
    client = client_of(store)
    number = imported(client, COVERT)
    assert seen(store) == [("imports/preview", 2), (f"imports/{number}", 3)]
    looks = (
        (f"/imports/{number}", "*/*"), (f"/imports/{number}", "text/html"), ("/imports", "*/*"),
        ("/imports", "text/html"), (f"/imports/{number}/quarantine", "*/*"),
    )  # fmt: skip
    for address, accept in looks:
        assert client.get(address, headers={"Accept": accept}).status_code == 200
    assert seen(store)[2:] == [
        (f"imports/{number}", 3), (f"imports/{number}", 3), ("imports", 3), ("imports", 3),
        (f"imports/{number}/quarantine", 1),
    ]  # fmt: skip


def test_imports_without_covert_posts_leave_no_trace(store: Store) -> None:
    """Nothing restricted is shown."""
    client = client_of(store)
    number = imported(client, OPEN)
    for address in (f"/imports/{number}", "/imports", f"/imports/{number}/quarantine"):
        assert client.get(address).status_code == 200
    assert seen(store) == []


def test_whoever_may_not_know_finds_no_such_import_and_leaves_no_trace(store: Store) -> None:
    """Neither a view, nor anything to view."""
    number = imported(client_of(store), COVERT)
    before = seen(store)
    unaware = client_of(store.scoped(Scope(rights=frozenset({"write"}))))
    assert unaware.get("/imports").json()["imports"] == []
    for address in (f"/imports/{number}", f"/imports/{number}/quarantine"):
        assert unaware.get(address).status_code == 404
    assert seen(store) == before


def test_an_import_that_cannot_be_written_down_is_not_shown(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No trace, no view."""
    number = imported(client_of(store), COVERT)

    def full(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("api.routes.imports.note_view", full)
    monkeypatch.setattr("api.routes.workbooks.note_view", full)
    client = TestClient(create_app(Settings(), store), raise_server_exceptions=False)
    for address in (f"/imports/{number}", "/imports", f"/imports/{number}/quarantine"):
        assert client.get(address).status_code == 500
