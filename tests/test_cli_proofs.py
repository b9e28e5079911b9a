"""The public pages as plain files, for a web server without the portal."""

import re

import pytest

from portal.cli.proofs import export_proofs
from portal.extensions import db
from portal.models import PublicPage
from portal.services.issuing import public_pages
from tests.factories import earn, make_badge, make_person


@pytest.fixture
def shown(app, lena, now):
    """The page that Lena shows, and one that Max has turned off again."""
    page = public_pages.turn_on(award=earn(lena, make_badge("Knots")), now=now)
    other = earn(make_person("Max Muster"), make_badge("Sails"))
    public_pages.turn_on(award=other, now=now)
    public_pages.turn_off(award=other)
    return page


def export(app, folder):
    return app.test_cli_runner().invoke(export_proofs, [str(folder)])


def test_pages_that_are_on_are_written_with_what_they_need(app, shown, tmp_path):
    folder = tmp_path / "site"
    done = export(app, folder)
    assert (done.exit_code, done.output) == (0, f"Wrote 1 public page to {folder}.\n")
    html = (folder / "b" / shown.key / "index.html").read_text()
    assert "Lena" in html
    assert (folder / "b" / shown.key / "card.png").read_bytes().startswith(b"\x89PNG")
    for address in re.findall(r'(?:href|src)="/((?:static|brand)[^"?]*)', html):
        assert (folder / address).is_file(), address
    assert "Max" not in "".join(page.read_text() for page in folder.glob("b/*/index.html"))


def test_a_folder_with_something_in_it_is_left_alone(app, shown, tmp_path):
    (tmp_path / "kept.txt").write_text("mine")
    done = export(app, tmp_path)
    assert done.exit_code == 2
    assert "is not empty" in done.output
    assert not (tmp_path / "b").exists()


def test_without_public_pages_nothing_is_written(app, tmp_path):
    done = export(app, tmp_path / "site")
    assert done.output.startswith("Wrote 0 public pages")
    assert db.session.query(PublicPage).count() == 0
