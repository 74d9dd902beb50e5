"""From when to when rows are valid: which day it is, and which rows hold on it."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from data.values import LOCAL_ZONE


def local_today() -> dt.date:
    """Return the day by the local clock, which the dates of rows go by."""
    return dt.datetime.now(ZoneInfo(LOCAL_ZONE)).date()


def valid_on(model: Any, day: dt.date) -> list[ColumnElement[bool]]:  # noqa: ANN401 - mapped
    """
    Return the conditions that a row is valid on a day.

    Parameters
    ----------
    model
        A class of `data.models` with `valid_from` and `valid_to`.
    day
        The day.

    Returns
    -------
    conditions
        Its first day counts, its last does not; without dates it holds always.
    """
    return [
        (model.valid_from.is_(None)) | (model.valid_from <= day),
        (model.valid_to.is_(None)) | (model.valid_to > day),
    ]
