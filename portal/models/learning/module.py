"""The modules of a course, and which of them a learner has done."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.columns import Moment, new_source_id, one_of


class ModuleKind(StrEnum):
    """What a module is."""

    TEXT = "text"  # Markdown
    FILE = "file"
    ADDRESS = "address"


class Module(db.Model):
    """One part of a course, marked as done by itself. A removed one stays for those who did it."""

    __tablename__ = "module"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(255))
    kind: Mapped[ModuleKind] = mapped_column(one_of(ModuleKind), default=ModuleKind.TEXT)
    content: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str | None] = mapped_column(String(1022))
    # The name of our own under which a file is kept, and what its sender called it.
    file_key: Mapped[str | None] = mapped_column(String(64))
    file_name: Mapped[str | None] = mapped_column(String(255))
    file_type: Mapped[str | None] = mapped_column(String(64))
    # Must be done, with Criteria.CHOSEN.
    required: Mapped[bool] = mapped_column(default=True)
    removed: Mapped[bool] = mapped_column(default=False)
    # The id of the system that the thing came from; one of its own when it was made here.
    source_id: Mapped[str | None] = mapped_column(String(255), default=new_source_id)

    __table_args__ = (
        Index("ix_module_course_id_position", "course_id", "position"),
        UniqueConstraint("course_id", "source_id", name="uq_module_course_id_source_id"),
        CheckConstraint("position >= 0", name="position_from_0"),
    )


class ModuleDone(db.Model):
    """One module that a learner has done in one attempt."""

    __tablename__ = "module_done"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True, index=True)
    done_at: Mapped[datetime] = mapped_column(Moment)
