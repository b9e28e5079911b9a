"""Forgotten passwords: a one-time link by mail to whoever has an account.

The page does the same work for every address and so takes the same time; whether there is an
account is found out by the engine, later.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from portal.extensions import db, end_looking
from portal.models import LinkPurpose, OneTimeLink, Person
from portal.services import audit
from portal.services.means import Means
from portal.services.people import api_tokens, brake, invitations, mails, sessions
from portal.services.people.one_time_links import (
    PASSWORD_LIFE,
    code_hash,
    make_link,
    person_of_link,
    use_link,
)
from portal.services.people.passwords import check_password, hash_password
from portal.services.people.sign_in import as_stored

# Requests that pass before the brake begins: from one machine, and for one account.
FROM_ONE_ADDRESS, FOR_ONE_ACCOUNT = 10, 3
WORTH_ANSWERING = timedelta(hours=2)


def ask(*, email: str, address: str, now: datetime) -> None:
    """Note that somebody at `address` forgot the password of the account `email`. Commits.

    Raises RuleBroken while there were too many requests, whether there is an account or not.
    """
    email = as_stored(email)[:254]
    brake.slow_down("forgotten from", address, free=FROM_ONE_ADDRESS, now=now)
    brake.slow_down("forgotten for", email, free=FOR_ONE_ACCOUNT, now=now)
    db.session.add(
        OneTimeLink(
            code_hash=code_hash(secrets.token_urlsafe(32)),
            purpose=LinkPurpose.FORGOTTEN,
            address=email,
            expires_at=now + WORTH_ANSWERING,
        )
    )
    db.session.commit()


def answer_next(means: Means, now: datetime) -> bool:
    """Answer one request: mail a link if there is such an account; say whether one waited.

    Request and mail change in one transaction, so a crash answers it neither twice nor never.
    """
    waiting = select(OneTimeLink).where(OneTimeLink.purpose == LinkPurpose.FORGOTTEN).limit(1)
    asked = db.session.scalars(waiting).first()
    if asked is None:
        end_looking()
        return False
    mine = delete(OneTimeLink).where(OneTimeLink.code_hash == asked.code_hash)
    if db.session.execute(mine).rowcount == 1 and asked.expires_at > now:
        person = db.session.scalar(select(Person).where(Person.email == asked.address))
        if person is not None and person.active and means.mail_is_set_up:
            _mail_link(person, means, now)
    db.session.commit()
    return True


def asked_by(code: str, now: datetime) -> Person:
    """Return whose password a link is for; raise RuleBroken when it is not usable."""
    return person_of_link(code, LinkPurpose.PASSWORD, now)


def choose_password(*, code: str, password: str, now: datetime) -> None:
    """Set a new password with a link, which is then used up, and end every session. Commits.

    A second factor stays as it is: whoever holds the link still needs it to sign in.
    """
    person = asked_by(code, now)
    check_password(password, known_words=(person.email.split("@")[0],), field="password")
    db.session.rollback()
    hashed = hash_password(password)
    person = use_link(code, LinkPurpose.PASSWORD, now)
    person.password_hash = hashed
    invitations.withdraw(person, now)
    sessions.end_all(person)
    api_tokens.revoke_all(person, now)  # whoever lost the account for a while may not know of them
    audit.note("person.password_by_link", actor=person, person=person, now=now)
    mails.put_out(person=person, kind="password_changed", now=now)
    db.session.commit()


def _mail_link(person: Person, means: Means, now: datetime) -> None:
    kind = invitations.FORGOTTEN
    mails.take_back(person, kind)
    code = make_link(person, LinkPurpose.PASSWORD, now, life=PASSWORD_LIFE)
    link = f"{means.public_url}/forgotten/{code}"
    audit.note("person.password_link", person=person, now=now)
    mails.put_out(person=person, kind=kind, now=now, secret=link, sealer=means.sealer)
