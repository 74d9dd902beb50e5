"""What a run over cameras finds: totals, layers, and what has to be said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from api.camera_sight import CameraSight
from api.words import say
from geo import CameraCoverage
from geo.aiming import NewCameras, Plan, Reaim
from geo.cordon import OpenEdges
from geo.crossings import BoundaryCrossings
from geo.health import CameraHealth, Duplicates, Indicators, Rate
from geo.surroundings import Surroundings


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
    definition
        Share of the cameras whose picture is of high definition.
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
    hours
        What is seen by the hour of the day; None where neither lights nor states are known.
    entrances
        Every entrance given, and whether a camera sees it; None where none was given.
    incidents
        How many incidents were `weighed` as demand, and how many `left_out` for want of a place;
        None where none was given.
    """

    coverage: CameraCoverage
    junctions: gpd.GeoDataFrame
    health: CameraHealth
    indicators: Indicators
    twice: Duplicates
    networked: pd.DataFrame | None
    definition: Rate
    crossings: BoundaryCrossings | None = None
    schools: Surroundings | None = None
    turned: Reaim | None = None
    bought: NewCameras | None = None
    planned: Plan | None = None
    cordon: OpenEdges | None = None
    hours: pd.DataFrame | None = None
    entrances: gpd.GeoDataFrame | None = None
    incidents: Mapping[str, int] | None = None

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            The keys of `CameraSight.summary` first, then "indicators", "high_definition",
            "duplicates", and as far as they were asked for "networked", "incidents",
            "crossings", "schools", "reaim", "new_cameras", "plan" and "cordon".
        """
        sight = CameraSight(self.coverage, self.junctions, self.health, self.hours, self.entrances)
        summary = sight.summary() | {
            "indicators": self.indicators.summary(),
            "high_definition": self.definition.summary(),
            "duplicates": self.twice.summary(),
        }
        if self.networked is not None:
            summary["networked"] = self.networked.to_dict("records")
        if self.incidents is not None:
            summary["incidents"] = dict(self.incidents)
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
            "blind_areas", "key_sites", "entrances", "newly_blind" (when the cameras that are not in
            good order fail), "hours", "duplicates", "faults", "outages", "crossings", "schools",
            "turns", "turned_from", "gained", "lost", "new_cameras", "new_views", "cordon_ways",
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
            "entrances": self.entrances,
            "newly_blind": self.coverage.newly_blind(self.out_of_order),
            "hours": self.hours,
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


def _drawn(frame: gpd.GeoDataFrame, column: str) -> gpd.GeoDataFrame:
    """Take another column as the geometry: a layer of a file has one."""
    taken = frame.drop(columns="geometry").rename(columns={column: "geometry"})
    return gpd.GeoDataFrame(taken, geometry="geometry", crs=frame.crs)
