"""Incidents that show as a slider is drawn through the days of a period or the hours of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd
import shapely
from folium.template import Template

from maps.colours import INCIDENTS, OTHER
from maps.features import COORDINATE_DIGITS, on_map, require, script_json
from maps.layers import LegendRow, Look, ThematicLayer
from maps.words import Words, cell, words

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    from maps.layers import Style

    Integers = npt.NDArray[np.int64]

HOURS: Final = 24
"""Hours of a day."""

LONGEST_DAYS: Final = 7
"""An incident known to lie within more days than this says nothing about a day."""

MARK: Final[Style] = {"mark": "circle", "radius": 6, "weight": 2}
"""A disc; one that only may have happened then is hollow and dashed."""


class MomentLayer(ThematicLayer):
    """
    Marks of which a slider shows those of one step.

    Parameters
    ----------
    name
        Label in the layer control, plain text.
    moments
        What the script of the page needs: steps, marks with the steps that they show in, words.
    show
        Whether the layer starts switched on.
    note
        One sentence under the legend.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = gridpatrol.moments({{ this.moments }});
        {% endmacro %}
        """
    )

    def __init__(
        self, name: str, moments: dict[str, Any], *, show: bool = True, note: str = ""
    ) -> None:
        super().__init__(name, show=show, note=note, one_of="moments")
        self.moments = script_json(moments)


def moment_layer(
    incidents: gpd.GeoDataFrame,
    *,
    by: Literal["day", "hour"] = "day",
    lang: str = "zh",
    show: bool = False,
) -> ThematicLayer:
    """
    Show the incidents of a day, or of an hour of all days, at a time.

    Parameters
    ----------
    incidents
        n points in any CRS with `kind` and `time`; `time_to` and `class` where there are any. The
        times are local.
    by
        Whether the slider goes through the days of the period or the hours of a day.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A mark an incident in every step that it may have happened in: full where that is one,
        hollow where there are several. What has no time, or an interval longer than a week (for
        hours: a day), is left out, and the note says how many.
    """
    say = words(lang)
    require(incidents, "incidents", ["kind", "time"])
    begin, end = times(incidents)
    points, rows = on_map(incidents)
    longest = pd.Timedelta(days=LONGEST_DAYS if by == "day" else 1)
    known = (begin.notna() & (end - begin <= longest)).to_numpy()[rows]
    points, rows = shapely.centroid(points[known]), rows[known]
    first, number, labels = _steps(begin.iloc[rows], end.iloc[rows], by, say)
    kinds = incidents["kind"].map(cell).iloc[rows].to_numpy()
    order = [kind for kind in INCIDENTS if kind in kinds]
    order += sorted(set(kinds) - set(INCIDENTS))
    perhaps = number > 1
    which = np.array([order.index(kind) for kind in kinds], dtype=np.int64) * 2 + perhaps
    looks = [look for kind in order for look in _looks(kind, say)]
    lonlat = shapely.get_coordinates(points).round(COORDINATE_DIGITS)
    titles = _titles(incidents.iloc[rows], begin.iloc[rows], end.iloc[rows], say)
    marks = zip(
        lonlat[:, 1].tolist(), lonlat[:, 0].tolist(), which.tolist(), first.tolist(),
        number.tolist(), titles, strict=True,
    )  # fmt: skip
    left_out = len(incidents) - len(rows)
    note = say("moments_note")
    if left_out:
        more = say("moments_left_out", number=f"{left_out:,}")
        note = say("two_sentences", one=note, two=more)
    layer = MomentLayer(
        say.code("moments", by),
        {
            "marks": [list(mark) for mark in marks],
            "looks": [dict(look.style) for look in looks],
            "labels": labels,
            "shown": say("moment_shown", moment="{moment}", number="{number}"),
            "play": say("play"),
            "pause": say("pause"),
            "slider": say.code("moment_slider", by),
        },
        show=show,
        note=note,
    )
    layer.legend += [
        LegendRow(looks[number], count)
        for number, count in zip(*np.unique(which, return_counts=True), strict=True)
    ]
    return layer


def times(incidents: gpd.GeoDataFrame) -> tuple[pd.Series[pd.Timestamp], pd.Series[pd.Timestamp]]:
    """
    Read when incidents happened.

    Parameters
    ----------
    incidents
        n rows with `time`; `time_to` where there is any.

    Returns
    -------
    begin
        n times, the earliest that it can have happened; missing where that is unknown.
    end
        n times, the latest; the earliest where none is stated, or one before it.
    """
    begin = pd.to_datetime(incidents["time"], errors="coerce", format="ISO8601")
    if "time_to" not in incidents:
        return begin, begin
    end = pd.to_datetime(incidents["time_to"], errors="coerce", format="ISO8601")
    return begin, end.where(end > begin, begin)


def _steps(
    begin: pd.Series[pd.Timestamp], end: pd.Series[pd.Timestamp], by: str, say: Words
) -> tuple[Integers, Integers, list[str]]:
    """Return the first step of each incident, how many it may lie in, and the steps' names."""
    # An interval ends before its last moment: 22:00 to 06:00 has no part of the hour of six.
    last = (end - pd.Timedelta(seconds=1)).where(end > begin, end)
    if by == "hour":
        labels = [say("moment_hour", hour=f"{hour:02}") for hour in range(HOURS)]
        start, length = begin.dt.floor("h"), pd.Timedelta(hours=1)
        first = begin.dt.hour.to_numpy(np.int64)
        number = (last.dt.floor("h") - start) // length + 1
        return first, number.clip(upper=HOURS).to_numpy(np.int64), labels
    if begin.empty:
        return np.empty(0, np.int64), np.empty(0, np.int64), []
    start, stop = begin.dt.normalize(), last.dt.normalize()
    days = pd.date_range(start.min(), stop.max(), freq="D")
    labels = [
        say("moment_day", day=f"{day:%Y-%m-%d}", weekday=say.code("weekday", day.weekday()))
        for day in days
    ]
    first = (start - days[0]).dt.days.to_numpy(np.int64)
    return first, (stop - start).dt.days.to_numpy(np.int64) + 1, labels


def _looks(kind: str, say: Words) -> list[Look]:
    """Return how a kind is drawn where its time is known, and where it is not quite."""
    colour = INCIDENTS.get(kind, OTHER)
    name = say.code("incident", kind) or say("not_stated")
    sure: Style = {**MARK, "color": "#ffffff", "fillColor": colour, "fillOpacity": 0.9}
    perhaps: Style = {**MARK, "color": colour, "dashArray": "3 2", "fillOpacity": 0.0}
    return [
        Look(say("moment_sure", kind=name), "point", sure),
        Look(say("moment_perhaps", kind=name), "point", perhaps),
    ]


def _titles(
    rows: gpd.GeoDataFrame,
    begin: pd.Series[pd.Timestamp],
    end: pd.Series[pd.Timestamp],
    say: Words,
) -> list[list[str]]:
    classes = rows["class"] if "class" in rows else [""] * len(rows)
    return [
        say.lines(
            say.code("incident", kind),
            [
                ("incident_class", say.code("class", code)),
                ("time", f"{start:%Y-%m-%d %H:%M}"),
                ("to_time", f"{stop:%Y-%m-%d %H:%M}" if stop > start else ""),
            ],
        )
        for kind, code, start, stop in zip(rows["kind"], classes, begin, end, strict=True)
    ]
