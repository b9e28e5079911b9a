"""A file from another system, from choosing it to its last corrected row, in a real browser."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.eyes import look
from tests.browser.portal import RunningPortal
from tests.browser.test_walk import fill_set_up
from tests.browser.walker import Walker
from tests.services.importing.conftest import drawn, file_of, row, zip_of


@pytest.fixture
def walker(page: Page, portal: RunningPortal) -> Walker:
    return Walker(page, portal)


def with_semicolons(text: str) -> bytes:
    """The file as a Swedish spreadsheet saves it: semicolons, and a byte order mark."""
    saved = io.StringIO()
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    csv.writer(saved, delimiter=";").writerows(rows)
    return saved.getvalue().encode("utf-8-sig")


def choose(walker: Walker, name: str, content: bytes) -> None:
    walker.open("/admin/badges/import")
    sent = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    walker.page.get_by_label("badge.csv or .zip with images").set_input_files(sent)
    walker.press("Preview")
    walker.heading("Import")


def test_a_file_is_previewed_imported_mended_and_imported_again(walker, tmp_path: Path):
    walker.open("/")
    fill_set_up(walker)
    walker.press("Set up the portal")
    walker.open("/admin/badges/import")
    look(walker.page, every_way=True)

    rows = [row(1, "Knots", image="images/my knots.png"), row(2, "Ropes", state="Aktiv")]
    content = with_semicolons(file_of(*rows, row(3, "Sails", image="")).decode())
    zipped = zip_of(("badge.csv", content), ("images/my knots.png", drawn()))
    choose(walker, "badges.zip", zipped)
    walker.see("Look at what the file would do, then press Start import.")
    walker.see("The state must be Active or Retired.")
    walker.see("Semicolon")
    look(walker.page, every_way=True)
    walker.press("Start import")
    walker.see("2 of 3 rows succeeded, 1 failed.")  # the page follows by itself
    look(walker.page, every_way=True)

    errors = tmp_path / "errors.csv"
    bad = walker.download("Download error records", errors, role="button").read_text("utf-8")
    assert "Ropes" in bad
    assert "Sails" not in bad
    choose(walker, "mended.csv", with_semicolons(bad.replace("Aktiv", "Active")))
    walker.see("line, column, error")  # named as ignored
    walker.press("Start import")
    walker.see("1 of 1 rows succeeded, 0 failed.")
    walker.open("/admin/badges")
    for name in ("Knots", "Ropes", "Sails"):
        walker.see(name)
    walker.open("/admin/imports")
    walker.see("mended.csv")
    look(walker.page, every_way=True)
