"""Awards: this learner earned this badge. The delivery is written in the same transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import contains_eager, joinedload

from portal.errors import NotFound
from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    Badge,
    BadgeState,
    Delivery,
    DeliveryState,
    IssuedBadge,
    Person,
    Template,
)
from portal.services.issuing.orders import why_held
from portal.services.paging import Page, literally, page_of


def award(
    *,
    learner: Person,
    badge: Badge,
    earned_at: datetime,
    now: datetime,
    learning_object_id: int | None = None,
    skill_level_id: int | None = None,
    again: bool = False,
) -> Award | None:
    """Award the badge once through this source; calling it again returns the first award.

    None when the badge is retired: the completion counts, but nothing is earned. The second
    source of the same badge shares the first one's issued badge. With `again`, a badge that was
    revoked is earned anew in the next cycle. The caller has locked the learner's row, and commits.
    """
    source = {"learning_object_id": learning_object_id, "skill_level_id": skill_level_id}
    cycle = _cycle(learner, badge, again)
    query = select(Award).filter_by(learner_id=learner.id, badge_id=badge.id, cycle=cycle, **source)
    before = db.session.scalar(query)
    if before or badge.state is BadgeState.RETIRED:
        return before
    given = Award(
        learner_id=learner.id, badge_id=badge.id, cycle=cycle, earned_at=earned_at, **source
    )
    if badge.on_credly:
        given.issued_badge = _issued_badge(learner, badge, cycle, earned_at, now)
    db.session.add(given)
    return given


def was_revoked(learner: Person, learning_object_id: int) -> bool:
    """Say whether the newest award of this learner through this learning object was revoked."""
    query = (
        select(Award.state)
        .filter_by(learner_id=learner.id, learning_object_id=learning_object_id)
        .order_by(Award.cycle.desc(), Award.id.desc())
    )
    return db.session.scalar(query.limit(1)) is AwardState.REVOKED


def _cycle(learner: Person, badge: Badge, again: bool) -> int:
    """Return the cycle an award now belongs to: the newest, or the one after a revocation."""
    query = (
        select(Award.cycle, Award.state)
        .filter_by(learner_id=learner.id, badge_id=badge.id)
        .order_by(Award.cycle.desc())
    )
    newest = db.session.execute(query.limit(1)).first()
    if newest is None:
        return 1
    return newest.cycle + (again and newest.state is AwardState.REVOKED)


def _issued_badge(
    learner: Person, badge: Badge, cycle: int, at: datetime, now: datetime
) -> IssuedBadge:
    query = select(IssuedBadge).filter_by(learner_id=learner.id, badge_id=badge.id, cycle=cycle)
    before = db.session.scalar(query)
    if before:
        return before
    issued = IssuedBadge(learner_id=learner.id, badge_id=badge.id, cycle=cycle, issued_at=at)
    db.session.add(issued)
    db.session.flush()
    new_delivery(issued, badge, learner, now)
    return issued


def new_delivery(issued: IssuedBadge, badge: Badge, learner: Person, now: datetime) -> Delivery:
    """Put an issued badge into the outbox; what stands in its way holds it. The caller commits."""
    because = why_held(badge, badge.template, badge.connection, learner)
    delivery = Delivery(
        issued_badge_id=issued.id,
        connection_id=badge.connection_id,
        state=DeliveryState.HELD if because else DeliveryState.WAITING,
        held_because=because,
        due=now,
        created_at=now,
    )
    db.session.add(delivery)
    return delivery


def hand_in(award: Award, now: datetime) -> None:
    """Give an award that has none its issued badge and delivery. The caller commits."""
    award.issued_badge = _issued_badge(
        award.learner, award.badge, award.cycle, award.earned_at, now
    )


def list_for_learner(learner: Person, q: str, page: int) -> Page:
    """Return a page of what the learner earned, newest first."""
    query = (
        select(Award)
        .join(Award.badge)
        .outerjoin(Badge.template)
        .where(Award.learner_id == learner.id)
        .options(
            contains_eager(Award.badge).options(
                contains_eager(Badge.template).joinedload(Template.image),
                joinedload(Badge.own_image),
                joinedload(Badge.connection),
            ),
            joinedload(Award.issued_badge),
        )
        .order_by(Award.earned_at.desc(), Award.id.desc())
    )
    if q:
        pattern = literally(q)
        named = Badge.own_name.ilike(pattern, escape="\\")
        query = query.where(named | Template.name.ilike(pattern, escape="\\"))
    return page_of(query, page)


def list_for_admin(q: str, state: str, page: int) -> Page:
    """Return a page of every award, newest first, by person or badge and state."""
    query = (
        select(Award)
        .join(Award.learner)
        .join(Award.badge)
        .outerjoin(Badge.template)
        .options(
            contains_eager(Award.learner),
            contains_eager(Award.badge).contains_eager(Badge.template),
            joinedload(Award.issued_badge),
        )
        .order_by(Award.id.desc())
    )
    if state in set(AwardState):
        query = query.where(Award.state == state)
    if q:
        pattern = literally(q)
        query = query.where(
            (Person.first_name + " " + Person.last_name).ilike(pattern, escape="\\")
            | Person.email.ilike(pattern, escape="\\")
            | Badge.own_name.ilike(pattern, escape="\\")
            | Template.name.ilike(pattern, escape="\\")
        )
    return page_of(query, page)


def get(award_id: int) -> Award:
    """Return the award; raise NotFound."""
    award = db.session.get(Award, award_id)
    if award is None:
        raise NotFound
    return award


def get_for_learner(learner: Person, award_id: int) -> Award:
    """Return the learner's own award; anybody else's does not exist for them."""
    award = db.session.get(Award, award_id)
    if award is None or award.learner_id != learner.id:
        raise NotFound
    return award


def of_learning_object(learning_object_id: int, learner_ids: Collection[int]) -> dict[int, Award]:
    """Return what these learners earned through one learning object, by the learner's id."""
    query = (
        select(Award)
        .where(Award.learning_object_id == learning_object_id, Award.learner_id.in_(learner_ids))
        .options(joinedload(Award.issued_badge))
        .order_by(Award.cycle)
    )
    return {given.learner_id: given for given in db.session.scalars(query)}


