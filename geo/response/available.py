"""Who may be counted on: the rows on duty, free and with a place, and why others are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.due import text_column
from geo.duty import DutyHours
from geo.errors import ColumnError
from geo.points import coordinates
from geo.response.speeds import SPEEDS_KMH

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]

REASONS: Final = (
    "no_place", "off_duty", "hours_unsure", "busy", "closed", "state_unknown", "mode_unknown",
    "not_on_network", "unreachable",
)  # fmt: skip
"""Why a station or unit is not counted on; where several hold, the first is given: no place is
known; it is off duty now; its hours cannot be read or leave today open; it is busy; it is
closed; its state is a word nobody knows; it goes by no mode that has roads (video); it stands
too far from every street that its mode may use; no way leads from it to the place."""

STATES: Final = {
    "": "", "free": "", "open": "", "on": "",
    "busy": "busy", "off": "off_duty", "closed": "closed",
}  # fmt: skip
"""State -> the reason it gives; none is given where none is stated."""


def ids_of(frame: pd.DataFrame, column: str, name: str) -> NDArray[np.object_]:
    """
    Return the ids of rows.

    Parameters
    ----------
    frame
        n rows.
    column
        The column of the ids; where it is missing rows are numbered from 0.
    name
        The caller's argument, for the message.

    Returns
    -------
    ids
        n ids.

    Raises
    ------
    ColumnError
        When an id is missing or repeated.
    """
    if column not in frame.columns:
        return np.arange(len(frame)).astype(object)
    ids = frame[column].reset_index(drop=True)
    wrong = np.flatnonzero(ids.isna() | ids.duplicated())
    if len(wrong):
        raise ColumnError(
            f"{name}: row {wrong[0]} has the {column} {ids.iloc[wrong[0]]!r}, which is missing or "
            f"stands above already; give every row one of its own, or drop the column"
        )
    return ids.to_numpy(dtype=object)


def ranks(ids: NDArray[np.object_]) -> NDArray[np.int64]:
    """
    Return the places of ids in their order: as they compare, else as text.

    Parameters
    ----------
    ids
        n ids, each of its own.

    Returns
    -------
    rank
        n numbers from 0.
    """
    listed = ids.tolist()
    try:
        order = sorted(range(len(listed)), key=listed.__getitem__)
    except TypeError:
        order = sorted(range(len(listed)), key=lambda i: str(listed[i]))
    rank = np.empty(len(listed), dtype=np.int64)
    rank[order] = np.arange(len(listed))
    return rank


def modes_of(frame: pd.DataFrame, default: str) -> NDArray[np.object_]:
    """
    Return how each row moves.

    Parameters
    ----------
    frame
        n rows; `mode` is read where present.
    default
        The mode of rows that state none.

    Returns
    -------
    mode
        n words, known or not.
    """
    told = text_column(frame, "mode").astype(object)
    return np.where(told == "", default, told)


def not_counted(
    frame: gpd.GeoDataFrame,
    name: str,
    *,
    hours: str,
    mode: NDArray[np.object_],
    now: dt.datetime | None,
    holidays: Collection[dt.date] | None,
) -> NDArray[np.object_]:
    """
    Say of each row why it is not counted on, whatever the streets are.

    Parameters
    ----------
    frame
        n Point rows; `state` and the hours are read where present.
    name
        The caller's argument, for messages.
    hours
        The column of the hours. A row without hours is always on duty.
    mode
        n modes.
    now
        The local time; None when hours do not matter.
    holidays
        The dates that are holidays; None when they are not known.

    Returns
    -------
    reason
        n words: "" or one of `REASONS`.

    Raises
    ------
    GeometryError
        When a row is no point.
    """
    state = text_column(frame, "state")
    by_state = [STATES.get(word, "state_unknown") for word in state.tolist()]
    off, unsure = np.zeros((2, len(frame)), dtype=bool)
    if now is not None:
        told = frame[hours].to_numpy() if hours in frame.columns else [None] * len(frame)
        duty = DutyHours.of(pd.DataFrame({"hours": told})).at(now, holidays=holidays)
        off, unsure = ~(duty.on | duty.maybe), duty.maybe
    off = off | (np.array(by_state, dtype=object) == "off_duty")
    met = {
        "no_place": np.isnan(coordinates(frame, name)[:, 0]),
        "off_duty": off,
        "hours_unsure": unsure,
        **{word: np.array([found == word for found in by_state], dtype=bool)
           for word in ("busy", "closed", "state_unknown")},
        "mode_unknown": ~np.isin(mode, list(SPEEDS_KMH)),
    }  # fmt: skip
    return first_of(met, len(frame))


def first_of(met: dict[str, Bools], rows: int) -> NDArray[np.object_]:
    """
    Return of each row the gravest reason that holds.

    Parameters
    ----------
    met
        Reason -> n flags.
    rows
        How many rows there are.

    Returns
    -------
    reason
        n words, "" where none holds.
    """
    reason = np.full(rows, "", dtype=object)
    for word in reversed(REASONS):
        if word in met:
            reason[met[word]] = word
    return reason


def counts(reasons: Sequence[str]) -> dict[str, int]:
    """
    Count reasons.

    Parameters
    ----------
    reasons
        n of `REASONS`.

    Returns
    -------
    counts
        Reason -> how often it is given; those that are not are missing.
    """
    listed = list(reasons)
    return {word: listed.count(word) for word in REASONS if word in listed}
