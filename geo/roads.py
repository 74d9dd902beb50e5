"""Classes of road for reports: arterial, street, back lane, and what is none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.due import text_column
from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

ROAD_GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "arterial": frozenset(
        {"motorway", "trunk", "primary", "secondary", "expressway",
         "高速公路", "高速", "快速路", "主干路", "主干道", "次干路", "次干道", "干路", "干道",
         "干线", "国道", "省道", "一级公路", "二级公路", "城市快速路", "城市主干路", "城市次干路"}
    ),
    "street": frozenset(
        {"tertiary", "unclassified", "residential", "living_street", "pedestrian",
         "街道", "街", "支路", "支线", "城市支路", "步行街", "县道", "乡道", "村道", "三级公路",
         "四级公路"}
    ),
    "back_lane": frozenset(
        {"service", "alley", "footway", "path", "steps", "track", "track_grade1", "track_grade2",
         "track_grade3", "track_grade4", "track_grade5", "driveway",
         "背街小巷", "背街", "小巷", "巷", "巷道", "小街", "里弄", "弄堂", "弄", "胡同", "便道",
         "小路", "小道", "人行道", "步道", "内部道路", "小区道路"}
    ),
    "other": frozenset(
        {"cycleway", "bridleway", "busway", "raceway", "trail", "corridor", "elevator", "platform",
         "pier", "construction", "proposed", "rail", "railway", "subway", "ferry",
         "自行车道", "非机动车道", "匝道", "在建", "铁路", "轮渡"}
    ),
}  # fmt: skip
"""Group -> classes of OpenStreetMap and words of Chinese road tables, lower case. A project choice,
not a standard: pass a table of your own where a town classes its roads otherwise. Class `road` is
in none: its own definition is that nobody knows."""

UNKNOWN_ROAD: Final = "unknown"
"""The group of a street whose class is missing or in no group."""

LINK: Final = "_link"
"""The ending of a slip road's class; it is of the group of the road it leads to."""


def road_groups(
    streets: gpd.GeoDataFrame, *, groups: Mapping[str, frozenset[str]] = ROAD_GROUPS
) -> NDArray[np.object_]:
    """
    Tell of which group each street is.

    Parameters
    ----------
    streets
        n rows; `class` is read where present, in any case and with blanks around it.
    groups
        Group -> classes, lower case; a class is in one group at most.

    Returns
    -------
    group
        n texts: a key of `groups`, or `UNKNOWN_ROAD`.

    Raises
    ------
    InvalidParameterError
        When a class is in two groups.
    """
    of: dict[str, str] = {}
    for group, classes in groups.items():
        for name in sorted(classes):
            if name in of:
                raise InvalidParameterError(
                    f"groups: {name!r} is in {of[name]} and in {group}; leave it in one"
                )
            of[name] = group
    kinds, row = np.unique(text_column(streets, "class"), return_inverse=True)
    found = [of.get(kind, of.get(kind.removesuffix(LINK), UNKNOWN_ROAD)) for kind in kinds]
    return np.array(found, dtype=object)[row]
