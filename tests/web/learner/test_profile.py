"""A person's own page."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import SignInSession, Theme
from portal.services.people import sessions
from tests.factories import (
    PASSWORD,
    earn,
    make_credly_badge,
    make_person,
    with_password,
)
from tests.page import Browser
from tests.waits import end_waits, stretch_waits

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
NEW = "seven herons over a lake"
KEPT = {"language": "", "theme": "system", "credly_profile": ""}


@pytest.fixture
def at_home(browser, lena):
    return browser.sign_in(lena)


def test_strangers_are_led_to_the_sign_in(browser, ada):
    for address in ("/learner/profile", "/learner/profile/password"):
        assert browser.get(address, expect=302).location == "/login"


@pytest.mark.parametrize("who", ["ada", "ivar", "otto", "lena"])
def test_everybody_has_a_profile(browser, request, who):
    person = request.getfixturevalue(who)
    page = browser.sign_in(person).get("/learner/profile")
    assert "<h1>Profile</h1>" in page
    assert person.name in page
    assert "Change name" in page


def test_a_copy_of_her_data_is_one_press_away(at_home):
    assert "Download my data" in at_home.get("/learner/profile")
    page = {"page": "/learner/profile", "expect": 200}
    answer = at_home.post("/learner/privacy/download", **page)
    assert answer.headers["Content-Type"] == "application/zip"


def test_the_address_for_badges_may_be_another_one(at_home, lena):
    lena.badge_email = "badges@example.org"
    db.session.commit()
    assert "badges@example.org" in at_home.get("/learner/profile")


def test_lena_chooses_dark_and_english(at_home, lena):
    answer = at_home.submit("/learner/profile", **{**KEPT, "language": "en", "theme": "dark"})
    page = at_home.follow(answer)
    assert "Your profile is saved." in page
    assert 'data-bs-theme="dark"' in page
    assert '<option selected value="dark">' in page
    assert (lena.locale, lena.theme) == ("en", Theme.DARK)


def test_lena_goes_back_to_what_her_browser_and_system_say(at_home, lena):
    at_home.submit("/learner/profile", **{**KEPT, "language": "en", "theme": "dark"})
    page = at_home.follow(at_home.submit("/learner/profile", **KEPT))
    assert "data-bs-theme=" not in page
    assert lena.locale is None


@pytest.mark.parametrize(("name", "value"), [("language", "xx"), ("theme", "pink"), ("theme", "")])
def test_what_is_not_offered_is_refused(at_home, lena, name, value):
    page = at_home.submit("/learner/profile", expect=200, **{**KEPT, name: value})
    assert f'id="{name}-error-1"' in page
    assert (lena.locale, lena.theme) == (None, Theme.SYSTEM)


@pytest.mark.parametrize(
    "typed", ["https://www.credly.com/users/lena.l", "www.credly.com/users/lena.l"]
)
def test_lena_keeps_the_address_of_her_credly_profile(at_home, lena, typed):
    at_home.submit("/learner/profile", **{**KEPT, "credly_profile": typed})
    page = at_home.get("/learner/profile")
    assert 'href="https://www.credly.com/users/lena.l"' in page
    assert 'value="https://www.credly.com/users/lena.l"' in page


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)//credly.com/users/x",
        "https://credly.com.evil.test/users/x",
        "https://evil.test/users/x",
        "https://www.credly.com@evil.test/users/x",
        "https://www.credly.com/",
        "x" * 500,
        "a\0b",
    ],
)
def test_another_address_is_said_at_the_field_and_nothing_is_saved(at_home, lena, typed):
    values = {"language": "en", "theme": "dark", "credly_profile": typed}
    page = at_home.submit("/learner/profile", expect=200, **values)
    assert 'id="credly_profile-error-1"' in page
    assert "data-bs-theme=" not in page
    assert (lena.credly_profile, lena.theme, lena.locale) == (None, Theme.SYSTEM, None)


def test_without_a_badge_the_button_leads_to_credlys_front_page(at_home):
    page = at_home.get("/learner/profile")
    assert "Open my Credly profile" in page
    assert 'href="https://www.credly.com' in page
    assert "once you have accepted a badge" in page


def test_what_lena_may_not_change_stays(at_home, lena):
    email = lena.email
    more = {"email": "x@example.org", "roles": "admin", "active": "", "first_name": "X"}
    at_home.submit("/learner/profile", **KEPT, **more)
    assert (lena.email, lena.roles, lena.first_name, lena.active) == (email, set(), "Lena", True)


def test_lena_sees_where_she_is_signed_in(at_home, lena, now):
    sessions.start(lena, FIREFOX, now - timedelta(hours=3))
    sessions.start(make_person("Otto Other"), "Mozilla/5.0 (iPad) Safari/1", now)
    page = at_home.get("/learner/profile")
    assert "Firefox on Linux" in page
    assert page.count("This browser") == 1
    assert "iPad" not in page


def test_a_session_that_is_over_is_not_shown(at_home, lena, now):
    sessions.start(lena, FIREFOX, now - timedelta(hours=25))
    assert "Firefox on Linux" not in at_home.get("/learner/profile")


def test_a_browser_that_calls_itself_markup_is_shown_inert(at_home, lena, now):
    sessions.start(lena, "<script>alert(1)</script>", now)
    html = at_home.client.get("/learner/profile").get_data(as_text=True)
    assert "<script>alert(1)" not in html
    assert "Another browser" in html


def test_lena_ends_the_other_sessions_and_nobody_elses(at_home, lena, otto, app):
    elsewhere, ottos = Browser(app).sign_in(lena), Browser(app).sign_in(otto)
    page = at_home.follow(at_home.post("/learner/profile/end-sessions", page="/learner/profile"))
    assert "signed out everywhere but here" in page
    assert "End the other sessions" not in page
    elsewhere.get("/learner/profile", expect=302)
    ottos.get("/learner/profile")


def change(browser, old=PASSWORD, new=NEW, expect=302):
    values = {"old_password": old, "password": new}
    return browser.submit("/learner/profile/password", expect=expect, **values)


def test_lena_changes_her_password_and_the_old_one_is_dead(at_home, lena, ada, app):
    with_password(lena)
    page = at_home.follow(change(at_home))
    assert "Your password is changed" in page
    other = Browser(app)
    other.submit("/login", expect=200, email=lena.email, password=PASSWORD)
    other.submit("/login", email=lena.email, password=NEW)


def test_a_changed_password_ends_every_session_and_renews_this_one(at_home, lena, ada, app):
    elsewhere = Browser(app).sign_in(with_password(lena))
    old = at_home.client.get_cookie("session").value
    change(at_home)
    at_home.get("/learner/profile")
    elsewhere.get("/learner/profile", expect=302)
    at_home.client.set_cookie("session", old, domain="localhost")
    at_home.get("/learner/profile", expect=302)
    assert db.session.query(SignInSession).count() == 1


def test_the_present_password_must_be_known(at_home, lena):
    stored = with_password(lena).password_hash
    page = change(at_home, old="not the present one", expect=200)
    assert 'id="old_password-error-1"' in page
    assert lena.password_hash == stored


def test_guessing_the_present_password_is_slowed_down(at_home, lena):
    with_password(lena)
    for _guess in range(5):
        change(at_home, old="not the present one", expect=200)
    stretch_waits()
    assert "Too many attempts" in change(at_home, expect=429)
    end_waits()
    change(at_home)


@pytest.mark.parametrize("new", ["short", "password1234", "x" * 1001, ""])
def test_a_weak_new_password_is_said_at_its_field(at_home, lena, new):
    stored = with_password(lena).password_hash
    page = change(at_home, new=new, expect=200)
    assert 'id="password-error-1"' in page
    assert lena.password_hash == stored


def test_a_huge_password_is_refused_without_being_hashed(at_home, lena):
    with_password(lena)
    page = change(at_home, new="x" * 1_000_000, expect=200)
    assert "Use at most 1000 characters." in page
    assert "x" * 2000 not in page


def test_a_change_of_name_says_beforehand_how_many_badges_it_meets(app, browser, lena):
    means = app.extensions["means"]
    earn(lena, make_credly_badge(means, "Knots"))
    for name, state in (("Sails", "pending"), ("Tides", "accepted"), ("Radio", "revoked")):
        earn(lena, make_credly_badge(means, name), state=state)
    browser.sign_in(lena)
    page = browser.get("/learner/profile/name")
    assert "get the new name. You have 1 such badge." in page
    assert "accept them again. You have 2 such badges." in page
    page = browser.get("/learner/profile/addresses/badges")
    assert "go to the new address. You have 2 such badges." in page
    assert "it holds them all. You have 1 such badge." in page
