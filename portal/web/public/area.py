"""What needs no sign-in: the front door, the brand's colour, pictures."""

from flask import Blueprint

from portal.web.public import badges, front, pictures, stop_mails

bp = Blueprint("public", __name__)
for page in (front, pictures, badges, stop_mails):
    bp.register_blueprint(page.bp)
