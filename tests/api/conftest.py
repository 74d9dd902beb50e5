"""The service over an empty store, and rows to put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings

if TYPE_CHECKING:
    from data.store import Store


@pytest.fixture
def client(store: Store) -> TestClient:
    """Return a client that everything is open to, on either engine."""
    return TestClient(create_app(Settings(), store))
