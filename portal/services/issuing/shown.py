"""What a card shows of a badge, read as plain values.

The mapped classes would cost more than all else that the page does, and a card changes nothing.
The names are those of the mapped classes, so that whoever words a state takes either.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import FromClause, func

from portal.models import AwardState, Badge, BadgeState, DeliveryState, Held, Image, Template

BADGE, TEMPLATE = Badge.__table__, Template.__table__
_OWN, _THEIRS = Image.__table__.alias("own"), Image.__table__.alias("theirs")
NAME = func.coalesce(func.nullif(BADGE.c.own_name, ""), TEMPLATE.c.name, "")


class ShownBadge(NamedTuple):
    """A badge: its own name and picture, else the template's."""

    id: int
    name: str
    picture: str | None
    is_active: bool


class ShownIssued(NamedTuple):
    """What Credly holds, as far as a card says something of it."""

    id: int
    state: str | None
    public: bool
    accept_url: str | None
    badge_url: str | None
    expires_at: datetime | None
    gone_at: datetime | None


class ShownDelivery(NamedTuple):
    """The newest message to Credly about a badge that is not there yet."""

    state: DeliveryState
    held_because: Held | None
    held_until: datetime | None


class ShownAward(NamedTuple):
    """Something that was earned, with all that its card says.

    `held` says that the learner had the badge already, through another source.
    """

    id: int
    badge_id: int
    learning_object_id: int | None
    state: AwardState
    earned_at: datetime
    expires_at: datetime | None
    held: bool
    badge: ShownBadge
    issued_badge: ShownIssued | None
    delivery: ShownDelivery | None


def badge_columns() -> tuple:
    """Return what a `ShownBadge` is made of, in its order."""
    picture = func.coalesce(func.nullif(_OWN.c.key, ""), func.nullif(_THEIRS.c.key, ""))
    return (BADGE.c.id, NAME, picture, BADGE.c.state == BadgeState.ACTIVE)


def with_pictures(joined: FromClause) -> FromClause:
    """Join the pictures to what has badge and template already."""
    joined = joined.outerjoin(_OWN, _OWN.c.id == BADGE.c.own_image_id)
    return joined.outerjoin(_THEIRS, _THEIRS.c.id == TEMPLATE.c.image_id)
