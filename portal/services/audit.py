"""Writing down who did what, and from where, in the same transaction as the deed.

Who acts is said once for a request or a command (`acting`), so that no use case has to pass it on
to be written down. What is listed and told of it is `audit_trail`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import update

from portal.clock import utc_now
from portal.extensions import db, set_reading
from portal.messages.audit import code_of
from portal.models import AuditEntry, Channel, Person
from portal.services.in_bulk import insert_all


@dataclass(frozen=True)
class Doer:
    """Who is at work, and from where."""

    channel: Channel
    person_id: int | None = None
    network: str | None = None
    token_id: int | None = None  # of another system that acts for the person

    def told(self, details: dict[str, Any]) -> dict[str, Any]:
        """Return what an entry tells besides, with the token by which it was done."""
        return details if self.token_id is None else {**details, "token": self.token_id}


# What runs in the background does so by itself.
THE_PORTAL = Doer(Channel.PORTAL)
_doer: ContextVar[Doer] = ContextVar("doer", default=THE_PORTAL)


def acts(doer: Doer) -> None:
    """Say who is at work in this thread from now on."""
    _doer.set(doer)


@contextmanager
def acting(doer: Doer) -> Iterator[None]:
    """Say who is at work inside."""
    token = _doer.set(doer)
    try:
        yield
    finally:
        _doer.reset(token)


def is_by(person: Person) -> bool:
    """Say whether this person is at work now, on a page."""
    return _doer.get().person_id == person.id


@lru_cache(maxsize=1024)  # every request asks
def network_of(address: str) -> str | None:
    """Return the network an address is in: /24, of IPv6 /48. The machine itself is not kept."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network((found, 24 if found.version == 4 else 48), strict=False))


def note(
    action: str,
    *,
    actor: Person | None = None,
    now: datetime | None = None,
    subject: Any = None,
    person: Person | None = None,
    person_id: int | None = None,
    reason: str = "",
    **details: Any,
) -> None:
    """Add an entry; `subject` is a row, stored or about to be, and without `actor` it is who acts.

    `details` are ids, numbers and words of ours, `before` and `after` among them; no personal
    values go in. The caller commits. Raises KeyError for an action without words.
    """
    code_of(action)
    if any(one is not None and one.id is None for one in (subject, person)):
        db.session.flush()
    doer = _doer.get()
    db.session.add(
        AuditEntry(
            at=now or utc_now(),
            actor_id=actor.id if actor else doer.person_id,
            action=action,
            subject=subject.__tablename__ if subject is not None else None,
            subject_id=subject.id if subject is not None else None,
            person_id=person.id if person else person_id,
            channel=doer.channel,
            network=doer.network,
            reason=reason,
            details=doer.told(details),
        )
    )


def note_many(
    action: str, table: str, subjects: Iterable[tuple[int, int]], *, now: datetime
) -> None:
    """Add the same entry about many stored rows of one table, in one statement. No commit.

    `subjects` are the ids of the rows, each with its learner's.
    """
    code_of(action)
    doer = _doer.get()
    rows = [
        {
            "at": now,
            "actor_id": doer.person_id,
            "action": action,
            "subject": table,
            "subject_id": row_id,
            "person_id": learner_id,
            "channel": doer.channel,
            "network": doer.network,
            "reason": "",
            "details": doer.told({}),
        }
        for row_id, learner_id in subjects
    ]
    insert_all(AuditEntry.__table__, rows)


def downloaded(
    action: str, *, subject: Any = None, person_id: int | None = None, **details: Any
) -> None:
    """Write down that somebody takes a file of what is here along. Commits.

    What follows only reads: a long download must not keep SQLite's one writer.
    """
    note(action, subject=subject, person_id=person_id, **details)
    db.session.commit()
    set_reading(True)


def sweep(kept: timedelta, now: datetime) -> None:
    """Forget from where things were done longer ago than that. The caller commits."""
    old = AuditEntry.network.is_not(None) & (AuditEntry.at < now - kept)
    db.session.execute(
        update(AuditEntry)
        .where(old)
        .values(network=None)
        .execution_options(synchronize_session=False)
    )
