"""`make screenshots`: the pictures of the README, taken from the demo as it stands.

In English; the badges of a learner in Swedish, too, and as a phone shows them.
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.demo import RunningDemo, sign_in

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "images"
LANGUAGES = {"": "en-GB", "-sv": "sv-SE"}
LARGEST = 150 * 1024  # bytes of one picture


def first_link(page: Page, start: str) -> str:
    """Return the first address on the page that begins so and ends in a number."""
    addresses = page.eval_on_selector_all(
        f"main a[href^='{start}']", "links => links.map(link => link.getAttribute('href'))"
    )
    return next(one for one in addresses if one.rsplit("/", 1)[-1].isdigit())


def keep(page: Page, name: str) -> None:
    """Take the picture with as few colours as it needs; say how large it is."""
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    size = path.stat().st_size
    sys.stdout.write(f"{path.name} {size // 1024} kB\n")
    assert size < LARGEST, f"{path.name} is too large for a README"


def window(browser: Browser, locale: str, width: int = 1280, height: int = 800) -> Page:
    """A fresh window of somebody who reads this language."""
    size = {"width": width, "height": height}
    return browser.new_context(viewport=size, locale=locale, reduced_motion="reduce").new_page()


def badges(page: Page, demo: RunningDemo, suffix: str) -> None:
    """The badges of a learner, and one of them."""
    sign_in(page, demo.url, "learner@demo.example")
    page.goto(f"{demo.url}/learner/badges")
    keep(page, f"my-badges{suffix}")
    badge = first_link(page, "/learner/badges/")
    page.goto(demo.url + badge)
    keep(page, f"badge{suffix}")


def take(browser: Browser, demo: RunningDemo) -> None:
    """Take every picture."""
    for suffix, locale in LANGUAGES.items():
        page = window(browser, locale)
        badges(page, demo, suffix)
        if not suffix:
            page.goto(f"{demo.url}/learner/catalogue")
            page.goto(demo.url + first_link(page, "/learner/courses/"))
            keep(page, "course")
    page = window(browser, "en-GB")
    sign_in(page, demo.url, "admin@demo.example")
    keep(page, "dashboard")
    page = window(browser, "sv-SE", 390, 800)
    sign_in(page, demo.url, "learner@demo.example")
    page.goto(f"{demo.url}/learner/badges")
    keep(page, "phone-sv")


def main() -> None:
    """Start the demo and take the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        RunningDemo(Path(folder)) as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        take(browser, demo)
        browser.close()


if __name__ == "__main__":
    main()
