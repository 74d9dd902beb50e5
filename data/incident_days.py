"""From which day to which there are incidents in the store."""

import datetime as dt

from sqlalchemy import func, select

from data.engine import reading
from data.models import Incident
from data.store import Store
from data.validity import valid_on


def incident_days(store: Store) -> tuple[dt.date, dt.date] | None:
    """
    Tell the days of the first and of the last incident, by when they were accepted.

    Parameters
    ----------
    store
        Opened for the scope of the request: what it does not see has no days.

    Returns
    -------
    days
        The first and the last; None where no incident has a time.
    """
    at = func.coalesce(Incident.accepted, Incident.time)
    seen = (store.scope.visible(Incident), *valid_on(Incident, store.today()))
    with reading(store.engine) as session:
        first, last = session.execute(select(func.min(at), func.max(at)).where(*seen)).one()
    return None if first is None else (first.date(), last.date())
