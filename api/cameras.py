"""What is asked about cameras by every way in, and what a run over them finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from api.camera_findings import CameraFindings
from api.camera_sight import look
from data.values import as_text
from geo import CameraCoverage, DueRule, InvalidParameterError, camera_coverage
from geo.aiming import NewCameras, Plan, Reaim, Terms, new_cameras, plan, reaim
from geo.areas import joined
from geo.cameras import coverage_by_hour
from geo.cordon import open_edges
from geo.crossings import BoundaryCrossings, boundary_crossings
from geo.health import (
    CameraHealth,
    StateHistory,
    duplicates,
    health,
    indicators,
    networked_by_class,
    online_by_hour,
    state_history,
)
from geo.surroundings import Surroundings, surroundings

CHECKPOINT: Final = "security_checkpoint"
"""The kind of camera that guards a road over the border."""

SCHOOL: Final = "school"
"""The kind of key site whose surroundings are looked at."""

ONE_SECOND: Final = pd.Timedelta(seconds=1)
"""The span of a sheet of states that were all read at one moment."""


@dataclass(frozen=True)
class CameraOptions:
    """
    What is asked about cameras.

    Parameters
    ----------
    night
        Whether it is night.
    band
        What the picture has to serve for: "detect", "observe", "recognise" or "identify"; None
        for the range as it is.
    reaim
        How many cameras may be turned at most; None for no such proposal.
    propose
        How many cameras may be bought at most, on poles that are given; None for none.
    """

    night: bool = False
    band: str | None = None
    reaim: int | None = None
    propose: int | None = None


def find(
    frames: Mapping[str, gpd.GeoDataFrame], options: CameraOptions, due: DueRule | None
) -> CameraFindings:
    """
    Compute all that is asked about cameras.

    Parameters
    ----------
    frames
        "streets" and "cameras" in one metric CRS; "areas", "within", "buildings", "walls",
        "key_sites", "poles", "forbid", "cordon" (areas to close), and the tables "states" and
        "faults", where they are given.
    options
        What is asked.
    due
        Which streets count; None for the default `DueRule`.

    Returns
    -------
    findings
        All from the same streets and cameras. Cameras with a fault that is open are in the
        coverage as their sheet has them; what is lost with them is `newly_blind`.

    Raises
    ------
    GeoError
        When an option is out of range, or new cameras are asked for without poles.
    """
    streets, cameras = frames["streets"], frames["cameras"]
    ground, sites = frames.get("areas", frames.get("within")), frames.get("key_sites")
    if "camera_id" not in cameras.columns:
        cameras = cameras.assign(camera_id=range(len(cameras)))
    # Ledgers have codes as text, whatever they look like.
    cameras = cameras.assign(camera_id=cameras["camera_id"].map(as_text))
    sight = look(
        {**frames, "cameras": cameras}, ground=ground, due=due, night=options.night,
        band=options.band,
    )  # fmt: skip
    coverage = sight.coverage
    sheet = pd.DataFrame(cameras.drop(columns=cameras.geometry.name))
    # Rates and goals count cameras: one that is listed twice is one.
    sheet = sheet.drop_duplicates("camera_id")
    history = _history(frames.get("states"))
    condition = _condition(sheet, history, frames.get("faults"))
    sheet = sheet.merge(condition.cameras[["camera_id", "in_order"]], "left")
    goals = indicators(key_places=_places(coverage.key_sites), cameras=sheet)
    networked = None
    if "networked" in sheet.columns and sheet["networked"].notna().any():
        networked = networked_by_class(sheet)
    known = {**frames, "cameras": cameras}
    turned, bought, both = _aimed(known, options, due)
    ways = None
    if "cordon" in frames:
        ways = open_edges(streets, frames["cordon"], coverage.seen.union)
    return CameraFindings(
        coverage, sight.junctions, condition, goals, duplicates(cameras), networked,
        _crossings(streets, cameras, ground), _schools(sites, cameras), turned, bought, both, ways,
        _hours(known, coverage, history, options, due),
    )  # fmt: skip


def _crossings(
    streets: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame, ground: gpd.GeoDataFrame | None
) -> BoundaryCrossings | None:
    """List the roads over the border of all the ground; cameras at checkpoints guard them."""
    if ground is None or "kind" not in cameras.columns:
        return None
    guarding = cameras[cameras["kind"].eq(CHECKPOINT) & cameras.geometry.notna()]
    return boundary_crossings(
        streets, joined(ground, "all"), guarding.rename(columns={"camera_id": "checkpoint_id"})
    )


def _schools(sites: gpd.GeoDataFrame | None, cameras: gpd.GeoDataFrame) -> Surroundings | None:
    """List what is missing around schools; signs, bumps and escort posts are not known here."""
    if sites is None or "kind" not in sites.columns or not sites["kind"].eq(SCHOOL).any():
        return None
    works = cameras[cameras.geometry.notna()]
    if "online" in works.columns:
        works = works[works["online"].ne(False).fillna(True)]
    return surroundings(sites[sites["kind"].eq(SCHOOL)], {"cameras": works})


def _history(states: pd.DataFrame | None) -> StateHistory | None:
    """Return the states from the first report to the last."""
    if states is None or states.empty:
        return None
    first, last = states["time"].min(), states["time"].max()
    # One moment is no span: a second of it is.
    return state_history(states, start=first, end=max(last, first + ONE_SECOND))


def _condition(
    sheet: pd.DataFrame, history: StateHistory | None, faults: pd.DataFrame | None
) -> CameraHealth:
    """Rate the cameras over the span of their states, or at the last fault that is known."""
    if history is not None:
        return health(sheet, states=history, faults=faults)
    # The last thing that is known of: a repair may be later than the last fault.
    at = None if faults is None else faults[["fault_at", "repaired_at"]].max().max()
    at = None if pd.isna(at) else at
    return health(sheet, faults=None if at is None else faults, at=at)


def _hours(
    frames: Mapping[str, gpd.GeoDataFrame],
    coverage: CameraCoverage,
    history: StateHistory | None,
    options: CameraOptions,
    due: DueRule | None,
) -> pd.DataFrame | None:
    """Tell what is seen by the hour, where lights or states are known at all."""
    cameras = frames["cameras"]
    lit = "light" in cameras.columns and cameras["light"].notna().any()
    if history is None and not lit:
        return None
    other = camera_coverage(
        frames["streets"], cameras, frames.get("buildings"), walls=frames.get("walls"), due=due,
        within=frames.get("within"), night=not options.night, band=options.band,
    )  # fmt: skip
    day, night = (other, coverage) if options.night else (coverage, other)
    return coverage_by_hour(day, night, None if history is None else online_by_hour(history))


def _places(sites: gpd.GeoDataFrame | None) -> pd.DataFrame | None:
    """Return the key sites as the goals count them."""
    if sites is None:
        return None
    if "site_id" not in sites.columns:
        sites = sites.assign(site_id=range(len(sites)))
    return sites.rename(columns={"watched": "covered"})


def _aimed(
    frames: Mapping[str, gpd.GeoDataFrame], options: CameraOptions, due: DueRule | None
) -> tuple[Reaim | None, NewCameras | None, Plan | None]:
    """Return which cameras to turn, where new ones should come, and both in one plan."""
    common: dict[str, Any] = {
        "walls": frames.get("walls"),
        "key_sites": frames.get("key_sites"),
        "terms": Terms(due=due, within=frames.get("within")),
    }
    known = frames["streets"], frames["cameras"]
    buildings, forbidden = frames.get("buildings"), frames.get("forbid")
    if options.propose is None:
        if options.reaim is None:
            return None, None, None
        return reaim(*known, buildings, changes=options.reaim, **common), None, None
    if "poles" not in frames:
        raise InvalidParameterError("propose: new cameras need poles; pass their points too")
    common |= {"propose": options.propose, "forbidden": forbidden}
    if options.reaim is None:
        return None, new_cameras(*known, frames["poles"], buildings, **common), None
    both = plan(*known, frames["poles"], buildings, changes=options.reaim, **common)
    return both.reaim, both.new, both
