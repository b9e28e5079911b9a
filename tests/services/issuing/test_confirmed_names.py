"""People who are really called like a placeholder: an administrator says so, and badges go on."""

import pytest

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import AuditEntry, DeliveryState, Held, TrailEntry
from portal.services.issuing import confirmed_names, deliveries, names, operations, sweeping
from portal.services.people import profile
from tests.factories import make_course


@pytest.fixture
def null(lena):
    """Somebody who is really called Jennifer Null."""
    lena.first_name, lena.last_name = "Jennifer", "Null"
    db.session.commit()
    return lena


def confirm(world, actor, person, name=None) -> int:
    shown = name or person.name
    done = confirmed_names.confirm(actor=actor, person=person, name=shown, now=world.now)
    db.session.expire_all()
    return done


def test_all_that_is_held_for_the_name_goes_on_once_it_is_said_to_be_right(world, ada, null):
    held = [world.complete(null)]
    held += [world.complete(null, make_course(world.otto, "Ropes", badge=another(world)))]
    assert {one.held_because for one in held} == {Held.NAME_NOT_USABLE}
    assert confirm(world, ada, null) == 2
    assert world.work() == [DeliveryState.DONE] * 2
    issued = {(one["issued_to_first_name"], one["issued_to_last_name"]) for one in world.live()}
    assert issued == {("Jennifer", "Null")}


def another(world):
    return world.badge_of(world.credly.template(name="Ropes"))


def test_what_is_earned_later_is_not_held_at_all(world, ada, null):
    assert confirm(world, ada, null) == 0
    assert world.complete(null).state is DeliveryState.WAITING
    assert world.work() == [DeliveryState.DONE]


def test_retry_alone_holds_it_again(world, ada, null):
    delivery = world.complete(null)
    deliveries.retry(actor=ada, delivery=delivery, now=world.now)
    assert (delivery.state, delivery.held_because) == (DeliveryState.HELD, Held.NAME_NOT_USABLE)


def test_another_name_is_asked_about_anew(world, ada, null):
    confirm(world, ada, null)
    null.last_name = "Test"
    db.session.commit()
    assert null.confirmed_name is None
    assert names.can_be_confirmed(null)
    assert world.complete(null).held_because is Held.NAME_NOT_USABLE


def test_a_name_that_changed_meanwhile_is_not_confirmed(world, ada, null):
    delivery = world.complete(null)
    with pytest.raises(RuleBroken) as refused:
        confirm(world, ada, null, name="Jennifer Test")
    assert refused.value.message.code == "name_changed_meanwhile"
    assert (null.confirmed_name, delivery.state) == (None, DeliveryState.HELD)


@pytest.mark.parametrize(("first", "last"), [("-", "Null"), ("Lena", "_"), ("l@x", "Null")])
def test_what_can_be_no_name_cannot_be_confirmed(world, ada, lena, first, last):
    lena.first_name, lena.last_name = first, last
    db.session.commit()
    with pytest.raises(RuleBroken) as refused:
        confirm(world, ada, lena)
    assert refused.value.message.code == "name_cannot_be_confirmed"
    assert not names.can_be_confirmed(lena)


def test_who_said_it_stands_in_the_trail_and_the_audit_without_the_name(world, ada, null):
    delivery = world.complete(null)
    confirm(world, ada, null)
    assert confirm(world, ada, null) == 0, "a second press changes nothing"
    trail = db.session.scalars(db.select(TrailEntry).filter_by(delivery_id=delivery.id)).all()
    said = [(one.message["code"], one.person_id) for one in trail if one.message]
    assert said.count(("name_confirmed", ada.id)) == 1
    query = db.select(AuditEntry).filter_by(action="person.name_confirmed")
    entry = db.session.scalars(query).one()
    assert (entry.actor_id, entry.person_id) == (ada.id, null.id)
    assert "Null" not in str(vars(entry))


def test_an_account_in_both_places_may_be_a_name_too(world, ada, lena):
    account = lena.email.partition("@")[0]
    lena.first_name = lena.last_name = account.title()
    db.session.commit()
    delivery = world.complete(lena)
    assert delivery.held_because is Held.NAME_NOT_USABLE
    assert confirm(world, ada, lena) == 1
    assert world.work() == [DeliveryState.DONE]


def test_whoever_writes_another_name_in_their_profile_lets_it_go_on_themselves(world, null):
    world.complete(null)
    profile.rename(person=null, first_name="Jennifer", last_name="Noll", now=world.now)
    assert world.work() == [DeliveryState.DONE]


def test_a_confirmed_name_can_be_kept_in_the_profile(world, ada, null):
    confirm(world, ada, null)
    profile.rename(person=null, first_name="Jennifer", last_name="Null", now=world.now)
    assert null.confirmed_name == "Jennifer Null"


def test_many_changed_names_ask_about_the_address_as_one_does(world, lena):
    account = lena.email.partition("@")[0]
    lena.first_name = lena.last_name = account
    db.session.commit()
    delivery = world.complete(lena)
    operations.follow_names(learner_ids=[lena.id], now=world.now)
    sweeping.release_usable_names(world.now)
    db.session.refresh(delivery)
    assert delivery.held_because is Held.NAME_NOT_USABLE
