"""What imported files say of somebody, found by every address and name that is known of them."""

import json
from collections.abc import Collection

from sqlalchemy import ColumnElement, Text, and_, cast, delete, or_, select, update

from portal.extensions import db
from portal.models import ImportRow, ImportRun, IssuedBadge, Person
from portal.services.paging import literally


def forget(person: Person, addresses: Collection[str]) -> list[str]:
    """Delete the rows that name the person; return the files they came in. The caller commits.

    A row with a mistyped address is theirs by its first and last name.
    """
    named = or_(
        ImportRow.source_id.in_(addresses),
        ImportRow.name.in_(addresses),  # records of learners
        *(_mentions(one) for one in addresses),
        *(and_(_cells_have(first), _cells_have(last)) for first, last in _names_of(person)),
    )
    runs = set(db.session.scalars(select(ImportRow.import_run_id).where(named)))
    gone = delete(ImportRow).where(named)
    db.session.execute(gone.execution_options(synchronize_session=False))
    query = select(ImportRun).where(ImportRun.id.in_(runs), ImportRun.upload.is_not(None))
    names = {run.upload for run in db.session.scalars(query)}
    # The files of a catalogue share their bytes.
    shared = update(ImportRun).where(ImportRun.upload.in_(names)).values(upload=None)
    db.session.execute(shared.execution_options(synchronize_session="fetch"))
    return list(names)


def _mentions(address: str) -> ColumnElement[bool]:
    columns = (ImportRow.cells, ImportRow.changes, ImportRow.remarks)
    return or_(*(cast(one, Text).ilike(literally(address), escape="\\") for one in columns))


def _cells_have(cell: str) -> ColumnElement[bool]:
    """Say whether a whole cell of the row is this."""
    return cast(ImportRow.cells, Text).ilike(literally(json.dumps(cell)), escape="\\")


def _names_of(person: Person) -> set[tuple[str, str]]:
    """Return the first and last names that the person and their badges have."""
    query = select(IssuedBadge.first_name, IssuedBadge.last_name)
    on_badges = db.session.execute(query.where(IssuedBadge.learner_id == person.id))
    names = {(person.first_name, person.last_name), *map(tuple, on_badges)}
    return {(first, last) for first, last in names if first and last}
