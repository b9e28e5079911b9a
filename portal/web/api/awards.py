"""Awards, for other systems: all of them, or those of an author's own objects."""

from flask import Response

from portal.models import AwardState, Scope
from portal.services.api import reads
from portal.web.api import shown
from portal.web.api.admitting import actor, page
from portal.web.api.arguments import asked, one_of, plain, whole

bp = page("awards", Scope.AWARDS_READ)


@bp.get("/awards")
def index() -> Response:
    wanted = asked(
        person_id=whole, email=plain, object_id=whole, badge_id=whole, state=one_of(AwardState)
    )
    piece = reads.awards(actor(), **wanted)
    deliveries = reads.deliveries_of(piece.rows)
    return shown.listed(piece, lambda one: shown.award(one, deliveries))


@bp.get("/awards/<int:award_id>")
def show(award_id: int) -> Response:
    found = reads.award(actor(), award_id)
    return shown.shown(shown.award(found, reads.deliveries_of([found])))
