"""A patrol problem in the terms of PyVRP, and its routes in ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.patrol.locations import Locations
from geo.patrol.offering import START
from geo.patrol.problem import BREAK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from pyvrp import Client, ProblemData, Solution, VehicleType

    from geo.patrol.offering import Offer
    from geo.patrol.problem import PatrolProblem

    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Handed:
    """
    A problem as PyVRP takes it: a client for each way to do a task, and for each place of a break.

    The ways of one task are a group of which at most one is visited. So are the places of the
    break of a crew, one of which has to be visited. Crews with the same kind of break may take
    each other's: that each takes one is a load, of which it can carry 1.

    Parameters
    ----------
    data
        The problem.
    crews
        The crews of each vehicle type: all that are alike.
    visit
        c ways of the clients, or `BREAK`.
    client_of
        Clients by way.
    rest_of
        Clients by crew and place of its break.
    """

    data: ProblemData
    crews: list[list[int]]
    visit: list[int]
    client_of: Mapping[int, int]
    rest_of: Mapping[tuple[int, int], int]

    @classmethod
    def of(cls, problem: PatrolProblem, offer: Offer) -> Handed:
        """
        Translate what is on offer.

        Parameters
        ----------
        problem
            The problem.
        offer
            The part of it.

        Returns
        -------
        handed
            Ready to solve.
        """
        from pyvrp import ClientGroup, Depot, Location, ProblemData  # noqa: PLC0415

        locations, loads = Locations.of(problem, offer), _Loads.of(problem, offer)
        clients, members = _tasks(problem, offer, loads)
        groups = [
            ClientGroup(clients=group, required=offer.hard and bool(problem.required[task]))
            for task, group in members.items()
        ]
        rest_of: dict[tuple[int, int], int] = {}
        for crew, places in offer.rests.items():
            rests = [len(clients) + number for number in range(len(places))]
            rest_of |= {(crew, place): rest for place, rest in zip(places, rests, strict=True)}
            clients += _rests(problem, crew, places, locations, loads, group=len(groups))
            groups.append(ClientGroup(clients=rests, required=True))
        ends = np.stack((problem.crews.start, problem.crews.end))[:, offer.crews]
        depots, depot = np.unique(ends, return_inverse=True)
        able = np.column_stack((problem.crews.profile, problem.able))[offer.crews]
        kinds, kind = np.unique(able, axis=0, return_inverse=True)
        alike = _alike(problem, offer, kind.reshape(-1))
        matrices = [locations.matrices(problem, int(row[0]), row[1:].astype(bool)) for row in kinds]
        data = ProblemData(
            [Location(0, 0)] * len(locations.way),
            clients,
            [Depot(locations.at(place)) for place in depots.tolist()],
            [
                _vehicle(problem, offer, rows, kind.reshape(-1), depot.reshape(2, -1), loads)
                for rows in alike
            ],
            [distance_m for distance_m, _ in matrices],
            [duration_s for _, duration_s in matrices],
            groups,
        )
        ways = offer.ways.tolist()
        visit = ways + [BREAK] * len(rest_of)
        crews = [offer.crews[rows].tolist() for rows in alike]
        return cls(data, crews, visit, {way: at for at, way in enumerate(ways)}, rest_of)

    def plan(self, solution: Solution) -> dict[int, list[int]]:
        """
        Read which crew does what, without breaks.

        Parameters
        ----------
        solution
            Of PyVRP.

        Returns
        -------
        plan
            Ways in order, by crew.
        """
        plan = {}
        free = [iter(crews) for crews in self.crews]
        for route in solution.routes():
            visits = [self.visit[stop.idx] for stop in route if stop.is_client()]
            plan[next(free[route.vehicle_type()])] = [way for way in visits if way != BREAK]
        return plan

    def solution(self, plan: Mapping[int, Sequence[tuple[int, int]]]) -> Solution:
        """
        Put routes in terms of PyVRP.

        Parameters
        ----------
        plan
            Ways and breaks in order, by crew; breaks with their places.

        Returns
        -------
        solution
            Without what is not on offer.
        """
        from pyvrp import Route, Solution  # noqa: PLC0415

        routes = []
        for number, crews in enumerate(self.crews):
            for crew in crews:
                # An idle crew, too, has its break in the model.
                stops = plan.get(crew, [(BREAK, START)])
                clients = [
                    self.rest_of.get((crew, place)) if way == BREAK else self.client_of.get(way)
                    for way, place in stops
                ]
                if known := [client for client in clients if client is not None]:
                    routes.append(Route(self.data, known, number))
        return Solution(self.data, routes)


@dataclass(frozen=True, eq=False)
class _Loads:
    """What crews carry: loads if they can bind, then breaks, one dimension for each kind."""

    loaded: bool
    kinds: Ints
    kind: dict[int, int]

    @classmethod
    def of(cls, problem: PatrolProblem, offer: Offer) -> _Loads:
        """Tell the kinds of breaks apart."""
        crews, resting = problem.crews, np.array(list(offer.rests), dtype=np.int64)
        table = np.stack((crews.break_s, crews.break_early_s, crews.break_late_s))[:, resting]
        kinds, kind = np.unique(table, axis=1, return_inverse=True)
        loaded = problem.visits.load[offer.ways].sum() > crews.capacity[offer.crews].min()
        return cls(bool(loaded), kinds, dict(zip(offer.rests, kind.reshape(-1), strict=True)))

    def of_way(self, load: int) -> list[int]:
        """Return the load of a way."""
        return [load] * self.loaded + [0] * self.kinds.shape[1]

    def of_crew(self, crew: int, most: int) -> list[int]:
        """Return the load of the break of a crew, and what else the crew can carry."""
        own = self.kind.get(crew)
        return [most] * self.loaded + [int(kind == own) for kind in range(self.kinds.shape[1])]


def _tasks(
    problem: PatrolProblem, offer: Offer, loads: _Loads
) -> tuple[list[Client], dict[int, list[int]]]:
    """Make a client of every way; return also those of each task that has several."""
    from pyvrp import Client  # noqa: PLC0415

    visits, horizon = problem.visits, int(problem.crews.late_s.max())
    task = visits.task[offer.ways].tolist()
    members: dict[int, list[int]] = {}
    for client, number in enumerate(task):
        members.setdefault(number, []).append(client)
    members = {number: group for number, group in members.items() if len(group) > 1}
    place = {number: at for at, number in enumerate(members)}
    clients = [
        Client(
            location=at,
            delivery=loads.of_way(int(visits.load[way])),
            tw_early=int(visits.early_s[way]),
            tw_late=min(int(visits.late_s[way]), horizon),
            prize=int(offer.worth[number]),
            required=offer.hard and bool(problem.required[number]) and number not in members,
            group=place.get(number),
        )
        for at, (way, number) in enumerate(zip(offer.ways.tolist(), task, strict=True))
    ]
    return clients, members


def _rests(
    problem: PatrolProblem,
    crew: int,
    places: Sequence[int],
    locations: Locations,
    loads: _Loads,
    *,
    group: int,
) -> list[Client]:
    """Make a client of every place where a crew may take its break."""
    from pyvrp import Client  # noqa: PLC0415

    crews = problem.crews
    return [
        Client(
            location=locations.resting(crew, place),
            delivery=loads.of_crew(crew, 0),
            service_duration=int(crews.break_s[crew]),
            tw_early=int(crews.break_early_s[crew]),
            tw_late=int(crews.break_late_s[crew]),
            required=False,
            group=group,
        )
        for place in places
    ]


def _alike(problem: PatrolProblem, offer: Offer, kind: Ints) -> list[Ints]:
    """Return rows of the offered crews that differ in nothing but their names."""
    crews = problem.crews
    columns = (
        crews.start, crews.end, crews.early_s, crews.late_s, crews.longest_s, crews.capacity,
        crews.break_s, crews.break_early_s, crews.break_late_s,
    )  # fmt: skip
    table = np.column_stack((kind, np.stack(columns)[:, offer.crews].T))
    _, first, group = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return [np.flatnonzero(group.reshape(-1) == number) for number in np.argsort(first)]


def _vehicle(
    problem: PatrolProblem, offer: Offer, rows: Ints, kind: Ints, depot: Ints, loads: _Loads
) -> VehicleType:
    """Make a vehicle type of crews that are alike."""
    from pyvrp import VehicleType  # noqa: PLC0415

    crews, first = problem.crews, int(rows[0])
    crew = int(offer.crews[first])
    return VehicleType(
        num_available=len(rows),
        capacity=loads.of_crew(crew, int(crews.capacity[crew])),
        start_depot=int(depot[0, first]),
        end_depot=int(depot[1, first]),
        tw_early=int(crews.early_s[crew]),
        tw_late=int(crews.late_s[crew]),
        shift_duration=int(crews.longest_s[crew]),
        profile=int(kind[first]),
    )
