"""Where everything of a plan lies on the streets of each mode, as places with one numbering."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import require_metric_crs
from geo.errors import ColumnError
from geo.patrol.columns import texts
from geo.patrol.placing import place_segments
from geo.patrol.travel import Ways, network_for
from geo.points import coordinates
from geo.snapping import Snapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geo.patrol.placing import PlacedSegments
    from geo.patrol.shifts import Shifts
    from geo.streets import StreetNetwork

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ANYWHERE: Final = -1
"""The place of a unit whose start or end is not told: no way to it or from it."""

UNKNOWN: Final = -2
"""No place of that name is known."""


@dataclass(frozen=True, eq=False)
class Sites:
    """
    The frames that a plan is made of, checked; make them with `Sites.of`.

    Parameters
    ----------
    points
        Must-visit points; without a row where there are none.
    segments
        Segments to patrol.
    standby
        Places where units may start, end, rest or stand by.
    areas
        Patrol areas; None where there are none.
    streets
        The streets.
    """

    points: gpd.GeoDataFrame
    segments: gpd.GeoDataFrame
    standby: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame | None
    streets: gpd.GeoDataFrame

    @classmethod
    def of(
        cls,
        streets: gpd.GeoDataFrame,
        points: gpd.GeoDataFrame | None,
        segments: gpd.GeoDataFrame | None,
        standby: gpd.GeoDataFrame | None = None,
        areas: gpd.GeoDataFrame | None = None,
    ) -> Sites:
        """
        Check frames, and put an empty one where one is missing.

        Parameters
        ----------
        streets
            Lines in a metric CRS.
        points
            Points with `point_id`; None for none.
        segments
            Lines with `segment_id`; None for none.
        standby
            Points with `place_id`; None for none.
        areas
            Polygons with `area_id`; of those with `kind`, the ones of kind patrol where there are
            any. None for none.

        Returns
        -------
        sites
            In one CRS, rows numbered from 0.

        Raises
        ------
        CRSError
            When the frames share no CRS whose metres are metres.
        ColumnError
            When an id is missing or repeats.
        GeometryError
            When a point is no point.
        """
        given = {"points": points, "segments": segments, "standby": standby, "areas": areas}
        require_metric_crs(
            streets=streets,
            **{name: frame for name, frame in given.items() if frame is not None},
        )
        frames = {}
        named = (("points", "point_id"), ("segments", "segment_id"), ("standby", "place_id"))
        for name, column in named:
            frame = given[name]
            if frame is None:
                frame = gpd.GeoDataFrame({column: []}, geometry=[], crs=streets.crs)
            frames[name] = frame.reset_index(drop=True)
            _check_ids(frames[name], name, column)
        for name in ("points", "standby"):
            coordinates(frames[name], name)
        return cls(**frames, areas=None if areas is None else _patrolled(areas), streets=streets)


@dataclass(frozen=True, eq=False)
class Ground:
    """
    Places on the networks of some modes; make it with `ground_of`.

    Places are numbered: points, starts of segments, ends of segments, standby places, other
    spots where units start or end.

    Parameters
    ----------
    sites
        The frames.
    ways
        Mode -> the ways between the places.
    placed
        Mode -> where segments run on its network.
    starts
        Of each crew the place where it starts, `ANYWHERE` or `UNKNOWN`.
    ends
        Of each crew where it ends.
    xy
        p x 2 coordinates of the places; NaN for one that has none.
    """

    sites: Sites
    ways: dict[str, Ways]
    placed: dict[str, PlacedSegments]
    starts: Ints
    ends: Ints
    xy: Floats
    _lengths: dict[tuple[str, bytes], Floats] = field(default_factory=dict, init=False, repr=False)

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes that have a network."""
        return tuple(self.ways)

    @property
    def first_standby(self) -> int:
        """The place of the first standby place."""
        return len(self.sites.points) + 2 * len(self.sites.segments)

    def segment_places(self, segment: int) -> tuple[int, int]:
        """
        Return where a segment starts and ends.

        Parameters
        ----------
        segment
            Row of the segments.

        Returns
        -------
        start, end
            Two places.
        """
        start = len(self.sites.points) + segment
        return start, start + len(self.sites.segments)

    def reached(self, mode: str, place: Ints | int) -> Bools:
        """
        Tell whether places are on the network of a mode.

        Parameters
        ----------
        mode
            One of `modes`.
        place
            Places.

        Returns
        -------
        reached
            A truth each.
        """
        return np.asarray(self.ways[mode].node[place] >= 0)

    def lengths(self, mode: str, places: Ints) -> Floats:
        """
        Measure the ways between places, once for the same ones.

        Parameters
        ----------
        mode
            One of `modes`.
        places
            k places.

        Returns
        -------
        length_m
            k x k lengths, infinite where there is no way.
        """
        key = (mode, places.tobytes())
        if key not in self._lengths:
            self._lengths[key] = self.ways[mode].lengths(places)
        return self._lengths[key]

    def offset_m(self, place: int) -> float:
        """
        Return how far a place is from the nearest street of any mode.

        Parameters
        ----------
        place
            One of the places.

        Returns
        -------
        offset_m
            In metres; NaN where it has no geometry, or there is no street.
        """
        found = np.array([ways.offset_m[place] for ways in self.ways.values()])
        return float(np.nanmin(found)) if np.isfinite(found).any() else np.nan


