"""The catalogue."""

from portal.models import ObjectState
from portal.services.learning import completions
from tests.factories import make_badge, make_course


def test_an_empty_catalogue_says_so(browser, lena):
    assert "Nothing is published yet" in browser.sign_in(lena).get("/learner/catalogue")


def test_only_published_courses_are_found(browser, lena, otto):
    make_course(otto, "Knots", badge=make_badge("Rope badge"))
    make_course(otto, "Hidden draft", state=ObjectState.DRAFT)
    make_course(otto, "Old thing", state=ObjectState.RETIRED)
    page = browser.sign_in(lena).get("/learner/catalogue")
    assert "Badge: Rope badge" in page
    assert ">Enrol</a>" in page
    assert "Hidden draft" not in page
    assert "Old thing" not in page


def test_search_and_kind_narrow_it_and_nonsense_does_no_harm(browser, lena, otto):
    make_course(otto, "Knots")
    make_course(otto, "Sails")
    browser.sign_in(lena)
    assert "Sails" not in browser.get("/learner/catalogue?q=knot&kind=course")
    assert "Nothing fits" in browser.get("/learner/catalogue?kind=certification")
    assert "Sails" in browser.get("/learner/catalogue?kind=zzz&page=0x1")


def test_a_card_shows_how_far_one_is(browser, lena, otto, now):
    course = make_course(otto, "Knots")
    completions.enrol(learner=lena, learning_object=course, now=now)
    page = browser.sign_in(lena).get("/learner/catalogue")
    assert "Enrolled" in page
    assert ">Continue</a>" in page
