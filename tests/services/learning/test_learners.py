"""The learners of an object: page by page, and what each attempt of theirs earned."""

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models import AwardState, Enrolment
from portal.services import slices
from portal.services.learning import completions, learners
from portal.services.slices import END, START
from tests.factories import make_course, make_person
from tests.renewals import YEAR, Renewal


@pytest.fixture
def course(otto, now):
    """Thirty people, three of whom have one name, and one of whom is on it a second time."""
    course = make_course(otto, "Knots")
    for number in range(27):
        completions.enrol(
            learner=make_person(f"Åke Number{number:02}"), learning_object=course, now=now
        )
    for number in range(3):
        same = make_person("Åke Number13", email=f"same{number}@example.org")
        completions.enrol(learner=same, learning_object=course, now=now)
    twice = dict(learner_id=same.id, learning_object_id=course.id, attempt=2, enrolled_at=now)
    db.session.add(Enrolment(**twice))
    make_person("Åke Number14")  # who is on nothing
    db.session.commit()
    return course


def walk(course, now, place, way, q=""):
    found = []
    while place is not None:
        at = learners.list_of(course, q=q, standing="", group_id=0, now=now, place=place)
        rows = [(one.learner.last_name, one.learner_id, -one.attempt) for one in at.rows]
        found = found + rows if way == "next" else rows + found
        assert at.total == (31 if not q else 5)
        place = getattr(at, way)
    return found


@pytest.mark.parametrize("many", [1000, 0], ids=["gathered", "walked by name"])
def test_everybody_is_on_one_page_and_the_newest_attempt_stands_first(
    course, now, monkeypatch, many
):
    monkeypatch.setattr(slices, "MOST_FOUND", many)
    forwards = walk(course, now, START, "next")
    assert forwards == sorted(set(forwards))
    assert len(forwards) == 31
    back = walk(course, now, END, "previous")  # and a whole first page, which overlaps
    assert (back[:25], back[25:]) == (forwards[:25], forwards[-25:])
    assert len(walk(course, now, START, "next", q="number13")) == 5


def test_each_attempt_has_what_it_earned_itself(world, browser):
    renewal = Renewal(world)
    first, second = renewal.first(), renewal.renew(world.now + YEAR)
    old, new = renewal.awards()
    new.state = AwardState.REVOKED
    db.session.commit()
    both = learners.awards_of(renewal.certification, [second, first])
    assert both == {first.id: old, second.id: new}
    assert learners.awards_of(renewal.certification, [first]) == {first.id: old}
    at = f"/author/certifications/{renewal.certification.id}"
    for address in (at, f"{at}/learners"):
        page = browser.sign_in(world.otto).get(address)
        assert page.count("Revoked") == page.count("On its way to Credly") == 1
    rows = browser.post(f"{at}/learners/learners.csv", page=at, expect=200).splitlines()[1:]
    assert [row.rpartition(",")[2] for row in rows] == ['"On its way to Credly"', '"Revoked"']


def test_what_was_undone_and_completed_again_keeps_its_award(world):
    """A day that was corrected does not part the attempt from what it earned."""
    renewal = Renewal(world)
    first = renewal.first()
    first.completed_at = world.now + YEAR
    db.session.commit()
    assert learners.awards_of(renewal.certification, [first]) == {first.id: renewal.awards()[0]}


def test_who_leaves_while_one_pages_moves_nobody(course, now):
    asked = {"q": "", "standing": "", "group_id": 0, "now": now}
    first = learners.list_of(course, **asked)
    gone = first.rows[3]
    db.session.delete(gone)
    db.session.commit()
    rest = learners.list_of(course, place=first.next, **asked)
    ids = [one.id for one in (*first.rows, *rest.rows)]
    assert len(ids) == len(set(ids)) == 31
    assert set(db.session.scalars(select(Enrolment.id))) == set(ids) - {gone.id}
