"""The link at the end of a mail: no more mails of this kind, without signing in (RFC 8058)."""

from flask import render_template, request

from portal.extensions import csrf
from portal.services.people import notifications
from portal.web.access import page
from portal.web.means import means

bp = page("stop_mails")


@bp.route("/<token>", methods=["GET", "POST"])
@csrf.exempt
def index(token: str) -> str:
    asked = request.method == "POST"
    if asked and request.form.get("List-Unsubscribe") != "One-Click":
        csrf.protect()  # a person on our page; a mail program has no form of ours to send
    _person_id, kind = notifications.read_stop_token(token, means().sealer)
    if asked:
        notifications.stop(token, means().sealer)
    return render_template("public/stop_mails/index.html", kind=kind, stopped=asked)
