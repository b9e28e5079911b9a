"""Why somebody has a badge or has it not; for whoever asks about a person, or about a badge."""

from flask import render_template

from portal.clock import utc_now
from portal.models import Role
from portal.services.issuing import badges
from portal.services.learning import why
from portal.services.people import people
from portal.web.access import page
from portal.web.arguments import page_number, place, text_argument
from portal.web.explaining import page_values
from portal.web.why_steps import Audience

bp = page("why", Role.ADMIN)


@bp.get("/people/<int:person_id>")
def badge(person_id: int) -> str:
    person, q = people.get(person_id), text_argument("q")
    found = badges.list_for_staff(q, "", "", "", page_number())
    return render_template("admin/why/badge.html", person=person, page=found, q=q)


@bp.get("/badges/<int:badge_id>")
def person(badge_id: int) -> str:
    badge, q = badges.get(badge_id), text_argument("q")
    found = people.list_for_admin(q, "", place())
    return render_template("admin/why/person.html", badge=badge, page=found, q=q)


@bp.get("/<int:person_id>/<int:badge_id>")
def show(person_id: int, badge_id: int) -> str:
    told = why.explain(people.get(person_id), badges.get(badge_id), utc_now())
    return render_template("admin/why/show.html", **page_values(told, Audience.ADMIN))
