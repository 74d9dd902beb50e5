"""Every word that a page shows, in both languages, and how numbers are written in them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from maps.catalogue import CATALOGUE
from maps.errors import MapsError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

LANGUAGES: Final = ("zh", "en")
"""Chinese comes first: it is the language of the offices this is made for."""

KILOMETRE: Final = 1000.0
"""From this many metres on, a length is written in kilometres."""

FEW_METRES: Final = 10.0
"""Below this many metres one decimal is written: the end of a gap matters there."""


class UnknownLanguageError(MapsError, ValueError):
    """A page was asked for in a language that the catalogue does not hold."""


@dataclass(frozen=True)
class Words:
    """
    The catalogue in one language.

    Parameters
    ----------
    lang
        "zh" or "en".
    """

    lang: str

    def __call__(self, key: str, **values: str) -> str:
        """
        Look up one wording and fill its places.

        Parameters
        ----------
        key
            A key of the catalogue.
        values
            What the named places of the wording are filled with.

        Returns
        -------
        text
            Plain text, not escaped.
        """
        return CATALOGUE[key][self.lang].format(**values)

    def code(self, group: str, value: Any) -> str:  # noqa: ANN401 - a cell of a frame
        """
        Look up the word of a stored code.

        Parameters
        ----------
        group
            What is coded, as in the keys of the catalogue: "post", "camera", "incident" ...
        value
            The code as it is stored.

        Returns
        -------
        text
            Its word; a code nobody listed as it came; empty when it is missing.
        """
        text = cell(value)
        entry = CATALOGUE.get(f"{group}.{text}")
        return entry[self.lang] if entry else text

    def lines(self, title: str, pairs: Iterable[tuple[str, str]]) -> list[str]:
        """
        Write a tooltip: a title, and a label with its value a line.

        Parameters
        ----------
        title
            Plain text.
        pairs
            Keys of the catalogue, and values that are already written out.

        Returns
        -------
        lines
            Plain text; what is empty is left out.
        """
        labelled = (self("pair", label=self(label), value=value) for label, value in pairs if value)
        return [*filter(None, [title]), *labelled]

    def length(self, length_m: float) -> str:
        """
        Write a length in metres or kilometres.

        Parameters
        ----------
        length_m
            Metres, at least 0.

        Returns
        -------
        text
            The number with its unit.
        """
        if length_m >= KILOMETRE:
            return self("km", number=f"{length_m / KILOMETRE:,.2f}")
        if 0.0 < length_m < FEW_METRES:
            return self("m", number=f"{length_m:.1f}")
        return self("m", number=f"{length_m:.0f}")

    def area(self, area_m2: float) -> str:
        """
        Write an area in square metres.

        Parameters
        ----------
        area_m2
            Square metres.

        Returns
        -------
        text
            The number with its unit.
        """
        return self("m2", number=f"{area_m2:,.0f}")

    def share(self, share: float | None) -> str:
        """
        Write a share in percent, or that there is nothing to take a share of.

        Parameters
        ----------
        share
            Between 0 and 1; none or not a number where the base is zero.

        Returns
        -------
        text
            One decimal; 100.0 and 0.0 are written only when exactly that is meant.
        """
        if share is None or math.isnan(share):
            return self("no_base")
        # A street with one gap is not covered wholly, however short the gap.
        tenths = round(share * 1000.0)
        if tenths == 1000 and share < 1.0:  # noqa: PLR2004 - a thousand tenths of a percent
            tenths = 999
        if tenths == 0 and share > 0.0:
            tenths = 1
        return f"{tenths / 10.0:.1f}%"

    def day(self, day: dt.date) -> str:
        """
        Write a date.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        text
            The date as the language writes it.
        """
        return self("day", year=str(day.year), month=str(day.month), day=str(day.day))


def words(lang: str) -> Words:
    """
    Return the catalogue in one language.

    Parameters
    ----------
    lang
        "zh" or "en".

    Returns
    -------
    words
        The lookup that every builder and the page use.

    Raises
    ------
    UnknownLanguageError
        When the catalogue does not hold the language.
    """
    if lang not in LANGUAGES:
        raise UnknownLanguageError(
            f"lang: {lang!r} is not in the catalogue; choose one of {', '.join(LANGUAGES)}"
        )
    return Words(lang)


def cell(value: Any) -> str:  # noqa: ANN401 - a cell of a frame
    """
    Write one cell of a frame as text.

    Parameters
    ----------
    value
        Anything a frame holds.

    Returns
    -------
    text
        The text without blanks around it; empty when the value is missing. A whole number that a
        column with holes turned into a float is written without its ".0".
    """
    # Only what is missing differs from itself; pandas' NA refuses to say, and is caught by name.
    if value is None or type(value).__name__ in {"NAType", "NaTType"} or value != value:  # noqa: PLR0124
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
