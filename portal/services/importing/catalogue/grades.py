"""user_course_grade.csv: what learners have done of the modules of courses, and when."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update

from portal.extensions import db
from portal.models import (
    Enrolment,
    EnrolmentState,
    ModuleDone,
)
from portal.services.importing.catalogue import cells
from portal.services.importing.catalogue.cells import Column
from portal.services.importing.catalogue.completing import KIND, NO_SUCCESS, complete_all
from portal.services.importing.catalogue.judging import CatalogueWork, Keeper
from portal.services.importing.catalogue.learners import keep_unused_of, lock_learners
from portal.services.importing.catalogue.rows import CatalogueRow, Shape, id_of
from portal.services.importing.judging import Verdict
from portal.services.in_bulk import among, insert_all, pairs_among

_FLAGS = {"TRUE": True, "FALSE": False}


Pair = tuple[int | None, int | None]  # the ids of a learner and a course


class Attempt(NamedTuple):
    """An attempt at a course, as far as its modules have to do with it."""

    id: int
    done: bool


def _check(row: CatalogueRow) -> None:
    """Dates belong to what happened; nothing is completed that was not started."""
    if (row["completion"] or row["success"]) and row["started"] is False:
        row.error("started", "import_grade_not_started")
    if row["completion"] and row["completionDate"] is None:
        row.error("completionDate", "import_cell_missing")


USER_COURSE_GRADE = Shape(
    name=KIND,
    columns=(
        Column("userId", cells.email, needed=True, refers_to="people"),
        Column("courseId", cells.identifier, needed=True, refers_to="course"),
        Column("moduleId", cells.identifier, needed=True),
        Column("completion", cells.flag),
        Column("started", cells.choice(_FLAGS)),
        Column("success", cells.choice(_FLAGS)),
        Column("startedDate", cells.moment),
        Column("completionDate", cells.moment),
    ),
    key=("userId", "courseId", "moduleId"),
    label="userId",
    check=_check,
    links=(("moduleId", "course_module", ("courseId", "moduleId")),),
)


class Grades(Keeper):
    """Modules that learners have done."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return what is done already; a module that is done stays so."""
        lock_learners(self.errand, self.references)
        self.people = self.references.found("people")
        self.courses = self.references.found("course")
        self.modules = self.references.found("course_module")
        self.attempts = _newest({self._pair(row) for row in rows if None not in self._pair(row)})
        done = _done(one.id for one in self.attempts.values())
        known: dict[str, dict[str, Any]] = {}
        for row in rows:
            attempt = self.attempts.get(self._pair(row))
            module = self.modules.get(id_of(row["courseId"], row["moduleId"]))
            if attempt and (attempt.done or (attempt.id, module) in done or not row["completion"]):
                known[row.source_id or ""] = {}
        return known

    def holds(self, row: CatalogueRow) -> str | None:
        """The course, for those who settle what follows once all rows are in."""
        return row.values.get("courseId")

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Write down who has done which module. What follows comes behind the last row."""
        rows: list[Any] = [one.row for one in verdicts]
        self._begin(rows)
        done = {}
        for row in rows:
            module = self.modules.get(id_of(row["courseId"], row["moduleId"]))
            attempt = self.attempts[self._pair(row)]
            if row["completion"] and module and not attempt.done:
                done[attempt.id, module] = row["completionDate"]
                if row["success"] is False:
                    row.kept[NO_SUCCESS] = "FALSE"
        values = [
            {"enrolment_id": one, "module_id": module, "done_at": at}
            for (one, module), at in done.items()
        ]
        insert_all(ModuleDone.__table__, values)
        keep_unused_of(self.errand, self.references, verdicts, ("courseId", "moduleId"))

    def _pair(self, row: CatalogueRow) -> Pair:
        return self.people.get(row["userId"]), self.courses.get(row["courseId"])

    def _begin(self, rows: Sequence[CatalogueRow]) -> None:
        """Enrol those who are on no attempt, from when they started."""
        began: dict[Pair, datetime] = {}
        for row in rows:
            pair = self._pair(row)
            at = row["startedDate"] or row["completionDate"] or self.errand.now
            began[pair] = min(at, began.get(pair, at))
        fresh = [
            {
                "learner_id": learner,
                "learning_object_id": course,
                "state": EnrolmentState.IN_PROGRESS,
                "enrolled_at": at,
            }
            for (learner, course), at in began.items()
            if (learner, course) not in self.attempts
        ]
        if fresh:
            insert_all(Enrolment.__table__, fresh)
            self.attempts = _newest(set(began))
        table = Enrolment.__table__
        theirs = {self.attempts[pair].id for pair in began}
        waiting = (among(table.c.id, theirs)) & (table.c.state == EnrolmentState.ENROLLED)
        db.session.execute(update(table).where(waiting).values(state=EnrolmentState.IN_PROGRESS))


class GradeWork(CatalogueWork):
    """Judges the rows; behind the last one it completes courses and all that follows."""

    shape, keeper = USER_COURSE_GRADE, Grades
    concludes = True

    def conclude(self) -> Iterator[None]:
        """Complete what is fulfilled by now, so many learners at a time."""
        return complete_all(self.errand)


def _newest(pairs: set[Pair]) -> dict[Pair, Attempt]:
    """Return the newest attempt of each of these learners at this course of theirs."""
    query = select(
        *(Enrolment.learner_id, Enrolment.learning_object_id, Enrolment.id, Enrolment.completed_at)
    ).where(pairs_among(Enrolment.learner_id, Enrolment.learning_object_id, pairs))
    return {
        (learner, course): Attempt(enrolment, ended is not None)
        for learner, course, enrolment, ended in db.session.execute(
            query.order_by(Enrolment.attempt)
        )
    }


def _done(enrolment_ids: Iterable[int]) -> set[tuple[int, int]]:
    query = select(ModuleDone.enrolment_id, ModuleDone.module_id)
    found = db.session.execute(query.where(among(ModuleDone.enrolment_id, set(enrolment_ids))))
    return {(enrolment_id, module_id) for enrolment_id, module_id in found}
