"""Which force answers for which place at which hour, and where nobody or several do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.duty.hours import DutyHours
from geo.duty.week import AXIS_MIN, DAY_MIN, DAYS, HOLIDAY, HOUR_MIN, WEEK_MIN, by_day, written
from geo.errors import ColumnError, InvalidParameterError
from geo.intervals import Intervals
from geo.partition.reading import or_none, texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Texts = NDArray[np.str_]

FORCES: Final = (
    "patrol_swat", "traffic_police", "station_police", "armed_police", "security_guard",
    "auxiliary_police", "grid_worker", "volunteer",
)  # fmt: skip
"""Who may answer for a place."""

PLACE_KINDS: Final = ("main_road", "road", "community", "compound", "key_site", "grid")
"""What a force answers for."""


@dataclass(frozen=True, eq=False)
class Responsibility:
    """
    Outcome of `responsibility`.

    Parameters
    ----------
    hours
        Who answers, as stretches that tile the time asked about, one row each: `place_kind`,
        `place_id`, `start_min` and `end_min` (from Monday 00:00, beyond the week where a stretch
        runs from Sunday into Monday), `from` and `to` ("Mo 22:00"), `hours_h`, `forces` (codes,
        ";" between), `count` of them.
    places
        One row per place, in input order: `place_kind`, `place_id`, `hole_h`, `double_h`,
        `holes` and `doubles` (hours as the text of a duty).
    strangers
        Rows of duties that serve none of the places.
    unread
        Rows of duties whose hours cannot be read: `row`, `hours`, `reason`; they count for
        nothing.
    span_h
        Hours asked about.
    """

    hours: pd.DataFrame
    places: pd.DataFrame
    strangers: list[int]
    unread: pd.DataFrame
    span_h: float

    @property
    def holes(self) -> pd.DataFrame:
        """The stretches for which nobody answers."""
        return self.hours[self.hours["count"] == 0].reset_index(drop=True)

    @property
    def doubles(self) -> pd.DataFrame:
        """The stretches for which several forces answer."""
        return self.hours[self.hours["count"] > 1].reset_index(drop=True)

    def summary(self) -> dict[str, Any]:
        """Return place-hours, ready for JSON; shares are None without places."""
        whole = self.span_h * len(self.places)
        hole, double = float(self.places["hole_h"].sum()), float(self.places["double_h"].sum())
        return {
            "places": len(self.places),
            "places_with_holes": int((self.places["hole_h"] > 0.0).sum()),
            "place_hours": whole,
            "hole_hours": hole,
            "double_hours": double,
            "answered_share": (whole - hole) / whole if whole else None,
            "strangers": self.strangers,
            "unread": self.unread["row"].tolist(),
            "formula": "hours of places for which a force answers / hours of places asked about",
        }


def responsibility(
    duties: pd.DataFrame, places: pd.DataFrame, *, day: str | None = None
) -> Responsibility:
    """
    Tell which force answers for each place at each hour of the week.

    A duty without a `place_id` is for all places of its kind, one without hours for all hours.
    Several units of one force are one answer; several forces are a double.

    Parameters
    ----------
    duties
        n rows: `place_kind` (one of `PLACE_KINDS`), `force` (one of `FORCES`); `place_id` and
        `hours` where told. Hours may run over midnight.
    places
        m rows: `place_kind`, `place_id`.
    day
        "Mo" to "Su", or "PH" for a holiday; None for the whole week. A holiday has the hours
        that duties state for it, and those after the midnight of another holiday.

    Returns
    -------
    responsibility
        Who answers when; holes and doubles.

    Raises
    ------
    ColumnError
        When a column is missing.
    InvalidParameterError
        When a kind, a force or the day is not in its list, or a place is met twice.
    """
    kind, force = _listed(duties, "duties", "place_kind", PLACE_KINDS), _forces(duties)
    place_kind = _listed(places, "places", "place_kind", PLACE_KINDS)
    place_id, duty_id = texts(places, "place_id"), texts(duties, "place_id")
    twice = pd.DataFrame({"kind": place_kind, "id": place_id}).duplicated().to_numpy()
    if twice.any():
        row = int(np.flatnonzero(twice)[0])
        raise InvalidParameterError(
            f"places: row {row} ({PLACE_KINDS[place_kind[row]]} {place_id[row]}) was met before; "
            f"give every place once"
        )
    first, last = _span(day)
    duty = DutyHours.of(pd.DataFrame({"hours": _column(duties, "hours")}))
    whom, what = np.nonzero(
        (kind[:, None] == place_kind[None, :])
        & ((duty_id[:, None] == "") | (duty_id[:, None] == place_id[None, :]))
    )
    served = duty.intervals(whom)
    start, end = np.clip(served.start, first, last), np.clip(served.end, first, last)
    place, by = what[served.key], force[whom[served.key]]
    stretches = _stretches(place, by, start, end, len(places), (first, last))
    stretches = _merged(stretches, wraps=day is None)
    names = np.array([";".join(_names(mask)) for mask in range(2 ** len(FORCES))], dtype=object)
    hours = pd.DataFrame(
        {
            "place_kind": np.array(PLACE_KINDS, dtype=object)[place_kind[stretches["place"]]],
            "place_id": or_none(place_id[stretches["place"]]),
            "start_min": stretches["start"],
            "end_min": stretches["end"],
            "from": [_clock(minute) for minute in stretches["start"]],
            "to": [_clock(minute, end=True, week=day is None) for minute in stretches["end"]],
            "hours_h": (stretches["end"] - stretches["start"]) / HOUR_MIN,
            "forces": names[stretches["forces"]],
            "count": [int(mask).bit_count() for mask in stretches["forces"]],
        }
    )
    told = np.flatnonzero(~np.isin(np.arange(len(duties)), whom)).tolist()
    reasons = duty.doubts[duty.doubts["row"].isin(np.flatnonzero(duty.unread))]
    return Responsibility(
        hours,
        _by_place(hours, stretches["place"].to_numpy(), place_kind, place_id),
        told,
        reasons[["row", "hours", "reason"]].reset_index(drop=True),
        (last - first) / HOUR_MIN,
    )


def _stretches(
    place: Ints, force: Ints, start: NDArray[np.float64], end: NDArray[np.float64], places: int,
    span: tuple[int, int],
) -> pd.DataFrame:  # fmt: skip
    """Cut the time of every place wherever a force comes or goes, and say who is there."""
    every = np.arange(places)
    cuts = pd.DataFrame(
        {
            "place": np.concatenate((every, every, place, place)),
            "at": np.concatenate((np.repeat(span, places), start, end)).astype(np.int64),
        }
    )
    cuts = cuts.drop_duplicates().sort_values(["place", "at"], ignore_index=True)
    same = (cuts["place"].diff(-1) == 0).to_numpy()
    begin = cuts[same].reset_index(drop=True)
    until = cuts["at"].to_numpy()[np.flatnonzero(same) + 1]
    middle = (begin["at"].to_numpy() + until) / 2.0
    mask = np.zeros(len(begin), dtype=np.int64)
    for number in range(len(FORCES)):  # eight forces, each a bit
        own = force == number
        there = Intervals.of(place[own], start[own], end[own])
        mask[there.holds(begin["place"].to_numpy(), middle)] += 2**number
    return begin.rename(columns={"at": "start"}).assign(end=until, forces=mask)


def _merged(stretches: pd.DataFrame, *, wraps: bool) -> pd.DataFrame:
    """Join stretches in which the same forces answer; a week begins where it ends."""
    place, forces = stretches["place"].to_numpy(), stretches["forces"].to_numpy()
    new = np.ones(len(place), dtype=np.bool_)
    new[1:] = (place[1:] != place[:-1]) | (forces[1:] != forces[:-1])
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(place)) - 1 if len(first) else first
    runs = stretches.iloc[first].assign(end=stretches["end"].to_numpy()[last])
    runs = runs.reset_index(drop=True)
    if not wraps:
        return runs
    heads, tails = runs[runs["start"] == 0], runs[runs["end"] == WEEK_MIN]
    pairs = heads.reset_index().merge(tails.reset_index(), on=["place", "forces"])
    pairs = pairs[pairs["index_x"] != pairs["index_y"]]
    runs.loc[pairs["index_y"], "end"] = WEEK_MIN + pairs["end_x"].to_numpy()
    return runs.drop(index=pairs["index_x"]).reset_index(drop=True)


def _by_place(hours: pd.DataFrame, place: Ints, place_kind: Ints, place_id: Texts) -> pd.DataFrame:
    """Return one row per place."""
    table = pd.DataFrame(
        {
            "place_kind": np.array(PLACE_KINDS, dtype=object)[place_kind],
            "place_id": or_none(place_id),
        }
    )
    for name, mask in (("hole", hours["count"] == 0), ("double", hours["count"] > 1)):
        rows = np.flatnonzero(mask)
        lasts = hours["hours_h"].to_numpy()[rows]
        table[f"{name}_h"] = np.bincount(place[rows], lasts, minlength=len(table))
        of = hours.iloc[rows].groupby(place[rows])
        said = {key: _text(group["start_min"], group["end_min"]) for key, group in of}
        table[f"{name}s"] = [said.get(row, "") for row in range(len(table))]
    return table


def _text(start: pd.Series, end: pd.Series) -> str:
    """Write stretches as the text of a duty."""
    days: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for low, high in zip(start.tolist(), end.tolist(), strict=True):
        if high - low < DAY_MIN:
            midnight = low // DAY_MIN * DAY_MIN
            days[low // DAY_MIN].append((low - midnight, high - midnight))
            continue
        # A longer one is cut at midnight; beyond the week it is Monday again.
        axis = AXIS_MIN if low >= WEEK_MIN else WEEK_MIN
        pieces = [(low, min(high, axis)), (0, max(high - axis, 0))]
        for day, held in enumerate(by_day([piece for piece in pieces if piece[0] < piece[1]])):
            days[day] += held
    return written([sorted(held) for held in days])


def _span(day: str | None) -> tuple[int, int]:
    """Return the stretch of the axis that is asked about."""
    if day is None:
        return 0, WEEK_MIN
    if day not in DAYS:
        raise InvalidParameterError(f"day must be one of {', '.join(DAYS)}, got {day!r}")
    first = DAYS.index(day) * DAY_MIN
    return first, first + DAY_MIN


def _clock(minute: int, *, end: bool = False, week: bool = False) -> str:
    """Write a minute of the axis; an end at midnight is the 24:00 of its day."""
    day = (minute - end) // DAY_MIN
    of_day = minute - day * DAY_MIN
    # In a week Sunday is followed by Monday, on the axis by the holiday.
    name = DAYS[day % HOLIDAY if week else day]
    return f"{name} {of_day // HOUR_MIN:02d}:{of_day % HOUR_MIN:02d}"


def _names(mask: int) -> list[str]:
    return [name for number, name in enumerate(FORCES) if mask >> number & 1]


def _forces(duties: pd.DataFrame) -> Ints:
    return _listed(duties, "duties", "force", FORCES)


def _listed(frame: pd.DataFrame, name: str, column: str, codes: tuple[str, ...]) -> Ints:
    """Return the positions of codes in their list."""
    if column not in frame.columns:
        raise ColumnError(
            f"{name}: no column {column} among {', '.join(map(str, frame.columns)) or 'none'}"
        )
    found: Ints = pd.Index(codes).get_indexer(texts(frame, column))
    wrong = np.flatnonzero(found < 0)
    if wrong.size:
        raise InvalidParameterError(
            f"{name}: row {wrong[0]} has {column} {frame[column].iloc[wrong[0]]!r}; write one of "
            f"{', '.join(codes)}"
        )
    return found


def _column(frame: pd.DataFrame, column: str) -> Any:  # noqa: ANN401
    return frame[column].to_numpy() if column in frame.columns else [None] * len(frame)
