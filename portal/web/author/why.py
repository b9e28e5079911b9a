"""Why one of the learners has the badge of a learning object or has it not, for its owners."""

from flask import render_template
from flask_login import current_user

from portal.clock import utc_now
from portal.services.issuing.holding import is_held
from portal.services.learning import sources, why
from portal.services.learning.sources import OBJECTS
from portal.services.people import people
from portal.web.access import page
from portal.web.explaining import page_values
from portal.web.why_steps import Audience

bp = page("why")


@bp.get("/<int:object_id>/<int:person_id>")
def show(object_id: int, person_id: int) -> str:
    source = sources.get_for_managing(current_user, OBJECTS, object_id)
    told = why.explain_to_owner(current_user, people.get(person_id), source, utc_now())
    one, values = source.learning_object, page_values(told, Audience.OWNER)
    mine = (way for way in told.ways if way.source.learning_object is one)
    held = next((way for way in mine if is_held(way.delivery)), None)
    return render_template("author/why/show.html", one=one, held=held, **values)
