"""A message names a delivery: it is taken under the same conditions as any, or nothing happens."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import Delivery, DeliveryState
from portal.services.issuing.dispatch import claim_this, due_now


@pytest.fixture
def take(world):
    """Take this delivery, so many seconds from now."""

    def take(delivery, after=0):
        moment = world.now + timedelta(seconds=after)
        return claim_this(delivery.id, rules=world.means.rules, now=moment)

    return take


@pytest.fixture
def due(world):
    """The ids that would be handed out then."""

    def due(limit=10, after=0):
        moment = world.now + timedelta(seconds=after)
        return due_now(limit=limit, rules=world.means.rules, now=moment)

    return due


@pytest.fixture
def proven(world):
    """Let Credly just have answered, so that several calls may go out at once."""
    world.connection.proven_at = world.now
    db.session.commit()


@pytest.mark.usefixtures("proven")
def test_the_delivery_that_is_named_is_taken_and_no_other(world, take):
    first, second = world.completed_by(2)
    assert take(second).delivery_id == second.id
    assert [one.delivery_id for one in world.claims()] == [first.id]


@pytest.mark.usefixtures("proven")
def test_a_second_message_finds_nothing_until_the_lease_is_over(world, take):
    delivery = world.complete()
    claim = take(delivery)
    assert take(delivery) is None
    assert world.carry(claim) is DeliveryState.DONE
    assert take(delivery, after=1000) is None, "it is done for good"
    assert len(world.posts()) == 1


@pytest.mark.usefixtures("proven")
def test_what_a_dead_worker_held_is_taken_when_its_lease_is_over(world, take):
    delivery = world.complete()
    assert take(delivery)
    assert take(delivery, after=89) is None
    assert take(delivery, after=91)


@pytest.mark.usefixtures("proven")
def test_a_message_about_nothing_takes_nothing(world, take):
    world.complete()
    assert take(Delivery(id=1000)) is None


def test_where_a_connection_must_be_tried_alone_one_message_wins(world, take, due):
    first, second = world.completed_by(2)
    world.connection.proven_at = None
    db.session.commit()
    assert due() == [first.id], "one is enough for the try"
    assert take(first)
    assert due() == []
    assert take(second) is None
    assert due(after=61) == [second.id]
    assert take(second, after=61), "the next try"


def test_a_message_that_found_nothing_to_carry_closes_no_connection(world, take, due):
    first, second = world.completed_by(2)
    world.connection.proven_at = None
    first.state = DeliveryState.DONE
    db.session.commit()
    assert take(first) is None
    assert due() == [second.id]


def test_nothing_leaves_while_credly_asked_for_quiet(world, take, due):
    delivery = world.complete()
    world.connection.closed_until = world.now + timedelta(seconds=30)
    db.session.commit()
    assert (take(delivery), due()) == (None, [])
    assert due(after=31) == [delivery.id]


@pytest.mark.usefixtures("proven")
def test_the_oldest_are_handed_out_first_and_no_more_than_are_useful(world, due):
    ids = [one.id for one in world.completed_by(4)]
    assert due(limit=3) == ids[:3]
    assert due(limit=0) == []
    assert due() == ids, "nothing was taken"
