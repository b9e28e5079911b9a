"""Single sign-on: a real provider over loopback HTTP, honest and lying."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from portal.extensions import db
from portal.models import AuditEntry, Person, Role, SignInSession
from portal.services.people import people
from portal.services.privacy import suppression
from tests.factories import PASSWORD, with_password
from tests.page import Browser
from tests.provider import (
    CLIENT,
    SECRET,
    come_back,
    encoded,
    leave,
)


@pytest.fixture
def settings(running):
    return {
        "OIDC_ISSUER": running.issuer,
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_NAME": "Harbour ID",
    }


def refusal(app, browser=None) -> str:
    """Go the whole way, which must end at the sign-in page; return what that says."""
    browser, place = come_back(app, browser)
    assert place == "/login"
    assert not db.session.query(SignInSession).count()
    return browser.get("/login")


def test_lena_comes_back_from_the_provider_to_the_page_she_wanted(app, ada, lena, provider):
    browser = Browser(app)
    browser.get("/learner/badges?q=knots", expect=302)
    assert "Sign in with Harbour ID" in browser.get("/login")
    _browser, place = come_back(app, browser)
    assert place == "/learner/badges?q=knots"
    assert lena.name in browser.get("/learner/profile")
    assert (lena.oidc_issuer, lena.oidc_subject) == (provider.issuer, "lena-1")
    # From then on the subject says who it is, whatever the address.
    provider.claims = {"sub": "lena-1", "email": "other@example.org", "email_verified": False}
    assert come_back(app)[1] == "/"


def test_what_the_provider_is_asked_holds_no_secret_and_is_new_each_time(app, ada, provider):
    asked = [
        parse_qs(urlsplit(Browser(app).get("/login/sso", expect=302).location).query)
        for _time in range(2)
    ]
    for name in ("state", "nonce", "code_challenge"):
        first, second = (one[name][0] for one in asked)
        assert first != second
        assert len(first) >= 43
    assert SECRET not in str(asked)
    assert asked[0]["code_challenge_method"] == ["S256"]


def test_every_forged_answer_is_refused(app, ada, lena, provider, caplog):
    now, secret = time.time(), OctKey.import_key(SECRET)
    unsigned = encoded({"alg": "none"})
    changes = {
        "nonce": {"nonce": "another"},
        "no nonce": {"nonce": None},
        "issuer": {"iss": "https://evil.example"},
        "issuer with a slash": {"iss": provider.issuer + "/"},
        "audience": {"aud": "another client"},
        "two audiences": {"aud": [CLIENT, "another"]},
        "authorised party": {"aud": [CLIENT, "another"], "azp": "another"},
        "expired": {"exp": now - 120},
        "no end": {"exp": None},
        "from the future": {"iat": now + 600},
        "not yet": {"nbf": now + 600},
        "no subject": {"sub": ""},
        "odd subject": {"sub": ["lena-1"]},
        "odd end": {"exp": "tomorrow"},
    }
    forgeries = {
        "signature of another key": lambda claims: provider.sign(claims, provider.other_key),
        "signature cut off": lambda claims: provider.sign(claims).rpartition(".")[0] + ".",
        "alg none": lambda claims: f"{unsigned}.{encoded(claims)}.",
        "shared secret": lambda claims: jwt.encode({"alg": "HS256"}, claims, secret),
        "claims swapped": lambda claims: swapped(provider.sign(claims), claims),
        "no token": lambda _claims: "",
        "nonsense": lambda _claims: "a.b.c.d",
    }
    for words, change in changes.items():
        provider.twist = lambda claims, change=change: claims | change
        assert "could not be trusted" in refusal(app), words
    provider.twist = lambda claims: claims
    for words, forge in forgeries.items():
        provider.forge = forge
        assert "could not be trusted" in refusal(app), words
    assert lena.oidc_subject is None
    assert lena.email not in caplog.text
    provider.forge = provider.sign
    assert come_back(app)[1] == "/"


def swapped(token: str, claims: dict) -> str:
    head, _claims, signature = token.split(".")
    return f"{head}.{encoded(claims | {'sub': 'ada-1'})}.{signature}"


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(app, ada, lena, provider):
    browser, stranger = Browser(app), Browser(app)
    back = leave(browser)
    for wrong in (back.replace("state=", "state=x"), "/login/sso/answer", back + "&state=x"):
        stranger.get(wrong, expect=302)
    leave(stranger)
    assert stranger.get(back, expect=302).location == "/login"  # somebody else's ticket
    forged = leave(browser).replace("state=", "state=x")
    assert browser.get(forged, expect=302).location == "/login"
    back = leave(browser)
    assert browser.get(back, expect=302).location == "/"
    assert Browser(app).get(back, expect=302).location == "/login"
    assert db.session.query(SignInSession).count() == 1


def test_only_a_verified_address_of_somebody_known_lets_in(app, ada, lena, provider):
    for verified in (False, None, "true", 1):
        provider.claims["email_verified"] = verified
        assert "is not verified" in refusal(app)
    provider.claims |= {"email_verified": True, "email": "nobody@example.org"}
    assert "no account for you" in refusal(app)
    provider.claims["email"] = ["x"]
    assert "is not verified" in refusal(app)
    provider.claims["email"] = lena.email
    lena.active = False
    db.session.commit()
    assert "no account for you" in refusal(app)
    assert not db.session.query(Person).filter_by(email="nobody@example.org").count()


def test_an_address_that_went_to_another_account_there_opens_nothing(app, ada, lena, provider):
    browser, _place = come_back(app)
    browser.post("/logout", page="/learner/profile")
    provider.claims["sub"] = "mallory-1"
    assert "signs in with another account" in refusal(app)
    assert lena.oidc_subject == "lena-1"


def test_the_second_factor_is_asked_for_here_too(app, ada, lena, provider, now):
    lena.second_factor_at = now
    db.session.commit()
    assert come_back(app)[1] == "/login/code"


def test_a_provider_that_is_not_what_it_should_be_is_said_so(app, ada, provider):
    there = app.extensions["means"].sign_in_service.provider
    for facts in (
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"authorization_endpoint": None},
    ):
        there._facts, provider.facts = {}, facts
        browser = Browser(app)
        assert browser.get("/login/sso", expect=302).location == "/login"
        assert "does not answer" in browser.get("/login")
    there._facts, provider.facts = {}, {}
    browser = Browser(app)
    assert "error" not in leave(browser)
    back = "/login/sso/answer?error=access_denied&state=x"
    assert browser.get(back, expect=302).location == "/login"


class TestRoles:
    @pytest.fixture
    def settings(self, settings):
        mapped = {"OIDC_ROLES": "teachers=author it=integration_admin bosses=admin"}
        return {**settings, **mapped, "OIDC_ROLES_CLAIM": "realm.roles", "OIDC_ADD_PEOPLE": "1"}

    def test_roles_follow_the_claim_and_the_last_administrator_stays(
        self, app, ada, lena, provider
    ):
        for words, roles in (
            (["teachers", "it", "odd", 7], {Role.AUTHOR, Role.INTEGRATION_ADMIN}),
            ("teachers", {Role.AUTHOR}),
            (None, set()),
        ):
            provider.claims["realm"] = {"roles": words}
            come_back(app)
            assert lena.roles == roles
        provider.claims = {"sub": "ada-1", "email": ada.email, "email_verified": True}
        assert come_back(app)[1] == "/"
        assert ada.roles == {Role.ADMIN}
        actions = [entry.action for entry in db.session.query(AuditEntry)]
        assert actions.count("person.roles_by_sso") == 4

    def test_people_are_added_but_not_those_who_were_erased(self, app, ada, provider):
        provider.claims = {"sub": "n-1", "email": "nils@example.org", "email_verified": True}
        provider.claims |= {"name": "Nils  van der\nBerg", "realm": []}
        assert come_back(app)[1] == "/"
        nils = people.find("nils@example.org")
        assert (nils.first_name, nils.last_name, nils.roles) == ("Nils van der", "Berg", set())
        gone = suppression.SuppressedAddress(address_hash=suppression.hash_of("gone@example.org"))
        db.session.add(gone)
        db.session.commit()
        provider.claims = {"sub": "g-1", "email": "gone@example.org", "email_verified": True}
        browser, place = come_back(app)
        assert place == "/login"
        assert people.find("gone@example.org") is None


class TestWithoutPasswords:
    @pytest.fixture
    def settings(self, settings):
        return {**settings, "LOCAL_SIGN_IN": "off"}

    def test_nobody_gets_in_with_one(self, app, browser, ada, lena, provider, now):
        with_password(lena)
        page = browser.get("/login")
        assert "Sign in with Harbour ID" in page
        assert "<form" not in page.partition("<main")[2]
        link = f"/invitation/{people.invite(lena, now)}"
        for address in ("/forgotten", link):
            browser.get(address, expect=404)
        token = Browser(app).sign_in(lena).token_of("/learner/profile")
        browser.send("/login", expect=400, csrf_token=token, email=lena.email, password=PASSWORD)
        work = Browser(app).sign_in(ada)
        place = f"/admin/people/{lena.id}"
        work.post(f"{place}/invite", page=place)
        assert "takes no passwords" in work.get(place)
        assert come_back(app)[1] == "/"
