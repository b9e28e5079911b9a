"""What an undo has left at Credly, and revoking it there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.errors import NotFound
from portal.extensions import db
from portal.models import AuditEntry, Award, Badge, Enrolment, Person
from portal.services.issuing import operations


@dataclass(frozen=True)
class Account:
    """The newest undo of an attempt as it was written down, with its awards as they are now."""

    entry: AuditEntry
    cancelled: Sequence[Award]
    stopping: Sequence[Award]
    left: Sequence[Award]


def account_of(enrolment: Enrolment) -> Account:
    """Return what the newest undo of this attempt did; raise NotFound when there was none."""
    query = (
        select(AuditEntry)
        .filter_by(action="enrolment.undo", subject="enrolment", subject_id=enrolment.id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    entry = db.session.scalars(query).first()
    if entry is None:
        raise NotFound
    kinds = ("cancelled", "stopping", "left")
    awards = _awards({one for kind in kinds for one in entry.details[kind]})
    found = {kind: [awards[one] for one in entry.details[kind]] for kind in kinds}
    return Account(entry, **found)


def get_left(enrolment: Enrolment, award_id: int) -> Award:
    """Return an award that the undo of this attempt has left at Credly; raise NotFound.

    Once the attempt is completed again they are earned again, and nothing is left to take back.
    """
    if enrolment.done:
        raise NotFound
    found = next((one for one in account_of(enrolment).left if one.id == award_id), None)
    if found is None:
        raise NotFound
    return found


def can_be_revoked(award: Award) -> bool:
    """Whether there is still something at Credly to revoke."""
    return operations.can_be_revoked(award.issued_badge)


def revoke(*, actor: Person, award: Award, reason: str, suppress_mail: bool, now: datetime) -> None:
    """Ask Credly to revoke what an undo has left there. Commits."""
    operations.revoke(
        actor=actor,
        issued=award.issued_badge,
        reason=reason,
        suppress_mail=suppress_mail,
        now=now,
    )


def _awards(ids: set[int]) -> dict[int, Award]:
    query = select(Award).where(Award.id.in_(ids))
    along = (
        joinedload(Award.badge).joinedload(Badge.template),
        joinedload(Award.issued_badge),
        joinedload(Award.learner),
    )
    return {one.id: one for one in db.session.scalars(query.options(*along))}
