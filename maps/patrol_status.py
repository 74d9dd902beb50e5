"""What was walked and what became of what was due: ways by track, gaps, places by status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import working_crs
from maps.colours import COVERED, GAP, OFFLINE, ROUTES, SPACING, UNAIMED
from maps.features import COORDINATE_DIGITS, LEAFLET_CRS, require
from maps.layers import LegendRow, Look, ThematicLayer
from maps.routes import ARROW_STYLE, arrowheads
from maps.timed import MINUTE_S, TimedLayer
from maps.words import Words, cell, words

if TYPE_CHECKING:
    from maps.layers import Style

WAY_LEVEL: Final = 45
"""Over the streets, under places: the way is the evidence, the place the finding."""

STATUS_LEVEL: Final = 52
"""Over ways."""

OWN_COLOURS: Final = 12
"""So many tracks have colours of their own; more would fill the legend, and no eye tells them."""

SLIDER_DAYS: Final = 2
"""The slider runs over a day and the night after; tracks of more days have none."""

UNKNOWN_WAY: Final[Style] = {"color": OFFLINE, "weight": 3, "opacity": 0.9, "dashArray": "3 7"}
"""Grey dashes straight over a gap: nobody knows the way."""

DROPPED_STYLE: Final[Style] = {
    "mark": "circle", "radius": 3, "color": OFFLINE, "weight": 1, "fillColor": "#ffffff",
    "fillOpacity": 1.0,
}  # fmt: skip
"""Small and empty: it counts for nothing."""

STATUS_LINES: Final[dict[str, Style]] = {
    "done": {"color": COVERED, "weight": 5, "opacity": 0.95},
    "late": {"color": COVERED, "weight": 5, "opacity": 0.95, "dashArray": "16 6"},
    "too_short": {"color": COVERED, "weight": 5, "opacity": 0.95, "dashArray": "9 9"},
    "driven_through": {
        "color": SPACING, "weight": 6, "opacity": 1.0, "dashArray": "12 8", "lineCap": "butt",
    },
    "video_only": {"color": UNAIMED, "weight": 5, "opacity": 0.95, "dashArray": "2 8"},
    "missed": {"color": GAP, "weight": 7, "opacity": 0.95},
    "unknown": {"color": OFFLINE, "weight": 5, "opacity": 0.95, "dashArray": "4 8"},
}  # fmt: skip
"""Status -> line. In grey the weight and the dashes tell them: solid is done (thinner) or missed
(thicker), what is doubtful is broken, and unknown is never drawn as missed."""

STATUS_SIGNS: Final = {
    "done": "✓", "late": "迟", "too_short": "短", "driven_through": "驶", "video_only": "视",
    "missed": "✕", "unknown": "?",
}  # fmt: skip
"""Status -> what stands in the marker of a point, so that no colour has to be told."""


def status_layer(places: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Draw what became of what was due, point by point and segment by segment.

    Parameters
    ----------
    places
        Points and lines in any CRS with `id`, `status` (a key of `STATUS_LINES`), `due` and
        `done` (how many visits), `detail` (plain text); `name` where there is any.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        Lines and signs, with a legend of those statuses that are met.
    """
    say = words(lang)
    require(places, "places", ["id", "status", "due", "done", "detail"])
    layer = ThematicLayer(say("status_layer"), show=show, note=say("status_note"))
    line = shapely.get_dimensions(places.geometry.to_numpy()) > 0
    rank = {status: number for number, status in enumerate(STATUS_LINES)}
    looks = [
        Look(say.code("outcome", status), "line", style) for status, style in STATUS_LINES.items()
    ]
    looks += [
        Look(
            say.code("outcome", status), "point", {"glyph": "stop", "color": style["color"]},
            STATUS_SIGNS[status],
        )
        for status, style in STATUS_LINES.items()
    ]  # fmt: skip
    which = places["status"].map(rank).to_numpy(dtype=np.int64) + np.where(line, 0, len(rank))
    text = [
        say.lines(
            cell(row.get("name")) or cell(row["id"]),
            [
                ("place_id", cell(row["id"])),
                ("outcome", say.code("outcome", row["status"])),
                ("visits_done", say("of_due", done=cell(row["done"]), due=cell(row["due"]))),
                ("status_detail", cell(row["detail"])),
            ],
        )
        for row in places.drop(columns=places.geometry.name).to_dict("records")
    ]
    signs = [STATUS_SIGNS[status] for status in places["status"]]
    layer.draw(places, looks, which, level=STATUS_LEVEL, text=text, glyphs=signs)
    return layer


