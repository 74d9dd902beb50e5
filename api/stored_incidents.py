"""
Incidents of the store, gathered as files would give them.

What is computed of them is what `gridpatrol incidents` computes of files.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd

from api.errors import BadRequestError
from api.incidents.gathering import with_strays
from api.incidents.spans import month_of
from api.intake import project
from api.results import least_exact, today
from api.stored import stored_layer
from api.stored_parts import Ground, ground_of
from data import Layer
from data.errors import NotFoundError
from data.incident_days import incident_days
from data.incident_store import stored_table
from data.incident_tables import CLASSES, TAGS
from data.store import Query, Store
from geo.incidents.periods import Period

INCIDENTS: Final = "incidents"
"""The layer."""

MOST_INCIDENTS: Final = 100_000
"""Incidents that are counted while somebody waits: reading them takes seconds by then."""

ONE_DAY: Final = dt.timedelta(days=1)
"""From the last day of a period to its end."""

PEOPLE: Final = "people"
"""The column of areas that rates are reckoned with."""


@dataclass(frozen=True, eq=False)
class Gathered:
    """
    What is computed of.

    Parameters
    ----------
    layers
        Role -> layer: "incidents", and "areas", "streets", "parent" where there are any.
    frames
        The same in one metric CRS, and the sheets "classes" and "tags".
    population
        The column of the areas with their people; None unless that is known of all of them.
    parent_people
        How many live in the parent area; None where that is not known.
    data
        The days of all incidents that the scope sees: an area may be quiet while they go on. None
        where none has a time.
    """

    layers: Mapping[str, Layer]
    frames: Mapping[str, gpd.GeoDataFrame]
    population: str | None
    parent_people: float | None
    data: Period | None

    @property
    def datum(self) -> str:
        """The datum that a page has to name: the least exact one."""
        return least_exact(layer.datum for layer in self.layers.values())

    @property
    def source(self) -> str:
        """What results call the layers."""
        return "、".join(dict.fromkeys(layer.source for layer in self.layers.values()))


def gathered(
    store: Store,
    code: str | None = None,
    *,
    kind: str | None = None,
    beside: Collection[str] = (),
    most: int | None = None,
) -> Gathered:
    """
    Gather the incidents of an area, or all, with what they are counted by.

    An incident on a border is of one area alone. One without a place is of the area it names.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        A stored area, or what stored areas name as their parent; None for all.
    kind
        Only incidents of this kind.
    beside
        Some of "streets" and "parent": what else is wanted, as far as it is stored.
    most
        How many incidents are read at most, where somebody waits; None where nobody does.

    Returns
    -------
    gathered
        Counted by the parts of the area, else by itself.

    Raises
    ------
    NotFoundError
        When the scope sees no such area, or no incident anywhere.
    BadRequestError
        When there are too many to wait for.
    GeoError
        When nothing can be measured.
    """
    ground = ground_of(store, code)
    if not store.count(INCIDENTS):
        raise NotFoundError("nothing_stored", kind=INCIDENTS, layer=INCIDENTS)
    found = {INCIDENTS: _incidents(store, ground, kind, most), "areas": ground.areas}
    above = ground.parent(store) if "parent" in beside else None
    if above is not None:
        found["parent"] = _incidents(store, above, kind, most)
    if "streets" in beside:
        found["streets"] = _streets(store, ground)
    layers = {
        role: stored_layer(store, INCIDENTS if role == "parent" else role, frame)
        for role, frame in found.items()
        if role == INCIDENTS or len(frame)
    }
    taken = project(layers, "areas" if "areas" in layers else INCIDENTS)
    frames = dict(taken.frames)
    for role in (INCIDENTS, "parent"):
        if role in frames:
            frames[role] = with_strays(frames[role], layers[role])
    frames |= {sheet: stored_table(store, sheet) for sheet in (CLASSES, TAGS)}
    return Gathered(
        taken.layers,
        frames,
        None if _people(ground.areas) is None else PEOPLE,
        None if above is None else _people(above.leaves),
        _days(store),
    )


def period_of(since: str | None, until: str | None, month: str | None) -> Period | None:
    """
    Read the days that a request names.

    Parameters
    ----------
    since, until
        The first and the last day, both or neither.
    month
        A month such as "2026-03", instead.

    Returns
    -------
    period
        None where it names none.
    """
    if month is not None:
        return month_of(month)
    if since is None or until is None:
        return None
    return Period(dt.date.fromisoformat(since), dt.date.fromisoformat(until) + ONE_DAY)


def require_days(taken: Gathered, period: Period | None) -> None:
    """
    Refuse to count in days that are not over when nothing is known of them yet.

    Parameters
    ----------
    taken
        What is to be counted.
    period
        The days asked for; None for days within the data.

    Raises
    ------
    BadRequestError
        When they begin after the last day of the data; the message says which days are known.
    """
    data = taken.data
    if period is None or data is None or period.end <= today():
        # A month that is over may have been quiet.
        return
    if period.start > data.last_day:
        raise BadRequestError(
            "days_without_incidents", first=f"{data.start}", last=f"{data.last_day}"
        )


def _incidents(
    store: Store, ground: Ground, kind: str | None, most: int | None
) -> gpd.GeoDataFrame:
    """Read the incidents of an area, by id."""
    queries = ground.queries(kind)
    if most is not None:
        count = sum(store.count(INCIDENTS, query) for query in queries)
        if count > most:
            raise BadRequestError("too_many_incidents", count=f"{count:,}", most=f"{most:,}")
    frames = [store.frame(INCIDENTS, query) for query in queries]
    rows = pd.concat([each for each in frames if len(each)] or frames[:1], ignore_index=True)
    rows = rows.drop_duplicates("id").sort_values("id", ignore_index=True)
    return ground.held(rows)


def _days(store: Store) -> Period | None:
    """Return the days of all incidents that a scope sees."""
    days = incident_days(store)
    return None if days is None else Period(days[0], days[1] + ONE_DAY)


def _streets(store: Store, ground: Ground) -> gpd.GeoDataFrame:
    """Read the streets that meet an area, or all."""
    if ground.code is None:
        streets = store.frame("streets")
        return streets[streets.geometry.notna()].reset_index(drop=True)
    west, south, east, north = ground.areas.total_bounds
    streets = store.frame("streets", Query(box=(west, south, east, north)))
    return streets[streets.intersects(ground.areas.union_all())].reset_index(drop=True)


def _people(areas: gpd.GeoDataFrame) -> float | None:
    """Count who lives in areas; None unless that is known of all of them."""
    people = pd.to_numeric(areas[PEOPLE], errors="coerce")
    return None if people.empty or people.isna().any() else float(people.sum())
