"""Sending the mails that wait in the outbox. Without SMTP settings they are set aside."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.extensions import db, end_looking
from portal.mail import MailRoute, Writer, compose, send
from portal.models import Mail, MailState, NotificationKind
from portal.services.issuing.claims import claim_next, still_mine
from portal.services.means import Means
from portal.services.people import notifications

LEASE = timedelta(minutes=2)
MOST_TRIES = 8
WAIT = timedelta(minutes=1)


def send_next(route: MailRoute, means: Means, now: datetime) -> bool:
    """Send one mail that is due; say whether there was one. A failure is tried again later."""
    states = (MailState.WAITING, MailState.SENDING)
    taken = claim_next(Mail, states=states, busy=MailState.SENDING, lease=LEASE, now=now)
    if taken is None:
        return False
    mail_id, owner = taken
    row = db.session.get_one(Mail, mail_id, populate_existing=True)
    link = means.sealer.open(row.sealed_link, f"mail:{row.person_id}") if row.sealed_link else ""
    if _not_wanted(row):
        still_mine(Mail, mail_id, owner, state=MailState.UNWANTED, ended_at=now, owner=None)
        db.session.commit()
        return True
    message = compose(row, link, _writer(route, means))
    tries = row.tries
    db.session.commit()
    try:
        send(message, route)
    except OSError:
        over = tries >= MOST_TRIES
        state = MailState.FAILED if over else MailState.WAITING
        still_mine(Mail, mail_id, owner, state=state, due=now + WAIT * 2**tries, owner=None)
    else:
        # The link inside was a secret: it is not kept once it has been handed on.
        values = {"state": MailState.DONE, "ended_at": now, "owner": None, "sealed_link": None}
        still_mine(Mail, mail_id, owner, **values)
    db.session.commit()
    return True


def _not_wanted(row: Mail) -> bool:
    """Say whether its reader switched this kind off, or is gone, after it was written."""
    told = row.kind in set(NotificationKind)
    return told and (not row.person.active or row.kind in notifications.unwanted(row.person_id))


def _writer(route: MailRoute, means: Means) -> Writer:
    def stop_token(person_id: int, kind: str) -> str:
        return notifications.stop_token(person_id, NotificationKind(kind), means.sealer)

    return Writer(means.portal_name, means.public_url, route.sender, stop_token)


def set_aside(means: Means, now: datetime) -> bool:
    """Where no mail is set up, mark what waits as not sent, so that it never leaves late."""
    if db.session.scalar(select(Mail.id).where(Mail.state == MailState.WAITING).limit(1)) is None:
        end_looking()
        return False
    values = {"state": MailState.NOT_SENT, "ended_at": now, "sealed_link": None}
    end_looking()
    db.session.execute(update(Mail).where(Mail.state == MailState.WAITING).values(**values))
    db.session.commit()
    return True
