"""What the forms beside the maps offer: areas, kinds, states and units that are stored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from data.store import Store
from maps.catalogue import CATALOGUE

MOST_AREAS: Final = 500
"""Areas that a form lists; where there are more, the code is typed."""

SPOKEN: Final = {"kind": "incident", "state": "state", "mode": "mode"}
"""Column -> what the catalogue of the maps calls its codes."""

DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)?")
"""What a field for dates can show."""


@dataclass(frozen=True)
class FilterField:
    """
    One field of a form.

    Parameters
    ----------
    name
        The query parameter.
    label
        Key of its label.
    value
        What was asked.
    type
        Of the input, where nothing is to be chosen from.
    choices
        Code -> what it is called.
    """

    name: str
    label: str
    value: str
    type: str = "text"
    choices: Mapping[str, str] | None = None


def area_field(store: Store, asked: str | None, lang: str) -> FilterField:
    """
    Offer the areas in scope.

    Parameters
    ----------
    store
        Opened for a scope.
    asked
        The code that was asked.
    lang
        "zh" or "en".

    Returns
    -------
    field
        A choice of areas by name and code; a field to type in where there are too many.
    """
    page = store.page("areas", limit=MOST_AREAS)
    if page.after is not None or page.frame.empty:
        return FilterField("area", "area", asked or "")
    form = "{name}（{code}）" if lang == "zh" else "{name} ({code})"
    names = {
        str(code): str(code) if pd.isna(name) else form.format(name=name, code=code)
        for code, name in zip(page.frame["area_id"], page.frame["name"], strict=True)
    }
    return FilterField("area", "area", asked or "", choices=dict(sorted(names.items())))


def choice_field(
    store: Store, layer: str, column: str, asked: str | None, lang: str
) -> FilterField:
    """
    Offer the values that the rows in scope have in a column.

    Parameters
    ----------
    store
        Opened for a scope.
    layer
        A key of `LAYERS`.
    column
        One of `COUNTED_BY`.
    asked
        The value that was asked.
    lang
        "zh" or "en".

    Returns
    -------
    field
        A choice of values in words.
    """
    label = f"incident_{column}" if column == "kind" else column
    counts = store.counts(layer, column)
    codes = counts.loc[(counts["seen"] > 0) & counts[column].notna(), column]
    names = {str(code): _spoken(column, str(code), lang) for code in codes}
    return FilterField(column, label, asked or "", choices=names)


def day_field(name: str, asked: str | None) -> FilterField:
    """Offer a day; a time that was asked in the address stands as text."""
    value = asked or ""
    return FilterField(name, name, value, type="date" if DAY.fullmatch(value) else "text")


def _spoken(column: str, code: str, lang: str) -> str:
    """Return what the maps call a code; what nobody knows stands as it is."""
    return CATALOGUE.get(f"{SPOKEN.get(column)}.{code}", {}).get(lang, code)
