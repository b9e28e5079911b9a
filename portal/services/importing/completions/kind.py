"""completions.csv as a kind of file: bound to one learning object, brought in by its owners."""

from collections.abc import Sequence
from datetime import datetime

from portal.messages import say
from portal.models import LearningObject, Person
from portal.policies import can_edit
from portal.services.importing.bytes_of_file import FileRefused
from portal.services.importing.completions.judging import CompletionJudge
from portal.services.importing.completions.rows import LAYOUT, CompletionRow, read_row
from portal.services.importing.file_kind import Errand, FileKind, RowWork
from portal.services.importing.formulas import quoted
from portal.services.learning.recording import can_be_recorded

MOST_ROWS = 10_000
# Each row may complete paths and certifications and award badges: a few at a time, so that
# nobody else waits long for the database.
AT_ONCE = 50


class CompletionWork(RowWork):
    """Judges the rows; nobody else need be asked."""

    def __init__(self, errand: Errand) -> None:
        super().__init__(errand)
        if errand.run.rows > MOST_ROWS:
            raise FileRefused(say("import_too_many_rows", most=MOST_ROWS))

    def judge(self, rows: Sequence[CompletionRow]) -> CompletionJudge:
        """Return the judge of a batch."""
        return CompletionJudge(self.errand, rows)


def _may_import(actor: Person, about: LearningObject | None) -> bool:
    return about is not None and can_edit(actor, about) and can_be_recorded(about)


def sample(now: datetime) -> str:
    """Return the text of a completions.csv in the form that is wanted."""
    day = now.date().isoformat()
    rows = [list(LAYOUT.columns), ["lena@example.org", day], ["otto@example.org", day]]
    return "\ufeff" + "".join(quoted(row) for row in rows)


COMPLETIONS = FileKind(
    name="completions",
    file_name="completions.csv",
    layout=LAYOUT,
    read=read_row,
    work=CompletionWork,
    sample=sample,
    may_import=_may_import,
    at_once=AT_ONCE,
)
