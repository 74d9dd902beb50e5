"""Records page by page: the newest rows first, each once, also while others are added."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import true

from data.engine import writing
from data.errors import NotFoundError
from data.models import RestrictedView
from data.paging import newest_first

if TYPE_CHECKING:
    from data.store import Store


def seen(store: Store, *rows: tuple[int, int]) -> None:
    """Store a view for each id and day of May."""
    with writing(store.engine) as session:
        session.add_all(
            RestrictedView(
                id=row_id, at=dt.datetime(2026, 5, day), who="w", division="61", lines="police",  # noqa: DTZ001 - as stored
                what="posts",
            )
            for row_id, day in rows
        )  # fmt: skip


def page(store: Store, before: int | None, limit: int) -> tuple[list[int], int | None]:
    """Return the ids of one page, and what to ask the next one with."""
    rows, following = newest_first(
        store.engine, RestrictedView, RestrictedView.at, true(), kind="restricted_views",
        before=before, limit=limit,
    )  # fmt: skip
    return [row.id for row in rows], following


def test_pages_go_from_the_newest_row_to_the_oldest(store: Store) -> None:
    """Those of one moment by their ids, also where a page ends among them."""
    seen(store, (4, 1), (1, 3), (7, 3), (5, 3), (2, 2))
    assert page(store, None, 2) == ([7, 5], 5)
    assert page(store, 5, 2) == ([1, 2], 2)
    assert page(store, 2, 2) == ([4], None)
    assert page(store, None, 5) == ([7, 5, 1, 2, 4], None)


def test_a_row_added_meanwhile_moves_no_page(store: Store) -> None:
    """It stands before the first page: counting rows would show one twice."""
    seen(store, (4, 1), (1, 3), (2, 2))
    assert page(store, None, 1) == ([1], 1)
    seen(store, (9, 5))
    assert page(store, 1, 1) == ([2], 2)


def test_a_page_after_a_row_that_is_not_there_is_refused(store: Store) -> None:
    """An empty record has one page, without rows."""
    assert page(store, None, 3) == ([], None)
    with pytest.raises(NotFoundError) as caught:
        page(store, 3, 3)
    assert caught.value.note.values == {"kind": "restricted_views", "id": 3}
