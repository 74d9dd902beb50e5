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
    routes: gpd.GeoDataFrame, stops: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Show where the plan has each unit at a time.

    Parameters
    ----------
    routes
        u LineStrings with `unit_id`, in any CRS; `name` where there is any. A line runs as the
        unit moves.
    stops
        Rows with `unit_id`, `kind`, `arrive`, `leave` (datetimes) and `travel_m`, in the order of
        the visit; the place of a segment is the LineString that is patrolled.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        One marker a unit and a slider; it draws nothing where nobody moves.

    Notes
    -----
    Between leaving one stop and arriving at the next a unit moves evenly along its line.
    """
    say = words(lang)
    require(routes, "routes", ["unit_id"])
    require(stops, "stops", ["unit_id", "kind", "arrive", "leave", "travel_m"])
    units = _units(routes, stops, say)
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
    for unit in units:
        look = Look(unit["title"], "point", {"glyph": "moving", "color": unit["color"]}, "●")
        layer.legend.append(LegendRow(look, 1))
    return layer


def _units(routes: gpd.GeoDataFrame, stops: gpd.GeoDataFrame, say: Words) -> list[dict[str, Any]]:
    """Return the units that have a line and stops, each with times and places."""
    lines = routes.geometry.to_numpy()
    drawn = routes.geometry.to_crs(LEAFLET_CRS).to_numpy()
    names = routes["name"] if "name" in routes.columns else routes["unit_id"]
    first = stops["arrive"].min()
    found = []
    # A unit is a line and its stops: there are a few dozen at most.
    for number, (unit, name) in enumerate(zip(routes["unit_id"], names, strict=True)):
        own = stops[stops["unit_id"] == unit]
        if own.empty or lines[number] is None or lines[number].is_empty:
            continue
        times, lonlat = journey(own, lines[number], drawn[number], first.normalize())
        rows = np.column_stack((times, lonlat[:, 1], lonlat[:, 0]))
        title = say("unit_at", name=cell(name) or cell(unit))
        found.append(
            {
                "title": title,
                "color": ROUTES[number % len(ROUTES)],
                "at": [[int(t), lat, lon] for t, lat, lon in rows.tolist()],
            }
        )
    return found


def journey(
    stops: pd.DataFrame,
    line: shapely.LineString,
    drawn: shapely.LineString,
    midnight: pd.Timestamp,
) -> tuple[Floats, Floats]:
    """
    Find when a unit is where along its line.

    Parameters
    ----------
    stops
        Stops of one unit, in order.
    line
        Its way, in metres.
    drawn
        The same way in degrees, corner by corner.
    midnight
        The start of the day that the shift belongs to.

    Returns
    -------
    times_s
        n seconds since midnight, ascending.
    lonlat
        n x 2 places: each stop on arriving and leaving, and each corner between.
    """
    corners = shapely.get_coordinates(line)
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))))
    worked = np.where(stops["kind"] == "segment", shapely.length(stops.geometry.to_numpy()), 0.0)
    travelled = stops["travel_m"].to_numpy(dtype=np.float64)
    arrived = np.cumsum(travelled) + np.concatenate(([0.0], np.cumsum(worked)[:-1]))
    reached = np.column_stack((arrived, arrived + worked)).ravel()
    # Whole metres of the plan against the line as drawn: the ends have to meet.
    reached *= along[-1] / reached[-1] if reached[-1] else 1.0
    times = np.column_stack(
        [(stops[name] - midnight).dt.total_seconds().to_numpy() for name in ("arrive", "leave")]
    ).ravel()
    inner = along[(along > reached[0]) & (along < reached[-1])]
    # Where a unit stands for a while, one place has two times: both are kept, in order.
    passed = np.interp(inner, *_rising(reached, times))
    at = np.concatenate((reached, inner))
    when = np.concatenate((times, passed))
    order = np.lexsort((at, when))
    places = np.column_stack(
        [np.interp(at, along, axis) for axis in shapely.get_coordinates(drawn).T]
    )
    return when[order], places[order].round(COORDINATE_DIGITS)


def _rising(reached: Floats, times: Floats) -> tuple[Floats, Floats]:
    """Nudge equal places apart, so that each has one time."""
    step = np.arange(len(reached)) * 1e-9
    return reached + step, times
