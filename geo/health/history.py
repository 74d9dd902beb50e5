"""When each camera was online, offline or unknown: flaps ignored, outages of the platform apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import ColumnError, InvalidParameterError
from geo.health.moments import (
    HOUR_S,
    MISSING,
    SECOND,
    as_times,
    moment,
    moments,
)
from geo.health.outages import outages
from geo.health.reading import require_columns, states_of
from geo.health.runs import Runs
from geo.health.spans import Down, Spans

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from geo.health.outages import Outage

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

FLAP_S: Final = 300.0
"""A state held for less is a flap, in seconds; a project choice: a camera that starts anew or whose
line drops for a moment is back within five minutes."""

OUTAGE_SHARE: Final = 0.5
"""Least share of all known cameras that an outage of the platform takes; a project choice."""

OUTAGE_S: Final = 180.0
"""How long the going off of an outage may take, in seconds; a project choice: a platform misses
its cameras one by one, each after a few signs of life have stayed out."""


@dataclass(frozen=True, eq=False)
class StateHistory:
    """
    Outcome of `state_history`: what each camera's state was from `start` to `end`.

    Parameters
    ----------
    intervals
        The span of every camera that was reported, cut where its state changes: `camera_id`,
        `state` ("online", "offline", "unknown"), `cause` ("outage" or "own" where offline, else
        ""), `start`, `end`, `seconds`.
    cameras
        One row per camera: `camera_id`, `online_s`, `offline_s`, of which `outage_s` during an
        outage of the platform, `unknown_s`, `flaps` ignored, `online_share` of the known time,
        `online_share_own` of the known time outside outages; NaN where there is none.
    outages
        One row per outage within the span: `start`, `end` (missing while it goes on), `cameras`
        that went off, `known_cameras`, `share` of these, `camera_hours` offline by it within the
        span.
    start
        First moment of the span.
    end
        End of the span.
    """

    intervals: pd.DataFrame
    cameras: pd.DataFrame
    outages: pd.DataFrame
    start: pd.Timestamp
    end: pd.Timestamp

    def at(self, when: dt.datetime | str) -> pd.Series:
        """
        Return the state of every camera at one moment.

        Parameters
        ----------
        when
            A local time within the span; at its end the last state holds.

        Returns
        -------
        online
            By `camera_id`: True, False, or missing where unknown.

        Raises
        ------
        InvalidParameterError
            When the moment lies outside the span.
        """
        found = pd.Timestamp(moment(when, "when"), unit="us")
        if not self.start <= found <= self.end:
            raise InvalidParameterError(
                f"when: {found} lies outside the span from {self.start} to {self.end}"
            )
        rows = self.intervals
        held = (rows["start"] <= found) & (found < rows["end"])
        if found == self.end:
            held = rows["end"] == found
        states = rows.loc[held].set_index("camera_id")["state"]
        return states.map({"online": True, "offline": False}).astype("boolean").rename("online")

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            `start`, `end`, `cameras`, `flaps`, `outages`; hours of all cameras: `online_h`,
            `offline_h`, of which `outage_h`, and `unknown_h`.
        """
        hours = {
            name.replace("_s", "_h"): float(self.cameras[name].sum()) / HOUR_S
            for name in ("online_s", "offline_s", "outage_s", "unknown_s")
        }
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "cameras": len(self.cameras),
            "flaps": int(self.cameras["flaps"].sum()),
            "outages": len(self.outages),
            **hours,
        }


def state_history(
    states: pd.DataFrame,
    *,
    start: dt.datetime | str,
    end: dt.datetime | str,
    flap_s: float = FLAP_S,
    outage_share: float = OUTAGE_SHARE,
    outage_s: float = OUTAGE_S,
    hold_s: float | None = None,
) -> StateHistory:
    """
    Turn reports of cameras' states into spans online, offline and unknown.

    A state lasts from its report to the next one. Before the first report of a camera, and after
    one that knows no state, its state is unknown: nothing is filled in. A state held for less than
    `flap_s` between two others is a flap, ignored and counted. Cameras that go off together are
    one outage, whose hours are told apart from the cameras' own; an outage may be as short as it
    likes, and its cameras do not flap. All reports are read, those outside the span too, so that
    the spans of two days are those of both together.

    Parameters
    ----------
    states
        n rows in any order, events or polls: `camera_id`, `time` (local), `online` (true, false,
        or missing). Of two rows of one camera at one time the later row counts.
    start
        First moment of the span.
    end
        End of the span, later than `start`.
    flap_s
        Shortest state that counts, in seconds; 0 or more.
    outage_share
        Least share of the cameras with a known state that an outage takes, in (0, 1].
    outage_s
        How long the going off of an outage may take, and how long its last cameras may take to
        come back after half of them are, in seconds; 0 or more.
    hold_s
        How long a row speaks, in seconds, for polls: afterwards the state is unknown. None for
        events, which speak until the next.

    Returns
    -------
    history
        Spans, cameras, outages; cameras in the order of their first rows.

    Raises
    ------
    ColumnError
        When a column is missing, or a row has no `camera_id` or no `time`.
    InvalidParameterError
        When an option is outside its range, or a time or state cannot be read.

    Notes
    -----
    Exact to the microsecond. A million rows take about a second.
    """
    first, last = moment(start, "start"), moment(end, "end")
    _refuse_options(first, last, flap_s, outage_share, outage_s, hold_s)
    ids, runs = _read(states, None if hold_s is None else round(hold_s * SECOND))
    flap, window = round(flap_s * SECOND), round(outage_s * SECOND)
    online, flaps = runs.settled(flap)
    events, down = _outages(runs, online, flaps, outage_share, window)
    # A short outage is an event, and no flap of its cameras.
    online, flaps = online & ~down.flapping, flaps & ~down.flapping
    counted = flaps & (runs.start >= first) & (runs.start < last)
    calm = Runs(runs.camera, online, runs.start, runs.end)
    spans = Spans.of(calm, down, len(ids), first, last)
    cameras = spans.totals(ids)
    cameras.insert(5, "flaps", np.bincount(runs.camera[counted], minlength=len(ids)))
    rows = _outage_rows(events, down, first, last)
    edges = as_times(np.array([first, last]))
    return StateHistory(spans.rows(ids), cameras, rows, edges.iloc[0], edges.iloc[1])


