"""
What a run over posts finds beside their coverage.

Spacing along the street, coverage by the hour, what each post is worth, and a proposal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from api.words import say
from geo import DueRule, PostCoverage, StreetNetwork, post_coverage, post_spacing
from geo.posts import (
    Gates,
    HourlyCoverage,
    PostProposal,
    PostSpacing,
    PostValue,
    VolunteerReports,
    Wish,
    coverage_by_hour,
    post_value,
    propose_posts,
    volunteer_reports,
)


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
    gates
        Which gates are shut; None where none were given.
    volunteers
        Reports of volunteers by occupation; None where no counts were given.
    """

    coverage: PostCoverage
    spacing: PostSpacing
    hours: HourlyCoverage | None
    value: PostValue
    proposal: PostProposal | None
    gates: Gates | None = None
    volunteers: VolunteerReports | None = None

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            The keys of coverage first, then those of spacing, then "value", "hours", "proposal",
            "gates" and "volunteers" as far as they were asked for.
        """
        summary = self.coverage.summary()
        summary |= {"straight_to_street_ratio": self.coverage.straight_to_street_ratio}
        summary |= {k: v for k, v in self.spacing.summary().items() if k not in summary}
        summary["value"] = self.value.summary()
        if self.hours is not None:
            summary["hours"] = self.hours.summary()
        if self.proposal is not None:
            summary["proposal"] = self.proposal.summary()
        if self.gates is not None:
            summary["gates"] = self.gates.summary()
        if self.volunteers is not None:
            summary["volunteers"] = self.volunteers.summary()
        return summary

    def tables(self) -> dict[str, pd.DataFrame]:
        """
        Return layers of `result.gpkg`.

        Returns
        -------
        tables
            "posts" with what each is worth, "spacing_gaps", "spacings", and as far as there are
            any "off_network", "unstaffed", "duplicated", "unknown_risk", "hours" (a row an hour),
            "worst_hour_gaps", "hours_in_doubt", "proposal", "impossible", "curve" (a row a
            number of posts), "gates", "gates_in_doubt", "volunteers" and "volunteers_by_area".
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
        if self.gates is not None:
            tables["gates"] = self.gates.frame.assign(shut=self.gates.shut)
            listed["gates_in_doubt"] = self.gates.doubts
        if self.volunteers is not None:
            tables["volunteers"] = self.volunteers.by_occupation
            if self.volunteers.by_area is not None:
                tables["volunteers_by_area"] = self.volunteers.by_area
        return tables | {name: table for name, table in listed.items() if len(table)}

    def remarks(self, lang: str) -> list[str]:
        """
        Return what whoever is handed the page has to know of gates and volunteers.

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
        if self.gates is not None:
            found = self.gates.summary()
            doubtful = len(self.gates.doubts)
            numbers = {"count": found["gates"], "shut": found["gates_shut"], "doubtful": doubtful}
            remarks.append(say("gates_counted", lang, **numbers))
        if self.volunteers is not None:
            remarks.append(say("volunteers_counted", lang))
        return remarks


def wish_of(
    number: int | str, *, rearrange: bool = False, twofold: bool = False, share: float = 0.0
) -> Wish:
    """
    Return what is to be proposed, as it is asked for by every way in.

    Parameters
    ----------
    number
        How many posts more, as a number or its digits; "full" for as few as cover every due metre.
    rearrange
        Whether posts that stand may be moved.
    twofold
        Whether a metre counts only when two posts cover it.
    share
        The least covered share of each area, in [0, 1]; 0.0 for none.

    Returns
    -------
    wish
        For `propose_posts`.
    """
    more = None if number == "full" else int(number)
    return Wish(more, rearrange=rearrange, twofold=twofold, least_share=share)


def find(
    frames: Mapping[str, gpd.GeoDataFrame], options: PostOptions, due: DueRule | None
) -> PostFindings:
    """
    Compute all that is asked about posts.

    Parameters
    ----------
    frames
        "streets" and "posts" in one metric CRS; "areas", "within", "keep", "forbid", "buildings",
        "key_sites", "gates" and "volunteers" where they are given.
    options
        What is asked.
    due
        Which streets count; None for the default `DueRule`.

    Returns
    -------
    findings
        All from the same streets and posts. Gates that are shut at some minute of the hours
        asked for are shut for all figures but those by the hour, which know every minute.

    Raises
    ------
    GeoError
        When an option is out of range.
    """
    streets, posts = frames["streets"], frames["posts"]
    areas, within = frames.get("areas"), frames.get("within")
    network = whole = StreetNetwork.from_frame(streets)
    gates = None
    if "gates" in frames:
        gates = Gates.of(frames["gates"], whole, asked=options.hours)
        network = gates.left(gates.shut)
    due_where: dict[str, Any] = {"due": due, "within": within, "network": network}
    coverage = post_coverage(
        streets, posts, reach_m=options.reach_m, distance=options.distance, **due_where
    )
    spacing = post_spacing(
        streets, posts, min_m=options.min_m, max_m=options.max_m, areas=areas, **due_where
    )
    hours = None
    timed = [posts] if gates is None else [posts, gates.frame]
    if options.hours is not None or any(
        "hours" in frame.columns and frame["hours"].notna().any() for frame in timed
    ):
        hours = coverage_by_hour(
            streets, posts, reach_m=options.reach_m, distance=options.distance,
            asked=options.hours, gates=frames.get("gates"), **due_where | {"network": whole},
        )  # fmt: skip
    value = post_value(
        streets, posts, reach_m=options.reach_m, areas=areas, buildings=frames.get("buildings"),
        key_sites=frames.get("key_sites"), **due_where,
    )  # fmt: skip
    proposal = None
    if options.wish is not None:
        proposal = propose_posts(
            streets, posts, options.wish, reach_m=options.reach_m, must=frames.get("keep"),
            forbidden=frames.get("forbid"), areas=areas, **due_where,
        )  # fmt: skip
    reports = volunteer_reports(frames["volunteers"]) if "volunteers" in frames else None
    return PostFindings(coverage, spacing, hours, value, proposal, gates, reports)
