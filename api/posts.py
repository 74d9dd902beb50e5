"""
What a run over posts finds beside their coverage.

Spacing along the street, coverage by the hour, what each post is worth, and a proposal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from data import Layer, Note
from geo import DueRule, PostCoverage, StreetNetwork, post_coverage, post_spacing
from geo.posts import (
    HourlyCoverage,
    PostProposal,
    PostSpacing,
    PostValue,
    Wish,
    coverage_by_hour,
    post_value,
    propose_posts,
)

COVERT: Final = "covert"
"""Value of `visibility` of a restricted post; a blank one is overt once it is read."""

UNNUMBERED: Final = "id_none"
"""Note of the reader which says that the ids are row numbers."""


@dataclass(frozen=True)
class PostOptions:
    """
    What is asked about posts.

    Parameters
    ----------
    reach_m
        How far a post sees, in metres.
    distance
        How that is measured: "street" or "straight".
    min_m
        Least spacing of fixed posts, where the risk of the area says nothing else.
    max_m
        Greatest spacing, where the risk of the area says nothing else.
    hours
        The hours that matter, written as those of a post are; None for all.
    wish
        What to propose; None for nothing.
    include_covert
        Whether covert posts count; without, everything is made as if there were none.
    """

    reach_m: float = 50.0
    distance: str = "street"
    min_m: float = 50.0
    max_m: float = 100.0
    hours: str | None = None
    wish: Wish | None = None
    include_covert: bool = False


@dataclass(frozen=True, eq=False)
class PostFindings:
    """
    What a run over posts finds.

    Parameters
    ----------
    coverage
        Which stretches are covered.
    spacing
        Where posts stand too far apart, and where too near.
    hours
        Coverage by the hour; None where no post states its hours and none are asked for.
    value
        What posts are worth, one by one.
    proposal
        Where posts should come; None where nothing was asked.
    """

    coverage: PostCoverage
    spacing: PostSpacing
    hours: HourlyCoverage | None
    value: PostValue
    proposal: PostProposal | None

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            The keys of coverage first, then those of spacing, then "value", "hours" and
            "proposal" as far as they were asked for.
        """
        summary = self.coverage.summary()
        summary |= {"straight_to_street_ratio": self.coverage.straight_to_street_ratio}
        summary |= {k: v for k, v in self.spacing.summary().items() if k not in summary}
        summary["value"] = self.value.summary()
        if self.hours is not None:
            summary["hours"] = self.hours.summary()
        if self.proposal is not None:
            summary["proposal"] = self.proposal.summary()
        return summary

    def tables(self) -> dict[str, pd.DataFrame]:
        """
        Return layers of `result.gpkg`.

        Returns
        -------
        tables
            "posts" with what each is worth, "spacing_gaps", "spacings", and as far as there are
            any "off_network", "unstaffed", "duplicated", "unknown_risk", "hours" (a row an hour),
            "worst_hour_gaps", "hours_in_doubt", "proposal", "impossible" and "curve" (a row a
            number of posts).
        """
        tables: dict[str, pd.DataFrame] = {
            "posts": self.value.posts,
            "spacing_gaps": self.spacing.gaps,
            "spacings": self.spacing.spacings,
        }
        listed: dict[str, pd.DataFrame] = {
            "off_network": self.spacing.off_network,
            "unstaffed": self.spacing.unstaffed,
            "duplicated": self.spacing.duplicated,
            "unknown_risk": self.spacing.unknown_risk,
        }
        if self.hours is not None:
            tables |= {"hours": self.hours.hours}
            listed |= {
                "worst_hour_gaps": self.hours.worst_gaps,
                "hours_in_doubt": self.hours.doubts,
            }
        if self.proposal is not None:
            tables["proposal"] = self.proposal.changes
            listed["impossible"] = self.proposal.impossible
            if self.proposal.curve is not None:
                tables["curve"] = self.proposal.curve
        return tables | {name: table for name, table in listed.items() if len(table)}


def find(
    frames: Mapping[str, gpd.GeoDataFrame], options: PostOptions, due: DueRule | None
) -> PostFindings:
    """
    Compute all that is asked about posts.

    Parameters
    ----------
    frames
        "streets" and "posts" in one metric CRS; "areas", "within", "keep" and "forbid" where
        they are given.
    options
        What is asked.
    due
        Which streets count; None for the default `DueRule`.

    Returns
    -------
    findings
        All from the same streets, network and posts.

    Raises
    ------
    GeoError
        When an option is out of range.
    """
    streets, posts = frames["streets"], frames["posts"]
    areas, within = frames.get("areas"), frames.get("within")
    network = StreetNetwork.from_frame(streets)
    due_where: dict[str, Any] = {"due": due, "within": within, "network": network}
    coverage = post_coverage(
        streets, posts, reach_m=options.reach_m, distance=options.distance, **due_where
    )
    spacing = post_spacing(
        streets, posts, min_m=options.min_m, max_m=options.max_m, areas=areas, **due_where
    )
    hours = None
    if options.hours is not None or ("hours" in posts.columns and posts["hours"].notna().any()):
        hours = coverage_by_hour(
            streets, posts, reach_m=options.reach_m, distance=options.distance,
            asked=options.hours, **due_where,
        )  # fmt: skip
    value = post_value(streets, posts, reach_m=options.reach_m, areas=areas, **due_where)
    proposal = None
    if options.wish is not None:
        proposal = propose_posts(
            streets, posts, options.wish, reach_m=options.reach_m, must=frames.get("keep"),
            forbidden=frames.get("forbid"), areas=areas, due=due, within=within,
        )  # fmt: skip
    return PostFindings(coverage, spacing, hours, value, proposal)


def without_covert(layer: Layer) -> Layer:
    """
    Take covert posts out of a layer, as if the file did not hold them.

    Parameters
    ----------
    layer
        Posts as read.

    Returns
    -------
    layer
        No count, note or row set aside tells of them.
    """
    kept = ~_covert(layer.frame)
    aside = layer.quarantine[~_covert(layer.quarantine)]
    frame = layer.frame[kept].drop(columns="visibility", errors="ignore").reset_index(drop=True)
    total = len(frame) + len(aside)
    notes = [note for note in layer.notes if not _telling(note)]
    if any(note.code == UNNUMBERED for note in notes):
        # Numbers of rows would have a hole for every post that is left out.
        frame["post_id"] = np.arange(len(frame))
        notes = [Note(UNNUMBERED, {"total": total}) if n.code == UNNUMBERED else n for n in notes]
    return replace(
        layer,
        frame=frame,
        rows=layer.rows[kept],
        quarantine=aside.drop(columns="visibility", errors="ignore").reset_index(drop=True),
        rows_read=total,
        notes=tuple(notes),
    )


def _telling(note: Note) -> bool:
    """Tell whether a note counts covert posts: hinted at by a name, or taken for one in doubt."""
    taken = note.values.get("taken")  # noqa: PD011 - a note is no frame
    return note.code == "covert_by_name" or taken == COVERT


def _covert(frame: pd.DataFrame) -> np.ndarray:
    """Tell which rows are covert posts."""
    if "visibility" not in frame.columns:
        return np.zeros(len(frame), dtype=bool)
    return np.asarray(frame["visibility"] == COVERT, dtype=bool)
