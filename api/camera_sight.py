"""What cameras see, as every way in tells it: streets by class of road, folds and junctions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from geo import CameraCoverage, DueRule, camera_coverage
from geo.cameras import watched_sites
from geo.junctions import junctions


@dataclass(frozen=True, eq=False)
class CameraSight:
    """
    What cameras see.

    Parameters
    ----------
    coverage
        Of streets, ground and key sites.
    junctions
        Where streets meet, and which of these places cameras see.
    """

    coverage: CameraCoverage
    junctions: gpd.GeoDataFrame

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            The keys of coverage first, then "roads" (by class of road), "folds" and "junctions".
        """
        watched = self.junctions["watched"]
        return self.coverage.summary() | {
            "roads": self.coverage.by_road().to_dict("records"),
            "folds": self.coverage.folds().to_dict("records"),
            "junctions": {"junctions": len(watched), "watched": int(watched.sum())},
        }


def look(
    frames: Mapping[str, gpd.GeoDataFrame],
    *,
    ground: gpd.GeoDataFrame | None = None,
    due: DueRule | None = None,
    night: bool = False,
    band: str | None = None,
) -> CameraSight:
    """
    Compute what cameras see.

    Parameters
    ----------
    frames
        "streets" and "cameras" in one metric CRS; "buildings", "walls", "key_sites" and "within"
        where they are given.
    ground
        Areas whose blind ground is asked for, which is restricted; None where it is not.
    due
        Which streets count; None for the default `DueRule`.
    night
        Whether it is night.
    band
        What the picture has to serve for; None for the range as it is.

    Returns
    -------
    sight
        All from the same streets and cameras.

    Raises
    ------
    GeoError
        When an option is out of range, or a row cannot be measured.
    """
    streets, within = frames["streets"], frames.get("within")
    coverage = camera_coverage(
        streets, frames["cameras"], frames.get("buildings"), walls=frames.get("walls"),
        key_sites=frames.get("key_sites"), ground=ground, due=due, within=within,
        night=night, band=band,
    )  # fmt: skip
    seeing = coverage.seeing.geometry.to_numpy()
    return CameraSight(coverage, watched_sites(junctions(streets, due=due, within=within), seeing))
