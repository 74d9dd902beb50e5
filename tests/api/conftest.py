"""The service over an empty store, and rows to put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.files import keep_uploads_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from data.store import Store


@pytest.fixture(scope="session", autouse=True)
def _one_loop_for_all_clients() -> Iterator[None]:
    """
    Answer all requests in the threads of one loop, as the service does.

    Else each request starts a loop and a thread, and there PROJ makes every transformation anew.
    """
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield


@pytest.fixture(autouse=True)
def _uploads_in_a_folder_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let uploaded files wait there: the workers of xdist leave without clearing up."""
    keep_uploads_in(tmp_path, monkeypatch)


@pytest.fixture(autouse=True)
def _bounds_of_few_rounds(brief_bounds: None) -> None:
    """Let plans be found quickly; how tight their bounds are is a matter of `geo`."""


@pytest.fixture
def client(store: Store) -> TestClient:
    """Return a client that everything is open to, on either engine."""
    return TestClient(create_app(Settings(), store))
