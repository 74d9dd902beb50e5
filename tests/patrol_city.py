"""
A city for tests of patrols: areas, segments and points as the reports count them, and units.

Everything is invented and drawn from a seed. Streets make a crooked lattice, four each way in
every area; areas part halfway between streets, so that a segment, which runs from crossing to
crossing, lies in one area. Some streets are one-way, and every third area has an alley for feet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.town.names import ordinal, stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CITY_CRS: Final = "EPSG:4545"
"""The three-degree zone of 108 degrees east."""

CORNER: Final = (530_000.0, 3_632_000.0)
"""South-west of the city, in metres."""

ACROSS: Final = 4
"""Streets each way in an area."""

SPACING_M: Final = (110.0, 190.0)
"""From one street to the next, in metres: the least and the most."""

CROOKED_M: Final = 15.0
"""How far a crossing may lie off its lattice, each way, in metres."""

REPORTED: Final = {"areas": 56, "segments": 580, "points": 620}
"""What the reports count; a smaller city has as many of each an area, as near as may be."""

SHIFTS: Final = {
    "early": ("早班", "06:00-14:00", "10:00-12:00"),
    "late": ("中班", "14:00-22:00", "17:00-19:00"),
    "night": ("晚班", "22:00-06:00", "01:00-03:00"),
}
"""Shift -> its Chinese name, its hours, and when its break must begin."""

SPEEDS_KMH: Final = {"foot": 4.5, "e_bike": 15.0, "car": 25.0}
"""Mode -> how fast it goes on patrol."""

FORCES: Final = ("station_police", "patrol_swat", "auxiliary_police", "traffic_police")
"""Forces, by turns."""


@dataclass(frozen=True, eq=False)
class PatrolCity:
    """
    What a patrol is planned from, in one CRS.

    Parameters
    ----------
    streets
        `street_id, name, class, oneway, width_m`: pieces that begin and end at crossings, and pass
        others.
    areas
        `area_id, name, kind`; they tile the city.
    segments
        `segment_id, name, area_code, visits, windows, both, required, prize_m, priority, skills`:
        lines along the streets; those of an area share no stretch.
    points
        `point_id, name, area_code, dwell_min, windows, visits, required, prize_m, priority,
        skills`: each within 20 m of a segment of its own area.
    units
        A table without places: one unit an area and shift, which starts and ends at the standby
        place of the area; on foot where the area has an alley.
    standby
        `place_id, name, hours`: one place an area, at a crossing.
    """

    streets: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    segments: gpd.GeoDataFrame
    points: gpd.GeoDataFrame
    units: pd.DataFrame
    standby: gpd.GeoDataFrame

    def lonlat(self) -> PatrolCity:
        """Return the same city in degrees, as files and the store have it."""
        placed = ("streets", "areas", "segments", "points", "standby")
        return replace(self, **{name: getattr(self, name).to_crs(4326) for name in placed})


def patrol_city(seed: int = 0, *, columns: int = 7, rows: int = 8) -> PatrolCity:
    """
    Draw a city.

    Parameters
    ----------
    seed
        Of all that is drawn.
    columns, rows
        Areas from west to east, and from south to north; with both as they are, the city has the
        56 areas, 580 segments and 620 points of the reports.

    Returns
    -------
    city
        Frames in `CITY_CRS`.
    """
    random = np.random.default_rng(seed)
    x, y = (_lines(ACROSS * count, random) for count in (columns, rows))
    crossings = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    crossings = crossings + random.uniform(-CROOKED_M, CROOKED_M, crossings.shape) + CORNER
    names = [f"{stem}路" for stem in stems(random)]
    count = columns * rows
    codes = [f"XQ{number:02d}" for number in range(1, count + 1)]
    alleys = {
        area: shapely.LineString(_alley(_block(crossings, area, columns)))
        for area in range(0, count, 3)
    }
    parts = _shared(count, REPORTED["segments"], random)
    lines = [
        _segments(_block(crossings, area, columns), alleys.get(area), parts[area], random)
        for area in range(count)
    ]
    stops = _shared(count, REPORTED["points"], random)
    return PatrolCity(
        _streets(crossings, names, list(alleys.values())),
        _areas(x, y, codes, columns),
        _segment_frame(lines, codes, random),
        _point_frame(lines, codes, stops, random),
        _units(codes, alleys),
        _standby(crossings, codes, columns),
    )


def _lines(count: int, random: np.random.Generator) -> Floats:
    """Return where `count` streets lie side by side, in metres from the first."""
    return np.cumsum(np.r_[0.0, random.uniform(*SPACING_M, count - 1)])


def _shared(count: int, reported: int, random: np.random.Generator) -> list[int]:
    """Return how many things each area has, alike but for a few that have one more."""
    each, more = divmod(round(count * reported / REPORTED["areas"]), count)
    lucky = random.choice(count, more, replace=False)
    return [each + (area in lucky) for area in range(count)]


def _block(crossings: Floats, area: int, columns: int) -> Floats:
    """Return the crossings of one area, `ACROSS` x `ACROSS`."""
    row, column = divmod(area, columns)
    west, south = column * ACROSS, row * ACROSS
    block: Floats = crossings[west : west + ACROSS, south : south + ACROSS]
    return block


def _alley(block: Floats) -> Floats:
    """Return the ends of a way through the middle of an area, halfway between two streets."""
    return np.array([(block[1, side] + block[2, side]) / 2.0 for side in (1, 2)])


def _streets(
    crossings: Floats, names: Sequence[str], alleys: Sequence[shapely.LineString]
) -> gpd.GeoDataFrame:
    """Cut every street of the lattice after each fourth crossing; alleys come last."""
    records = []
    for way, lattice in (("n", crossings), ("e", crossings.swapaxes(0, 1))):
        for number, line in enumerate(lattice):
            # Between any two one-way streets run others, so that nobody is shut in.
            oneway = {2: "yes", 5: "-1"}.get(number % 8, "no")
            main = number % 8 == 0
            records += [
                {
                    "street_id": f"{way}{number:02d}-{first // ACROSS + 1}",
                    "name": names[number + (len(crossings) if way == "e" else 0)],
                    "class": "secondary" if main else "residential",
                    "oneway": oneway,
                    "width_m": 14.0 if main else 7.0,
                    "geometry": shapely.LineString(line[first : first + ACROSS + 1]),
                }
                for first in range(0, len(line) - 1, ACROSS)
            ]
    for number, line in enumerate(alleys, start=1):
        records.append({
            "street_id": f"f{number:02d}", "name": f"{names[-number]}巷", "class": "footway",
            "oneway": "no", "width_m": 1.5, "geometry": line,
        })  # fmt: skip
    return gpd.GeoDataFrame(records, crs=CITY_CRS)


def _areas(x: Floats, y: Floats, codes: Sequence[str], columns: int) -> gpd.GeoDataFrame:
    edges = []
    for line, corner in zip((x, y), CORNER, strict=True):
        between = (line[ACROSS - 1 : -1 : ACROSS] + line[ACROSS::ACROSS]) / 2.0
        edges.append(np.r_[line[0] - SPACING_M[0], between, line[-1] + SPACING_M[0]] + corner)
    west_east, south_north = edges
    row, column = np.divmod(np.arange(len(codes)), columns)
    shapes = shapely.box(
        west_east[column], south_north[row], west_east[column + 1], south_north[row + 1]
    )
    names = [f"第{ordinal(number)}巡区" for number in range(1, len(codes) + 1)]
    return gpd.GeoDataFrame(
        {"area_id": codes, "name": names, "kind": "patrol"}, geometry=shapes, crs=CITY_CRS
    )


def _segments(
    block: Floats, alley: shapely.LineString | None, count: int, random: np.random.Generator
) -> list[shapely.LineString]:
    """Part the streets of an area into `count` segments; an alley is one of them."""
    lines = [*block, *block.swapaxes(0, 1)]
    more = [] if alley is None else [alley]
    cut = random.choice(len(lines), count - len(lines) - len(more), replace=False)
    made = []
    for number, line in enumerate(lines):
        at = int(random.integers(1, ACROSS - 1)) if number in cut else 0
        made += [line[: at + 1], line[at:]] if at else [line]
    return [*map(shapely.LineString, made), *more]


def _segment_frame(
    lines: Sequence[Sequence[shapely.LineString]],
    codes: Sequence[str],
    random: np.random.Generator,
) -> gpd.GeoDataFrame:
    area = np.repeat(codes, [len(some) for some in lines])
    order = np.concatenate([np.arange(1, len(some) + 1) for some in lines])
    count = len(area)
    return gpd.GeoDataFrame(
        {
            "segment_id": [f"{code}-D{n:02d}" for code, n in zip(area, order, strict=True)],
            "name": [f"{n}号巡段" for n in order],
            "area_code": area.astype(object),
            "visits": 1,
            "windows": None,
            "both": False,
            "required": True,
            "prize_m": np.nan,
            "priority": random.integers(1, 6, count),
            "skills": None,
        },
        geometry=[line for some in lines for line in some],
        crs=CITY_CRS,
    )


def _point_frame(
    lines: Sequence[Sequence[shapely.LineString]],
    codes: Sequence[str],
    stops: Sequence[int],
    random: np.random.Generator,
) -> gpd.GeoDataFrame:
    """Draw points beside the segments of their areas; some are schools, some are optional."""
    area = np.repeat(np.arange(len(codes)), stops)
    chosen = [lines[each][int(random.integers(len(lines[each])))] for each in area]
    segment = np.array(chosen, dtype=object)
    at = random.uniform(0.05, 0.95, len(area)) * shapely.length(segment)
    here = shapely.get_coordinates(shapely.line_interpolate_point(segment, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(segment, at + 1.0))
    aside = random.uniform(3.0, 18.0, len(area)) * random.choice([-1.0, 1.0], len(area))
    places = here + (ahead - here)[:, ::-1] * (-1.0, 1.0) * aside[:, None]
    order = np.concatenate([np.arange(1, number + 1) for number in stops])
    number = np.arange(len(area))
    school, optional = number % 10 == 3, number % 20 == 7
    return gpd.GeoDataFrame(
        {
            "point_id": [f"{codes[a]}-B{n:02d}" for a, n in zip(area, order, strict=True)],
            "name": [f"{n}号必到点" for n in order],
            "area_code": np.array(codes, dtype=object)[area],
            "dwell_min": random.choice([2.0, 3.0, 5.0], len(area)),
            "windows": np.where(school, "07:00-08:30;16:30-18:00", None),
            "visits": 1,
            "required": ~optional,
            "prize_m": np.where(optional, 300.0, np.nan),
            "priority": random.integers(1, 6, len(area)),
            "skills": None,
        },
        geometry=shapely.points(places),
        crs=CITY_CRS,
    )


def _units(codes: Sequence[str], alleys: dict[int, shapely.LineString]) -> pd.DataFrame:
    records = []
    for area, code in enumerate(codes):
        for number, (shift, (name, hours, rest)) in enumerate(SHIFTS.items()):
            # Nobody drives through an alley.
            mode = "foot" if area in alleys else ("foot", "e_bike", "car")[(area + number) % 3]
            records.append({
                "unit_id": f"{code}-{shift}",
                "name": f"第{ordinal(area + 1)}巡区{name}",
                "force": FORCES[area % len(FORCES)],
                "mode": mode,
                "visible": area % 7 != 6,
                "speed_kmh": SPEEDS_KMH[mode],
                "shift": hours,
                "start": f"{code}-Z",
                "end": f"{code}-Z",
                "break_min": 30.0,
                "break_window": rest,
                "skills": None,
                "area_code": code,
                "most_stops": None,
            })  # fmt: skip
    return pd.DataFrame(records)


def _standby(crossings: Floats, codes: Sequence[str], columns: int) -> gpd.GeoDataFrame:
    spots = [_block(crossings, area, columns)[1, 1] for area in range(len(codes))]
    return gpd.GeoDataFrame(
        {
            "place_id": [f"{code}-Z" for code in codes],
            "name": [f"第{ordinal(number)}巡区备勤点" for number in range(1, len(codes) + 1)],
            "hours": "00:00-24:00",
        },
        geometry=shapely.points(np.array(spots)),
        crs=CITY_CRS,
    )
