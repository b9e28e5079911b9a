"""user_skill.csv: skill levels that learners have reached."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.extensions import db
from portal.models import Person, ReachedLevel, SkillLevel
from portal.services.importing.catalogue import cells
from portal.services.importing.catalogue.cells import Column
from portal.services.importing.catalogue.enrolments import is_sent
from portal.services.importing.catalogue.judging import Keeper
from portal.services.importing.catalogue.learners import lock_learners
from portal.services.importing.catalogue.rows import CatalogueRow, Shape, id_of
from portal.services.importing.judging import Verdict
from portal.services.importing.source_rows import SourceRow
from portal.services.in_bulk import among
from portal.services.learning import history
from portal.services.learning.credits import Reached


def _level(row: SourceRow, column: str, cell: str) -> int | None:
    return cells.number(1, 3)(row, column, cell or "1")


USER_SKILL = Shape(
    name="user_skill",
    columns=(
        Column("userId", cells.email, needed=True, refers_to="people"),
        Column("skillId", cells.identifier, needed=True, refers_to="skill"),
        Column("levelId", _level),
        Column("achieved", cells.flag, needed=True),
    ),
    key=("userId", "skillId", "levelId"),
    label="userId",
    links=(("levelId", "skill_level", ("skillId", "levelId")),),
)


class ReachedLevels(Keeper):
    """Levels that learners have reached."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return what is reached already, and what a row does not claim: nothing takes it away."""
        lock_learners(self.errand, self.references)
        people = {one: name for name, one in self.references.found("people").items()}
        levels = {one: name for name, one in self.references.found("skill_level").items()}
        query = select(ReachedLevel.learner_id, ReachedLevel.skill_level_id).where(
            among(ReachedLevel.learner_id, people), among(ReachedLevel.skill_level_id, levels)
        )
        known = {
            id_of(people[learner], levels[level]): {}
            for learner, level in db.session.execute(query)
        }
        return known | {row.source_id or "": {} for row in rows if not row["achieved"]}

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Let the learners reach the levels, as of now: the file knows no date."""
        people = set(self.references.found("people").values())
        ids = self.references.found("skill_level").values()
        query = select(SkillLevel).where(SkillLevel.id.in_(ids))
        levels = {one.id: one for one in db.session.scalars(query)}
        reached = [
            Reached(
                self.references.id(one.row, "people") or 0,
                levels[self.references.id(one.row, "skill_level") or 0],
                self.errand.now,
            )
            for one in verdicts
        ]
        learners = db.session.scalars(select(Person).where(among(Person.id, people))).all()
        history.reach(learners, reached, now=self.errand.now, sent=is_sent(self.errand))
