"""What people decide about themselves: language, theme, name, Credly profile, password."""

from datetime import datetime

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Person, Theme
from portal.services import audit
from portal.services.issuing import names, operations, sharing
from portal.services.means import Means
from portal.services.people import brake, mails, sessions
from portal.services.people.passwords import check_password, hash_password, matches
from portal.services.people.people import plain_name


def keep(
    *, person: Person, locale: str | None, theme: Theme, credly_profile: str, means: Means
) -> None:
    """Keep how the person wants the portal to be, all or nothing. Commits.

    Raises RuleBroken at `credly_profile` for what is no address of a Credly profile.
    """
    person.locale, person.theme = locale, theme
    try:
        sharing.keep_profile(learner=person, url=credly_profile, means=means)
    except RuleBroken:
        db.session.rollback()
        raise


def rename(
    *, person: Person, first_name: str, last_name: str, now: datetime
) -> operations.Followed:
    """Change the name that stands on badges; return what that means for them. Commits.

    Raises RuleBroken at the field whose name cannot stand on a badge.
    """
    first_name = plain_name(first_name, "first_name")
    last_name = plain_name(last_name, "last_name")
    field = names.unusable_field(person, first_name, last_name)
    if field:
        raise RuleBroken(say("name_not_for_badges"), field)
    person.first_name, person.last_name = first_name, last_name
    audit.note("person.name", actor=person, person=person, now=now)
    db.session.commit()
    return operations.follow(learner=person, now=now)


def name_usable(person: Person) -> bool:
    """Say whether the person's name can stand on a badge."""
    return names.usable(person)


def change_password(
    *, person: Person, old_password: str, password: str, address: str, now: datetime
) -> None:
    """Change the password of somebody who knows the old one, and end every session. Commits.

    Guessing the old one is slowed down as signing in is. The caller begins a new session.
    """
    person_id, email, stored = person.id, person.email, person.password_hash
    wait = brake.seconds_to_wait(email, address, now)
    if wait:
        raise RuleBroken(say("sign_in_slow_down", seconds=wait))
    db.session.rollback()  # a slow hash must not keep the database's one writer waiting
    if not matches(stored, old_password):
        brake.note_failure(email, address, now)
        audit.note("sign_in.failed", person_id=person_id, now=now, way="present_password")
        db.session.commit()
        raise RuleBroken(say("old_password_wrong"), "old_password")
    check_password(password, known_words=(email.split("@")[0],), field="password")
    person.password_hash = hash_password(password)
    brake.note_success(email, address, now)
    sessions.end_all(person)
    audit.note("person.password", actor=person, person=person, now=now)
    mails.put_out(person=person, kind="password_changed", now=now)
    db.session.commit()
