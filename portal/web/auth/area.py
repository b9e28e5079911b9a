"""Pages for people who are not signed in yet, and the way out."""

from flask import Blueprint

from portal.web.auth import (
    forgotten,
    invitation,
    second_step,
    setup,
    sign_in,
    sign_out,
    single_sign_on,
)

bp = Blueprint("auth", __name__)
for page in (setup, sign_in, sign_out, invitation, forgotten, second_step, single_sign_on):
    bp.register_blueprint(page.bp)
