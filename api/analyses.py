"""What is computed as jobs: of a store and of what is asked, the totals and the places."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd

from api.grids.division import DivisionOptions
from api.grids.weights import read_weights
from api.incidents.spots import SpotOptions
from api.patrol.answers import route_frames
from api.patrol.findings import places_of
from api.patrol.stored import make_plan, require_planner
from api.patrol.stored_tracks import AreaReport, area_report, match_day, require_tracker
from api.posts import wish_of
from api.stored import area_coverage, stored_area
from api.stored_cameras import area_plan, area_sight, planned_places
from api.stored_grids import area_division, plan_places, plan_summary, stored_grids
from api.stored_incidents import period_of
from api.stored_parts import ground_of
from api.stored_posts import area_proposal, area_spacing, posts_counted, spacing_places
from api.stored_reports import report_files, stored_report
from api.stored_spots import previous_places, spot_places, spot_summary, stored_spots
from data.store import Store
from data.writing import require_police


@dataclass(frozen=True, eq=False)
class Found:
    """
    What a job found.

    Parameters
    ----------
    name
        What its places are called in the result.
    frames
        The places, in any CRS.
    summary
        The totals.
    files
        Name -> content of what is to be kept or printed.
    """

    name: str
    frames: Sequence[gpd.GeoDataFrame]
    summary: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)


def require_asked(store: Store, process: str, inputs: Mapping[str, Any]) -> None:
    """
    Refuse a job about what the scope does not see, or may not do.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    process
        A key of `ANALYSES`.
    inputs
        What it is asked with.

    Raises
    ------
    NotFoundError
        When the scope sees no such area, or no grids of such a village.
    ForbiddenError
        When it may not plan patrols, or see where units were.
    """
    if process == "track-match":
        require_tracker(store)
        return
    if process in OF_INCIDENTS:
        ground_of(store, inputs["area"])
        if inputs.get("previous") is not None:
            previous_places(store, inputs["previous"])
        return
    area = str(inputs["area"])
    if process == "patrol-report":
        require_police(store)
    if process == "area-division":
        # Of a village its grids are stored; the village itself need not be.
        stored_grids(store, area)
    elif process == "patrol-plan":
        require_planner(store, area)
    else:
        stored_area(store, area)


def _post_coverage(store: Store, area: str, **asked: Any) -> Found:  # noqa: ANN401 - valid
    coverage = area_coverage(store, area, **asked)
    return Found("gaps", [coverage.gaps], coverage.summary() | posts_counted(store))


def _camera_coverage(store: Store, area: str, **asked: Any) -> Found:  # noqa: ANN401 - valid
    sight = area_sight(store, area, **asked)
    return Found("gaps", [sight.coverage.gaps], sight.summary())


def _post_spacing(store: Store, area: str, **asked: Any) -> Found:  # noqa: ANN401 - valid
    spacing = area_spacing(store, area, **asked)
    return Found("spacing", spacing_places(spacing), spacing.summary() | posts_counted(store))


def _post_proposal(
    store: Store, area: str, *, number: int | str, twofold: bool, reach_m: float, share: float = 0.0
) -> Found:
    # Jobs that waited while the program was brought up to date know nothing of shares.
    wish = wish_of(number, twofold=twofold, share=share)
    proposal = area_proposal(store, area, wish, reach_m=reach_m)
    return Found("changes", [proposal.changes], proposal.summary() | posts_counted(store))


def _camera_proposal(store: Store, area: str, *, turns: int, **asked: Any) -> Found:  # noqa: ANN401 - valid
    found = area_plan(store, area, turns, **asked)
    return Found("turns", planned_places(found), found.summary())


def _area_division(store: Store, area: str, **asked: Any) -> Found:  # noqa: ANN401 - valid
    kind, weights = asked.pop("kind"), read_weights(asked.pop("weights"))
    options = DivisionOptions(asked.pop("grids"), weights, **asked)
    division = area_division(store, area, options, kind=kind)
    return Found("grids", plan_places(division), plan_summary(division))


def _patrol_plan(
    store: Store,
    area: str,
    *,
    date: str,
    shift: str,
    units: Sequence[str] | None,
    seed: int | None,
    balance: bool,
    lang: str,
) -> Found:
    kept = make_plan(
        store, area, date=dt.date.fromisoformat(date), shift=shift, units=units, seed=seed,
        balance=balance,
    )  # fmt: skip
    told = {"plan_id": kept.row.id, "version": kept.row.version}
    return Found("routes", route_frames(kept.plan, lang), kept.plan.summary() | told)


def _track_match(store: Store, *, date: str, units: Sequence[str] | None) -> Found:
    found = match_day(store, dt.date.fromisoformat(date), units)
    return Found("ways", [found.walked.traversals.drop(columns="row")], found.summary())


def _patrol_report(store: Store, area: str, *, since: str, until: str, lang: str) -> Found:
    days = (dt.date.fromisoformat(since), dt.date.fromisoformat(until))
    found = area_report(store, area, *days)
    return Found("places", [report_places(found, lang)], found.summary())


def _hot_spots(
    store: Store,
    area: str | None,
    *,
    kind: str | None,
    previous: str | None,
    since: str | None,
    until: str | None,
    month: str | None,
    **asked: Any,  # noqa: ANN401 - valid
) -> Found:
    options = SpotOptions(period_of(since, until, month), **asked)
    found = stored_spots(store, area, options, kind=kind, previous=previous)
    return Found("spots", spot_places(store, found), spot_summary(store, found))


def _incident_report(store: Store, area: str | None, **asked: Any) -> Found:  # noqa: ANN401 - valid
    found = stored_report(store, area, **asked)
    areas = [table for name, table in found.tables.items() if name == "areas"]
    shown = [table for table in areas if isinstance(table, gpd.GeoDataFrame)]
    return Found("areas", shown, found.summary, report_files(found))


def report_places(found: AreaReport, lang: str) -> gpd.GeoDataFrame:
    """
    Return the places of a report with what became of each.

    Parameters
    ----------
    found
        Outcome of `area_report`.
    lang
        "zh" or "en".

    Returns
    -------
    frame
        `kind`, `code`, `name`, `status`, `due`, `done`, `detail` in words.
    """
    return places_of(found.report, found.frames, lang).rename(columns={"id": "code"})


ANALYSES: Final[dict[str, Callable[..., Found]]] = {
    "post-coverage": _post_coverage,
    "camera-coverage": _camera_coverage,
    "post-spacing": _post_spacing,
    "post-proposal": _post_proposal,
    "camera-proposal": _camera_proposal,
    "area-division": _area_division,
    "patrol-plan": _patrol_plan,
    "track-match": _track_match,
    "patrol-report": _patrol_report,
    "hot-spots": _hot_spots,
    "incident-report": _incident_report,
}
"""Process -> what computes it, of a store and its inputs."""

OF_INCIDENTS: Final = frozenset({"hot-spots", "incident-report"})
"""Processes that count incidents: of an area, of its parts, or of all that is stored."""

SPOKEN: Final = frozenset({"patrol-plan", "patrol-report", "incident-report"})
"""Processes whose places say something in words."""
