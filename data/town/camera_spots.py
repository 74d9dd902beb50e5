"""Where a camera makes sense: at key sites, junctions, compound gates and along roads."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from data.town.compounds import PATH_TAIL
from data.town.streets import THROUGH_CLASSES

SITE_M: Final = 15.0
"""Cameras at a key site stand this far to either hand of its gate."""

JUNCTION_M: Final = 12.0
"""Cameras at a junction stand this far into an arm, or a third of it."""

JUNCTION_ARMS: Final = 3
"""Fewer arms of through streets than this are no junction."""

ARMS_WATCHED: Final = 2
"""Cameras thought of at a junction, each on an arm of its own."""

GATE_M: Final = 14.0
"""Cameras at a gate stand this far inside, or the larger part of the path."""

ROAD_STEP_M: Final = 150.0
"""Along a road one camera is thought of for each stretch of this length."""

ON_STREET_M: Final = 0.01
"""A path that begins this near to a through street begins at a gate."""


def at_sites(ways: gpd.GeoDataFrame, key_sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return two spots at each key site, one on either hand, both looking at the gate."""
    lines, gates = ways.geometry.to_numpy(), key_sites.geometry.to_numpy()
    _, way = shapely.STRtree(lines).query_nearest(gates, all_matches=False)
    at_m = shapely.line_locate_point(lines[way], gates)
    length_m = shapely.length(lines[way])
    width_m = ways["width_m"].to_numpy()[way]
    names = key_sites["name"].to_numpy() + "门前"
    hands = [
        _spots(
            "site", lines[way], np.clip(at_m + step, 1.0, length_m - 1.0), step > 0, width_m, names
        )
        for step in (-SITE_M, SITE_M)
    ]
    return pd.concat(hands)


def at_junctions(streets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return a spot on the widest arms of each junction, looking down the arm."""
    through = streets[streets["class"].isin(THROUGH_CLASSES)]
    lines = through.geometry.to_numpy()
    length_m = shapely.length(lines)
    inset_m = np.minimum(JUNCTION_M, length_m / 3)
    width_m, names = through["width_m"].to_numpy(), through["name"].to_numpy()
    starts = _spots("junction", lines, inset_m, False, width_m, names)
    ends = _spots("junction", lines, length_m - inset_m, True, width_m, names)
    arms = pd.concat([starts, ends], ignore_index=True)
    nodes = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    arms["node"] = shapely.to_wkb(nodes, hex=True)
    arms = arms.sort_values("width_m", ascending=False, kind="stable")
    arms_met = arms.groupby("node")
    watched = (arms_met["name"].transform("size") >= JUNCTION_ARMS) & (
        arms_met.cumcount() < ARMS_WATCHED
    )
    crossing = arms_met["name"].transform("last")
    other = np.where(crossing == arms["name"], "", "与" + crossing)
    return arms.assign(name=arms["name"] + other + "路口")[watched].drop(columns="node")


def at_gates(streets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return a spot inside each gate of a compound, looking out."""
    roads = streets[streets["class"].isin(THROUGH_CLASSES)]
    paths = streets[streets["name"].str.endswith(PATH_TAIL)]
    mouths = shapely.get_point(paths.geometry.to_numpy(), 0)
    tree = shapely.STRtree(roads.geometry.to_numpy())
    gates = paths.iloc[np.unique(tree.query(mouths, "dwithin", ON_STREET_M)[0])]
    return _spots(
        "gate",
        gates.geometry.to_numpy(),
        np.minimum(GATE_M, gates.length.to_numpy() * 0.6),
        True,
        gates["width_m"].to_numpy(),
        gates["name"].str.removesuffix(PATH_TAIL).to_numpy() + "大门",
    )


def along_roads(ways: gpd.GeoDataFrame, rng: Generator) -> pd.DataFrame:
    """Return spots paced out along the through streets, looking either way."""
    roads = ways[ways["class"].isin(THROUGH_CLASSES)]
    length_m = roads.length.to_numpy()
    count = np.maximum(1, np.floor(length_m / ROAD_STEP_M)).astype(int)
    road = np.repeat(np.arange(len(roads)), count)
    step = np.arange(len(road)) - np.repeat(np.cumsum(count) - count, count)
    return _spots(
        "road",
        roads.geometry.to_numpy()[road],
        (step + rng.uniform(0.2, 0.8, len(road))) * (length_m / count)[road],
        rng.choice([True, False], len(road)),
        roads["width_m"].to_numpy()[road],
        roads["name"].to_numpy()[road],
    )


def _spots(
    setting: str,
    line: NDArray[np.object_],
    at_m: NDArray[np.float64],
    backward: ArrayLike,
    width_m: NDArray[np.float64],
    name: NDArray[np.object_],
) -> pd.DataFrame:
    """Return spots as a frame: where along which line, and whether looking against it."""
    return pd.DataFrame(
        {
            "setting": setting,
            "line": line,
            "at_m": at_m,
            "backward": backward,
            "width_m": width_m,
            "name": name,
        }
    )
