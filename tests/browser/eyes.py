"""Looking at a page as its readers do: axe, the width of a phone, both themes."""

from collections.abc import Callable
from typing import Any, TypeVar

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Frame, Page

Read = TypeVar("Read")
SLOW = 120_000  # milliseconds: only a machine that is very busy comes near it
WIDTHS = (1280, 320)
THEMES = ("light", "dark")
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}


def new_window(browser: Browser, **looks: Any) -> Page:
    """Open a window of its own, which waits as long as a slow machine takes."""
    context = browser.new_context(**looks)
    context.set_default_timeout(SLOW)
    context.set_default_navigation_timeout(SLOW)
    return context.new_page()


def settled(page: Page, read: Callable[[], Read], *, tries: int = 3) -> Read:
    """Return what `read` says of a page that stays; a page exchanged meanwhile is read again.

    A press answers before the next page is there, so the old document may vanish under the reader.
    """
    moved: list[Frame] = []

    def note(frame: Frame) -> None:
        moved.append(frame)

    page.on("framenavigated", note)
    try:
        for left in reversed(range(tries)):
            page.wait_for_load_state()
            moved.clear()
            try:
                said = read()
            except Error:
                if not left:
                    raise
            else:
                if not moved:
                    return said
    finally:
        page.remove_listener("framenavigated", note)
    raise AssertionError(f"{page.url} does not stay")


def findings(page: Page) -> list[str]:
    """Return what axe finds on the page as it stands, a line each."""
    return [
        f"{page.url}: {one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in settled(page, lambda: _violations(page))
        for node in one["nodes"]
    ]


def _violations(page: Page) -> list[dict[str, Any]]:
    """Run axe, which a document is given once however often it is looked at."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]


def overflow(page: Page) -> bool:
    """Say whether the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def look(page: Page, *, every_way: bool = False) -> None:
    """Fail on any finding: as the page stands, or at both widths and in both themes."""
    here = page.viewport_size
    for width in WIDTHS if every_way else (here["width"],):
        page.set_viewport_size({"width": width, "height": 900})
        for theme in THEMES if every_way else ("light",):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found = findings(page)
            assert not found, f"{width} px, {theme}: " + "\n".join(found)
        assert not overflow(page), f"{page.url} scrolls sideways at {width} px"
    page.set_viewport_size(here)
