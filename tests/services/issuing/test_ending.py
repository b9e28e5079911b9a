"""The end of an engine: what is in flight may end, and is not waited for beyond its time."""

from portal.extensions import db
from portal.jobs.loop import STOP_WITHIN, Engine
from portal.models import DeliveryState


def test_an_engine_says_whether_what_it_had_in_hand_has_ended(world):
    delivery = world.complete()
    db.session.commit()
    engine = Engine(world.app)
    (claim,) = engine.work.take_due()
    assert not engine.stop(timeout=0)
    engine.work.carry(claim)
    assert engine.stop(timeout=0)
    db.session.refresh(delivery)
    assert delivery.state is DeliveryState.DONE


def test_what_is_left_of_the_thirty_seconds_is_for_the_end_itself():
    assert 25 < STOP_WITHIN < 30
