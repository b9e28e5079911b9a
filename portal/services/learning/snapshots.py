"""Changed requirements: kept as they were for those who have begun, or applied to everybody.

Who has completed an object keeps what was required of them either way, so that *Why?* and an undo
can still tell. Nothing is taken from anybody by a change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, literal, null, select, update

from portal.extensions import db
from portal.models import (
    OPEN_ENROLMENTS,
    ApplyRun,
    ApplyState,
    AuditEntry,
    EarnedCredit,
    Enrolment,
    EnrolmentState,
    KeptLevel,
    LearningObject,
    Person,
    ReachedLevel,
    SkillLevel,
)
from portal.services.learning import rules

SKIPPED = "requirements.skipped"
_NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True)
class Started:
    """How many a change touches: those still at it, and those who are through."""

    open: int
    completed: int


def as_now(learning_object: LearningObject) -> dict[str, Any]:
    """Return what an object requires at this moment, to be compared and kept."""
    return rules.of_object(learning_object).stored()


def started(learning_object: LearningObject) -> Started:
    """Return how many learners have begun an object, and how many have completed it."""
    query = (
        select(Enrolment.state, func.count())
        .filter_by(learning_object_id=learning_object.id)
        .group_by(Enrolment.state)
    )
    counts = dict(db.session.execute(query).all())
    completed = counts.get(EnrolmentState.COMPLETED, 0)
    return Started(sum(counts.get(one, 0) for one in OPEN_ENROLMENTS), completed)


def keep_for_started(learning_object: LearningObject, before: Mapping[str, Any]) -> None:
    """Let those who have begun go on by `before`, what was required until now. No commit.

    Who kept something older keeps that.
    """
    _keep(learning_object, before, (*OPEN_ENROLMENTS, EnrolmentState.COMPLETED))


def keep_all_for_started(before: Mapping[int, Mapping[str, Any]]) -> None:
    """Do the same for many objects, by their ids, with one statement. No commit."""
    table = Enrolment.__table__
    kept = (
        update(table)
        .where(table.c.learning_object_id == bindparam("of"))
        .where(table.c.state != EnrolmentState.WITHDRAWN, table.c.requirements.is_(None))
        .values(requirements=bindparam("kept"))
    )
    rows = [{"of": one, "kept": dict(required)} for one, required in before.items()]
    if rows:
        db.session.execute(kept, rows)


def apply_to_all(
    learning_object: LearningObject,
    before: Mapping[str, Any],
    *,
    actor: Person | None,
    now: datetime,
) -> ApplyRun:
    """Let what is required now hold for everybody who is not through; no commit.

    The run that is returned goes through all of them in the background: whoever fulfils it now
    completes the object now, and who is through gets the credits and levels it gives by now.
    """
    _keep(learning_object, before, (EnrolmentState.COMPLETED,))
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.learning_object_id == learning_object.id)
        .where(Enrolment.state.in_(OPEN_ENROLMENTS))
        .values(requirements=null())
        .execution_options(**_NO_SYNC)
    )
    return _ask(actor, now, learning_object_id=learning_object.id)


def hand_out(learning_object: LearningObject, *, actor: Person | None, now: datetime) -> ApplyRun:
    """Give what the object gives by now to those who are through, in the background. No commit."""
    return _ask(actor, now, learning_object_id=learning_object.id)


def keeping(learning_object: LearningObject) -> int:
    """Return how many learners are still at it by what was required when they began."""
    query = select(func.count()).select_from(Enrolment)
    query = query.filter_by(learning_object_id=learning_object.id)
    query = query.where(Enrolment.state.in_(OPEN_ENROLMENTS), Enrolment.requirements.is_not(None))
    return db.session.scalar(query) or 0


def started_on_level(level: SkillLevel) -> Started:
    """Return how many learners have credits for a level without it, and how many reached it."""
    have = select(EarnedCredit.learner_id).filter_by(skill_level_id=level.id).distinct()
    reached = select(ReachedLevel.learner_id).filter_by(skill_level_id=level.id)
    still = have.where(EarnedCredit.learner_id.not_in(reached)).subquery()
    count = select(func.count())
    return Started(
        db.session.scalar(count.select_from(still)) or 0,
        db.session.scalar(count.select_from(reached.subquery())) or 0,
    )


def keep_level_for_started(level: SkillLevel, before: int) -> None:
    """Let those who have credits for a level reach it with as many as until now. No commit."""
    have = select(EarnedCredit.learner_id).where(EarnedCredit.skill_level_id == level.id)
    _keep_level(level, before, have)


def apply_level_to_all(
    level: SkillLevel, before: int, *, actor: Person | None, now: datetime
) -> ApplyRun:
    """Let the credits needed now hold for all who have not reached the level. No commit.

    The run reaches it for whoever has enough by now; also after a skill became active again.
    """
    reached = select(ReachedLevel.learner_id).where(ReachedLevel.skill_level_id == level.id)
    _keep_level(level, before, reached)
    others = KeptLevel.learner_id.not_in(reached)
    db.session.execute(
        db.delete(KeptLevel)
        .where(KeptLevel.skill_level_id == level.id, others)
        .execution_options(**_NO_SYNC)
    )
    return _ask(actor, now, skill_level_id=level.id)


def run_of(learning_object: LearningObject) -> ApplyRun | None:
    """Return the newest run of an object, to show how far it is."""
    query = select(ApplyRun).filter_by(learning_object_id=learning_object.id)
    return db.session.scalars(query.order_by(ApplyRun.id.desc()).limit(1)).first()


def skipped_by(run: ApplyRun | None) -> list[Person]:
    """Return whom a run left out because their part failed, by name."""
    if run is None:
        return []
    left = select(AuditEntry.person_id).filter_by(
        action=SKIPPED, subject=ApplyRun.__tablename__, subject_id=run.id
    )
    query = select(Person).where(Person.id.in_(left))
    return list(db.session.scalars(query.order_by(Person.last_name, Person.id).limit(50)))


def _keep(
    learning_object: LearningObject,
    before: Mapping[str, Any],
    states: tuple[EnrolmentState, ...],
) -> None:
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.learning_object_id == learning_object.id)
        .where(Enrolment.state.in_(states), Enrolment.requirements.is_(None))
        .values(requirements=dict(before))
        .execution_options(**_NO_SYNC)
    )


def _keep_level(level: SkillLevel, before: int, learners) -> None:
    kept = select(KeptLevel.learner_id).where(KeptLevel.skill_level_id == level.id)
    rows = (
        select(EarnedCredit.learner_id, literal(level.id), literal(before))
        .where(EarnedCredit.skill_level_id == level.id)
        .where(EarnedCredit.learner_id.in_(learners), EarnedCredit.learner_id.not_in(kept))
        .distinct()
    )
    columns = ["learner_id", "skill_level_id", "credits"]
    db.session.execute(insert(KeptLevel.__table__).from_select(columns, rows))


def _ask(actor: Person | None, now: datetime, **subject: int) -> ApplyRun:
    """Ask for a run; one that waits untouched will do."""
    query = select(ApplyRun).filter_by(**subject, state=ApplyState.WAITING, last_id=0)
    run = db.session.scalars(query.limit(1)).first()
    if run is None:
        run = ApplyRun(person_id=actor.id if actor else None, due=now, created_at=now, **subject)
        db.session.add(run)
        db.session.flush()
    return run
