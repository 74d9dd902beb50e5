"""Migrations on both engines: from nothing, back to nothing, and the same as the models."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from hatchling.builders.wheel import WheelBuilder
from sqlalchemy import inspect, text

from data.boxes import box_statements
from data.errors import StoreError
from data.migrate import BOX_TABLES, STEPS, _run, check, connected, upgrade
from data.models import LAYERS, Base

if TYPE_CHECKING:
    from tests.stores import Postgis

ROOT = Path(__file__).resolve().parents[2]
POSTGIS_OWN = {"spatial_ref_sys"}


def tables(url: str) -> set[str]:
    """Return the names of all tables, those of PostGIS left out."""
    with connected(url, write=True) as connection:
        return set(inspect(connection).get_table_names()) - POSTGIS_OWN


def test_an_empty_database_gets_every_table_of_the_models(empty_url: str) -> None:
    """And the autogeneration of Alembic finds nothing to add."""
    upgrade(empty_url)
    assert tables(empty_url) - BOX_TABLES == {*Base.metadata.tables, "alembic_version"}
    state = check(empty_url)
    assert state.differences == ()
    assert state.current
    assert state.revision == state.head


def test_upgrading_twice_changes_nothing(empty_url: str) -> None:
    """A start of the service upgrades every time."""
    upgrade(empty_url)
    before = tables(empty_url)
    with connected(empty_url, write=True) as connection:
        connection.execute(text("INSERT INTO division (code, name) VALUES ('61', '陕西省')"))
        connection.commit()
    upgrade(empty_url)
    assert tables(empty_url) == before
    with connected(empty_url) as connection:
        assert connection.scalar(text("SELECT name FROM division")) == "陕西省"


def test_downgrading_to_the_base_leaves_nothing_of_ours(empty_url: str) -> None:
    """And the way up is open again."""
    upgrade(empty_url)
    _run(empty_url, lambda config: command.downgrade(config, "base"))
    assert tables(empty_url) == {"alembic_version"}
    upgrade(empty_url)
    assert check(empty_url).current


def test_a_database_before_the_first_step_is_not_current(empty_url: str) -> None:
    """Every table is missing, and said to be."""
    with connected(empty_url, write=True):
        pass  # the file of SQLite is made by opening it
    state = check(empty_url)
    assert state.revision is None
    assert not state.current
    assert len(state.differences) >= len(Base.metadata.tables)


def test_a_changed_table_is_named(store_url: str) -> None:
    """Whoever altered the database by hand can read what differs."""
    with connected(store_url, write=True) as connection:
        connection.execute(text("ALTER TABLE camera ADD COLUMN colour TEXT"))
        connection.commit()
    state = check(store_url)
    assert not state.current
    (difference,) = state.differences
    assert "camera" in difference
    assert "colour" in difference


@pytest.mark.parametrize("dropped", ["TRIGGER street_box_update", "TABLE post_box"])
def test_a_missing_part_of_an_rtree_is_named(
    ready_file: Path, dropped: str, tmp_path: Path
) -> None:
    """Box queries would lose rows without a sign."""
    file = tmp_path / "broken.db"
    file.write_bytes(ready_file.read_bytes())
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"DROP {dropped}")
    (difference,) = check(f"sqlite:///{file}").differences
    assert dropped.split()[1] in difference


def test_postgis_finds_places_by_gist(postgis: Postgis) -> None:
    """One index a layer, made by hand: GeoAlchemy2 is told to make none."""
    with connected(postgis.url("ready")) as connection:
        rows = connection.execute(
            text("SELECT tablename, indexdef FROM pg_indexes WHERE indexdef LIKE '%USING gist%'")
        ).all()
    assert {row.tablename for row in rows} == {model.__tablename__ for model in LAYERS.values()}
    assert all("(geometry)" in row.indexdef for row in rows)


def test_the_rtrees_are_those_of_the_boxes(ready_file: Path) -> None:
    """Three triggers and one table a layer."""
    with closing(sqlite3.connect(ready_file)) as connection:
        stored = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master")}
    for model in LAYERS.values():
        assert set(box_statements(model.__tablename__)) <= stored


def test_a_database_of_a_newer_program_is_refused(store_url: str) -> None:
    """By its name, not by a trace of Alembic; and nothing is changed."""
    with connected(store_url, write=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with pytest.raises(StoreError, match=r"step 9999.*0001.*update the program"):
        upgrade(store_url)


LAYERS_BEFORE = [
    "street", "building", "area", "post", "camera", "incident", "route", "key_site",
]  # fmt: skip
"""Tables whose ids were numbers in a row up to the second step."""


def before_the_third_step(url: str) -> None:
    """Fill a database of the second step with rows as they were then."""
    _run(url, lambda config: command.upgrade(config, "0002"))
    with connected(url, write=True) as connection:

        def put(table: str, **values: object) -> None:
            names = ", ".join(f'"{name}"' for name in values)
            marks = ", ".join(f":{name}" for name in values)
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
            connection.execute(text(statement), values)

        made = {"source": "x", "source_datum": "wgs84", "quality": "none", "content_hash": "",
                "version": 1, "changed_at": "2026-01-01 00:00:00", "changed_by": "x",
                "division": "610981"}  # fmt: skip
        for table in LAYERS_BEFORE:
            for number in range(1, 6):
                more: dict[str, object] = {}
                if table == "post":
                    more = {"visibility": "covert" if number > 3 else "overt"}
                line = ("police", "governance")[number % 2]
                put(
                    table, identity=f"610981|{line}|id:{number}", code=str(number), line=line,
                    west=number, south=1.0, east=number, north=1.0, **more, **made,
                )  # fmt: skip
        for number, kind in ((1, "posts"), (2, "cameras")):
            put("import_run", kind=kind, source="x", division="610981", line="police",
                datum="wgs84", made_at="2026-01-01 00:00:00", made_by="x", counts="{}",
                notes="[]")  # fmt: skip
            put("quarantined_row", import_id=number, row=number, reason=kind, detail="",
                values="{}")  # fmt: skip
        connection.commit()


def stored_rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Return what a query gives."""
    with connected(url) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_the_third_step_draws_ids_and_keeps_what_belongs_together(empty_url: str) -> None:
    """Rows, their boxes, and the quarantine of each import; then the way back."""
    before_the_third_step(empty_url)
    upgrade(empty_url)
    assert check(empty_url).current
    for table in LAYERS_BEFORE:
        rows = stored_rows(empty_url, f"SELECT id, code, west FROM {table}")  # noqa: S608
        assert sorted(code for _, code, _ in rows) == list("12345"), table
        assert min(row_id for row_id, _, _ in rows) > 1000
        assert max(row_id for row_id, _, _ in rows) < 2**53
        assert all(west == float(code) for _, code, west in rows)
        if empty_url.startswith("sqlite"):
            boxed = f"SELECT id, west FROM {table}_box ORDER BY id"  # noqa: S608
            assert stored_rows(empty_url, boxed) == sorted((row, west) for row, _, west in rows)
    linked = "SELECT kind, reason, covert FROM import_run i JOIN quarantined_row q"
    runs = stored_rows(empty_url, f"{linked} ON q.import_id = i.id ORDER BY kind")
    assert [(kind, reason, bool(covert)) for kind, reason, covert in runs] == [
        ("cameras", "cameras", False), ("posts", "posts", True),
    ]  # fmt: skip
    covert = "SELECT DISTINCT line FROM post WHERE visibility = 'covert'"
    assert stored_rows(empty_url, covert) == [("police",)]
    freed = "SELECT count(*) FROM post WHERE identity LIKE '%|governance|%' AND line = 'police'"
    assert stored_rows(empty_url, freed) == [(0,)]
    _run(empty_url, lambda config: command.downgrade(config, "0002"))
    for table in (*LAYERS_BEFORE, "import_run"):
        ids = stored_rows(empty_url, f"SELECT id FROM {table} ORDER BY id")  # noqa: S608
        assert ids == [(number,) for number in range(1, len(ids) + 1)]
    assert (
        len(stored_rows(empty_url, f"{linked.replace(', covert', '')} ON q.import_id = i.id")) == 2
    )
    # Numbers go on by themselves again.
    with connected(empty_url, write=True) as connection:
        connection.execute(
            text(
                "INSERT INTO import_run (kind, source, division, line, datum, made_at, made_by,"
                " counts, notes) VALUES ('x', '', '', '', '', '2026-01-01', '', '{}', '[]')"
            )
        )
        connection.commit()
    assert stored_rows(empty_url, "SELECT max(id) FROM import_run") == [(3,)]
    upgrade(empty_url)
    assert check(empty_url).current


