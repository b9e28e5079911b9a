"""Where a delivery leads on to: the page on which what stands in its way can be changed."""

from flask import url_for
from flask_babel import gettext as _

from portal.models import Award, Delivery, DeliveryState, Held, Person
from portal.policies import is_admin

_HELD = {
    Held.CONNECTION_HELD: "connection",
    Held.CONNECTION_PAUSED: "connection",
    Held.NO_CONNECTION: "connections",
    Held.TEMPLATE_NOT_ACTIVE: "connection",
}


def next_step(delivery: Delivery, award: Award | None, reader: Person) -> tuple[str, str] | None:
    """Return address and label of the page that leads on; None where a button here does.

    To the person the page leads anyway, whoever may go there.
    """
    where = _HELD.get(delivery.held_because) if delivery.state is DeliveryState.HELD else None
    if delivery.state is DeliveryState.NEEDS_PERSON:
        where = "connection"
    if where == "connection" and delivery.connection:
        address = url_for("admin.credly.show", connection_id=delivery.connection.id)
        return address, _("Open the connection")
    if where in {"connection", "connections"}:
        return url_for("admin.credly.index"), _("Open the connections")
    over = not delivery.is_open
    if over and award and is_admin(reader):
        return url_for("admin.awards.show", award_id=award.id), _("See the award")
    return None
