"""Patrol problems of every size: by hand, drawn small, and a station's day on a street grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo.patrol.problem import UNREACHABLE, Crews, PatrolProblem, Visits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.int64]

HOUR = 3_600


def between(xy: Ints) -> Ints:
    """Return the ways between places on a street grid, in whole metres."""
    return np.abs(xy[:, None] - xy[None, :]).sum(axis=2).astype(np.int64)


def problem_of(
    crews: Crews,
    visits: Visits,
    distance_m: Ints,
    *,
    speed_mps: Sequence[float] = (1.0,),
    required: ArrayLike = True,
    prize_m: ArrayLike = 0,
    rest_places: Sequence[int] = (),
) -> PatrolProblem:
    """Make a problem of one matrix of distances and a speed for each profile."""
    tasks = int(visits.task.max(initial=-1)) + 1
    far = distance_m >= UNREACHABLE
    seconds = [np.where(far, UNREACHABLE, np.rint(distance_m / mps)) for mps in speed_mps]
    return PatrolProblem(
        crews,
        visits,
        np.repeat(distance_m[None], len(speed_mps), axis=0),
        np.array(seconds).astype(np.int64),
        np.broadcast_to(np.asarray(required, dtype=np.bool_), (tasks,)).copy(),
        np.broadcast_to(np.asarray(prize_m, dtype=np.int64), (tasks,)).copy(),
        np.array(rest_places, dtype=np.int64),
    )


def on_line(places_m: Sequence[int], crews: Crews | None = None, **given: Any) -> PatrolProblem:  # noqa: ANN401
    """Make a problem on a straight street: the crews at its first place, a task at each other."""
    xy = np.array([(x, 0) for x in places_m], dtype=np.int64)
    names = ("speed_mps", "required", "prize_m", "rest_places")
    options = {name: given.pop(name) for name in names if name in given}
    visits = Visits.of(np.arange(1, len(xy)), **given)
    return problem_of(crews or Crews.of([0]), visits, between(xy), **options)


def drawn(
    seed: int,
    *,
    crews: int = 2,
    points: int = 3,
    segments: int = 1,
    windows: bool = True,
    breaks: bool = True,
    optional: bool = False,
    one_way: bool = False,
) -> PatrolProblem:
    """
    Draw a small problem on a square of 2 km: points, then segments with two directions each.

    Crews go at 1 or 4 m/s, from 8:00 on for 2 to 4 hours, each from and to a place of its own.
    """
    random = np.random.default_rng(seed)
    count = crews + points + 2 * segments + 1
    xy = random.integers(0, 21, (count, 2)) * 100
    distance_m = between(xy)
    if one_way:
        # Ways around: some streets are longer one way than the other.
        distance_m += random.integers(0, 4, distance_m.shape) * 100
        distance_m = _closed(distance_m)
    early_s = 8 * HOUR + random.integers(0, 2, crews) * HOUR
    late_s = early_s + random.integers(4, 9, crews) * HOUR // 2
    rested = breaks & (random.random(crews) < 0.7)
    begin = early_s + random.integers(0, 5, crews) * HOUR // 4
    who = Crews.of(
        np.arange(crews),
        end=np.where(random.random(crews) < 0.7, np.arange(crews), random.integers(0, crews)),
        profile=random.integers(0, 2, crews),
        early_s=early_s,
        late_s=late_s,
        longest_s=random.choice([HOUR * 2, HOUR * 4], crews),
        skills=random.integers(0, 4, crews),
        break_s=np.where(rested, 900 + random.integers(0, 2, crews) * 900, 0),
        break_early_s=begin,
        break_late_s=np.minimum(begin + random.integers(1, 4, crews) * HOUR // 4, late_s),
    )
    first = crews + points + 2 * np.arange(segments)
    at = np.arange(crews, crews + points)
    entry = np.concatenate((at, np.stack((first, first + 1), axis=1).ravel()))
    leave = np.concatenate((at, np.stack((first + 1, first), axis=1).ravel()))
    task = np.concatenate((np.arange(points), points + np.repeat(np.arange(segments), 2)))
    work_m = distance_m[entry, leave]
    dwell_s = random.integers(1, 20, len(entry)) * 60
    work_s = np.stack([np.where(work_m > 0, work_m / mps, dwell_s) for mps in (1.0, 4.0)])
    opens = early_s.min() + random.integers(0, 8, len(entry)) * HOUR // 2
    bounded = windows & (random.random(len(entry)) < 0.5)
    tasks = points + segments
    visits = Visits.of(
        entry,
        exit=leave,
        task=task,
        work_m=work_m,
        work_s=np.rint(work_s).astype(np.int64),
        early_s=np.where(bounded, opens, 0),
        late_s=np.where(bounded, opens + HOUR, 24 * HOUR),
        skills=np.where(random.random(tasks) < 0.2, 1, 0)[task],
    )
    return problem_of(
        who,
        visits,
        distance_m,
        speed_mps=(1.0, 4.0),
        required=random.random(tasks) < 0.5 if optional else True,
        prize_m=random.integers(0, 30, tasks) * 100 if optional else 0,
        rest_places=[count - 1],
    )


def _closed(distance_m: Ints) -> Ints:
    """Make ways shortest ways."""
    np.fill_diagonal(distance_m, 0)
    for place in range(len(distance_m)):
        distance_m = np.minimum(distance_m, distance_m[:, [place]] + distance_m[[place]])
    return distance_m


def station_day(
    seed: int, *, crews: int = 10, points: int = 150, segments: int = 80, side_m: int = 4_000
) -> PatrolProblem:
    """
    Draw a day of a station on a street grid with blocks of 100 m.

    Shifts of eight hours from 8:00, on foot (1.2 m/s) and on e-bikes (4 m/s), from two stations;
    points of 2 to 6 minutes, a third of them with a window of an hour or two; segments of 200 to
    600 m, in either direction; a break of 30 minutes to be begun from 11:00 to 13:00.
    """
    random = np.random.default_rng(seed)
    blocks = side_m // 100
    xy = np.concatenate(
        (
            [(side_m // 2, side_m // 2), (side_m // 4, 3 * side_m // 4)],
            random.integers(0, 10 * blocks + 1, (points, 2)) * 10,
            random.integers(0, blocks + 1, (2 * segments, 2)) * 100,
        )
    )
    ends = np.arange(2 + points, len(xy)).reshape(-1, 2)
    run = random.integers(2, 7, segments) * 100 * random.choice([-1, 1], segments)
    xy[ends[:, 1]] = xy[ends[:, 0]]
    xy[ends[:, 1], random.integers(0, 2, segments)] += run
    distance_m = between(xy)
    at = np.arange(2, 2 + points)
    entry, leave = np.concatenate((at, ends.ravel())), np.concatenate((at, ends[:, ::-1].ravel()))
    task = np.concatenate((np.arange(points), points + np.repeat(np.arange(segments), 2)))
    work_m = distance_m[entry, leave]
    dwell_s = random.integers(2, 7, len(entry)) * 60
    opens = 8 * HOUR + random.integers(0, 7, len(entry)) * HOUR
    bounded = (work_m == 0) & (random.random(len(entry)) < 1 / 3)
    visits = Visits.of(
        entry,
        exit=leave,
        task=task,
        work_m=work_m,
        work_s=np.stack([np.where(work_m > 0, np.rint(work_m / v), dwell_s) for v in (1.2, 3.0)]),
        early_s=np.where(bounded, opens, 0),
        late_s=np.where(bounded, opens + random.integers(1, 3, len(entry)) * HOUR, 24 * HOUR),
    )
    who = Crews.of(
        np.arange(crews) % 2,
        profile=np.arange(crews) % 2,
        early_s=8 * HOUR,
        late_s=16 * HOUR,
        longest_s=8 * HOUR,
        break_s=HOUR // 2,
        break_early_s=11 * HOUR,
        break_late_s=13 * HOUR,
    )
    return problem_of(who, visits, distance_m, speed_mps=(1.2, 4.0), rest_places=[0, 1])
