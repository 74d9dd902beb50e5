"""The hidden Markov model over a network, and what it says of tracks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.health.moments import SECOND
from geo.patrol.arcs import arcs_of, edge_lines
from geo.patrol.candidates import candidates
from geo.patrol.clock import clock_of
from geo.patrol.smoothing import smoothed, thinned
from geo.patrol.visits import places_at, visits
from geo.patrol.viterbi import Steps, Turning, likeliest
from geo.patrol.ways import no_ways

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.arcs import Arcs
    from geo.patrol.candidates import Candidates
    from geo.patrol.clock import Clock
    from geo.patrol.tracks import Tracks
    from geo.patrol.visits import Visits
    from geo.patrol.ways import Ways
    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

LEAST_SIGMA_M: Final = 4.0
"""Errors are taken to be no smaller than this, in metres: who walks beside a street is half its
width away from its centre line."""

MOST_SIGMA_SHARE: Final = 1.0 / 3.0
"""Nor larger than this share of how far streets are looked for: three errors must find theirs."""

SPREAD: Final = 1.4826
"""So many medians of the distance are one standard deviation, where errors are Gauss's."""

APART: Final = 3.0
"""Fixes nearer to each other than so many errors tell nothing new of where one went."""

TAIL: Final = 2.0
"""Beyond so many errors the likelihood falls as that of Laplace does: streets are missing from
maps, and receivers err by more than Gauss allows."""

SCALE: Final = 1.0
"""A way longer than the straight line by so many errors is e times less likely."""

TURNING: Final = {"walk": Turning(40.0, spot=True), "vehicle": Turning(200.0, spot=False)}
"""How one turns back, by profile: who walks a beat does it often, who drives seldom. Like `APART`,
`TAIL` and `SCALE`, chosen on the Kubicka tracks under six seeds of either noise, and on walks in a
drawn town; seeds and tracks that were not asked then may do a little worse."""

OFF_STREET_S: Final = 60.0
"""Who was off every street for longer than this took no street meanwhile, in seconds."""


TIE: Final = 1e-6
"""By what share an arc against a one-way street is taken to be longer, and by how much a fix on it
to be less likely: a tenth of a millimetre, which only settles what would be equal."""


@dataclass(frozen=True, eq=False)
class Decoded:
    """
    The likeliest ways of tracks; make them with `decode`.

    Parameters
    ----------
    arcs
        The network.
    fix
        s fixes that were matched, in order.
    clock
        When they were, and how the time between them was spent.
    visited
        The visits of arcs between them.
    sigma_m
        t errors, one for each track, in metres.
    """

    arcs: Arcs
    fix: Ints
    clock: Clock
    visited: Visits
    sigma_m: Floats

    def track_of(self, chain: Ints, tracks: Tracks) -> Ints:
        """
        Tell which track chains belong to.

        Parameters
        ----------
        chain
            n chains.
        tracks
            The fixes.

        Returns
        -------
        track
            n tracks.
        """
        met = np.searchsorted(self.visited.chain[self.visited.of], chain)
        return tracks.track[self.fix[met]]

    def places(self, tracks: Tracks) -> tuple[Ints, Floats]:
        """
        Tell where every fix of the tracks was.

        Parameters
        ----------
        tracks
            n fixes.

        Returns
        -------
        visit, at_m
            n visits, and distances from the start of the arc; -1 and NaN where none is known.
        """
        n = len(tracks.track)
        visit, at_m = np.full(n, -1, dtype=np.int64), np.full(n, np.nan)
        of = np.searchsorted(self.fix, np.arange(n), side="right") - 1
        known = np.flatnonzero(of >= 0)
        known = known[tracks.piece[self.fix[of[known]]] == tracks.piece[known]]
        visit[known], at_m[known] = places_at(
            self.visited, self.clock, of[known], tracks.time_s[known]
        )
        return visit, at_m


def decode(
    tracks: Tracks,
    network: StreetNetwork,
    *,
    sigma_m: float | None,
    search_m: float,
    oneway: tuple[Bools, Bools] | None = None,
) -> Decoded:
    """
    Find the likeliest ways of tracks.

    Parameters
    ----------
    tracks
        The fixes.
    network
        The streets.
    sigma_m
        The error of the fixes in metres; None to take it from the tracks: first from how far
        they are from the nearest street, then from how far they are from the ways so found.
    search_m
        How far from a fix its street may be, in metres.
    oneway
        Per row of the streets: one-way along it, and against it. Who may go either way, as on
        foot, is taken to go the way of the traffic where all else is equal, as between the two
        arcs of one street. None for no such street.

    Returns
    -------
    decoded
        The ways.
    """
    model = _Model.of(tracks, network, sigma_m or LEAST_SIGMA_M, search_m, oneway)
    if sigma_m is not None:
        sigmas_m = np.full(len(tracks.track_id), sigma_m)
    else:
        first = np.searchsorted(model.near.fix, model.on)
        sigmas_m = model.errors(model.on, model.near.offset_m[first])
        found = model.likeliest(sigmas_m)
        sigmas_m = model.errors(found.fix, found.offset_m)
    found = model.likeliest(sigmas_m)
    clock = clock_of(tracks, model.xy, found.fix, found.begins)
    way = found.place, found.begins
    return Decoded(
        arcs=model.arcs,
        fix=found.fix,
        clock=clock,
        visited=visits(model.arcs, model.ways, found.steps, way, clock, turning=model.turning),
        sigma_m=sigmas_m,
    )


