"""Widths of pictures and focal lengths, as people write them: `1920*1080`, `4K`, `2.8mm`."""

import re
import unicodedata
from typing import Final

import numpy as np

from data.columns import plain

WIDTH_HEADS: Final = frozenset(map(plain, ("pixels", "水平像素")))
"""Heads that ask for the width, so that any number under them is one."""

LINE_WIDTHS: Final = {720: 1280, 960: 1280, 1080: 1920, 1440: 2560, 2160: 3840}
"""Lines of a picture -> its width: what `1080P` says."""

K_WIDTHS: Final = {2: 2560, 4: 3840, 8: 7680}
"""Name in K of a picture -> its width, as makers of cameras use these names."""

WIDTH_FROM: Final = 1280
"""Under other heads a plain number is a width from here on: less is a code of GB/T 28181, a number
of lines or millions of pixels (`200`, of ten thousand each)."""

SIDES: Final = re.compile(r"(\d+)\s*[x×*]\s*\d+")
"""Width and height of a picture, after NFKC and in lower case."""

NAMED: Final = re.compile(r"(\d+)([pk])")
"""Name of a picture by its lines or its width."""

PLAIN: Final = re.compile(r"\d+")
"""A whole number alone."""

FOCAL: Final = re.compile(r"(\d+\.?\d*|\.\d+)\s*(?:mm|毫米)?")
"""One focal length; a range is that of a zoom, whose focal length at any time is unknown."""


def picture_width(text: str | None, head: str) -> float:
    """
    Return how many pixels wide a picture is, from what a cell says of its size.

    Parameters
    ----------
    text
        A cell, such as `1920*1080`, `1080P`, `4K` or `1920`.
    head
        Head of the column: only some ask for the width.

    Returns
    -------
    pixels
        The width, or NaN where the cell does not say it.
    """
    written = _written(text)
    if sides := SIDES.fullmatch(written):
        return float(sides[1])
    if named := NAMED.fullmatch(written):
        widths = LINE_WIDTHS if named[2] == "p" else K_WIDTHS
        return float(widths.get(int(named[1]), np.nan))
    if PLAIN.fullmatch(written):
        number = int(written)
        if plain(head) in WIDTH_HEADS or (number >= WIDTH_FROM and number not in LINE_WIDTHS):
            return float(number)
    return np.nan


def focal_length(text: str | None, head: str) -> float:  # noqa: ARG001 - as `picture_width`
    """
    Return the focal length that a cell gives.

    Parameters
    ----------
    text
        A cell, such as `4mm` or `2.8`.
    head
        Head of the column.

    Returns
    -------
    focal_mm
        Millimetres, or NaN where the cell gives none, or those of a zoom.
    """
    found = FOCAL.fullmatch(_written(text))
    return float(found[1]) if found else np.nan


def _written(text: str | None) -> str:
    """Return a cell as it is compared; a blank one as no text."""
    return unicodedata.normalize("NFKC", text or "").strip().casefold()
