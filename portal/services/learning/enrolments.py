"""Who is on what: the attempts of learners, and what they may find. Reads only."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.errors import NotFound
from portal.extensions import db
from portal.models import (
    OPEN_ENROLMENTS,
    Enrolment,
    EnrolmentState,
    Kind,
    LearningObject,
    ObjectState,
    Person,
)
from portal.services.learning import rules
from portal.services.paging import Page, page_of


def get_for_learner(learner: Person, object_id: int, kind: Kind = Kind.COURSE) -> LearningObject:
    """Return a published object, or one the learner is on or needs for what they are on; any
    other does not exist for them."""
    found = db.session.scalars(_one_of(kind), {"object_id": object_id}).one_or_none()
    if found is None or found.state is ObjectState.DRAFT:
        raise NotFound
    retired = found.state is ObjectState.RETIRED
    if retired and not (enrolment_of(learner, found) or is_asked_for(learner, found)):
        raise NotFound
    return found


def enrolment_of(learner: Person, learning_object: LearningObject) -> Enrolment | None:
    """Return the learner's newest attempt that they did not withdraw from; None without one.

    Whoever withdraws from a renewal is where they were before it: through, with what is valid yet.
    """
    return db.session.scalars(_NEWEST_KEPT, _of(learner, learning_object)).first()


def newest_attempt(learner: Person, learning_object: LearningObject) -> Enrolment | None:
    """Return the learner's newest attempt as the database has it now, withdrawn ones too."""
    return db.session.scalars(_NEWEST, _of(learner, learning_object)).first()


def newest_completion(learner: Person, learning_object: LearningObject) -> Enrolment | None:
    """Return the newest attempt that was completed with success, whatever came after it."""
    query = (
        select(Enrolment)
        .filter_by(learner_id=learner.id, learning_object_id=learning_object.id, success=True)
        .order_by(Enrolment.attempt.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()


def enrolments_for(learner: Person, objects: Sequence[LearningObject]) -> dict[int, Enrolment]:
    """Return the learner's newest attempts at these objects, by the object's id."""
    query = select(Enrolment).where(
        Enrolment.learner_id == learner.id,
        Enrolment.learning_object_id.in_([one.id for one in objects]),
        Enrolment.state != EnrolmentState.WITHDRAWN,
    )
    found = db.session.scalars(query.order_by(Enrolment.attempt))
    return {enrolment.learning_object_id: enrolment for enrolment in found}


def list_of_learner(learner: Person) -> Page:
    """Return the newest enrolments of a learner, over and withdrawn ones too, with their count."""
    query = (
        select(Enrolment)
        .where(Enrolment.learner_id == learner.id)
        .options(joinedload(Enrolment.learning_object))
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
    )
    return page_of(query, 1)


def is_wanted_again(learner: Person, learning_object: LearningObject) -> bool:
    """Whether a renewal that the learner has begun needs this object completed once more."""
    query = (
        select(Enrolment)
        .join(Enrolment.learning_object)
        .where(Enrolment.learner_id == learner.id, Enrolment.renews.is_(True))
        .where(Enrolment.state.in_(OPEN_ENROLMENTS), LearningObject.kind != Kind.COURSE)
        .options(contains_eager(Enrolment.learning_object))
    )
    renewals = db.session.scalars(query).all()
    if not renewals:
        return False
    needs = rules.of_enrolments(renewals)
    since = [one.enrolled_at for one in renewals if learning_object.id in needs[one.id].items]
    last = newest_completion(learner, learning_object)
    return bool(since) and (last is None or last.completed_at < max(since))


def is_asked_for(learner: Person, learning_object: LearningObject) -> bool:
    """Whether a path or certification that the learner is on asks for this object."""
    query = (
        select(Enrolment)
        .join(Enrolment.learning_object)
        .where(Enrolment.learner_id == learner.id, LearningObject.kind != Kind.COURSE)
        .where(Enrolment.state.in_(OPEN_ENROLMENTS))
        .options(contains_eager(Enrolment.learning_object))
    )
    needs = rules.of_enrolments(db.session.scalars(query).all())
    return learning_object.id in rules.all_items(needs.values())


# Put together once: building a statement takes longer than asking it.
@cache
def _one_of(kind: Kind) -> Select:
    mapped = LearningObject.__mapper__.polymorphic_map[kind].class_  # with what only this kind has
    return select(mapped).where(mapped.id == bindparam("object_id"))


_NEWEST = (
    select(Enrolment)
    .where(Enrolment.learner_id == bindparam("learner_id"))
    .where(Enrolment.learning_object_id == bindparam("object_id"))
    .order_by(Enrolment.attempt.desc())
    .limit(1)
    .execution_options(populate_existing=True)
)
_NEWEST_KEPT = _NEWEST.where(Enrolment.state != EnrolmentState.WITHDRAWN)


def _of(learner: Person, learning_object: LearningObject) -> dict[str, int]:
    return {"learner_id": learner.id, "object_id": learning_object.id}
