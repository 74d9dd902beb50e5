"""Which streets are due: those whose coverage is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

MOTORWAYS: Final = frozenset({"motorway", "motorway_link", "expressway", "高速公路", "高速"})
"""Street classes nobody walks or watches on foot."""

NOT_STREETS: Final = frozenset(
    {"rail", "railway", "subway", "ferry", "construction", "proposed", "elevator", "corridor",
     "platform", "pier"}
)  # fmt: skip
"""Classes that street layers carry and that are no street (yet), or lie indoors."""

ELEVATED: Final = frozenset({"viaduct", "elevated", "高架"})
"""Values of `bridge` that name an elevated road rather than a crossing."""

ELEVATED_LEVEL: Final = 2
"""A bridge on this `layer` or a higher one crosses other roads, not a river."""

THROUGH_ROADS: Final = frozenset({"trunk", "trunk_link", "快速路"}) | MOTORWAYS
"""Classes that are elevated roads wherever they are a bridge."""

DUE_COLUMNS: Final = ("class", "bridge", "tunnel", "layer")
"""Columns of streets that it depends on whether they are due."""

EXCLUSIONS: Final = ("not_street", "tunnel", "elevated", "motorway", "class")
"""Why a street is not due; where several hold, the first is given."""

NO: Final = frozenset({"", "no", "n", "false", "f", "0", "0.0", "否", "none", "nan", "<na>"})
"""Values that deny a yes-or-no column; everything else affirms it."""


@dataclass(frozen=True)
class DueRule:
    """
    Choose the streets whose coverage counts.

    A missing column excludes nothing. Bridges over a river stay due: an elevated road is a
    viaduct, a bridge two or more levels up, or a through road on a bridge.

    Parameters
    ----------
    classes
        Only these classes are due; None for all but motorways and what is no street.
    tunnels
        Whether tunnels are due.
    elevated
        Whether elevated roads are due.
    motorways
        Whether motorways are due.
    """

    classes: frozenset[str] | None = None
    tunnels: bool = False
    elevated: bool = False
    motorways: bool = False

    def exclusion(self, streets: gpd.GeoDataFrame) -> NDArray[np.object_]:
        """
        Say for each street why it is not due.

        Parameters
        ----------
        streets
            n rows; the columns `class`, `bridge`, `tunnel` and `layer` are read where present.

        Returns
        -------
        reason
            n texts: "" where the street is due, else one of `EXCLUSIONS`.
        """
        kind = text_column(streets, "class")
        bridge = text_column(streets, "bridge")
        is_bridge = ~np.isin(bridge, list(NO))
        high = np.isin(kind, list(THROUGH_ROADS)) | (
            number_column(streets, "layer") >= ELEVATED_LEVEL
        )
        elevated = np.isin(bridge, list(ELEVATED)) | (is_bridge & high)
        tunnel = ~np.isin(text_column(streets, "tunnel"), list(NO))
        holds = {
            "not_street": np.isin(kind, list(NOT_STREETS)),
            "tunnel": tunnel & (not self.tunnels),
            "elevated": elevated & (not self.elevated),
            "motorway": np.isin(kind, list(MOTORWAYS)) & (not self.motorways),
            "class": self.classes is not None and ~np.isin(kind, list(self.classes)),
        }
        reason = np.full(len(streets), "", dtype=object)
        for name in reversed(EXCLUSIONS):
            reason[holds[name]] = name
        return reason


def text_column(frame: gpd.GeoDataFrame, column: str) -> NDArray[np.str_]:
    """
    Return a column as text to compare.

    Parameters
    ----------
    frame
        n rows.
    column
        Its name.

    Returns
    -------
    texts
        n lower-case texts without outer blanks, "" where the column or a value is missing.
    """
    if column not in frame.columns:
        return np.full(len(frame), "", dtype=str)
    # A column has few words; each is read once.
    code, words = pd.factorize(frame[column].to_numpy(dtype=object))
    plain = np.array([*(str(word).strip().lower() for word in words), ""], dtype=str)
    return plain[code]


def number_column(frame: gpd.GeoDataFrame, column: str) -> NDArray[np.float64]:
    """
    Return a column as numbers.

    Parameters
    ----------
    frame
        n rows.
    column
        Its name.

    Returns
    -------
    numbers
        n numbers, NaN where the column is missing or a value is none.
    """
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    return np.asarray(pd.to_numeric(frame[column], errors="coerce"), dtype=np.float64)
