"""What a plan has to solve, in whole numbers: crews, ways to do tasks, the way between places."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.errors import InvalidParameterError
from geo.patrol.wholes import MOST, check_columns, check_matrices, check_whole, filled, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

UNREACHABLE: Final = 10**9
"""Metres and seconds of a pair of places without a way between them: this much or more. Thousands
of them still add up in whole numbers of 64 bits."""

BREAK: Final = -1
"""The visit of a row of `Routes` that is the break of its crew."""

HERE: Final = -1
"""The place of a break that needs no way of its own: it is taken at the stop before or after."""


@dataclass(frozen=True, eq=False)
class Crews:
    """
    u crews: units in one shift each.

    Parameters
    ----------
    unit_id
        u ids of units; one that has two shifts comes twice.
    profile
        u rows of the matrices: how the crew moves.
    start
        u places where the shift begins.
    end
        u places where it ends.
    early_s
        u times from which the crew may leave its start.
    late_s
        u times at which it has to be at its end.
    longest_s
        u longest durations of a shift, from leaving the start to reaching the end.
    skills
        u sets of skills, one bit each.
    capacity
        u largest sums of `load`.
    break_s
        u durations of the break; 0 is no break. A crew without tasks takes none.
    break_early_s
        u times from which the break may begin.
    break_late_s
        u times at which it has to have begun.
    """

    unit_id: NDArray[np.object_]
    profile: Ints
    start: Ints
    end: Ints
    early_s: Ints
    late_s: Ints
    longest_s: Ints
    skills: Ints
    capacity: Ints
    break_s: Ints
    break_early_s: Ints
    break_late_s: Ints

    def __post_init__(self) -> None:
        """Check every column against the others."""
        check_columns("crews", self, len(self.unit_id), free=("unit_id",))
        refuse("crews", self.late_s < self.early_s, "late_s before early_s", self.late_s)
        taken = self.break_s > 0
        upside_down = taken & (self.break_late_s < self.break_early_s)
        refuse("crews", upside_down, "break_late_s before break_early_s", self.break_late_s)

    @classmethod
    def of(cls, start: Sequence[int] | Ints, **given: Any) -> Crews:  # noqa: ANN401
        """
        Make crews of what is given; a single value stands for all of them.

        Parameters
        ----------
        start
            u places.
        **given
            The other columns by name. Without: the end at the start, ids from 0, profile 0, no
            limits, no skills, no break (which may else begin at any time).

        Returns
        -------
        crews
            Checked.
        """
        u = len(start)
        base = {"profile": 0, "early_s": 0, "late_s": MOST, "skills": 0, "capacity": MOST}
        base |= {"longest_s": MOST, "break_s": 0, "break_early_s": 0, "break_late_s": MOST}
        columns = {"start": start, "end": start, **base, **given}
        names = columns.pop("unit_id", [f"U{number}" for number in range(u)])
        unit_id = np.empty(u, dtype=object)
        unit_id[:] = names
        return cls(unit_id=unit_id, **filled(columns, u))

    def __len__(self) -> int:
        """Return the number of crews."""
        return len(self.unit_id)


@dataclass(frozen=True, eq=False)
class Visits:
    """
    v ways to do t tasks; at most one way of each task is used.

    Parameters
    ----------
    task
        v tasks from 0 to t - 1.
    entry
        v places where the work begins.
    exit
        v places where it ends: the entry again for a point.
    work_s
        profiles x v durations of the work; -1 where crews of the profile cannot do it.
    work_m
        v lengths covered while working: 0 for a point.
    early_s
        v times from which the work may begin.
    late_s
        v times at which it has to have begun.
    load
        v loads, which count against `capacity`.
    skills
        v sets of skills, one bit each; the crew needs all of them.
    """

    task: Ints
    entry: Ints
    exit: Ints
    work_s: Ints
    work_m: Ints
    early_s: Ints
    late_s: Ints
    load: Ints
    skills: Ints

    def __post_init__(self) -> None:
        """Check every column against the others."""
        v = len(self.task)
        check_columns("visits", self, v, free=("work_s",))
        if self.work_s.ndim != 2 or self.work_s.shape[1] != v:  # noqa: PLR2004
            raise InvalidParameterError(
                f"visits: work_s of shape {self.work_s.shape}; give profiles x {v} durations"
            )
        check_whole("visits", "work_s", self.work_s, lowest=-1)
        refuse("visits", self.late_s < self.early_s, "late_s before early_s", self.late_s)

    @classmethod
    def of(cls, entry: Sequence[int] | Ints, **given: Any) -> Visits:  # noqa: ANN401
        """
        Make ways of what is given; a single value stands for all of them.

        Parameters
        ----------
        entry
            v places.
        **given
            The other columns by name. Without: each way a task of its own, a point (the exit at
            the entry, `work_m` 0), no work, one profile, no window, load 1, no skills.

        Returns
        -------
        visits
            Checked.
        """
        v = len(entry)
        base = {"work_m": 0, "early_s": 0, "late_s": MOST, "load": 1, "skills": 0}
        columns = {"task": np.arange(v), "entry": entry, "exit": entry, **base, **given}
        work_s = np.asarray(columns.pop("work_s", 0), dtype=np.int64)
        profiles = len(work_s) if work_s.ndim > 1 else 1
        work_s = np.broadcast_to(work_s, (profiles, v)).copy()
        return cls(work_s=work_s, **filled(columns, v))

    def __len__(self) -> int:
        """Return the number of ways."""
        return len(self.task)


@dataclass(frozen=True, eq=False)
class PatrolProblem:
    """
    Crews, tasks, and the way between p places for every profile.

    Times are seconds since midnight of the day the shift began, lengths are metres (any whole
    unit does, the same everywhere).

    Parameters
    ----------
    crews
        Who goes.
    visits
        What can be done.
    distance_m
        profiles x p x p lengths of the ways from row to column, `UNREACHABLE` where there is none.
    duration_s
        Their durations.
    required
        t claims: the task has to be done, whatever the detour.
    prize_m
        t worths in metres of way: an optional task is done when that costs less; of required tasks
        that cannot all be done, those of larger worth are.
    rest_places
        Places where a break may be taken besides the stops.
    """

    crews: Crews
    visits: Visits
    distance_m: Ints
    duration_s: Ints
    required: Bools
    prize_m: Ints
    rest_places: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __post_init__(self) -> None:
        """Check that the parts belong together."""
        shape = self.distance_m.shape
        if len(shape) != 3 or shape[1] != shape[2]:  # noqa: PLR2004
            raise InvalidParameterError(
                f"distance_m: shape {shape} met; give profiles x places x places"
            )
        if self.duration_s.shape != shape:
            raise InvalidParameterError(
                f"duration_s: shape {self.duration_s.shape} met, but distance_m has {shape}; "
                f"give both for the same profiles and places"
            )
        for name in ("distance_m", "duration_s"):
            check_whole("problem", name, getattr(self, name), highest=None)
            check_matrices(name, getattr(self, name), unreachable=UNREACHABLE)
        apart = (self.distance_m >= UNREACHABLE) != (self.duration_s >= UNREACHABLE)
        if apart.any():
            where = tuple(int(index) for index in np.argwhere(apart)[0])
            raise InvalidParameterError(
                f"distance_m, duration_s: one of them is UNREACHABLE at {where}, the other not; "
                f"a way is there in both or in neither"
            )
        self._check_tasks()
        self._check_places(shape[0], shape[1])

    def _check_tasks(self) -> None:
        """Check that every task has a way, and that each way has a task."""
        t = len(self.required)
        if self.required.dtype != np.bool_:
            raise InvalidParameterError(
                f"required: type {self.required.dtype} met; give one bool for each task"
            )
        check_whole("problem", "prize_m", self.prize_m)
        if self.prize_m.shape != (t,):
            raise InvalidParameterError(
                f"prize_m: shape {self.prize_m.shape} met; give {t} numbers, one for each task"
            )
        refuse("visits", self.visits.task >= t, f"task outside 0 to {t - 1}", self.visits.task)
        idle = np.flatnonzero(np.bincount(self.visits.task, minlength=t) == 0)
        if idle.size:
            raise InvalidParameterError(
                f"visits: task {idle[0]} has no way; give it one or number the tasks without it"
            )

    def _check_places(self, profiles: int, places: int) -> None:
        """Check that crews, ways and rests are at known places, moving in known ways."""
        if len(self.visits.work_s) != profiles:
            raise InvalidParameterError(
                f"visits: work_s for {len(self.visits.work_s)} profiles, but the matrices have "
                f"{profiles}; give a row for each"
            )
        outside = self.crews.profile >= profiles
        refuse("crews", outside, f"profile outside 0 to {profiles - 1}", self.crews.profile)
        check_whole("problem", "rest_places", self.rest_places)
        for owner, name, values in (
            ("crews", "start", self.crews.start),
            ("crews", "end", self.crews.end),
            ("visits", "entry", self.visits.entry),
            ("visits", "exit", self.visits.exit),
            ("problem", "rest_places", self.rest_places),
        ):
            refuse(owner, values >= places, f"{name} outside 0 to {places - 1}", values)

    @property
    def tasks(self) -> int:
        """How many tasks there are."""
        return len(self.required)

    @property
    def places(self) -> int:
        """How many places there are."""
        return int(self.distance_m.shape[1])

    @property
    def profiles(self) -> int:
        """How many ways to move there are."""
        return int(self.distance_m.shape[0])

    @cached_property
    def able(self) -> Bools:
        """Crews x visits: whether the crew has the skills and the profile for the way."""
        needed = self.visits.skills[None, :]
        skilled = (self.crews.skills[:, None] & needed) == needed
        return skilled & (self.visits.work_s[self.crews.profile] >= 0)


@dataclass(frozen=True, eq=False)
class Routes:
    """
    What a solver says: r rows, by crew ascending, in the order in which they are done.

    Parameters
    ----------
    crew
        r crews.
    visit
        r ways of `Visits`, or `BREAK`.
    place
        r places. For a break the rest place it is taken at, or `HERE`: at the entry of the next
        stop, before its work, if the crew gets there in time to begin it, else at the exit of the
        last, after its work. For visits `HERE`.
    """

    crew: Ints
    visit: Ints
    place: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __post_init__(self) -> None:
        """Put `HERE` where no place is given, and check the order."""
        if not len(self.place):
            object.__setattr__(self, "place", np.full(len(self.crew), HERE, dtype=np.int64))
        if not len(self.crew) == len(self.visit) == len(self.place):
            raise InvalidParameterError(
                f"routes: {len(self.crew)} crews, {len(self.visit)} visits, {len(self.place)} "
                f"places; give one of each for every row"
            )
        refuse("routes", np.diff(self.crew, prepend=0) < 0, "crew not ascending", self.crew)

    @classmethod
    def of(cls, stops: Sequence[Sequence[int]]) -> Routes:
        """
        Make routes of one list of visits for each crew.

        Parameters
        ----------
        stops
            Of each crew its ways and `BREAK`, in order.

        Returns
        -------
        routes
            With breaks taken at stops.
        """
        crew = np.repeat(np.arange(len(stops)), [len(route) for route in stops])
        visit = np.array([visit for route in stops for visit in route], dtype=np.int64)
        return cls(crew.astype(np.int64), visit)

    def stops_of(self, crew: int) -> Ints:
        """
        List the ways that a crew does, without its break.

        Parameters
        ----------
        crew
            Row of `Crews`.

        Returns
        -------
        visits
            In order.
        """
        return self.visit[(self.crew == crew) & (self.visit != BREAK)]

    def done(self, problem: PatrolProblem) -> Bools:
        """
        Tell which tasks are done.

        Parameters
        ----------
        problem
            The one solved.

        Returns
        -------
        done
            t claims.
        """
        done = np.zeros(problem.tasks, dtype=np.bool_)
        done[problem.visits.task[self.visit[self.visit != BREAK]]] = True
        return done
