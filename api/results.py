"""What every result says of its inputs, and the three files that it is written as."""

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from api.words import say
from data import Layer, Note
from data.export import write_geopackage, write_json, write_text

EXACTNESS: Final = ("wgs84", "cgcs2000", "gcj02", "bd09")
"""Datums by how far their conversion may be off, the exact one first."""

DOUBTS: Final = frozenset({"datum_suspected", "datum_needless", "far_from_streets"})
"""Notes that put the whole result in doubt, and so stand on the page."""


def write_files(
    out: Path, tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any], page: str | None
) -> dict[str, Path]:
    """
    Write the three files of a result.

    Parameters
    ----------
    out
        The folder; made where it is missing.
    tables
        The layers of `result.gpkg`.
    summary
        The content of `summary.json`.
    page
        The content of `map.html`; None where there is nothing to draw.

    Returns
    -------
    files
        "result", "summary" and "map" -> the file.
    """
    out.mkdir(parents=True, exist_ok=True)
    files = {"result": out / "result.gpkg", "summary": out / "summary.json"}
    write_geopackage(files["result"], tables)
    write_json(files["summary"], summary)
    if page is not None:
        files["map"] = out / "map.html"
        write_text(files["map"], page)
    return files


def told(layers: Mapping[str, Layer], notes: Iterable[tuple[str, Note]]) -> dict[str, Any]:
    """
    Say what was read, and what was noticed on the way, as every summary does.

    Parameters
    ----------
    layers
        Role -> layer.
    notes
        Role and note, in order.

    Returns
    -------
    part
        "inputs" and "notes" of a summary.
    """
    inputs = {
        role: {
            "source": layer.source,
            "rows_read": layer.rows_read,
            "rows_used": len(layer.frame),
            "rows_set_aside": len(layer.quarantine),
            "datum": layer.datum,
        }
        for role, layer in layers.items()
    }
    said = [{"about": role, "code": note.code, "text": note.text("zh")} for role, note in notes]
    return {"inputs": inputs, "notes": said}


def doubtful(
    layers: Iterable[Layer], notes: Iterable[tuple[str, Note]], lang: str
) -> tuple[list[str], list[str]]:
    """
    Say what whoever is handed a page has to know about the data.

    Parameters
    ----------
    layers
        What was read.
    notes
        Role and note, in order.
    lang
        "zh" or "en".

    Returns
    -------
    doubts
        What puts the whole result in doubt.
    left_out
        How many rows were left out, where there are any.
    """
    aside = sum(len(layer.quarantine) for layer in layers)
    doubts = [note.text(lang) for _, note in notes if note.code in DOUBTS]
    return doubts, [say("left_out", lang, count=aside)] if aside else []


def least_exact(datums: Iterable[str]) -> str:
    """
    Return the datum that a page has to name.

    Parameters
    ----------
    datums
        What the coordinates of a page came in.

    Returns
    -------
    datum
        The least exact of them; "wgs84" where there is none.
    """
    return max(datums, key=EXACTNESS.index, default=EXACTNESS[0])


def today() -> dt.date:
    """Return the date a result bears: today, or that of `SOURCE_DATE_EPOCH`."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        return dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC).date()
    return dt.datetime.now().astimezone().date()
