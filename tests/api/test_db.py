"""`gridpatrol db`, as a person runs it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from api.db import app
from data.errors import StoreError
from data.migrate import STEPS, check

if TYPE_CHECKING:
    from pathlib import Path

NEWEST = max(file.name[1:5] for file in (STEPS / "versions").glob("v*.py"))
"""Number of the newest step, as the names of the files have it."""


def run(*arguments: object) -> Result:
    """Run a command of `gridpatrol db`; errors of ours come through, as `main` catches them."""
    return CliRunner().invoke(app, [str(part) for part in arguments], catch_exceptions=False)


def test_upgrade_makes_the_file_and_check_agrees(tmp_path: Path) -> None:
    """Twice is once."""
    url = f"sqlite:///{tmp_path / 'town.db'}"
    for _ in range(2):
        done = run("upgrade", "--database", url)
        assert done.exit_code == 0
        assert f"town.db 是最新的（第 {NEWEST} 步）" in done.output
    done = run("check", "--database", url, "--lang", "en")
    assert done.exit_code == 0
    assert f"is current (step {NEWEST})" in done.output


def test_check_says_what_is_missing(tmp_path: Path) -> None:
    """Exit 1: behind, and altered by hand."""
    file = tmp_path / "town.db"
    url = f"sqlite:///{file}"
    file.touch()
    done = run("check", "--database", url, "--lang", "en")
    assert done.exit_code == 1
    assert f"is at step 0 of {NEWEST}; run gridpatrol db upgrade" in done.output
    run("upgrade", "--database", url)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE key_site")
    done = run("check", "--database", url, "--lang", "en")
    assert done.exit_code == 1
    assert "key_site" in done.output


def test_a_backup_is_restored_and_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is that of the settings where none is named."""
    monkeypatch.setenv("GRIDPATROL_DATABASE_URL", f"sqlite:///{tmp_path / 'town.db'}")
    run("upgrade")
    assert "已备份到" in run("backup", tmp_path / "copy.db").output
    other = f"sqlite:///{tmp_path / 'other.db'}"
    done = run("restore", tmp_path / "copy.db", "--database", other, "--lang", "en")
    assert done.exit_code == 0
    assert "Restored" in done.output
    assert "is current" in done.output
    assert check(other).current
    with pytest.raises(StoreError, match="holds something"):
        run("restore", tmp_path / "copy.db")
