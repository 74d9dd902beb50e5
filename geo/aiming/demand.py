"""The options of a scene, and the pieces of demand that each covers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.aiming.aim import aim
from geo.aiming.scene import PRIVATE_M2
from geo.coverage import NOISE_M
from geo.errors import InvalidParameterError
from geo.placement import Reach
from geo.reaches import Reaches
from geo.visibility import FULL_TURN_DEG, Eyes, Sights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.aiming.choices import Aim
    from geo.aiming.scene import Scene
    from geo.aiming.terms import Terms
    from geo.intervals import Intervals

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NO_EYE: Final = -1
"""The eye of an option that sees nothing."""

SLIVER_M: Final = 1e-4
"""A shorter piece of street is worth nothing, so that no camera is turned for it: views end some
1e-6 m beyond their edges (`geo.visibility`), which is longer where an edge crosses at a slant."""

SAME_DEG: Final = 1e-6
"""Two headings no farther apart are one."""


@dataclass(frozen=True, eq=False)
class Options:
    """
    Headings to choose among, those of one place in a group.

    Parameters
    ----------
    sights
        What the eye of each heading sees.
    group
        The group of each option, ascending.
    eye
        The eye of each option, ascending; `NO_EYE` for one that sees nothing.
    stay
        The option of each group that changes nothing.
    private_m2
        Private ground that each option sees.
    barred
        How many headings each group has lost because they see too much private ground.
    """

    sights: Sights
    group: Ints
    eye: Ints
    stay: Ints
    private_m2: Floats
    barred: Ints

    @property
    def heading_deg(self) -> Floats:
        """The heading of each option, NaN for one that sees nothing."""
        if not len(self.sights.eyes):
            return np.full(len(self.eye), np.nan)
        return np.where(self.eye == NO_EYE, np.nan, self.sights.eyes.azimuth_deg[self.eye])

    @classmethod
    def of(
        cls, scene: Scene, eyes: Eyes, places: Floats, step_deg: float, *, standing: bool
    ) -> Options:
        """
        Turn eyes all around.

        Parameters
        ----------
        scene
            Where they are.
        eyes
            One for each group; a heading has no meaning where the field is a full turn.
        places
            n x 2 coordinates of their mounts: on which side of a wall an eye stands depends on
            where it looks.
        step_deg
            From one heading to the next, from north on; in (0, 180].
        standing
            Whether the eyes are there: to stay is then to look as now, otherwise to see nothing.

        Returns
        -------
        options
            To stay comes first in each group. A heading from which more private ground is seen
            than when all stay, by more than `PRIVATE_M2`, is left out.
        """
        if not 0.0 < step_deg <= FULL_TURN_DEG / 2.0:
            raise InvalidParameterError(f"step_deg must be above 0 and up to 180, got {step_deg!r}")
        steps = np.arange(0.0, FULL_TURN_DEG, step_deg)
        n, each = len(eyes), len(steps) + 1
        group, first = np.repeat(np.arange(n), each), np.arange(n) * each
        heading = np.tile(np.append(np.nan, steps), n)
        staying = np.isnan(heading)
        heading = np.where(staying, eyes.azimuth_deg[group], heading)
        offered = replace(eyes.take(group), azimuth_deg=heading)
        unit = np.column_stack((np.sin(np.radians(heading)), np.cos(np.radians(heading))))
        unit[offered.whole] = 0.0
        xy, inside = scene.walls.stand(places[group], unit)
        offered = replace(offered, xy=np.where(staying[:, None], offered.xy, xy))
        if standing:
            off = np.abs((heading - eyes.azimuth_deg[group] + 180.0) % 360.0 - 180.0)
            kept = staying | (~offered.whole & (off > SAME_DEG))
        else:
            kept = staying | ~offered.whole | (heading == 0.0)
        kept &= staying | ~inside
        looks = kept & (standing | ~staying)
        seen = np.zeros(len(group))
        seen[looks] = scene.private_m2(Sights.of(offered.take(looks), scene.walls))
        private = kept & (seen > seen[first][group] + PRIVATE_M2)
        kept, looks = kept & ~private, looks & ~private
        eye = np.where(looks, np.cumsum(looks) - 1, NO_EYE)
        return cls(
            Sights.of(offered.take(looks), scene.walls),
            group[kept],
            eye[kept],
            np.cumsum(kept)[first] - 1,
            seen[kept],
            np.bincount(group[private], minlength=n),
        )


@dataclass(frozen=True, eq=False)
class Demand:
    """
    Pieces of street, then places, and which options cover them; make it with `Demand.of`.

    Parameters
    ----------
    scene
        Where they are.
    options
        What there is to choose among.
    reach
        Options x demand.
    worth
        What each demand is worth, in metres.
    part, start, end
        The pieces of street.
    place
        The places that come after them, as rows of the scene.
    seen
        Due stretches that are seen whatever is chosen.
    places_seen
        How many places are.
    """

    scene: Scene
    options: Options
    reach: Reach
    worth: Floats
    part: Ints
    start: Floats
    end: Floats
    place: Ints
    seen: Intervals
    places_seen: int

    @classmethod
    def of(cls, scene: Scene, options: Options, others: Eyes) -> Demand:
        """
        Cut the due streets wherever the view of an option begins or ends.

        Parameters
        ----------
        scene
            What counts.
        options
            What there is to choose among.
        others
            Eyes that see whatever is chosen.

        Returns
        -------
        demand
            What the others do not see; a piece is covered by an option whole or not at all.
        """
        lines, sights = scene.streets.lines, options.sights
        given = Sights.of(others, scene.walls)
        seen = scene.due.intersection(given.stretches(lines).union)
        looks = np.flatnonzero(options.eye != NO_EYE)
        found = sights.stretches(lines)
        part, start, end, by = Reaches(
            len(options.eye), looks[found.eye], found.part, found.start, found.end
        ).pieces(scene.due.difference(seen))
        filled = end - start > NOISE_M
        part, start, end = part[filled], start[filled], end[filled]
        piece, option = by[filled].nonzero()
        known = np.zeros(len(scene.places), dtype=bool)
        known[scene.in_sight(given)[1]] = True
        place = np.flatnonzero(~known)
        eye, what = scene.in_sight(sights)
        new = ~known[what]
        reach = Reach.of_pairs(
            np.concatenate((option, looks[eye[new]])),
            np.concatenate((piece, len(part) + np.searchsorted(place, what[new]))),
            shape=(len(options.eye), len(part) + len(place)),
        )
        row = lines.row[part]
        length = np.where(end - start > SLIVER_M, end - start, 0.0)
        worth = np.concatenate((length * scene.class_weight[row], scene.place_worth[place]))
        return cls(scene, options, reach, worth, part, start, end, place, seen, int(known.sum()))

    @property
    def length_m(self) -> Floats:
        """Length of each demand, in metres; 0.0 for places."""
        return np.concatenate((self.end - self.start, np.zeros(len(self.place))))

    def best(self, changes: int | None, terms: Terms, seed: int) -> Aim:
        """
        Choose.

        Parameters
        ----------
        changes
            How many groups may change; None for all.
        terms
            What a change must win, and how long to look.
        seed
            Of the random moves.

        Returns
        -------
        aim
            One option for each group.
        """
        costs = np.full(self.reach.sites, float(terms.cost_m))
        costs[self.options.stay] = 0.0
        return aim(
            self.reach, self.worth, self.options.group, self.options.stay, costs=costs,
            changes=changes, search=terms.search(seed),
        )  # fmt: skip
