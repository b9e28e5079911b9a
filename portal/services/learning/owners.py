"""Owners of a learning object: several are possible; an admin takes away and passes on."""

from datetime import datetime

from sqlalchemy import select

from portal.errors import NotAllowed, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import LearningObject, LearningObjectOwner, Person
from portal.policies import can_author, can_edit, is_admin
from portal.services import audit


def add(*, actor: Person, learning_object: LearningObject, email: str, now: datetime) -> Person:
    """Make an author an owner, too. Raises RuleBroken at the field `email`. Commits."""
    if not can_edit(actor, learning_object):
        raise NotAllowed
    person = db.session.scalar(select(Person).filter_by(email=email.strip().lower()))
    if person is None or not person.active:
        raise RuleBroken(say("owner_unknown"), "email")
    if not can_author(person):
        raise RuleBroken(say("owner_no_author", name=person.name), "email")
    if person in learning_object.owners:
        raise RuleBroken(say("owner_already", name=person.name), "email")
    learning_object.owners.append(person)
    _note("learning_object.owner_added", actor, learning_object, person, now)
    return person


def remove(
    *, actor: Person, learning_object: LearningObject, person_id: int, now: datetime
) -> None:
    """Take an owner off; an admin only, and never the last one. Commits."""
    if not is_admin(actor):
        raise NotAllowed
    query = select(LearningObjectOwner).filter_by(learning_object_id=learning_object.id)
    db.session.scalars(query.with_for_update()).all()  # two who leave at once must see each other
    db.session.refresh(learning_object, ["owners"])
    person = next((one for one in learning_object.owners if one.id == person_id), None)
    if person is None:
        return
    if len(learning_object.owners) == 1:
        raise RuleBroken(say("last_owner"))
    learning_object.owners.remove(person)
    _note("learning_object.owner_removed", actor, learning_object, person, now)


def _note(action: str, actor: Person, one: LearningObject, person: Person, now: datetime) -> None:
    audit.note(action, actor=actor, now=now, subject=one, person=person)
    db.session.commit()
