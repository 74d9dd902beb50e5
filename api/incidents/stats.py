"""What `gridpatrol incidents stats` finds: counts that add up, changes that say what is chance."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from api.answering import Outcome
from api.incidents.listings import Listing
from api.incidents.rates import closing_listings, rate_changes, rate_listings
from api.incidents.standing import (
    beside_listings,
    both_fell,
    both_said,
    differences_said,
    formula_listing,
    high_listing,
    notes_said,
    silent_areas,
    stat_hints,
)
from api.incidents.statistics import Statistics, StatOptions, statistics_of
from api.incidents.told import Names, change_listings, change_records, with_sentences
from api.words import say
from geo.incidents.compared import records
from geo.incidents.rows import in_period
from geo.incidents.wording import counted
from maps import IncidentScene

Frames = Mapping[str, gpd.GeoDataFrame]

MAPPED = (
    "now",
    "before",
    "share",
    "e_p",
    "significant",
    "unstable",
    "per_ten_thousand",
    "sentence",
    "state",
)
"""What the map shows of each area."""


def tell_changes(frames: Frames, options: StatOptions, *, lang: str) -> Outcome:
    """
    Count incidents by class, tag and area, and hold a period against another.

    Parameters
    ----------
    frames
        See `api.incidents.statistics.statistics_of`.
    options
        What is asked.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        Its summary has plain counts first: `rows`, `with_place`, `repeats`, `by_year`,
        `by_class`, `by_area`.

    Raises
    ------
    GeoError
        When a column is missing, a number is none, or nothing of the period is within the data.
    """
    found = statistics_of(frames, options)
    listings = stat_listings(found, lang)
    areas = area_figures(found, lang)
    scene = IncidentScene(
        incidents=in_days(frames["incidents"], found),
        areas=areas,
        colours=[] if areas is None else _colours(areas),
        unit=found.unit,
        figures=stat_figures(found, lang),
        tables=[listing.text() for parts in listings.values() for listing in parts],
    )
    remarks = [*notes_said(found, lang), *silent_areas(found, lang)]
    both = both_fell(found)
    if both is not None:
        remarks.append(both_said(both, lang))
    return Outcome(
        stat_summary(found, lang),
        stat_tables(found, lang),
        scene,
        remarks,
        "\n".join(stat_hints(found, lang)),
    )


def stat_summary(found: Statistics, lang: str) -> dict[str, Any]:
    """
    Return statistics ready for JSON.

    Parameters
    ----------
    found
        Any statistics.
    lang
        The language of the sentences.

    Returns
    -------
    summary
        Plain counts first; the change tables under "changes".
    """
    summary: dict[str, Any] = dict(found.plain)
    if found.comparison is None or found.data is None:
        return summary | {"comparison": None, "changes": {}}
    both = both_fell(found)
    areas = found.compared.get("area")
    summary |= {
        "data": found.data.summary(),
        "period_chosen": found.chosen,
        "comparison": found.comparison.summary(),
        "changes": change_records(found, lang),
        "both_fell": None if both is None else both.summary(),
        "parent": {
            word: records(each.beside_parent)
            for word, each in found.compared.items()
            if each.parent is not None
        },
        "closing": None if found.closing is None else found.closing.summary(),
        "grid_classes": None if found.grid is None else records(found.grid),
        "resolution": None if found.settled is None else found.settled.summary(),
        "rates": {
            name: {
                unit: {**change.summary(), "sentence": change.sentence(
                    against=found.comparison.kind, lang=lang, relative=bool(change.difference))}
                for unit, change in units.items()
            }
            for name, units in rate_changes(found).items()
        },
    }  # fmt: skip
    if areas is not None:
        told = areas.summary()
        names = ("zero_areas", "no_data_areas", "none_recorded_areas", "unplaced",
                 "high_incidence", "reference", "level", "unstable_below")  # fmt: skip
        summary |= {name: told[name] for name in names}
    return summary


def stat_listings(found: Statistics, lang: str) -> dict[str, list[Listing]]:
    """
    Write all tables of statistics.

    Parameters
    ----------
    found
        Any statistics.
    lang
        "zh" or "en".

    Returns
    -------
    listings
        Section of a report -> its tables, in the order of the report: "totals", "classes",
        "areas", "parent", "rates", "closing", "hours", "notes"; those with nothing are left out.
    """
    plain = _plain(found, lang)
    if found.comparison is None:
        return {"totals": plain}
    told = change_listings(found, lang)
    high = high_listing(found, lang)
    sections = {
        "totals": [*told.get("totals", []), *plain],
        "classes": told.get("classes", []),
        "areas": [*told.get("areas", []), *([] if high is None else [high])],
        "parent": beside_listings(found, lang),
        "rates": rate_listings(found, lang),
        "closing": closing_listings(found, lang),
        "hours": told.get("hours", []),
        "notes": [formula_listing(lang)],
    }
    filled = {name: [each for each in parts if each.rows] for name, parts in sections.items()}
    return {name: parts for name, parts in filled.items() if parts}


def stat_figures(found: Statistics, lang: str) -> list[tuple[str, str]]:
    """
    Return the key figures of statistics.

    Parameters
    ----------
    found
        Any statistics.
    lang
        "zh" or "en".

    Returns
    -------
    figures
        Labels and values.
    """
    figures = [
        (say("all_rows", lang), f"{found.plain['rows']:,}"),
        (say("rows_with_place", lang), f"{found.plain['with_place']:,}"),
        (say("rows_repeated", lang), f"{found.plain['repeats']:,}"),
    ]
    if found.comparison is None:
        return figures
    total = with_sentences(found.total, found, lang)
    for row, moved in zip(total.to_dict("records"), differences_said(found, lang), strict=True):
        label = say("in_period", lang, unit=Names(found, lang).unit(row["count_unit"]))
        number = counted(f"{int(row['now']):,}", row["count_unit"], lang, one=row["now"] == 1)
        figures += [(label, f"{number} · {moved}"), (say("change_head", lang), row["sentence"])]
    for name, units in rate_changes(found).items():
        figures += [(say(f"rate.{name}", lang), each.now.text(lang)) for each in units.values()]
    return figures


def stat_tables(found: Statistics, lang: str) -> dict[str, pd.DataFrame]:
    """
    Return statistics as layers of a file.

    Parameters
    ----------
    found
        Any statistics.
    lang
        The language of the sentences.

    Returns
    -------
    tables
        "areas" with their figures, "changes_..." by what was counted by, and what else was found.
    """
    tables: dict[str, pd.DataFrame] = {}
    areas = area_figures(found, lang)
    if areas is not None:
        tables["areas"] = areas
    if found.comparison is None:
        return tables
    tables["changes_total"] = with_sentences(found.total, found, lang)
    for word, compared in found.compared.items():
        tables[f"changes_{word}"] = with_sentences(compared.frame, found, lang)
        if compared.parent is not None:
            tables[f"parent_{word}"] = compared.beside_parent
    if "area" in found.compared:
        tables["high_incidence"] = found.compared["area"].high_incidence
    if found.closing is not None:
        tables["closing"] = found.closing.table
    if found.grid is not None:
        tables["grid_classes"] = found.grid
    if found.settled is not None:
        tables |= {"resolution": found.settled.by_class, "pending": found.settled.pending}
    return tables


def area_figures(found: Statistics, lang: str) -> gpd.GeoDataFrame | None:
    """
    Return the areas with the figures that a map shows.

    Parameters
    ----------
    found
        Any statistics.
    lang
        The language of the sentences.

    Returns
    -------
    areas
        In the unit that most is counted in. An area of which nothing is known has no figures: no
        count is no zero unless the area reported. None without areas, or where they were not
        counted by.
    """
    compared = found.compared.get("area")
    if found.areas is None or compared is None:
        return found.areas
    rows = with_sentences(compared.frame, found, lang)
    rows = rows[rows["count_unit"] == found.unit].set_index("area_id")
    silent = rows["state"].isin(["none_recorded", "no_data"])
    rows = rows[[name for name in MAPPED if name in rows.columns]].astype(object)
    rows.loc[silent, [name for name in ("now", "per_ten_thousand") if name in rows]] = None
    code = found.areas["area_id"].astype(str).str.strip()
    told = rows.reindex(code).reset_index(drop=True)
    # An area without a row in this unit has nothing recorded in it.
    told["state"] = told["state"].fillna("none_recorded")
    words = ("significant", "unstable", "sentence", "state")
    numbers = [name for name in told.columns if name not in words]
    told[numbers] = told[numbers].astype(float)
    flags = [name for name in ("significant", "unstable") if name in told]
    told[flags] = told[flags].fillna(value=False).astype(bool)
    kept = found.areas.drop(columns=[name for name in told if name in found.areas])
    return kept.assign(**{name: told[name].to_numpy() for name in told})


def in_days(incidents: gpd.GeoDataFrame, found: Statistics) -> gpd.GeoDataFrame:
    """
    Take the incidents of the period; all, where there is none.

    Parameters
    ----------
    incidents
        n rows.
    found
        What was found of them.

    Returns
    -------
    incidents
        Those that a page shows.
    """
    shown = incidents
    if found.comparison is not None:
        shown = incidents[in_period(incidents, found.comparison.now)]
    # A map tells kinds apart, and says so of rows without one.
    return shown if "kind" in shown.columns else shown.assign(kind=None)


def _colours(areas: gpd.GeoDataFrame) -> list[str]:
    """Return what areas are coloured by: rates where people are known, then changes, counts."""
    return [name for name in ("per_ten_thousand", "share", "now") if name in areas.columns]


def _plain(found: Statistics, lang: str) -> list[Listing]:
    """Write the plain counts of all rows."""
    told = []
    for word in ("year", "class", "area"):
        rows = [[_plain_name(word, code, found, lang), count]
                for code, count in found.plain[f"by_{word}"].items()]  # fmt: skip
        if len(rows) > 1 or word == "year":
            heads = [say(f"by.{word}", lang), say("rows_head", lang)]
            told.append(Listing(say(f"plain_{word}_table", lang), heads, rows, 1))
    return told


def _plain_name(word: str, code: str, found: Statistics, lang: str) -> str:
    """Return what a plain count is of."""
    names = Names(found, lang)
    if word == "area":
        return names.of("area", {"area_id": code})
    return names.unknown(code) or code
