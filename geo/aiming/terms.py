"""What views are worth, and how long to look for better ones."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.errors import InvalidParameterError
from geo.placement import Search

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from geo.due import DueRule


@dataclass(frozen=True, eq=False)
class Terms:
    """
    State what counts, and for how much.

    Parameters
    ----------
    due
        Which streets count; None for the default `DueRule`.
    within
        Polygons with `area_id`: only the streets inside them count. None for all.
    class_weights
        What a metre of a class of street is worth; 1.0 for every class that is not named. A
        project choice: give back lanes more to see them first.
    point_m
        How many metres of street a key site or an incident in sight is worth; its column `weight`
        multiplies it. A project choice: about what one fixed camera sees of a street.
    cost_m
        Metres that a change must win at least to be made: what one way up the ladder costs.
    seconds
        Outer limit of a search, in seconds; greater than 0.
    """

    due: DueRule | None = None
    within: gpd.GeoDataFrame | None = None
    class_weights: Mapping[str, float] = field(default_factory=dict)
    point_m: float = 50.0
    cost_m: float = 0.0
    seconds: float = 60.0

    def __post_init__(self) -> None:
        """Refuse what is no worth."""
        worths = {"point_m": self.point_m, "cost_m": self.cost_m}
        worths |= {
            f"class_weights of {name!r}": worth for name, worth in self.class_weights.items()
        }
        for name, worth in worths.items():
            if not 0.0 <= worth < math.inf:
                raise InvalidParameterError(f"{name} must be a number of 0 or more, got {worth!r}")
        self.search(0)

    def search(self, seed: int) -> Search:
        """
        Return how long to look.

        Parameters
        ----------
        seed
            Of the random moves; 0 or more.

        Returns
        -------
        search
            With the limit of these terms.
        """
        return Search(seed=seed, seconds=self.seconds)
