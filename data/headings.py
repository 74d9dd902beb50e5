"""Where cameras look, as people write it: `90`, `NNE`, `90;270`, `239-284`, `0-360`."""

import math
import re
import unicodedata
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.codes import AROUND_COMPASS, DIRECTION_TYPE_HEADS, DIRECTION_TYPES, POINTS_OF_COMPASS
from data.columns import plain
from data.limits import FULL_CIRCLE_DEG
from data.notes import Note
from data.values import as_text, number, texts, unread

Look = tuple[float, float]
"""Heading and width of one lens, in degrees; the width of a plain heading is 0."""

ROUND_FROM_DEG: Final = 350.0
"""A range of headings from here on is a round view: people write 0-360, 0-359 and 1-359."""

BETWEEN_HEADINGS: Final = re.compile(r"\s*[;,、|/]\s*")
"""What parts the headings of several lenses, after NFKC: `90;270`."""

RANGE: Final = re.compile(r"(.+?)\s*(?:-|–|—|~|至|到)\s*([^-+].*)")
"""A range of headings: `239-284`, clockwise from the first to the second."""


def headings(
    values: pd.Series, head: str, rows: NDArray[np.int64]
) -> tuple[pd.DataFrame, list[Note]]:
    """
    Read where cameras look: a heading, a list for several lenses, or a range.

    Parameters
    ----------
    values
        n cells as the file has them: `90`, `NNE`, `朝东北`, `90;270`, `239-284`, `0-360`.
    head
        Head of the column: under that of DirectionType the numbers 1 to 8 are codes.
    rows
        n numbers by which a person finds the rows, for notes.

    Returns
    -------
    found
        n rows: `azimuth_deg` (of the first lens; the middle of a range), `headings` (all of them
        as `90;270`, where there are several), `fov_deg` (the width of a range), `round_view`.
    notes
        Which cells could not be read; such a camera's heading is unknown.
    """
    written = texts(values)
    coded = plain(head) in DIRECTION_TYPE_HEADS
    read = {text: _looks(text, coded=coded) for text in set(written) if text is not None}
    looks = [None if text is None else read[text] for text in written]
    known = np.array([look is not None for look in looks], dtype=np.bool_)
    around = np.array([look is not None and _is_round(look) for look in looks], dtype=np.bool_)
    aimed = [None if turn else look for look, turn in zip(looks, around, strict=True)]
    found = {
        "azimuth_deg": [np.nan if look is None else look[0][0] for look in aimed],
        "headings": np.array([_listed(look) for look in aimed], dtype=object),
        "fov_deg": [np.nan if look is None else look[0][1] or np.nan for look in aimed],
        "round_view": around,
    }
    return pd.DataFrame(found, index=values.index), unread("azimuth_unknown", values, known, rows)


def _is_round(look: list[Look]) -> bool:
    return any(width >= ROUND_FROM_DEG for _, width in look)


def _listed(look: list[Look] | None) -> str | None:
    if look is None or len(look) == 1:
        return None
    return ";".join(as_text(heading) or "" for heading, _ in look)


def _looks(text: str, *, coded: bool) -> list[Look] | None:
    """Return heading and width of every lens that a cell names, or None if one is unreadable."""
    written = unicodedata.normalize("NFKC", text).strip().strip(";,、")
    looks = [_look(part, coded=coded) for part in BETWEEN_HEADINGS.split(written)]
    known = [look for look in looks if look is not None]
    return known if len(known) == len(looks) else None


def _look(text: str, *, coded: bool) -> Look | None:
    """Read one lens, or return None."""
    alone = _bearing(text, coded=coded)
    if math.isfinite(alone):
        return _turned(alone), 0.0
    ends = None if coded else RANGE.fullmatch(text)
    if ends is None:
        return None
    start, end = (_bearing(part, coded=False) for part in ends.groups())
    # From 350 to 10 leads over north: 20 degrees, not 340.
    width = end - start if start <= end else end - start + FULL_CIRCLE_DEG
    if not 0.0 <= width <= FULL_CIRCLE_DEG:  # NaN is neither
        return None
    return _turned(start + width / 2.0), width


def _bearing(text: str, *, coded: bool) -> float:
    degrees = number(text)
    if coded and math.isfinite(degrees):
        return float(DIRECTION_TYPES.get(int(degrees), np.nan)) if degrees % 1 == 0 else np.nan
    return degrees if math.isfinite(degrees) else _compass(text)


def _turned(heading: float) -> float:
    turned = heading % FULL_CIRCLE_DEG
    # The remainder of a tiny negative number rounds up to 360 itself.
    return 0.0 if turned == FULL_CIRCLE_DEG else turned


def _compass(text: str) -> float:
    word = plain(text)
    around = AROUND_COMPASS.match(word)
    return POINTS_OF_COMPASS.get(
        word, POINTS_OF_COMPASS.get(around[1], np.nan) if around else np.nan
    )
