"""What staff read of an award beside its state: held before sending, a second one, not sent."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import and_, exists, select

from portal.extensions import db
from portal.models import Award, AwardState, Badge
from portal.services.issuing.holding import held_among
from portal.services.issuing.shown import ShownAward

_AWARD, _FIRST, _BADGE = Award.__table__, Award.__table__.alias("first"), Badge.__table__
# An earlier award of the same badge and cycle that counts, as `awards.already_held` finds it.
_IS_SECOND = exists().where(
    *(_FIRST.c[name] == _AWARD.c[name] for name in ("learner_id", "badge_id", "cycle")),
    _FIRST.c.state == AwardState.EARNED,
    _FIRST.c.id < _AWARD.c.id,
)
_NOT_SENT = and_(
    _AWARD.c.not_sent_because.is_not(None),
    _AWARD.c.issued_badge_id.is_(None),
    _BADGE.c.external_badge_id.is_not(None),  # else it lives in the portal alone
)


class Marks(NamedTuple):
    """Ids of issued badges that are held so that they can be cancelled; ids of awards whose badge
    the learner had already, and of awards that are not sent by choice."""

    held: Collection[int] = frozenset()
    second: Collection[int] = frozenset()
    not_sent: Collection[int] = frozenset()


NONE = Marks()


def marks_of(awards: Collection[Award]) -> Marks:
    """Return the marks of these awards."""
    return with_held(awards, held_among(awards))


def with_held(awards: Collection[Award] | Collection[ShownAward], held: Collection[int]) -> Marks:
    """Return the same where it is known which issued badges are held."""
    ids = {one.id for one in awards if one.state is AwardState.EARNED}
    if not ids:
        return Marks(held)
    query = select(_AWARD.c.id, _IS_SECOND, _NOT_SENT).where(_AWARD.c.id.in_(ids))
    found = db.session.execute(query.join(_BADGE, _BADGE.c.id == _AWARD.c.badge_id)).all()
    second = {award_id for award_id, is_second, _not_sent in found if is_second}
    return Marks(held, second, {award_id for award_id, _is_second, unsent in found if unsent})
