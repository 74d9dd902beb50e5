"""
The service does what its OpenAPI document says, whatever it is asked.

Drawing a request takes longer than answering it, so each is sent to a store of either engine.
"""

from __future__ import annotations

import importlib
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api.app import create_app
from api.settings import Settings
from data.store import Store
from tests.api.stored import fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

    from tests.stores import Postgis

EXAMPLES = 5
"""Requests per operation: faults of parsing show within a few."""

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
"""What of every answer is compared with the document."""


@dataclass
class Switch:
    """Services over equal stores: the one at `turn` answers."""

    services: list[FastAPI] = field(default_factory=list)
    turn: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the service whose turn it is."""
        await self.services[self.turn](scope, receive, send)


@pytest.fixture
def switch(ready_file: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Switch]:
    """Give services over a few rows, on SQLite and, where there is one, on PostGIS."""
    file = tmp_path / "store.db"
    shutil.copy(ready_file, file)
    urls = [f"sqlite:///{file}"]
    with suppress(pytest.skip.Exception):
        server: Postgis = request.getfixturevalue("postgis")
        urls.append(server.lend())
    stores = [Store.open(url) for url in urls]
    for store in stores:
        fill(store)
    yield Switch([create_app(Settings(), store) for store in stores])
    for store in stores:
        store.engine.dispose()
    for url in urls[1:]:
        server.take_back(url)


def test_every_answer_is_one_that_the_document_declares(switch: Switch) -> None:
    """No 5xx; no status, media type or body that is not declared; whatever is sent."""
    # Imported late: it takes seconds, which no other test should pay for.
    schemathesis: Any = importlib.import_module("schemathesis")
    schema = schemathesis.openapi.from_asgi("/api", switch)
    operations = [found.ok() for found in schema.get_all_operations()]
    named: Any = importlib.import_module("schemathesis.checks")
    modes: Any = schemathesis.GenerationMode
    checks = [getattr(named, name, None) or named.CHECKS.get_one(name) for name in CHECKS]
    assert len(operations) > 10
    for operation in operations:
        asks = bool(list(operation.iter_parameters())) or bool(list(operation.body))
        for mode in (modes.POSITIVE, modes.NEGATIVE) if asks else (modes.POSITIVE,):

            @settings(
                max_examples=EXAMPLES,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
            def sends(case: Any, known: bool) -> None:  # noqa: ANN401, FBT001 - drawn
                if known and "item" in case.path_parameters:
                    # Nobody guesses an id, a version or an area.
                    case.path_parameters["item"] = "1"
                    case.headers["If-Match"] = "*"
                if known and "area" in case.query:
                    case.query["area"] = "V1" if case.path.endswith("/areas") else "01"
                for turn in range(len(switch.services)):
                    switch.turn = turn
                    case.call_and_validate(checks=checks)

            sends()
