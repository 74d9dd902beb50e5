"""What `gridpatrol incidents hours` finds: in which hours of the week things happen."""

from collections.abc import Mapping, Sequence
from typing import Final

import geopandas as gpd
import numpy as np

from api.answering import Outcome
from api.incidents.listings import Cell, Listing
from api.incidents.spans import period_said
from api.words import say
from geo.incidents.compared import records
from geo.incidents.hourly import Hours, hours
from geo.incidents.numbers import Rate, half_up, percent_text, plain_text
from geo.incidents.periods import Period
from geo.incidents.rows import in_period
from geo.incidents.slots import usual_slots
from geo.incidents.wording import UNITS
from maps import IncidentScene, words

Frames = Mapping[str, gpd.GeoDataFrame]

SHADES: Final = "·░▒▓█"
"""From nothing to the fullest hour."""


def tell_hours(frames: Frames, period: Period | None, *, lang: str) -> Outcome:
    """
    Spread incidents over the hours of the week.

    Parameters
    ----------
    frames
        "incidents"; "areas" where they are to be on the map. One metric CRS.
    period
        The days; None for all.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        A table of 7 x 24 and one of named slots for every unit, and what has no hour.

    Raises
    ------
    GeoError
        When a time or a number is none.
    """
    incidents = frames["incidents"]
    found = hours(incidents, period=period)
    shown = incidents if period is None else incidents[in_period(incidents, period)]
    unit = most_counted(found)
    scene = IncidentScene(
        incidents=shown if "kind" in shown.columns else shown.assign(kind=None),
        areas=frames.get("areas"),
        unit=unit or "matter",
        hours=None if unit is None else found.matrix(unit).to_numpy(),
        figures=hour_figures(found, lang),
        tables=[slot_listing(found, each, lang).text() for each in timed_units(found)],
    )
    remarks = [say("hours_spread", lang)]
    if period is not None:
        remarks.insert(0, period_said(period, lang))
    if unit is None:
        remarks.append(say("hours_none", lang))
    summary = found.summary() | {
        "period": None if period is None else period.summary(),
        "hours": {
            str(each): found.matrix(str(each)).to_numpy().tolist()
            for each in found.totals["count_unit"]
        },
        "by_hour": records(found.by_hour),
        "by_weekday": records(found.by_weekday),
    }
    tables = {"hours": found.frame, "slots": found.by_slot, "totals": found.totals}
    drawing = "\n\n".join(heat_text(found, each, lang) for each in timed_units(found))
    hint = say("hint.time_column", lang) if unit is None else ""
    return Outcome(summary, tables, scene, remarks, hint, drawing=drawing)


def most_counted(found: Hours) -> str | None:
    """
    Return the unit of which most is known by the hour.

    Parameters
    ----------
    found
        Outcome of `geo.incidents.hourly.hours`.

    Returns
    -------
    unit
        None where no time is known.
    """
    known = found.totals[found.totals["timed"] > 0]
    return None if known.empty else str(known.loc[known["timed"].idxmax(), "count_unit"])


def hour_figures(found: Hours, lang: str) -> list[tuple[str, str]]:
    """
    Return the key figures of hours.

    Parameters
    ----------
    found
        Outcome of `geo.incidents.hourly.hours`.
    lang
        "zh" or "en".

    Returns
    -------
    figures
        Labels and values.
    """
    figures: list[tuple[str, str]] = []
    for row in found.totals.to_dict("records"):
        unit = str(row["count_unit"])
        counts = say("numbers_of", lang, part=f"{row['timed']:,}", whole=f"{row['count']:,}")
        figures.append((say("hours_timed", lang, unit=_unit(unit, lang)), counts))
        for name in ("interval", "too_long", "midnight"):
            if row[name]:
                label = say(f"hours_{name}", lang, hours=found.longest_h)
                figures.append((label, f"{row[name]:,}"))
        if row["unknown"]:
            share = Rate(int(row["unknown"]), int(row["count"])).percent(lang)
            figures.append((say("hours_unknown", lang, share=share), f"{row['unknown']:,}"))
        if unit in found.peak:
            figures.append((say("hours_peak", lang), _peak(found, unit, lang)))
    return figures


def hour_listings(found: Hours, lang: str) -> list[Listing]:
    """
    Write hours of the week and named slots, unit by unit.

    Parameters
    ----------
    found
        Outcome of `geo.incidents.hourly.hours`.
    lang
        "zh" or "en".

    Returns
    -------
    listings
        Two for each unit of which any time is known.
    """
    return [
        listing
        for unit in timed_units(found)
        for listing in (_week(found, unit, lang), slot_listing(found, unit, lang))
    ]


