"""A course on its learner's page: enrol, complete, withdraw."""

import pytest

from portal.extensions import db
from portal.models import BadgeState, Enrolment, ObjectState
from portal.services.learning import completions
from tests.factories import make_badge, make_course, make_credly_badge

TO_CREDLY = "your first name, last name and e-mail address go to Credly"


@pytest.fixture
def reader(browser, lena):
    """Lena's browser."""
    return browser.sign_in(lena)


def complete(reader, course):
    at = f"/learner/courses/{course.id}"
    reader.post(f"{at}/enrol", page=at)
    return reader.follow(reader.post(f"{at}/complete", page=at))


def test_a_learner_enrols_and_completes(reader, otto):
    page = complete(reader, make_course(otto, badge=make_badge("Rope badge")))
    assert "Well done!" in page
    assert "You have earned the badge Rope badge." in page
    assert "See your badge" in page


def test_who_enrols_hears_first_what_goes_to_credly(reader, otto, app):
    badge = make_credly_badge(app.extensions["means"])
    assert TO_CREDLY in reader.get(f"/learner/courses/{make_course(otto, badge=badge).id}")


def test_a_badge_of_the_portal_alone_sends_nothing_to_credly(reader, otto):
    course = make_course(otto, badge=make_badge())
    page = reader.get(f"/learner/courses/{course.id}")
    assert TO_CREDLY not in page
    assert "Not earned yet: enrol and complete this course." in page


def test_a_retired_badge_says_that_none_is_given_and_who_is_told(reader, otto):
    page = complete(reader, make_course(otto, badge=make_badge(state=BadgeState.RETIRED)))
    assert "so no badge was given" in page
    assert "Its authors and the administrators are told" in page


def test_a_badge_that_one_has_already_reads_already_held(reader, otto):
    badge = make_badge()
    complete(reader, make_course(otto, "Knots", badge=badge))
    assert "Already held" in complete(reader, make_course(otto, "More knots", badge=badge))


def test_completing_without_enrolment_is_refused_in_words(reader, otto):
    at = f"/learner/courses/{make_course(otto).id}"
    assert "Enrol first." in reader.follow(reader.post(f"{at}/complete", page=at))


def test_withdrawing_asks_first(reader, lena, otto, now):
    course = make_course(otto, "Knots")
    completions.enrol(learner=lena, learning_object=course, now=now)
    at = f"/learner/courses/{course.id}/withdraw"
    assert "Withdraw from Knots" in reader.get(at)
    assert reader.submit(at).location == "/learner/catalogue"
    assert db.session.query(Enrolment).one().state == "withdrawn"


def test_there_is_no_withdrawing_from_what_is_done(reader, otto):
    course = make_course(otto)
    complete(reader, course)
    page = reader.follow(reader.get(f"/learner/courses/{course.id}/withdraw", expect=302))
    assert "nothing to withdraw from" in page


def test_the_external_address_opens_apart_and_learns_nothing(reader, otto):
    course = make_course(otto, external_url="https://example.org/knots")
    page = reader.get(f"/learner/courses/{course.id}")
    link = 'href="https://example.org/knots" target="_blank" rel="noopener noreferrer"'
    assert link in page


def test_a_draft_does_not_exist_for_learners(reader, otto):
    draft = make_course(otto, state=ObjectState.DRAFT)
    reader.get(f"/learner/courses/{draft.id}", expect=404)


def test_a_retired_course_does_not_exist_for_who_is_not_on_it(reader, otto):
    old = make_course(otto, state=ObjectState.RETIRED)
    reader.get(f"/learner/courses/{old.id}", expect=404)


def test_scripts_in_the_content_stay_words(reader, otto):
    course = make_course(otto, content="<img src=x onerror=alert(1)><script>alert(2)</script>")
    html = reader.client.get(f"/learner/courses/{course.id}").get_data(as_text=True)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
