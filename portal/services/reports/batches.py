"""Reading rows of any number in constant memory, without holding the database open meanwhile."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from portal.extensions import db
from portal.models import Badge, LearningObject, Skill, Template
from portal.services.paging import literally
from portal.services.periods import Window

PIECE = 500


@dataclass(frozen=True)
class Wanted:
    """What of a report is wanted: its part, and the words that a row must mention."""

    window: Window
    q: str = ""
    piece: int = field(default=PIECE, compare=False)

    def mentioned_in(self, *columns: ColumnElement) -> tuple[ColumnElement[bool], ...]:
        """Return the condition that one of these texts holds the words."""
        if not self.q:
            return ()
        pattern = literally(self.q)
        return (or_(*(one.ilike(pattern, escape="\\") for one in columns)),)


BADGE_NAMES = (Badge.own_name, Template.name)
SOURCE_NAMES = (LearningObject.title, Skill.name)


def newest_first(
    query: Select, moment: InstrumentedAttribute, *ids: InstrumentedAttribute, piece: int
) -> Iterator[Row[Any]]:
    """Yield the rows of `query`, newest first, some hundred at a time.

    The query's first columns are the moment and the ids that tell rows of one moment apart. What
    is changed meanwhile is neither left out nor twice there because of it.
    """
    order = (moment, *ids)
    query = query.order_by(*(one.desc() for one in order)).limit(piece)
    return _pieces(query, lambda row: _before(order, row), piece)


def _pieces(
    query: Select, beyond: Callable[[Row[Any]], ColumnElement[bool]], piece: int
) -> Iterator[Row[Any]]:
    part = query
    while True:
        rows = db.session.execute(part).all()
        db.session.commit()  # nothing was written; nobody waits for us while the reader takes it
        yield from rows
        if len(rows) < piece:
            return
        part = query.where(beyond(rows[-1]))


def _before(order: tuple[InstrumentedAttribute, ...], row: Row[Any]) -> ColumnElement[bool]:
    """Return the condition of everything behind the row; its first part is one for an index."""
    steps = []
    for place, column in enumerate(order):
        same = (order[before] == row[before] for before in range(place))
        steps.append(and_(*same, column < row[place]))
    return and_(order[0] <= row[0], or_(*steps))
