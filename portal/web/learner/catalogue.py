"""Everything that is published, to be found and enrolled on."""

from flask import render_template
from flask_login import current_user

from portal.models import Kind
from portal.services.learning import shown
from portal.web.access import page
from portal.web.arguments import page_number, text_argument

bp = page("catalogue")


@bp.get("")
def index() -> str:
    q, kind = text_argument("q"), text_argument("kind")
    kind = kind if kind in set(Kind) else ""
    return render_template(
        "learner/catalogue/index.html",
        page=shown.catalogue(current_user, q, kind, page_number()),
        q=q,
        kind=kind,
    )
