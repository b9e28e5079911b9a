"""Whatever happens to the badges of a certification on their way: one chain at practice Credly.

The reference is one sentence: every cycle's badge is there once, and replaces the one before it.
"""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from portal.extensions import db
from portal.models import OPEN, Delivery, DeliveryKind, IssuedBadge
from tests.factories import make_person
from tests.properties.test_awards import looking_at
from tests.renewals import YEAR, Renewal

# What becomes of a cycle's delivery before the next cycle begins. Forgotten: carried, but the
# portal lost sight of it since, and means to issue the next one by itself.
FATES = ("carried", "left lying", "answer lost", "forgotten")
MOMENTS = (0, 200, 400, 4000, 8000, 12000, 16000)


@looking_at(10)
@given(
    fates=some.lists(some.sampled_from(FATES), min_size=1, max_size=2), backwards=some.booleans()
)
def test_the_cycles_are_one_chain_at_credly(world, fates, backwards):
    renewal = Renewal(world)
    renewal.lena = make_person()
    renewal.first()
    for number, fate in enumerate(fates):
        meet(renewal, fate, YEAR * number)
        renewal.renew(world.now + YEAR * (number + 1))
        if fate == "forgotten":
            forget(renewal)
    carry_all(renewal, YEAR * len(fates), backwards)
    badges = {one["id"]: one for one in world.live()}
    cycles = issued_to(renewal)
    here = [badges[one.credly_id] for one in cycles]
    ids = [one["id"] for one in here]
    assert len(set(ids)) == len(fates) + 1
    assert [one["replaces_badge_id"] for one in here] == [None, *ids[:-1]]
    assert [one["replacement_badge_id"] for one in here] == [*ids[1:], None]


def meet(renewal: Renewal, fate: str, after: timedelta) -> None:
    """Carry what is due, or lose its answer, or leave it lying."""
    if fate == "answer lost":
        renewal.world.credly.plan(match={"method": "POST"}, when="after", drop="reset")
    if fate != "left lying":
        renewal.world.work(after.total_seconds())


def forget(renewal: Renewal) -> None:
    """Lose sight of the badge before the newest, as an old backup does."""
    *_others, before, newest = issued_to(renewal)
    before.credly_id = before.state = newest.replaces_id = None
    delivery = db.session.scalars(select(Delivery).filter_by(issued_badge_id=newest.id)).one()
    delivery.kind = DeliveryKind.ISSUE
    db.session.commit()


def carry_all(renewal: Renewal, after: timedelta, backwards: bool) -> None:
    """Carry until nothing is under way any more; the newest cycle may be looked at first."""
    begun = after.total_seconds()
    waiting = db.session.scalars(select(Delivery).where(Delivery.state.in_(OPEN))).all()
    for number, one in enumerate(sorted(waiting, key=lambda row: row.id, reverse=backwards)):
        one.due = renewal.world.now + after + timedelta(seconds=number)
    db.session.commit()
    for moment in MOMENTS:
        renewal.world.work(begun + moment, limit=1)


def issued_to(renewal: Renewal) -> list[IssuedBadge]:
    query = select(IssuedBadge).filter_by(
        learner_id=renewal.lena.id, badge_id=renewal.certification.badge_id
    )
    return list(db.session.scalars(query.order_by(IssuedBadge.cycle)))
