"""Somebody says no to Credly: the queue keeps to it, and the badge is theirs all the same."""

from portal.extensions import db
from portal.models import Award, AwardState, DeliveryState, Held
from portal.services.issuing import operations
from portal.services.privacy import opting_out


def test_who_opted_out_before_is_never_sent_to_credly(world):
    opting_out.opt_out(person=world.lena, now=world.now)
    delivery = world.complete()
    world.work()
    assert (delivery.state, delivery.held_because) == (DeliveryState.HELD, Held.OPTED_OUT)
    assert world.posts() == []
    assert db.session.scalars(db.select(Award)).one().state is AwardState.EARNED


def test_what_waits_when_somebody_opts_out_stays_here(world):
    world.complete()
    assert opting_out.opt_out(person=world.lena, now=world.now) == 1
    world.work()
    assert world.posts() == []


def test_a_claim_that_is_in_hand_when_somebody_opts_out_is_not_sent(world):
    world.complete()
    (claim,) = world.claims()
    opting_out.opt_out(person=world.lena, now=world.now)
    assert world.carry(claim) is DeliveryState.HELD
    assert world.posts() == []


def test_what_was_held_for_another_reason_is_not_let_go_past_the_wish(world):
    world.complete()
    opting_out.opt_out(person=world.lena, now=world.now)
    world.lena.first_name = "Lena Maria"
    db.session.commit()
    operations.follow(learner=world.lena, now=world.now)
    world.work()
    assert world.posts() == []


def test_opting_in_again_sends_what_waited(world):
    world.complete()
    opting_out.opt_out(person=world.lena, now=world.now)
    opting_out.opt_in(person=world.lena, now=world.now)
    assert DeliveryState.DONE in world.work()
    assert len(world.live()) == 1


def test_a_badge_at_credly_can_still_be_revoked(world, ada):
    world.complete()
    world.work()
    opting_out.opt_out(person=world.lena, now=world.now)
    issued = db.session.scalars(db.select(Award)).one().issued_badge
    operations.revoke(
        actor=ada, issued=issued, reason="as she wished", suppress_mail=True, now=world.now
    )
    world.work()
    assert world.live() == []
