"""enrollment.csv and those of learning programs and certifications: who is on what, since when."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from portal.extensions import db
from portal.models import (
    OPEN_ENROLMENTS,
    CatalogueImport,
    Enrolment,
    EnrolmentState,
    Person,
)
from portal.services.importing.catalogue import cells
from portal.services.importing.catalogue.cells import Column
from portal.services.importing.catalogue.judging import Keeper
from portal.services.importing.catalogue.learners import keep_unused_of, lock_learners
from portal.services.importing.catalogue.rows import CatalogueRow, Shape, id_of
from portal.services.importing.file_kind import Errand
from portal.services.importing.judging import Verdict
from portal.services.in_bulk import among, insert_all, pairs_among
from portal.services.learning import history


def _shape(name: str, of_kind: str, column: str) -> Shape:
    return Shape(
        name=name,
        columns=(
            Column("userId", cells.email, needed=True, refers_to="people"),
            Column(column, cells.identifier, needed=True, refers_to=of_kind),
            Column("dateEnrolled", cells.moment, needed=True),
            Column("deadline", cells.moment),
        ),
        key=("userId", column),
        label="userId",
    )


ENROLLMENT = _shape("enrollment", "course", "courseId")
PROGRAM_ENROLLMENT = _shape("learning_program_enrollment", "learning_program", "learningProgramId")
CERTIFICATION_ENROLLMENT = _shape("certification_enrollment", "certification", "certificationId")


class Enrolments(Keeper):
    """The first attempts of learners; a later one is nothing that a file could say."""

    of_kind: str
    column: str

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return who is on what; the due day is compared while they are at it."""
        lock_learners(self.errand, self.references)
        people = {one: name for name, one in self.references.found("people").items()}
        objects = {one: name for name, one in self.references.found(self.of_kind).items()}
        pairs = {
            (self.references.id(row, "people"), self.references.id(row, self.of_kind))
            for row in rows
        }
        query = select(
            Enrolment.id,
            Enrolment.learner_id,
            Enrolment.learning_object_id,
            Enrolment.due_at,
            Enrolment.state,
        ).where(
            pairs_among(
                Enrolment.learner_id,
                Enrolment.learning_object_id,
                {one for one in pairs if None not in one},
            )
        )
        self.there: dict[str, int] = {}
        known: dict[str, dict[str, Any]] = {}
        for one in db.session.execute(query.order_by(Enrolment.attempt)):
            key = id_of(people[one.learner_id], objects[one.learning_object_id])
            self.there[key] = one.id
            known[key] = {"deadline": one.due_at} if one.state in OPEN_ENROLMENTS else {}
        return known

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Enrol; what was completed before counts, as history."""
        fresh, moved = [], []
        for one in verdicts:
            row: Any = one.row
            if row.source_id in self.there:
                moved.append({"of": self.there[row.source_id], "due": row["deadline"]})
            else:
                fresh.append(self._values(row))
        insert_all(Enrolment.__table__, fresh)
        if moved:
            table = Enrolment.__table__
            mine = update(table).where(table.c.id == db.bindparam("of"))
            db.session.execute(mine.values(due_at=db.bindparam("due")), moved)
        keep_unused_of(self.errand, self.references, verdicts, (self.column,))
        if fresh and self.of_kind != "course":
            settle_history(self.errand, {one["learner_id"] for one in fresh})

    def _values(self, row: Any) -> dict[str, Any]:
        return {
            "learner_id": self.references.id(row, "people"),
            "learning_object_id": self.references.id(row, self.of_kind),
            "state": EnrolmentState.ENROLLED,
            "attempt": 1,
            "enrolled_at": row["dateEnrolled"],
            "due_at": row["deadline"],
            "renews": False,
        }


class CourseEnrolments(Enrolments):
    """Enrolments on courses."""

    of_kind, column = "course", "courseId"


class PathEnrolments(Enrolments):
    """Enrolments on learning paths."""

    of_kind, column = "learning_program", "learningProgramId"


class CertificationEnrolments(Enrolments):
    """Enrolments on certifications."""

    of_kind, column = "certification", "certificationId"


def settle_history(errand: Errand, learner_ids: set[int]) -> None:
    """Complete and award what these learners have fulfilled, if they completed anything."""
    done = select(Enrolment.learner_id).where(
        among(Enrolment.learner_id, learner_ids), Enrolment.success.is_(True)
    )
    learners = db.session.scalars(select(Person).where(Person.id.in_(done))).all()
    if learners:
        history.settle(learners, now=errand.now, sent=is_sent(errand))


def is_sent(errand: Errand) -> bool:
    """Say whether what this import's history earns goes to Credly."""
    catalogue = db.session.get(CatalogueImport, errand.run.catalogue_import_id or 0)
    return bool(catalogue and catalogue.issues)
