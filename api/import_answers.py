"""What is told of files before and after they are stored, as JSON and pages have it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Request

from api.preview import Preview
from api.routes import JSON, link
from api.schemas import ImportCounts
from data import Note, step, word
from data.models import ImportRun
from data.values import LOCAL_ZONE

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""Media type of workbooks."""


def preview_told(request: Request, preview: Preview, key: str, lang: str) -> dict[str, Any]:
    """
    Tell what is known of a file before it is stored.

    Parameters
    ----------
    request
        The request that is answered.
    preview
        From `look_at`.
    key
        Under which the file waits.
    lang
        "zh" or "en".

    Returns
    -------
    told
        As `ImportPreview` has it.
    """
    layer = preview.layer
    return {
        "kind": layer.kind,
        "source": layer.source,
        "rows_read": layer.rows_read,
        "rows_usable": len(layer.frame),
        "rows_set_aside": len(layer.quarantine),
        "reasons": [
            {"code": code, "text": word(code, lang), "count": count, "step": step(code, lang)}
            for code, count in preview.reasons.items()
        ],
        "columns": dict(layer.heads),
        "unused": preview.unused,
        "personal": preview.personal,
        "doubts": _said(preview.doubts, lang),
        "notes": _said(preview.notes, lang),
        "datum": layer.datum,
        "crs": layer.crs,
        "division": preview.asked.division,
        "line": preview.line,
        "would": _counts(asdict(preview.would)),
        "first": preview.first(),
        "set_aside": [row | {"text": word(row["reason"], lang)} for row in preview.first_aside()],
        "links": [link(request, f"/imports/{key}/store", "store", JSON)],
    }


def run_told(request: Request, run: ImportRun, lang: str) -> dict[str, Any]:
    """
    Tell what became of an import.

    Parameters
    ----------
    request
        The request that is answered.
    run
        From `data.runs`.
    lang
        "zh" or "en".

    Returns
    -------
    told
        As `ImportStatus` has it; `local` is the time of the import by the local clock.
    """
    path = f"/imports/{run.id}"
    made_at = run.made_at.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(LOCAL_ZONE))
    links = [link(request, path, "self", JSON)]
    if run.counts["set_aside"]:
        links.append(link(request, f"{path}/quarantine", "quarantine", XLSX))
    return {
        "id": run.id,
        "kind": run.kind,
        "source": run.source,
        "division": run.division,
        "line": run.line,
        "datum": run.datum,
        "made_at": f"{run.made_at.isoformat(timespec='seconds')}Z",
        "local": made_at.strftime("%Y-%m-%d %H:%M"),
        "counts": _counts(run.counts),
        "notes": [
            {"code": note["code"], "text": note["text" if lang == "zh" else "en"]}
            for note in run.notes
        ],
        "links": links,
    }


def _counts(counts: Mapping[str, Any]) -> dict[str, int]:
    return {name: counts[name] for name in ImportCounts.model_fields}


def _said(notes: Iterable[Note], lang: str) -> list[dict[str, str]]:
    return [{"code": note.code, "text": note.text(lang)} for note in notes]
