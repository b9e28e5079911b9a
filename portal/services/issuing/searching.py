"""Whom and what a word in a search field means: people and badges by their names, as ids.

Asked first and alone: they are few beside the awards and deliveries that hang on them.
"""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select

from portal.extensions import db
from portal.models import Badge, Person, Template
from portal.services.mentions import names_person
from portal.services.paging import holds

FEW = 500  # ids that are named one by one in a statement

Ids = Sequence[int] | Select


def _once(query: Select) -> Ids:
    """Look now, so that several statements need not; whatever is many stays a part of each."""
    found = db.session.scalars(query.limit(FEW + 1)).all()
    return found if len(found) <= FEW else query


def people(q: str) -> Ids:
    """Return the ids of the people whose name or address holds `q`."""
    return _once(select(Person.id).where(names_person(q)))


def badges(q: str) -> Ids:
    """Return the ids of the badges whose own name, or their template's, holds `q`."""
    query = select(Badge.id).outerjoin(Badge.template)
    return _once(query.where(or_(holds(Badge.own_name, q), holds(Template.name, q))))
