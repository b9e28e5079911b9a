"""Everything that is published, to be found and enrolled on."""

from flask import render_template
from flask_login import current_user

from portal.models import Kind
from portal.services.issuing import awards
from portal.services.learning import enrolments
from portal.web.access import page
from portal.web.arguments import page_number, text_argument

bp = page("catalogue")


@bp.get("")
def index() -> str:
    q, kind = text_argument("q"), text_argument("kind")
    kind = kind if kind in set(Kind) else ""
    found = enrolments.catalogue(q, kind, page_number())
    return render_template(
        "learner/catalogue/index.html",
        page=found,
        q=q,
        kind=kind,
        enrolments=enrolments.enrolments_for(current_user, found.rows),
        earned=awards.earned_through(current_user, {one.id for one in found.rows}),
    )