def timed_units(found: Hours) -> list[str]:
    """
    List the units of which some time is known.

    Parameters
    ----------
    found
        Outcome of `geo.incidents.hourly.hours`.

    Returns
    -------
    units
        In their order.
    """
    return [str(unit) for unit in found.totals.loc[found.totals["timed"] > 0, "count_unit"]]


def heat_text(found: Hours, unit: str, lang: str) -> str:
    """
    Draw the week with letters: the fuller an hour, the darker.

    Parameters
    ----------
    found
        Outcome of `geo.incidents.hourly.hours`.
    unit
        The unit of count.
    lang
        "zh" or "en".

    Returns
    -------
    text
        A head, and a line a day with its sum; how much each shade is stands below.
    """
    matrix = found.matrix(unit).to_numpy()
    say_map = words(lang)
    most = matrix.max()
    steps = len(SHADES) - 1
    level = np.ceil(matrix / most * steps).astype(int) if most else np.zeros(matrix.shape, int)
    days = [say("weekday_name", lang, day=say_map.code("weekday", day)) for day in range(7)]
    hours_line = "".join(f"{hour:<6}" for hour in range(0, matrix.shape[1], 3)).rstrip()
    blank = " " * (len(days[0]) + (len(days[0]) if lang == "zh" else 0))
    lines = [say("hours_of", lang, unit=_unit(unit, lang)), f"{blank} {hours_line}"]
    for day, row, sums in zip(days, level, matrix.sum(axis=1), strict=True):
        lines.append(f"{day} {''.join(2 * SHADES[step] for step in row)} {_rounded(sums):,}")
    key = "  ".join(
        f"{2 * SHADES[step]} ≤{_rounded(most * step / steps):,}" for step in range(1, steps + 1)
    )
    return "\n".join([*lines, f"{blank} {key}"])


def slot_listing(found: Hours, unit: str, lang: str) -> Listing:
    """
    Write the named slots of one unit.

    Parameters
    ----------
    found
        Outcome of `geo.incidents.hourly.hours`.
    unit
        The unit of count.
    lang
        "zh" or "en".

    Returns
    -------
    listing
        In the order of the day; slots are not of one length, so that what falls into an hour of
        each stands beside.
    """
    rows: list[Sequence[Cell]] = [
        [
            _slot(str(row["slot"]), lang),
            plain_text(float(row["hours"]), 2),
            _rounded(row["count"]),
            percent_text(float(row["share"])),
            _rounded(row["per_hour"]),
        ]
        for row in found.by_slot[found.by_slot["count_unit"] == unit].to_dict("records")
    ]
    heads = ("by.slot", "hours_head", "count_head", "share_of_all", "per_hour_head")
    title = f"{say('slots_table', lang)} · {_unit(unit, lang)}"
    return Listing(title, [say(head, lang) for head in heads], rows, 1)


def _week(found: Hours, unit: str, lang: str) -> Listing:
    """Write the week of one unit, with sums."""
    matrix = found.matrix(unit).to_numpy()
    say_map = words(lang)
    heads = [say("day_head", lang), *(f"{hour}" for hour in range(matrix.shape[1])),
             say("sum_head", lang)]  # fmt: skip
    rows: list[Sequence[Cell]] = [
        [say_map.code("weekday", day), *map(_rounded, row), _rounded(row.sum())]
        for day, row in enumerate(matrix)
    ]
    sums = matrix.sum(axis=0)
    rows.append([say("sum_head", lang), *map(_rounded, sums), _rounded(sums.sum())])
    return Listing(say("hours_of", lang, unit=_unit(unit, lang)), heads, rows, 1)


def _peak(found: Hours, unit: str, lang: str) -> str:
    peak = found.peak[unit]
    return say(
        "hours_peak_is", lang, weekday=words(lang).code("weekday", peak["weekday"]),
        hour=peak["hour"], until=peak["hour"] + 1, slot=_slot(peak["slot"], lang),
    )  # fmt: skip


def _slot(code: str, lang: str) -> str:
    slots = usual_slots().set_index("slot")
    return str(slots.loc[code, "label" if lang == "zh" else "label_en"])


def _unit(unit: str, lang: str) -> str:
    return UNITS[unit][0 if lang == "zh" else 2]


def _rounded(value: float) -> float | int:
    """Return a number as tables have it: whole, or with one digit."""
    rounded = float(half_up(float(value), 1))
    return int(rounded) if rounded == int(rounded) else rounded
