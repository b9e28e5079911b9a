"""Putting mails into the outbox, in the transaction of what they tell."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import Mail, MailState, Person
from portal.sealing import Sealer
from portal.services.slices import START, Order, Place, Slice, slice_of

_NEWEST_FIRST = Order((Mail.id,), falling=True)


def put_out(
    *,
    person: Person,
    kind: str,
    now: datetime,
    values: dict[str, Any] | None = None,
    address: str | None = None,
    secret: str | None = None,
    sealer: Sealer | None = None,
) -> None:
    """Add a mail for the person; `secret`, a link or a code, is kept sealed. The caller commits.

    `address` is where it goes when that is not where the person signs in.
    """
    sealed = sealer.seal(secret, f"mail:{person.id}") if sealer and secret else None
    db.session.add(
        Mail(
            person_id=person.id,
            kind=kind,
            values=values or {},
            address=address,
            sealed_link=sealed,
            due=now,
            created_at=now,
        )
    )


def take_back(person: Person, kind: str) -> None:
    """Remove mails of this kind that have not left yet. The caller commits."""
    waiting = delete(Mail).where(Mail.person_id == person.id, Mail.kind == kind)
    db.session.execute(waiting.where(Mail.state == MailState.WAITING))


def list_for_admin(state: str, place: Place = START) -> Slice:
    """Return a page of the outbox, newest first."""
    ids = select(Mail.id)
    if state in set(MailState):
        ids = ids.where(Mail.state == state)
    return slice_of(ids, select(Mail).options(joinedload(Mail.person)), _NEWEST_FIRST, place)


def sweep(kept: timedelta, now: datetime) -> None:
    """Drop mails that left, or will not leave, longer ago than that. The caller commits."""
    db.session.execute(delete(Mail).where(Mail.ended_at < now - kept))
