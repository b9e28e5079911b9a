"""Undo completion: what goes is said first, the reason is kept, what has left can be revoked."""

import pytest

from portal.extensions import db
from portal.models import AuditEntry, Award, AwardState, Delivery, DeliveryKind, Enrolment
from portal.services.learning import completions
from tests.factories import make_badge, make_course, make_person
from tests.page import Browser


@pytest.fixture
def owner(app, otto):
    """Otto's browser."""
    return Browser(app).sign_in(otto)


def place(course) -> str:
    enrolment = db.session.scalars(
        db.select(Enrolment).filter_by(learning_object_id=course.id)
    ).one()
    return f"/author/courses/{course.id}/learners/{enrolment.id}"


def test_what_has_not_left_is_cancelled(owner, world, otto, lena):
    world.complete()
    at = place(world.course)
    page = owner.get(f"/author/courses/{world.course.id}/learners")
    assert f'href="{at}/undo"' in page
    assert world.badge.name in owner.get(f"{at}/undo")
    page = owner.follow(owner.submit(f"{at}/undo", reason="Ticked for the wrong Lena."))
    assert "The completion was taken back." in page
    assert "Ticked for the wrong Lena." in page
    assert db.session.query(Award).one().state is AwardState.CANCELLED
    noted = db.session.query(AuditEntry).filter_by(action="enrolment.undo").one()
    assert (noted.actor_id, noted.reason) == (otto.id, "Ticked for the wrong Lena.")
    assert not db.session.query(Enrolment).one().done


def test_without_a_reason_nothing_happens(owner, world):
    world.complete()
    page = owner.submit(f"{place(world.course)}/undo", expect=200, reason=" ")
    assert 'id="reason-error-1"' in page
    assert db.session.query(Award).one().state is AwardState.EARNED


def test_what_has_left_is_offered_for_revoking(owner, world):
    world.complete()
    world.work()
    at = place(world.course)
    page = owner.follow(owner.submit(f"{at}/undo", reason="A mistake."))
    award = db.session.query(Award).one()
    assert "At Credly still" in page
    assert f'href="{at}/undone/{award.id}/revoke"' in page
    owner.submit(f"{at}/undone/{award.id}/revoke", reason="A mistake.")
    revoking = db.session.query(Delivery).filter_by(kind=DeliveryKind.REVOKE).one()
    assert revoking.revoke_reason == "A mistake."
    world.work(after=60)
    assert "Revoked" in owner.get(f"{at}/undone")


def test_what_is_not_completed_cannot_be_taken_back(owner, world):
    world.complete()
    at = place(world.course)
    owner.submit(f"{at}/undo", reason="Once.")
    page = owner.follow(owner.get(f"{at}/undo", expect=302))
    assert "<h1>Learners</h1>" in page


def test_only_what_the_undo_left_can_be_revoked_here(app, owner, world):
    world.complete()
    world.work()
    at, award = place(world.course), db.session.query(Award).one()
    owner.get(f"{at}/undone", expect=404)
    owner.get(f"{at}/undone/{award.id}/revoke", expect=404)
    other = Browser(app).sign_in(make_person("Olga Other", roles={"author"}))
    other.get(f"{at}/undo", expect=404)
    elsewhere = make_course(world.otto, "Elsewhere", badge=make_badge())
    enrolment = at.rsplit("/", 1)[-1]
    owner.get(f"/author/courses/{elsewhere.id}/learners/{enrolment}/undo", expect=404)


def test_an_admin_comes_from_the_person_to_the_undo(app, ada, world, lena):
    world.complete()
    admin = Browser(app).sign_in(ada)
    page = admin.get(f"/admin/people/{lena.id}")
    place_of_lena = f"/author/courses/{world.course.id}/learners?q={lena.email}"
    assert f'href="{place_of_lena}"' in page
    assert "Undo completion" in admin.get(place_of_lena)


def test_what_is_completed_again_since_is_not_offered_for_revoking(owner, world, lena):
    world.complete()
    world.work()
    at, award = place(world.course), db.session.query(Award).one()
    owner.submit(f"{at}/undo", reason="A mistake.")
    completions.complete(learner=lena, course_id=world.course.id, now=world.now)
    page = owner.get(f"{at}/undone")
    assert "so these badges are earned again" in page
    assert "/revoke" not in page
    owner.get(f"{at}/undone/{award.id}/revoke", expect=404)
