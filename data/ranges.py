"""How far the stored cameras see: an aggregate, so that not all of them are read."""

from sqlalchemy import func, select

from data.engine import reading
from data.models import Camera
from data.store import Store
from data.validity import valid_on
from geo.cameras import KIND_DEFAULTS, UNKNOWN_KIND


def longest_range_m(store: Store) -> float:
    """
    Return how far any camera sees that the scope sees and that is valid today.

    Parameters
    ----------
    store
        Opened for a scope.

    Returns
    -------
    range_m
        The longest range that is stated, or the default of the kind of one that states none; 0
        where there is no camera.
    """
    statement = (
        select(
            Camera.kind,
            func.max(Camera.range_m),
            func.count() - func.count(Camera.range_m),
        )
        .where(store.scope.visible(Camera), *valid_on(Camera, store.today()))
        .group_by(Camera.kind)
    )
    longest = 0.0
    with reading(store.engine) as session:
        for kind, stated, silent in session.execute(statement):
            assumed = (
                KIND_DEFAULTS.get(kind or "", KIND_DEFAULTS[UNKNOWN_KIND])[0] if silent else 0.0
            )
            longest = max(longest, stated or 0.0, assumed)
    return longest
