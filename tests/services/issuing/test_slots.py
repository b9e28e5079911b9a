"""What one slot does for a badge: how few statements, in which commit, nothing when too late."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import event

from portal.extensions import db
from portal.jobs.work import A_WHILE, Work
from portal.models import Delivery, DeliveryState, IssuedBadge, Notification, TrailEntry
from portal.services.issuing.deliver import carry
from portal.services.issuing.dispatch import is_ready


def test_a_slot_that_is_free_again_goes_on_in_the_same_commit(world):
    world.completed_by(3)
    (claim,) = world.claims(limit=1)
    row = []
    while claim:
        state, claim = carry(claim, means=world.means, clock=lambda: world.now, goes_on=True)
        row.append(state)
    assert row == [DeliveryState.DONE] * 3


def test_a_slot_goes_on_for_a_while_and_then_looks_who_else_waits(world):
    work = Work(world.app)
    for count in (1, 6):  # the first one proves the connection
        first, *_rest = world.completed_by(count)
        db.session.commit()
        work.carry(work.take(first.id))
        for _call in range(6):
            world.credly.plan(delay=A_WHILE / 2, when="after")
    world.credly.control("DELETE", "plan")
    states = Counter(db.session.scalars(db.select(Delivery.state)))
    assert states["waiting"] >= 2, "the slot was free before they were done"
    assert states["done"] == 7 - states["waiting"] >= 2


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


def test_an_answer_that_comes_after_the_claim_was_lost_writes_and_takes_nothing(world):
    world.completed_by(2)
    (claim,) = world.claims(limit=1)
    theirs = Delivery.id == claim.delivery_id
    moments = []

    def clock():
        moments.append(world.now)
        if len(moments) == 3:  # Credly has answered
            db.session.execute(db.update(Delivery).where(theirs).values(owner=world.stranger()))
            db.session.commit()
        return world.now

    assert carry(claim, means=world.means, clock=clock, goes_on=True) == (None, None)
    assert len(world.posts()) == 1
    assert db.session.scalars(db.select(IssuedBadge.credly_id)).all() == [None, None]
    assert db.session.scalars(db.select(Delivery.state).where(~theirs)).all() == ["waiting"]
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
    assert len(statements) <= (3 if db.engine.dialect.name == "postgresql" else 7) * 5 + 2


def test_the_oldest_that_waits_is_found_without_looking_through_all(world):
    world.complete()
    if db.engine.dialect.name == "postgresql":
        # With few rows the server would read them all: its settings say that it may not.
        for way in ("seqscan", "bitmapscan", "sort"):
            db.session.execute(db.text(f"SET LOCAL enable_{way} = off"))
    explain = "EXPLAIN" if db.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    waits = is_ready(world.now) & (Delivery.connection_id == world.connection.id)
    query = db.select(Delivery.id).where(waits).order_by(Delivery.due, Delivery.id).limit(1)
    words = query.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = str(db.session.execute(db.text(f"{explain} {words}")).all())
    assert "ix_delivery_claimable" in plan
    assert "Sort" not in plan
    assert "B-TREE" not in plan
