"""What is declared of a table that holds something about people, and which rows are about whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, or_, select, union

from portal.extensions import db
from portal.models import Award, Delivery, Enrolment, IssuedBadge, Mail, Person


@dataclass(frozen=True)
class Holding:
    """One table. `mine` is the condition under which a row is about a person.

    `shown` columns are in the export. At erasure the columns of `cleared` get these values, or the
    whole row goes (`deleted`). `kept` says of what stays why it does; `plain` columns say nothing
    about anybody by themselves. A column of `theirs` is about the person only in rows under this
    condition; it is shown and emptied there.
    """

    mine: Callable[[Any, int], ColumnElement[bool]]
    shown: tuple[str, ...] = ()
    cleared: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    plain: tuple[str, ...] = ()
    deleted: bool = False
    theirs: Mapping[str, Callable[[Any, int], ColumnElement[bool]]] = field(default_factory=dict)

    @property
    def declared(self) -> set[str]:
        """Every column that is spoken of."""
        return {*self.shown, *self.cleared, *self.kept, *self.plain}


def by(column: str) -> Callable[[Any, int], ColumnElement[bool]]:
    """Rows that name the person in this column."""
    return lambda table, person_id: table.c[column] == person_id


def of_issued(column: str = "issued_badge_id") -> Callable[[Any, int], ColumnElement[bool]]:
    """Rows that belong to an issued badge of the person."""
    return lambda table, person_id: table.c[column].in_(
        select(IssuedBadge.id).where(IssuedBadge.learner_id == person_id)
    )


def of_delivery(table: Any, person_id: int) -> ColumnElement[bool]:
    """Rows that belong to a delivery of the person's badges."""
    theirs = select(IssuedBadge.id).where(IssuedBadge.learner_id == person_id)
    return table.c.delivery_id.in_(select(Delivery.id).where(Delivery.issued_badge_id.in_(theirs)))


def of_enrolment(table: Any, person_id: int) -> ColumnElement[bool]:
    """Rows that belong to an attempt of the person."""
    return table.c.enrolment_id.in_(select(Enrolment.id).where(Enrolment.learner_id == person_id))


def of_award(table: Any, person_id: int) -> ColumnElement[bool]:
    """Rows that belong to an award of the person."""
    return table.c.award_id.in_(select(Award.id).where(Award.learner_id == person_id))


def of_audit(table: Any, person_id: int) -> ColumnElement[bool]:
    """What the person did, and what was done to them."""
    return or_(table.c.person_id == person_id, table.c.actor_id == person_id)


def from_their_place(table: Any, person_id: int) -> ColumnElement[bool]:
    """What came from where the person is: they did it, or nobody who is known."""
    nobody = table.c.actor_id.is_(None) & (table.c.person_id == person_id)
    return or_(table.c.actor_id == person_id, nobody)


def of_import(table: Any, person_id: int) -> ColumnElement[bool]:
    """Rows of imported files that are about the person, by an address; records have it as name."""
    addresses = addresses_of(person_id)
    return table.c.source_id.in_(addresses) | table.c.name.in_(addresses)


def addresses_of(person_id: int) -> CompoundSelect:
    """Every address that is known to be, or to have been, the person's; some rows are null.

    An address they only asked for is not among them: it may be somebody else's.
    """
    left = Mail.kind == "email_changed"  # which goes to the address that was left behind
    theirs = select(IssuedBadge.id).where(IssuedBadge.learner_id == person_id)
    return union(
        select(Person.email).where(Person.id == person_id),
        select(Person.badge_email).where(Person.id == person_id),
        select(Mail.address).where(Mail.person_id == person_id, left),
        select(IssuedBadge.recipient_email).where(IssuedBadge.learner_id == person_id),
        select(Delivery.recipient_email).where(Delivery.issued_badge_id.in_(theirs)),
    )


def table_of(name: str) -> Any:
    """Return the table of this name."""
    return db.metadata.tables[name]
