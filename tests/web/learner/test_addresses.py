"""A person's own addresses and name: proven by a code, and followed by their badges."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.jobs.mailing import set_aside
from portal.models import CredlyState, Delivery, Mail, MailState, OneTimeLink
from portal.services.people import addresses
from tests.factories import PASSWORD, earn, make_credly_badge, make_person, with_password
from tests.page import Browser
from tests.waits import stretch_waits

SIGN_IN, BADGES = "/learner/profile/addresses/sign-in", "/learner/profile/addresses/badges"


@pytest.fixture
def settings():
    return {"SMTP_HOST": "127.0.0.1", "SMTP_FROM": "portal@example.org"}


@pytest.fixture
def means(app):
    return app.extensions["means"]


@pytest.fixture
def at_home(browser, ada, lena):
    return browser.sign_in(with_password(lena))


def code_for(means, person) -> str:
    """Return the code in the newest mail, which goes to the new address."""
    mail = db.session.query(Mail).filter_by(kind="address_code").order_by(Mail.id.desc()).first()
    return means.sealer.open(mail.sealed_link, f"mail:{person.id}")


def test_lena_signs_in_with_another_address_once_she_has_proven_it(app, at_home, lena, means):
    other, before = Browser(app).sign_in(lena), lena.email
    at_home.submit(SIGN_IN, email="Lena@New.example", password=PASSWORD)
    assert lena.email == before
    assert "lena@new.example" in at_home.get("/learner/profile")
    at_home.submit(f"{SIGN_IN}/code", code=code_for(means, lena))
    assert lena.email == "lena@new.example"
    assert "Your address is changed." in at_home.get("/learner/profile")
    other.get("/learner/profile", expect=302)
    told = db.session.query(Mail).filter_by(kind="email_changed").one()
    assert told.address == before
    assert not db.session.query(OneTimeLink).count()


def test_without_the_present_password_nothing_is_asked(at_home, lena):
    page = at_home.submit(SIGN_IN, expect=200, email="lena@new.example", password="a wrong one")
    assert 'id="password-error-1"' in page
    assert not db.session.query(Mail).count()


def test_badges_are_not_led_elsewhere_without_the_present_password(at_home, lena):
    lena.badge_email = "badges@example.org"
    db.session.commit()
    for email in ("thief@example.org", ""):
        page = at_home.submit(BADGES, expect=200, email=email, password="a wrong one")
        assert 'id="password-error-1"' in page
    assert lena.badge_email == "badges@example.org"
    assert not db.session.query(Mail).count()


def test_who_has_no_password_is_told_that_the_code_is_enough(browser, lena, means):
    browser.sign_in(lena)
    for place in (SIGN_IN, BADGES):
        page = browser.get(place)
        assert "the code that goes to the new address is enough" in page
        assert 'name="password"' not in page
    browser.submit(BADGES, email="badges@example.org")
    browser.submit(f"{BADGES}/code", code=code_for(means, lena))
    assert lena.badge_email == "badges@example.org"


def test_somebody_elses_address_is_refused_only_to_who_proves_it(at_home, ada, lena, means):
    at_home.submit(SIGN_IN, email=ada.email, password=PASSWORD)
    page = at_home.submit(f"{SIGN_IN}/code", expect=200, code=code_for(means, lena))
    assert "is already here" in page
    assert lena.email != ada.email


def test_a_badge_address_is_proven_too_and_pending_badges_move(at_home, lena, means):
    award = earn(lena, make_credly_badge(means), credly_id="c1", state=CredlyState.PENDING)
    award.issued_badge.recipient_email = lena.email
    db.session.delete(db.session.query(Delivery).one())
    db.session.commit()
    at_home.submit(BADGES, email="badges@example.org", password=PASSWORD)
    at_home.submit(f"{BADGES}/code", code=code_for(means, lena).replace(" ", ""))
    assert lena.badge_email == "badges@example.org"
    assert "1 badge at Credly follows the change" in at_home.get("/learner/profile")
    # Back to the sign-in's address: that one is proven already.
    at_home.submit(BADGES, email="", password=PASSWORD)
    assert lena.badge_email is None


def test_wrong_codes_are_counted_before_they_are_looked_at(at_home, lena, means):
    at_home.submit(BADGES, email="badges@example.org", password=PASSWORD)
    for wrong in ("00000000", "x", "١٢٣٤٥٦٧٨", "9" * 40, "' OR 1=1--"):
        assert 'id="code-error-1"' in at_home.submit(f"{BADGES}/code", expect=200, code=wrong)
    right = code_for(means, lena)
    assert "Too many wrong codes" in at_home.submit(f"{BADGES}/code", expect=200, code=right)
    at_home.post(f"{BADGES}/again", page=f"{BADGES}/code")
    assert code_for(means, lena) != right
    at_home.submit(f"{BADGES}/code", code=code_for(means, lena))
    assert lena.badge_email == "badges@example.org"


def test_a_code_lives_fifteen_minutes_and_only_its_hash_is_kept(at_home, lena, means):
    at_home.submit(BADGES, email="badges@example.org", password=PASSWORD)
    row = db.session.query(OneTimeLink).one()
    assert code_for(means, lena).replace(" ", "") not in str(vars(row))
    row.expires_at -= timedelta(minutes=16)
    db.session.commit()
    at_home.get(f"{BADGES}/code", expect=302)


def test_codes_are_not_sent_without_end(at_home, lena):
    for _time in range(addresses.CODES_IN_A_ROW):
        at_home.submit(BADGES, email="badges@example.org", password=PASSWORD)
    stretch_waits()
    page = at_home.submit(BADGES, expect=429, email="badges@example.org", password=PASSWORD)
    assert "Too many attempts" in page


def test_lena_keeps_the_earlier_address_after_all(at_home, lena, means):
    at_home.submit(BADGES, email="badges@example.org", password=PASSWORD)
    at_home.post(f"{BADGES}/drop", page=f"{BADGES}/code")
    at_home.get(f"{BADGES}/code", expect=302)
    at_home.get("/learner/profile/addresses/odd/code", expect=404)


@pytest.mark.parametrize("email", ["a@b", "a b@c.org", "a@x.org\nBcc: b@y.org", "x" * 255])
def test_an_address_that_cannot_be_used_is_said_at_its_field(at_home, email):
    assert 'id="email-error-1"' in at_home.submit(
        BADGES, expect=200, email=email, password=PASSWORD
    )


class TestName:
    URL = "/learner/profile/name"

    def test_lena_corrects_her_name_and_what_waited_for_it_goes_on(self, at_home, lena, means):
        lena.first_name = lena.last_name = lena.email.partition("@")[0]
        db.session.commit()
        award = earn(lena, make_credly_badge(means))
        held = db.session.query(Delivery).one()
        assert held.held_because == "name_not_usable"
        assert "your badges wait" in at_home.get("/learner/profile")
        at_home.submit(self.URL, first_name="Lena", last_name="Lärare")
        db.session.refresh(held)
        assert (held.state, held.held_because) == ("waiting", None)
        assert award.learner.name == "Lena Lärare"

    def test_a_name_that_cannot_stand_on_a_badge_is_said_at_its_field(self, at_home, lena):
        for first, last, field in (
            ("", "L", "first_name"),
            ("N/A", "L", "first_name"),
            ("Lena", "lena@example.org", "last_name"),
            ("Lena", "lena_l", "last_name"),
            ("Lena", "123", "last_name"),
        ):
            page = at_home.submit(self.URL, expect=200, first_name=first, last_name=last)
            assert f'id="{field}-error-1"' in page
        assert lena.name == "Lena Learner"


class TestWithoutMail:
    @pytest.fixture
    def settings(self):
        return {}

    def test_an_administrator_confirms_the_address(self, app, at_home, ada, lena):
        at_home.submit(BADGES, email="badges@example.org", password=PASSWORD)
        assert "An administrator sees" in at_home.get(f"{BADGES}/code")
        work, place = Browser(app).sign_in(ada), f"/admin/people/{lena.id}"
        assert lena.name in work.get("/admin/people").partition("<table")[0]
        assert "badges@example.org" in work.get(place)
        work.post(f"{place}/addresses/badge_email/confirm", page=place)
        assert lena.badge_email == "badges@example.org"

    def test_or_refuses_it(self, app, at_home, ada, lena):
        at_home.submit(SIGN_IN, email="lena@new.example", password=PASSWORD)
        work, place = Browser(app).sign_in(ada), f"/admin/people/{lena.id}"
        work.post(f"{place}/addresses/sign_in_email/refuse", page=place)
        assert "lena@new.example" not in work.get(place)
        work.post(f"{place}/addresses/invitation/confirm", expect=404, page=place)

    def test_a_mail_that_has_no_way_out_is_set_aside(self, means, at_home, lena, now):
        with_mail = {"old_password": PASSWORD, "password": "another quiet harbour at noon"}
        at_home.submit("/learner/profile/password", **with_mail)
        assert set_aside(means, now)
        assert db.session.query(Mail).one().state is MailState.NOT_SENT
        assert not set_aside(means, now)


def test_two_people_never_share_a_badge_address(at_home, lena, means):
    make_person("Olle Other").badge_email = "badges@example.org"
    db.session.commit()
    at_home.submit(BADGES, email="badges@example.org", password=PASSWORD)
    page = at_home.submit(f"{BADGES}/code", expect=200, code=code_for(means, lena))
    assert "is already here" in page
    assert lena.badge_email is None
