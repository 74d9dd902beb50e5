"""Stays at hot spots: how many, how long and when, drawn at random; and whether they were kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.duty.week import DAY_MIN, HOUR_MIN
from geo.errors import ColumnError, InvalidParameterError
from geo.patrol.columns import numbers, texts
from geo.patrol.windows import DAY_S, MINUTE_S, begun_on
from geo.points import coordinates

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from geo.patrol.windows import Span

MIDDLE_PRIORITY: Final = 3
"""The priority of what has no weight."""


@dataclass(frozen=True)
class DoseRule:
    """
    How much presence a hot spot gets.

    Parameters
    ----------
    least_stay_min
        A shorter stay has no lasting effect, in minutes; greater than 0.
    most_stay_min
        A longer stay adds nothing, in minutes.
    most_apart_min
        Longest time without anybody, in minutes: between two stays, before the first and after
        the last of a shift.
    freedom_min
        How much later than asked each stay may begin at the least, in minutes; it is what a plan
        can shift to save ways.
    """

    least_stay_min: int = 10
    most_stay_min: int = 16
    most_apart_min: int = 120
    freedom_min: int = 20

    def __post_init__(self) -> None:
        """Refuse a rule that no stay keeps."""
        if not 0 < self.least_stay_min <= self.most_stay_min:
            raise InvalidParameterError(
                f"least_stay_min, most_stay_min: {self.least_stay_min!r} and "
                f"{self.most_stay_min!r}; give minutes above 0, the least first"
            )
        room = self.longest_period_min - 2 * self.most_stay_min
        if self.freedom_min < 0 or room < 0:
            raise InvalidParameterError(
                f"freedom_min, most_apart_min: {self.freedom_min!r} and {self.most_apart_min!r} "
                f"leave no room for two stays of {self.most_stay_min!r}; give less freedom, 0 or "
                f"more, or longer times apart"
            )

    @property
    def longest_period_min(self) -> int:
        """Longest time from window to window, in minutes; one is lost to whole minutes."""
        return self.most_apart_min + self.least_stay_min - self.freedom_min - 1


@dataclass(frozen=True, eq=False)
class Dose:
    """
    Outcome of `dose_kept`.

    Parameters
    ----------
    spots
        One row per hot spot and shift: `spot_id`, `stays` (that count), `short` (stays that are
        too short and do not), `long` (that count and are longer than need be), `longest_gap_min`
        without a stay that counts, `kept` (no gap is too long).
    rule
        What was asked.
    """

    spots: pd.DataFrame
    rule: DoseRule

    @property
    def kept_share(self) -> float | None:
        """Share of hot spots whose dose was kept, in [0, 1]; None when there is none."""
        return float(self.spots["kept"].mean()) if len(self.spots) else None


def dose_points(
    hot_spots: gpd.GeoDataFrame,
    shift: str,
    date: dt.date,
    *,
    seed: int = 0,
    rule: DoseRule | None = None,
) -> gpd.GeoDataFrame:
    """
    Turn hot spots into must-visit points: several stays of random length at random times.

    Every stay has a window of its own. Whenever it begins within, no time without anybody is
    longer than `most_apart_min`. Lengths of stays, the phase and each window are drawn from the
    seed, so that nights differ.

    Parameters
    ----------
    hot_spots
        n Point rows with `spot_id` (`point_id` serves); read where present: `name`, `area_code`,
        `skills`, `weight` (the heaviest fifth gets priority 1).
    shift
        Hours such as "18:00-02:00".
    date
        The day it begins on.
    seed
        Makes the draw; 0 or more.
    rule
        How much presence; None for the usual one.

    Returns
    -------
    points
        A row per stay: `point_id`, `spot_id`, `name`, `area_code`, `skills`, `dwell_min`,
        `windows`, `visits`, `priority`, Point.

    Raises
    ------
    ColumnError
        When no column tells the hot spots apart.
    InvalidParameterError
        When the shift cannot be read, or is longer than a day.
    """
    held = rule or DoseRule()
    ids = _ids(hot_spots)
    coordinates(hot_spots, "hot_spots")
    spans = begun_on(shift, date)
    if not spans or max(end - start for start, end in spans) > DAY_S:
        raise InvalidParameterError(
            f"shift: {shift!r} has no hours on {date}, or more than a day; write it like "
            f"18:00-02:00"
        )
    random = np.random.default_rng(seed)
    row: list[int] = []
    stays: list[tuple[int, int, int]] = []
    for spot in range(len(hot_spots)):
        drawn = [stay for span in spans for stay in _stays(span, held, random)]
        row += [spot] * len(drawn)
        stays += drawn
    taken = hot_spots.iloc[row].reset_index(drop=True)
    number = pd.Series(row, dtype=np.int64)
    number = number.groupby(number).cumcount() + 1
    priority = _priority(numbers(hot_spots, "weight", np.nan))
    named = {
        name: pd.Series(texts(taken, name), dtype=object)
        for name in ("name", "area_code", "skills")
    }
    return gpd.GeoDataFrame(
        {
            "point_id": [f"{ids[spot]}#{k}" for spot, k in zip(row, number, strict=True)],
            "spot_id": [ids[spot] for spot in row],
            **named,
            "dwell_min": [dwell for _, _, dwell in stays],
            "windows": [_written(start, end) for start, end, _ in stays],
            "visits": 1,
            "priority": priority[row],
        },
        geometry=taken.geometry.to_numpy(),
        crs=hot_spots.crs,
    )


def dose_kept(
    stays: pd.DataFrame,
    spots: pd.Series | list[Any],
    on: Any,  # noqa: ANN401 - whatever pandas takes for a time
    off: Any,  # noqa: ANN401
    *,
    rule: DoseRule | None = None,
) -> Dose:
    """
    Check whether hot spots got their dose in a shift, planned or as it was walked.

    A stay shorter than `least_stay_min` does not count. Stays that overlap are not added up.

    Parameters
    ----------
    stays
        m rows: `spot_id`, `arrive`, `leave` (local times); what lies outside the shift is cut.
    spots
        The ids of the hot spots that are due.
    on, off
        When the shift begins and ends.
    rule
        How much presence; None for the usual one.

    Returns
    -------
    dose
        One row per hot spot, also for those nobody came to.
    """
    held = rule or DoseRule()
    begin, end = pd.Timestamp(on), pd.Timestamp(off)
    minute = pd.Timedelta(minutes=1)
    arrive = ((stays["arrive"].clip(begin, end) - begin) / minute).to_numpy(np.float64)
    leave = ((stays["leave"].clip(begin, end) - begin) / minute).to_numpy(np.float64)
    length, spot = leave - arrive, stays["spot_id"].to_numpy(dtype=object)
    whole = float((end - begin) / minute)
    rows = []
    for each in spots:
        here = (spot == each) & (length > 0.0)
        counts = here & (length >= held.least_stay_min)
        gap = _longest_gap(arrive[counts], leave[counts], whole)
        rows.append(
            (
                each,
                int(counts.sum()),
                int((here & ~counts).sum()),
                int((counts & (length > held.most_stay_min)).sum()),
                gap,
                gap <= held.most_apart_min,
            )
        )
    columns = ["spot_id", "stays", "short", "long", "longest_gap_min", "kept"]
    return Dose(pd.DataFrame(rows, columns=columns), held)


def _ids(hot_spots: gpd.GeoDataFrame) -> list[str | None]:
    """Return the ids of hot spots."""
    for column in ("spot_id", "point_id"):
        found = texts(hot_spots, column)
        if column in hot_spots.columns and None not in found and len(set(found)) == len(found):
            return found
    raise ColumnError("hot_spots: no spot_id or point_id that is unique; give each an id")


def _stays(span: Span, rule: DoseRule, random: np.random.Generator) -> list[tuple[int, int, int]]:
    """
    Draw the stays of one hot spot: where the window opens and closes in minutes, and the length.

    With windows `freedom` wide that open at `k * period + phase + jitter`, the longest time
    between two stays is `period + freedom + jitter - stay`; before the first it is
    `phase + jitter + freedom`, after the last `period - phase - jitter - stay`.
    """
    start, end = -(-span[0] // MINUTE_S), span[1] // MINUTE_S
    if end - start < rule.most_stay_min:
        return []
    count = math.ceil((end - start) / rule.longest_period_min)
    period = (end - start) / count
    freedom = min(rule.freedom_min, math.floor(period) - rule.most_stay_min)
    loose = period - freedom - rule.most_stay_min
    jitter = min(rule.longest_period_min - period, loose)
    phase = random.uniform(0.0, min(loose - jitter, rule.most_apart_min - freedom - jitter))
    out = []
    for k in range(count):
        stay = int(random.integers(rule.least_stay_min, rule.most_stay_min + 1))
        opens = start + math.floor(k * period + phase + random.uniform(0.0, jitter))
        out.append((opens, opens + freedom + stay, stay))
    return out


def _written(start: int, end: int) -> str:
    """Write minutes from midnight as hours that are read back on the day they fall on."""
    day = start // DAY_MIN * DAY_MIN
    return f"{_clock(start - day)}-{_clock((end - day) % DAY_MIN or DAY_MIN)}"


def _clock(minute: int) -> str:
    return f"{minute // HOUR_MIN:02d}:{minute % HOUR_MIN:02d}"


def _priority(weight: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return 1 for the heaviest fifth to 5 for the lightest; the middle where no weight is told."""
    told = np.isfinite(weight)
    rank = pd.Series(weight).rank(ascending=False, method="min").to_numpy()
    fifth = np.ceil(5.0 * rank / max(told.sum(), 1))
    return np.where(told, fifth, MIDDLE_PRIORITY).astype(np.int64)


def _longest_gap(arrive: NDArray[np.float64], leave: NDArray[np.float64], whole: float) -> float:
    """Return the longest time without a stay between 0 and `whole`."""
    order = np.argsort(arrive, kind="stable")
    away = np.maximum.accumulate(np.r_[0.0, leave[order]])
    return float(np.max(np.r_[arrive[order], whole] - away))
