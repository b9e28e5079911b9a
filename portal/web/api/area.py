"""What other systems may ask and tell."""

from flask import Blueprint

from portal.errors import RuleBroken
from portal.web.api import awards, completions, document, objects, people
from portal.web.api.admitting import admit, note_use
from portal.web.problems import Problem, answer, of_rule

bp = Blueprint("api", __name__, url_prefix="/api/v1")
bp.before_request(admit)
bp.after_request(note_use)
bp.register_error_handler(Problem, answer)
bp.register_error_handler(RuleBroken, of_rule)
for page in (people, objects, awards, completions, document):
    bp.register_blueprint(page.bp)
