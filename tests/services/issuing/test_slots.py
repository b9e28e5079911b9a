"""What one slot does for a badge: how few statements, in which commit, nothing when too late."""

from datetime import timedelta

from sqlalchemy import event

from portal.extensions import db
from portal.models import Delivery, DeliveryState, IssuedBadge, Notification, TrailEntry
from portal.services.issuing.deliver import carry


def test_a_slot_that_is_free_again_goes_on_in_the_same_commit(world):
    world.completed_by(3)
    (claim,) = world.claims(limit=1)
    row = []
    while claim:
        state, claim = carry(claim, means=world.means, clock=lambda: world.now, goes_on=True)
        row.append(state)
    assert row == [DeliveryState.DONE] * 3


def test_a_slot_takes_nothing_more_while_credly_asked_for_quiet(world):
    world.completed_by(2)
    (claim,) = world.claims(limit=1)
    world.connection.closed_until = world.now + timedelta(minutes=5)
    world.connection.failing_since = world.now
    db.session.commit()
    assert carry(claim, means=world.means, clock=lambda: world.now, goes_on=True) == (
        DeliveryState.DONE,
        None,
    )


def test_an_answer_that_comes_after_the_claim_was_lost_writes_nothing(world):
    world.complete()
    (claim,) = world.claims()
    moments = []

    def clock():
        moments.append(world.now)
        if len(moments) == 3:  # Credly has answered
            db.session.execute(db.update(Delivery).values(owner=world.stranger()))
            db.session.commit()
        return world.now

    assert carry(claim, means=world.means, clock=clock)[0] is None
    assert len(world.posts()) == 1
    assert db.session.scalar(db.select(IssuedBadge.credly_id)) is None
    for told in (TrailEntry, Notification):
        assert db.session.scalars(db.select(told)).all() == []


def test_an_issue_takes_few_statements(world):
    world.completed_by(5)
    (claim,) = world.claims(limit=1)
    statements = []

    def count(_connection, _cursor, statement, *_more):
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    while claim:
        _state, claim = carry(claim, means=world.means, clock=lambda: world.now, goes_on=True)
    assert len(world.posts()) == 5
    assert len(statements) <= (4 if db.engine.dialect.name == "postgresql" else 7) * 5 + 2