def test_no_table_of_postgis_numbers_rows_that_are_told(postgis: Postgis) -> None:
    """A row that is inserted without an id is refused, not numbered."""
    rows = stored_rows(
        postgis.url("ready"), "SELECT sequencename FROM pg_sequences ORDER BY sequencename"
    )
    told = {f"{model.__tablename__}_id_seq" for model in LAYERS.values()}
    told |= {"import_run_id_seq", "restricted_view_id_seq"}
    assert not {name for (name,) in rows} & told


def test_the_fourth_step_and_the_way_back_keep_every_row(empty_url: str) -> None:
    """What posts, areas and buildings may say is empty at first, and gone after the way back."""
    before_the_third_step(empty_url)
    upgrade(empty_url)
    assert check(empty_url).current
    said = "SELECT count(*), count(staff), count(duties) FROM post"
    assert stored_rows(empty_url, said) == [(5, 0, 0)]
    with connected(empty_url, write=True) as connection:
        connection.execute(text("UPDATE post SET staff = 2, east = 7"))
        connection.commit()
    _run(empty_url, lambda config: command.downgrade(config, "0003"))
    assert stored_rows(empty_url, "SELECT count(*) FROM post WHERE east = 7") == [(5,)]
    assert "restricted_view" not in tables(empty_url)
    with connected(empty_url) as connection:
        columns = {
            table: {column["name"] for column in inspect(connection).get_columns(table)}
            for table in ("post", "area", "building")
        }
    assert not columns["post"] & {"mobility", "channel", "crew", "staff", "tasks", "duties"}
    assert not {"risk", "households", "people"} & (columns["area"] | columns["building"])
    upgrade(empty_url)
    assert check(empty_url).current


