"""How fast one goes along a street, by its class and the mode of moving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.due import text_column
from geo.errors import ColumnError, InvalidParameterError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

SPEEDS_KMH: Final = {
    "car": {
        "": 30.0,
        "motorway": 80.0, "expressway": 80.0, "高速公路": 80.0, "高速": 80.0,
        "trunk": 60.0, "快速路": 60.0, "城市快速路": 60.0,
        "primary": 40.0, "主干路": 40.0, "主干道": 40.0, "城市主干路": 40.0,
        "secondary": 40.0, "次干路": 40.0, "次干道": 40.0, "城市次干路": 40.0,
        "residential": 25.0, "living_street": 15.0, "service": 15.0,
    },
    "e_bike": {"": 20.0, "living_street": 15.0, "service": 15.0},
    "foot": {"": 5.0, "steps": 3.0},
}  # fmt: skip
"""Mode -> class of street -> km/h, waiting at junctions included; "" is every other class, and
none. In town a car makes 30 to 40, an e-bike 20, a walker 5: what circles of minutes are planned
with. Which streets a mode may use at all is said elsewhere."""

COLUMNS: Final = ("mode", "class", "kmh")
"""Columns of a table of speeds."""


def speed_table() -> pd.DataFrame:
    """
    Return the speeds that hold where nobody says otherwise, to change and pass back.

    Returns
    -------
    speeds
        `mode`, `class` ("" for every class that has no row of its own), `kmh`.
    """
    rows = [
        (mode, kind, kmh) for mode, classes in SPEEDS_KMH.items() for kind, kmh in classes.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def completed(speeds: pd.DataFrame | None) -> pd.DataFrame:
    """
    Check a table of speeds and complete it by the usual ones.

    Parameters
    ----------
    speeds
        n rows in the columns of `speed_table`; they replace the usual speed of their mode and
        class, or add one. None for the usual speeds.

    Returns
    -------
    speeds
        One row per mode and class.

    Raises
    ------
    ColumnError
        When a column is missing.
    InvalidParameterError
        When a mode is unknown, or a speed is not a number above 0.
    """
    usual = speed_table()
    if speeds is None:
        return usual
    missing = [column for column in COLUMNS if column not in speeds.columns]
    if missing:
        raise ColumnError(f"speeds: no column {missing[0]!r}; give {', '.join(COLUMNS)}")
    own = speeds.loc[:, list(COLUMNS)].reset_index(drop=True)
    own = own.assign(
        **{column: text_column(own, column).astype(object) for column in ("mode", "class")},
        kmh=pd.to_numeric(own["kmh"], errors="coerce"),
    )
    unknown = np.flatnonzero(~own["mode"].isin(list(SPEEDS_KMH)))
    if len(unknown):
        raise InvalidParameterError(
            f"speeds: row {unknown[0]} has the mode {speeds['mode'].iloc[unknown[0]]!r}; "
            f"use one of {', '.join(SPEEDS_KMH)}"
        )
    wrong = np.flatnonzero(~((own["kmh"] > 0.0) & np.isfinite(own["kmh"])))
    if len(wrong):
        raise InvalidParameterError(
            f"speeds: row {wrong[0]} has {speeds['kmh'].iloc[wrong[0]]!r} km/h; give a number "
            f"above 0, and leave a street out of the layer that nobody may use"
        )
    both = pd.concat([usual, own], ignore_index=True)
    return both.drop_duplicates(["mode", "class"], keep="last", ignore_index=True)


def kmh_of(streets: gpd.GeoDataFrame, mode: str, speeds: pd.DataFrame) -> NDArray[np.float64]:
    """
    Return how fast one goes along each street.

    Parameters
    ----------
    streets
        n rows; `class` is read where present.
    mode
        How one moves.
    speeds
        A complete table.

    Returns
    -------
    kmh
        n speeds in km/h, whether or not the mode may use the street.
    """
    own = speeds[speeds["mode"] == mode].set_index("class")["kmh"]
    kind = pd.Series(text_column(streets, "class"), dtype=object)
    return np.asarray(kind.map(own).fillna(own[""]), dtype=np.float64)
