"""Working off stored events: Credly is asked with our own token, and only its answer counts."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from portal.credly.client import CredlyClient
from portal.credly.errors import ConnectionTrouble, CredlyTrouble, TemplateTrouble
from portal.credly.payloads import Event
from portal.extensions import db
from portal.messages import Message, say
from portal.models import Connection, EarlierCredlyId, InboundEvent, InboundState, IssuedBadge
from portal.services.issuing import health, issued_badges, templates
from portal.services.issuing.calling import client_for, end_transaction
from portal.services.issuing.claims import claim_next, still_mine
from portal.services.issuing.troubles import message_of
from portal.services.means import Means

LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=6)


def work_off_next(means: Means, now: datetime) -> bool:
    """Look one stored event up at Credly and take over what it holds; say if there was one."""
    states = (InboundState.WAITING, InboundState.WORKING)
    taken = claim_next(InboundEvent, states=states, busy=InboundState.WORKING, lease=LEASE, now=now)
    if taken is None:
        return False
    row_id, owner = taken
    row = db.session.get_one(InboundEvent, row_id, populate_existing=True)
    connection = db.session.get_one(Connection, row.connection_id, populate_existing=True)
    end_transaction()
    if health.is_closed(connection, now):
        values = {"state": InboundState.WAITING, "due": connection.closed_until}
        still_mine(InboundEvent, row_id, owner, **values)
        db.session.commit()
        return True
    try:
        client = client_for(connection, means)
        event = client.event(row.event_id)
        said = _apply(event, client, connection, means, now)
    except CredlyTrouble as trouble:
        _put_off(row, owner, connection, trouble, now)
    else:
        ignored = said.code in {"event_unknown_at_credly", "event_not_about_ours"}
        state = InboundState.IGNORED if ignored else InboundState.DONE
        still_mine(InboundEvent, row_id, owner, state=state, ended_at=now, reason=said.stored())
        db.session.commit()
    return True


def forget_old(kept: timedelta, now: datetime) -> None:
    """Drop events that are over and came longer ago than that. The caller commits."""
    over = InboundEvent.state.in_([InboundState.DONE, InboundState.IGNORED])
    db.session.execute(delete(InboundEvent).where(over, InboundEvent.received_at < now - kept))


def _apply(
    event: Event | None,
    client: CredlyClient,
    connection: Connection,
    means: Means,
    now: datetime,
) -> Message:
    if event is None:
        return say("event_unknown_at_credly")
    if event.template_id and not event.badge_id:
        return _apply_template(event.template_id, client, connection, means, now)
    if event.badge_id is None:
        return say("event_not_about_ours")
    badge = client.badge(event.badge_id)
    issued = _issued_of(event.badge_id)
    if issued is None:
        return say("event_not_about_ours")
    if badge is None:
        if issued.credly_id == event.badge_id:
            issued_badges.gone(issued, now)
        return say("event_badge_gone")
    if issued.credly_id == badge.id:
        issued_badges.apply(issued, badge, means, now)
        issued_badges.plan_next_read(issued, now)
    return say("event_applied")


def _apply_template(
    template_id: str, client: CredlyClient, connection: Connection, means: Means, now: datetime
) -> Message:
    try:
        template = client.template(template_id)
    except TemplateTrouble:
        templates.mark_gone(connection, template_id)
    else:
        templates.mirror(connection, [template], means.door.hosts, now)
    return say("event_applied")


def _issued_of(credly_id: str) -> IssuedBadge | None:
    earlier = select(EarlierCredlyId.issued_badge_id).where(EarlierCredlyId.credly_id == credly_id)
    query = select(IssuedBadge).where(
        or_(IssuedBadge.credly_id == credly_id, IssuedBadge.id.in_(earlier))
    )
    return db.session.scalars(query).first()


def _put_off(
    row: InboundEvent, owner: str, connection: Connection, trouble: CredlyTrouble, now: datetime
) -> None:
    if isinstance(trouble, ConnectionTrouble):
        health.hold(connection, trouble, now)
    wait = min(timedelta(minutes=1) * 2 ** min(row.tries, 10), LONGEST_WAIT)
    still_mine(
        InboundEvent,
        row.id,
        owner,
        state=InboundState.WAITING,
        due=now + wait,
        reason=message_of(trouble).stored(),
    )
    db.session.commit()
