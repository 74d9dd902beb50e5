"""The way from the sites that stand to those proposed: what to add, move and drop, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.placement.problem import numbers_of, rows_of
from geo.placement.reach import Reach
from geo.points import coordinates

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def changes(
    covers: Any,  # noqa: ANN401
    weights: ArrayLike | None,
    existing: ArrayLike,
    proposed: ArrayLike,
    *,
    k: int = 1,
    places: gpd.GeoDataFrame | None = None,
    move_m: float = 0.0,
    spare: float = 0.0,
) -> pd.DataFrame:
    """
    List the changes from the existing to the proposed sites, those that win most first.

    Existing sites without which hardly anything is lost are dropped as well, even if they are
    among the proposed.

    Parameters
    ----------
    covers
        A `Reach`, or a table of sites x demand, sparse or dense.
    weights
        The weight of each demand: 0 or more; None for 1 each.
    existing
        Rows of the sites that stand.
    proposed
        Rows of the sites to have, such as `Proposal.sites`.
    k
        How many sites must reach a demand for it to count.
    places
        Point row of every candidate in a metric CRS: with it, a site dropped and one added no
        farther than `move_m` from each other are one move, the nearest pairs first.
    move_m
        How far a site may move, in metres.
    spare
        What dropping one existing site may lose, in weight.

    Returns
    -------
    changes
        One row for each, in order: `action` ("add", "move" or "drop"), `site`, `to_site` (where a
        moved one goes, otherwise missing), `gain` and `loss` (weight newly covered and no longer
        covered by this change after those before it), `covered` (weight covered from then on).

    Raises
    ------
    InvalidParameterError
        When a row is not among the candidates, a weight is negative or not a number, or the
        places are not those of the candidates.
    """
    reach = Reach.of(covers)
    given = numbers_of("weights", weights, reach.demand)
    stand, goal = (rows_of(name, rows, reach.sites) for name, rows in
                   (("existing", existing), ("proposed", proposed)))  # fmt: skip
    gone, new = np.setdiff1d(stand, goal), np.setdiff1d(goal, stand)
    steps = [(int(gone[i]), int(new[j])) for i, j in _moves(gone, new, places, move_m, reach.sites)]
    moved = set(np.array(steps, dtype=np.int64).ravel().tolist())
    steps += [(-1, int(j)) for j in new if j not in moved]
    steps += [(int(j), -1) for j in gone if j not in moved]
    ledger = _Ledger(reach, given, k, stand)
    while steps:
        step = max(steps, key=lambda s: ledger.worth_of(*s)[0] - ledger.worth_of(*s)[1])
        steps.remove(step)
        ledger.enter(*step)
    kept = np.intersect1d(stand, goal).tolist()
    while kept:
        least = min(kept, key=lambda j: ledger.worth_of(j, -1)[1])
        if ledger.worth_of(least, -1)[1] > spare:
            break
        kept.remove(least)
        ledger.enter(least, -1)
    return ledger.frame()


def _moves(
    gone: Ints, new: Ints, places: gpd.GeoDataFrame | None, move_m: float, sites: int
) -> list[tuple[int, int]]:
    """Pair dropped with added sites that are near each other, the nearest first."""
    if places is None:
        return []
    require_metric_crs(places=places)
    if len(places) != sites:
        raise InvalidParameterError(
            f"places: {len(places)} rows for {sites} candidates; give one for each"
        )
    xy = coordinates(places, "places")
    metres = cdist(xy[gone], xy[new])
    near = np.argwhere(metres <= move_m)
    order = np.argsort(metres[near[:, 0], near[:, 1]], kind="stable")
    from_: dict[int, int] = {}
    taken: set[int] = set()
    for i, j in near[order].tolist():
        if i not in from_ and j not in taken:
            from_[i] = j
            taken.add(j)
    return list(from_.items())


class _Ledger:
    """The changes entered so far, and what one more would do."""

    def __init__(self, reach: Reach, given: Floats, k: int, stand: Ints) -> None:
        """Begin with the sites that stand."""
        self.reach, self.given, self.k = reach, given, k
        self.count = reach.counts(stand)
        self.covered = float(given[self.count >= k].sum())
        self.known: dict[tuple[int, int], tuple[float, float]] = {}
        self.of_site: dict[int, set[tuple[int, int]]] = {}
        self.rows: list[tuple[int, int, float, float, float]] = []

    def change_of(self, gone: int, new: int) -> tuple[Ints, Ints]:
        """Return the demand that is covered more or less often, and by how much."""
        own = [self._demand(site) for site in (gone, new)]
        demand, which = np.unique(np.concatenate(own), return_inverse=True)
        sign = np.repeat([-1, 1], [len(own[0]), len(own[1])])
        change = np.zeros(len(demand), dtype=np.int64)
        np.add.at(change, which, sign)
        return demand, change

    def worth_of(self, gone: int, new: int) -> tuple[float, float]:
        """Return the weight newly covered and no longer covered."""
        step = (gone, new)
        if step not in self.known:
            demand, change = self.change_of(gone, new)
            before = self.count[demand] >= self.k
            after = self.count[demand] + change >= self.k
            weight = self.given[demand]
            self.known[step] = (
                float(weight[after & ~before].sum()), float(weight[before & ~after].sum())
            )  # fmt: skip
            for site in step:
                self.of_site.setdefault(site, set()).add(step)
        return self.known[step]

    def enter(self, gone: int, new: int) -> None:
        """Make a change and note it; forget what is no longer so."""
        gain, loss = self.worth_of(gone, new)
        demand, change = self.change_of(gone, new)
        self.count[demand] += change
        self.covered += gain - loss
        self.rows.append((gone, new, gain, loss, self.covered))
        first, last = self.reach.demand_start[demand], self.reach.demand_start[demand + 1]
        near = {
            site
            for low, high in zip(first.tolist(), last.tolist(), strict=True)
            for site in self.reach.demand_site[low:high].tolist()
        }
        for site in near & self.of_site.keys():
            for step in self.of_site[site]:
                self.known.pop(step, None)

    def _demand(self, site: int) -> Ints:
        """Return what a site reaches; -1 is no site."""
        if site < 0:
            return np.empty(0, dtype=np.int64)
        own = slice(self.reach.site_start[site], self.reach.site_start[site + 1])
        return self.reach.site_demand[own].astype(np.int64)

    def frame(self) -> pd.DataFrame:
        """Return what was entered."""
        names = ["gone", "new", "gain", "loss", "covered"]
        table = pd.DataFrame(self.rows, columns=names).astype({"gone": int, "new": int})
        moved = (table["gone"] >= 0) & (table["new"] >= 0)
        return pd.DataFrame(
            {
                "action": np.select([moved, table["gone"] < 0], ["move", "add"], "drop"),
                "site": np.where(table["gone"] >= 0, table["gone"], table["new"]),
                "to_site": table["new"].astype("Int64").where(moved),
                "gain": table["gain"].astype(float),
                "loss": table["loss"].astype(float),
                "covered": table["covered"].astype(float),
            }
        )