def _outages(
    runs: Runs, online: Mask, flaps: Mask, share: float, window: int
) -> tuple[list[Outage], Down]:
    """Find the outages among the runs offline that follow one online, short ones too."""
    calm = Runs(runs.camera, online, runs.start, runs.end).joined()
    long = calm.select(~calm.online & calm.touching())
    blink = flaps & online
    short = runs.select(blink)
    drops = Runs(*(
        np.concatenate(pair)
        for pair in zip(vars(long).values(), vars(short).values(), strict=True)
    ))  # fmt: skip
    events = outages(drops, calm, share=share, window=window)
    members = np.concatenate([np.zeros(0, np.int64), *(event.members for event in events)])
    number = np.repeat(np.arange(len(events)), [len(event.members) for event in events])
    over = np.array([event.end for event in events], dtype=np.int64)[number]
    flapping = np.zeros(len(runs.camera), dtype=np.bool_)
    flapping[np.flatnonzero(blink)[members[members >= len(long.camera)] - len(long.camera)]] = True
    start, end = drops.start[members], np.minimum(drops.end[members], over)
    return events, Down(drops.camera[members], start, end, number, flapping)


def _outage_rows(events: list[Outage], down: Down, first: int, last: int) -> pd.DataFrame:
    """Return one row per outage that has hours within the span."""
    within = np.maximum(np.minimum(down.end, last) - np.maximum(down.start, first), 0)
    hours = np.bincount(down.outage, within / SECOND / HOUR_S, minlength=len(events))
    taken = [len(np.unique(down.camera[down.outage == number])) for number in range(len(events))]
    known = np.array([event.known for event in events], dtype=np.int64)
    rows = pd.DataFrame(
        {
            "start": as_times(np.array([event.start for event in events], dtype=np.int64)),
            "end": as_times(np.array([event.end for event in events], dtype=np.int64)),
            "cameras": np.array(taken, dtype=np.int64),
            "known_cameras": known,
            "share": np.array(taken) / known,
            "camera_hours": hours,
        }
    )
    return rows[hours > 0.0].reset_index(drop=True)


def _read(states: pd.DataFrame, hold: int | None) -> tuple[pd.Index, Runs]:
    """Return the ids of the cameras and their runs, flaps and all."""
    require_columns(states, "states", ("camera_id", "time", "online"))
    camera, ids = pd.factorize(states["camera_id"])
    at = moments(states["time"], "states: time")
    for column, blank in (("camera_id", camera < 0), ("time", at == MISSING)):
        if blank.any():
            raise ColumnError(
                f"states: row {np.flatnonzero(blank)[0]} has no {column} and {int(blank.sum())} "
                f"rows lack it; leave such rows out first"
            )
    online = states_of(states["online"], "states: online")
    reported = online.fillna(value=False).to_numpy(dtype=np.int8)
    reported[online.isna().to_numpy()] = -1
    return pd.Index(ids), Runs.of(camera.astype(np.int64), at, reported, hold)


def _refuse_options(
    first: int,
    last: int,
    flap_s: float,
    outage_share: float,
    outage_s: float,
    hold_s: float | None,
) -> None:
    """Refuse what is outside its range; not a number is."""
    if not first < last:
        raise InvalidParameterError("start, end: the span has no length; end must be later")
    if not 0.0 <= flap_s < np.inf:
        raise InvalidParameterError(f"flap_s must be 0 or more seconds, got {flap_s!r}")
    if not 0.0 < outage_share <= 1.0:
        raise InvalidParameterError(f"outage_share must be in (0, 1], got {outage_share!r}")
    if not 0.0 <= outage_s < np.inf:
        raise InvalidParameterError(f"outage_s must be 0 or more seconds, got {outage_s!r}")
    if hold_s is not None and not 0.0 < hold_s < np.inf:
        raise InvalidParameterError(f"hold_s must be above 0 seconds, or None, got {hold_s!r}")
