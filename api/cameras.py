"""What is asked about cameras by every way in, and what a run over them finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from api.camera_findings import CameraFindings
from api.camera_health import condition_of, history_of, hours_of, sheet_of
from api.camera_notes import SCHOOL
from api.camera_sight import look
from data.values import as_text
from geo import DueRule, InvalidParameterError
from geo.aiming import NewCameras, Plan, Reaim, Terms, new_cameras, plan, reaim
from geo.areas import joined
from geo.cordon import open_edges
from geo.crossings import BoundaryCrossings, boundary_crossings
from geo.health import duplicates, high_definition, indicators, networked_by_class
from geo.surroundings import Surroundings, surroundings

CHECKPOINT: Final = "security_checkpoint"
"""The kind of camera that guards a road over the border."""

NEEDS: Final = {"signs": "sign", "speed_bumps": "speed_bump", "escort_posts": "escort_post"}
"""What a school needs beside cameras -> the kind of its rows in a file of `school_needs`."""


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

    @property
    def aims(self) -> bool:
        """Whether cameras are to be turned or bought."""
        return self.reaim is not None or self.propose is not None


def find(
    frames: Mapping[str, gpd.GeoDataFrame], options: CameraOptions, due: DueRule | None
) -> CameraFindings:
    """
    Compute all that is asked about cameras.

    Parameters
    ----------
    frames
        "streets" and "cameras" in one metric CRS; "areas", "within", "buildings", "walls",
        "key_sites", "entrances" (of key sites), "school_needs", "poles", "forbid", "incidents"
        (what turned and new cameras are to see too; those without a place count nowhere), "cordon"
        (areas to close), and the tables "states" and "faults", where they are given.
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
    known = {**frames, "cameras": cameras}
    if sites is not None and "site_id" in sites.columns:
        # And so have entrances that of their site.
        sites = known["key_sites"] = sites.assign(site_id=sites["site_id"].map(as_text))
    sight = look(known, ground=ground, due=due, night=options.night, band=options.band)
    coverage = sight.coverage
    sheet = sheet_of(cameras)
    history = history_of(frames.get("states"))
    condition = condition_of(sheet, history, frames.get("faults"))
    sheet = sheet.merge(condition.cameras[["camera_id", "in_order"]], "left")
    goals = indicators(key_places=_places(coverage.key_sites), cameras=sheet)
    networked = None
    if "networked" in sheet.columns and sheet["networked"].notna().any():
        networked = networked_by_class(sheet)
    turned, bought, both = _aimed(known, options, due)
    ways = None
    if "cordon" in frames:
        ways = open_edges(streets, frames["cordon"], coverage.seen.union)
    return CameraFindings(
        coverage, sight.junctions, condition, goals, duplicates(cameras), networked,
        high_definition(sheet), _crossings(streets, cameras, ground),
        _schools(sites, cameras, frames.get("school_needs")), turned, bought, both, ways,
        hours_of(known, coverage, history, night=options.night, band=options.band, due=due),
        sight.entrances, _weighed(frames.get("incidents")),
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


def _schools(
    sites: gpd.GeoDataFrame | None, cameras: gpd.GeoDataFrame, needs: gpd.GeoDataFrame | None
) -> Surroundings | None:
    """List what is missing around schools; a need of which no row is given is unknown."""
    if sites is None or "kind" not in sites.columns or not sites["kind"].eq(SCHOOL).any():
        return None
    works = cameras[cameras.geometry.notna()]
    if "online" in works.columns:
        works = works[works["online"].ne(False).fillna(True)]
    features = {"cameras": works}
    if needs is not None:
        parted = {need: needs[needs["kind"].eq(kind)] for need, kind in NEEDS.items()}
        features |= {need: own for need, own in parted.items() if len(own)}
    return surroundings(sites[sites["kind"].eq(SCHOOL)], features)


def _weighed(incidents: gpd.GeoDataFrame | None) -> dict[str, int] | None:
    """Count the incidents that are demand, and those left out for want of a place."""
    if incidents is None:
        return None
    placed = incidents.geometry.notna() & ~incidents.geometry.is_empty
    return {"weighed": int(placed.sum()), "left_out": int((~placed).sum())}


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
        "incidents": frames.get("incidents"),
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
