"""A fresh address for Credly's events whose answer is lost: none of the two is deaf meanwhile."""

import re
from datetime import timedelta

import pytest

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import AuditEntry
from portal.services.issuing.webhook_addresses import set_address, settle_next
from portal.wording import words
from tests.web.test_hooks import send, thin


def address(world) -> str:
    """The path that Credly holds."""
    return re.sub(r"^https?://[^/]*", "", world.credly.data("GET", "")["webhook_url"])


def lose_the_answer(world, **step) -> None:
    """Ask for a fresh address; Credly's answer does not arrive."""
    match = {"method": "PUT", "path": f"/organizations/{world.credly.id}$"}
    world.credly.plan(match=match, **{"drop": "reset", **step})
    with pytest.raises(RuleBroken) as lost:
        set_address(connection=world.connection, means=world.means, now=world.now)
    assert lost.value.message.code == "webhook_unsettled"


def settle(world, after: float = 121) -> bool:
    done = settle_next(world.means, world.now + timedelta(seconds=after))
    db.session.expire_all()
    return done


@pytest.fixture
def old(world) -> str:
    """The address that was in use before."""
    set_address(connection=world.connection, means=world.means, now=world.now)
    return address(world)


def status(world, browser, hook) -> int:
    return send(browser, hook, thin(world)).status_code


def test_an_address_that_credly_took_is_the_only_one_once_the_portal_has_looked(
    world, browser, old
):
    lose_the_answer(world, when="after")
    fresh = address(world)
    assert fresh != old
    assert status(world, browser, old) == 200, "what was on its way to the old one is heard"
    assert not settle(world, after=60), "a look that comes too early finds what was before"
    assert settle(world)
    assert [status(world, browser, one) for one in (fresh, old)] == [200, 404]
    assert not settle(world, after=999), "that is settled for good"


def test_an_address_that_credly_never_heard_of_is_forgotten(world, browser, old):
    lose_the_answer(world, when="before")
    assert address(world) == old
    assert settle(world)
    assert status(world, browser, old) == 200
    assert world.connection.webhook_next_hash is None


def test_an_event_at_the_fresh_address_settles_it_without_a_look(world, browser, old):
    lose_the_answer(world, when="after")
    assert status(world, browser, address(world)) == 200
    assert status(world, browser, old) == 404
    assert not settle(world)


def test_while_it_is_not_settled_no_third_address_is_made(world, browser, ivar, old):
    lose_the_answer(world, when="after")
    fresh = address(world)
    here = f"/admin/connectors/credly/{world.connection.id}"
    browser.sign_in(ivar)
    assert "hears events at both" in browser.get(here)
    page = browser.follow(browser.post(f"{here}/webhook", page=here))
    assert words(say("webhook_unsettled")) in page
    assert address(world) == fresh
    settle(world)
    assert "hears events at both" not in browser.get(here)
    page = browser.follow(browser.post(f"{here}/webhook", page=here))
    assert "Credly now sends its events here." in page
    assert status(world, browser, fresh) == 404


def test_while_credly_cannot_be_asked_both_are_heard(world, browser, old):
    lose_the_answer(world, when="after")
    world.credly.plan(match={"method": "GET", "organization": world.credly.id}, status=503, times=0)
    assert settle(world)
    assert not settle(world, after=180), "not again at once"
    assert status(world, browser, old) == 200
    world.credly.control("DELETE", "plan")
    assert settle(world, after=999)
    assert status(world, browser, old) == 404


def test_a_clear_no_leaves_the_address_as_it_was(world, browser, old):
    match = {"method": "PUT", "path": f"/organizations/{world.credly.id}$"}
    world.credly.plan(match=match, status=503)
    with pytest.raises(RuleBroken) as refused:
        set_address(connection=world.connection, means=world.means, now=world.now)
    assert refused.value.message.code == "credly_busy"
    assert world.connection.webhook_next_hash is None
    assert status(world, browser, old) == 200


def test_who_asked_is_written_down_though_the_answer_was_lost(world):
    lose_the_answer(world, when="after")
    settle(world)
    actions = db.session.scalars(db.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions.count("connection.webhook") == 2, "that it was asked for, and how it ended"
