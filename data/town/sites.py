"""Key sites: the gates of schools, markets, hospitals, station, square and parks."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from data.town.ground import METRIC_CRS
from data.town.land import inmost
from data.town.quarters import GROUNDS
from data.town.streets import THROUGH_CLASSES

ON_BORDER_M: Final = 0.01
"""A street whose middle is this near to a block bounds it."""

GATE_SHARE: Final = (0.25, 0.75)
"""Gates open along this part of a street, clear of its junctions."""


def make_key_sites(land: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one gate for each public ground, on the widest street it borders on."""
    fronts = streets[streets["class"].isin(THROUGH_CLASSES) & (streets["tunnel"] == "no")]
    lines = fronts.geometry.to_numpy()
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    gates = []
    for ground in GROUNDS:  # a dozen
        face = land.geometry[land["name"] == ground.name].iloc[0]
        bordering = shapely.dwithin(middles, face.exterior, ON_BORDER_M)
        width_m = fronts["width_m"].to_numpy()
        front = int(np.lexsort((-shapely.length(lines), -width_m, ~bordering))[0])
        share = lines[front].project(shapely.Point(inmost(face)), normalized=True)
        gates.append(lines[front].interpolate(np.clip(share, *GATE_SHARE), normalized=True))
    return gpd.GeoDataFrame(
        {
            "site_id": [f"K{number:02d}" for number in range(1, len(GROUNDS) + 1)],
            "kind": [ground.kind for ground in GROUNDS],
            "name": [ground.name for ground in GROUNDS],
        },
        geometry=gates,
        crs=METRIC_CRS,
    )
