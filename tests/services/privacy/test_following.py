"""What follows a changed person by itself leaves alone who opted out, and who is erased."""

from portal.extensions import db
from portal.models import Delivery, DeliveryKind, IssuedBadge
from portal.services.issuing import operations, sweeping
from portal.services.privacy import erasure, opting_out


def changes() -> list[Delivery]:
    kind = Delivery.kind != DeliveryKind.ISSUE
    return list(db.session.scalars(db.select(Delivery).where(kind)))


def test_who_opted_out_keeps_the_badge_they_have(world):
    world.completed_by(1)
    world.work()
    learner = db.session.scalars(db.select(IssuedBadge)).one().learner
    opting_out.opt_out(person=learner, now=world.now)
    learner.badge_email, learner.first_name = "other@example.org", "Other"
    db.session.commit()
    operations.follow(learner=learner, now=world.now)
    sweeping.follow_changed_people(world.now)
    assert changes() == [], "it would be revoked, and not issued again"


def test_an_answer_after_an_erasure_changes_nothing_at_credly(world, ada):
    delivery = world.completed_by(1)[0]
    world.credly.plan(when="after", drop="reset")
    world.work()
    learner = delivery.issued_badge.learner
    erasure.ask_for(actor=ada, person=learner, reason="asked", now=world.now)
    wish = {"typed": learner.email, "revoke": False, "means": world.means}
    erasure.erase(actor=ada, person=learner, **wish, now=world.now)
    world.work(after=1000)
    assert len(world.live()) == 1
    assert db.session.get(IssuedBadge, delivery.issued_badge_id).credly_id
    sweeping.follow_changed_people(world.now)
    assert changes() == [], "what is at Credly stays as it was"
