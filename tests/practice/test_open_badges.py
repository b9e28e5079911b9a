"""Open Badges: public, unwrapped, gone once revoked."""

import hashlib

import pytest


@pytest.fixture
def badge(desk):
    made = desk.issue(desk.template(skills=["Rope work"]), recipient_email="lena@example.org")
    desk.move(made, "accept")
    return made


def public(desk, path, expect=200):
    answer = desk.http.get(desk.practice.url + path, timeout=60)
    assert answer.status_code == expect
    return answer.json()


def test_an_assertion_looks_like_the_recorded_one(desk, badge):
    found = public(desk, f"/v1/obi/v2/badge_assertions/{badge['id']}")
    assert list(found) == [
        *("@context", "badge", "evidence", "id", "issuedOn", "recipient", "type", "verification"),
    ]
    digest = hashlib.sha256(b"lena@example.org").hexdigest()
    assert found["recipient"]["identity"] == f"sha256${digest}"


def test_its_links_lead_to_class_and_issuer(desk, badge):
    found = public(desk, f"/v1/obi/v2/badge_assertions/{badge['id']}")
    badge_class = desk.http.get(found["badge"], timeout=60).json()
    assert (badge_class["name"], badge_class["tags"]) == ("Knots", ["Rope work"])
    issuer = desk.http.get(badge_class["issuer"]["id"], timeout=60).json()
    assert (issuer["name"], issuer["type"]) == ("STEM Learning", "Issuer")
    short = public(desk, f"/v1/obi/v2/badge_classes/{badge['badge_template']['id']}")
    assert short == badge_class


def test_version_three_is_a_credential(desk, badge):
    found = public(desk, f"/api/v1/obi/v3/open_badge_credentials/{badge['id']}")
    assert "OpenBadgeCredential" in found["type"]
    assert found["credentialSubject"]["achievement"]["name"] == "Knots"
    assert "validUntil" not in found


@pytest.mark.parametrize("way", ["v2/badge_assertions", "v3/open_badge_credentials"])
def test_revoked_is_gone_and_unknown_not_found(desk, badge, way):
    desk.data("PUT", f"/badges/{badge['id']}/revoke", {"reason": "Error"})
    public(desk, f"/v1/obi/{way}/{badge['id']}", expect=410)
    public(desk, f"/v1/obi/{way}/unknown", expect=404)
