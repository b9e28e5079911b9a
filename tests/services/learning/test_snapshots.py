"""Changed requirements: kept for those who have begun, or applied to all in the background."""

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models import ApplyRun, ApplyState, Award, PathStep, ReachedLevel
from portal.services.learning import completions, enrolments, snapshots
from portal.services.learning.applying import run_next
from portal.services.learning.undo import undo
from tests.catalogues import give, make_path, make_skill
from tests.factories import make_badge, make_course, make_person


@pytest.fixture
def complete(now):
    """Somebody completes courses."""

    def done(learner, *courses):
        for course in courses:
            completions.enrol(learner=learner, learning_object=course, now=now)
            completions.complete(learner=learner, course_id=course.id, now=now)

    return done


@pytest.fixture
def courses(otto):
    """Two courses."""
    return [make_course(otto, title) for title in ("Knots", "Sails")]


@pytest.fixture
def path(otto, courses):
    """A path of both courses with a badge."""
    return make_path(otto, courses, badge=make_badge("Path"))


def drop_last_step(path):
    db.session.delete(path.sections[0].steps[-1])
    db.session.flush()
    db.session.refresh(path.sections[0])


def add_step(path, course):
    path.sections[0].steps.append(PathStep(learning_object_id=course.id, position=9))
    db.session.flush()


def is_done(learner, path) -> bool:
    return bool(enrolments.enrolment_of(learner, path).done)


def work(app, now, **how):
    while run_next(app.extensions["means"], now, **how):
        db.session.expire_all()


def test_who_has_begun_may_go_on_by_what_was_required(otto, lena, path, courses, complete, now):
    completions.enrol(learner=lena, learning_object=path, now=now)
    assert snapshots.started(path) == snapshots.Started(open=1, completed=0)
    before = snapshots.as_now(path)
    add_step(path, make_course(otto, "Tides"))
    assert snapshots.keeping(path) == 0
    snapshots.keep_for_started(path, before)
    db.session.commit()
    assert snapshots.keeping(path) == 1
    nils = make_person("Nils Newcomer")
    completions.enrol(learner=nils, learning_object=path, now=now)
    for learner in (lena, nils):
        complete(learner, *courses)
    assert is_done(lena, path)
    assert not is_done(nils, path)


def test_applied_to_all_whoever_fulfils_it_now_completes(
    app, otto, lena, path, courses, complete, now
):
    people = [lena, *(make_person(f"Learner {number}") for number in range(3))]
    for learner in people:
        completions.enrol(learner=learner, learning_object=path, now=now)
    for learner in people[:2]:
        complete(learner, courses[0])
    before = snapshots.as_now(path)
    drop_last_step(path)
    run = snapshots.apply_to_all(path, before, actor=otto, now=now)
    db.session.commit()
    assert not is_done(lena, path)
    work(app, now)
    assert [is_done(learner, path) for learner in people] == [True, True, False, False]
    assert (run.state, run.looked_at, run.completed) == (ApplyState.DONE, 4, 2)
    assert len(db.session.scalars(select(Award)).all()) == 2


def test_more_than_one_batch_is_worked_off(app, otto, path, now):
    for number in range(5):
        learner = make_person(f"Learner {number}")
        completions.enrol(learner=learner, learning_object=path, now=now)
    snapshots.apply_to_all(path, snapshots.as_now(path), actor=otto, now=now)
    db.session.commit()
    work(app, now, at_once=2)
    run = db.session.scalars(select(ApplyRun)).one()
    assert (run.state, run.looked_at) == (ApplyState.DONE, 5)


def test_who_is_through_keeps_what_was_required(app, otto, lena, path, courses, complete, now):
    completions.enrol(learner=lena, learning_object=path, now=now)
    complete(lena, *courses)
    before = snapshots.as_now(path)
    drop_last_step(path)
    snapshots.apply_to_all(path, before, actor=otto, now=now)
    db.session.commit()
    work(app, now)
    attempt = enrolments.enrolment_of(lena, courses[1])
    undone = undo(actor=otto, enrolment=attempt, reason="By mistake", now=now)
    assert [one.learning_object for one in undone.enrolments] == [courses[1], path]


def test_what_a_course_gives_by_now_is_handed_out(app, otto, lena, courses, complete, now):
    complete(lena, courses[0])
    skill = make_skill((5, make_badge("Able")))
    give(courses[0], skill.levels[0], 5)
    snapshots.hand_out(courses[0], actor=otto, now=now)
    db.session.commit()
    work(app, now)
    assert db.session.scalars(select(ReachedLevel)).one().learner_id == lena.id
    assert db.session.scalars(select(Award)).one().badge.name == "Able"


@pytest.mark.parametrize("applied", [True, False])
def test_a_level_that_takes_less_by_now(app, otto, lena, courses, complete, applied, now):
    skill = make_skill((9, make_badge("Able")))
    level = skill.levels[0]
    give(courses[0], level, 5)
    complete(lena, courses[0])
    assert snapshots.started_on_level(level) == snapshots.Started(open=1, completed=0)
    level.credits = 5
    if applied:
        snapshots.apply_level_to_all(level, 9, actor=otto, now=now)
    else:
        snapshots.keep_level_for_started(level, 9)
    db.session.commit()
    work(app, now)
    assert bool(db.session.scalars(select(ReachedLevel)).all()) is applied


def test_a_learner_whose_part_fails_is_named_and_the_others_get_theirs(
    app, otto, lena, path, courses, complete, now
):
    broken, other = make_person("Bo Broken"), make_path(otto, [courses[1]])
    people = (broken, lena)
    for person in people:
        completions.enrol(learner=person, learning_object=path, now=now)
        complete(person, courses[0])
    attempt = completions.enrol(learner=broken, learning_object=other, now=now)
    attempt.requirements = {"ordered": False, "sections": "not ours"}
    before = snapshots.as_now(path)
    drop_last_step(path)
    run = snapshots.apply_to_all(path, before, actor=otto, now=now)
    db.session.commit()
    while run_next(app.extensions["means"], now):
        pass
    db.session.expire_all()  # the run is written past its mapped class
    assert [is_done(one, path) for one in people] == [False, True]
    assert (run.state, run.looked_at, run.completed) == (ApplyState.DONE, 2, 1)
    assert snapshots.skipped_by(run) == [broken]
