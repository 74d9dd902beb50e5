"""What each camera sees, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np

from maps.colours import OFFLINE, SEEING, UNAIMED, UNAIMED_PALE
from maps.errors import MapsError
from maps.features import require
from maps.layers import Look, ThematicLayer
from maps.words import Words, cell, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from maps.layers import Style

VIEW_LEVEL: Final = 20
"""Over areas, under streets: a street keeps its pointer inside a view."""

SPOT_LEVEL: Final = 61
"""Over posts."""

STATES: Final[Mapping[str, Style]] = {
    "seeing": {"color": SEEING, "weight": 1, "opacity": 0.8, "fillOpacity": 0.28},
    "offline": {"color": OFFLINE, "weight": 1, "dashArray": "4 3", "hatch": True, "fillOpacity": 1},
    "dark": {"color": OFFLINE, "weight": 1, "dashArray": "4 3", "hatch": True, "fillOpacity": 1},
    "unaimed": {"color": UNAIMED, "weight": 1.5, "dashArray": "2 5", "fill": False},
    "unknown": {"color": UNAIMED, "weight": 1.5, "dashArray": "6 3", "fill": False},
    "indoor": {"color": OFFLINE, "weight": 1, "fill": False},
}
"""Filled where it is seen, hatched grey where nothing works, empty dashes where nobody knows; a
camera indoors has a place and no view."""

VIEW_COLUMNS: Final = (
    "camera_id",
    "status",
    "azimuth_deg",
    "fov_deg",
    "range_m",
    "assumed",
    "nominal_area_m2",
    "visible_area_m2",
    "x",
    "y",
)
"""What `views` must say of a camera."""

SPOT: Final[Style] = {"mark": "square", "radius": 3.5, "weight": 1, "fillOpacity": 1}
"""A square tells a camera from a post."""

SPOTS: Final[Mapping[str, Style]] = {
    "seeing": {"color": "#ffffff", "fillColor": SEEING},
    "offline": {"color": OFFLINE, "fillColor": "#ffffff"},
    "dark": {"color": OFFLINE, "fillColor": "#ffffff"},
    "unaimed": {"color": UNAIMED, "fillColor": UNAIMED_PALE},
    "unknown": {"color": UNAIMED, "fillColor": UNAIMED_PALE},
    "indoor": {"color": OFFLINE, "fillColor": OFFLINE},
}
"""Dark, empty and pale, so that they differ in grey too."""


class CamerasDifferError(MapsError, ValueError):
    """The cameras named are not those whose views are drawn."""


def camera_layer(
    views: gpd.GeoDataFrame,
    cameras: gpd.GeoDataFrame | None = None,
    *,
    lang: str = "zh",
    show: bool = True,
) -> ThematicLayer:
    """
    Draw the view of every camera and its place.

    Parameters
    ----------
    views
        `views` of `geo.cameras.camera_coverage`: n polygons in any CRS with `camera_id`, `status`,
        `azimuth_deg`, `fov_deg`, `range_m`, `assumed`, `nominal_area_m2`, `visible_area_m2`, `x`
        and `y`; a camera without a place is left out.
    cameras
        The same n cameras in the same order, for `name` and `kind`.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of views and squares; it says so where no building hides anything.

    Raises
    ------
    CamerasDifferError
        When `cameras` holds others than `views`.
    """
    say = words(lang)
    require(views, "views", VIEW_COLUMNS)
    note = say("through_walls") if sees_through_walls(views) else ""
    layer = ThematicLayer(say("cameras"), show=show, note=note)
    if cameras is not None and _ids(cameras) != list(map(cell, views["camera_id"])):
        raise CamerasDifferError(
            f"cameras: {len(cameras)} rows whose camera_id differ from the {len(views)} views; "
            f"hand over the frame that was given to camera_coverage"
        )
    states = list(STATES)
    which = np.asarray([states.index(status) for status in views["status"]], dtype=np.int64)
    text = _text(views, cameras, say, hidden=not note)
    looks = [Look(say.code("view", state), "area", style) for state, style in STATES.items()]
    layer.draw(views, looks, which, level=VIEW_LEVEL, text=text)
    spots = gpd.GeoDataFrame(geometry=gpd.points_from_xy(views["x"], views["y"]), crs=views.crs)
    looks = [Look(say.code("spot", state), "point", {**SPOT, **SPOTS[state]}) for state in states]
    layer.draw(spots, looks, which, level=SPOT_LEVEL, text=text)
    return layer


def sees_through_walls(views: gpd.GeoDataFrame) -> bool:
    """
    Tell whether cameras see their whole sectors, as they do where buildings were not considered.

    Parameters
    ----------
    views
        `views` of `geo.cameras.camera_coverage`.

    Returns
    -------
    through
        Whether there is a camera that sees, and none whose view is smaller than its sector.
    """
    seeing = views[views["status"] == "seeing"]
    return len(seeing) > 0 and bool(
        np.allclose(seeing["visible_area_m2"], seeing["nominal_area_m2"])
    )


def _text(
    views: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame | None, say: Words, *, hidden: bool
) -> list[list[str]]:
    """Return the name, the code and what the camera can see; of how much where walls hide."""
    return [
        say.lines(
            cell(named.get("name")) or say("camera"),
            [
                ("camera_id", cell(view["camera_id"])),
                ("kind", say.code("camera", named.get("kind"))),
                ("status", say.code("status", view["status"])),
                ("azimuth", _degrees(view["azimuth_deg"], say)),
                ("field", _degrees(view["fov_deg"], say)),
                ("range", say.length(view["range_m"])),
                ("origin", say("assumed") if view["assumed"] else ""),
                ("visible_area", _area(view["visible_area_m2"], say)),
                ("nominal_area", _area(view["nominal_area_m2"], say) if hidden else ""),
                ("moved", say.length(view["moved_m"]) if view.get("moved_m", 0.0) else ""),
            ],
        )
        for view, named in zip(_rows(views), _named(views, cameras), strict=True)
    ]


def _degrees(angle_deg: float, say: Words) -> str:
    return say("degrees", number=f"{angle_deg:.0f}") if cell(angle_deg) else ""


def _area(area_m2: float, say: Words) -> str:
    """Write the area; that of an unaimed camera is unknown, not zero."""
    return say.area(area_m2) if cell(area_m2) else ""


def _ids(cameras: gpd.GeoDataFrame) -> list[str]:
    """Return the codes of cameras, which count from 0 where there are none, as `geo` has it."""
    return list(map(cell, cameras["camera_id"] if "camera_id" in cameras else range(len(cameras))))


def _named(views: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame | None) -> list[dict[str, Any]]:
    return [{}] * len(views) if cameras is None else _rows(cameras)


def _rows(frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return frame.drop(columns=frame.geometry.name).to_dict("records")
