"""Whether the service runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.stored import fill

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from data.store import Store


def test_health_tells_that_the_database_is_reached_and_no_more(
    store: Store, client: TestClient
) -> None:
    """The same for an empty store and a full one."""
    empty = client.get("/healthz")
    fill(store)
    full = client.get("/healthz")
    assert (empty.status_code, empty.json()) == (200, {"status": "ok"})
    assert (full.status_code, full.content) == (200, empty.content)