def earned_through(learner: Person, learning_object_ids: Collection[int]) -> set[int]:
    """Return through which of these learning objects the learner earned a badge they still have."""
    query = select(Award.learning_object_id).where(
        Award.learner_id == learner.id,
        Award.state == AwardState.EARNED,
        Award.learning_object_id.in_(learning_object_ids),
    )
    return set(db.session.scalars(query))


def already_held(learner: Person, given: Sequence[Award]) -> set[int]:
    """Return the ids of those awards whose badge the learner had already through another source."""
    query = select(Award).where(
        Award.learner_id == learner.id,
        Award.badge_id.in_({one.badge_id for one in given}),
        Award.state == AwardState.EARNED,
    )
    first: dict[tuple[int, int], int] = {}
    for one in db.session.scalars(query.order_by(Award.id)):
        first.setdefault((one.badge_id, one.cycle), one.id)
    earned = (one for one in given if one.state is AwardState.EARNED)
    return {one.id for one in earned if first.get((one.badge_id, one.cycle), one.id) != one.id}


def list_of_badge_and_learner(badge_id: int, learner_id: int) -> list[Award]:
    """Return every award of one badge to one learner."""
    query = select(Award).filter_by(badge_id=badge_id, learner_id=learner_id)
    return list(db.session.scalars(query))


def delivery_of(issued: IssuedBadge | None) -> Delivery | None:
    """Return the newest delivery of an issued badge."""
    if issued is None:
        return None
    query = select(Delivery).filter_by(issued_badge_id=issued.id).order_by(Delivery.id.desc())
    return db.session.scalars(query.limit(1)).first()


def cancel_awards_of(issued_badge_id: int) -> None:
    """Cancel the awards of a badge that will not be issued. The caller commits."""
    db.session.execute(
        update(Award)
        .where(Award.issued_badge_id == issued_badge_id, Award.state == AwardState.EARNED)
        .values(state=AwardState.CANCELLED)
        .execution_options(synchronize_session=False)
    )
