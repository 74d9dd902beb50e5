"""Where points are on a network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

SNAP_M: Final = 50.0
"""A point farther than this from every passable street is not on the network, in metres: the
far kerb of a wide road is nearer, the next street mostly is not."""


@dataclass(frozen=True, eq=False)
class Snapped:
    """
    Where points are on a network.

    Parameters
    ----------
    part
        n parts of its lines; -1 where the point is not on the network.
    at_m
        n distances along the row; NaN where it is not.
    offset_m
        n distances to the nearest passable street, in metres, also where that is too far; NaN
        for a point without a place, or when there is no street.
    """

    part: Ints
    at_m: Floats
    offset_m: Floats

    @property
    def routable(self) -> Bools:
        """Whether each point is on the network."""
        return self.part >= 0

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.part)

    def __add__(self, other: Snapped) -> Snapped:
        """Return the points of both, these first."""
        return Snapped(
            np.concatenate((self.part, other.part)),
            np.concatenate((self.at_m, other.at_m)),
            np.concatenate((self.offset_m, other.offset_m)),
        )

    def only(self, chosen: Bools) -> Snapped:
        """
        Take points off the network without renumbering the others.

        Parameters
        ----------
        chosen
            n flags: which points stay.

        Returns
        -------
        snapped
            n places.
        """
        return replace(self, part=np.where(chosen, self.part, -1))
