"""badge.csv as a kind of file."""

from collections.abc import Sequence

from portal.messages import Message
from portal.models import LearningObject, Person
from portal.policies import can_manage_connectors
from portal.services.importing.badges import exporting
from portal.services.importing.badges.asking import Templates
from portal.services.importing.badges.judging import BadgeJudge
from portal.services.importing.badges.pictures import Pictures
from portal.services.importing.badges.rows import LAYOUT, BadgeRow, read_row
from portal.services.importing.badges.sample import sample
from portal.services.importing.file_kind import Errand, FileKind, RowWork


class BadgeWork(RowWork):
    """Looks at the pictures and asks Credly for the templates that rows name, then judges."""

    def __init__(self, errand: Errand) -> None:
        super().__init__(errand)
        self.templates = Templates(errand)
        self.pictures = Pictures(errand)

    def prepare(self, rows: Sequence[BadgeRow]) -> Sequence[Message]:
        """Look at a batch's pictures, and in the preview at its templates.

        Says so when Credly does not answer.
        """
        self.pictures.look_at(rows)
        if self.errand.previews:
            named = (row.external_id for row in rows if row.external_id)
            self.templates.ask(named, self.errand.now)
        return self.templates.notes

    def judge(self, rows: Sequence[BadgeRow]) -> BadgeJudge:
        """Return the judge of a batch."""
        return BadgeJudge(self.errand, rows, self.templates.missing)


def _may_import(actor: Person, _about: LearningObject | None) -> bool:
    return can_manage_connectors(actor)


BADGES = FileKind(
    name="badges",
    file_name="badge.csv",
    layout=LAYOUT,
    read=read_row,
    work=BadgeWork,
    sample=sample,
    may_import=_may_import,
    takes_zip=True,
    takes_connection=True,
    export=exporting.rows,
)
