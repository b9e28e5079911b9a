"""Modules of a course on their pages."""

from io import BytesIO

import pytest

from portal.extensions import db
from portal.models import Course, Criteria, Module
from portal.services.learning import completions
from tests.factories import make_course, make_person

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


@pytest.fixture
def writer(browser, otto):
    """Otto's browser."""
    return browser.sign_in(otto)


@pytest.fixture
def at(otto):
    """The address of the modules of Otto's course."""
    return f"/author/courses/{make_course(otto).id}/modules"


def the_module() -> Module:
    db.session.expire_all()
    return db.session.query(Module).one()


def test_a_text_is_added_with_a_preview_first(writer, at):
    assert "No modules yet" in writer.get(at)
    words = {"title": "Read", "content": "**Hold** fast", "required": "1"}
    page = writer.submit(f"{at}/new/text", expect=200, preview="1", **words)
    assert "<strong>Hold</strong>" in page
    assert "Read" in writer.follow(writer.submit(f"{at}/new/text", **words))


def test_a_file_is_added_and_handed_out_as_an_attachment_only(writer, at):
    sent = {"title": "Plan", "file": (BytesIO(PDF), "plan.pdf")}
    assert "plan.pdf" in writer.follow(writer.submit(f"{at}/new/file", **sent))
    with writer.client.get(f"{at}/{the_module().id}/file") as answer:
        data = answer.data
    assert data == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=plan.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_page_that_calls_itself_a_pdf_is_said_at_the_field(writer, at):
    sent = {"title": "Plan", "file": (BytesIO(b"<html>"), "plan.pdf", "application/pdf")}
    page = writer.submit(f"{at}/new/file", expect=200, **sent)
    assert 'id="file-error-1"' in page


def test_a_file_of_somebody_elses_course_does_not_exist(writer):
    other = make_course(make_person("Another Author", roles={"author"}))
    db.session.add(Module(course_id=other.id, position=0, title="Plan", file_key="a" * 64))
    db.session.commit()
    writer.get(f"/author/courses/{other.id}/modules/{the_module().id}/file", expect=404)


def test_criteria_are_saved_and_what_cannot_be_is_said(writer, at):
    writer.submit(f"{at}/new/address", title="Elsewhere", address="https://example.org")
    page = writer.submit(at, expect=200, criteria="some", needed="2")
    assert 'id="needed-error-1"' in page
    page = writer.submit(at, expect=200, criteria="nonsense", needed="")
    assert 'id="criteria-error-1"' in page
    writer.submit(at, criteria="some", needed="1")
    assert db.session.query(Course).one().criteria is Criteria.SOME


def test_removing_asks_about_those_who_have_begun(writer, at, lena, now):
    writer.submit(f"{at}/new/text", title="Read", content="This.")
    course = db.session.query(Course).one()
    completions.enrol(learner=lena, learning_object=course, now=now)
    remove = f"{at}/{the_module().id}/remove"
    assert "1 learner has begun" in writer.get(remove)
    assert 'id="for_started-error-1"' in writer.submit(remove, expect=200)
    page = writer.follow(writer.submit(remove, for_started="keep"))
    assert "Bring back" in page
    assert the_module().removed
    writer.submit(remove, for_started="all")
    assert not the_module().removed


def test_modules_move_and_unknown_kinds_do_not_exist(writer, at):
    for title in ("One", "Two"):
        writer.submit(f"{at}/new/text", title=title, content="This.")
    two = db.session.query(Module).filter_by(title="Two").one()
    page = writer.follow(writer.post(f"{at}/{two.id}/move", page=at, to="up"))
    assert page.index("Two") < page.index("One")
    writer.get(f"{at}/new/video", expect=404)
