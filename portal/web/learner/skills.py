"""The learner's skills: levels reached, credits to go, and which courses give them."""

from flask import render_template
from flask_login import current_user

from portal.services.learning import my_skills
from portal.web.access import page
from portal.web.arguments import page_number, text_argument

bp = page("skills")


@bp.get("")
def index() -> str:
    q, mine = text_argument("q"), text_argument("show") == "mine"
    found = my_skills.list_for(current_user, q, mine, page_number())
    levels = my_skills.levels_of(current_user, found.rows)
    return render_template("learner/skills/index.html", page=found, levels=levels, q=q, mine=mine)
