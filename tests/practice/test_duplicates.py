"""Who has this badge already, and what `duplicate_behavior` makes of it (credly-api.md 5)."""

import pytest


@pytest.fixture
def template(desk):
    return desk.template()


def refused(desk, template, **fields):
    answer = desk.call("POST", "/badges", desk.order(template, **fields))
    if answer.status_code == 201:
        return False
    assert answer.status_code == 422
    assert "already has this badge" in answer.json()["data"]["message"]
    return True


def test_the_same_address_in_other_letters_is_a_duplicate(desk, template):
    desk.issue(template, recipient_email="lena@example.org")
    assert refused(desk, template, recipient_email="LENA@Example.org")
    assert len(desk.ledger()) == 1


def test_the_same_earner_id_is_a_duplicate(desk, template):
    desk.issue(template, issuer_earner_id="earner-1")
    assert refused(desk, template, issuer_earner_id="earner-1")


def test_another_address_of_the_same_account_is_a_duplicate(desk, template):
    emails = ["lena@example.org", "lena@home.example"]
    desk.control("POST", "earners", {"emails": emails})
    desk.issue(template, recipient_email=emails[0])
    assert refused(desk, template, recipient_email=emails[1])


def test_another_template_or_person_is_none(desk, template):
    desk.issue(template, recipient_email="lena@example.org", issuer_earner_id="earner-1")
    assert not refused(desk, template)
    other = desk.template(name="Ropes")
    assert not refused(desk, other, recipient_email="lena@example.org")


@pytest.mark.parametrize("blocks", [True, False])
def test_a_revoked_badge_blocks_only_by_switch(desk, template, blocks):
    desk.set(revoked_blocks=blocks)
    badge = desk.issue(template, issuer_earner_id="earner-1")
    desk.data("PUT", f"/badges/{badge['id']}/revoke", {"reason": "Error"})
    assert refused(desk, template, issuer_earner_id="earner-1") == blocks


def test_a_deleted_badge_blocks_nothing(desk, template):
    badge = desk.issue(template, issuer_earner_id="earner-1")
    desk.call("DELETE", f"/badges/{badge['id']}", expect=204)
    assert not refused(desk, template, issuer_earner_id="earner-1")


def test_a_template_that_allows_them_takes_any_number(desk):
    template = desk.template(allow_duplicate_badges=True)
    first = desk.issue(template, issuer_earner_id="earner-1")
    second = desk.issue(template, issuer_earner_id="earner-1", duplicate_behavior="deny")
    assert first["id"] != second["id"]


def test_a_duplicate_counts_before_lists_show_the_first(desk, template):
    desk.set(list_lag=60)
    desk.issue(template, issuer_earner_id="earner-1")
    assert refused(desk, template, issuer_earner_id="earner-1")


def test_deny_is_the_default_and_allow_makes_a_second(desk, template):
    first = desk.issue(template, issuer_earner_id="earner-1")
    assert refused(desk, template, issuer_earner_id="earner-1", duplicate_behavior="deny")
    second = desk.issue(template, issuer_earner_id="earner-1", duplicate_behavior="allow")
    assert first["id"] != second["id"]


def test_replace_updates_in_place_and_clears_what_is_left_out(desk, template):
    who = {"recipient_email": "lena@example.org", "issuer_earner_id": "earner-1"}
    first = desk.issue(template, **who, issued_to_middle_name="M", country_name="Sweden")
    again = {"issued_to_last_name": "Öberg", "issued_at": "2020-01-01"}
    second = desk.issue(template, **who, **again, duplicate_behavior="replace")
    assert second["id"] == first["id"]
    assert (second["issued_to"], second["issued_at"]) == ("Lena Öberg", first["issued_at"])
    assert (second["issued_to_middle_name"], second["country"]) == (None, None)


def test_replace_changes_the_address_only_while_pending(desk, template):
    badge = desk.issue(template, recipient_email="old@example.org", issuer_earner_id="earner-1")
    same = {"issuer_earner_id": "earner-1", "duplicate_behavior": "replace"}
    moved = desk.issue(template, recipient_email="new@example.org", **same)
    assert moved["recipient_email"] == "new@example.org"
    desk.move(badge, "accept")
    kept = desk.issue(template, recipient_email="third@example.org", **same)
    assert kept["recipient_email"] == "new@example.org"


def test_replace_with_the_same_passes_over_unchanged(desk, template):
    same = {"recipient_email": "lena@example.org", "evidence": [{"type": "IdEvidence", "id": 1}]}
    first = desk.issue(template, **same)
    assert desk.issue(template, **same, duplicate_behavior="replace") == first
