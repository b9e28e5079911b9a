"""Certifications, as rows."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select

from portal.extensions import db
from portal.models import Badge, Certification, CertificationCourse, LearningObject, ObjectState
from portal.services.importing.catalogue.going_out.pieces import (
    COMMON,
    OBJECTS,
    Row,
    objects,
    pieces_of,
    row_of,
    state_word,
)


def certifications() -> Iterator[Row]:
    """Certifications."""
    table = Certification.__table__.c
    columns = (table.validity_months, table.external, table.needed, table.renewal_days)
    query = (
        select(*COMMON, *columns, Badge.source_id.label("badge"))
        .join(Certification.__table__, table.id == OBJECTS.id)
        .outerjoin(Badge, Badge.id == OBJECTS.badge_id)
    )
    for piece in pieces_of(query, OBJECTS.id):
        for one in piece:
            yield [
                *row_of(one.source_id, one.title, one.description, one.created_at),
                *row_of(one.validity_months, one.external, one.needed, one.badge),
                str(one.renewal_days),
            ]


def certification_courses() -> Iterator[Row]:
    """The courses of certifications, in their order."""
    course = LearningObject.__table__.alias()
    for piece in pieces_of(objects("certification"), OBJECTS.id):
        names = {one.id: one.source_id for one in piece}
        query = (
            select(CertificationCourse.certification_id, course.c.source_id)
            .join(course, course.c.id == CertificationCourse.course_id)
            .where(CertificationCourse.certification_id.in_(names))
            .order_by(CertificationCourse.certification_id, CertificationCourse.position)
        )
        found = db.session.execute(query).all()
        for certification, members in groupby(found, key=lambda one: one.certification_id):
            for place, one in enumerate(members):
                yield [names[certification], one.source_id, str(place)]


def certification_commits() -> Iterator[Row]:
    """Which certifications are published, or retired."""
    for piece in pieces_of(objects("certification"), OBJECTS.id):
        for one in piece:
            if one.state is not ObjectState.DRAFT:
                yield row_of(one.source_id, state_word(one.state))
