"""The kernels of `geo.patrol.pacing`: a route lived through, with every exchange of a stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from geo.patrol.problem import UNREACHABLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class Tables(NamedTuple):
    """
    A problem as the kernels take it.

    Parameters
    ----------
    distance
        As in `PatrolProblem`.
    duration
        Likewise.
    crews
        One row per crew: profile, start, end, early, late, longest, capacity; break: duration,
        early, late.
    ways
        One row per way: entry, exit, length, early, late, load, task.
    work
        Profiles x ways: durations.
    able
        Crews x ways: claims.
    rests
        Rest places.
    first
        Where the ways of each task begin in `of_task`, and the end of the last.
    of_task
        The ways, by task.
    """

    distance: Ints
    duration: Ints
    crews: Ints
    ways: Ints
    work: Ints
    able: Bools
    rests: Ints
    first: Ints
    of_task: Ints


@njit(nogil=True, cache=True)
def _step(now: Ints, travel_s: int, early_s: int, late_s: int, work_s: int) -> bool:
    """
    Go on to a stop and do its work; return whether its window is kept.

    `now` is the time, the waits so far, and how much later the crew could have begun its shift.
    """
    arrive = now[0] + travel_s
    begin = max(arrive, early_s)
    if travel_s >= UNREACHABLE or begin > late_s:
        return False
    now[1] += begin - arrive
    now[2] = min(now[2], now[1] + late_s - begin)
    now[0] = begin + work_s
    return True


@njit(nogil=True, cache=True)
def _work(tables: Tables, crew: int, now: Ints, place: int, way: int) -> bool:
    """Go from a place to a way and do it; return whether its window is kept."""
    profile = tables.crews[crew, 0]
    entry, early, late = tables.ways[way, 0], tables.ways[way, 3], tables.ways[way, 4]
    travel = tables.duration[profile, place, entry]
    return _step(now, travel, early, late, tables.work[profile, way])


@njit(nogil=True, cache=True)
def _finish(
    tables: Tables, crew: int, now: Ints, place: int, stops: Ints, n: int, begin: int
) -> tuple[int, int]:
    """Do the stops from `begin` and go to the end; return duration (-1: too late) and waits."""
    profile, end = tables.crews[crew, 0], tables.crews[crew, 2]
    for k in range(begin, n):
        if not _work(tables, crew, now, place, stops[k]):
            return -1, 0
        place = tables.ways[stops[k], 1]
    travel = tables.duration[profile, place, end]
    if travel >= UNREACHABLE or now[0] + travel > tables.crews[crew, 4]:
        return -1, 0
    # The crew leaves as late as it can without finishing later.
    later = min(now[1], now[2])
    duration = now[0] + travel - tables.crews[crew, 3] - later
    if duration > tables.crews[crew, 5]:
        return -1, 0
    return duration, now[1] - later


@njit(nogil=True, cache=True)
def _length(tables: Tables, crew: int, stops: Ints, n: int) -> int:
    """Return the length of a route; -1 where there is no way or the crew is not able."""
    profile, place, end = tables.crews[crew, 0], tables.crews[crew, 1], tables.crews[crew, 2]
    total, load = 0, 0
    for k in range(n):
        if not tables.able[crew, stops[k]]:
            return -1
        leg = tables.distance[profile, place, tables.ways[stops[k], 0]]
        if leg >= UNREACHABLE:
            return -1
        total += leg + tables.ways[stops[k], 2]
        load += tables.ways[stops[k], 5]
        place = tables.ways[stops[k], 1]
    leg = tables.distance[profile, place, end]
    if leg >= UNREACHABLE or load > tables.crews[crew, 6]:
        return -1
    return total + leg


@njit(nogil=True, cache=True)
def paced(tables: Tables, crew: int, stops: Ints, n: int) -> tuple[int, int, int]:
    """Return length (-1: cannot be done), duration and waits of a route, its break at the best."""
    if n == 0:
        return 0, 0, 0
    length = _length(tables, crew, stops, n)
    if length < 0:
        return -1, 0, 0
    now = np.array([tables.crews[crew, 3], 0, UNREACHABLE], np.int64)
    if tables.crews[crew, 7] == 0:
        duration, wait = _finish(tables, crew, now, tables.crews[crew, 1], stops, n, 0)
        return (length, duration, wait) if duration >= 0 else (-1, 0, 0)
    duration, wait = _at_stops(tables, crew, stops, n, now)
    if duration >= 0:
        return length, duration, wait
    extra, duration, wait = _at_rests(tables, crew, stops, n, now)
    return (length + extra, duration, wait) if duration >= 0 else (-1, 0, 0)


@njit(nogil=True, cache=True)
def _at_stops(tables: Tables, crew: int, stops: Ints, n: int, now: Ints) -> tuple[int, int]:
    """Return the least duration (-1: none) and its waits with the break at some stop."""
    profile, place = tables.crews[crew, 0], tables.crews[crew, 1]
    long, early, late = tables.crews[crew, 7], tables.crews[crew, 8], tables.crews[crew, 9]
    before, best, best_wait = now.copy(), -1, 0
    for k in range(n + 1):
        if before[0] > late:
            break
        trial, spot, travel = before.copy(), place, 0
        if k < n:
            # At the next stop if that is in time, else still at the last.
            ahead = tables.ways[stops[k], 0]
            there = tables.duration[profile, place, ahead]
            if k == 0 or before[0] + there <= late:
                spot, travel = ahead, there
        if _step(trial, travel, early, late, long):
            duration, wait = _finish(tables, crew, trial, spot, stops, n, k)
            if duration >= 0 and (best < 0 or duration < best):
                best, best_wait = duration, wait
        if k < n:
            if not _work(tables, crew, before, place, stops[k]):
                break
            place = tables.ways[stops[k], 1]
    return best, best_wait


@njit(nogil=True, cache=True)
def _at_rests(tables: Tables, crew: int, stops: Ints, n: int, now: Ints) -> tuple[int, int, int]:
    """Return the least detour, its duration (-1: none) and waits with the break at a rest place."""
    profile, place, end = tables.crews[crew, 0], tables.crews[crew, 1], tables.crews[crew, 2]
    long, early, late = tables.crews[crew, 7], tables.crews[crew, 8], tables.crews[crew, 9]
    before, least, best, best_wait = now.copy(), UNREACHABLE, -1, 0
    for k in range(n + 1):
        if before[0] > late:
            break
        ahead = tables.ways[stops[k], 0] if k < n else end
        for rest in tables.rests:
            to, on = tables.distance[profile, place, rest], tables.distance[profile, rest, ahead]
            extra = to + on - tables.distance[profile, place, ahead]
            if to >= UNREACHABLE or on >= UNREACHABLE or extra > least:
                continue
            trial = before.copy()
            if not _step(trial, tables.duration[profile, place, rest], early, late, long):
                continue
            duration, wait = _finish(tables, crew, trial, rest, stops, n, k)
            if duration >= 0 and (extra < least or duration < best):
                least, best, best_wait = extra, duration, wait
        if k < n:
            if not _work(tables, crew, before, place, stops[k]):
                break
            place = tables.ways[stops[k], 1]
    return least, best, best_wait


@njit(nogil=True, cache=True)
def exchanges(tables: Tables, crew: int, stops: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Return ways, positions, lengths, durations and waits; see `Exchanges`."""
    n, tasks = len(stops), len(tables.first) - 1
    way = np.full((n + 1, tasks), np.int64(-1))
    position, distance = np.zeros((n + 1, tasks), np.int64), np.zeros((n + 1, tasks), np.int64)
    duration, wait = np.zeros((n + 1, tasks), np.int64), np.zeros((n + 1, tasks), np.int64)
    own = np.full(tasks, -1)
    for k in range(n):
        own[tables.ways[stops[k], 6]] = k
    rest = np.empty(n, np.int64)
    for row in range(n + 1):
        m = 0
        for k in range(n):
            if k != row:
                rest[m] = stops[k]
                m += 1
        room = _room(tables, crew, rest, m)
        for task in range(tasks):
            if own[task] >= 0 and own[task] != row:
                continue
            found = _inserted(tables, crew, rest, m, task, room)
            way[row, task], position[row, task] = found[0], found[1]
            distance[row, task], duration[row, task], wait[row, task] = found[2:]
    return way, position, distance, duration, wait


