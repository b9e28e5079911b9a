"""`make axe`: every page, filled and empty, as each role that may enter, in both languages.

Each at 1280 and 320 px, light and dark: no axe finding, nothing scrolls sideways or is cut off, no
target below 24 px, wide text fits, no complaint about the content policy. Pages without a link to
them, forms with errors and error pages are among them. A line for each finding, then what no link
and no list led to. `python -m tests.browser.axe_matrix empty author` looks at these parts alone.
"""

import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from playwright.sync_api import Browser, Error, Page, sync_playwright

from portal.practice.server import start_thread
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.corners import ROOM_FOR_ALL, Corners, not_looked_at
from tests.browser.crawling import crawl, send_empty
from tests.browser.demo import PASSWORD, RunningDemo, sign_in
from tests.browser.error_pages import ErrorPages
from tests.browser.eyes import THEMES, WIDTHS, findings
from tests.browser.measuring import measured, spaced
from tests.browser.portal import RunningPortal

STAFF_PASSWORD = "a quiet harbour at dawn"
PEOPLE = {
    "admin": "admin@demo.example",
    "integration_admin": "integration@demo.example",
    "author": "author@demo.example",
    "learner": "learner@demo.example",
}
LANGUAGES = {"en": "en-GB", "sv": "sv-SE"}
STARTS = ("/admin/", "/author/", "/learner/", "/learner/profile")


class Matrix:
    """Looks at pages every way, and keeps what was wrong and which addresses were seen."""

    def __init__(self, browser: Browser):
        self.browser = browser
        self.problems: Counter[str] = Counter()
        self.seen: set[str] = set()
        self.looks = 0
        self.nothing_led_to: list[str] = []

    @contextmanager
    def window(self, language: str) -> Iterator[Page]:
        """A window of somebody who reads this language; its console is listened to."""
        context = self.browser.new_context(
            viewport={"width": 1280, "height": 900},
            locale=LANGUAGES[language],
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.on("console", lambda message: self._console(page, message.text))
        yield page
        context.close()

    def _console(self, page: Page, text: str) -> None:
        if "Content Security Policy" in text or "Refused to" in text:
            self.problems[f"{page.url}: {text}"] += 1

    def look(self, page: Page, language: str) -> None:
        """Look at the page as it stands, both widths, both themes."""
        self.seen.add(page.url)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found = [*measured(page)]
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                found += [f"{theme}: {one}" for one in findings(page)]
                self.looks += 1
            found += spaced(page)
            self.problems.update(f"{language}, {width} px: {one}" for one in found)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")

    def visit(self, page: Page, address: str, language: str) -> None:
        """Open the page and look at it."""
        try:
            page.goto(address)
            self.look(page, language)
        except Error as error:
            self.problems[f"{address}: {str(error)[:200]}"] += 1

    def menu(self, page: Page, address: str, language: str) -> None:
        """Look at the menu of a phone while it is open.

        Axe thinks that what a popover covers covers the popover, so sizes are measured here alone.
        """
        page.set_viewport_size({"width": 320, "height": 900})
        page.goto(address)
        page.locator(".site-menu-button").click()
        found = [one for one in findings(page) if ": target-size: " not in one]
        found += measured(page)
        self.looks += 1
        self.problems.update(f"{language}, menu: {one}" for one in found)
        page.set_viewport_size({"width": 1280, "height": 900})

    def forms(self, page: Page, addresses: list[str], language: str) -> int:
        """Send each form of text fields empty; look at those that come back with errors."""
        count = 0
        for address in addresses:
            try:
                page.goto(address)
                if send_empty(page):
                    count += 1
                    self.look(page, language)
            except Error as error:
                self.problems[f"{address}: {str(error)[:200]}"] += 1
        return count


def as_role(matrix: Matrix, url: str, role: str, password: str, extra: list[str]) -> None:
    """Look at everything as this person, then at what is said about empty forms."""
    addresses: list[str] = []
    for language in LANGUAGES:
        with matrix.window(language) as page:
            began = time.monotonic()
            sign_in(page, url, PEOPLE[role], password)
            addresses = addresses or [*crawl(page, url, STARTS), *extra]
            before = len(matrix.problems)
            for address in addresses:
                matrix.visit(page, address, language)
            matrix.menu(page, addresses[0], language)
            refused = matrix.forms(page, addresses, language)
        say(
            f"{role:18} {language} {len(addresses):4} pages {refused:3} forms with errors"
            f" {len(matrix.problems) - before:3} problems {time.monotonic() - began:5.0f} s"
        )


def strangers(matrix: Matrix, addresses: list[str], what: str) -> None:
    """Look at pages that need no sign-in."""
    for language in LANGUAGES:
        with matrix.window(language) as page:
            before = len(matrix.problems)
            if what == "signed out":
                second_step(page, addresses[0])
                matrix.look(page, language)
            for address in addresses:
                matrix.visit(page, address, language)
            refused = matrix.forms(page, addresses, language)
        say(
            f"{what:18} {language} {len(addresses):4} pages {refused:3} forms with errors"
            f" {len(matrix.problems) - before:3} problems"
        )


def second_step(page: Page, sign_in_page: str) -> None:
    """Sign in as somebody who has a second factor, as far as the password goes."""
    page.goto(sign_in_page)
    page.locator("input[name=email]").fill("kaisa.virtanen@demo.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/login/code")


def set_up(portal: RunningPortal) -> None:
    """Make the first admin of an empty portal over HTTP."""
    http = requests.Session()
    found = re.search(r'name="csrf_token" value="([^"]+)"', http.get(portal.url + "/setup").text)
    values = {"first_name": "Ada", "last_name": "Admin", "password": STAFF_PASSWORD}
    values |= {"csrf_token": found.group(1), "code": portal.code, "email": PEOPLE["admin"]}
    http.post(portal.url + "/setup", data=values)


def empty_portal(matrix: Matrix, folder: Path) -> None:
    """A portal that has nothing yet but its first administrator."""
    with start_thread(folder / "p.db") as practice, RunningPortal(folder, practice) as portal:
        strangers(matrix, [f"{portal.url}/setup"], "before set-up")
        set_up(portal)
        as_role(matrix, portal.url, "admin", STAFF_PASSWORD, [])


def filled_portal(matrix: Matrix, folder: Path, roles: list[str]) -> None:
    """The demo, with data of every kind, and what the demo alone would not show."""
    with RunningDemo(folder) as demo:
        corners = Corners(demo)
        if "strangers" in roles:
            strangers(matrix, corners.public(), "signed out")
        for role in PEOPLE:
            if role in roles:
                as_role(matrix, demo.url, role, PASSWORD, corners.of(role))
        matrix.nothing_led_to = not_looked_at(corners.app, matrix.seen)


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main(wanted: list[str]) -> int:
    parts = wanted or ROOM_FOR_ALL
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        matrix = Matrix(browser)
        for part in ("empty", "demo"):
            (Path(name) / part).mkdir()
        if "empty" in parts:
            empty_portal(matrix, Path(name) / "empty")
        if "errors" in parts:
            with ErrorPages(Path(name)) as addresses:
                strangers(matrix, addresses, "error pages")
        if set(parts) & {*PEOPLE, "strangers"}:
            filled_portal(matrix, Path(name) / "demo", parts)
        browser.close()
    for problem, times in sorted(matrix.problems.items()):
        say(f"{problem} ({times}x)")
    for rule in matrix.nothing_led_to:
        say(f"nothing led to {rule}")
    say(f"{matrix.looks} looks, {len(matrix.problems)} problems")
    return 1 if matrix.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
