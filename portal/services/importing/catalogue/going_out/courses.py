"""Courses and their modules, as rows."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import select

from portal.extensions import db
from portal.models import Course, Criteria, LearningObject, LearningObjectOwner, Module, Person
from portal.services.importing.catalogue.going_out.pieces import (
    COMMON,
    OBJECTS,
    Row,
    instances,
    objects,
    pieces_of,
    row_of,
    state_word,
)

VERSION = "1"


def courses() -> Iterator[Row]:
    """Courses; the author is the first of the owners."""
    table = Course.__table__.c
    columns = (table.criteria, table.needed, table.policy, table.content, table.external_url)
    query = select(*COMMON, *columns).join(Course.__table__, table.id == OBJECTS.id)
    for piece in pieces_of(query, OBJECTS.id):
        owners = _owners([one.id for one in piece])
        for one in piece:
            yield row_of(
                *(one.source_id, one.title, one.description, one.created_at),
                *(state_word(one.state), owners.get(one.id), _criteria(one)),
                *(one.policy, one.content, one.external_url),
            )


def modules() -> Iterator[Row]:
    """Modules, each once; a course without any has one of its own name."""
    seen: set[str] = set()
    for one in _modules():
        if one.source_id not in seen:
            seen.add(one.source_id)
            kind = "Activity" if one.address else "Self-paced"
            yield row_of(one.source_id, kind, one.title, one.content)
    for one in courses_without_modules():
        yield row_of(one.source_id, "Self-paced", one.title[:255], "")


def module_versions() -> Iterator[Row]:
    """What modules hold; they have one version here."""
    seen: set[str] = set()
    for one in _modules():
        if one.source_id not in seen:
            seen.add(one.source_id)
            kind = "HYPERLINK" if one.address else "OTHER"
            yield row_of(one.source_id, VERSION, kind, one.address)
    for one in courses_without_modules():
        yield row_of(one.source_id, VERSION, "OTHER", "")


def course_modules() -> Iterator[Row]:
    """The modules of courses, in their order."""
    for course, found in groupby(_modules(), key=lambda one: one.course):
        in_order = sorted(found, key=lambda one: (one.position, one.id))
        for place, one in enumerate(in_order):
            yield row_of(course, one.source_id, VERSION, "CONTENT", str(place), one.required)
    for one in courses_without_modules():
        yield row_of(one.source_id, one.source_id, VERSION, "CONTENT", "0", True)


def course_instances() -> Iterator[Row]:
    """The one instance of each course, with its badge."""
    yield from instances("course")


def courses_without_modules() -> Iterator[Any]:
    """Courses that are completed by one button: in files a module of the course's own id."""
    has = select(Module.id).where(Module.course_id == OBJECTS.id, Module.removed.is_(False))
    for piece in pieces_of(objects("course").where(~has.exists()), OBJECTS.id):
        yield from piece


def _owners(ids: Sequence[int]) -> dict[int, str]:
    query = (
        select(LearningObjectOwner.learning_object_id, Person.email)
        .join(Person, Person.id == LearningObjectOwner.person_id)
        .where(LearningObjectOwner.learning_object_id.in_(ids), Person.active)
        .order_by(Person.id.desc())
    )
    return dict(db.session.execute(query).all())


def _criteria(course: Any) -> str:
    if course.criteria is Criteria.SOME:
        return str(course.needed)
    return "SELECTEDMODULES" if course.criteria is Criteria.CHOSEN else "ALL"


def _modules() -> Iterator[Any]:
    """Every module of every course, course by course."""
    for piece in pieces_of(objects("course"), OBJECTS.id):
        query = (
            select(Module.id, Module.source_id, Module.title, Module.content, Module.address)
            .add_columns(Module.position, Module.required, OBJECTS.source_id.label("course"))
            .join(LearningObject.__table__, OBJECTS.id == Module.course_id)
            .where(Module.course_id.in_([one.id for one in piece]), Module.removed.is_(False))
            .order_by(Module.course_id, Module.position, Module.id)
        )
        yield from db.session.execute(query).all()
