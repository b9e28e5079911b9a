"""user_course_grade.csv: what learners have done of the modules of courses, and when."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import (
    OPEN_ENROLMENTS,
    Enrolment,
    EnrolmentState,
    ImportRow,
    ModuleDone,
    Outcome,
    Person,
    SourceRecord,
)
from portal.services.importing.catalogue import cells
from portal.services.importing.catalogue.cells import Column
from portal.services.importing.catalogue.enrolments import is_sent
from portal.services.importing.catalogue.judging import CatalogueWork, Keeper
from portal.services.importing.catalogue.learners import keep_unused_of
from portal.services.importing.catalogue.references import ids_of
from portal.services.importing.catalogue.rows import BETWEEN, CatalogueRow, Shape, id_of
from portal.services.importing.file_kind import Errand
from portal.services.importing.judging import Verdict
from portal.services.learning import history, rules
from portal.services.learning.chain import fulfilled_at

LEARNERS = 50  # in one transaction
NO_SUCCESS = "success"  # kept as FALSE where a module was completed without
_FLAGS = {"TRUE": True, "FALSE": False}


def _check(row: CatalogueRow) -> None:
    """Dates belong to what happened; nothing is completed that was not started."""
    if (row["completion"] or row["success"]) and row["started"] is False:
        row.error("started", "import_grade_not_started")
    if row["completion"] and row["completionDate"] is None:
        row.error("completionDate", "import_cell_missing")


USER_COURSE_GRADE = Shape(
    name="user_course_grade",
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
        self.people = self.references.found("people")
        self.courses = self.references.found("course")
        self.attempts = _newest(self.people.values(), self.courses.values())
        self.modules = self.references.found("course_module")
        done = set(_done([one.id for one in self.attempts.values()]))
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
        if values:
            db.session.execute(insert(ModuleDone.__table__), values)
        keep_unused_of(self.errand, self.references, verdicts, ("courseId", "moduleId"))

    def _pair(self, row: CatalogueRow) -> tuple[int | None, int | None]:
        return self.people.get(row["userId"]), self.courses.get(row["courseId"])

    def _begin(self, rows: Sequence[CatalogueRow]) -> None:
        """Enrol those who are on no attempt, from when they started."""
        began: dict[tuple[int | None, int | None], datetime] = {}
        for row in rows:
            pair = self._pair(row)
            at = row["startedDate"] or row["completionDate"] or self.errand.now
            began[pair] = min(at, began.get(pair, at))
        fresh = [
            Enrolment(
                learner_id=learner,
                learning_object_id=course,
                state=EnrolmentState.IN_PROGRESS,
                enrolled_at=at,
            )
            for (learner, course), at in began.items()
            if (learner, course) not in self.attempts
        ]
        db.session.add_all(fresh)
        db.session.flush()
        for one in fresh:
            self.attempts[one.learner_id, one.learning_object_id] = one
        for pair in began:
            if self.attempts[pair].state is EnrolmentState.ENROLLED:
                self.attempts[pair].state = EnrolmentState.IN_PROGRESS


class GradeWork(CatalogueWork):
    """Judges the rows; behind the last one it completes courses and all that follows."""

    shape, keeper = USER_COURSE_GRADE, Grades

    def conclude(self) -> Iterator[None]:
        """Complete what is fulfilled by now, so many learners at a time."""
        last = ""
        while emails := _next_learners(self.errand, last):
            _settle(self.errand, emails)
            last = emails[-1]
            yield


def _newest(people: Any, courses: Any) -> dict[tuple[int | None, int | None], Enrolment]:
    query = select(Enrolment).where(
        Enrolment.learner_id.in_(people), Enrolment.learning_object_id.in_(courses)
    )
    found = db.session.scalars(query.order_by(Enrolment.attempt))
    return {(one.learner_id, one.learning_object_id): one for one in found}


def _done(enrolment_ids: Sequence[int]) -> dict[tuple[int, int], datetime]:
    query = select(ModuleDone.enrolment_id, ModuleDone.module_id, ModuleDone.done_at)
    found = db.session.execute(query.where(ModuleDone.enrolment_id.in_(enrolment_ids)))
    return {(enrolment_id, module_id): at for enrolment_id, module_id, at in found}


def _next_learners(errand: Errand, last: str) -> list[str]:
    query = (
        select(ImportRow.name)
        .where(ImportRow.import_run_id == errand.run.id, ImportRow.name > last)
        .where(ImportRow.outcome.in_((Outcome.NEW, Outcome.CHANGED)))
        .distinct()
        .order_by(ImportRow.name)
        .limit(LEARNERS)
    )
    return list(db.session.scalars(query))


def _settle(errand: Errand, emails: Sequence[str]) -> None:
    """Complete the courses of these rows whose modules are done, learner by learner."""
    pairs = _pairs(errand, emails)
    query = (
        select(Enrolment)
        .where(Enrolment.learner_id.in_({learner for learner, _course in pairs}))
        .where(Enrolment.learning_object_id.in_({course for _learner, course in pairs}))
        .where(Enrolment.state.in_(OPEN_ENROLMENTS))
        .options(joinedload(Enrolment.learning_object), joinedload(Enrolment.learner))
        .order_by(Enrolment.learner_id, Enrolment.id)
    )
    opened = [
        one
        for one in db.session.scalars(query)
        if (one.learner_id, one.learning_object_id) in pairs
    ]
    needs = rules.of_enrolments(opened)
    done = _done([one.id for one in opened])
    failures = _failures({one.learner_id for one in opened})
    of_learner: dict[Person, dict[Enrolment, datetime]] = {}
    failed = set()
    for one in opened:
        mine = {module: at for (enrolment, module), at in done.items() if enrolment == one.id}
        at = fulfilled_at(needs[one.id], mine)
        if at is not None:
            of_learner.setdefault(one.learner, {})[one] = at
            if (one.learner_id, one.learning_object.source_id) in failures:
                failed.add(one)
    sent = is_sent(errand)
    for learner, theirs in of_learner.items():
        history.complete(learner, theirs, failed=failed, now=errand.now, sent=sent)


def _pairs(errand: Errand, emails: Sequence[str]) -> set[tuple[int, int]]:
    query = select(ImportRow.name, ImportRow.holds).where(
        ImportRow.import_run_id == errand.run.id, ImportRow.name.in_(emails)
    )
    named = set(db.session.execute(query.distinct()))
    people = ids_of("people", emails)
    courses = ids_of("course", {course for _email, course in named if course})
    return {
        (people[email], courses[course])
        for email, course in named
        if email in people and course in courses
    }


def _failures(learner_ids: set[int]) -> set[tuple[int | None, str]]:
    """Return who completed a module of which course without success."""
    query = select(SourceRecord).where(
        SourceRecord.kind == USER_COURSE_GRADE.name, SourceRecord.learner_id.in_(learner_ids)
    )
    return {
        (one.learner_id, one.source_id.rpartition(BETWEEN)[0])
        for one in db.session.scalars(query)
        if one.values.get(NO_SUCCESS) == "FALSE"
    }
