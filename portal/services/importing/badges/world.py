"""What the portal already has that matters for a batch of rows; read once for all of them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import (
    Badge,
    BadgeState,
    ImportRun,
    IssuedBadge,
    LearningObject,
    Skill,
    SkillLevel,
    Template,
)
from portal.services.importing.badges.rows import BadgeRow
from portal.services.importing.passed import Passed
from portal.services.in_bulk import among

MOST_NAMED = 5


class World:
    """Badges, templates and earlier rows that a batch of rows has to do with."""

    def __init__(self, run: ImportRun, batch: Sequence[BadgeRow]) -> None:
        ids = {row.source_id for row in batch if row.source_id}
        self.badges = {badge.source_id: badge for badge in _badges(among(Badge.source_id, ids))}
        wanted = {row.external_id for row in batch} | {
            badge.external_badge_id for badge in self.badges.values()
        }
        wanted.discard(None)
        active = Badge.state == BadgeState.ACTIVE
        held = _badges(among(Badge.external_badge_id, wanted) & active)
        self._holders = {badge.external_badge_id: badge for badge in held}
        known = ids | {badge.source_id for badge in held if badge.source_id}
        self.passed = Passed(run, batch[0].line, known, wanted)
        self.templates = _templates(run, wanted)
        own_ids = [badge.id for badge in self.badges.values()]
        query = select(IssuedBadge.badge_id).where(IssuedBadge.badge_id.in_(own_ids))
        self.issued = set(db.session.scalars(query))
        self.attached = _attached(own_ids)

    def holder_of(self, template_id: str, source_id: str) -> Badge | None:
        """Return another badge that stands for this template, and goes on doing so."""
        badge = self._holders.get(template_id)
        if badge is None or badge.source_id == source_id:
            return None
        if not badge.is_active or badge.external_badge_id != template_id:
            return None  # an earlier row of this batch has just let go of it
        let_go = self.passed.has_let_go(template_id, badge.source_id or "")
        return None if let_go else badge


def _badges(where: ColumnElement[bool]) -> Sequence[Badge]:
    query = select(Badge).where(where).execution_options(populate_existing=True)
    parts = (Badge.template, Badge.own_image, Badge.connection)
    return db.session.scalars(query.options(*(joinedload(part) for part in parts))).all()


def _templates(run: ImportRun, wanted: Iterable[str]) -> dict[str, Template]:
    query = select(Template).where(
        Template.connection_id == run.connection_id, among(Template.credly_id, wanted)
    )
    query = query.execution_options(populate_existing=True)
    return {template.credly_id: template for template in db.session.scalars(query)}


def _attached(badge_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return what each of these badges is attached to, by name."""
    objects = select(LearningObject.badge_id, LearningObject.title)
    skills = select(SkillLevel.badge_id, Skill.name).join(Skill)
    found: dict[int, list[str]] = {}
    for query in (
        objects.where(LearningObject.badge_id.in_(badge_ids)).order_by(LearningObject.title),
        skills.where(SkillLevel.badge_id.in_(badge_ids)).order_by(Skill.name),
    ):
        for badge_id, name in db.session.execute(query):
            found.setdefault(badge_id, []).append(name)
    return found
