"""What learning objects require, as plain values: as they stand now, or as an attempt kept them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from portal.extensions import db
from portal.models import (
    Certification,
    CertificationCourse,
    Course,
    Criteria,
    Enrolment,
    Kind,
    LearningObject,
    LearningPath,
    Module,
    PathSection,
    PathStep,
)


@dataclass(frozen=True)
class Section:
    """Several things of which all, or as many as `needed` says, must be done.

    The items are modules for a course, and learning objects for a path or certification.
    """

    title: str
    needed: int | None
    items: tuple[int, ...]

    @property
    def wanted(self) -> int:
        """How many must be done; never more than there are."""
        return len(self.items) if self.needed is None else min(self.needed, len(self.items))

    def count(self, done: Collection[int]) -> int:
        """Return how many of its items are done."""
        return sum(item in done for item in self.items)

    def fulfilled_by(self, done: Collection[int]) -> bool:
        """Whether these things are enough."""
        return self.count(done) >= self.wanted


@dataclass(frozen=True)
class Rule:
    """What one learning object requires."""

    sections: tuple[Section, ...]
    ordered: bool = False

    @property
    def items(self) -> list[int]:
        """Everything that counts for it."""
        return [item for section in self.sections for item in section.items]

    def fulfilled_by(self, done: Collection[int]) -> bool:
        """Whether these things are enough. What asks for nothing is never fulfilled by itself."""
        return bool(self.items) and all(one.fulfilled_by(done) for one in self.sections)

    def stored(self) -> dict[str, Any]:
        """Return what an attempt keeps of it."""
        sections = [
            {"title": one.title, "needed": one.needed, "items": list(one.items)}
            for one in self.sections
        ]
        return {"ordered": self.ordered, "sections": sections}


NOTHING = Rule(())


def from_stored(kept: Mapping[str, Any]) -> Rule:
    """Return the rule that an attempt kept."""
    sections = (
        Section(one["title"], one["needed"], tuple(one["items"])) for one in kept["sections"]
    )
    return Rule(tuple(sections), kept["ordered"])


def of_object(learning_object: LearningObject) -> Rule:
    """Return what an object requires now."""
    return of_objects([learning_object])[learning_object.id]


def of_objects(objects: Sequence[LearningObject]) -> dict[int, Rule]:
    """Return what these objects require now, by their ids: one query for each kind there is."""
    found = {one.id: NOTHING for one in objects}
    kinds: dict[Kind, list[int]] = {}
    for one in objects:
        kinds.setdefault(one.kind, []).append(one.id)
    for kind, ids in kinds.items():
        found |= _READERS[kind](ids)
    return found


def of_enrolments(enrolments: Sequence[Enrolment]) -> dict[int, Rule]:
    """Return what each attempt must fulfil, by its id: what it kept, else what holds now."""
    now = of_objects(list({one.learning_object for one in enrolments if one.requirements is None}))
    return {
        one.id: now[one.learning_object_id]
        if one.requirements is None
        else from_stored(one.requirements)
        for one in enrolments
    }


_COURSE, _MODULE = Course.__table__, Module.__table__
_MODULES = (  # put together once: every completion of a course asks it
    select(_COURSE.c.id, _COURSE.c.criteria, _COURSE.c.needed, _MODULE.c.id, _MODULE.c.required)
    .join(_MODULE, _MODULE.c.course_id == _COURSE.c.id)
    .where(_COURSE.c.id.in_(bindparam("ids", expanding=True)), _MODULE.c.removed.is_(False))
    .order_by(_MODULE.c.position, _MODULE.c.id)
)


def _of_courses(ids: Collection[int]) -> dict[int, Rule]:
    rows: dict[int, list[Any]] = {}
    for row in db.session.execute(_MODULES, {"ids": list(ids)}):
        rows.setdefault(row[0], []).append(row)
    return {course_id: _of_modules(found) for course_id, found in rows.items()}


def _of_modules(rows: list[Any]) -> Rule:
    _id, criteria, needed, *_rest = rows[0]
    modules = tuple(row[3] for row in rows)
    if criteria is Criteria.CHOSEN:
        chosen = tuple(row[3] for row in rows if row[4])
        others = tuple(row[3] for row in rows if not row[4])
        parts = [Section("", None, chosen), Section("", 0, others)]
        return Rule(tuple(part for part in parts if part.items))
    return Rule((Section("", needed if criteria is Criteria.SOME else None, modules),))


def _of_paths(ids: Collection[int]) -> dict[int, Rule]:
    query = (
        select(LearningPath.__table__.c.id, LearningPath.ordered)
        .add_columns(PathSection.id, PathSection.title, PathSection.needed)
        .add_columns(PathStep.learning_object_id)
        .join(PathSection, PathSection.learning_path_id == LearningPath.__table__.c.id)
        .join(PathStep, PathStep.section_id == PathSection.id)
        .where(LearningPath.__table__.c.id.in_(ids))
        .order_by(PathSection.position, PathSection.id, PathStep.position, PathStep.id)
    )
    ordered: dict[int, bool] = {}
    sections: dict[int, dict[int, tuple[str, int | None, list[int]]]] = {}
    for path_id, in_order, section_id, title, needed, item in db.session.execute(query):
        ordered[path_id] = in_order
        of_path = sections.setdefault(path_id, {})
        of_path.setdefault(section_id, (title, needed, []))[2].append(item)
    return {
        path_id: Rule(
            tuple(Section(title, needed, tuple(items)) for title, needed, items in found.values()),
            ordered[path_id],
        )
        for path_id, found in sections.items()
    }


def _of_certifications(ids: Collection[int]) -> dict[int, Rule]:
    table = Certification.__table__.c
    query = (
        select(table.id, table.needed, CertificationCourse.course_id)
        .join(CertificationCourse, CertificationCourse.certification_id == table.id)
        .where(table.id.in_(ids), table.external.is_(False))
        .order_by(CertificationCourse.position, CertificationCourse.course_id)
    )
    found: dict[int, tuple[int | None, list[int]]] = {}
    for certification_id, needed, course_id in db.session.execute(query):
        found.setdefault(certification_id, (needed, []))[1].append(course_id)
    return {
        one: Rule((Section("", needed, tuple(courses)),))
        for one, (needed, courses) in found.items()
    }


_READERS = {
    Kind.COURSE: _of_courses,
    Kind.LEARNING_PATH: _of_paths,
    Kind.CERTIFICATION: _of_certifications,
}


def all_items(rules: Iterable[Rule]) -> set[int]:
    """Return everything that counts for any of these rules."""
    return {item for rule in rules for item in rule.items}
