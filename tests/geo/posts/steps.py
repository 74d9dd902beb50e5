"""Walking a network in small steps: the oracle for what is computed in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.snapping import Snapped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.streets import StreetNetwork


def steps_along(network: StreetNetwork, step_m: float) -> tuple[Snapped, NDArray[np.float64]]:
    """
    Cut every part into steps.

    Parameters
    ----------
    network
        The streets.
    step_m
        Length of a step at most, in metres.

    Returns
    -------
    places, length_m
        The middle of each step on its own part, for streets may lie on each other; its length.
    """
    whole = network.lines.whole
    count = (whole.lengths_m / step_m).astype(np.int64) + 1
    part = np.repeat(whole.key, count)
    length_m = np.repeat(whole.lengths_m / count, count)
    number = np.arange(len(part)) - np.repeat(np.cumsum(count) - count, count)
    at_m = np.repeat(whole.start, count) + (number + 0.5) * length_m
    return Snapped(part, at_m, np.zeros(len(part))), length_m
