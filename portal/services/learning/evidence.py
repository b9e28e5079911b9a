"""Evidence: handed in by a learner, then approved or rejected by an owner or an administrator."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    Certification,
    Course,
    Decision,
    Enrolment,
    EnrolmentState,
    Evidence,
    Kind,
    LearningObject,
    LearningObjectOwner,
    Person,
    Policy,
)
from portal.policies import can_decide_about, can_edit, is_admin
from portal.services import audit
from portal.services.learning import chain, completions, enrolments, notices, requirements
from portal.services.learning.describing import web_address
from portal.services.learning.files import KeptFile
from portal.services.learning.renewal import can_renew
from portal.services.locks import lock
from portal.services.mentions import names_person
from portal.services.paging import literally
from portal.services.slices import START, Order, Place, Slice, slice_of

_LONGEST_WAITING = Order((Evidence.handed_in_at, Evidence.id))
_DECIDED_AT = func.coalesce(Evidence.decided_at, Evidence.handed_in_at)
_LAST_DECIDED = Order((_DECIDED_AT, Evidence.id), falling=True)


def takes_evidence(learning_object: LearningObject) -> bool:
    """Whether it is completed by evidence: a course that says so, or an external certification."""
    if isinstance(learning_object, Course):
        return learning_object.policy is Policy.EVIDENCE
    return isinstance(learning_object, Certification) and learning_object.external


def hand_in(
    *,
    learner: Person,
    learning_object: LearningObject,
    text: str,
    address: str,
    file: KeptFile | None,
    now: datetime,
) -> Evidence:
    """Hand in a text, an address, a file, or several of them, for approval. Commits.

    An external certification needs the file, and begins its renewal with it. Raises RuleBroken
    while there is nothing to hand in, something waits already, or the course's modules are open.
    """
    lock(learner)
    enrolment = may_hand_in(learner, learning_object, now)
    if enrolment.done:
        enrolment = completions.begin_renewal(learner, learning_object, now)
        db.session.flush()
    given = Evidence(enrolment_id=enrolment.id, text=text.strip(), handed_in_at=now)
    given.address = web_address(address, "address")
    if file is not None:
        given.file_key, given.file_name, given.file_type = file.key, file.name, file.type
    elif learning_object.kind is Kind.CERTIFICATION:
        raise RuleBroken(say("file_missing"), "file")
    elif not given.text and not given.address:
        raise RuleBroken(say("evidence_empty"))
    enrolment.state = EnrolmentState.SUBMITTED
    db.session.add(given)
    notices.evidence_waiting(learning_object, now)
    db.session.commit()
    return given


def may_hand_in(learner: Person, learning_object: LearningObject, now: datetime) -> Enrolment:
    """Return the attempt to hand in for; raise RuleBroken with what stands in the way.

    The completed one of an external certification that can be renewed: new proof begins that.
    """
    if not takes_evidence(learning_object):
        raise RuleBroken(say("evidence_not_wanted"))
    enrolment = enrolments.enrolment_of(learner, learning_object)
    if enrolment is None:
        raise RuleBroken(say("not_enrolled"))
    if enrolment.done and can_renew(enrolment, now):
        completions.check_renewal(learner, learning_object, now)
    elif enrolment.done:
        raise RuleBroken(say("already_completed"))
    if enrolment.state is EnrolmentState.SUBMITTED:
        raise RuleBroken(say("evidence_waits"))
    if learning_object.kind is Kind.COURSE:
        progress = requirements.progress_of(learner, learning_object, enrolment)
        if progress.parts and not progress.fulfilled:
            raise RuleBroken(say("modules_open"))
    return enrolment


def list_of(enrolment: Enrolment | None) -> Sequence[Evidence]:
    """Return what was handed in for one attempt, newest first."""
    if enrolment is None:
        return []
    query = select(Evidence).filter_by(enrolment_id=enrolment.id)
    return db.session.scalars(query.order_by(Evidence.id.desc()).limit(50)).all()


def get_own(learner: Person, evidence_id: int) -> Evidence:
    """Return what the learner handed in; anybody else's does not exist for them."""
    found = db.session.get(Evidence, evidence_id)
    if found is None or found.enrolment.learner_id != learner.id:
        raise NotFound
    return found


