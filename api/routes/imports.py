"""Importing files: a look at one, storing it, and what became of those before."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.errors import ApiError, problems, said, status_of
from api.import_answers import preview_told, run_told
from api.pages import HTML, render, wants_page
from api.preview import columns_of, look_at, store_upload
from api.routes import JSON, SettingsDep, StoreDep, link, no_parameters
from api.schemas import ImportPreview, Imports, ImportStatus
from api.settings import Settings
from api.uploads import KEPT_S, UPLOADABLE, Asked, Uploads
from data import DataError, word
from data.covert import covert_rows
from data.errors import NotFoundError
from data.fixes import TRACKS
from data.ids import LARGEST_ID
from data.models import LAYERS, ImportRun
from data.position_tables import POLICE
from data.runs import find_import, past_imports
from data.scope import DEFAULT_LINES, LINES
from data.store import Store, model_of
from data.viewing import note_view
from data.writing import require_police, require_write

LARGEST_LIST: Final = 1_000
"""Imports of one answer at most."""

SHOWN: Final = 20
"""Imports of one page."""

DATUMS: Final = ("wgs84", "cgcs2000", "gcj02", "bd09")
"""Datums that a form offers."""

IMPORTED: Final = (*LAYERS, TRACKS)
"""Layers that come in as files; of tracks the positions are stored by unit."""

PAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {HTML: {"schema": {"type": "string"}}}}
}
"""Declares that a browser gets a page."""

ImportId = Annotated[
    str,
    # Told, not checked: what is no id at all is not found either.
    Path(description="The id of an import.", json_schema_extra={"pattern": "^[0-9]{1,16}$"}),
]


class ImportsQuery(BaseModel):
    """Query parameters of the list of imports."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=LARGEST_LIST, description="Imports at most.")] = SHOWN
    before: Annotated[
        int | None,
        Field(ge=1, le=LARGEST_ID, description="Of the next link: the imports before this one."),
    ] = None


class ImportForm(BaseModel):
    """A file, how to read it, and where its rows belong; what is empty is not said."""

    file: UploadFile = Field(description="The file; a shapefile as a .zip.")
    kind: str = Field(description="The layer.", json_schema_extra={"enum": list(IMPORTED)})
    datum: Literal["", "wgs84", "cgcs2000", "gcj02", "bd09"] = Field(
        "", description="What the coordinates are really in."
    )
    division: str = Field("", max_length=15, pattern="^[0-9]*$", description="A division code.")
    line: Literal["", "police", "governance", "public"] = ""
    layer: str = Field(
        "", max_length=200, pattern=r"^[^\x00:]*$", description="Layer or sheet of the file."
    )
    crs: str = Field(
        "", max_length=200, pattern=r"^[^\x00]*$", description="CRS, where the file is silent."
    )
    unit: str = Field(
        "", max_length=80, pattern=r"^[^\x00]*$",
        description="Of tracks: the unit of fixes that name none.",
    )  # fmt: skip
    columns: str = Field(
        "",
        max_length=10_000,
        pattern=r"^[^\x00]*$",
        description="One ours=theirs a line: which of our columns is which head of the file.",
    )

    def asked(self) -> Asked:
        """Return how to read the file, but for the columns."""
        return Asked(
            self.kind,
            datum=self.datum or None,
            crs=self.crs or None,
            layer=self.layer or None,
            division=self.division,
            line=self.line or None,
            unit=self.unit or None,
        )


def _uploads(request: Request) -> Uploads:
    return request.app.state.uploads


UploadsDep = Annotated[Uploads, Depends(_uploads)]

router = APIRouter(tags=["imports"])


