"""The moment a badge was issued at Credly: when its newest delivery that brought it was done."""

from sqlalchemy import Subquery, case, func, select

from portal.models import Delivery, DeliveryKind, DeliveryState


def issued_when() -> Subquery:
    """Return the moments by issued badge, and whether Credly wrote to the earner (`mailed`)."""
    wrote = case((Delivery.suppress_mail.is_(False), 1), else_=0)
    return (
        select(
            Delivery.issued_badge_id,
            func.max(Delivery.ended_at).label("at"),
            func.max(wrote).label("mailed"),
        )
        .where(Delivery.state == DeliveryState.DONE, Delivery.kind != DeliveryKind.REVOKE)
        .group_by(Delivery.issued_badge_id)
        .subquery()
    )
