"""The first admin, made with a code that only who started the portal can read."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import LinkPurpose, OneTimeLink, Person, Role
from portal.services.people import people
from portal.services.people.one_time_links import code_hash

LIFE = timedelta(days=30)


def new_code(now: datetime) -> str:
    """Return a fresh set-up code for the console; the one before it stops working. Commits."""
    code = secrets.token_urlsafe(16)
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.purpose == LinkPurpose.SETUP))
    db.session.add(
        OneTimeLink(code_hash=code_hash(code), purpose=LinkPurpose.SETUP, expires_at=now + LIFE)
    )
    db.session.commit()
    return code


def make_first_admin(
    *, code: str, email: str, first_name: str, last_name: str, password: str, now: datetime
) -> Person:
    """Make the first admin and use the code up; raise RuleBroken for another code. Commits."""
    row = db.session.get(OneTimeLink, code_hash(code.strip()))
    usable = row and row.purpose is LinkPurpose.SETUP and row.expires_at > now
    if not usable or row.used_at or people.any_admin():
        raise RuleBroken(say("setup_code_wrong"), "code")
    row.used_at = now
    return people.add(
        email=email,
        first_name=first_name,
        last_name=last_name,
        roles={Role.ADMIN},
        password=password,
    )
