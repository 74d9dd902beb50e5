"""The service does what its OpenAPI document says, whatever it is asked."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api.app import create_app
from api.settings import Settings
from tests.api.stored import fill

if TYPE_CHECKING:
    from data.store import Store

EXAMPLES = 5
"""Requests per operation: faults of parsing show within a few."""

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
"""What of every answer is compared with the document."""


@pytest.fixture
def operations(store: Store) -> list[Any]:
    """Return the operations of a service over a few rows, on either engine."""
    # Imported late: it takes seconds, which no other test should pay for.
    schemathesis: Any = importlib.import_module("schemathesis")
    fill(store)
    schema = schemathesis.openapi.from_asgi("/api", create_app(Settings(), store))
    return [found.ok() for found in schema.get_all_operations()]


def test_every_answer_is_one_that_the_document_declares(operations: list[Any]) -> None:
    """No 5xx; no status, media type or body that is not declared; whatever is sent."""
    named: Any = importlib.import_module("schemathesis.checks")
    modes: Any = importlib.import_module("schemathesis").GenerationMode
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
                case.call_and_validate(checks=checks)

            sends()