def way_layer(
    ways: gpd.GeoDataFrame, tracks: pd.DataFrame, *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Draw the streets that each track went along, with its direction and times.

    Parameters
    ----------
    ways
        LineStrings in any CRS, drawn as the street runs: `track_id`, `street_id`, `direction`
        ("forward" or "backward"), `share` of the street, `entered`, `left` (local times);
        `name` of the street where there is any.
    tracks
        One row per track: `track_id`; `name` where there is any.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A colour for each track, as long as there are few.
    """
    say = words(lang)
    require(ways, "ways", ["track_id", "street_id", "direction", "share", "entered", "left"])
    layer = ThematicLayer(say("matched_ways"), show=show)
    if ways.empty:
        return layer
    names = _names(tracks)
    number = pd.Index(list(names)).get_indexer(ways["track_id"]).astype(np.int64)
    if len(names) > OWN_COLOURS:
        looks, which = [Look(say("matched_way"), "line", _style(0))], np.zeros_like(number)
    else:
        looks = [Look(name, "line", _style(row)) for row, name in enumerate(names.values())]
        which = number
    text = [
        say.lines(
            cell(row.get("name")) or cell(row["street_id"]),
            [
                ("track", names.get(row["track_id"], cell(row["track_id"]))),
                ("street_id", cell(row["street_id"])),
                ("way_direction", say.code("way", row["direction"])),
                ("way_share", say.share(row["share"])),
                (
                    "way_times",
                    say("time_span", begin=_clock(row["entered"]), end=_clock(row["left"])),
                ),
            ],
        )
        for row in ways.drop(columns=ways.geometry.name).to_dict("records")
    ]
    layer.draw(ways, looks, which, level=WAY_LEVEL, text=text)
    metric = ways.to_crs(working_crs(ways))
    lines = metric.geometry.to_numpy()
    lines = np.where(ways["direction"] == "backward", shapely.reverse(lines), lines)
    arrows, of = arrowheads(lines)
    look = Look(say("direction"), "arrow", ARROW_STYLE)
    layer.draw(
        gpd.GeoDataFrame(geometry=arrows, crs=metric.crs), [look], level=WAY_LEVEL + 1,
        text=[text[row] for row in of],
    )  # fmt: skip
    return layer


def unknown_layer(
    gaps: pd.DataFrame, seen: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Draw where it is unknown how a unit went: from the last place before a gap to the first after.

    Parameters
    ----------
    gaps
        `track_id`, `from`, `to` (local times), `length_s`.
    seen
        Points in any CRS with `track_id` and `time`: fixes at both ends of every gap among them.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A straight dashed line for each gap, which is no way.
    """
    say = words(lang)
    layer = ThematicLayer(say("unknown_ways"), show=show, note=say("unknown_note"))
    at = seen.drop_duplicates(["track_id", "time"]).set_index(["track_id", "time"]).geometry
    places = at.to_crs(LEAFLET_CRS)
    keys = [pd.MultiIndex.from_arrays([gaps["track_id"], gaps[end]]) for end in ("from", "to")]
    first, last = (places.reindex(key).to_numpy() for key in keys)
    good = np.flatnonzero(~shapely.is_missing(first) & ~shapely.is_missing(last))
    ends = np.stack(
        [shapely.get_coordinates(first[good]), shapely.get_coordinates(last[good])], axis=1
    ) if len(good) else np.empty((0, 2, 2))  # fmt: skip
    told = gaps.iloc[good]
    text = [
        say.lines(
            say("unknown_way"),
            [
                ("track", cell(row["track_id"])),
                ("way_times", say("time_span", begin=_clock(row["from"]), end=_clock(row["to"]))),
            ],
        )
        for row in told.to_dict("records")
    ]
    frame = gpd.GeoDataFrame(geometry=shapely.linestrings(ends), crs=LEAFLET_CRS)
    layer.draw(frame, [Look(say("unknown_way"), "line", UNKNOWN_WAY)], level=WAY_LEVEL, text=text)
    return layer


def dropped_layer(
    dropped: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = False
) -> ThematicLayer:
    """
    Draw the fixes that were dropped, each with its reason.

    Parameters
    ----------
    dropped
        Points in any CRS with `track_id`, `reason` (in words) and `time`; those without a place
        are not drawn.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        Small empty circles.
    """
    say = words(lang)
    require(dropped, "dropped", ["track_id", "reason", "time"])
    layer = ThematicLayer(say("dropped_fixes"), show=show)
    text = [
        say.lines(
            say("dropped_fix"),
            [
                ("track", cell(track)),
                ("reason", cell(reason)),
                ("fix_time", _clock(time)),
            ],
        )
        for track, reason, time in zip(
            dropped["track_id"], dropped["reason"], dropped["time"], strict=True
        )
    ]
    look = Look(say("dropped_fix"), "point", DROPPED_STYLE)
    layer.draw(dropped, [look], level=WAY_LEVEL + 1, text=text)
    return layer


def seen_layer(
    seen: gpd.GeoDataFrame,
    tracks: pd.DataFrame,
    gaps: pd.DataFrame,
    *,
    lang: str = "zh",
    show: bool = True,
) -> ThematicLayer:
    """
    Show where each unit was at the time of a slider; in a gap it is not shown.

    Parameters
    ----------
    seen
        Points in any CRS with `track_id` and `time` (local).
    tracks
        One row per track: `track_id`; `name` where there is any.
    gaps
        `track_id`, `from`, `to`.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A marker for each track and a slider; it draws nothing for tracks of many days.
    """
    say = words(lang)
    require(seen, "seen", ["track_id", "time"])
    midnight = seen["time"].min().normalize() if len(seen) else pd.NaT
    last = seen["time"].max() if len(seen) else pd.NaT
    units: list[dict[str, Any]] = []
    if len(seen) and last < midnight + pd.Timedelta(days=SLIDER_DAYS):
        units = _moving(seen.to_crs(LEAFLET_CRS), _names(tracks), gaps, midnight, say)
    minutes = [row[0] // MINUTE_S for unit in units for row in unit["at"]]
    layer = TimedLayer(
        say("seen_units"),
        {
            "units": units,
            "from": min(minutes, default=0),
            "to": max(minutes, default=0) + 1,
            "clock": say("clock", time="{time}"),
            "clockNext": say("clock_next", time="{time}"),
            "play": say("play"),
            "pause": say("pause"),
            "slider": say("slider"),
        },
        show=show,
        note=say("seen_note"),
    )
    if units:
        look = Look(say("seen_unit"), "point", {"glyph": "moving", "color": ROUTES[0]}, "●")
        layer.legend.append(LegendRow(look, len(units)))
    return layer


def _moving(
    seen: gpd.GeoDataFrame,
    names: dict[Any, str],
    gaps: pd.DataFrame,
    midnight: pd.Timestamp,
    say: Words,
) -> list[dict[str, Any]]:
    """Return the tracks with times and places, one a minute; null where nobody knows."""
    found = []
    for number, (track, name) in enumerate(names.items()):
        own = seen[seen["track_id"] == track].sort_values("time")
        if own.empty:
            continue
        second = _seconds(own["time"], midnight)
        lonlat = shapely.get_coordinates(own.geometry.to_numpy()).round(COORDINATE_DIGITS)
        holes = gaps[gaps["track_id"] == track]
        begin, end = _seconds(holes["from"], midnight), _seconds(holes["to"], midnight)
        fresh = np.diff(second // MINUTE_S, prepend=-1) > 0
        fresh[-1] = True
        fresh |= np.isin(second, [*begin, *end])
        rows = [[int(t), lat, lon] for t, (lon, lat) in zip(
            second[fresh].tolist(), lonlat[fresh].tolist(), strict=True)]  # fmt: skip
        unknown = [*(begin + 1), second[0] - 1, second[-1] + 1]
        rows += [[int(t), None, None] for t in unknown]
        found.append({
            "title": say("seen_at", name=name),
            "color": ROUTES[number % len(ROUTES)],
            "at": sorted(rows, key=lambda row: row[0]),
        })  # fmt: skip
    return found


def _seconds(times: pd.Series, midnight: pd.Timestamp) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return times as whole seconds since a midnight."""
    seconds = (times - midnight) // pd.Timedelta(seconds=1)
    return seconds.to_numpy(dtype=np.int64)


def _names(tracks: pd.DataFrame) -> dict[Any, str]:
    """Return what each track is called."""
    called = tracks["name"] if "name" in tracks.columns else tracks["track_id"]
    return {
        track: cell(name) or cell(track)
        for track, name in zip(tracks["track_id"], called, strict=True)
    }


def _style(number: int) -> Style:
    """Return the line of the track with this number."""
    style: dict[str, Any] = {"color": ROUTES[number % len(ROUTES)], "weight": 4, "opacity": 0.85}
    return style | ({"dashArray": "10 6"} if number >= len(ROUTES) else {})


def _clock(time: Any) -> str:  # noqa: ANN401 - a cell of a frame
    """Write a local time to the second; nothing where there is none."""
    return "" if pd.isna(time) else f"{time:%m-%d %H:%M:%S}"
