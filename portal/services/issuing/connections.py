"""Connections: made after a test, mended, paused, and deleted when nothing hangs on them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.credly.errors import ConnectionTrouble, CredlyTrouble
from portal.credly.payloads import Organization
from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    Badge,
    Connection,
    ConnectionState,
    Delivery,
    DeliveryState,
    ImportRun,
    InboundEvent,
    SyncRun,
    Template,
)
from portal.services import audit
from portal.services.issuing import health
from portal.services.issuing.calling import client_for, end_transaction
from portal.services.issuing.connection_fields import (
    checked_fields,
    name_key_of,
    plain_name,
    plain_token,
)
from portal.services.issuing.troubles import field_of, message_of
from portal.services.means import Means


def list_all() -> Sequence[Connection]:
    """Return every connection, by name."""
    return db.session.scalars(select(Connection).order_by(Connection.name_key)).all()


def get(connection_id: int) -> Connection:
    """Return the connection; raise NotFound."""
    connection = db.session.get(Connection, connection_id)
    if connection is None:
        raise NotFound
    return connection


def find_by_name(name: str) -> Connection | None:
    """Return the connection of this name, whatever its case."""
    return db.session.scalar(select(Connection).filter_by(name_key=name_key_of(name)))


def connect(
    *, name: str, organization_id: str, token: str, hostname: str, means: Means, now: datetime
) -> Connection:
    """Save a connection after Credly answered for it. Commits.

    Asks `GET /organizations/<id>` (credly-api.md 10.1). Raises RuleBroken at the field that is
    wrong, and saves nothing then. The token is sealed and not readable again.
    """
    name, host, organization_id = checked_fields(name, hostname, organization_id, means)
    token = plain_token(token)
    _refuse_taken_name(name, None)
    organization = _ask(host, organization_id, token, means)
    connection = Connection(
        name=name,
        name_key=name_key_of(name),
        organization_id=organization.id,
        hostname=host,
        sealed_token="",
        token_ending="",
        token_saved_at=now,
        proven_at=now,
        state_since=now,
    )
    _take_over(connection, organization)
    db.session.add(connection)
    _flush_name()
    _put_token(connection, token, means, now)
    audit.note("connection.create", subject=connection, now=now)
    db.session.commit()
    return connection


def twin_of(connection: Connection) -> Connection | None:
    """Return another connection that speaks for the same organisation, if there is one."""
    query = select(Connection).where(
        Connection.organization_id == connection.organization_id, Connection.id != connection.id
    )
    return db.session.scalars(query.limit(1)).first()


def edit(
    *,
    connection: Connection,
    name: str,
    linked_in_id: str,
    linked_in_name: str,
) -> None:
    """Change the name and the LinkedIn organisation. Commits."""
    name = plain_name(name)
    _refuse_taken_name(name, connection.id)
    connection.name, connection.name_key = name, name_key_of(name)
    connection.linked_in_organization_id = linked_in_id.strip() or None
    connection.linked_in_organization_name = linked_in_name.strip() or None
    audit.note("connection.edit", subject=connection)
    _flush_name()
    db.session.commit()


def test(*, connection: Connection, means: Means, now: datetime) -> Organization:
    """Ask Credly for the organisation with the saved token. Commits.

    A good answer lets a held connection work again; a refusal holds it. Raises RuleBroken with
    what Credly said.
    """
    organization = _tested(connection, means, now)
    if connection.state is not ConnectionState.PAUSED:
        health.work_again(connection, now)
    db.session.commit()
    return organization


def replace_token(*, connection: Connection, token: str, means: Means, now: datetime) -> None:
    """Test the new token, then put it in the place of the old one; what was held goes on. Commits.

    Raises RuleBroken, and keeps the old token, when Credly does not take the new one.
    """
    token = plain_token(token)
    host, organization_id = connection.hostname, connection.organization_id
    _ask(host, organization_id, token, means)
    db.session.refresh(connection)  # it may have been paused or held while Credly was asked
    connection.token_version = Connection.token_version + 1
    _put_token(connection, token, means, now)
    connection.proven_at = now
    audit.note("connection.token", subject=connection, now=now)
    if connection.state is ConnectionState.HELD:
        health.work_again(connection, now)
    db.session.commit()


def pause(*, connection: Connection, now: datetime) -> None:
    """Send nothing over this connection until a person resumes it. Commits."""
    if connection.state is not ConnectionState.PAUSED:
        health.pause(connection, None, now)
        db.session.commit()


def resume(*, connection: Connection, means: Means, now: datetime) -> None:
    """Test the connection, then let everything go on. Commits. Raises RuleBroken."""
    _tested(connection, means, now)
    health.work_again(connection, now)
    db.session.commit()


def delete(*, connection: Connection) -> None:
    """Delete a connection that no badge uses, with its mirrored templates. Commits."""
    badges = count_badges(connection)
    if badges:
        raise RuleBroken(say("connection_in_use", badges=badges))
    audit.note("connection.delete", subject=connection)
    for box in (SyncRun, InboundEvent, Template):
        db.session.execute(db.delete(box).where(box.connection_id == connection.id))
    for kept in (ImportRun, Delivery):  # they are history, and stay without it
        db.session.execute(
            db.update(kept).where(kept.connection_id == connection.id).values(connection_id=None)
        )
    db.session.delete(connection)
    db.session.commit()


def count_badges(connection: Connection) -> int:
    """Return how many badges are issued over this connection."""
    query = select(func.count()).select_from(Badge).where(Badge.connection_id == connection.id)
    return db.session.scalar(query) or 0


def count_deliveries(connection: Connection) -> dict[DeliveryState, int]:
    """Return how many deliveries of this connection are in each state."""
    query = select(Delivery.state, func.count()).where(Delivery.connection_id == connection.id)
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Delivery.state))}


def _ask(host: str, organization_id: str, token: str, means: Means) -> Organization:
    end_transaction()
    try:
        return means.door.at(host, organization_id, token).organization()
    except CredlyTrouble as trouble:
        raise RuleBroken(message_of(trouble), field_of(trouble)) from trouble


def _tested(connection: Connection, means: Means, now: datetime) -> Organization:
    end_transaction()
    try:
        organization = client_for(connection, means).organization()
    except CredlyTrouble as trouble:
        if isinstance(trouble, ConnectionTrouble):
            health.hold(connection, trouble, now)
            db.session.commit()
            db.session.refresh(connection)
        raise RuleBroken(message_of(trouble)) from trouble
    connection.organization_name = organization.name
    connection.proven_at = now
    return organization


def _put_token(connection: Connection, token: str, means: Means, now: datetime) -> None:
    connection.sealed_token = means.sealer.seal(token, connection.seal_owner)
    connection.token_ending = token[-4:] if len(token) >= 12 else ""
    connection.token_saved_at = now
    connection.token_warned_at = None


def _take_over(connection: Connection, organization: Organization) -> None:
    connection.organization_name = organization.name
    connection.linked_in_organization_id = organization.linked_in_org_id
    connection.linked_in_organization_name = organization.linked_in_name


def _refuse_taken_name(name: str, own_id: int | None) -> None:
    other = find_by_name(name)
    if other is not None and other.id != own_id:
        raise RuleBroken(say("connection_name_taken"), "name")


def _flush_name() -> None:
    """Two at once may ask for the same name; the database decides."""
    try:
        db.session.flush()
    except IntegrityError as exc:
        db.session.rollback()
        raise RuleBroken(say("connection_name_taken"), "name") from exc
