"""The ledger of faults and repairs: what is open, since when, and how long repairs take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError
from geo.health.moments import FOREVER, HOUR_S, MISSING, SECOND, as_times, moment, moments
from geo.health.reading import require_columns

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

AGE_DAYS: Final = (1.0, 3.0, 7.0, 30.0)
"""Limits between the ages of open faults, in days; a project choice."""

DAY_S: Final = 86_400.0
"""Seconds of a day."""


@dataclass(frozen=True, eq=False)
class FaultLedger:
    """
    Outcome of `fault_ledger`: the faults of cameras as they were known at one moment.

    Parameters
    ----------
    spells
        Times out of order, one row each, overlapping faults of a camera joined: `camera_id`,
        `fault_at`, `repaired_at` (missing while open), `reports` joined, `fault` (what was
        reported), `hours` up to the repair or the moment.
    open_by_age
        Open spells by age: `from_days`, `to_days` (missing for the oldest), `open`, `camera_ids`.
    refused
        Rows that cannot be used: `row` (position), `camera_id`, `reason` ("no_camera",
        "no_fault_time", "repaired_before_fault").
    at
        The moment.
    """

    spells: pd.DataFrame
    open_by_age: pd.DataFrame
    refused: pd.DataFrame
    at: pd.Timestamp

    @property
    def repaired(self) -> int:
        """Return how many spells have ended."""
        return int(self.spells["repaired_at"].notna().sum())

    @property
    def mean_repair_h(self) -> float | None:
        """Mean time to repair, in hours, over the spells that have ended; None without any."""
        ended = self.spells[self.spells["repaired_at"].notna()]
        return float(ended["hours"].mean()) if len(ended) else None

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            `at`, `spells`, `open`, `repaired`, `repair_h` in all, `mean_repair_h` (repair hours /
            repaired spells), `refused`.
        """
        ended = self.spells[self.spells["repaired_at"].notna()]
        return {
            "at": self.at.isoformat(),
            "spells": len(self.spells),
            "open": len(self.spells) - len(ended),
            "repaired": len(ended),
            "repair_h": float(ended["hours"].sum()),
            "mean_repair_h": self.mean_repair_h,
            "refused": len(self.refused),
        }


def fault_ledger(
    faults: pd.DataFrame, *, at: dt.datetime | str, age_days: Sequence[float] = AGE_DAYS
) -> FaultLedger:
    """
    Join the faults of each camera and say which are open.

    Faults that overlap are one spell; one that begins when the last is repaired is another. What
    lies after the moment is not known yet: a later repair leaves the fault open.

    Parameters
    ----------
    faults
        n rows: `camera_id`, `fault_at`, `repaired_at` (missing while open); `fault`, what was
        wrong, is read where present. Times are local.
    at
        The moment.
    age_days
        Rising limits between the ages of open faults, in days; an age at a limit is above it.

    Returns
    -------
    ledger
        Spells, open ones by age, refused rows.

    Raises
    ------
    ColumnError
        When a column is missing.
    InvalidParameterError
        When a time cannot be read, or the limits do not rise from above 0.
    """
    limits = np.array([0.0, *age_days])
    if not (np.diff(limits) > 0.0).all():
        raise InvalidParameterError(
            f"age_days: {tuple(age_days)} do not rise from above 0; write such as {AGE_DAYS}"
        )
    now = moment(at, "at")
    read, refused = read_faults(faults)
    read = read[read["from"] <= now].copy()
    read.loc[read["to"] > now, "to"] = FOREVER
    joined = joined_faults(read)
    until = np.minimum(joined["to"], now)
    age_d = (now - joined["from"].to_numpy()) / SECOND / DAY_S
    spells = pd.DataFrame(
        {
            "camera_id": joined["camera_id"],
            "fault_at": as_times(joined["from"].to_numpy()),
            "repaired_at": as_times(joined["to"].to_numpy()),
            "reports": joined["reports"],
            "fault": joined["fault"],
            "hours": (until - joined["from"]) / SECOND / HOUR_S,
        }
    )
    is_open = (joined["to"] == FOREVER).to_numpy()
    group = np.searchsorted(limits, age_d, side="right") - 1
    ids = [
        joined["camera_id"][is_open & (group == number)].tolist() for number in range(len(limits))
    ]
    ages = {
        "from_days": limits,
        "to_days": np.append(limits[1:], np.nan),
        "open": [len(each) for each in ids],
        "camera_ids": ids,
    }
    (moment_at,) = as_times(np.array([now]))
    return FaultLedger(spells, pd.DataFrame(ages), refused, moment_at)


def read_faults(faults: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Part usable rows from those that cannot be used.

    Parameters
    ----------
    faults
        As in `fault_ledger`.

    Returns
    -------
    read
        `camera_id`, `from` and `to` in microseconds (`FOREVER` while open), `fault`.
    refused
        As in `FaultLedger`.

    Raises
    ------
    ColumnError
        When a column is missing.
    InvalidParameterError
        When a time cannot be read.
    """
    require_columns(faults, "faults", ("camera_id", "fault_at", "repaired_at"))
    start = moments(faults["fault_at"], "faults: fault_at")
    end = moments(faults["repaired_at"], "faults: repaired_at")
    ids = faults["camera_id"].reset_index(drop=True)
    reasons = {
        "no_camera": ids.isna().to_numpy(),
        "no_fault_time": start == MISSING,
        "repaired_before_fault": (end != MISSING) & (end < start),
    }
    reason = np.full(len(ids), "", dtype=object)
    for name, holds in reversed(reasons.items()):
        reason[holds] = name
    bad = np.flatnonzero(reason)
    refused = pd.DataFrame({"row": bad, "camera_id": ids.iloc[bad].array, "reason": reason[bad]})
    told = faults["fault"].reset_index(drop=True) if "fault" in faults.columns else None
    read = pd.DataFrame(
        {
            "camera_id": ids,
            "from": start,
            "to": np.where(end == MISSING, FOREVER, end),
            "fault": pd.Series(told, index=ids.index, dtype=object),
        }
    )
    return read[reason == ""], refused


def joined_faults(read: pd.DataFrame) -> pd.DataFrame:
    """
    Join faults of one camera that overlap.

    Parameters
    ----------
    read
        As `read_faults` gives.

    Returns
    -------
    joined
        `camera_id`, `from`, `to`, `reports`, `fault`; by camera and time.
    """
    key, ids = pd.factorize(read["camera_id"])
    rows = read.assign(key=key).sort_values(["key", "from", "to"], ignore_index=True)
    # The furthest end so far of the same camera; a fault that begins there or later is another.
    reached = rows.groupby("key")["to"].cummax().shift(fill_value=MISSING)
    new = (rows["key"] != rows["key"].shift()) | (rows["from"] >= reached)
    spell = rows.groupby(new.cumsum().rename("spell"))
    joined = spell.agg(
        key=("key", "first"), start=("from", "min"), end=("to", "max"), reports=("to", "size"),
        fault=("fault", lambda told: "; ".join(dict.fromkeys(map(str, told.dropna()))) or None),
    ).reset_index(drop=True)  # fmt: skip
    joined.insert(0, "camera_id", pd.Index(ids).take(joined.pop("key")).to_numpy())
    return joined.rename(columns={"start": "from", "end": "to"})
