"""Hot spots of stored incidents: what may be waited for, and what an answer shows of them."""

import json
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from api.answering import Outcome
from api.errors import BadRequestError
from api.incidents.hotspots import tell_hot_spots
from api.incidents.spots import CELL_M, SpotOptions, Spotted, spots_of
from api.intake import has_places
from api.stored_incidents import INCIDENTS, Gathered, gathered, require_days
from api.stored_seen import POLICE, seen_told
from data.errors import NotFoundError
from data.jobs import find, result_of
from data.store import Store
from geo.errors import InvalidParameterError

PROCESS: Final = "hot-spots"
"""What the job is called."""

MOST_SPOTTED: Final = 5_000
"""Incidents among which hot spots are looked for while somebody waits."""

MOST_STREETS: Final = 2_000
"""Streets whose segments are compared while somebody waits."""

MOST_CELLS: Final = 20_000
"""Cells that are compared while somebody waits."""

LARGEST_CELLS: Final = 1_000_000
"""Cells that are compared at all: a slip of the keyboard must not fill the memory."""

PLACE: Final = "place"
"""What the features of hot segments and cells say they are."""


def stored_spots(
    store: Store,
    code: str | None,
    options: SpotOptions,
    *,
    kind: str | None = None,
    previous: str | None = None,
    waiting: bool = False,
) -> Spotted:
    """
    Find the hot spots of an area, or of all that is stored.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        A stored area, or what stored areas name as their parent; None for all.
    options
        What is asked.
    kind
        Only incidents of this kind.
    previous
        A job of the same scope that looked for hot spots before: what goes on keeps its id.
    waiting
        Whether somebody waits for the answer: then what takes long is refused.

    Returns
    -------
    spotted
        What was found.

    Raises
    ------
    NotFoundError
        When the scope sees no such area, no incident, or asked for no such job.
    BadRequestError
        When no incident has a place, the days are none of the data, an option is out of range, or
        somebody waits and it would take long.
    GeoError
        When nothing can be measured.
    """
    before = None if previous is None else previous_places(store, previous)
    taken = _taken(store, code, options, kind, waiting=waiting)
    try:
        return spots_of(taken.frames, options, previous=before)
    except InvalidParameterError as error:
        # What else could be out of range was looked at before: see the parameters of the routes.
        raise BadRequestError("spots_unfit") from error


def spots_shown(
    store: Store, code: str | None, options: SpotOptions, *, kind: str | None, lang: str
) -> tuple[Gathered, Outcome]:
    """
    Find hot spots for a page that somebody waits for.

    Parameters
    ----------
    store, code, options, kind
        See `stored_spots`.
    lang
        "zh" or "en".

    Returns
    -------
    taken, outcome
        What was looked at, and what a page shows of what was found: to whom the police's line is
        not open, without the stays of patrols.

    Raises
    ------
    NotFoundError, BadRequestError, GeoError
        As `stored_spots`.
    """
    taken = _taken(store, code, options, kind, waiting=True)
    try:
        seen = POLICE in store.scope.lines
        return taken, tell_hot_spots(taken.frames, options, stays=seen, lang=lang)
    except InvalidParameterError as error:
        raise BadRequestError("spots_unfit") from error


def previous_places(store: Store, job_id: str) -> pd.DataFrame:
    """
    Take the hot places from the result of a job.

    Parameters
    ----------
    store
        Opened for the scope that asked for it.
    job_id
        The job.

    Returns
    -------
    places
        `place_id` and `spot_id` of those that were hot.

    Raises
    ------
    NotFoundError
        When it asked for no such job, or that has no places of hot spots.
    """
    job, result = find(store, job_id), result_of(store, job_id)
    spots = None if result is None or job.process != PROCESS else json.loads(result)["spots"]
    if spots is None:
        raise NotFoundError("no_such_row", kind="jobs", id=job_id)
    rows = [feature["properties"] for feature in spots["features"]]
    kept = [(row["place_id"], row["spot_id"]) for row in rows if row["what"] == PLACE]
    return pd.DataFrame(kept, columns=["place_id", "spot_id"], dtype=object)


def spot_places(store: Store, found: Spotted) -> list[gpd.GeoDataFrame]:
    """
    Return the places of an answer on hot spots, told apart by `what`.

    Parameters
    ----------
    store
        Opened for the scope of the request: what patrols go by is for the police's line alone.
    found
        What was found.

    Returns
    -------
    frames
        "spot", "place" (each hot segment or cell), "pile_up" (where a geocoder may have put what
        it could not place), "must_visit" and "stay".
    """
    places = found.found.places
    told = {
        "spot": found.found.spots,
        PLACE: places[places["hot"]].drop(columns="hot"),
        "pile_up": found.piles,
    }
    if POLICE in store.scope.lines:
        told["must_visit"] = found.must_visit
        if found.dose is not None:
            told["stay"] = found.dose
    return [frame.assign(what=what) for what, frame in told.items() if len(frame)]


def spot_summary(store: Store, found: Spotted) -> dict[str, Any]:
    """
    Return the figures of hot spots, with what was not seen.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    found
        What was found.

    Returns
    -------
    summary
        Without the day of stays where those are not told.
    """
    summary = found.summary() | seen_told(store)
    if POLICE not in store.scope.lines:
        del summary["dose_date"]
    return summary


def _taken(
    store: Store, code: str | None, options: SpotOptions, kind: str | None, *, waiting: bool
) -> Gathered:
    """Gather what hot spots are looked for in, unless that is of no use or takes too long."""
    taken = gathered(store, code, kind=kind, beside=("streets",))
    require_days(taken, options.period)
    if not has_places(taken.frames[INCIDENTS]):
        raise BadRequestError("no_incident_placed")
    require_small(taken, options, waiting=waiting)
    return taken


def require_small(taken: Gathered, options: SpotOptions, *, waiting: bool) -> None:
    """
    Refuse what keeps whoever waits for too long, and what no job is for either.

    Parameters
    ----------
    taken
        What hot spots are looked for in.
    options
        What is asked.
    waiting
        Whether somebody waits for the answer.

    Raises
    ------
    BadRequestError
        When it would take long, or there are more than `LARGEST_CELLS` cells.
    """
    frames = taken.frames
    streets, count = frames.get("streets"), len(frames[INCIDENTS])
    by_cell = streets is None or options.cell_m is not None
    cells = 0.0
    if by_cell and has_places(frames[INCIDENTS]):
        west, south, east, north = frames.get("areas", frames[INCIDENTS]).total_bounds
        cells = (east - west) * (north - south) / (options.cell_m or CELL_M) ** 2
    if cells > LARGEST_CELLS:
        raise BadRequestError("too_many_cells", count=f"{cells:,.0f}", most=f"{LARGEST_CELLS:,}")
    ways = 0 if streets is None else len(streets)
    if waiting and (count > MOST_SPOTTED or ways > MOST_STREETS or cells > MOST_CELLS):
        raise BadRequestError(
            "ask_spots_as_job", count=f"{count:,}", streets=f"{ways:,}", cells=f"{cells:,.0f}",
            path=f"POST /processes/{PROCESS}/execution",
        )  # fmt: skip