@njit(nogil=True, cache=True)
def _room(tables: Tables, crew: int, stops: Ints, n: int) -> Ints:
    """
    Return when each of n + 1 gaps can be entered and has to be left, and how long all takes.

    The break is left out, so that what does not fit here does not fit at all.
    """
    profile, place, end = tables.crews[crew, 0], tables.crews[crew, 1], tables.crews[crew, 2]
    room = np.zeros((3, n + 1), np.int64)
    room[0, 0] = tables.crews[crew, 3]
    busy = tables.crews[crew, 7]
    for k in range(n):
        w = stops[k]
        travel = tables.duration[profile, place, tables.ways[w, 0]]
        work = tables.work[profile, w]
        room[0, k + 1] = max(room[0, k] + travel, tables.ways[w, 3]) + work
        busy += travel + work
        place = tables.ways[w, 1]
    room[1, n] = tables.crews[crew, 4]
    for k in range(n - 1, -1, -1):
        w = stops[k]
        ahead = end if k == n - 1 else tables.ways[stops[k + 1], 0]
        travel = tables.duration[profile, tables.ways[w, 1], ahead]
        leave = room[1, k + 1] - travel
        room[1, k] = min(leave - tables.work[profile, w], tables.ways[w, 4])
    room[2, :] = busy + tables.duration[profile, place, end]
    return room


