"""One search of PyVRP: where it starts, what missed windows cost meanwhile, and when it stops."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pyvrp import Client, ProblemData, Solution

SHORTFALL: Final = 300.0
"""What a second late, or a stop too many, costs at first, in metres: enough to be worth a long
way, little enough to pass through on the way to something better. PyVRP begins with 50,000: then a
station's day is 1 to 2 % longer after 5,000 iterations, and the best known plan of RC208 is found
from one seed in six, with 300 from four."""

STAKE: Final = 0.01
"""And at least this share of the largest prize: where not all tasks can be done, a second late must
not be worth a task, or routes fill up far beyond the shift and little is left when they are cut
to it. With two crews for a day of ten, 171 tasks are done with a share of 0.005 to 0.01, 84 with
0.0005 and 166 with 0.05."""

STEEPEST: Final = 100.0
"""What they cost in the end, at most, in terms of what they cost at first."""


class Searched(NamedTuple):
    """
    Outcome of `searched`.

    Parameters
    ----------
    solution
        The best found; it can be done if any that can be was met.
    feasible
        Whether it can be done and leaves out nothing required.
    iterations
        How many there were.
    """

    solution: Solution
    feasible: bool
    iterations: int


class Limits(NamedTuple):
    """
    When a search stops.

    Parameters
    ----------
    iterations
        At most so many.
    seconds
        And no longer than this.
    patience
        Or after so many iterations without anything better; None to go on.
    first
        Or with the first plan that can be done.
    """

    iterations: int
    seconds: float
    patience: int | None = None
    first: bool = False


def searched(data: ProblemData, limits: Limits, *, seed: int, known: Solution | None) -> Searched:
    """
    Search for good routes.

    Parameters
    ----------
    data
        The problem.
    limits
        When to stop.
    seed
        Makes the random moves.
    known
        Where to start; None for anywhere.

    Returns
    -------
    searched
        The same for the same seed, unless the time ended it.
    """
    # Imported here: PyVRP brings matplotlib, which takes longer to load than most plans to make.
    from pyvrp import (  # noqa: PLC0415
        IteratedLocalSearch,
        PenaltyManager,
        PenaltyParams,
        RandomNumberGenerator,
        Solution,
    )
    from pyvrp.search import OPERATORS, LocalSearch, compute_neighbours  # noqa: PLC0415
    from pyvrp.stop import (  # noqa: PLC0415
        FirstFeasible,
        MaxIterations,
        MaxRuntime,
        MultipleCriteria,
        NoImprovement,
    )

    random = RandomNumberGenerator(seed)
    moves = LocalSearch(data, random, compute_neighbours(data))
    for operator in OPERATORS:
        if operator.supports(data):
            moves.add_operator(operator(data))
    prizes = [client.prize for client in data.clients() if not _needed(data, client)]
    each = max(SHORTFALL, STAKE * max(prizes, default=0))
    penalties = PenaltyManager(
        ([each] * data.num_load_dimensions, each, each),
        PenaltyParams(max_penalty=STEEPEST * each),
    )
    if known is None:
        drawn = Solution.make_random(data, random)
        known = moves(drawn, penalties.max_cost_evaluator(), exhaustive=True)
    patience = limits.patience or limits.iterations
    stop = [MaxIterations(limits.iterations), MaxRuntime(limits.seconds), NoImprovement(patience)]
    stop += [FirstFeasible()] * limits.first
    with warnings.catch_warnings():
        # It warns when hardly a plan can be done; what is left out says so, too.
        warnings.simplefilter("ignore")
        search = IteratedLocalSearch(data, penalties, moves, known)
        result = search.run(MultipleCriteria(stop), collect_stats=False)
    return Searched(result.best, result.is_feasible(), result.num_iterations)


def _needed(data: ProblemData, client: Client) -> bool:
    """Tell whether a client, or one of its group, has to be visited whatever its prize."""
    return client.required or (client.group is not None and data.group(client.group).required)
