"""Whether cameras answer, and whether they are in good order: two rates, and both together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.errors import ColumnError, InvalidParameterError
from geo.health.faults import fault_ledger
from geo.health.moments import as_times, moment
from geo.health.over_time import HOUR_US, online_spans, order_spans
from geo.health.rates import FORMULAS, Rate
from geo.health.reading import require_columns, states_of

if TYPE_CHECKING:
    import datetime as dt

    from geo.health.faults import FaultLedger
    from geo.health.history import StateHistory

    Time = dt.datetime | str

OVER_TIME = ("online_share", "in_order_share", "availability", "known_h")
"""Columns of `CameraHealth.cameras` that need a span."""


@dataclass(frozen=True, eq=False)
class CameraHealth:
    """
    Outcome of `health`.

    Parameters
    ----------
    rates
        The rates that can be reckoned, in the order of `FORMULAS`.
    cameras
        One row per camera, in input order: `camera_id`; at the moment `online`, `in_order`,
        `available` (true, false, or missing where unknown); over the span `online_share`,
        `in_order_share`, `availability`, the share of the known time online and in order (NaN
        where nothing is known), and `known_h`, the hours it is a share of. Where only states or
        only faults are given, available means that alone.
    ledger
        The faults as known at the moment; None without a fault sheet.
    outages
        The outages of the platform within the history, as there; None without one.
    strangers
        Ids in the states or the faults that no camera has.
    at
        The moment; None where neither history nor faults are given.
    """

    rates: tuple[Rate, ...]
    cameras: pd.DataFrame
    ledger: FaultLedger | None
    outages: pd.DataFrame | None
    strangers: tuple[Any, ...]
    at: pd.Timestamp | None

    def rate(self, name: str, basis: str) -> Rate:
        """
        Return one rate.

        Parameters
        ----------
        name
            "online", "online_own", "in_order" or "available".
        basis
            "snapshot" or "time".

        Raises
        ------
        InvalidParameterError
            When what it needs was not given.
        """
        for rate in self.rates:
            if (rate.name, rate.basis) == (name, basis):
                return rate
        known = ", ".join(f"{rate.name} by {rate.basis}" for rate in self.rates)
        raise InvalidParameterError(f"rate: no {name!r} by {basis!r}; there are: {known or 'none'}")

    def summary(self) -> dict[str, Any]:
        """Return the rates, the totals of the ledger and the strangers, ready for JSON."""
        return {
            "at": None if self.at is None else self.at.isoformat(),
            "cameras": len(self.cameras),
            "rates": [rate.summary() for rate in self.rates],
            "faults": None if self.ledger is None else self.ledger.summary(),
            "outages": None if self.outages is None else len(self.outages),
            "strangers": list(self.strangers),
        }


def health(
    cameras: pd.DataFrame,
    *,
    states: StateHistory | None = None,
    faults: pd.DataFrame | None = None,
    at: Time | None = None,
    span: tuple[Time, Time] | None = None,
) -> CameraHealth:
    """
    Tell how many cameras answer and how many are in good order, at a moment and over time.

    Online means that the camera answers, in good order that no fault of it is open: one that
    answers with an open fault is online and not in good order. What is unknown is in no
    denominator: a camera without a state; the order of all of them where no fault sheet is given;
    and that of a camera whose fault row was refused, while no other fault of it is open. A camera
    that the fault sheet does not name is in good order.

    Parameters
    ----------
    cameras
        n rows, unique `camera_id`. `online` (true, false or missing) is the state at the moment
        where no history is given.
    states
        What `state_history` gives.
    faults
        Faults and repairs, as in `fault_ledger`.
    at
        The moment of the snapshots; None for the end of the span.
    span
        First moment and end of the rates over time; None for those of `states`.

    Returns
    -------
    health
        Rates, cameras, ledger.

    Raises
    ------
    ColumnError
        When a column is missing, or `camera_id` does not tell cameras apart.
    InvalidParameterError
        When faults come without any moment, the moment or the span lies outside that of `states`,
        or a value cannot be read.
    """
    require_columns(cameras, "cameras", ("camera_id",))
    ids = pd.Index(cameras["camera_id"])
    if ids.hasnans or not ids.is_unique:
        raise ColumnError("cameras: camera_id is missing or repeats; give each camera its own")
    first, last = _span(states, span)
    now = last if at is None else moment(at, "at")
    if faults is not None and now is None:
        raise InvalidParameterError("at: faults need a moment or a span; pass at=...")
    when = None if now is None else as_times(np.array([now])).iloc[0]
    online = _online(cameras, ids, states, when)
    in_order: pd.Series | None = None
    ledger = None
    if faults is not None and when is not None:
        ledger = fault_ledger(faults, at=when)
        in_order = _in_order(ledger, ids)
    given = [column for column in (online, in_order) if column is not None]
    unknown = pd.Series(pd.NA, index=ids, dtype="boolean")
    table = {
        "online": unknown if online is None else online,
        "in_order": unknown if in_order is None else in_order,
        "available": given[0] & given[-1] if given else unknown,
    }
    if online is not None and in_order is not None:
        # An unknown state is unknown beside an open fault, too: else only bad news would count.
        table["available"] = table["available"].mask(online.isna() | in_order.isna())
    rates = _snapshots(table, online is not None, in_order is not None)
    columns = dict.fromkeys(OVER_TIME, np.full(len(ids), np.nan))
    if first is not None and last is not None:
        more, columns = _over_time(states, faults, ids, first, last)
        rates += more
    places = list(FORMULAS)
    rates.sort(key=lambda rate: places.index((rate.name, rate.basis)))
    frame = pd.DataFrame({name: column.array for name, column in table.items()} | columns)
    frame.insert(0, "camera_id", ids.to_numpy())
    outages = None if states is None else states.outages
    return CameraHealth(tuple(rates), frame, ledger, outages, _strangers(ids, states, faults), when)


def _span(
    states: StateHistory | None, span: tuple[Time, Time] | None
) -> tuple[int, int] | tuple[None, None]:
    """Return the span of the rates over time, which no history may be shorter than."""
    if span is None:
        if states is None:
            return None, None
        return moment(states.start, "states"), moment(states.end, "states")
    first, last = moment(span[0], "span"), moment(span[1], "span")
    if not first < last:
        raise InvalidParameterError("span: it has no length; its end must be later")
    if states is not None and not states.start <= _time(first) < _time(last) <= states.end:
        raise InvalidParameterError(
            f"span: {_time(first)} to {_time(last)} is not within that of the states, from "
            f"{states.start} to {states.end}; make the history of the whole span"
        )
    return first, last


def _time(time_us: int) -> pd.Timestamp:
    return as_times(np.array([time_us])).iloc[0]


def _online(
    cameras: pd.DataFrame, ids: pd.Index, states: StateHistory | None, when: pd.Timestamp | None
) -> pd.Series | None:
    """Return the states at the moment, by id; None where none are given."""
    if states is not None and when is not None:
        return states.at(when).reindex(ids)
    if "online" in cameras.columns:
        return pd.Series(states_of(cameras["online"], "cameras: online").array, index=ids)
    return None


def _in_order(ledger: FaultLedger, ids: pd.Index) -> pd.Series:
    """Return whether no fault is open at the moment, by id."""
    spells = ledger.spells
    broken = spells.loc[spells["repaired_at"].isna(), "camera_id"]
    in_order = pd.Series(True, index=ids, dtype="boolean")
    in_order = in_order.mask(ids.isin(ledger.refused["camera_id"]))
    return in_order.mask(ids.isin(broken), other=False)


def _snapshots(table: dict[str, pd.Series], online: bool, in_order: bool) -> list[Rate]:  # noqa: FBT001
    """Return the rates at the moment of what was given."""
    names = [*["online"] * online, *["in_order"] * in_order, *["available"] * (online & in_order)]
    return [
        Rate(
            name, "snapshot", "cameras",
            int(table[name].sum()), int(table[name].notna().sum()), int(table[name].isna().sum()),
        )
        for name in names
    ]  # fmt: skip


def _over_time(
    states: StateHistory | None, faults: pd.DataFrame | None, ids: pd.Index, first: int, last: int
) -> tuple[list[Rate], dict[str, Any]]:
    """Return the rates over the span, and those of each camera."""
    whole_h = len(ids) * (last - first) / HOUR_US
    rates, columns, found = [], dict.fromkeys(OVER_TIME, np.full(len(ids), np.nan)), []
    if states is not None:
        online, outage = online_spans(states, ids, first, last)
        rates += [
            online.rate("online", whole_h),
            online.outside(outage).rate("online_own", whole_h),
        ]
        columns["online_share"] = online.shares(len(ids))
        found.append(online)
    if faults is not None:
        in_order = order_spans(faults, ids, first, last)
        rates.append(in_order.rate("in_order", whole_h))
        columns["in_order_share"] = in_order.shares(len(ids))
        found.append(in_order)
    if found:
        both = found[0].both(found[-1])
        columns["availability"], columns["known_h"] = both.shares(len(ids)), both.hours(len(ids))
        if len(found) > 1:
            rates.append(both.rate("available", whole_h))
    return rates, columns


def _strangers(
    ids: pd.Index, states: StateHistory | None, faults: pd.DataFrame | None
) -> tuple[Any, ...]:
    """Return the ids that no camera has, in the order met."""
    named = [] if states is None else states.cameras["camera_id"].tolist()
    named += [] if faults is None else faults["camera_id"].dropna().tolist()
    return tuple(each for each in dict.fromkeys(named) if each not in ids)
