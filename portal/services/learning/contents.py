"""What a course holds, for those who work through it."""

from portal.errors import NotFound
from portal.extensions import db
from portal.models import Course, Module, Person
from portal.policies import can_edit
from portal.services.learning.enrolments import enrolment_of


def module_of(course: Course, module_id: int) -> Module:
    """Return a module of the course; one that was removed, or of another, does not exist."""
    found = db.session.get(Module, module_id)
    if found is None or found.course_id != course.id or found.removed:
        raise NotFound
    return found


def can_open_files(person: Person, course: Course) -> bool:
    """Whether the files of its modules are theirs to open: who is on it, its owners, admins."""
    return can_edit(person, course) or enrolment_of(person, course) is not None
