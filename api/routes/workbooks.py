"""Workbooks to download: templates, and the rows that imports set aside."""

from collections.abc import Callable
from pathlib import Path as File
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.errors import problems
from api.import_answers import XLSX
from api.page_words import WORDS
from api.routes import SettingsDep, StoreDep, no_parameters
from api.routes.imports import ImportId, import_number
from api.routes.landing import Kind
from data import word
from data.errors import NotFoundError
from data.runs import find_import, write_set_aside
from data.store import model_of
from data.viewing import note_view
from data.workbook import write_template

WORKBOOK: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A workbook.",
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""Declares a workbook."""

router = APIRouter(tags=["imports"], dependencies=[Depends(no_parameters)])


@router.get(
    "/imports/{import_id}/quarantine",
    summary="The rows that an import set aside, as a workbook",
    response_class=Response,
    responses=problems(404) | WORKBOOK,
)
def read_quarantine(import_id: ImportId, store: StoreDep, settings: SettingsDep) -> Response:
    """Return a workbook with the reason of each row; mended, it is imported as any other."""
    run = find_import(store, import_number(import_id))
    if not run.counts["set_aside"]:
        raise NotFoundError("nothing_set_aside", id=run.id)
    if run.covert:
        note_view(store, f"imports/{run.id}/quarantine", rows=run.counts["set_aside"])
    aside = WORDS["set_aside"][settings.lang != "zh"]
    name = f"{File(run.source).stem}-{aside}.xlsx"
    return _workbook(name, lambda file: write_set_aside(store, run.id, file))


@router.get(
    "/templates/{kind}",
    summary="An empty workbook for a layer, with its columns explained",
    response_class=Response,
    responses=problems(404) | WORKBOOK,
)
def read_template(kind: Kind, settings: SettingsDep) -> Response:
    """Return the template that `gridpatrol template` writes."""
    model_of(kind)
    name = word(kind, settings.lang)
    return _workbook(f"{name}.xlsx", lambda file: write_template(kind, file))


def _workbook(name: str, write: Callable[[File], None]) -> Response:
    """Send a workbook under a name that may be Chinese."""
    with TemporaryDirectory(prefix="gridpatrol-") as folder:
        file = File(folder) / "workbook.xlsx"
        write(file)
        content = file.read_bytes()
    return attached(content, name, XLSX)


def attached(content: bytes, name: str, media_type: str) -> Response:
    """
    Send a file to be kept, under a name that may be Chinese.

    Parameters
    ----------
    content
        Of the file.
    name
        What it is called.
    media_type
        What it is.

    Returns
    -------
    response
        A download.
    """
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )
