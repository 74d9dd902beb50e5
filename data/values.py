"""Cells made into values: numbers, words of code lists, yes and no, times."""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.clocks import TIME, clock_times, month_of
from data.codes import (
    BETWEEN_DUTIES,
    CAMERA_KINDS,
    CODES,
    DUTIES,
    ENDINGS,
    INDOORS,
    NETWORKED,
    POSITION_TYPE_HEADS,
    POSITION_TYPES,
    PTZ_TYPE_HEADS,
    PTZ_TYPES,
    ROOM_TYPE_HEADS,
    ROOM_TYPES,
    TRUTHS,
    UNKNOWN_AS,
    UNTOLD,
)
from data.columns import plain
from data.incident_codes import MEDIATED, SUCCESSES
from data.limits import LIMITS, WHOLE_NUMBERS, WRITTEN
from data.notes import Note
from data.patrol_codes import BOTHS, REQUIREDS, VISIBLES

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

NUMBER: Final = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*"
    r"(?:m|米|°|度|deg|degrees|分钟|min|人|名|户|次|起|条|件|个|级|km/h|公里/小时|公里/时|千米/小时)?"
)
"""A number as people write it into a cell, with its unit or without."""

OF_CAMERAS: Final = frozenset({"cameras", "poles"})
"""Layers whose `kind` is that of a camera: of one that hangs there, or of one that could."""

BETWEEN_SKILLS: Final = re.compile(r"[、,，;；/]+")
"""What stands between words of a list whose words may have spaces."""

LOWERED: Final = frozenset({"oneway", "bridge", "tunnel"})
"""Columns whose text is compared with few known words: kept as it came, in lower case."""

EXACT_BELOW: Final = 1e15
"""Whole numbers in floats are ids only below this: spreadsheets keep 15 digits."""

ZONED: Final = re.compile(r":\d\d.*(?:Z|[+-]\d\d:?\d\d)$")
"""A time that states its zone."""

LOCAL_ZONE: Final = "Asia/Shanghai"
"""Times are local; those that state a zone are turned into this one."""


