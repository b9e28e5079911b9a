"""Beginning an attempt. Rows are added; the caller has locked the learner's row, and commits."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from portal.extensions import db
from portal.models import (
    Enrolment,
    EnrolmentState,
    LearningObject,
    LearningPath,
    ObjectState,
    PathSection,
    PathStep,
    Person,
)
from portal.services.learning.enrolments import newest_completion


def begin(
    learner: Person,
    learning_object: LearningObject,
    before: Enrolment | None,
    now: datetime,
    by: Person | None = None,
) -> Enrolment:
    """Begin an attempt after `before`, the newest until now; later ones need everything anew."""
    completed = before is not None and newest_completion(learner, learning_object) is not None
    enrolment = Enrolment(
        learner=learner,
        learning_object=learning_object,
        attempt=before.attempt + 1 if before else 1,
        state=EnrolmentState.ENROLLED,
        enrolled_at=now,
        enrolled_by_id=by.id if by else None,
        renews=completed,
    )
    db.session.add(enrolment)
    return enrolment


def begin_within(
    learner: Person, path_ids: Collection[int], now: datetime, by: Person | None = None
) -> None:
    """Enrol the learner on the published paths within these paths that they were never on."""
    theirs = select(Enrolment.learning_object_id).where(Enrolment.learner_id == learner.id)
    within = (
        select(PathStep.learning_object_id)
        .join(PathSection, PathSection.id == PathStep.section_id)
        .where(PathSection.learning_path_id.in_(path_ids))
    )
    query = (
        select(LearningPath)
        .where(LearningPath.id.in_(within), LearningPath.id.not_in(theirs))
        .where(LearningPath.state == ObjectState.PUBLISHED)
        .order_by(LearningPath.id)
    )
    for inner in db.session.scalars(query).all():
        begin(learner, inner, None, now, by)
