"""The health of a connection: held, paused, failing, working again; and what waits on it."""

from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, literal, or_, select, update

from portal.credly.errors import ConnectionTrouble, CredlyTrouble, NotNow
from portal.extensions import db
from portal.messages import Message
from portal.models import (
    Badge,
    Connection,
    ConnectionState,
    Delivery,
    DeliveryState,
    Held,
    IssuedBadge,
    Template,
)
from portal.services import audit
from portal.services.issuing import notices
from portal.services.issuing.facts import ConnectionFacts
from portal.services.issuing.patience import ASK_HELD_AGAIN, LONGEST_ASKED_WAIT, DeliveryRules
from portal.services.issuing.troubles import message_of

_WAITS = (DeliveryState.WAITING, DeliveryState.UNSURE)
_NO_SYNC = {"synchronize_session": False}


def hold(
    connection: Connection | ConnectionFacts, trouble: ConnectionTrouble, now: datetime
) -> bool:
    """Hold the connection and everything that waits for it; staff are told once. The caller
    commits.

    Says False, and changes nothing, when the token was replaced while the call was on its way.
    """
    mine = (Connection.id == connection.id, Connection.token_version == connection.token_version)
    first = db.session.execute(
        update(Connection)
        .where(*mine, Connection.state == ConnectionState.WORKING)
        .values(state=ConnectionState.HELD)
        .execution_options(**_NO_SYNC)
    )
    paused = Connection.state == ConnectionState.PAUSED
    reason = literal(message_of(trouble).stored(), Connection.state_reason.type)
    held = db.session.execute(
        update(Connection)
        .where(*mine)
        .values(
            # What a person paused stays paused, with their reason, since when they said so.
            state=case((paused, ConnectionState.PAUSED.value), else_=ConnectionState.HELD.value),
            state_reason=case((paused, Connection.state_reason), else_=reason),
            state_since=case((paused, Connection.state_since), else_=now),
            # Asked at once it may answer well, for its organisation can be read, and be let go
            # only to be refused by the next POST: a request a second instead of one.
            closed_until=now + ASK_HELD_AGAIN,
        )
        .execution_options(**_NO_SYNC)
    )
    if held.rowcount != 1:
        return False
    if first.rowcount == 1:
        change = {"before": ConnectionState.WORKING, "after": ConnectionState.HELD}
        row = db.session.get_one(Connection, connection.id)
        audit.note("connection.held", subject=row, now=now, **change)
        notices.connection_held(connection, now)
    _hold_waiting(Delivery.connection_id == connection.id, Held.CONNECTION_HELD)
    return True


def hold_template(template_id: int, state: str) -> None:
    """Hold what waits for this template, which Credly says is not there or not active. The caller
    commits.
    """
    db.session.execute(update(Template).where(Template.id == template_id).values(state=state))
    badges = select(Badge.id).where(Badge.template_id == template_id)
    issued = select(IssuedBadge.id).where(IssuedBadge.badge_id.in_(badges))
    _hold_waiting(Delivery.issued_badge_id.in_(issued), Held.TEMPLATE_NOT_ACTIVE)


def release_template(template: Template, now: datetime) -> int:
    """Let go what waited for this template. The caller commits."""
    badges = select(Badge.id).where(Badge.template_id == template.id)
    issued = select(IssuedBadge.id).where(IssuedBadge.badge_id.in_(badges))
    where = and_(
        Delivery.issued_badge_id.in_(issued),
        Delivery.held_because == Held.TEMPLATE_NOT_ACTIVE,
    )
    return release(where, now)


def pause(connection: Connection, message: Message | None, now: datetime) -> None:
    """Stop sending because a person said so. The caller commits."""
    before = connection.state
    connection.state = ConnectionState.PAUSED
    connection.state_reason = message.stored() if message else None
    connection.state_since = now
    change = {"before": before, "after": ConnectionState.PAUSED}
    audit.note("connection.pause", subject=connection, now=now, **change)
    db.session.flush()
    _hold_waiting(Delivery.connection_id == connection.id, Held.CONNECTION_PAUSED)


def work_again(connection: Connection, now: datetime) -> int:
    """Send again, after a test that went well; return how many deliveries go on.

    `connection` is what was known when the test began: who paused it since, refused it or gave it
    another token knows better, and then nothing changes. The caller commits.
    """
    db.session.flush()
    before = connection.state
    well = db.session.execute(
        update(Connection)
        .where(Connection.id == connection.id, Connection.state == connection.state)
        .where(Connection.state_since == connection.state_since)
        .where(Connection.token_version == connection.token_version)
        .values(
            state=ConnectionState.WORKING,
            state_reason=None,
            state_since=now,
            failing_since=None,
            closed_until=None,
        )
        .execution_options(**_NO_SYNC)
    )
    db.session.refresh(connection)
    if well.rowcount != 1:
        return 0
    if before is not ConnectionState.WORKING:
        word = "resume" if before is ConnectionState.PAUSED else "working"
        change = {"before": before, "after": ConnectionState.WORKING}
        audit.note(f"connection.{word}", subject=connection, now=now, **change)
    where = and_(
        Delivery.connection_id == connection.id,
        Delivery.held_because.in_([Held.CONNECTION_HELD, Held.CONNECTION_PAUSED]),
    )
    return release(where, now)