def as_text(value: object) -> str | None:
    """Return a cell as text; whole numbers without decimals, blank cells as None."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return str(value).strip() or None


def texts(values: pd.Series) -> list[str | None]:
    """Return a column as text, cell by cell."""
    return [as_text(value) for value in values.tolist()]


def number(text: str | None) -> float:
    """Return what a cell says as a number, or NaN."""
    if text is None:
        return np.nan
    found = NUMBER.fullmatch(unicodedata.normalize("NFKC", text))
    return float(found[1]) if found else np.nan


def numbers(values: pd.Series) -> Floats:
    """Return a column as floats; NaN where a cell is blank or is no number."""
    if pd.api.types.is_bool_dtype(values):
        return np.full(len(values), np.nan)
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.array([number(text) for text in texts(values)], dtype=np.float64)


def in_words(values: pd.Series) -> Mask:
    """Tell which cells of a column of numbers hold words: letters of any script, and no number."""
    lettered = [text is not None and any(map(str.isalpha, text)) for text in texts(values)]
    return np.array(lettered, dtype=bool) & np.isnan(numbers(values))


def unread(
    code: str, values: pd.Series, read: Mask, rows: NDArray[np.int64], **named: object
) -> list[Note]:
    """
    Return a note about the cells that hold something and were not read, if there are any.

    Parameters
    ----------
    code
        Sentence of the note; its fields besides `named` are count, values and rows.
    values
        n cells as the file has them.
    read
        n bools: the cell was read.
    rows
        n numbers by which a person finds the rows.
    **named
        Further fields of the sentence.

    Returns
    -------
    notes
        None or one.
    """
    written = texts(values[~read])
    missed = {int(row): text for row, text in zip(rows[~read], written, strict=True) if text}
    if not missed:
        return []
    met = list(dict.fromkeys(missed.values()))
    return [Note(code, {**named, "count": len(missed), "values": met, "rows": list(missed)})]


def cleaned(
    ours: str, values: pd.Series, head: str, kind: str, rows: NDArray[np.int64]
) -> tuple[pd.Series, list[Note]]:
    """
    Return one column as values of the file contract.

    Parameters
    ----------
    ours
        Our column; ids are read by `data.identifiers` instead.
    values
        n cells as the file has them.
    head
        Head of the column: some codes are only known by it.
    kind
        Kind of layer.
    rows
        n numbers by which a person finds the rows, for notes.

    Returns
    -------
    values
        n values; missing where a cell is blank or cannot be used.
    notes
        Which cells could not be used.
    """
    if ours in LIMITS:
        return _limited(ours, values, head, rows)
    if (kind, ours) == ("posts", "duties"):
        return _duties(values, head, rows)
    if (kind, ours) in CODES:
        return _coded(kind, ours, values, head, rows)
    reader = READERS.get(ours) if ours != "kind" or kind in OF_CAMERAS else None
    if reader is not None:
        return reader(values, head, rows)
    written = texts(values)
    if ours in LOWERED:
        written = [None if text is None else text.lower() for text in written]
    return _series(written, values.index), []


def _float_text(value: float) -> str | None:
    if math.isnan(value):
        return None
    if abs(value) >= EXACT_BELOW:
        return f"{value:.15g}"
    return str(int(value)) if value.is_integer() else repr(value)


def _limited(
    ours: str, values: pd.Series, head: str, rows: NDArray[np.int64]
) -> tuple[pd.Series, list[Note]]:
    read = WRITTEN.get(ours)
    found = numbers(values) if read is None else _written_numbers(values, head, read)
    usable = np.isfinite(found)
    usable[usable] = LIMITS[ours](found[usable])
    kept = pd.Series(np.where(usable, found, np.nan), index=values.index)
    notes = unread("value_unreadable", values, usable, rows, column=head)
    return kept.astype("Int64") if ours in WHOLE_NUMBERS else kept, notes


def _written_numbers(
    values: pd.Series, head: str, read: Callable[[str | None, str], float]
) -> Floats:
    return np.array([read(text, head) for text in texts(values)], dtype=np.float64)


def _truths(
    values: pd.Series,
    head: str,
    rows: NDArray[np.int64],
    *,
    words: Mapping[str, bool | None] | None = None,
) -> tuple[pd.Series, list[Note]]:
    """Read yes and no; `words` come before those that every such column takes."""
    known: dict[str, bool | None] = {**TRUTHS, **(words or {})}
    found = [None if text is None else known.get(text.casefold()) for text in texts(values)]
    kept = pd.Series(pd.array(found, dtype="boolean"), index=values.index)
    return kept, unread("value_unreadable", values, kept.notna().to_numpy(), rows, column=head)


def _told_truths(
    values: pd.Series, head: str, rows: NDArray[np.int64], *, words: Mapping[str, bool | None]
) -> tuple[pd.Series, list[Note]]:
    """Read yes and no where other words may be a sentence about people, which is not repeated."""
    kept, _ = _truths(values, head, rows, words=words)
    return kept, _untold(texts(values), kept.notna().to_numpy(dtype=bool), rows, head)


def _networked(
    values: pd.Series, head: str, rows: NDArray[np.int64]
) -> tuple[pd.Series, list[Note]]:
    return _truths(values, head, rows, words=NETWORKED)


def _indoors(values: pd.Series, head: str, rows: NDArray[np.int64]) -> tuple[pd.Series, list[Note]]:
    """Read which cameras hang indoors; how many do is said, for the codes are often reversed."""
    coded = ROOM_TYPES if plain(head) in ROOM_TYPE_HEADS else {}
    kept, notes = _truths(values, head, rows, words={**INDOORS, **coded})
    inside = int(kept.sum())
    if inside and coded:
        counts = {"column": head, "count": inside, "total": int(kept.notna().sum())}
        notes.append(Note("indoor_by_code", counts))
    return kept, notes


def _camera_kinds(
    values: pd.Series, head: str, rows: NDArray[np.int64]
) -> tuple[pd.Series, list[Note]]:
    codes = CAMERA_KINDS | PTZ_TYPES if plain(head) in PTZ_TYPE_HEADS else CAMERA_KINDS
    written = texts(values)
    found = [None if text is None else codes.get(plain(text)) for text in written]
    known = np.array([kind is not None for kind in found], dtype=bool)
    kept = [kind or text for kind, text in zip(found, written, strict=True)]
    return _series(kept, values.index), unread("kind_unknown", values, known, rows)


def _coded(
    kind: str, ours: str, values: pd.Series, head: str, rows: NDArray[np.int64]
) -> tuple[pd.Series, list[Note]]:
    """Turn the words of a code list into its codes; others stay, or become what is said of them."""
    codes = CODES[kind, ours] | (POSITION_TYPES if plain(head) in POSITION_TYPE_HEADS else {})
    endings = ENDINGS if (kind, ours) == ("incidents", "kind") else {}
    written = texts(values)
    read = {text: _code(text, codes, endings) for text in set(written) if text is not None}
    known = np.array([text is not None and read[text] is not None for text in written], dtype=bool)
    other = UNKNOWN_AS.get((kind, ours))
    if (kind, ours) in UNTOLD:
        found = [None if text is None else read[text] or other for text in written]
        return _series(found, values.index), _untold(written, known, rows, head)
    kept = [None if text is None else read[text] or other or text for text in written]
    if other is None:
        notes = unread("code_unknown", values, known, rows, column=head)
    else:
        notes = unread("code_unknown_as", values, known, rows, column=head, taken=other)
    return _series(kept, values.index), notes


def _untold(
    written: list[str | None], known: Mask, rows: NDArray[np.int64], head: str
) -> list[Note]:
    """Say where words stand that nobody knows, and not which."""
    missed = np.array([text is not None for text in written], dtype=bool) & ~known
    lines = rows[missed].tolist()
    said = {"column": head, "count": len(lines), "rows": lines}
    return [Note("code_untold", said)] if lines else []


def _code(text: str, codes: Mapping[str, str], endings: Mapping[str, str]) -> str | None:
    word = plain(text)
    ending = next((code for end, code in endings.items() if word.endswith(end)), None)
    return codes.get(word, ending)


def _duties(values: pd.Series, head: str, rows: NDArray[np.int64]) -> tuple[pd.Series, list[Note]]:
    """Turn words for duties into codes, each once, in the order of the list; others are left."""
    codes = CODES["posts", "duties"]
    kept: list[str | None] = []
    odd: list[str | None] = []
    for text in texts(values):
        words = [word for word in BETWEEN_DUTIES.split(text or "") if word]
        met = {codes.get(plain(word)) for word in words}
        kept.append(";".join(code for code in DUTIES if code in met) or None)
        odd.append("、".join(word for word in words if plain(word) not in codes) or None)
    none = np.zeros(len(values), dtype=bool)
    notes = unread("duty_unknown", _series(odd, values.index), none, rows, column=head)
    return _series(kept, values.index), notes


def _times(values: pd.Series, head: str, rows: NDArray[np.int64]) -> tuple[pd.Series, list[Note]]:
    """Read local times; seconds from a start, as receivers count them, stay numbers."""
    if pd.api.types.is_numeric_dtype(values):
        return values, []
    if values.dtype.kind == "M" and getattr(values.dtype, "tz", None) is None:
        return values.astype(TIME), []
    written = texts(values)
    zoned = np.array([text is not None and ZONED.search(text) is not None for text in written])
    local = [None if zone else text for text, zone in zip(written, zoned, strict=True)]
    kept = clock_times(pd.Series(local, index=values.index, dtype=object))
    notes = []
    if zoned.any():
        stated = pd.Series(written, index=values.index, dtype=object)[zoned]
        universal = pd.to_datetime(stated, format="ISO8601", errors="coerce", utc=True)
        kept[zoned] = universal.dt.tz_convert(LOCAL_ZONE).dt.tz_localize(None).astype(TIME)
        notes.append(Note("time_zone_converted", {"column": head, "count": int(zoned.sum())}))
    notes += unread("value_unreadable", values, kept.notna().to_numpy(), rows, column=head)
    return kept, notes


def _dates(values: pd.Series, head: str, rows: NDArray[np.int64]) -> tuple[pd.Series, list[Note]]:
    """Read days; a clock beside the day does not count, and a number alone is no day."""
    if pd.api.types.is_numeric_dtype(values):
        found: list[dt.date | None] = [None] * len(values)
    else:
        times, _ = _times(values, head, rows)
        found = [None if time is pd.NaT else time.date() for time in times]
    kept = pd.Series(found, index=values.index, dtype=object)
    return kept, unread("value_unreadable", values, kept.notna().to_numpy(), rows, column=head)


def _skills(values: pd.Series, head: str, rows: NDArray[np.int64]) -> tuple[pd.Series, list[Note]]:  # noqa: ARG001 - as all readers are called
    """Write lists of words in one way: each once, as they come, semicolons between."""
    parted = [BETWEEN_SKILLS.split(text or "") for text in texts(values)]
    words = [dict.fromkeys(word.strip() for word in some if word.strip()) for some in parted]
    return _series([";".join(some) or None for some in words], values.index), []


def _months(values: pd.Series, head: str, rows: NDArray[np.int64]) -> tuple[pd.Series, list[Note]]:
    kept = _series([month_of(text) for text in texts(values)], values.index)
    return kept, unread("value_unreadable", values, kept.notna().to_numpy(), rows, column=head)


def _series(values: Iterable[object], index: pd.Index) -> pd.Series:
    """Return text in the type that this pandas gives text."""
    return pd.Series(list(values), index=index)


READERS: Final[
    dict[str, Callable[[pd.Series, str, NDArray[np.int64]], tuple[pd.Series, list[Note]]]]
] = {
    "online": _truths,
    "round_view": _truths,
    "networked": _networked,
    "indoor": _indoors,
    "adjustable": _truths,
    "mandatory": _truths,
    "time": _times,
    "month": _months,
    "date": _dates,
    "skills": _skills,
    "tags": _skills,
    "about": _truths,
    "mediated": partial(_told_truths, words=MEDIATED),
    "mediation_success": partial(_told_truths, words=SUCCESSES),
    "visible": partial(_truths, words=VISIBLES),
    "both": partial(_truths, words=BOTHS),
    "required": partial(_truths, words=REQUIREDS),
    "kind": _camera_kinds,
}
"""Columns that are neither plain text nor limited numbers. `kind` is so for `OF_CAMERAS` alone."""
