"""What can happen to a badge afterwards: replaced, revoked, deleted."""

import pytest


@pytest.fixture
def template(desk):
    return desk.template()


def replace(desk, badge, expect=201, **fields):
    body = {
        "badge_template_id": badge["badge_template"]["id"],
        "issued_at": "2020-01-01 00:00:00 +0000",
        **fields,
    }
    return desk.call("POST", f"/badges/{badge['id']}/replace", body, expect).json()


def test_a_replacement_has_a_new_id_and_both_ends_know(desk, template):
    old = desk.issue(template, issuer_earner_id="earner-1")
    new = replace(desk, old, issued_to_last_name="Öberg")["data"]
    assert new["id"] != old["id"]
    assert (new["replaces_badge_id"], new["issued_to"]) == (old["id"], "Lena Öberg")
    assert new["recipient_email"] == old["recipient_email"]
    assert desk.look(old)["replacement_badge_id"] == new["id"]


def test_a_replacement_of_an_accepted_badge_is_accepted(desk, template):
    old = desk.issue(template)
    assert replace(desk, old)["data"]["state"] == "pending"
    other = desk.issue(template)
    desk.move(other, "accept")
    new = replace(desk, other)["data"]
    assert (new["state"], new["badge_url"]) == (
        "accepted",
        f"{desk.practice.url}/badges/{new['id']}",
    )


def test_replacing_an_old_link_names_the_head_of_the_chain(desk, template):
    first = desk.issue(template)
    second = replace(desk, first)["data"]
    third = replace(desk, second)["data"]
    answer = replace(desk, first, expect=422)
    assert "because it has already been replaced." in answer["data"]["message"]
    assert answer["metadata"] == {"current_badge_id": third["id"]}


def test_a_replacement_needs_its_two_fields(desk, template):
    old = desk.issue(template)
    replace(desk, old, expect=422, issued_at=None)
    replace(desk, old, expect=422, badge_template_id="")
    assert desk.look(old)["replacement_badge_id"] is None


def test_a_replaced_badge_can_neither_be_revoked_nor_block(desk, template):
    old = desk.issue(template, issuer_earner_id="earner-1")
    new = replace(desk, old)["data"]
    desk.call("PUT", f"/badges/{old['id']}/revoke", {"reason": "Error"}, 422)
    desk.call("PUT", f"/badges/{new['id']}/revoke", {"reason": "Error"}, 200)
    assert desk.issue(template, issuer_earner_id="earner-1")["state"] == "pending"


def test_a_revocation_needs_a_reason_and_happens_once(desk, template):
    badge = desk.issue(template)
    desk.call("PUT", f"/badges/{badge['id']}/revoke", {}, 422)
    desk.call("PUT", f"/badges/{badge['id']}/revoke/", {"reason": "Error"}, 200)
    desk.call("PUT", f"/badges/{badge['id']}/revoke", {"reason": "Error"}, 422)
    desk.set(revoke_twice="allow")
    desk.call("PUT", f"/badges/{badge['id']}/revoke", {"reason": "Error"}, 200)


def test_a_deleted_badge_is_gone_with_the_personal_data(desk, template):
    badge = desk.issue(template, recipient_email="lena@example.org")
    desk.call("DELETE", f"/badges/{badge['id']}", expect=204)
    desk.call("GET", f"/badges/{badge['id']}", expect=404)
    events = desk.call("GET", "/events").text
    assert "badge.deleted" in events
    assert "lena@example.org" not in events
