"""What is asked about cameras by every way in, and what a run over them finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from api.camera_sight import CameraSight, look
from api.words import say
from data.values import as_text
from geo import CameraCoverage, DueRule, InvalidParameterError
from geo.aiming import NewCameras, Plan, Reaim, Terms, new_cameras, plan, reaim
from geo.cordon import OpenEdges, open_edges
from geo.crossings import BoundaryCrossings, boundary_crossings
from geo.health import (
    CameraHealth,
    Duplicates,
    Indicators,
    duplicates,
    health,
    indicators,
    networked_by_class,
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


@dataclass(frozen=True, eq=False)
class CameraFindings:
    """
    What a run over cameras finds.

    Parameters
    ----------
    coverage
        What they see of streets, ground and key sites.
    junctions
        Where streets meet, and which of these places cameras see.
    health
        Rates of what answers and what is in good order.
    indicators
        The four goals of public video.
    twice
        Cameras that two owners list.
    networked
        Share of the cameras that are networked, by class of point; None where no sheet says it.
    crossings
        Roads over the border of the ground, and the checkpoints there; None without ground.
    schools
        What is missing within 200 m of each school; None where no key site is a school.
    turned
        Which cameras to turn; None where it was not asked.
    bought
        Where new cameras should come; None where it was not asked.
    planned
        Both in one plan; None where not both were asked.
    cordon
        Ways out that nobody sees; None where no cordon was given.
    """

    coverage: CameraCoverage
    junctions: gpd.GeoDataFrame
    health: CameraHealth
    indicators: Indicators
    twice: Duplicates
    networked: pd.DataFrame | None
    crossings: BoundaryCrossings | None = None
    schools: Surroundings | None = None
    turned: Reaim | None = None
    bought: NewCameras | None = None
    planned: Plan | None = None
    cordon: OpenEdges | None = None

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            The keys of coverage first, then "roads" (by class of road), "folds", "junctions",
            "health", "indicators", "duplicates", and as far as they were asked for "networked",
            "crossings", "schools", "reaim", "new_cameras", "plan" and "cordon".
        """
        summary = CameraSight(self.coverage, self.junctions).summary() | {
            "health": self.health.summary(),
            "indicators": self.indicators.summary(),
            "duplicates": self.twice.summary(),
        }
        ready = self.health.cameras.set_index("camera_id")["availability"].astype(float)
        if ready.notna().any():
            # What is not known of a camera is not taken for good.
            each = ready.reindex(self.coverage.views["camera_id"]).fillna(0.0)
            summary["expected_length_m"] = self.coverage.expected_length_m(each)
        if self.networked is not None:
            summary["networked"] = self.networked.to_dict("records")
        parts = {
            "crossings": self.crossings,
            "schools": self.schools,
            "plan": self.planned,
            "reaim": None if self.planned else self.turned,
            "new_cameras": None if self.planned else self.bought,
            "cordon": self.cordon,
        }
        return summary | {name: part.summary() for name, part in parts.items() if part is not None}

    def tables(self) -> dict[str, pd.DataFrame]:
        """
        Return layers of `result.gpkg`.

        Returns
        -------
        tables
            "views", "junctions", "camera_health", and as far as there are any "ground",
            "blind_areas", "key_sites", "newly_blind" (when the cameras that are not in good order
            fail), "duplicates", "faults", "outages", "crossings", "schools", "turns",
            "turned_from", "gained", "lost", "new_cameras", "new_views", "cordon_ways",
            "cordon_closures" and "cordons".
        """
        tables: dict[str, pd.DataFrame] = {
            "views": self.coverage.views,
            "junctions": self.junctions,
            "camera_health": self.health.cameras,
        }
        listed: dict[str, pd.DataFrame | None] = {
            "ground": self.coverage.ground,
            "blind_areas": self.coverage.blind_areas,
            "key_sites": self.coverage.key_sites,
            "newly_blind": self.coverage.newly_blind(self.out_of_order),
            "duplicates": self.twice.pairs,
            "faults": None if self.health.ledger is None else self.health.ledger.spells,
            "outages": self.health.outages,
        }
        if self.crossings is not None:
            listed["crossings"] = self.crossings.crossings
        if self.schools is not None:
            listed["schools"] = self.schools.sites
        if self.turned is not None:
            turns = self.turned.turns
            listed |= {
                "turns": turns.drop(columns="before"),
                "turned_from": _drawn(turns, "before"),
                "gained": self.turned.gained,
                "lost": self.turned.lost,
            }
        if self.bought is not None:
            sites = self.bought.sites
            listed |= {
                "new_cameras": sites.drop(columns="view"),
                "new_views": _drawn(sites, "view"),
            }
        if self.cordon is not None:
            listed |= {
                "cordon_ways": self.cordon.ways,
                "cordon_closures": self.cordon.closures,
                "cordons": self.cordon.cordons,
            }
        return tables | {
            name: table for name, table in listed.items() if table is not None and len(table)
        }

    @property
    def out_of_order(self) -> list[Any]:
        """The codes of the cameras that are known not to be in good order."""
        table = self.health.cameras
        broken = table["in_order"].eq(False).fillna(False)
        return table.loc[broken.to_numpy(dtype=bool), "camera_id"].tolist()

    def remarks(self, lang: str) -> list[str]:
        """
        Return what whoever is handed the page has to know of the cameras.

        Parameters
        ----------
        lang
            "zh" or "en".

        Returns
        -------
        remarks
            A sentence each, where there are any.
        """
        remarks = []
        if self.coverage.blind_areas is not None or self.cordon is not None:
            remarks.append(say("restricted_lists", lang))
        if self.turned is not None or self.bought is not None:
            remarks.append(say("only_proposed", lang))
        return remarks


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
    condition = _condition(sheet, frames.get("states"), frames.get("faults"))
    sheet = sheet.merge(condition.cameras[["camera_id", "in_order"]], "left")
    goals = indicators(key_places=_places(coverage.key_sites), cameras=sheet)
    networked = None
    if "networked" in sheet.columns and sheet["networked"].notna().any():
        networked = networked_by_class(sheet)
    turned, bought, both = _aimed({**frames, "cameras": cameras}, options, due)
    ways = None
    if "cordon" in frames:
        ways = open_edges(streets, frames["cordon"], coverage.seen.union)
    return CameraFindings(
        coverage, sight.junctions, condition, goals, duplicates(cameras), networked,
        _crossings(streets, cameras, ground), _schools(sites, cameras), turned, bought, both, ways,
    )  # fmt: skip


