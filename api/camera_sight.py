"""What cameras see, as every way in tells it: streets by class of road, folds and junctions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import CameraCoverage, DueRule, camera_coverage
from geo.cameras import watched_sites
from geo.entrances import doorsteps
from geo.health import CameraHealth
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
    health
        How reliable the cameras are; None where it was not asked.
    hours
        What is seen by the hour of the day; None where neither lights nor states are known.
    entrances
        One row per entrance given: its columns, `watched`, `cameras` (how many see it) and
        `site_known` (it is of one of the key sites); None where none was given.
    """

    coverage: CameraCoverage
    junctions: gpd.GeoDataFrame
    health: CameraHealth | None = None
    hours: pd.DataFrame | None = None
    entrances: gpd.GeoDataFrame | None = None

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            The keys of coverage first, then "roads" (by class of road), "folds" and "junctions"; as
            far as they are known "entrances", "health", "expected_length_m" and "hours".
        """
        watched = self.junctions["watched"]
        summary = self.coverage.summary() | {
            "roads": self.coverage.by_road().to_dict("records"),
            "folds": self.coverage.folds().to_dict("records"),
            "junctions": {"junctions": len(watched), "watched": int(watched.sum())},
        }
        if self.entrances is not None:
            summary["entrances"] = _counted(self.entrances)
        if self.health is not None:
            summary["health"] = self.health.summary()
            ready = self.health.cameras.set_index("camera_id")["availability"].astype(float)
            if ready.notna().any():
                # What is not known of a camera is not taken for good.
                each = ready.reindex(self.coverage.views["camera_id"]).fillna(0.0)
                summary["expected_length_m"] = self.coverage.expected_length_m(each)
        if self.hours is not None:
            summary["hours"] = self.hours.to_dict("records")
        return summary


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
        "streets" and "cameras" in one metric CRS; "buildings", "walls", "key_sites", "entrances"
        (with the `site_id` of their key site) and "within" where they are given.
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
    doors = doorsteps(frames["entrances"]) if "entrances" in frames else None
    coverage = camera_coverage(
        streets, frames["cameras"], frames.get("buildings"), walls=frames.get("walls"),
        key_sites=frames.get("key_sites"), entrances=doors, ground=ground, due=due, within=within,
        night=night, band=band,
    )  # fmt: skip
    seeing = coverage.seeing.geometry.to_numpy()
    where = junctions(streets, due=due, within=within)
    return CameraSight(coverage, watched_sites(where, seeing), entrances=_entrances(frames, seeing))


def _counted(entrances: gpd.GeoDataFrame) -> dict[str, Any]:
    """Count entrances, and name those that no camera sees."""
    watched = entrances["watched"].fillna(False).to_numpy(dtype=bool)
    return {
        "entrances": len(entrances),
        "watched": int(watched.sum()),
        "unwatched_ids": entrances.loc[~watched, "entrance_id"].tolist(),
        "of_no_key_site": int((~entrances["site_known"]).sum()),
    }


def _entrances(
    frames: Mapping[str, gpd.GeoDataFrame], seeing: NDArray[np.object_]
) -> gpd.GeoDataFrame | None:
    """List every entrance with whether a camera sees it, those of no key site too."""
    if "entrances" not in frames or "key_sites" not in frames:
        return None
    doors = watched_sites(doorsteps(frames["entrances"]), seeing).drop(columns="seen_share")
    return doors.set_geometry(frames["entrances"].geometry).assign(
        site_known=doors["site_id"].isin(frames["key_sites"]["site_id"])
    )
