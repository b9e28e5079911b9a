"""What people are told about badges on their way. Rows go into the caller's transaction."""

from datetime import datetime

from sqlalchemy import func, select

from portal.extensions import db
from portal.messages import say
from portal.models import Award, Connection, IssuedBadge, NotificationKind, Person
from portal.services.issuing.facts import ConnectionFacts, LearnerFacts
from portal.services.people.notifications import notify, notify_once, staff_ids, telling
from portal.services.together import Write

MY_BADGES, DELIVERIES = "/learner/badges", "/admin/deliveries"


def issued(
    *, person_id: int, award_id: int | None, badge_name: str, by_mail: bool, now: datetime
) -> list[Write]:
    """Return what tells the learner that Credly has issued the badge; by mail only where mail is
    set up.
    """
    return telling(
        person_id=person_id,
        kind=NotificationKind.BADGE_ISSUED,
        message=say("told_badge_issued", badge=badge_name),
        path=_page(award_id),
        by_mail=by_mail,
        now=now,
    )


def reminder(issued: IssuedBadge, now: datetime) -> None:
    """Remind the learner that the badge still waits."""
    message = say("told_accept_reminder", badge=issued.badge.name)
    values = {"message": message, "path": _page_of(issued), "now": now}
    notify(person=issued.learner, kind=NotificationKind.ACCEPT_REMINDER, **values)


def name_needed(learner: Person | LearnerFacts, now: datetime) -> None:
    """Tell the learner, and staff, that a badge waits for a name that can stand on it."""
    notify_once(
        person_ids=[learner.id],
        kind=NotificationKind.NAME_NEEDED,
        message=say("told_name_needed"),
        path="/learner/profile/name",
        now=now,
    )
    _tell_staff("told_name_held", now)


def needs_person(now: datetime) -> None:
    """Tell staff that a delivery does not go on by itself."""
    _tell_staff("told_needs_person", now)


def connection_held(connection: Connection | ConnectionFacts, now: datetime) -> None:
    """Tell staff that Credly refused a connection, and that everything waits."""
    notify_once(
        person_ids=staff_ids(),
        kind=NotificationKind.CONNECTION_HELD,
        message=say("told_connection_held", connection=connection.name),
        path=f"/admin/connectors/credly/{connection.id}",
        now=now,
    )


def _page_of(issued: IssuedBadge) -> str:
    award_id = db.session.scalar(select(func.min(Award.id)).filter_by(issued_badge_id=issued.id))
    return _page(award_id)


def _page(award_id: int | None) -> str:
    return f"{MY_BADGES}/{award_id}" if award_id else MY_BADGES


def _tell_staff(code: str, now: datetime) -> None:
    notify_once(
        person_ids=staff_ids(),
        kind=NotificationKind.DELIVERY_NEEDS_PERSON,
        message=say(code),
        path=f"{DELIVERIES}?state=needs_person" if code == "told_needs_person" else DELIVERIES,
        now=now,
    )
