"""Carrying a changed requirement to everybody it touches: in the background, a learner at a time.

Each learner is one short transaction with the learner's row locked; where the run was left it goes
on, whoever takes it up.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from portal.extensions import db
from portal.models import (
    OPEN_ENROLMENTS,
    ApplyRun,
    ApplyState,
    EarnedCredit,
    Enrolment,
    EnrolmentState,
    Kind,
    Person,
)
from portal.policies import can_complete
from portal.services import audit
from portal.services.issuing.claims import claim_next, still_mine
from portal.services.learning import credits, modules_done, rules
from portal.services.learning.beginnings import begin_within
from portal.services.learning.chain import finish, lock_enrolment, settle
from portal.services.learning.earning import award
from portal.services.learning.snapshots import SKIPPED
from portal.services.locks import lock
from portal.services.means import Means

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)
AT_ONCE = 100
STATES = (ApplyState.WAITING, ApplyState.RUNNING)
Work = Callable[[int, datetime], int]


def run_next(_means: Means, now: datetime, at_once: int = AT_ONCE) -> bool:
    """Take the next learners of one run that is due; say whether there was one. Commits."""
    taken = claim_next(ApplyRun, states=STATES, busy=ApplyState.RUNNING, lease=LEASE, now=now)
    if taken is None:
        return False
    run_id, owner = taken
    run = db.session.get_one(ApplyRun, run_id, populate_existing=True)
    ids = list(db.session.scalars(_rest(run).limit(at_once)))
    work = _learner_before_level(run.skill_level_id) if run.skill_level_id else _attempt
    looked_at, completed = run.looked_at, run.completed
    db.session.commit()
    for number, one in enumerate(ids, 1):
        completed += _work_or_skip(work, run_id, one, now)
        values = {"last_id": one, "looked_at": looked_at + number, "completed": completed}
        if not still_mine(ApplyRun, run_id, owner, **values):
            db.session.rollback()
            return True
        db.session.commit()
    values = {"state": ApplyState.WAITING, "due": now, "owner": None}
    if len(ids) < at_once:
        values |= {"state": ApplyState.DONE, "ended_at": now}
    still_mine(ApplyRun, run_id, owner, **values)
    db.session.commit()
    return True


def _work_or_skip(work: Work, run_id: int, one: int, now: datetime) -> int:
    """Do one learner's part. One that fails is left out and named in the audit log, so that the
    others get theirs; a database that is in trouble fails for everybody and is waited for."""
    try:
        done = work(one, now)
        db.session.flush()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("apply run %s leaves out %s", run_id, one)
        db.session.rollback()
        run = db.session.get_one(ApplyRun, run_id)
        learner_id = one if run.skill_level_id else db.session.get_one(Enrolment, one).learner_id
        learner = db.session.get_one(Person, learner_id)
        audit.note(SKIPPED, actor=None, now=now, subject=run, person=learner)
        return 0
    return done


def _rest(run: ApplyRun):
    if run.skill_level_id:
        return (
            select(EarnedCredit.learner_id)
            .where(EarnedCredit.skill_level_id == run.skill_level_id)
            .where(EarnedCredit.learner_id > run.last_id)
            .order_by(EarnedCredit.learner_id)
            .distinct()
        )
    return (
        select(Enrolment.id)
        .where(Enrolment.learning_object_id == run.learning_object_id)
        .where(Enrolment.id > run.last_id, Enrolment.state != EnrolmentState.WITHDRAWN)
        .order_by(Enrolment.id)
    )


def _learner_before_level(level_id: int) -> Work:
    def work(learner_id: int, now: datetime) -> int:
        learner = db.session.get_one(Person, learner_id)
        lock(learner)
        reached = credits.reach(learner, [level_id], now)
        award({learner: []}, reached, now)
        return len(reached)

    return work


def _attempt(enrolment_id: int, now: datetime) -> int:
    """Complete an open attempt that fulfils what holds now; hand out what a completed one gives."""
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    lock_enrolment(enrolment)
    if enrolment.success:
        _hand_out(enrolment, now)
        return 0
    if enrolment.state not in OPEN_ENROLMENTS:
        return 0
    if enrolment.learning_object.kind is Kind.COURSE:
        _course(enrolment, now)
    else:
        if enrolment.learning_object.kind is Kind.LEARNING_PATH:
            begin_within(enrolment.learner, [enrolment.learning_object_id], now)
        settle(enrolment.learner, now=now, changed=enrolment.learning_object)
    return int(enrolment.done)


def _course(enrolment: Enrolment, now: datetime) -> None:
    """A course whose modules are enough by now; one without any still wants its button."""
    needs = rules.of_enrolments([enrolment])[enrolment.id]
    theirs_to_complete = can_complete(enrolment.learner, enrolment.learning_object.policy)
    if theirs_to_complete and needs.fulfilled_by(modules_done.of(enrolment)):
        finish(enrolment, at=now, now=now)


def _hand_out(enrolment: Enrolment, now: datetime) -> None:
    completed = {enrolment.learner_id: {enrolment.learning_object_id: enrolment.completed_at}}
    kind, learner = enrolment.learning_object.kind, enrolment.learner
    reached = credits.earn(completed) if kind is Kind.COURSE else []
    reached += credits.grant(completed) if kind is Kind.LEARNING_PATH else []
    award({learner: []}, reached, now)
