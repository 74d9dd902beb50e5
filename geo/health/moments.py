"""Local times as whole microseconds, in which spans add up exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

SECOND: Final = 1_000_000
"""Microseconds of a second."""

HOUR_S: Final = 3600.0
"""Seconds of an hour."""

FOREVER: Final = 2**62
"""The end of what has not ended; later than every time, and sums of two still fit."""

MISSING: Final = -(2**63)
"""What numpy makes of a missing time."""


def moment(value: dt.datetime | str, name: str) -> int:
    """
    Return one local time in microseconds.

    Parameters
    ----------
    value
        A time without zone, or ISO 8601 text of one.
    name
        The caller's argument, for the message.

    Returns
    -------
    time_us
        Microseconds from 1970 on.

    Raises
    ------
    InvalidParameterError
        When it is no time, or has a zone.
    """
    (found,) = moments(pd.Series([value], dtype=object), name)
    if found == MISSING:
        raise InvalidParameterError(f"{name}: no time given; pass a local time")
    return int(found)


def moments(values: pd.Series, name: str) -> Ints:
    """
    Return a column of local times in microseconds.

    Parameters
    ----------
    values
        n times without zone, or ISO 8601 texts; blanks may be among them.
    name
        The caller's argument, for the message.

    Returns
    -------
    times_us
        n integers, `MISSING` where blank.

    Raises
    ------
    InvalidParameterError
        When a value is no time, or has a zone.
    """
    read = pd.to_datetime(values, errors="coerce", format="ISO8601", utc=False)
    if getattr(read.dtype, "tz", None) is not None or read.dtype.kind != "M":
        raise InvalidParameterError(
            f"{name}: times with a zone met, such as {values.iloc[0]!r}; make them local and drop "
            f"the zone"
        )
    wrong = np.flatnonzero(read.isna().to_numpy() & values.notna().to_numpy())
    if wrong.size:
        raise InvalidParameterError(
            f"{name}: row {wrong[0]} has {values.iloc[wrong[0]]!r}, which is no time; write such "
            f"as 2024-05-01 09:30"
        )
    return read.to_numpy(dtype="datetime64[us]").astype(np.int64)


def as_times(times_us: Ints) -> pd.Series:
    """
    Return microseconds as local times.

    Parameters
    ----------
    times_us
        n integers; `FOREVER` and later is no time.

    Returns
    -------
    times
        n times, missing where there is none.
    """
    return pd.Series(np.where(times_us >= FOREVER, MISSING, times_us).astype("datetime64[us]"))
