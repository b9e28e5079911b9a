"""What one completion fulfils in turn: credits and levels, paths, certifications, once each."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    Criteria,
    EarnedCredit,
    Enrolment,
    IssuedBadge,
    Policy,
    ReachedLevel,
    SkillState,
)
from portal.services.learning import completions, enrolments
from portal.services.learning.chain import finish, lock_enrolment
from tests.catalogues import give, grant, make_certification, make_module, make_path, make_skill
from tests.factories import make_badge, make_course, make_credly_badge


@pytest.fixture
def enrol(lena, now):
    """Lena enrols on something."""

    def on(learning_object, at=now):
        return completions.enrol(learner=lena, learning_object=learning_object, now=at)

    return on


@pytest.fixture
def complete(lena, enrol, now):
    """Lena completes a course."""

    def done(course, at=now):
        enrol(course, at)
        completions.complete(learner=lena, course_id=course.id, now=at)
        return enrolments.enrolment_of(lena, course)

    return done


def badges_of(learner) -> set[str]:
    query = select(Award).filter_by(learner_id=learner.id, state=AwardState.EARNED)
    return {award.badge.name for award in db.session.scalars(query)}


def is_done(learner, learning_object) -> bool:
    return bool(enrolments.enrolment_of(learner, learning_object).done)


def test_the_last_course_completes_path_certification_and_level(otto, lena, enrol, complete):
    first, last = make_course(otto, "Knots"), make_course(otto, "Sails", badge=make_badge("Sails"))
    skill = make_skill((10, make_badge("Able")), (1, make_badge("Granted")))
    give(first, skill.levels[0], 5)
    give(last, skill.levels[0], 5)
    path = make_path(otto, [first], [last], badge=make_badge("Path"))
    grant(path, skill.levels[1])
    enrol(make_path(otto, [path], badge=make_badge("Around")))
    enrol(make_certification(otto, [first, last], badge=make_badge("Certified")))
    complete(first)
    assert badges_of(lena) == set()
    complete(last)
    assert badges_of(lena) == {"Sails", "Able", "Granted", "Path", "Around", "Certified"}


def test_only_who_is_enrolled_completes_a_path(otto, lena, complete):
    course = make_course(otto)
    make_path(otto, [course], badge=make_badge("Path"))
    complete(course)
    assert badges_of(lena) == set()


def test_who_withdrew_from_a_path_does_not_complete_it(otto, lena, enrol, complete):
    course = make_course(otto)
    path = make_path(otto, [course], badge=make_badge("Path"))
    enrol(path)
    completions.withdraw(learner=lena, learning_object=path)
    complete(course)
    assert badges_of(lena) == set()


def test_enrolling_counts_what_was_completed_earlier(otto, lena, enrol, complete):
    course = make_course(otto)
    path = make_path(otto, [course], badge=make_badge("Path"))
    complete(course)
    assert enrol(path).done
    assert badges_of(lena) == {"Path"}


def test_enough_of_each_section_is_enough(otto, lena, enrol, complete):
    courses = [make_course(otto, f"Course {number}") for number in range(4)]
    path = make_path(otto, (1, courses[:2]), (1, courses[2:]))
    enrol(path)
    complete(courses[0])
    complete(courses[1])
    assert not is_done(lena, path)
    complete(courses[3])
    assert is_done(lena, path)


def test_an_empty_path_is_never_completed(otto, lena, enrol):
    assert not enrol(make_path(otto, badge=make_badge())).done


def test_the_credits_of_a_course_count_once(otto, lena, complete, now):
    course = make_course(otto)
    skill = make_skill((10, make_badge("Able")))
    give(course, skill.levels[0], 6)
    attempt = complete(course)
    finish(attempt, at=now, now=now)
    again = Enrolment(learner=lena, learning_object=course, attempt=2, enrolled_at=now)
    db.session.add(again)
    finish(again, at=now, now=now)
    db.session.commit()
    assert [one.credits for one in db.session.scalars(select(EarnedCredit))] == [6]
    assert badges_of(lena) == set()


def test_levels_are_independent_of_each_other(otto, lena, complete):
    course = make_course(otto)
    skill = make_skill((5, make_badge("First")), (5, make_badge("Second")))
    give(course, skill.levels[1], 5)
    complete(course)
    assert badges_of(lena) == {"Second"}


def test_nobody_reaches_a_retired_skill_but_what_was_reached_stays(otto, lena, complete):
    course, other = make_course(otto), make_course(otto, "Another")
    skill = make_skill((5, make_badge("First")), (5, make_badge("Second")))
    give(course, skill.levels[0], 5)
    give(other, skill.levels[1], 5)
    complete(course)
    skill.state = SkillState.RETIRED
    db.session.commit()
    complete(other)
    assert badges_of(lena) == {"First"}
    assert [one.skill_level_id for one in db.session.scalars(select(ReachedLevel))] == [
        skill.levels[0].id
    ]


def test_completed_without_success_earns_nothing_and_may_be_tried_again(otto, lena, enrol, now):
    course = make_course(otto, badge=make_badge("Knots"))
    path = make_path(otto, [course], badge=make_badge("Path"))
    enrol(path)
    attempt = enrol(course)
    lock_enrolment(attempt)
    finish(attempt, at=now, now=now, success=False)
    db.session.commit()
    assert attempt.done
    assert badges_of(lena) == set()
    assert enrol(course).attempt == 2
    completions.complete(learner=lena, course_id=course.id, now=now)
    assert badges_of(lena) == {"Knots", "Path"}


def test_what_is_not_sent_by_choice_is_inherited(otto, lena, enrol, app, now):
    badge = make_credly_badge(app.extensions["means"])
    course = make_course(otto)
    enrol(make_path(otto, [course], badge=badge))
    finish(enrol(course), at=now, now=now, not_sent_because="history")
    db.session.commit()
    assert db.session.scalars(select(Award)).one().not_sent_because == "history"
    assert db.session.scalars(select(IssuedBadge)).all() == []


def test_a_path_is_completed_when_its_last_needed_part_was(otto, lena, enrol, complete, now):
    early, late = make_course(otto, "Early"), make_course(otto, "Late")
    path = make_path(otto, [early, late])
    enrol(path, now - timedelta(days=30))
    complete(late)
    complete(early, now - timedelta(days=9))
    assert enrolments.enrolment_of(lena, path).completed_at == now


def test_the_last_module_completes_the_course(otto, lena, enrol, now):
    course = make_course(otto, badge=make_badge("Knots"), criteria=Criteria.SOME, needed=2)
    modules = [make_module(course) for _number in range(3)]
    enrol(course)
    with pytest.raises(RuleBroken):
        completions.complete(learner=lena, course_id=course.id, now=now)
    for module in modules[:2]:
        assert badges_of(lena) == set()
        completions.mark_done(learner=lena, course=course, module=module, now=now)
    assert badges_of(lena) == {"Knots"}


def test_only_chosen_modules_are_needed(otto, lena, enrol, now):
    course = make_course(otto, criteria=Criteria.CHOSEN)
    make_module(course, required=False)
    chosen = make_module(course)
    enrol(course)
    completions.mark_done(learner=lena, course=course, module=chosen, now=now)
    assert is_done(lena, course)


def test_a_module_can_be_taken_back_while_the_course_is_open(otto, lena, enrol, now):
    course = make_course(otto)
    first, second = make_module(course), make_module(course)
    enrol(course)
    completions.mark_done(learner=lena, course=course, module=first, now=now)
    completions.take_back_done(learner=lena, course=course, module=first)
    completions.mark_done(learner=lena, course=course, module=second, now=now)
    assert not is_done(lena, course)


@pytest.mark.parametrize("policy", [Policy.EVIDENCE, Policy.STAFF])
def test_what_others_decide_no_learner_completes(otto, lena, enrol, policy, now):
    course = make_course(otto, policy=policy)
    module = make_module(course)
    enrol(course)
    completions.mark_done(learner=lena, course=course, module=module, now=now)
    assert not is_done(lena, course)
    with pytest.raises(RuleBroken):
        completions.complete(learner=lena, course_id=course.id, now=now)
