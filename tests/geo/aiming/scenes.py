"""Small groups of options, and their best choice by looking at every one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Scene:
    """Options in groups, demand, what covers what, and what may change."""

    covers: NDArray[np.bool_]
    weights: NDArray[np.float64]
    group: NDArray[np.int64]
    stay: NDArray[np.int64]
    costs: NDArray[np.float64]
    changes: int | None

    def arguments(self) -> tuple[Any, ...]:
        """Return what `aim` takes by position."""
        return self.covers, self.weights, self.group, self.stay

    def options(self) -> dict[str, Any]:
        """Return what it takes by name."""
        return {"costs": self.costs, "changes": self.changes}

    def worth(self, chosen: NDArray[np.int64]) -> float:
        """Return covered weight less cost."""
        covered = self.weights[self.covers[chosen].any(axis=0)].sum()
        return float(covered - self.costs[chosen].sum())

    def best(self) -> float:
        """Return the most that any choice is worth; every choice is looked at."""
        limit = len(self.stay) if self.changes is None else self.changes
        bits = (self.covers @ (1 << np.arange(self.covers.shape[1]))).tolist()
        # What is covered and how many changed -> least cost; choices that agree are one.
        known = {(0, 0): 0.0}
        for group, stay in enumerate(self.stay.tolist()):
            further: dict[tuple[int, int], float] = {}
            for (covered, changed), cost in known.items():
                for option in np.flatnonzero(self.group == group).tolist():
                    key = (covered | bits[option], changed + (option != stay))
                    paid = cost + float(self.costs[option])
                    if key[1] <= limit and paid < further.get(key, np.inf):
                        further[key] = paid
            known = further
        weight = self.weights.tolist()
        return max(
            sum(w for d, w in enumerate(weight) if covered >> d & 1) - cost
            for (covered, _), cost in known.items()
        )


def scene(
    seed: int,
    groups: int,
    most: int,
    demand: int,
    *,
    density: float = 0.3,
    whole: bool = True,
    paid: bool = False,
    changes: int | None = None,
) -> Scene:
    """Draw a scene from a seed, with up to `most` options in a group."""
    random = np.random.default_rng(seed)
    sizes = random.integers(1, most + 1, groups)
    first = np.cumsum(sizes) - sizes
    stay = first + random.integers(0, sizes)
    n = int(sizes.sum())
    weights = random.integers(0, 20, demand).astype(float)
    if not whole:
        weights += random.random(demand)
    costs = random.integers(0, 15, n).astype(float) if paid else np.zeros(n)
    costs[stay] = 0.0
    group = np.repeat(np.arange(groups), sizes)
    return Scene(random.random((n, demand)) < density, weights, group, stay, costs, changes)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Draw a scene of up to six groups of eight options."""
    groups = draw(st.integers(1, 6))
    return scene(
        draw(st.integers(0, 2**31)),
        groups,
        8,
        draw(st.integers(1, 12)),
        density=draw(st.sampled_from([0.1, 0.2, 0.4])),
        whole=draw(st.booleans()),
        paid=draw(st.booleans()),
        changes=draw(st.none() | st.integers(0, groups)),
    )


def town(groups: int = 40, each: int = 12, demand: int = 400, seed: int = 5) -> Scene:
    """Draw cameras in a square that see sectors of points, too many to look at every choice."""
    random = np.random.default_rng(seed)
    at, points = random.random((groups, 2)), random.random((demand, 2))
    dx, dy = np.moveaxis(points[None] - at[:, None], -1, 0)
    bearing = np.degrees(np.arctan2(dx, dy))[:, None]
    heading = (np.arange(each) * 360.0 / each)[None, :, None]
    off = np.abs((bearing - heading + 180.0) % 360.0 - 180.0)
    covers = ((off <= 40.0) & (np.hypot(dx, dy) < 0.22)[:, None]).reshape(groups * each, demand)
    return Scene(
        covers,
        random.integers(1, 101, demand).astype(float),
        np.repeat(np.arange(groups), each),
        np.arange(groups) * each + random.integers(0, each, groups),
        np.zeros(groups * each),
        None,
    )
