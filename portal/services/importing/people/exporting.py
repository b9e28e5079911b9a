"""People as rows of people.csv. Who is switched off is left out: a file has no place to say so."""

from collections.abc import Iterator

from sqlalchemy import select

from portal.extensions import db
from portal.models import Person, PersonRole

PIECE = 500


def rows() -> Iterator[list[str]]:
    """Yield the cells of everybody who may sign in, in the order in which they came."""
    last = 0
    columns = (Person.id, Person.email, Person.first_name, Person.last_name, Person.locale)
    active = select(*columns).where(Person.active).order_by(Person.id).limit(PIECE)
    while found := db.session.execute(active.where(Person.id > last)).all():
        roles = _roles(last, found[-1].id)
        for person in found:
            theirs = "|".join(roles.get(person.id, ()))
            yield [person.email, person.first_name, person.last_name, theirs, person.locale or ""]
        last = found[-1].id


def _roles(after: int, upto: int) -> dict[int, list[str]]:
    roles: dict[int, list[str]] = {}
    query = select(PersonRole.person_id, PersonRole.role).order_by(PersonRole.role)
    query = query.where(PersonRole.person_id > after, PersonRole.person_id <= upto)
    for person_id, role in db.session.execute(query):
        roles.setdefault(person_id, []).append(role.value)
    return roles
