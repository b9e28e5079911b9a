"""Telling Credly's noes apart, and finding what is already there."""

import pytest

from portal.credly.errors import (
    AlreadyReplaced,
    ConnectionTrouble,
    Duplicate,
    NotNow,
    Refused,
    TemplateTrouble,
    Unsure,
)
from tests.credly.conftest import (
    BADGE,
    ORGANIZATION,
    TEMPLATE,
    TOKEN,
    badge,
    http,
    organization,
    template,
)

OTHER = "4008b9b1-1251-40a3-ba90-1bbc9720fc37"
ODD = "../../organizations"


def no(status=422, message="Email is invalid", **metadata):
    return http(status, {"data": {"message": message}, "metadata": metadata or None})


ORGANIZATION_ANSWERS = http(200, organization())


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_no_is_about_the_organisation_when_that_is_gone(wire, credly, order, status):
    wire.plays(no(status), http(404, b""))
    with pytest.raises(ConnectionTrouble) as trouble:
        credly.issue(order)
    assert trouble.value.cause == "organization"


def test_a_no_is_about_the_template_when_that_is_gone(wire, credly, order):
    wire.plays(no(404, "gone"), ORGANIZATION_ANSWERS, http(404, b""), ORGANIZATION_ANSWERS)
    with pytest.raises(TemplateTrouble) as trouble:
        credly.issue(order)
    assert (trouble.value.cause, trouble.value.credly_words) == ("template_missing", "gone")


@pytest.mark.parametrize("state", ["archived", "draft"])
def test_a_no_is_about_the_template_when_that_is_not_active(wire, credly, order, state):
    wire.plays(no(), ORGANIZATION_ANSWERS, http(200, template(state=state)))
    with pytest.raises(TemplateTrouble) as trouble:
        credly.issue(order)
    assert trouble.value.cause == "template_not_active"


def test_any_other_no_comes_with_credlys_words(wire, credly, order):
    wire.plays(no(), ORGANIZATION_ANSWERS, http(200, template()))
    with pytest.raises(Refused) as trouble:
        credly.issue(order)
    assert (trouble.value.status, trouble.value.credly_words) == (422, "Email is invalid")


@pytest.mark.parametrize("status", [405, 415, 418])
def test_a_no_that_is_about_neither_needs_no_more_questions(wire, credly, order, status):
    wire.plays(no(status))
    with pytest.raises(Refused):
        credly.issue(order)


def test_a_clear_no_stays_clear_when_nothing_more_can_be_asked(wire, credly, order):
    wire.plays(no(), *[http(502, b"")] * 3)
    with pytest.raises(NotNow):
        credly.issue(order)


def test_a_duplicate_is_told_by_its_words(wire, credly, order):
    wire.plays(no(message="User already has this badge"))
    with pytest.raises(Duplicate):
        credly.issue(order)


def test_replacing_what_was_replaced_names_the_newest(wire, credly, order):
    said = "Validation failed: This badge cannot be replaced because it has already been replaced."
    wire.plays(no(message=said, current_badge_id=OTHER))
    with pytest.raises(AlreadyReplaced) as trouble:
        credly.replace(BADGE, order)
    assert trouble.value.current_badge_id == OTHER


def test_a_replacement_sends_neither_address_nor_language(wire, credly, order):
    wire.plays(http(201, badge(id=OTHER)))
    assert credly.replace(BADGE, order).id == OTHER
    assert wire.asked[0].startswith(f"POST /v1/organizations/{ORGANIZATION}/badges/{BADGE}/replace")
    assert "example.org" not in wire.asked[0]


def test_revoking_what_is_revoked_already_is_fine(wire, credly):
    wire.plays(no(), http(200, badge(state="revoked")))
    assert credly.revoke(BADGE, "by mistake").is_revoked


def test_a_refused_revocation_is_said(wire, credly):
    wire.plays(no(message="replaced badges stay"), http(200, badge(state="accepted")))
    with pytest.raises(Refused) as trouble:
        credly.revoke(BADGE, "by mistake")
    assert trouble.value.credly_words == "replaced badges stay"


