"""What a division proposes: which block to which grid, who moves, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.placement.proposal import gap_between

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from geo.partition.loads import Balance
    from geo.placement.proposal import Stop


@dataclass(frozen=True, eq=False)
class Plan:
    """
    One way to divide a village.

    Parameters
    ----------
    aim
        What it is the best of: "least_change", "best_balance", "shortest_borders", "between" (a
        half of the tolerance), "other"; or "current".
    blocks
        One row per block, in their order: `block_id`, `area_id` (its grid), `current_id` (the
        grid it is in now, None for none), `moves` (whether it leaves a grid).
    areas
        One row per grid: `area_id`, `blocks`, `area_m2` and the sums of what the blocks tell;
        Polygon.
    balance
        The figures of the areas.
    changes
        One row per pair of a current and a new grid between which blocks go: `from_id`, `to_id`,
        `blocks`, and `households` and `people` where told.
    moved_households
        Households whose grid is another; None when the blocks do not tell, or there is no
        current grid.
    moved_share
        The same as a share of the households that have a grid now, or, where no households are
        told, of the load; None without current grids.
    border_length_m
        Length of the borders between neighbouring grids, in metres.
    method
        "current", "grown", "trees" or "adapted" for what it began with, and "+moves" when it was
        made better; "exact" when the solver found it.
    bound
        What no division betters in the objective; None when nothing is proven.
    stopped_by
        "optimal" (objective and bound meet), "iterations" or "time".
    """

    aim: str
    blocks: pd.DataFrame
    areas: gpd.GeoDataFrame
    balance: Balance
    changes: pd.DataFrame
    moved_households: float | None
    moved_share: float | None
    border_length_m: float
    method: str
    bound: float | None
    stopped_by: Stop

    @property
    def largest_deviation(self) -> float:
        """The largest distance of a grid's load from the mean, as a share of the mean."""
        return float(self.balance.largest_deviation or 0.0)

    @property
    def objective(self) -> float:
        """What the aim makes least: `moved_share`, `largest_deviation` or `border_length_m`."""
        if self.aim == "least_change":
            return float(self.moved_share or 0.0)
        return self.largest_deviation if self.aim == "best_balance" else self.border_length_m

    @property
    def gap(self) -> float | None:
        """How much better the objective could be at most, as a share of it; None if unproven."""
        return None if self.bound is None else gap_between(self.objective, self.bound)

    def summary(self) -> dict[str, Any]:
        """
        Return the figures, ready for JSON.

        Returns
        -------
        summary
            `aim`, `grids`, `largest_deviation`, `cv`, `max_min`, `moved_households`,
            `moved_share`, `moved_blocks`, `border_length_m`, `method`, `bound`, `gap`,
            `stopped_by`.
        """
        return {
            "aim": self.aim,
            "grids": len(self.areas),
            "largest_deviation": self.largest_deviation,
            "cv": self.balance.cv,
            "max_min": self.balance.max_min,
            "moved_households": self.moved_households,
            "moved_share": self.moved_share,
            "moved_blocks": int(self.blocks["moves"].sum()),
            "border_length_m": self.border_length_m,
            "method": self.method,
            "bound": self.bound,
            "gap": self.gap,
            "stopped_by": self.stopped_by,
        }


@dataclass(frozen=True, eq=False)
class Division:
    """
    Outcome of `divide`.

    Parameters
    ----------
    plans
        Plans side by side, those within the tolerance first, then the least change and the
        shortest borders; none is worse than another in balance, change and borders at once.
    current
        The current grids in the same terms, as the blocks carry them; None without.
    tolerance
        The deviation that was asked for.
    weights
        The weights of the measures.
    detached
        Blocks that nothing joins to their grid but the ruler, because they are cut off and too
        small for a grid of their own: the grid that holds one is in several pieces.
    stopped_by
        "iterations", or "time" when the clock ended the search.
    seconds
        How long it took.
    seed
        The seed.
    """

    plans: tuple[Plan, ...]
    current: Plan | None
    tolerance: float
    weights: Mapping[str, float]
    detached: tuple[Any, ...]
    stopped_by: Stop
    seconds: float
    seed: int

    def summary(self) -> dict[str, Any]:
        """
        Return the figures, ready for JSON.

        Returns
        -------
        summary
            `plans` and `current` (see `Plan.summary`), `tolerance`, `weights`, `detached` (how
            many blocks), `stopped_by`, `seconds`, `seed`.
        """
        return {
            "plans": [plan.summary() for plan in self.plans],
            "current": None if self.current is None else self.current.summary(),
            "tolerance": self.tolerance,
            "weights": dict(self.weights),
            "detached": len(self.detached),
            "stopped_by": self.stopped_by,
            "seconds": self.seconds,
            "seed": self.seed,
        }
