"""The books balance, and when they do not they say what, and each finding can be mended."""

from datetime import timedelta

import pytest

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import Award, Delivery, DeliveryState, IssuedBadge
from portal.services.issuing import books, repairs
from tests.factories import make_course, make_person

LATER, AGAIN = timedelta(days=300), 2000


def counts(world):
    """What the books find, without the sets that are empty."""
    return {name: count for name, count in books.balance(world.means).counts().items() if count}


def issued(world):
    """Lena's badge, issued."""
    delivery = world.complete()
    world.work()
    return delivery.issued_badge


def test_an_empty_portal_balances(world):
    assert books.balance(world.means).is_clean


def test_after_issuing_the_books_balance(world):
    world.completed_by(3)
    world.work()
    assert counts(world) == {}


def test_a_delivery_under_way_is_unfinished(world):
    world.complete()
    assert counts(world) == {"unfinished": 1}


def test_what_is_held_or_needs_a_person_is_listed_and_does_not_fail(world):
    world.complete()
    world.credly.plan(status=422, json={"data": {"message": "No"}, "metadata": None})
    world.work()
    assert counts(world) == {"needs_person": 1}
    assert books.balance(world.means).is_clean


def test_an_award_that_nothing_carries_is_lost_until_it_is_sent(world, ada):
    delivery = world.complete()
    award = db.session.scalars(db.select(Award)).one()
    award.issued_badge = None
    db.session.delete(delivery)
    db.session.flush()
    db.session.delete(db.session.scalars(db.select(IssuedBadge)).one())
    db.session.commit()
    assert counts(world) == {"lost": 1}
    repairs.send(actor=ada, award_id=award.id, now=world.now)
    assert DeliveryState.DONE in world.work(after=5)
    assert counts(world) == {}


def test_a_delivery_that_was_done_without_a_badge_is_lost_too(world, ada):
    delivery = world.complete()
    delivery.state = DeliveryState.DONE
    db.session.commit()
    assert counts(world) == {"lost": 1}
    award = db.session.scalars(db.select(Award)).one()
    repairs.send(actor=ada, award_id=award.id, now=world.now)
    world.work(after=5)
    assert counts(world) == {}


def test_two_live_badges_of_one_learner_are_twice(world):
    badge = issued(world)
    world.credly.issue(
        world.template,
        recipient_email="other@example.org",
        issuer_earner_id=world.lena.earner_id,
        duplicate_behavior="allow",
    )
    assert counts(world) == {"twice": 1, "unknown": 1}
    assert badge.credly_id


def test_a_badge_with_our_id_that_we_do_not_know_is_adopted(world, ada):
    delivery = world.complete()
    there = world.credly.issue(
        world.template, recipient_email=world.lena.email, issuer_earner_id=world.lena.earner_id
    )
    delivery.state = DeliveryState.CANCELLED
    db.session.commit()
    assert counts(world) == {"unknown": 1}
    repairs.adopt(
        actor=ada,
        credly_id=there["id"],
        template_id=world.template["id"],
        means=world.means,
        now=world.now,
    )
    assert counts(world) == {}


def found_at_credly(world, ada, **fields):
    """A badge of Lena's turns up at Credly, and Ada takes it over."""
    mine = {"recipient_email": world.lena.email, "issuer_earner_id": world.lena.earner_id}
    template = world.credly.data("GET", f"/badge_templates/{world.badge.external_badge_id}")
    there = world.credly.issue(template, **mine, **fields)
    repairs.adopt(
        actor=ada,
        credly_id=there["id"],
        template_id=template["id"],
        means=world.means,
        now=world.now,
    )
    db.session.expire_all()
    return there


@pytest.fixture
def several(world):
    """The badge of the course is of a template that may be issued more than once."""
    template = world.credly.template(name="Many times", allow_duplicate_badges=True)
    world.badge = world.badge_of(template)
    world.course = make_course(world.otto, badge=world.badge)


def test_what_was_to_bring_an_adopted_badge_ends_with_it(world, ada, several):
    delivery = world.complete()
    there = found_at_credly(world, ada)
    assert delivery.state is DeliveryState.DONE
    assert delivery.issued_badge.credly_id == there["id"]
    assert delivery.issued_badge.came_at == delivery.ended_at
    assert world.work(after=5) == []
    assert len(world.live()) == 1
    assert counts(world) == {}


def test_nothing_is_adopted_while_a_worker_is_at_it(world, ada, several):
    delivery = world.complete()
    world.claims()
    with pytest.raises(RuleBroken) as broken:
        found_at_credly(world, ada)
    assert broken.value.message.code == "already_on_its_way"
    db.session.expire_all()
    assert delivery.issued_badge.credly_id is None