def ground_of(sites: Sites, shifts: Shifts) -> Ground:
    """
    Lay a plan on the streets of the modes that its units use.

    Where a point or segment is on none of them, the streets for walking are looked at as well, so
    that "nobody can drive there" is told apart from "there is no street".

    Parameters
    ----------
    sites
        The frames.
    shifts
        The crews; their `start` and `end` are ids of points or standby places, or "lon,lat".

    Returns
    -------
    ground
        Places farther than `SNAP_M` from every street are on no network.
    """
    crews = shifts.crews
    known = _known(sites)
    spots: dict[tuple[float, float], int] = {}
    first = len(sites.points) + 2 * len(sites.segments) + len(sites.standby)
    starts = _spotted(crews["start"], known, spots, first)
    ends = _spotted(crews["end"], known, spots, first)
    told = np.array([cell is not None for cell in crews["end"]], dtype=bool)
    ends = np.where(told, ends, starts)
    lonlat = np.array(list(spots), dtype=np.float64).reshape(-1, 2)
    other = gpd.GeoSeries(shapely.points(lonlat), crs="EPSG:4326").to_crs(sites.streets.crs)
    # Half a world away a projection has no coordinates.
    other[~np.isfinite(shapely.get_coordinates(other)).all(axis=1)] = None
    single = pd.concat([sites.points.geometry, sites.standby.geometry, other])
    single_frame = gpd.GeoDataFrame(geometry=single.reset_index(drop=True), crs=sites.streets.crs)
    ways: dict[str, Ways] = {}
    placed: dict[str, PlacedSegments] = {}
    modes = sorted(crews["mode"].unique())
    for mode in [*modes, "foot"]:
        if mode in ways or (mode not in modes and _all_on(sites, ways, placed)):
            continue
        network = network_for(sites.streets, mode)
        snapped = network.snap(single_frame)
        placed[mode] = place_segments(network, sites.segments)
        points, rest = _split(snapped, len(sites.points))
        ways[mode] = Ways.between(network, points + placed[mode].start + placed[mode].end + rest)
    xy, cut = coordinates(single_frame, "places"), len(sites.points)
    corners = [
        _located([(ways[mode].network, getattr(each, end)) for mode, each in placed.items()])
        for end in ("start", "end")
    ]
    return Ground(sites, ways, placed, starts, ends, np.concatenate((xy[:cut], *corners, xy[cut:])))


def _all_on(sites: Sites, ways: dict[str, Ways], placed: dict[str, PlacedSegments]) -> bool:
    """Tell whether every point and segment is on the network of some mode."""
    points = [each.node[: len(sites.points)] >= 0 for each in ways.values()]
    segments = [each.placed for each in placed.values()]
    return bool(np.any(points, axis=0).all() and np.any(segments, axis=0).all())


def _check_ids(frame: pd.DataFrame, name: str, column: str) -> None:
    if column not in frame.columns:
        raise ColumnError(f"{name}: no column {column}; give every row an id")
    ids = texts(frame, column)
    if None in ids:
        raise ColumnError(f"{name}: {column} is blank in row {ids.index(None)}; give it an id")
    repeated = pd.Series(ids, dtype=object).duplicated().to_numpy()
    if repeated.any():
        raise ColumnError(
            f"{name}: {column} {ids[int(np.argmax(repeated))]!r} repeats; give every row its own"
        )


def _patrolled(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the patrol areas; all of them where none is called so."""
    _check_ids(areas, "areas", "area_id")
    kinds = np.array([kind == "patrol" for kind in texts(areas, "kind")], dtype=bool)
    held: gpd.GeoDataFrame = areas[kinds] if kinds.any() else areas
    return held.reset_index(drop=True)


def _known(sites: Sites) -> dict[str, int]:
    """Return the places by id; a standby place goes before a point of the same id."""
    known = {str(name): place for place, name in enumerate(texts(sites.points, "point_id"))}
    first = len(sites.points) + 2 * len(sites.segments)
    standby = enumerate(texts(sites.standby, "place_id"))
    return known | {str(name): first + place for place, name in standby}


def place_named(sites: Sites, name: str) -> int:
    """
    Find a place by the id of a standby place or a point.

    Parameters
    ----------
    sites
        The frames.
    name
        The id.

    Returns
    -------
    place
        Its number, or `UNKNOWN`.
    """
    return _known(sites).get(name, UNKNOWN)


def _spotted(
    cells: Iterable[str | None],
    known: dict[str, int],
    spots: dict[tuple[float, float], int],
    first: int,
) -> Ints:
    """Return the places of starts or ends, and collect those given as lon,lat."""
    places = []
    for cell in cells:
        lonlat = None if cell is None or cell in known else _lonlat(cell)
        if cell is None:
            places.append(ANYWHERE)
        elif lonlat is None:
            places.append(known.get(cell, UNKNOWN))
        else:
            places.append(spots.setdefault(lonlat, first + len(spots)))
    return np.array(places, dtype=np.int64)


def _lonlat(cell: str) -> tuple[float, float] | None:
    """Read "lon,lat" in degrees; None where it is something else."""
    try:
        lon, lat = (float(number) for number in cell.replace("，", ",").split(","))
    except ValueError:
        return None
    return (lon, lat) if abs(lon) <= 180.0 and abs(lat) < 90.0 else None  # noqa: PLR2004


def _split(snapped: Snapped, count: int) -> tuple[Snapped, Snapped]:
    """Return the first places, and the others."""
    cut = [
        Snapped(snapped.part[some], snapped.at_m[some], snapped.offset_m[some])
        for some in (slice(None, count), slice(count, None))
    ]
    return cut[0], cut[1]


def _located(snapped: list[tuple[StreetNetwork, Snapped]]) -> Floats:
    """Return where places are on the first network that has them."""
    xy = np.full((len(snapped[0][1]), 2), np.nan)
    for network, places in snapped:
        new = np.isnan(xy[:, 0]) & places.routable
        xy[new] = network.lines.locate(places.part[new], places.at_m[new])
    return xy
