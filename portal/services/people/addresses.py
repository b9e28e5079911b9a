"""Another address to sign in with, or for badges: proven by a code that is mailed to it.

Where no mail is set up an administrator confirms it instead.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import LinkPurpose, OneTimeLink, Person
from portal.services import audit
from portal.services.issuing import operations
from portal.services.means import Means
from portal.services.people import brake, invitations, mails, sessions
from portal.services.people.one_time_links import code_hash
from portal.services.people.people import commit_unless_taken, plain_email
from portal.services.people.proving import prove

KINDS = (LinkPurpose.SIGN_IN_EMAIL, LinkPurpose.BADGE_EMAIL)
CODE_DIGITS, CODE_LIFE, MOST_WRONG = 8, timedelta(minutes=15), 5
WAITS_FOR_ADMIN = timedelta(days=30)
CODES_IN_A_ROW = 5


def ask_sign_in(
    *, person: Person, email: str, password: str, remote: str, means: Means, now: datetime
) -> None:
    """Ask to sign in with `email` from now on; the present password proves who asks. Commits.

    Of somebody without one the code that is mailed to the new address has to be enough.
    """
    email = plain_email(email)
    if email == person.email:
        raise RuleBroken(say("address_is_yours"), "email")
    prove(person=person, password=password, remote=remote, means=means, now=now)
    _ask(person, LinkPurpose.SIGN_IN_EMAIL, email, means, now)


def ask_badge(
    *, person: Person, email: str, password: str, remote: str, means: Means, now: datetime
) -> bool:
    """Ask to get badges at `email`; say whether it must be proven first. Commits.

    The present password proves who asks: badges are not to be led elsewhere by whoever finds an
    open browser. The address one signs in with, or none, is proven already.
    """
    email = plain_email(email) if email.strip() else person.email
    if email == person.address_for_badges:
        raise RuleBroken(say("address_is_yours"), "email")
    prove(person=person, password=password, remote=remote, means=means, now=now)
    if email != person.email:
        _ask(person, LinkPurpose.BADGE_EMAIL, email, means, now)
        return True
    person.badge_email = None
    audit.note("person.badge_email", actor=person, person=person, now=now)
    drop(person, LinkPurpose.BADGE_EMAIL)
    return False


def send_again(*, person: Person, kind: LinkPurpose, means: Means, now: datetime) -> None:
    """Mail another code for what is asked already; the one before stops working. Commits."""
    asked = _asked(person, kind, now)
    _ask(person, kind, asked.address or "", means, now)


def refuse(*, actor: Person, person: Person, kind: LinkPurpose, now: datetime) -> None:
    """Forget as an administrator what was asked. Commits."""
    audit.note("person.address_refused", actor=actor, person=person, now=now, kind=kind.value)
    drop(person, kind)


def drop(person: Person, kind: LinkPurpose) -> None:
    """Forget what was asked. Commits."""
    _forget(person, kind)
    db.session.commit()


def waiting(person: Person, now: datetime) -> dict[LinkPurpose, str]:
    """Return the addresses that are asked for and not proven yet, by kind."""
    query = select(OneTimeLink).where(
        OneTimeLink.person_id == person.id,
        OneTimeLink.purpose.in_(KINDS),
        OneTimeLink.expires_at > now,
    )
    return {asked.purpose: asked.address or "" for asked in db.session.scalars(query)}


def people_waiting(now: datetime) -> Sequence[Person]:
    """Return whom an administrator could help by confirming an address; at most fifty."""
    asked = select(OneTimeLink.person_id).where(
        OneTimeLink.purpose.in_(KINDS), OneTimeLink.expires_at > now
    )
    query = select(Person).where(Person.id.in_(asked), Person.active)
    return db.session.scalars(query.order_by(Person.last_name, Person.id).limit(50)).all()


def confirm(*, person: Person, kind: LinkPurpose, code: str, now: datetime) -> operations.Followed:
    """Prove the address with the code that was mailed to it. Commits.

    Every guess counts before it is looked at; after five wrong ones the code is gone. Raises
    RuleBroken at `code`, and at `email` when the address has come to be somebody else's.
    """
    asked = _asked(person, kind, now)
    counted = db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.code_hash == asked.code_hash, OneTimeLink.failures < MOST_WRONG)
        .values(failures=OneTimeLink.failures + 1)
    )
    db.session.commit()
    if counted.rowcount != 1:
        raise RuleBroken(say("code_used_up"), "code")
    if _hash(person, kind, "".join(code.split())) != asked.code_hash:
        raise RuleBroken(say("code_wrong"), "code")
    return _take(person, kind, asked.address or "", None, now)


def confirm_for(
    *, actor: Person, person: Person, kind: LinkPurpose, now: datetime
) -> operations.Followed:
    """Confirm as an administrator that the address is the person's. Commits."""
    return _take(person, kind, _asked(person, kind, now).address or "", actor, now)


def _ask(person: Person, kind: LinkPurpose, email: str, means: Means, now: datetime) -> None:
    brake.slow_down("codes", str(person.id), free=CODES_IN_A_ROW, now=now)
    _forget(person, kind)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    by_mail = means.mail_is_set_up
    db.session.add(
        OneTimeLink(
            # Without mail nobody ever learns the code: an administrator confirms.
            code_hash=_hash(person, kind, code if by_mail else secrets.token_urlsafe(32)),
            purpose=kind,
            person_id=person.id,
            address=email,
            expires_at=now + (CODE_LIFE if by_mail else WAITS_FOR_ADMIN),
        )
    )
    if by_mail:
        secret = f"{code[:4]} {code[4:]}"
        mails.put_out(
            person=person,
            kind="address_code",
            now=now,
            address=email,
            secret=secret,
            sealer=means.sealer,
        )
    db.session.commit()


def _asked(person: Person, kind: LinkPurpose, now: datetime) -> OneTimeLink:
    query = select(OneTimeLink).filter_by(person_id=person.id, purpose=kind)
    asked = db.session.scalars(query.where(OneTimeLink.expires_at > now)).first()
    if asked is None or kind not in KINDS:
        raise RuleBroken(say("code_too_old"), "code")
    return asked


def _take(
    person: Person, kind: LinkPurpose, email: str, actor: Person | None, now: datetime
) -> operations.Followed:
    theirs = or_(Person.email == email, Person.badge_email == email)
    others = select(func.count()).select_from(Person).where(theirs, Person.id != person.id)
    if db.session.scalar(others):
        raise RuleBroken(say("email_taken"), "email")
    _forget(person, kind)
    if kind is LinkPurpose.BADGE_EMAIL:
        person.badge_email = email
    else:
        _sign_in_with(person, email, now)
    audit.note(f"person.{kind.value}", actor=actor or person, now=now, person=person)
    commit_unless_taken()
    return operations.follow(learner=person, now=now)


def _sign_in_with(person: Person, email: str, now: datetime) -> None:
    """Change the sign-in address, tell the one before, and end what led to it."""
    mails.put_out(person=person, kind="email_changed", now=now, address=person.email)
    invitations.withdraw(person, now)
    sessions.end_all(person)
    person.email = email
    if person.badge_email == email:
        person.badge_email = None


def _forget(person: Person, kind: LinkPurpose) -> None:
    query = delete(OneTimeLink).filter_by(person_id=person.id, purpose=kind)
    db.session.execute(query)


def _hash(person: Person, kind: LinkPurpose, code: str) -> str:
    return code_hash(f"{kind.value}:{person.id}:{code}")
