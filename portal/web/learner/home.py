"""Where a learner's day begins: what is in progress, and the newest badges."""

from flask import render_template
from flask_login import current_user

from portal.clock import utc_now
from portal.services.issuing import wallet
from portal.services.learning import shown
from portal.web.access import page
from portal.web.award_cards import short_cards

bp = page("home", prefix="/")
NEWEST = 4


@bp.get("")
def index() -> str:
    return render_template(
        "learner/home/index.html",
        begun=shown.in_progress(current_user),
        newest=short_cards(wallet.newest(current_user, NEWEST), utc_now()),
    )
