"""What every kind of sending shares: one run, and the durable mark directly before a call."""

from collections.abc import Callable
from datetime import datetime

from portal.credly.client import CredlyClient
from portal.extensions import commit_by_itself, db
from portal.models import Delivery
from portal.services.issuing.calling import Pace
from portal.services.issuing.claims import still_mine
from portal.services.issuing.record import Run

Clock = Callable[[], datetime]


class Carrier:
    """One try in hand: the run, the client that speaks for the connection, and the clock."""

    def __init__(self, run: Run, client: CredlyClient, pace: Pace, clock: Clock):
        self.run, self.client, self.pace, self.clock = run, client, pace, clock
        self.order = run.order

    def mark_sent(self) -> bool:
        """Write down, durably, that a call that changes something is about to leave.

        False when the row is not ours any more, or a person asked to cancel meanwhile. Books the
        slot of the call in the same transaction, and waits for it.
        """
        order, rules, now = self.order, self.run.means.rules, self.clock()
        email, first_name, last_name = order.recipient
        quiet_until = now + rules.quiet_period
        if rules.rate <= 0:  # else the slot is booked with it
            commit_by_itself()
        mine = still_mine(
            Delivery,
            order.delivery.id,
            order.owner,
            Delivery.__table__.c.cancel_asked.is_(False),
            sent_at=now,
            due=quiet_until,
            quiet_until=quiet_until,
            recipient_email=email,
            first_name=first_name,
            last_name=last_name,
        )
        slot = self.pace.book() if mine else 0.0
        db.session.commit()
        if mine:
            self.run.posted = self.pace.prepaid = True
            self.pace.wait_for(slot)
        return mine
