"""What people are told about their learning. Rows go into the caller's transaction."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.messages import Message, say
from portal.models import (
    OPEN_ENROLMENTS,
    Decision,
    Enrolment,
    Evidence,
    Kind,
    LearningObject,
    NotificationKind,
    Person,
)
from portal.services.people.notifications import admin_ids, notify, notify_once

DUE_SOON = timedelta(days=3)
AT_ONCE = 500
_PLACES = {
    Kind.COURSE: "courses",
    Kind.LEARNING_PATH: "learning-paths",
    Kind.CERTIFICATION: "certifications",
}


def enrolled(
    learner: Person, learning_object: LearningObject, by: Person | None, now: datetime
) -> None:
    """Tell a learner whom somebody else enrolled."""
    if by is not None and by.id != learner.id:
        message = say("told_enrolled", title=learning_object.title)
        _tell(learner, learning_object, NotificationKind.ENROLLED, message, now)


def evidence_waiting(learning_object: LearningObject, now: datetime) -> None:
    """Tell the owners that evidence waits; administrators where nobody owns it any more."""
    owners = [owner.id for owner in learning_object.owners if owner.active]
    notify_once(
        person_ids=owners or admin_ids(),
        kind=NotificationKind.EVIDENCE_WAITING,
        message=say("told_evidence_waiting", title=learning_object.title),
        path="/author/evidence",
        now=now,
    )


def evidence_decided(evidence: Evidence, now: datetime) -> None:
    """Tell the learner what came of the evidence."""
    approved = evidence.decision is Decision.APPROVED
    thing = evidence.enrolment.learning_object
    code = "told_evidence_approved" if approved else "told_evidence_rejected"
    message = say(code, title=thing.title)
    _tell(evidence.enrolment.learner, thing, NotificationKind.EVIDENCE_DECIDED, message, now)


def warn_of_due(now: datetime) -> int:
    """Tell learners of what is due within three days, once for each day set; return how many.

    Commits.
    """
    unsaid = or_(Enrolment.due_told.is_(None), Enrolment.due_told != Enrolment.due_at)
    query = (
        select(Enrolment)
        .join(Enrolment.learner)
        .where(Enrolment.due_at > now, Enrolment.due_at <= now + DUE_SOON, unsaid)
        .where(Enrolment.state.in_(OPEN_ENROLMENTS), Person.active)
        .options(joinedload(Enrolment.learner), joinedload(Enrolment.learning_object))
        .limit(AT_ONCE)
    )
    told = sum(_warn(enrolment, now) for enrolment in db.session.scalars(query).all())
    db.session.commit()
    return told


def _warn(enrolment: Enrolment, now: datetime) -> bool:
    """Mark it first: only one of two engines tells."""
    due = enrolment.due_at
    unsaid = or_(Enrolment.due_told.is_(None), Enrolment.due_told != due)
    mine = db.session.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment.id, Enrolment.due_at == due, unsaid)
        .values(due_told=due)
        .execution_options(synchronize_session=False)
    )
    if due is None or mine.rowcount != 1:
        return False
    thing = enrolment.learning_object
    message = say("told_due_soon", title=thing.title)
    _tell(enrolment.learner, thing, NotificationKind.DUE_SOON, message, now)
    return True


def _tell(
    learner: Person, thing: LearningObject, kind: NotificationKind, message: Message, now: datetime
) -> None:
    path = f"/learner/{_PLACES[thing.kind]}/{thing.id}"
    notify(person=learner, kind=kind, message=message, path=path, now=now)
