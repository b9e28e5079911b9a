"""user_skill.csv: skill levels that learners have reached."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.extensions import db
from portal.models import Person, ReachedLevel
from portal.services.importing.catalogue import cells
from portal.services.importing.catalogue.cells import Column
from portal.services.importing.catalogue.enrolments import is_sent
from portal.services.importing.catalogue.judging import Keeper
from portal.services.importing.catalogue.rows import CatalogueRow, Shape, id_of
from portal.services.importing.judging import Verdict
from portal.services.importing.source_rows import SourceRow
from portal.services.learning import history


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


class Reached(Keeper):
    """Levels that learners have reached."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return what is reached already, and what a row does not claim: nothing takes it away."""
        people = {one: name for name, one in self.references.found("people").items()}
        levels = {one: name for name, one in self.references.found("skill_level").items()}
        query = select(ReachedLevel.learner_id, ReachedLevel.skill_level_id).where(
            ReachedLevel.learner_id.in_(people), ReachedLevel.skill_level_id.in_(levels)
        )
        known = {
            id_of(people[learner], levels[level]): {}
            for learner, level in db.session.execute(query)
        }
        return known | {row.source_id or "": {} for row in rows if not row["achieved"]}

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Let the learners reach the levels, as of now: the file knows no date."""
        of_learner: dict[int, list[int]] = {}
        for one in verdicts:
            learner_id = self.references.id(one.row, "people") or 0
            level_id = self.references.id(one.row, "skill_level") or 0
            of_learner.setdefault(learner_id, []).append(level_id)
        query = select(Person).where(Person.id.in_(of_learner)).order_by(Person.id)
        for learner in db.session.scalars(query).all():
            reached = [
                ReachedLevel(
                    learner_id=learner.id, skill_level_id=level_id, reached_at=self.errand.now
                )
                for level_id in of_learner[learner.id]
            ]
            db.session.add_all(reached)
            db.session.flush()
            sent = is_sent(self.errand)
            history.award_levels(learner, reached, now=self.errand.now, sent=sent)
