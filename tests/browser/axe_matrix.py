"""`make axe`: every page of the doors table, filled and empty, as each role that may enter.

Each at 1280 and 320 px, light and dark: no axe finding, nothing scrolls sideways, no complaint
about the content policy. Prints a line for each finding and a table at the end.
"""

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import requests
from playwright.sync_api import BrowserContext, Page, sync_playwright

from portal.practice.server import start_thread
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.demo import RunningDemo, sign_in
from tests.browser.eyes import THEMES, WIDTHS, findings, overflow
from tests.browser.portal import RunningPortal

STAFF_PASSWORD = "a quiet harbour at dawn"
PEOPLE = {
    "admin": "admin@demo.example",
    "integration_admin": "integration@demo.example",
    "author": "author@demo.example",
    "learner": "learner@demo.example",
}
STARTS = ("/admin/", "/author/", "/learner/", "/learner/profile")
MOST_OF_A_KIND = 2  # pages of one shape (such as /admin/badges/<id>) that are looked at


def crawl(page: Page, url: str) -> list[str]:
    """Return every page this person can reach by links, a few of each shape."""
    todo, seen, shapes = [url + start for start in STARTS], [], Counter()
    while todo:
        address = todo.pop(0)
        shape = re.sub(r"\d+", "N", address.split("?")[0])
        if address in seen or "csv" in address or shapes[shape] >= MOST_OF_A_KIND:
            continue
        answer = page.goto(address)
        if (
            answer is None
            or answer.status >= 400
            or "text/html" not in answer.headers.get("content-type", "")
        ):
            continue
        seen.append(address)
        shapes[shape] += 1
        links = page.eval_on_selector_all(
            "a[href]", "all => all.filter(a => !a.download).map(a => a.href)"
        )
        todo += [one.split("#")[0] for one in links if one.startswith(url)]
    return seen


def look_at(page: Page, addresses: list[str], problems: list[str]) -> int:
    """Look at each page every way; return how many looks it took."""
    looks = 0
    for address in addresses:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for theme in THEMES:
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                if "csv" in address or page.goto(address) is None:
                    continue
                problems += [f"{width} px, {theme}: {one}" for one in findings(page)]
                looks += 1
            if overflow(page):
                problems.append(f"{width} px: {address} scrolls sideways")
    return looks


def watched(context: BrowserContext, problems: list[str]) -> Page:
    """Return a window that notes what its console says about the content policy."""
    page = context.new_page()

    def note(message) -> None:
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            problems.append(f"{page.url}: {message.text}")

    page.on("console", note)
    return page


def as_everybody(browser, url: str, people: dict[str, str], password: str, what: str) -> list[str]:
    """Look at everything as each of these people; return the problems."""
    problems: list[str] = []
    for role, email in people.items():
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = watched(context, problems)
        sign_in(page, url, email, password)
        addresses = crawl(page, url)
        before = len(problems)
        looks = look_at(page, addresses, problems)
        say(
            f"{what:8} {role:18} {len(addresses):4} pages {looks:5} looks "
            f"{len(problems) - before:3} problems"
        )
        context.close()
    return problems


def strangers(browser, url: str, addresses: list[str]) -> list[str]:
    """Look at the pages that need no sign-in."""
    problems: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    look_at(watched(context, problems), [url + one for one in addresses], problems)
    context.close()
    return problems


def set_up(portal: RunningPortal) -> dict[str, str]:
    """Make the first admin of an empty portal over HTTP, and one person of each other role."""
    http = requests.Session()

    def send(path: str, **values: str) -> requests.Response:
        token = re.search(r'name="csrf_token" value="([^"]+)"', http.get(portal.url + path).text)
        return http.post(portal.url + path, data={"csrf_token": token.group(1), **values})

    send(
        "/setup",
        code=portal.code,
        email=PEOPLE["admin"],
        first_name="Ada",
        last_name="Admin",
        password=STAFF_PASSWORD,
    )
    return {"admin": PEOPLE["admin"]}


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> int:
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with start_thread(folder / "p.db") as practice, RunningPortal(folder, practice) as portal:
            problems += strangers(browser, portal.url, ["/setup"])
            people = set_up(portal)
            problems += strangers(browser, portal.url, ["/login", "/nowhere", "/invitation/x"])
            problems += as_everybody(browser, portal.url, people, STAFF_PASSWORD, "empty")
        (folder / "demo").mkdir()
        with RunningDemo(folder / "demo") as demo:
            problems += as_everybody(browser, demo.url, PEOPLE, "rosette-demo", "filled")
        browser.close()
    for problem in sorted(set(problems)):
        say(problem)
    say(f"{len(set(problems))} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
