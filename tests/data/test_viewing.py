"""The record of restricted views: who leaves a trace, and who may read it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from data import viewing
from data.engine import reading
from data.errors import ForbiddenError, NotFoundError
from data.models import RestrictedView
from data.scope import LINES, Scope
from data.viewing import note_view, views
from data.writing import now_utc

if TYPE_CHECKING:
    from data.store import Store

READER = Scope("610981", frozenset({"police"}), frozenset({"covert"}), name="reader")
"""It may know of covert posts, and write nothing."""


def noted(store: Store) -> int:
    """Return how many views are stored, whoever may read them."""
    with reading(store.engine) as session:
        return session.scalar(select(func.count()).select_from(RestrictedView)) or 0


def test_whoever_may_only_read_leaves_a_trace(store: Store) -> None:
    """With when, under which scope, and what was seen."""
    before = now_utc()
    view_id = note_view(store.scoped(READER), "posts", area="610981001001001", rows=12)
    (view,) = views(store).views
    assert view.id == view_id
    assert before - dt.timedelta(seconds=1) <= view.at <= now_utc()
    assert (view.who, view.division, view.lines) == ("reader", "610981", "police")
    assert (view.what, view.area, view.rows_seen) == ("posts", "610981001001001", 12)
    note_view(store, "map")
    newest = views(store).views[0]
    assert (newest.division, newest.lines) == ("", "governance,police,public")
    assert (newest.area, newest.rows_seen) == (None, None)


def test_whoever_sees_nothing_restricted_leaves_none(store: Store) -> None:
    """A scope that may write but not know of covert posts."""
    unaware = store.scoped(Scope("610981", rights=frozenset({"write"})))
    assert note_view(unaware, "posts", rows=3) is None
    assert noted(store) == 0


def test_the_ids_of_views_tell_nothing_of_their_number(store: Store) -> None:
    """They are drawn, as those of rows are."""
    ids = {note_view(store, "posts") for _ in range(5)}
    assert len(ids) == 5
    assert min(row for row in ids if row is not None) > 1000


@pytest.mark.parametrize(
    ("lines", "rights", "said"),
    [
        (LINES, {"write"}, "covert posts are restricted"),
        (("police", "public"), {"covert", "write"}, r"sees police, public"),
    ],
)
def test_the_record_is_for_those_who_see_everything(
    store: Store, lines: tuple[str, ...], rights: set[str], said: str
) -> None:
    """Both walls: the right, and all lines."""
    note_view(store, "posts")
    narrow = store.scoped(Scope("", frozenset(lines), frozenset(rights)))
    with pytest.raises(ForbiddenError, match=said):
        views(narrow)


def test_the_record_tells_of_the_own_division_and_below(store: Store) -> None:
    """Not of a neighbour's, nor of those above."""
    for division in ("", "610981", "610981100", "610928"):
        note_view(store.scoped(Scope(division, name=f"at {division}")), "posts")
    town = store.scoped(Scope("610981", rights=frozenset({"covert"})))
    assert {view.who for view in views(town).views} == {"at 610981", "at 610981100"}
    assert len(views(store).views) == 4


def test_views_come_newest_first_and_page_by_page(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those of one moment: none twice, none left out."""
    moments = [dt.datetime(2026, 5, day) for day in (1, 3, 2, 3, 3)]  # noqa: DTZ001 - as stored
    for i, moment in enumerate(moments):
        monkeypatch.setattr(viewing, "now_utc", lambda moment=moment: moment)
        note_view(store, str(i))
    met, before = [], None
    while True:
        page = views(store, before=before, limit=2)
        met.append([view.what for view in page.views])
        before = page.before
        if before is None:
            break
    assert [len(whats) for whats in met] == [2, 2, 1]
    flat = [what for whats in met for what in whats]
    assert set(flat[:3]) == {"1", "3", "4"}
    assert flat[3:] == ["2", "0"]


def test_a_page_after_a_view_that_is_not_told_is_refused(store: Store) -> None:
    """One of another division, and none at all, are not told apart."""
    other = note_view(store.scoped(Scope("610928")), "posts")
    town = store.scoped(Scope("610981"))
    for before in (other, 5):
        with pytest.raises(NotFoundError, match="restricted views: there is no row"):
            views(town, before=before)
