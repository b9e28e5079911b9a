"""Courses as their authors handle them."""

import pytest

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.models import BadgeState, ConnectionState, Kind, ObjectState
from portal.services.learning import completions, courses, objects
from tests.factories import make_badge, make_course, make_credly_badge, make_person

WRITTEN = {"title": "Knots", "description": "Rope.", "content": "", "external_url": ""}


def test_a_new_course_is_a_draft_of_its_author(otto):
    course = courses.create(actor=otto, **WRITTEN)
    assert course.state is ObjectState.DRAFT
    assert course.owners == [otto]


def test_a_title_of_spaces_is_none(otto):
    with pytest.raises(RuleBroken) as broken:
        courses.create(actor=otto, **{**WRITTEN, "title": " \n "})
    assert broken.value.field == "title"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://example.org",
        "https://",
        "https://user@example.org",
        "https://exa mple.org",
        "https:\\\\example.org",
        "//example.org",
        "https://[::1",
    ],
)
def test_what_is_no_web_address_is_said_at_its_field(otto, address):
    with pytest.raises(RuleBroken) as broken:
        courses.create(actor=otto, **{**WRITTEN, "external_url": address})
    assert broken.value.field == "external_url"


def test_an_author_finds_own_courses_and_an_admin_all(otto, ada):
    mine = make_course(otto, "Mine")
    make_course(make_person("Another Author", roles={"author"}), "Another's")
    assert objects.list_for_author(otto).rows == [mine]
    assert objects.list_for_author(ada).total == 2


def test_a_learner_who_once_owned_a_course_edits_it_no_more(otto):
    course = make_course(otto)
    otto.give_roles(set())
    db.session.commit()
    with pytest.raises(NotFound):
        objects.get_for_editing(otto, Kind.COURSE, course.id)


def test_a_retired_badge_is_not_attached(otto, now):
    course, retired = make_course(otto), make_badge(state=BadgeState.RETIRED)
    with pytest.raises(RuleBroken) as broken:
        objects.attach_badge(actor=otto, learning_object=course, badge=retired, now=now)
    assert broken.value.field == "badge"


def test_an_empty_course_is_not_published(otto, now):
    empty = make_course(otto, description=" ", state=ObjectState.DRAFT)
    with pytest.raises(RuleBroken):
        objects.publish(actor=otto, learning_object=empty, now=now)


def test_warnings_tell_a_paused_connection_and_an_archived_template(app):
    badge = make_credly_badge(app.extensions["means"], state="archived")
    badge.connection.state = ConnectionState.PAUSED
    assert objects.warnings(badge) == ["held_connection_paused", "held_template_not_active"]


def test_an_unchecked_badge_warns_of_no_connection(app):
    badge = make_badge(external_badge_id="00000000-0000-4000-8000-000000000009")
    assert objects.warnings(badge) == ["held_no_connection"]


def test_only_those_who_are_still_on_it_are_unfinished(otto, lena, now):
    course = make_course(otto)
    for person in (lena, otto, make_person()):
        completions.enrol(learner=person, learning_object=course, now=now)
    completions.complete(learner=otto, course_id=course.id, now=now)
    completions.withdraw(learner=lena, learning_object=course)
    assert objects.unfinished(course) == 1
