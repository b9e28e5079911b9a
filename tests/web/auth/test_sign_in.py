"""Signing in: who gets in, where they are led, and what never happens."""

import pytest

from portal.extensions import db
from portal.models import SignInSession
from portal.services.people import sessions
from portal.web.letting_in import is_local
from tests.factories import PASSWORD, make_person, with_password
from tests.page import Browser
from tests.waits import end_waits, stretch_waits

WRONG = "E-mail or password is not right."


def come_in(browser, person, expect=302, password=PASSWORD):
    return browser.submit("/login", expect=expect, email=person.email, password=password)


def cookie(browser):
    return browser.client.get_cookie("session").value


def test_lena_signs_in_with_e_mail_and_password(browser, ada, lena):
    come_in(browser, with_password(lena))
    assert browser.get("/", expect=302).location == "/learner/"


def test_the_page_has_its_fixed_words_and_tells_password_managers(browser, ada):
    page = browser.get("/login")
    assert "<h1>Sign in</h1>" in page
    assert ">Email</label>" in page
    assert ">Password</label>" in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_spaces_and_capitals_in_the_address_do_not_matter(browser, ada, lena):
    with_password(lena)
    browser.submit("/login", email=f"  {lena.email.upper()} ", password=PASSWORD)


def test_unknown_accounts_wrong_passwords_and_switched_off_ones_read_the_same(browser, ada, lena):
    off = with_password(make_person("Olle Off"))
    off.active = False
    db.session.commit()
    with_password(lena)
    for email, password in (
        ("nobody@example.org", PASSWORD),
        (lena.email, "not this one at all"),
        (off.email, PASSWORD),
        (make_person("Nina New").email, PASSWORD),
    ):
        page = browser.submit("/login", expect=200, email=email, password=password)
        assert WRONG in page
        assert "aria-invalid" not in page


def test_the_address_is_kept_and_the_password_is_not(browser, ada, lena):
    page = come_in(browser, lena, expect=200, password="a password seen nowhere")
    assert f'value="{lena.email}"' in page
    assert "a password seen nowhere" not in page


@pytest.mark.parametrize("password", ["x" * 1001, "x" * 900_000, "\0" * 20, "🦆" * 72])
def test_odd_passwords_are_just_wrong(browser, ada, lena, password):
    with_password(lena)
    assert WRONG in come_in(browser, lena, expect=200, password=password)


@pytest.mark.parametrize("email", ["a\0b@example.org", "a@x.org\nBcc: b@y.org", "ü" * 300, ""])
def test_an_address_that_cannot_be_one_is_said_at_the_field(browser, ada, email):
    page = browser.submit("/login", expect=200, email=email, password=PASSWORD)
    assert 'id="email-error-1"' in page


def test_after_too_many_failures_even_the_right_password_must_wait(browser, ada, lena):
    with_password(lena)
    for _attempt in range(5):
        come_in(browser, lena, expect=200, password="wrong wrong wrong")
    stretch_waits()
    page = come_in(browser, lena, expect=429)
    assert "Too many attempts" in page
    assert 1 <= int(page.headers["Retry-After"]) <= 900
    end_waits()
    assert come_in(browser, lena).location == "/"


def test_lena_comes_to_the_page_she_asked_for(browser, ada, lena):
    browser.get("/learner/profile?x=1", expect=302)
    assert come_in(browser, with_password(lena)).location == "/learner/profile?x=1"


@pytest.mark.parametrize(
    "url",
    [
        "//evil.test/",
        "/\\evil.test",
        "\\\\evil.test",
        "https://evil.test",
        "javascript:alert(1)",
        "/\t/evil.test",
        "/a\r\nSet-Cookie: x=1",
        "/\u202eevil",
        "evil",
        "",
    ],
)
def test_an_address_outside_the_portal_leads_home(browser, ada, lena, url):
    with browser.client.session_transaction() as session:
        session["next"] = url
    assert not is_local(url)
    assert come_in(browser, with_password(lena)).location == "/"


def test_somebody_signed_in_is_led_home(browser, ada):
    assert browser.sign_in(ada).get("/login", expect=302).location == "/admin/"


def test_a_new_portal_is_set_up_first(browser):
    assert browser.get("/login", expect=302).location == "/setup"


def test_the_id_is_new_at_every_sign_in(browser, ada, lena):
    with_password(lena)
    browser.get("/login")
    before = cookie(browser)
    come_in(browser, lena)
    assert cookie(browser).startswith("~")
    assert cookie(browser) != before


def test_an_id_that_somebody_planted_is_never_adopted(browser, ada, lena):
    planted = "~" + "a" * 43
    browser.client.set_cookie("session", planted, domain="localhost")
    come_in(browser, with_password(lena))
    assert cookie(browser) != planted
    assert sessions.find("a" * 43, lena.created_at) is None


def test_the_session_of_before_ends_when_lena_comes_in_again(browser, ada, lena, app):
    browser.sign_in(lena)
    old, token = cookie(browser), browser.token_of("/learner/profile")
    browser.post("/logout", page="/learner/profile")
    come_in(browser, with_password(lena))
    assert cookie(browser) != old
    browser.send("/learner/profile", expect=400, csrf_token=token)
    assert db.session.query(SignInSession).count() == 1


def test_a_token_of_before_the_sign_in_is_refused_after_it(browser, ada, lena):
    token = browser.token_of("/login")
    come_in(browser, with_password(lena))
    browser.send("/learner/profile/end-sessions", expect=400, csrf_token=token)


def test_without_a_token_nothing_happens(browser, ada, lena):
    with_password(lena)
    values = {"email": lena.email, "password": PASSWORD}
    browser.send("/login", expect=400, **values)
    assert not db.session.query(SignInSession).count()


def test_a_form_that_another_site_sends_is_refused(browser, ada, lena):
    token = browser.token_of("/login")
    values = {"email": with_password(lena).email, "password": PASSWORD, "csrf_token": token}
    browser.send("/login", expect=403, headers={"Sec-Fetch-Site": "cross-site"}, **values)


def test_the_cookie_is_out_of_reach_for_scripts(browser, ada, lena):
    told = come_in(browser, with_password(lena)).headers.getlist("Set-Cookie")
    mine = next(line for line in told if line.startswith("session=~"))
    assert "HttpOnly" in mine
    assert "SameSite=Lax" in mine
    assert "Path=/" in mine


class TestOverHttps:
    @pytest.fixture
    def settings(self):
        return {"PUBLIC_URL": "https://localhost"}

    def test_the_cookie_is_bound_to_host_and_https(self, app, ada, lena):
        browser = Browser(app)
        with_password(lena)
        told = come_in_by_https(browser, lena).headers.getlist("Set-Cookie")
        mine = next(line for line in told if line.startswith("__Host-session=~"))
        assert "Secure" in mine
        assert "Domain" not in mine


def come_in_by_https(browser, person):
    base = {"base_url": "https://localhost"}
    page = browser.client.get("/login", **base).get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"csrf_token": token, "email": person.email, "password": PASSWORD}
    headers = {"Referer": "https://localhost/login"}
    answer = browser.client.post("/login", data=data, headers=headers, **base)
    assert answer.status_code == 302
    return answer
