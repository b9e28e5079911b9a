"""The report of completions: who completed what, with or without success."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select

from portal.models import Badge, Enrolment, EnrolmentState, LearningObject, Person, Template
from portal.services.reports.batches import BADGE_NAMES, Wanted, newest_first


def rows(wanted: Wanted) -> Iterator[Row[Any]]:
    """Yield the attempts completed in the period, newest first."""
    query = (
        select(
            Enrolment.completed_at,
            Enrolment.id,
            *(Enrolment.attempt, Enrolment.enrolled_at, Enrolment.success, Enrolment.expires_at),
            *(Person.last_name, Person.first_name, Person.known_email.label("email")),
            *(LearningObject.kind, LearningObject.title),
            *(Badge.own_name, Template.name.label("template_name")),
        )
        .select_from(Enrolment)
        .join(Enrolment.learner)
        .join(Enrolment.learning_object)
        .outerjoin(LearningObject.badge)
        .outerjoin(Badge.template)
        .where(Enrolment.state == EnrolmentState.COMPLETED)
        .where(wanted.window.period.holds(Enrolment.completed_at))
        .where(wanted.window.people(Enrolment.learner_id))
        .where(*wanted.mentioned_in(LearningObject.title, *BADGE_NAMES))
    )
    return newest_first(query, Enrolment.completed_at, Enrolment.id, piece=wanted.piece)
