"""Areas coloured by counts, rates and changes: what may be chance never has a plain colour."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.incidents.numbers import plain_text
from geo.incidents.wording import UNITS as UNIT_WORDS
from maps.areas import BORDER
from maps.choropleth import CLASSES, LEVEL, area_look, classes
from maps.colours import (
    CHANCE,
    CHANGE_BREAKS,
    CHANGE_FILLS,
    COUNT_FILLS,
    HATCH,
    NO_BASE,
    NONE,
    ZERO,
)
from maps.features import require
from maps.layers import Look, ThematicLayer
from maps.words import Words, cell, words

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    from maps.layers import Style

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Drawn = tuple[list[Look], npt.NDArray[np.int64]]

UNITS: Final = {
    "matter": "n_matter",
    "occurrence": "n_occurrence",
    "person": "n_person",
    "person_time": "n_person_time",
    "household": "n_household",
    "item": "n_item",
    "session": "n_session",
    "item_time": "n_item_time",
    "occurrence_time": "n_occurrence_time",
}
"""Unit of a count -> key of its wording."""

COLUMNS: Final = ("now", "per_ten_thousand", "share")
"""Counts, rates and changes, as `geo.incidents.comparing` calls them."""

SIGNIFICANT: Final = 0.05
"""Below this a change is taken for more than chance, where the frame does not say which are."""


def incident_area_layer(
    areas: gpd.GeoDataFrame,
    column: str,
    *,
    unit: str = "matter",
    lang: str = "zh",
    show: bool = False,
) -> ThematicLayer:
    """
    Colour areas by counts, rates or changes.

    Parameters
    ----------
    areas
        Polygons in any CRS with `area_id` and the column, from `frame` of
        `geo.incidents.comparing`; `name`, `sentence` and `state` where there are any. Rates take
        `unstable`; changes `now`, `before` and either `significant` or `e_p`. The state "no_data"
        and a missing value are an area without data, which is not a 0; "none_recorded" is one of
        which nothing is recorded, reported or not; a 0 was reported in the state "zero" alone.
    column
        One of `COLUMNS`.
    unit
        The unit of the counts, one of `UNITS`.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of polygons. An unstable rate is hatched in the colour of its class; a change that
        may be chance has no colour of a rise or a fall.
    """
    say = words(lang)
    require(areas, "areas", ("area_id", column))
    note = {"per_ten_thousand": "unstable_note", "share": "change_note"}.get(column)
    if column == "per_ten_thousand" and not _flags(areas, "unstable").any():
        note = None
    said = [] if note is None else [say(note)]
    layer = ThematicLayer(
        say.code("incident_areas", column),
        show=show,
        one_of="areas",
        note=" ".join([say("one_unit", unit=UNIT_WORDS[unit][say.lang != "zh"]), *said]),
    )
    looks, which = area_looks(areas, column, unit, say)
    layer.draw(areas, looks, which, level=LEVEL, text=_text(areas, unit, say))
    return layer


def area_looks(areas: gpd.GeoDataFrame, column: str, unit: str, say: Words) -> Drawn:
    """
    Choose the look of each area.

    Parameters
    ----------
    areas
        As in `incident_area_layer`.
    column
        One of `COLUMNS`.
    unit
        One of `UNITS`.
    say
        The words of the page.

    Returns
    -------
    looks
        The classes, in the order of the legend; some may be nobody's.
    which
        n numbers into them.
    """
    if column == "share":
        require(areas, "areas", ("now", "before"))
        return _changes(areas, say)
    key = "n_per_ten_thousand" if column == "per_ten_thousand" else UNITS[unit]
    unstable = _flags(areas, "unstable") & (column == "per_ten_thousand")
    values = np.where(_in_state(areas, "no_data"), np.nan, _numbers(areas[column]))
    looks, which = _sizes(values, key, unstable, _in_state(areas, "zero"), say)
    # The looks of 0, of nothing recorded and of no data come last.
    which[_in_state(areas, "none_recorded")] = len(looks) - 2
    return looks, which


def counted(value: float, unit: str, say: Words) -> str:
    """
    Write a count with its unit.

    Parameters
    ----------
    value
        The number; not a number where it is unknown.
    unit
        One of `UNITS`.
    say
        The words of the page.

    Returns
    -------
    text
        The number with its unit, or that it is unknown.
    """
    return say("unknown") if np.isnan(value) else say(UNITS[unit], number=f"{value:,.0f}")


def _sizes(values: Floats, key: str, unstable: Flags, reported: Flags, say: Words) -> Drawn:
    """Return the looks of classes, plain and hatched, of 0, and of no data; and which is whose."""
    found = classes(values)
    steps = np.linspace(0, CLASSES - 1, max(len(found.lows), 2)).round().astype(int)
    fills = [COUNT_FILLS[step] for step in steps[: len(found.lows)]]
    labels = found.labels(key, say)
    plain = [area_look(label, fill) for label, fill in zip(labels, fills, strict=True)]
    hatched = [
        _hatched(say("unstable_class", label=label), HATCH, ground=fill)
        for label, fill in zip(labels, fills, strict=True)
    ]
    looks = [look for pair in zip(plain, hatched, strict=True) for look in pair]
    first = len(looks)
    looks += [
        area_look(say("zero_reported"), ZERO),
        _hatched(say("none_recorded"), NONE, ground=ZERO),
        _hatched(say("no_report"), NO_BASE),
    ]
    which = 2 * found.number(values) + unstable
    which[values == 0.0] = np.where(reported, first, first + 1)[values == 0.0]
    which[~(values >= 0.0)] = first + 2
    return looks, which


def _changes(areas: gpd.GeoDataFrame, say: Words) -> Drawn:
    """Return the looks of falls and rises, of chance, and of what has no percentage."""
    now, before, share = (_numbers(areas[name]) for name in ("now", "before", "share"))
    percent = [f"{100.0 * low:+.0f}%" for low in CHANGE_BREAKS]
    labels = [
        say("change_below", high=percent[0]),
        *(say("number_range", low=low, high=high) for low, high in pairwise(percent)),
        say("number_and_more", low=percent[-1]),
    ]
    looks = [area_look(label, fill) for label, fill in zip(labels, CHANGE_FILLS, strict=True)]
    first = len(looks)
    looks += [
        area_look(say("change_chance"), CHANCE),
        _hatched(say("change_from_zero"), CHANGE_FILLS[-1]),
        area_look(say("change_both_zero"), ZERO),
        _hatched(say("none_recorded"), NONE, ground=ZERO),
        _hatched(say("no_report"), NO_BASE),
    ]
    which = np.searchsorted(CHANGE_BREAKS, share, side="right")
    which[~_significant(areas)] = first
    which[(before == 0.0) & (now > 0.0)] = first + 1
    which[(before == 0.0) & (now == 0.0)] = first + 2
    which[np.isnan(now) | np.isnan(before) | _in_state(areas, "no_data")] = first + 4
    which[_in_state(areas, "none_recorded")] = first + 3
    return looks, which.astype(np.int64)


def _significant(areas: gpd.GeoDataFrame) -> Flags:
    if "significant" in areas:
        return _flags(areas, "significant")
    require(areas, "areas", ("e_p",))
    return _numbers(areas["e_p"]) < SIGNIFICANT


def _flags(areas: gpd.GeoDataFrame, column: str) -> Flags:
    """Return a column of claims; where it is missing, nothing is claimed."""
    if column not in areas:
        return np.zeros(len(areas), dtype=bool)
    return areas[column].eq(other=True).fillna(value=False).to_numpy(dtype=bool)


def _in_state(areas: gpd.GeoDataFrame, state: str) -> Flags:
    """Tell which areas are in a state; where none is stated, none is."""
    if "state" not in areas:
        return np.zeros(len(areas), dtype=bool)
    return areas["state"].eq(state).to_numpy(dtype=bool)


def _numbers(column: pd.Series[Any]) -> Floats:
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _hatched(label: str, strokes: str, ground: str = "") -> Look:
    style: Style = {**BORDER, "fillColor": strokes, "hatch": True, "fillOpacity": 1}
    return Look(label, "area", {**style, "ground": ground} if ground else style)


def _text(areas: gpd.GeoDataFrame, unit: str, say: Words) -> list[list[str]]:
    """Return the figures of each area, whatever it is coloured by."""
    unstable = _flags(areas, "unstable")
    return [
        say.lines(
            cell(row.get("name")),
            [
                ("area_id", cell(row["area_id"])),
                (
                    "now_count",
                    say("no_report") if silent else _count(row, "now", unit, say),
                ),
                ("before_count", _count(row, "before", unit, say)),
                ("change", cell(row.get("sentence"))),
                ("rate", _rate(row, say)),
                ("caution", say("unstable") if flag else ""),
            ],
        )
        for row, flag, silent in zip(
            areas.drop(columns=areas.geometry.name).to_dict("records"),
            unstable.tolist(),
            _in_state(areas, "no_data").tolist(),
            strict=True,
        )
    ]


def _count(row: dict[str, Any], column: str, unit: str, say: Words) -> str:
    if column not in row:
        return ""
    return counted(float(row[column]), unit, say) if cell(row[column]) else say("no_report")


def _rate(row: dict[str, Any], say: Words) -> str:
    value = cell(row.get("per_ten_thousand"))
    return say("n_per_ten_thousand", number=plain_text(float(value), 2)) if value else ""
