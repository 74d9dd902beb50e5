"""The monthly pack: statistics, hours and hot spots of a month, on paper, as workbook and map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd

from api.answering import Outcome
from api.incidents.hotspots import shown_spots, spot_figures, spot_listing, spot_remarks
from api.incidents.hours import (
    hour_figures,
    hour_listings,
    most_counted,
    slot_listing,
    timed_units,
)
from api.incidents.listings import Listing
from api.incidents.pack import pack_of
from api.incidents.spans import period_said
from api.incidents.spots import SpotOptions, Spotted, spots_of
from api.incidents.standing import both_fell, both_said, differences_said, notes_said, silent_areas
from api.incidents.statistics import Statistics, StatOptions, statistics_of
from api.incidents.stats import (
    area_figures,
    in_days,
    stat_figures,
    stat_listings,
    stat_summary,
    stat_tables,
)
from api.incidents.told import Names, with_sentences
from api.intake import has_places
from api.results import today
from api.words import say
from geo.incidents.hourly import hours
from geo.incidents.periods import Period
from geo.incidents.rows import in_period
from geo.incidents.wording import counted
from maps import Imprint, IncidentScene, ReportScene, Section, incident_report

Frames = Mapping[str, gpd.GeoDataFrame]

WORKBOOK = "report.xlsx"
"""What the workbook is called."""

PAPER = "report.html"
"""What the page to be printed is called."""


@dataclass(frozen=True)
class ReportOptions:
    """
    What is asked of a monthly pack.

    Parameters
    ----------
    stats
        What is asked about counts; its period is the month.
    spots
        What is asked about hot spots; their period is the same.
    source
        Whose data it is, for the paper.
    datum
        The least exact datum of what was read.
    notes
        What has to be said first of what was read, such as what of it is not seen.
    """

    stats: StatOptions
    spots: SpotOptions
    source: str = ""
    datum: str = "wgs84"
    notes: Sequence[str] = ()


def make_report(frames: Frames, options: ReportOptions, *, lang: str) -> Outcome:
    """
    Make the pack of a month.

    Parameters
    ----------
    frames
        "incidents"; "areas", "streets" (for hot spots by segment), "parent", "reporting",
        "classes" and "tags" where they are given. One metric CRS.
    options
        What is asked.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        With a workbook and a page to be printed; the same inputs give the same tables.

    Raises
    ------
    GeoError
        When a column is missing, a number is none, or nothing of the month is within the data.
    """
    found = statistics_of(frames, options.stats)
    period = None if found.comparison is None else found.comparison.now
    week = hours(frames["incidents"], period=period)
    spotted = _spotted(frames, options.spots, period)
    sections = {name: list(parts) for name, parts in stat_listings(found, lang).items()}
    if period is not None:
        # A month's report is of the month: plain counts of all rows are no part of it.
        sections["totals"] = sections["totals"][:1]
    slots = [slot_listing(week, unit, lang) for unit in timed_units(week)]
    # On paper the week is drawn, shaded.
    printed = sections | {"hours": [*sections.get("hours", []), *slots]}
    printed["areas"] = [_met(listing) for listing in printed.get("areas", [])]
    sections["hours"] = [*sections.get("hours", []), *hour_listings(week, lang)]
    if spotted is not None:
        sections["spots"] = [spot_listing(spotted, lang)]
    heading = _heading(period, lang)
    summary = _sentences(found, spotted, lang)
    notes = [*options.notes, *_notes(found, spotted, lang)]
    areas = area_figures(found, lang)
    unit = most_counted(week)
    matrix = None if unit is None else week.matrix(unit).to_numpy()
    paper = ReportScene(
        period="" if period is None else period_said(period, lang),
        summary=summary,
        sections=_paper_sections(printed, notes),
        areas=None if areas is None or "now" not in areas else areas,
        colour="share" if areas is not None and "share" in areas else "now",
        unit=found.unit,
        hot_spots=None if spotted is None else shown_spots(spotted, known=False),
        hours=matrix,
        streets=frames.get("streets"),
    )
    imprint = Imprint(
        heading, today(), source=options.source, datum=options.datum, remarks=[], lang=lang
    )
    scene = IncidentScene(
        incidents=in_days(frames["incidents"], found),
        areas=areas,
        colours=[name for name in ("per_ten_thousand", "share", "now")
                 if areas is not None and name in areas],
        unit=found.unit,
        hot_places=None if spotted is None else spotted.found.places,
        hot_spots=paper.hot_spots,
        hours=matrix,
        streets=frames.get("streets"),
        figures=[
            *stat_figures(found, lang), *hour_figures(week, lang),
            *([] if spotted is None else spot_figures(spotted, lang)),
        ],
        tables=[each.text() for parts in sections.values() for each in parts],
    )  # fmt: skip
    told = stat_summary(found, lang) | {
        "sentences": summary,
        "hours": week.summary(),
        "hot_spots": None if spotted is None else spotted.summary(),
    }
    tables = stat_tables(found, lang) | {"hours": week.frame, "slots": week.by_slot}
    if spotted is not None:
        tables |= spotted.tables()
    return Outcome(
        told,
        tables,
        scene,
        notes,
        _following(period, spotted, lang),
        texts={PAPER: incident_report(paper, imprint)},
        books={WORKBOOK: pack_of(heading, sections, summary, notes, lang=lang)},
    )


def _spotted(frames: Frames, options: SpotOptions, period: Period | None) -> Spotted | None:
    """Find the hot spots of the month; None where nothing has a place or a time."""
    incidents = frames["incidents"]
    if period is None or not has_places(incidents[in_period(incidents, period)]):
        return None
    return spots_of(frames, replace(options, period=period))


def _heading(period: Period | None, lang: str) -> str:
    if period is None:
        return say("pack_title", lang)
    return say("month_report_title", lang, period=period_said(period, lang))


def _sentences(found: Statistics, spotted: Spotted | None, lang: str) -> list[str]:
    """Return what the report says first: each total with its change, double falls, hot spots."""
    names = Names(found, lang)
    told = []
    total = with_sentences(found.total, found, lang)
    moved = differences_said(found, lang)
    for row, difference in zip(total.to_dict("records"), moved, strict=True):
        number = counted(f"{int(row['now']):,}", row["count_unit"], lang, one=row["now"] == 1)
        told.append(say("total_sentence", lang, count=number, change=row["sentence"],
                        difference=difference))  # fmt: skip
    for word in ("kind", "tag"):
        compared = found.compared.get(word)
        if compared is None or (word == "kind" and len(compared.frame) < 2):  # noqa: PLR2004 - one
            continue
        rows = with_sentences(compared.frame, found, lang)
        told += [
            say("part_sentence", lang, name=names.of(word, row), change=row["sentence"])
            for row in rows.to_dict("records")
        ]
    both = both_fell(found)
    if both is not None:
        told.append(both_said(both, lang))
    told += silent_areas(found, lang)
    if spotted is not None and len(spotted.found.spots):
        told.append(
            say("spots_sentence", lang, count=len(spotted.found.spots),
                incidents=int(spotted.found.spots["n"].sum()))
        )  # fmt: skip
    return told


def _notes(found: Statistics, spotted: Spotted | None, lang: str) -> list[str]:
    notes = notes_said(found, lang)
    # The days of hot spots are those of the month, which stand first.
    return notes if spotted is None else [*notes, *spot_remarks(spotted, lang)[1:]]


def _following(period: Period | None, spotted: Spotted | None, lang: str) -> str:
    """Name the options of this command that its notes call for, for the terminal alone."""
    hints = {
        "time_column": period is None,
        "ground": spotted is not None and spotted.on_bounds,
    }
    return "\n".join(say(f"hint.{name}", lang) for name, fits in hints.items() if fits)


def _met(listing: Listing) -> Listing:
    """Leave out areas without a count on either side, which the paper names in a sentence."""
    counts = slice(listing.numbers_from, listing.numbers_from + 2)
    rows = [row for row in listing.rows if any(row[counts])]
    return replace(listing, rows=rows)


def _paper_sections(sections: Mapping[str, list[Listing]], notes: list[str]) -> dict[str, Section]:
    """Return the sections of the paper; it lists hot spots by itself."""
    told = {name: Section(tables=[each.text() for each in parts])
            for name, parts in sections.items()}  # fmt: skip
    told["notes"] = replace(told.get("notes", Section()), lines=notes)
    return told
