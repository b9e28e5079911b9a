"""What people did with paths, certifications, evidence and assessments in the demo portal."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select

from portal.demo.finding import object_called, person_called
from portal.demo.pictures import Look, draw
from portal.extensions import db
from portal.models import (
    Certification,
    Decision,
    Enrolment,
    Evidence,
    LearningObject,
    Person,
)
from portal.services.learning import (
    completions,
    enrolments,
    evidence,
    files,
    modules,
    recording,
    undo,
)
from portal.services.means import Means
from portal.services.privacy import opting_out

Deed = Callable[[datetime], None]

# Who, with what, how many days ago, and what they (or staff) did then.
ROWS = """
bjorn.dahl safety-certificate 381 enrol
bjorn.dahl safety 380.2 complete
bjorn.dahl first-aid 380 complete
henrik.aune safety-certificate 371 enrol
henrik.aune safety 370.2 complete
henrik.aune first-aid 370 complete
greta.wolff safety-certificate 332 enrol
greta.wolff safety 331 complete
greta.wolff first-aid 330 complete
elin.sandberg safety-certificate 71 enrol
henrik.aune safety-certificate 20 renew
henrik.aune safety 13 again
henrik.aune first-aid 12 again
learner2 safety-certificate 41 enrol
learner safety-certificate 5 enrol
farid.rahimi safety-certificate 4 due
learner coastal-skipper 51 enrol
learner welcome 50 complete
mei.tanaka coastal-skipper 37 enrol
mei.tanaka welcome 36 complete
kaisa.virtanen new-crew 46 enrol
kaisa.virtanen welcome 45.5 complete
nils.forsberg welcome 31 complete
olga.novak welcome 26 complete
liam.murphy welcome 24 complete
liam.murphy welcome 0.5 opt_out
pedro.alonso welcome 3 mark
greta.wolff radio-licence 341 hand_in
greta.wolff radio-licence 340 approve
amara.okafor radio-licence 30 hand_in
amara.okafor radio-licence 29 approve
liam.murphy radio-licence 10 hand_in
liam.murphy radio-licence 9 reject
ines.carvalho radio-licence 4 hand_in
jonas.ek rescue 15 hand_in
jonas.ek rescue 14 approve
olga.novak rescue 9 hand_in
olga.novak rescue 8 reject
david.levi rescue 6 hand_in
pedro.alonso assessment 18 record
pedro.alonso assessment 16 undo
mei.tanaka assessment 33 record
kaisa.virtanen assessment 32 record
nils.forsberg assessment 11 record
chiara.rossi assessment 10 fail
""".strip().splitlines()
LOG = "Three drills, the longest took six minutes. The log is written by hand and complete."
NOT_ENOUGH = "The drill under power is missing. Please add it and hand it in again."
UNDONE = "Recorded for the wrong person."


def learning_deeds(now: datetime, means: Means, work: Deed) -> Iterator[tuple[datetime, Deed]]:
    """Yield what happens and when; after each of them the portal's worker does its `work`."""
    for row in ROWS:
        who, word, days, deed = row.split()
        at = now - timedelta(days=float(days))
        yield at, partial(_happen, Doing(who, word, means), deed, work)


def _happen(doing: "Doing", deed: str, work: Deed, now: datetime) -> None:
    getattr(doing, deed)(now)
    work(now + timedelta(seconds=20))


class Doing:
    """One person and one learning object. What happened already does not happen again."""

    def __init__(self, who: str, word: str, means: Means) -> None:
        self.who, self.word, self.means = who, word, means

    @property
    def learner(self) -> Person:
        return person_called(self.who)

    @property
    def object(self) -> LearningObject:
        return object_called(self.word)

    @property
    def attempts(self) -> int:
        query = select(func.count()).select_from(Enrolment)
        query = query.filter_by(learner_id=self.learner.id, learning_object_id=self.object.id)
        return db.session.scalar(query) or 0

    def enrol(self, now: datetime) -> None:
        if not self.attempts:
            completions.enrol(learner=self.learner, learning_object=self.object, now=now)

    def due(self, now: datetime) -> None:
        if not self.attempts:
            completions.enrol(
                learner=self.learner,
                learning_object=self.object,
                now=now,
                by=person_called("author"),
                due_at=now + timedelta(days=30),
            )

    def complete(self, now: datetime) -> None:
        self.enrol(now)
        learner, course = self.learner, self.object
        for module in modules.list_of(course):
            completions.mark_done(learner=learner, course=course, module=module, now=now)
        completions.complete(learner=learner, course_id=course.id, now=now)

    def mark(self, now: datetime) -> None:
        self.enrol(now)
        first = modules.list_of(self.object)[0]
        completions.mark_done(learner=self.learner, course=self.object, module=first, now=now)

    def again(self, now: datetime) -> None:
        learner, course = self.learner, self.object
        completions.enrol(learner=learner, learning_object=course, now=now)
        completions.complete(learner=learner, course_id=course.id, now=now)

    def renew(self, now: datetime) -> None:
        certification = self.object
        if self.attempts == 1 and isinstance(certification, Certification):
            completions.renew(learner=self.learner, certification=certification, now=now)

    def hand_in(self, now: datetime) -> None:
        self.enrol(now)
        if self._hand_in_of() is not None:
            return
        proof = None
        if isinstance(self.object, Certification):
            picture = io.BytesIO(draw(Look("shield", "slate", "radio")))
            proof = files.keep(picture, "licence.png", allowed=files.DOCUMENTS, means=self.means)
        evidence.hand_in(
            learner=self.learner,
            learning_object=self.object,
            text=LOG if proof is None else "My licence, front side.",
            address="",
            file=proof,
            now=now,
        )

    def approve(self, now: datetime) -> None:
        given = self._hand_in_of()
        if given is not None and given.decision is Decision.WAITING:
            evidence.approve(actor=person_called("author"), evidence=given, at=now, now=now)

    def reject(self, now: datetime) -> None:
        given = self._hand_in_of()
        if given is not None and given.decision is Decision.WAITING:
            actor = person_called("author")
            evidence.reject(actor=actor, evidence=given, reason=NOT_ENOUGH, now=now)

    def record(self, now: datetime) -> None:
        self._record(now, success=True)

    def fail(self, now: datetime) -> None:
        self._record(now, success=False)

    def undo(self, now: datetime) -> None:
        newest = enrolments.newest_attempt(self.learner, self.object)
        if newest is not None and newest.done:
            undo.undo(actor=person_called("author"), enrolment=newest, reason=UNDONE, now=now)

    def opt_out(self, now: datetime) -> None:
        """They want their badges to stay here from now on."""
        opting_out.opt_out(person=self.learner, now=now)

    def _record(self, now: datetime, *, success: bool) -> None:
        if self.attempts:
            return
        recording.record_people(
            actor=person_called("author"),
            learning_object=self.object,
            people=[self.learner],
            at=now,
            success=success,
            now=now,
        )

    def _hand_in_of(self) -> Evidence | None:
        newest = enrolments.newest_attempt(self.learner, self.object)
        query = select(Evidence).filter_by(enrolment_id=newest.id if newest else 0)
        return db.session.scalars(query.order_by(Evidence.id.desc()).limit(1)).first()
