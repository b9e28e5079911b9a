"""Many requests at the same moment: each thing is completed, reached and awarded once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from portal.extensions import db
from portal.models import (
    Award,
    Certification,
    Course,
    Delivery,
    EarnedCredit,
    Enrolment,
    IssuedBadge,
    LearningObject,
    Module,
    Person,
    ReachedLevel,
)
from portal.services.learning import completions
from tests.catalogues import give, make_certification, make_module, make_path, make_skill
from tests.factories import make_badge, make_course, make_credly_badge

WEEK = timedelta(days=7)


@pytest.fixture
def at_once(app, lena):
    """Let Lena do the same at the same moment, each time as a request of its own."""
    learner_id = lena.id

    def run(deeds):
        db.session.remove()
        gate = Barrier(len(deeds))

        def one(deed):
            gate.wait()
            with app.app_context():
                deed(db.session.get_one(Person, learner_id))

        with ThreadPoolExecutor(len(deeds)) as pool:
            list(pool.map(one, deeds))

    return run


def count(table, **values) -> int:
    return db.session.scalar(select(func.count()).select_from(table).filter_by(**values))


def complete(course_id, now):
    def deed(learner):
        course = db.session.get_one(Course, course_id)
        completions.complete(learner=learner, course_id=course.id, now=now)

    return deed


def test_two_last_courses_at_once_complete_everything_once(app, otto, lena, at_once, now):
    knots = make_credly_badge(app.extensions["means"])
    courses = [make_course(otto, title) for title in ("Knots", "Sails")]
    skill = make_skill((6, make_badge("Able")))
    for course in courses:
        give(course, skill.levels[0], 3)
    path = make_path(otto, courses, badge=knots)
    around = make_path(otto, [path], badge=make_badge("Around"))
    certification = make_certification(otto, courses, badge=knots)
    for one in (*courses, around, certification):
        completions.enrol(learner=lena, learning_object=one, now=now)
    at_once([complete(course.id, now) for course in courses])
    assert (count(IssuedBadge), count(Delivery), count(ReachedLevel)) == (1, 1, 1)
    assert count(Award) == 4
    assert count(Enrolment, success=True) == 5


def test_twenty_requests_are_one_completion(otto, lena, at_once, now):
    course = make_course(otto, badge=make_badge())
    skill = make_skill((1, make_badge()))
    give(course, skill.levels[0], 1)
    completions.enrol(learner=lena, learning_object=course, now=now)
    at_once([complete(course.id, now)] * 20)
    assert (count(Award), count(EarnedCredit), count(ReachedLevel)) == (2, 1, 1)


def test_enrolling_twenty_times_at_once_is_one_attempt(otto, lena, at_once, now):
    course = make_course(otto)
    completions.enrol(learner=lena, learning_object=course, now=now)
    completions.complete(learner=lena, course_id=course.id, now=now)
    path_id = make_path(otto, [course], badge=make_badge()).id

    def deed(learner):
        path = db.session.get_one(LearningObject, path_id)
        completions.enrol(learner=learner, learning_object=path, now=now)

    at_once([deed] * 20)
    assert (count(Enrolment, learning_object_id=path_id), count(Award)) == (1, 1)


def test_the_last_two_modules_at_once_complete_the_course_once(otto, lena, at_once, now):
    course = make_course(otto, badge=make_badge())
    modules = [make_module(course).id for _number in range(2)]
    course_id = course.id
    completions.enrol(learner=lena, learning_object=course, now=now)

    def mark(module_id):
        def deed(learner):
            course, module = (
                db.session.get_one(Course, course_id),
                db.session.get_one(Module, module_id),
            )
            completions.mark_done(learner=learner, course=course, module=module, now=now)

        return deed

    at_once([mark(one) for one in modules * 3])
    assert (count(Enrolment, success=True), count(Award)) == (1, 1)


def test_a_renewal_that_is_begun_ten_times_begins_once(otto, lena, at_once, now):
    course = make_course(otto)
    certification_id = make_certification(otto, [course], validity_months=1, renewal_days=60).id
    for one in (db.session.get_one(Certification, certification_id), course):
        completions.enrol(learner=lena, learning_object=one, now=now)
    completions.complete(learner=lena, course_id=course.id, now=now)

    def deed(learner):
        certification = db.session.get_one(Certification, certification_id)
        completions.renew(learner=learner, certification=certification, now=now + WEEK)

    at_once([deed] * 10)
    assert count(Enrolment, learning_object_id=certification_id) == 2
