"""Learning paths, as rows."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import select

from portal.extensions import db
from portal.models import LearningObject, LearningPath, PathSection, PathStep
from portal.services.importing.catalogue.going_out.pieces import (
    COMMON,
    DEFAULT,
    OBJECTS,
    Row,
    instances,
    objects,
    pieces_of,
    row_of,
    state_word,
)


def learning_programs() -> Iterator[Row]:
    """Learning paths."""
    table = LearningPath.__table__.c
    query = select(*COMMON, table.ordered).join(LearningPath.__table__, table.id == OBJECTS.id)
    for piece in pieces_of(query, OBJECTS.id):
        limits = _limits([one.id for one in piece])
        for one in piece:
            yield row_of(
                *(one.source_id, one.title, one.description, one.ordered),
                *(state_word(one.state), one.created_at, limits.get(one.id)),
            )


def learning_program_courses() -> Iterator[Row]:
    """The steps of learning paths, by section."""
    for path, found in groupby(steps(), key=lambda one: one.path):
        for section, (_place, members) in enumerate(
            groupby(found, key=lambda one: (one.section_position, one.section_id)), 1
        ):
            for place, one in enumerate(members):
                course, program = (one.member, None) if one.kind == "course" else (None, one.member)
                yield [
                    *row_of(path, course, program, section, one.title, one.needed),
                    str(place),
                ]


def program_instances() -> Iterator[Row]:
    """The one instance of each learning path, with its badge."""
    yield from instances("learning_path")


def instances_courses() -> Iterator[Row]:
    """Which instance of a course a learning path uses: the only one."""
    pairs = {(one.path, one.member): None for one in steps() if one.kind == "course"}
    for path, course in pairs:
        yield row_of(path, DEFAULT, course, DEFAULT)


def steps() -> Iterator[Any]:
    """Every step of every learning path, in order."""
    member = LearningObject.__table__.alias()
    for piece in pieces_of(objects("learning_path"), OBJECTS.id):
        query = (
            select(
                OBJECTS.source_id.label("path"),
                PathSection.id.label("section_id"),
                PathSection.position.label("section_position"),
                PathSection.title,
                PathSection.needed,
                member.c.kind,
                member.c.source_id.label("member"),
            )
            .join(PathStep, PathStep.section_id == PathSection.id)
            .join(member, member.c.id == PathStep.learning_object_id)
            .join(LearningObject.__table__, OBJECTS.id == PathSection.learning_path_id)
            .where(PathSection.learning_path_id.in_([one.id for one in piece]))
            .order_by(
                PathSection.learning_path_id,
                PathSection.position,
                PathSection.id,
                PathStep.position,
                PathStep.id,
            )
        )
        yield from db.session.execute(query).all()


def _limits(ids: Sequence[int]) -> dict[int, int | None]:
    """How many steps a path takes that has one section."""
    query = select(PathSection.learning_path_id, PathSection.needed).where(
        PathSection.learning_path_id.in_(ids)
    )
    found: dict[int, list[int | None]] = {}
    for path_id, needed in db.session.execute(query):
        found.setdefault(path_id, []).append(needed)
    return {path_id: needed[0] for path_id, needed in found.items() if len(needed) == 1}
