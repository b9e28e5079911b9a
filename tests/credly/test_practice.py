"""The client against practice Credly, over real HTTP: a badge's life and what disturbs it."""

import contextlib
import time
from dataclasses import replace

import pytest
import requests

from portal.credly.client import Door
from portal.credly.errors import (
    AlreadyReplaced,
    ConnectionTrouble,
    Duplicate,
    NotNow,
    Refused,
    TemplateTrouble,
    Unsure,
)
from portal.credly.links import Hosts
from portal.practice.server import start_thread
from tests.credly.conftest import ORGANIZATION, TEMPLATE, TOKEN


class Practice:
    """Practice Credly with one organisation, and its controls."""

    def __init__(self, server):
        self.server = server
        self.tell("organizations", id=ORGANIZATION, name="STEM Learning", token=TOKEN)
        self.template(id=TEMPLATE, name="API Hero", state="active", skills=["Knots", "Ropes"])

    def tell(self, path, method="POST", **wishes):
        url = f"{self.server.url}/practice/{path}"
        answer = requests.request(method, url, json=wishes, timeout=60)
        assert answer.ok, answer.text
        return answer

    def template(self, **wishes):
        return self.tell(f"organizations/{ORGANIZATION}/templates", **wishes)

    def plan(self, **step):
        return self.tell("plan", steps=[step])

    def posts(self):
        entries = self.tell("log", "GET").json()
        entries = entries if isinstance(entries, list) else next(iter(entries.values()))
        return [one for one in entries if one["method"] == "POST"]


@pytest.fixture
def practice(tmp_path):
    with start_thread(tmp_path / "practice.db") as server:
        yield Practice(server)


@pytest.fixture
def credly(practice):
    with at_practice(practice) as client:
        yield client


@contextlib.contextmanager
def at_practice(practice, **limits):
    """A client with these limits instead of its usual ones."""
    hosts = Hosts(frozenset({practice.server.host}))
    with contextlib.closing(Door(hosts, **limits)) as door:
        yield door.at(practice.server.host, ORGANIZATION, TOKEN)


def test_a_connection_is_tested_by_asking_for_the_organisation(credly):
    assert credly.organization().name == "STEM Learning"


def test_all_pages_of_templates_come(practice, credly):
    practice.template(count=119, prefix="Knot")
    assert len({one.id for one in credly.templates(state=None)}) == 120


def test_a_template_is_mirrored(credly):
    template = credly.template(TEMPLATE)
    assert (template.name, template.is_active) == ("API Hero", True)
    assert template.skills[:2] == ("Knots", "Ropes")


def test_a_badge_is_issued_accepted_and_read_again(practice, credly, order):
    badge = credly.issue(order)
    assert (badge.state, badge.issuer_earner_id) == ("pending", "earner-1")
    assert badge.accept_badge_url
    assert badge.issued_at == order.issued_at
    practice.tell(f"badges/{badge.id}/accept")
    accepted = credly.badge(badge.id)
    assert accepted.state == "accepted"
    assert accepted.badge_url
    assert accepted.user_url


def test_a_second_badge_is_a_duplicate_and_the_first_is_found(credly, order):
    badge = credly.issue(order)
    with pytest.raises(Duplicate):
        credly.issue(order)
    assert [one.id for one in credly.find(order)] == [badge.id]


def test_a_badge_from_before_is_found_by_the_address_with_its_sign(credly, order):
    badge = credly.issue(replace(order, issuer_earner_id="someone else"))
    (candidate,) = credly.find(order)
    assert (candidate.id, candidate.issuer_earner_id) == (badge.id, "someone else")


def test_another_learners_plus_address_is_not_found(credly, order):
    credly.issue(replace(order, recipient_email="lena@example.org", issuer_earner_id="x"))
    assert credly.find(order) == ()


def test_a_replaced_badge_leads_to_the_newest(credly, order):
    old = credly.issue(order)
    new = credly.replace(old.id, order)
    assert new.replaces_badge_id == old.id
    assert [one.id for one in credly.find(order)] == [new.id]
    with pytest.raises(AlreadyReplaced) as trouble:
        credly.replace(old.id, order)
    assert trouble.value.current_badge_id == new.id


def test_a_revoked_badge_does_not_count_and_may_be_revoked_again(credly, order):
    badge = credly.issue(order)
    assert credly.revoke(badge.id, "by mistake").is_revoked
    assert credly.find(order) == ()
    assert credly.revoke(badge.id, "by mistake").is_revoked


@pytest.mark.parametrize("state", ["archived", "draft"])
def test_a_template_that_is_not_active_is_told_from_a_refusal(practice, credly, order, state):
    practice.tell(f"organizations/{ORGANIZATION}/templates/{TEMPLATE}", "PATCH", state=state)
    with pytest.raises(TemplateTrouble) as trouble:
        credly.issue(order)
    assert trouble.value.cause == "template_not_active"


def test_an_unknown_template_is_told_from_a_refusal(credly, order):
    with pytest.raises(TemplateTrouble) as trouble:
        credly.issue(replace(order, template_id=ORGANIZATION))
    assert trouble.value.cause == "template_missing"


def test_a_missing_name_is_refused_with_credlys_words(credly, order):
    with pytest.raises(Refused) as trouble:
        credly.issue(replace(order, first_name=""))
    assert trouble.value.credly_words


def test_an_expired_token_is_one_request_and_trouble_of_the_connection(practice, credly, order):
    practice.tell(f"organizations/{ORGANIZATION}/tokens/expire", token=TOKEN)
    with pytest.raises(ConnectionTrouble) as trouble:
        credly.issue(order)
    assert trouble.value.cause == "token"
    assert len(practice.posts()) == 1


LOST = {
    "a reset": ({"drop": "reset"}, {}),
    "a 502": ({"status": 502}, {}),
    "half a body": ({"drop": "half_body"}, {}),
    "a drip": ({"drop": "drip"}, {"deadline": 1.5}),
    "silence": ({"drop": "hang"}, {"read_timeout": 0.6}),
    "a page": ({"status": 200, "body": "<html></html>", "content_type": "text/html"}, {}),
}


@pytest.mark.parametrize(("fault", "limits"), LOST.values(), ids=LOST)
def test_a_badge_whose_answer_is_lost_is_unsure_and_found(practice, credly, order, fault, limits):
    practice.plan(match={"method": "POST", "path": "/badges$"}, when="after", **fault)
    with at_practice(practice, **limits) as hasty, pytest.raises(Unsure):
        hasty.issue(order)
    ends = time.monotonic() + 60
    while not practice.posts() and time.monotonic() < ends:  # booked by a slow machine, too
        time.sleep(0.02)
    assert len(credly.find(order)) == 1
    assert len(practice.posts()) == 1


def test_a_busy_credly_says_when_to_come_back(practice, credly, order):
    practice.plan(match={"method": "POST"}, status=503, headers={"Retry-After": "90"})
    with pytest.raises(NotNow) as trouble:
        credly.issue(order)
    assert trouble.value.wait == 90


def test_the_bulk_search_brings_every_page(practice, credly, order):
    practice.tell("switches", high_volume_page_size=2)
    for number in range(5):
        address = f"learner{number}@example.org"
        credly.issue(replace(order, recipient_email=address, issuer_earner_id=str(number)))
    assert len(list(credly.search(badge_template_id=TEMPLATE))) == 5
    assert len(list(credly.search("minimal"))) == 5


def test_the_webhook_address_is_kept(credly):
    assert credly.set_webhook("https://portal.example.org/hooks/x").webhook_url
