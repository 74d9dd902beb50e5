"""Opening a database: what each engine is told, and what a session may."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from data.engine import BUSY_MS, file_of, open_engine, reading, shown, writing
from data.errors import StoreError
from data.migrate import check, upgrade
from data.models import Division

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.store import Store


def names(store: Store) -> list[str]:
    """Return the names of the stored divisions."""
    with reading(store.engine) as session:
        return list(session.scalars(select(Division.name).order_by(Division.id)))


def test_what_was_written_is_read(store: Store) -> None:
    """The plain case, on both engines."""
    with writing(store.engine) as session:
        session.add(Division(code="61", name="陕西省"))
    assert names(store) == ["陕西省"]


def test_what_reads_within_a_reading_sees_the_same_state(store: Store) -> None:
    """Through the same session, on both engines; what comes in between is seen afterwards."""
    with reading(store.engine) as session:
        assert names(store) == []
        with writing(store.engine) as writer:
            writer.add(Division(code="61", name="陕西省"))
        assert names(store) == []
        with reading(store.engine) as inner:
            assert inner is session
    assert names(store) == ["陕西省"]


def test_a_reading_of_another_database_is_another(store: Store, tmp_path: Path) -> None:
    """And one that failed is not gone on with."""
    url = f"sqlite:///{tmp_path / 'other.db'}"
    upgrade(url)
    other = open_engine(url)
    with reading(store.engine) as session, reading(other) as elsewhere:
        assert elsewhere is not session
        assert elsewhere.scalar(text("SELECT count(*) FROM division")) == 0
    with pytest.raises(ZeroDivisionError), reading(other) as failed:
        _ = 1 / 0
    with reading(other) as fresh:
        assert fresh is not failed
    other.dispose()


def test_a_write_that_fails_leaves_nothing_behind(store: Store) -> None:
    """Not even what was flushed."""

    def fail() -> None:
        with writing(store.engine) as session:
            session.add(Division(code="61", name="陕西省"))
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert names(store) == []


def test_reading_changes_nothing(store: Store) -> None:
    """Whatever was done in it."""
    with reading(store.engine) as session:
        session.add(Division(code="61", name="陕西省"))
        session.flush()
    assert names(store) == []


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    """A page and its count must agree."""
    with reading(store.engine) as session:
        count = select(func.count()).select_from(Division)
        assert session.scalar(count) == 0
        with writing(store.engine) as other:
            other.add(Division(code="61", name="陕西省"))
        assert session.scalar(count) == 0
    assert names(store) == ["陕西省"]


def test_sqlite_is_told_to_wait_keep_its_references_and_write_ahead(ready_file: Path) -> None:
    """Once per connection."""
    engine = open_engine(f"sqlite:///{ready_file}")
    with engine.connect() as connection:
        pragmas = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        }
    engine.dispose()
    assert pragmas == {
        "journal_mode": "wal", "busy_timeout": BUSY_MS, "foreign_keys": 1, "synchronous": 1,
    }  # fmt: skip


def test_a_writer_of_sqlite_has_the_lock_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken only at the first change, two writers would read the same and one be lost."""
    monkeypatch.setattr("data.engine.BUSY_MS", 10)
    engine = open_engine(f"sqlite:///{tmp_path / 'town.db'}")
    with writing(engine):
        with pytest.raises(OperationalError, match="locked"), writing(engine):
            pass
        with reading(engine) as reader:
            assert reader.scalar(text("SELECT 1")) == 1
    engine.dispose()


@pytest.mark.parametrize(
    "url", ["mysql://town", "postgresql://town", "town.db", "sqlite:town.db", ""]
)
@pytest.mark.parametrize("opens", [open_engine, upgrade, check])
def test_an_unknown_kind_of_database_is_refused(url: str, opens: Callable[[str], object]) -> None:
    """Before anything is opened, naming the two that are known."""
    with pytest.raises(StoreError, match=r"sqlite:///FILE or postgresql\+psycopg://"):
        opens(url)


def test_a_url_with_a_password_is_not_told_by_the_refusal() -> None:
    """What was typed wrongly may hold a secret."""
    with pytest.raises(StoreError) as caught:
        open_engine("postgres://patrol:geheim@server/town")
    assert "geheim" not in str(caught.value)


def test_a_url_is_shown_without_its_password() -> None:
    """Logs are read by others."""
    assert shown("postgresql+psycopg://a:geheim@b/c") == "postgresql+psycopg://a:***@b/c"
    assert shown("sqlite:///town.db") == "sqlite:///town.db"


def test_the_file_of_a_database_is_known_for_sqlite_alone() -> None:
    """Memory and servers have none."""
    assert file_of("sqlite:////srv/town.db") == Path("/srv/town.db")
    assert file_of("sqlite://") is None
    assert file_of("sqlite:///:memory:") is None
    assert file_of("postgresql+psycopg://a@b/c") is None
