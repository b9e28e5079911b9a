"""Skills as an administrator keeps them, and the credits that courses give."""

import pytest

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import CourseCredit, EarnedCredit, ReachedLevel, Skill, SkillLevel
from portal.services.learning import completions, course_skills, coverage, skills
from portal.services.learning.applying import run_next
from portal.services.learning.course_skills import SkillRow
from portal.services.learning.skills import LevelPlan
from tests.factories import make_badge, make_course, make_credly_badge

NONE = LevelPlan(None)


def make_skill(actor, now, *plans, name: str = "Seamanship") -> Skill:
    plans = plans or (LevelPlan(3), LevelPlan(6))
    return skills.create(actor=actor, name=name, description="", plans=plans, now=now)


def refused(work, **values) -> tuple[str, str | None]:
    with pytest.raises(RuleBroken) as broken:
        work(**values)
    db.session.rollback()
    return broken.value.message.code, broken.value.field


def test_a_skill_has_its_levels_with_credits_and_badges(ada, now):
    badge = make_badge("Mate")
    skill = make_skill(ada, now, LevelPlan(3, badge), LevelPlan(6), NONE)
    assert [(one.level, one.credits, one.badge) for one in skill.levels] == [
        (1, 3, badge),
        (2, 6, None),
    ]


@pytest.mark.parametrize(
    ("plans", "code", "field"),
    [
        ((NONE, NONE, NONE), "skill_without_levels", "credits_1"),
        ((NONE, LevelPlan(2), NONE), "level_gap", "credits_1"),
        ((LevelPlan(1), NONE, LevelPlan(2)), "level_gap", "credits_2"),
        ((LevelPlan(0), NONE, NONE), "credits_wrong", "credits_1"),
    ],
)
def test_levels_that_make_no_sense_are_said_at_the_field(ada, now, plans, code, field):
    assert refused(lambda: make_skill(ada, now, *plans)) == (code, field)


def test_names_are_told_apart(ada, now):
    make_skill(ada, now, name="Seamanship")
    assert refused(lambda: make_skill(ada, now, name="seamanship"))[0] == "skill_name_taken"
    assert refused(lambda: make_skill(ada, now, name=" \u200b "))[0] == "skill_name_missing"


def test_an_archived_badge_is_refused_for_a_new_level_and_stays_at_an_old_one(app, ada, now):
    badge = make_credly_badge(app.extensions["means"], "Mate")
    skill = make_skill(ada, now, LevelPlan(3, badge))
    badge.template.state = "archived"
    db.session.commit()
    assert badge.id in {one for one, _name in skills.badges_on_offer([badge.id])}
    assert skills.badges_on_offer([]) == []
    same = {"name": "Sailing", "description": "", "plans": [LevelPlan(4, badge)], "now": now}
    skills.change(actor=ada, skill=skill, **same)
    assert skill.levels[0].credits == 4
    other = refused(lambda: make_skill(ada, now, LevelPlan(1, badge), name="Other"))
    assert other == ("badge_template_not_active", "badge_1")


def test_a_level_that_is_used_stays(ada, otto, now):
    skill, course = make_skill(ada, now), make_course(otto)
    rows = [SkillRow(skill.id, 2, 2)]
    course_skills.set_credits(actor=otto, course=course, rows=rows, now=now)
    same = {"name": "Seamanship", "description": "", "now": now}
    fewer = refused(skills.change, actor=ada, skill=skill, plans=[LevelPlan(3)] + [NONE], **same)
    assert fewer == ("skill_level_used", "credits_2")
    course_skills.set_credits(actor=otto, course=course, rows=[], now=now)
    skills.change(actor=ada, skill=skill, plans=[LevelPlan(3), NONE], **same)
    assert len(skill.levels) == 1


def test_only_a_retired_skill_that_nothing_uses_is_deleted(ada, otto, now):
    skill, course = make_skill(ada, now), make_course(otto)
    rows = [SkillRow(skill.id, 1, 2)]
    course_skills.set_credits(actor=otto, course=course, rows=rows, now=now)
    assert refused(skills.delete, actor=ada, skill=skill, now=now)[0] == "skill_not_retired"
    skills.retire(actor=ada, skill=skill, now=now)
    assert refused(skills.delete, actor=ada, skill=skill, now=now)[0] == "skill_used"
    course_skills.set_credits(actor=otto, course=course, rows=[], now=now)
    skills.delete(actor=ada, skill=skill, now=now)
    assert (db.session.query(Skill).count(), db.session.query(SkillLevel).count()) == (0, 0)


