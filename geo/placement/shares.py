"""A least share of the covered weight for each group, such as each grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ROUNDING: Final = 1e-9
"""Share of a least value that is given away to rounding: 0.1 of 30 is not 3 in binary."""

NAMED: Final = 5
"""Groups that a message names."""


@dataclass(frozen=True, eq=False)
class Shares:
    """
    What share of the weight of each group must be covered.

    Parameters
    ----------
    group
        The group of each demand, such as its `area_id`; a missing one is in no group.
    least
        The least share in [0, 1]: one for all groups, or one for each group named; the others
        have none.
    """

    group: Any
    least: float | Mapping[Any, float]

    def targets(self, worth: Floats, possible: NDArray[np.bool_], *, whole: bool) -> Targets:
        """
        Turn shares into what must be covered.

        Parameters
        ----------
        worth
            The weight of each demand.
        possible
            Whether any allowed choice covers it.
        whole
            Whether all weights are whole.

        Returns
        -------
        targets
            The groups, numbered.

        Raises
        ------
        InvalidParameterError
            When a share is outside [0, 1], names no group, or is more than can be covered.
        """
        codes, labels = pd.factorize(np.asarray(self.group, dtype=object))
        if codes.shape != worth.shape:
            raise InvalidParameterError(
                f"shares: {len(codes)} groups for {len(worth)} demands; give one for each"
            )
        wanted = self.least
        if not isinstance(wanted, Mapping):
            wanted = dict.fromkeys(labels, wanted)
        names = set(labels)
        least: Floats = np.zeros(len(labels) + 1)
        group = np.where(codes < 0, len(labels), codes).astype(np.int64)
        total: Floats = np.bincount(group, worth, len(least)).astype(np.float64)
        can = np.bincount(group, np.where(possible, worth, 0.0), len(least))
        for label, share in wanted.items():
            if label not in names:
                raise InvalidParameterError(f"shares: no demand is in group {label!r}")
            if not 0.0 <= share <= 1.0:
                raise InvalidParameterError(
                    f"shares: {share!r} asked for group {label!r}; give a share in [0, 1]"
                )
            code = int(np.flatnonzero(labels == label)[0])
            least[code] = share * total[code] * (1.0 - ROUNDING)
            if least[code] > can[code]:
                raise InvalidParameterError(
                    f"shares: group {label!r} asks for {share:g}, but all allowed sites together "
                    f"cover {can[code] / total[code]:.4g} of it; ask for less or offer more sites"
                )
        return Targets(group, np.ceil(least) if whole else least, labels, total)


@dataclass(frozen=True, eq=False)
class Targets:
    """
    What must be covered in each group.

    Parameters
    ----------
    group
        The number of the group of each demand.
    least
        What must be covered in each group; the last stands for no group.
    labels
        The names of the groups.
    total
        The weight of each group.
    """

    group: Ints
    least: Floats
    labels: NDArray[np.object_]
    total: Floats

    def missed(self, covered: Floats) -> str:
        """Name the groups of which too little is covered, with what is and what must be."""
        rows = np.flatnonzero(covered < self.least)
        return ", ".join(
            f"{self.labels[g]!r} {covered[g] / self.total[g]:.4g} of "
            f"{self.least[g] / self.total[g]:.4g}"
            for g in rows[:NAMED]
        )
