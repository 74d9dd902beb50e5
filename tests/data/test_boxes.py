"""Box queries beside brute force, on both engines; and what other programs write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from data.importing import import_layer
from data.models import LAYERS
from data.scope import Scope
from data.store import Query, Store
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from pathlib import Path

DEGREES = st.integers(-4, 24).map(lambda n: 109.0 + n / 20)
"""Half of the sides that are drawn lie exactly on those of places: a touch must count."""


def places() -> list[shapely.Geometry | None]:
    """Return points, lines and surfaces on a grid, some of many parts, and three without."""
    rng = np.random.default_rng(7)
    corner = 109.0 + rng.integers(0, 20, (200, 2)) / 20
    size = rng.integers(0, 5, (200, 2)) / 20
    found: list[shapely.Geometry | None] = []
    for i, ((x, y), (w, h)) in enumerate(zip(corner, size, strict=True)):
        line = shapely.LineString([(x, y), (x + w + 0.01, y + h)])
        far = shapely.LineString([(x + 0.3, y), (x + 0.4, y)])
        found.append(
            (
                shapely.Point(x, y),
                line,
                shapely.box(x, y, x + w + 0.01, y + h + 0.01),
                shapely.MultiLineString([line, far]),
            )[i % 4]
        )
    return [*found, None, None, None]


@pytest.mark.usefixtures("ordered_ids")
def test_a_box_finds_what_brute_force_finds(store: Store) -> None:
    """No row more and none less, whatever the box: empty, a line, a point, the world."""
    shapes = places()
    import_layer(store, layer_of("streets", shapes, {"street_id": np.arange(len(shapes))}))
    bounds = shapely.bounds(shapes)

    @settings(max_examples=40)
    @given(st.tuples(DEGREES, DEGREES), st.tuples(DEGREES, DEGREES))
    def check(x: tuple[float, float], y: tuple[float, float]) -> None:
        west, east, south, north = min(x), max(x), min(y), max(y)
        with np.errstate(invalid="ignore"):
            meets = (
                (bounds[:, 0] <= east) & (bounds[:, 2] >= west)
                & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
            )  # fmt: skip
        found = store.frame("streets", Query(box=(west, south, east, north)))
        assert found["street_id"].tolist() == [str(i) for i in np.flatnonzero(meets)]
        assert store.count("streets", Query(box=(west, south, east, north))) == meets.sum()

    check()


def test_a_place_a_millimetre_outside_is_not_found(store: Store) -> None:
    """Both indexes keep single precision, which is a metre here."""
    import_layer(store, layer_of("posts", [shapely.Point(109.5, 32.5)], {"post_id": ["a"]}))
    just = 1e-8
    assert store.count("posts", Query(box=(109.4, 32.4, 109.5, 32.5))) == 1
    assert store.count("posts", Query(box=(109.4, 32.4, 109.5 - just, 32.5))) == 0
    assert store.count("posts", Query(box=(109.4, 32.5 + just, 109.6, 32.6))) == 0


def rtree(connection: sqlite3.Connection, table: str) -> list[tuple[int, float]]:
    """Return what the R*Tree of a table holds, by id."""
    rows = connection.execute(f"SELECT id, west FROM {table}_box ORDER BY id")  # noqa: S608
    return [(row, round(west, 3)) for row, west in rows]


@pytest.mark.parametrize("kind", LAYERS)
def test_another_program_writes_the_file_and_the_rtree_follows(
    kind: str, ready_file: Path, tmp_path: Path
) -> None:
    """The standard library's sqlite3 and none of our functions: insert, move, unplace, delete."""
    file = tmp_path / "town.db"
    file.write_bytes(ready_file.read_bytes())
    table = LAYERS[kind].__tablename__
    row = {
        "id": 7, "identity": "a", "division": "", "line": "public", "source": "hand",
        "source_datum": "wgs84", "quality": "point", "content_hash": "", "version": 1,
        "changed_at": "2026-01-01", "changed_by": "hand",
        "west": 1.5, "south": 2.5, "east": 1.5, "north": 2.5,
    } | ({"visibility": "overt"} if kind == "posts" else {})  # fmt: skip
    values = ", ".join(f":{name}" for name in row)
    with closing(sqlite3.connect(file)) as connection, connection:

        def run(statement: str) -> list[tuple[int, float]]:
            connection.execute(statement.replace("TABLE", table), row)
            return rtree(connection, table)

        insert = f"INSERT INTO TABLE ({', '.join(row)}) VALUES ({values})"  # noqa: S608
        assert run(insert) == [(7, 1.5)]
        assert run("UPDATE TABLE SET west = 0.5") == [(7, 0.5)]
        assert run("UPDATE TABLE SET id = 9") == [(9, 0.5)]
        assert run("UPDATE TABLE SET west = NULL, east = NULL") == []
        assert run("UPDATE TABLE SET west = 0.25, east = 1.5") == [(9, 0.25)]
        assert run("DELETE FROM TABLE") == []


def test_no_trigger_calls_a_function(ready_file: Path) -> None:
    """One of ours would keep every other program from writing."""
    with closing(sqlite3.connect(ready_file)) as connection:
        triggers = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        texts = [sql for (sql,) in triggers]
    assert len(texts) == 3 * len(LAYERS)
    assert [sql for sql in texts if "(" in sql.replace("(id)", "")] == []


def steps_of_a_page(file: Path, after: int) -> list[str]:
    """Return how SQLite goes about a page of a box, as a scope asks for it."""
    store = Store.open(f"sqlite:///{file}")
    asked: list[tuple[str, Any]] = []
    event.listen(
        store.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3]))
    )
    scope = Scope(division="610981", lines=frozenset({"police"}), rights=frozenset())
    store.scoped(scope).page("posts", Query(box=(109.0, 32.0, 109.1, 32.1)), after=after)
    store.engine.dispose()
    statement, values = asked[-1]
    with closing(sqlite3.connect(file)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        return [str(step[-1]) for step in plan]


@pytest.mark.parametrize("after", [0, 50])
def test_a_page_of_a_small_box_goes_by_the_rtree(
    after: int, ready_file: Path, tmp_path: Path
) -> None:
    """Never by an index of something else: that would visit every row of the table."""
    file = tmp_path / "town.db"
    file.write_bytes(ready_file.read_bytes())
    steps = steps_of_a_page(file, after)
    assert steps[0].startswith("SEARCH post USING INTEGER PRIMARY KEY (rowid=?)")
    assert any(step.startswith("SCAN post_box VIRTUAL TABLE INDEX 2:") for step in steps)
    assert "USE TEMP B-TREE" not in " ".join(steps)


def test_a_page_of_a_crowded_box_goes_by_id(
    ready_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking up a million rows to show a hundred took four seconds."""
    file = tmp_path / "town.db"
    file.write_bytes(ready_file.read_bytes())
    monkeypatch.setattr("data.boxes.FEW", 0)
    assert steps_of_a_page(file, 0) == ["SEARCH post USING INTEGER PRIMARY KEY (rowid>?)"]


def test_a_crowded_box_finds_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where so many rows are met that the R*Tree is left alone."""
    shapes = places()
    import_layer(store, layer_of("streets", shapes, {"street_id": np.arange(len(shapes))}))
    query = Query(box=(109.2, 109.1, 109.6, 109.7))
    few = store.frame("streets", query)["street_id"].tolist()
    monkeypatch.setattr("data.boxes.FEW", 3)
    assert store.frame("streets", query)["street_id"].tolist() == few
    assert 3 < len(few) < len(shapes)
