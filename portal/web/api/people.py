"""People, for other systems of administrators."""

from flask import Response

from portal.models import Scope
from portal.services.api import reads
from portal.web.api import shown
from portal.web.api.admitting import page
from portal.web.api.arguments import asked, flag, plain

bp = page("people", Scope.PEOPLE_READ)


@bp.get("/people")
def index() -> Response:
    return shown.listed(reads.people(**asked(email=plain, active=flag)), shown.person)


@bp.get("/people/<int:person_id>")
def show(person_id: int) -> Response:
    return shown.shown(shown.person(reads.person(person_id)))
