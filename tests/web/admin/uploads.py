"""Handing files in on the import page, and the background job that works on them."""

import io

from portal.clock import utc_now
from portal.services.importing.running import run_next
from tests.services.importing.conftest import file_of

PAGE = "/admin/badges/import"


def work(means) -> None:
    """Let the background job do all there is to do."""
    while run_next(means, utc_now()):
        pass


def send(browser, content: bytes, name: str = "badge.csv", expect: int = 302, **more):
    """Choose a file and press Preview."""
    return browser.post(
        PAGE, expect=expect, file=(io.BytesIO(content), name), **{"connection": "0", **more}
    )


def uploaded(browser, means, *rows: str) -> str:
    """The address of an import whose preview is there."""
    address = send(browser, file_of(*rows)).location
    work(means)
    return address


def imported(browser, means, *rows: str) -> str:
    """The address of an import that is done."""
    address = uploaded(browser, means, *rows)
    browser.post(f"{address}/start", page=address)
    work(means)
    return address
