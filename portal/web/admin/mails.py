"""The mail outbox: what was sent, waits, failed, or had no way out."""

from flask import render_template

from portal.models import Role
from portal.services.people import mails
from portal.web.access import page
from portal.web.arguments import place, text_argument
from portal.web.means import means
from portal.web.notices import STATE_CHOICES

bp = page("mails", Role.ADMIN)


@bp.get("")
def index() -> str:
    state = text_argument("state", 32)
    return render_template(
        "admin/mails/index.html",
        page=mails.list_for_admin(state, place()),
        state=state,
        states=STATE_CHOICES,
        by_mail=means().mail_is_set_up,
        kept_days=means().kept.mails.days,
    )
