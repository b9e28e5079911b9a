"""Enrolling and completing. The completion, its awards and their deliveries are one commit."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    Badge,
    Course,
    Enrolment,
    EnrolmentState,
    LearningObject,
    ObjectState,
    Person,
    Template,
)
from portal.policies import can_enrol
from portal.services.issuing.awards import award, was_revoked
from portal.services.paging import Page, literally, page_of


def lock(learner: Person) -> None:
    """Lock the learner's row: two last courses at once must see each other."""
    query = select(Person.id).where(Person.id == learner.id).with_for_update()
    db.session.execute(query)


def catalogue(q: str, kind: str, page: int) -> Page:
    """Return a page of what is published, by title."""
    query = (
        select(LearningObject)
        .where(LearningObject.state == ObjectState.PUBLISHED)
        .options(_badge_with_picture(LearningObject.badge))
        .order_by(LearningObject.title, LearningObject.id)
    )
    if kind:
        query = query.where(LearningObject.kind == kind)
    if q:
        pattern = literally(q)
        query = query.where(
            LearningObject.title.ilike(pattern, escape="\\")
            | LearningObject.description.ilike(pattern, escape="\\")
        )
    return page_of(query, page, per_page=24)


def get_for_learner(learner: Person, course_id: int) -> Course:
    """Return a published course, or one the learner is on; any other does not exist for them."""
    course = db.session.get(Course, course_id)
    if course is None or course.state is ObjectState.DRAFT:
        raise NotFound
    if course.state is ObjectState.RETIRED and enrolment_of(learner, course) is None:
        raise NotFound
    return course


def enrolment_of(learner: Person, learning_object: LearningObject) -> Enrolment | None:
    """Return the learner's newest attempt; None without one, or when they withdrew from it."""
    query = (
        select(Enrolment)
        .filter_by(learner_id=learner.id, learning_object_id=learning_object.id)
        .order_by(Enrolment.attempt.desc())
        .limit(1)
    )
    found = db.session.scalars(query).first()
    return None if found is None or found.state is EnrolmentState.WITHDRAWN else found


def enrolments_for(learner: Person, objects: Sequence[LearningObject]) -> dict[int, Enrolment]:
    """Return the learner's newest attempts at these objects, by the object's id."""
    query = select(Enrolment).where(
        Enrolment.learner_id == learner.id,
        Enrolment.learning_object_id.in_([one.id for one in objects]),
        Enrolment.state != EnrolmentState.WITHDRAWN,
    )
    found = db.session.scalars(query.order_by(Enrolment.attempt))
    return {enrolment.learning_object_id: enrolment for enrolment in found}


def in_progress(learner: Person) -> Sequence[Enrolment]:
    """Return what the learner has begun and not finished, newest first."""
    query = (
        select(Enrolment)
        .where(Enrolment.learner_id == learner.id, Enrolment.completed_at.is_(None))
        .where(Enrolment.state != EnrolmentState.WITHDRAWN)
        .options(
            joinedload(Enrolment.learning_object).options(_badge_with_picture(LearningObject.badge))
        )
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
        .limit(50)
    )
    return db.session.scalars(query).unique().all()


def list_of_learner(learner: Person) -> Page:
    """Return the newest enrolments of a learner, over and withdrawn ones too, with their count."""
    query = (
        select(Enrolment)
        .where(Enrolment.learner_id == learner.id)
        .options(joinedload(Enrolment.learning_object))
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
    )
    return page_of(query, 1)


def enrol(*, learner: Person, course: LearningObject, now: datetime) -> Enrolment:
    """Enrol the learner; doing it again changes nothing. Commits."""
    lock(learner)
    enrolment = enrolment_of(learner, course)
    if enrolment is None or may_begin_anew(learner, course, enrolment):
        if not can_enrol(learner, course):
            raise RuleBroken(say("not_published"))
        enrolment = Enrolment(
            learner_id=learner.id,
            learning_object_id=course.id,
            attempt=_next_attempt(learner, course),
            enrolled_at=now,
        )
        db.session.add(enrolment)
    db.session.commit()
    return enrolment


def withdraw(*, learner: Person, course: LearningObject) -> None:
    """Take the learner off a course they have not finished. Commits."""
    lock(learner)
    enrolment = enrolment_of(learner, course)
    if enrolment is None:
        raise RuleBroken(say("not_enrolled"))
    if enrolment.done:
        raise RuleBroken(say("already_completed"))
    enrolment.state = EnrolmentState.WITHDRAWN
    db.session.commit()


def complete(*, learner: Person, course: Course, now: datetime) -> Enrolment:
    """Complete the course and award its badge. Doing it again changes nothing. Commits.

    Completion, award, issued badge and delivery are one transaction (assurance 3, rule 1).
    """
    lock(learner)
    enrolment = enrolment_of(learner, course)
    if enrolment is None:
        raise RuleBroken(say("not_enrolled"))
    if not enrolment.done:
        enrolment.state = EnrolmentState.COMPLETED
        enrolment.completed_at, enrolment.success = now, True
        badge = _badge_of(course)
        if badge is not None:
            award(
                learner=learner,
                badge=badge,
                earned_at=now,
                now=now,
                learning_object_id=course.id,
                again=course.earned_again,
            )
    db.session.commit()
    return enrolment


def may_begin_anew(learner: Person, course: LearningObject, enrolment: Enrolment | None) -> bool:
    """Whether a finished course may be taken once more: its badge was revoked, and it says so."""
    if enrolment is None or not enrolment.done or not course.earned_again:
        return False
    return was_revoked(learner, course.id)


def _badge_of(course: LearningObject) -> Badge | None:
    if course.badge_id is None:
        return None
    query = (
        select(Badge)
        .where(Badge.id == course.badge_id)
        .options(joinedload(Badge.template), joinedload(Badge.connection))
    )
    return db.session.scalars(query).one()


def _next_attempt(learner: Person, course: LearningObject) -> int:
    query = select(Enrolment.attempt).filter_by(learner_id=learner.id, learning_object_id=course.id)
    return max(db.session.scalars(query), default=0) + 1


def _badge_with_picture(relation):
    return joinedload(relation).options(
        joinedload(Badge.own_image),
        joinedload(Badge.template).joinedload(Template.image),
    )
