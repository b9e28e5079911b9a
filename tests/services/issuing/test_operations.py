"""Revoking, correcting names and moving addresses go through the same outbox."""

import pytest

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import Award, AwardState, DeliveryState, EarlierCredlyId
from portal.services.issuing import awarding, operations


def issued(world):
    """Lena's badge, issued."""
    delivery = world.complete()
    world.work()
    return delivery.issued_badge


def revoke(world, ada, badge, **more):
    """Ask to revoke a badge."""
    values = {"reason": "Passed by mistake", "suppress_mail": True, **more}
    return operations.revoke(actor=ada, issued=badge, now=world.now, **values)


def test_ada_revokes_a_badge_and_says_why(world, ada):
    badge = issued(world)
    delivery = revoke(world, ada, badge)
    assert world.work() == [DeliveryState.DONE]
    assert badge.state == "revoked"
    assert db.session.scalar(db.select(Award.state)) is AwardState.REVOKED
    assert delivery.reason["code"] == "revoked_at_credly"
    (call,) = [entry for entry in world.credly.log() if entry["path"].endswith("/revoke")][-1:]
    assert call["body"] == {
        "reason": "Passed by mistake",
        "suppress_revoke_notification_email": True,
    }


def test_revoking_without_a_reason_is_refused(world, ada):
    badge = issued(world)
    with pytest.raises(RuleBroken):
        revoke(world, ada, badge, reason=" ")


def test_what_is_not_at_credly_cannot_be_revoked(world, ada):
    delivery = world.complete()
    with pytest.raises(RuleBroken):
        revoke(world, ada, delivery.issued_badge)


def test_a_revocation_whose_answer_got_lost_is_not_lost(world, ada):
    badge = issued(world)
    revoke(world, ada, badge)
    world.credly.plan(match={"method": "PUT"}, when="after", drop="reset")
    assert world.work() == [DeliveryState.UNSURE]
    assert world.work(after=200) == [DeliveryState.DONE]
    assert badge.state == "revoked"


def test_a_badge_that_is_replaced_at_this_very_moment_is_revoked_at_its_newest(world, ada):
    badge = issued(world)
    first_id = badge.credly_id
    body = world.credly.order(world.template)
    body.pop("recipient_email")
    world.credly.data("POST", f"/badges/{first_id}/replace", body, 201)
    revoke(world, ada, badge)
    # What we read is a moment old.
    read = {"method": "GET", "path": f"/badges/{first_id}$"}
    world.credly.plan(match=read, set={"replacement_badge_id": None})
    assert world.work() == [DeliveryState.DONE]
    assert [one["id"] for one in world.live()] == [first_id], "replaced, and so not revoked"
    assert badge.state == "revoked"


def test_a_badge_that_was_replaced_meanwhile_is_revoked_at_its_newest(world, ada):
    badge = issued(world)
    first_id = badge.credly_id
    body = world.credly.order(world.template)
    body.pop("recipient_email")
    world.credly.data("POST", f"/badges/{first_id}/replace", body, 201)
    revoke(world, ada, badge)
    assert world.work() == [DeliveryState.DONE]
    assert badge.credly_id != first_id
    assert db.session.get(EarlierCredlyId, first_id)


def test_a_corrected_name_replaces_the_badge(world):
    badge = issued(world)
    first_id = badge.credly_id
    world.lena.last_name = "Larsdotter"
    db.session.commit()
    assert operations.correct_name(learner=world.lena, now=world.now) == 1
    assert world.work() == [DeliveryState.DONE]
    assert badge.credly_id != first_id
    newest = world.credly.look({"id": badge.credly_id})
    assert newest["issued_to"] == "Lena Larsdotter"
    assert operations.correct_name(learner=world.lena, now=world.now) == 0


def test_a_replacement_whose_answer_got_lost_is_found_along_the_chain(world):
    badge = issued(world)
    world.lena.last_name = "Larsdotter"
    db.session.commit()
    operations.correct_name(learner=world.lena, now=world.now)
    world.credly.plan(match={"method": "POST", "path": "/replace$"}, when="after", drop="reset")
    assert world.work() == [DeliveryState.UNSURE]
    assert world.work(after=200) == [DeliveryState.DONE]
    chain = [b for b in world.credly.ledger() if world.template["id"] in str(b)]
    assert len(chain) == 2, "one badge and its one replacement"
    assert badge.first_name == "Lena"


def test_while_pending_a_changed_address_revokes_and_issues_anew(world):
    badge = issued(world)
    first_id = badge.credly_id
    world.lena.badge_email = "lena.private@example.org"
    db.session.commit()
    assert operations.move_to_address(learner=world.lena, now=world.now) == (1, 0)
    assert world.work() == [DeliveryState.DONE, DeliveryState.DONE]
    assert badge.state == "pending"
    assert badge.credly_id != first_id
    assert world.credly.look({"id": first_id})["state"] == "revoked"
    assert world.credly.look({"id": badge.credly_id})["recipient_email"] == (
        "lena.private@example.org"
    )
    assert db.session.scalar(db.select(Award.state)) is AwardState.EARNED


def test_an_accepted_badge_stays_at_its_address(world):
    badge = issued(world)
    world.credly.move({"id": badge.credly_id}, "accept")
    world.read(after=130)
    world.lena.badge_email = "lena.private@example.org"
    db.session.commit()
    assert operations.move_to_address(learner=world.lena, now=world.now) == (0, 1)
    assert world.work(after=200) == []


def test_after_a_revocation_the_badge_may_be_earned_in_a_new_cycle(world, ada):
    badge = issued(world)
    revoke(world, ada, badge)
    world.work()
    again = awarding.award(
        learner=world.lena,
        badge=world.badge,
        earned_at=world.now,
        now=world.now,
        learning_object_id=world.course.id,
        again=True,
    )
    db.session.commit()
    assert again.cycle == 2
    assert world.work() == [DeliveryState.DONE]
    assert again.issued_badge.credly_id != badge.credly_id
    assert len(world.live()) == 1


def test_two_changes_at_once_are_refused(world, ada):
    badge = issued(world)
    revoke(world, ada, badge)
    with pytest.raises(RuleBroken):
        revoke(world, ada, badge)


def test_lena_takes_the_course_once_more_after_a_revocation(world, ada):
    world.course.earned_again = True
    badge = issued(world)
    revoke(world, ada, badge)
    world.work()
    again = world.complete()
    assert world.work() == [DeliveryState.DONE]
    assert again.issued_badge.cycle == 2
    assert again.issued_badge.state == "pending"


def test_without_that_permission_taking_it_again_changes_nothing(world, ada):
    badge = issued(world)
    revoke(world, ada, badge)
    world.work()
    world.complete()
    assert world.work() == []
    assert db.session.scalar(db.select(db.func.count()).select_from(Award)) == 1
