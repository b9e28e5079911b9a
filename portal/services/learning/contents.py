"""What a course holds, for those who work through it."""

from portal.errors import NotFound
from portal.extensions import db
from portal.models import Course, Module


def module_of(course: Course, module_id: int) -> Module:
    """Return a module of the course; one that was removed, or of another, does not exist."""
    found = db.session.get(Module, module_id)
    if found is None or found.course_id != course.id or found.removed:
        raise NotFound
    return found
