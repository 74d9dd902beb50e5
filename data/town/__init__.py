"""
The demo town: an invented river town to try everything on.

Streets, buildings, grids, posts, cameras, incidents and patrols come from one seed. Names
and geometry are invented, because no map data of a real place is shipped.
"""

import hashlib
from dataclasses import dataclass, fields
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.town.areas import make_areas
from data.town.buildings import make_buildings
from data.town.cameras import make_cameras
from data.town.ground import METRIC_CRS, stored
from data.town.households import housed
from data.town.incidents import make_incidents
from data.town.land import make_green, make_land, make_water
from data.town.patrols import VISITS, make_patrols
from data.town.plan import make_plan
from data.town.posts import make_posts
from data.town.quarters import fill
from data.town.routes import make_routes
from data.town.sites import make_key_sites
from data.town.stations import make_duty_units, make_stations
from data.town.streets import build_network
from data.town.walks import make_tracks

__all__ = ["Town", "make_town"]


SHEET: Final = "units"
"""The one table of the town whose rows have no place."""


@dataclass(frozen=True, eq=False)
class Town:
    """
    Everything in the demo town, all places in EPSG:4326.

    Parameters
    ----------
    streets
        Pieces between junctions: `street_id`, `name`, `class`, `oneway`, `bridge`, `tunnel`,
        `layer`, `width_m`, LineString.
    buildings
        `building_id`, `kind`, `height_m`, `name` (public ones only), `households`, Polygon.
    key_sites
        `site_id`, `kind`, `name`, Point at the gate.
    areas
        Grids that tile the town: `area_id` (15 digits), `name`, `parent_id` (12 digits),
        `parent_name`, `risk`, `households`, `people`, Polygon.
    posts
        `post_id`, `name`, `kind`, `hours`, `risk`, `mobility`, `staff`, `tasks`, `hazards`, Point.
    cameras
        `camera_id` (20 digits), `name`, `kind`, `azimuth_deg`, `fov_deg`, `range_m`,
        `height_m`, `tilt_deg` (downward), `online`, Point.
    incidents
        Of two years: `incident_id`, `kind`, `class` (of `data.incident_tables`), `state`, `time`,
        `time_to`, `accepted`, `closed` (local, ISO text), `tags`, `colour`, `closed_level`,
        `mediated`, `mediation_success`, `outcome`, `found_by`, `first_handler`, Point.
    routes
        `route_id`, `name`, `unit`, `mode`, `shift`, closed LineString.
    must_visit
        `point_id`, `route_id`, `seq`, `name`, `dwell_min`, `visits`, `least_interval_min`, Point.
    patrol_areas
        One a community: `area_id`, `name`, `kind` (`patrol`), Polygon.
    segments
        What is patrolled in them: `segment_id`, `name`, `area_code`, `visits`, LineString.
    standby
        Where units begin, rest and end: `place_id`, `name`, `hours`, Point.
    units
        `unit_id`, `name`, `force`, `mode`, `visible`, `shift`, `start`, `end`, `break_min`,
        `break_window`, `area_code`: a sheet without places.
    tracks
        One day of four units: `track_id`, `unit_id`, `time` (local, ISO text), `accuracy_m`, Point.
    stations
        `station_id`, `name`, `unit_class`, `mode`, `hours`, `state`, Point.
    duty_units
        Where the units of the night are: `unit_id`, `name`, `force`, `mode`, `shift`, `state`,
        `time` (local, ISO text), Point.
    water
        `name`, `kind` (`river` or `pond`), Polygon.
    green
        `name`, `kind` (`hill`, `park` or `bank`), Polygon.
    """

    streets: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    key_sites: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    posts: gpd.GeoDataFrame
    cameras: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    must_visit: gpd.GeoDataFrame
    patrol_areas: gpd.GeoDataFrame
    segments: gpd.GeoDataFrame
    standby: gpd.GeoDataFrame
    units: pd.DataFrame
    tracks: gpd.GeoDataFrame
    stations: gpd.GeoDataFrame
    duty_units: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    green: gpd.GeoDataFrame

    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Return every layer with places by its name, in the order of the fields."""
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: frame for name, frame in held.items() if name != SHEET}

    def content_hash(self) -> str:
        """
        Return the SHA-256 of all rows, sorted, with coordinates to a millimetre.

        Neither the order of rows and columns nor where a polygon's ring begins counts.
        """
        digest = hashlib.sha256()
        for name, layer in sorted({**self.layers(), SHEET: self.units}.items()):
            digest.update(name.encode())
            for row in sorted(_row_texts(layer)):
                digest.update(row.encode())
        return digest.hexdigest()


def make_town(*, seed: int = 7) -> Town:
    """
    Generate the demo town and return its layers.

    Parameters
    ----------
    seed
        The same seed gives the same content; another gives another town with the same counts.
        0 or more.

    Returns
    -------
    Town
        About 60 km of streets, 1,300 buildings, 55 grids, 466 posts, 260 cameras, 1,200
        incidents in the last year and 1,260 in the one before, 4 patrol routes, 6 patrol areas
        with 60 segments, the tracks of a day, a station and three posts.

    Raises
    ------
    ValueError
        When the seed is negative.
    """
    if seed < 0:
        raise ValueError(f"seed: give a whole number from 0 on, got {seed!r}")
    plan = make_plan(seed)
    quarters = fill(plan, seed=seed)
    network = build_network(quarters, plan.bend)
    ways, streets = network.ways, network.streets
    land = make_land(plan, quarters, network)
    water = make_water(plan, land, seed=seed)
    green = make_green(plan, land, water)
    areas = make_areas(plan, land, seed=seed)
    open_land = pd.concat([water.geometry, green.geometry])
    buildings = housed(make_buildings(land, streets, open_land, seed=seed), areas)
    key_sites = make_key_sites(land, streets)
    routes, must_visit = make_routes(plan, streets, seed=seed)
    patrols = make_patrols(streets, areas)
    layers = {
        "streets": streets,
        "buildings": buildings,
        "key_sites": key_sites,
        "areas": areas,
        "posts": make_posts(plan, ways, areas, seed=seed),
        "cameras": make_cameras(plan, ways, streets, areas, key_sites, seed=seed),
        "incidents": make_incidents(plan, ways, key_sites, seed=seed),
        "routes": routes,
        # Twice a shift, an hour apart at least: a shift is filled, and no round is like the other.
        "must_visit": must_visit.assign(visits=VISITS, least_interval_min=60),
        **patrols._asdict(),
        "tracks": make_tracks(routes, must_visit, seed=seed),
        "stations": make_stations(plan, streets),
        "duty_units": make_duty_units(patrols.units, streets, patrols.standby, seed=seed),
        "water": water,
        "green": green,
    }
    units = layers.pop(SHEET)
    return Town(**{name: stored(frame) for name, frame in layers.items()}, units=units)


def _row_texts(layer: pd.DataFrame) -> list[str]:
    """Return each row as one line of text that is the same on every machine."""
    columns = sorted(column for column in layer.columns if column != "geometry")
    texts = [layer[column].map(_text, na_action=None) for column in columns]
    if isinstance(layer, gpd.GeoDataFrame):
        texts.append(layer.geometry.to_crs(METRIC_CRS).map(_shape_text))
    return ["\t".join(row) + "\n" for row in zip(*texts, strict=True)]


def _text(value: object) -> str:
    """Return a cell as text: nothing for a missing one, numbers to a thousandth."""
    if pd.isna(value):
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _shape_text(shape: shapely.Geometry) -> str:
    """Return a geometry in whole millimetres, polygons as the sorted corners they have."""
    corners = np.rint(shapely.get_coordinates(shape) * 1000).astype(np.int64)
    if shape.geom_type.endswith("Polygon"):
        corners = np.unique(corners, axis=0)
    return f"{shape.geom_type} {corners.tolist()}"
