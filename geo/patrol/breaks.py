"""The route of one crew to the second: whether it can be done, and where its break costs least."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geo.patrol.problem import BREAK, HERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.patrol.problem import PatrolProblem


class Span(NamedTuple):
    """
    Work one after another: how long it takes, and when it may begin.

    Parameters
    ----------
    duration_s
        With the waits that cannot be avoided.
    early_s
        A begin before this only adds waiting.
    late_s
        A begin after this misses a window.
    """

    duration_s: int
    early_s: int
    late_s: int

    def then(self, travel_s: int, after: Span) -> Span | None:
        """
        Go on with other work.

        Parameters
        ----------
        travel_s
            Duration of the way to it.
        after
            The other work.

        Returns
        -------
        both
            None when a window is missed.
        """
        offset = self.duration_s + travel_s
        # Without a way `travel_s` is UNREACHABLE, beyond any window.
        if self.early_s + offset > after.late_s:
            return None
        wait = max(after.early_s - offset - self.late_s, 0)
        early = max(after.early_s - offset, self.early_s) - wait
        late = min(after.late_s - offset, self.late_s)
        return Span(offset + wait + after.duration_s, early, late)


class Fitted(NamedTuple):
    """
    A route that can be done, with its break.

    Parameters
    ----------
    stops
        Ways and `BREAK` in order, each with the place of the break, or `HERE` for ways.
    place
        Place of the break as `Routes` has it: `HERE` at a stop.
    distance_m
        Length of the route.
    duration_s
        From the latest start to the end.
    """

    stops: list[tuple[int, int]]
    place: int
    distance_m: int
    duration_s: int


class _Choice(NamedTuple):
    """One place for the break: extra metres, seconds, position, place, and place in `Routes`."""

    extra_m: int
    duration_s: int
    position: int
    place: int
    code: int


def fit(problem: PatrolProblem, crew: int, ways: Sequence[int]) -> Fitted | None:
    """
    Put the break of a crew where it costs least: metres first, then seconds.

    Parameters
    ----------
    problem
        The problem.
    crew
        Row of `Crews`.
    ways
        Ways in order, without the break.

    Returns
    -------
    fitted
        None when the crew cannot do a way, or misses a window or a limit wherever its break is.
    """
    crews, visits = problem.crews, problem.visits
    if not ways:
        return Fitted([], HERE, 0, 0)
    if not problem.able[crew, ways].all() or visits.load[ways].sum() > crews.capacity[crew]:
        return None
    chain = _Chain(problem, crew, ways)
    stops = [(way, HERE) for way in ways]
    longest_s = int(crews.longest_s[crew])
    if chain.whole is None:
        return None
    if not crews.break_s[crew]:
        duration_s = chain.whole.duration_s
        return (
            Fitted(stops, HERE, chain.distance_m, duration_s) if duration_s <= longest_s else None
        )
    fitting = [choice for choice in chain.at_stops() if choice.duration_s <= longest_s]
    # A stop costs no metre: rest places are looked at when no stop will do.
    if not fitting:
        fitting = [choice for choice in chain.at_rests() if choice.duration_s <= longest_s]
    if not fitting:
        return None
    best = min(fitting)
    stops.insert(best.position, (BREAK, best.place))
    return Fitted(stops, best.code, chain.distance_m + best.extra_m, best.duration_s)


class _Chain:
    """A route without its break: work before and after each position where it could be."""

    def __init__(self, problem: PatrolProblem, crew: int, ways: Sequence[int]) -> None:
        crews, visits = problem.crews, problem.visits
        profile = int(crews.profile[crew])
        self.distance, self.duration = problem.distance_m[profile], problem.duration_s[profile]
        self.rests = problem.rest_places.tolist()
        self.pause = Span(
            int(crews.break_s[crew]), int(crews.break_early_s[crew]), int(crews.break_late_s[crew])
        )
        shift = Span(0, int(crews.early_s[crew]), int(crews.late_s[crew]))
        work = [
            Span(
                int(visits.work_s[profile, way]), int(visits.early_s[way]), int(visits.late_s[way])
            )
            for way in ways
        ]
        spans = [shift, *work, shift]
        self.tos = [*visits.entry[ways].tolist(), int(crews.end[crew])]
        self.froms = [int(crews.start[crew]), *visits.exit[ways].tolist()]
        between = [int(self.duration[a, b]) for a, b in zip(self.froms, self.tos, strict=True)]
        metres = [int(self.distance[a, b]) for a, b in zip(self.froms, self.tos, strict=True)]
        self.distance_m = sum(metres) + int(visits.work_m[ways].sum())
        self.before: list[Span | None] = [shift]
        for travel_s, span in zip(between, spans[1:], strict=True):
            last = self.before[-1]
            self.before.append(None if last is None else last.then(travel_s, span))
        self.whole = self.before.pop()
        self.after: list[Span | None] = [shift]
        for travel_s, span in zip(between[:0:-1], work[::-1], strict=True):
            rest = self.after[-1]
            self.after.append(None if rest is None else span.then(travel_s, rest))
        self.after.reverse()

    def at_stops(self) -> Iterator[_Choice]:
        """Take the break at the next stop where that is in time, else at the last."""
        last = len(self.tos) - 1
        for position, before in enumerate(self.before):
            if before is None:
                continue
            here, there = self.froms[position], self.tos[position]
            ready_s = before.early_s + before.duration_s
            in_time = ready_s + int(self.duration[here, there]) <= self.pause.late_s
            if position < last and in_time:
                yield from self._at(position, there, HERE)
            elif position > 0:
                yield from self._at(position, here, HERE)

    def at_rests(self) -> Iterator[_Choice]:
        """Take the break at a rest place, whatever the detour."""
        for position in range(len(self.before)):
            for place in self.rests:
                yield from self._at(position, place, place)

    def _at(self, position: int, place: int, code: int) -> Iterator[_Choice]:
        """Take the break at a place between two stops, if windows allow it."""
        here, there = self.froms[position], self.tos[position]
        before, after = self.before[position], self.after[position]
        if before is None or after is None:
            return
        rested = before.then(int(self.duration[here, place]), self.pause)
        if rested is None:
            return
        whole = rested.then(int(self.duration[place, there]), after)
        if whole is None:
            return
        to, on = int(self.distance[here, place]), int(self.distance[place, there])
        extra_m = to + on - int(self.distance[here, there])
        yield _Choice(extra_m, whole.duration_s, position, place, code)
