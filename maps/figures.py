"""The key figures and tables of a page: what the map says, without the map."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from maps.cameras import sees_through_walls
from maps.tables import html_table
from maps.words import Words, cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from geo.cameras import CameraCoverage
    from geo.coverage import StreetCoverage
    from geo.posts import PostCoverage, PostProposal, PostSpacing, VolunteerReports

    Figures = Sequence[tuple[str, str]]


def post_figures(coverage: PostCoverage, say: Words) -> Figures:
    """
    Return the key figures of observation posts.

    Parameters
    ----------
    coverage
        Outcome of `geo.posts.post_coverage`.
    say
        The words of the page.

    Returns
    -------
    figures
        Labels and values, plain text.
    """
    straight = []
    if coverage.distance != "straight":
        straight = [(say("straight_share"), say.share(coverage.straight.covered_share))]
    share, *lengths = _street_figures(coverage, say)
    return [share, *straight, *lengths, (say("post_count"), f"{len(coverage.posts):,}")]


def spacing_figures(spacing: PostSpacing, say: Words) -> Figures:
    """
    Return the key figures of the spacing rule.

    Parameters
    ----------
    spacing
        Outcome of `geo.posts.post_spacing`.
    say
        The words of the page.

    Returns
    -------
    figures
        Labels and values, plain text.
    """
    lengths = {"mean_spacing": spacing.mean_spacing_m, "worst_gap": spacing.worst_gap_m}
    return [
        *((say(key), say.length(length)) for key, length in lengths.items() if length is not None),
        (say("spacing_gaps"), f"{len(spacing.gaps):,}"),
        (say("crowded_pairs"), f"{len(spacing.crowded):,}"),
    ]


def proposal_figures(proposal: PostProposal, say: Words) -> Figures:
    """
    Return the key figures of a proposal.

    Parameters
    ----------
    proposal
        Outcome of `geo.posts.propose_posts`.
    say
        The words of the page.

    Returns
    -------
    figures
        Labels and values, plain text.
    """
    return [
        (say("sites_proposed"), f"{len(proposal.sites):,}"),
        (say("share_after"), say.share(proposal.summary()["covered_share_after"])),
    ]


def camera_figures(coverage: CameraCoverage, say: Words) -> Figures:
    """
    Return the key figures of cameras.

    Parameters
    ----------
    coverage
        Outcome of `geo.cameras.camera_coverage`.
    say
        The words of the page.

    Returns
    -------
    figures
        Labels and values, plain text; the share comes with its upper bound.
    """
    states = coverage.views["status"].value_counts()
    share, *lengths = _street_figures(coverage, say)
    return [
        share,
        (say("upper"), say.share(coverage.covered_share_upper)),
        *lengths,
        (say("camera_count"), f"{len(coverage.views):,}"),
        (say("online_count"), f"{len(coverage.views) - states.get('offline', 0):,}"),
        (say("unaimed_count"), f"{states.get('unaimed', 0):,}"),
        *_sight(coverage, say),
        *_doubts(coverage, say),
    ]


def _sight(coverage: CameraCoverage, say: Words) -> Figures:
    """Tell how much of their sectors the cameras really see, and what was asked beside streets."""
    summary = coverage.summary()
    seen, nominal = summary["visible_area_m2"], summary["nominal_area_m2"]
    figures = []
    if not sees_through_walls(coverage.views) and nominal:
        figures.append((say("visible_of_nominal"), say.share(seen / nominal)))
    if coverage.key_sites is not None:
        watched, sites = summary["key_sites_watched"], summary["key_sites"]
        share = say("share_formula", share=say.share(watched / sites if sites else None),
                    covered=f"{watched:,}", due=f"{sites:,}")  # fmt: skip
        figures.append((say("key_sites_share"), share))
    if coverage.blind_areas is not None:
        figures.append((say("blind_area"), say.area(summary["blind_area_m2"])))
    return figures


def _doubts(coverage: CameraCoverage, say: Words) -> list[tuple[str, str]]:
    """Count the cameras whose state or view is taken for granted, where there are any."""
    summary = coverage.summary()
    counts = {
        "status_unknown_count": summary["cameras_status_unknown"],
        "assumed_count": summary["cameras_assumed"],
    }
    return [(say(key), f"{count:,}") for key, count in counts.items() if count]


def _street_figures(coverage: StreetCoverage, say: Words) -> list[tuple[str, str]]:
    excluded_m = sum(coverage.streets.excluded_length_m.values())
    return [
        (say("covered_share"), say.share(coverage.covered_share)),
        (say("due_length"), say.length(coverage.due_length_m)),
        (say("gap_length"), say.length(coverage.gap_length_m)),
        *([(say("excluded_length"), say.length(excluded_m))] if excluded_m else []),
    ]


def figure_bar(groups: Mapping[str, Figures]) -> str:
    """
    Write the key figures for the head of the page.

    Parameters
    ----------
    groups
        Heading -> labels and values, plain text.

    Returns
    -------
    html
        One section a group.
    """
    sections = (
        f"<section><h2>{escape(heading)}</h2><dl>{''.join(map(_figure, figures))}</dl></section>"
        for heading, figures in groups.items()
    )
    return f'<div class="figures">{"".join(sections)}</div>'


def _figure(figure: tuple[str, str]) -> str:
    label, value = figure
    return f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>"


def figure_table(groups: Mapping[str, Figures], say: Words) -> str:
    """
    Write the key figures as a table.

    Parameters
    ----------
    groups
        Heading -> labels and values, plain text.
    say
        The words of the page.

    Returns
    -------
    html
        A heading and a table.
    """
    rows = [
        [heading, label, value] for heading, figures in groups.items() for label, value in figures
    ]
    return html_table(
        say("figures"), [say("subject"), say("figure"), say("value")], rows, numbers=(2,)
    )


def area_table(shares: gpd.GeoDataFrame, coverage: StreetCoverage, title: str, say: Words) -> str:
    """
    Write the figures of every area as a table that ends with their sum.

    Parameters
    ----------
    shares
        `by_area` of a coverage result.
    coverage
        The result, for the totals.
    title
        Heading of the table, plain text.
    say
        The words of the page.

    Returns
    -------
    html
        A heading and a table; its last rows are what lies outside, and the total.
    """
    named = "name" in shares
    heads = [
        say("area_id"),
        *([say("area_name")] if named else []),
        say("covered_share"),
        say("covered_length"),
        say("due_length"),
        say("gap_length"),
        say("border"),
    ]
    columns = ["covered_share", "covered_length_m", "due_length_m", "gap_length_m"]
    rows = [
        [
            say("outside") if place is None else cell(area_id),
            *([cell(name)] if named else []),
            say.share(share),
            *map(say.length, lengths),
        ]
        for area_id, name, place, share, *lengths in zip(
            shares["area_id"],
            shares["name"] if named else shares["area_id"],
            shares.geometry,
            *(shares[column] for column in [*columns, "border_length_m"]),
            strict=True,
        )
    ]
    total = [
        say("total"),
        *([""] if named else []),
        say.share(coverage.covered_share),
        say.length(coverage.covered_length_m),
        say.length(coverage.due_length_m),
        say.length(coverage.gap_length_m),
        say.length(float(pd.Series(shares["border_length_m"]).sum())),
    ]
    return html_table(title, heads, rows, numbers=range(1 + named, len(heads)), foot=total)


def volunteer_rows(reports: VolunteerReports, say: Words) -> list[list[str]]:
    """
    Return what volunteers reported, by occupation.

    Parameters
    ----------
    reports
        Outcome of `geo.posts.volunteer_reports`.
    say
        The words of the page.

    Returns
    -------
    rows
        Plain text: the heads, a row for each occupation, and the total.
    """
    keys = ("people", "leads", "leads_per_person")
    summary = reports.summary()
    named = [
        (cell(row["occupation"]) or say("not_stated"), row) for row in summary["by_occupation"]
    ]
    return [
        [say("occupation"), *map(say, keys)],
        *(
            [name, _count(row["people"]), _count(row["leads"]), _rate(row["leads_per_person"])]
            for name, row in [*named, (say("total"), summary)]
        ),
    ]


def volunteer_table(reports: VolunteerReports, say: Words) -> str:
    """
    Write what volunteers reported as a table.

    Parameters
    ----------
    reports
        Outcome of `geo.posts.volunteer_reports`.
    say
        The words of the page.

    Returns
    -------
    html
        A heading and a table that ends with the total.
    """
    heads, *rows, total = volunteer_rows(reports, say)
    return html_table(say("volunteers"), heads, rows, numbers=range(1, len(heads)), foot=total)


def _count(number: int | None) -> str:
    """Write a count; one that is unknown is no 0."""
    return "" if number is None else f"{number:,}"


def _rate(number: float | None) -> str:
    return "" if number is None else f"{number:,.2f}"