@njit(nogil=True, cache=True)
def _inserted(
    tables: Tables, crew: int, stops: Ints, n: int, task: int, room: Ints
) -> tuple[int, int, int, int, int]:
    """Return way (-1: none fits), position, length, duration and waits of the shortest route."""
    profile, start, end = tables.crews[crew, 0], tables.crews[crew, 1], tables.crews[crew, 2]
    begin, until = tables.first[task], tables.first[task + 1]
    choices = (until - begin) * (n + 1)
    detour = np.full(choices, 2 * UNREACHABLE)
    for c in range(choices):
        w, k = tables.of_task[begin + c // (n + 1)], c % (n + 1)
        a = start if k == 0 else tables.ways[stops[k - 1], 1]
        b = end if k == n else tables.ways[stops[k], 0]
        into, out = tables.ways[w, 0], tables.ways[w, 1]
        to_s, on_s = tables.duration[profile, a, into], tables.duration[profile, out, b]
        work = tables.work[profile, w]
        at = max(room[0, k] + to_s, tables.ways[w, 3])
        longer = to_s + work + on_s - tables.duration[profile, a, b]
        if (
            tables.able[crew, w]
            and at <= tables.ways[w, 4]
            and at + work + on_s <= room[1, k]
            and room[2, k] + longer <= tables.crews[crew, 5]
        ):
            to, on = tables.distance[profile, a, into], tables.distance[profile, out, b]
            detour[c] = to + on + tables.ways[w, 2] - tables.distance[profile, a, b]
    trial = np.empty(n + 1, np.int64)
    # The shortest detour first: mostly that can be done, and the others need not be timed.
    for _ in range(choices):
        c = int(np.argmin(detour))
        if detour[c] == 2 * UNREACHABLE:
            break
        w, k = tables.of_task[begin + c // (n + 1)], c % (n + 1)
        for i in range(n):
            trial[i + (i >= k)] = stops[i]
        trial[k] = w
        length, duration, wait = paced(tables, crew, trial, n + 1)
        if length >= 0:
            return w, k, length, duration, wait
        detour[c] = 2 * UNREACHABLE
    return -1, 0, 0, 0, 0
