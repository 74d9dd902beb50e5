"""The blocks of one village as a problem, and what was found as plans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.areas import code_ranks
from geo.crs import require_metric_crs
from geo.errors import ColumnError, GeometryError, InvalidParameterError
from geo.partition.loads import MEASURES, balance, measure, weighed
from geo.partition.neighbours import adjacency, block_ids
from geo.partition.plans import Plan
from geo.partition.problem import NONE, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geo.partition.choosing import Candidate

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NEW: Final = "new-"
"""What the code of a grid begins with that follows no current one; `grid_codes` gives real ones."""

MET: Final = 1e-6
"""An objective this near its bound meets it."""


@dataclass(frozen=True, eq=False)
class Village:
    """
    Blocks as frames and as numbers; make it with `Village.of`.

    Parameters
    ----------
    blocks
        n rows.
    ids
        Their ids.
    names
        The codes of the current grids; none when there are none.
    pairs
        m x 2 neighbours.
    border_m
        m lengths of their borders, in metres.
    households
        n households; None where they are not told.
    weights
        The weights of the measures.
    problem
        What to divide.
    """

    blocks: gpd.GeoDataFrame
    ids: NDArray[np.generic]
    names: NDArray[np.object_]
    pairs: Ints
    border_m: Floats
    households: Floats | None
    weights: Mapping[str, float]
    problem: Problem

    @classmethod
    def of(
        cls,
        blocks: gpd.GeoDataFrame,
        grids: int,
        current: gpd.GeoDataFrame | Sequence[Any] | None,
        neighbours: pd.DataFrame | None,
        weights: Mapping[str, float],
    ) -> Village:
        """
        Read blocks, or say what is wrong with them.

        Parameters
        ----------
        blocks
            n polygons.
        grids
            How many grids there are to be.
        current
            The current grids, see `divide`.
        neighbours
            What `adjacency` says; None to ask it.
        weights
            The weights of the measures.

        Returns
        -------
        village
            Ready to search.
        """
        require_metric_crs(blocks=blocks)
        if not len(blocks):
            raise GeometryError("blocks: no rows; make some with geo.partition.blocks")
        ids = block_ids(blocks)
        if grids > len(blocks):
            raise InvalidParameterError(
                f"grids: {grids} grids of {len(blocks)} blocks; a grid has one block at least: ask "
                f"for fewer, or divide the blocks further (most_households of blocks)"
            )
        load = _loads(blocks, grids, weights)
        names, today = _current(blocks, current)
        pairs, border_m = _neighbours(blocks, ids, neighbours)
        told = "households" in blocks.columns
        households = measure(blocks, "households") if told else None
        if households is not None and not np.isfinite(households).all():
            households = None
        counted = np.where((today >= 0) | ~(today >= 0).any(), 1.0, 0.0)
        people = (load if households is None else households) * counted
        total = people.sum()
        shapes = np.asarray(blocks.geometry.array)
        problem = Problem.of(
            load, people / total if total > 0.0 else people, shapes, pairs, border_m,
            current=today, grids=grids,
        )  # fmt: skip
        return cls(blocks, ids, names, pairs, border_m, households, weights, problem)

    def plan(self, found: Candidate) -> Plan:
        """
        Tell a division as a plan.

        Parameters
        ----------
        found
            What was found; blocks below 0 are in no grid.

        Returns
        -------
        plan
            Grids keep the code of the current one that they share most with.
        """
        problem = self.problem
        today = found.aim == "current"
        code = self.names if today else self._codes(found.grid)
        held = found.grid >= 0
        current = np.full(problem.blocks, None, dtype=object)
        known = problem.current >= 0
        if len(self.names):
            current[known] = self.names[problem.current[known]]
        name = np.full(problem.blocks, None, dtype=object)
        name[held] = code[found.grid[held]]
        moves = known & (name != current)
        table = pd.DataFrame(
            {"block_id": self.ids, "area_id": name, "current_id": current, "moves": moves}
        )
        areas = self._areas(found.grid, code)
        moved = share = None
        if len(self.names):
            share = float(problem.people[moves].sum())
            moved = None if self.households is None else float(self.households[moves].sum())
        a, b = self.pairs.T
        apart = (found.grid[a] != found.grid[b]) & held[a] & held[b]
        plan = Plan(
            found.aim, table, areas, balance(areas, weights=self.weights),
            self._changes(table), moved, share, float(self.border_m[apart].sum()),
            found.method, found.bound, found.stopped_by,
        )  # fmt: skip
        met = plan.bound is not None and plan.objective - plan.bound <= MET
        return replace(plan, stopped_by="optimal") if met else plan

    @cached_property
    def _exact(self) -> bool:
        """Whether the blocks meet bit by bit, so that joining them is quick."""
        return bool(shapely.coverage_is_valid(np.asarray(self.blocks.geometry.array)))

    def _codes(self, grid: Ints) -> NDArray[np.object_]:
        """Name grids after current ones, or number them from west to east."""
        successor, _ = self.problem.matched(grid)
        code = np.full(self.problem.grids, None, dtype=object)
        follows = successor >= 0
        if len(self.names):
            code[follows] = self.names[successor[follows]]
        size = np.bincount(grid, minlength=self.problem.grids)
        x, y = (
            np.bincount(grid, axis, minlength=self.problem.grids) / size
            for axis in self.problem.xy.T
        )
        order = np.lexsort((-y, x))
        order = order[~follows[order]]
        before = NEW if len(self.names) else ""
        code[order] = [f"{before}{i}" for i in range(1, len(order) + 1)]
        return code

    def _areas(self, grid: Ints, code: NDArray[np.object_]) -> gpd.GeoDataFrame:
        """Join blocks to grids and add up what they tell."""
        shapes = np.asarray(self.blocks.geometry.array)
        together = shapely.coverage_union_all if self._exact else shapely.union_all
        # shapely unites no groups at once; there are as many as grids.
        joined = [together(shapes[grid == g]) for g in range(len(code))]
        held = grid >= 0
        sums = {
            name: np.bincount(grid[held], measure(self.blocks, name)[held], minlength=len(code))
            for name in MEASURES
            if name in self.blocks.columns and name != "area_m2"
        }
        areas = gpd.GeoDataFrame(
            {
                "area_id": code,
                "blocks": np.bincount(grid[held], minlength=len(code)),
                "area_m2": shapely.area(joined),
                **sums,
            },
            geometry=joined,
            crs=self.blocks.crs,
        )
        return areas.sort_values("area_id", ignore_index=True)

    def _changes(self, table: pd.DataFrame) -> pd.DataFrame:
        """Add up what goes from which grid to which."""
        told = [name for name in ("households", "people") if name in self.blocks.columns]
        counts = {name: measure(self.blocks, name) for name in told}
        moving = pd.DataFrame(
            {"from_id": table["current_id"], "to_id": table["area_id"], "blocks": 1, **counts}
        )[table["moves"]]
        return moving.groupby(["from_id", "to_id"], as_index=False).sum(min_count=1)


def _loads(blocks: gpd.GeoDataFrame, grids: int, weights: Mapping[str, float]) -> Floats:
    """Return the loads of the blocks, which add up to the number of grids."""
    values = {}
    for name, weight in weights.items():
        if not weight:
            continue
        values[name] = measure(blocks, name)
        unknown = np.flatnonzero(~np.isfinite(values[name]))
        if unknown.size:
            raise ColumnError(
                f"blocks: {name} of row {unknown[0]} and {unknown.size - 1} more is unknown; fill "
                f"it, or weigh something else (weights), because what is unknown cannot be balanced"
            )
    load = weighed(values, weights, grids)
    if not load.sum() > 0.0:
        raise ColumnError(
            f"blocks: {', '.join(values)} is 0 in every row, so there is nothing to balance; weigh "
            f"something else, such as area_m2 (weights)"
        )
    return load


def _current(
    blocks: gpd.GeoDataFrame, current: gpd.GeoDataFrame | Sequence[Any] | None
) -> tuple[NDArray[np.object_], Ints]:
    """Return the codes of the current grids, and which of them each block is in."""
    none = np.full(len(blocks), NONE, dtype=np.int64)
    if current is None:
        return np.empty(0, dtype=object), none
    if not isinstance(current, gpd.GeoDataFrame):
        told = pd.Series(list(current), dtype=object)
        if len(told) != len(blocks):
            raise InvalidParameterError(
                f"current: {len(told)} ids for {len(blocks)} blocks; pass one per block, None for "
                f"none, or the grids as a frame"
            )
        code, names = pd.factorize(told, sort=True)
        return np.asarray(names, dtype=object), code.astype(np.int64)
    require_metric_crs(blocks=blocks, current=current)
    code_ranks(current)
    code, names = pd.factorize(current["area_id"], sort=True)
    shapes, grids = (np.asarray(frame.geometry.array) for frame in (blocks, current))
    block, row = shapely.STRtree(grids).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[block], grids[row]))
    block, row, shared = block[shared > 0.0], row[shared > 0.0], shared[shared > 0.0]
    order = np.lexsort((-code[row], shared, block))
    last = np.append(np.diff(block[order]) > 0, True)[: len(order)]
    none[block[order][last]] = code[row[order][last]]
    # Only grids that have a block count: a current grid without one is nobody's.
    used, none[none >= 0] = np.unique(none[none >= 0], return_inverse=True)
    return np.asarray(names, dtype=object)[used], none


def _neighbours(
    blocks: gpd.GeoDataFrame, ids: NDArray[np.generic], neighbours: pd.DataFrame | None
) -> tuple[Ints, Floats]:
    """Return who is next to whom, as positions, and how long the borders are."""
    table = adjacency(blocks) if neighbours is None else neighbours
    position = pd.Series(np.arange(len(ids)), index=ids)
    ends = [position.reindex(table[name]).to_numpy() for name in ("block_a", "block_b")]
    pairs = np.column_stack(ends)
    if np.isnan(pairs.astype(np.float64)).any():
        row = int(np.flatnonzero(np.isnan(pairs.astype(np.float64)).any(axis=1))[0])
        raise ColumnError(
            f"neighbours: row {row} names a block that is none of the blocks; pass what adjacency "
            f"says of these blocks"
        )
    return pairs.astype(np.int64), table["border_m"].to_numpy(dtype=np.float64)
