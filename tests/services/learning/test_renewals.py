"""Certifications that end: renewed as a new attempt and cycle, whose badge replaces the one before.

Over real practice Credly: one live badge at any time, in whatever order things reach it.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.clock import months_later
from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Held,
    IssuedBadge,
    ObjectState,
)
from portal.services.issuing import connections, operations
from portal.services.issuing.books import balance
from portal.services.issuing.sweeping import hand_in_forgotten
from portal.services.learning import completions, enrolments
from portal.services.learning.renewal import Standing, standing_of
from portal.services.learning.undo import undo
from tests.factories import make_badge
from tests.renewals import YEAR, Renewal


@pytest.fixture
def renewal(world):
    return Renewal(world)


def test_a_certification_ends_after_so_many_months_and_so_does_its_badge(renewal, world):
    attempt = renewal.first()
    assert attempt.expires_at == months_later(world.now, 12)
    assert world.work() == [DeliveryState.DONE]
    (badge,) = renewal.chain()
    assert badge["expires_at"][:10] == f"{attempt.expires_at:%Y-%m-%d}"


def test_it_is_renewed_in_its_window_or_after_its_end(renewal, world, lena):
    attempt = renewal.first()
    ends = attempt.expires_at
    moments = {
        ends - timedelta(days=61): Standing.VALID,
        ends - timedelta(days=60): Standing.ENDING,
        ends: Standing.EXPIRED,
    }
    for moment, standing in moments.items():
        assert standing_of(attempt, moment) is standing
    with pytest.raises(RuleBroken):
        completions.renew(
            learner=lena, certification=renewal.certification, now=ends - timedelta(days=61)
        )
    assert renewal.renew(ends - timedelta(days=60)).attempt == 2


def test_a_renewal_needs_its_courses_again_and_never_awards_them_again(renewal, world, lena):
    renewal.first()
    later = world.now + YEAR
    completions.renew(learner=lena, certification=renewal.certification, now=later)
    assert not enrolments.enrolment_of(lena, renewal.certification).done
    renewal.take_course(later)
    assert [one.cycle for one in renewal.awards()] == [1, 2]
    course_awards = select(Award).filter_by(learning_object_id=renewal.course.id)
    assert len(db.session.scalars(course_awards).all()) == 1
    assert renewal.enrol(renewal.course, later).attempt == 2, "nothing needs it a third time"


def test_a_course_taken_again_does_not_award_a_badge_it_was_given_since(renewal, world):
    renewal.first()
    renewal.course.badge = make_badge("Newer")
    db.session.commit()
    renewal.renew(world.now + YEAR)
    of_course = select(Award).filter_by(learning_object_id=renewal.course.id)
    assert [one.badge.name for one in db.session.scalars(of_course)] == ["Course"]


def test_the_badge_of_the_cycle_before_is_replaced_at_credly(renewal, world):
    renewal.first()
    world.work()
    (old,) = renewal.chain()
    attempt = renewal.renew(world.now + YEAR)
    assert world.work(after=YEAR.total_seconds()) == [DeliveryState.DONE]
    (new,) = renewal.chain()
    assert new["replaces_badge_id"] == old["id"]
    assert new["expires_at"][:10] == f"{attempt.expires_at:%Y-%m-%d}"
    first, second = renewal.awards()
    assert second.issued_badge.replaces_id == first.issued_badge_id
    assert balance(world.means).is_clean


def test_a_cycle_that_has_not_left_goes_first_and_is_replaced_then(renewal, world):
    connections.pause(connection=world.connection, now=world.now)
    renewal.first()
    renewal.renew(world.now + YEAR)
    connections.resume(connection=world.connection, means=world.means, now=world.now + YEAR)
    newest = db.session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
    # Even if the second is taken first, it waits for the first.
    earlier = db.session.scalars(select(Delivery).order_by(Delivery.id)).first()
    earlier.due = world.now + YEAR + timedelta(minutes=1)
    db.session.commit()
    after = YEAR.total_seconds()
    assert world.work(after) == [DeliveryState.WAITING]
    assert newest.reason["code"] == "waits_for_earlier_cycle"
    assert world.work(after + 61) == [DeliveryState.DONE]
    assert world.work(after + 600) == [DeliveryState.DONE]
    (new,) = renewal.chain()
    assert new["replaces_badge_id"]
    assert balance(world.means).is_clean


def test_an_unsure_first_cycle_is_settled_before_it_is_replaced(renewal, world):
    renewal.first()
    world.credly.plan(match={"method": "POST"}, when="after", drop="reset")
    assert world.work() == [DeliveryState.UNSURE]
    renewal.renew(world.now + YEAR)
    after = YEAR.total_seconds()
    world.work(after)
    world.work(after + 600)
    assert len(renewal.chain()) == 1
    assert [one.issued_badge.state for one in renewal.awards()] == ["pending", "pending"]
    assert balance(world.means).is_clean


def test_a_replacement_whose_answer_got_lost_is_adopted_not_repeated(renewal, world):
    renewal.first()
    world.work()
    renewal.renew(world.now + YEAR)
    world.credly.plan(match={"method": "POST", "path": "/replace$"}, when="after", drop="reset")
    after = YEAR.total_seconds()
    assert world.work(after) == [DeliveryState.UNSURE]
    assert world.work(after + 200) == [DeliveryState.DONE]
    assert len([one for one in world.live() if one["replaces_badge_id"]]) == 1


def test_a_badge_that_was_revoked_meanwhile_is_issued_anew(renewal, world, ada):
    renewal.first()
    world.work()
    renewal.renew(world.now + YEAR)
    (old,) = renewal.chain()
    path = f"/badges/{old['id']}/revoke"
    world.credly.data("PUT", path, {"reason": "Left the organisation"}, 200)
    after = YEAR.total_seconds()
    assert world.work(after) == [DeliveryState.WAITING, DeliveryState.DONE]
    (new,) = renewal.chain()
    assert new["replaces_badge_id"] is None
    issued = renewal.awards()[1].issued_badge
    assert (issued.replaces_id, issued.state) == (None, "pending")


def test_a_live_badge_of_an_earlier_cycle_is_never_adopted(renewal, world):
    renewal.first()
    world.work()
    (old,) = renewal.chain()
    renewal.renew(world.now + YEAR)
    issued = renewal.awards()[1].issued_badge
    delivery = db.session.scalars(select(Delivery).filter_by(issued_badge_id=issued.id)).one()
    # The portal lost sight of the first, and so means to issue the second by itself.
    first = renewal.awards()[0].issued_badge
    first.credly_id = first.state = issued.replaces_id = None
    delivery.kind = DeliveryKind.ISSUE
    db.session.commit()
    after = YEAR.total_seconds()
    world.work(after)
    world.work(after + 200)
    world.work(after + 400)
    (new,) = renewal.chain()
    assert new["replaces_badge_id"] == old["id"]
    db.session.refresh(first)
    assert (first.credly_id, issued.credly_id) == (old["id"], new["id"])


def test_the_replaced_badge_neither_follows_a_name_nor_can_be_revoked(renewal, world, ada):
    renewal.first()
    world.work()
    renewal.renew(world.now + YEAR)
    world.work(YEAR.total_seconds())
    first, second = (one.issued_badge for one in renewal.awards())
    world.lena.last_name = "Larsdotter"
    db.session.commit()
    assert operations.correct_name(learner=world.lena, now=world.now + YEAR) == 1
    assert not operations.can_be_revoked(first)
    assert operations.can_be_revoked(second)


def test_a_renewal_that_is_taken_back_before_it_left_leaves_the_first(renewal, world, otto):
    renewal.first()
    world.work()
    attempt = renewal.renew(world.now + YEAR)
    later = world.now + YEAR
    undone = undo(actor=otto, enrolment=attempt, reason="By mistake", now=later)
    assert [one.cycle for one in undone.cancelled] == [2]
    assert world.work(YEAR.total_seconds()) == []
    assert [one.state for one in renewal.awards()] == [AwardState.EARNED, AwardState.CANCELLED]


def test_a_held_renewal_says_why_and_leaves_when_it_may(renewal, world):
    renewal.first()
    world.work()
    connections.pause(connection=world.connection, now=world.now)
    renewal.renew(world.now + YEAR)
    held = db.session.scalars(select(Delivery).filter_by(state=DeliveryState.HELD)).one()
    assert held.held_because is Held.CONNECTION_PAUSED


def test_what_is_retired_cannot_be_renewed(renewal, world, lena):
    renewal.first()
    renewal.certification.state = ObjectState.RETIRED
    db.session.commit()
    with pytest.raises(RuleBroken):
        completions.renew(learner=lena, certification=renewal.certification, now=world.now + YEAR)


def test_three_cycles_are_one_chain(renewal, world):
    renewal.first()
    for number in range(3):
        after = number * YEAR
        if number:
            renewal.renew(world.now + after)
        world.work(after.total_seconds())
    assert len(renewal.chain()) == 1
    cycles = db.session.scalars(select(IssuedBadge).order_by(IssuedBadge.cycle)).all()
    assert [one.replaces_id for one in cycles] == [None, cycles[0].id, cycles[1].id]


def test_a_badge_that_comes_to_credly_later_ends_with_the_certification(renewal, world):
    template_id, world.badge.external_badge_id = world.badge.external_badge_id, None
    db.session.commit()
    attempt = renewal.first()
    assert renewal.awards()[0].issued_badge is None
    world.badge.external_badge_id = template_id
    db.session.commit()
    assert hand_in_forgotten(world.now) == 1
    assert renewal.awards()[0].issued_badge.expires_at == attempt.expires_at