def test_a_live_badge_of_an_earlier_cycle_is_adopted_there_and_replaced(world, ada, several):
    first = issued(world)
    mine = {"learner_id": world.lena.id, "badge_id": world.badge.id}
    renewed = IssuedBadge(**mine, cycle=2, issued_at=world.now + LATER)
    delivery = Delivery(issued_badge=renewed, connection_id=world.connection.id, due=world.now)
    first.credly_id, first.state = None, None
    for one in world.live():
        world.credly.data("PUT", f"/badges/{one['id']}/revoke", {"reason": "Lost"})
    db.session.add(delivery)
    db.session.commit()
    there = found_at_credly(world, ada, issued_at=world.now.strftime("%Y-%m-%d %H:%M:%S +0000"))
    assert first.credly_id == there["id"]
    assert renewed.credly_id is None
    world.work(after=5)
    world.work(after=AGAIN)
    assert renewed.credly_id is not None
    newest = [one for one in world.live() if not one.get("replacement_badge_id")]
    assert [one["id"] for one in newest] == [renewed.credly_id]


def test_a_badge_issued_by_hand_to_a_stranger_is_not_ours(world):
    world.credly.issue(world.template, recipient_email="stranger@example.org")
    assert counts(world) == {}


def test_a_badge_that_vanished_at_credly_is_a_ghost_until_acknowledged(world, ada):
    badge = issued(world)
    world.credly.call("DELETE", f"/badges/{badge.credly_id}", expect=204)
    assert counts(world) == {"ghost": 1}
    repairs.acknowledge(actor=ada, issued_id=badge.id, means=world.means, now=world.now)
    assert counts(world) == {}


def test_another_state_at_credly_is_drift_until_taken_over(world, ada):
    badge = issued(world)
    world.credly.move({"id": badge.credly_id}, "accept")
    assert counts(world) == {"drift": 1}
    repairs.take_over_state(actor=ada, issued_id=badge.id, means=world.means, now=world.now)
    assert counts(world) == {}
    assert badge.state == "accepted"


def test_a_badge_replaced_by_hand_at_credly_is_drift_and_its_successor_is_taken_over(world, ada):
    badge = issued(world)
    body = world.credly.order(world.template)
    body.pop("recipient_email")
    world.credly.data("POST", f"/badges/{badge.credly_id}/replace", body, 201)
    assert "drift" in counts(world)
    repairs.take_over_state(actor=ada, issued_id=badge.id, means=world.means, now=world.now)
    assert counts(world) == {}


def test_a_credly_that_does_not_answer_is_a_finding(world):
    issued(world)
    world.credly.plan(match={"method": "GET"}, status=500, times=0)
    assert counts(world) == {"unread": 1}


def test_the_nightly_run_keeps_its_outcome(world):
    world.complete()
    books.ask_nightly(world.now)
    assert books.run_next(world.means, world.now)
    run = books.newest()
    assert run.balanced, "what is on its way is listed, and no disagreement"
    assert run.counts["unfinished"] == 1
    books.ask_nightly(world.now + timedelta(hours=23))
    assert not books.run_next(world.means, world.now + timedelta(hours=23))
    books.ask_nightly(world.now + timedelta(hours=25))
    assert books.run_next(world.means, world.now + timedelta(hours=25))


def test_many_learners_are_read_page_by_page(world):
    for number in range(60):
        world.complete(make_person(f"Nora Number{number}n"))
    world.work()
    assert db.session.scalar(db.select(db.func.count()).select_from(Delivery)) == 60
    assert counts(world) == {}


def test_a_badge_that_is_still_there_is_never_acknowledged_as_gone(world, ada):
    badge = issued(world)
    with pytest.raises(RuleBroken):
        repairs.acknowledge(actor=ada, issued_id=badge.id, means=world.means, now=world.now)
    assert badge.gone_at is None


def test_a_lost_renewal_is_found_beside_the_live_badge_of_the_cycle_before(world):
    first = issued(world)
    mine = {"learner_id": world.lena.id, "badge_id": world.badge.id, "cycle": 2}
    renewed = IssuedBadge(**mine, issued_at=world.now + LATER, replaces=first)
    earned = {"learning_object_id": world.course.id, "earned_at": world.now + LATER}
    db.session.add(Award(**mine, **earned, issued_badge=renewed))
    db.session.commit()
    assert counts(world) == {"lost": 1}
