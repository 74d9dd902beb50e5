"""How long positions are kept: some weeks, until what came of them is kept in their place."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import CursorResult, Result, and_, delete, func, or_, select

from data.engine import writing
from data.errors import StoreError
from data.fixes import TRACKS
from data.models import ImportRun, QuarantinedRow
from data.position_tables import POLICE, PositionFix, PositionTrack
from data.store import Store
from data.writing import hold, require_police, require_write

KEEP_DAYS: Final = 30
"""How many days positions are kept where nothing else is set."""

MOST_KEEP_DAYS: Final = 90
"""How many days they are kept at most, whatever is set, and whether results were kept or not."""


@dataclass(frozen=True)
class Purged:
    """
    What `purge_positions` did.

    Parameters
    ----------
    deleted
        Fixes that were deleted.
    overdue
        Those of them that were deleted for their age alone: nothing was kept of what was done.
    waiting
        Fixes older than the days set that stay for now, until their results are kept or they are
        `MOST_KEEP_DAYS` old.
    set_aside
        Rows of old imports of tracks that were deleted from the quarantine.
    """

    deleted: int
    overdue: int
    waiting: int
    set_aside: int


def require_keep_days(days: int) -> int:
    """
    Return a number of days that positions may be kept.

    Parameters
    ----------
    days
        What is set.

    Returns
    -------
    days
        The same.

    Raises
    ------
    StoreError
        When it is not from 1 to `MOST_KEEP_DAYS`.
    """
    if not 1 <= days <= MOST_KEEP_DAYS:
        raise StoreError("keep_days", met=days, most=MOST_KEEP_DAYS)
    return days


def purge_positions(store: Store, today: dt.date, keep_days: int = KEEP_DAYS) -> Purged:
    """
    Delete the positions that were kept long enough.

    A fix goes at the beginning of the day that is more than `keep_days` after its own, once the
    results of its track are kept up to it; and after `MOST_KEEP_DAYS` in any case.

    Parameters
    ----------
    store
        Opened for a scope with the police's line that may write; what it does not cover stays.
    today
        The day by the local clock.
    keep_days
        How many days positions are kept.

    Returns
    -------
    purged
        Counts.

    Raises
    ------
    StoreError
        When `keep_days` is not from 1 to `MOST_KEEP_DAYS`.
    ForbiddenError
        When the scope may not write, or does not see the police's line.
    """
    require_police(store)
    require_write(store, store.scope.division, POLICE)
    old, last = (
        dt.datetime.combine(today, dt.time()) - dt.timedelta(days=days)
        for days in (require_keep_days(keep_days), MOST_KEEP_DAYS)
    )
    held = store.scope.visible(PositionTrack)
    kept = and_(
        PositionTrack.id == PositionFix.track, PositionTrack.results_until > PositionFix.time
    )
    settled = select(PositionTrack.id).where(kept).exists()
    seen = PositionFix.track.in_(select(PositionTrack.id).where(held))
    count = select(func.count()).select_from(PositionFix)
    with writing(store.engine) as session:
        hold(session, PositionTrack)
        overdue = int(session.scalar(count.where(seen, PositionFix.time < last, ~settled)) or 0)
        due = or_(PositionFix.time < last, and_(PositionFix.time < old, settled))
        gone = session.execute(
            delete(PositionFix).where(seen, due).execution_options(synchronize_session=False)
        )
        waiting = int(session.scalar(count.where(seen, PositionFix.time < old)) or 0)
        # What was set aside of tracks has places too.
        runs = select(ImportRun.id).where(
            ImportRun.kind == TRACKS, ImportRun.made_at < old, store.scope.visible(ImportRun)
        )
        aside = session.execute(
            delete(QuarantinedRow)
            .where(QuarantinedRow.import_id.in_(runs))
            .execution_options(synchronize_session=False)
        )
    return Purged(_count(gone), overdue, waiting, _count(aside))


def _count(deleted: Result[Any]) -> int:
    """Return how many rows a statement deleted."""
    return cast("CursorResult[Any]", deleted).rowcount
