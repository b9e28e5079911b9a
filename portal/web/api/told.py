"""Reading what another system tells of a completion."""

from datetime import date, datetime
from typing import Any

from portal.services import days
from portal.services.api import moments
from portal.services.api.completions import Told
from portal.web.api import bodies
from portal.web.means import means

_TEXT, _NUMBER = "1–255 printable characters", "a whole number"


def told(body: dict[str, Any], now: datetime) -> Told:
    """Return what was told; raise Problem for what is missing, too much or not as it should be."""
    members = bodies.Members(body)
    person = _named(members, "person_id", "email")
    about = _named(members, "object_id", "source_id")
    when = {
        "completed_on": members.take("completed_on", _day, "2026-05-31"),
        "completed_at": members.take("completed_at", _moment, "2026-05-31T12:00:00Z"),
    }
    how = {"success": members.take("success", bodies.yes_or_no, "true, false")}
    members.end()
    for one in (person, about, how):
        bodies.one_of(one)
    bodies.one_of(when, needed=False)
    return Told(**person, **about, **how, **_when(when, now))


def _named(members: bodies.Members, number: str, text: str) -> dict[str, Any]:
    return {
        text: members.take(text, bodies.text, _TEXT),
        number: members.take(number, bodies.number, _NUMBER),
    }


def _when(when: dict[str, Any], now: datetime) -> dict[str, Any]:
    day, at = when["completed_on"], when["completed_at"]
    if day is not None:
        at = days.moment_on(day, means().time_zone, now)
    return {"at": at, "said_as": next((one for one in when if when[one] is not None), None)}


def _day(value: Any) -> date:
    return moments.read_day(bodies.text(value))


def _moment(value: Any) -> datetime:
    return moments.read(bodies.text(value))
