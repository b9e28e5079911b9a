"""Who is an administrator at each row of a file, so that the last one is never lost on the way."""

from sqlalchemy import select

from portal.extensions import db
from portal.models import ImportRow, ImportRun, Outcome, Person, PersonRole, Role

ADMIN = Role.ADMIN.value  # what the row of an administrator `holds`
ENOUGH = 2


class Admins:
    """The addresses of those who can run the portal; of those a file adds, as many as matter."""

    def __init__(self, run: ImportRun, before: int, *, lock: bool) -> None:
        """Read who is left once the rows above line `before` are in.

        `lock` keeps others from taking an administrator away until the batch is written.
        """
        query = select(Person.email).join(PersonRole).where(PersonRole.role == Role.ADMIN)
        query = query.where(Person.active)
        self._emails = set(db.session.scalars(query.with_for_update() if lock else query))
        earlier = select(ImportRow.source_id, ImportRow.holds).order_by(ImportRow.line)
        earlier = earlier.where(
            ImportRow.import_run_id == run.id,
            ImportRow.line < before,
            ImportRow.outcome != Outcome.ERROR,
        )
        of_admins = db.session.execute(earlier.where(ImportRow.source_id.in_(query))).all()
        for email, holds in dict(reversed(of_admins)).items():  # of an address the first counts
            self.follow(email, holds)
        added = db.session.execute(earlier.where(ImportRow.holds == ADMIN).limit(ENOUGH))
        self._emails.update(email for email, _holds in added)

    def follow(self, email: str, holds: str | None) -> None:
        """Note what a row makes of a person."""
        if holds == ADMIN:
            self._emails.add(email)
        else:
            self._emails.discard(email)

    def are_left_without(self, email: str) -> bool:
        """Say whether anybody is left when this person is one no more."""
        return bool(self._emails - {email})
