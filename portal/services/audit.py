"""Writing down who did what, in the same transaction as the deed."""

from datetime import datetime
from typing import Any

from portal.extensions import db
from portal.models import AuditEntry, Person


def note(
    action: str,
    *,
    actor: Person | None,
    now: datetime,
    subject: Any = None,
    person: Person | None = None,
    reason: str = "",
    **details: Any,
) -> None:
    """Add an entry; `subject` is a stored row, `details` are ids, numbers and words of ours.

    No personal values go in. The caller commits.
    """
    db.session.add(
        AuditEntry(
            at=now,
            actor_id=actor.id if actor else None,
            action=action,
            subject=subject.__tablename__ if subject is not None else None,
            subject_id=subject.id if subject is not None else None,
            person_id=person.id if person else None,
            reason=reason,
            details=details,
        )
    )
