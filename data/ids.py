"""
Ids that tell nothing of other rows.

Numbers in a row would let whoever sees some of them count the others: those of another scope.
So ids are drawn by chance, and rows are in the order of their ids.
"""

import os
from typing import Any, Final

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

ID_BITS: Final = 53
"""Bits of an id: whole numbers that JSON and every browser keep exactly."""

LARGEST_ID: Final = 2**ID_BITS - 1
"""The largest id."""

ASKED: Final = 10_000
"""Ids that one statement asks for: below the limit of variables of both engines."""


def new_ids(session: Session, model: Any, count: int) -> list[int]:  # noqa: ANN401 - mapped
    """
    Draw ids for new rows of a table; none is taken, and none tells of another row.

    The chance that any of `count` drawn ids is one of n that there are is below `count` x n / 2^53:
    1 in 90,000 for 100,000 rows beside a million. Those are drawn again.

    Parameters
    ----------
    session
        Of a writer that keeps other writers of the table waiting.
    model
        A mapped class with `id`.
    count
        Rows to be added.

    Returns
    -------
    ids
        `count` distinct numbers from 1 to `LARGEST_ID`, in no order.
    """
    ids: list[int] = []
    while len(ids) < count:
        drawn = list(dict.fromkeys(_draw(count - len(ids))))
        taken = {0, *ids}
        for start in range(0, len(drawn), ASKED):
            batch = drawn[start : start + ASKED]
            taken.update(session.scalars(select(model.id).where(model.id.in_(batch))))
        ids += [row for row in drawn if row not in taken]
    return ids


def _draw(count: int) -> list[int]:
    """Return numbers by chance that nobody can foretell."""
    words = np.frombuffer(os.urandom(8 * count), dtype=np.uint64)
    drawn: list[int] = (words >> np.uint64(64 - ID_BITS)).tolist()
    return drawn
