"""Where a learner's day begins: what is in progress, and the newest badges."""

from flask import render_template
from flask_login import current_user

from portal.services.issuing import wallet
from portal.services.learning import shown
from portal.web.access import page

bp = page("home", prefix="/")
NEWEST = 4


@bp.get("")
def index() -> str:
    return render_template(
        "learner/home/index.html",
        begun=shown.in_progress(current_user),
        newest=wallet.newest(current_user, NEWEST),
    )
