"""What becomes of a row of completions.csv, beside the people and what they have completed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.extensions import db
from portal.models import Enrolment, EnrolmentState, LearningObject, Outcome, Person
from portal.services import days
from portal.services.importing.cell_rules import as_text
from portal.services.importing.completions.rows import CompletionRow
from portal.services.importing.file_kind import Errand
from portal.services.importing.judging import Judge, Verdict
from portal.services.importing.passed import Passed
from portal.services.learning import recording
from portal.services.locks import lock_all


@dataclass
class CompletionVerdict(Verdict):
    """What becomes of a row, with whose completion it is and from when."""

    learner: Person | None = None
    at: datetime | None = None


class CompletionJudge(Judge):
    """Judges the rows of a batch, and records them one by one with all that follows."""

    id_column = "email"

    def __init__(self, errand: Errand, batch: Sequence[CompletionRow]) -> None:
        self.errand = errand
        emails = {row.source_id for row in batch if row.source_id}
        super().__init__(Passed(errand.run, batch[0].line, emails))
        self.about: LearningObject = errand.run.learning_object
        self.success: bool = errand.run.options.get("success", True)
        if not errand.previews:
            # All at once and in order: one after the other, as the file has them, two imports
            # could wait for each other.
            theirs = select(Person.id).where(Person.email.in_(emails))
            lock_all(db.session.scalars(theirs).all())
        query = select(Person).where(Person.email.in_(emails))
        self.people = {one.email: one for one in db.session.scalars(query)}
        self.newest = _newest(self.about, [one.id for one in self.people.values()])

    def apply(self, verdict: CompletionVerdict) -> None:
        """Record the completion."""
        recording.record(
            actor=self.errand.run.person,
            learner=verdict.learner,
            learning_object=self.about,
            at=verdict.at,
            success=self.success,
            now=self.errand.now,
        )

    def _judged(self, row: CompletionRow) -> Verdict:
        learner = self.people.get(row.source_id or "")
        at = self._moment(row)
        if learner is None:
            row.error("email", "import_person_unknown")
        elif refused := recording.why_refused(self.errand.run.person, learner):
            row.error("email", refused)
        if at is not None and at > self.errand.now:
            row.error("date", "day_to_come")
        if row.errors or learner is None or at is None:
            return Verdict(row, Outcome.ERROR)
        row.name = learner.name
        newest = self.newest.get(learner.id)
        if not recording.would_be_recorded(newest, success=self.success):
            row.note("email", "import_completed_already")
            return Verdict(row, Outcome.UNCHANGED)
        outcome = Outcome.CHANGED if newest is not None and newest.is_open else Outcome.NEW
        return CompletionVerdict(
            row, outcome, {"date": [None, as_text(at)]}, learner=learner, at=at
        )

    def _moment(self, row: CompletionRow) -> datetime | None:
        if row.at is not None or row.day is None:
            return row.at
        return days.moment_on(row.day, self.errand.means.time_zone, self.errand.now)


def _newest(about: LearningObject, learner_ids: Sequence[int]) -> dict[int, Enrolment]:
    """Return the newest attempt of each learner that they did not withdraw from."""
    newest = (
        select(func.max(Enrolment.id))
        .where(Enrolment.learning_object_id == about.id, Enrolment.learner_id.in_(learner_ids))
        .where(Enrolment.state != EnrolmentState.WITHDRAWN)
        .group_by(Enrolment.learner_id)
    )
    query = select(Enrolment).where(Enrolment.id.in_(newest))
    return {one.learner_id: one for one in db.session.scalars(query)}
