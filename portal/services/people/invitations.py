"""Invitations: a one-time link to choose a password, mailed or handed over by whoever made it."""

from collections.abc import Sequence
from datetime import datetime

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import LinkPurpose, Person
from portal.services import audit
from portal.services.means import Means
from portal.services.people import mails
from portal.services.people.one_time_links import end_links, make_link

KIND, FORGOTTEN = "invitation", "forgotten_password"


def send(*, person: Person, means: Means, now: datetime, locale: str | None = None) -> str | None:
    """Invite the person; earlier invitations stop working. Commits.

    `locale` is the language of the mail for somebody who has not chosen one. Where mail is set up
    the link is mailed and None comes back; else the address to hand over, which is stored nowhere.
    Raises RuleBroken for an account that is switched off.
    """
    if not person.active:
        raise RuleBroken(say("account_is_off"))
    if not means.local_sign_in:
        raise RuleBroken(say("local_sign_in_off"))
    address = _prepare(person, means, now, locale)
    db.session.commit()
    return None if means.mail_is_set_up else address


def send_to_many(
    *, people: Sequence[Person], means: Means, now: datetime, locale: str | None = None
) -> list[tuple[Person, str]]:
    """Invite people whose accounts are on; return each with the address to hand over. Commits.

    Where mail is set up the links are mailed as well, and need no handing over.
    """
    invited = [(person, _prepare(person, means, now, locale)) for person in people]
    db.session.commit()
    return invited


def _prepare(person: Person, means: Means, now: datetime, locale: str | None) -> str:
    """Make the link, and the mail that carries it where there is mail. The caller commits."""
    withdraw(person, now)
    audit.note("person.invite", person=person, now=now)
    address = f"{means.public_url}/invitation/{make_link(person, LinkPurpose.INVITATION, now)}"
    if means.mail_is_set_up:
        values = {"values": {"locale": locale}, "secret": address, "sealer": means.sealer}
        mails.put_out(person=person, kind=KIND, now=now, **values)
    return address


def withdraw(person: Person, now: datetime) -> None:
    """Take back every link to choose a password, and the mails with them. The caller commits."""
    for purpose, kind in ((LinkPurpose.INVITATION, KIND), (LinkPurpose.PASSWORD, FORGOTTEN)):
        end_links(person, purpose, now)
        mails.take_back(person, kind)
