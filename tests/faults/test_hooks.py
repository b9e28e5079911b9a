"""Webhooks and the state of badges when processes die, events are lost, late or out of order."""

import itertools
import json
import random
from datetime import timedelta

import pytest

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import Connection, ConnectionState, InboundEvent, InboundState, IssuedBadge
from portal.services.issuing import connections
from portal.services.issuing.inbound import work_off_next
from portal.services.issuing.webhook_addresses import hashed, set_address
from portal.services.issuing.webhooks import receive
from tests.demo.processes import wait_until


def listen(place) -> None:
    """Tell Credly where the portal is."""
    place.credly.set(webhook_retry_seconds=0.5)
    with place.stage.inside():
        connection = db.session.get_one(Connection, place.connection_id)
        set_address(connection=connection, means=place.stage.means, now=utc_now())


def issued_and_worked_on(stage):
    place = stage.place()
    place.complete()
    stage.worker()
    assert place.drained().is_clean
    return place


def state_of(place) -> str:
    with place.stage.inside():
        return db.session.scalars(db.select(IssuedBadge)).one().state


def sweep_soon(place) -> None:
    """Let the hourly reading of all badges be due."""
    with place.stage.inside():
        db.session.get_one(Connection, place.connection_id).refresh_due = utc_now()
        db.session.commit()


@pytest.mark.parametrize("at", ["statement", "before_commit", "after_commit"])
def test_the_web_process_dies_amid_a_webhook_and_the_next_one_heals(stage, at):
    place = issued_and_worked_on(stage)
    listen(place)
    ill = stage.ailing_web({"die": {"at": at, "words": "INSERT INTO inbound_event"}})
    place.credly.move(place.badges()[0], "accept")
    assert ill.process.ended() == -9
    stage.web()
    wait_until(lambda: state_of(place) == "accepted")
    assert place.drained().is_clean
    assert place.own_books() == {}


def test_events_that_were_lost_are_found_by_the_sweep_and_late_ones_change_nothing(stage):
    place = issued_and_worked_on(stage)
    listen(place)
    badge = place.badges()[0]
    place.credly.set(webhooks=False)
    place.credly.move(badge, "accept")
    sweep_soon(place)
    wait_until(lambda: state_of(place) == "accepted")
    place.credly.data("PUT", f"/badges/{badge['id']}/revoke", {"reason": "By hand"})
    sweep_soon(place)
    wait_until(lambda: state_of(place) == "revoked")
    place.credly.set(webhooks=True)
    stage.web()
    events = place.credly.data("GET", "/events")
    for event in events:
        place.credly.control("POST", f"events/{event['id']}/send")
    wait_until(lambda: all_is_worked_off(place, len(events)))
    assert state_of(place) == "revoked"


def all_is_worked_off(place, count) -> bool:
    with place.stage.inside():
        rows = db.session.scalars(db.select(InboundEvent)).all()
        return len(rows) >= count and {row.state for row in rows} == {InboundState.DONE}


def thin(world, event) -> bytes:
    """What Credly sends: ids and no badge."""
    names = {"organization_id": world.credly.id, "event_type": event["event_type"]}
    return json.dumps({"id": event["id"], **names}).encode()


@pytest.fixture
def secret(world) -> str:
    """The secret in the address that Credly was told."""
    set_address(connection=world.connection, means=world.means, now=world.now)
    return world.credly.data("GET", "")["webhook_url"].rpartition("/")[2]


@pytest.fixture
def issued(world) -> IssuedBadge:
    """Lena's badge, that went through five states at Credly without us knowing."""
    delivery = world.complete()
    world.work()
    badge = {"id": delivery.issued_badge.credly_id}
    for wish in ("accept", "private", "public"):
        world.credly.move(badge, wish)
    world.credly.data("PUT", f"/badges/{badge['id']}/revoke", {"reason": "By hand"})
    return delivery.issued_badge


def test_any_order_of_five_events_leads_to_what_credly_says(world, secret, issued):
    events = world.credly.data("GET", "/events")[:5]
    orders = list(itertools.permutations(events))
    for order in random.Random(4).sample(orders, 12):
        issued.state, issued.updated_at = "pending", None
        db.session.execute(db.delete(InboundEvent))
        db.session.commit()
        for event in order:
            receive(secret=secret, body=thin(world, event), now=world.now)
            assert work_off_next(world.means, world.now + timedelta(seconds=1))
        db.session.expire_all()
        assert issued.state == "revoked"


@pytest.mark.parametrize("status", [401, 404, 500])
def test_an_event_that_cannot_be_looked_up_is_kept_until_it_can(world, secret, issued, status):
    event = next(e for e in world.credly.data("GET", "/events") if "state" in e["event_type"])
    receive(secret=secret, body=thin(world, event), now=world.now)
    fault = {"match": {"path": f"events/|/organizations/{world.credly.id}$"}, "status": status}
    world.credly.plan(**fault, times=0)
    assert work_off_next(world.means, world.now)
    row = db.session.scalars(db.select(InboundEvent)).one()
    assert row.state is InboundState.WAITING
    db.session.expire_all()
    assert (world.connection.state is ConnectionState.HELD) == (status != 500)
    world.credly.control("DELETE", "plan")
    if status != 500:
        connections.test(connection=world.connection, means=world.means, now=world.now)
    assert work_off_next(world.means, world.now + timedelta(minutes=10))
    db.session.expire_all()
    assert issued.state == "revoked"


def test_an_address_whose_answer_was_lost_is_settled_by_a_worker(stage):
    place = stage.place()
    listen(place)
    steps = [{"when": "after", "drop": "reset"}]
    place.plan(*steps, path=f"/organizations/{place.credly.id}$", method="PUT")
    with pytest.raises(RuleBroken):
        listen(place)
    stage.worker()
    wait_until(lambda: place.connection().webhook_next_hash is None)
    told = place.credly.data("GET", "")["webhook_url"]
    assert place.connection().webhook_hash == hashed(told.rpartition("/")[2])
