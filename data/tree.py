"""The division tree as stored: what is valid when, and which code became which."""

import datetime as dt
from collections.abc import Mapping

import pandas as pd
from sqlalchemy import or_, select

from data.engine import reading, writing
from data.errors import ForbiddenError
from data.models import Division, DivisionChange
from data.scope import division_prefix
from data.store import Store


def put_divisions(store: Store, divisions: pd.DataFrame, *, on: dt.date) -> dict[str, int]:
    """
    Store a list of divisions as the one that is valid from a day on.

    A division that is there with the same name and parent stays; one that differs is ended and
    begins anew; one that the list leaves out stays, because lists are often of one county.

    Parameters
    ----------
    store
        Opened for a scope that may write; divisions outside it are refused.
    divisions
        n rows: `code` (12 digits as text), `name`, `parent_code` (or missing at the top).
    on
        The first day on which the list holds.

    Returns
    -------
    counts
        "added", "changed", "unchanged": together n.

    Raises
    ------
    ForbiddenError
        When the scope may not write, or a division lies outside it.
    """
    if "write" not in store.scope.rights:
        raise ForbiddenError("no_write")
    for code in divisions["code"]:
        if not code.startswith(store.scope.prefix):
            raise ForbiddenError("not_in_scope", division=code, line="-")
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    with writing(store.engine) as session:
        valid = session.scalars(select(Division).where(Division.valid_to.is_(None)))
        known = {division.code: division for division in valid}
        for row in divisions.itertuples():
            parent = None if pd.isna(row.parent_code) else str(row.parent_code)
            before = known.get(row.code)
            if before is not None and (before.name, before.parent_code) == (row.name, parent):
                counts["unchanged"] += 1
                continue
            counts["added" if before is None else "changed"] += 1
            if before is not None:
                before.valid_to = on
            session.add(Division(code=row.code, name=row.name, parent_code=parent, valid_from=on))
    return counts


def put_changes(store: Store, changes: Mapping[str, str], *, on: dt.date) -> int:
    """
    Store which codes became others; rows keep the code they came with.

    Parameters
    ----------
    store
        Opened for a scope that may write.
    changes
        Old code -> new code, such as "610928000000" -> "610981000000".
    on
        The day of the change.

    Returns
    -------
    added
        Changes that were not stored before.

    Raises
    ------
    ForbiddenError
        When the scope may not write.
    """
    if "write" not in store.scope.rights:
        raise ForbiddenError("no_write")
    with writing(store.engine) as session:
        known = {
            tuple(row)
            for row in session.execute(select(DivisionChange.old_code, DivisionChange.new_code))
        }
        new = [pair for pair in changes.items() if pair not in known]
        session.add_all(
            DivisionChange(old_code=old, new_code=code, changed_on=on) for old, code in new
        )
    return len(new)


def divisions(store: Store, *, on: dt.date | None = None) -> pd.DataFrame:
    """
    Return the divisions in scope.

    Parameters
    ----------
    store
        Opened for a scope.
    on
        The day whose divisions are wanted; None for those that are valid now.

    Returns
    -------
    frame
        `code`, `name`, `parent_code`, `valid_from`, `valid_to`, by code.
    """
    columns = (
        Division.code, Division.name, Division.parent_code, Division.valid_from, Division.valid_to
    )  # fmt: skip
    wanted = select(*columns).where(Division.code.startswith(store.scope.prefix, autoescape=True))
    if on is None:
        wanted = wanted.where(Division.valid_to.is_(None))
    else:
        wanted = wanted.where(
            or_(Division.valid_from.is_(None), Division.valid_from <= on),
            or_(Division.valid_to.is_(None), Division.valid_to > on),
        )
    with reading(store.engine) as session:
        rows = session.execute(wanted.order_by(Division.code, Division.valid_from)).all()
    return pd.DataFrame(rows, columns=[column.key for column in columns])


def codes_of(store: Store, code: str) -> list[str]:
    """
    Return a code and all those that became it, so that old rows are found under the new one.

    Parameters
    ----------
    store
        Opened for a scope.
    code
        A division code; trailing zeros do not count.

    Returns
    -------
    prefixes
        Beginnings of codes, the given one first.
    """
    with reading(store.engine) as session:
        pairs = session.execute(select(DivisionChange.old_code, DivisionChange.new_code)).all()
    found = [division_prefix(code)]
    for prefix in found:
        found += [
            division_prefix(old)
            for old, new in pairs
            if division_prefix(new) == prefix and division_prefix(old) not in found
        ]
    return found
