"""Deliveries: what is on its way to Credly, why it waits, and what to do."""

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.services.issuing import deliveries
from portal.web.access import page
from portal.web.answers import after
from portal.web.arguments import page_number, text_argument

bp = page("deliveries")


@bp.get("")
def index() -> str:
    q, state = text_argument("q"), text_argument("state")
    return render_template(
        "admin/deliveries/index.html",
        page=deliveries.list_for_staff(q, state, page_number()),
        q=q,
        state=state,
        counts=deliveries.counts(),
    )


@bp.get("/<int:delivery_id>")
def show(delivery_id: int) -> str:
    delivery = deliveries.get(delivery_id)
    trail = deliveries.trail(delivery)
    return render_template("admin/deliveries/show.html", delivery=delivery, trail=trail)


@bp.post("/<int:delivery_id>/retry")
def retry(delivery_id: int) -> Response:
    delivery = deliveries.get(delivery_id)
    return after(
        lambda: deliveries.retry(actor=current_user, delivery=delivery, now=utc_now()),
        _("It is tried again at once."),
        url_for(".show", delivery_id=delivery_id),
    )


@bp.route("/<int:delivery_id>/cancel", methods=["GET", "POST"])
def cancel(delivery_id: int) -> str | Response:
    delivery = deliveries.get(delivery_id)
    if request.method == "GET":
        return render_template("admin/deliveries/cancel.html", delivery=delivery)
    return after(
        lambda: deliveries.cancel(actor=current_user, delivery=delivery, now=utc_now()),
        _("Cancel was noted."),
        url_for(".show", delivery_id=delivery_id),
    )
