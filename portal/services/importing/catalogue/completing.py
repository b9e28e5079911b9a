"""Behind the last grade: courses whose modules are done are completed, with all that follows.

Groups of learners, each a transaction; after a break what is completed already stays as it is.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from portal.extensions import db
from portal.models import (
    OPEN_ENROLMENTS,
    Course,
    Enrolment,
    ImportRow,
    ModuleDone,
    Outcome,
    Person,
    SourceRecord,
)
from portal.services.importing.catalogue.enrolments import is_sent
from portal.services.importing.catalogue.references import ids_of
from portal.services.importing.catalogue.rows import BETWEEN
from portal.services.importing.file_kind import Errand
from portal.services.in_bulk import among, pairs_among, plan_for_values
from portal.services.learning import history, rules
from portal.services.learning.fulfilment import fulfilled_at
from portal.services.locks import lock_all

KIND = "user_course_grade"
LEARNERS = 200  # in one transaction
PIECE = 1_000  # in one statement: SQLite takes no more than 32,766 values
NO_SUCCESS = "success"  # kept as FALSE where a module was completed without


def complete_all(errand: Errand) -> Iterator[None]:
    """Complete what the run's rows fulfil, so many learners at a time; callers commit each."""
    last = ""
    while emails := _next_learners(errand, last):
        _complete(errand, emails)
        last = emails[-1]
        yield


def _next_learners(errand: Errand, last: str) -> list[str]:
    query = (
        select(ImportRow.name)
        .where(ImportRow.import_run_id == errand.run.id, ImportRow.name > last)
        .where(ImportRow.outcome.in_((Outcome.NEW, Outcome.CHANGED)))
        .distinct()
        .order_by(ImportRow.name)
        .limit(LEARNERS)
    )
    return list(db.session.scalars(query))


def _complete(errand: Errand, emails: Sequence[str]) -> None:
    """Complete the courses of these rows whose modules are done, all learners together."""
    plan_for_values()
    ids = ids_of("people", emails)
    lock_all(ids.values())
    learners = {
        one.id: one
        for one in db.session.scalars(select(Person).where(among(Person.id, ids.values())))
    }
    opened = open_at(_pairs(errand, ids))
    needs = rules.of_enrolments(opened)
    done = _moments([one.id for one in opened])
    failures = _failures(learners)
    of_learner: dict[Person, dict[Enrolment, datetime]] = {}
    failed = set()
    for one in opened:
        at = fulfilled_at(needs[one.id], done.get(one.id, {}))
        if at is not None:
            of_learner.setdefault(learners[one.learner_id], {})[one] = at
            if (one.learner_id, one.learning_object.source_id) in failures:
                failed.add(one)
    history.complete(of_learner, failed=failed, now=errand.now, sent=is_sent(errand))


def open_at(pairs: set[tuple[int, int]]) -> list[Enrolment]:
    """Return the attempts at these courses that these learners are at, as they stand by now."""
    courses = {course for _learner, course in pairs}
    one_pair = (Enrolment.learner_id, Enrolment.learning_object_id)
    query = select(Enrolment).where(Enrolment.state.in_(OPEN_ENROLMENTS))
    query = query.order_by(Enrolment.learner_id, Enrolment.id)
    # Read once and held, so that no attempt brings its course along or asks for it.
    objects = db.session.scalars(select(Course).where(among(Course.id, courses))).all()
    by_id = {one.id: one for one in objects}
    fresh = {"populate_existing": True}
    found = []
    for piece in _pieces(sorted(pairs)):
        for one in db.session.scalars(
            query.where(pairs_among(*one_pair, piece)), execution_options=fresh
        ):
            set_committed_value(one, "learning_object", by_id[one.learning_object_id])
            found.append(one)
    return found


def _moments(enrolment_ids: Sequence[int]) -> dict[int, dict[int, datetime]]:
    """Return when the modules of these attempts were done."""
    query = select(ModuleDone.enrolment_id, ModuleDone.module_id, ModuleDone.done_at)
    found: dict[int, dict[int, datetime]] = {}
    for piece in _pieces(enrolment_ids):
        theirs = query.where(among(ModuleDone.enrolment_id, piece))
        for enrolment_id, module_id, at in db.session.execute(theirs):
            found.setdefault(enrolment_id, {})[module_id] = at
    return found


def _pieces(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield so many values at a time: no database takes as many as it likes in one statement."""
    for first in range(0, len(values), PIECE):
        yield values[first : first + PIECE]


def _pairs(errand: Errand, people: Mapping[str, int]) -> set[tuple[int, int]]:
    """Return the learners and courses of the rows of these people."""
    query = select(ImportRow.name, ImportRow.holds).where(
        ImportRow.import_run_id == errand.run.id, among(ImportRow.name, people)
    )
    named = set(db.session.execute(query.distinct()).all())
    courses = ids_of("course", {course for _email, course in named if course})
    return {(people[email], courses[course]) for email, course in named if course in courses}


def _failures(learner_ids: Collection[int]) -> set[tuple[int | None, str]]:
    """Return who completed a module of which course without success."""
    query = select(SourceRecord.learner_id, SourceRecord.source_id).where(
        SourceRecord.kind == KIND,
        among(SourceRecord.learner_id, learner_ids),
        SourceRecord.values[NO_SUCCESS].as_string() == "FALSE",
    )
    return {
        (learner_id, source_id.rpartition(BETWEEN)[0])
        for learner_id, source_id in db.session.execute(query)
    }
