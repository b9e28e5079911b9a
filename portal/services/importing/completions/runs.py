"""The runs of completions.csv for one learning object."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.errors import NotFound
from portal.models import ImportRun, LearningObject, Person
from portal.services.importing import imports
from portal.services.importing.completions.kind import COMPLETIONS
from portal.services.slices import START, Place, Slice, slice_of


def list_of(about: LearningObject, place: Place = START) -> Slice:
    """Return a page of the files that were brought in for an object, newest first."""
    ids = select(ImportRun.id).filter_by(kind=COMPLETIONS.name, learning_object_id=about.id)
    load = select(ImportRun).options(joinedload(ImportRun.person))
    return slice_of(ids, load, imports.NEWEST_FIRST, place)


def get_for(actor: Person, about: LearningObject, run_id: int) -> ImportRun:
    """Return a run for this object; any other does not exist."""
    run = imports.get_for(actor, run_id)
    if run.learning_object_id != about.id:
        raise NotFound
    return run
