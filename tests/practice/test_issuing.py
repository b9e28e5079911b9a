"""Issuing, as Credly takes it and as Credly refuses it."""

import pytest


@pytest.fixture
def template(desk):
    return desk.template()


@pytest.mark.parametrize(
    "field",
    ["recipient_email", "issued_to_first_name", "issued_to_last_name", "issued_at"],
)
@pytest.mark.parametrize("value", ["", "  ", None])
def test_what_is_required_may_not_be_blank(desk, template, field, value):
    answer = desk.call("POST", "/badges", desk.order(template, **{field: value}), 422).json()
    assert "can't be blank" in answer["data"]["message"]
    assert [error["attribute"] for error in answer["data"]["errors"]] == [field]
    assert answer["metadata"] is None
    assert desk.ledger() == []


@pytest.mark.parametrize("email", ["lena", "lena@", "lena @example.org", "@example.org"])
def test_an_address_that_is_none_is_refused(desk, template, email):
    answer = desk.call("POST", "/badges", desk.order(template, recipient_email=email), 422)
    assert "Recipient email is invalid" in answer.json()["data"]["message"]


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_only_active_templates_can_be_issued(desk, state):
    resting = desk.template(state=state)
    answer = desk.call("POST", "/badges", desk.order(resting), 422)
    assert state in answer.json()["data"]["message"]


def test_a_template_of_another_organisation_is_unknown(desk):
    other = desk.control("POST", "organizations", {"name": "Other"})["organization"]["id"]
    theirs = desk.control("POST", f"organizations/{other}/templates", {"name": "Theirs"})
    answer = desk.call("POST", "/badges", desk.order(theirs), 422)
    assert answer.json()["data"]["message"].endswith(theirs["id"])


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("2014-04-01T09:41:00-05:00", "2014-04-01T14:41:00.000Z"),
        ("2014-04-01T14:41:00.987Z", "2014-04-01T14:41:00.000Z"),
        ("2014-04-01  02:41:05 pm", "2014-04-01T14:41:05.000Z"),
        ("2014-04-01", "2014-04-01T00:00:00.000Z"),
    ],
)
def test_moments_are_read_leniently(desk, template, sent, told):
    assert desk.issue(template, issued_at=sent)["issued_at"] == told


@pytest.mark.parametrize("sent", ["yesterday", "2014-13-01", "2014-04-01 25:00:00 +0000"])
def test_what_is_no_moment_is_refused(desk, template, sent):
    desk.call("POST", "/badges", desk.order(template, issued_at=sent), 422)


def test_a_form_is_taken_as_well_as_json(desk, template):
    answer = desk.call("POST", "/badges", data=desk.order(template), expect=201)
    assert answer.json()["data"]["issued_to"] == "Lena Learner"


def test_fields_that_credly_does_not_know_are_passed_over(desk, template):
    badge = desk.issue(template, state="accepted", id="mine", portal="rosette")
    assert badge["state"] == "pending"
    assert badge["id"] != "mine"
    assert "portal" not in badge


def test_an_unknown_locale_is_english_or_refused_by_switch(desk, template):
    assert desk.issue(template, locale="fr-CA")["locale"] == "fr-CA"
    assert desk.issue(template, locale="sv")["locale"] == "en"
    desk.set(locale_unknown="refuse")
    desk.call("POST", "/badges", desk.order(template, locale="sv"), 422)


def test_expiry_never_is_false_and_the_usual_is_null(desk):
    template = desk.template(default_expires_at="2040-01-01T00:00:00Z")
    assert desk.issue(template, expires_at=False)["expires_at"] is None
    assert desk.issue(template, expires_at=None)["expires_at_date"] == "2040-01-01"
    assert desk.issue(template, expires_at="2031-05-01")["expires_at_date"] == "2031-05-01"


def test_evidence_and_country_come_back_in_order(desk, template):
    evidence = [{"type": "UrlEvidence", "name": "Proof", "value": "https://example.org/x"}]
    badge = desk.issue(template, evidence=evidence, country_name="United States of America")
    assert (badge["country"], badge["country_code"]) == ("United States", "US")
    assert list(badge["evidence"][0]) == ["id", "type", "name", "value"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff\xfe"])
def test_a_broken_body_is_a_bad_request(desk, body):
    headers = {"Content-Type": "application/json"}
    desk.call("POST", "/badges", data=body, headers=headers, expect=400)


def test_a_batch_is_answered_in_its_order(desk, template):
    orders = [desk.order(template, issuer_earner_id=f"earner-{n}") for n in range(3)]
    badges = desk.data("POST", "/badges/batch", {"badges": orders}, 201)
    assert [badge["issuer_earner_id"] for badge in badges] == ["earner-0", "earner-1", "earner-2"]


def test_one_bad_item_refuses_the_whole_batch(desk, template):
    orders = [desk.order(template), desk.order(template), desk.order(template)]
    orders[1]["issued_to_last_name"] = ""
    answer = desk.call("POST", "/badges/batch", {"badges": orders}, 422).json()
    assert answer["data"]["error_index"] == 1
    assert desk.ledger() == []
    assert desk.data("GET", "/events?filter=event_type::badge.created") == []
    assert desk.log()[-2]["badges"] == []


def test_two_of_a_kind_in_one_batch_are_a_duplicate(desk, template):
    order = desk.order(template)
    answer = desk.call("POST", "/badges/batch", {"badges": [order, order]}, 422).json()
    assert answer["data"]["error_index"] == 1


def test_the_switch_accepts_at_once(desk, template):
    desk.set(auto_accept=True)
    badge = desk.issue(template)
    assert (badge["state"], "badge_url" in badge) == ("accepted", True)
