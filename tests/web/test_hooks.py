"""Credly's webhooks: hints that are stored, answered with 200, and looked up."""

import json
import re
import threading
import uuid
from datetime import timedelta

import pytest

from portal.clock import utc_now
from portal.extensions import db
from portal.messages import say
from portal.models import InboundEvent, InboundState
from portal.services.issuing.inbound import work_off_next
from portal.services.issuing.reading_back import refresh_next
from portal.services.issuing.webhook_addresses import set_address
from portal.wording import words

ANY = b"00000000-0000-4000-8000-000000000001"


@pytest.fixture
def hook(world):
    """The path that Credly was told."""
    set_address(connection=world.connection, means=world.means, now=world.now)
    told = world.credly.data("GET", "")["webhook_url"]
    return re.sub(r"^https?://[^/]*", "", told)


def thin(world, **changed):
    """What Credly sends: ids and no badge."""
    return {
        "id": str(uuid.uuid4()),
        "organization_id": world.credly.id,
        "event_type": "badge.state.changed",
        "occurred_at": "2026-01-01T00:00:00Z",
        **changed,
    }


def send(browser, hook, event, **more):
    """Send an event as Credly does."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    return browser.client.post(hook, data=body, content_type="application/json", **more)


def events_at_credly(world):
    """Return the newest event that practice Credly has for us."""
    return world.credly.data("GET", "/events")


def work_off(world):
    while work_off_next(world.means, utc_now() + timedelta(minutes=5)):
        pass
    db.session.expire_all()


def accepted(world):
    """Lena's badge, accepted at Credly without us knowing."""
    delivery = world.complete()
    world.work()
    world.credly.move({"id": delivery.issued_badge.credly_id}, "accept")
    return delivery.issued_badge


def test_an_accepted_badge_is_seen_through_the_event(world, hook, browser):
    badge = accepted(world)
    (event,) = [e for e in events_at_credly(world) if e["event_type"] == "badge.state.changed"]
    assert send(browser, hook, thin(world, id=event["id"])).status_code == 200
    work_off(world)
    assert badge.state == "accepted"


def test_any_order_and_any_number_leads_to_the_same_state(world, hook, browser):
    badge = accepted(world)
    events = events_at_credly(world)
    for event in [*events, *reversed(events), *events]:
        send(browser, hook, thin(world, id=event["id"], event_type=event["event_type"]))
    work_off(world)
    assert badge.state == "accepted"
    rows = db.session.scalars(db.select(InboundEvent)).all()
    assert len(rows) == len(events)
    assert {row.times_received for row in rows} == {3}


def test_a_wrong_secret_is_not_found_and_changes_nothing(world, hook, browser):
    assert send(browser, hook[:-1] + "x", thin(world)).status_code == 404
    assert db.session.scalar(db.select(InboundEvent)) is None


def test_an_invented_event_is_looked_up_and_ignored(world, hook, browser):
    assert send(browser, hook, thin(world)).status_code == 200
    work_off(world)
    row = db.session.scalars(db.select(InboundEvent)).one()
    assert row.state is InboundState.IGNORED
    assert row.reason["code"] == "event_unknown_at_credly"


def test_an_event_of_another_organization_is_answered_and_never_looked_up(world, hook, browser):
    before = len(world.credly.log())
    foreign = thin(world, organization_id=str(uuid.uuid4()))
    assert send(browser, hook, foreign).status_code == 200
    work_off(world)
    assert len(world.credly.log()) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe{}",
        b'\xef\xbb\xbf{"id": 1}',
        b'{"id": "../badges/1", "organization_id": "x", "event_type": "y"}',
        b'{"id": NaN}',
        b'{"id": 1,}',
        b'{"id": 1e400}',
        b'{"id": "a", "id": "b"}',
        b"[" * 100_000,
        b'{"id": "%s", "organization_id": "%s", "event_type": "a\\u0000b"}' % (ANY, ANY),
        b'{"id": "%s", "organization_id": "%s", "event_type": "\\ud800"}' % (ANY, ANY),
        b'{"id": 5, "organization_id": [], "event_type": {}}',
    ],
)
def test_what_is_no_event_is_refused_at_once(world, hook, browser, body):
    assert send(browser, hook, body).status_code == 400
    assert db.session.scalar(db.select(InboundEvent)) is None


def test_a_huge_body_is_refused(world, hook, browser):
    assert send(browser, hook, b"x" * 10_000_000).status_code == 413
    assert send(browser, hook, b" " * 70_000).status_code == 400


def test_a_badge_that_was_deleted_at_credly_is_shown_as_gone(world, hook, browser):
    badge = accepted(world)
    (event,) = [e for e in events_at_credly(world) if e["event_type"] == "badge.state.changed"]
    world.credly.call("DELETE", f"/badges/{badge.credly_id}", expect=204)
    send(browser, hook, thin(world, id=event["id"]))
    work_off(world)
    assert badge.gone_at is not None


def test_while_credly_is_in_trouble_the_event_waits(world, hook, browser):
    badge = accepted(world)
    (event,) = [e for e in events_at_credly(world) if e["event_type"] == "badge.state.changed"]
    send(browser, hook, thin(world, id=event["id"]))
    world.credly.plan(match={"method": "GET"}, status=500, times=1)
    assert work_off_next(world.means, utc_now())
    assert db.session.scalars(db.select(InboundEvent)).one().state is InboundState.WAITING
    work_off(world)
    assert badge.state == "accepted"


def test_a_hundred_times_at_once_is_stored_once(app, world, hook):
    event = json.dumps(thin(world)).encode()
    answers = []

    def sender() -> None:
        for _time in range(10):
            with app.test_client() as client:
                answers.append(
                    client.post(hook, data=event, content_type="application/json").status_code
                )

    threads = [threading.Thread(target=sender) for _thread in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert answers == [200] * 100
    row = db.session.scalars(db.select(InboundEvent)).one()
    assert row.times_received == 100


def test_without_any_webhook_the_hourly_list_heals(world):
    badge = accepted(world)
    later = world.now + timedelta(hours=2)
    assert refresh_next(world.means, later)
    world.read(after=7300)
    assert badge.state == "accepted"


def test_a_new_address_makes_the_old_one_useless(world, hook, browser):
    set_address(connection=world.connection, means=world.means, now=world.now)
    assert send(browser, hook, thin(world)).status_code == 404


def test_ivar_sets_the_address_and_sees_what_came_in(world, browser, ivar):
    here = f"/admin/connectors/credly/{world.connection.id}"
    browser.sign_in(ivar)
    assert "Nothing came in yet" in browser.get(f"{here}/events")
    page = browser.follow(browser.post(f"{here}/webhook", page=here))
    assert "Credly now sends its events here." in page
    told = world.credly.data("GET", "")["webhook_url"]
    hook = re.sub(r"^https?://[^/]*", "", told)
    foreign = thin(world, organization_id=str(uuid.uuid4()))
    for event in (foreign, foreign, thin(world)):
        assert send(browser, hook, event).status_code == 200
    page = browser.get(f"{here}/events")
    assert "2 events" in page
    assert "2 times" in page
    assert "Ignored" in page
    assert words(say("event_not_about_ours")) in page
    work_off(world)
    assert "Waiting" not in browser.get(f"{here}/events")
