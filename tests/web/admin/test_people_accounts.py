"""Accounts on the people pages: invited, switched off and on, signed out."""

from urllib.parse import urlsplit

import pytest

from portal.extensions import db
from portal.models import Mail, OneTimeLink
from tests.factories import PASSWORD, with_password
from tests.page import Browser


@pytest.fixture
def at_work(browser, ada):
    return browser.sign_in(ada)


def link_on(page):
    return page.split('id="invitation-link" value="')[1].split('"')[0]


def of(person):
    return f"/admin/people/{person.id}"


def test_the_link_is_shown_once_and_works(at_work, lena, app):
    page = at_work.post(of(lena) + "/invite", expect=200, page=of(lena))
    link = link_on(page)
    assert link.startswith("http://127.0.0.1:5000/invitation/")
    assert 'data-copy-text="' + link in page
    assert link not in at_work.get(of(lena))
    Browser(app).submit(urlsplit(link).path, password=PASSWORD)
    assert not db.session.query(Mail).count()


def test_a_newer_link_ends_the_one_before(at_work, lena, app):
    older = link_on(at_work.post(of(lena) + "/invite", expect=200, page=of(lena)))
    at_work.post(of(lena) + "/invite", expect=200, page=of(lena))
    Browser(app).get(urlsplit(older).path, expect=404)


def test_another_address_ends_the_link_that_went_to_the_one_before(at_work, lena, app):
    link = link_on(at_work.post(of(lena) + "/invite", expect=200, page=of(lena)))
    at_work.submit(of(lena), first_name="Lena", last_name="Learner", email="right@example.org")
    Browser(app).get(urlsplit(link).path, expect=404)


def test_the_code_is_in_no_log(at_work, lena, caplog):
    caplog.set_level("DEBUG")
    link = link_on(at_work.post(of(lena) + "/invite", expect=200, page=of(lena)))
    assert link.rsplit("/", 1)[1] not in caplog.text


class TestWithMail:
    @pytest.fixture
    def settings(self):
        return {"SMTP_HOST": "127.0.0.1", "SMTP_FROM": "portal@example.org"}

    def test_the_link_is_mailed_and_not_shown(self, at_work, lena, app):
        page = at_work.post(of(lena) + "/invite", expect=200, page=of(lena))
        mail = db.session.query(Mail).one()
        link = app.extensions["means"].sealer.open(mail.sealed_link, f"mail:{lena.id}")
        assert "/invitation/" in link
        assert "/invitation/" not in page
        assert f"on its way to {lena.email}" in page
        Browser(app).get(urlsplit(link).path)

    def test_a_mail_that_still_waits_is_replaced(self, at_work, lena):
        at_work.post(of(lena) + "/invite", expect=200, page=of(lena))
        at_work.post(of(lena) + "/invite", expect=200, page=of(lena))
        assert db.session.query(Mail).count() == 1


def test_switching_off_says_first_what_it_does(at_work, lena, app):
    Browser(app).sign_in(lena)
    page = at_work.get(of(lena) + "/deactivate")
    assert "1 browser is signed out at once." in page
    assert lena.active


def test_who_is_switched_off_is_out_and_can_be_let_in_again(at_work, lena, app):
    lenas = Browser(app).sign_in(with_password(lena))
    page = at_work.follow(at_work.submit(of(lena) + "/deactivate"))
    assert "can no longer sign in" in page
    assert "Deactivated" in page
    lenas.get("/learner/profile", expect=302)
    lenas.submit("/login", expect=200, email=lena.email, password=PASSWORD)
    at_work.post(of(lena) + "/activate", page=of(lena))
    lenas.submit("/login", email=lena.email, password=PASSWORD)


def test_nobody_is_invited_while_switched_off(at_work, lena):
    lena.active = False
    db.session.commit()
    answer = at_work.post(of(lena) + "/invite", page=of(lena))
    assert "Activate it first." in at_work.follow(answer)
    assert not db.session.query(OneTimeLink).count()


def test_ada_cannot_switch_herself_off(at_work, ada):
    assert 'href="' + of(ada) + "/deactivate" not in at_work.get(of(ada))
    answer = at_work.submit(of(ada) + "/deactivate")
    assert "cannot switch your own account off" in at_work.follow(answer)
    assert ada.active


def test_all_sessions_of_lena_are_ended(at_work, lena, app):
    lenas = Browser(app).sign_in(lena)
    assert "End all sessions" in at_work.get(of(lena))
    at_work.post(of(lena) + "/end-sessions", page=of(lena))
    lenas.get("/learner/profile", expect=302)
    assert "End all sessions" not in at_work.get(of(lena))


def test_a_link_changes_nothing(at_work, lena):
    for action in ("invite", "activate", "end-sessions"):
        at_work.get(f"{of(lena)}/{action}", expect=405)
