"""Bringing people in, many with a statement each. Nobody is deleted. Callers commit."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from portal.extensions import db
from portal.models import Outcome, Person, PersonRole, Role, SignInSession
from portal.models.people.found_by import found_by
from portal.services import audit
from portal.services.importing.judging import Verdict
from portal.services.importing.people.rows import PersonRow
from portal.services.in_bulk import insert_all
from portal.services.issuing import operations


@dataclass
class PersonVerdict(Verdict):
    """What becomes of a row, with who it is about and what they will be."""

    row: PersonRow
    person_id: int | None = None
    locale: str | None = None
    roles: frozenset[Role] = frozenset()
    before: frozenset[Role] = frozenset()

    @property
    def renamed(self) -> bool:
        """Whether the row gives somebody another name."""
        return bool({"firstName", "lastName"} & self.changes.keys())


def bring_in(verdicts: Sequence[PersonVerdict], now: datetime) -> None:
    """Add those who are new, change the others, and let their badges follow another name.

    Who is new has no password: an invitation lets them in. Other roles end somebody's sessions.
    """
    new = [verdict for verdict in verdicts if verdict.outcome is Outcome.NEW]
    changed = [verdict for verdict in verdicts if verdict.outcome is Outcome.CHANGED]
    if new:
        _add(new, now)
    if changed:
        _change(changed, now)
        renamed = [one.person_id for one in changed if one.renamed and one.person_id]
        if renamed:
            operations.follow_names(learner_ids=renamed, now=now)


def _add(verdicts: Sequence[PersonVerdict], now: datetime) -> None:
    values = [
        {
            "email": one.row.source_id,
            **_said(one),
            "found_by": _found_by(one),
            "earner_id": str(uuid.uuid4()),
            "created_at": now,
        }
        for one in verdicts
    ]
    insert_all(Person.__table__, values)
    with_roles = {one.row.source_id or "": one.roles for one in verdicts if one.roles}
    if with_roles:
        query = select(Person.id, Person.email).where(Person.email.in_(with_roles))
        found = db.session.execute(query).all()
        _give([(person_id, with_roles[email]) for person_id, email in found])
        for person_id, email in found:
            _note(person_id, frozenset(), with_roles[email], now)


def _change(verdicts: Sequence[PersonVerdict], now: datetime) -> None:
    table = Person.__table__
    values = [{"who": one.person_id, **_said(one), "found_by": _found_by(one)} for one in verdicts]
    names = ("first_name", "last_name", "locale", "found_by")
    said = {name: bindparam(name) for name in names}
    mine = update(table).where(table.c.id == bindparam("who"))
    db.session.execute(mine.values(**said), values)
    moved = {one.person_id or 0: one.roles for one in verdicts if one.roles != one.before}
    if moved:
        for kept in (PersonRole, SignInSession):
            gone = delete(kept).where(kept.person_id.in_(moved))
            db.session.execute(gone.execution_options(synchronize_session=False))
        _give(list(moved.items()))
        for one in (one for one in verdicts if one.person_id in moved):
            _note(one.person_id, one.before, one.roles, now)


def _note(
    person_id: int | None, before: frozenset[Role], after: frozenset[Role], now: datetime
) -> None:
    roles = {"before": sorted(before), "after": sorted(after)}
    audit.note("person.roles", person_id=person_id, now=now, way="import", **roles)


def _said(verdict: PersonVerdict) -> dict[str, Any]:
    row = verdict.row
    return {
        "first_name": row.first_name,
        "last_name": row.last_name,
        "locale": verdict.locale,
    }


def _found_by(verdict: PersonVerdict) -> str:
    row = verdict.row
    return found_by(row.first_name, row.last_name, row.source_id or "")


def _give(pairs: Sequence[tuple[int, frozenset[Role]]]) -> None:
    rows = [{"person_id": one, "role": role} for one, roles in pairs for role in sorted(roles)]
    if rows:
        db.session.execute(insert(PersonRole.__table__), rows)
