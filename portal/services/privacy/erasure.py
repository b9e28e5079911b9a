"""Erasing a person, in two steps: asked for, which can be taken back, and then for good."""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, update

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    OPEN,
    OPEN_ENROLMENTS,
    Award,
    Delivery,
    Enrolment,
    EnrolmentState,
    Evidence,
    IssuedBadge,
    Person,
    PublicPage,
    SuppressedAddress,
)
from portal.services import audit
from portal.services.importing import uploads
from portal.services.issuing import deliveries, operations
from portal.services.learning import files
from portal.services.locks import lock
from portal.services.means import Means
from portal.services.people import people
from portal.services.privacy import imported
from portal.services.privacy.clearing import clear
from portal.services.privacy.holdings import addresses_of
from portal.services.privacy.revoking import ERASED, revoke_all
from portal.services.privacy.suppression import hash_of

RECORD = "erasures.txt"  # beside the database, so that a restored backup can be told
_NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True)
class Extent:
    """What an erasure touches, in numbers, so that nobody is surprised."""

    enrolments: int
    awards: int
    on_their_way: int
    at_credly: int
    documents: int


def extent_of(person: Person) -> Extent:
    """Return how much there is of a person."""
    theirs = select(IssuedBadge.id).where(IssuedBadge.learner_id == person.id)
    live = IssuedBadge.state.in_(operations.LIVE)

    def count(query) -> int:
        return db.session.scalar(query) or 0

    return Extent(
        enrolments=count(_number(Enrolment).where(Enrolment.learner_id == person.id)),
        awards=count(_number(Award).where(Award.learner_id == person.id)),
        on_their_way=count(
            _number(Delivery).where(Delivery.issued_badge_id.in_(theirs), Delivery.state.in_(OPEN))
        ),
        at_credly=count(_number(IssuedBadge).where(IssuedBadge.learner_id == person.id, live)),
        documents=count(
            _number(Evidence)
            .join(Evidence.enrolment)
            .where(Enrolment.learner_id == person.id, Evidence.file_key.is_not(None))
        ),
    )


def ask_for(*, actor: Person, person: Person, reason: str, now: datetime) -> None:
    """Take the first step: the account is off, and everything is still there. Commits."""
    if person.erased_at is not None:
        raise RuleBroken(say("already_erased"))
    people.deactivate(actor=actor, person=person)
    person.erasure_asked_at = now
    audit.note("person.erasure_asked", actor=actor, person=person, reason=reason, now=now)
    db.session.commit()


def take_back(*, actor: Person, person: Person, now: datetime) -> None:
    """Keep the person after all. Commits."""
    if person.erasure_asked_at is None or person.erased_at is not None:
        raise RuleBroken(say("erasure_not_asked"))
    person.erasure_asked_at, person.active = None, True
    audit.note("person.erasure_taken_back", actor=actor, person=person, now=now)
    db.session.commit()


def erase(
    *, actor: Person, person: Person, typed: str, revoke: bool, means: Means, now: datetime
) -> None:
    """Take the second step, for good; the person's address must be typed. Commits.

    With `revoke` their live badges are revoked at Credly; either way the choice is written down.
    Queued badges are cancelled; what may have been sent is looked up and nothing follows it, but
    its revocation if that was wished.
    """
    if person.erasure_asked_at is None or person.erased_at is not None:
        raise RuleBroken(say("erasure_not_asked"))
    if typed.strip().lower() != person.email:
        raise RuleBroken(say("erasure_other_address"), "email")
    _write_down(person, means, now)
    _erase(actor, person, revoke=revoke, means=means, now=now)


def erase_again(record: str, means: Means, now: datetime) -> int:
    """Erase those whom an erasure record names and a restored backup brought back. Commits.

    Their badges at Credly stay as they are: what was to be revoked was. Return how many.
    """
    named = {line.split()[0] for line in record.splitlines() if line.strip()}
    query = select(Person.id, Person.earner_id).where(Person.erased_at.is_(None))
    back = [row.id for row in db.session.execute(query) if _hash(row.earner_id) in named]
    for person_id in back:
        person = db.session.get_one(Person, person_id)
        _erase(None, person, revoke=False, means=means, now=now)
    return len(back)


def _erase(
    actor: Person | None, person: Person, *, revoke: bool, means: Means, now: datetime
) -> None:
    lock(person)  # what is earned in this very moment is seen here, or not earned
    for delivery in _open_deliveries(person):
        deliveries.stop(actor=actor, delivery=delivery, now=now)
    if revoke and actor is not None:
        revoke_all(actor, person, now)
    _leave_everything(person)
    documents = _remove_documents(person)
    theirs = {one for one in db.session.scalars(addresses_of(person.id)) if one}
    imported_files = imported.forget(person, theirs)
    db.session.execute(
        update(PublicPage)
        .where(PublicPage.award_id.in_(select(Award.id).where(Award.learner_id == person.id)))
        .values(erased_at=now)
        .execution_options(**_NO_SYNC)
    )
    for address in {hash_of(one) for one in theirs}:
        if db.session.get(SuppressedAddress, address) is None:
            db.session.add(SuppressedAddress(address_hash=address, erased_at=now))
    db.session.flush()
    clear(person.id)
    db.session.expire(person)
    person.erased_at = now
    audit.note(ERASED, actor=actor, person=person, revoke=revoke, now=now)
    db.session.commit()
    for key in documents:
        files.remove(key, means)
    for name in imported_files:
        uploads.remove(name, means)
    _leave_no_trace()


def _hash(earner_id: str) -> str:
    return hashlib.sha256(earner_id.encode()).hexdigest()


def _number(model):
    return select(func.count()).select_from(model)


def _open_deliveries(person: Person) -> list[Delivery]:
    theirs = select(IssuedBadge.id).where(IssuedBadge.learner_id == person.id)
    query = select(Delivery).where(Delivery.issued_badge_id.in_(theirs), Delivery.state.in_(OPEN))
    return list(db.session.scalars(query))


def _leave_everything(person: Person) -> None:
    """What they were on waits for nobody's approval, and nothing completes it any more."""
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.learner_id == person.id, Enrolment.state.in_(OPEN_ENROLMENTS))
        .values(state=EnrolmentState.WITHDRAWN)
        .execution_options(**_NO_SYNC)
    )


def _remove_documents(person: Person) -> list[str]:
    query = (
        select(Evidence.file_key)
        .join(Evidence.enrolment)
        .where(Enrolment.learner_id == person.id, Evidence.file_key.is_not(None))
    )
    return list(db.session.scalars(query))


def _write_down(person: Person, means: Means, now: datetime) -> None:
    """Note the erasure outside the database, for a backup that is restored one day."""
    line = f"{_hash(person.earner_id)} {now.isoformat()}\n"
    path: Path = means.uploads.parent / RECORD
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _leave_no_trace() -> None:
    """Let SQLite overwrite what was deleted in its log, too (assurance 2.10)."""
    if db.engine.dialect.name != "sqlite":
        return
    bare = db.engine.raw_connection()  # outside any transaction, which would be in its own way
    try:
        bare.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        bare.close()
