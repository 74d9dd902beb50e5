"""Who looked at what is restricted: written down at every view, and read by few."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.engine import writing
from data.errors import ForbiddenError
from data.ids import new_ids
from data.models import RestrictedView
from data.paging import newest_first
from data.scope import LINES
from data.store import Store
from data.writing import now_utc, require_covert


@dataclass(frozen=True)
class ViewPage:
    """
    One page of restricted views.

    Parameters
    ----------
    views
        The newest first.
    before
        What to ask the next page with; None on the last one.
    """

    views: Sequence[RestrictedView]
    before: int | None


def note_view(
    store: Store,
    what: str,
    *,
    area: str | None = None,
    rows: int | None = None,
    for_all: bool = False,
) -> int | None:
    """
    Write down that a scope looked at what is restricted.

    To be called before anything is shown: when it fails, nothing may be. It asks for no right to
    write, since whoever reads leaves the trace.

    Parameters
    ----------
    store
        Opened for the scope that looks.
    what
        What it looked at: a layer, a page, a process.
    area
        Which part of it: a code, a box; None for all that the scope sees.
    rows
        How many rows were seen; None where rows are not what was seen.
    for_all
        Whether it is restricted for all who see it, as positions are, and not only where covert
        posts are among it.

    Returns
    -------
    id
        Of the record; None for covert posts without the right to them: nothing restricted was seen.
    """
    scope = store.scope
    if "covert" not in scope.rights and not for_all:
        return None
    with writing(store.engine) as session:
        # Writers need not wait for each other: should two draw one id, the later one fails.
        (view_id,) = new_ids(session, RestrictedView, 1)
        session.add(
            RestrictedView(
                id=view_id,
                at=now_utc(),
                who=scope.name,
                division=scope.division,
                lines=",".join(sorted(scope.lines)),
                what=what,
                area=area,
                rows_seen=rows,
            )
        )
    return view_id


def views(store: Store, *, before: int | None = None, limit: int = 100) -> ViewPage:
    """
    Return the restricted views of the scopes below this one, the newest first.

    Parameters
    ----------
    store
        Opened for a scope with the right to covert posts and with all lines.
    before
        The `before` of the page before; None for the newest.
    limit
        Views at most.

    Returns
    -------
    page
        Views by scopes whose division is within that of this one; a wider scope's are not told.

    Raises
    ------
    ForbiddenError
        When the scope has not the right, or not all lines.
    NotFoundError
        When `before` is no view that it may know of.
    """
    require_covert(store)
    if store.scope.lines != frozenset(LINES):
        raise ForbiddenError("views_of_all_lines", lines=sorted(store.scope.lines))
    held = store.scope.covered(RestrictedView.division)
    return ViewPage(
        *newest_first(
            store.engine, RestrictedView, RestrictedView.at, held, kind="restricted_views",
            before=before, limit=limit,
        )
    )  # fmt: skip