def list_for_approver(actor: Person, q: str, decided: bool, place: Place = START) -> Slice:
    """Return a page of evidence for the actor's own objects: what waits, oldest first, or what is
    decided, newest first."""
    load = select(Evidence).options(
        joinedload(Evidence.enrolment).options(
            joinedload(Enrolment.learner), joinedload(Enrolment.learning_object)
        ),
        joinedload(Evidence.decided_by),
    )
    query = select(Evidence.id).join(Evidence.enrolment)
    query = _of_own(query.join(Enrolment.learner).join(Enrolment.learning_object), actor)
    if decided:
        query, order = query.where(Evidence.decision != Decision.WAITING), _LAST_DECIDED
    else:
        query, order = _waiting(query), _LONGEST_WAITING
    if q:
        titled = LearningObject.title.ilike(literally(q), escape="\\")
        query = query.where(names_person(q) | titled)
    return slice_of(query, load, order, place)


def get_for_approver(actor: Person, evidence_id: int) -> Evidence:
    """Return evidence for an object that the actor looks after; all else does not exist."""
    found = db.session.get(Evidence, evidence_id)
    if found is None or not can_edit(actor, found.enrolment.learning_object):
        raise NotFound
    return found


def approve(*, actor: Person, evidence: Evidence, at: datetime, now: datetime) -> None:
    """Say that it is enough: the attempt is completed on that day, with all that follows.

    Commits. Raises RuleBroken when it was decided or withdrawn meanwhile, or the day is to come.
    """
    if at > now:
        raise RuleBroken(say("day_to_come"), "day")
    _decide(evidence, Decision.APPROVED, actor, now)
    chain.finish(evidence.enrolment, at=at, now=now, recorded_by=actor)
    audit.note(
        "evidence.approve",
        actor=actor,
        now=now,
        subject=evidence,
        person=evidence.enrolment.learner,
    )
    db.session.commit()


def reject(*, actor: Person, evidence: Evidence, reason: str, now: datetime) -> None:
    """Say that it is not enough, and why; the learner sees it and may hand in again. Commits."""
    if not reason.strip():
        raise RuleBroken(say("say_why"), "reason")
    _decide(evidence, Decision.REJECTED, actor, now)
    evidence.reason = reason.strip()
    evidence.enrolment.state = EnrolmentState.IN_PROGRESS
    audit.note(
        "evidence.reject",
        actor=actor,
        now=now,
        subject=evidence,
        person=evidence.enrolment.learner,
        reason=evidence.reason,
    )
    db.session.commit()


def _decide(evidence: Evidence, decision: Decision, actor: Person, now: datetime) -> None:
    """Write the decision down if it is still open: two approvers may press at once."""
    if not can_decide_about(actor, evidence.enrolment.learner):
        raise RuleBroken(say("own_evidence"))
    chain.lock_enrolment(evidence.enrolment)
    db.session.refresh(evidence)
    waits = evidence.decision is Decision.WAITING
    if not waits or evidence.enrolment.state is not EnrolmentState.SUBMITTED:
        raise RuleBroken(say("evidence_decided"))
    evidence.decision, evidence.decided_at, evidence.decided_by_id = decision, now, actor.id
    notices.evidence_decided(evidence, now)


def _waiting(query: Select) -> Select:
    # What somebody withdrew from, or completed otherwise, waits for nobody any more.
    open_still = Enrolment.state == EnrolmentState.SUBMITTED
    return query.where(Evidence.decision == Decision.WAITING, open_still)


def _of_own(query: Select, actor: Person) -> Select:
    if is_admin(actor):
        return query
    mine = select(LearningObjectOwner.learning_object_id).filter_by(person_id=actor.id)
    return query.where(Enrolment.learning_object_id.in_(mine))
