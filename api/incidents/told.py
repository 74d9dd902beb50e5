"""Changes in words: the arithmetic, the counts, whether it is chance; what codes are called."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pandas as pd

from api.incidents.listings import Cell, Listing
from api.incidents.statistics import Statistics
from api.words import WORDS, say
from data.incident_tables import CLASSES, TAGS
from geo.incidents.changes import change
from geo.incidents.compared import Compared, records
from geo.incidents.numbers import exact, per_ten_thousand_text, percent_text
from geo.incidents.periods import Comparison
from geo.incidents.placed import ELSEWHERE
from geo.incidents.slots import usual_slots
from geo.incidents.wording import UNITS, count_text
from maps import words

COLUMNS: Final = {"area": ("area_id",), "class": ("kind", "class"), "group": ("kind", "group")}
"""What counts are told by -> the columns of it, where they are not the word itself."""

SECTIONS: Final = {"area": "areas", "slot": "hours"}
"""What counts are told by -> the section of a report that tells it; the others are classes."""


class Names:
    """
    What codes are called in one language.

    Parameters
    ----------
    found
        Whose tables and areas name them.
    lang
        "zh" or "en".
    """

    def __init__(self, found: Statistics, lang: str) -> None:
        self.lang = lang
        self.say_map = words(lang)
        column = "label" if lang == "zh" else "label_en"
        classes, tags, slots = found.tables[CLASSES], found.tables[TAGS], usual_slots()
        pairs = zip(classes["kind"], classes["class"], strict=True)
        self.classes = dict(zip(pairs, classes[column], strict=True))
        self.tags = dict(zip(tags["tag"], tags[column], strict=True))
        self.slots = dict(zip(slots["slot"], slots[column], strict=True))
        self.areas: dict[str, str] = {}
        if found.areas is not None and "name" in found.areas.columns:
            named = zip(found.areas["area_id"], found.areas["name"], strict=True)
            self.areas = {str(code): str(name) for code, name in named if not pd.isna(name)}

    def unit(self, unit: str) -> str:
        """Return the measure word of a count."""
        return UNITS[unit][0 if self.lang == "zh" else 2]

    def kind(self, kind: object) -> str:
        """Return what a kind is called."""
        return self.unknown(kind) or self.say_map.code("incident", kind)

    def of(self, word: str, row: Mapping[str, Any]) -> str:
        """Return what a row of counts told by some word is called."""
        code = str(row[COLUMNS.get(word, (word,))[-1]])
        if missing := self.unknown(code):
            return missing
        if word == "area":
            key = f"elsewhere.{code}"
            return say(key, self.lang) if key in WORDS else self.areas.get(code, code)
        if word == "class":
            return str(self.classes.get((row["kind"], code)) or self.say_map.code("class", code))
        if word in {"tag", "slot"}:
            known = self.tags if word == "tag" else self.slots
            return known.get(code) or self.other(word, code)
        return self.kind(code) if word == "kind" else self.other(word, code)

    def other(self, word: str, code: str) -> str:
        """Return the word of a code that a table of words may have."""
        key = f"{word}.{code}"
        return say(key, self.lang) if key in WORDS else code

    def unknown(self, code: object) -> str:
        """Return what nothing is called; empty for anything else."""
        return say("not_told", self.lang) if str(code) == "unknown" else ""


def sentences(rows: pd.DataFrame, comparison: Comparison, lang: str) -> list[str]:
    """
    Print the change of each row with its counts and whether it is chance.

    Parameters
    ----------
    rows
        n rows of a comparison: `now`, `before`, `at_least_now`, `at_least_before`, `count_unit`;
        `state` where there are areas.
    comparison
        The periods.
    lang
        "zh" or "en".

    Returns
    -------
    sentences
        n texts; of an area that sent nothing, that there are no data.
    """
    told = np.full(len(rows), "", dtype=object)
    unit = rows["count_unit"].to_numpy(dtype=object)
    for each in dict.fromkeys(unit.tolist()):
        at = np.flatnonzero(unit == each)
        part = rows.iloc[at]
        found = change(
            part["before"].to_numpy(), part["now"].to_numpy(),
            exposure_now=comparison.exposure_now, exposure_before=comparison.exposure_before,
            at_least_now=part["at_least_now"].to_numpy(dtype=bool),
            at_least_before=part["at_least_before"].to_numpy(dtype=bool),
        )  # fmt: skip
        told[at] = found.sentences(unit=each, against=comparison.kind, lang=lang)
    if "state" in rows.columns:
        told[rows["state"].eq("no_data").to_numpy(dtype=bool)] = say("no_report", lang)
    return [str(text) for text in told]


def change_records(found: Statistics, lang: str) -> dict[str, list[dict[str, Any]]]:
    """
    Return the change tables for a summary, each row with its sentence.

    Parameters
    ----------
    found
        With a period.
    lang
        "zh" or "en".

    Returns
    -------
    tables
        "total" and what counts are told by -> rows.
    """
    names = Names(found, lang)
    tables = {"total": with_sentences(found.total, found, lang)}
    for word, compared in found.compared.items():
        rows = with_sentences(compared.frame, found, lang)
        tables[word] = rows.assign(label=[names.of(word, row) for row in rows.to_dict("records")])
    return {word: records(rows) for word, rows in tables.items()}


def with_sentences(rows: pd.DataFrame, found: Statistics, lang: str) -> pd.DataFrame:
    """
    Add the sentence of each row.

    Parameters
    ----------
    rows
        As for `sentences`.
    found
        With a period.
    lang
        "zh" or "en".

    Returns
    -------
    rows
        With `sentence`.
    """
    if found.comparison is None:
        return rows
    return rows.assign(sentence=sentences(rows, found.comparison, lang))


def change_listings(found: Statistics, lang: str) -> dict[str, list[Listing]]:
    """
    Write the change tables.

    Parameters
    ----------
    found
        With a period.
    lang
        "zh" or "en".

    Returns
    -------
    listings
        Section of a report -> its tables: "totals", "classes", "areas", "hours".
    """
    names = Names(found, lang)
    total = with_sentences(found.total, found, lang)
    heads = ("unit_of_count", "count_before", "count_now", "change_head")
    rows = [
        [names.unit(row["count_unit"]), *both(row, lang), row["sentence"]]
        for row in total.to_dict("records")
    ]
    told = {
        "totals": [Listing(say("totals_table", lang), [say(h, lang) for h in heads], rows, 1)],
    }
    for word, compared in found.compared.items():
        section = SECTIONS.get(word, "classes")
        listing = _areas if word == "area" else _words
        told.setdefault(section, []).append(listing(word, compared, found, names))
    return told


def both(row: Mapping[str, Any], lang: str) -> list[Cell]:
    """
    Write the counts of both periods.

    Parameters
    ----------
    row
        With `before`, `now` and whether each is at least.
    lang
        "zh" or "en".

    Returns
    -------
    cells
        Before and now: numbers, and text where there may be more.
    """
    return [
        count_text(int(row[side]), at_least=True, lang=lang) if row[f"at_least_{side}"]
        else int(row[side])
        for side in ("before", "now")
    ]  # fmt: skip


def rate_cell(row: Mapping[str, Any], lang: str, side: str = "now") -> str:
    """
    Write incidents per ten thousand people.

    Parameters
    ----------
    row
        With a count and `people`.
    lang
        "zh" or "en".
    side
        "now" or "before".

    Returns
    -------
    text
        A dash where people are not known.
    """
    people = row.get("people")
    if people is None or pd.isna(people) or row.get("state") == "no_data":
        return per_ten_thousand_text(None, lang=lang)
    return per_ten_thousand_text(Fraction(int(row[side])) / exact(float(people)), lang=lang)


def _words(word: str, compared: Compared, found: Statistics, names: Names) -> Listing:
    """Write what counts are told by, the most first; the share is of all of the same unit."""
    lang = names.lang
    rows = with_sentences(compared.frame, found, lang)
    whole = dict(zip(found.total["count_unit"], found.total["now"], strict=True))
    kinds = word in {"class", "group"}
    heads = [f"by.{word}", "unit_of_count", "count_before", "count_now", "share_of_all",
             "change_head"]  # fmt: skip
    cells: list[Sequence[Cell]] = []
    for row in rows.sort_values(["now", "before"], ascending=False, kind="stable").to_dict(
        "records"
    ):
        all_of = int(whole.get(row["count_unit"], 0))
        share = Fraction(int(row["now"]), all_of) if all_of else None
        kind = [names.kind(row["kind"])] if kinds else []
        cells.append(
            [*kind, names.of(word, row), names.unit(row["count_unit"]), *both(row, lang),
             percent_text(share), row["sentence"]]
        )  # fmt: skip
    heads = ["kind_head", *heads] if kinds else heads
    title = say(f"{word}_table", lang)
    return Listing(title, [say(head, lang) for head in heads], cells, 2 + kinds)


def _areas(word: str, compared: Compared, found: Statistics, names: Names) -> Listing:
    """Write areas, the most first and what lies in none last."""
    lang = names.lang
    rows = with_sentences(compared.frame, found, lang)
    rows = rows.assign(elsewhere=rows["area_id"].isin(list(ELSEWHERE)))
    order = rows.sort_values(
        ["elsewhere", "now", "before"], ascending=[True, False, False], kind="stable"
    )
    high = compared.high_incidence
    raised = set(zip(high["area_id"], high["count_unit"], strict=True)) if len(high) else set()
    heads = ["by.area", "unit_of_count", "count_before", "count_now"]
    heads += ["per_people_head"] if compared.people else []
    cells: list[Sequence[Cell]] = []
    for row in order.to_dict("records"):
        silent = not row["elsewhere"] and row["state"] != "recorded"
        marks = [say(f"state.{row['state']}", lang)] if silent else []
        if (row["area_id"], row["count_unit"]) in raised:
            marks.append(say("high_mark", lang))
        if row["unstable"] and compared.people and row["state"] != "no_data":
            marks.append(say("unstable_mark", lang))
        rate = [rate_cell(row, lang)] if compared.people else []
        cells.append(
            [names.of(word, row), names.unit(row["count_unit"]), *both(row, lang), *rate,
             row["sentence"], names.say_map("list").join(marks)]
        )  # fmt: skip
    heads += ["change_head", "mark_head"]
    return Listing(say("area_table", lang), [say(head, lang) for head in heads], cells, 2)