def _crossings(
    streets: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame, ground: gpd.GeoDataFrame | None
) -> BoundaryCrossings | None:
    """List the roads over the border of all the ground; cameras at checkpoints guard them."""
    if ground is None or "kind" not in cameras.columns:
        return None
    whole = gpd.GeoDataFrame(
        {"area_id": ["all"]}, geometry=[ground.geometry.make_valid().union_all()], crs=ground.crs
    )
    guarding = cameras[cameras["kind"].eq(CHECKPOINT) & cameras.geometry.notna()]
    return boundary_crossings(
        streets, whole, guarding.rename(columns={"camera_id": "checkpoint_id"})
    )


def _schools(sites: gpd.GeoDataFrame | None, cameras: gpd.GeoDataFrame) -> Surroundings | None:
    """List what is missing around schools; signs, bumps and escort posts are not known here."""
    if sites is None or "kind" not in sites.columns or not sites["kind"].eq(SCHOOL).any():
        return None
    works = cameras[cameras.geometry.notna()]
    if "online" in works.columns:
        works = works[works["online"].ne(False).fillna(True)]
    return surroundings(sites[sites["kind"].eq(SCHOOL)], {"cameras": works})


def _drawn(frame: gpd.GeoDataFrame, column: str) -> gpd.GeoDataFrame:
    """Take another column as the geometry: a layer of a file has one."""
    taken = frame.drop(columns="geometry").rename(columns={column: "geometry"})
    return gpd.GeoDataFrame(taken, geometry="geometry", crs=frame.crs)


def _condition(
    sheet: pd.DataFrame, states: pd.DataFrame | None, faults: pd.DataFrame | None
) -> CameraHealth:
    """Rate the cameras over the span of their states, or at the last fault that is known."""
    if states is not None and len(states):
        first, last = states["time"].min(), states["time"].max()
        # One moment is no span: a second of it is.
        span = state_history(states, start=first, end=max(last, first + ONE_SECOND))
        return health(sheet, states=span, faults=faults)
    # The last thing that is known of: a repair may be later than the last fault.
    at = None if faults is None else faults[["fault_at", "repaired_at"]].max().max()
    at = None if pd.isna(at) else at
    return health(sheet, faults=None if at is None else faults, at=at)


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