def release(where, now: datetime) -> int:
    """Let held deliveries go: what may have been sent is looked up first. The caller commits.

    What is still to be held so that it can be cancelled stays for that until its time.
    """
    stays, unsent = Delivery.held_until > now, Delivery.sent_at.is_(None)
    done = db.session.execute(
        update(Delivery)
        .where(Delivery.state == DeliveryState.HELD, where)
        .values(
            state=case(
                (stays, DeliveryState.HELD.value),
                (unsent, DeliveryState.WAITING.value),
                else_=DeliveryState.UNSURE.value,
            ),
            due=case((unsent, now), else_=func.coalesce(Delivery.quiet_until, now)),
            held_because=case((stays, Held.UNDO_WINDOW.value), else_=None),
            reason=None,
        )
        .execution_options(**_NO_SYNC)
    )
    return done.rowcount


def is_closed(connection: Connection, now: datetime) -> bool:
    """Whether Credly asked for quiet, or trouble makes us wait: then only probes go out."""
    closed = connection.closed_until is not None and connection.closed_until > now
    return closed and connection.failing_since is not None


def note_failure(
    connection_id: int, trouble: CredlyTrouble, rules: DeliveryRules, now: datetime
) -> None:
    """Slow the connection down: until Credly said, else one try a minute. The caller commits."""
    wait = rules.probe_every
    if isinstance(trouble, NotNow) and trouble.wait is not None:
        wait = timedelta(seconds=min(trouble.wait, LONGEST_ASKED_WAIT))
    until = now + wait
    later = or_(Connection.closed_until.is_(None), Connection.closed_until < until)
    db.session.execute(
        update(Connection)
        .where(Connection.id == connection_id)
        .values(
            failing_since=func.coalesce(Connection.failing_since, now),
            closed_until=case((later, until), else_=Connection.closed_until),
        )
        .execution_options(**_NO_SYNC)
    )


def note_answer(
    connection: Connection | ConnectionFacts,
    called_at: datetime,
    rules: DeliveryRules,
    now: datetime,
) -> None:
    """Credly answered as it should: if calls failed before, all that waits becomes due now.

    `connection` is what was known when the call began; a failure that came later is kept.
    The caller commits. Writes nothing while the connection is known to be well.
    """
    if connection.failing_since is None and rules.just_proven(connection.proven_at, now):
        return
    well = or_(Connection.failing_since.is_(None), Connection.failing_since < called_at)
    done = db.session.execute(
        update(Connection)
        .where(Connection.id == connection.id, well)
        .values(proven_at=now, failing_since=None, closed_until=None)
        .execution_options(**_NO_SYNC)
    )
    if done.rowcount and connection.failing_since is not None:
        _wake(connection.id, now)


def give_probe_back(connection_id: int | None) -> None:
    """No call was made after all: the next delivery may try the connection. The caller commits."""
    db.session.execute(
        update(Connection)
        .where(Connection.id == connection_id, Connection.failing_since.is_(None))
        .where(Connection.closed_until.is_not(None))
        .values(closed_until=None)
        .execution_options(**_NO_SYNC)
    )


def _wake(connection_id: int, now: datetime) -> None:
    """Let everything go on, the oldest award first (assurance 3, rule 9)."""
    mine = Delivery.connection_id == connection_id
    # Those that are due already as well: of the same moment the oldest goes first, while one that
    # was tried and put off would come behind all that never were.
    waiting = and_(mine, Delivery.state == DeliveryState.WAITING)
    db.session.execute(
        update(Delivery).where(waiting).values(due=now).execution_options(**_NO_SYNC)
    )
    unsure = and_(mine, Delivery.state == DeliveryState.UNSURE, Delivery.due > Delivery.quiet_until)
    db.session.execute(
        update(Delivery)
        .where(unsure)
        .values(due=Delivery.quiet_until)
        .execution_options(**_NO_SYNC)
    )


def _hold_waiting(where, because: Held) -> None:
    db.session.execute(
        update(Delivery)
        .where(Delivery.state.in_(_WAITS), where)
        .values(state=DeliveryState.HELD, held_because=because, owner=None)
        .execution_options(**_NO_SYNC)
    )
