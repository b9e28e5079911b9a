"""Taking a completion back: what rests on it goes too, and what has left can be revoked."""

import pytest
from sqlalchemy import select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import (
    AuditEntry,
    Award,
    AwardState,
    Delivery,
    DeliveryState,
    EarnedCredit,
    EnrolmentState,
    ReachedLevel,
)
from portal.services.issuing import operations
from portal.services.learning import completions, enrolments
from portal.services.learning.undo import undo
from tests.catalogues import give, grant, make_path, make_skill
from tests.factories import make_badge, make_course, make_person


@pytest.fixture
def complete(lena, now):
    """Lena enrols on a course and completes it."""

    def done(course):
        completions.enrol(learner=lena, learning_object=course, now=now)
        completions.complete(learner=lena, course_id=course.id, now=now)
        return enrolments.enrolment_of(lena, course)

    return done


def take_back(otto, attempt, now):
    return undo(actor=otto, enrolment=attempt, reason="Recorded by mistake", now=now)


def states() -> dict[str, AwardState]:
    return {one.badge.name: one.state for one in db.session.scalars(select(Award))}


def test_what_was_fulfilled_only_by_it_goes_too(otto, lena, complete, now):
    course, other = make_course(otto, "Knots", badge=make_badge("Knots")), make_course(otto)
    skill = make_skill((5, make_badge("Able")), (1, make_badge("Granted")))
    give(course, skill.levels[0], 5)
    path = make_path(otto, [course], badge=make_badge("Path"))
    free = make_path(otto, (1, [course, other]), badge=make_badge("Free"))
    grant(path, skill.levels[1])
    around = make_path(otto, [path], badge=make_badge("Around"))
    for one in (around, free):
        completions.enrol(learner=lena, learning_object=one, now=now)
    complete(other)
    undone = take_back(otto, complete(course), now)
    assert {one.learning_object for one in undone.enrolments} == {course, path, around}
    assert {one.id for one in undone.levels} == {one.id for one in skill.levels}
    gone = dict.fromkeys(["Knots", "Able", "Granted", "Path", "Around"], AwardState.CANCELLED)
    assert states() == gone | {"Free": AwardState.EARNED}
    assert not db.session.scalars(select(EarnedCredit)).all()
    assert not db.session.scalars(select(ReachedLevel)).all()
    assert enrolments.enrolment_of(lena, path).state is EnrolmentState.IN_PROGRESS


def test_what_has_other_ground_stays(otto, lena, complete, now):
    courses = [make_course(otto, f"Course {number}") for number in range(3)]
    skill = make_skill((5, make_badge("Able")))
    for course in courses:
        give(course, skill.levels[0], 5)
    attempts = [complete(course) for course in courses]
    undone = take_back(otto, attempts[0], now)
    assert not undone.levels
    assert states() == {"Able": AwardState.EARNED}


def test_a_level_that_a_path_granted_stays_when_credits_are_enough(otto, lena, complete, now):
    course, other = make_course(otto), make_course(otto, "Other")
    skill = make_skill((5, make_badge("Able")))
    path = make_path(otto, [course])
    grant(path, skill.levels[0])
    completions.enrol(learner=lena, learning_object=path, now=now)
    attempt = complete(course)
    give(other, skill.levels[0], 5)
    complete(other)
    take_back(otto, attempt, now)
    reached = db.session.scalars(select(ReachedLevel)).one()
    assert reached.learning_path_id is None
    assert states() == {"Able": AwardState.EARNED}


def test_what_has_not_left_is_cancelled_and_can_be_earned_again(world, otto, lena, now):
    delivery = world.complete()
    attempt = enrolments.enrolment_of(lena, world.course)
    undone = take_back(otto, attempt, now)
    assert (len(undone.cancelled), undone.left) == (1, [])
    db.session.refresh(delivery)
    assert delivery.state is DeliveryState.CANCELLED
    assert world.work() == []
    completions.complete(learner=lena, course_id=world.course.id, now=now)
    assert world.work() == [DeliveryState.DONE]
    assert len(world.live()) == 1
    assert db.session.scalars(select(Award)).one().state is AwardState.EARNED


