"""Several plans that are nearly as short as the best, so that nobody can tell who comes when."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError
from geo.patrol.breaks import fit
from geo.patrol.checking import check
from geo.patrol.narrowing import only
from geo.patrol.pacing import Pace, with_breaks
from geo.patrol.problem import UNREACHABLE
from geo.patrol.rerouting import moves
from geo.patrol.solving import solve
from geo.patrol.timetable import simulate, task_times
from geo.patrol.wholes import MOST

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from geo.patrol.problem import PatrolProblem, Routes

    Ints = NDArray[np.int64]

SLOT_S: Final = 900
"""Arrivals within the same quarter of an hour count as the same time."""

NOISE: Final = (0.1, 0.2, 0.05)
"""By how much, as a share, the ways of a drawn plan are made longer or shorter, in turn: more
makes plans that differ more and are longer."""

TRIES: Final = 3
"""Searches for every plan that is asked for; each also gives a plan whose routes are turned round,
and one in which stops are exchanged."""

STEPS: Final = 12
"""Random exchanges of stops one after another."""


@dataclass(frozen=True, eq=False)
class Variety:
    """
    A set of plans for the same tasks, any of which can be walked on any day.

    Parameters
    ----------
    plans
        The plans, the shortest first; each keeps every rule.
    distance_m
        Their lengths.
    entropy
        One row per task that they do: `task`, `bits`. Of the quarters of an hour in which the
        plans arrive at it, with p the share of the plans in each: -sum(p log2 p). 0 bits when all
        come at the same time, log2(number of plans) when no two do.
    stopped_by
        "time" when that ended the search, so that a seed may not repeat it; else "iterations".
    seed
        The seed of the search.
    """

    plans: tuple[Routes, ...]
    distance_m: Ints
    entropy: pd.DataFrame
    stopped_by: Literal["iterations", "time"]
    seed: int

    @property
    def mean_bits(self) -> float:
        """Mean entropy of the tasks, in bits."""
        return float(self.entropy["bits"].mean()) if len(self.entropy) else 0.0

    @property
    def most_bits(self) -> float:
        """The entropy that so many plans can have at most, in bits."""
        return float(np.log2(len(self.plans)))

    @property
    def price_m(self) -> float:
        """How much longer the plans are in the mean than the shortest, in metres."""
        return float(self.distance_m.mean() - self.distance_m[0])

    @property
    def price_share(self) -> float:
        """The same as a share of the shortest."""
        return self.price_m / float(self.distance_m[0]) if self.distance_m[0] else 0.0


def alternatives(
    problem: PatrolProblem,
    *,
    count: int = 5,
    within_share: float = 0.05,
    seed: int = 0,
    iterations: int = 2_000,
    time_limit_s: float = 60.0,
    best: Routes | None = None,
) -> Variety:
    """
    Find plans that are nearly as short as the best and arrive at other times.

    Plans are searched on ways made a little longer or shorter at random; then some crews walk
    their routes the other way round, and stops change places as far as the length allows. Of all
    that keep the rules and are short enough, those that raise the mean entropy of the arrivals
    most are taken, one after another.

    Parameters
    ----------
    problem
        The problem.
    count
        Plans wanted; 2 or more.
    within_share
        How much longer than the shortest a plan may be, as a share; 0 or more.
    seed
        Makes the random moves; 0 or more. Another gives another set.
    iterations
        Of each search.
    time_limit_s
        Outer limit of the whole call, in seconds; greater than 0.
    best
        A plan as short as can be, whose tasks all others do, too; without, one is searched.

    Returns
    -------
    variety
        `count` plans, or fewer where there are not so many.

    Raises
    ------
    InvalidParameterError
        When an option is outside its range, or `best` breaks a rule of the problem.
    """
    _refuse(problem, count, within_share, time_limit_s, best)
    deadline = time.perf_counter() + time_limit_s
    if best is None:
        best = solve(problem, seed=seed, iterations=iterations, time_limit_s=time_limit_s).routes
    same = only(problem, best.done(problem))
    random = np.random.default_rng(seed)
    pace, pool = Pace(same), _Pool(same, best)
    for number in range(TRIES * (count - 1)):
        left_s = deadline - time.perf_counter()
        if left_s <= 0.0:
            break
        noisy = _noisy(same, NOISE[number % len(NOISE)], random)
        drawn = int(random.integers(2**31))
        found = solve(noisy, seed=drawn, iterations=iterations, time_limit_s=left_s).routes
        turned = _turned(same, found, random)
        most_m = (1.0 + within_share) * pool.shortest_m
        for routes in (found, turned, _wandered(pace, turned, most_m, random)):
            pool.take(routes)
    chosen = pool.chosen(count, within_share)
    plans = tuple(pool.plans[at] for at in chosen)
    late = time.perf_counter() >= deadline
    entropy = pd.DataFrame({"task": pool.tasks, "bits": entropy_bits(pool.slots[chosen])})
    distance_m = np.array([pool.distance_m[at] for at in chosen])
    return Variety(plans, distance_m, entropy, "time" if late else "iterations", seed)


def of_day(variety: Variety, day: dt.date, *, secret: int) -> Routes:
    """
    Draw the plan of a day.

    Every day is drawn anew from all plans by a keyed hash of its date. Plans that took turns could
    be learned in as many days as there are; even that yesterday's does not come again would tell
    something. Whoever has the secret can say what was due on any day, nobody else what will be.

    Parameters
    ----------
    variety
        The plans.
    day
        The day on which the shift begins.
    secret
        A number of the station that is told nobody, 0 or more: `secrets.randbits(128)` makes one.

    Returns
    -------
    routes
        One of `variety.plans`, the same whenever the same day is asked for.

    Raises
    ------
    InvalidParameterError
        When the secret is negative.
    """
    if secret < 0:
        raise InvalidParameterError(f"secret must be a whole number of 0 or more, got {secret!r}")
    key = hashlib.blake2b(str(secret).encode()).digest()
    drawn = hashlib.blake2b(day.isoformat().encode(), key=key, digest_size=16).digest()
    return variety.plans[int.from_bytes(drawn) % len(variety.plans)]


def entropy_bits(slots: Ints) -> NDArray[np.float64]:
    """
    Tell how uncertain the time of each task is to whoever does not know which plan is on.

    Parameters
    ----------
    slots
        Plans x tasks: numbers of the slots of time in which they arrive; all plans are as likely.

    Returns
    -------
    bits
        Shannon's entropy of each task, in bits.
    """
    share = (slots[:, None] == slots[None]).mean(axis=0)
    # The mean over plans of -log2(share) is the sum over slots of -share log2(share).
    return -np.log2(share).mean(axis=0)


def _refuse(
    problem: PatrolProblem,
    count: int,
    within_share: float,
    time_limit_s: float,
    best: Routes | None,
) -> None:
    """Refuse options outside their range."""
    if not count >= 2:  # noqa: PLR2004
        raise InvalidParameterError(f"count must be 2 or more, got {count!r}")
    if not within_share >= 0.0:
        raise InvalidParameterError(f"within_share must be 0 or more, got {within_share!r}")
    if not time_limit_s > 0.0:
        raise InvalidParameterError(f"time_limit_s must be > 0, got {time_limit_s!r}")
    found = [] if best is None else check(problem, best)["rule"].tolist()
    if found:
        raise InvalidParameterError(f"best: rule {found[0]!r} broken; solve the same problem first")


class _Pool:
    """Plans that do the same tasks, each once, with their lengths and times of arrival."""

    def __init__(self, problem: PatrolProblem, best: Routes) -> None:
        self.problem = problem
        self.tasks = np.flatnonzero(problem.required)
        self.plans: list[Routes] = []
        self.distance_m: list[int] = []
        self.slots = np.empty((0, len(self.tasks)), dtype=np.int64)
        self.take(best)

    def take(self, routes: Routes) -> None:
        """Take a plan that keeps every rule and arrives somewhere at another time."""
        if (routes.done(self.problem) < self.problem.required).any():
            return
        if len(check(self.problem, routes)):
            return
        timetable = simulate(self.problem, routes)
        slots = task_times(self.problem, timetable)["arrive_s"].to_numpy() // SLOT_S
        if (self.slots == slots).all(axis=1).any():
            return
        self.plans.append(routes)
        self.distance_m.append(timetable.distance_m)
        self.slots = np.vstack((self.slots, slots))

    @property
    def shortest_m(self) -> int:
        """Length of the shortest plan."""
        return min(self.distance_m)

    def chosen(self, count: int, within_share: float) -> Ints:
        """Choose plans by the entropy they add, the shortest always among them."""
        length = np.array(self.distance_m)
        chosen = [int(np.argmin(length))]
        free = set(np.flatnonzero(length <= (1.0 + within_share) * length.min()).tolist())
        free.discard(chosen[0])
        while free and len(chosen) < count:
            bits = {at: entropy_bits(self.slots[[*chosen, at]]).mean() for at in sorted(free)}
            chosen.append(max(bits, key=lambda at: (bits[at], -length[at])))
            free.discard(chosen[-1])
        return np.array(sorted(chosen, key=lambda at: (length[at], at)), dtype=np.int64)


def _noisy(problem: PatrolProblem, noise: float, random: np.random.Generator) -> PatrolProblem:
    """Make ways a little longer or shorter; times stay, so that what fits there fits here."""
    distance_m = problem.distance_m
    factor = 1.0 + noise * random.uniform(-1.0, 1.0, distance_m.shape)
    drawn = np.minimum(np.rint(distance_m * factor).astype(np.int64), MOST)
    return replace(problem, distance_m=np.where(distance_m >= UNREACHABLE, distance_m, drawn))


def _turned(problem: PatrolProblem, routes: Routes, random: np.random.Generator) -> Routes:
    """Turn the routes of some crews round, segments in the other direction where they may."""
    visits = problem.visits
    back = {
        (int(task), int(entry), int(leave)): way
        for way, (task, entry, leave) in enumerate(
            zip(visits.task, visits.entry, visits.exit, strict=True)
        )
    }
    plan = []
    for crew in range(len(problem.crews)):
        ways = routes.stops_of(crew).tolist()
        turned = [
            back.get((int(visits.task[w]), int(visits.exit[w]), int(visits.entry[w])), w)
            for w in reversed(ways)
        ]
        turns = random.random() < 0.5 and fit(problem, crew, turned) is not None  # noqa: PLR2004
        plan.append(turned if turns else ways)
    return with_breaks(problem, plan)


def _wandered(pace: Pace, routes: Routes, most_m: float, random: np.random.Generator) -> Routes:
    """Exchange stops at random, as far as the plan does not become longer than `most_m`."""
    problem = pace.problem
    plan = tuple(tuple(routes.stops_of(crew).tolist()) for crew in range(len(problem.crews)))
    for _ in range(STEPS):
        paced = pace.plan(plan)
        found = moves(pace, plan)
        allowed = np.flatnonzero(found.longer(paced)[0] + paced[0].sum() <= most_m)
        if not allowed.size:
            break
        plan = found.made(pace, plan, int(random.choice(allowed)))
    return with_breaks(problem, plan)
