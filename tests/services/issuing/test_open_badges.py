"""The Open Badges record of an accepted badge is kept here."""

from datetime import timedelta

from portal.extensions import db
from portal.models import IssuedBadge, OpenBadgeRecord
from portal.services.issuing import open_badges


def move(world, issued: IssuedBadge, wish: str) -> None:
    world.credly.move({"id": issued.credly_id}, wish)


def accepted(world) -> IssuedBadge:
    """Lena's badge, which she accepted at Credly and the portal has read."""
    world.complete()
    world.work()
    issued = db.session.scalars(db.select(IssuedBadge)).one()
    move(world, issued, "accept")
    world.read(after=130)
    return issued


def fetch(world, after: float = 0) -> bool:
    done = open_badges.fetch_next(world.means, world.now + timedelta(seconds=after))
    db.session.expire_all()
    return done


def test_a_pending_badge_has_no_record_yet(world):
    world.complete()
    world.work()
    assert open_badges.ask_for_new(world.now) == 0


def test_the_record_is_fetched_once_and_kept(world):
    issued = accepted(world)
    assert open_badges.ask_for_new(world.now) == 1
    db.session.commit()
    assert fetch(world)
    kept = open_badges.of_issued(issued).record
    assert kept["assertion"]["type"] == "Assertion"
    assert issued.credly_id in kept["assertion"]["id"]
    assert kept["badge"]["name"] == "Knots"
    assert kept["issuer"]["type"] == "Issuer"
    assert open_badges.ask_for_new(world.now) == 0
    assert not fetch(world, after=10**6)


def test_what_credly_does_not_show_yet_is_asked_for_again_later(world):
    issued = accepted(world)
    open_badges.ask_for_new(world.now)
    db.session.commit()
    move(world, issued, "private")
    assert fetch(world)
    assert open_badges.of_issued(issued) is None
    assert not fetch(world, after=60)
    move(world, issued, "public")
    assert fetch(world, after=700)
    assert open_badges.of_issued(issued) is not None


def test_a_replaced_badge_keeps_its_old_record_until_there_is_a_new_one(world):
    issued = accepted(world)
    open_badges.ask_for_new(world.now)
    db.session.commit()
    fetch(world)
    before = open_badges.of_issued(issued).record
    issued.credly_id = "00000000-0000-4000-8000-00000000beef"
    db.session.commit()
    assert open_badges.ask_for_new(world.now) == 1
    db.session.commit()
    assert fetch(world)
    assert db.session.scalars(db.select(OpenBadgeRecord)).one().record == before
