"""Workers, waits and people: who carries a delivery, when, and what Retry and Cancel do."""

from datetime import timedelta

from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    Delivery,
    DeliveryState,
    Held,
    IssuedBadge,
)
from portal.services.issuing import connections, deliveries, operations
from portal.services.issuing.reading_back import refresh_next
from portal.services.issuing.sweeping import follow_changed_people
from tests.factories import make_course, make_person


def test_the_slower_worker_goes_away_empty(world):
    world.complete()
    assert world.claims()
    assert not world.claims()


def test_a_late_answer_of_a_lost_claim_changes_nothing(world):
    delivery = world.complete()
    (late,) = world.claims()
    (fresh,) = world.claims(after=91)
    assert world.carry(late, after=92) is None
    assert world.carry(fresh, after=92) is DeliveryState.DONE
    assert len(world.posts()) == 1
    assert delivery.state is DeliveryState.DONE


def test_a_paused_connection_holds_what_comes_and_resuming_sends_it(world):
    connections.pause(connection=world.connection, now=world.now)
    delivery = world.complete()
    assert delivery.held_because is Held.CONNECTION_PAUSED
    connections.resume(connection=world.connection, means=world.means, now=world.now)
    assert world.work() == [DeliveryState.DONE]


def test_a_wait_that_credly_asks_for_slows_the_whole_connection(world):
    world.completed_by(3)
    world.credly.plan(status=429, headers={"Retry-After": "600"})
    world.work()
    before = len(world.credly.log())
    assert world.work(after=500) == []
    assert len(world.credly.log()) == before
    assert DeliveryState.DONE in world.work(after=601)


def test_a_wait_that_is_no_time_is_the_usual_one(world):
    world.complete()
    world.credly.plan(status=429, headers={"Retry-After": "-5"}, times=0)
    assert world.work() == [DeliveryState.WAITING], "and it is not asked at once again"
    assert world.work(after=40) == []
    assert len(world.posts()) == 1


def test_retry_pressed_twenty_times_is_as_good_as_once(world, ada):
    delivery = world.complete()
    for _time in range(20):
        deliveries.retry(actor=ada, delivery=delivery, now=world.now)
    world.work()
    assert len(world.posts()) == 1


def test_cancelled_before_sending_nothing_leaves(world, ada):
    delivery = world.complete()
    deliveries.cancel(actor=ada, delivery=delivery, now=world.now)
    assert world.work() == []
    assert delivery.state is DeliveryState.CANCELLED
    assert db.session.scalar(db.select(Award.state)) is AwardState.CANCELLED


def test_cancelled_after_sending_the_look_up_ends_it(world, ada):
    delivery = world.complete()
    world.credly.plan(when="before", drop="reset")
    world.work()
    deliveries.cancel(actor=ada, delivery=delivery, now=world.now)
    world.work(after=200)
    assert delivery.state is DeliveryState.CANCELLED
    assert len(world.posts()) == 1


def test_cancelled_too_late_is_shown_as_issued(world, ada):
    delivery = world.complete()
    world.credly.plan(when="after", drop="reset")
    world.work()
    deliveries.cancel(actor=ada, delivery=delivery, now=world.now)
    world.work(after=200)
    assert delivery.state is DeliveryState.DONE
    assert delivery.reason["code"] == "cancelled_but_issued"


def test_a_template_that_allows_duplicates_is_looked_up_twice_before_a_second_post(world):
    template = world.credly.template(name="Many times", allow_duplicate_badges=True)
    course = make_course(world.otto, "Many", badge=world.badge_of(template))
    world.complete(course=course)
    world.credly.plan(when="before", drop="reset")
    world.work()
    assert world.work(after=130) == [DeliveryState.UNSURE]
    assert len(world.posts()) == 1
    assert world.work(after=600) == []
    assert world.work(after=730) == [DeliveryState.DONE]
    assert len(world.posts()) == 2


def test_accepting_at_credly_is_seen_at_the_next_reading(world):
    delivery = world.complete()
    world.work()
    world.credly.move(world.live()[0], "accept")
    assert not world.read(after=60)
    assert world.read(after=121)
    issued = db.session.get(IssuedBadge, delivery.issued_badge_id)
    assert issued.state == "accepted"
    assert issued.badge_url
    assert issued.accept_url is None


def test_patience_ends_after_seven_days_of_waiting(world):
    delivery = world.complete()
    delivery.waited = 7 * 86400 - 1
    db.session.commit()
    world.credly.plan(status=500)
    assert world.work() == [DeliveryState.NEEDS_PERSON]
    assert delivery.reason["code"] == "patience_over"


def test_a_delivery_that_cannot_leave_keeps_no_other_waiting(world):
    held, good = world.completed_by(2)
    held.issued_badge.learner.first_name = "-"
    world.connection.proven_at = None
    db.session.commit()
    assert world.work() == [DeliveryState.HELD, DeliveryState.DONE]
    assert held.held_because is Held.NAME_NOT_USABLE
    assert good.state is DeliveryState.DONE


def test_a_name_that_can_stand_on_a_badge_lets_it_go(world):
    (held,) = world.completed_by(1)
    learner = held.issued_badge.learner
    learner.first_name = "-"
    db.session.commit()
    world.work()
    learner.first_name = "Siv"
    db.session.commit()
    operations.follow(learner=learner, now=world.now)
    assert world.work(after=1) == [DeliveryState.DONE]


def test_a_try_that_found_nothing_to_carry_closes_no_connection(world):
    delivery = world.complete()
    world.connection.proven_at = None
    db.session.commit()
    delivery.due = world.now + timedelta(seconds=1)
    db.session.commit()
    assert world.claims() == []
    assert world.claims(after=2)


def test_a_name_corrected_while_the_badge_was_on_its_way_follows_later(world):
    (delivery,) = world.completed_by(1)
    (claim,) = world.claims()
    learner = delivery.issued_badge.learner
    world.carry(claim)
    learner.last_name = "Corrected"
    db.session.commit()
    follow_changed_people(world.now)
    assert world.work(after=1) == [DeliveryState.DONE]
    assert delivery.issued_badge.last_name == "Corrected"
    follow_changed_people(world.now)
    assert world.work(after=2) == []


def test_while_credly_asked_for_quiet_nothing_else_asks_either(world):
    first, second = world.completed_by(2)
    world.work(limit=1)
    world.credly.plan(status=429, headers={"Retry-After": "600"})
    later = world.complete(make_person())
    world.work()
    before = len(world.credly.log())
    assert later.state is DeliveryState.WAITING
    assert world.read(after=130)
    assert not refresh_next(world.means, world.now + timedelta(seconds=130))
    assert len(world.credly.log()) == before
    assert first.state is second.state is DeliveryState.DONE


def test_of_two_live_badges_the_one_of_this_cycle_is_adopted(world):
    template = world.credly.template(name="Again and again", allow_duplicate_badges=True)
    first = world.complete(course=make_course(world.otto, badge=world.badge_of(template)))
    world.work()
    earlier = first.issued_badge
    issued = IssuedBadge(
        learner=earlier.learner,
        badge=earlier.badge,
        cycle=2,
        issued_at=earlier.issued_at + timedelta(hours=1),
    )
    second = Delivery(issued_badge=issued, connection=world.connection, due=world.now)
    db.session.add(second)
    db.session.commit()
    world.credly.plan(when="after", drop="reset")
    world.work()
    assert world.work(after=200) == [DeliveryState.DONE]
    assert len(world.live()) == 2
    assert issued.credly_id not in {None, earlier.credly_id}
    assert world.work(after=400) == []
