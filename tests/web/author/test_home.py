"""The list of an author's learning objects."""

import re

from portal.extensions import db
from portal.models import Enrolment, EnrolmentState, ObjectState
from tests.factories import make_badge, make_course, make_person


def test_an_author_with_nothing_hears_what_to_do_first(browser, otto):
    page = browser.sign_in(otto).get("/author/")
    assert "<h1>My learning objects</h1>" in page
    assert "Write the first course" in page


def test_the_list_shows_state_badge_and_owners(browser, otto):
    make_course(otto, "Knots for beginners", badge=make_badge("Rope badge"))
    page = browser.sign_in(otto).get("/author/")
    for words in ("Knots for beginners", "Published", "Rope badge", "Otto Author"):
        assert words in page


def test_the_list_says_how_many_have_completed(browser, otto):
    course = make_course(otto, "Knots")
    for state in (EnrolmentState.COMPLETED, EnrolmentState.ENROLLED, EnrolmentState.WITHDRAWN):
        learner = make_person("Lena Learner")
        values = {"learner_id": learner.id, "learning_object_id": course.id}
        db.session.add(Enrolment(state=state, success=True, **values))
    db.session.commit()
    assert "1 of 2 (50%)" in browser.sign_in(otto).get("/author/")


def test_search_and_state_narrow_the_list(browser, otto):
    make_course(otto, "Knots")
    make_course(otto, "Sails", state=ObjectState.DRAFT)
    browser.sign_in(otto)
    assert "Sails" not in browser.get("/author/?q=knot")
    assert "Knots" not in browser.get("/author/?state=draft")
    assert "Nothing fits your search" in browser.get("/author/?q=knot&state=draft")


def test_the_list_is_sorted_by_change_or_by_title(browser, otto):
    for title in ("ropes", "Anchor", "Knots"):
        make_course(otto, title)
    browser.sign_in(otto)
    by_change, by_title = ["Knots", "Anchor", "ropes"], ["Anchor", "Knots", "ropes"]
    for sort, titles in (("", by_change), ("title", by_title)):
        page = browser.get(f"/author/?sort={sort}")
        assert re.findall(r"/author/courses/\d+\">(\w+)</a>", page) == titles, sort


def test_nonsense_in_the_address_does_no_harm(browser, otto):
    make_course(otto, "Knots")
    browser.sign_in(otto)
    assert "Knots" in browser.get("/author/?page=-9%00&state=zzz")
    browser.get("/author/?q=" + "x" * 5000)


def test_another_authors_course_is_not_in_the_list(browser, otto):
    make_course(make_person("Another Author", roles={"author"}), "Secret")
    assert "Secret" not in browser.sign_in(otto).get("/author/")


def test_a_learner_stays_outside(browser, lena):
    browser.sign_in(lena).get("/author/", expect=403)
