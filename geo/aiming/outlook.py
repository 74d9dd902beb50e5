"""What every proposal of views says: before and after, won and lost, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.aiming.choices import Choices
from geo.aiming.turns import steepest
from geo.coverage import share
from geo.crs import label
from geo.intervals import Intervals

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.aiming.choices import Aim
    from geo.aiming.demand import Demand

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

PROPOSED: Final = "proposed"
"""The state of every result here: a person accepts it, or nothing is turned."""


LISTED_M: Final = 1e-3
"""Shorter stretches are not listed, in metres: nobody finds a millimetre on the street."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """
    What other views would change.

    Parameters
    ----------
    gained
        Due stretches seen then and not today: `street_id`, `start_m`, `end_m`, `length_m`.
    lost
        Due stretches seen today and not then, street by street, in the same columns.
    aim
        Objective today and then, bound, gap, method and what stopped the search: in metres worth,
        of what the cameras offered see beyond those that stay as they are.
    due_length_m
        Length of the due streets that count, in metres.
    private_length_m
        Length of due street on private ground, in metres: it counts for nothing.
    before_length_m
        Due length that all cameras see today, in metres.
    after_length_m
        Due length that they see then.
    places
        How many key sites and incidents count.
    places_before
        How many of them are in sight today.
    places_after
        How many are then.
    """

    gained: gpd.GeoDataFrame
    lost: gpd.GeoDataFrame
    aim: Aim
    due_length_m: float
    private_length_m: float
    before_length_m: float
    after_length_m: float
    places: int
    places_before: int
    places_after: int

    @property
    def state(self) -> str:
        """What it is: a proposal, until a person accepts it."""
        return PROPOSED

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            `state`; the figures of `Aim.summary`, `today` as `objective_today`; covered lengths
            and shares before and after, what is gained and lost, places in sight, the CRS.
        """
        found = self.aim.summary()
        return {
            "state": self.state,
            "objective_today": found.pop("today"),
            **found,
            "due_length_m": self.due_length_m,
            "private_length_m": self.private_length_m,
            "covered_length_before_m": self.before_length_m,
            "covered_length_after_m": self.after_length_m,
            "covered_share_before": share(self.before_length_m, self.due_length_m),
            "covered_share_after": share(self.after_length_m, self.due_length_m),
            "gained_length_m": float(self.gained["length_m"].sum()),
            "lost_length_m": float(self.lost["length_m"].sum()),
            "places": self.places,
            "places_before": self.places_before,
            "places_after": self.places_after,
            "crs": label(self.gained.crs),
        }


def outlook(demand: Demand, aim: Aim) -> dict[str, Any]:
    """
    Compare what is seen today and then.

    Parameters
    ----------
    demand
        What there is to see.
    aim
        What is chosen.

    Returns
    -------
    fields
        Those of `Outlook`, by name.
    """
    before = demand.reach.counts(demand.options.stay) > 0
    after = demand.reach.counts(aim.chosen) > 0
    pieces, streets = len(demand.part), demand.scene.streets
    lengths, base = demand.length_m, demand.seen.length_m

    def stretches(which: Bools) -> gpd.GeoDataFrame:
        """Draw some of the pieces, those that touch as one."""
        some = which[:pieces]
        joined = Intervals.of(demand.part[some], demand.start[some], demand.end[some])
        return streets.stretches(joined.longer_than(LISTED_M))

    return {
        "gained": stretches(after & ~before),
        "lost": stretches(before & ~after),
        "aim": aim,
        "due_length_m": demand.scene.due.length_m,
        "private_length_m": streets.due.length_m - demand.scene.due.length_m,
        "before_length_m": base + float(lengths[before].sum()),
        "after_length_m": base + float(lengths[after].sum()),
        "places": len(demand.scene.places),
        "places_before": demand.places_seen + int(before[pieces:].sum()),
        "places_after": demand.places_seen + int(after[pieces:].sum()),
    }


def changes_in_order(demand: Demand, aim: Aim) -> pd.DataFrame:
    """
    List the changes, those that win most first.

    Parameters
    ----------
    demand
        What there is to see.
    aim
        What is chosen.

    Returns
    -------
    changes
        One row for each: `group`, `from_option`, `to_option`; `gained_m` and `lost_m` of due
        street, `gained_places` and `lost_places`, and `worth` of what is gained less what is
        lost, in metres: each by this change after those before it.
    """
    options = demand.options
    choices = Choices.of(demand.reach, demand.worth, options.group, options.stay, None, None)
    order = steepest(
        choices.state(), choices.groups, options.stay.copy(), len(options.stay), aim.chosen
    )
    count = demand.reach.counts(options.stay)
    lengths, pieces = demand.length_m, len(demand.part)
    rows = []
    for group in order.tolist():  # what a change wins depends on those before it
        now, then = int(options.stay[group]), int(aim.chosen[group])
        mine, theirs = (_reached(demand, option) for option in (now, then))
        was = count > 0
        count[mine] -= 1
        count[theirs] += 1
        own = np.union1d(mine, theirs)
        won, lost = own[~was[own] & (count[own] > 0)], own[was[own] & (count[own] == 0)]
        rows.append(
            {
                "group": group,
                "from_option": now,
                "to_option": then,
                "gained_m": float(lengths[won].sum()),
                "lost_m": float(lengths[lost].sum()),
                "gained_places": int((won >= pieces).sum()),
                "lost_places": int((lost >= pieces).sum()),
                "worth": float(demand.worth[won].sum() - demand.worth[lost].sum()),
            }
        )
    names = ["group", "from_option", "to_option", "gained_m", "lost_m", "gained_places",
             "lost_places", "worth"]  # fmt: skip
    whole = {name: np.int64 for name in names if not name.endswith("_m") and name != "worth"}
    return pd.DataFrame(rows, columns=names).astype(
        whole | {"gained_m": float, "lost_m": float, "worth": float}
    )


def _reached(demand: Demand, option: int) -> Ints:
    """Return the demand that an option covers."""
    start = demand.reach.site_start
    return demand.reach.site_demand[start[option] : start[option + 1]].astype(np.int64)
