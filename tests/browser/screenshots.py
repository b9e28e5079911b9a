"""`make screenshots`: the pictures of the README, taken from the demo as it stands."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.demo import RunningDemo, sign_in

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "images"


def first_link(page: Page, start: str) -> str:
    """Return the first address on the page that begins so and ends in a number."""
    addresses = page.eval_on_selector_all(
        f"main a[href^='{start}']", "links => links.map(link => link.getAttribute('href'))"
    )
    return next(one for one in addresses if one.rsplit("/", 1)[-1].isdigit())


def take(page: Page, demo: RunningDemo) -> None:
    """Take every picture."""
    sign_in(page, demo.url, "learner@demo.example")
    page.goto(f"{demo.url}/learner/badges")
    page.screenshot(path=PICTURES / "my-badges.png")
    page.goto(demo.url + first_link(page, "/learner/badges/"))
    page.screenshot(path=PICTURES / "badge.png")
    page.goto(f"{demo.url}/learner/catalogue")
    page.goto(demo.url + first_link(page, "/learner/courses/"))
    page.screenshot(path=PICTURES / "course.png")
    page.context.clear_cookies()
    sign_in(page, demo.url, "admin@demo.example")
    page.screenshot(path=PICTURES / "dashboard.png")


def main() -> None:
    """Start the demo, take the pictures, say how large they are."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        RunningDemo(Path(folder)) as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        size = {"width": 1280, "height": 800}
        take(browser.new_context(viewport=size, reduced_motion="reduce").new_page(), demo)
        browser.close()
    for picture in sorted(PICTURES.glob("*.png")):
        sys.stdout.write(f"{picture.name} {picture.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    main()
