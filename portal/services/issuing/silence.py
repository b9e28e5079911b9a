"""Badges that came to Credly without a word: whoever issued them asked Credly not to write."""

from sqlalchemy import Select, Text, cast, select
from sqlalchemy.orm import aliased

from portal.models import Delivery, DeliveryKind, DeliveryState


def silent_ids() -> Select:
    """The query of the ids of issued badges whose owners Credly never wrote to.

    It begins with the few deliveries that were to be silent, which an index of their own holds. The
    state is cast, or it would begin with all that are done.
    """
    other = aliased(Delivery)
    wrote = select(other.id).where(
        other.issued_badge_id == Delivery.issued_badge_id,
        other.state == DeliveryState.DONE,
        other.kind != DeliveryKind.REVOKE,
        other.suppress_mail.is_(False),
    )
    return select(Delivery.issued_badge_id).where(
        Delivery.suppress_mail,
        cast(Delivery.state, Text) == DeliveryState.DONE,
        Delivery.kind != DeliveryKind.REVOKE,
        ~wrote.exists(),
    )