def test_the_fifth_step_and_the_way_back_keep_every_camera(empty_url: str) -> None:
    """What their sheets say is unknown at first, never false, and gone after the way back."""
    before_the_third_step(empty_url)
    upgrade(empty_url)
    said = "SELECT count(*), count(indoor), count(networked), count(light) FROM camera"
    assert stored_rows(empty_url, said) == [(5, 0, 0, 0)]
    said = "SELECT count(*), count(pixels), count(focal_mm) FROM camera"
    assert stored_rows(empty_url, said) == [(5, 0, 0)]
    assert stored_rows(empty_url, "SELECT count(*), count(setting) FROM area") == [(5, 0)]
    with connected(empty_url, write=True) as connection:
        connection.execute(text("UPDATE camera SET indoor = TRUE, vfov_deg = 40.25, east = 7"))
        connection.execute(text("UPDATE camera SET pixels = 2560, focal_mm = 2.8"))
        connection.execute(text("UPDATE area SET setting = 'rural', east = 7"))
        connection.commit()
    _run(empty_url, lambda config: command.downgrade(config, "0004"))
    assert stored_rows(empty_url, "SELECT count(*) FROM camera WHERE east = 7") == [(5,)]
    assert stored_rows(empty_url, "SELECT count(*) FROM area WHERE east = 7") == [(5,)]
    with connected(empty_url) as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("camera")}
        kept = {column["name"] for column in inspect(connection).get_columns("area")}
    assert "people" in kept
    assert "setting" not in kept
    assert not columns & {"vfov_deg", "light", "indoor", "unit", "point_class", "networked"}
    assert not columns & {"ir_range_m", "point_id", "adjustable", "mandatory", "pixels", "focal_mm"}
    upgrade(empty_url)
    assert check(empty_url).current


def test_the_sixth_step_and_the_way_back_keep_every_area(empty_url: str) -> None:
    """Kinds are unknown at first; slots and counts come and go whole, with what finds them."""
    before_the_third_step(empty_url)
    _run(empty_url, lambda config: command.upgrade(config, "0006"))
    assert stored_rows(empty_url, "SELECT count(*), count(kind) FROM area") == [(5, 0)]
    assert {"worker_slot", "work_count"} <= tables(empty_url)
    with connected(empty_url, write=True) as connection:
        found = inspect(connection)
        indexed = {
            table: {tuple(index["column_names"]) for index in found.get_indexes(table)}
            for table in ("worker_slot", "work_count")
        }
        for table in indexed:
            columns = {column["name"] for column in found.get_columns(table)}
            assert "name" not in columns
        connection.execute(text("UPDATE area SET kind = 'basic', east = 7"))
        connection.commit()
    shared = {("code",), ("division",), ("area_code",)}
    assert shared <= indexed["worker_slot"]
    assert shared | {("month",)} <= indexed["work_count"]
    _run(empty_url, lambda config: command.downgrade(config, "0005"))
    assert stored_rows(empty_url, "SELECT count(*) FROM area WHERE east = 7") == [(5,)]
    gone = {f"{table}{part}" for table in indexed for part in ("", "_box")}
    assert not gone & tables(empty_url)
    with connected(empty_url) as connection:
        kept = {column["name"] for column in inspect(connection).get_columns("area")}
    assert "kind" not in kept
    assert "setting" in kept
    upgrade(empty_url)
    assert check(empty_url).current


