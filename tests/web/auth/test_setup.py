"""Making the first administrator."""

import pytest

from portal.extensions import db
from portal.models import Person, Role
from portal.services.people import setup
from tests.factories import PASSWORD

WHO = {"email": "Ada@Example.org ", "first_name": "Ada", "last_name": "Admin", "password": PASSWORD}


@pytest.fixture
def code(app, now):
    return setup.new_code(now)


def test_the_first_administrator_is_made_and_is_in(browser, code):
    browser.submit("/setup", code=f" {code} ", **WHO)
    ada = db.session.query(Person).one()
    assert (ada.email, ada.roles) == ("ada@example.org", {Role.ADMIN})
    assert browser.get("/", expect=302).location == "/admin/"


def test_what_was_said_at_the_end_is_read_on_the_next_page(browser, code):
    browser.submit("/setup", code=code, **WHO)
    assert "The portal is yours." in browser.get("/learner/profile")
    assert "The portal is yours." not in browser.get("/learner/profile")


def test_the_page_is_gone_once_there_is_an_administrator(browser, ada, code):
    browser.get("/setup", expect=404)
    browser.post("/setup", expect=404, page="/login", code=code, **WHO)


def test_a_wrong_code_is_said_at_its_field_and_what_was_typed_is_kept(browser, code):
    page = browser.submit("/setup", expect=200, code="wrong", **WHO)
    assert 'id="code-error-1"' in page
    assert 'value="Ada"' in page
    assert PASSWORD not in page
    assert not db.session.query(Person).count()


def test_a_code_works_once(browser, code):
    browser.submit("/setup", code=code, **WHO)
    browser.post("/logout", page="/learner/profile")
    browser.get("/setup", expect=404)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "a@b"),
        ("email", "ada@example.org\nBcc: b@example.org"),
        ("first_name", "  "),
        ("last_name", "x" * 101),
        ("last_name", "A\0b"),
        ("password", "too short"),
        ("password", "password1234"),
        ("password", "x" * 1001),
        ("code", "ü" * 300),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(browser, code, name, value):
    page = browser.submit("/setup", expect=200, **{"code": code, **WHO, name: value})
    assert f'id="{name}-error-1"' in page
    assert not db.session.query(Person).count()


def test_a_mistake_does_not_use_the_code_up(browser, code):
    browser.submit("/setup", expect=200, code=code, **{**WHO, "password": "too short"})
    browser.submit("/setup", code=code, **WHO)


def test_a_role_that_is_slipped_in_is_ignored(browser, code):
    browser.submit("/setup", code=code, roles="author", role="author", active="", **WHO)
    assert db.session.query(Person).one().roles == {Role.ADMIN}
