"""The address for Credly's events: told to Credly, and settled when its answer is lost.

A fresh address is written down before Credly hears of it, beside the one in use. Until it is known
which of the two Credly holds both are heard, so that no event is lost; afterwards only that one.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import and_, or_, select, update

from portal.credly.errors import CredlyTrouble, Unsure
from portal.credly.links import is_loopback
from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Connection, ConnectionState
from portal.services import audit
from portal.services.issuing.calling import client_for, end_transaction, take_due
from portal.services.issuing.troubles import message_of
from portal.services.means import Means

ASK_AGAIN = timedelta(minutes=5)  # after a look that failed
_NO_SYNC = {"synchronize_session": False}


def set_address(*, connection: Connection, means: Means, now: datetime) -> None:
    """Tell Credly a fresh address for its events (credly-api.md 7); the old one dies. Commits.

    Raises RuleBroken when our own address is not one Credly can reach, or Credly says no, or its
    answer is lost: then both addresses are heard, and `settle_next` finds out which one it is.
    """
    parts = urlsplit(means.public_url)
    if parts.scheme != "https" and not is_loopback(connection.hostname.partition(":")[0]):
        raise RuleBroken(say("public_url_not_reachable"))
    secret = secrets.token_urlsafe(32)
    fresh = hashed(secret)
    if not _write_down(connection.id, fresh, now + means.rules.quiet_period):
        raise RuleBroken(say("webhook_unsettled"))
    db.session.refresh(connection)
    end_transaction()
    try:
        client_for(connection, means).set_webhook(f"{means.public_url}/hooks/credly/{secret}")
    except Unsure as lost:
        # Who asked is known now; whether Credly took it may turn out when nobody is there.
        audit.note("connection.webhook", subject=connection, now=now)
        db.session.commit()
        raise RuleBroken(say("webhook_unsettled")) from lost
    except CredlyTrouble as trouble:
        _drop(connection.id, fresh)
        db.session.refresh(connection)
        db.session.commit()
        raise RuleBroken(message_of(trouble)) from trouble
    adopt(connection, fresh, now)
    db.session.refresh(connection)
    db.session.commit()


def settle_next(means: Means, now: datetime) -> bool:
    """Ask Credly which address it holds where its answer was lost; say whether there was one.

    Only after the quiet period: a look that comes too early finds what was before. Commits.
    """
    works = Connection.state == ConnectionState.WORKING
    due = and_(Connection.webhook_next_hash.is_not(None), Connection.webhook_look_at <= now, works)
    connection = take_due(due, webhook_look_at=now + ASK_AGAIN)
    if connection is None:
        return False
    fresh = connection.webhook_next_hash
    end_transaction()
    try:
        held = client_for(connection, means).organization().webhook_url
    except CredlyTrouble:
        return True  # both are heard until a look gets through
    if held and hashed(held.rpartition("/")[2]) == fresh:
        adopt(connection, fresh, now)
    else:
        _drop(connection.id, fresh)
    db.session.commit()
    return True


def heard(secret: str, now: datetime) -> Connection | None:
    """Return the connection to whose address something was sent. The caller commits.

    Nobody but Credly was told a fresh address: what comes in there says that Credly took it.
    """
    came_to = hashed(secret)
    either = or_(Connection.webhook_hash == came_to, Connection.webhook_next_hash == came_to)
    connection = db.session.scalar(select(Connection).where(either))
    if connection is not None and connection.webhook_hash != came_to:
        adopt(connection, came_to, now)
    return connection


def adopt(connection: Connection, fresh: str, now: datetime) -> None:
    """Let the fresh address be the only one, unless that is settled already. The caller commits."""
    if _end(connection.id, fresh, {"webhook_hash": fresh, "webhook_set_at": now}):
        audit.note("connection.webhook", subject=connection, now=now)


def hashed(secret: str) -> str:
    """Return the one form in which a secret is kept."""
    # Looked up by its hash, so that no comparison takes longer the closer a guess comes.
    return hashlib.sha256(secret.encode()).hexdigest()


def _write_down(connection_id: int, fresh: str, look_at: datetime) -> bool:
    """Note an address before Credly is told it; False while another one is not settled. Commits."""
    done = db.session.execute(
        update(Connection)
        .where(Connection.id == connection_id, Connection.webhook_next_hash.is_(None))
        .values(webhook_next_hash=fresh, webhook_look_at=look_at)
        .execution_options(**_NO_SYNC)
    )
    db.session.commit()
    return done.rowcount == 1


def _drop(connection_id: int, fresh: str) -> None:
    """Forget an address that Credly does not hold."""
    _end(connection_id, fresh, {})


def _end(connection_id: int, fresh: str, values: dict) -> bool:
    done = db.session.execute(
        update(Connection)
        .where(Connection.id == connection_id, Connection.webhook_next_hash == fresh)
        .values(webhook_next_hash=None, webhook_look_at=None, **values)
        .execution_options(**_NO_SYNC)
    )
    return done.rowcount == 1
