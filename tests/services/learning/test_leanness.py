"""How much is asked of the database by a completion: little, and no more the more hangs on it."""

import pytest
from sqlalchemy import Engine, event

from portal.extensions import db
from portal.models import Award, Course, Person
from portal.services.learning import completions
from portal.services.learning.earlier_running import Pace, work_on
from tests.catalogues import give, make_certification, make_path, make_skill
from tests.factories import make_badge, make_course, make_credly_badge
from tests.page import Browser
from tests.services.learning.earlier_desk import Desk

# What product owners ask of the POST in all: session, person, course and commit included.
MOST_OF_A_POST = 14


@pytest.fixture
def counted():
    """Statements since the last look, without those that only begin and end."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def test_completing_a_course_with_a_badge_takes_few_statements(app, otto, lena, now, counted):
    course = make_course(otto, badge=make_credly_badge(app.extensions["means"]))
    completions.enrol(learner=lena, learning_object=course, now=now)
    browser = Browser(app).sign_in(lena)
    page = f"/learner/courses/{course.id}"
    token = browser.token_of(page)
    counted.clear()
    browser.send(f"{page}/complete", expect=302, csrf_token=token)
    assert len(counted) <= MOST_OF_A_POST, "\n".join(counted)


def _web_of(otto, size: int):
    """A course on which so many paths, certifications and skill levels hang, each with a badge."""
    course = make_course(otto, f"Course for {size}", badge=make_badge())
    things = []
    for _number in range(size):
        things.append(make_path(otto, [course], badge=make_badge()))
        things.append(make_certification(otto, [course], badge=make_badge()))
        give(course, make_skill((1, make_badge())).levels[0], 1)
    return course, things


def _statements(learner: Person, course, things, now, counted) -> int:
    for one in (*things, course):
        completions.enrol(learner=learner, learning_object=one, now=now)
    ids = learner.id, course.id
    # What the garbage collector has not met yet is not asked for again: begin with nothing.
    db.session.expunge_all()
    learner, course = db.session.get_one(Person, ids[0]), db.session.get_one(Course, ids[1])
    counted.clear()
    completions.complete(learner=learner, course_id=course.id, now=now)
    # A row is a row: SQLite takes new ones that are given an id one by one.
    return len([one for one in counted if not one.startswith("INSERT")])


def test_no_more_is_asked_when_more_hangs_on_it(otto, lena, now, counted):
    few, many = (_statements(lena, *_web_of(otto, size), now, counted) for size in (2, 12))
    assert many == few


def _statements_of_a_run(desk, people: int, counted) -> int:
    for number in range(people):
        desk.completed(f"Eva Earlier-{people}-{number}")
    desk.start()
    db.session.expunge_all()
    counted.clear()
    assert work_on(desk.world.means, desk.now, Pace())
    return len([one for one in counted if not one.startswith("INSERT")])


def test_awarding_earlier_completions_asks_no_more_for_more_people(world, counted):
    few = _statements_of_a_run(Desk(world), 2, counted)
    many = _statements_of_a_run(Desk(world), 12, counted)
    assert many == few, "\n".join(counted)
    assert len(db.session.scalars(db.select(Award)).all()) == 14
