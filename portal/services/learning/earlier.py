"""Award earlier completions: begun, paused, resumed and looked at by the people who manage it.

The work itself is done in the background, see earlier_running; taking back is in earlier_undo.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, join, select, update
from sqlalchemy.orm import joinedload

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import Message, say
from portal.models import (
    Badge,
    EarlierOutcome,
    EarlierRow,
    EarlierRun,
    EarlierState,
    Person,
)
from portal.services import audit
from portal.services.learning import earlier_verdicts, sources
from portal.services.learning.earlier_verdicts import Candidate, Verdict
from portal.services.learning.sources import LEVELS, OBJECTS, Source
from portal.services.locks import lock_badge
from portal.services.mentions import names_person
from portal.services.slices import START, Order, Place, Slice, slice_of

OPEN = (EarlierState.RUNNING, EarlierState.PAUSED)
PIECE = 500
_BY_NAME = Order(
    (Person.last_name, Person.first_name, EarlierRow.learner_id),
    source=join(EarlierRow, Person, EarlierRow.learner_id == Person.id),
)


def start(
    *, actor: Person, source: Source, reason: str, suppress_mail: bool, now: datetime
) -> EarlierRun:
    """Begin to award the badge to everybody who completed the source before. Commits.

    Who gets it is written down here, and judged once more when their turn comes. Raises
    RuleBroken without a reason or a badge, for nobody, and while such a run is under way.
    """
    if not reason.strip():
        raise RuleBroken(say("earlier_reason_missing"), "reason")
    badge = source.badge
    if badge is None:
        raise RuleBroken(say("earlier_no_badge"))
    lock_badge(badge)
    if open_run(source) is not None:
        raise RuleBroken(say("earlier_under_way"))
    run = EarlierRun(
        **source.key,
        badge_id=badge.id,
        person_id=actor.id,
        reason=reason.strip(),
        suppress_mail=suppress_mail,
        due=now,
        created_at=now,
    )
    db.session.add(run)
    db.session.flush()
    people = _write_rows(run, source, badge, now)
    if not people:
        db.session.rollback()
        raise RuleBroken(say("earlier_nobody"))
    _note(
        "earlier.start", actor, run, now, reason=run.reason, people=people, mail=not suppress_mail
    )
    db.session.commit()
    return run


def pause(*, actor: Person, run: EarlierRun, now: datetime) -> None:
    """Let nothing more be awarded for now; the batch in hand is dropped. Commits."""
    values = {"state": EarlierState.PAUSED, "owner": None, "tries": 0}
    move(run, (EarlierState.RUNNING,), say("earlier_not_running"), **values)
    _note("earlier.pause", actor, run, now)
    db.session.commit()


def resume(*, actor: Person, run: EarlierRun, now: datetime) -> None:
    """Go on where it was paused. Commits."""
    values = {"state": EarlierState.RUNNING, "owner": None, "tries": 0, "due": now}
    move(run, (EarlierState.PAUSED,), say("earlier_not_paused"), **values)
    _note("earlier.resume", actor, run, now)
    db.session.commit()


def move(run: EarlierRun, states: tuple[EarlierState, ...], no: Message, **values: Any) -> None:
    """Move a run on, if it still is in one of these states; raise RuleBroken. No commit."""
    moved = db.session.execute(
        update(EarlierRun)
        .where(EarlierRun.id == run.id, EarlierRun.state.in_(states))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:
        db.session.rollback()
        raise RuleBroken(no)
    db.session.refresh(run)


def get_for_managing(actor: Person, run_id: int) -> tuple[EarlierRun, Source]:
    """Return the run and its source, if `actor` may manage that; else it does not exist."""
    run = db.session.get(EarlierRun, run_id)
    if run is None:
        raise NotFound
    return run, sources.get_for_managing(actor, *place_of(run))


def place_of(run: EarlierRun) -> tuple[str, int]:
    """Return what kind of source a run has, and its id."""
    if run.learning_object_id is not None:
        return OBJECTS, run.learning_object_id
    return LEVELS, run.skill_level_id or 0


def open_run(source: Source) -> EarlierRun | None:
    """Return the run of this source that is under way or paused."""
    return db.session.scalars(_of(source).where(EarlierRun.state.in_(OPEN)).limit(1)).first()


def newest_runs_of(source: Source) -> Sequence[EarlierRun]:
    """Return the newest ten runs of this source."""
    query = _of(source).options(
        joinedload(EarlierRun.person), joinedload(EarlierRun.badge).joinedload(Badge.template)
    )
    return db.session.scalars(query.order_by(EarlierRun.id.desc()).limit(10)).all()


def counts_of(run: EarlierRun) -> dict[EarlierOutcome, int]:
    """Return how many people of a run there are of each outcome."""
    query = select(EarlierRow.outcome, func.count()).filter_by(run_id=run.id)
    found = {row[0]: row[1] for row in db.session.execute(query.group_by(EarlierRow.outcome))}
    return {outcome: found.get(outcome, 0) for outcome in EarlierOutcome}


def rows_of(run: EarlierRun, q: str, outcome: str, place: Place = START) -> Slice:
    """Return a page of the people of a run, by name."""
    found = _rows(run, q, outcome)
    return slice_of(found.with_only_columns(EarlierRow.learner_id), _rows(run), _BY_NAME, place)


def all_rows(run: EarlierRun) -> Iterator[EarlierRow]:
    """Yield everybody of a run, a piece at a time."""
    last, query = 0, _rows(run).order_by(EarlierRow.learner_id).limit(PIECE)
    while rows := db.session.scalars(query.where(EarlierRow.learner_id > last)).all():
        yield from rows
        last = rows[-1].learner_id


def _rows(run: EarlierRun, q: str = "", outcome: str = "") -> Select:
    query = select(EarlierRow).join(EarlierRow.learner).where(EarlierRow.run_id == run.id)
    query = query.options(joinedload(EarlierRow.learner))
    if outcome in set(EarlierOutcome):
        query = query.where(EarlierRow.outcome == outcome)
    if q:
        query = query.where(names_person(q))
    return query


def _of(source: Source) -> Select:
    return select(EarlierRun).filter_by(**source.key)


def _write_rows(run: EarlierRun, source: Source, badge: Badge, now: datetime) -> int:
    """Write a row for everybody who completed it; return how many will be awarded."""
    will, rows = 0, []
    for one in earlier_verdicts.all_of(source, badge, "", "", now):
        rows.append(_row_of(run, one))
        will += one.outcome is EarlierOutcome.WAITING
        if len(rows) == PIECE:
            db.session.execute(insert(EarlierRow), rows)
            rows = []
    if rows:
        db.session.execute(insert(EarlierRow), rows)
    return will


def _row_of(run: EarlierRun, one: Candidate) -> dict[str, Any]:
    # Who has the badge through something else gets a second award, so theirs is a turn, too.
    joins = one.verdict is Verdict.HAS_OTHER
    return {
        "run_id": run.id,
        "learner_id": one.learner.id,
        "completed_at": one.completed_at,
        "outcome": EarlierOutcome.WAITING if joins else one.outcome,
        "reason": say(f"earlier_{one.verdict.value}").stored(),
    }


def _note(
    action: str, actor: Person, run: EarlierRun, now: datetime, *, reason: str = "", **more: Any
) -> None:
    where = {name: value for name, value in zip(("what", "source_id"), place_of(run), strict=True)}
    details = {"badge_id": run.badge_id, **where, **more}
    audit.note(action, actor=actor, now=now, subject=run, reason=reason, **details)
