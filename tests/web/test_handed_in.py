"""Whatever people hand in is looked at by the malware scanner before it is kept, if one is set."""

import logging
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from portal.cli.scanning import scan_file
from portal.extensions import db
from portal.models import AuditEntry, CatalogueImport, Evidence, ImportRun, Module, Policy
from portal.services.learning import completions, files
from portal.web.trust import DOCUMENTS, PICTURES, UPLOADS
from tests.factories import make_course
from tests.page import Browser
from tests.scanners import EICAR, write, write_one_that_writes

FOUND = "The malware scanner found something in this file"
UNCHECKED = "This file could not be checked for malware"
SETTINGS = {"name": "Rosette", "brand": "#2b5fb4", "time_zone": "UTC"}


@pytest.fixture
def little(tmp_path):
    return write(tmp_path)


@pytest.fixture
def settings(little):
    return {"SCAN_COMMAND": f"'{little.path}'", "SCAN_SECONDS": "300"}


def pdf(more: bytes, size: int = 0) -> tuple[BytesIO, str]:
    begin, end = b"%PDF-1.7\n" + more, b"\n%%EOF\n"
    return BytesIO(begin + bytes(max(0, size - len(begin) - len(end))) + end), "knots.pdf"


def csv(name: str, more: bytes) -> dict:
    return {"file": (BytesIO(b"email,date\r\n" + more + b"\r\n"), name)}


def logo(more: bytes) -> dict:
    drawn = BytesIO()
    Image.new("RGB", (64, 64), "navy").save(drawn, format="PNG")
    return {**SETTINGS, "logo": (BytesIO(drawn.getvalue() + more), "logo.png")}


class Ways:
    """Every page that takes files, as somebody who may send one there."""

    def __init__(self, app, ada, otto, lena, now):
        open_one = make_course(otto, "Proof", policy=Policy.EVIDENCE)
        course = make_course(otto, "Knots", policy=Policy.STAFF)
        completions.enrol(learner=lena, learning_object=open_one, now=now)
        module = Module(course_id=course.id, position=0, title="Read", content="It", kind="file")
        module.file_key, module.file_name, module.file_type = "ab" * 32, "old.pdf", files.PDF
        db.session.add(module)
        db.session.commit()
        self.app, self.module, self.people = app, module, (ada, otto, lena)
        self.evidence = f"/learner/courses/{open_one.id}/evidence"
        self.modules = f"/author/courses/{course.id}/modules"
        self.completions = f"/author/courses/{course.id}/learners/file"

    def every(self) -> Iterator[tuple[str, Callable]]:
        """Each endpoint, with what sends a file there that holds some bytes more."""
        ada, otto, lena = self.people
        edited = f"{self.modules}/{self.module.id}/edit"
        where = {
            "admin.badge_import.index": (ada, "/admin/badges/import", _badges),
            "admin.catalogues.index": (ada, "/admin/imports/catalogues", _catalogue),
            "admin.people_import.index": (
                *(ada, "/admin/people/import"),
                lambda more: csv("people.csv", more),
            ),
            "author.record_file.index": (
                *(otto, self.completions),
                lambda more: {**csv("done.csv", more), "result": "success"},
            ),
            "admin.settings.index": (ada, "/admin/settings", logo),
            "author.modules.new": (otto, f"{self.modules}/new/file", _module),
            "author.modules.edit": (otto, edited, _module),
            "learner.evidence.new": (lena, self.evidence, lambda more: {"file": pdf(more)}),
        }
        for endpoint, (person, address, made) in where.items():
            yield endpoint, self._sender(person, address, made)

    def _sender(self, person, address: str, made: Callable) -> Callable:
        def send(more: bytes, expect: int):
            browser = Browser(self.app).sign_in(person)
            return browser.submit(address, expect=expect, **made(more))

        return send


def _badges(more: bytes) -> dict:
    return {**csv("badge.csv", more), "connection": "0"}


def _catalogue(more: bytes) -> dict:
    held = BytesIO()
    with ZipFile(held, "w") as packed:  # stored as it stands: the little scanner opens no zips
        packed.writestr("people.csv", b"email,firstName,lastName\r\n" + more)
    return {"file": (BytesIO(held.getvalue()), "all.zip"), "connection": "0"}


def _module(more: bytes) -> dict:
    return {"title": "Read", "file": pdf(more), "required": "y"}


@pytest.fixture
def ways(app, ada, otto, lena, now):
    return Ways(app, ada, otto, lena, now)


def kept(app) -> list[Path]:
    folders = ("uploads", "files", "images")
    return [one for name in folders for one in (Path(app.instance_path) / name).iterdir()]


def refusals() -> list[AuditEntry]:
    query = db.session.query(AuditEntry).filter_by(action="file.refused")
    return query.order_by(AuditEntry.id).all()


