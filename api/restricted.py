"""What is restricted: who may see it, and who did, as the service and the command line tell it."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from api.errors import RestrictedError
from api.words import say
from data.store import Store
from data.values import LOCAL_ZONE
from data.viewing import views


def may_see_restricted(store: Store) -> bool:
    """
    Tell whether a scope may see what is restricted: covert posts, and where nobody looks.

    Parameters
    ----------
    store
        Opened for the scope.

    Returns
    -------
    permitted
        Whether it has the right to covert posts.
    """
    return "covert" in store.scope.rights


def require_restricted(store: Store) -> None:
    """
    Refuse what is restricted to whoever may not see it, before anything is looked up.

    Parameters
    ----------
    store
        Opened for the scope of the request.

    Raises
    ------
    RestrictedError
        When the scope has not the right to covert posts.
    """
    if not may_see_restricted(store):
        raise RestrictedError("restricted")


def views_told(
    store: Store, *, before: int | None = None, limit: int = 100, lang: str = "zh"
) -> dict[str, Any]:
    """
    Tell a page of restricted views, the newest first.

    Parameters
    ----------
    store
        Opened for a scope with the right to covert posts and with all lines.
    before
        The `before` of the page before; None for the newest.
    limit
        Views at most.
    lang
        "zh" or "en".

    Returns
    -------
    told
        "views", each with its times in UTC and by the local clock; "before", to ask the next page
        with, None on the last one; "message", what to do where there is nothing to show.

    Raises
    ------
    ForbiddenError, NotFoundError
        As `data.viewing.views`.
    """
    page = views(store, before=before, limit=limit)
    return {
        "views": [
            {
                "id": view.id,
                "at": f"{view.at.isoformat(timespec='seconds')}Z",
                "local": _local(view.at),
                "who": view.who,
                "division": view.division,
                "lines": view.lines.split(","),
                "what": view.what,
                "area": view.area,
                "rows_seen": view.rows_seen,
            }
            for view in page.views
        ],
        "before": page.before,
        "message": None if page.views else say("no_views", lang),
    }


def _local(at: dt.datetime) -> str:
    """Write a time of the store, which is in UTC, by the local clock."""
    moment = at.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(LOCAL_ZONE))
    return moment.strftime("%Y-%m-%d %H:%M:%S")
