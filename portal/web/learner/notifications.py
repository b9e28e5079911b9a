"""What a person was told, and which of it they want by mail."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.models import NotificationKind
from portal.services.people import notifications
from portal.web.access import page
from portal.web.arguments import place
from portal.web.forms.notifications import MailsForm
from portal.web.means import means

bp = page("notifications")


@bp.get("")
def index() -> str:
    told = notifications.list_for(current_user, place())
    return render_template("learner/notifications/index.html", page=told)


@bp.post("/<int:notification_id>/open")
def open_it(notification_id: int) -> Response:
    told = notifications.mark_read(current_user, notification_id, utc_now())
    return redirect(told.path)


@bp.post("/read")
def read_all() -> Response:
    notifications.mark_all_read(current_user, utc_now())
    flash(_("Everything is marked as read."), "success")
    return redirect(url_for(".index"))


@bp.route("/mails", methods=["GET", "POST"])
def mails() -> str | Response:
    kinds = notifications.kinds_for(current_user)
    off = notifications.unwanted(current_user.id)
    form = MailsForm.of(kinds, wanted=[kind for kind in kinds if kind not in off])
    if form.validate_on_submit():
        chosen = {NotificationKind(value) for value in form.kinds.data or ()}
        notifications.choose_mails(current_user, chosen)
        flash(_("Your choice is saved."), "success")
        return redirect(url_for(".mails"))
    by_mail = means().mail_is_set_up
    return render_template("learner/notifications/mails.html", form=form, by_mail=by_mail)
