"""What becomes of a row of people.csv, beside the people who are there."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.extensions import db
from portal.models import Outcome, Person, PersonRole, Role
from portal.services.importing.file_kind import Errand
from portal.services.importing.judging import Judge, Verdict
from portal.services.importing.passed import Passed
from portal.services.importing.people.admins import ADMIN, Admins
from portal.services.importing.people.applying import PersonVerdict, bring_in
from portal.services.importing.people.rows import PersonRow
from portal.services.in_bulk import among


@dataclass(frozen=True)
class Known:
    """A person as the portal has them."""

    id: int
    first_name: str
    last_name: str
    locale: str | None
    active: bool
    roles: frozenset[Role]


class PeopleJudge(Judge):
    """Judges the rows of a batch of people.csv."""

    id_column = "email"

    def __init__(self, errand: Errand, batch: Sequence[PersonRow]) -> None:
        self.errand = errand
        emails = {row.source_id for row in batch if row.source_id}
        super().__init__(Passed(errand.run, batch[0].line, emails))
        self.admins = Admins(errand.run, batch[0].line, lock=not errand.previews)
        self.known = _known(emails)
        self.own_email = db.session.scalar(
            select(Person.email).where(Person.id == errand.run.person_id)
        )
        self._aside: list[PersonVerdict] = []

    def remember(self, verdict: Verdict) -> None:
        """Let the rows that follow know of this one, and of who is an administrator by now."""
        super().remember(verdict)
        if isinstance(verdict, PersonVerdict) and not verdict.failed:
            self.admins.follow(verdict.row.source_id or "", verdict.holds)

    def apply(self, verdict: PersonVerdict) -> None:
        """Put the row aside; `finish` brings all of them in."""
        self._aside.append(verdict)

    def finish(self) -> None:
        """Add and change the people of the batch."""
        bring_in(self._aside, self.errand.now)

    def _judged(self, row: PersonRow) -> Verdict:
        known = self.known.get(row.source_id or "")
        before = known.roles if known else frozenset()
        roles = row.roles if "roles" in row.given else before
        active = known.active if known else True
        self._keep_an_admin(row, before - roles, active)
        if row.errors:
            return Verdict(row, Outcome.ERROR)
        if not active:
            row.note("email", "import_person_off")
        changes = _changes(row, known, roles) if known else {}
        outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
        return PersonVerdict(
            row,
            outcome if known else Outcome.NEW,
            changes,
            holds=ADMIN if active and Role.ADMIN in roles else None,
            person_id=known.id if known else None,
            locale=row.locale or (known.locale if known else None),
            roles=roles,
            before=before,
        )

    def _keep_an_admin(self, row: PersonRow, lost: frozenset[Role], active: bool) -> None:
        email = row.source_id or ""
        if Role.ADMIN not in lost:
            return
        if email == self.own_email:
            row.error("roles", "import_own_admin")
        elif active and not self.admins.are_left_without(email):
            row.error("roles", "last_admin")


def _known(emails: set[str]) -> dict[str, Known]:
    roles: dict[int, set[Role]] = {}
    theirs = select(PersonRole.person_id, PersonRole.role).join(Person)
    for person_id, role in db.session.execute(theirs.where(among(Person.email, emails))):
        roles.setdefault(person_id, set()).add(role)
    columns = (Person.id, Person.first_name, Person.last_name, Person.locale, Person.active)
    query = select(Person.email, *columns).where(among(Person.email, emails))
    return {
        email: Known(*values, roles=frozenset(roles.get(values[0], ())))
        for email, *values in db.session.execute(query)
    }


def _changes(row: PersonRow, known: Known, roles: frozenset[Role]) -> dict[str, list[str | None]]:
    """Return what the row would change, column by column: the old value and the new."""
    pairs = {
        "firstName": (known.first_name, row.first_name),
        "lastName": (known.last_name, row.last_name),
        "roles": ("|".join(sorted(known.roles)), "|".join(sorted(roles))),
        # What somebody chose is never taken away by a row that says nothing.
        "locale": (known.locale, row.locale or known.locale),
    }
    return {name: [old, new] for name, (old, new) in pairs.items() if old != new}
