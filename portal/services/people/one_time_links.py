"""One-time links: a random code of 256 bits, for one purpose, once, for a while."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import LinkPurpose, OneTimeLink, Person

LIFE = timedelta(days=7)
PASSWORD_LIFE = timedelta(hours=1)


def code_hash(code: str) -> str:
    """Return what is stored of a random code or session id."""
    return hashlib.sha256(code.encode()).hexdigest()


def make_link(
    person: Person, purpose: LinkPurpose, now: datetime, *, life: timedelta = LIFE
) -> str:
    """Return a fresh code; older ones of the same purpose stop working. The caller commits."""
    end_links(person, purpose, now)
    return _add(person, purpose, now + life)


def add_link(person: Person, purpose: LinkPurpose, now: datetime, *, life: timedelta) -> str:
    """Return a fresh code beside those there are. Commits."""
    code = _add(person, purpose, now + life)
    db.session.commit()
    return code


def _add(person: Person, purpose: LinkPurpose, expires_at: datetime) -> str:
    code = secrets.token_urlsafe(32)
    db.session.add(
        OneTimeLink(
            code_hash=code_hash(code),
            purpose=purpose,
            person_id=person.id,
            expires_at=expires_at,
        )
    )
    return code


def end_links(person: Person, purpose: LinkPurpose, now: datetime) -> bool:
    """Use up every open code of this purpose; say whether there was one. The caller commits."""
    ended = db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person.id, OneTimeLink.purpose == purpose)
        .where(OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )
    return ended.rowcount > 0


def person_of_link(code: str, purpose: LinkPurpose, now: datetime) -> Person:
    """Return whom a usable code belongs to; raise RuleBroken for any other code."""
    link = db.session.get(OneTimeLink, code_hash(code))
    person = db.session.get(Person, link.person_id) if link and link.person_id else None
    usable = link and link.purpose is purpose and link.used_at is None and link.expires_at > now
    if not usable or person is None or not person.active:
        raise RuleBroken(say("link_not_usable"))
    return person


def use_link(code: str, purpose: LinkPurpose, now: datetime) -> Person:
    """Use a code up and return its person; only one of two at once succeeds. The caller commits."""
    person = person_of_link(code, purpose, now)
    used = db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.code_hash == code_hash(code), OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )
    if used.rowcount != 1:
        raise RuleBroken(say("link_not_usable"))
    return person


def sweep(kept: timedelta, now: datetime) -> None:
    """Drop links and codes that ended longer ago than that. The caller commits."""
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now - kept))
