"""Certifications: their courses, how long they are valid, proof that comes from elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Certification, CertificationCourse, Kind, ObjectState, Person
from portal.services import audit
from portal.services.learning import snapshots
from portal.services.learning.changing import ForStarted, change_of
from portal.services.learning.describing import begin, describe
from portal.services.learning.objects import to_build_with

MOST_MONTHS = 240
MOST_COURSES = 200
MOST_RENEWAL_DAYS = 3650


def create(
    *,
    actor: Person,
    title: str,
    description: str,
    earned_again: bool,
    external: bool,
    validity_months: int | None,
    renewal_days: int,
    hold_minutes: int = 0,
) -> Certification:
    """Make a draft that `actor` owns. Commits."""
    certification = Certification(title="", owners=[actor])
    describe(
        certification,
        title=title,
        description=description,
        earned_again=earned_again,
        hold_minutes=hold_minutes,
    )
    _fill(certification, external, validity_months, renewal_days)
    begin(certification, actor)
    return certification


def edit(
    *,
    certification: Certification,
    title: str,
    description: str,
    earned_again: bool,
    external: bool,
    validity_months: int | None,
    renewal_days: int,
    hold_minutes: int = 0,
) -> None:
    """Change what a certification says. A validity counts for completions from now on. Commits."""
    if external and certification.courses:
        raise RuleBroken(say("external_has_courses"), "external")
    if not external:
        _refuse_empty(certification, len(certification.courses), "external")
    begun = snapshots.started(certification)
    if external != certification.external and (begun.open or begun.completed):
        raise RuleBroken(say("external_begun"), "external")
    describe(
        certification,
        title=title,
        description=description,
        earned_again=earned_again,
        hold_minutes=hold_minutes,
    )
    _fill(certification, external, validity_months, renewal_days)
    db.session.commit()


def save_courses(
    *,
    actor: Person,
    certification: Certification,
    needed: int | None,
    course_ids: Sequence[int],
    now: datetime,
    answer: ForStarted | None = None,
) -> None:
    """Give it these courses. Raises RuleBroken at `steps` or `for_started`. Commits."""
    if certification.external:
        raise RuleBroken(say("external_has_courses"), "steps")
    _check(actor, certification, needed, course_ids)
    _refuse_empty(certification, len(course_ids), "steps")
    with change_of(certification, actor=actor, answer=answer, now=now):
        certification.needed = needed
        certification.courses.clear()
        db.session.flush()
        certification.courses.extend(
            CertificationCourse(course_id=course_id, position=position)
            for position, course_id in enumerate(course_ids)
        )
    number = len(course_ids)
    audit.note("certification.courses", actor=actor, now=now, subject=certification, courses=number)
    db.session.commit()


def _check(
    actor: Person, certification: Certification, needed: int | None, course_ids: Sequence[int]
) -> None:
    there = {row.course_id for row in certification.courses}
    found = to_build_with(actor, course_ids, there)
    if len(course_ids) > MOST_COURSES:
        raise RuleBroken(say("steps_too_many", most=MOST_COURSES), "steps")
    for course_id in course_ids:
        one = found.get(course_id)
        if one is None or one.kind is not Kind.COURSE:
            raise RuleBroken(say("course_not_usable"), "steps")
        if one.state is not ObjectState.PUBLISHED and course_id not in there:
            raise RuleBroken(say("step_not_published", title=one.title), "steps")
        if course_ids.count(course_id) > 1:
            raise RuleBroken(say("step_twice", title=one.title), "steps")
    if needed is not None and not 1 <= needed <= len(course_ids):
        raise RuleBroken(say("needed_wrong", steps=len(course_ids)), "steps")


def _refuse_empty(certification: Certification, courses: int, field: str) -> None:
    """What learners find already must stay something that can be completed."""
    if certification.state is ObjectState.PUBLISHED and not courses:
        raise RuleBroken(say("certification_empty"), field)


def _fill(
    certification: Certification, external: bool, validity_months: int | None, renewal_days: int
) -> None:
    if validity_months is not None and not 1 <= validity_months <= MOST_MONTHS:
        raise RuleBroken(say("validity_wrong", most=MOST_MONTHS), "validity_months")
    if not 0 <= renewal_days <= MOST_RENEWAL_DAYS:
        raise RuleBroken(say("renewal_wrong", most=MOST_RENEWAL_DAYS), "renewal_days")
    certification.external = external
    certification.validity_months, certification.renewal_days = validity_months, renewal_days
