"""What a page shows, and the layers, headings and corners that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.cells import density
from maps.aiming import new_camera_layer, reaim_layer
from maps.areas import area_layer, outline_layer
from maps.background import background_layer
from maps.blind import blind_layer, site_layer
from maps.cameras import camera_layer
from maps.cordon import cordon_layer
from maps.errors import MapsError
from maps.features import COORDINATE_DIGITS, LEAFLET_CRS, on_map
from maps.incidents import density_layer, incident_layers
from maps.posts import post_layer, reach_layer
from maps.proposals import proposal_layer
from maps.routes import route_layer
from maps.spacing import spacing_layer
from maps.streets import camera_street_layer, post_street_layer
from maps.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from geo.aiming import NewCameras, Reaim
    from geo.cameras import CameraCoverage
    from geo.cordon import OpenEdges
    from geo.coverage import StreetCoverage
    from geo.posts import PostCoverage, PostProposal, PostSpacing, VolunteerReports
    from maps.layers import ThematicLayer

    Shares = Mapping[str, tuple[gpd.GeoDataFrame, StreetCoverage]]

AREA_LAYERS: Final = {"posts": "areas_by_posts", "cameras": "areas_by_cameras"}
"""Result -> key of the layer of its areas."""

DENSITY_RESOLUTION: Final = 10
"""H3 cells about 130 m across: as wide as a hot spot that two officers can watch."""


class NothingToDrawError(MapsError, ValueError):
    """No frame of a scene holds a place."""


@dataclass(frozen=True, eq=False)
class Scene:
    """
    What a page shows; every part may be missing, frames may be in any CRS.

    Parameters
    ----------
    posts
        Outcome of `geo.posts.post_coverage`.
    cameras
        Outcome of `geo.cameras.camera_coverage`.
    camera_list
        The cameras given to it, in the same order, for names and kinds.
    areas
        Polygons with `area_id`, `name` where there is any, to divide the results among.
    incidents
        Points with `kind`, `class`, `state`, `time`.
    routes
        LineStrings with `route_id`, `name`, `unit`, `mode`, `shift`.
    must_visit
        Points with `route_id`, `seq`, `name`, `dwell_min`.
    background
        Polygons under "water", "green" and "buildings".
    by_area
        "posts" and "cameras" -> `by_area` of the result among `areas`, where it is known already;
        it is computed where it is not.
    spacing
        Outcome of `geo.posts.post_spacing`.
    proposal
        Outcome of `geo.posts.propose_posts`.
    volunteers
        Outcome of `geo.posts.volunteer_reports`; a table, nothing on the map.
    turned
        Outcome of `geo.aiming.reaim`.
    bought
        Outcome of `geo.aiming.new_cameras`.
    cordon
        Outcome of `geo.cordon.open_edges`: restricted.
    """

    posts: PostCoverage | None = None
    cameras: CameraCoverage | None = None
    camera_list: gpd.GeoDataFrame | None = None
    areas: gpd.GeoDataFrame | None = None
    incidents: gpd.GeoDataFrame | None = None
    routes: gpd.GeoDataFrame | None = None
    must_visit: gpd.GeoDataFrame | None = None
    background: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    by_area: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    spacing: PostSpacing | None = None
    proposal: PostProposal | None = None
    volunteers: VolunteerReports | None = None
    turned: Reaim | None = None
    bought: NewCameras | None = None
    cordon: OpenEdges | None = None


def shares_of(scene: Scene) -> Shares:
    """
    Divide each result among the areas.

    Parameters
    ----------
    scene
        What the page shows.

    Returns
    -------
    shares
        "posts" and "cameras", as far as there are results and areas -> figures by area, and the
        result they come from.
    """
    results = {"posts": scene.posts, "cameras": scene.cameras}
    areas = scene.areas
    if areas is None:
        return {}
    return {
        key: (
            scene.by_area[key]
            if key in scene.by_area
            else coverage.by_area(areas.to_crs(coverage.gaps.crs)),
            coverage,
        )
        for key, coverage in results.items()
        if coverage is not None
    }


def layers_of(scene: Scene, shares: Shares, *, lang: str = "zh") -> dict[str, list[ThematicLayer]]:
    """
    Build the layers under their headings: results are on, what would bury them is off.

    Parameters
    ----------
    scene
        What the page shows.
    shares
        What `shares_of` gives.
    lang
        "zh" or "en".

    Returns
    -------
    groups
        Heading -> layers.
    """
    say = words(lang)
    groups: dict[str, list[ThematicLayer]] = {}
    results = scene.posts is not None or scene.cameras is not None
    if scene.posts is not None:
        groups[say("group.posts")] = [
            *([proposal_layer(scene.proposal, lang=lang)] if scene.proposal else []),
            post_street_layer(scene.posts, lang=lang),
            *([spacing_layer(scene.spacing, lang=lang, show=False)] if scene.spacing else []),
            post_layer(scene.posts.posts, lang=lang),
        ]
        # Circles would say of the way along the street what is not so.
        if scene.posts.distance == "straight":
            circles = reach_layer(scene.posts.posts, reach_m=scene.posts.reach_m, lang=lang)
            groups[say("group.posts")].append(circles)
    if scene.cameras is not None:
        groups[say("group.cameras")] = [
            *([new_camera_layer(scene.bought, lang=lang)] if scene.bought else []),
            *([reaim_layer(scene.turned, lang=lang)] if scene.turned else []),
            *([cordon_layer(scene.cordon, lang=lang)] if scene.cordon else []),
            camera_layer(scene.cameras.views, scene.camera_list, lang=lang),
            camera_street_layer(scene.cameras, lang=lang, show=scene.posts is None),
        ]
        if scene.cameras.key_sites is not None:
            groups[say("group.cameras")].append(site_layer(scene.cameras.key_sites, lang=lang))
        if scene.cameras.blind_areas is not None:
            groups[say("group.cameras")].append(blind_layer(scene.cameras.blind_areas, lang=lang))
    outlines = [] if scene.areas is None else [outline_layer(scene.areas, lang=lang)]
    groups[say("group.areas")] = outlines + [
        area_layer(share, name=say(AREA_LAYERS[key]), lang=lang)
        for key, (share, _) in shares.items()
    ]
    if scene.routes is not None:
        groups[say("group.patrol")] = [
            route_layer(scene.routes, scene.must_visit, lang=lang, show=not results)
        ]
    if scene.incidents is not None:
        cells = density(scene.incidents.to_crs(LEAFLET_CRS), DENSITY_RESOLUTION)
        groups[say("group.incidents")] = [
            *incident_layers(scene.incidents, lang=lang, show=not results),
            density_layer(cells, lang=lang),
        ]
    groups[say("group.background")] = [background_layer(scene.background, lang=lang)]
    return groups


def bounds_of(scene: Scene) -> list[list[float]]:
    """
    Find the corners of what matters: the ground counts only where there is nothing else.

    Parameters
    ----------
    scene
        What the page shows.

    Returns
    -------
    bounds
        South-west and north-east in degrees, latitude first.

    Raises
    ------
    NothingToDrawError
        When no frame holds a place.
    """
    results = [result.streets.frame for result in (scene.posts, scene.cameras) if result]
    frames = [scene.areas, scene.incidents, scene.routes, scene.must_visit]
    for candidates in (results, frames, scene.background.values()):
        shapes = [on_map(frame)[0] for frame in candidates if frame is not None]
        if any(map(len, shapes)):
            box = shapely.total_bounds(np.concatenate(shapes))
            west, south, east, north = box.round(COORDINATE_DIGITS).tolist()
            return [[south, west], [north, east]]
    raise NothingToDrawError("scene: no frame holds a place; pass at least one result or frame")
