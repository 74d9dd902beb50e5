"""A run as people read it in a terminal."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Literal

import geopandas as gpd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.camera_report import camera_pairs
from api.marking import remark
from api.posts import PostFindings
from api.ranked_gaps import ranked_remarks
from api.services import Run
from api.words import role_name, say
from data import Layer, Note, step, word
from geo.posts import VolunteerReports
from maps import Words, words
from maps.figures import post_figures, proposal_figures, spacing_figures, volunteer_rows
from maps.tables import TextTable

SHOWN_ROWS: Final = 10
"""Rows set aside that are listed per layer; all are in `result.gpkg`."""

SHOWN_AREAS: Final = 30
"""Areas that are listed; all are in the summary and in `result.gpkg`."""

SHOWN_LISTED: Final = 30
"""Rows of a table that are printed; all are in `result.gpkg`."""


def show_run(done: Run, files: Mapping[str, Path], console: Console, *, lang: str) -> None:
    """
    Print the key figures, the areas, the notes, what was set aside and what to do next.

    Parameters
    ----------
    done
        A run.
    files
        What was written; may be empty.
    console
        Where to print.
    lang
        "zh" or "en".
    """
    console.print(_figures(done, lang))
    if isinstance(done.findings, PostFindings) and done.findings.volunteers is not None:
        console.print(_volunteers(done.findings.volunteers, lang))
    for listing in done.listings(lang):
        console.print(shown_table(listing, lang))
    if done.ranks is not None:
        for line in ranked_remarks(done.ranks, lang):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    if done.by_area is not None:
        console.print(_areas(done.by_area, done.sites, lang))
        hidden = len(done.by_area) - SHOWN_AREAS
        if hidden > 0:
            file = files.get("summary", Path("summary.json"))
            console.print(say("more_areas", lang, count=hidden, file=file.name))
    show_aside(done.layers, done.notes, console, lang=lang)
    show_files(files, console, lang=lang)


def show_aside(
    layers: Mapping[str, Layer],
    notes: Iterable[tuple[str, Note]],
    console: Console,
    *,
    lang: str,
) -> None:
    """
    Print what was noticed while reading, and the rows that were set aside.

    Parameters
    ----------
    layers
        Role -> layer.
    notes
        Role and note, in order.
    console
        Where to print.
    lang
        "zh" or "en".
    """
    for role, note in notes:
        console.print(f"[dim]{say('note', lang)} · {escape(role_name(role, lang))}[/] ", end="")
        console.print(note.text(lang), markup=False, highlight=False)
    for role, layer in layers.items():
        if len(layer.quarantine):
            console.print(_set_aside(role, layer, lang))


def show_files(files: Mapping[str, Path], console: Console, *, lang: str) -> None:
    """
    Print what was written and what to do next.

    Parameters
    ----------
    files
        What was written; may be empty.
    console
        Where to print.
    lang
        "zh" or "en".
    """
    if not files:
        console.print(say("next_out", lang), markup=False, soft_wrap=True)
        return
    names = ", ".join(str(path) for path in files.values())
    console.print(say("written", lang, files=names), markup=False, soft_wrap=True)
    following = say("next_map", lang, file=files["map"]) if "map" in files else say("no_map", lang)
    console.print(following, markup=False, soft_wrap=True)


def _figures(done: Run, lang: str) -> Table:
    words_of_maps = words(lang)
    coverage, found = done.coverage, done.findings
    captions = found.remarks(lang)
    if isinstance(found, PostFindings):
        pairs = _post_figures(found, words_of_maps, lang)
        straight = [words_of_maps("straight")] if found.coverage.distance == "straight" else []
        captions = [*straight, remark(done.marking, lang), *captions]
    else:
        pairs = camera_pairs(found, words_of_maps, lang)
    excluded = coverage.streets.excluded_length_m
    if excluded:
        reasons = ("、" if lang == "zh" else ", ").join(say(reason, lang) for reason in excluded)
        length = words_of_maps.length(sum(excluded.values()))
        pairs.append((say("excluded", lang, reasons=reasons), length))
    title = f"{say(f'{done.sites}_title', lang)} · {done.layers[done.sites].source}"
    table = Table(title=title, caption="；".join(captions) or None, title_justify="left")
    table.add_column(say("figure", lang))
    table.add_column(say("value", lang), justify="right")
    for label, value in pairs:
        table.add_row(label, value)
    return table


def shown_table(said: TextTable, lang: str) -> Table:
    """
    Return a table in words for the terminal.

    Parameters
    ----------
    said
        Title, heads and rows.
    lang
        "zh" or "en".

    Returns
    -------
    table
        Its first rows, and how many more there are.
    """
    heads, *rows = said.rows
    hidden = len(rows) - SHOWN_LISTED
    caption = say("more_rows", lang, count=hidden) if hidden > 0 else None
    table = Table(title=said.title, caption=caption, title_justify="left")
    for number, head in enumerate(heads):
        # Nothing of a cell may be cut off: what ends a sentence may be that it is chance.
        justify: Literal["left", "right"] = "right" if number >= said.numbers_from else "left"
        table.add_column(head, justify=justify, overflow="fold")
    for row in rows[:SHOWN_LISTED]:
        table.add_row(*map(escape, row))
    return table


def _post_figures(found: PostFindings, words_of_maps: Words, lang: str) -> list[tuple[str, str]]:
    pairs = [*post_figures(found.coverage, words_of_maps)]
    pairs += spacing_figures(found.spacing, words_of_maps)
    worst = None if found.hours is None else found.hours.worst
    if worst is not None:
        day = say(f"day.{worst['day']}", lang)
        hour = say("worst_hour", lang, hour=f"{day} {worst['clock']:02d}:00")
        pairs.append((hour, words_of_maps.share(worst["lowest_share"])))
    pairs += _value_figures(found, words_of_maps, lang)
    if found.proposal is not None:
        pairs += proposal_figures(found.proposal, words_of_maps)
    return pairs


def _value_figures(found: PostFindings, words_of_maps: Words, lang: str) -> list[tuple[str, str]]:
    """Return the shares of households and of key sites, where these were given."""
    return [
        (
            say(f"covered_{row['of']}", lang),
            say(
                "covered_of",
                lang,
                covered=f"{row['covered']:,.0f}",
                total=f"{row['total']:,.0f}",
                share=words_of_maps.share(row["share"]),
            ),
        )
        for row in found.value.summary()["shares"]
        if row["of"] in ("households", "key_sites")
    ]


def _volunteers(reports: VolunteerReports, lang: str) -> Table:
    words_of_maps = words(lang)
    (first, *others), *rows = volunteer_rows(reports, words_of_maps)
    table = Table(title=words_of_maps("volunteers"), title_justify="left")
    table.add_column(first)
    for head in others:
        table.add_column(head, justify="right")
    for name, *numbers in rows:
        table.add_row(escape(name), *numbers)
    return table


def _areas(by_area: gpd.GeoDataFrame, sites: str, lang: str) -> Table:
    words_of_maps = words(lang)
    table = Table()
    table.add_column(say("area", lang))
    for key in ("due", "gap", "share", "border", sites):
        table.add_column(say(key, lang), justify="right")
    # The worst areas first; the rest outside stays last.
    listed = by_area.iloc[:-1].sort_values("gap_length_m", ascending=False).head(SHOWN_AREAS - 1)
    for row in [*listed.to_dict("records"), by_area.iloc[-1].to_dict()]:
        outside = row["area_id"] == by_area["area_id"].iloc[-1]
        name = say("area_outside", lang) if outside else str(row.get("name") or row["area_id"])
        share = row["covered_share"]
        table.add_row(
            name,
            words_of_maps.length(row["due_length_m"]),
            words_of_maps.length(row["gap_length_m"]),
            words_of_maps.share(None if math.isnan(share) else share),
            words_of_maps.length(row["border_length_m"]),
            f"{row[sites]:,}",
        )
    return table


def _set_aside(role: str, layer: Layer, lang: str) -> Table:
    title = f"{say('set_aside', lang)} · {escape(role_name(role, lang))} · {layer.source}"
    hidden = len(layer.quarantine) - SHOWN_ROWS
    caption = say("more_rows", lang, count=hidden) if hidden > 0 else None
    table = Table(title=title, caption=caption, title_justify="left")
    for key in ("row", "reason", "detail", "step"):
        table.add_column(say(key, lang))
    for row in layer.quarantine.head(SHOWN_ROWS).itertuples():
        table.add_row(str(row.row), word(row.reason, lang), str(row.detail), step(row.reason, lang))
    return table
