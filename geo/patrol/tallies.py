"""What was due and what was done, counted by shift, unit, area, grid, day or force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.int64]

FORMULAS: Final = {
    "completed_share": (
        "visits done within their window and long enough / visits due, as fixed when the plan was "
        "made; without a number where nothing was due"
    ),
    "completed_share_upper": (
        "(done + unknown) / due: the share if every visit due while the device was silent was done"
    ),
    "certain": "done by positions near the place for long enough",
    "probable": "done by a check-in alone",
    "late": "visits begun after their window, within the tolerance / due; not done",
    "missed": "due - done - late - too short - driven through - seen by video alone - unknown",
    "too_often": "visits beyond what was due, or sooner after another than the least interval",
    "video": "rounds by video, due and done, are counted apart from all of these",
    "longest_gap_s": (
        "the longest time without a visit, from the beginning of the period to its end; rounds by "
        "video and passes driven through are no visits"
    ),
    "active_day_share": "rostered days with a position, a check-in or a visit / rostered days",
    "silent_s": "time on duty in stretches without a position longer than the limit",
    "paper_share": "units on the roster without a position, a check-in or a visit / units on it",
}
"""How each figure is reckoned."""

TALLIED: Final = (
    "done", "late", "too_short", "driven_through", "video_only", "missed", "unknown",
)  # fmt: skip
"""What may become of a visit due; each is one of these."""


def tally(
    rows: pd.DataFrame, key: ArrayLike, names: pd.Index, *, often: ArrayLike | None = None
) -> pd.DataFrame:
    """
    Count what became of visits due.

    Parameters
    ----------
    rows
        n visits due: `status` (one of `TALLIED`), `probable`, `video` (a round by video was due).
    key
        n positions in `names`; -1 for none of them.
    names
        What is counted by.
    often
        Positions in `names` of the visits too many.

    Returns
    -------
    table
        One row per name, in their order, and one of no name at the end where rows have none:
        `due`, `done`, `certain`, `probable`, the other statuses, `too_often`,
        `completed_share` and `completed_share_upper` (NaN where nothing was due), `video_due`
        and `video_done`.
    """
    keys = np.asarray(key, dtype=np.int64)
    surplus = np.asarray([] if often is None else often, dtype=np.int64)
    size = len(names) + 1
    status = rows["status"].to_numpy()
    video = rows["video"].to_numpy(dtype=np.bool_)
    probable = rows["probable"].to_numpy(dtype=np.bool_)

    def count(mask: NDArray[np.bool_]) -> Ints:
        # The last place is that of no name: -1 counts there.
        return np.bincount(keys[mask] % size, minlength=size)

    done = ~video & (status == "done")
    table = pd.DataFrame({"due": count(~video)}, index=pd.Index([*names, None], dtype=object))
    table["done"] = count(done)
    table["certain"], table["probable"] = count(done & ~probable), count(done & probable)
    for name in TALLIED[1:]:
        table[name] = count(~video & (status == name))
    table["too_often"] = np.bincount(surplus % size, minlength=size)
    due = table["due"].where(table["due"] > 0)
    table["completed_share"] = table["done"] / due
    table["completed_share_upper"] = (table["done"] + table["unknown"]) / due
    table["video_due"], table["video_done"] = count(video), count(video & (status == "done"))
    if not (keys < 0).any() and not (surplus < 0).any():
        table = table.iloc[:-1]
    return table


def longest_gaps(place: Ints, start: Ints, end: Ints, places: int, span: tuple[int, int]) -> Ints:
    """
    Find the longest time without a visit at each place.

    Parameters
    ----------
    place
        n positions of places.
    start, end
        n visits, in any unit of time.
    places
        How many places there are.
    span
        Beginning and end of the period; visits outside it are cut off.

    Returns
    -------
    gap
        One length per place; the whole period where nobody came.
    """
    every = np.arange(places)
    key = np.concatenate((every, place, every))
    begin = np.clip(
        np.concatenate((np.full(places, span[0]), start, np.full(places, span[1]))), *span
    )
    until = np.clip(
        np.concatenate((np.full(places, span[0]), end, np.full(places, span[1]))), *span
    )
    order = np.lexsort((begin, key))
    key, begin, until = key[order], begin[order], until[order]
    # What has been left last may be no row before: a long visit holds short ones within.
    reached = _running_most(key, until, span)
    gap = np.zeros(places, dtype=np.int64)
    same = key[1:] == key[:-1]
    np.maximum.at(gap, key[1:][same], np.maximum(begin[1:] - reached[:-1], 0)[same])
    return gap


def longest_idle(group: Ints, day: Ints, groups: int, span: tuple[int, int]) -> Ints:
    """
    Find the longest run of days without activity.

    Parameters
    ----------
    group
        n positions of groups.
    day
        n days with activity, as numbers; repeats allowed.
    groups
        How many groups there are.
    span
        First day of the period and the day after its last.

    Returns
    -------
    days
        One count per group; the whole period where nothing was done.
    """
    return longest_gaps(group, day, day + 1, groups, span)


def _running_most(key: Ints, value: Ints, span: tuple[int, int]) -> Ints:
    """Return the greatest value so far among the rows of a key; rows of a key are together."""
    step = span[1] - span[0] + 1
    most: Ints = np.maximum.accumulate(key * step + (value - span[0])) - key * step + span[0]
    return most
