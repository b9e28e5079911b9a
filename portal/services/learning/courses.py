"""Courses: what is particular to them beside the learning object."""

from portal.extensions import db
from portal.models import Course, Person, Policy
from portal.services.learning.describing import begin, describe, web_address


def create(
    *,
    actor: Person,
    title: str,
    description: str,
    content: str,
    external_url: str,
    policy: Policy = Policy.LEARNER,
    earned_again: bool = False,
    hold_minutes: int = 0,
) -> Course:
    """Make a draft that `actor` owns. Commits."""
    course = Course(title="", owners=[actor])
    describe(
        course,
        title=title,
        description=description,
        earned_again=earned_again,
        hold_minutes=hold_minutes,
    )
    _fill(course, content, external_url, policy)
    begin(course, actor)
    return course


def edit(
    *,
    course: Course,
    title: str,
    description: str,
    content: str,
    external_url: str,
    policy: Policy = Policy.LEARNER,
    earned_again: bool = False,
    hold_minutes: int = 0,
) -> None:
    """Change what a course says, who completes it, and whether it can be earned anew. Commits."""
    describe(
        course,
        title=title,
        description=description,
        earned_again=earned_again,
        hold_minutes=hold_minutes,
    )
    _fill(course, content, external_url, policy)
    db.session.commit()


def _fill(course: Course, content: str, external_url: str, policy: Policy) -> None:
    course.content, course.external_url = content.strip(), web_address(external_url)
    course.policy = policy
