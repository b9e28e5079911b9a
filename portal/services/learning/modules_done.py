"""Which modules are done in an attempt at a course."""

from sqlalchemy import select

from portal.extensions import db
from portal.models import Enrolment, ModuleDone


def of(enrolment: Enrolment) -> set[int]:
    """Return the ids of the modules that are done."""
    query = select(ModuleDone.module_id).filter_by(enrolment_id=enrolment.id)
    return set(db.session.scalars(query))
