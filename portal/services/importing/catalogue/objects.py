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
from portal.services.in_bulk import among, insert_all
from portal.services.learning import rules, snapshots

Object = TypeVar("Object", bound=LearningObject)


def objects_of(
    kind: type[Object], rows: Sequence[CatalogueRow], column: str = "id"
) -> dict[str, Object]:
    """Return the objects of a kind that rows name in a column, by the source's id."""
    ids = {row[column] for row in rows if row[column]}
    query = select(kind).where(among(kind.source_id, ids))
    return {one.source_id or "": one for one in db.session.scalars(query).unique()}


class Added:
    """New objects of a batch; their owner is their author, if the portal knows them, else whoever
    imports."""

    def __init__(self, errand: Errand) -> None:
        self.errand = errand
        self._authors: dict[LearningObject, str] = {}

    def add(
        self, learning_object: LearningObject, author: str = "", made_at: datetime | None = None
    ) -> None:
        """Put an object aside that `write` will add."""
        learning_object.created_at = made_at or self.errand.now
        self._authors[learning_object] = author.strip().lower()

    def write(self) -> None:
        """Write the objects down, and who owns them. Does not commit."""
        db.session.add_all(self._authors)
        db.session.flush()
        named = set(filter(None, self._authors.values()))
        query = select(Person.email, Person.id).where(Person.email.in_(named), Person.active)
        known = dict(db.session.execute(query).all()) if named else {}
        owners = {
            one.id: known.get(author, self.errand.run.person_id)
            for one, author in self._authors.items()
        }
        rows = [
            {"learning_object_id": one, "person_id": owner}
            for one, owner in owners.items()
            if owner is not None
        ]
        insert_all(LearningObjectOwner.__table__, rows)


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
        kept = {
            one.id: self.before[one.id]
            for one in self.objects
            if after[one.id].stored() != self.before[one.id]
        }
        snapshots.keep_all_for_started(kept)
