"""Deliveries: what is on its way to Credly, why it waits, and what to do."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.messages import say
from portal.models import Award, Delivery, DeliveryState, Held
from portal.services.issuing import (
    awards,
    bulk,
    deliveries,
    delivery_lists,
    holding,
    names,
    operations,
)
from portal.web.access import page
from portal.web.admin.delivery_steps import next_step
from portal.web.answers import after
from portal.web.arguments import place, text_argument
from portal.web.forms.deliveries import NumberForm

bp = page("deliveries")


@bp.get("")
def index() -> str:
    q, state = text_argument("q"), text_argument("state")
    return render_template(
        "admin/deliveries/index.html",
        found=delivery_lists.list_for_staff(q, state, place()),
        q=q,
        state=state,
    )


@bp.route("/retry-all", methods=["GET", "POST"])
def retry_all() -> str | Response:
    return _all("retry", bulk.retry_all)


@bp.route("/cancel-all", methods=["GET", "POST"])
def cancel_all() -> str | Response:
    return _all("cancel", bulk.cancel_all)


def _all(what: str, work) -> str | Response:
    """Ask for the number first; the filters travel in the address."""
    form = NumberForm()
    q, state = text_argument("q"), text_argument("state")
    if form.validate_on_submit():
        try:
            count = work(
                actor=current_user, q=q, state=state, typed=form.number.data, now=utc_now()
            )
        except RuleBroken as broken:
            form.take(broken)
        else:
            said = ngettext("Done for %(num)s delivery.", "Done for %(num)s deliveries.", count)
            flash(said, "success")
            return redirect(url_for(".index", q=q, state=state))
    number = bulk.count_open(q, state)
    return render_template(
        "admin/deliveries/all.html", what=what, form=form, number=number, q=q, state=state
    )


@bp.get("/<int:delivery_id>")
def show(delivery_id: int) -> str:
    delivery = deliveries.get(delivery_id)
    return render_template(
        "admin/deliveries/show.html",
        delivery=delivery,
        trail=deliveries.trail(delivery),
        award=_to_revoke(delivery),
        step=next_step(delivery, awards.newest_of(delivery.issued_badge), current_user),
        name_unlikely=_waits_for_a_name(delivery),
    )


def _waits_for_a_name(delivery: Delivery) -> bool:
    """Say whether it is held for a name of which somebody may know that it is right."""
    held = delivery.held_because is Held.NAME_NOT_USABLE
    return held and names.can_be_confirmed(delivery.issued_badge.learner)


def _to_revoke(delivery: Delivery) -> Award | None:
    """Return what can be revoked, where cancelling came too late and nobody has asked yet."""
    issued = delivery.issued_badge
    late = delivery.cancel_asked and delivery.state is DeliveryState.DONE
    if not late or any(one.is_open for one in deliveries.list_of(issued)):
        return None
    return awards.newest_of(issued) if operations.can_be_revoked(issued) else None


@bp.post("/<int:delivery_id>/retry")
def retry(delivery_id: int) -> Response:
    delivery = deliveries.get(delivery_id)

    def work() -> None:
        deliveries.retry(actor=current_user, delivery=delivery, now=utc_now())
        if delivery.state is DeliveryState.HELD:
            raise RuleBroken(say("retry_still_held"))

    return after(work, _("It is tried again at once."), url_for(".show", delivery_id=delivery_id))


@bp.post("/<int:delivery_id>/send-now")
def send_now(delivery_id: int) -> Response:
    delivery = deliveries.get(delivery_id)
    return after(
        lambda: holding.send_now(actor=current_user, delivery=delivery, now=utc_now()),
        _("The badge leaves for Credly now."),
        url_for(".show", delivery_id=delivery_id),
    )


@bp.route("/<int:delivery_id>/cancel", methods=["GET", "POST"])
def cancel(delivery_id: int) -> str | Response:
    delivery = deliveries.get(delivery_id)
    if request.method == "GET" and delivery.is_open:
        return render_template("admin/deliveries/cancel.html", delivery=delivery)
    return after(
        lambda: deliveries.cancel(actor=current_user, delivery=delivery, now=utc_now()),
        _("Cancel was noted."),
        url_for(".show", delivery_id=delivery_id),
    )
