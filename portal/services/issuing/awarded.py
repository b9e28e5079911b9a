"""What awarding writes, as plain rows, many of a kind with one statement.

The unit of work took five times as long for the same rows, and they are what a completion waits
for. What is there already is changed through the mapped classes: that is rare, and somebody may
hold it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from portal.extensions import db, plain
from portal.models import Award, Delivery, IssuedBadge
from portal.services.in_bulk import insert_all
from portal.services.issuing.shelves import AwardOnShelf, IssuedOnShelf

MANY = 50  # new awards: of one learner there are hardly ever so many at once
_KEY = ("learner_id", "badge_id", "cycle", "learning_object_id", "skill_level_id")
_AWARD, _ISSUED = Award.__table__, IssuedBadge.__table__
_NEW_AWARD_WITH_ID = insert(_AWARD).returning(_AWARD.c.id, sort_by_parameter_order=True)
_NEW_ISSUED = insert(_ISSUED).returning(_ISSUED.c.id, sort_by_parameter_order=True)
_AWARD_IDS = select(_AWARD.c.id, *(_AWARD.c[name] for name in _KEY)).where(
    _AWARD.c.learner_id.in_(bindparam("learner_ids", expanding=True)),
    _AWARD.c.badge_id.in_(bindparam("badge_ids", expanding=True)),
)


@dataclass
class Awarded:
    """Awards, issued badges and deliveries that are new, or say something new."""

    awards: list[AwardOnShelf] = field(default_factory=list)
    issued: list[IssuedOnShelf] = field(default_factory=list)
    deliveries: list[tuple[IssuedOnShelf, dict[str, Any]]] = field(default_factory=list)

    def write(self) -> None:
        """Write them down; what is new has its id then. No commit."""
        connection = plain()
        _write_issued(connection, self.issued)
        rows = [{"issued_badge_id": one.id, **values} for one, values in self.deliveries]
        insert_all(Delivery.__table__, rows, connection)
        _write_awards(connection, self.awards)


def _write_issued(connection: Connection, issued: Sequence[IssuedOnShelf]) -> None:
    new = [one for one in issued if one.id is None]
    for one in issued:
        if one.id is not None:
            _change(IssuedBadge, one.id, _said_of_issued(one))
    while new:  # one that replaces another new one comes after it
        ready = [one for one in new if one.replaces is None or one.replaces.id is not None]
        rows = [
            {"learner_id": one.learner_id, "badge_id": one.badge_id, "cycle": one.cycle}
            | _said_of_issued(one)
            for one in ready
        ]
        for one, row_id in zip(ready, connection.scalars(_NEW_ISSUED, rows), strict=True):
            one.id = row_id
        new = [one for one in new if one.id is None]


def _said_of_issued(one: IssuedOnShelf) -> dict[str, Any]:
    return {
        "issued_at": one.issued_at,
        "expires_at": one.expires_at,
        "replaces_id": one.replaces.id if one.replaces else None,
    }


def _write_awards(connection: Connection, awards: Sequence[AwardOnShelf]) -> None:
    """SQLite takes rows one by one where it has to tell their ids; many are asked for theirs
    after."""
    new = [one for one in awards if one.id is None]
    for one in awards:
        if one.id is not None:
            _change(Award, one.id, _said_of_award(one))
    rows = [dict(zip(_KEY, _key(one), strict=True)) | _said_of_award(one) for one in new]
    if len(new) >= MANY:
        insert_all(_AWARD, rows, connection)
        given = {
            "learner_ids": list({one.learner_id for one in new}),
            "badge_ids": list({one.badge_id for one in new}),
        }
        ids = {tuple(key): row_id for row_id, *key in connection.execute(_AWARD_IDS, given)}
        for one in new:
            one.id = ids[_key(one)]
    elif new:
        for one, row_id in zip(new, connection.scalars(_NEW_AWARD_WITH_ID, rows), strict=True):
            one.id = row_id


def _key(one: AwardOnShelf) -> tuple[int | None, ...]:
    return tuple(getattr(one, name) for name in _KEY)


def _said_of_award(one: AwardOnShelf) -> dict[str, Any]:
    return {
        "state": one.state,
        "earned_at": one.earned_at,
        "expires_at": one.expires_at,
        "held_until": one.held_until,
        "not_sent_because": one.not_sent_because,
        "issued_badge_id": one.issued.id if one.issued else None,
    }


def _change(model: type, row_id: int, values: dict[str, Any]) -> None:
    row = db.session.get_one(model, row_id, populate_existing=True)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()
    db.session.expire(row)  # what hangs on these columns is read anew
