"""
Kinds of grid and the rules of each: digits of the code, what it must fill, how large it should be.

A kind is a layer of its own: what is asked of one grid is asked beside others of its kind. Rules
are held against files as remarks; no grid is refused for its code or its size.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.division_codes import DIGITS
from data.notes import Note
from data.shapes import Faults, Mask

SEQUENCE_DIGITS: Final = 3
"""Digits of a grid's number within its village, behind the village's own."""

Span = tuple[float, float]


@dataclass(frozen=True)
class GridRules:
    """
    What is asked of the grids of one kind; None where nothing is.

    Parameters
    ----------
    sequence
        The first and the last number that the three digits behind the 12 of the village may say.
    tiles_village
        Whether the grids of a village must fill it without gaps and overlaps.
    one_village
        Whether a grid must lie in one village.
    households
        Advice: how many a grid should have, from and to.
    people
        Advice: about how many.
    extent_m2
        Advice: about how large.
    """

    sequence: tuple[int, int] | None
    tiles_village: bool
    one_village: bool
    households: Span | None = None
    people: float | None = None
    extent_m2: float | None = None


GRID_RULES: Final[dict[str, GridRules]] = {
    "basic": GridRules((1, 900), True, True, households=(300, 500), people=1_000),
    "exclusive": GridRules((901, 999), False, True),
    "micro": GridRules(None, False, True, households=(30, 50)),
    "unit": GridRules((1, 999), True, True, extent_m2=10_000),
    "responsibility": GridRules(None, False, False),
    "beat": GridRules(None, False, False),
    "patrol": GridRules(None, False, False),
}
"""
Kind of grid -> its rules. An area of another kind, or of none, has none.

Numbers 901 to 999 are kept for exclusive grids (a campus, a market, a hospital), which lie among
the basic ones: the two kinds fill a village together. Police beats and patrol areas are the
police's to number, and may take in several villages. The advice on households is that for towns: in
the country a grid is a villager group, often of 50 to 300.
"""


def grid_remarks(values: pd.DataFrame, faults: Faults, rows: NDArray[np.int64]) -> list[Note]:
    """
    Hold the codes of grids against the rules of their kind, and count areas without a kind.

    Parameters
    ----------
    values
        n areas as read: `area_id`, and `kind`, `parent_id` where the file has them.
    faults
        Of the n rows: those with one are not looked at.
    rows
        n numbers by which a person finds the rows.

    Returns
    -------
    notes
        Which codes are none of their kind, which name another village than their parent, and how
        many rows of a file with kinds have none.
    """
    if "kind" not in values.columns:
        return []
    good = faults.good
    kinds = values["kind"].where(good)
    codes = values["area_id"].astype("string").fillna("")
    notes = []
    for kind, rules in GRID_RULES.items():
        odd = (kinds == kind).to_numpy(dtype=bool) & ~_fitting(codes, rules)
        notes += _note("grid_code_odd", odd, codes, rows, kind=kind)
    bound = kinds.isin([kind for kind, rules in GRID_RULES.items() if _is_numbered(rules)])
    notes += _note("grid_elsewhere", bound.to_numpy(dtype=bool) & _elsewhere(values), codes, rows)
    none = good & values["kind"].isna().to_numpy(dtype=bool)
    return notes + _note("grid_kind_missing", none, codes, rows)


def _is_numbered(rules: GridRules) -> bool:
    """Tell whether a code of this kind begins with that of its one village."""
    return rules.one_village and rules.sequence is not None


def _fitting(codes: pd.Series, rules: GridRules) -> Mask:
    """Tell which codes are of a kind: 12 digits of a village, and a number of those it takes."""
    if rules.sequence is None:
        return np.ones(len(codes), dtype=bool)
    formed = codes.str.fullmatch(rf"[0-9]{{{DIGITS + SEQUENCE_DIGITS}}}").to_numpy(dtype=bool)
    number = pd.to_numeric(codes.str[DIGITS:].where(formed), errors="coerce")
    first, last = rules.sequence
    return formed & number.between(first, last).to_numpy(dtype=bool, na_value=False)


def _elsewhere(values: pd.DataFrame) -> Mask:
    """Tell which codes begin with another village than the one that the row names as its parent."""
    if "parent_id" not in values.columns:
        return np.zeros(len(values), dtype=bool)
    codes = values["area_id"].astype("string").fillna("").str[:DIGITS]
    above = values["parent_id"].astype("string").fillna("")
    stated = above.str.fullmatch(rf"[0-9]{{{DIGITS}}}").to_numpy(dtype=bool)
    return stated & (codes != above).to_numpy(dtype=bool)


def _note(
    code: str, odd: Mask, codes: pd.Series, rows: NDArray[np.int64], **more: str
) -> list[Note]:
    if not odd.any():
        return []
    met = codes[odd].tolist()
    said = {"count": len(met), "values": met, "rows": rows[odd].tolist()}
    return [Note(code, said | more)]