class _Found(NamedTuple):
    """The fixes that are matched, the model of them, and what it chose."""

    fix: Ints
    steps: Steps
    place: Ints
    begins: Bools
    offset_m: Floats


@dataclass(frozen=True, eq=False)
class _Model:
    """
    What stays the same whatever the error.

    `xy` are the fixes without jitter; `near` the places where those may be that are apart, `on`
    those with such a place, and `piece` the piece of each of them, broken where one was off every
    street. `against` is what each arc costs for running against a one-way street.
    """

    tracks: Tracks
    arcs: Arcs
    ways: Ways
    turning: Turning
    xy: Floats
    near: Candidates
    on: Ints
    piece: Ints
    most_m: float
    against: Floats

    @classmethod
    def of(
        cls,
        tracks: Tracks,
        network: StreetNetwork,
        least_m: float,
        search_m: float,
        oneway: tuple[Bools, Bools] | None,
    ) -> _Model:
        """Find the places; fixes are apart for an error of `least_m`."""
        lines = edge_lines(network)
        arcs = arcs_of(network, lines)
        against = np.zeros(len(arcs.edge))
        if oneway is not None:
            row = network.lines.row[network.part[arcs.edge]]
            against = TIE * np.where(arcs.along, oneway[1][row], oneway[0][row])
            arcs = arcs._replace(length_m=arcs.length_m * (1.0 + against))
        xy = smoothed(tracks.xy, tracks.time_s, tracks.first)
        some = np.flatnonzero(thinned(xy, tracks.piece, np.full(len(xy), least_m)))
        near = candidates(arcs, lines, xy[some], search_m=search_m)
        at = np.unique(near.fix)
        on = some[at]
        broken = np.zeros(len(on), dtype=bool)
        lasted_s = np.diff(tracks.time_us[on]) / SECOND
        broken[1:] = (np.diff(at) > 1) & (lasted_s > OFF_STREET_S)
        broken[1:] |= np.diff(tracks.piece[on]) > 0
        return cls(
            tracks=tracks,
            arcs=arcs,
            ways=no_ways(len(arcs.edge)),
            turning=TURNING[network.profile],
            xy=xy,
            near=near._replace(fix=some[near.fix]),
            on=on,
            piece=np.cumsum(broken),
            most_m=MOST_SIGMA_SHARE * search_m,
            against=against,
        )

    def errors(self, fix: Ints, offset_m: Floats) -> Floats:
        """Return the error of each track, from how far some fixes are from their places."""
        found = SPREAD * self.tracks.median(fix, offset_m)
        return np.nan_to_num(found, nan=LEAST_SIGMA_M).clip(LEAST_SIGMA_M, self.most_m)

    def likeliest(self, sigma_m: Floats) -> _Found:
        """Choose the likeliest places, given the error of each track."""
        sigma_m = sigma_m[self.tracks.track[self.on]]
        apart = thinned(self.xy[self.on], self.piece, APART * sigma_m)
        fix, piece, scale_m = self.on[apart], self.piece[apart], SCALE * sigma_m[apart]
        near = self.near.only(np.isin(self.near.fix, fix))
        of = np.searchsorted(fix, near.fix)
        errors = near.offset_m / (sigma_m[apart] * self.tracks.doubt[fix])[of]
        moved = np.diff(self.xy[fix], axis=0)
        steps = Steps(
            first=np.searchsorted(near.fix, np.append(fix, len(self.xy))),
            arc=near.arc,
            at_m=near.at_m,
            cost=np.where(errors < TAIL, 0.5 * errors**2, TAIL * (errors - 0.5 * TAIL))
            + self.against[near.arc],
            joined=np.append(False, np.diff(piece) == 0)[: len(fix)],
            straight_m=np.append(0.0, np.hypot(moved[:, 0], moved[:, 1]))[: len(fix)],
            scale_m=scale_m,
        )
        place, begins = likeliest(self.arcs, self.ways, steps, self.turning)
        return _Found(fix, steps, place, begins, near.offset_m[place])
