"""Learning objects, for other systems: all of them, or an author's own."""

from flask import Response

from portal.models import Kind, ObjectState, Scope
from portal.services.api import reads
from portal.web.api import shown
from portal.web.api.admitting import actor, page
from portal.web.api.arguments import asked, moment, one_of, plain

bp = page("objects", Scope.OBJECTS_READ)


@bp.get("/objects")
def index() -> Response:
    wanted = asked(
        kind=one_of(Kind), state=one_of(ObjectState), source_id=plain, updated_since=moment
    )
    return shown.listed(reads.objects(actor(), **wanted), shown.learning_object)


@bp.get("/objects/<int:object_id>")
def show(object_id: int) -> Response:
    return shown.shown(shown.learning_object(reads.learning_object(actor(), object_id)))
