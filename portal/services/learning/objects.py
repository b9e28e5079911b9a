"""Learning objects as their authors handle them, whatever the kind: found, badged, published."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Load, joinedload, selectinload

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    Badge,
    BadgeState,
    Certification,
    CertificationCourse,
    ConnectionState,
    Course,
    Enrolment,
    EnrolmentState,
    Kind,
    LearningObject,
    LearningObjectOwner,
    LearningPath,
    ObjectState,
    PathSection,
    PathStep,
    Person,
    Template,
)
from portal.policies import can_edit, is_admin
from portal.services import audit
from portal.services.paging import Page, literally, page_of
from portal.services.slices import START, Order, Place, Slice, slice_of

TABLES: dict[Kind, type[LearningObject]] = {
    Kind.COURSE: Course,
    Kind.LEARNING_PATH: LearningPath,
    Kind.CERTIFICATION: Certification,
}
MOST_FOUND = 30
TITLE = "title"  # how a list may be sorted, beside by its newest changes


def _along(kind: Kind) -> Load:
    """Say what is read along with an object, so that its page asks once and not once a row."""
    if kind is Kind.COURSE:
        return selectinload(Course.modules)
    if kind is Kind.CERTIFICATION:
        return selectinload(Certification.courses).joinedload(CertificationCourse.course)
    steps = selectinload(LearningPath.sections).selectinload(PathSection.steps)
    return steps.joinedload(PathStep.learning_object)


def list_for_author(
    actor: Person,
    *,
    q: str = "",
    state: str = "",
    kind: str = "",
    badge: str = "",
    page: int = 1,
    sort: str = "",
) -> Page:
    """Return a page of the learning objects `actor` may edit, newest change first, or by title.

    `badge` "none" leaves those that award nothing.
    """
    newest_first = (LearningObject.changed_at.desc(), LearningObject.id.desc())
    by_title = (func.lower(LearningObject.title), LearningObject.id)
    query = (
        select(LearningObject)
        .options(with_picture(LearningObject.badge), selectinload(LearningObject.owners))
        .order_by(*(by_title if sort == TITLE else newest_first))
    )
    if not is_admin(actor):
        query = query.where(LearningObject.id.in_(_owned(actor)))
    if state in set(ObjectState):
        query = query.where(LearningObject.state == state)
    if kind in set(Kind):
        query = query.where(LearningObject.kind == kind)
    if badge == "none":
        query = query.where(LearningObject.badge_id.is_(None))
    return page_of(_titled(query, q), page)


def get_for_editing(actor: Person, kind: Kind, object_id: int) -> LearningObject:
    """Return the object if it is of this kind and `actor` may edit it; raise NotFound."""
    table = TABLES[kind]
    query = select(table).where(table.id == object_id).options(_along(kind))
    found = db.session.scalars(query).first()
    if found is None or not can_edit(actor, found):
        raise NotFound
    return found


def find_to_build_with(q: str, kinds: Collection[Kind], without: Collection[int]) -> list:
    """Return published objects, anybody's, of which a path or certification can be built."""
    query = select(LearningObject).where(
        LearningObject.state == ObjectState.PUBLISHED,
        LearningObject.kind.in_(kinds),
        LearningObject.id.not_in(without),
    )
    query = query.options(selectinload(LearningObject.owners))
    query = query.order_by(LearningObject.title, LearningObject.id).limit(MOST_FOUND)
    return list(db.session.scalars(_titled(query, q)))


def to_build_with(
    actor: Person, ids: Collection[int], there: Collection[int]
) -> dict[int, LearningObject]:
    """Return learning objects by their id, as far as `actor` may know of them.

    Somebody else's draft is not among them, any more than what does not exist; unless it is `there`
    already, as in a path that came by an import.
    """
    query = select(LearningObject).where(LearningObject.id.in_(ids))
    if not is_admin(actor):
        known = LearningObject.state != ObjectState.DRAFT
        theirs = LearningObject.id.in_(_owned(actor))
        query = query.where(or_(known, theirs, LearningObject.id.in_(there)))
    return {one.id: one for one in db.session.scalars(query)}


def attach_badge(
    *, actor: Person | None, learning_object: LearningObject, badge: Badge | None, now: datetime
) -> None:
    """Attach a badge, or take it off. What was awarded before keeps its badge. Commits."""
    if badge is not None and badge.id != learning_object.badge_id:
        refuse_unfit(badge)
    before = learning_object.badge_id
    learning_object.badge = badge
    after = badge.id if badge else None
    if before != after:
        audit.note(
            "learning_object.badge",
            actor=actor,
            now=now,
            subject=learning_object,
            before=before,
            after=after,
        )
    db.session.commit()


def refuse_unfit(badge: Badge, field: str = "badge") -> None:
    """Raise RuleBroken for a badge that nothing may be attached to any more."""
    if badge.state is BadgeState.RETIRED:
        raise RuleBroken(say("badge_retired"), field)
    if badge.template is not None and not badge.template.is_active:
        raise RuleBroken(say("badge_template_not_active"), field)


def publish(*, actor: Person | None, learning_object: LearningObject, now: datetime) -> None:
    """Let learners find it. Raises RuleBroken while there is nothing in it. Commits."""
    empty = _why_empty(learning_object)
    if empty:
        raise RuleBroken(say(empty))
    _move(actor, learning_object, ObjectState.PUBLISHED, now)


def retire(*, actor: Person | None, learning_object: LearningObject, now: datetime) -> None:
    """Take it out of the catalogue; who is on it may finish. Commits."""
    _move(actor, learning_object, ObjectState.RETIRED, now)


def warnings(badge: Badge | None) -> list[str]:
    """Return why this badge would not leave right now, as message codes."""
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


def learners_of(learning_object: LearningObject, place: Place = START) -> Slice:
    """Return a page of the enrolments on it, newest first."""
    ids = select(Enrolment.id).where(Enrolment.learning_object_id == learning_object.id)
    load = select(Enrolment).options(joinedload(Enrolment.learner))
    return slice_of(ids, load, Order((Enrolment.id,), falling=True), place)


def unfinished(learning_object: LearningObject) -> int:
    """Return how many learners are on it and have not finished."""
    on_it = select(func.count()).select_from(Enrolment)
    on_it = on_it.filter_by(learning_object_id=learning_object.id)
    still_on = Enrolment.state != EnrolmentState.WITHDRAWN
    return db.session.scalar(on_it.where(still_on, Enrolment.completed_at.is_(None))) or 0


def with_picture(relation):
    """Read a badge along with all that its picture needs."""
    return joinedload(relation).options(
        joinedload(Badge.own_image),
        joinedload(Badge.template).joinedload(Template.image),
    )


def _owned(actor: Person) -> Select:
    return select(LearningObjectOwner.learning_object_id).filter_by(person_id=actor.id)


def _titled(query: Select, q: str) -> Select:
    return query.where(LearningObject.title.ilike(literally(q), escape="\\")) if q else query


def _why_empty(one: LearningObject) -> str | None:
    if isinstance(one, LearningPath):
        return None if any(section.steps for section in one.sections) else "path_empty"
    if isinstance(one, Certification):
        return None if one.external or one.courses else "certification_empty"
    says = one.description.strip() or one.content.strip() or one.external_url
    return None if says or one.modules else "course_empty"


def _move(actor: Person | None, one: LearningObject, state: ObjectState, now: datetime) -> None:
    if one.state is not state:
        action = f"learning_object.{state.value}"
        audit.note(action, actor=actor, now=now, subject=one, before=one.state, after=state)
        one.state = state
    db.session.commit()
