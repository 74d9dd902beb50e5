"""What is known of the states of cameras as disjoint spans, and how long each state held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.health.moments import SECOND, as_times
from geo.intervals import Intervals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.health.runs import Runs

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Down:
    """Cameras down by an outage: spans in microseconds, the outage, and which runs were flaps."""

    camera: Ints
    start: Ints
    end: Ints
    outage: Ints
    flapping: Mask


@dataclass(frozen=True, eq=False)
class Spans:
    """Sets of spans by camera, from 0 to the length of the whole, in microseconds."""

    sets: dict[tuple[str, str], Intervals]
    first: int

    @classmethod
    def of(cls, calm: Runs, down: Down, cameras: int, first: int, last: int) -> Spans:
        """Cut what is known to the span and take the rest as unknown."""

        def cut(camera: Ints, start: Ints, end: Ints) -> Intervals:
            # Whole microseconds of a century are exact as floats; `FOREVER` is cut off before.
            return Intervals.of(
                camera, np.maximum(start, first) - first, np.minimum(end, last) - first
            )

        up, off = calm.select(calm.online), calm.select(~calm.online)
        online, offline = (cut(r.camera, r.start, r.end) for r in (up, off))
        outage = cut(down.camera, down.start, down.end)
        whole = Intervals.of(
            np.arange(cameras), np.zeros(cameras), np.full(cameras, float(last - first))
        )
        sets = {
            ("online", ""): online,
            ("offline", "outage"): outage,
            ("offline", "own"): offline.difference(outage),
            ("unknown", ""): whole.difference(online.union(offline)),
        }
        return cls(sets, first)

    def rows(self, ids: pd.Index) -> pd.DataFrame:
        """Return one row per span, by camera and time."""
        parts = [
            pd.DataFrame(
                {"key": part.key, "state": state, "cause": cause,
                 "from": part.start.astype(np.int64), "to": part.end.astype(np.int64)}
            )
            for (state, cause), part in self.sets.items()
        ]  # fmt: skip
        rows = pd.concat(parts, ignore_index=True).sort_values(["key", "from"], ignore_index=True)
        return pd.DataFrame(
            {
                "camera_id": ids.take(rows["key"]).to_numpy(),
                "state": rows["state"],
                "cause": rows["cause"],
                "start": as_times(rows["from"].to_numpy() + self.first),
                "end": as_times(rows["to"].to_numpy() + self.first),
                "seconds": (rows["to"] - rows["from"]) / SECOND,
            }
        )

    def totals(self, ids: pd.Index) -> pd.DataFrame:
        """Return one row per camera."""
        online, outage, own, unknown = (
            part.length_by_key(len(ids)) / SECOND for part in self.sets.values()
        )
        columns = {
            "camera_id": ids.to_numpy(),
            "online_s": online,
            "offline_s": outage + own,
            "outage_s": outage,
            "unknown_s": unknown,
            "online_share": _share(online, online + outage + own),
            "online_share_own": _share(online, online + own),
        }
        return pd.DataFrame(columns)


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shares, NaN where there is nothing to share."""
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0.0)
