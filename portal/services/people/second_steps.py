"""The second step of signing in: the password was right, the code of the app is still to come."""

from datetime import datetime, timedelta

from portal.extensions import db
from portal.models import LinkPurpose, Person
from portal.services.means import Means
from portal.services.people import second_factor
from portal.services.people.one_time_links import add_link, person_of_link, use_link

LIFE = timedelta(minutes=10)


def begin(person: Person, now: datetime) -> str:
    """Return a code that stands for the first step, in this browser alone. Commits."""
    return add_link(person, LinkPurpose.SECOND_STEP, now, life=LIFE)


def person_waiting(code: str, now: datetime) -> Person:
    """Return who has taken the first step; raise RuleBroken when that is too long ago."""
    return person_of_link(code, LinkPurpose.SECOND_STEP, now)


def finish(*, code: str, answer: str, means: Means, now: datetime) -> Person:
    """Take the second step; return who may come in. Commits. Raises RuleBroken at `code`."""
    person = person_waiting(code, now)
    second_factor.verify(person=person, code=answer, means=means, now=now)
    use_link(code, LinkPurpose.SECOND_STEP, now)
    db.session.commit()
    return person
