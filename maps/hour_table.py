"""A week by hours as a table whose cells are shaded by how much falls into them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.incidents.numbers import half_up
from maps.colours import COUNT_FILLS

if TYPE_CHECKING:
    import numpy.typing as npt

    from maps.words import Words

    Floats = npt.NDArray[np.float64]

SHADES: Final = len(COUNT_FILLS) + 1
"""Nothing, and the ramp of counts."""

DARK: Final = 4
"""From this shade on the number is written in white."""


def hour_table(hours: Floats, say: Words) -> str:
    """
    Write counts by weekday and hour.

    Parameters
    ----------
    hours
        7 x 24 counts, Monday first; fractions where an interval was spread.
    say
        The words of the page.

    Returns
    -------
    html
        A heading, a table with sums at the right and below, and how to read it.
    """
    day = say("weekday_head")
    heads = "".join(f'<th scope="col">{hour}</th>' for hour in range(hours.shape[1]))
    whole = bool(np.all(hours == np.round(hours)))
    levels = shades(hours)
    rows = [
        f'<tr><th scope="row">{escape(say.code("weekday", number))}</th>'
        + "".join(
            _cell(value, level, whole=whole)
            for value, level in zip(row.tolist(), levels[number].tolist(), strict=True)
        )
        + f'<td class="sum">{write(float(row.sum()), whole=whole)}</td></tr>'
        for number, row in enumerate(hours)
    ]
    sums = "".join(
        f'<td class="sum">{write(value, whole=whole)}</td>'
        for value in [*hours.sum(axis=0).tolist(), float(hours.sum())]
    )
    total = escape(say("total"))
    spread = escape(say("hours_note"))
    note = "" if whole else f"<p>{spread}</p>"
    return (
        f'<h2>{escape(say("table_hours"))}</h2><div class="scroll"><table class="hours"><thead><tr>'
        f'<th scope="col">{escape(day)}</th>{heads}<th scope="col">{total}</th></tr></thead>'
        f'<tbody>{"".join(rows)}</tbody><tfoot><tr><th scope="row">{total}</th>{sums}</tr></tfoot>'
        f"</table></div>{note}"
    )


def shades(hours: Floats) -> npt.NDArray[np.int64]:
    """
    Give each count a shade.

    Parameters
    ----------
    hours
        Counts, at least 0.

    Returns
    -------
    shades
        0 for nothing, then 1 to 5 by even steps up to the greatest count.
    """
    highest = float(hours.max()) or 1.0
    return np.ceil(hours / highest * (SHADES - 1)).astype(np.int64)


def write(value: float, *, whole: bool) -> str:
    """
    Write a count of a cell.

    Parameters
    ----------
    value
        The count.
    whole
        Whether all counts are whole numbers.

    Returns
    -------
    text
        Whole numbers as they are, others with one decimal; nothing for 0.
    """
    if value == 0.0:
        return ""
    return f"{half_up(value, 0 if whole else 1):,}"


def _cell(value: float, level: int, *, whole: bool) -> str:
    if not level:
        return "<td></td>"
    ink = "#ffffff" if level >= DARK else "#22262b"
    style = f"background:{COUNT_FILLS[level - 1]};color:{ink}"
    return f'<td style="{style}">{write(value, whole=whole)}</td>'
