"""Headless Chromium, the one that the system brings; nothing is downloaded."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM: Final = Path("/usr/bin/chromium")
"""Where Debian installs it."""

REQUIRE: Final = "GRIDPATROL_REQUIRE_BROWSER"
"""Set to 1 where a missing browser is a failure, as in CI."""

ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
"""No sandbox, because tests may run as root; no calls home, because requests are counted."""

READY_MS: Final = 20_000
"""How long a page may take before a test gives up; speed has a test of its own."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; skip without one, or fail where one is required."""
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is not installed; apt-get install chromium fonts-noto-cjk"
        if os.environ.get(REQUIRE) == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Visit:
    """A page in the browser, with all that it asked for and complained about."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        page.goto(address)
        page.wait_for_function("document.documentElement.dataset.ready", timeout=READY_MS)

    def switch_all_on(self) -> None:
        """Switch on whatever is off, one after the other."""
        self.page.evaluate(
            "document.querySelectorAll('input[data-layer]').forEach((i) => i.checked || i.click())"
        )

    def on(self) -> list[str]:
        """Return the layers whose switch is on."""
        return self.page.evaluate(
            "[...document.querySelectorAll('input[data-layer]:checked')]"
            ".map((input) => input.dataset.layer)"
        )
