"""The answers have the keys of recorded ones, in their order (credly-api.md 2, 3, 8)."""

from typing import Any

import pytest


def words(text: str) -> list[str]:
    return text.split()


BADGE_KEYS = words("""
user created_by issuer printing_enabled print_method badge_template id issued_to
issued_to_first_name issued_to_middle_name issued_to_last_name issuer_earner_id locale public
recipient_email replacement_badge_id replaces_badge_id revocation_reason state
suppress_badge_notification_email updated_at country country_code state_or_province created_at
expires_at expires_at_date issued_at issued_at_date state_updated_at image image_url alignments
evidence""")
TEMPLATE_KEYS = words("""
id allow_duplicate_badges cost description global_activity_url level
lock_badge_state name state public badges_count recipient_type send_expiring_badge_notifications
show_badge_lmi show_lmi_jobs show_skill_tag_links vanity_slug record_to_blockchain time_to_earn
type_category printing_disabled visibility criteria_url_name criteria_url certification
state_updated_at created_at updated_at show_template_settings get_issue_count image image_url url
owner alignments recommendations required_badge_templates badge_template_activities skills
reporting_tags""")


@pytest.fixture
def template(desk) -> dict[str, Any]:
    return desk.template(skills=["STEM Education"], reporting_tags=["Ambassador"])


def test_a_new_badge_is_pending_and_looks_like_the_recorded_one(desk, template):
    answer = desk.call("POST", "/badges", desk.order(template), 201).json()
    badge = answer["data"]
    assert answer["metadata"] == {}
    assert list(badge) == [*BADGE_KEYS, "accept_badge_url"]
    assert (badge["user"], badge["state"], badge["state_updated_at"]) == ({}, "pending", None)
    assert badge["accept_badge_url"] == f"{desk.practice.url}/badges/{badge['id']}/accept"


def test_moments_are_told_in_utc_with_milliseconds(desk, template):
    badge = desk.issue(template, issued_at="2014-04-01 09:41:00 -0500")
    assert (badge["issued_at"], badge["issued_at_date"]) == (
        "2014-04-01T14:41:00.000Z",
        "2014-04-01",
    )
    assert badge["created_at"][10::13] == "TZ"


def test_the_template_inside_a_badge_has_no_reporting_tags(desk, template):
    assert list(desk.issue(template)["badge_template"]) == TEMPLATE_KEYS[:-1]


def test_an_accepted_badge_has_a_user_and_another_link(desk, template):
    badge = desk.issue(template)
    desk.move(badge, "accept")
    seen = desk.look(badge)
    assert list(seen) == [*BADGE_KEYS, "badge_url"]
    assert seen["user"]["url"] == f"{desk.practice.url}/users/lena-learner"
    assert seen["state_updated_at"] is not None


def test_a_revoked_badge_has_neither_link(desk, template):
    badge = desk.issue(template)
    revoked = desk.data("PUT", f"/badges/{badge['id']}/revoke", {"reason": "Check bounced"})
    assert list(revoked) == BADGE_KEYS
    assert (revoked["state"], revoked["revocation_reason"]) == ("revoked", "Check bounced")


def test_a_listed_template_looks_like_the_recorded_one(desk, template):
    (listed,) = desk.data("GET", "/badge_templates")
    assert list(listed) == TEMPLATE_KEYS
    assert listed["owner"]["url"] == f"{desk.practice.url}/api/v1/organizations/{desk.id}"


def test_one_template_alone_says_what_it_is_a_criterion_for(desk, template):
    alone = desk.data("GET", f"/badge_templates/{template['id']}")
    assert list(alone) == [*TEMPLATE_KEYS, "recommending_templates", "criterion_for"]


def test_a_draft_has_no_image(desk):
    draft = desk.template(state="draft")
    assert (draft["image"], draft["image_url"]) == (None, None)


def test_an_image_is_where_its_address_says(desk, template):
    answer = desk.http.get(template["image_url"], timeout=60)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


def test_the_refusal_of_an_unknown_template_is_the_recorded_one(desk, template):
    order = desk.order(template, badge_template_id="")
    answer = desk.call("POST", "/badges", order, 422)
    assert answer.json() == {
        "data": {"message": "Invalid or missing Badge Template ID: "},
        "metadata": None,
    }


def test_a_row_of_the_bulk_search_is_short(desk, template):
    desk.move(desk.issue(template), "accept")
    path = "/high_volume_issued_badge_search?badge_format=minimal"
    answer = desk.call("GET", path, expect=200).json()
    assert answer["metadata"] == {"next_page_url": None}
    assert list(answer["data"][0]) == [
        *("id", "issued_to", "issued_to_first_name", "issued_to_last_name", "issuer_earner_id"),
        *("public", "recipient_email", "state", "badge_url", "updated_at", "created_at"),
        *("expires_at", "issued_at", "state_updated_at", "badge_template", "user"),
    ]


def test_an_organisation_is_found_by_its_token_alone(desk):
    url = f"{desk.practice.url}/v1/organizations"
    answer = desk.http.get(url, auth=(desk.token, ""), timeout=60).json()
    assert answer["data"] == [desk.data("GET", "")]
    assert answer["data"][0]["vanity_url"] == f"{desk.practice.url}/org/stem-learning"


def test_an_organisation_changes_its_webhook_and_nothing_computed(desk):
    wishes = {"webhook_url": "https://example.org/hook", "id": "other", "vanity_slug": "other"}
    changed = desk.data("PUT", "", wishes)
    assert changed["webhook_url"] == "https://example.org/hook"
    assert (changed["id"], changed["vanity_slug"]) == (desk.id, "stem-learning")
