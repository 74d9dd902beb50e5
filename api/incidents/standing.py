"""How a place stands: beside its parent, areas that are high or silent, and what has to be said."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from api.incidents.listings import Cell, Listing
from api.incidents.spans import begins_before, period_said
from api.incidents.statistics import Statistics
from api.incidents.told import Names
from api.words import say
from geo.incidents.changes import difference_text
from geo.incidents.compared import BothFell, Compared
from geo.incidents.numbers import exact, half_up, per_ten_thousand_text, plain_text
from geo.incidents.telling import move_text, p_text

BESIDE: Final = ("kind", "class", "group", "colour")
"""What a place is held beside its parent by, as far as it was asked."""

FORMULAS: Final = (
    "change", "difference", "tests", "small", "rate", "resolution", "mediation", "closed_share",
    "closed_in_grid", "units", "about", "tags", "border",
)  # fmt: skip
"""What is explained beside the numbers."""

MOST_NAMED: Final = 20
"""Areas that a sentence names; the others are counted."""


def both_fell(found: Statistics) -> BothFell | None:
    """
    Tell whether criminal cases and those of public order fell together (双下降).

    Parameters
    ----------
    found
        Any statistics.

    Returns
    -------
    both
        None where one of them is not counted at all.
    """
    compared = next(iter(found.compared.values()), None)
    if compared is None:
        return None
    both = compared.both_fell()
    return both if len(set(both.rows["class"])) > 1 else None


def both_said(both: BothFell, lang: str) -> str:
    """
    Say whether two classes fell together.

    Parameters
    ----------
    both
        Outcome of `both_fell`.
    lang
        "zh" or "en".

    Returns
    -------
    sentence
        With what may be chance.
    """
    text = say("both_fell" if both.fell else "not_both_fell", lang)
    if not both.chance:
        return text
    names = [say(f"group.{name}", lang) for name in both.chance]
    return text + say("fall_by_chance", lang, names=_list(names, lang))


def beside_listings(found: Statistics, lang: str) -> list[Listing]:
    """
    Write all areas together beside the parent, for the same periods.

    Parameters
    ----------
    found
        Any statistics.
    lang
        "zh" or "en".

    Returns
    -------
    listings
        One per thing that is counted by; none without a parent.
    """
    told = []
    for word in BESIDE:
        compared = found.compared.get(word)
        if compared is not None and compared.parent is not None:
            told.append(_beside(word, compared, found, lang))
    return told


def high_listing(found: Statistics, lang: str) -> Listing | None:
    """
    Write the areas that have more than their share.

    Parameters
    ----------
    found
        Any statistics.
    lang
        "zh" or "en".

    Returns
    -------
    listing
        None where nothing was counted by area.
    """
    compared = found.compared.get("area")
    if compared is None:
        return None
    names = Names(found, lang)
    heads = ("rank_head", "by.area", "unit_of_count", "count_now", "expected_head", "ratio_head",
             "q_head", "mark_head")  # fmt: skip
    rows: list[Sequence[Cell]] = [
        [
            None if pd.isna(row["rank"]) else int(row["rank"]),
            names.of("area", row),
            names.unit(row["count_unit"]),
            int(row["now"]),
            float(half_up(float(row["expected"]), 1)),
            say("times", lang, number=plain_text(float(row["ratio"]), 1)),
            p_text(float(row["q"])).replace("p", "q", 1),
            say("unstable_mark", lang) if row["unstable"] else "",
        ]
        for row in compared.high_incidence.to_dict("records")
    ]
    title = say("high_table", lang, basis=say(f"basis_of.{compared.reference}", lang))
    return Listing(title, [say(head, lang) for head in heads], rows, 3)


def silent_areas(found: Statistics, lang: str) -> list[str]:
    """
    Say which areas reported none, and of which nobody knows.

    Parameters
    ----------
    found
        Any statistics.
    lang
        "zh" or "en".

    Returns
    -------
    sentences
        A zero only where the area reported.
    """
    compared = found.compared.get("area")
    if compared is None or found.areas is None:
        return []
    names = Names(found, lang)
    told = []
    for key, areas in (
        ("zero_areas", compared.zero_areas),
        ("no_data_areas", compared.no_data_areas),
        ("none_recorded_areas", compared.none_recorded_areas),
    ):
        if areas:
            named = [names.areas.get(code, code) for code in areas]
            text = _list(named[:MOST_NAMED], lang)
            if len(named) > MOST_NAMED:
                text += say("and_others", lang)
            told.append(say(key, lang, count=len(areas), names=text))
    return told


def notes_said(found: Statistics, lang: str) -> list[str]:
    """
    Say what whoever reads the numbers has to know of the period.

    Parameters
    ----------
    found
        Any statistics.
    lang
        "zh" or "en".

    Returns
    -------
    sentences
        The days, what makes the periods unequal, what has no time or no place.
    """
    if found.comparison is None or found.data is None:
        return [say("no_times", lang)]
    comparison = found.comparison
    told = [
        say(
            "days_compared", lang, now=period_said(comparison.now, lang),
            before=period_said(comparison.before, lang),
            against=say(f"against.{comparison.kind}", lang),
        )
    ]  # fmt: skip
    if not found.chosen:
        told.append(say("period_not_chosen", lang))
    told += [note.text(lang) for note in comparison.notes]
    if found.silent_from is not None:
        told.append(say("data_end", lang, last=found.silent_from.isoformat()))
    if begins_before(comparison.before, found.data):
        told.append(say("before_without_data", lang, first=found.data.start.isoformat()))
    if found.total.empty or not int(found.total["now"].sum()):
        told.append(
            say("nothing_in_period", lang, first=found.data.start.isoformat(),
                last=found.data.last_day.isoformat())
        )  # fmt: skip
    compared = next(iter(found.compared.values()))
    if compared.untimed:
        told.append(say("untimed", lang, count=compared.untimed))
    missing = compared.before_of_no_data
    if missing:
        names = Names(found, lang)
        parts = [f"{count:,}{names.unit(unit)}" for unit, count in missing.items()]
        told.append(say("fall_is_silence", lang, counts=_list(parts, lang)))
    if found.settled is not None and len(found.settled.pending):
        told.append(say("pending_at", lang, count=len(found.settled.pending),
                        day=found.settled.cut_off.isoformat()))  # fmt: skip
    return told


def stat_hints(found: Statistics, lang: str) -> list[str]:
    """
    Name the options of the command that would change what `notes_said` says.

    Parameters
    ----------
    found
        Any statistics.
    lang
        "zh" or "en".

    Returns
    -------
    hints
        For the terminal alone: a page, a paper and the service have no such options.
    """
    if found.comparison is None:
        return [say("hint.time_column", lang)]
    told = []
    if found.silent_from is not None:
        told.append(say("hint.until", lang, last=found.silent_from.isoformat()))
    if not found.chosen or found.total.empty or not int(found.total["now"].sum()):
        told.append(say("hint.days", lang))
    return told


def differences_said(found: Statistics, lang: str) -> list[str]:
    """
    Say the change of each total as a number of matters, which is no percentage.

    Parameters
    ----------
    found
        Any statistics.
    lang
        "zh" or "en".

    Returns
    -------
    sentences
        One per unit.
    """
    return [
        difference_text(int(row["difference"]), row["count_unit"], lang=lang)
        for row in found.total.to_dict("records")
    ]


def formula_listing(lang: str) -> Listing:
    """
    Explain how every figure is reckoned.

    Parameters
    ----------
    lang
        "zh" or "en".

    Returns
    -------
    listing
        Figure and formula.
    """
    heads = [say(head, lang) for head in ("figure", "formula_head")]
    rows = [[say(f"reckoned_of.{name}", lang), say(f"reckoned.{name}", lang)] for name in FORMULAS]
    return Listing(say("formulas_table", lang), heads, rows, 2)


def _beside(word: str, compared: Compared, found: Statistics, lang: str) -> Listing:
    """Write ours and the parent's counts, changes and rates side by side."""
    names = Names(found, lang)
    people = "per_ten_thousand" in compared.beside_parent.columns
    heads = [f"by.{word}", "unit_of_count", "count_before", "count_now", "change_of_count",
             "parent_before", "parent_now", "parent_change"]  # fmt: skip
    heads += ["per_people_head", "parent_per_people"] if people else []
    rows: list[Sequence[Cell]] = []
    for row in compared.beside_parent.to_dict("records"):
        theirs = {name: row[f"parent_{name}"] for name in ("now", "before")}
        rates = [_rate(row.get(f"{of}per_ten_thousand"), lang) for of in ("", "parent_")]
        rows.append(
            [
                names.of(word, row),
                names.unit(row["count_unit"]),
                int(row["before"]),
                int(row["now"]),
                _moved(row, lang),
                int(theirs["before"]),
                int(theirs["now"]),
                _moved(theirs, lang) + (say("beyond_parent", lang) if row["beyond_parent"] else ""),
                *(rates if people else []),
            ]
        )
    return Listing(say("parent_table", lang), [say(head, lang) for head in heads], rows, 2)


def _moved(row: Mapping[str, Any], lang: str) -> str:
    """Write how far a count rose or fell, in percent."""
    now, before = int(row["now"]), int(row["before"])
    if now == before:
        return move_text(Fraction(0), lang)
    return move_text(Fraction(now - before, before) if before else None, lang)


def _rate(value: float | None, lang: str) -> str:
    """Write a rate per ten thousand."""
    if value is None or pd.isna(value):
        return per_ten_thousand_text(None, lang=lang)
    return per_ten_thousand_text(exact(float(value)) / 10_000, lang=lang)


def _list(parts: Sequence[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(parts)
