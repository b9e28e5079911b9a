"""Two steps to erase a person, and what holds during and after them."""

import hashlib
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from portal.errors import Gone, RuleBroken
from portal.extensions import db
from portal.models import (
    OPEN,
    Award,
    Delivery,
    DeliveryKind,
    DeliveryState,
    EnrolmentState,
    IssuedBadge,
    Role,
    SuppressedAddress,
)
from portal.services.issuing import deliveries, operations, public_pages
from portal.services.learning import completions, enrolments
from portal.services.people import people
from portal.services.privacy import clearing, erasure, revoking
from tests.factories import make_course


@pytest.fixture
def erase(world, ada):
    """Both steps at once."""

    def both(revoke: bool = False) -> None:
        person = world.lena
        erasure.ask_for(actor=ada, person=person, reason="asked by phone", now=world.now)
        wish = {"typed": person.email, "revoke": revoke}
        erasure.erase(actor=ada, person=person, **wish, means=world.means, now=world.now)

    return both


def test_the_first_step_can_be_taken_back(world, ada):
    erasure.ask_for(actor=ada, person=world.lena, reason="asked", now=world.now)
    assert not world.lena.active
    erasure.take_back(actor=ada, person=world.lena, now=world.now)
    assert world.lena.active
    assert world.lena.first_name == "Lena"


def test_nobody_is_erased_without_the_first_step_or_another_address(world, ada):
    wish = {"actor": ada, "person": world.lena, "revoke": False, "means": world.means}
    with pytest.raises(RuleBroken):
        erasure.erase(**wish, typed=world.lena.email, now=world.now)
    erasure.ask_for(actor=ada, person=world.lena, reason="asked", now=world.now)
    with pytest.raises(RuleBroken) as broken:
        erasure.erase(**wish, typed="somebody@example.org", now=world.now)
    assert broken.value.field == "email"


def test_the_last_admin_and_oneself_are_not_erased(world, ada):
    with pytest.raises(RuleBroken):
        erasure.ask_for(actor=ada, person=ada, reason="tired", now=world.now)


def test_what_never_left_is_cancelled(world, erase):
    delivery = world.complete()
    erase()
    world.work()
    db.session.refresh(delivery)
    assert delivery.state is DeliveryState.CANCELLED
    assert world.posts() == []


def test_what_may_have_left_is_looked_up_and_nothing_follows_it(world, erase):
    world.credly.plan(drop="close", when="after")
    delivery = world.complete()
    world.work()
    erase()
    world.work(after=200)
    db.session.refresh(delivery)
    assert len(world.posts()) == 1
    assert not delivery.is_open
    clearing.clear_again(world.now)
    db.session.expire_all()
    assert db.session.scalars(db.select(Delivery.recipient_email)).all() == [None]


def test_badges_at_credly_are_revoked_when_the_person_wished_it(world, erase):
    world.complete()
    world.work()
    erase(revoke=True)
    world.work()
    assert world.live() == []


def on_its_way(world):
    """Lena's badge has been booked by Credly, whose answer was lost."""
    world.credly.plan(drop="close", when="after")
    world.complete()
    assert world.work() == [DeliveryState.UNSURE]


def test_a_badge_that_is_found_after_the_erasure_is_revoked_when_that_was_wished(world, erase):
    on_its_way(world)
    erase(revoke=True)
    world.work(after=200)
    assert len(world.live()) == 1
    assert revoking.revoke_found_later(world.now) == 1
    world.work(after=300)
    assert world.live() == []
    assert revoking.revoke_found_later(world.now) == 0


def test_a_badge_that_is_found_after_the_erasure_stays_when_that_was_wished(world, erase):
    on_its_way(world)
    erase()
    world.work(after=200)
    assert revoking.revoke_found_later(world.now) == 0
    assert len(world.live()) == 1


def test_a_revocation_that_staff_cancel_after_the_erasure_is_not_asked_again(world, ada, erase):
    on_its_way(world)
    erase(revoke=True)
    world.work(after=200)
    revoking.revoke_found_later(world.now)
    deliveries.cancel(actor=ada, delivery=world.delivery_of(world.lena), now=world.now)
    assert revoking.revoke_found_later(world.now) == 0