@router.get(
    "/imports",
    summary="Past imports, the newest first; a form to browsers",
    response_model=Imports,
    responses=problems(404) | PAGE,
)
def read_imports(
    query: Annotated[ImportsQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Any:  # noqa: ANN401 - page or data
    """Return the imports whose every row is in scope."""
    if wants_page(request):
        return _form(request, store, settings, query, Asked(next(iter(LAYERS))))
    page = past_imports(store, before=query.before, limit=query.limit)
    note_imports(store, "imports", page.runs)
    links = [link(request, "/imports", "self", JSON)]
    if page.before is not None:
        more = f"/imports?limit={query.limit}&before={page.before}"
        links.append(link(request, more, "next", JSON))
    return {"imports": [run_told(request, run, settings.lang) for run in page.runs], "links": links}


@router.post(
    "/imports",
    summary="Look at a file before it is stored",
    response_model=ImportPreview,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 422) | PAGE,
)
def look_at_file(
    form: Annotated[ImportForm, Form(media_type="multipart/form-data")],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
    uploads: UploadsDep,
) -> Any:  # noqa: ANN401 - page or data
    """Read a file and tell what storing it would do; the file waits a while for that."""
    asked, file = form.asked(), form.file
    try:
        _require_importer(store, asked)
        asked = replace(asked, columns=columns_of(form.columns, asked.kind))
        key, preview = look_at(store, uploads, file.filename or "", file.file, asked)
    except (ApiError, DataError) as error:
        if not wants_page(request):
            raise
        # What was chosen stands in the form again, with what is wrong above it.
        page = _form(request, store, settings, ImportsQuery(), asked, form.columns, error)
        page.status_code = status_of(error)
        return page
    layer = preview.layer
    covert = covert_rows(layer.frame).sum() + covert_rows(layer.quarantine).sum()
    if covert:
        note_view(store, "imports/preview", rows=int(covert))
    told = preview_told(request, preview, key, settings.lang)
    if not wants_page(request):
        return told
    return render(
        request,
        settings.lang,
        "preview.html",
        told=told,
        kind=word(asked.kind, settings.lang),
        datum=word(told["datum"], settings.lang),
        action=f"{request.base_url.path.rstrip('/')}/imports/{key}/store",
        minutes=int(KEPT_S / 60),
    )


@router.post(
    "/imports/{upload}/store",
    summary="Store a file that was looked at",
    status_code=201,
    response_model=ImportStatus,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 422) | {303: {"description": "To browsers: see Location."}},
)
def store_file(
    upload: Annotated[
        str,
        Path(
            description="From the link `store` of a preview.",
            json_schema_extra={"pattern": "^[A-Za-z0-9_-]{22}$"},
        ),
    ],
    request: Request,
    response: Response,
    store: StoreDep,
    settings: SettingsDep,
    uploads: UploadsDep,
) -> Any:  # noqa: ANN401 - page or data
    """Store it all or nothing; rows that cannot be used are kept with their reasons."""
    with uploads.taken(upload, store.scope) as waiting:
        import_id = store_upload(store, waiting)
    at = link(request, f"/imports/{import_id}", "self", JSON)["href"]
    if wants_page(request):
        # Loading the page of the report again stores nothing again.
        return RedirectResponse(at, status_code=303)
    response.headers["Location"] = at
    run = find_import(store, import_id)
    note_imports(store, f"imports/{run.id}", [run])
    return run_told(request, run, settings.lang)


@router.get(
    "/imports/{import_id}",
    summary="What became of an import",
    response_model=ImportStatus,
    dependencies=[Depends(no_parameters)],
    responses=problems(404) | PAGE,
)
def read_import(
    import_id: ImportId, request: Request, store: StoreDep, settings: SettingsDep
) -> Any:  # noqa: ANN401 - page or data
    """Return the counts and notes of an import."""
    run = find_import(store, import_number(import_id))
    note_imports(store, f"imports/{run.id}", [run])
    told = run_told(request, run, settings.lang)
    if not wants_page(request):
        return told
    kind = word(run.kind, settings.lang)
    return render(request, settings.lang, "report.html", told=told, kind=kind)


def import_number(text: str) -> int:
    """
    Read the id of an import as an address has it.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    import_id
        A number that there may be an import of.

    Raises
    ------
    NotFoundError
        When it is no id.
    """
    if not re.fullmatch(r"[1-9][0-9]{0,15}", text, re.ASCII) or int(text) > LARGEST_ID:
        raise NotFoundError("no_such_row", kind="imports", id=text)
    return int(text)


def note_imports(store: Store, what: str, runs: Iterable[ImportRun]) -> None:
    """
    Write down that somebody is shown imports with covert posts among their rows.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    what
        What is shown.
    runs
        The imports in it; where no post of them is covert, nothing is written.
    """
    rows = sum(run.counts["rows_read"] for run in runs if run.covert)
    if rows:
        note_view(store, what, rows=rows)


def _require_importer(store: Store, asked: Asked) -> None:
    """Refuse a file before it is read: of no layer, or of rows that the scope may not write."""
    if asked.kind == TRACKS:
        require_police(store)
        require_write(store, asked.division, POLICE)
        return
    model_of(asked.kind)
    require_write(store, asked.division, asked.line or DEFAULT_LINES[asked.kind])


def _form(
    request: Request,
    store: Store,
    settings: Settings,
    query: ImportsQuery,
    asked: Asked,
    columns: str = "",
    error: Exception | None = None,
) -> Response:
    """Show the form, as it was filled in, and the past imports."""
    lang = settings.lang
    page = past_imports(store, before=query.before, limit=query.limit)
    note_imports(store, "imports", page.runs)
    return render(
        request,
        lang,
        "imports.html",
        chosen=asked,
        columns=columns,
        refused=None if error is None else said(error, lang)[1],
        may_write="write" in store.scope.rights,
        kinds={kind: word(kind, lang) for kind in IMPORTED},
        datums={datum: word(datum, lang) for datum in DATUMS},
        lines=[line for line in LINES if line in store.scope.lines],
        most_mb=settings.upload_mb,
        readable=" ".join(UPLOADABLE),
        runs=[run_told(request, run, lang) for run in page.runs],
        query=query,
        before=page.before,
    )
