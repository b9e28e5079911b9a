"""people.csv as a kind of file."""

from collections.abc import Sequence
from datetime import datetime

from portal.models import LearningObject, Person
from portal.policies import is_admin
from portal.services.importing.file_kind import FileKind, RowWork
from portal.services.importing.formulas import quoted
from portal.services.importing.people import exporting
from portal.services.importing.people.judging import PeopleJudge
from portal.services.importing.people.rows import LAYOUT, PersonRow, read_row

SAMPLE = (
    ("lena.learner@example.org", "Lena", "Learner", "", "sv"),
    ("otto.author@example.org", "Otto", "Author", "author", "en"),
    ("ivar.integration@example.org", "Ivar", "Integration", "author|integration_admin", ""),
)


class PeopleWork(RowWork):
    """Judges the rows; nobody else need be asked."""

    def judge(self, rows: Sequence[PersonRow]) -> PeopleJudge:
        """Return the judge of a batch."""
        return PeopleJudge(self.errand, rows)


def _may_import(actor: Person, _about: LearningObject | None) -> bool:
    return is_admin(actor)  # it sets roles


def sample(_now: datetime) -> str:
    """Return the text of a people.csv that the portal takes as it is."""
    lines = [quoted(list(row)) for row in (LAYOUT.columns, *SAMPLE)]
    return "\ufeff" + "".join(lines)


PEOPLE = FileKind(
    name="people",
    file_name="people.csv",
    layout=LAYOUT,
    read=read_row,
    work=PeopleWork,
    sample=sample,
    may_import=_may_import,
    export=exporting.rows,
)
