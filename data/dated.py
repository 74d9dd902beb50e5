"""
Rows that hold from a day on: what was there before is ended and kept, not overwritten.

So the figures of last year go by last year's borders. The identity of a row is that of its newest
state; ended ones have identities of their own.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.errors import ConflictError
from data.ledgers import LEDGER_KEYS
from data.store import Store
from data.validity import valid_on
from data.writing import Known

ENDED: Final = "ended|"
"""How the identity of an ended state begins."""

UNDATED: Final = frozenset({"incidents", *LEDGER_KEYS})
"""Layers whose rows say themselves when they were, and are valid always."""


def as_of(store: Store, day: dt.date) -> Store:
    """
    Return the same store as it was, or will be, on a day.

    Parameters
    ----------
    store
        Opened for a scope, which stays.
    day
        Whatever reads rows without naming a day gets those that are valid on it.

    Returns
    -------
    store
        It shares the connections.
    """
    return Store(store.engine, store.scope, today=lambda: day)


def is_over(met: Known, since: dt.date | None) -> bool:
    """
    Tell whether a row had ended when a file begins to hold, which says that it is there again.

    Parameters
    ----------
    met
        The row.
    since
        The first day of the file; None for a file without one.

    Returns
    -------
    over
        Whether it had.
    """
    return since is not None and met.valid_to is not None and met.valid_to <= since


def begins_later(met: Known, since: dt.date | None) -> bool:
    """
    Tell whether the newest state of a row begins after a file does.

    Parameters
    ----------
    met
        The row.
    since
        The first day of the file; None for a file without one.

    Returns
    -------
    later
        Whether it does, so that the file speaks of an earlier state.
    """
    return since is not None and met.valid_from is not None and met.valid_from > since


def end_of(met: Known, row: Mapping[str, Any], since: dt.date) -> dict[str, Any]:
    """
    Return how a stored state is ended when another follows it.

    Parameters
    ----------
    met
        The state.
    row
        What follows: it takes the identity.
    since
        The first day of what follows.

    Returns
    -------
    values
        What changes in the row of `row_id`.
    """
    return {
        "row_id": met.id,
        "identity": f"{_mark(row)}{met.id}",
        "valid_to": since if met.valid_to is None else min(met.valid_to, since),
        "version": met.version + 1,
        "changed_at": row["changed_at"],
        "changed_by": row["changed_by"],
    }


def require_ended(
    session: Session,
    model: Any,  # noqa: ANN401 - a mapped class
    kind: str,
    later: Sequence[Mapping[str, Any]],
    since: dt.date,
) -> None:
    """
    Refuse to change rows from a day on where a later state is stored, unless nothing would change.

    Parameters
    ----------
    session
        Of the import.
    model
        The table.
    kind
        Its key in `LAYERS`.
    later
        Rows of the file that have a later state.
    since
        Their first day.

    Raises
    ------
    ConflictError
        When one of them is not, as the file has it, the state that held on that day.
    """
    held = select(model.identity, model.content_hash).where(
        model.identity.startswith(ENDED), *valid_on(model, since)
    )
    known = {
        (identity[: identity.rindex("|") + 1], told) for identity, told in session.execute(held)
    }
    other = [row for row in later if (_mark(row), row["content_hash"]) not in known]
    if other:
        ids = [row["code"] or "?" for row in other]
        raise ConflictError("row_later", kind=kind, ids=ids, count=len(ids), on=str(since))


def _mark(row: Mapping[str, Any]) -> str:
    """Return how the identities of all ended states of a row begin."""
    return f"{ENDED}{hashlib.sha256(row['identity'].encode()).hexdigest()}|"
