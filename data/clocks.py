"""Times and months as people write them: `2024年5月1日 9:05`, `2024-05`, `2024/5`."""

import re
from typing import Final

import pandas as pd

TIME: Final = "datetime64[us]"
"""Type of times: the same for every pandas and every file."""

MONTH: Final = re.compile(
    r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*月份?|[-/.月]\d{1,2}日?(?:[ T].*)?)?|(\d{2}))"
)
"""A month of a year, alone or as that of a day; the cell of a workbook may hold its first day."""

LAST_MONTH: Final = 12


def clock_times(written: pd.Series) -> pd.Series:
    """
    Read times without zone: as ISO 8601, and those that are not, as people write them.

    Parameters
    ----------
    written
        n texts, or None.

    Returns
    -------
    times
        n times; missing where there is none to read.
    """
    kept = pd.to_datetime(written, format="ISO8601", errors="coerce").astype(TIME)
    rest = kept.isna() & written.notna()
    mended = pd.Series([_iso(text) for text in written[rest]], index=written.index[rest])
    kept[rest] = pd.to_datetime(mended, format="ISO8601", errors="coerce").astype(TIME)
    return kept


def month_of(text: str | None) -> str | None:
    """
    Read a month of a year.

    Parameters
    ----------
    text
        What a cell holds: 2024-05, 2024年5月, 202405, or a day of the month.

    Returns
    -------
    month
        As 2024-05, which sorts by time; None for anything else, a year alone among them.
    """
    found = MONTH.fullmatch(text or "")
    if found is None:
        return None
    year, month = found[1], int(found[2] or found[3])
    return f"{year}-{month:02}" if 1 <= month <= LAST_MONTH else None


def _iso(text: str) -> str:
    """Write a time as ISO 8601: `2024年5月1日 9:05` -> `2024-05-01 09:05`."""
    text = re.sub(r"[年月/]", "-", re.sub(r"[时分点](?=\d)", ":", text))
    text = re.sub(r"[日号]\s*(?=\d)", " ", text)
    text = re.sub(r"[日号时分秒点]$", "", text)
    return re.sub(r"(?<![\d.])(\d)(?!\d)", r"0\1", text)
