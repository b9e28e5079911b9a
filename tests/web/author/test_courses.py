"""Courses on their authors' pages: written, given a badge, published, retired."""

import re

import pytest

from portal.extensions import db
from portal.models import BadgeState, ConnectionState, Course, ObjectState
from portal.services.learning import completions
from tests.factories import (
    make_badge,
    make_course,
    make_credly_badge,
    make_person,
)

WRITTEN = {"title": "Knots", "description": "Rope.", "content": "**Hold**", "external_url": ""}


@pytest.fixture
def writer(browser, otto):
    """Otto's browser."""
    return browser.sign_in(otto)


def the_course() -> Course:
    return db.session.query(Course).one()


def test_a_course_is_written_and_stays_a_draft(writer):
    page = writer.follow(writer.submit("/author/courses/new", **WRITTEN))
    assert "<h1>Knots</h1>" in page
    assert "Draft" in page
    assert "saved as a draft" in page


def test_a_course_without_a_title_is_said_at_the_field(writer):
    page = writer.submit("/author/courses/new", expect=200, **{**WRITTEN, "title": " "})
    assert 'id="title-error-1"' in page
    assert "**Hold**" in page


def test_an_address_that_is_none_is_said_at_the_field(writer):
    wrong = {**WRITTEN, "external_url": "javascript:alert(1)"}
    page = writer.submit("/author/courses/new", expect=200, **wrong)
    assert 'id="external_url-error-1"' in page


@pytest.mark.parametrize(("field", "length"), [("title", 511), ("content", 100_001)])
def test_what_is_too_long_is_said_at_the_field(writer, field, length):
    page = writer.submit("/author/courses/new", expect=200, **{**WRITTEN, field: "x" * length})
    assert f'id="{field}-error-1"' in page


def test_a_preview_shows_the_content_and_saves_nothing(writer):
    page = writer.submit("/author/courses/new", expect=200, preview="1", **WRITTEN)
    assert "<strong>Hold</strong>" in page
    assert db.session.query(Course).count() == 0


def test_scripts_in_a_course_stay_words(writer, otto):
    bad = "<script>alert(1)</script>"
    course = make_course(otto, bad, description=bad, content=f"{bad}\n\n[x](javascript:alert(1))")
    html = writer.client.get(f"/author/courses/{course.id}").get_data(as_text=True)
    assert "<script>alert" not in html
    assert 'href="javascript' not in html


def test_an_edit_is_saved(writer, otto):
    course = make_course(otto, "Knot")
    writer.submit(f"/author/courses/{course.id}/edit", **WRITTEN)
    assert the_course().title == "Knots"


def test_a_badge_is_chosen_by_its_picture(writer, otto):
    course, badge = make_course(otto), make_badge("Rope badge")
    at = f"/author/courses/{course.id}"
    assert f'value="{badge.id}"' in writer.get(at)
    writer.post(f"{at}/badge", page=at, badge=badge.id)
    assert the_course().badge_id == badge.id


def test_the_badge_that_is_attached_stands_first_in_the_picker(writer, otto):
    make_badge("Anchor"), make_badge("Buoy")
    course = make_course(otto, "Knots", badge=make_badge("Zenith"))
    page = writer.get(f"/author/courses/{course.id}")
    assert page.index(">Zenith<") < page.index(">Anchor<") < page.index(">Buoy<")
    assert page.count('<span class="choice-name">Zenith<') == 1


def test_the_picker_is_found_by_its_label(writer, otto):
    page = writer.get(f"/author/courses/{make_course(otto).id}")
    assert re.search(r'<fieldset id="badge"[^>]* aria-labelledby="badge-label"', page)
    assert re.search(r'<legend[^>]* id="badge-label">Badge</legend>', page)


def test_a_badge_is_taken_off(writer, otto):
    course = make_course(otto, badge=make_badge())
    at = f"/author/courses/{course.id}"
    writer.post(f"{at}/badge", page=at, badge=0)
    assert the_course().badge_id is None


@pytest.mark.parametrize("badge", ["", "x", "-1", "99999999999999999999"])
def test_a_choice_that_is_none_is_said_at_the_field(writer, otto, badge):
    course = make_course(otto)
    at = f"/author/courses/{course.id}"
    page = writer.post(f"{at}/badge", page=at, expect=200, badge=badge)
    assert 'id="badge-error-1"' in page


