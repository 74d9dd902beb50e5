"""The routes, one module a resource, and what they share."""

from typing import Annotated, Any, Final

from fastapi import Depends, Request
from pydantic import BaseModel

from api.errors import BadRequestError
from api.settings import Settings
from data.store import Store

JSON: Final = "application/json"


def no_parameters(request: Request) -> None:
    """Refuse every query parameter."""
    if request.query_params:
        names = ", ".join(request.query_params)
        raise BadRequestError("unknown_parameters", names=names, known="-")


def link(request: Request, path: str, rel: str, media_type: str, title: str = "") -> dict[str, str]:
    """Return a link to a path of this service."""
    href = str(request.base_url).rstrip("/") + path
    return {"href": href, "rel": rel, "type": media_type} | ({"title": title} if title else {})


def content(media_type: str, model: type[BaseModel] | None = None) -> dict[str, Any]:
    """Declare what a route answers with, for its argument `responses`."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"} if model else {"type": "string"}
    return {"description": "OK", "content": {media_type: {"schema": schema}}}


def _store(request: Request) -> Store:
    return request.app.state.store


def _settings(request: Request) -> Settings:
    return request.app.state.settings


StoreDep = Annotated[Store, Depends(_store)]
SettingsDep = Annotated[Settings, Depends(_settings)]