def test_a_badge_that_is_moving_at_the_erasure_is_not_issued_anew(world, erase):
    world.complete()
    world.work()
    world.lena.badge_email = "lena.private@example.org"
    db.session.commit()
    operations.move_to_address(learner=world.lena, now=world.now)
    world.credly.plan(drop="close", when="after", match={"method": "PUT"})
    world.work()
    erase(revoke=True)
    world.work(after=200)
    assert world.live() == []
    assert not db.session.scalars(db.select(Delivery).where(Delivery.state.in_(OPEN))).all()


def test_badges_at_credly_stay_when_the_person_wished_that(world, erase):
    world.complete()
    world.work()
    erase()
    world.work()
    assert len(world.live()) == 1


def test_counts_stay_and_names_go(world, erase):
    world.complete()
    world.work()
    erase()
    db.session.expire_all()
    assert db.session.scalars(db.select(Award)).one().learner_id == world.lena.id
    issued = db.session.scalars(db.select(IssuedBadge)).one()
    assert (issued.first_name, issued.recipient_email) == (None, None)
    assert world.lena.email == f"erased-{world.lena.id}@invalid"
    assert world.lena.found_by == ""


def test_the_public_page_is_gone_for_good(world, erase):
    world.complete()
    award = db.session.scalars(db.select(Award)).one()
    key = public_pages.turn_on(award=award, now=world.now).key
    erase()
    db.session.expire_all()
    with pytest.raises(Gone):
        public_pages.find(key)


def test_an_erased_person_is_not_added_again_unless_they_came_back(world, erase):
    words = {"email": world.lena.email, "first_name": "Lena", "last_name": "Learner"}
    erase()
    with pytest.raises(RuleBroken) as broken:
        people.add(**words, roles=set())
    assert broken.value.message.code == "was_erased"
    assert people.add(**words, roles={Role.AUTHOR}, came_back=True).id != world.lena.id
    with pytest.raises(RuleBroken) as broken:
        people.add(**words, roles=set())
    assert broken.value.message.code == "email_taken"


def test_the_erasure_is_noted_outside_the_database(world, erase):
    earner = hashlib.sha256(world.lena.earner_id.encode()).hexdigest()
    erase()
    record = world.means.uploads.parent / erasure.RECORD
    assert record.read_text().startswith(f"{earner} ")
    assert record.stat().st_mode & 0o077 == 0


def test_nothing_is_recorded_for_who_is_erased(world, erase, browser, otto):
    completions.enrol(learner=world.lena, learning_object=world.course, now=world.now)
    erase()
    attempt = enrolments.newest_attempt(world.lena, world.course)
    assert attempt.state is EnrolmentState.WITHDRAWN
    place = f"/author/courses/{world.course.id}/learners"
    form = {"person": world.lena.id, "group": 0, "day": "2026-02-03", "result": "success"}
    assert "Tick" not in browser.sign_in(otto).get(place)
    browser.submit(f"{place}/record", **form)
    assert db.session.query(Award).count() == 0


def test_an_erasure_is_whole_or_has_not_begun(world, erase):
    world.complete()
    world.work()
    ropes = world.badge_of(world.credly.template(name="Ropes"))
    other = world.complete(course=make_course(world.otto, "Ropes", badge=ropes))

    def no_room(*_anything):
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"), heard(SuppressedAddress, no_room):
        erase(revoke=True)
    db.session.rollback()
    db.session.expire_all()
    assert other.state is DeliveryState.WAITING
    kinds = db.session.scalars(db.select(Delivery.kind).distinct()).all()
    assert kinds == [DeliveryKind.ISSUE]


@contextmanager
def heard(model, listener):
    """While inside, the listener hears before a row of the model is written."""
    event.listen(model, "before_insert", listener)
    try:
        yield
    finally:
        event.remove(model, "before_insert", listener)
