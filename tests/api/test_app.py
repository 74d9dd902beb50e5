"""Who is let in, what every answer bears, and how errors look."""

from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from api.app import create_app
from api.settings import Settings
from data.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCKED = Settings.model_validate({"open_token": "once", "reader_token": "always"})


@pytest.fixture
def file_store(ready_file: Path, tmp_path: Path) -> Iterator[Store]:
    """Give an empty store on SQLite: what is tested here asks little of the database."""
    file = shutil.copy(ready_file, tmp_path / "store.db")
    opened = Store.open(f"sqlite:///{file}")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def locked(file_store: Store) -> TestClient:
    """Return a client of a service with both tokens."""
    return TestClient(create_app(LOCKED, file_store))


def test_the_token_opens_once_and_the_cookie_keeps_it_open(locked: TestClient) -> None:
    """The token leaves the address bar; scripts cannot read the cookie."""
    opened = locked.get("/?token=once", follow_redirects=False)
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    assert "HttpOnly" in opened.headers["set-cookie"]
    assert "SameSite=strict" in opened.headers["set-cookie"]
    assert locked.get("/collections").status_code == 200
    locked.cookies.clear()
    assert locked.get("/?token=once", follow_redirects=False).status_code == 401


def test_programs_send_a_bearer_token(locked: TestClient) -> None:
    """As often as they like; the token of the address is none."""
    for _ in range(2):
        answer = locked.get("/collections", headers={"Authorization": "Bearer always"})
        assert answer.status_code == 200
    for wrong in ("Bearer once", "Bearer", "Basic always", "always", "Bearer "):
        answer = locked.get("/collections", headers={"Authorization": wrong})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "address",
    ["/", "/?token=", "/?token=wrong", "/?token=always", "/collections/posts/items", "/api",
     "/docs", "/docs/start.js", "/nowhere", "/healthz/", "/collections?token=once"],
)  # fmt: skip
def test_nothing_is_shown_without_a_token(locked: TestClient, address: str) -> None:
    """Not even whether there is something at an address."""
    locked.cookies.set("gridpatrol", "forged")
    answer = locked.get(address)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert "请用终端里打印的地址打开" in answer.json()["detail"]
    assert locked.get("/healthz").json() == {"status": "ok"}


def test_one_token_shuts_the_service_too(file_store: Store) -> None:
    """Whichever it is; an empty one is refused at the start rather than opening all."""
    for name in ("open_token", "reader_token"):
        app = create_app(Settings.model_validate({name: "x"}), file_store)
        assert TestClient(app).get("/").status_code == 401
        with pytest.raises(ValidationError):
            Settings.model_validate({name: ""})


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the prefix; tokens do not show."""
    monkeypatch.setenv("GRIDPATROL_DATABASE_URL", "sqlite:///elsewhere.db")
    monkeypatch.setenv("GRIDPATROL_READER_TOKEN", "hush")
    settings = Settings()
    assert settings.database_url == "sqlite:///elsewhere.db"
    assert "hush" not in repr(settings)


def test_every_setting_is_in_the_example(request: pytest.FixtureRequest) -> None:
    """Whoever deploys finds them in one file, with their defaults."""
    text = (request.config.rootpath / ".env.example").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        assert f"GRIDPATROL_{name.upper()}={field.default or ''}" in text


@pytest.mark.parametrize("path", ["/", "/nowhere", "/docs", "/collections/posts/items/7"])
def test_every_answer_bears_the_headers(client: TestClient, path: str) -> None:
    """Errors, too; a page of ours has a policy of its own."""
    headers = client.get(path).headers
    policy = "default-src 'self'" if path == "/docs" else "default-src 'none'"
    assert headers["content-security-policy"].startswith(policy)
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_an_unknown_error_is_logged_and_its_text_kept_back(
    file_store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer is a problem like any other, with the headers."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr(file_store, "page", fail)
    client = TestClient(create_app(Settings(), file_store))
    with caplog.at_level(logging.ERROR, logger="gridpatrol"):
        answer = client.get("/collections/posts/items")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "swordfish" not in answer.text
    assert "swordfish" in caplog.text


def test_a_database_that_cannot_be_reached_is_not_our_fault(tmp_path: Path) -> None:
    """503 with a sentence, the reason in the log alone."""
    store = Store.open(f"sqlite:///{tmp_path / 'no' / 'such.db'}")
    answer = TestClient(create_app(Settings(), store)).get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["code"] == "no_database"
    assert "such.db" not in answer.text


def test_english_is_spoken_when_set(file_store: Store) -> None:
    """One setting for the whole service."""
    app = create_app(Settings.model_validate({"lang": "en"}), file_store)
    answer = TestClient(app).get("/collections/posts/items?bbox=1,2")
    assert answer.json()["detail"].startswith("bbox: '1,2' is no box")


CHANGE = "/collections/posts/items"
SENT = {"type": "Feature", "geometry": None, "properties": {"name": "a"}}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Origin": "http://testserver"}, 201),
        ({"Origin": "http://elsewhere.test"}, 403),
        ({"Origin": "http://testserver.elsewhere.test"}, 403),
        ({"Origin": "http://testserver:8080"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 201),
    ],
)
def test_no_other_site_changes_anything(
    file_store: Store, headers: dict[str, str], status: int
) -> None:
    """What a browser says of where a request comes from; programs say nothing."""
    client = TestClient(create_app(Settings(), file_store))
    answer = client.post(CHANGE, json=SENT, headers=headers)
    assert answer.status_code == status, answer.text
    assert file_store.count("posts") == (status == 201)
    assert client.get("/", headers=headers).status_code == 200
    for method in ("put", "patch", "delete"):
        asked = client.request(method, f"{CHANGE}/1", headers=headers)
        assert (asked.status_code == 403) == (status == 403)


def test_a_request_may_be_only_so_large(file_store: Store) -> None:
    """Told before it is read; who does not say how long it is, is asked to."""
    client = TestClient(create_app(Settings.model_validate({"upload_mb": 1}), file_store))
    large = {"type": "Feature", "geometry": None, "properties": {"name": "a" * 1_000_000}}
    answer = client.post(CHANGE, json=large)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "1 MB" in answer.json()["detail"]
    answer = client.post(CHANGE, content=iter([b"{}"]))
    assert (answer.status_code, answer.json()["code"]) == (411, "no_length")
    assert client.post(CHANGE, json=SENT).status_code == 201


def test_whatever_changes_something_declares_what_the_guard_answers(file_store: Store) -> None:
    """403 everywhere, 411 and 413 where there is a body."""
    for operations in create_app(Settings(), file_store).openapi()["paths"].values():
        for method, operation in operations.items():
            declared = set(operation["responses"])
            assert method == "get" or "403" in declared
            assert ("requestBody" in operation) == ({"411", "413"} <= declared)


def test_a_browser_that_is_not_let_in_is_told_on_a_page(locked: TestClient) -> None:
    """With its style, which tells nothing."""
    page = locked.get("/imports", headers={"Accept": "text/html"})
    assert page.status_code == 401
    assert "请用终端里打印的地址打开" in page.text
    assert locked.get("/service.css").status_code == 200
