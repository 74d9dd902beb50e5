"""One fresh page a visit."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Visit

Visitor = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    """Write HTML to a file and open it; options are those of a browser context."""
    contexts = []

    def _visit(html: str, **options: Any) -> Visit:  # noqa: ANN401
        path = tmp_path / "page.html"
        path.write_text(html, "utf-8")
        contexts.append(browser.new_context(**options))
        return Visit(contexts[-1].new_page(), path.as_uri())

    yield _visit
    for context in contexts:
        context.close()
