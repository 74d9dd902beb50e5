"""Cameras on poles at junctions, gates and along main roads, aimed along the street."""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from data.town.camera_spots import along_roads, at_gates, at_junctions, at_sites
from data.town.ground import METRIC_CRS, stream
from data.town.plan import Plan
from data.town.roadside import beside, bustle, due

COUNT: Final = 260
"""Cameras in the town."""

COUNT_IN_FIRST: Final = 33
"""Of these, cameras inside the first community."""

POLE_M: Final = (2.0, 5.0)
"""From the middle of a street to a pole at its kerb, least and most; walls are farther off."""

APART_M: Final = 9.0
"""Poles keep this far from each other."""

OFFLINE_SHARE: Final = 0.06
"""Share of cameras that do not answer."""

UNKNOWN_SHARE: Final = {"online": 0.02, "azimuth_deg": 0.03, "range_m": 0.05}
"""Share of cameras whose record lacks a value; a round view never has an azimuth."""


class Setting(NamedTuple):
    """Cameras at one sort of place: industry code, kinds and their shares, how sought after."""

    industry: str
    kinds: dict[str, float]
    worth: float


SETTINGS: Final = {
    "junction": Setting("00", {"fixed_bullet": 0.5, "ptz_dome": 0.36, "panoramic": 0.14}, 0.25),
    "road": Setting("00", {"fixed_bullet": 0.85, "ptz_dome": 0.15}, 0.0),
    "gate": Setting("01", {"fixed_dome": 0.7, "fixed_bullet": 0.3}, 0.15),
    "site": Setting("02", {"fixed_dome": 0.5, "ptz_dome": 0.3, "panoramic": 0.2}, 1.0),
}
"""By place; the industry code is digits 9 and 10 of the camera number."""


class Lens(NamedTuple):
    """What a camera sees and how it hangs."""

    fov_deg: float
    range_m: float
    height_m: tuple[float, float]


LENSES: Final = {
    "fixed_bullet": (Lens(84, 45, (4, 6)), Lens(52, 80, (4, 6)), Lens(38, 120, (5, 7))),
    "fixed_dome": (Lens(100, 30, (3, 4)), Lens(84, 40, (3, 4))),
    "ptz_dome": (Lens(60, 100, (6, 9)), Lens(60, 120, (6, 9))),
    "panoramic": (Lens(360, 50, (6, 8)),),
}
"""Lenses by kind; a swivelling camera has the view it is parked at."""

ID_HEAD: Final = "61099900"
"""Division 610999, which is not in use, and basic unit 00."""

ID_TYPE: Final = {"panoramic": "122"}
"""Digits 11 to 13 of the camera number where they are not 132, network camera."""


def make_cameras(
    plan: Plan,
    ways: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    key_sites: gpd.GeoDataFrame,
    *,
    seed: int,
) -> gpd.GeoDataFrame:
    """
    Return the cameras, numbered north to south.

    Parameters
    ----------
    plan
        Where the heart of the town is.
    ways, streets
        Named streets and their pieces between junctions, metric CRS.
    areas
        Grids, the first community first.
    key_sites
        Gates that are watched first.
    seed
        Source of places, lenses and states.
    """
    rng = stream(seed, 7)
    spots = pd.concat(
        [
            at_sites(due(ways), key_sites),
            at_junctions(due(streets)),
            at_gates(streets),
            along_roads(due(ways), rng),
        ],
        ignore_index=True,
    )
    side = rng.choice([-1.0, 1.0], len(spots))
    offset_m = np.clip(spots["width_m"].to_numpy() / 2, *POLE_M) * side
    places = beside(spots["line"].to_numpy(), spots["at_m"].to_numpy(), offset_m)
    spots["x"], spots["y"] = places.points.T
    heading = places.headings_deg + np.where(spots["backward"], 180.0, 0.0)
    spots["heading_deg"] = heading + rng.normal(0.0, 4.0, len(spots))
    extra = [SETTINGS[setting].worth for setting in spots["setting"]]
    worth = bustle(plan, places.points) + rng.uniform(0.0, 0.9, len(spots)) + extra
    first = areas[areas["parent_id"] == areas["parent_id"].iloc[0]]
    picked = _picked(spots, worth, first.geometry)
    picked = picked.sort_values(["y", "x"], ascending=[False, True], ignore_index=True)
    return _equipped(picked, rng)


def _picked(spots: pd.DataFrame, worth: NDArray[np.float64], first: gpd.GeoSeries) -> pd.DataFrame:
    """Return the places taken, the worthiest first, with the due number in the first community."""
    points = shapely.points(spots[["x", "y"]].to_numpy())
    community = shapely.union_all(first.to_numpy())
    inside = shapely.contains(community, points)
    on_border = shapely.dwithin(community.exterior, points, 1.0)
    room = {True: COUNT_IN_FIRST, False: COUNT - COUNT_IN_FIRST}
    kept: list[int] = []
    for spot in np.argsort(-worth, kind="stable"):  # whether one stays depends on those before it
        if on_border[spot] or not room[bool(inside[spot])]:
            continue
        if kept and shapely.distance(points[kept], points[spot]).min() < APART_M:
            continue
        room[bool(inside[spot])] -= 1
        kept.append(int(spot))
    return spots.iloc[kept]


def _equipped(spots: pd.DataFrame, rng: Generator) -> gpd.GeoDataFrame:
    """Return the cameras at the places taken: kind, lens, aim, state, number and name."""
    kinds, lenses = [], []
    for setting in spots["setting"]:
        shares = SETTINGS[setting].kinds
        kinds.append(str(rng.choice(list(shares), p=list(shares.values()))))
        lenses.append(LENSES[kinds[-1]][rng.integers(len(LENSES[kinds[-1]]))])
    missing = {column: rng.random(len(spots)) < share for column, share in UNKNOWN_SHARE.items()}
    missing["azimuth_deg"] |= np.array(kinds) == "panoramic"
    online = pd.array(rng.random(len(spots)) >= OFFLINE_SHARE, dtype="boolean")
    online[missing["online"]] = pd.NA
    serial = [
        f"{ID_HEAD}{SETTINGS[setting].industry}{ID_TYPE.get(kind, '132')}0{number:06d}"
        for number, (setting, kind) in enumerate(zip(spots["setting"], kinds, strict=True), 1)
    ]
    place = spots["name"] + spots.groupby("name").cumcount().add(1).astype(str) + "号"
    height_m = np.array([rng.uniform(*lens.height_m) for lens in lenses])
    azimuth_deg = np.round(spots["heading_deg"].to_numpy() % 360.0) % 360.0
    return gpd.GeoDataFrame(
        {
            "camera_id": serial,
            "name": place,
            "kind": kinds,
            "azimuth_deg": np.where(missing["azimuth_deg"], np.nan, azimuth_deg),
            "fov_deg": [float(lens.fov_deg) for lens in lenses],
            "range_m": np.where(missing["range_m"], np.nan, [lens.range_m for lens in lenses]),
            "height_m": np.round(height_m, 1),
            "tilt_deg": np.round(rng.uniform(6.0, 18.0, len(spots))),
            "online": online,
        },
        geometry=shapely.points(spots[["x", "y"]].to_numpy()),
        crs=METRIC_CRS,
    )
