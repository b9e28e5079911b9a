"""The report of awards: who earned which badge through what, and where it stands at Credly."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select

from portal.models import (
    Award,
    Badge,
    IssuedBadge,
    LearningObject,
    Person,
    Skill,
    SkillLevel,
    Template,
)
from portal.services.reports.batches import BADGE_NAMES, SOURCE_NAMES, Wanted, newest_first


def rows(wanted: Wanted) -> Iterator[Row[Any]]:
    """Yield the awards earned in the period, newest first."""
    query = (
        select(
            Award.earned_at,
            Award.id,
            Award.state,
            Award.expires_at,
            Award.not_sent_because,
            *(Person.last_name, Person.first_name, Person.known_email.label("email")),
            *(Badge.own_name, Template.name.label("template_name")),
            *(LearningObject.kind, LearningObject.title),
            *(Skill.name.label("skill"), SkillLevel.level),
            *(IssuedBadge.state.label("at_credly"), IssuedBadge.badge_url),
        )
        .select_from(Award)
        .join(Award.learner)
        .join(Award.badge)
        .outerjoin(Badge.template)
        .outerjoin(LearningObject, LearningObject.id == Award.learning_object_id)
        .outerjoin(SkillLevel, SkillLevel.id == Award.skill_level_id)
        .outerjoin(Skill, Skill.id == SkillLevel.skill_id)
        .outerjoin(Award.issued_badge)
        .where(wanted.window.period.holds(Award.earned_at))
        .where(wanted.window.people(Award.learner_id))
        .where(*wanted.mentioned_in(*BADGE_NAMES, *SOURCE_NAMES))
    )
    return newest_first(query, Award.earned_at, Award.id, piece=wanted.piece)
