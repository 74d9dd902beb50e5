"""What every test may rely on: hypothesis, the real data, the stores, a browser, the order."""

from __future__ import annotations

import gc
import os
import shutil
from collections import defaultdict
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import settings

from data.migrate import upgrade
from data.store import Store
from geo.patrol import bounds
from tests.browser.chromium import chromium
from tests.stores import Postgis, running_postgis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from data.models import Base

settings.register_profile("ci", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("local", deadline=None, max_examples=25)
settings.load_profile("ci" if os.environ.get("CI") else "local")

LONGEST: Final = (
    "api/routes/test_scopes.py", "tests/test_notebooks.py", "browser/test_tonight.py",
    "api/test_jobs.py", "tests/test_wheel.py", "api/routes/test_covert.py", "api/test_openapi.py",
    "geo/partition/test_divide.py", "regression/test_stored_places.py", "browser/test_page.py",
    "browser/test_service.py", "data/test_durability.py", "regression/test_postman.py",
    "regression/test_orlib.py", "regression/test_kubicka.py",
)  # fmt: skip
"""Files that take ten seconds and more: begun late, one would keep one worker after the others."""

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


gc.disable()  # until all tests are collected: what that makes stays, and none of it is garbage


def pytest_collection_finish() -> None:
    """Keep what is there by now out of every later search for garbage: a seventh of the time."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; xdist, which knows no times, is told to keep the order."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONGEST))


@pytest.fixture
def brief_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Search for the bounds of plans in few rounds: they hold as well, and are less tight."""
    monkeypatch.setattr(bounds, "SEARCHES", ((10.0, 12), (0.3, 6)))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data sets, or skip."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data sets (../shared/data) are not beside this checkout")
    return SHARED_DATA


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once: Playwright runs once at a time in a process."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def postgis() -> Iterator[Postgis]:
    """Give a PostGIS server for the tests of this process, or skip."""
    with running_postgis() as server:
        yield server


@pytest.fixture(scope="session")
def ready_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of SQLite with our tables and no rows, to copy."""
    file = tmp_path_factory.mktemp("stores") / "ready.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgis"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database of its own that nobody has upgraded, on either engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: Postgis = request.getfixturevalue("postgis")
    url = server.database("bare")
    yield url
    server.drop(url)


@pytest.fixture(params=["sqlite", "postgis"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database of its own with our tables, on either engine."""
    if request.param == "sqlite":
        file = tmp_path / "store.db"
        shutil.copy(request.getfixturevalue("ready_file"), file)
        yield f"sqlite:///{file}"
        return
    server: Postgis = request.getfixturevalue("postgis")
    url = server.lend()
    yield url
    server.take_back(url)


@pytest.fixture
def ordered_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give rows numbers as they come, where a test names them; really ids are drawn."""
    numbers: dict[str, Iterator[int]] = defaultdict(lambda: count(1))

    def in_order(_: object, model: type[Base], wanted: int) -> list[int]:
        return list(islice(numbers[model.__tablename__], wanted))

    for module in ("importing", "writing"):
        monkeypatch.setattr(f"data.{module}.new_ids", in_order)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """Give an empty store that sees and may do everything, on either engine."""
    opened = Store.open(store_url)
    yield opened
    opened.engine.dispose()
