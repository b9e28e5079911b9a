"""Awards as they stand: lists, questions, and their cancelling. How they come is `awarding`."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal.errors import NotFound
from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    Badge,
    Delivery,
    IssuedBadge,
    Person,
)
from portal.services.issuing import searching
from portal.services.slices import START, Order, Place, Slice, slice_of

_NEWEST_FIRST = Order((Award.id,), falling=True)
_RARE = {AwardState.CANCELLED, AwardState.REVOKED}  # of those a few people have too few


def was_revoked(learner: Person, learning_object_id: int) -> bool:
    """Say whether the newest award of this learner through this learning object was revoked."""
    return bool(revoked_through({(learner.id, learning_object_id)}))


def revoked_through(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those pairs of a learner's id and a learning object's whose newest award was
    revoked."""
    if not pairs:
        return set()
    query = (
        select(Award.learner_id, Award.learning_object_id, Award.state)
        .where(Award.learner_id.in_({learner_id for learner_id, _object_id in pairs}))
        .where(Award.learning_object_id.in_({object_id for _learner_id, object_id in pairs}))
        .order_by(Award.cycle, Award.id)
    )
    newest = {(learner, thing): state for learner, thing, state in db.session.execute(query)}
    return {one for one in pairs if newest.get(one) is AwardState.REVOKED}


def list_for_admin(q: str, state: str, place: Place = START) -> Slice:
    """Return a page of every award, newest first, by person or badge and state."""
    ids, common, some = select(Award.id), None, None
    if state in set(AwardState):
        ids = ids.where(Award.state == state)
    if q:
        meant, columns = searching.meant(q), (Award.learner_id, Award.badge_id)
        common = ids.where(meant.about_row(*columns))
        if meant.many and state not in _RARE:
            some = ids.where(meant.about_some(*columns))
        ids = ids.where(meant.about(*columns))
    load = select(Award).options(
        joinedload(Award.learner),
        joinedload(Award.badge).joinedload(Badge.template),
        joinedload(Award.issued_badge),
    )
    return slice_of(ids, load, _NEWEST_FIRST, place, common=common, some=some)


def get(award_id: int) -> Award:
    """Return the award; raise NotFound."""
    award = db.session.get(Award, award_id)
    if award is None:
        raise NotFound
    return award


def newest_of(issued: IssuedBadge) -> Award | None:
    """Return the newest award that gave this issued badge."""
    query = select(Award).filter_by(issued_badge_id=issued.id).order_by(Award.id.desc())
    return db.session.scalars(query.limit(1)).first()


def get_for_learner(learner: Person, award_id: int) -> Award:
    """Return the learner's own award; anybody else's does not exist for them."""
    award = db.session.get(Award, award_id)
    if award is None or award.learner_id != learner.id:
        raise NotFound
    return award


def of_learning_object(learning_object_id: int, learner_ids: Collection[int]) -> dict[int, Award]:
    """Return what these learners earned last through one learning object, by the learner's id."""
    return {one.learner_id: one for one in every_through(learning_object_id, learner_ids)}


def every_through(learning_object_id: int, learner_ids: Collection[int]) -> Sequence[Award]:
    """Return all that these learners earned through one learning object, the newest last."""
    query = (
        select(Award)
        .where(Award.learning_object_id == learning_object_id, Award.learner_id.in_(learner_ids))
        .options(joinedload(Award.issued_badge))
        .order_by(Award.cycle, Award.id)
    )
    return db.session.scalars(query).all()


def already_held(learner: Person, given: Sequence[Award]) -> set[int]:
    """Return the ids of those awards whose badge the learner had already through another source."""
    query = select(Award).where(
        Award.learner_id == learner.id,
        Award.badge_id.in_({one.badge_id for one in given}),
        Award.state == AwardState.EARNED,
    )
    first: dict[tuple[int, int], int] = {}
    for one in db.session.scalars(query.order_by(Award.id)):
        first.setdefault((one.badge_id, one.cycle), one.id)
    earned = (one for one in given if one.state is AwardState.EARNED)
    return {one.id for one in earned if first.get((one.badge_id, one.cycle), one.id) != one.id}


def delivery_of(issued: IssuedBadge | None) -> Delivery | None:
    """Return the newest delivery of an issued badge."""
    if issued is None:
        return None
    query = select(Delivery).filter_by(issued_badge_id=issued.id).order_by(Delivery.id.desc())
    return db.session.scalars(query.limit(1)).first()


def cancel_awards_of(issued_badge_id: int) -> None:
    """Cancel the awards of a badge that will not be issued. The caller commits."""
    db.session.execute(
        update(Award)
        .where(Award.issued_badge_id == issued_badge_id, Award.state == AwardState.EARNED)
        .values(state=AwardState.CANCELLED)
        .execution_options(synchronize_session=False)
    )
