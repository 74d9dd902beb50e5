"""The wall on both engines: a scope sees what carries its code or one that became it."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from sqlalchemy import event

from data.errors import ForbiddenError, NotFoundError
from data.importing import import_layer
from data.jobs import find, submit
from data.scope import Scope
from data.store import Query, Store
from data.succession import Branch
from data.tree import put_changes
from data.work import claim
from data.writing import insert_row, update_row
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY = dt.date(2025, 1, 1)
PLACE = shapely.Point(109.4, 32.8)

ROWS = {
    "new": "610981100004",
    "old": "610928100004",
    "old county": "610928",
    "older": "612428100000",
    "old, other town": "610928101000",
    "old, gone to the neighbour": "610928105001",
    "neighbour": "610929100004",
    "neighbour, old": "610902105001",
    "prefecture": "610900000000",
    "nowhere": "",
}
"""Name of a row -> its division."""

CHANGES = {"612428": "610928", "610928": "610981", "610928105": "610902305"}

SEEN = {
    "610981": {"new", "old", "old county", "older", "old, other town"},
    "610981100": {"new", "old", "older"},
    "610981100004": {"new", "old"},
    "610902": {"neighbour, old", "old, gone to the neighbour"},
    "610929": {"neighbour"},
    "6109": set(ROWS) - {"nowhere"},
    "": set(ROWS),
    "610928": {"old", "old county", "older", "old, other town"},
}
"""Division of a scope -> the rows that it sees once the changes are known."""


@pytest.fixture
def filled(store: Store) -> Store:
    """Return a store with a post of every division, and the changes of codes."""
    for name, division in ROWS.items():
        row = {"name": name, "code": name, "division": division, "line": "police"}
        insert_row(store, "posts", row, PLACE)
    put_changes(store, CHANGES, on=DAY)
    return store


@pytest.mark.parametrize("division", SEEN)
def test_rows_under_an_old_code_are_seen_under_the_new_one_and_by_no_neighbour(
    filled: Store, division: str
) -> None:
    """As frame, page, count, counts, item and box."""
    scoped = filled.scoped(Scope(division))
    seen = SEEN[division]
    assert set(scoped.frame("posts")["name"]) == seen
    assert set(scoped.page("posts").frame["name"]) == seen
    assert set(scoped.frame("posts", Query(box=(109, 32, 110, 33)))["name"]) == seen
    assert scoped.count("posts") == len(seen)
    counts = scoped.counts("posts", "division")
    assert dict(zip(counts["division"], counts["seen"], strict=True)) == {
        ROWS[name]: 1 for name in seen
    }
    for row in filled.frame("posts").itertuples():
        if row.name in seen:
            assert scoped.item("posts", row.id)["name"] == row.name
        else:
            with pytest.raises(NotFoundError):
                scoped.item("posts", row.id)
        assert scoped.scope.holds(row.division, "police") == (row.name in seen)


def test_counts_of_other_lines_keep_to_the_same_divisions(filled: Store) -> None:
    """Three rows of the county under its codes, none of the neighbours'."""
    scope = Scope("610981", frozenset({"governance"}), frozenset())
    counts = filled.scoped(scope).counts("posts", "line")
    assert counts["unseen"].tolist() == [5]
    town = filled.scoped(Scope("610929", frozenset({"governance"}), frozenset()))
    assert town.counts("posts", "line").empty


def test_writing_keeps_to_what_is_seen(filled: Store) -> None:
    """An old code may be written under the new one, a neighbour's neither before nor after."""
    county = filled.scoped(Scope("610981"))
    row = insert_row(county, "posts", {"division": "610928100004", "name": "x"}, PLACE)
    assert update_row(county, "posts", row, 1, {"name": "y"}) == 2
    for division in ("610929", "610928105001", "610902305"):
        with pytest.raises(ForbiddenError):
            insert_row(county, "posts", {"division": division}, PLACE)
        with pytest.raises(ForbiddenError):
            update_row(county, "posts", row, 2, {"division": division})
        with pytest.raises(ForbiddenError):
            import_layer(county, layer_of("posts", [PLACE]), division=division)
    assert import_layer(county, layer_of("posts", [PLACE]), division="610928101").added == 1


def test_a_job_runs_behind_the_wall_of_whoever_asked(filled: Store) -> None:
    """The worker opens the store for the scope of the job, old codes included."""
    county = filled.scoped(Scope("610981"))
    job = submit(county, "post-coverage", {"area": "x"})
    task = claim(filled.engine, "worker")
    assert task is not None
    worker = Store(filled.engine, task.scope)
    assert set(worker.frame("posts")["name"]) == SEEN["610981"]
    assert find(county, job.id).id == job.id
    for division in ("610929", "610928", "6109", ""):
        with pytest.raises(NotFoundError):
            find(filled.scoped(Scope(division)), job.id)


def test_a_change_counts_once_the_store_is_opened_again(store: Store) -> None:
    """Until then the scope stays what it was opened for."""
    insert_row(store, "posts", {"division": "610928100"}, PLACE)
    county = store.scoped(Scope("610981"))
    put_changes(store, {"610928": "610981"}, on=DAY)
    assert county.count("posts") == 0
    assert county.scoped(Scope("610981")).count("posts") == 1
    put_changes(store, {"610928": "610918"}, on=DAY)
    assert county.scoped(county.scope).count("posts") == 0


def test_a_scope_is_resolved_once_and_not_for_every_query(filled: Store) -> None:
    """One statement at opening for a division, none for the whole."""
    asked: list[str] = []

    def note(*arguments: Any) -> None:  # noqa: ANN401 - of the event
        if "division_change" in arguments[2]:
            asked.append(arguments[2])

    with listening(filled, note):
        county = filled.scoped(Scope("610981"))
        county.frame("posts")
        county.count("posts")
        assert len(asked) == 1
        filled.scoped(Scope()).frame("posts")
        assert len(asked) == 1


@contextmanager
def listening(store: Store, listener: Callable[..., None]) -> Iterator[None]:
    """Hear every statement for a while."""
    event.listen(store.engine, "before_cursor_execute", listener)
    try:
        yield
    finally:
        event.remove(store.engine, "before_cursor_execute", listener)


def test_without_changes_a_scope_is_its_prefix_alone(store: Store) -> None:
    """A plain value, equal to the one asked for, whatever branches it was handed."""
    scope = Scope("610981000000", frozenset({"public"}), frozenset(), name="甲")
    assert store.scoped(scope).scope == scope
    forged = Scope("610981", branches=(Branch("61"),))
    assert store.scoped(forged).scope == Scope("610981")
    assert scope.covers("610981100")
    assert not scope.covers("610982")
    assert not scope.holds("610981100", "police")
