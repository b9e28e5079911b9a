"""Who changes something that others would like to change proves once more who they are."""

from datetime import datetime

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Person
from portal.services import audit
from portal.services.means import Means
from portal.services.people import brake
from portal.services.people.passwords import matches


def asks_password(person: Person, means: Means) -> bool:
    """Whether the present password is asked for; whoever comes by single sign-on alone has none."""
    return means.local_sign_in and person.password_hash is not None


def prove(*, person: Person, password: str, remote: str, means: Means, now: datetime) -> None:
    """Raise RuleBroken at `password` unless it is the person's. Guessing is slowed down.

    Nothing is asked of somebody without a password: what follows must ask for something else.
    """
    if not asks_password(person, means):
        return
    person_id, email, stored = person.id, person.email, person.password_hash
    wait = brake.seconds_to_wait(email, remote, now)
    if wait:
        raise RuleBroken(say("sign_in_slow_down", seconds=wait), "password")
    db.session.rollback()  # a slow hash must not keep the database's one writer waiting
    if not matches(stored, password):
        brake.note_failure(email, remote, now)
        audit.note("sign_in.failed", person_id=person_id, now=now, way="present_password")
        db.session.commit()
        raise RuleBroken(say("old_password_wrong"), "password")
