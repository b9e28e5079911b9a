"""Whom and what a word in a search field means: people and badges by their names, as ids.

Asked first and alone: they are few beside the awards and deliveries that hang on them.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from portal.extensions import db
from portal.models import Badge, Person, Template
from portal.services.mentions import names_person
from portal.services.paging import holds

FEW = 500  # ids that are named one by one in a statement


@dataclass(frozen=True)
class Named:
    """The people, or the badges, with a word in their names: their ids, when they are few."""

    query: Select
    few: list[int] | None

    def among(self, column: ColumnElement, most: int | None = None) -> ColumnElement[bool]:
        """The condition that a row is about one of them, of the first `most` that are found."""
        if self.few is None:
            return column.in_(self.query.limit(most))
        return column.in_(self.few) if self.few else false()

    def asked(self, column: ColumnElement) -> ColumnElement[bool]:
        """The same, looked at row by row: each asks for its own person or badge.

        With a sum in its place no index gathers all rows, and a value that is asked for each row
        stays that way; of EXISTS PostgreSQL makes a join of all.
        """
        if self.few is not None:
            return self.among(column + 0)
        (key,) = self.query.selected_columns
        return self.query.with_only_columns(true()).where(key == column).scalar_subquery()


@dataclass(frozen=True)
class Meant:
    """The people and badges that a word means."""

    people: Named
    badges: Named

    @property
    def few(self) -> bool:
        """Whether it is about some people only, whose awards and deliveries are soon gathered."""
        return self.people.few is not None and self.badges.few == []

    @property
    def many(self) -> bool:
        """Whether not all of them were named."""
        return self.people.few is None or self.badges.few is None

    def about(self, learner: ColumnElement, badge: ColumnElement) -> ColumnElement[bool]:
        """The condition that a row is about one of them, by its columns of both."""
        return or_(self.people.among(learner), self.badges.among(badge))

    def about_some(self, learner: ColumnElement, badge: ColumnElement) -> ColumnElement[bool]:
        """The same of the first that are found: soon enough to see that there are many rows."""
        return or_(self.people.among(learner, FEW), self.badges.among(badge, FEW))

    def about_row(self, learner: ColumnElement, badge: ColumnElement) -> ColumnElement[bool]:
        """The same, looked at row by row."""
        return or_(self.people.asked(learner), self.badges.asked(badge))


def meant(q: str) -> Meant:
    """Look for `q` in the names of people, with their addresses, and of badges."""
    named = or_(holds(Badge.own_name, q), holds(Template.name, q))
    return Meant(
        _named(select(Person.id).where(names_person(q))),
        # By its own name or its template's.
        _named(select(Badge.id).outerjoin(Badge.template).where(named)),
    )


def _named(query: Select) -> Named:
    """Look now, so that several statements need not; whatever is many stays a part of each."""
    found = list(db.session.scalars(query.limit(FEW + 1)))
    return Named(query, found if len(found) <= FEW else None)
