"""What is looked after every few minutes, so that nothing depends on a single moment going well."""

from datetime import datetime

from sqlalchemy import and_, func, or_, select

from portal.credly.errors import CredlyTrouble
from portal.extensions import db
from portal.models import (
    OPEN,
    Award,
    AwardState,
    Badge,
    Connection,
    ConnectionState,
    CredlyState,
    Delivery,
    DeliveryState,
    Held,
    IssuedBadge,
    Person,
    Template,
)
from portal.services.issuing import health, names, operations
from portal.services.issuing.awarding import hand_in
from portal.services.issuing.calling import client_for, take_due
from portal.services.issuing.issued_badges import replaced_ids
from portal.services.issuing.patience import ASK_HELD_AGAIN
from portal.services.locks import lock_all
from portal.services.means import Means

AT_ONCE = 200


def ask_held_again(means: Means, now: datetime) -> bool:
    """Ask Credly again over one held connection; a good answer lets everything go on."""
    due = or_(Connection.closed_until.is_(None), Connection.closed_until <= now)
    held = (Connection.state == ConnectionState.HELD) & due
    connection = take_due(held, closed_until=now + ASK_HELD_AGAIN)
    if connection is None:
        return False
    try:
        client_for(connection, means).organization()
    except CredlyTrouble:
        return True  # still held; the reason that stands there already is as good
    health.work_again(connection, now)
    db.session.commit()
    return True


def release_what_may_go(now: datetime) -> int:
    """Let go deliveries whose obstacle is gone, whoever removed it; return how many. Commits."""
    working = select(Connection.id).where(Connection.state == ConnectionState.WORKING)
    active = select(IssuedBadge.id).join(IssuedBadge.badge).join(Badge.template)
    active = active.where(Template.state == "active")
    released = health.release(
        and_(
            Delivery.connection_id.in_(working),
            or_(
                Delivery.held_because.in_([Held.CONNECTION_HELD, Held.CONNECTION_PAUSED]),
                and_(
                    Delivery.held_because.in_([Held.TEMPLATE_NOT_ACTIVE, Held.NO_CONNECTION]),
                    Delivery.issued_badge_id.in_(active),
                ),
            ),
        ),
        now,
    )
    db.session.commit()
    return released


def follow_changed_people(now: datetime) -> None:
    """Let badges follow a name or address that changed while they were on their way. Commits."""
    address = func.coalesce(Person.badge_email, Person.email)
    renamed = or_(
        IssuedBadge.first_name != Person.first_name, IssuedBadge.last_name != Person.last_name
    )
    moved = and_(IssuedBadge.state == CredlyState.PENDING, IssuedBadge.recipient_email != address)
    busy = select(Delivery.issued_badge_id).where(Delivery.state.in_(OPEN))
    query = (
        select(Person)
        .join(IssuedBadge, IssuedBadge.learner_id == Person.id)
        .where(IssuedBadge.state.in_(operations.LIVE), IssuedBadge.was_there.is_(False))
        .where(IssuedBadge.id.not_in(replaced_ids()))
        .where(Person.opted_out_at.is_(None), Person.erased_at.is_(None))
        .where(IssuedBadge.gone_at.is_(None), IssuedBadge.id.not_in(busy), or_(renamed, moved))
        .distinct()
        .limit(AT_ONCE)
    )
    for person in db.session.scalars(query).all():
        operations.follow(learner=person, now=now)


def release_usable_names(now: datetime) -> None:
    """Let badges go that waited for a name which somebody corrected, whoever it was. Commits."""
    query = (
        select(Person)
        .join(IssuedBadge, IssuedBadge.learner_id == Person.id)
        .join(Delivery, Delivery.issued_badge_id == IssuedBadge.id)
        .where(Delivery.state == DeliveryState.HELD)
        .where(Delivery.held_because == Held.NAME_NOT_USABLE)
        .distinct()
        .limit(AT_ONCE)
    )
    for person in db.session.scalars(query).all():
        if names.usable(person):
            operations.follow(learner=person, now=now)


def hand_in_forgotten(now: datetime) -> int:
    """Give awards an issued badge whose badge is backed by Credly by now; return how many.

    The learners are locked first, as by whoever awards them something in the same moment. Commits.
    """
    backed = select(Badge.id).where(Badge.external_badge_id.is_not(None))
    forgotten = and_(
        Award.badge_id.in_(backed),
        Award.issued_badge_id.is_(None),
        Award.not_sent_because.is_(None),
        Award.state == AwardState.EARNED,
    )
    query = select(Award.id, Award.learner_id).where(forgotten).order_by(Award.id).limit(AT_ONCE)
    found = db.session.execute(query).all()
    lock_all({one.learner_id for one in found})
    still = select(Award).where(Award.id.in_({one.id for one in found}), forgotten)
    awards = db.session.scalars(still.order_by(Award.id)).all()
    for award in awards:
        hand_in(award, now)
    db.session.commit()
    return len(awards)
