"""Choosing a password with a one-time link."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import Mail, OneTimeLink, SignInSession
from portal.services.people import people, setup
from tests.factories import PASSWORD


@pytest.fixture
def link(ada, lena, now):
    return f"/invitation/{people.invite(lena, now)}"


def test_lena_chooses_a_password_and_is_in(browser, link):
    browser.submit(link, password=PASSWORD)
    assert "Your password is saved." in browser.get("/learner/profile")
    browser.post("/logout", page="/learner/profile")


def test_the_page_says_whose_password_it_is(browser, link, lena):
    page = browser.get(link)
    assert "<h1>Choose your password</h1>" in page
    assert lena.email in page
    assert 'autocomplete="new-password"' in page


def test_looking_at_the_page_does_not_use_the_link_up(browser, link):
    for _look in range(3):
        browser.get(link)
    assert db.session.query(OneTimeLink).one().used_at is None


def test_a_link_works_once(browser, link):
    browser.submit(link, password=PASSWORD)
    page = browser.get(link, expect=404)
    assert "used already, or is too old" in page
    values = {"password": "another good one entirely"}
    browser.post(link, expect=404, page="/learner/profile", **values)


def test_a_link_is_over_after_seven_days(browser, link):
    db.session.query(OneTimeLink).one().expires_at -= timedelta(days=7, minutes=1)
    db.session.commit()
    browser.get(link, expect=404)


@pytest.mark.parametrize("code", ["x", "%00", "é" * 300, "..%5c", "a b", "%ff%ed%a0"])
def test_a_guessed_link_opens_nothing(browser, ada, code):
    browser.get(f"/invitation/{code}", expect=404)


def test_the_code_of_the_setup_is_no_invitation(browser, ada, now):
    browser.get(f"/invitation/{setup.new_code(now)}", expect=404)


def test_a_newer_link_ends_the_older(browser, link, lena, now):
    newer = people.invite(lena, now)
    browser.get(link, expect=404)
    browser.get(f"/invitation/{newer}")


def test_a_link_is_worth_nothing_while_the_account_is_off(browser, link, ada, lena):
    people.deactivate(actor=ada, person=lena)
    browser.get(link, expect=404)


@pytest.mark.parametrize("password", ["short", "password1234", "x" * 1001, "rosette-credly"])
def test_a_weak_password_is_said_at_its_field_and_the_link_stays(browser, link, lena, password):
    page = browser.submit(link, expect=200, password=password)
    assert 'id="password-error-1"' in page
    assert lena.password_hash is None
    browser.submit(link, password=PASSWORD)


def test_a_new_password_ends_the_sessions_of_before(browser, link, lena, app):
    other = type(browser)(app).sign_in(lena)
    browser.submit(link, password=PASSWORD)
    other.get("/learner/profile", expect=302)
    assert db.session.query(SignInSession).count() == 1


def test_who_opens_it_while_signed_in_becomes_the_invited_person(browser, link, ada, lena):
    browser.sign_in(ada).submit(link, password=PASSWORD)
    assert lena.name in browser.get("/learner/profile")
    assert [row.person_id for row in db.session.query(SignInSession)] == [lena.id]


def test_the_page_is_kept_in_no_cache_and_told_to_nobody(browser, link):
    page = browser.get(link)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_the_code_is_in_no_log_and_no_mail(browser, link, caplog):
    caplog.set_level("DEBUG")
    browser.submit(link, password=PASSWORD)
    assert link.rsplit("/", 1)[1] not in caplog.text
    assert not db.session.query(Mail).count()
