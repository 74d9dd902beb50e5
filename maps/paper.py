"""Drawings on paper: places of the ground as places of a sheet, paths, a scale bar, the north."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

WIDTH, HEIGHT = 720.0, 400.0
"""Units of the drawing: the width of a sheet of A4 by about two fifths of its height."""

APART: Final = 19.0
"""How far apart two numbers stand: the width of one."""

ROUNDS: Final = 60
"""How often numbers that overlap push each other away; after that they stand as they are."""

SCALE_BARS_M: Final = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""Lengths that a scale bar may have."""

KILOMETRE: Final = 1_000
"""From here on a scale bar is labelled in kilometres."""


@dataclass(frozen=True, eq=False)
class Paper:
    """
    A drawing of a part of the ground, north up.

    Parameters
    ----------
    width, height
        Units of the drawing.
    scale
        Units a metre.
    middle
        The place of the ground in the middle of the drawing.
    """

    width: float
    height: float
    scale: float
    middle: Floats

    def place(self, xy: Floats) -> Floats:
        """Return places of the drawing: north is up, and up is less."""
        centre = np.array((self.width, self.height)) / 2.0
        return centre + (xy - self.middle) * self.scale * np.array((1.0, -1.0))

    @property
    def frame(self) -> shapely.Polygon:
        """The edge of the drawing, in its own units."""
        return shapely.box(0.0, 0.0, self.width, self.height)

    def scale_bar(self) -> str:
        """Draw a bar of a round length at the lower left."""
        fitting = [length for length in SCALE_BARS_M if length * self.scale <= self.width / 4.0]
        length_m = fitting[-1] if fitting else SCALE_BARS_M[0]
        wide = length_m * self.scale
        label = f"{length_m} m" if length_m < KILOMETRE else f"{length_m // KILOMETRE} km"
        low = self.height - 10.0
        return (
            f'<path class="scale" d="M10 {low - 4}v4h{wide:.1f}v-4"/>'
            f'<text class="length" x="{14 + wide:.1f}" y="{low:g}">{label}</text>'
        )

    def north(self, letter: str) -> str:
        """Draw an arrow to the north, with its letter, at the upper right."""
        right = self.width - 16
        return (
            f'<text class="north" x="{right}" y="16">{escape(letter)}</text>'
            f'<path class="pointer" d="M{right} 20l5 16l-5 -4l-5 4Z"/>'
        )


def fitted(
    bounds: tuple[float, float, float, float],
    *,
    margin: float,
    foot: float = 0.0,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> Paper:
    """
    Lay a part of the ground on paper.

    Parameters
    ----------
    bounds
        West, south, east and north, in metres.
    margin
        Room around the ground, in units of the drawing.
    foot
        More room below it.
    width, height
        Units of the drawing.

    Returns
    -------
    paper
        As large as fits.
    """
    west, south, east, tall = bounds
    scale = min(
        (width - 2 * margin) / max(east - west, 1.0),
        (height - 2 * margin - foot) / max(tall - south, 1.0),
    )
    middle = np.array(((west + east) / 2.0, (south + tall) / 2.0 - foot / 2.0 / scale))
    return Paper(width, height, scale, middle)


def path(line: shapely.Geometry) -> str:
    """
    Write a line of the drawing as the data of a path.

    Parameters
    ----------
    line
        A line, in units of the drawing.

    Returns
    -------
    data
        To a tenth of a unit.
    """
    corners = shapely.get_coordinates(line).round(1).tolist()
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in corners)


def spread(places: Floats, *, width: float = WIDTH, height: float = HEIGHT) -> Floats:
    """
    Push numbers that overlap away from each other.

    Parameters
    ----------
    places
        n x 2 places of the drawing.
    width, height
        Units of the drawing.

    Returns
    -------
    places
        n x 2, at least `APART` from each other and inside the drawing where there is room.
    """
    edge = np.array((width, height)) - APART / 2.0
    at = places + np.column_stack((np.arange(len(places)), -np.arange(len(places)))) * 1e-3
    for _ in range(ROUNDS):
        apart = at[:, None] - at[None, :]
        far = np.hypot(apart[..., 0], apart[..., 1])
        np.fill_diagonal(far, np.inf)
        short = np.maximum(APART - far, 0.0)
        if not short.any():
            break
        push = (apart / far[..., None] * short[..., None] / 2.0).sum(axis=1)
        at = np.clip(at + push, APART / 2.0, edge)
    return at
