"""A completed course becomes a badge at Credly, exactly once."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import Delivery, DeliveryState, Held
from portal.services.issuing import connections, syncing
from tests.factories import make_course, make_person


def test_lena_gets_her_badge(world):
    delivery = world.complete()
    assert world.work() == [DeliveryState.DONE]
    issued = delivery.issued_badge
    assert issued.state == "pending"
    assert issued.credly_id == world.live()[0]["id"]
    assert issued.accept_url.endswith("/accept")


def test_a_badge_waits_to_be_accepted_from_when_it_came_to_credly(world):
    issued = world.complete().issued_badge
    assert issued.came_at == issued.issued_at
    world.credly.plan(status=503)
    world.work()
    world.work(after=200)
    assert issued.came_at == issued.issued_at + timedelta(seconds=200)


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


@pytest.mark.parametrize("status", [429, 503])
def test_a_no_for_now_without_a_time_uses_up_no_patience_but_waits_grow(world, status):
    delivery = world.complete()
    world.credly.plan(status=status, times=0)
    after, waits = 0.0, []
    for _try in range(4):
        assert world.work(after=after) == [DeliveryState.WAITING]
        waits.append((delivery.due - world.now).total_seconds() - after)
        after += max(waits[-1], 60) + 1  # a failing connection is tried once a minute
    assert delivery.waited == 0
    assert waits[0] < 100 < waits[1] < 1000 < waits[2]
    delivery.failures = 99
    delivery.waited = world.means.rules.patience
    db.session.commit()
    assert world.work(after=after) == [DeliveryState.WAITING]


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


def test_an_answer_that_says_too_much_is_kept_as_far_as_there_is_room(world):
    delivery = world.complete()
    link = "https://www.credly.com/" + "x" * 900
    much = {"state": "s" * 90, "badge_url": link, "accept_badge_url": link, "user": {"url": link}}
    world.credly.plan(when="after", set=much)
    assert world.work() == [DeliveryState.DONE]
    assert (delivery.issued_badge.state, delivery.issued_badge.badge_url) == ("s" * 32, None)


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