def test_what_has_left_is_offered_for_revoking_and_can_be_earned_again(world, otto, lena, now):
    world.complete()
    world.work()
    undone = take_back(otto, enrolments.enrolment_of(lena, world.course), now)
    (left,) = undone.left
    operations.revoke(
        actor=otto, issued=left.issued_badge, reason="By mistake", suppress_mail=True, now=now
    )
    world.work()
    completions.complete(learner=lena, course_id=world.course.id, now=now)
    assert world.work() == [DeliveryState.DONE]
    assert [one.cycle for one in db.session.scalars(select(Award).order_by(Award.id))] == [1, 2]
    assert len(world.live()) == 1


def test_what_may_be_leaving_is_looked_up_and_nothing_more_is_sent(world, otto, lena, now):
    world.complete()
    world.credly.plan(match={"method": "POST"}, status=500)
    world.work()
    undone = take_back(otto, enrolments.enrolment_of(lena, world.course), now)
    assert len(undone.stopping) == 1
    assert world.work(after=200) == [DeliveryState.CANCELLED]
    assert db.session.scalars(select(Award)).one().state is AwardState.CANCELLED


def test_what_was_asked_to_stop_goes_on_when_it_is_earned_again(world, otto, lena, now):
    world.complete()
    world.credly.plan(match={"method": "POST"}, status=500)
    world.work()
    take_back(otto, enrolments.enrolment_of(lena, world.course), now)
    completions.complete(learner=lena, course_id=world.course.id, now=now)
    assert world.work(after=200) == [DeliveryState.DONE]
    assert len(world.live()) == 1


def test_a_badge_that_is_also_earned_otherwise_stays(world, otto, lena, now):
    world.complete()
    other = make_course(otto, "Other", badge=world.badge)
    world.complete(course=other)
    undone = take_back(otto, enrolments.enrolment_of(lena, world.course), now)
    assert len(undone.cancelled) == 1
    assert world.work() == [DeliveryState.DONE]


def test_a_reason_is_asked_for_and_logged(otto, lena, ada, complete, now):
    attempt = complete(make_course(otto))
    with pytest.raises(RuleBroken):
        undo(actor=ada, enrolment=attempt, reason=" ", now=now)
    take_back(ada, attempt, now)
    entry = db.session.scalars(select(AuditEntry).filter_by(action="enrolment.undo")).one()
    assert (entry.actor_id, entry.person_id) == (ada.id, lena.id)
    assert entry.reason == "Recorded by mistake"
    with pytest.raises(RuleBroken):
        take_back(ada, attempt, now)


def test_deliveries_of_others_are_left_alone(world, otto, lena, now):
    world.complete()
    world.complete(make_person("Nina Neighbour"))
    take_back(otto, enrolments.enrolment_of(lena, world.course), now)
    waiting = select(Delivery).filter_by(state=DeliveryState.WAITING)
    assert len(db.session.scalars(waiting).all()) == 1


def test_a_path_that_was_taken_back_comes_again_only_with_something_of_its_own(
    otto, lena, complete, now
):
    course, unrelated = make_course(otto), make_course(otto, "Unrelated")
    path = make_path(otto, [course], badge=make_badge("Path"))
    completions.enrol(learner=lena, learning_object=path, now=now)
    attempt = complete(course)
    take_back(otto, enrolments.enrolment_of(lena, path), now)
    complete(unrelated)
    assert not enrolments.enrolment_of(lena, path).done
    assert states() == {"Path": AwardState.CANCELLED}
    take_back(otto, attempt, now)
    complete(course)
    assert enrolments.enrolment_of(lena, path).done
    assert states() == {"Path": AwardState.EARNED}