def test_an_answer_of_another_organisation_holds_the_connection(wire, credly):
    other = organization()
    other["data"]["id"] = OTHER
    wire.plays(http(200, other))
    with pytest.raises(ConnectionTrouble) as trouble:
        credly.organization()
    assert trouble.value.cause == "organization"


def test_a_missing_badge_is_none_only_if_the_organisation_answers(wire, credly):
    wire.plays(http(404, b""), ORGANIZATION_ANSWERS, http(404, b""), http(404, b""))
    assert credly.badge(BADGE) is None
    with pytest.raises(ConnectionTrouble):
        credly.badge(BADGE)


def test_an_odd_id_never_becomes_part_of_a_path(wire, credly, order):
    assert credly.badge(ODD) is None
    assert credly.event(ODD) is None
    for ask in (lambda: credly.revoke(ODD, "x"), lambda: credly.replace(ODD, order)):
        with pytest.raises(Refused):
            ask()
    with pytest.raises(TemplateTrouble):
        credly.template(ODD)
    assert wire.asked == []


def test_an_odd_organisation_is_trouble_before_anything_is_sent(wire, door):
    with pytest.raises(ConnectionTrouble):
        door.at(wire.place, ODD, TOKEN)


def listed(*badges):
    return http(200, {"data": [one["data"] for one in badges], "metadata": {"total_pages": 1}})


MINE = {"issuer_earner_id": "earner-1"}


def test_our_own_badge_is_found_by_the_earner_id_at_once(wire, credly, order):
    wire.plays(listed(badge(**MINE)))
    assert [one.id for one in credly.find(order)] == [BADGE]
    assert len(wire.asked) == 1


def test_a_filter_that_credly_ignored_finds_no_strangers(wire, credly, order):
    wire.plays(listed(badge(issuer_earner_id="stranger")), listed())
    assert credly.find(order) == ()


def test_another_address_of_the_account_is_found_with_whose_it_is(wire, credly, order):
    wire.plays(listed(), listed(badge(issuer_earner_id="someone else")))
    (candidate,) = credly.find(order)
    assert candidate.issuer_earner_id == "someone else"


def test_revoked_badges_and_other_templates_do_not_count(wire, credly, order):
    foreign = badge(id=OTHER, badge_template={"id": ORGANIZATION}, **MINE)
    wire.plays(listed(badge(state="revoked", **MINE), foreign), listed())
    assert credly.find(order) == ()


def test_replacements_are_followed_to_the_newest(wire, credly, order):
    wire.plays(
        listed(badge(replacement_badge_id=OTHER, **MINE)),
        http(200, badge(id=OTHER, replaces_badge_id=BADGE, **MINE)),
    )
    assert [one.id for one in credly.find(order)] == [OTHER]


def test_replacements_in_a_ring_prove_nothing(wire, credly, order):
    wire.plays(listed(badge(replacement_badge_id=BADGE, **MINE)))
    with pytest.raises(Unsure, match="wrong_shape"):
        credly.find(order)


def test_an_event_is_fetched_with_our_own_credentials(wire, credly):
    event = {"id": OTHER, "organization_id": ORGANIZATION, "event_type": "badge.state.changed"}
    wire.plays(http(200, {"data": event | {"badge": {"id": BADGE}}, "metadata": {}}))
    assert credly.event(OTHER).badge_id == BADGE


def test_the_webhook_address_is_handed_over(wire, credly):
    wire.plays(ORGANIZATION_ANSWERS)
    assert credly.set_webhook("https://portal.example.org/hooks/x").id == ORGANIZATION
    assert wire.asked[0].endswith('{"webhook_url": "https://portal.example.org/hooks/x"}')


def test_an_odd_answer_about_a_template_is_unsure(wire, credly):
    wire.plays(http(200, template(id=OTHER)))
    with pytest.raises(Unsure, match="wrong_shape"):
        credly.template(TEMPLATE)


@pytest.mark.parametrize("odd", [{"id": OTHER, "state": "revoked"}, {"state": "accepted"}], ids=str)
def test_a_revocation_counts_only_when_the_answer_says_so(wire, credly, odd):
    wire.plays(http(200, badge(**odd)))
    with pytest.raises(Unsure, match="wrong_shape"):
        credly.revoke(BADGE, "by mistake")
