"""What one row of incidents cannot say at once, for rows that come in one by one."""

from collections.abc import Mapping
from typing import Any, Final

from data.errors import RowError
from data.scope import POLICE_INCIDENTS

ENDS: Final = (
    ("time", "time_to", "time_to_too_early"),
    ("accepted", "closed", "closed_too_early"),
)
"""A beginning, its end, and the refusal where the end is earlier."""


def require_possible(kind: str, row: Mapping[str, Any]) -> None:
    """
    Refuse a row that the reader of files would set aside or change.

    Parameters
    ----------
    kind
        Kind of layer; of others than incidents nothing is refused.
    row
        Our column -> value, all of those that the row will have.

    Raises
    ------
    RowError
        When a police call or a case has a colour, or an end is before its beginning.
    """
    if kind != "incidents":
        return
    if row.get("colour") is not None and row.get("kind") in POLICE_INCIDENTS:
        raise RowError("colour_of_police")
    for start, end, code in ENDS:
        first, last = row.get(start), row.get(end)
        if first is not None and last is not None and last < first:
            raise RowError(code, start=str(first), end=str(last))
