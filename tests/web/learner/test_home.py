"""The learner's first page."""

from portal.services.learning import completions
from tests.factories import earn, make_badge, make_course


def test_who_begins_is_invited_to_the_catalogue(browser, lena):
    page = browser.sign_in(lena).get("/learner/")
    assert "<h1>Home</h1>" in page
    assert "Find a course" in page


def test_home_shows_what_is_begun_and_the_newest_badges(browser, otto, lena, now):
    completions.enrol(learner=lena, learning_object=make_course(otto, "Sails"), now=now)
    earn(lena, make_badge("Rope badge"))
    page = browser.sign_in(lena).get("/learner/")
    assert "Sails" in page
    assert "Rope badge" in page


def test_somebody_elses_badges_are_not_shown(browser, lena, otto):
    earn(otto, make_badge("Rope badge"))
    assert "Rope badge" not in browser.sign_in(lena).get("/learner/")
