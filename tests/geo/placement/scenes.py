"""Small problems of every kind, and their optima by looking at every choice."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Scene:
    """Candidates, demand, what reaches what, and the part that some sites play."""

    covers: NDArray[np.bool_]
    weights: NDArray[np.float64]
    metres: NDArray[np.float64]
    existing: list[int]
    must: list[int]
    forbidden: list[int]
    p: int
    k: int

    def choices(self) -> list[list[int]]:
        """Return every set of sites that may stand in the end."""
        kept = sorted({*self.existing, *self.must})
        free = [j for j in range(len(self.covers)) if j not in kept and j not in self.forbidden]
        left = self.p - len(set(self.must) - set(self.existing))
        return [[*kept, *more] for more in combinations(free, left)]

    def roles(self) -> dict[str, list[int]]:
        """Return the three lists as keywords."""
        return {"existing": self.existing, "must": self.must, "forbidden": self.forbidden}

    def covered(self, sites: list[int]) -> float:
        """Return the weight that `k` of the sites reach."""
        return float(self.weights[self.covers[sites].sum(axis=0) >= self.k].sum())

    def best_covered(self) -> float:
        """Return the most that any choice covers."""
        return max(self.covered(sites) for sites in self.choices())

    def nearest(self, sites: list[int]) -> float:
        """Return the weighted distance to the nearest of the sites."""
        if not sites:
            return np.inf
        return float((self.weights * self.metres[sites].min(axis=0)).sum())

    def best_nearest(self) -> float:
        """Return the least weighted distance of any choice."""
        return min(self.nearest(sites) for sites in self.choices())


def scene(  # noqa: PLR0913
    seed: int,
    sites: int,
    demand: int,
    *,
    p: int,
    k: int = 1,
    whole: bool = True,
    density: float = 0.3,
    existing: int = 0,
    must: int = 0,
    forbidden: int = 0,
) -> Scene:
    """Draw a scene from a seed; the first sites of a shuffle play the parts."""
    random = np.random.default_rng(seed)
    covers = random.random((sites, demand)) < density
    weights = random.integers(0, 20, demand).astype(float)
    if not whole:
        weights += random.random(demand)
    ends = random.random((sites, 1, 2)), random.random((1, demand, 2))
    metres = np.rint(1000.0 * np.hypot(*np.moveaxis(ends[0] - ends[1], -1, 0)))
    parts = np.split(random.permutation(sites), np.cumsum([existing, must, forbidden]))
    lists = [sorted(part.tolist()) for part in parts[:3]]
    return Scene(covers, weights, metres, *lists, p, k)


@st.composite
def scenes(draw: st.DrawFn, k: int | None = None) -> Scene:
    """Draw a scene of up to ten sites, sparse and dense, with and without parts."""
    sites = draw(st.integers(2, 10))
    existing = draw(st.integers(0, min(2, sites - 1)))
    must = draw(st.integers(0, min(1, sites - existing - 1)))
    forbidden = draw(st.integers(0, min(2, sites - existing - must - 1)))
    free = sites - existing - must - forbidden
    return scene(
        draw(st.integers(0, 2**31)),
        sites,
        draw(st.integers(1, 25)),
        p=must + draw(st.integers(0, min(free, 4))),
        k=draw(st.integers(1, 3)) if k is None else k,
        whole=draw(st.booleans()),
        density=draw(st.sampled_from([0.1, 0.3, 0.6])),
        existing=existing,
        must=must,
        forbidden=forbidden,
    )
