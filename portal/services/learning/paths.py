"""Learning paths: sections of courses and paths, with one level of nesting and never a circle."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import Message, say
from portal.models import (
    Kind,
    LearningObject,
    LearningPath,
    ObjectState,
    PathSection,
    PathStep,
    Person,
)
from portal.services import audit
from portal.services.learning.changing import ForStarted, change_of
from portal.services.learning.describing import begin, describe
from portal.services.learning.objects import to_build_with
from portal.services.plain_text import one_line

STEPS = frozenset({Kind.COURSE, Kind.LEARNING_PATH})
MOST_STEPS = 200


@dataclass(frozen=True)
class SectionPlan:
    """A section as its author wants it: ids of objects, and how many of them; None means all."""

    title: str
    needed: int | None
    steps: tuple[int, ...]


def create(
    *, actor: Person, title: str, description: str, earned_again: bool, hold_minutes: int = 0
) -> LearningPath:
    """Make a draft that `actor` owns. Commits."""
    path = LearningPath(title="", owners=[actor])
    describe(
        path,
        title=title,
        description=description,
        earned_again=earned_again,
        hold_minutes=hold_minutes,
    )
    begin(path, actor)
    return path


def edit(
    *,
    path: LearningPath,
    title: str,
    description: str,
    earned_again: bool,
    hold_minutes: int = 0,
) -> None:
    """Change what a path says. Commits."""
    describe(
        path,
        title=title,
        description=description,
        earned_again=earned_again,
        hold_minutes=hold_minutes,
    )
    db.session.commit()


def plan_of(path: LearningPath) -> list[SectionPlan]:
    """Return the sections as they are."""
    return [
        SectionPlan(
            section.title, section.needed, tuple(step.learning_object_id for step in section.steps)
        )
        for section in path.sections
    ]


def save_steps(
    *,
    actor: Person,
    path: LearningPath,
    ordered: bool,
    sections: Sequence[SectionPlan],
    now: datetime,
    answer: ForStarted | None = None,
) -> None:
    """Give the path these sections. Raises RuleBroken at `steps` or `for_started`. Commits."""
    _lock_paths()
    steps = [step for section in sections for step in section.steps]
    there = {step.learning_object_id for section in path.sections for step in section.steps}
    found = to_build_with(actor, steps, there)
    _check(path, sections, found, there)
    with change_of(path, actor=actor, answer=answer, now=now):
        path.ordered = ordered
        path.sections.clear()
        db.session.flush()  # the old steps go first: a step may stand in the same section again
        path.sections.extend(_section(number, plan) for number, plan in enumerate(sections))
    audit.note("learning_path.steps", actor=actor, now=now, subject=path, steps=len(found))
    db.session.commit()


def _section(number: int, plan: SectionPlan) -> PathSection:
    steps = [PathStep(learning_object_id=one, position=at) for at, one in enumerate(plan.steps)]
    title = one_line(plan.title)[:255]
    return PathSection(position=number, title=title, needed=plan.needed, steps=steps)


def _lock_paths() -> None:
    """Two authors who put their paths into each other at the same time must see each other."""
    db.session.execute(select(LearningPath.id).order_by(LearningPath.id).with_for_update())


def _check(
    path: LearningPath,
    sections: Sequence[SectionPlan],
    found: dict[int, LearningObject],
    there: Collection[int],
) -> None:
    steps = [step for section in sections for step in section.steps]
    twice = [step for step in found if steps.count(step) > 1]
    for wrong in (
        _wrong_counts(sections, len(steps)),
        say("step_twice", title=found[twice[0]].title) if twice else None,
        _wrong_steps(path, steps, found, there),
        _wrong_nesting(path, [found[step] for step in steps if step in found]),
    ):
        if wrong is not None:
            raise RuleBroken(wrong, "steps")


def _wrong_counts(sections: Sequence[SectionPlan], steps: int) -> Message | None:
    if steps > MOST_STEPS:
        return say("steps_too_many", most=MOST_STEPS)
    for number, section in enumerate(sections, start=1):
        if not section.steps:
            return say("section_empty", number=number)
        if section.needed is not None and not 1 <= section.needed <= len(section.steps):
            return say("section_needed_wrong", number=number, steps=len(section.steps))
    return None


def _wrong_steps(
    path: LearningPath,
    steps: Sequence[int],
    found: dict[int, LearningObject],
    there: Collection[int],
) -> Message | None:
    for step in steps:
        one = found.get(step)
        if one is None or one.kind not in STEPS:
            return say("step_not_usable")
        if one.id == path.id:
            return say("path_in_itself")
        if one.state is not ObjectState.PUBLISHED and one.id not in there:
            return say("step_not_published", title=one.title)
    return None


def _wrong_nesting(path: LearningPath, steps: Sequence[LearningObject]) -> Message | None:
    """One level of nesting: what has paths in it stands in no path. That leaves no circles."""
    inner = {one.id: one.title for one in steps if one.kind is Kind.LEARNING_PATH}
    if not inner:
        return None
    deeper = _titles_holding(PathSection.learning_path_id.in_(inner), inside=True)
    if deeper:
        circle = any(holder in inner and step == path.id for holder, step, _title in deeper)
        title = inner[deeper[0][0]]
        return say("path_circle" if circle else "path_too_deep", title=title)
    outer = _titles_holding(PathStep.learning_object_id == path.id, inside=False)
    return say("path_is_a_step", title=outer[0][2]) if outer else None


def _titles_holding(where, *, inside: bool) -> list[tuple[int, int, str]]:
    """Return which path holds which step, and the holder's title; `inside`: only paths in it."""
    query = (
        select(PathSection.learning_path_id, PathStep.learning_object_id, LearningPath.title)
        .join(PathStep, PathStep.section_id == PathSection.id)
        .join(LearningPath, LearningPath.id == PathSection.learning_path_id)
        .where(where)
    )
    if inside:
        paths = select(LearningPath.id)
        query = query.where(PathStep.learning_object_id.in_(paths))
    return [tuple(row) for row in db.session.execute(query)]
