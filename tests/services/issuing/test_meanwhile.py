"""What a person does while Credly is being asked about a connection stays done."""

import time
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import pytest

from portal.extensions import db
from portal.messages import say
from portal.models import Connection, ConnectionState, DeliveryState, Held
from portal.services.issuing import connections, health
from portal.services.issuing.deliver import carry
from portal.services.issuing.sweeping import ask_held_again

SOON = timedelta(minutes=20)


@pytest.fixture
def meanwhile(world):
    """While practice Credly takes its time with the organisation, somebody does something."""

    @contextmanager
    def doing(deed, delay=0.6):
        world.credly.plan(delay=delay, match={"method": "GET"})

        def wait_and_do():
            while world.credly.control("GET", "plan")["steps"]:  # until the call has come in
                time.sleep(0.02)
            with world.app.app_context():
                deed(db.session.get_one(Connection, world.connection.id))
                db.session.commit()

        somebody = Thread(target=wait_and_do)
        somebody.start()
        yield
        somebody.join()
        db.session.expire_all()

    return doing


@pytest.fixture
def held(world):
    """A held connection with one delivery that waits for it."""
    delivery = world.complete()
    delivery.state, delivery.held_because = DeliveryState.HELD, Held.CONNECTION_HELD
    world.connection.state = ConnectionState.HELD
    db.session.commit()
    return delivery


def pause(connection):
    connections.pause(connection=connection, now=connection.state_since + SOON)


def test_a_pause_while_a_held_connection_is_asked_again_stays(world, held, meanwhile):
    with meanwhile(pause):
        assert ask_held_again(world.means, world.now)
    assert world.connection.state is ConnectionState.PAUSED
    assert held.state is DeliveryState.HELD


def test_a_pause_after_a_restore_while_it_is_asked_keeps_its_reason(world, held, meanwhile):
    def restored(connection):
        health.pause(connection, say("restored_from_backup"), world.now)

    with meanwhile(restored):
        ask_held_again(world.means, world.now)
    assert world.connection.state is ConnectionState.PAUSED
    assert world.connection.state_reason["code"] == "restored_from_backup"


def test_a_token_replaced_while_it_is_asked_is_not_vouched_for_by_the_old_one(
    world, held, meanwhile
):
    def other_token(connection):
        connection.token_version += 1

    with meanwhile(other_token, delay=4):  # a slow machine has done it before the answer
        ask_held_again(world.means, world.now)
    assert world.connection.state is ConnectionState.HELD


def test_a_held_connection_that_answers_well_works_again(world, held):
    assert ask_held_again(world.means, world.now)
    db.session.expire_all()
    assert world.connection.state is ConnectionState.WORKING
    assert world.work() == [DeliveryState.DONE]


def test_a_pause_while_the_connection_is_tested_stays(world, meanwhile):
    with meanwhile(pause):
        connections.test(connection=world.connection, means=world.means, now=world.now)
    assert world.connection.state is ConnectionState.PAUSED
    assert world.connection.organization_name


def test_a_pause_while_a_new_token_is_tested_stays(world, held, meanwhile):
    token = world.credly.token
    with meanwhile(pause):
        connections.replace_token(
            connection=world.connection, token=token, means=world.means, now=world.now
        )
    assert world.connection.state is ConnectionState.PAUSED
    assert world.connection.token_version == 2


def test_a_refusal_after_a_pause_keeps_what_the_pause_said(world):
    world.complete()
    (claim,) = world.claims()
    world.credly.plan(status=401)
    since = world.now - SOON
    moments = []

    def clock():
        if len(moments) == 1:  # while it is being sent
            health.pause(world.connection, say("restored_from_backup"), since)
            db.session.commit()
        moments.append(world.now)
        return world.now

    assert carry(claim, means=world.means, clock=clock)[0] is DeliveryState.HELD
    db.session.expire_all()
    assert world.connection.state is ConnectionState.PAUSED
    assert world.connection.state_since == since
    assert world.connection.state_reason == say("restored_from_backup").stored()
