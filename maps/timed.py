"""Units that move along their planned routes while a slider is drawn through the shift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from folium.template import Template

from maps.colours import ROUTES
from maps.features import COORDINATE_DIGITS, LEAFLET_CRS, require, script_json
from maps.layers import LegendRow, Look, ThematicLayer
from maps.words import Words, cell, words

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]

MINUTE_S: Final = 60
"""The slider goes by whole minutes: a plan is no finer."""


class TimedLayer(ThematicLayer):
    """
    Markers whose place depends on the time that a slider shows.

    Parameters
    ----------
    name
        Label in the layer control, plain text.
    timed
        What the script of the page needs: units with their times and places, words.
    show
        Whether the layer starts switched on.
    note
        One sentence under the legend.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = gridpatrol.timed({{ this.timed }});
        {% endmacro %}
        """
    )

    def __init__(
        self, name: str, timed: dict[str, Any], *, show: bool = True, note: str = ""
    ) -> None:
        super().__init__(name, show=show, note=note)
        self.timed = script_json(timed)


def timed_layer(
    routes: gpd.GeoDataFrame, legs: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Show where the plan has each crew at a time.

    Parameters
    ----------
    routes
        u rows with `crew_id`, in any CRS; `name` where there is any.
    legs
        One LineString per movement in any CRS, with `crew_id`, `begin` and `end` (datetimes), in
        order. A crew stands still between two of them.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        One marker a crew and a slider; it draws nothing where nobody moves.

    Notes
    -----
    Along a leg a crew moves evenly.
    """
    say = words(lang)
    require(routes, "routes", ["crew_id"])
    require(legs, "legs", ["crew_id", "begin", "end"])
    units = _units(routes, legs, say)
    begins = min((unit["at"][0][0] for unit in units), default=0)
    ends = max((unit["at"][-1][0] for unit in units), default=0)
    layer = TimedLayer(
        say("moving"),
        {
            "units": units,
            "from": begins // MINUTE_S,
            "to": -(-ends // MINUTE_S),
            "clock": say("clock", time="{time}"),
            "clockNext": say("clock_next", time="{time}"),
            "play": say("play"),
            "pause": say("pause"),
            "slider": say("slider"),
        },
        show=show,
        note=say("moving_note"),
    )
    if units:
        # The colours are those of the routes; naming every crew twice would fill the panel.
        look = Look(say("units_moving"), "point", {"glyph": "moving", "color": ROUTES[0]}, "●")
        layer.legend.append(LegendRow(look, len(units)))
    return layer


def _units(routes: gpd.GeoDataFrame, legs: gpd.GeoDataFrame, say: Words) -> list[dict[str, Any]]:
    """Return the crews that move, each with times and places."""
    names = routes["name"] if "name" in routes.columns else routes["crew_id"]
    midnight = legs["begin"].min().normalize() if len(legs) else None
    degrees = legs.to_crs(LEAFLET_CRS)
    found = []
    # A crew is a handful of legs: there are a few dozen at most.
    for number, (crew, name) in enumerate(zip(routes["crew_id"], names, strict=True)):
        own = degrees[degrees["crew_id"] == crew]
        if own.empty:
            continue
        times, lonlat = journey(own, midnight)
        rows = np.column_stack((times, lonlat[:, 1], lonlat[:, 0]))
        found.append(
            {
                "title": say("unit_at", name=cell(name) or cell(crew)),
                "color": ROUTES[number % len(ROUTES)],
                "at": [[int(t), lat, lon] for t, lat, lon in rows.tolist()],
            }
        )
    return found


def journey(legs: gpd.GeoDataFrame, midnight: pd.Timestamp) -> tuple[Floats, Floats]:
    """
    Find when a crew is where.

    Parameters
    ----------
    legs
        Its movements in order, in degrees: `begin`, `end`, LineString.
    midnight
        The start of the day that the shift belongs to.

    Returns
    -------
    times_s
        n seconds since midnight, ascending.
    lonlat
        n x 2 places: every corner of every leg.
    """
    corners, leg = shapely.get_coordinates(legs.geometry.to_numpy(), return_index=True)
    step = np.hypot(*np.diff(corners, axis=0, prepend=corners[:1]).T)
    new = np.diff(leg, prepend=-1) > 0
    step[new] = 0.0
    along = np.cumsum(step)
    along -= np.maximum.accumulate(np.where(new, along, 0.0))
    whole = np.maximum(along[np.append(np.flatnonzero(new)[1:], len(leg)) - 1], 1e-12)
    begin, end = (
        (legs[name] - midnight).dt.total_seconds().to_numpy() for name in ("begin", "end")
    )
    times = begin[leg] + (end - begin)[leg] * along / whole[leg]
    return times, corners.round(COORDINATE_DIGITS)
