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


class Marking(BaseModel):
    """What whatever tells of covert posts bears."""

    level: str = Field(description="内部: not to be passed on.")
    date: str
    operator: str = Field(description="The name of the scope that was asked in.")


class Feature(BaseModel):
    """A row of a layer."""

    type: Literal["Feature"]
    id: int
    geometry: dict[str, Any] | None
    properties: dict[str, Any]
    links: list[Link] | None = None
    marking: Marking | None = Field(None, description="Of a covert post.")


class FeatureCollection(BaseModel):
    """Rows of a layer, or stretches of streets."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]
    numberReturned: int  # noqa: N815 - the standard's name
    numberMatched: int | None = None  # noqa: N815 - the standard's name
    timeStamp: str | None = None  # noqa: N815 - the standard's name
    links: list[Link] | None = None
    summary: dict[str, Any] | None = None
    posts_counted: Literal["overt", "overt_and_covert"] | None = Field(
        None, description="Of posts: which; results of an analysis say so in their summary."
    )
    marking: Marking | None = Field(None, description="Of posts, where covert ones are told.")


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


class Said(BaseModel):
    """A sentence, and the code that it has in every language."""

    code: str
    text: str


class Reason(Said):
    """Why rows were set aside."""

    count: int
    step: str = Field(description="What to do about it.")


class ImportCounts(BaseModel):
    """What becomes of the rows of a file."""

    rows_read: int
    added: int
    changed: int
    unchanged: int
    duplicates: int = Field(description="Equal to another row of the file, left out (assets).")
    repeats: int = Field(description="Equal to another row of the file, kept (incidents).")
    set_aside: int


class ImportPreview(BaseModel):
    """What is known of an uploaded file before it is stored."""

    kind: str
    source: str
    rows_read: int
    rows_usable: int
    rows_set_aside: int
    reasons: list[Reason]
    columns: dict[str, str] = Field(description="Our column -> the head that it is taken from.")
    unused: list[str] = Field(description="Heads that serve nothing.")
    personal: list[str] = Field(description="Heads of personal data, which is never stored.")
    doubts: list[Said] = Field(description="What to check before storing.")
    notes: list[Said]
    datum: str
    crs: str
    division: str
    line: str
    would: ImportCounts = Field(description="What storing it now would do.")
    first: list[dict[str, str]] = Field(description="The first usable rows.")
    set_aside: list[dict[str, Any]] = Field(description="The first rows set aside.")
    links: list[Link] = Field(description="`store` leads to storing it, by POST.")


class ImportStatus(BaseModel):
    """What became of an import."""

    id: int
    kind: str
    source: str
    division: str
    line: str
    datum: str
    made_at: str
    counts: ImportCounts
    notes: list[Said]
    links: list[Link]


class Imports(BaseModel):
    """Imports, the newest first."""

    imports: list[ImportStatus]
    links: list[Link]


class View(BaseModel):
    """One view of what is restricted."""

    id: int
    at: str = Field(description="In UTC.")
    local: str = Field(description="The same by the local clock.")
    who: str = Field(description="The name of the scope that looked.")
    division: str
    lines: list[str]
    what: str = Field(description="A layer, a page, a process.")
    area: str | None = Field(description="Which part of it; none for all.")
    rows_seen: int | None


class RestrictedViews(BaseModel):
    """Views of what is restricted, the newest first."""

    views: list[View]
    before: int | None = Field(description="What to ask the next page with.")
    message: str | None = Field(description="What to do where there is nothing to show.")
    links: list[Link]


class IncidentAnswer(BaseModel):
    """What was found of incidents: its figures, and what has to be said beside them."""

    model_config = ConfigDict(extra="allow")

    lines: list[str] = Field(description="The lines whose incidents are counted.")
    kinds_unseen: list[str] = Field(
        description="Kinds that this access does not see, whether there are any or not."
    )
    kinds_in_part: list[str] = Field(
        description="Kinds of which it may see but a part: those of its lines."
    )
    remarks: list[str]


class IncidentCounts(IncidentAnswer):
    """Plain counts of all rows, and the changes of a period against another."""

    rows: int
    with_place: int
    repeats: int
    by_year: dict[str, int]
    by_class: dict[str, int]
    by_area: dict[str, int]
    comparison: dict[str, Any] | None = Field(
        description="The days, and those that they are held against; null where no row has a time."
    )
    changes: dict[str, list[dict[str, Any]]] = Field(
        description="What counts are told by -> a row for each, with counts, tests and a sentence."
    )
