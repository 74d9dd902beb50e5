"""Query parameters of features made into a query of the store."""

import base64
import binascii
import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.errors import BadRequestError
from data.attributes import ID_COLUMNS
from data.ids import LARGEST_ID
from data.ledgers import LEDGER_KEYS
from data.models import LAYERS
from data.store import Box, Query
from data.values import LOCAL_ZONE

UNFILTERED: Final = frozenset(
    {"id", "identity", "code", "compared", "content_hash", "geometry", "changed_by", "version"}
)
"""Text and other columns that a filter cannot name: bookkeeping, or there under another name."""

FILTERED_TYPES: Final = (str, bool)
"""Python types of columns that equality makes sense for."""

DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
"""A date: the whole day."""

TIME: Final = re.compile(DAY.pattern + r"T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?")
"""A time of RFC 3339; without an offset it is local."""

WHOLE_DAY: Final = dt.timedelta(days=1)
MOMENT: Final = dt.timedelta(microseconds=1)
"""How long a date and a time last: the end of an interval belongs to it."""

MAX_LON, MAX_LAT = 180.0, 90.0
"""The world, in degrees."""

Span = tuple[dt.datetime | None, dt.datetime | None]


def filter_columns(kind: str) -> dict[str, str]:
    """
    Return what the rows of a layer can be filtered by.

    Parameters
    ----------
    kind
        A key of `LAYERS`.

    Returns
    -------
    columns
        Name of the parameter -> column of the table.
    """
    columns = {
        column.name: column.name
        for column in LAYERS[kind].__table__.columns
        if column.name not in UNFILTERED and column.type.python_type in FILTERED_TYPES
    }
    return columns if kind in LEDGER_KEYS else {ID_COLUMNS[kind]: "code", **columns}


def filters_of(kind: str, given: Mapping[str, str]) -> dict[str, Any]:
    """
    Read the filters of a request.

    Parameters
    ----------
    kind
        A key of `LAYERS`.
    given
        Parameter -> value, without those that every layer has.

    Returns
    -------
    equal
        Column -> value, for `Query`.

    Raises
    ------
    BadRequestError
        When the layer has no such column, or the value cannot be one of it.
    """
    known = filter_columns(kind)
    unknown = [name for name in given if name not in known]
    if unknown:
        raise BadRequestError(
            "unknown_parameters", names=", ".join(unknown), known=", ".join(known)
        )
    columns = LAYERS[kind].__table__.columns
    equal: dict[str, Any] = {}
    for name, text in given.items():
        value: Any = text
        if columns[known[name]].type.python_type is bool:
            value = {"true": True, "false": False}.get(text)
            if value is None:
                raise BadRequestError("bad_value", name=name, met=text, wanted="true / false")
        elif "\0" in text:
            # PostgreSQL cannot even be asked for it.
            raise BadRequestError("bad_value", name=name, met=text, wanted="text")
        equal[known[name]] = value
    return equal


def box_of(text: str) -> Box:
    """
    Read a box.

    Parameters
    ----------
    text
        Four numbers in degrees, or six with heights, which do not count.

    Returns
    -------
    box
        West, south, east, north.

    Raises
    ------
    BadRequestError
        When it is anything else; a box across the antimeridian is none.
    """
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:  # noqa: PLR2004 - with heights
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):  # noqa: PLR2004 - four sides
        raise BadRequestError("bad_box", met=text)
    west, south, east, north = numbers
    if not (-MAX_LON <= west <= east <= MAX_LON and -MAX_LAT <= south <= north <= MAX_LAT):
        raise BadRequestError("bad_box", met=text)
    return west, south, east, north


def span_of(text: str, name: str = "datetime") -> Span:
    """
    Read an instant or an interval, both ends included.

    Parameters
    ----------
    text
        A date (the whole day), a time, or two of them with a slash; `..` or nothing is open.
    name
        The parameter, for the message.

    Returns
    -------
    span
        Local times: from the first on, before the second; None is open.

    Raises
    ------
    BadRequestError
        When it is none, or ends before it begins.
    """
    start, slash, end = text.partition("/")
    since = _start(start, text, name) if not slash or start not in ("", "..") else None
    last = end if slash else start
    until = None
    if not slash or end not in ("", ".."):
        try:
            until = _start(last, text, name) + (WHOLE_DAY if DAY.fullmatch(last) else MOMENT)
        except OverflowError:
            raise BadRequestError("bad_time", name=name, met=text) from None
    if since is not None and until is not None and until <= since:
        raise BadRequestError("bad_time", name=name, met=text)
    return since, until


def time_query(kind: str, text: str | None) -> dict[str, Any]:
    """
    Read `datetime` for a layer.

    Parameters
    ----------
    kind
        A key of `LAYERS`.
    text
        What `span_of` takes, or None.

    Returns
    -------
    options
        Of `Query`: `since` and `until` where rows have a time, else `on`, the day whose rows
        are wanted.

    Raises
    ------
    BadRequestError
        When it cannot be read, or is an interval and the rows have no time.
    """
    if text is None:
        return {}
    since, until = span_of(text)
    if "time" in LAYERS[kind].__table__.columns:
        return {"since": since, "until": until}
    if "/" in text or since is None:
        raise BadRequestError("no_interval", kind=kind)
    return {"on": since.date()}


def token_of(after: int) -> str:
    """Return the opaque token of the page behind a row."""
    return base64.urlsafe_b64encode(f"after:{after}".encode()).decode().rstrip("=")


def after_of(token: str | None) -> int:
    """
    Read a token.

    Parameters
    ----------
    token
        What `token_of` gave, or None for the first page.

    Returns
    -------
    after
        For `Store.page`.

    Raises
    ------
    BadRequestError
        When it was not given by this service.
    """
    if token is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4)).decode()
    except (binascii.Error, ValueError):
        text = ""
    found = re.fullmatch(r"after:([1-9]\d{0,15})", text, re.ASCII)
    if found is None or int(found[1]) > LARGEST_ID:
        raise BadRequestError("bad_token", met=token)
    return int(found[1])


def make_query(
    kind: str, *, bbox: str | None, datetime: str | None, filters: Mapping[str, str]
) -> Query:
    """
    Put the parameters of a request together.

    Parameters
    ----------
    kind
        A key of `LAYERS`.
    bbox
        What `box_of` takes, or None.
    datetime
        What `span_of` takes, or None.
    filters
        What `filters_of` takes.

    Returns
    -------
    query
        For the store.

    Raises
    ------
    BadRequestError
        When one of them cannot be used.
    """
    return Query(
        box=None if bbox is None else box_of(bbox),
        equal=filters_of(kind, filters),
        **time_query(kind, datetime),
    )


def _start(text: str, whole: str, name: str) -> dt.datetime:
    """Return when a date or time begins, as local time without a zone."""
    if not (DAY.fullmatch(text) or TIME.fullmatch(text)):
        raise BadRequestError("bad_time", name=name, met=whole)
    try:
        time = dt.datetime.fromisoformat(text)
        if time.tzinfo is not None:
            time = time.astimezone(ZoneInfo(LOCAL_ZONE)).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise BadRequestError("bad_time", name=name, met=whole) from None
    return time
