"""
Sets of closed intervals on many lines at once.

An interval lies on one line, named by an integer key, from `start` to `end` in metres along it.
A set is kept in canonical form: sorted by key, then start; disjoint; touching intervals joined.
All operations are one sweep over both sets: O(n log n) to make a set, O(n) to combine two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Triple = tuple[Ints, Floats, Floats]


@dataclass(frozen=True, eq=False)
class Intervals:
    """
    A canonical set of intervals; make one with `Intervals.of`.

    Parameters
    ----------
    key
        The line of each interval, ascending.
    start
        Where it begins, in metres along the line.
    end
        Where it ends, in metres; greater than `start`.
    """

    key: Ints
    start: Floats
    end: Floats

    @classmethod
    def of(cls, key: ArrayLike, start: ArrayLike, end: ArrayLike) -> Intervals:
        """
        Join any intervals into a canonical set.

        Intervals that overlap or touch become one; an interval without length (`start >= end`)
        holds nothing and is left out.

        Parameters
        ----------
        key
            n integers: the line of each interval, in any order.
        start
            n starts, in metres along the line.
        end
            n ends, in metres along the line.

        Returns
        -------
        intervals
            The same stretches, canonical.

        Raises
        ------
        InvalidParameterError
            When the three differ in length, or a start or end is not a number.
        """
        keys = np.asarray(key, dtype=np.int64)
        starts = np.asarray(start, dtype=np.float64)
        ends = np.asarray(end, dtype=np.float64)
        if not keys.shape == starts.shape == ends.shape:
            raise InvalidParameterError(
                f"key, start, end: shapes {keys.shape}, {starts.shape}, {ends.shape} differ; "
                f"give one start and one end per key"
            )
        if np.isnan(starts).any() or np.isnan(ends).any():
            raise InvalidParameterError("start, end: not a number met; leave such rows out first")
        filled = starts < ends
        keys, starts, ends = keys[filled], starts[filled], ends[filled]
        order = np.lexsort((starts, keys))
        return cls(*_joined(keys[order], starts[order], ends[order]))

    def __len__(self) -> int:
        """Return the number of intervals."""
        return len(self.key)

    @property
    def lengths_m(self) -> Floats:
        """Length of each interval, in metres."""
        return self.end - self.start

    @property
    def length_m(self) -> float:
        """Total length, in metres."""
        return float(self.lengths_m.sum())

    def length_by_key(self, keys: int) -> Floats:
        """
        Sum the lengths on each of the lines 0 to `keys - 1`.

        Parameters
        ----------
        keys
            How many lines there are; every key is below it.

        Returns
        -------
        length_m
            `keys` sums in metres, 0.0 where nothing lies.
        """
        length_m: Floats = np.zeros(keys)
        np.add.at(length_m, self.key, self.lengths_m)
        return length_m

    def union(self, other: Intervals) -> Intervals:
        """Return what lies in one of the two sets or in both."""
        return Intervals.of(
            np.concatenate((self.key, other.key)),
            np.concatenate((self.start, other.start)),
            np.concatenate((self.end, other.end)),
        )

    def difference(self, other: Intervals) -> Intervals:
        """Return what lies in this set and not in the other; end points are shared."""
        return Intervals(
            *_difference(self.key, self.start, self.end, other.key, other.start, other.end)
        )

    def intersection(self, other: Intervals) -> Intervals:
        """Return what lies in both sets."""
        return Intervals(
            *_intersection(self.key, self.start, self.end, other.key, other.start, other.end)
        )

    def overlaps_m(self, other: Intervals) -> Floats:
        """
        Return how much of the other set lies in each interval, in metres.

        Parameters
        ----------
        other
            A canonical set; this one may also be sorted pieces that touch, as `split` gives.

        Returns
        -------
        overlap_m
            One length per interval of this set.
        """
        return _overlaps(self.key, self.start, self.end, other.key, other.start, other.end)

    def longer_than(self, length_m: float) -> Intervals:
        """Return the intervals longer than `length_m` metres."""
        return self.select(self.lengths_m > length_m)

    def select(self, mask: NDArray[np.bool_] | Ints | Sequence[Any]) -> Intervals:
        """Return the intervals that `mask` picks; picking keeps the set canonical."""
        return Intervals(self.key[mask], self.start[mask], self.end[mask])

    def holds(self, key: ArrayLike, at: ArrayLike) -> NDArray[np.bool_]:
        """
        Tell which places lie in an interval; end points do.

        Parameters
        ----------
        key
            m integers: the line of each place.
        at
            m places in metres along the line.

        Returns
        -------
        held
            m flags.
        """
        return _holds(
            self.key, self.start, self.end,
            np.asarray(key, dtype=np.int64), np.asarray(at, dtype=np.float64),
        )  # fmt: skip

    def split(self, key: ArrayLike, at: ArrayLike) -> Triple:
        """
        Cut the intervals at the given places.

        Parameters
        ----------
        key
            m integers: the line of each cut, in any order.
        at
            m places in metres along the line; outside every interval they cut nothing.

        Returns
        -------
        key, start, end
            The pieces, sorted; they touch, so they are no canonical set.
        """
        keys = np.asarray(key, dtype=np.int64)
        places = np.asarray(at, dtype=np.float64)
        order = np.lexsort((places, keys))
        return _split(self.key, self.start, self.end, keys[order], places[order])


@njit(nogil=True, cache=True)
def _joined(key: Ints, start: Floats, end: Floats) -> Triple:
    """Join sorted intervals that overlap or touch."""
    out_key, out_start, out_end = key.copy(), start.copy(), end.copy()
    n = 0
    for i in range(len(key)):
        if n > 0 and out_key[n - 1] == key[i] and start[i] <= out_end[n - 1]:
            out_end[n - 1] = max(out_end[n - 1], end[i])
        else:
            out_key[n], out_start[n], out_end[n] = key[i], start[i], end[i]
            n += 1
    return out_key[:n].copy(), out_start[:n].copy(), out_end[:n].copy()


@njit(nogil=True, cache=True)
def _difference(
    a_key: Ints, a_start: Floats, a_end: Floats, b_key: Ints, b_start: Floats, b_end: Floats
) -> Triple:
    """Take canonical b out of canonical a."""
    room = len(a_key) + len(b_key)
    key, start, end = np.empty(room, np.int64), np.empty(room), np.empty(room)
    n, j = 0, 0
    for i in range(len(a_key)):
        while j < len(b_key) and (
            b_key[j] < a_key[i] or (b_key[j] == a_key[i] and b_end[j] <= a_start[i])
        ):
            j += 1
        free = a_start[i]
        k = j
        while k < len(b_key) and b_key[k] == a_key[i] and b_start[k] < a_end[i]:
            if b_start[k] > free:
                key[n], start[n], end[n] = a_key[i], free, b_start[k]
                n += 1
            free = max(free, b_end[k])
            k += 1
        if free < a_end[i]:
            key[n], start[n], end[n] = a_key[i], free, a_end[i]
            n += 1
    return key[:n].copy(), start[:n].copy(), end[:n].copy()


@njit(nogil=True, cache=True)
def _intersection(
    a_key: Ints, a_start: Floats, a_end: Floats, b_key: Ints, b_start: Floats, b_end: Floats
) -> Triple:
    """Keep what canonical a and canonical b share."""
    room = len(a_key) + len(b_key)
    key, start, end = np.empty(room, np.int64), np.empty(room), np.empty(room)
    n, i, j = 0, 0, 0
    while i < len(a_key) and j < len(b_key):
        if a_key[i] != b_key[j]:
            if a_key[i] < b_key[j]:
                i += 1
            else:
                j += 1
            continue
        low, high = max(a_start[i], b_start[j]), min(a_end[i], b_end[j])
        if low < high:
            key[n], start[n], end[n] = a_key[i], low, high
            n += 1
        if a_end[i] < b_end[j]:
            i += 1
        else:
            j += 1
    return key[:n].copy(), start[:n].copy(), end[:n].copy()


@njit(nogil=True, cache=True)
def _overlaps(
    a_key: Ints, a_start: Floats, a_end: Floats, b_key: Ints, b_start: Floats, b_end: Floats
) -> Floats:
    """Sum what of canonical b lies in each interval of sorted a."""
    overlap = np.zeros(len(a_key))
    j = 0
    for i in range(len(a_key)):
        while j < len(b_key) and (
            b_key[j] < a_key[i] or (b_key[j] == a_key[i] and b_end[j] <= a_start[i])
        ):
            j += 1
        k = j
        while k < len(b_key) and b_key[k] == a_key[i] and b_start[k] < a_end[i]:
            overlap[i] += min(a_end[i], b_end[k]) - max(a_start[i], b_start[k])
            k += 1
    return overlap


@njit(nogil=True, cache=True)
def _split(a_key: Ints, a_start: Floats, a_end: Floats, cut_key: Ints, cut_at: Floats) -> Triple:
    """Cut canonical intervals at sorted places."""
    room = len(a_key) + len(cut_key)
    key, start, end = np.empty(room, np.int64), np.empty(room), np.empty(room)
    n, j = 0, 0
    for i in range(len(a_key)):
        while j < len(cut_key) and (
            cut_key[j] < a_key[i] or (cut_key[j] == a_key[i] and cut_at[j] <= a_start[i])
        ):
            j += 1
        free = a_start[i]
        while j < len(cut_key) and cut_key[j] == a_key[i] and cut_at[j] < a_end[i]:
            if cut_at[j] > free:
                key[n], start[n], end[n] = a_key[i], free, cut_at[j]
                free = cut_at[j]
                n += 1
            j += 1
        key[n], start[n], end[n] = a_key[i], free, a_end[i]
        n += 1
    return key[:n].copy(), start[:n].copy(), end[:n].copy()


@njit(nogil=True, cache=True)
def _holds(key: Ints, start: Floats, end: Floats, line: Ints, at: Floats) -> NDArray[np.bool_]:
    """Find the last interval that begins at each place or before it."""
    held = np.zeros(len(line), np.bool_)
    for n in range(len(line)):
        low, high = np.searchsorted(key, line[n]), np.searchsorted(key, line[n], side="right")
        i = low + np.searchsorted(start[low:high], at[n], side="right") - 1
        held[n] = i >= low and at[n] <= end[i]
    return held
