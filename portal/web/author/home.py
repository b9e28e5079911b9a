"""The learning objects an author may edit."""

from flask import render_template
from flask_login import current_user

from portal.services.learning import courses
from portal.web.access import page
from portal.web.arguments import page_number, text_argument

bp = page("home", prefix="/")


@bp.get("")
def index() -> str:
    q, state = text_argument("q"), text_argument("state")
    found = courses.list_for_author(current_user, q, state, page_number())
    return render_template("author/home/index.html", page=found, q=q, state=state)
