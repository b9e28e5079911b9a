"""What needs no sign-in: the front door, the brand's colour, pictures, whom to tell of a hole."""

from flask import Blueprint

from portal.web.public import badges, front, pictures, security_contact, stop_mails

bp = Blueprint("public", __name__)
for page in (front, pictures, badges, stop_mails, security_contact):
    bp.register_blueprint(page.bp)
