"""Courses as their authors see them: made, edited, given a badge, published, retired."""

from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    Badge,
    BadgeState,
    ConnectionState,
    Course,
    Enrolment,
    EnrolmentState,
    LearningObject,
    LearningObjectOwner,
    ObjectState,
    Person,
)
from portal.policies import can_edit, is_admin
from portal.services.paging import Page, literally, page_of
from portal.services.plain_text import one_line


def list_for_author(actor: Person, q: str, state: str, page: int) -> Page:
    """Return a page of the learning objects `actor` may edit, newest change first."""
    query = (
        select(LearningObject)
        .options(
            joinedload(LearningObject.badge).joinedload(Badge.template),
            selectinload(LearningObject.owners),
        )
        .order_by(LearningObject.changed_at.desc(), LearningObject.id.desc())
    )
    if not is_admin(actor):
        mine = select(LearningObjectOwner.learning_object_id).filter_by(person_id=actor.id)
        query = query.where(LearningObject.id.in_(mine))
    if state in set(ObjectState):
        query = query.where(LearningObject.state == state)
    if q:
        query = query.where(LearningObject.title.ilike(literally(q), escape="\\"))
    return page_of(query, page)


def get_for_editing(actor: Person, course_id: int) -> Course:
    """Return the course if `actor` may edit it; otherwise it does not exist for them."""
    course = db.session.get(Course, course_id)
    if course is None or not can_edit(actor, course):
        raise NotFound
    return course


def create(
    *,
    actor: Person,
    title: str,
    description: str,
    content: str,
    external_url: str,
    earned_again: bool = False,
) -> Course:
    """Make a draft that `actor` owns. Commits."""
    course = Course(title="", owners=[actor], earned_again=earned_again)
    _fill(course, title, description, content, external_url)
    db.session.add(course)
    db.session.commit()
    return course


def edit(
    *,
    course: Course,
    title: str,
    description: str,
    content: str,
    external_url: str,
    earned_again: bool = False,
) -> None:
    """Change what a course says, and whether a revoked badge can be earned anew. Commits."""
    _fill(course, title, description, content, external_url)
    course.earned_again = earned_again
    db.session.commit()


def attach_badge(*, course: Course, badge: Badge | None) -> None:
    """Attach a badge, or take it off. What was awarded before keeps its badge. Commits."""
    if badge is not None and badge.state is BadgeState.RETIRED:
        raise RuleBroken(say("badge_retired"), "badge")
    course.badge = badge
    db.session.commit()


def publish(*, course: Course) -> None:
    """Let learners find the course. Commits."""
    if not (course.content.strip() or course.description.strip() or course.external_url):
        raise RuleBroken(say("course_empty"))
    course.state = ObjectState.PUBLISHED
    db.session.commit()


def retire(*, course: Course) -> None:
    """Take the course out of the catalogue; who is on it may finish. Commits."""
    course.state = ObjectState.RETIRED
    db.session.commit()


def warnings(badge: Badge | None) -> list[str]:
    """Return why badges of this course would not leave right now, as message codes."""
    if badge is None:
        return []
    if badge.state is BadgeState.RETIRED:
        return ["badge_retired"]
    if not badge.on_credly:
        return []
    found = []
    if badge.connection is None or badge.template is None:
        found.append("held_no_connection")
    elif badge.connection.state is not ConnectionState.WORKING:
        held = badge.connection.state is ConnectionState.HELD
        found.append("held_connection_held" if held else "held_connection_paused")
    if badge.template and not badge.template.is_active:
        found.append("held_template_not_active")
    return found


def learners_of(course: Course, page: int) -> Page:
    """Return a page of the enrolments on a course, newest first."""
    query = (
        select(Enrolment)
        .filter_by(learning_object_id=course.id)
        .options(joinedload(Enrolment.learner))
        .order_by(Enrolment.id.desc())
    )
    return page_of(query, page)


def unfinished(course: Course) -> int:
    """Return how many learners are on a course and have not finished it."""
    query = select(func.count()).select_from(Enrolment).filter_by(learning_object_id=course.id)
    still_on = Enrolment.state != EnrolmentState.WITHDRAWN
    return db.session.scalar(query.where(still_on, Enrolment.completed_at.is_(None))) or 0


def without_badge() -> int:
    """Return how many published learning objects award nothing."""
    query = select(func.count()).select_from(LearningObject)
    published = LearningObject.state == ObjectState.PUBLISHED
    return db.session.scalar(query.where(published, LearningObject.badge_id.is_(None))) or 0


def unused_badges() -> int:
    """Return how many active badges are attached to nothing."""
    used = select(LearningObject.badge_id).where(LearningObject.badge_id.is_not(None))
    query = select(func.count()).select_from(Badge)
    unused = Badge.state == BadgeState.ACTIVE
    return db.session.scalar(query.where(unused, Badge.id.not_in(used))) or 0


def of_badge(badge: Badge) -> list[LearningObject]:
    """Return the learning objects a badge is attached to."""
    query = select(LearningObject).filter_by(badge_id=badge.id).order_by(LearningObject.title)
    return list(db.session.scalars(query.limit(50)))


def _fill(course: Course, title: str, description: str, content: str, external_url: str) -> None:
    title = one_line(title)
    if not title:
        raise RuleBroken(say("title_missing"), "title")
    course.title, course.description = title, description.strip()
    course.content, course.external_url = content.strip(), _web_address(external_url)


def _web_address(text: str) -> str | None:
    """Return a plain web address, or None for none; raise RuleBroken for anything else."""
    text = text.strip()
    if not text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    except ValueError:
        usable = False
    if not usable or not text.isprintable() or "\\" in text or " " in text:
        raise RuleBroken(say("address_not_usable"), "external_url")
    return text
