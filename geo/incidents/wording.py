"""Words for counts and changes, in Chinese and English: units, directions, what is compared."""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Final

from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

NONE: Final = "—"
"""What is printed where there is no figure."""

LANGUAGES: Final = ("zh", "en")
"""The languages a text can be asked in."""

UNITS: Final[dict[str, tuple[str, str, str]]] = {
    "matter": ("件", "matter", "matters"),
    "occurrence": ("起", "occurrence", "occurrences"),
    "person": ("人", "person", "people"),
    "person_time": ("人次", "person-time", "person-times"),
    "household": ("户", "household", "households"),
    "item": ("条", "item", "items"),
    "session": ("场次", "session", "sessions"),
    "item_time": ("件次", "item-time", "item-times"),
    "occurrence_time": ("起次", "occurrence-time", "occurrence-times"),
}
"""Unit of a count -> its measure word, and the English word for one and for more. Counts of
different units are never added, so a printed count always has its unit."""

AGAINST: Final[dict[str, tuple[str, str]]] = {
    "year": ("同比", "year on year"),
    "period": ("环比", "on the period before"),
}
"""What a period is held against -> how a change is announced."""

PER: Final[dict[str, tuple[str, str]]] = {
    "day": ("日均", "per day"),
    "person": ("人均", "per head"),
}
"""What an exposure is counted in -> how a change per exposure is announced."""

MOVES: Final[dict[int, tuple[str, str]]] = {
    1: ("上升", "up"),
    0: ("持平", "unchanged"),
    -1: ("下降", "down"),
}
"""Sign of a change -> its word."""


def pick(texts: tuple[str, str], lang: str) -> str:
    """
    Return the text of a language.

    Parameters
    ----------
    texts
        Chinese and English.
    lang
        "zh" or "en".

    Returns
    -------
    text
        One of the two.

    Raises
    ------
    InvalidParameterError
        When the language is another.
    """
    if lang not in LANGUAGES:
        raise InvalidParameterError(f"lang: {lang!r} is not known; give zh or en")
    return texts[LANGUAGES.index(lang)]


def term(table: Mapping[str, tuple[str, str]], asked: str, lang: str) -> str:
    """
    Look a word up by its code or by its Chinese; a word of nobody's table is printed as it is.

    Parameters
    ----------
    table
        Code -> Chinese and English.
    asked
        A code, a Chinese word, or any other text.
    lang
        "zh" or "en".

    Returns
    -------
    word
        In that language where the table has it.
    """
    for code, texts in table.items():
        if asked in (code, texts[0]):
            return pick(texts, lang)
    return asked


def counted(number: str, unit: str, lang: str, *, one: bool = False) -> str:
    """
    Put the unit to a number that is already text.

    Parameters
    ----------
    number
        Such as "1,000" or "16→25".
    unit
        A code of `UNITS`, a measure word, or any other text.
    lang
        "zh" or "en".
    one
        Whether the number is one, which English tells apart.

    Returns
    -------
    text
        Such as "1,000件" or "1,000 matters".
    """
    nouns = {code: (zh, single if one else many) for code, (zh, single, many) in UNITS.items()}
    word = term(nouns, unit, lang)
    return f"{number}{word}" if lang == "zh" else f"{number} {word}".rstrip()


def count_text(count: int, *, at_least: bool = False, lang: str = "zh") -> str:
    """
    Print a count, and that it is "at least" where it is: 21,000余, at least 21,000.

    Parameters
    ----------
    count
        How many.
    at_least
        Whether there may be more.
    lang
        "zh" or "en".

    Returns
    -------
    text
        Without a unit.
    """
    text = f"{index(count):,d}"
    return pick((f"{text}余", f"at least {text}"), lang) if at_least else text
