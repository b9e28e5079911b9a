"""What was done since the backup is found at Credly, and not done a second time."""

import pytest

from portal.extensions import db
from portal.models import DeliveryState, Held
from portal.services.issuing import connections, operations, restoring
from tests.factories import make_course

AGAIN = 2000


@pytest.fixture
def moving(world):
    """Lena's badge, of a template that allows several, is to be issued anew to a new address."""
    template = world.credly.template(name="Many times", allow_duplicate_badges=True)
    course = make_course(world.otto, badge=world.badge_of(template))
    issued = world.complete(course=course).issued_badge
    world.work()
    world.lena.badge_email = "lena.private@example.org"
    db.session.commit()
    operations.move_to_address(learner=world.lena, now=world.now)

    def since_the_backup(anew: bool):
        world.credly.data("PUT", f"/badges/{issued.credly_id}/revoke", {"reason": "Moved"})
        fields = {
            "recipient_email": world.lena.badge_email,
            "issuer_earner_id": world.lena.earner_id,
        }
        there = world.credly.issue(template, **fields) if anew else None
        restoring.settle(world.now)
        db.session.expire_all()
        connections.resume(connection=world.connection, means=world.means, now=world.now)
        return there

    return issued, since_the_backup


def test_a_badge_that_was_issued_anew_since_the_backup_is_adopted(world, moving):
    issued, since_the_backup = moving
    there = since_the_backup(anew=True)
    posts = len(world.posts())
    world.work()
    world.work(after=AGAIN)
    assert issued.credly_id == there["id"]
    assert len(world.live()) == 1
    assert len(world.posts()) == posts


def test_a_badge_that_was_only_revoked_since_the_backup_is_issued_anew(world, moving):
    issued, since_the_backup = moving
    since_the_backup(anew=False)
    world.work()
    world.work(after=AGAIN)
    assert world.delivery_of(world.lena).state is DeliveryState.DONE
    assert [one["id"] for one in world.live()] == [issued.credly_id]


def test_nothing_is_revoked_that_could_not_be_issued_anew(world, moving):
    issued, _since_the_backup = moving
    issued.badge.template.state = "archived"
    db.session.commit()
    restoring.settle(world.now)
    db.session.expire_all()
    connections.resume(connection=world.connection, means=world.means, now=world.now)
    world.work()
    assert world.delivery_of(world.lena).held_because is Held.TEMPLATE_NOT_ACTIVE
    assert [one["id"] for one in world.live()] == [issued.credly_id]
