"""Which files a catalogue has for the bare loop, in their order, and what is kept of their rows.

Behind them the files of what the portal finds out; `tell` writes those from one that was filled.
"""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select

from portal.extensions import db
from portal.models import (
    Award,
    Badge,
    EarnedCredit,
    Enrolment,
    EnrolmentState,
    LearningObject,
    Person,
    ReachedLevel,
    Skill,
    SkillLevel,
)

_WHO = Person.email.label("email")
_LEVEL = (Skill.source_id.label("skill"), SkillLevel.level)
KEYS = {
    "people": ("email",),
    "badge": ("id",),
    "skill": ("id",),
    "skill_level": ("skillId", "levelId"),
    "module": ("id",),
    "module_version": ("moduleId", "moduleVersion"),
    "course": ("id",),
    "course_instance": ("courseId", "instanceId"),
    "course_module": ("courseId", "moduleId"),
    "skill_course": ("courseId", "skillId", "levelId"),
    "learning_program": ("id",),
    "learning_program_course": ("learningProgramId", "courseId", "memberProgramId"),
    "learning_program_instance": ("learningProgramId", "instanceId"),
    "learning_program_instance_course_instance": ("learningProgramId", "courseId"),
    "certification": ("id",),
    "certification_course": ("certificationId", "courseId"),
    "certification_commit": ("certificationId",),
    "enrollment": ("userId", "courseId"),
    "learning_program_enrollment": ("userId", "learningProgramId"),
    "certification_enrollment": ("userId", "certificationId"),
    "user_course_grade": ("userId", "courseId", "moduleId"),
    "user_skill": ("userId", "skillId", "levelId"),
}
FILES = tuple(KEYS)
FOLLOWS = ("completed", "credits", "levels", "awards")
_ALL = {
    "module": "id moduleType title description lastModifiedDate visibility",
    "module_version": "moduleId moduleVersion contentType dateCreated duration contentUrl",
    "course_instance": "courseId instanceId dateCreated completionDeadline name state badgeId",
    "course_module": "courseId moduleId moduleVersion courseModuleType moduleOrderInCourse"
    " optionalCriteria",
    "learning_program_instance": "learningProgramId instanceId name dateAdded deadline state"
    " badgeId",
    "learning_program_instance_course_instance": "learningProgramId learningProgramInstanceId"
    " courseId courseInstanceId dateAdded",
}
_SOME = {
    "skill": "skillCreationDate source",
    "course": "tags",
    "learning_program_course": "dateAdded",
    "certification": "certificateOverview daysToComplete",
    "certification_course": "dateAdded",
    "enrollment": "courseInstanceId",
    "user_course_grade": "scoreRaw duration successDate",
}
# The cells that are kept of a row: all, where the thing has no table of its own.
KEEPS = {name: tuple(columns.split()) for name, columns in (_ALL | _SOME).items()}


def tell(folder: Path) -> None:
    """Write what a filled portal found out into files of its own."""
    for name, query in zip(FOLLOWS, (_completed(), _credits(), _levels(), _awards()), strict=True):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            found = db.session.execute(query)
            writer = csv.writer(file)
            writer.writerow(found.keys())
            writer.writerows([_cell(one) for one in row] for row in found)


def counts() -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        one.name: db.session.scalar(select(func.count()).select_from(one)) or 0
        for one in db.metadata.sorted_tables
    }


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _completed() -> Select:
    thing = LearningObject.__table__.c
    columns = (Enrolment.state, Enrolment.completed_at.label("at"), Enrolment.success)
    query = select(_WHO, thing.kind, thing.source_id.label("object"), *columns)
    query = query.add_columns(Enrolment.expires_at.label("ends"))
    query = query.join_from(Enrolment, Person, Person.id == Enrolment.learner_id)
    query = query.join(LearningObject.__table__, thing.id == Enrolment.learning_object_id)
    return query.where(Enrolment.state != EnrolmentState.ENROLLED)


def _credits() -> Select:
    thing = LearningObject.__table__.c
    columns = (thing.source_id.label("object"), *_LEVEL, EarnedCredit.credits)
    query = select(_WHO, *columns, EarnedCredit.earned_at.label("at"))
    query = query.join_from(EarnedCredit, Person, Person.id == EarnedCredit.learner_id)
    query = query.join(LearningObject.__table__, thing.id == EarnedCredit.course_id)
    return query.join(SkillLevel, SkillLevel.id == EarnedCredit.skill_level_id).join(Skill)


def _levels() -> Select:
    query = select(_WHO, *_LEVEL, ReachedLevel.reached_at.label("at"))
    query = query.join_from(ReachedLevel, Person, Person.id == ReachedLevel.learner_id)
    return query.join(SkillLevel, SkillLevel.id == ReachedLevel.skill_level_id).join(Skill)


def _awards() -> Select:
    thing = LearningObject.__table__.c
    columns = (Badge.source_id.label("badge"), thing.kind, thing.source_id.label("object"), *_LEVEL)
    columns = (*columns, Award.cycle, Award.earned_at.label("at"))
    query = select(_WHO, *columns, Award.not_sent_because.label("because"))
    query = query.add_columns(Award.expires_at.label("ends"))
    query = query.join_from(Award, Person, Person.id == Award.learner_id)
    query = query.join(Badge, Badge.id == Award.badge_id)
    query = query.outerjoin(LearningObject.__table__, thing.id == Award.learning_object_id)
    return query.outerjoin(SkillLevel, SkillLevel.id == Award.skill_level_id).outerjoin(Skill)