def test_the_seventh_step_and_the_way_back_leave_the_cameras_as_they_are(empty_url: str) -> None:
    """Poles, walls, entrances and two ledgers come and go whole, with what finds their rows."""
    made = {"pole", "wall", "entrance", "camera_state", "camera_fault"}
    before_the_third_step(empty_url)
    _run(empty_url, lambda config: command.upgrade(config, "0007"))
    assert made <= tables(empty_url)
    with connected(empty_url, write=True) as connection:
        found = inspect(connection)
        indexed = {
            table: {tuple(index["column_names"]) for index in found.get_indexes(table)}
            for table in made
        }
        connection.execute(text("UPDATE camera SET online = FALSE, east = 7"))
        connection.commit()
    shared = {("code",), ("division",), ("area_code",)}
    assert all(shared <= columns for columns in indexed.values())
    assert ("camera_id", "time") in indexed["camera_state"]
    assert ("camera_id",) in indexed["camera_fault"]
    assert ("site_id",) in indexed["entrance"]
    _run(empty_url, lambda config: command.downgrade(config, "0006"))
    assert not {f"{table}{part}" for table in made for part in ("", "_box")} & tables(empty_url)
    assert stored_rows(empty_url, "SELECT count(*) FROM camera WHERE east = 7") == [(5,)]
    upgrade(empty_url)
    assert check(empty_url).current


def test_a_failing_step_leaves_nothing_behind(
    empty_url: str,
) -> None:
    """The upgrade is one transaction on both engines."""
    with connected(empty_url, write=True) as connection:
        # The last table of the step is in the way.
        connection.execute(text("CREATE TABLE quarantined_row (id INTEGER)"))
        connection.commit()
    with pytest.raises(Exception, match="quarantined_row"):
        upgrade(empty_url)
    assert tables(empty_url) == {"quarantined_row"}


def test_a_file_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    """A mistyped name would leave an empty database behind."""
    file = tmp_path / "typo.db"
    with pytest.raises(StoreError, match=r"typo\.db: no such database"):
        check(f"sqlite:///{file}")
    assert not file.exists()


def test_a_database_that_cannot_be_opened_is_named_without_its_password(tmp_path: Path) -> None:
    """The message reaches logs and screens."""
    url = f"postgresql+psycopg://patrol:geheim@/town?host={tmp_path}"
    with pytest.raises(StoreError, match="cannot open the database") as caught:
        upgrade(url)
    assert "geheim" not in str(caught.value)
    assert "patrol:***@" in str(caught.value)
    with pytest.raises(StoreError, match="cannot open the database sqlite:///"):
        upgrade(f"sqlite:///{tmp_path / 'none' / 'town.db'}")
    (tmp_path / "notes.txt").write_text("no database " * 99)
    with pytest.raises(StoreError, match=r"notes\.txt \(file is not a database\)"):
        check(f"sqlite:///{tmp_path / 'notes.txt'}")


def test_a_user_who_may_not_add_postgis_is_told_who_can(postgis: Postgis) -> None:
    """Adding an extension is an administrator's work on most servers."""
    with connected(postgis.url("postgres"), write=True) as connection:
        connection.execute(text("CREATE ROLE plain LOGIN"))
        connection.commit()
    url = postgis.url("postgres").replace("postgres@", "plain@")
    with pytest.raises(StoreError, match="let an administrator install it"):
        upgrade(url)


def test_the_wheel_carries_the_steps() -> None:
    """They are run by path, so no import would miss them."""
    carried = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    steps = {path.relative_to(ROOT).as_posix() for path in STEPS.rglob("*.py")}
    assert "data/migrations/versions/v0001_first_tables.py" in steps
    assert steps <= carried
