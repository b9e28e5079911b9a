"""What other systems may ask and tell."""

from flask import Blueprint

from portal.web.api import awards, objects, people
from portal.web.api.admitting import admit, note_use
from portal.web.problems import Problem, answer

bp = Blueprint("api", __name__, url_prefix="/api/v1")
bp.before_request(admit)
bp.after_request(note_use)
bp.register_error_handler(Problem, answer)
for page in (people, objects, awards):
    bp.register_blueprint(page.bp)
