"""Writing down how revoking and replacing went, and what comes after it."""

from datetime import datetime

from sqlalchemy import update

from portal.credly.payloads import Badge as CredlyBadge
from portal.extensions import db
from portal.messages import Message, say
from portal.models import Award, AwardState, Delivery, DeliveryState, IssuedBadge
from portal.services.issuing import health, issued_badges
from portal.services.issuing.awarding import new_delivery
from portal.services.issuing.record import Run, done, write


def found_replacement(run: Run, badge: CredlyBadge, now: datetime) -> DeliveryState | None:
    """An earlier try had replaced the badge already. Commits."""
    return done(run, badge, say("looked_up_found"), now)


def revoked(run: Run, badge: CredlyBadge, now: datetime) -> DeliveryState | None:
    """Credly revoked the badge: so are its awards, unless it is issued anew. Commits."""
    return _over(run, say("revoked_at_credly"), now, badge)


def gone(run: Run, now: datetime) -> DeliveryState | None:
    """Credly does not know the badge any more, so there is nothing to revoke. Commits."""
    return _over(run, say("gone_at_credly"), now, None)


def _over(
    run: Run, message: Message, now: datetime, badge: CredlyBadge | None
) -> DeliveryState | None:
    order = run.order
    values = {"state": DeliveryState.DONE, "ended_at": now, "failures": 0}
    state = write(run, values, message, now, commit=False)
    if state is None:
        return None
    issued = order.issued_row()
    if badge is None:
        issued_badges.gone(issued, now)
    else:
        issued_badges.apply(issued, badge, run.means, now)
        issued.due = None
    if order.delivery.issue_afterwards and not order.delivery.cancel_asked:
        _issue_anew(run, issued, now)
    else:
        _revoke_awards(issued.id)
    health.note_answer(order.connection, run.started_at, run.means.rules, now)
    db.session.commit()
    return state


def _issue_anew(run: Run, issued: IssuedBadge, now: datetime) -> None:
    """The same cycle is issued again, to another address: the old id is kept beside."""
    issued_badges.forget_credly_id(issued)
    issued.replaces = None  # what it replaced is gone with it
    successor = new_delivery(issued, issued.badge, issued.learner, now)
    if not run.posted:
        # Revoked before this try, so it may be issued anew already, too: before a backup was
        # restored, or by hand. sent_at makes the worker look before it sends.
        successor.sent_at = successor.quiet_until = now
    db.session.flush()
    db.session.execute(
        update(Delivery)
        .where(Delivery.id == run.order.delivery.id)
        .values(successor_id=successor.id)
        .execution_options(synchronize_session=False)
    )


def _revoke_awards(issued_badge_id: int) -> None:
    db.session.execute(
        update(Award)
        .where(Award.issued_badge_id == issued_badge_id, Award.state == AwardState.EARNED)
        .values(state=AwardState.REVOKED)
        .execution_options(synchronize_session=False)
    )
