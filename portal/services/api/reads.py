"""People, learning objects and awards as other systems read them: by id, piece by piece.

Whoever is erased is not there, and what is not theirs to see is not there for an author.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.errors import NotFound
from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    Badge,
    Delivery,
    DeliveryState,
    Kind,
    LearningObject,
    LearningObjectOwner,
    ObjectState,
    Person,
)
from portal.policies import is_admin
from portal.services.people.sign_in import as_stored

MOST = 200  # rows of one answer
USUAL = 100


@dataclass(frozen=True)
class Piece:
    """Some rows in the order of their ids; `next` is the id to go on behind, None at the end."""

    rows: Sequence[Any]
    next: int | None


def people(
    *, after: int = 0, limit: int = USUAL, email: str | None = None, active: bool | None = None
) -> Piece:
    """Return a piece of the people, by address or by whether their account is on."""
    query = select(Person).where(Person.erased_at.is_(None))
    if email is not None:
        query = query.where(Person.email == as_stored(email))
    if active is not None:
        query = query.where(Person.active.is_(active))
    return _piece(query, Person.id, after, limit)


def person(person_id: int) -> Person:
    """Return one of them; raise NotFound."""
    return _one(select(Person).where(Person.erased_at.is_(None), Person.id == person_id))


def objects(
    actor: Person,
    *,
    after: int = 0,
    limit: int = USUAL,
    kind: Kind | None = None,
    state: ObjectState | None = None,
    source_id: str | None = None,
    updated_since: datetime | None = None,
) -> Piece:
    """Return a piece of the learning objects that `actor` may edit."""
    query = _objects(actor)
    for column, value in (
        (LearningObject.kind, kind),
        (LearningObject.state, state),
        (LearningObject.source_id, source_id),
    ):
        query = query if value is None else query.where(column == value)
    if updated_since is not None:
        query = query.where(LearningObject.changed_at >= updated_since)
    return _piece(query, LearningObject.id, after, limit)


def learning_object(actor: Person, object_id: int) -> LearningObject:
    """Return one of them; raise NotFound."""
    return _one(_objects(actor).where(LearningObject.id == object_id))


def awards(
    actor: Person,
    *,
    after: int = 0,
    limit: int = USUAL,
    person_id: int | None = None,
    email: str | None = None,
    object_id: int | None = None,
    badge_id: int | None = None,
    state: AwardState | None = None,
) -> Piece:
    """Return a piece of the awards; of an author, those of the objects they own."""
    query = _awards(actor)
    for column, value in (
        (Award.learner_id, person_id),
        (Award.learning_object_id, object_id),
        (Award.badge_id, badge_id),
        (Award.state, state),
    ):
        query = query if value is None else query.where(column == value)
    if email is not None:
        query = query.where(Person.email == as_stored(email))
    return _piece(query, Award.id, after, limit)


def award(actor: Person, award_id: int) -> Award:
    """Return one of them; raise NotFound."""
    return _one(_awards(actor).where(Award.id == award_id))


def deliveries_of(found: Sequence[Award]) -> dict[int, DeliveryState]:
    """Return the state of the newest delivery of each issued badge among these awards."""
    ids = {one.issued_badge_id for one in found if one.issued_badge_id}
    query = select(Delivery.issued_badge_id, Delivery.state).order_by(Delivery.id)
    rows = db.session.execute(query.where(Delivery.issued_badge_id.in_(ids))) if ids else ()
    return {issued_badge_id: state for issued_badge_id, state in rows}


def _objects(actor: Person) -> Select:
    query = select(LearningObject).options(
        joinedload(LearningObject.badge).joinedload(Badge.template)
    )
    return query if is_admin(actor) else query.where(LearningObject.id.in_(_owned_by(actor)))


def _awards(actor: Person) -> Select:
    query = (
        select(Award)
        .join(Award.learner)
        .where(Person.erased_at.is_(None))
        .options(
            contains_eager(Award.learner).lazyload(Person.role_rows),
            joinedload(Award.badge).joinedload(Badge.template),
            joinedload(Award.issued_badge),
        )
    )
    mine = Award.learning_object_id.in_(_owned_by(actor))
    return query if is_admin(actor) else query.where(mine)


def _owned_by(actor: Person) -> Select:
    return select(LearningObjectOwner.learning_object_id).filter_by(person_id=actor.id)


def _piece(query: Select, key: Any, after: int, limit: int) -> Piece:
    found = db.session.scalars(query.where(key > after).order_by(key).limit(limit + 1)).unique()
    rows = found.all()
    more = len(rows) > limit
    return Piece(rows[:limit], rows[limit - 1].id if more else None)


def _one(query: Select) -> Any:
    found = db.session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound
    return found
