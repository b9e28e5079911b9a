"""The report of skills: who reached which level, and through what."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select

from portal.models import LearningObject, Person, ReachedLevel, Skill, SkillLevel
from portal.services.reports.batches import Wanted, newest_first


def rows(wanted: Wanted) -> Iterator[Row[Any]]:
    """Yield the levels reached in the period, newest first; the path that granted one, if any."""
    ids = (ReachedLevel.learner_id, ReachedLevel.skill_level_id)
    query = (
        select(
            ReachedLevel.reached_at,
            *ids,
            *(Person.last_name, Person.first_name, Person.known_email.label("email")),
            *(Skill.name.label("skill"), SkillLevel.level),
            LearningObject.title.label("path"),
        )
        .select_from(ReachedLevel)
        .join(Person, Person.id == ReachedLevel.learner_id)
        .join(ReachedLevel.skill_level)
        .join(SkillLevel.skill)
        .outerjoin(LearningObject, LearningObject.id == ReachedLevel.learning_path_id)
        .where(wanted.window.period.holds(ReachedLevel.reached_at))
        .where(wanted.window.people(ReachedLevel.learner_id))
        .where(*wanted.mentioned_in(Skill.name, LearningObject.title))
    )
    return newest_first(query, ReachedLevel.reached_at, *ids, piece=wanted.piece)
