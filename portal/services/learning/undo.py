"""Taking a completion back, with everything that was fulfilled only by it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    Award,
    EarnedCredit,
    Enrolment,
    EnrolmentState,
    Person,
    ReachedLevel,
    SkillLevel,
)
from portal.services import audit
from portal.services.issuing.cancelling import TakenBack, take_back
from portal.services.learning.chain import lock_enrolment
from portal.services.learning.resting import Plan, plan_for


@dataclass(frozen=True)
class Undone:
    """What went, and what became of its awards: `left` may be revoked at Credly."""

    enrolments: list[Enrolment]
    levels: list[SkillLevel]
    cancelled: list[Award]
    stopping: list[Award]
    left: list[Award]


def undo(*, actor: Person, enrolment: Enrolment, reason: str, now: datetime) -> Undone:
    """Take a completion back, and what was fulfilled only by it; the learner is at it again.

    Awards that have not left are cancelled, what has left is listed, to be offered for revoking.
    Credits and levels go with it. The reason is logged. Commits. Raises RuleBroken without a
    reason, for what is not completed, and while a later completion of the same object stands.
    """
    if not reason.strip():
        raise RuleBroken(say("reason_missing"), "reason")
    lock_enrolment(enrolment)
    plan = plan_for(enrolment)
    completed_at = enrolment.completed_at.isoformat()
    _apply(plan, now)
    taken = take_back(actor=actor, awards=plan.awards, now=now)
    _log(actor, plan, taken, completed_at, reason.strip(), now)
    levels = [one.skill_level for one in plan.levels]
    db.session.commit()
    return Undone(plan.enrolments, levels, taken.cancelled, taken.stopping, taken.left)


def _apply(plan: Plan, now: datetime) -> None:
    learner_id = plan.enrolments[0].learner_id
    for one in plan.enrolments:
        one.state = _state_after(one)
        one.completed_at = one.success = one.expires_at = one.recorded_by_id = None
        one.undone_at = now
    db.session.execute(
        delete(EarnedCredit)
        .where(EarnedCredit.learner_id == learner_id, EarnedCredit.course_id.in_(plan.lost))
        .execution_options(synchronize_session="fetch")
    )
    for reached in plan.levels:
        db.session.delete(reached)
    for level_id, path_id in plan.granted_otherwise.items():
        db.session.get_one(ReachedLevel, (learner_id, level_id)).learning_path_id = path_id
    db.session.flush()


def _state_after(enrolment: Enrolment) -> EnrolmentState:
    """The learner is at it again, unless a later attempt has begun."""
    query = select(Enrolment.id).where(
        Enrolment.learner_id == enrolment.learner_id,
        Enrolment.learning_object_id == enrolment.learning_object_id,
        Enrolment.attempt > enrolment.attempt,
        Enrolment.state != EnrolmentState.WITHDRAWN,
    )
    later = db.session.scalar(query.limit(1)) is not None
    return EnrolmentState.WITHDRAWN if later else EnrolmentState.IN_PROGRESS


def _log(
    actor: Person, plan: Plan, taken: TakenBack, completed_at: str, reason: str, now: datetime
) -> None:
    first, *others = plan.enrolments
    audit.note(
        "enrolment.undo",
        actor=actor,
        now=now,
        subject=first,
        person=first.learner,
        reason=reason,
        completed_at=completed_at,
        also=[one.id for one in others],
        levels=[one.skill_level_id for one in plan.levels],
        cancelled=[one.id for one in taken.cancelled],
        stopping=[one.id for one in taken.stopping],
        left=[one.id for one in taken.left],
    )
