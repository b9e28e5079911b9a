"""Enrolling and completing. A completion, all it fulfils, and all deliveries are one commit."""

from datetime import datetime

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    Certification,
    Course,
    Enrolment,
    EnrolmentState,
    Kind,
    LearningObject,
    Module,
    ModuleDone,
    ObjectState,
    Person,
)
from portal.policies import can_complete, can_enrol
from portal.services.issuing.awards import was_revoked
from portal.services.learning import attempts, modules_done, notices, rules
from portal.services.learning.attempts import Attempt
from portal.services.learning.beginnings import begin, begin_within
from portal.services.learning.chain import finish, finish_course, settle
from portal.services.learning.enrolments import (
    enrolment_of,
    get_for_learner,
    is_asked_for,
    is_wanted_again,
    newest_attempt,
    newest_completion,
)
from portal.services.learning.renewal import can_renew
from portal.services.locks import lock


def enrol(
    *,
    learner: Person,
    learning_object: LearningObject,
    now: datetime,
    by: Person | None = None,
    due_at: datetime | None = None,
) -> Enrolment:
    """Enrol the learner; doing it again changes nothing, but for a new due date. Commits.

    On a path or certification what was completed earlier counts, so it may be completed at once.
    A path brings the paths within it along. Raises RuleBroken unless it is open for enrolment:
    published, or retired while a path or certification that the learner is on asks for it.
    """
    lock(learner)
    enrolment = enrolment_of(learner, learning_object)
    if enrolment is None or may_begin_anew(enrolment):
        _check_open(learner, learning_object)
        before = newest_attempt(learner, learning_object)
        enrolment = begin(learner, learning_object, before, now, by)
        notices.enrolled(learner, learning_object, by, now)
        if learning_object.kind is Kind.LEARNING_PATH:
            begin_within(learner, [learning_object.id], now, by)
        if learning_object.kind is not Kind.COURSE:
            settle(learner, now=now)
    if due_at is not None and enrolment.is_open:
        enrolment.due_at = due_at
    db.session.commit()
    return enrolment


def withdraw(*, learner: Person, learning_object: LearningObject) -> None:
    """Take the learner off an object they have not finished. Commits."""
    lock(learner)
    enrolment = _theirs(learner, learning_object)
    if enrolment.done:
        raise RuleBroken(say("already_completed"))
    enrolment.state = EnrolmentState.WITHDRAWN
    db.session.commit()


def complete(*, learner: Person, course_id: int, now: datetime) -> None:
    """Complete the course, and all that follows from it. Doing it again changes nothing. Commits.

    Completion, awards, issued badges and deliveries are one transaction (assurance 3, rule 1).
    Raises NotFound for a course that does not exist for the learner, and RuleBroken when they are
    not on it, somebody else decides, or modules are open.
    """
    lock(learner)
    attempt = attempts.newest(learner, course_id)
    if attempt is None or attempt.learning_object.state is ObjectState.DRAFT:
        get_for_learner(learner, course_id)
        raise RuleBroken(say("not_enrolled"))
    if not attempt.done:
        if not can_complete(learner, attempt.learning_object.policy):
            raise RuleBroken(say("others_decide"))
        if not _modules_are_done(attempt):
            raise RuleBroken(say("modules_open"))
        finish_course(attempt, learner=learner, now=now)
    db.session.commit()


def mark_done(*, learner: Person, course: Course, module: Module, now: datetime) -> Enrolment:
    """Mark a module as done; the last one needed completes the course. Commits.

    Where an author or staff decides it completes nothing. Doing it again changes nothing.
    """
    lock(learner)
    enrolment = _theirs(learner, course)
    needs = rules.of_enrolments([enrolment])[enrolment.id]
    if module.id not in needs.items:
        raise NotFound
    done = modules_done.of(enrolment)
    if not enrolment.done and module.id not in done:
        db.session.add(ModuleDone(enrolment_id=enrolment.id, module_id=module.id, done_at=now))
        if enrolment.state is EnrolmentState.ENROLLED:
            enrolment.state = EnrolmentState.IN_PROGRESS
        if can_complete(learner, course.policy) and needs.fulfilled_by(done | {module.id}):
            finish(enrolment, at=now, now=now)
    db.session.commit()
    return enrolment


def take_back_done(*, learner: Person, course: Course, module: Module) -> Enrolment:
    """Mark a module as not done after all; a completed course stays as it is. Commits."""
    lock(learner)
    enrolment = _theirs(learner, course)
    if enrolment.done:
        raise RuleBroken(say("already_completed"))
    row = db.session.get(ModuleDone, (enrolment.id, module.id))
    if row is not None:
        db.session.delete(row)
    db.session.commit()
    return enrolment


def renew(*, learner: Person, certification: Certification, now: datetime) -> Enrolment:
    """Begin the renewal of a certification; one that has begun is returned. Commits.

    It is a new attempt that needs everything again. Raises RuleBroken before its window opens,
    and after a revocation unless the certification may be earned again.
    """
    lock(learner)
    newest = newest_attempt(learner, certification)
    if newest is None or not newest.is_open:
        newest = begin_renewal(learner, certification, now)
        settle(learner, now=now)
    db.session.commit()
    return newest


def begin_renewal(learner: Person, certification: Certification, now: datetime) -> Enrolment:
    """Add the attempt that renews a certification. The caller has locked the learner; no commit."""
    check_renewal(learner, certification, now)
    return begin(learner, certification, newest_attempt(learner, certification), now)


def check_renewal(learner: Person, certification: Certification, now: datetime) -> None:
    """Raise RuleBroken unless the learner may begin the renewal now."""
    if not can_renew(newest_completion(learner, certification), now):
        raise RuleBroken(say("renewal_not_yet"))
    if not certification.earned_again and was_revoked(learner, certification.id):
        raise RuleBroken(say("renewal_after_revocation"))
    if not can_enrol(learner, certification):
        raise RuleBroken(say("not_published"))


def may_begin_anew(enrolment: Enrolment | None) -> bool:
    """Whether a finished object may be taken once more.

    After no success; for a renewal that needs it again; or when the badge was revoked and the
    object says that it may be earned again. A certification that ends is renewed instead.
    """
    if enrolment is None or not enrolment.done:
        return False
    if not enrolment.success:
        return True
    learner, learning_object = enrolment.learner, enrolment.learning_object
    if learning_object.earned_again and was_revoked(learner, learning_object.id):
        return True
    return is_wanted_again(learner, learning_object)


def _check_open(learner: Person, learning_object: LearningObject) -> None:
    if can_enrol(learner, learning_object):
        return
    retired = learning_object.state is ObjectState.RETIRED
    if not (learner.active and retired and is_asked_for(learner, learning_object)):
        raise RuleBroken(say("not_published" if learner.active else "learner_inactive"))


def _modules_are_done(attempt: Attempt) -> bool:
    if not attempt.has_modules and attempt.requirements is None:
        return True
    needs = rules.of_enrolments([attempt])[attempt.id]
    return not needs.items or needs.fulfilled_by(modules_done.of(attempt))


def _theirs(learner: Person, learning_object: LearningObject) -> Enrolment:
    enrolment = enrolment_of(learner, learning_object)
    if enrolment is None:
        raise RuleBroken(say("not_enrolled"))
    return enrolment
