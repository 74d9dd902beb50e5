"""Passes along segments: what a unit walked of each without going away in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numba import njit

from geo.coverage import NOISE_M
from geo.errors import InvalidParameterError
from geo.health.moments import SECOND
from geo.health.reading import require_columns
from geo.intervals import Intervals
from geo.patrol.cleaning import units_of
from geo.patrol.rostering import stamps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.evidence import EvidenceRules
    from geo.patrol.placing import PlacedSegments

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

DIRECTIONS: Final = ("any", "forward", "backward")
"""Which way along the segment a pass went: where both are asked for, each is a pass of its own."""

NEEDED: Final = ("track_id", "row", "direction", "from_m", "to_m", "entered", "left", "speed_kmh")
"""Columns of traversals that are read."""


def segment_passes(
    traversals: pd.DataFrame,
    placed: PlacedSegments,
    *,
    both: Bools | None = None,
    rules: EvidenceRules,
) -> pd.DataFrame:
    """
    List the passes of units along segments, and how much of the segment each covered.

    Covered is what of the segment's own line was gone along; touching its end is nothing. A pass
    ends when the unit stays away for longer than `pause_s`, or, once it has covered `share` of
    the segment, for longer than `again_s`.

    Parameters
    ----------
    traversals
        What units went along: `track_id`, `unit_id` where known, `row` of the network's streets,
        `direction` ("forward" or "backward" along the row), `from_m <= to_m` along it, `entered`,
        `left`, `speed_kmh` (missing where unknown).
    placed
        n segments on the same network.
    both
        n flags: whether both directions are asked for; None for no segment.
    rules
        The figures.

    Returns
    -------
    passes
        One row per pass, by segment and time: `segment` (position), `id`, `direction` (one of
        `DIRECTIONS`), `unit_id`, `track_id` (of its beginning), `entered`, `left`, `share`
        (covered no faster than `driven_kmh`), `driven_share` (covered only faster).

    Raises
    ------
    ColumnError
        When a column is missing.
    InvalidParameterError
        When a time is missing, or `both` is of another length.

    Notes
    -----
    Times within a traversal go by the length. Within one pass more traversals never cover less.
    """
    require_columns(traversals, "traversals", NEEDED)
    count = len(placed.placed)
    asked = np.zeros(count, dtype=np.bool_) if both is None else np.asarray(both, dtype=np.bool_)
    if asked.shape != (count,):
        raise InvalidParameterError(
            f"both: {asked.shape} flags for {count} segments; give one for each"
        )
    pieces = _pieces(traversals, placed)
    unit, names = pd.factorize(units_of(traversals).iloc[pieces["traversal"]])
    segment, way = pieces["segment"].to_numpy(), pieces["way"].to_numpy()
    way = np.where(asked[segment], way, 0)
    group = (segment * len(DIRECTIONS) + way) * max(len(names), 1) + unit
    order = np.lexsort((pieces["left_us"], pieces["entered_us"], group))
    pieces, group, unit, way = pieces.iloc[order], group[order], unit[order], way[order]
    segment = pieces["segment"].to_numpy()
    entered, left = pieces["entered_us"].to_numpy(), pieces["left_us"].to_numpy()
    begin_m, end_m = pieces["begin_m"].to_numpy(), pieces["end_m"].to_numpy()
    length_m = placed.length_m
    number = _numbered(
        group, entered, left, np.column_stack((begin_m, end_m)),
        rules.share * length_m[segment] - NOISE_M,
        np.array([rules.again_s, rules.pause_s]) * SECOND,
    )  # fmt: skip
    first = np.flatnonzero(np.diff(number, prepend=-1))
    passes = len(first)
    # An unknown speed proves no driving, and rounding makes no speed too fast.
    slow = ~(pieces["speed_kmh"].round(6).to_numpy() > rules.driven_kmh)
    walked = Intervals.of(number[slow], begin_m[slow], end_m[slow]).length_by_key(passes)
    covered = Intervals.of(number, begin_m, end_m).length_by_key(passes)
    own = segment[first]
    found = pd.DataFrame({
        "segment": own,
        "id": placed.segment_id[own],
        "direction": np.array(DIRECTIONS, dtype=object)[way[first]],
        "unit_id": names.to_numpy(dtype=object)[unit[first]],
        "track_id": traversals["track_id"].to_numpy()[pieces["traversal"].to_numpy()[first]],
        "entered": entered[first].astype("datetime64[us]"),
        "left": _latest(number, left).astype("datetime64[us]"),
        "share": np.minimum(walked / length_m[own], 1.0),
        "driven_share": np.clip((covered - walked) / length_m[own], 0.0, 1.0),
    })  # fmt: skip
    return found.sort_values(["segment", "entered", "left"], ignore_index=True, kind="stable")


def _pieces(traversals: pd.DataFrame, placed: PlacedSegments) -> pd.DataFrame:
    """Cut traversals to the stretches of segments: where along the segment, when, and which way."""
    stretches = placed.stretches
    size_m = stretches["end_m"] - stretches["start_m"]
    before_m = size_m.groupby(stretches["segment"]).cumsum() - size_m
    walks = pd.DataFrame({
        "traversal": np.arange(len(traversals)),
        "row": traversals["row"].to_numpy(),
        "from_m": traversals["from_m"].to_numpy(dtype=np.float64),
        "to_m": traversals["to_m"].to_numpy(dtype=np.float64),
        "ahead": traversals["direction"].eq("forward").to_numpy(),
        "entered": stamps(traversals["entered"], "traversals: entered"),
        "left": stamps(traversals["left"], "traversals: left"),
        "speed_kmh": pd.to_numeric(traversals["speed_kmh"]).to_numpy(dtype=np.float64),
    })  # fmt: skip
    both = walks.merge(stretches.assign(before_m=before_m), on="row")
    low = np.maximum(both["from_m"], both["start_m"])
    high = np.minimum(both["to_m"], both["end_m"])
    met = (high - low > NOISE_M).to_numpy()
    both, low, high = both[met], low[met], high[met]
    along = both["along"].to_numpy()
    begin = np.where(along, low - both["start_m"], both["end_m"] - high) + both["before_m"]
    spent = (both["left"] - both["entered"]) / (both["to_m"] - both["from_m"])
    first = np.where(both["ahead"], low - both["from_m"], both["to_m"] - high) * spent
    entered = both["entered"] + np.round(first).astype(np.int64)
    lasted = np.round((high - low) * spent).astype(np.int64)
    return pd.DataFrame({
        "traversal": both["traversal"], "segment": both["segment"],
        "way": np.where(along == both["ahead"], 1, 2), "begin_m": begin,
        "end_m": begin + (high - low), "entered_us": entered, "left_us": entered + lasted,
        "speed_kmh": both["speed_kmh"],
    })  # fmt: skip


def _latest(number: Ints, left: Ints) -> Ints:
    """Return the last moment of each pass."""
    latest = np.zeros(int(number[-1]) + 1 if len(number) else 0, dtype=np.int64)
    np.maximum.at(latest, number, left)
    return latest


@njit(nogil=True, cache=True)
def _numbered(
    group: Ints, entered: Ints, left: Ints, piece: Floats, enough_m: Floats, away_us: Floats
) -> Ints:
    """Count the passes of pieces that are sorted by group and time."""
    number = np.zeros(len(group), np.int64)
    begun, latest = 0, 0
    for i in range(1, len(group)):
        new = group[i] != group[i - 1]
        latest = left[i - 1] if begun == i - 1 else max(latest, left[i - 1])
        away = entered[i] - latest
        if not new and away > away_us[0]:
            new = away > away_us[1] or _covered(piece[begun:i]) >= enough_m[i]
        number[i] = number[i - 1] + int(new)
        if new:
            begun = i
    return number


@njit(nogil=True, cache=True)
def _covered(piece: Floats) -> float:
    """Return the length of the union of some intervals."""
    covered, free = 0.0, -np.inf
    for k in np.argsort(piece[:, 0]):
        covered += max(piece[k, 1] - max(piece[k, 0], free), 0.0)
        free = max(free, piece[k, 1])
    return covered
