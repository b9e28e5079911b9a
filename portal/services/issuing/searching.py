"""Whom and what a word in a search field means: people and badges by their names, as ids.

Asked first and alone: they are few beside the awards and deliveries that hang on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, or_, select

from portal.extensions import db
from portal.models import Award, Badge, IssuedBadge, Person, Template
from portal.services.mentions import names_person
from portal.services.paging import holds

FEW = 500  # ids that are named one by one in a statement

Ids = Sequence[int] | Select


@dataclass(frozen=True)
class Meant:
    """The people and badges that a word means."""

    people: Ids
    badges: Ids

    @property
    def few(self) -> bool:
        """Whether it is about some people only, whose awards and deliveries are soon gathered."""
        return isinstance(self.people, list) and self.badges == []

    def about(self, learner: ColumnElement, badge: ColumnElement) -> ColumnElement[bool]:
        """The condition that a row is about one of them, by its columns of both."""
        if self.people == [] == self.badges:
            return false()
        return or_(learner.in_(self.people), badge.in_(self.badges))

    def about_row(self, model: type[Award] | type[IssuedBadge]) -> ColumnElement[bool]:
        """The same, looked at row by row: with a sum in its place no index gathers all rows."""
        return self.about(model.learner_id + 0, model.badge_id + 0)


def meant(q: str) -> Meant:
    """Look for `q` in the names of people and badges."""
    return Meant(people(q), badges(q))


def _once(query: Select) -> Ids:
    """Look now, so that several statements need not; whatever is many stays a part of each."""
    found = list(db.session.scalars(query.limit(FEW + 1)))
    return found if len(found) <= FEW else query


def people(q: str) -> Ids:
    """Return the ids of the people whose name or address holds `q`."""
    return _once(select(Person.id).where(names_person(q)))


def badges(q: str) -> Ids:
    """Return the ids of the badges whose own name, or their template's, holds `q`."""
    query = select(Badge.id).outerjoin(Badge.template)
    return _once(query.where(or_(holds(Badge.own_name, q), holds(Template.name, q))))
