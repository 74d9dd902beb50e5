"""What is closed where and what is resolved: rates with both their counts."""

import pandas as pd

from api.incidents.listings import Cell, Listing
from api.incidents.statistics import Statistics
from api.incidents.told import Names
from api.words import say
from geo.incidents.numbers import Rate
from geo.incidents.rate_changes import RateChange, rate_change


def closing_listings(found: Statistics, lang: str) -> list[Listing]:
    """
    Write where matters were closed, and the classes of grid events.

    Parameters
    ----------
    found
        Any statistics.
    lang
        "zh" or "en".

    Returns
    -------
    listings
        None of what nobody tells.
    """
    names, told = Names(found, lang), []
    if found.closing is not None:
        rows: list[list[Cell]] = [
            [
                say(f"level.{row['level']}", lang),
                names.unit(row["count_unit"]),
                int(row["count"]),
                Rate(int(row["count"]), int(row["closed"])).text(lang),
            ]
            for row in found.closing.table.to_dict("records")
        ]
        heads = ("level_head", "unit_of_count", "closed_count", "share_of_all")
        told.append(Listing(say("closing_table", lang), [say(h, lang) for h in heads], rows, 2))
    if found.grid is not None:
        told.append(_grid(found.grid, names, lang))
    return told


def rate_changes(found: Statistics) -> dict[str, dict[str, RateChange]]:
    """
    Hold the rates of resolution and of mediation against those of before.

    Parameters
    ----------
    found
        Any statistics.

    Returns
    -------
    changes
        Rate -> unit -> its change; empty where nobody tells what is closed.
    """
    now, before = found.settled, found.settled_before
    if now is None or before is None:
        return {}
    told: dict[str, dict[str, RateChange]] = {}
    for name in ("resolution", "mediation"):
        for unit in now.total["count_unit"]:
            rate = now.rate(name, str(unit))
            if rate.denominator:
                change = rate_change(before.rate(name, str(unit)), rate)
                told.setdefault(name, {})[str(unit)] = change
    return told


def rate_listings(found: Statistics, lang: str) -> list[Listing]:
    """
    Write the rates of resolution and mediation, with both their counts, and by class.

    Parameters
    ----------
    found
        Any statistics.
    lang
        "zh" or "en".

    Returns
    -------
    listings
        None where nobody tells what is closed.
    """
    changes = rate_changes(found)
    if not changes or found.settled is None or found.comparison is None:
        return []
    names, against = Names(found, lang), found.comparison.kind
    rows: list[list[Cell]] = [
        [
            say(f"rate.{name}", lang),
            names.unit(unit),
            change.now.text(lang),
            change.sentence(against=against, lang=lang, relative=bool(change.difference)),
        ]
        for name, units in changes.items()
        for unit, change in units.items()
    ]
    heads: tuple[str, ...] = ("rate_head", "unit_of_count", "rate_now", "change_head")
    told = [Listing(say("rates_table", lang), [say(head, lang) for head in heads], rows, 2)]
    parts: list[list[Cell]] = [
        [
            names.of("class", row),
            names.unit(row["count_unit"]),
            int(row["accepted"]),
            int(row["resolved"]),
            int(row["pending"]),
            Rate(int(row["resolved"]), int(row["accepted"])).percent(lang, 2),
            Rate(int(row["successful"]), int(row["mediated"])).text(lang)
            if row["mediated"] else "",
        ]
        for row in found.settled.by_class.to_dict("records")
    ]  # fmt: skip
    heads = ("by.class", "unit_of_count", "accepted_head", "resolved_head", "pending_head",
             "rate.resolution", "rate.mediation")  # fmt: skip
    told.append(Listing(say("settled_table", lang), [say(h, lang) for h in heads], parts, 2))
    return told


def _grid(grid: pd.DataFrame, names: Names, lang: str) -> Listing:
    """Write the classes of grid events with the share closed in the grid, and their sum."""
    rows: list[list[Cell]] = []
    for unit, part in grid.groupby("count_unit", sort=False):
        for row in part.to_dict("records"):
            rate = Rate(int(row["closed_in_grid"]), int(row["count"]))
            rows.append(
                [
                    say(f"group.{row['group']}", lang),
                    names.unit(str(unit)),
                    int(row["count"]),
                    int(row["closed_in_grid"]),
                    rate.text(lang),
                ]
            )
        whole = Rate(int(part["closed_in_grid"].sum()), int(part["count"].sum()))
        rows.append([say("all_together", lang), names.unit(str(unit)), whole.denominator,
                     whole.numerator, whole.text(lang)])  # fmt: skip
    heads = ("by.group", "unit_of_count", "accepted_head", "closed_in_grid_head", "share_head")
    return Listing(say("grid_classes_table", lang), [say(head, lang) for head in heads], rows, 2)
