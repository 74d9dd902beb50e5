"""The page is shown to whoever has the address, once, and then to the holder of the cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from api.app import create_app

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """Return a client of a folder with a page."""
    (tmp_path / "map.html").write_text("<p>网格</p>", "utf-8")
    return TestClient(create_app(tmp_path, "secret"))


def test_the_token_opens_the_page_and_the_cookie_keeps_it_open(client: TestClient) -> None:
    """The token leaves the address bar; the page stands in a sandbox and is not stored."""
    opened = client.get("/?token=secret", follow_redirects=False)
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    assert "HttpOnly" in opened.headers["set-cookie"]
    page = client.get("/")
    assert (page.status_code, page.text) == (200, "<p>网格</p>")
    assert page.headers["content-security-policy"] == "sandbox allow-scripts"
    assert page.headers["cache-control"] == "no-store"


def test_the_token_works_once(client: TestClient) -> None:
    """Another browser with the same address is refused, in words."""
    client.get("/?token=secret")
    client.cookies.clear()
    again = client.get("/?token=secret")
    assert again.status_code == 403
    assert "请用终端里打印的地址打开" in again.text


@pytest.mark.parametrize("address", ["/", "/?token=", "/?token=wrong", "/map.html", "/docs"])
def test_nothing_is_shown_without_it(client: TestClient, address: str) -> None:
    """No page, no other file, no interface description."""
    assert client.get(address).status_code in (403, 404)
    client.cookies.set("gridpatrol", "forged")
    assert client.get(address).status_code in (403, 404)
