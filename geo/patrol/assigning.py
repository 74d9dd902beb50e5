"""Which visit answers for which visit due: each for at most one, and as many as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

STATUSES: Final = ("done", "late", "too_short", "driven_through", "video_only")
"""What a visit may be to a visit due, the best first."""


def assign(due: Ints, done: Ints, level: Ints, apart: Floats) -> Ints:
    """
    Choose pairs so that no visit and no visit due is in two of them.

    As many as can be are done. Then what is left is worth the most, a late visit before one too
    short, that before one driven through, that before a round by video. Then the pairs lie as
    near in time as can be.

    Parameters
    ----------
    due
        n numbers of visits due, from 0.
    done
        n numbers of visits, from 0.
    level
        n positions in `STATUSES`: what the visit would be.
    apart
        n numbers in [0, 1]: how far apart in time.

    Returns
    -------
    chosen
        Positions of the chosen pairs, ascending.
    """
    if not len(due):
        return np.zeros(0, dtype=np.int64)
    alone = (np.bincount(due)[due] == 1) & (np.bincount(done)[done] == 1)
    chosen = [np.flatnonzero(alone)]
    rest = np.flatnonzero(~alone)
    # What can take from each other is settled together; most groups are a visit or two of one
    # place, so a loop over them is as fast as one problem of all would be slow.
    group = _groups(due[rest], done[rest])
    order = np.argsort(group, kind="stable")
    bounds = np.flatnonzero(np.diff(group[order], prepend=-1, append=-1))
    for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        pairs = rest[order[low:high]]
        chosen.append(pairs[_best(due[pairs], done[pairs], level[pairs], apart[pairs])])
    return np.sort(np.concatenate(chosen))


def _groups(due: Ints, done: Ints) -> Ints:
    """Give pairs a number each, so that those of one share visits with no others."""
    if not len(due):
        return np.zeros(0, dtype=np.int64)
    dues, visits = int(due.max()) + 1, int(done.max()) + 1
    size = dues + visits
    links = csr_array((np.ones(len(due), dtype=np.int8), (due, dues + done)), shape=(size, size))
    group: Ints = connected_components(links, directed=False)[1][due].astype(np.int64)
    return group


def _best(due: Ints, done: Ints, level: Ints, apart: Floats) -> Ints:
    """Return the positions of the chosen pairs of one group."""
    rows, row = np.unique(due, return_inverse=True)
    columns, column = np.unique(done, return_inverse=True)
    most = min(len(rows), len(columns)) + 1
    # A step of the level outweighs all distances together, and being done all steps.
    worth = np.where(level == 0, 2 * len(STATUSES) * most, len(STATUSES) - level)
    gain = np.zeros((len(rows), len(columns)))
    gain[row, column] = worth + (1.0 - apart) / most
    i, j = linear_sum_assignment(gain, maximize=True)
    pair = np.full(gain.shape, -1)
    pair[row, column] = np.arange(len(due))
    return np.sort(pair[i, j][pair[i, j] >= 0])
