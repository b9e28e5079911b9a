"""certification.csv, certification_course.csv and certification_commit.csv."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.extensions import db
from portal.models import (
    Badge,
    Certification,
    CertificationCourse,
    LearningObject,
    ObjectState,
)
from portal.services.importing.catalogue import cells
from portal.services.importing.catalogue.cells import Column
from portal.services.importing.catalogue.courses import STATES
from portal.services.importing.catalogue.judging import Keeper
from portal.services.importing.catalogue.keeping import keep_unused
from portal.services.importing.catalogue.objects import Added, Requirements, objects_of
from portal.services.importing.catalogue.rows import CatalogueRow, Shape, id_of
from portal.services.importing.judging import Verdict

MOST_COURSES = 200
MOST_MONTHS = 240
MOST_RENEWAL_DAYS = 3650

CERTIFICATION = Shape(
    name="certification",
    columns=(
        Column("id", cells.identifier, needed=True),
        Column("certificateName", cells.text(510), needed=True),
        Column("description", cells.text(8190)),
        Column("certificationCreationDate", cells.moment),
        Column("validity", cells.number(1, MOST_MONTHS)),
        Column("externalCertificate", cells.flag),
        Column("completionLimit", cells.number(1, MOST_COURSES)),
        Column("badgeId", cells.identifier, refers_to="badges"),
        # Ours: from how many days before the end it can be renewed.
        Column("renewalDays", cells.number(0, MOST_RENEWAL_DAYS)),
    ),
    key=("id",),
    label="certificateName",
)
CERTIFICATION_COURSE = Shape(
    name="certification_course",
    columns=(
        Column("certificationId", cells.identifier, needed=True, refers_to="certification"),
        Column("courseId", cells.identifier, needed=True, refers_to="course"),
        Column("order", cells.number(0, MOST_COURSES - 1), needed=True),
    ),
    key=("certificationId", "courseId"),
)
CERTIFICATION_COMMIT = Shape(
    name="certification_commit",
    columns=(
        Column("certificationId", cells.identifier, needed=True, refers_to="certification"),
        Column("state", cells.choice(STATES), needed=True),
    ),
    key=("certificationId",),
)


class Certifications(Keeper):
    """Certifications by the source's id; a new one is a draft until its commit."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return what the certifications that are there say."""
        self.found = objects_of(Certification, rows)
        query = select(Badge.id, Badge.source_id)
        of_badge = dict(
            db.session.execute(
                query.where(Badge.id.in_({one.badge_id for one in self.found.values()} - {None}))
            ).all()
        )
        return {
            source_id: {
                "certificateName": one.title,
                "description": one.description,
                "validity": one.validity_months,
                "externalCertificate": one.external,
                "completionLimit": one.needed,
                "badgeId": of_badge.get(one.badge_id),
                "renewalDays": one.renewal_days,
            }
            for source_id, one in self.found.items()
        }

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Add and change certifications. Who has begun goes on by what it took until now."""
        added = Added(self.errand)
        with Requirements(self.found.values()):
            for one in verdicts:
                self._bring_in(one.row, added)
            added.write()
        keep_unused(self.errand, verdicts)

    def _bring_in(self, row: Any, added: Added) -> None:
        one = self.found.get(row.source_id)
        if one is None:
            one = Certification(source_id=row.source_id, title=row["certificateName"])
            added.add(one, made_at=row["certificationCreationDate"])
        one.title = row["certificateName"]
        columns = {
            "description": "description",
            "validity": "validity_months",
            "externalCertificate": "external",
            "completionLimit": "needed",
        }
        for column, name in columns.items():
            if column in row.given:
                setattr(one, name, row[column])
        if "badgeId" in row.given:
            one.badge_id = self.references.id(row, "badges")
        if row["renewalDays"] is not None:
            one.renewal_days = row["renewalDays"]


class Courses(Keeper):
    """The courses of certifications."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return the courses that are there, with their place."""
        names = {one: name for name, one in self.references.found("certification").items()}
        of_course = {one: name for name, one in self.references.found("course").items()}
        query = select(CertificationCourse).where(
            CertificationCourse.certification_id.in_(names),
            CertificationCourse.course_id.in_(of_course),
        )
        self.there = {
            id_of(names[one.certification_id], of_course[one.course_id]): one
            for one in db.session.scalars(query)
        }
        return {source_id: {"order": one.position} for source_id, one in self.there.items()}

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Add and move courses. Who has begun goes on by what it took until now."""
        ids = self.references.found("certification").values()
        query = select(Certification).where(Certification.id.in_(ids))
        with Requirements(db.session.scalars(query).unique().all()):
            for one in verdicts:
                row: Any = one.row
                course = self.there.get(row.source_id)
                if course is None:
                    course = CertificationCourse(
                        certification_id=self.references.id(row, "certification"),
                        course_id=self.references.id(row, "course"),
                    )
                    db.session.add(course)
                course.position = row["order"]
        db.session.expire_all()
        keep_unused(self.errand, verdicts)


class Commits(Keeper):
    """The moment at which a certification is published, or retired."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return the states; a draft has none that the file could say."""
        self.found = objects_of(Certification, rows, "certificationId")
        return {
            source_id: {"state": None if one.state is ObjectState.DRAFT else one.state}
            for source_id, one in self.found.items()
        }

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Publish them, or retire them."""
        for one in verdicts:
            row: Any = one.row
            certification: LearningObject = self.found[row.source_id]
            certification.state = row["state"]
        db.session.flush()
