"""Changing what others rely on: who has begun keeps what was required, or it is for all.

Nothing is taken from anybody: who is through keeps what was required of them either way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import LearningObject, Person, SkillLevel
from portal.services import audit
from portal.services.learning import snapshots


class ForStarted(StrEnum):
    """What a change means for those who have begun and are not through."""

    KEEP = "keep"
    ALL = "all"


@contextmanager
def change_of(
    learning_object: LearningObject, *, actor: Person, answer: ForStarted | None, now: datetime
) -> Iterator[None]:
    """Carry a change through to those who have begun. The caller commits afterwards.

    Raises RuleBroken at the field `for_started` when the change does touch somebody and nobody
    said what it means for them; then everything is as it was.
    """
    before = snapshots.as_now(learning_object)
    yield
    db.session.flush()
    if snapshots.as_now(learning_object) == before:
        return
    begun = snapshots.started(learning_object)
    _ask(begun.open, answer)
    if begun.open and answer is ForStarted.ALL:
        snapshots.apply_to_all(learning_object, before, actor=actor, now=now)
    elif begun.open or begun.completed:
        snapshots.keep_for_started(learning_object, before)
    if begun.open:
        word, learners = str(answer), begun.open
        audit.note(
            "learning_object.requirements",
            actor=actor,
            now=now,
            subject=learning_object,
            for_started=word,
            learners=learners,
        )


def change_credits(
    level: SkillLevel, before: int, *, actor: Person, answer: ForStarted | None, now: datetime
) -> None:
    """Carry other credits of a level through to those who have some. The caller commits."""
    if level.credits == before:
        return
    db.session.flush()
    begun = snapshots.started_on_level(level)
    _ask(begun.open, answer)
    if begun.open and answer is ForStarted.ALL:
        snapshots.apply_level_to_all(level, before, actor=actor, now=now)
    elif begun.open or begun.completed:
        snapshots.keep_level_for_started(level, before)


def _ask(learners: int, answer: ForStarted | None) -> None:
    if learners and answer is None:
        db.session.rollback()
        raise RuleBroken(say("for_started_missing", learners=learners), "for_started")
