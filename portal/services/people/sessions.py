"""Signed-in browsers: made at sign-in, found by a random id, ended for real."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import LinkPurpose, OneTimeLink, Person, Role, SignInSession
from portal.services import audit
from portal.services.people import notifications
from portal.services.people.one_time_links import code_hash
from portal.services.running.known import STORED, Known

# ASVS 7.1.1: those who can do most are signed out soonest.
STAFF_IDLE, STAFF_LIFE = timedelta(minutes=30), timedelta(hours=12)
LEARNER_IDLE, LEARNER_LIFE = timedelta(hours=24), timedelta(days=14)
TOUCH_EVERY = timedelta(minutes=1)
MOST_SHOWN = 50


class SignedIn(NamedTuple):
    """A live session, with its person."""

    person: Person
    id_hash: str
    csrf_token: str
    created_at: datetime
    last_seen_at: datetime
    unread: int  # notifications, at most a hundred


def start(person: Person, browser: str, now: datetime, way: str | None = None) -> str:
    """Begin a session and return its id, which is stored nowhere. Commits.

    `way` says how somebody signed in; without it they only get a fresh id.
    """
    session_id = secrets.token_urlsafe(32)
    db.session.add(
        SignInSession(
            id_hash=code_hash(session_id),
            person_id=person.id,
            csrf_token=secrets.token_hex(32),
            browser=browser[:200],
            created_at=now,
            last_seen_at=now,
        )
    )
    if way:
        audit.note("sign_in.in", actor=person, person=person, now=now, way=way)
    db.session.commit()
    return session_id


@cache
def _finding() -> Select:
    """Return the one statement that says who is there and what they may do; every page asks it.

    It also brings along what every page shows: how many notifications are new, and what the portal
    is called and looks like. Put together when somebody is there: it makes SQLAlchemy work out how
    all tables hang together, which a start does without.
    """
    columns = SignInSession.__table__.c
    return (
        select(
            Person,
            *(columns[name] for name in SignedIn._fields[1:-1]),
            notifications.unread_of(columns.person_id),
            STORED.scalar_subquery(),
        )
        .join_from(SignInSession, SignInSession.person)
        .options(joinedload(Person.role_rows))
        .where(SignInSession.id_hash == bindparam("id_hash"))
    )


def find(session_id: str, now: datetime, known: Known | None = None) -> SignedIn | None:
    """Return the live session of this id, with its person; None when it is over or unknown.

    `known` learns in passing what the portal is called and looks like by now.
    """
    found = (
        db.session.execute(_finding(), {"id_hash": code_hash(session_id)}).unique().one_or_none()
    )
    if found is None:
        return None
    row, stored = SignedIn(*found[:-1]), found[-1]
    if known is not None:
        known.take(stored)
    if not row.person.active:
        return None
    idle, life = _limits(row.person)
    if now - row.last_seen_at > idle or now - row.created_at > life:
        return None
    return row


def list_for(person: Person, now: datetime) -> Sequence[SignInSession]:
    """Return the live sessions of a person, the one used last first."""
    idle, life = _limits(person)
    query = (
        select(SignInSession)
        .where(SignInSession.person_id == person.id)
        .where(SignInSession.last_seen_at >= now - idle, SignInSession.created_at >= now - life)
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id_hash)
        .limit(MOST_SHOWN)
    )
    return db.session.scalars(query).all()


def touch(id_hash: str, now: datetime) -> None:
    """Note that the session is in use. Commits."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id_hash == id_hash, SignInSession.last_seen_at < now)
        .values(last_seen_at=now)
    )
    db.session.commit()


def end(session_id: str) -> None:
    """End one session. Commits."""
    db.session.execute(delete(SignInSession).where(SignInSession.id_hash == code_hash(session_id)))
    db.session.commit()


def sign_out(session_id: str, now: datetime) -> None:
    """End one session because its owner said so. Commits."""
    row = db.session.get(SignInSession, code_hash(session_id))
    if row is not None:
        audit.note("sign_in.out", actor=row.person, person=row.person, now=now)
    end(session_id)


def end_all(person: Person) -> None:
    """End every session of a person, and sign-ins that are half done. The caller commits."""
    db.session.execute(delete(SignInSession).where(SignInSession.person_id == person.id))
    half_done = delete(OneTimeLink).where(OneTimeLink.purpose == LinkPurpose.SECOND_STEP)
    db.session.execute(half_done.where(OneTimeLink.person_id == person.id))


def end_others(person: Person, id_hash: str) -> None:
    """End every session of a person but the one with this hash. Commits."""
    query = delete(SignInSession).where(SignInSession.person_id == person.id)
    ended = db.session.execute(query.where(SignInSession.id_hash != id_hash)).rowcount
    if ended:
        audit.note("sign_in.sessions_ended", person=person, sessions=ended)
    db.session.commit()


def end_everywhere(person: Person) -> None:
    """End every session of a person. Commits."""
    end_all(person)
    audit.note("sign_in.sessions_ended", person=person)
    db.session.commit()


def end_everybodys() -> None:
    """Sign everybody out, and let no link that was sent out work any more. Commits."""
    db.session.execute(delete(SignInSession))
    db.session.execute(delete(OneTimeLink))
    db.session.commit()


def sweep(now: datetime) -> None:
    """Drop sessions that are over for everybody. The caller commits."""
    db.session.execute(delete(SignInSession).where(SignInSession.created_at < now - LEARNER_LIFE))


def _limits(person: Person) -> tuple[timedelta, timedelta]:
    staff = bool(person.roles & {Role.ADMIN, Role.INTEGRATION_ADMIN})
    return (STAFF_IDLE, STAFF_LIFE) if staff else (LEARNER_IDLE, LEARNER_LIFE)
