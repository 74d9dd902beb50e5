"""
The least that would have to give way for one more task: tried, not guessed.

Where a task would go is reckoned for all positions of all routes at once, without the break of
the crew; the cheapest few are then lived through with everything.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.patrol.breaks import fit
from geo.patrol.checking import check
from geo.patrol.problem import BREAK, HERE, UNREACHABLE, Routes
from geo.patrol.wholes import MOST
from geo.patrol.windows import MINUTE_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.problem import PatrolProblem

    Ints = NDArray[np.int64]

RELAXATIONS: Final = (
    "", "wider_window", "longer_shift", "more_stops", "higher_prize", "put_in", "skill",
    "other_mode",
)  # fmt: skip
"""What may give way, "" for nothing that was tried: the window opens earlier or closes later, the
shift of a unit lasts longer, or it makes more stops; the task is worth more way; nothing but
the way, as there is room; a unit learns what the task needs, or moves in another mode."""

TRIED: Final = 4
"""How many positions of each kind are lived through before a kind is given up."""


class Relaxation(NamedTuple):
    """
    What would serve a task.

    Parameters
    ----------
    kind
        One of `RELAXATIONS`.
    amount
        Minutes, stops or metres of it; 0 for a skill or a mode.
    crew
        Whose route the task would go into; -1 for nobody's.
    """

    kind: str
    amount: int
    crew: int


NONE: Final = Relaxation("", 0, -1)
"""Nothing that was tried helps."""


@dataclass(frozen=True, eq=False)
class Insertions:
    """
    Where a task could go into the routes of able crews, and what stands against it.

    Parameters
    ----------
    crew
        n crews.
    way
        n ways.
    position
        n positions in the route without its break.
    widen_s
        n seconds by which the window would have to be wider; `UNREACHABLE` where that is no help.
    extend_s
        n seconds by which the shift would have to last longer; likewise.
    detour_m
        n lengths that the route grows by.
    """

    crew: Ints
    way: Ints
    position: Ints
    widen_s: Ints
    extend_s: Ints
    detour_m: Ints

    def cheapest(self, cost: Ints) -> Ints:
        """
        Choose the rows to try.

        Parameters
        ----------
        cost
            n costs.

        Returns
        -------
        rows
            The cheapest `TRIED`, by cost, then detour; none that is impossible.
        """
        order = np.lexsort((self.detour_m, cost))
        return order[cost[order] < UNREACHABLE][:TRIED]


def insertions(
    problem: PatrolProblem, routes: Routes, task: int, able: NDArray[np.bool_]
) -> Insertions:
    """
    Reckon where a task could go.

    Parameters
    ----------
    problem
        The problem.
    routes
        Valid ones without the task.
    task
        One of its tasks.
    able
        Crews x visits: who may do what.

    Returns
    -------
    insertions
        Every position of every able crew.
    """
    ways = np.flatnonzero(problem.visits.task == task)
    found = [
        _into(problem, crew, routes.stops_of(crew), way)
        for crew in range(len(problem.crews))
        for way in ways[able[crew, ways]].tolist()
    ]
    empty = np.empty((0, 6), dtype=np.int64)
    return Insertions(*np.concatenate([empty, *found]).T)


def _into(problem: PatrolProblem, crew: int, stops: Ints, way: int) -> Ints:
    """Return crew, way, position, widening, extension and detour for each position."""
    crews, visits = problem.crews, problem.visits
    profile = int(crews.profile[crew])
    metres, seconds = problem.distance_m[profile], problem.duration_s[profile]
    work = np.maximum(visits.work_s[profile, stops], 0)
    here = np.append(crews.start[crew], visits.exit[stops])
    there = np.append(visits.entry[stops], crews.end[crew])
    travel = seconds[here, there]
    ready = np.empty(len(here), dtype=np.int64)
    ready[0] = crews.early_s[crew]
    for k, stop in enumerate(stops.tolist()):
        ready[k + 1] = max(ready[k] + travel[k], visits.early_s[stop]) + work[k]
    # Latest arrivals: by the windows of what follows alone, and by the end of the shift alone.
    window, shift = np.full(len(there), MOST), np.full(len(there), crews.late_s[crew])
    for k in range(len(stops) - 1, -1, -1):
        window[k] = min(visits.late_s[stops[k]], window[k + 1] - travel[k + 1] - work[k])
        shift[k] = shift[k + 1] - travel[k + 1] - work[k]
    entry, leave = int(visits.entry[way]), int(visits.exit[way])
    to, on = seconds[here, entry], seconds[leave, there]
    arrive = ready + to
    took = max(int(visits.work_s[profile, way]), 0)
    early, late = int(visits.early_s[way]), int(visits.late_s[way])
    latest = np.minimum(window, shift) - on - took
    widen = np.maximum(np.maximum(arrive - late, early - latest), 0)
    widen[arrive > latest] = UNREACHABLE
    start = np.maximum(arrive, early)
    extend = np.maximum(start + took + on - shift, 0)
    extend[(start > late) | (start + took + on > window)] = UNREACHABLE
    barred = (to >= UNREACHABLE) | (on >= UNREACHABLE)
    widen[barred], extend[barred] = UNREACHABLE, UNREACHABLE
    detour = metres[here, entry] + metres[leave, there] - metres[here, there] + visits.work_m[way]
    position = np.arange(len(here))
    return np.column_stack((
        np.full_like(position, crew), np.full_like(position, way), position, widen, extend, detour
    ))  # fmt: skip


def inserted(
    problem: PatrolProblem, routes: Routes, task: int, *, most_m: int = MOST
) -> tuple[Routes, int] | None:
    """
    Put a task into routes where it costs least way.

    Parameters
    ----------
    problem
        The problem.
    routes
        Valid ones without the task.
    task
        One of its tasks.
    most_m
        A longer detour is none.

    Returns
    -------
    routes, crew
        Valid ones with the task, and whose route it went into; None where there is no room.
    """
    found = insertions(problem, routes, task, problem.able)
    free = np.maximum(found.widen_s, found.extend_s)
    for row in found.cheapest(np.where((free > 0) | (found.detour_m > most_m), UNREACHABLE, 0)):
        longer = _lived(problem, routes, found, row)
        if longer is not None:
            return longer, int(found.crew[row])
    return None


def nearest_relaxation(problem: PatrolProblem, routes: Routes, task: int) -> Relaxation:
    """
    Find the least that would serve a task with all that is planned already.

    Parameters
    ----------
    problem
        The problem.
    routes
        Valid ones without the task; only one of them changes.
    task
        One of its tasks, which some crew has the mode and the skills for.

    Returns
    -------
    relaxation
        It was tried: with it the longer route breaks no rule. Of a wider window and a longer shift
        the one of fewer minutes. Wider and longer are whole minutes, rounded up.
    """
    found = insertions(problem, routes, task, problem.able)
    room = _room(problem, routes, task, found)
    if room is not NONE:
        return room
    return _giving_way(problem, routes, found)


def _room(problem: PatrolProblem, routes: Routes, task: int, found: Insertions) -> Relaxation:
    """Return what a task lacks that fits by its hours."""
    for row in found.cheapest(np.maximum(found.widen_s, found.extend_s)):
        if found.extend_s[row] > 0 or found.widen_s[row] > 0:
            break
        crew, detour_m = int(found.crew[row]), int(found.detour_m[row])
        load = int(problem.visits.load[[*routes.stops_of(crew), found.way[row]]].sum())
        over = max(load - int(problem.crews.capacity[crew]), 0)
        if _lived(_crew_changed(problem, crew, capacity=over), routes, found, row) is None:
            continue
        if over:
            return Relaxation("more_stops", over, crew)
        if problem.required[task]:
            return Relaxation("put_in", detour_m, crew)
        # What speaks against it is its price.
        return Relaxation("higher_prize", detour_m - int(problem.prize_m[task]), crew)
    return NONE


def _giving_way(problem: PatrolProblem, routes: Routes, found: Insertions) -> Relaxation:
    """Return the window or the shift that has to give way by the fewest minutes."""
    best = NONE
    for kind, cost in (("wider_window", found.widen_s), ("longer_shift", found.extend_s)):
        for row in found.cheapest(cost):
            crew = int(found.crew[row])
            # What was reckoned leaves out the break, which costs at most its own length more.
            low = max(-(-int(cost[row]) // MINUTE_S), 1)
            high = low + -(-int(problem.crews.break_s[crew]) // MINUTE_S)
            if best is not NONE:
                high = min(high, best.amount - 1)
            holds = partial(_holds, problem, routes, found, row, kind)
            if low <= high and holds(high):
                amount = low + bisect_left(range(low, high), True, key=holds)
                best = Relaxation(kind, amount, crew)
    return best


def _holds(
    problem: PatrolProblem, routes: Routes, found: Insertions, row: int, kind: str, minutes: int
) -> bool:
    """Tell whether a task fits in when its window or a shift gives way by so many minutes."""
    crew, way = int(found.crew[row]), int(found.way[row])
    relaxed = _relaxed(problem, kind, minutes * MINUTE_S, crew, way)
    return _lived(relaxed, routes, found, row) is not None


def with_skill(problem: PatrolProblem, routes: Routes, task: int) -> Relaxation:
    """
    Find a unit that could do a task if it had the skills.

    Parameters
    ----------
    problem
        The problem.
    routes
        Valid ones without the task.
    task
        One of its tasks.

    Returns
    -------
    relaxation
        A unit whose route has room for it, tried; else nothing.
    """
    needed = int(np.bitwise_or.reduce(problem.visits.skills[problem.visits.task == task]))
    for crew in range(len(problem.crews)):
        skills = problem.crews.skills.copy()
        skills[crew] |= needed
        taught = replace(problem, crews=replace(problem.crews, skills=skills))
        if inserted(taught, routes, task) is not None:
            return Relaxation("skill", 0, crew)
    return NONE


def _relaxed(
    problem: PatrolProblem, kind: str, amount_s: int, crew: int, way: int
) -> PatrolProblem:
    """Return the problem with a wider window, or with a longer shift."""
    if kind == "longer_shift":
        return _crew_changed(problem, crew, late_s=amount_s, longest_s=amount_s)
    early, late = problem.visits.early_s.copy(), problem.visits.late_s.copy()
    early[way], late[way] = max(early[way] - amount_s, 0), min(late[way] + amount_s, MOST)
    return replace(problem, visits=replace(problem.visits, early_s=early, late_s=late))


def _crew_changed(problem: PatrolProblem, crew: int, **more: int) -> PatrolProblem:
    """Return the problem with higher limits of one crew."""
    columns = {name: getattr(problem.crews, name).copy() for name in more}
    for name, amount in more.items():
        columns[name][crew] = min(int(columns[name][crew]) + amount, MOST)
    return replace(problem, crews=replace(problem.crews, **columns))


def _lived(problem: PatrolProblem, routes: Routes, found: Insertions, row: int) -> Routes | None:
    """Return routes with the task in one of them; None where a rule is broken."""
    crew = int(found.crew[row])
    stops = routes.stops_of(crew).tolist()
    stops.insert(int(found.position[row]), int(found.way[row]))
    fitted = fit(problem, crew, stops)
    if fitted is None:
        return None
    visit = np.array([way for way, _ in fitted.stops], dtype=np.int64)
    place = np.where(visit == BREAK, fitted.place, HERE)
    own = Routes(np.full(len(visit), crew), visit, place)
    if not check(problem, own).empty:
        return None
    before, after = routes.crew < crew, routes.crew > crew
    return Routes(*(
        np.concatenate((values[before], mine, values[after]))
        for values, mine in zip(
            (routes.crew, routes.visit, routes.place), (own.crew, own.visit, own.place), strict=True
        )
    ))  # fmt: skip
