"""Groups: named lists of people, made by administrators and used to enrol many at once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Group, GroupMember, Person
from portal.services import audit
from portal.services.mentions import names_person
from portal.services.paging import Page, literally, page_of
from portal.services.plain_text import one_line
from portal.services.slices import START, Order, Place, Slice, slice_of

_BY_NAME = Order((Person.last_name, Person.first_name, Person.id))


def list_for_admin(q: str, page: int) -> Page:
    """Return a page of groups, by name."""
    query = select(Group).order_by(Group.name_key, Group.id)
    if q:
        query = query.where(Group.name.ilike(literally(q), escape="\\"))
    return page_of(query, page)


def every() -> Sequence[Group]:
    """Return the groups to choose from, by name."""
    return db.session.scalars(select(Group).order_by(Group.name_key).limit(1000)).all()


def sizes(groups: Collection[Group]) -> dict[int, int]:
    """Return how many people are in these groups, by the group's id; empty ones are left out."""
    query = (
        select(GroupMember.group_id, func.count())
        .where(GroupMember.group_id.in_([group.id for group in groups]))
        .group_by(GroupMember.group_id)
    )
    return {group_id: size for group_id, size in db.session.execute(query)}


def get(group_id: int) -> Group:
    """Return the group; raise NotFound."""
    group = db.session.get(Group, group_id)
    if group is None:
        raise NotFound
    return group


def members_of(group: Group, q: str, place: Place = START) -> Slice:
    """Return a page of the people in a group, by name."""
    members = select(GroupMember.person_id).where(GroupMember.group_id == group.id)
    query = select(Person.id).where(Person.id.in_(members))
    if q:
        query = query.where(names_person(q))
    return slice_of(query, select(Person), _BY_NAME, place)


def create(*, actor: Person, name: str, description: str, now: datetime) -> Group:
    """Make a group without people. Commits."""
    group = Group(created_at=now)
    _fill(group, name, description)
    db.session.add(group)
    _commit_unless_taken()
    audit.note("group.create", actor=actor, now=now, subject=group)
    db.session.commit()
    return group


def rename(*, group: Group, name: str, description: str) -> None:
    """Change how a group is called. Commits."""
    _fill(group, name, description)
    audit.note("group.rename", subject=group)
    _commit_unless_taken()


def add(*, actor: Person, group: Group, people: Collection[Person], now: datetime) -> int:
    """Put people into a group; return how many were not in it before. Commits."""
    query = select(GroupMember.person_id).filter_by(group_id=group.id)
    there = set(db.session.scalars(query.with_for_update()))
    fresh = [one.id for one in people if one.id not in there]
    db.session.add_all(GroupMember(group_id=group.id, person_id=one) for one in fresh)
    audit.note("group.add", actor=actor, now=now, subject=group, people=fresh)
    try:
        db.session.commit()
    except IntegrityError as exc:  # somebody put one of them in, or deleted the group, just now
        db.session.rollback()
        raise RuleBroken(say("changed_meanwhile")) from exc
    return len(fresh)


def remove(*, actor: Person, group: Group, person_ids: Collection[int], now: datetime) -> int:
    """Take people out of a group; return how many were in it. Commits."""
    gone = db.session.execute(
        delete(GroupMember)
        .where(GroupMember.group_id == group.id, GroupMember.person_id.in_(person_ids))
        .execution_options(synchronize_session=False)
    ).rowcount
    audit.note("group.remove", actor=actor, now=now, subject=group, people=list(person_ids))
    db.session.commit()
    return gone


def delete_group(*, actor: Person, group: Group, now: datetime) -> None:
    """Delete a group; the people and their enrolments stay. Commits."""
    audit.note("group.delete", actor=actor, now=now, subject=group)
    db.session.execute(delete(GroupMember).filter_by(group_id=group.id))
    db.session.delete(group)
    db.session.commit()


def _fill(group: Group, name: str, description: str) -> None:
    name = one_line(name)
    if not any(sign.isalnum() for sign in name):
        raise RuleBroken(say("name_needs_letters"), "name")
    group.name, group.name_key = name, name.casefold()
    group.description = description.strip()


def _commit_unless_taken() -> None:
    try:
        db.session.flush()
    except IntegrityError as exc:
        db.session.rollback()
        raise RuleBroken(say("group_name_taken"), "name") from exc
    db.session.commit()
