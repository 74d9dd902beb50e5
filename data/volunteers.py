"""
Counts of volunteers and of their leads, by occupation: read from a table without places.

Numbers of groups, never a list of people: a column with names, telephones or identity numbers is
left out by its head, and a table without a column of counts is refused.
"""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import FormatError
from data.files import Layer
from data.heads import AREA_CODE_HEADS
from data.identifiers import identifiers
from data.limits import COUNT_BELOW
from data.notes import Note
from data.shapes import Faults
from data.sheets import Sheet
from data.tables import Table
from data.values import as_text, numbers, texts

VOLUNTEERS: Final = "volunteers"
"""What the layer is called."""

VOLUNTEER_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "occupation": ("occupation", "职业", "职业类别", "行业", "行业类别", "队伍", "队伍类别"),
    "people": ("people", "人数", "志愿者人数", "队伍人数", "参与人数", "人员数", "人员数量"),
    "leads": (
        "leads", "线索数", "线索数量", "线索条数", "情报线索", "情报线索数", "上报线索数",
        "提供线索数",
    ),
    "area_code": AREA_CODE_HEADS,
    "period": ("period", "统计周期", "统计时段", "统计时间", "周期", "期间", "月份"),
}  # fmt: skip
"""Our column -> heads accepted for it, the likelier first."""

COUNTED: Final = ("people", "leads")
"""Columns of counts; words in them may be names."""

NEEDED: Final = frozenset({"occupation", *COUNTED})
"""Columns that a table must have."""


def read_volunteers(spec: str | Path) -> Layer:
    """
    Read counts of volunteers from a CSV file or a workbook.

    Parameters
    ----------
    spec
        `FILE` or `FILE:SHEET`; a row is a group: its occupation, how many people it has, how many
        leads came from them, and maybe the code of its area and the period.

    Returns
    -------
    layer
        Its `frame` has `occupation`, `people`, `leads`, and `area_code` and `period` where the
        file has them, without any place. A row without one of the two counts, or with leads of
        nobody, is in the quarantine.

    Raises
    ------
    MissingFileError
        When there is no such file.
    LayerError
        When a workbook has several sheets and none is named.
    FormatError
        When the file cannot be read, or counts of several periods stand in it: who is counted
        in one is counted again in the next.
    ColumnError
        When there is no column of occupations, of people or of leads.
    """
    sheet = Sheet.read(
        spec, VOLUNTEERS, VOLUNTEER_HEADS,
        needed=NEEDED, refusal="no_volunteer_columns", counted=COUNTED,
    )  # fmt: skip
    table, found = sheet.table, sheet.cells
    faults = Faults.none(len(table.rows))
    counts = {name: numbers(found[name]) for name in COUNTED}
    people, leads = (
        np.where((met >= 0) & (met < COUNT_BELOW) & (met % 1 == 0), met, np.nan)
        for met in counts.values()
    )
    faults.mark(np.isnan(people), "no_people", lambda rows: _shown(counts["people"][rows]))
    faults.mark(np.isnan(leads), "no_leads", lambda rows: _shown(counts["leads"][rows]))
    faults.mark((people == 0) & (leads > 0), "leads_of_nobody", lambda rows: _shown(leads[rows]))
    values = pd.DataFrame({"occupation": texts(found["occupation"])}, dtype=object)
    values["people"], values["leads"] = (pd.Series(n).astype("Int64") for n in (people, leads))
    if "area_code" in found:
        codes, lost = identifiers(found["area_code"], typed=table.typed)
        values["area_code"] = codes.mask(lost).map(as_text).astype(object)
    if "period" in found:
        values["period"] = pd.Series(texts(found["period"]), dtype=object)
        _require_one_period(values["period"], table.source)
    return sheet.layer(values, faults, _repeats(values, table, faults))


def _shown(met: NDArray[np.float64]) -> list[str]:
    """Write the numbers met; one too long to be a count may be somebody's telephone."""
    return [f"{number:g}" if abs(number) < COUNT_BELOW else "" for number in met]


def _require_one_period(periods: pd.Series, source: str) -> None:
    """Refuse counts of several periods: the people of one are mostly those of the next."""
    met = periods.dropna().unique().tolist()
    if len(met) > 1:
        raise FormatError("several_periods", file=source, periods=met)


def _repeats(values: pd.DataFrame, table: Table, faults: Faults) -> list[Note]:
    """Say so when an area has several rows of one occupation: they are added up."""
    group = [name for name in ("area_code", "occupation") if name in values.columns]
    repeats = values.loc[faults.good, group].duplicated().to_numpy()
    lines = table.rows[faults.good][repeats].tolist()
    return [Note("groups_added_up", {"count": len(lines), "rows": lines})] if lines else []
