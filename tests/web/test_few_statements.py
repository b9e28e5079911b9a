"""The pages that learners open most ask the database few times; performance.md says how few."""

import pytest
from sqlalchemy import event

from portal.extensions import db
from portal.services.learning import completions
from tests.factories import (
    earn,
    make_badge,
    make_connection,
    make_course,
    make_credly_badge,
    make_template,
)


@pytest.fixture
def asked(app, browser, lena):
    """How many statements a request of Lena's makes."""
    browser.sign_in(lena)
    token = browser.token_of("/learner/profile")

    def count(method, path):
        seen = []
        hook = ("before_cursor_execute", lambda *given: seen.append(given[2]))
        db.session.remove()
        event.listen(db.engine, *hook)
        answer = browser.client.open(path, method=method, data={"csrf_token": token})
        event.remove(db.engine, *hook)
        assert answer.status_code in {200, 302}
        return len(seen)

    return count


@pytest.fixture
def course(app, otto, lena, now):
    """A course with a badge of Credly's, on which Lena is."""
    template = make_template(make_connection(app.extensions["means"]))
    course = make_course(otto, badge=make_badge(template=template))
    completions.enrol(learner=lena, learning_object=course, now=now)
    return course


def test_who_asks_is_read_once(asked):
    """The session brings the reader and their roles along, in one statement."""
    assert asked("GET", "/learner/") <= 3
    assert asked("GET", "/learner/catalogue") <= 3


def test_my_badges_are_few_statements_however_many_they_are(app, asked, lena):
    for name in ("Knots", "Ropes", "Tides"):
        earn(lena, make_credly_badge(app.extensions["means"], name), state="pending")
    assert asked("GET", "/learner/badges") <= 8


def test_a_completion_with_all_that_hangs_on_it_is_few_statements(asked, course):
    locking = db.engine.dialect.name != "sqlite"  # which has one writer
    assert asked("POST", f"/learner/courses/{course.id}/complete") <= 8 + locking
