"""The learning objects an author may edit."""

from flask import render_template
from flask_login import current_user

from portal.services.learning import figures, objects
from portal.web.access import page
from portal.web.arguments import page_number, text_argument
from portal.web.kinds import kind_choices

bp = page("home", prefix="/")


@bp.get("")
def index() -> str:
    wanted = {name: text_argument(name) for name in ("q", "state", "kind", "badge")}
    sort = objects.TITLE if text_argument("sort") == objects.TITLE else ""
    found = objects.list_for_author(current_user, **wanted, page=page_number(), sort=sort)
    return render_template(
        "author/home/index.html",
        page=found,
        wanted=wanted,
        sort=sort,
        kinds=kind_choices(),
        completion=figures.completion_of([one.id for one in found.rows]),
    )
