"""What the three kinds of learning objects share when they come in by file."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import select

from portal.extensions import db
from portal.models import LearningObject, LearningObjectOwner, Person
from portal.services.importing.catalogue.rows import CatalogueRow
from portal.services.importing.file_kind import Errand
from portal.services.learning import rules, snapshots

Object = TypeVar("Object", bound=LearningObject)


def objects_of(
    kind: type[Object], rows: Sequence[CatalogueRow], column: str = "id"
) -> dict[str, Object]:
    """Return the objects of a kind that rows name in a column, by the source's id."""
    ids = {row[column] for row in rows if row[column]}
    query = select(kind).where(kind.source_id.in_(ids))
    return {one.source_id or "": one for one in db.session.scalars(query).unique()}


def add_object(
    errand: Errand,
    learning_object: LearningObject,
    author: str = "",
    made_at: datetime | None = None,
) -> None:
    """Add an object; its owner is its author, if the portal knows them, else who imports it."""
    learning_object.created_at = made_at or errand.now
    db.session.add(learning_object)
    db.session.flush()
    owner_id = errand.run.person_id
    if author:
        query = select(Person.id).where(Person.email == author.strip().lower(), Person.active)
        owner_id = db.session.scalar(query) or owner_id
    if owner_id is not None:
        row = LearningObjectOwner(learning_object_id=learning_object.id, person_id=owner_id)
        db.session.add(row)


class Requirements:
    """Lets those who have begun go on by what was required before a change."""

    def __init__(self, objects: Iterable[LearningObject]) -> None:
        self.objects = list(objects)

    def __enter__(self) -> Self:
        """Remember what is required now."""
        found = rules.of_objects(self.objects)
        self.before = {one: rule.stored() for one, rule in found.items()}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Keep it for them where it is otherwise by now."""
        if kind is not None:
            return
        db.session.flush()
        after: dict[int, Any] = rules.of_objects(self.objects)
        for one in self.objects:
            before = self.before[one.id]
            if after[one.id].stored() != before:
                snapshots.keep_for_started(one, before)
