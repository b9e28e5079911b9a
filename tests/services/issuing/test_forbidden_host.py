"""A host that the portal may not talk to any more holds its connection, and nothing breaks."""

from portal.extensions import db
from portal.models import ConnectionState, DeliveryState, Held
from portal.services.issuing import books
from portal.services.issuing.ledgers import Finding


def forbid(world) -> None:
    """What taking the host out of CREDLY_EXTRA_HOSTS comes to."""
    world.connection.hostname = "credly.example.org"
    db.session.commit()


def test_deliveries_are_held_and_the_connection_says_why(world):
    forbid(world)
    delivery = world.complete()
    world.work()
    db.session.refresh(delivery)
    assert (delivery.state, delivery.held_because) == (DeliveryState.HELD, Held.CONNECTION_HELD)
    assert world.connection.state is ConnectionState.HELD
    assert world.connection.state_reason["code"] == "host_allowed_no_more"


def test_the_books_say_that_it_was_not_read(world):
    forbid(world)
    assert [row.finding for row in books.balance(world.means).rows] == [Finding.UNREAD]
