"""A whole catalogue from another system, out and in again, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.eyes import look
from tests.browser.portal import RunningPortal
from tests.browser.test_walk import fill_set_up
from tests.browser.walker import Walker


@pytest.fixture
def walker(page: Page, portal: RunningPortal) -> Walker:
    return Walker(page, portal)


def choose(walker: Walker, file: Path) -> None:
    walker.open("/admin/imports/catalogues")
    sent = {"name": file.name, "mimeType": "application/zip", "buffer": file.read_bytes()}
    walker.page.get_by_label("The catalogue as one .zip").set_input_files(sent)
    walker.press("Preview")
    walker.heading("Catalogue")
    walker.see("Nothing was changed yet.")  # the page follows by itself


def test_a_catalogue_comes_in_goes_out_and_comes_in_again(walker, tmp_path: Path):
    walker.open("/")
    fill_set_up(walker)
    walker.press("Set up the portal")
    walker.open("/admin/imports")
    walker.press("Import a catalogue", role="link")
    walker.heading("Import a catalogue")
    look(walker.page, every_way=True)

    sample = walker.download("Download a sample", tmp_path / "sample.zip")
    choose(walker, sample)
    look(walker.page, every_way=True)
    walker.press("course_module.csv", role="link")
    walker.see("The files of a catalogue are started together, on its page.")
    look(walker.page, every_way=True)
    walker.press("Catalogue", role="link")
    walker.page.get_by_label("Award them in the portal, and send nothing to Credly").check()
    walker.press("Start import")
    walker.see("The catalogue is in.")
    look(walker.page, every_way=True)
    walker.open("/admin/awards")
    walker.see("First steps")
    walker.see("Lena Learner")

    walker.open("/admin/imports/catalogues")
    out = walker.download("Export the catalogue", tmp_path / "out.zip", role="button")
    choose(walker, out)
    row = walker.page.get_by_role("row", name="user_course_grade.csv")
    assert row.get_by_role("cell").all_inner_texts()[2:6] == ["2", "0", "0", "2"]
