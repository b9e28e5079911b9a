"""skill.csv, skill_level.csv and skill_course.csv."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from portal.extensions import db
from portal.models import Badge, CourseCredit, Skill, SkillLevel, SkillState
from portal.services.importing.catalogue import cells
from portal.services.importing.catalogue.cells import Column
from portal.services.importing.catalogue.judging import Keeper
from portal.services.importing.catalogue.keeping import keep_unused
from portal.services.importing.catalogue.rows import CatalogueRow, Shape, id_of
from portal.services.importing.judging import Verdict
from portal.services.learning import snapshots

MOST_CREDITS = 65535

SKILL = Shape(
    name="skill",
    columns=(
        Column("id", cells.identifier, needed=True),
        Column("skillName", cells.text(255), needed=True),
        Column("description", cells.text(8190)),
        Column("state", cells.choice({one.value: one for one in SkillState}), needed=True),
    ),
    key=("id",),
    label="skillName",
)
SKILL_LEVEL = Shape(
    name="skill_level",
    columns=(
        Column("skillId", cells.identifier, needed=True, refers_to="skill"),
        Column("levelId", cells.number(1, 3), needed=True),
        Column("maxCredits", cells.number(1, MOST_CREDITS), needed=True),
        Column("badgeId", cells.identifier, refers_to="badges"),
    ),
    key=("skillId", "levelId"),
)
SKILL_COURSE = Shape(
    name="skill_course",
    columns=(
        Column("courseId", cells.identifier, needed=True, refers_to="course"),
        Column("skillId", cells.identifier, needed=True, refers_to="skill"),
        Column("levelId", cells.number(1, 3), needed=True),
        Column("credits", cells.number(1, MOST_CREDITS), needed=True),
    ),
    key=("courseId", "skillId", "levelId"),
    links=(("levelId", "skill_level", ("skillId", "levelId")),),
)


class Skills(Keeper):
    """Skills by the source's id."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return name, description and state of the skills that are there."""
        self.skills = _skills(row.source_id or "" for row in rows)
        return {
            source_id: {
                "skillName": one.name,
                "description": one.description,
                "state": one.state,
            }
            for source_id, one in self.skills.items()
        }

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Add and change skills. What somebody reached stays reached."""
        for one in verdicts:
            row: Any = one.row
            skill = self.skills.get(row.source_id) or Skill(source_id=row.source_id)
            skill.name, skill.state = row["skillName"], row["state"]
            if "description" in row.given:
                skill.description = row["description"]
            db.session.add(skill)
        db.session.flush()
        keep_unused(self.errand, verdicts)


class SkillLevels(Keeper):
    """The levels of skills."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return credits and badge of the levels that are there."""
        query = (
            select(SkillLevel, Skill.source_id, Badge.source_id)
            .join(SkillLevel.skill)
            .outerjoin(SkillLevel.badge)
            .where(Skill.source_id.in_({row["skillId"] for row in rows}))
        )
        self.levels, known = {}, {}
        for level, skill, badge in db.session.execute(query):
            self.levels[id_of(skill, level.level)] = level
            values = {"maxCredits": level.credits, "badgeId": badge}
            known[id_of(skill, level.level)] = values
        return known

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Add and change levels. Who has credits for one reaches it with as many as before."""
        for one in verdicts:
            row: Any = one.row
            level = self.levels.get(row.source_id)
            if level is None:
                skill_id = self.references.id(row, "skill")
                level = SkillLevel(skill_id=skill_id, level=row["levelId"])
                db.session.add(level)
            elif level.credits != row["maxCredits"]:
                snapshots.keep_level_for_started(level, level.credits)
            level.credits = row["maxCredits"]
            if "badgeId" in row.given:
                level.badge_id = self.references.id(row, "badges")
        db.session.flush()
        keep_unused(self.errand, verdicts)


class SkillCourses(Keeper):
    """The credits that courses give to levels."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return the credits that are given already."""
        by_id = {one: name for name, one in self.references.found("skill_level").items()}
        of_course = {one: name for name, one in self.references.found("course").items()}
        query = select(CourseCredit).where(CourseCredit.course_id.in_(of_course))
        self.given = {
            id_of(of_course[one.course_id], by_id[one.skill_level_id]): one
            for one in db.session.scalars(query.where(CourseCredit.skill_level_id.in_(by_id)))
        }
        return {source_id: {"credits": one.credits} for source_id, one in self.given.items()}

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Give the credits. Who has completed the course keeps those that it gave then."""
        for one in verdicts:
            row: Any = one.row
            credit = self.given.get(row.source_id)
            if credit is None:
                credit = CourseCredit(
                    course_id=self.references.id(row, "course"),
                    skill_level_id=self.references.id(row, "skill_level"),
                )
                db.session.add(credit)
            credit.credits = row["credits"]
        db.session.flush()
        keep_unused(self.errand, verdicts)


def _skills(source_ids: Iterable[str]) -> dict[str, Skill]:
    query = select(Skill).where(Skill.source_id.in_(set(source_ids)))
    return {one.source_id or "": one for one in db.session.scalars(query)}
