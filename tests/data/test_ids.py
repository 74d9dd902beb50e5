"""Ids and the order of rows tell nothing of other rows, on both engines."""

from __future__ import annotations

from itertools import count, islice
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from sqlalchemy import select

from data.engine import reading, writing
from data.ids import LARGEST_ID, new_ids
from data.importing import import_layer
from data.models import LAYERS, ImportRun, Post
from data.writing import insert_row
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from data.store import Store

ROWS = 400


def drawn(store: Store, wanted: int) -> list[int]:
    """Draw ids for posts."""
    with writing(store.engine) as session:
        return new_ids(session, Post, wanted)


def test_ids_are_distinct_and_exact_in_every_browser(store: Store) -> None:
    """From 1 to the largest whole number that a float keeps."""
    ids = drawn(store, 10_001)
    assert len(set(ids)) == 10_001
    assert min(ids) >= 1
    assert max(ids) <= LARGEST_ID == 2**53 - 1
    assert drawn(store, 0) == []


def test_ids_lie_everywhere(store: Store) -> None:
    """As evenly as chance has it: by 4 x 10^4 draws no tenth has 10 % more than another."""
    tenths = np.bincount((np.array(drawn(store, 40_000)) / LARGEST_ID * 10).astype(int))
    assert len(tenths) == 10
    assert tenths.min() > 3_700
    assert tenths.max() < 4_300


def test_ids_that_are_taken_are_drawn_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Zero, one that is there, one drawn twice, and one drawn again: none of them is given."""
    taken = insert_row(store, "posts", {}, None)
    draws = iter([[0, taken, 7, 7], [7, taken, 8], [9, 9], [10]])
    monkeypatch.setattr("data.ids._draw", lambda wanted: next(draws)[:wanted])
    assert drawn(store, 4) == [7, 8, 9, 10]


def test_a_collision_costs_no_row(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import that draws what is there draws on."""
    numbers = count(1)
    monkeypatch.setattr("data.ids._draw", lambda wanted: list(islice(numbers, wanted)))
    import_layer(store, layer_of("posts", [None] * 3, {"post_id": list("abc")}))
    again = count(1)
    monkeypatch.setattr("data.ids._draw", lambda wanted: list(islice(again, wanted)))
    import_layer(store, layer_of("posts", [None] * 3, {"post_id": list("def")}))
    assert store.frame("posts")["id"].tolist() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("kind", LAYERS)
def test_the_id_of_a_row_written_alone_is_drawn(store: Store, kind: str) -> None:
    """In every layer: two rows in a row are not neighbours, and pages find both."""
    ids = [insert_row(store, kind, {"code": code}, None) for code in "ab"]
    assert min(ids) > 1000
    assert abs(ids[0] - ids[1]) > 1000
    assert store.frame(kind)["id"].tolist() == sorted(ids)
    page = store.page(kind, limit=1)
    assert page.after == min(ids)
    assert store.page(kind, after=page.after, limit=1).frame["id"].tolist() == [max(ids)]


def test_an_import_tells_nothing_by_its_order(store: Store) -> None:
    """
    Whoever sees one half of the rows does not learn by their ids that there was another.

    The first half of the file would lie below the second if ids followed the file.
    """
    half = ROWS // 2
    layer = layer_of(
        "incidents", list(shapely.points(np.linspace(109, 110, ROWS), 32.0)),
        {"incident_id": [f"e{i:03}" for i in range(ROWS)],
         "kind": ["event"] * half + ["case"] * half},
    )  # fmt: skip
    import_layer(store, layer)
    rows = store.frame("incidents").set_index("incident_id")["id"].sort_index().to_numpy()
    assert len(set(rows)) == ROWS
    # By chance the mean rank of a half is 199.5 within 5.8 (one standard deviation).
    ranks = rows.argsort().argsort()
    assert abs(ranks[:half].mean() - ranks[half:].mean()) < 80
    assert not (np.diff(rows) > 0).all()


def test_the_id_of_an_import_is_drawn(store: Store) -> None:
    """Two imports in a row are not neighbours."""
    reports = [import_layer(store, layer_of("posts", [])) for _ in range(2)]
    ids = [report.import_id for report in reports]
    assert min(ids) > 1000
    assert abs(ids[0] - ids[1]) > 1000
    with reading(store.engine) as session:
        assert sorted(session.scalars(select(ImportRun.id))) == sorted(ids)
