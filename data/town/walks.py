"""Tracks of one day: units on their routes, seen by devices that err, fall silent and jump."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from data.town.ground import METRIC_CRS, Points, stream

DAY: Final = pd.Timestamp("2026-06-30")
"""The last day that the town has incidents of."""

SPEEDS_M_S: Final = {"foot": 1.2, "e_bike": 4.0, "car": 6.5}
"""How fast a unit moves, by mode."""

STARTS: Final = {"day": pd.Timedelta(hours=8, minutes=10), "night": pd.Timedelta(hours=20)}
"""When a unit sets out, by shift of its route."""

EVERY_S: Final = 10
"""Seconds between two fixes."""

SPREAD_M: Final = 5.0
"""How far a fix is from the truth along each axis, as a standard deviation."""

MEMORY_S: Final = 30.0
"""How long an error lasts: two fixes that follow upon each other err alike."""

SILENT_S: Final = 900
"""How long the device of the first unit says nothing, in seconds."""

JUMPS: Final = 2
"""Fixes of each track that are kilometres away, as reflections make them."""

UNITS: Final = {
    "步巡一组": "U01", "步巡二组": "U02", "骑巡一组": "U08", "车巡一组": "U11",
}  # fmt: skip
"""Name of the unit of a route -> its id among the units."""


def make_tracks(
    routes: gpd.GeoDataFrame, must_visit: gpd.GeoDataFrame, *, seed: int
) -> gpd.GeoDataFrame:
    """Return a track for each route: its unit goes round once and stays at each point but one."""
    rng = stream(seed, 10)
    tracks = []
    for number, (line, route, unit, mode, shift) in enumerate(
        zip(
            routes.geometry, routes["route_id"], routes["unit"], routes["mode"], routes["shift"],
            strict=True,
        )
    ):  # fmt: skip
        points = must_visit[must_visit["route_id"] == route]
        # The last point of every route is passed by without a stay.
        stays = points["dwell_min"].to_numpy(dtype=float) * 60.0
        stays[-1] = 0.0
        at_m = shapely.line_locate_point(line, points.geometry.to_numpy())
        where, seconds = _round(line, at_m, stays, SPEEDS_M_S[mode])
        seen = _seen(where, rng)
        kept = np.ones(len(seen), dtype=bool)
        if number == 0:
            kept = (seconds < 1800) | (seconds > 1800 + SILENT_S)  # noqa: PLR2004 - half an hour on
        far = rng.choice(np.flatnonzero(kept)[1:-1], JUMPS, replace=False)
        seen[far] += (2_500.0, 1_500.0)
        tracks.append(
            pd.DataFrame(
                {
                    "track_id": f"T{number + 1:02d}",
                    "unit_id": UNITS[unit],
                    "time": (DAY + STARTS[shift] + pd.to_timedelta(seconds, unit="s")).strftime(
                        "%Y-%m-%d %H:%M:%S"
                    ),
                    "accuracy_m": np.round(rng.uniform(3.0, 12.0, len(seen)), 1),
                    "geometry": shapely.points(seen),
                }
            )[kept]
        )
    made = pd.concat(tracks, ignore_index=True)
    return gpd.GeoDataFrame(made, geometry="geometry", crs=METRIC_CRS)


def _round(
    line: shapely.LineString, at_m: NDArray[np.float64], stays_s: NDArray[np.float64], speed: float
) -> tuple[Points, NDArray[np.int64]]:
    """Return where a unit is every few seconds: evenly along the line, standing at its points."""
    reach_s = at_m / speed + np.concatenate(([0.0], np.cumsum(stays_s)[:-1]))
    knots_s = np.concatenate(([0.0], np.column_stack((reach_s, reach_s + stays_s)).ravel()))
    knots_m = np.concatenate(([0.0], np.repeat(at_m, 2)))
    last_s = knots_s[-1] + (line.length - at_m[-1]) / speed
    seconds = np.arange(0, int(last_s), EVERY_S)
    along = np.interp(seconds, np.append(knots_s, last_s), np.append(knots_m, line.length))
    return shapely.get_coordinates(shapely.line_interpolate_point(line, along)), seconds


def _seen(where: Points, rng: Generator) -> Points:
    """Return places as a device sees them: its error fades as fast as its memory."""
    kept = np.exp(-EVERY_S / MEMORY_S)
    fresh = rng.normal(0.0, SPREAD_M * np.sqrt(1.0 - kept**2), where.shape)
    error = np.empty_like(fresh)
    error[0] = rng.normal(0.0, SPREAD_M, 2)
    for step in range(1, len(fresh)):
        error[step] = kept * error[step - 1] + fresh[step]
    return where + error
