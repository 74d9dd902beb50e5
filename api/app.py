"""The service over a store."""

from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from api.errors import add_handlers, problems
from api.routes import (
    coverage,
    docs,
    features,
    grid_maps,
    grids,
    health,
    imports,
    incident_maps,
    incidents,
    jobs,
    landing,
    maps,
    patrol_reports,
    patrols,
    processes,
    proposals,
    response,
    spacing,
    tonight,
    unseen,
    views,
    what_if,
    workbooks,
    worth,
)
from api.schemas import Feature, FeatureCollection, IncidentAnswer, IncidentCounts, Problem
from api.security import READING, Guard
from api.settings import Settings
from api.uploads import Uploads
from data.store import Store


def create_app(settings: Settings, store: Store) -> FastAPI:
    """
    Make the service over a store.

    Parameters
    ----------
    settings
        Tokens and language.
    store
        Opened for the scope that every request gets.

    Returns
    -------
    app
        Nothing is kept outside it.
    """
    app = FastAPI(
        title="gridpatrol 网格巡防",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.store = store
    app.state.uploads = Uploads(settings.upload_mb)
    for module in (
        landing,
        features,
        coverage,
        spacing,
        proposals,
        grids,
        worth,
        unseen,
        what_if,
        patrols,
        patrol_reports,
        tonight,
        incidents,
        response,
        processes,
        jobs,
        maps,
        grid_maps,
        incident_maps,
        imports,
        workbooks,
        views,
        docs,
        health,
    ):
        app.include_router(module.router)
    add_handlers(app, settings.lang)
    app.add_middleware(Guard, settings=settings)
    description: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not description:
            description.update(_described(FastAPI.openapi(app)))
        return description

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def _described(document: dict[str, Any]) -> dict[str, Any]:
    """Add the schemas that routes only name; take out the errors that FastAPI would answer."""
    _, more = models_json_schema(
        [(Feature, "serialization"), (FeatureCollection, "serialization"),
         (IncidentAnswer, "serialization"), (IncidentCounts, "serialization"),
         (Problem, "serialization")],
        ref_template="#/components/schemas/{model}",
    )  # fmt: skip
    schemas = document["components"]["schemas"]
    schemas.update(more["$defs"])
    for operations in document["paths"].values():
        for method, operation in operations.items():
            if method.upper() not in READING:
                # What `Guard` answers to whatever would change something.
                refused = problems(403, *((411, 413) if "requestBody" in operation else ()))
                for status, answer in refused.items():
                    operation["responses"].setdefault(str(status), answer)
            unprocessable = operation["responses"].get("422", {})
            if "HTTPValidationError" in str(unprocessable):
                # They are answered with 400, in our own shape.
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    return document
