"""A forgotten password: a mail with a link, the same answer for everybody, and a brake."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import LinkPurpose, Mail, OneTimeLink
from portal.services.people import forgotten, people
from tests.factories import PASSWORD, with_password
from tests.page import Browser
from tests.waits import stretch_waits

NEW = "another quiet harbour at noon"


@pytest.fixture
def settings():
    return {"SMTP_HOST": "127.0.0.1", "SMTP_FROM": "portal@example.org"}


@pytest.fixture
def means(app):
    return app.extensions["means"]


def links(means, person, now, count=1):
    """Let the engine answer, and return the links it mailed."""
    while forgotten.answer_next(means, now):
        pass
    mails = db.session.query(Mail).filter_by(kind="forgotten_password", person_id=person.id).all()
    assert len(mails) == count
    sealed = [mail.sealed_link for mail in mails]
    return [
        means.sealer.open(one, f"mail:{person.id}").partition(means.public_url)[2] for one in sealed
    ]


def test_lena_chooses_a_new_password_with_the_mailed_link(app, browser, ada, lena, means, now):
    elsewhere = Browser(app).sign_in(with_password(lena))
    answer = browser.submit("/forgotten", expect=200, email=f" {lena.email.upper()} ")
    assert "a mail with a link is on its way" in answer
    (link,) = links(means, lena, now)
    assert lena.email in browser.get(link)
    browser.submit(link, password=NEW)
    elsewhere.get("/learner/profile", expect=302)
    browser.get(link, expect=404)
    browser.submit("/login", expect=200, email=lena.email, password=PASSWORD)
    browser.submit("/login", email=lena.email, password=NEW)
    assert "password_changed" in {mail.kind for mail in db.session.query(Mail)}


def test_an_address_nobody_has_gets_the_same_answer_and_the_same_work(browser, ada, means, now):
    known = browser.submit("/forgotten", expect=200, email=ada.email)
    unknown = browser.submit("/forgotten", expect=200, email="nobody@example.org")
    assert known.partition("<main")[2] == unknown.partition("<main")[2]
    # Both pages wrote the same row; who has an account is found out later.
    rows = db.session.query(OneTimeLink).all()
    assert {(row.purpose, row.person_id) for row in rows} == {(LinkPurpose.FORGOTTEN, None)}
    assert len(rows) == 2
    links(means, ada, now)
    assert db.session.query(Mail).count() == 1


def test_who_is_switched_off_gets_no_mail(browser, ada, lena, means, now):
    people.deactivate(actor=ada, person=lena)
    browser.submit("/forgotten", expect=200, email=lena.email)
    assert links(means, lena, now, count=0) == []


def test_a_link_is_over_after_an_hour_and_good_for_nothing_else(browser, ada, means, now):
    browser.submit("/forgotten", expect=200, email=ada.email)
    (link,) = links(means, ada, now)
    browser.get(link.replace("/forgotten/", "/invitation/"), expect=404)
    browser.get("/forgotten/" + people.invite(ada, now), expect=404)
    row = db.session.query(OneTimeLink).filter_by(purpose=LinkPurpose.PASSWORD).one()
    row.expires_at -= timedelta(minutes=61)
    db.session.commit()
    page = browser.get(link, expect=404)
    assert "Have a new one sent" in page


def test_another_address_ends_the_link_that_was_mailed(browser, ada, lena, means, now):
    browser.submit("/forgotten", expect=200, email=lena.email)
    (link,) = links(means, lena, now)
    names = {"first_name": "Lena", "last_name": "Learner", "roles": set()}
    people.change(person=lena, email="new@example.org", **names, now=now)
    browser.get(link, expect=404)


def test_a_weak_password_is_said_at_its_field_and_the_link_stays(browser, ada, means, now):
    browser.submit("/forgotten", expect=200, email=ada.email)
    (link,) = links(means, ada, now)
    assert 'id="password-error-1"' in browser.submit(link, expect=200, password="short")
    browser.submit(link, password=NEW)


def test_too_many_requests_are_slowed_down_for_known_and_unknown_alike(browser, ada):
    for email in (ada.email, "nobody@example.org"):
        for _time in range(forgotten.FOR_ONE_ACCOUNT):
            assert "is on its way" in browser.submit("/forgotten", expect=200, email=email)
        stretch_waits()
        assert "Too many attempts" in browser.submit("/forgotten", expect=429, email=email)


def test_odd_addresses_and_codes_are_no_trouble(browser, ada):
    for email in ("", "a b", "x" * 300, "é@exämple.de", "%00"):
        browser.submit("/forgotten", expect=200, email=email)
    for code in ("x", "%00", "é" * 300, "..%5c"):
        browser.get(f"/forgotten/{code}", expect=404)


class TestWithoutMail:
    @pytest.fixture
    def settings(self):
        return {}

    def test_the_page_says_whom_to_ask(self, browser, ada):
        page = browser.get("/forgotten")
        assert "Ask an administrator" in page
        assert "<form" not in page.partition("<main")[2]
        browser.post("/forgotten", expect=200, page="/login", email=ada.email)
        assert not db.session.query(OneTimeLink).count()
