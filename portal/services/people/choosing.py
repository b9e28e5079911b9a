"""People chosen on a page: ticked in a list, pasted as addresses, or a group taken whole."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import GroupMember, Person
from portal.services.mentions import names_person
from portal.services.people.people import plain_email

MOST = 2000  # people at a time
MOST_FOUND = 50
_PIECE = 500
_APART = re.compile(r"[,;\r\n\t]+")
_IN_BRACKETS = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True)
class Chosen:
    """The people, each once, by name; and what was pasted but belongs to nobody here."""

    people: list[Person]
    unknown: list[str]


def choose(*, ids: Collection[int], pasted: str, group_id: int) -> Chosen:
    """Return who was chosen in these three ways together; `group_id` is 0 for none.

    Raises RuleBroken when nobody was named, or too many at once.
    """
    typed = list(dict.fromkeys(_typed(pasted)))
    if not ids and not typed and not group_id:
        raise RuleBroken(say("nobody_chosen"))
    if len(typed) > MOST:
        raise RuleBroken(say("too_many_people", most=MOST), "emails")
    by_email, unknown = _by_email(typed)
    people = {one.id: one for one in (*by_email, *named(ids), *_of_group(group_id))}
    if len(people) > MOST:
        raise RuleBroken(say("too_many_people", most=MOST))
    ordered = sorted(people.values(), key=lambda one: (one.last_name, one.first_name, one.id))
    return Chosen(ordered, unknown)


def find(q: str) -> list[Person]:
    """Return the first active people whose name or address contains the words; none for none."""
    if not q:
        return []
    query = (
        select(Person)
        .where(Person.active, names_person(q))
        .order_by(Person.last_name, Person.first_name, Person.id)
        .limit(MOST_FOUND)
    )
    return list(db.session.scalars(query))


def named(ids: Collection[int]) -> list[Person]:
    """Return the people with these ids, by name; who is erased is nobody any more."""
    query = select(Person).where(Person.id.in_(ids), Person.erased_at.is_(None))
    query = query.order_by(Person.last_name, Person.first_name)
    return list(db.session.scalars(query)) if ids else []


def _typed(pasted: str) -> Iterator[str]:
    """Yield what looks like an address: `Lena Learner <lena@example.org>` stands for one."""
    for piece in _APART.split(pasted):
        inside = _IN_BRACKETS.search(piece)
        yield from inside.group(1).split() if inside else piece.split()


def _by_email(typed: list[str]) -> tuple[list[Person], list[str]]:
    addresses, unknown = {}, []
    for text in typed:
        try:
            addresses.setdefault(plain_email(text), text)
        except RuleBroken:
            unknown.append(text)
    found = {}
    waiting = iter(addresses)
    while piece := list(islice(waiting, _PIECE)):
        query = select(Person).where(Person.email.in_(piece))
        found.update({one.email: one for one in db.session.scalars(query)})
    unknown += [text for address, text in addresses.items() if address not in found]
    return list(found.values()), unknown


def _of_group(group_id: int) -> list[Person]:
    if not group_id:
        return []
    members = select(GroupMember.person_id).filter_by(group_id=group_id)
    query = select(Person).where(Person.id.in_(members), Person.active)
    return list(db.session.scalars(query.limit(MOST + 1)))
