"""Invitations for the people whom an import has added: they have no password to begin with."""

from datetime import datetime

from sqlalchemy import Select, exists, func, select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import ImportRow, ImportRun, LinkPurpose, OneTimeLink, Outcome, Person
from portal.services.means import Means
from portal.services.people import invitations

MOST = 500  # at a time


def without_invitation(run: ImportRun, now: datetime) -> int:
    """Return how many of those whom this run has added still need an invitation."""
    query = select(func.count()).select_from(_waiting(run, now).subquery())
    return db.session.scalar(query) or 0


def invite(
    *, run: ImportRun, means: Means, now: datetime, locale: str | None = None
) -> list[tuple[Person, str]]:
    """Invite up to 500 of them, and return whom with the link to hand over. Commits.

    Where mail is set up the links are mailed. They are stored nowhere. Raises RuleBroken when
    nobody needs one.
    """
    people = db.session.scalars(_waiting(run, now).order_by(Person.id).limit(MOST)).all()
    if not people:
        raise RuleBroken(say("nobody_to_invite"))
    return invitations.send_to_many(people=people, means=means, now=now, locale=locale)


def _waiting(run: ImportRun, now: datetime) -> Select:
    invited = exists().where(
        OneTimeLink.person_id == Person.id,
        OneTimeLink.purpose == LinkPurpose.INVITATION,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now,
    )
    return (
        select(Person)
        .join(ImportRow, ImportRow.source_id == Person.email)
        .where(ImportRow.import_run_id == run.id, ImportRow.outcome == Outcome.NEW)
        .where(Person.active, Person.password_hash.is_(None), ~invited)
    )
