"""Draw the picture of the README: the demo page in Chromium."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from api.demo import make_demo

PICTURE = Path(__file__).parent / "images" / "demo.png"

with TemporaryDirectory() as folder, sync_playwright() as playwright:
    _, files = make_demo(Path(folder), lambda _: None)
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
    )
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(files["map"].as_uri())
    page.wait_for_timeout(1500)
    page.screenshot(path=PICTURE)
    browser.close()