def test_a_skill_for_which_somebody_has_credits_is_not_deleted(ada, otto, lena, now):
    skill, course = make_skill(ada, now), make_course(otto)
    level = skill.levels[0].id
    who = {"learner_id": lena.id, "course_id": course.id, "skill_level_id": level}
    db.session.add(EarnedCredit(**who, credits=1, earned_at=now))
    skills.retire(actor=ada, skill=skill, now=now)
    assert refused(skills.delete, actor=ada, skill=skill, now=now)[0] == "skill_used"


@pytest.mark.parametrize(
    ("rows", "code", "field"),
    [
        ([(99, 1, 1)], "skill_unknown", "rows-0-skill"),
        ([(1, 1, 1), (1, 3, 1)], "level_unknown", "rows-1-level"),
        ([(1, 1, 1), (1, 1, 2)], "level_twice", "rows-1-level"),
        ([(1, 1, None)], "credits_wrong", "rows-0-credits"),
        ([(1, 1, 0)], "credits_wrong", "rows-0-credits"),
    ],
)
def test_rows_that_make_no_sense_are_said_at_their_field(ada, otto, now, rows, code, field):
    make_skill(ada, now)
    rows = [SkillRow(*row) for row in rows]
    course = make_course(otto)
    said = refused(course_skills.set_credits, actor=otto, course=course, rows=rows, now=now)
    assert said == (code, field)
    assert db.session.query(CourseCredit).count() == 0


def test_a_retired_skill_gets_no_new_rows_and_keeps_the_old_ones(ada, otto, now):
    skill, course, other = make_skill(ada, now), make_course(otto), make_course(otto, "Other")
    rows = [SkillRow(skill.id, 1, 2)]
    course_skills.set_credits(actor=otto, course=course, rows=rows, now=now)
    skills.retire(actor=ada, skill=skill, now=now)
    course_skills.set_credits(actor=otto, course=course, rows=rows, now=now)
    said = refused(course_skills.set_credits, actor=otto, course=other, rows=rows, now=now)
    assert said == ("skill_retired", "rows-0-skill")


def test_a_badge_of_a_skill_level_is_used(ada, now):
    badge = make_badge("Mate")
    assert (coverage.unused_badges(), coverage.levels_without_badge()) == (1, 0)
    skill = make_skill(ada, now, LevelPlan(3, badge), LevelPlan(5))
    assert (coverage.unused_badges(), coverage.levels_without_badge()) == (0, 1)
    assert [level.id for level in coverage.levels_of([badge.id])] == [skill.levels[0].id]


def test_credits_reach_those_who_are_through_only_when_asked(app, ada, otto, lena, now):
    skill, course = make_skill(ada, now, LevelPlan(2)), make_course(otto)
    completions.enrol(learner=lena, learning_object=course, now=now)
    completions.complete(learner=lena, course_id=course.id, now=now)
    give = {"actor": otto, "course": course, "rows": [SkillRow(skill.id, 1, 2)], "now": now}
    course_skills.set_credits(**give)
    assert not run_next(app.extensions["means"], now)
    course_skills.set_credits(**give, to_completed=True)
    while run_next(app.extensions["means"], now):
        continue
    assert db.session.query(ReachedLevel).one().learner_id == lena.id


def test_who_collected_enough_while_a_skill_was_retired_reaches_it_when_it_is_back(
    app, ada, otto, lena, now
):
    skill, course = make_skill(ada, now, LevelPlan(2)), make_course(otto)
    course_skills.set_credits(actor=otto, course=course, rows=[SkillRow(skill.id, 1, 2)], now=now)
    skills.retire(actor=ada, skill=skill, now=now)
    completions.enrol(learner=lena, learning_object=course, now=now)
    completions.complete(learner=lena, course_id=course.id, now=now)
    assert db.session.query(ReachedLevel).count() == 0
    skills.activate(actor=ada, skill=skill, now=now)
    while run_next(app.extensions["means"], now):
        continue
    assert db.session.query(ReachedLevel).one().learner_id == lena.id
