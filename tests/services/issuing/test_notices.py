"""What people are told about their badges: once each, in the transaction of its cause."""

from datetime import timedelta

import pytest

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import from_stored
from portal.models import CredlyState, Mail, Notification
from portal.services.issuing import connections
from portal.services.issuing.reminders import remind
from portal.services.issuing.token_age import warn
from portal.services.people.notifications import mark_all_read
from portal.wording import words
from tests.factories import make_person
from tests.rivals import Rival


@pytest.fixture
def settings():
    """Mail is set up; without it, what delivery tells is put out for the bell alone."""
    return {"SMTP_HOST": "127.0.0.1", "SMTP_FROM": "portal@example.org"}


def told(person) -> list[str]:
    """The kinds of what a person was told, in order; each has its mail."""
    rows = db.session.query(Notification).filter_by(person_id=person.id).order_by(Notification.id)
    mails = db.session.query(Mail).filter_by(person_id=person.id).order_by(Mail.id)
    assert [row.kind.value for row in rows] == [mail.kind for mail in mails]
    return [row.kind.value for row in rows]


def test_lena_is_told_once_that_her_badge_was_issued(app, world, lena):
    world.complete()
    assert told(lena) == []
    world.work()
    world.work(after=10)
    assert told(lena) == ["badge_issued"]
    row = db.session.query(Notification).one()
    assert "your badge Knots" in words(from_stored(row.message))
    assert row.path.startswith("/learner/badges/")


class TestReminders:
    @pytest.fixture
    def issued(self, world):
        delivery = world.complete()
        world.work()
        db.session.query(Mail).delete()
        db.session.query(Notification).delete()
        db.session.commit()
        assert delivery.issued_badge.state == CredlyState.PENDING
        return delivery.issued_badge

    def days(self, world, number: float) -> int:
        return remind(world.now + timedelta(days=number, minutes=1))

    def test_they_come_after_3_and_14_days_and_no_more(self, world, issued, lena):
        assert [self.days(world, day) for day in (1, 2.9, 3, 3, 10, 14, 14, 30, 400)] == [
            *(0, 0, 1, 0, 0, 1, 0, 0, 0)
        ]
        assert told(lena) == ["accept_reminder"] * 2

    def test_who_was_asleep_reminds_once_for_both(self, world, issued):
        assert [self.days(world, 20), self.days(world, 40)] == [1, 0]

    @pytest.mark.parametrize("state", [CredlyState.ACCEPTED, "rejected", "revoked", "odd"])
    def test_never_when_the_learner_has_decided(self, world, issued, state):
        issued.state = state
        db.session.commit()
        assert self.days(world, 3) == 0

    def test_never_when_it_is_over_gone_or_its_owner_has_left(self, world, issued, lena):
        issued.expires_at = world.now + timedelta(days=2)
        db.session.commit()
        assert self.days(world, 3) == 0
        issued.expires_at, issued.gone_at = None, world.now
        db.session.commit()
        assert self.days(world, 3) == 0
        issued.gone_at, lena.active = None, False
        db.session.commit()
        assert self.days(world, 3) == 0


def test_staff_hear_once_of_many_deliveries_that_need_a_person(world, ada, ivar, otto, credly):
    world.completed_by(3)
    for _time in range(3):
        credly.plan(status=422, json={"data": {"message": "no"}, "metadata": {}})
    assert "needs_person" in world.work()
    assert told(ada) == told(ivar) == ["delivery_needs_person"]
    assert told(otto) == []


def test_staff_hear_once_of_each_time_that_credly_refuses_a_connection(world, ada, ivar, credly):
    world.completed_by(4)
    credly.plan(status=401, times=0, match={})
    world.work(after=200)
    with pytest.raises(RuleBroken):
        connections.test(connection=world.connection, means=world.means, now=world.now)
    assert told(ada) == told(ivar) == ["connection_held"]
    credly.control("DELETE", "plan")
    connections.test(connection=world.connection, means=world.means, now=world.now)
    mark_all_read(ada, world.now)
    credly.plan(status=401, times=0, match={})
    world.work(after=400)
    assert told(ada) == ["connection_held"] * 2
    assert told(ivar) == ["connection_held"], "the first is still unread"


def test_a_name_that_cannot_stand_on_a_badge_is_told_to_both(world, ada):
    nameless = make_person("N/A N/A")
    world.complete(nameless)
    assert told(nameless) == ["name_needed"]
    assert told(ada) == ["delivery_needs_person"]


def test_without_mail_staff_still_see_that_a_token_expires(world, ada):
    world.connection.token_saved_at = world.now - timedelta(days=168)
    db.session.commit()
    for _sweep in range(3):
        warn(world.now)
    db.session.commit()
    assert told(ada) == ["token_expires"]


def test_a_token_that_is_over_has_words_of_its_own(world, ada):
    for age in (178, 181, 200):
        world.connection.token_saved_at = world.now - timedelta(days=age)
        warn(world.now)
        db.session.commit()
    query = db.select(Notification.message).filter_by(person_id=ada.id).order_by(Notification.id)
    codes = [message["code"] for message in db.session.scalars(query)]
    assert codes == ["told_token_expires", "told_token_expired"]


def test_of_every_token_staff_hear_at_30_14_and_3_days_and_at_its_end(world, ada, ivar):
    saved, said = world.connection.token_saved_at, []
    for age in range(185):
        before = len(told(ada))
        warn(saved + timedelta(days=age))
        db.session.commit()
        said += [180 - age] * (len(told(ada)) - before)
    assert said == [30, 14, 3, -1]
    assert told(ivar) == ["token_expires"] * 4
    anew = {"token": world.credly.token, "means": world.means, "now": saved + timedelta(days=185)}
    connections.replace_token(connection=world.connection, **anew)
    warn(saved + timedelta(days=185 + 150))
    assert len(told(ada)) == 5, "that the same stands unread from last time hushes nothing"


def test_two_engines_at_once_say_it_once(app, world, ada):
    world.connection.token_saved_at = world.now - timedelta(days=168)
    db.session.commit()
    now = world.now
    warn(now)
    rival = Rival(app, lambda: warn(now) or db.session.commit())
    rival.begin()
    db.session.commit()
    assert rival.end() is None
    assert told(ada) == ["token_expires"]
