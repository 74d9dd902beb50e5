"""Areas coloured by a figure of theirs: every value in a class, none apart from nothing known."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from maps.areas import BORDER
from maps.colours import COUNT_FILLS, DEVIATION_BREAKS, DEVIATION_FILLS, NO_BASE, ZERO
from maps.features import require
from maps.layers import Look, ThematicLayer
from maps.words import Words, cell, words

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from maps.layers import Style

    Floats = NDArray[np.float64]

LEVEL: Final = 10
"""Where all colours of areas lie: under everything that is smaller than an area."""

CLASSES: Final = len(COUNT_FILLS)
"""Classes that the eye tells apart on a map."""

FIGURES: Final = {
    "households": "n_households",
    "people": "n_people",
    "incidents": "n_incidents",
    "workers": "n_people",
    "street_length_m": "m",
    "area_m2": "m2",
    "load": "n_load",
}
"""Column -> key of the wording of its numbers; the column is the key of its name."""

DEVIATION: Final = "deviation"
"""The column of a share above or below the mean, which has classes on both sides."""


@dataclass(frozen=True, eq=False)
class Classes:
    """
    Classes of a figure.

    Parameters
    ----------
    lows
        k lower ends, ascending; a class holds its lower end and not the next one.
    highest
        The greatest value of the last class.
    whole
        Whether all values are whole numbers.
    """

    lows: Floats
    highest: float
    whole: bool

    def number(self, values: Floats) -> NDArray[np.int64]:
        """Return the number of the class of each value; -1 for one below the first, or none."""
        number = np.searchsorted(self.lows, values, side="right") - 1
        return np.where(np.isnan(values), -1, number).astype(np.int64)

    def labels(self, key: str, say: Words) -> list[str]:
        """Return what the legend calls the classes."""
        ends = [*self.lows.tolist(), None]
        return [self._label(low, high, key, say) for low, high in pairwise(ends)]

    def _label(self, low: float, high: float | None, key: str, say: Words) -> str:
        if self.whole:
            last = self.highest if high is None else high - 1.0
            if last <= low:
                return say(key, number=_number(low))
            return say(key, number=say("number_range", low=_number(low), high=_number(last)))
        if high is None:
            return say("number_and_more", low=say(key, number=_number(low)))
        return say(key, number=say("number_below", low=_number(low), high=_number(high)))


def classes(values: Floats, count: int = CLASSES) -> Classes:
    """
    Divide values among classes of about equally many, with ends that are easy to say.

    Parameters
    ----------
    values
        Numbers; those that are missing or below 0 have no class. 0 is not among the classes
        where there are others: nothing is apart from little.
    count
        How many classes at most.

    Returns
    -------
    classes
        Every value above 0 is in one of them; fewer than `count` where few values differ.
    """
    known = values[np.isfinite(values) & (values > 0.0)]
    if not known.size:
        return Classes(np.empty(0), 0.0, whole=True)
    whole = bool(np.all(known == np.round(known)))
    distinct = np.unique(known)
    if len(distinct) <= count and whole:
        return Classes(distinct, float(distinct[-1]), whole)
    ends = np.quantile(known, np.arange(count) / count)
    lows = np.unique([_round_down(end, whole=whole) for end in ends.tolist()])
    return Classes(lows, float(distinct[-1]), whole)


def choropleth_layer(
    areas: gpd.GeoDataFrame, column: str, *, lang: str = "zh", show: bool = False
) -> ThematicLayer:
    """
    Colour areas by one of their figures.

    Parameters
    ----------
    areas
        Polygons in any CRS with `area_id` and the column; `name` where there is any.
    column
        One of `FIGURES`, or "deviation": a share above or below the mean.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of polygons in classes; 0 has a look of its own, and so has what is not known.
    """
    say = words(lang)
    require(areas, "areas", ("area_id", column))
    layer = ThematicLayer(say.code("areas_by", column), show=show, one_of="areas")
    values = pd.to_numeric(areas[column], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    looks, which = _deviations(values, say) if column == DEVIATION else _sizes(values, column, say)
    layer.draw(areas, looks, which, level=LEVEL, text=_text(areas, values, column, say))
    return layer


def write(value: float, column: str, say: Words) -> str:
    """
    Write one figure of an area.

    Parameters
    ----------
    value
        The number; not a number where it is unknown.
    column
        One of `FIGURES`, or "deviation".
    say
        The words of the page.

    Returns
    -------
    text
        The number with its unit, a share with its sign, or that it is unknown.
    """
    if np.isnan(value):
        return say("unknown")
    if column == DEVIATION:
        return f"{100.0 * value:+.1f}%"
    return say(FIGURES[column], number=_number(value))


def _sizes(values: Floats, column: str, say: Words) -> tuple[list[Look], NDArray[np.int64]]:
    """Return the looks of classes, of 0, and of what is unknown; and which is whose."""
    found = classes(values)
    # Few classes take colours far apart.
    steps = np.linspace(0, CLASSES - 1, max(len(found.lows), 2)).round().astype(int)
    labels = found.labels(FIGURES[column], say)
    looks = [
        area_look(label, COUNT_FILLS[step]) for label, step in zip(labels, steps, strict=False)
    ]
    looks += [area_look(say(FIGURES[column], number="0"), ZERO), _unknown(say)]
    which = found.number(values)
    which[values == 0.0] = len(looks) - 2
    which[~(values >= 0.0)] = len(looks) - 1
    return looks, which


def _deviations(values: Floats, say: Words) -> tuple[list[Look], NDArray[np.int64]]:
    """Return the looks of fixed classes on both sides of the mean, and which is whose."""
    percent = [f"{100.0 * low:+.0f}%" for low in DEVIATION_BREAKS]
    labels = [
        say("deviation_below", high=percent[0]),
        *(say("number_range", low=low, high=high) for low, high in pairwise(percent)),
        say("deviation_above", low=percent[-1]),
    ]
    looks = [area_look(label, fill) for label, fill in zip(labels, DEVIATION_FILLS, strict=True)]
    which = np.searchsorted(DEVIATION_BREAKS, values, side="right")
    which[np.isnan(values)] = len(looks)
    return [*looks, _unknown(say)], which


def area_look(label: str, fill: str) -> Look:
    """
    Return the look of an area of a class.

    Parameters
    ----------
    label
        What the legend calls it, plain text.
    fill
        Its colour.

    Returns
    -------
    look
        A fill through which streets stay legible.
    """
    return Look(label, "area", {**BORDER, "fillColor": fill, "fillOpacity": 0.75})


def _unknown(say: Words) -> Look:
    style: Style = {**BORDER, "fillColor": NO_BASE, "hatch": True, "fillOpacity": 1}
    return Look(say("no_data"), "area", style)


def _text(areas: gpd.GeoDataFrame, values: Floats, column: str, say: Words) -> list[list[str]]:
    names = areas["name"] if "name" in areas else [""] * len(areas)
    return [
        [
            *say.lines(cell(name), [("area_id", cell(code))]),
            say("pair", label=say.code("figure", column), value=write(value, column, say)),
        ]
        for name, code, value in zip(names, areas["area_id"], values.tolist(), strict=True)
    ]


def _round_down(value: float, *, whole: bool) -> float:
    """Return the greatest number of two digits that is not above a value."""
    step = 10.0 ** (np.floor(np.log10(value)) - 1.0)
    if whole:
        step = max(step, 1.0)
    # The quotient may fall a rounding short of a whole number.
    return float(np.round(np.floor(value / step * (1.0 + 1e-12)) * step, 12))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) or value >= 100.0 else f"{value:,.2f}"  # noqa: PLR2004
