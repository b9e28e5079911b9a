"""The people a badge is about: who has earned it, and who is on the way to it."""

from flask import render_template

from portal.models import Role
from portal.services.issuing import badges
from portal.services.learning import drift
from portal.web.access import page
from portal.web.arguments import place

bp = page("badge_people", Role.ADMIN, prefix="/badges/<int:badge_id>/people")


@bp.get("")
def index(badge_id: int) -> str:
    badge = badges.get(badge_id)
    people, earned = drift.people_of(badge, place())
    return render_template("admin/badge_people/index.html", badge=badge, page=people, earned=earned)
