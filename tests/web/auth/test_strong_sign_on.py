"""Single sign-on where the service must say how strongly somebody signed in."""

from urllib.parse import parse_qs, urlsplit

import pytest

from portal.extensions import db
from portal.models import AuditEntry, SignInSession
from tests.page import Browser
from tests.provider import CLIENT, SECRET, come_back


@pytest.fixture
def settings(running):
    asked = {"OIDC_REQUIRE_AMR": "mfa, hwk", "OIDC_REQUIRE_ACR": "strong stronger"}
    there = {"OIDC_ISSUER": running.issuer, "OIDC_CLIENT_ID": CLIENT}
    return {**there, "OIDC_CLIENT_SECRET": SECRET, **asked}


def test_only_a_strong_answer_lets_in(app, ada, lena, provider):
    good = {"amr": ["pwd", "mfa"], "acr": "stronger"}
    for weak in (
        {"amr": None},
        {"amr": []},
        {"amr": ["pwd"]},
        {"amr": "mfa"},
        {"amr": [["mfa"], 7]},
        {"acr": None},
        {"acr": "0"},
        {"acr": ["strong"]},
        {"acr": "strong stronger"},
    ):
        provider.claims |= good | weak
        browser, place = come_back(app)
        assert place == "/login", weak
        assert "as strongly as this portal asks" in browser.get("/login"), weak
    assert not db.session.query(SignInSession).count()
    assert lena.oidc_subject is None
    refused = db.session.query(AuditEntry).filter_by(action="sign_in.refused_by_service")
    assert {entry.details["why"] for entry in refused} == {"sso_too_weak"}
    provider.claims |= good
    assert come_back(app)[1] == "/"


def test_the_service_is_asked_for_it(app, ada, provider):
    asked = urlsplit(Browser(app).get("/login/sso", expect=302).location).query
    assert parse_qs(asked)["acr_values"] == ["strong stronger"]
