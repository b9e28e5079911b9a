"""The people of the portal: added, invited, changed, switched off."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.later import later
from portal.messages import say
from portal.models import LinkPurpose, Person, PersonRole, Role
from portal.services import audit
from portal.services.mentions import names_person
from portal.services.people import api_tokens, erased, invitations, sessions
from portal.services.people.one_time_links import make_link, person_of_link, use_link
from portal.services.people.passwords import check_password, hash_password
from portal.services.privacy.suppression import lift, suppressed
from portal.services.slices import START, Order, Place, Slice, slice_of

addresses = later("email_validator")

_BY_NAME = Order((Person.last_name, Person.first_name, Person.id))


def plain_email(text: str) -> str:
    """Return the one stored form of an address, lower-cased; raise RuleBroken at `email`."""
    try:
        found = addresses.validate_email(
            text.strip(),
            check_deliverability=False,
            allow_smtputf8=False,
            test_environment=True,  # example.test and its like are fine here
            strict=True,
        )
    except addresses.EmailNotValidError as exc:
        raise RuleBroken(say("email_not_usable"), "email") from exc
    return found.ascii_email.lower() if found.ascii_email else found.normalized.lower()


def list_for_admin(q: str, role: str, place: Place = START) -> Slice:
    """Return a page of people, by name."""
    having = ()
    if role in set(Role):
        holders = select(PersonRole.person_id).where(PersonRole.role == role)
        having = (Person.id.in_(holders),)
    query, common = select(Person.id).where(*having), None
    if q:  # whoever is erased is found by nothing
        common = query.where(names_person(q))
        query = query.where(Person.id.in_(select(Person.id).where(names_person(q))))
    else:
        query = query.where(Person.erased_at.is_(None))
    return slice_of(query, select(Person), _BY_NAME, place, common=common)


def find(email: str) -> Person | None:
    """Return who signs in with this address."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def get(person_id: int) -> Person:
    """Return the person; raise NotFound."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def add(
    *,
    email: str,
    first_name: str,
    last_name: str,
    roles: set[Role],
    password: str | None = None,
    came_back: bool = False,
) -> Person:
    """Add a person. Without a password they need an invitation to get in. Commits.

    Somebody who was erased is added only when they `came_back` themselves.
    """
    email = plain_email(email)
    if suppressed([email]):
        if not came_back:
            raise RuleBroken(say("was_erased"), "email")
        lift(email)
    first_name = plain_name(first_name, "first_name")
    last_name = plain_name(last_name, "last_name")
    if password is not None:
        check_password(password, known_words=(email.split("@")[0],), field="password")
    hashed = hash_password(password) if password is not None else None
    person = Person(
        email=email,
        first_name=first_name,
        last_name=last_name,
        password_hash=hashed,
    )
    person.give_roles(roles)
    db.session.add(person)
    with _unless_taken():
        db.session.flush()
        audit.note("person.add", person=person, after=sorted(roles))
        db.session.commit()
    return person


def invite(person: Person, now: datetime) -> str:
    """Return the code of a fresh one-time link with which the person sets a password. Commits."""
    code = make_link(person, LinkPurpose.INVITATION, now)
    audit.note("person.invite", person=person, now=now)
    db.session.commit()
    return code


def invited(code: str, now: datetime) -> Person:
    """Return whom an invitation is for; raise RuleBroken when it is not usable."""
    return person_of_link(code, LinkPurpose.INVITATION, now)


def accept_invitation(
    *, code: str, password: str, now: datetime, locale: str | None = None
) -> Person:
    """Set the first password with an invitation, which is then used up. Commits.

    The language that the person reads now is that of their mails, until they choose another.
    """
    person = person_of_link(code, LinkPurpose.INVITATION, now)
    check_password(password, known_words=(person.email.split("@")[0],), field="password")
    db.session.rollback()
    hashed = hash_password(password)
    person = use_link(code, LinkPurpose.INVITATION, now)
    person.password_hash = hashed
    person.locale = person.locale or locale
    sessions.end_all(person)
    audit.note("person.invitation_accepted", actor=person, person=person, now=now)
    db.session.commit()
    return person


def change(
    *,
    person: Person,
    email: str,
    first_name: str,
    last_name: str,
    roles: set[Role],
    now: datetime,
) -> None:
    """Change name, address and roles. The last admin stays one. Commits.

    Other roles or another address end the person's sessions, their own included: whoever changes
    themselves begins a new one. Another address also ends what was mailed to the one before.
    """
    erased.refuse(person)
    email = plain_email(email)
    first_name = plain_name(first_name, "first_name")
    last_name = plain_name(last_name, "last_name")
    if Role.ADMIN in person.roles and Role.ADMIN not in roles:
        _refuse_if_last_admin(person)
    if roles != person.roles or email != person.email:
        sessions.end_all(person)
    if email != person.email:
        invitations.withdraw(person, now)
    if roles != person.roles:
        values = {"before": sorted(person.roles), "after": sorted(roles)}
        audit.note("person.roles", person=person, now=now, **values)
        person.give_roles(roles)
    said = {"email": email, "first_name": first_name, "last_name": last_name}
    changed = [name for name, value in said.items() if getattr(person, name) != value]
    if changed:
        audit.note("person.change", person=person, now=now, fields=changed)
    for name in changed:
        setattr(person, name, said[name])
    commit_unless_taken()


def deactivate(*, actor: Person, person: Person) -> None:
    """Switch an account off and end its sessions. Commits."""
    if actor.id == person.id:
        raise RuleBroken(say("not_yourself"))
    if Role.ADMIN in person.roles:
        _refuse_if_last_admin(person)
    person.active = False
    sessions.end_all(person)
    api_tokens.revoke_all(person)
    audit.note("person.deactivate", actor=actor, person=person)
    db.session.commit()


def activate(*, person: Person) -> None:
    """Switch an account on again. Commits."""
    erased.refuse(person)
    person.active = True
    audit.note("person.activate", person=person)
    db.session.commit()


def any_admin() -> bool:
    """Say whether somebody can run the portal; as long as nobody can, it must be set up."""
    found = PersonRole.__table__.c  # plain columns: a start does without mapped classes
    query = select(found.person_id).where(found.role == Role.ADMIN).limit(1)
    return db.session.scalar(query) is not None


def plain_name(text: str, field: str) -> str:
    """Return the name with single spaces; one without anything to be seen is none."""
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not any(sign.isalnum() for sign in name):
        raise RuleBroken(say("name_missing"), field)
    return name


def commit_unless_taken() -> None:
    """Commit; raise RuleBroken at `email` when somebody else has the address."""
    with _unless_taken():
        db.session.commit()


@contextmanager
def _unless_taken() -> Iterator[None]:
    try:
        yield
    except IntegrityError as exc:
        db.session.rollback()
        raise RuleBroken(say("email_taken"), "email") from exc


def _refuse_if_last_admin(person: Person) -> None:
    if is_last_admin(person):
        raise RuleBroken(say("last_admin"))


def is_last_admin(person: Person) -> bool:
    """Say whether nobody else could run the portal."""
    others = db.session.scalar(
        select(func.count())
        .select_from(PersonRole)
        .join(Person)
        .where(PersonRole.role == Role.ADMIN, Person.active, Person.id != person.id)
    )
    return not others


def names_of(ids: set[int | None]) -> dict[int, str]:
    """Return the names of these people by their ids."""
    query = select(Person).where(Person.id.in_([one for one in ids if one is not None]))
    return {person.id: person.name for person in db.session.scalars(query)}
