"""What the forms beside the maps offer: areas, kinds, states and units that are stored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from api.page_words import WORDS
from api.stored import grids_alone
from data.store import Store
from maps.catalogue import CATALOGUE

MOST_AREAS: Final = 500
"""Areas that a form lists; where there are more, the code is typed."""

SPOKEN: Final = {"kind": "incident", "state": "state", "mode": "mode"}
"""Column -> what the catalogue of the maps calls its codes."""

DISTANCES: Final = {"street": "distance_street", "straight": "distance_straight"}
"""How far a post is from a place -> key of its label; along the streets first, the default."""

GRID_KINDS: Final = {
    "basic": "grid_basic",
    "exclusive": "grid_exclusive",
    "micro": "grid_micro",
    "unit": "grid_unit",
    "responsibility": "grid_responsibility",
    "beat": "grid_beat",
    "patrol": "grid_patrol",
}
"""Kind of grid -> key of its label."""

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
    blank
        Whether nothing may be chosen, which asks for all.
    """

    name: str
    label: str
    value: str
    type: str = "text"
    choices: Mapping[str, str] | None = None
    blank: bool = True


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
        A choice of areas by name and code; a field to type in where there are too many. Patrol
        areas and beats are offered only where there are no others.
    """
    page = store.page("areas", limit=MOST_AREAS)
    if page.after is not None or page.frame.empty:
        return FilterField("area", "area", asked or "")
    form = "{name}（{code}）" if lang == "zh" else "{name} ({code})"
    areas = grids_alone(page.frame)
    names = {
        str(code): str(code) if pd.isna(name) else form.format(name=name, code=code)
        for code, name in zip(areas["area_id"], areas["name"], strict=True)
    }
    return FilterField("area", "area", asked or "", choices=dict(sorted(names.items())))


def village_field(store: Store, asked: str | None) -> FilterField:
    """
    Offer the villages that areas in scope name as their parent.

    Parameters
    ----------
    store
        Opened for a scope.
    asked
        The code that was asked.

    Returns
    -------
    field
        A choice of codes; a field to type in where there are too many areas.
    """
    page = store.page("areas", limit=MOST_AREAS)
    parents = page.frame["parent_id"].dropna().astype(str).unique().tolist()
    if page.after is not None or not parents:
        return FilterField("area", "village", asked or "")
    return FilterField("area", "village", asked or "", choices={c: c for c in sorted(parents)})


def kind_field(asked: str | None, lang: str) -> FilterField:
    """Offer the kinds of grid."""
    choices = {kind: WORDS[key][lang != "zh"] for kind, key in GRID_KINDS.items()}
    return FilterField("kind", "grid_kind", asked or "", choices=choices)


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


def distance_field(asked: str, lang: str) -> FilterField:
    """Offer the ways in which the reach of a post is measured."""
    choices = {name: WORDS[key][lang != "zh"] for name, key in DISTANCES.items()}
    return FilterField("distance", "distance", asked, choices=choices, blank=False)


def _spoken(column: str, code: str, lang: str) -> str:
    """Return what the maps call a code; what nobody knows stands as it is."""
    return CATALOGUE.get(f"{SPOKEN.get(column)}.{code}", {}).get(lang, code)