def test_a_badge_that_was_retired_meanwhile_is_said_at_the_field(writer, otto):
    course, badge = make_course(otto), make_badge(state=BadgeState.RETIRED)
    at = f"/author/courses/{course.id}"
    page = writer.post(f"{at}/badge", page=at, expect=200, badge=badge.id)
    assert 'id="badge-error-1"' in page


def test_searching_for_a_badge_keeps_the_present_one_on_offer(writer, otto):
    course = make_course(otto, badge=make_badge("Rope badge"))
    make_badge("Sail badge")
    page = writer.get(f"/author/courses/{course.id}?q=zzz")
    assert "Rope badge" in page
    assert "Sail badge" not in page
    assert "No badge fits your search" in page


def test_an_archived_badge_is_not_on_offer_and_the_present_one_stays(writer, otto, app):
    archived = make_credly_badge(app.extensions["means"], "Archived badge", state="archived")
    other, mine = make_course(otto, "Other"), make_course(otto, "Mine", badge=archived)
    assert "Archived badge" not in writer.get(f"/author/courses/{other.id}")
    at = f"/author/courses/{mine.id}"
    assert f'value="{archived.id}" checked' in writer.get(at)
    writer.post(f"{at}/badge", page=at, badge=archived.id)
    page = writer.post(f"/author/courses/{other.id}/badge", page=at, expect=200, badge=archived.id)
    assert 'id="badge-error-1"' in page


def test_publishing_says_what_stands_in_the_way_and_who_can_help(writer, otto, app):
    badge = make_credly_badge(app.extensions["means"])
    badge.connection.state = ConnectionState.PAUSED
    course = make_course(otto, badge=badge, state=ObjectState.DRAFT)
    at = f"/author/courses/{course.id}"
    page = writer.follow(writer.post(f"{at}/publish", page=at))
    assert "Published. Learners find it" in page
    assert page.count("an administrator can resume it") == 1
    assert the_course().state is ObjectState.PUBLISHED


def test_the_page_says_how_long_badges_are_held_and_leads_to_what_learners_see(writer, otto, app):
    badge = make_credly_badge(app.extensions["means"])
    course = make_course(otto, badge=badge, hold_minutes=60, state=ObjectState.DRAFT)
    at = f"/author/courses/{course.id}"
    assert "for 1 hour after it is awarded each badge stays here" in writer.get(at)
    assert f'href="/learner/courses/{course.id}"' not in writer.get(at), "nobody sees a draft"
    page = writer.follow(writer.post(f"{at}/publish", page=at))
    assert f'href="/learner/courses/{course.id}"' in page


def test_an_empty_course_is_not_published(writer, otto):
    course = make_course(otto, description="", state=ObjectState.DRAFT)
    at = f"/author/courses/{course.id}"
    assert "The course is empty" in writer.follow(writer.post(f"{at}/publish", page=at))


def test_a_template_that_allows_duplicates_is_warned_of(writer, otto, app):
    badge = make_credly_badge(app.extensions["means"], allow_duplicates=True)
    page = writer.get(f"/author/courses/{make_course(otto, badge=badge).id}")
    assert "after a lost answer a second one is possible" in page


def test_a_retired_badge_is_told_to_the_author(writer, otto):
    course = make_course(otto, badge=make_badge(state=BadgeState.RETIRED))
    assert "gets no badge" in writer.get(f"/author/courses/{course.id}")


def test_retiring_says_how_many_are_on_it_and_then_does_it(writer, otto, lena, now):
    course = make_course(otto)
    completions.enrol(learner=lena, learning_object=course, now=now)
    at = f"/author/courses/{course.id}/retire"
    assert "1 learner is on it" in writer.get(at)
    writer.submit(at)
    assert the_course().state is ObjectState.RETIRED


def test_learners_are_listed_with_their_completion_and_badge(writer, otto, lena, now):
    course = make_course(otto, badge=make_badge())
    completions.enrol(learner=lena, learning_object=course, now=now)
    completions.complete(learner=lena, course_id=course.id, now=now)
    page = writer.get(f"/author/courses/{course.id}")
    assert "Lena Learner" in page
    assert "Completed" in page
    assert "Earned" in page


@pytest.mark.parametrize("what", ["", "/edit", "/retire"])
def test_someone_elses_course_does_not_exist(writer, what):
    course = make_course(make_person("Another Author", roles={"author"}))
    writer.get(f"/author/courses/{course.id}{what}", expect=404)


def test_an_admin_may_edit_every_course(browser, ada, otto):
    browser.sign_in(ada).get(f"/author/courses/{make_course(otto).id}/edit")
