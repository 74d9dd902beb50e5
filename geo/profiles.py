"""Who may use which street, in which direction, and on which level it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.due import MOTORWAYS, NO, number_column, text_column

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

PROFILES: Final = ("walk", "vehicle")
"""Who moves: on foot, in any direction; or driving, where it is wide enough and allowed."""

NO_WAY: Final = frozenset(
    {"rail", "railway", "subway", "ferry", "construction", "proposed"}
)  # fmt: skip
"""Classes on which nobody moves by his own means."""

FOOT_ONLY: Final = frozenset(
    {"footway", "pedestrian", "path", "steps", "corridor", "elevator", "platform", "pier",
     "bridleway", "cycleway", "人行道", "步行街", "步道"}
)  # fmt: skip
"""Classes on which nobody drives."""

VEHICLE_WIDTH_M: Final = 2.2
"""A lane narrower than this is for walking, in metres: a patrol car with its mirrors."""

FORWARD_ONLY: Final = frozenset({"yes", "true", "1", "1.0", "f", "ft", "是", "单行"})
"""Values of `oneway` that allow the direction of the line alone; F, T and B as in road data sold
for navigation: from, to, both."""

BACKWARD_ONLY: Final = frozenset({"-1", "-1.0", "reverse", "t", "tf", "逆向"})
"""Values of `oneway` that allow the other direction alone."""


def levels(streets: gpd.GeoDataFrame) -> Ints:
    """
    Return the level of each street.

    Parameters
    ----------
    streets
        n rows; `layer`, `bridge` and `tunnel` are read where present.

    Returns
    -------
    level
        n integers: `layer` where it is a number other than 0, else 1 for a bridge and -1 for a
        tunnel, else 0.
    """
    layer = number_column(streets, "layer")
    bridge = ~np.isin(text_column(streets, "bridge"), list(NO))
    tunnel = ~np.isin(text_column(streets, "tunnel"), list(NO))
    level = np.where(bridge, 1, np.where(tunnel, -1, 0))
    told = np.isfinite(layer) & (layer != 0.0)
    level[told] = np.round(layer[told]).astype(np.int64)
    return level.astype(np.int64)


def directions(streets: gpd.GeoDataFrame, profile: str) -> tuple[Bools, Bools]:
    """
    Tell in which directions each street may be used.

    Parameters
    ----------
    streets
        n rows; `class`, `oneway` and `width_m` are read where present.
    profile
        One of `PROFILES`.

    Returns
    -------
    forward, backward
        n flags each.
    """
    kind = text_column(streets, "class")
    if profile == "walk":
        open_ = ~np.isin(kind, list(MOTORWAYS | NO_WAY))
        return open_, open_.copy()
    narrow = number_column(streets, "width_m") < VEHICLE_WIDTH_M
    open_ = ~np.isin(kind, list(NO_WAY | FOOT_ONLY)) & ~narrow
    forward_only, backward_only = oneways(streets)
    return open_ & ~backward_only, open_ & ~forward_only


def oneways(streets: gpd.GeoDataFrame) -> tuple[Bools, Bools]:
    """
    Tell which streets are one-way.

    Parameters
    ----------
    streets
        n rows; `oneway` is read where present.

    Returns
    -------
    forward_only, backward_only
        n flags each.
    """
    oneway = text_column(streets, "oneway")
    return np.isin(oneway, list(FORWARD_ONLY)), np.isin(oneway, list(BACKWARD_ONLY))
