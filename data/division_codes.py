"""Codes of divisions: how their digits fall into levels, and which code lies below which."""

from typing import Final

LEVELS: Final = ("province", "prefecture", "county", "town", "village")
"""Levels of the tree from the top."""

ENDS: Final = (2, 4, 6, 9, 12)
"""Digits of a code up to the end of each level."""

DIGITS: Final = ENDS[-1]
"""Digits of a whole code."""

SKIPPED: Final = "county"
"""The one level that may be missing between others: some prefectures have towns and no county."""


def full_code(code: str | None) -> str | None:
    """
    Return a code with all its digits.

    Parameters
    ----------
    code
        2, 4, 6, 9 or 12 digits, or anything else.

    Returns
    -------
    full
        12 digits; None for what is no code of a division.
    """
    if code is None or not (code.isascii() and code.isdecimal()) or len(code) not in ENDS:
        return None
    padded = code.ljust(DIGITS, "0")
    blocks = _blocks(padded)
    gaps = [LEVELS[i] for i in range(depth_of(padded)) if int(blocks[i]) == 0]
    return padded if int(blocks[0]) > 0 and set(gaps) <= {SKIPPED} else None


def depth_of(code: str) -> int:
    """
    Return how deep a division lies.

    Parameters
    ----------
    code
        12 digits.

    Returns
    -------
    depth
        The position in `LEVELS` of the last block that is not zero.
    """
    return max((i for i, block in enumerate(_blocks(code)) if int(block)), default=0)


def parent_of(code: str) -> str | None:
    """
    Return the code above another: its last block that is not zero, set to zero.

    Parameters
    ----------
    code
        12 digits.

    Returns
    -------
    parent
        12 digits; None above a province.
    """
    depth = depth_of(code)
    return None if depth == 0 else code[: ENDS[depth - 1]].ljust(DIGITS, "0")


def division_prefix(code: str) -> str:
    """
    Cut a division code to the digits that its parts share.

    Parameters
    ----------
    code
        Up to 12 digits (15 with a grid); 2, 4, 6, 9, 12 or 15 of them count.

    Returns
    -------
    prefix
        "610981000000" gives "610981", "610900000000" gives "6109".
    """
    for length in ENDS:
        if len(code) > length and not code[length:].strip("0"):
            return code[:length]
    return code


def _blocks(code: str) -> list[str]:
    return [code[start:end] for start, end in zip((0, *ENDS[:-1]), ENDS, strict=True)]