def test_wherever_a_file_comes_in_one_with_something_in_it_is_refused(app, ways, caplog):
    tried = set()
    caplog.set_level(logging.INFO)
    for endpoint, send in ways.every():
        page = send(EICAR, 200)
        field = "logo" if endpoint in PICTURES else "file"
        assert f'id="{field}-error-1"' in page, endpoint
        assert FOUND in page, endpoint
        tried.add(endpoint)
        assert len(refusals()) == len(tried), endpoint
    assert tried == UPLOADS | PICTURES | DOCUMENTS
    assert kept(app) == []
    for table in (ImportRun, CatalogueImport, Evidence):
        assert db.session.query(table).count() == 0
    assert db.session.get(Module, ways.module.id).file_name == "old.pdf"
    assert {entry.details["why"] for entry in refusals()} == {"file_infected"}
    assert {entry.actor_id for entry in refusals()} == {one.id for one in ways.people}
    said = [one.getMessage() for one in caplog.records if one.name == "portal.services.handed_in"]
    assert set(said) == {"a file is refused: the scanner says found (1)"}


def test_what_is_clean_comes_in_everywhere(app, ways, little):
    for endpoint, send in ways.every():
        little.beside("seen").unlink(missing_ok=True)
        send(b"", 302)
        assert little.asked, endpoint
    assert refusals() == []
    assert db.session.query(Evidence).one().file_name == "knots.pdf"
    assert db.session.get(Module, ways.module.id).file_name == "knots.pdf"


def test_a_scanner_that_does_not_work_lets_nothing_in_and_the_system_page_says_so(
    app, ways, little, ada, browser
):
    browser.sign_in(ada)
    assert "asked about each file" in browser.get("/admin/system")
    little.be("broken")
    senders = dict(ways.every())
    assert UNCHECKED in senders["learner.evidence.new"](b"", 200)
    page = browser.get("/admin/system")
    assert "The malware scanner does not work: it ended with 2" in page
    assert page.count("does not work") == 2  # what to do next, and beside its name
    little.path.rename(little.path.with_name("gone"))
    assert UNCHECKED in senders["admin.badge_import.index"](b"", 200)
    assert "could not be started" in browser.get("/admin/system")
    assert kept(app) == []
    assert [entry.details["why"] for entry in refusals()] == ["file_not_checked"] * 2
    little.path.with_name("gone").rename(little.path)
    little.be("well")
    senders["learner.evidence.new"](b"", 302)
    page = browser.get("/admin/system")
    assert "The malware scanner" not in page
    assert "asked about each file" in page


def test_the_largest_document_reaches_the_scanner_whole(app, ways, little, lena, browser):
    sent = {"file": pdf(b"", size=files.MOST)}
    browser.sign_in(lena).submit(ways.evidence, **sent)
    assert little.beside("seen").stat().st_size == files.MOST
    assert [one.stat().st_size for one in kept(app)] == [files.MOST]


def test_a_preview_of_a_module_and_a_form_without_a_file_ask_nobody(ways, little, otto, browser):
    page = f"{ways.modules}/new/text"
    browser.sign_in(otto).submit(page, title="Read", content="This.", required="y")
    browser.submit(f"{ways.modules}/{ways.module.id}/edit", title="Again", required="y")
    assert not little.asked


def test_a_command_shows_what_the_scanner_says(app, little, tmp_path, capfd):
    file = tmp_path / "some file"
    tries = (("well", b"harmless", 0), ("well", EICAR, 1), ("broken", b"harmless", 2))
    for mode, data, code in tries:
        file.write_bytes(data)
        little.be(mode)
        ended = app.test_cli_runner().invoke(scan_file, [str(file)])
        assert ended.exit_code == code, ended.output
        assert "these words are read by nobody" in capfd.readouterr().out


class TestHanging:
    """A scanner that never answers."""

    @pytest.fixture
    def settings(self, little):
        little.be("hangs")
        return {"SCAN_COMMAND": f"'{little.path}'", "SCAN_SECONDS": "0.2"}

    def test_the_file_is_refused_and_the_system_page_says_why(self, app, ways, ada, browser):
        assert UNCHECKED in dict(ways.every())["learner.evidence.new"](b"", 200)
        assert kept(app) == []
        page = browser.sign_in(ada).get("/admin/system")
        assert "did not answer within 0.2 seconds" in page


class TestWriting:
    """A scanner that wants to write to the portal's database itself."""

    @pytest.fixture
    def settings(self, tmp_path, database):
        little = write_one_that_writes(tmp_path, database.get("DATABASE_URL"))
        return {"SCAN_COMMAND": f"'{little}'", "SCAN_SECONDS": "300"}

    def test_while_the_scanner_looks_others_may_write(self, ways):
        for _endpoint, send in ways.every():
            send(b"", 302)
        assert refusals() == []


class TestWithout:
    """No scanner is set."""

    @pytest.fixture
    def settings(self):
        return {}

    def test_nobody_is_asked_and_the_system_page_says_so(self, ways, little, ada, browser):
        for _endpoint, send in ways.every():
            send(EICAR, 302)
        assert not little.asked
        page = browser.sign_in(ada).get("/admin/system")
        assert "not set up" in page.partition("Malware scanner")[2][:100]
