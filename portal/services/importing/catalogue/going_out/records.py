"""What people have done, as rows of a catalogue's files. Who is switched off is left out."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from portal.extensions import db
from portal.models import (
    Enrolment,
    EnrolmentState,
    Kind,
    LearningObject,
    Module,
    ModuleDone,
    Person,
    ReachedLevel,
    Skill,
    SkillLevel,
)
from portal.services.importing.catalogue.going_out.pieces import OBJECTS, Row, pieces_of, row_of
from portal.services.learning import rules

FIRST = 1


def enrolments_on(kind: Kind) -> Iterator[Row]:
    """First attempts at objects of a kind; who withdrew from one is on nothing."""
    query = (
        select(Enrolment.id, Person.email, OBJECTS.source_id)
        .add_columns(Enrolment.enrolled_at, Enrolment.due_at)
        .join(Enrolment.learner)
        .join(LearningObject.__table__, OBJECTS.id == Enrolment.learning_object_id)
        .where(OBJECTS.kind == kind, Person.active, Enrolment.attempt == FIRST)
        .where(Enrolment.state != EnrolmentState.WITHDRAWN)
    )
    for piece in pieces_of(query, Enrolment.id):
        for one in piece:
            yield row_of(one.email, one.source_id, one.enrolled_at, one.due_at)


def grades() -> Iterator[Row]:
    """The modules that people have done. A course that counts as completed names all it needs."""
    query = (
        select(Enrolment.id, Person.email, OBJECTS.source_id, Enrolment.completed_at)
        .add_columns(Enrolment.success, Enrolment.enrolled_at, Enrolment.learning_object_id)
        .join(Enrolment.learner)
        .join(LearningObject.__table__, OBJECTS.id == Enrolment.learning_object_id)
        .where(OBJECTS.kind == Kind.COURSE, Person.active, Enrolment.attempt == FIRST)
        .where(Enrolment.state != EnrolmentState.WITHDRAWN)
    )
    for piece in pieces_of(query, Enrolment.id):
        names, needs = _modules_of({one.learning_object_id for one in piece})
        done = _done([one.id for one in piece])
        for one in piece:
            own = names.get(one.learning_object_id, {})
            yield from _rows(one, own, needs[one.learning_object_id], done.get(one.id, {}))


def reached_levels() -> Iterator[Row]:
    """The skill levels that people have reached."""
    query = select(Person.id, Person.email).where(Person.active)
    for piece in pieces_of(query, Person.id):
        levels = (
            select(ReachedLevel.learner_id, Skill.source_id, SkillLevel.level)
            .join(SkillLevel, SkillLevel.id == ReachedLevel.skill_level_id)
            .join(SkillLevel.skill)
            .where(ReachedLevel.learner_id.in_([one.id for one in piece]))
            .order_by(ReachedLevel.learner_id, Skill.id, SkillLevel.level)
        )
        emails = {one.id: one.email for one in piece}
        for one in db.session.execute(levels):
            yield row_of(emails[one.learner_id], one.source_id, one.level, True)


def _rows(one: Any, names: dict[int, str], rule: rules.Rule, done: dict[int, Any]) -> Iterator[Row]:
    if one.completed_at is not None and not names:
        at = one.completed_at
        yield _grade(one, one.source_id, at)
        return
    moments = {module: at for module, at in done.items() if module in names}
    if one.completed_at is not None:
        for section in rule.sections:
            missing = [item for item in section.items if item not in moments]
            short = max(0, section.wanted - section.count(moments))
            moments |= dict.fromkeys(missing[:short], one.completed_at)
    for module, at in sorted(moments.items()):
        yield _grade(one, names[module], at)


def _grade(one: Any, module: str, at: Any) -> Row:
    success = one.completed_at is None or bool(one.success)
    began = min(one.enrolled_at, at)
    return row_of(one.email, one.source_id, module, True, True, success, began, at)


def _modules_of(
    course_ids: set[int],
) -> tuple[dict[int, dict[int, str]], dict[int, rules.Rule]]:
    query = select(Module.course_id, Module.id, Module.source_id).where(
        Module.course_id.in_(course_ids), Module.removed.is_(False)
    )
    names: dict[int, dict[int, str]] = {}
    for course_id, module_id, source_id in db.session.execute(query):
        names.setdefault(course_id, {})[module_id] = source_id
    courses = db.session.scalars(select(LearningObject).where(LearningObject.id.in_(course_ids)))
    return names, rules.of_objects(courses.all())


def _done(enrolment_ids: Sequence[int]) -> dict[int, dict[int, Any]]:
    query = select(ModuleDone.enrolment_id, ModuleDone.module_id, ModuleDone.done_at)
    done: dict[int, dict[int, Any]] = {}
    for one, module, at in db.session.execute(
        query.where(ModuleDone.enrolment_id.in_(enrolment_ids))
    ):
        done.setdefault(one, {})[module] = at
    return done
