"""Gaps of posts and cameras by the incidents at them: which to close first."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from api.incidents.gathering import counted_layer
from api.incidents.listings import Cell, Listing
from api.incidents.spans import period_said
from api.intake import has_places
from api.words import say
from data import Layer
from geo.incidents.gap_ranks import GapRanks
from maps import words
from maps.tables import TextTable

INCIDENTS: Final = "incidents"
"""The role of what happened, which ranks gaps and weighs where cameras are to look."""

SHOWN: Final = 10
"""Gaps that are listed; all are in `result.gpkg`."""


def with_placeless(layers: Mapping[str, Layer]) -> Mapping[str, Layer]:
    """
    Count incidents without a place as rows too, so that nothing given goes unsaid.

    Parameters
    ----------
    layers
        Role -> layer as read.

    Returns
    -------
    layers
        The same where there are no incidents, or none has a place: those cannot be used.
    """
    layer = layers.get(INCIDENTS)
    if layer is None or not has_places(layer.frame):
        return layers
    return {**layers, INCIDENTS: counted_layer(layer)}


def ranked_summary(ranks: GapRanks) -> dict[str, Any]:
    """
    Return what was counted and the gaps to close first, ready for JSON.

    Parameters
    ----------
    ranks
        The gaps by the incidents at them.

    Returns
    -------
    summary
        The keys of `GapRanks.summary`, and "first": a row a gap.
    """
    names = ["rank", "street_id", "start_m", "end_m", "length_m", "incidents",
             "incidents_per_100_m"]  # fmt: skip
    first = pd.DataFrame(_first(ranks))[names].astype(object)
    return ranks.summary() | {"first": first.where(first.notna(), None).to_dict("records")}


def ranked_table(ranks: GapRanks, streets: gpd.GeoDataFrame, lang: str) -> TextTable:
    """
    List the gaps to close first.

    Parameters
    ----------
    ranks
        The gaps by the incidents at them.
    streets
        The streets of the run with `street_id`; `name` where there is any.
    lang
        "zh" or "en".

    Returns
    -------
    table
        A street without a name stands under its id.
    """
    names: dict[Any, str] = {}
    if "name" in streets.columns:
        named = streets[streets["name"].notna()]
        names = dict(zip(named["street_id"], named["name"].astype(str), strict=True))
    say_map = words(lang)
    rows: list[Sequence[Cell]] = [
        [
            int(row["rank"]),
            names.get(row["street_id"]) or str(row["street_id"]),
            f"{row['start_m']:,.0f} – {row['end_m']:,.0f}",
            say_map.length(row["length_m"]),
            int(row["incidents"]),
            f"{row['incidents_per_100_m']:,.1f}",
        ]
        for row in _first(ranks).to_dict("records")
    ]
    heads = ("rank_head", "street_head", "stretch_head", "length_head", "incidents_head",
             "per_100_m_head")  # fmt: skip
    return Listing(say("ranked_table", lang), [say(head, lang) for head in heads], rows, 2).text()


def ranked_remarks(ranks: GapRanks, lang: str) -> list[str]:
    """
    Say which incidents rank the gaps, and which do not.

    Parameters
    ----------
    ranks
        The gaps by the incidents at them.
    lang
        "zh" or "en".

    Returns
    -------
    remarks
        The days and the counts, what patrols found, and what has no place.
    """
    taken = ranks.taken
    days = say("no_days", lang) if ranks.days is None else period_said(ranks.days, lang)
    counts = {"gaps": ranks.at_gaps, "covered": ranks.at_covered, "far": taken.outside}
    told = {name: f"{count:,}" for name, count in counts.items()}
    reach = words(lang).length(ranks.reach_m)
    remarks = [say("gaps_ranked", lang, days=days, reach=reach, **told)]
    if taken.left_out.denominator:
        remarks.append(say("gap_patrols_left_out", lang, rate=taken.left_out.text(lang)))
    if taken.unknown_source:
        remarks.append(say("source_unknown", lang, count=f"{taken.unknown_source:,}"))
    if taken.without_place:
        count = f"{taken.without_place:,}"
        remarks.append(say("gap_without_place", lang, count=count))
    return remarks


def _first(ranks: GapRanks) -> gpd.GeoDataFrame:
    """Return the first gaps at which something happened."""
    return ranks.gaps[ranks.gaps["incidents"] > 0].head(SHOWN)
