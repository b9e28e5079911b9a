"""The things of the demo by the words that its data uses for them."""

from sqlalchemy import func, select

from portal.demo.courses import COURSES
from portal.demo.people import DOMAIN
from portal.extensions import db
from portal.models import Badge, LearningObject, Person, Template

# Objects that are no courses: the word in the data → the title.
TITLES = {
    "new-crew": "New at the harbour",
    "coastal-skipper": "Coastal skipper",
    "safety-certificate": "Harbour safety certificate",
    "radio-licence": "Marine radio licence",
}


def badge_called(name: str) -> Badge | None:
    """Return the badge of this name, its own or its template's."""
    query = select(Badge).outerjoin(Badge.template)
    return db.session.scalar(query.where(func.coalesce(Badge.own_name, Template.name) == name))


def person_called(word: str) -> Person:
    """Return somebody by the part of their address before the @."""
    return db.session.scalars(select(Person).filter_by(email=f"{word}@{DOMAIN}")).one()


def object_called(word: str) -> LearningObject:
    """Return a learning object by its word."""
    return db.session.scalars(select(LearningObject).filter_by(title=title_of(word))).one()


def title_of(word: str) -> str:
    """Return the title that a word stands for."""
    known = {course.word: course for course in COURSES}
    return TITLES[word] if word in TITLES else known[word].read()[0]
