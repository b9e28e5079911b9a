"""The pages of *Why?*: for administrators, owners and learners; every finding has its sentences."""

import pytest

from portal.extensions import db
from portal.models import Award, Enrolment
from portal.services.learning import completions
from portal.services.learning.why_trail import Deed
from portal.services.learning.why_ways import Finding
from portal.web import why_events, why_words
from tests.factories import make_badge, make_course, make_person


@pytest.fixture
def issued(world):
    """Lena's badge, issued at Credly."""
    world.complete()
    world.work()
    return db.session.scalars(db.select(Award)).one()


def test_every_finding_can_be_said_to_everybody():
    for said in (why_words._PILLS, why_words._STAFF, why_words._LEARNER):
        assert set(said) == set(Finding)
    for said in (why_events._BY, why_events._PLAIN):
        assert set(said) == set(Deed)


def test_an_administrator_comes_to_it_from_everywhere(browser, world, issued, ada):
    browser.sign_in(ada)
    here = f"/admin/why/{world.lena.id}/{world.badge.id}"
    for path in (f"/admin/people/{world.lena.id}", f"/admin/awards/{issued.id}"):
        assert here in browser.get(path)
    assert here in browser.get(f"/admin/deliveries/{world.delivery_of(world.lena).id}")
    assert f"/admin/why/badges/{world.badge.id}" in browser.get(f"/admin/badges/{world.badge.id}")
    assert here in browser.get(f"/admin/why/badges/{world.badge.id}")
    assert here in browser.get(f"/admin/why/people/{world.lena.id}")
    assert "No badge matches" in browser.get(f"/admin/why/people/{world.lena.id}?q=zzz")
    assert "Nobody matches" in browser.get(f"/admin/why/badges/{world.badge.id}?q=zzz")


def test_an_administrator_reads_the_answer_the_way_and_the_trail(browser, world, issued, ada):
    page = browser.sign_in(ada).get(f"/admin/why/{world.lena.id}/{world.badge.id}")
    assert "They earned it and it was issued at Credly. They have not accepted it." in page
    assert "Knots for beginners was completed." in page
    assert "Credly issued the badge." in page
    assert f"/admin/awards/{issued.id}" in page


def test_what_somebody_would_have_to_do(browser, world, ada):
    nora = make_person("Nora Newcomer")
    page = browser.sign_in(ada).get(f"/admin/why/{nora.id}/{world.badge.id}")
    assert "They would get the badge by completing it." in page
    assert "The learner marks it as complete." in page
    page = browser.get(f"/admin/why/{nora.id}/{make_badge('Unused').id}")
    assert "Nothing gives this badge" in page


def test_what_holds_it_is_named_with_the_way_out(browser, world, ada):
    world.lena.first_name = "?"
    db.session.commit()
    world.complete()
    page = browser.sign_in(ada).get(f"/admin/why/{world.lena.id}/{world.badge.id}")
    assert "The name cannot stand on a badge." in page
    assert "Correct the name" in page
    page = browser.sign_in(world.lena).get(f"/learner/why/{world.badge.id}")
    assert "Write your name" in page


def test_an_owner_reads_it_without_the_calls(browser, world, issued):
    browser.sign_in(world.otto)
    here = f"/author/why/{world.course.id}/{world.lena.id}"
    assert here in browser.get(f"/author/courses/{world.course.id}")
    page = browser.get(here)
    assert "They have not accepted it." in page
    assert "/admin/" not in page
    browser.get(f"/author/why/{world.course.id}/{make_person().id}", expect=404)
    browser.sign_in(make_person("Another Author", roles={"author"})).get(here, expect=404)


def test_a_learner_reads_it_in_plain_words(browser, world, issued):
    browser.sign_in(world.lena)
    here = f"/learner/why/{world.badge.id}"
    assert here in browser.get(f"/learner/badges/{issued.id}")
    page = browser.get(here)
    assert "Credly has issued it and waits for you to accept it." in page
    assert f"/learner/badges/{issued.id}" in page
    assert "/admin/" not in page
    browser.get(f"/learner/why/{make_badge('Hidden').id}", expect=404)


def test_a_learner_is_told_what_is_theirs_to_do(browser, otto, lena, now):
    course = make_course(otto, "Knots", badge=make_badge("Rope Hand"))
    completions.enrol(learner=lena, learning_object=course, now=now)
    page = browser.sign_in(lena).get(f"/learner/why/{course.badge_id}")
    assert "You mark it as complete yourself." in page
    assert "The learner" not in page


def test_completed_before_it_had_the_badge_leads_to_earlier_completions(browser, otto, lena, now):
    course, badge = make_course(otto), make_badge()
    completions.enrol(learner=lena, learning_object=course, now=now)
    completions.complete(learner=lena, course_id=course.id, now=now)
    course.badge = badge
    db.session.commit()
    page = browser.sign_in(otto).get(f"/author/why/{course.id}/{lena.id}")
    assert f"/author/earlier-completions/objects/{course.id}?q={lena.email}" in page.replace(
        "%40", "@"
    )
    assert db.session.scalars(db.select(Enrolment)).one().done
