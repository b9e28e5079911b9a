"""Skills as administrators keep them: one to three levels, each with its credits and its badge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import ApplyRun, Badge, Person, Skill, SkillLevel, SkillState
from portal.services import audit
from portal.services.learning import levels, snapshots
from portal.services.learning.changing import ForStarted, change_credits
from portal.services.learning.objects import refuse_unfit, with_picture
from portal.services.learning.snapshots import Started
from portal.services.paging import Page, literally, page_of
from portal.services.plain_text import one_line

MOST_LEVELS = 3
MOST_CREDITS = 100_000
LONGEST_DESCRIPTION = 5000


@dataclass(frozen=True)
class LevelPlan:
    """A level as an administrator wants it; without credits there is no such level."""

    credits: int | None
    badge: Badge | None = None


def list_for_admin(*, q: str = "", state: str = "", badge: str = "", page: int = 1) -> Page:
    """Return a page of skills by name with their levels; `badge` "none": a level awards nothing."""
    query = (
        select(Skill)
        .options(selectinload(Skill.levels).options(with_picture(SkillLevel.badge)))
        .order_by(func.lower(Skill.name), Skill.id)
    )
    if state in set(SkillState):
        query = query.where(Skill.state == state)
    if badge == "none":
        bare = select(SkillLevel.skill_id).where(SkillLevel.badge_id.is_(None))
        query = query.where(Skill.id.in_(bare))
    if q:
        query = query.where(Skill.name.ilike(literally(q), escape="\\"))
    return page_of(query, page)


def get(skill_id: int) -> Skill:
    """Return the skill with its levels; raise NotFound."""
    along = selectinload(Skill.levels).options(with_picture(SkillLevel.badge))
    found = db.session.scalars(select(Skill).where(Skill.id == skill_id).options(along)).first()
    if found is None:
        raise NotFound
    return found


def suggest(badge: Badge) -> dict[str, str]:
    """Return name and description for a skill made from a badge and what Credly says of it."""
    template = badge.template
    description = template.description.strip() if template else ""
    if template and template.skills:
        description = "\n\n".join(filter(None, (description, ", ".join(template.skills))))
    return {"name": badge.name[:255], "description": description[:LONGEST_DESCRIPTION]}


def create(
    *, actor: Person, name: str, description: str, plans: Sequence[LevelPlan], now: datetime
) -> Skill:
    """Make an active skill. Raises RuleBroken at its fields (`credits_2`, `badge_2`). Commits."""
    skill = Skill(name="", state=SkillState.ACTIVE)
    _describe(skill, name, description)
    _check(plans)
    _check_badges(plans, {})
    skill.levels = [
        SkillLevel(level=number, credits=plan.credits, badge=plan.badge)
        for number, plan in enumerate(plans, start=1)
        if plan.credits is not None
    ]
    db.session.add(skill)
    db.session.flush()
    audit.note("skill.create", actor=actor, now=now, subject=skill, levels=len(skill.levels))
    db.session.commit()
    return skill


def change(
    *,
    actor: Person,
    skill: Skill,
    name: str,
    description: str,
    plans: Sequence[LevelPlan],
    now: datetime,
    answer: ForStarted | None = None,
) -> None:
    """Change a skill and its levels; a level that is used stays. Commits.

    Other credits for a level raise RuleBroken at `for_started` until `answer` says
    whom they are for.
    """
    there = {level.level: level for level in skill.levels}
    _check(plans)
    _check_badges(plans, there)
    _check_dropped(plans, there)
    _describe(skill, name, description)
    for number, plan in enumerate(plans, start=1):
        level = there.get(number)
        if plan.credits is None:
            if level is not None:
                db.session.delete(level)
            continue
        if level is None:
            level = SkillLevel(skill_id=skill.id, level=number)
            db.session.add(level)
        before = plan.credits if level.credits is None else level.credits
        level.credits, level.badge = plan.credits, plan.badge
        change_credits(level, before, actor=actor, answer=answer, now=now)
    audit.note("skill.change", actor=actor, now=now, subject=skill)
    _commit("skill_level_used")
    db.session.refresh(skill)


def begun(skill: Skill) -> Started:
    """Return how many have credits for a level without it, and how many reached one, in all."""
    of_levels = [snapshots.started_on_level(level) for level in skill.levels]
    return Started(sum(one.open for one in of_levels), sum(one.completed for one in of_levels))


def retire(*, actor: Person, skill: Skill, now: datetime) -> None:
    """Nobody reaches it any more; what was reached stays. Commits."""
    _move(actor, skill, SkillState.RETIRED, now)


def activate(*, actor: Person, skill: Skill, now: datetime) -> None:
    """Let people reach it again; who has credits enough by now does so soon. Commits."""
    if skill.state is SkillState.RETIRED:
        db.session.add_all(
            ApplyRun(skill_level_id=level.id, person_id=actor.id, due=now, created_at=now)
            for level in skill.levels
        )
    _move(actor, skill, SkillState.ACTIVE, now)


def delete(*, actor: Person, skill: Skill, now: datetime) -> None:
    """Delete a retired skill that nothing uses; any other is refused. Commits."""
    if skill.state is not SkillState.RETIRED:
        raise RuleBroken(say("skill_not_retired"))
    if any(levels.uses_of([level.id for level in skill.levels]).values()):
        raise RuleBroken(say("skill_used"))
    audit.note("skill.delete", actor=actor, now=now, subject=skill, name=skill.name)
    for level in list(skill.levels):
        db.session.delete(level)
    db.session.flush()
    db.session.delete(skill)
    _commit("skill_used")


def badges_on_offer(present: Sequence[int | None]) -> list[tuple[int, str]]:
    """Return up to 1,000 badges that a level may get, and those it has, by name."""
    query = select(Badge).options(joinedload(Badge.template)).outerjoin(Badge.template)
    query = query.where(Badge.id.in_([one for one in present if one]) | levels.fit_to_attach())
    found = db.session.scalars(query.order_by(levels.name_of_badge(), Badge.id).limit(1000))
    return [(badge.id, badge.name) for badge in found]


def _describe(skill: Skill, name: str, description: str) -> None:
    name = one_line(name)
    if not name:
        raise RuleBroken(say("skill_name_missing"), "name")
    with db.session.no_autoflush:
        same = select(Skill.id).where(func.lower(Skill.name) == name.lower(), Skill.id != skill.id)
        if skill.id is None:
            same = select(Skill.id).where(func.lower(Skill.name) == name.lower())
        taken = db.session.scalars(same.limit(1)).first()
    if taken is not None:
        raise RuleBroken(say("skill_name_taken"), "name")
    skill.name, skill.description = name, description.strip()


def _check(plans: Sequence[LevelPlan]) -> None:
    """Levels stand without a gap from the first one on."""
    given = [plan.credits is not None for plan in plans]
    for number, plan in enumerate(plans, start=1):
        if not any(given[number - 1 :]):
            if number == 1:
                raise RuleBroken(say("skill_without_levels"), "credits_1")
            if plan.badge is not None:
                raise RuleBroken(say("level_without_credits"), f"credits_{number}")
        elif plan.credits is None:
            raise RuleBroken(say("level_gap"), f"credits_{number}")
        elif not 1 <= plan.credits <= MOST_CREDITS:
            raise RuleBroken(say("credits_wrong", most=MOST_CREDITS), f"credits_{number}")


def _check_badges(plans: Sequence[LevelPlan], there: Mapping[int, SkillLevel]) -> None:
    for number, plan in enumerate(plans, start=1):
        kept = number in there and plan.badge and there[number].badge_id == plan.badge.id
        if plan.badge is not None and not kept:
            refuse_unfit(plan.badge, f"badge_{number}")


def _check_dropped(plans: Sequence[LevelPlan], there: Mapping[int, SkillLevel]) -> None:
    for number, plan in enumerate(plans, start=1):
        dropped = plan.credits is None and number in there
        if dropped and any(levels.uses_of([there[number].id]).values()):
            raise RuleBroken(say("skill_level_used"), f"credits_{number}")


def _move(actor: Person, skill: Skill, state: SkillState, now: datetime) -> None:
    if skill.state is not state:
        audit.note(f"skill.{state.value}", actor=actor, now=now, subject=skill)
        skill.state = state
    db.session.commit()


def _commit(code: str) -> None:
    """Somebody may begin to use it at the same moment; the database decides."""
    try:
        db.session.commit()
    except IntegrityError as exc:
        db.session.rollback()
        raise RuleBroken(say(code)) from exc
