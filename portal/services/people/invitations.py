"""Invitations: a one-time link to choose a password, mailed or handed over by whoever made it."""

from datetime import datetime

from sqlalchemy import delete

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import LinkPurpose, Mail, MailState, Person
from portal.services.means import Means
from portal.services.people.one_time_links import end_links, make_link

KIND = "invitation"


def send(*, person: Person, means: Means, now: datetime) -> str | None:
    """Invite the person; earlier invitations stop working. Commits.

    Where mail is set up the link is mailed and None comes back; else the address to hand over,
    which is stored nowhere. Raises RuleBroken for an account that is switched off.
    """
    if not person.active:
        raise RuleBroken(say("account_is_off"))
    withdraw(person, now)
    address = f"{means.public_url}/invitation/{make_link(person, LinkPurpose.INVITATION, now)}"
    if means.mail_is_set_up:
        sealed = means.sealer.seal(address, f"mail:{person.id}")
        db.session.add(Mail(person_id=person.id, kind=KIND, sealed_link=sealed, due=now))
    db.session.commit()
    return None if means.mail_is_set_up else address


def withdraw(person: Person, now: datetime) -> None:
    """Take back open invitations, and mails that would still carry them. The caller commits."""
    end_links(person, LinkPurpose.INVITATION, now)
    waiting = delete(Mail).where(Mail.person_id == person.id, Mail.kind == KIND)
    db.session.execute(waiting.where(Mail.state == MailState.WAITING))
