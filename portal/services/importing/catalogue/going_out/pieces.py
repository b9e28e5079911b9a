"""What every file of a catalogue that goes out is made with: cells, and rows piece by piece."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, select

from portal.extensions import db
from portal.models import Badge, LearningObject, ObjectState
from portal.services.importing.catalogue.judging import shown

PIECE = 500
DEFAULT = "default"  # the one instance that an object has here
OBJECTS = LearningObject.__table__.c
COMMON = (
    OBJECTS.id,
    OBJECTS.source_id,
    OBJECTS.title,
    OBJECTS.description,
    OBJECTS.state,
    OBJECTS.created_at,
)

Row = list[str]


def row_of(*values: Any) -> Row:
    """Return values as cells."""
    return [shown(one) or "" for one in values]


def pieces_of(query: Select, key: Any) -> Iterator[Sequence[Any]]:
    """Yield what a query finds, so many rows at a time, in the order of this key."""
    last = 0
    while found := db.session.execute(query.where(key > last).order_by(key).limit(PIECE)).all():
        yield found
        last = found[-1].id


def objects(kind: str) -> Select:
    """Return what selects the objects of a kind, with what all kinds have."""
    return select(*COMMON, OBJECTS.badge_id).where(OBJECTS.kind == kind)


def instances(kind: str) -> Iterator[Row]:
    """The one instance of each object of a kind, with its badge."""
    query = objects(kind).add_columns(Badge.source_id.label("badge"))
    query = query.outerjoin(Badge, Badge.id == OBJECTS.badge_id)
    for piece in pieces_of(query, OBJECTS.id):
        for one in piece:
            yield row_of(one.source_id, DEFAULT, one.title, "Active", one.badge)


def state_word(state: ObjectState) -> str:
    """Return the state as the files say it."""
    return state.value.capitalize()
