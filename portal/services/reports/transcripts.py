"""Transcripts: what a person completed, which levels they reached, which badges they earned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, select, union

from portal.errors import NotFound
from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    Badge,
    Enrolment,
    EnrolmentState,
    IssuedBadge,
    Kind,
    LearningObject,
    Person,
    ReachedLevel,
    Skill,
    SkillLevel,
    Template,
)
from portal.services.reports.batches import Wanted
from portal.transcripts import Transcript, as_pdf

PEOPLE = 50


class Entry(StrEnum):
    """What a line of a transcript is about."""

    COMPLETION = "completion"
    LEVEL = "level"
    BADGE = "badge"


@dataclass(frozen=True)
class Line:
    """One thing somebody achieved. `state` is of an award, `at_credly` of its issued badge."""

    person_id: int
    entry: Entry
    at: datetime
    title: str
    kind: Kind | None = None
    level: int | None = None
    success: bool | None = None
    expires_at: datetime | None = None
    state: str | None = None
    at_credly: str | None = None
    url: str | None = None


def get_person(person_id: int) -> Person:
    """Return whose transcript it is; raise NotFound."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def of_person(person: Person) -> list[Line]:
    """Return everything a person achieved, the oldest first."""
    return _lines([person.id], (None, None, None))


def as_file(words: Transcript) -> bytes:
    """Return a transcript as PDF."""
    return as_pdf(words)


def rows(wanted: Wanted) -> Iterator[tuple[Row[Any], Line]]:
    """Yield person by person what they achieved in the period."""
    query = (
        select(Person.id, Person.last_name, Person.first_name)
        .add_columns(Person.known_email.label("email"))
        .where(Person.id.in_(_anybody(wanted)), wanted.window.people(Person.id))
        .where(*wanted.mentioned_in(Person.first_name + " " + Person.last_name, Person.email))
        .order_by(Person.id)
        .limit(PEOPLE)
    )
    part = query
    while people := db.session.execute(part).all():
        by_id = {one.id: one for one in people}
        lines = _lines(list(by_id), _when(wanted))
        db.session.commit()  # nothing was written; nobody waits for us meanwhile
        yield from ((by_id[line.person_id], line) for line in lines)
        part = query.where(Person.id > people[-1].id)


def _when(wanted: Wanted) -> tuple:
    holds = wanted.window.period.holds
    return holds(Enrolment.completed_at), holds(ReachedLevel.reached_at), holds(Award.earned_at)


def _anybody(wanted: Wanted) -> Select:
    """Return the query of those who achieved anything in the period."""
    completed, reached, earned = _when(wanted)
    return select(
        union(
            select(Enrolment.learner_id).where(completed),
            select(ReachedLevel.learner_id).where(reached),
            select(Award.learner_id).where(earned),
        ).subquery()
    )


def _lines(ids: Sequence[int], when: tuple) -> list[Line]:
    completed, reached, earned = when
    lines = [
        *_of(_completions().where(Enrolment.learner_id.in_(ids)), completed, Entry.COMPLETION),
        *_of(_levels().where(ReachedLevel.learner_id.in_(ids)), reached, Entry.LEVEL),
        *_of(_badges().where(Award.learner_id.in_(ids)), earned, Entry.BADGE),
    ]
    order = list(Entry)
    return sorted(lines, key=lambda one: (one.person_id, one.at, order.index(one.entry), one.title))


def _of(query: Select, when: Any, entry: Entry) -> Iterator[Line]:
    query = query if when is None else query.where(when)
    for row in db.session.execute(query):
        values = dict(row._mapping)
        title = values.pop("title") or values.pop("template_name", None) or ""
        values.pop("template_name", None)
        yield Line(entry=entry, title=title, **values)


def _completions() -> Select:
    return (
        select(
            Enrolment.learner_id.label("person_id"),
            Enrolment.completed_at.label("at"),
            *(LearningObject.title, LearningObject.kind),
            *(Enrolment.success, Enrolment.expires_at),
        )
        .join(Enrolment.learning_object)
        .where(Enrolment.state == EnrolmentState.COMPLETED, Enrolment.completed_at.is_not(None))
    )


def _levels() -> Select:
    return (
        select(
            ReachedLevel.learner_id.label("person_id"),
            ReachedLevel.reached_at.label("at"),
            *(Skill.name.label("title"), SkillLevel.level),
        )
        .join(ReachedLevel.skill_level)
        .join(SkillLevel.skill)
    )


def _badges() -> Select:
    return (
        select(
            Award.learner_id.label("person_id"),
            Award.earned_at.label("at"),
            *(Badge.own_name.label("title"), Template.name.label("template_name")),
            *(Award.expires_at, Award.state),
            *(IssuedBadge.state.label("at_credly"), IssuedBadge.badge_url.label("url")),
        )
        .join(Award.badge)
        .outerjoin(Badge.template)
        .outerjoin(Award.issued_badge)
        .where(Award.state != AwardState.CANCELLED)
    )
