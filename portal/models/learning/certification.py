"""Certifications: courses to complete, or proof from elsewhere; for ever, or to be renewed."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.learning.learning_object import Kind, LearningObject


class Certification(LearningObject):
    """Perpetual, or recurring when it has a validity. An external one asks for proof instead."""

    __tablename__ = "certification"

    id: Mapped[int] = mapped_column(ForeignKey("learning_object.id"), primary_key=True)
    # How many of its courses; None: all.
    needed: Mapped[int | None]
    # None: perpetual.
    validity_months: Mapped[int | None]
    # From how many days before the end it can be renewed.
    renewal_days: Mapped[int] = mapped_column(default=60)
    external: Mapped[bool] = mapped_column(default=False)

    courses: Mapped[list["CertificationCourse"]] = relationship(
        order_by="CertificationCourse.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"polymorphic_identity": Kind.CERTIFICATION}

    @property
    def recurring(self) -> bool:
        """Whether it ends and has to be renewed."""
        return self.validity_months is not None


class CertificationCourse(db.Model):
    """One course of a certification."""

    __tablename__ = "certification_course"

    certification_id: Mapped[int] = mapped_column(ForeignKey("certification.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, index=True)
    position: Mapped[int]

    course: Mapped["LearningObject"] = relationship(
        primaryjoin="foreign(CertificationCourse.course_id) == LearningObject.id", viewonly=True
    )
