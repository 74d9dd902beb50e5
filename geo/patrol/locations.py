"""Where the clients and depots of a model are, and the ways between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.patrol.offering import START
from geo.patrol.problem import UNREACHABLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.offering import Offer
    from geo.patrol.problem import PatrolProblem

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Locations:
    """
    Where the clients and depots of a model are: at ways, at places, and crews before they start.

    Parameters
    ----------
    entry
        l places where one comes to.
    exit
        l places from where one goes on.
    way
        l ways, or -1.
    before
        The crews that have a place before they start, which are the last of the l.
    """

    entry: Ints
    exit: Ints
    way: Ints
    before: Ints

    @classmethod
    def of(cls, problem: PatrolProblem, offer: Offer) -> Locations:
        """
        Lay out what an offer needs.

        Parameters
        ----------
        problem
            The problem.
        offer
            The part of it.

        Returns
        -------
        locations
            With every way and every place once.
        """
        crews, visits = problem.crews, problem.visits
        rests = [place for places in offer.rests.values() for place in places if place != START]
        places = np.unique([*crews.start[offer.crews], *crews.end[offer.crews], *rests])
        before = np.array(list(offer.rests), dtype=np.int64)
        alone = np.full(len(places) + len(before), -1, dtype=np.int64)
        return cls(
            np.concatenate((visits.entry[offer.ways], places, crews.start[before])),
            np.concatenate((visits.exit[offer.ways], places, crews.start[before])),
            np.concatenate((offer.ways, alone)),
            before,
        )

    def at(self, place: int) -> int:
        """
        Find a place.

        Parameters
        ----------
        place
            One that the offer needs.

        Returns
        -------
        row
            Of the l.
        """
        first = int((self.way >= 0).sum())
        places = self.entry[first : len(self.entry) - len(self.before)]
        return first + int(np.searchsorted(places, place))

    def resting(self, crew: int, place: int) -> int:
        """
        Find the place of a break.

        Parameters
        ----------
        crew
            Row of `Crews`.
        place
            Place or `START`.

        Returns
        -------
        row
            Of the l.
        """
        if place != START:
            return self.at(place)
        return len(self.way) - len(self.before) + int(np.flatnonzero(self.before == crew)[0])

    def matrices(self, problem: PatrolProblem, profile: int, able: Bools) -> tuple[Ints, Ints]:
        """
        Measure the ways between all, for crews of one profile and with the same skills.

        The length of the work belongs to the way that leads to it, its duration to the way from
        it: windows bound the start of work.

        Parameters
        ----------
        problem
            The problem.
        profile
            Row of the matrices.
        able
            v claims: the crews can do the way.

        Returns
        -------
        distance_m, duration_s
            l x l; where there is no way, the duration is longer than any shift.
        """
        visits, work = problem.visits, self.way >= 0
        inside = np.ix_(self.exit, self.entry)
        distance_m = problem.distance_m[profile][inside]
        duration_s = problem.duration_s[profile][inside]
        barred = duration_s >= UNREACHABLE
        closed = np.zeros(len(work), dtype=np.bool_)
        closed[work] = ~able[self.way[work]]
        barred |= closed[:, None] | closed[None, :]
        distance_m[:, work] += visits.work_m[self.way[work]]
        duration_s[work] += visits.work_s[profile, self.way[work]][:, None]
        crews = problem.crews
        for crew in self.before.tolist():
            row = self.resting(crew, START)
            start, end = self.at(int(crews.start[crew])), self.at(int(crews.end[crew]))
            # One comes there from the start alone, and goes on to a first stop that is met in time
            # for the break, or, idle, to the end: which is no way at all.
            late = crews.early_s[crew] + duration_s[row] > crews.break_late_s[crew]
            barred[:, row] = True
            barred[row] |= late | ~work
            barred[start, row] = barred[row, end] = False
            distance_m[row, end] = duration_s[row, end] = 0
        # A shift can be as long as its latest end; a way that is twice as long fits into none.
        # Its length never counts, so that it need not be long: that keeps costs small.
        duration_s[barred] = 2 * int(crews.late_s.max()) + 2
        distance_m[barred] = distance_m[~barred].max(initial=0)
        np.fill_diagonal(distance_m, 0)
        np.fill_diagonal(duration_s, 0)
        return distance_m, duration_s
