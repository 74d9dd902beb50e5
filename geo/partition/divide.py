"""
A village divided into grids anew: each in one piece, evenly loaded, little changed.

Every search goes by counted moves, so that a seed repeats its result; the clock is an outer limit,
and what it ended says so.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.errors import InvalidParameterError
from geo.partition.choosing import AIMS, Candidate, chosen
from geo.partition.loads import checked
from geo.partition.plans import Division
from geo.partition.problem import Worth
from geo.partition.searching import search
from geo.partition.village import Village

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

TOLERANCE: Final = 0.05
"""A grid within 5 % of the mean is as good as one on it."""

ITERATIONS: Final = 300
"""Each border between blocks is looked at so often in one search."""

TIME_LIMIT_S: Final = 60.0
"""The longest somebody waits for plans."""


def divide(  # noqa: PLR0913 - the options that the issue names
    blocks: gpd.GeoDataFrame,
    grids: int,
    *,
    current: gpd.GeoDataFrame | Sequence[Any] | None = None,
    neighbours: pd.DataFrame | None = None,
    weights: Mapping[str, float] | None = None,
    tolerance: float = TOLERANCE,
    alternatives: int = 3,
    seed: int = 0,
    iterations: int = ITERATIONS,
    time_limit_s: float = TIME_LIMIT_S,
) -> Division:
    """
    Divide a village into grids of even load and show several plans side by side.

    A grid is in one piece over the edges of `adjacency`, never over a corner, and never over
    water without a bridge; a block, and so a building, is never cut. With current grids as little
    changes as possible, and no plan is less balanced than they are, in largest deviation,
    coefficient of variation or largest over smallest load, if they are as many as wanted and each
    is in one piece; when nothing betters them, they are the plan.

    Parameters
    ----------
    blocks
        n polygons with `block_id` and the weighed measures (`geo.partition.blocks` makes them),
        of one village, metric CRS.
    grids
        How many grids there are to be; 1 to n.
    current
        The grids of today: polygons with `area_id`, of which a block belongs to the one with most
        of it; or one id per block, None for none. None when there are none.
    neighbours
        What `adjacency` says of the blocks; None to ask it, without water or bridges.
    weights
        Weight of each measure; None for `WEIGHTS`.
    tolerance
        How far a load may be from the mean, as a share of it.
    alternatives
        How many plans are wanted at most; fewer come when fewer differ.
    seed
        Repeats the result.
    iterations
        How often each border between blocks is looked at in one search.
    time_limit_s
        Outer limit, in seconds; the best plans met by then come back.

    Returns
    -------
    division
        Plans, the first the one to take when nothing else is said.

    Raises
    ------
    ColumnError
        When an id or a measure is missing, repeats or is unknown.
    CRSError, GeometryError
        When the frames share no CRS whose metres are metres, or there is no block.
    InvalidParameterError
        When an option is out of its range, there are more grids than blocks, or more parts of the
        village that nothing joins than grids.

    Notes
    -----
    Loads are those of `balance`. A part of the village that nothing joins to the rest gets grids
    by its load, one at least; where hardly anybody lives (less than 5 % of a grid's load) it is
    joined to the nearest block, see `Division.detached`. Small villages are solved exactly with
    HiGHS, as far as that goes. Cost: linear in the borders between blocks times the iterations.

    References
    ----------
    DeFord, D., Duchin, M., Solomon, J. (2021). Recombination: a family of Markov chains for
    redistricting. Harvard Data Science Review 3(1). doi:10.1162/99608f92.eb30390f
    """
    began = time.perf_counter()
    _check(grids, tolerance, alternatives, seed, iterations, time_limit_s)
    village = Village.of(blocks, grids, current, neighbours, checked(weights))
    problem, known = village.problem, len(village.names) > 0

    def left_s() -> float:
        return began + time_limit_s - time.perf_counter()

    met, proven = search(problem, tolerance, seed, iterations, left_s)
    late = left_s() <= 0.0
    shown = chosen(problem, met, tolerance, alternatives, AIMS[known])
    if late:
        shown = [replace(candidate, stopped_by="time") for candidate in shown]
    plans = [village.plan(replace(c, bound=proven.get(c.aim))) for c in shown]
    today = None
    if known:
        # How the current grids do is told by the plan alone: they may be more than wanted.
        unknown = Worth(np.nan, np.nan, np.nan)
        today = village.plan(Candidate(problem.current, unknown, "current", "current"))
    return Division(
        plans=tuple(plans),
        current=today,
        tolerance=tolerance,
        weights=village.weights,
        detached=tuple(village.ids[problem.detached].tolist()),
        stopped_by="time" if late else "iterations",
        seconds=time.perf_counter() - began,
        seed=seed,
    )


def _check(
    grids: int, tolerance: float, alternatives: int, seed: int, iterations: int, time_limit_s: float
) -> None:
    """Refuse options that are out of their range."""
    for name, value, least in (
        ("grids", grids, 1),
        ("alternatives", alternatives, 1),
        ("seed", seed, 0),
        ("iterations", iterations, 0),
    ):
        if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
            raise InvalidParameterError(
                f"{name} must be a whole number of {least} or more, got {value!r}"
            )
    if not 0.0 <= tolerance < 1.0:
        raise InvalidParameterError(f"tolerance must lie in [0, 1), got {tolerance!r}")
    if not time_limit_s > 0.0:
        raise InvalidParameterError(f"time_limit_s must be above 0, got {time_limit_s!r}")
