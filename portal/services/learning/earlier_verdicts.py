"""Who completed something before it had its badge, and what each would get from it now.

One statement tells it for any number of people; the preview, its file and the run ask the same.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, Subquery, case, cast, func, literal, null, select

from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    Badge,
    Certification,
    EarlierOutcome,
    Enrolment,
    EnrolmentState,
    Held,
    Person,
    ReachedLevel,
)
from portal.models.columns import Moment
from portal.services.issuing.orders import why_held
from portal.services.learning.sources import Source
from portal.services.mentions import names_person
from portal.services.slices import START, Order, Place, Slice, slice_of

PIECE = 500
_BY_NAME = Order((Person.last_name, Person.first_name, Person.id))


class Verdict(StrEnum):
    """What a run would do for somebody, and why. Each is a message code with `earlier_` before."""

    WILL = "will"
    WILL_HISTORY = "will_history"
    WILL_AGAIN = "will_again"
    HAS = "has"
    HAS_OTHER = "has_other"
    RETIRED = "retired"
    WITHOUT_SUCCESS = "without_success"
    OFF = "off"
    EXPIRED = "expired"
    REVOKED = "revoked"


WILL = (Verdict.WILL, Verdict.WILL_HISTORY, Verdict.WILL_AGAIN)
HAS = (Verdict.HAS, Verdict.HAS_OTHER)
BLOCKED = tuple(one for one in Verdict if one not in {*WILL, *HAS})
GROUPS = {
    EarlierOutcome.WAITING: WILL,
    EarlierOutcome.HAD_IT: HAS,
    EarlierOutcome.BLOCKED: BLOCKED,
}


@dataclass(frozen=True)
class Candidate:
    """Somebody who completed it: when, until when that counts, and what they would get."""

    learner: Person
    completed_at: datetime
    expires_at: datetime | None
    verdict: Verdict
    # Why what would be awarded waits before it can leave for Credly.
    held: Held | None = None

    @property
    def outcome(self) -> EarlierOutcome:
        """The group the verdict belongs to."""
        return outcome_of(self.verdict)


def outcome_of(verdict: Verdict) -> EarlierOutcome:
    """Return the group a verdict belongs to."""
    return next(outcome for outcome, group in GROUPS.items() if verdict in group)


def counts(source: Source, badge: Badge, now: datetime) -> dict[EarlierOutcome, int]:
    """Return how many people there are of each group."""
    found = _query(source, badge, now).subquery()
    query = select(found.c.verdict, func.count()).group_by(found.c.verdict)
    told = dict.fromkeys(GROUPS, 0)
    for verdict, count in db.session.execute(query):
        told[outcome_of(Verdict(verdict))] += count
    return told


def waiting(source: Source, now: datetime) -> int:
    """Return how many people would get the badge that the source has now."""
    badge = source.badge
    return counts(source, badge, now)[EarlierOutcome.WAITING] if badge else 0


def list_of(
    source: Source, badge: Badge, q: str, outcome: str, now: datetime, place: Place = START
) -> Slice:
    """Return a page of the people, by name."""
    ids = _matching(source, badge, q, outcome, now).with_only_columns(Person.id)
    found = slice_of(ids, select(Person), _BY_NAME, place)
    theirs = of_learners(source, badge, [one.id for one in found.rows], now)
    return replace(found, rows=[theirs[one.id] for one in found.rows if one.id in theirs])


def all_of(source: Source, badge: Badge, q: str, outcome: str, now: datetime) -> Iterator:
    """Yield everybody the list would show, a piece at a time, by id."""
    last = 0
    query = _matching(source, badge, q, outcome, now).order_by(Person.id).limit(PIECE)
    while rows := db.session.execute(query.where(Person.id > last)).all():
        for row in rows:
            yield _candidate(row, badge, source.hold)
        last = rows[-1][0].id


def of_learners(
    source: Source, badge: Badge, learner_ids: Collection[int], now: datetime
) -> dict[int, Candidate]:
    """Return what these people would get, by their id; who did not complete it is not there."""
    query = _query(source, badge, now).where(Person.id.in_(learner_ids))
    rows = db.session.execute(query)
    return {row[0].id: _candidate(row, badge, source.hold) for row in rows}


def _candidate(row, badge: Badge, hold: timedelta) -> Candidate:
    learner, verdict, held = row[0], Verdict(row[3]), None
    if verdict in WILL and badge.on_credly:
        held = why_held(badge, badge.template, badge.connection, learner)
        held = held or (Held.UNDO_WINDOW if hold else None)
    return Candidate(learner, row[1], row[2], verdict, held)


def _matching(source: Source, badge: Badge, q: str, outcome: str, now: datetime) -> Select:
    query = _query(source, badge, now)
    if outcome in set(GROUPS):
        query = query.where(_verdict_column(query).in_(GROUPS[EarlierOutcome(outcome)]))
    if q:
        query = query.where(names_person(q))
    return query


def _verdict_column(query: Select) -> ColumnElement:
    return query.selected_columns["verdict"].element


def _query(source: Source, badge: Badge, now: datetime) -> Select:
    done, have = _completions(source), _held(source, badge)
    verdict = _verdict(badge, done, have, now).label("verdict")
    return (
        select(Person, done.c.completed_at, done.c.expires_at, verdict)
        .join(done, done.c.learner_id == Person.id)
        .outerjoin(have, have.c.learner_id == Person.id)
    )


def _verdict(badge: Badge, done: Subquery, have: Subquery, now: datetime) -> ColumnElement[str]:
    no_longer = literal(not badge.is_active)
    return case(
        (have.c.mine > 0, Verdict.HAS.value),
        (have.c.sent > 0, Verdict.HAS_OTHER.value),
        (no_longer, Verdict.RETIRED.value),
        (done.c.success == 0, Verdict.WITHOUT_SUCCESS.value),
        (Person.active.is_(False), Verdict.OFF.value),
        (done.c.expires_at <= now, Verdict.EXPIRED.value),
        (have.c.unsent > 0, Verdict.WILL_HISTORY.value),
        (have.c.revoked > 0, Verdict.REVOKED.value),
        (have.c.cancelled > 0, Verdict.WILL_AGAIN.value),
        else_=Verdict.WILL.value,
    )


def _completions(source: Source) -> Subquery:
    """Return one row a learner: the completion that counts, else the one without success.

    What a course gives was earned the first time; a certification counts as it was last renewed.
    """
    if source.level is not None:
        return (
            select(
                ReachedLevel.learner_id,
                ReachedLevel.reached_at.label("completed_at"),
                literal(1).label("success"),
                cast(null(), Moment).label("expires_at"),
            )
            .where(ReachedLevel.skill_level_id == source.level.id)
            .subquery()
        )
    good = Enrolment.success.is_(True)
    when = case((good, Enrolment.completed_at))
    counts_at = func.max if isinstance(source.learning_object, Certification) else func.min
    completed_at = func.coalesce(counts_at(when), func.max(Enrolment.completed_at))
    return (
        select(
            Enrolment.learner_id,
            completed_at.label("completed_at"),
            func.max(case((good, 1), else_=0)).label("success"),
            func.max(case((good, Enrolment.expires_at))).label("expires_at"),
        )
        .where(Enrolment.learning_object_id == source.id, Enrolment.completed_at.is_not(None))
        .where(Enrolment.state == EnrolmentState.COMPLETED)
        .group_by(Enrolment.learner_id)
        .subquery()
    )


def _held(source: Source, badge: Badge) -> Subquery:
    """Return one row a learner: how many awards of the badge they have, by what became of them."""
    earned = Award.state == AwardState.EARNED
    there = earned & Award.issued_badge_id.is_not(None) if badge.on_credly else earned
    column = Award.learning_object_id if source.learning_object else Award.skill_level_id
    groups = {
        "sent": there,
        "mine": there & (column == source.id),
        "unsent": earned,
        "revoked": Award.state == AwardState.REVOKED,
        "cancelled": Award.state == AwardState.CANCELLED,
    }
    columns = (func.sum(case((rule, 1), else_=0)).label(name) for name, rule in groups.items())
    query = select(Award.learner_id, *columns).where(Award.badge_id == badge.id)
    return query.group_by(Award.learner_id).subquery()
