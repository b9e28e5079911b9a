"""Signing in with e-mail and password."""

from datetime import datetime

from sqlalchemy import select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Person
from portal.services import audit
from portal.services.people import brake
from portal.services.people.passwords import hash_password, matches, needs_new_hash
from portal.services.people.people import plain_email


def sign_in(*, email: str, password: str, address: str, now: datetime) -> Person:
    """Return the person, or raise RuleBroken with the same words whatever was wrong.

    Too many failures slow the account and the address down. Commits what it counted.
    """
    email = as_stored(email)
    wait = brake.seconds_to_wait(email, address, now)
    if wait:
        raise RuleBroken(say("sign_in_slow_down", seconds=wait))
    person = db.session.scalar(select(Person).where(Person.email == email))
    person_id = person.id if person else None
    stored = person.password_hash if person and person.active else None
    db.session.rollback()  # a slow hash must not keep the database's one writer waiting
    if not matches(stored, password):
        brake.note_failure(email, address, now)
        audit.note("sign_in.failed", person_id=person_id, now=now, way="password")
        db.session.commit()
        raise RuleBroken(say("sign_in_failed"))
    fresh = hash_password(password) if needs_new_hash(stored) else None
    brake.note_success(email, address, now)
    person = db.session.get_one(Person, person_id)
    if fresh:
        person.password_hash = fresh
    db.session.commit()
    return person


def as_stored(email: str) -> str:
    """Return the form in which an address is kept; what is no address finds nobody."""
    try:
        return plain_email(email)
    except RuleBroken:
        return email.strip().lower()
