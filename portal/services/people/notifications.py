"""Telling people something: rows for the bell and for the mail outbox, in the caller's transaction.

Anybody's service may call `notify`. Whether the reader wants such mail is asked when it leaves.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, delete, func, select, update

from portal.errors import NotFound
from portal.extensions import db
from portal.messages import Message
from portal.models import (
    Mail,
    Notification,
    NotificationKind,
    Person,
    PersonRole,
    Role,
    UnwantedMail,
)
from portal.sealing import CannotOpen, Sealer
from portal.services.slices import START, Order, Place, Slice, slice_of
from portal.services.together import Write

STAFF = (Role.ADMIN, Role.INTEGRATION_ADMIN)
# What only those are told who have something to do about it.
FOR_ROLES = {
    NotificationKind.EVIDENCE_WAITING: {Role.ADMIN, Role.AUTHOR},
    NotificationKind.DELIVERY_NEEDS_PERSON: set(STAFF),
    NotificationKind.CONNECTION_HELD: set(STAFF),
    NotificationKind.TOKEN_EXPIRES: set(STAFF),
}
MOST_COUNTED = 100
ONCE_IN = timedelta(days=1)
_STOP = "stop-mails"  # what such tokens are sealed for


def notify(
    *, person: Person, kind: NotificationKind, message: Message, path: str, now: datetime
) -> None:
    """Tell the person; `path` is the page it is about, such as `/learner/badges/7`.

    The caller commits, so that what is told and its cause are true together.
    """
    _add(person.id, kind, message, path, now)


def telling(
    *,
    person_id: int,
    kind: NotificationKind,
    message: Message,
    path: str,
    by_mail: bool,
    now: datetime,
) -> list[Write]:
    """Return what does as `notify`, as plain rows, for what happens many times a second.

    Without `by_mail` no mail is put out that would only be set aside.
    """
    values = {"person_id": person_id, "created_at": now, "kind": kind}
    told = {"message": message.stored(), "path": path}
    notice = Write(Notification.__table__, values | told)
    mail = Write(Mail.__table__, values | {"values": told, "due": now})
    return [notice, mail] if by_mail else [notice]


def notify_once(
    *,
    person_ids: Collection[int],
    kind: NotificationKind,
    message: Message,
    path: str,
    now: datetime,
) -> None:
    """Tell those who have nothing unread of the last day that says the same. The caller commits.

    For what may happen a thousand times in an hour and is dealt with in one go. What is told again
    after a day reaches those, too, who read their mail and never open the bell.
    """
    told = select(Notification.person_id, Notification.message).where(
        Notification.person_id.in_(person_ids),
        Notification.kind == kind,
        Notification.read_at.is_(None),
        Notification.created_at > now - ONCE_IN,
    )
    stored = message.stored()
    with db.session.no_autoflush:  # the caller may be in the middle of its rows
        known = {row.person_id for row in db.session.execute(told) if row.message == stored}
    waiting = (one for one in db.session.new if isinstance(one, Notification))
    known |= {one.person_id for one in waiting if one.kind is kind and one.message == stored}
    for person_id in sorted(set(person_ids) - known):
        _add(person_id, kind, message, path, now)


def staff_ids() -> list[int]:
    """Return who looks after connections and deliveries."""
    return _with_roles(STAFF)


def admin_ids() -> list[int]:
    """Return who looks after everything."""
    return _with_roles((Role.ADMIN,))


def _with_roles(roles: Collection[Role]) -> list[int]:
    query = select(PersonRole.person_id).join(Person).where(PersonRole.role.in_(roles))
    return list(db.session.scalars(query.where(Person.active).distinct()))


_NOTICE = Notification.__table__.c


def unread_of(person_id: ColumnElement[int]) -> ScalarSelect[int]:
    """Return the part of a statement that says how many they have not read, at most a hundred."""
    unread = select(_NOTICE.id).where(_NOTICE.person_id == person_id, _NOTICE.read_at.is_(None))
    some = unread.correlate(person_id.table).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def list_for(person: Person, place: Place = START) -> Slice:
    """Return a page of what the person was told, newest first."""
    ids = select(Notification.id).where(Notification.person_id == person.id)
    return slice_of(ids, select(Notification), Order((Notification.id,), falling=True), place)


def mark_read(person: Person, notification_id: int, now: datetime) -> Notification:
    """Mark one as read and return it; anybody else's does not exist. Commits."""
    found = db.session.get(Notification, notification_id)
    if found is None or found.person_id != person.id:
        raise NotFound
    found.read_at = found.read_at or now
    db.session.commit()
    return found


def mark_all_read(person: Person, now: datetime) -> None:
    """Mark everything as read. Commits."""
    db.session.execute(
        update(Notification)
        .where(Notification.person_id == person.id, Notification.read_at.is_(None))
        .values(read_at=now)
    )
    db.session.commit()


def sweep(kept: timedelta, now: datetime) -> None:
    """Drop what was read longer ago than that; what nobody has read stays. The caller commits."""
    db.session.execute(delete(Notification).where(Notification.read_at < now - kept))


def kinds_for(person: Person) -> list[NotificationKind]:
    """Return what this person can be told of."""
    others = {kind for kind, roles in FOR_ROLES.items() if not roles & person.roles}
    return [kind for kind in NotificationKind if kind not in others]


def unwanted(person_id: int) -> set[NotificationKind]:
    """Return which kinds of mail the person switched off."""
    query = select(UnwantedMail.kind).where(UnwantedMail.person_id == person_id)
    return set(db.session.scalars(query))


def choose_mails(person: Person, wanted: Collection[NotificationKind]) -> None:
    """Mail these kinds from now on, and no other that the person can be told of. Commits."""
    off = set(kinds_for(person)) - set(wanted)
    kept = set(unwanted(person.id)) - set(kinds_for(person))
    db.session.execute(delete(UnwantedMail).where(UnwantedMail.person_id == person.id))
    db.session.add_all(UnwantedMail(person_id=person.id, kind=kind) for kind in sorted(off | kept))
    db.session.commit()


def stop_token(person_id: int, kind: NotificationKind, sealer: Sealer) -> str:
    """Return what a link in a mail carries, to stop this kind without signing in."""
    return sealer.seal(f"{person_id}:{kind.value}", _STOP)


def read_stop_token(token: str, sealer: Sealer) -> tuple[int, NotificationKind]:
    """Return whose mails of which kind a link stops; raise NotFound for anything else."""
    try:
        person_id, _colon, kind = sealer.open(token, _STOP).partition(":")
        found = db.session.get(Person, int(person_id))
        named = NotificationKind(kind)
    except (CannotOpen, ValueError) as exc:
        raise NotFound from exc
    if found is None:
        raise NotFound
    return found.id, named


def stop(token: str, sealer: Sealer) -> NotificationKind:
    """Switch the kind of mail off that a link names; twice is as good as once. Commits."""
    person_id, kind = read_stop_token(token, sealer)
    if kind not in unwanted(person_id):
        db.session.add(UnwantedMail(person_id=person_id, kind=kind))
        db.session.commit()
    return kind


def _add(
    person_id: int, kind: NotificationKind, message: Message, path: str, now: datetime
) -> None:
    stored = message.stored()
    values = {"person_id": person_id, "created_at": now}
    db.session.add(Notification(kind=kind, message=stored, path=path, **values))
    told = {"message": stored, "path": path}
    db.session.add(Mail(kind=kind.value, values=told, due=now, **values))
