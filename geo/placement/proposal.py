"""What a proposal of sites is, how good it is known to be, and how long to look for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

Stop = Literal["optimal", "gap", "iterations", "no_improvement", "time"]


@dataclass(frozen=True)
class Search:
    """
    How long and how hard to look.

    What ends a search are its rounds, so that a seed repeats its result; the clock is an outer
    limit, and a proposal that it ended says so.

    Parameters
    ----------
    seed
        Makes the random moves; 0 or more.
    seconds
        Outer limit of the whole call, in seconds; greater than 0.
    gap
        Stop once the proven gap is no larger; 0.0 to go on to the optimum.
    rounds
        Random moves of the local search; 0 for greedy and swaps alone.
    exact_entries
        The exact solver is asked when no more pairs of site and demand are left open than this,
        or than a tenth of it while the gap is above 5 %; 0 to leave it out.
    """

    seed: int = 0
    seconds: float = 60.0
    gap: float = 0.0
    rounds: int = 20_000
    exact_entries: int = 20_000

    def __post_init__(self) -> None:
        """Refuse what is no limit."""
        for name in ("seed", "rounds", "exact_entries"):
            value = getattr(self, name)
            if not isinstance(value, int | np.integer) or value < 0:
                raise InvalidParameterError(
                    f"{name} must be a whole number of 0 or more, got {value!r}"
                )
        if not self.seconds > 0.0:
            raise InvalidParameterError(f"seconds must be greater than 0, got {self.seconds!r}")
        if not 0.0 <= self.gap < math.inf:
            raise InvalidParameterError(f"gap must be a number of 0.0 or more, got {self.gap!r}")


@dataclass(frozen=True, eq=False)
class Proposal:
    """
    Which sites to use, and how far from the best they can be at most.

    Parameters
    ----------
    sites
        Every site of the answer, ascending: those that stand, those that must come and those
        chosen, as rows of the candidates.
    added
        Those of them that do not stand yet.
    objective
        What the sites achieve, reckoned from the input: covered weight, number or cost of the
        sites, weighted distance.
    bound
        What no choice of sites can better: at least the optimum where more is better, at most
        the optimum where less is.
    greedy
        What the greedy answer achieves; the objective is never worse.
    method
        What found the sites: "greedy", "swap", "anneal" or "exact".
    bound_method
        What proved the bound: "everything" (all that can be covered is), "lagrangian" or "exact".
    stopped_by
        "optimal" (objective and bound meet), "gap" (as close as asked), "no_improvement",
        "iterations" or "time".
    seconds
        How long it took.
    seed
        The seed of the random moves.
    impossible
        The demand that no allowed choice serves, ascending; it is left out of the bound.
    """

    sites: Ints
    added: Ints
    objective: float
    bound: float
    greedy: float
    method: str
    bound_method: str
    stopped_by: Stop
    seconds: float
    seed: int
    impossible: Ints

    @property
    def gap(self) -> float:
        """
        Return how much better the optimum could be at most.

        Returns
        -------
        gap
            |bound - objective| / |objective|; 0.0 when they meet, infinite when only the
            objective is 0.
        """
        return gap_between(self.objective, self.bound)

    def summary(self) -> dict[str, Any]:
        """
        Return the figures, ready for JSON.

        Returns
        -------
        summary
            `sites`, `added` and `impossible` as lists, `objective`, `bound`, `gap` (None when
            infinite), `greedy`, `method`, `bound_method`, `stopped_by`, `seconds`, `seed`.
        """
        return {
            "sites": self.sites.tolist(),
            "added": self.added.tolist(),
            "objective": self.objective,
            "bound": self.bound,
            "gap": self.gap if math.isfinite(self.gap) else None,
            "greedy": self.greedy,
            "method": self.method,
            "bound_method": self.bound_method,
            "stopped_by": self.stopped_by,
            "seconds": self.seconds,
            "seed": self.seed,
            "impossible": self.impossible.tolist(),
        }


def gap_between(objective: float, bound: float) -> float:
    """Return the distance of the two as a share of the objective."""
    if objective == bound:
        return 0.0
    return abs(bound - objective) / abs(objective) if objective else math.inf
