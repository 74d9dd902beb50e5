"""Bodies that come in and go out, as the OpenAPI document tells them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(description="Always about:blank: the status says what kind it is.")
    title: str = Field(description="The name of the status.")
    status: int
    detail: str | None = Field(None, description="What is wrong, and what to do.")
    code: str | None = Field(None, description="The refusal, the same in every language.")
    errors: list[dict[str, str]] | None = Field(None, description="Where a request is not valid.")


class Link(BaseModel):
    """A link to another resource."""

    href: str
    rel: str
    type: str
    title: str | None = None


class Landing(BaseModel):
    """Where everything is."""

    title: str
    description: str
    links: list[Link]


class Conformance(BaseModel):
    """The conformance classes that the service was built to."""

    conformsTo: list[str]  # noqa: N815 - the standard's name


class Collection(BaseModel):
    """A layer."""

    id: str
    title: str
    itemType: Literal["feature"]  # noqa: N815 - the standard's name
    crs: list[str]
    links: list[Link]


class Collections(BaseModel):
    """The layers."""

    links: list[Link]
    collections: list[Collection]


class Feature(BaseModel):
    """A row of a layer."""

    type: Literal["Feature"]
    id: int
    geometry: dict[str, Any] | None
    properties: dict[str, Any]
    links: list[Link] | None = None


class FeatureCollection(BaseModel):
    """Rows of a layer, or stretches of streets."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]
    numberReturned: int  # noqa: N815 - the standard's name
    numberMatched: int | None = None  # noqa: N815 - the standard's name
    timeStamp: str | None = None  # noqa: N815 - the standard's name
    links: list[Link] | None = None
    summary: dict[str, Any] | None = None


class FeatureIn(BaseModel):
    """A whole feature: what is not given is empty afterwards."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["Feature"]
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class FeaturePatch(BaseModel):
    """The parts of a feature that change."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["Feature"] = "Feature"
    geometry: dict[str, Any] | None = None
    properties: dict[str, Any] = Field(default_factory=dict)


class Health(BaseModel):
    """That the service runs and reaches its database."""

    status: Literal["ok"]
