"""A completed course becomes a badge at Credly, exactly once."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import Award, AwardState, Delivery, DeliveryState, Held, IssuedBadge
from portal.services.issuing import connections, deliveries, syncing
from tests.factories import make_course, make_person


def test_lena_gets_her_badge(world):
    delivery = world.complete()
    assert world.work() == [DeliveryState.DONE]
    issued = delivery.issued_badge
    assert issued.state == "pending"
    assert issued.credly_id == world.live()[0]["id"]
    assert issued.accept_url.endswith("/accept")


def test_the_request_says_what_it_must_and_nothing_else(world):
    world.complete()
    world.work()
    (post,) = world.posts()
    assert post["body"] == {
        "recipient_email": world.lena.email,
        "issued_to_first_name": "Lena",
        "issued_to_last_name": "Learner",
        "badge_template_id": world.template["id"],
        "issued_at": world.now.strftime("%Y-%m-%d %H:%M:%S +0000"),
        "issuer_earner_id": world.lena.earner_id,
        "locale": "en",
    }


def test_a_good_issue_is_one_request(world):
    world.complete()
    before = len(world.credly.log())
    world.work()
    assert len(world.credly.log()) == before + 1


def test_trouble_waits_and_tries_again(world):
    delivery = world.complete()
    world.credly.plan(status=503)
    assert world.work() == [DeliveryState.WAITING]
    assert delivery.sent_at is None
    assert world.work(after=200) == [DeliveryState.DONE]


def test_an_answer_that_got_lost_is_looked_up_and_adopted(world):
    world.complete()
    world.credly.plan(when="after", drop="reset")
    assert world.work() == [DeliveryState.UNSURE]
    assert world.work(after=60) == [], "the quiet period is not over"
    assert world.work(after=200) == [DeliveryState.DONE]
    assert len(world.posts()) == 1
    assert len(world.live()) == 1


def test_a_request_that_got_lost_is_sent_again_after_a_look(world):
    world.complete()
    world.credly.plan(when="before", drop="reset")
    assert world.work() == [DeliveryState.UNSURE]
    assert world.work(after=200) == [DeliveryState.DONE]
    assert len(world.live()) == 1


@pytest.mark.parametrize(
    "mishap",
    [
        {"status": 502},
        {"drop": "half_body"},
        {"body": "not json", "status": 201},
        {"body": "<html>Sign in</html>", "status": 200, "content_type": "text/html"},
        {"without": ["id"]},
    ],
)
def test_whatever_comes_back_the_badge_is_issued_once(world, mishap):
    world.complete()
    world.credly.plan(when="after", **mishap)
    assert world.work() == [DeliveryState.UNSURE]
    assert world.work(after=200) == [DeliveryState.DONE]
    assert len(world.posts()) == 1


def test_a_badge_that_was_there_before_is_taken_over(world):
    delivery = world.complete()
    there = world.credly.issue(
        world.template, recipient_email=world.lena.email, issuer_earner_id=world.lena.earner_id
    )
    assert DeliveryState.DONE in world.work()
    assert delivery.issued_badge.credly_id == there["id"]
    assert delivery.issued_badge.was_there


def test_a_badge_with_another_persons_id_is_never_taken_over(world):
    delivery = world.complete()
    world.credly.issue(
        world.template, recipient_email=world.lena.email, issuer_earner_id="somebody-else"
    )
    world.work()
    assert delivery.state is DeliveryState.NEEDS_PERSON
    assert delivery.reason["code"] == "belongs_to_another"


def test_a_no_for_good_needs_a_person_and_keeps_credlys_words(world):
    delivery = world.complete()
    words = {"data": {"message": "E-mail is not allowed"}, "metadata": None}
    world.credly.plan(status=422, json=words)
    assert world.work() == [DeliveryState.NEEDS_PERSON]
    assert delivery.credly_words == "E-mail is not allowed"
    assert delivery.sent_at is None


def test_a_revoked_token_holds_the_connection_after_one_request(world):
    world.completed_by(5)
    world.connection.proven_at = None
    db.session.commit()
    before = len(world.credly.log())
    world.credly.control(
        "POST", f"organizations/{world.credly.id}/tokens/expire", {"token": world.credly.token}
    )
    assert world.work() == [DeliveryState.HELD]
    assert len(world.credly.log()) == before + 1
    states = set(db.session.scalars(db.select(Delivery.state)))
    assert states == {DeliveryState.HELD}


def test_a_new_token_lets_everything_go_on_by_itself(world):
    world.completed_by(3)
    org = f"organizations/{world.credly.id}"
    world.credly.control("POST", f"{org}/tokens/expire", {"token": world.credly.token})
    world.work()
    fresh = world.credly.control("POST", f"{org}/tokens", {})["token"]
    fresh = fresh["token"] if isinstance(fresh, dict) else fresh
    connections.replace_token(
        connection=world.connection, token=fresh, means=world.means, now=world.now
    )
    assert world.work() == [DeliveryState.DONE] * 3


def test_an_archived_template_holds_only_its_own_deliveries(world):
    other = world.credly.template(name="Sails")
    sails = make_course(world.otto, "Sails", badge=world.badge_of(other))
    held = world.complete()
    world.credly.control(
        "PATCH",
        f"organizations/{world.credly.id}/templates/{world.template['id']}",
        {"state": "archived"},
    )
    good = world.complete(make_person(), sails)
    world.work()
    assert held.state is DeliveryState.HELD
    assert held.held_because is Held.TEMPLATE_NOT_ACTIVE
    assert good.state is DeliveryState.DONE


def test_a_template_that_is_active_again_lets_its_deliveries_go(world):
    held = world.complete()
    path = f"organizations/{world.credly.id}/templates/{world.template['id']}"
    world.credly.control("PATCH", path, {"state": "archived"})
    world.work()
    world.credly.control("PATCH", path, {"state": "active"})
    later = world.now + timedelta(minutes=5)
    syncing.ask_for(connection=world.connection, actor=None, now=later)
    syncing.run_next(world.means, later)
    world.work(after=400)
    assert held.state is DeliveryState.DONE


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
