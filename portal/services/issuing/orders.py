"""What a claimed delivery is about, read in one go before Credly is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, bindparam, func, select

from portal.credly.payloads import IssueOrder
from portal.extensions import db
from portal.models import (
    Award,
    Badge,
    Connection,
    ConnectionState,
    Delivery,
    DeliveryKind,
    Held,
    IssuedBadge,
    Person,
    Template,
)
from portal.services.issuing import facts, names
from portal.services.issuing.facts import (
    BadgeFacts,
    ConnectionFacts,
    DeliveryFacts,
    IssuedFacts,
    LearnerFacts,
    TemplateFacts,
)

# credly-api.md 3.3; Credly writes its mail in one of these.
CREDLY_LOCALES = frozenset(
    {"en", "fr", "de", "ko", "ja", "zh-CN", "pt", "es-ES", "es-US", "fr-CA", "pt-BR"}
)


_DELIVERY, _ISSUED, _AWARD = Delivery.__table__, IssuedBadge.__table__, Award.__table__
_PERSON, _BADGE = Person.__table__, Badge.__table__
_TEMPLATE, _CONNECTION = Template.__table__, Connection.__table__
_BEFORE = _ISSUED.alias("before")


def order_columns(deliveries: FromClause) -> list[ColumnElement[Any]]:
    """Return what is read of an order whose delivery stands here.

    The award is any that the badge stands for: its page is where the learner is led.
    """
    award = (
        select(func.min(_AWARD.c.id))
        .where(_AWARD.c.issued_badge_id == _ISSUED.c.id)
        .scalar_subquery()
    )
    name = func.coalesce(_BADGE.c.own_name, _TEMPLATE.c.name, "")
    return [*facts.columns(deliveries), award, name, _BEFORE.c.credly_id]


def around(deliveries: FromClause) -> FromClause:
    """Return the rows around the deliveries that stand here, beside them."""
    return (
        deliveries.join(_ISSUED, _ISSUED.c.id == deliveries.c.issued_badge_id)
        .join(_PERSON, _PERSON.c.id == _ISSUED.c.learner_id)
        .join(_BADGE, _BADGE.c.id == _ISSUED.c.badge_id)
        .outerjoin(_TEMPLATE, _TEMPLATE.c.id == _BADGE.c.template_id)
        .outerjoin(_CONNECTION, _CONNECTION.c.id == deliveries.c.connection_id)
        .outerjoin(_BEFORE, _BEFORE.c.id == _ISSUED.c.replaces_id)
    )


# Put together once, and over plain tables: either alone took longer than asking the database.
_ORDER = (
    select(*order_columns(_DELIVERY))
    .select_from(around(_DELIVERY))
    .where(_DELIVERY.c.id == bindparam("delivery_id"), _DELIVERY.c.owner == bindparam("owner"))
)


@dataclass(frozen=True)
class Order:
    """One claimed delivery with everything it needs."""

    owner: str
    delivery: DeliveryFacts
    issued: IssuedFacts
    learner: LearnerFacts
    badge: BadgeFacts
    template: TemplateFacts | None
    connection: ConnectionFacts | None
    award_id: int | None
    badge_name: str
    # The badge at Credly that this one replaces, of the cycle before.
    replaces_credly_id: str | None

    def issued_row(self) -> IssuedBadge:
        """Return the issued badge as a row to change: for what is not done a thousand times."""
        return db.session.get_one(IssuedBadge, self.issued.id, populate_existing=True)

    @property
    def recipient(self) -> tuple[str, str, str]:
        """Address and names: the frozen ones when something may be on its way with them."""
        frozen = self.delivery
        if frozen.sent_at and frozen.recipient_email:
            return frozen.recipient_email, frozen.first_name or "", frozen.last_name or ""
        return self.learner.address_for_badges, self.learner.first_name, self.learner.last_name

    @property
    def template_id(self) -> str:
        """The id of the template at Credly."""
        return self.badge.external_badge_id or ""

    def request(self) -> IssueOrder:
        """Return what Credly is to be asked."""
        email, first_name, last_name = self.recipient
        return IssueOrder(
            recipient_email=email,
            first_name=first_name,
            last_name=last_name,
            template_id=self.template_id,
            issued_at=self.issued.issued_at,
            issuer_earner_id=self.learner.earner_id,
            locale=credly_locale(self.learner.locale),
            expires_at=self.issued.expires_at,
            suppress_email=self.delivery.suppress_mail,
        )


def credly_locale(locale: str | None) -> str:
    """Return the language of Credly's mail: the person's if Credly has it, else English."""
    return locale if locale in CREDLY_LOCALES else "en"


def writes_english_instead(locale: str | None) -> bool:
    """Say whether somebody chose a language that Credly's mail does not know (3.3)."""
    return bool(locale) and not locale.startswith("en") and credly_locale(locale) == "en"


def load(delivery_id: int, owner: str) -> Order | None:
    """Return the order of a delivery that is still `owner`'s."""
    found = db.session.execute(_ORDER, {"delivery_id": delivery_id, "owner": owner}).first()
    return None if found is None else order_of(found, owner)


def order_of(found: Sequence[Any], owner: str) -> Order:
    """Return the order in a row of these columns."""
    return Order(owner, *facts.facts_of(found), *found[-3:])


def why_held(
    badge: Badge | BadgeFacts,
    template: Template | TemplateFacts | None,
    connection: Connection | ConnectionFacts | None,
    learner: Person | LearnerFacts,
) -> Held | None:
    """Return why nothing can be sent for this learner and badge now; None when it can."""
    if learner.opted_out_at is not None:
        return Held.OPTED_OUT
    if connection is None or template is None:
        return Held.NO_CONNECTION
    if connection.state is ConnectionState.HELD:
        return Held.CONNECTION_HELD
    if connection.state is ConnectionState.PAUSED:
        return Held.CONNECTION_PAUSED
    if not template.is_active:
        return Held.TEMPLATE_NOT_ACTIVE
    if not names.usable(learner):
        return Held.NAME_NOT_USABLE
    return None


def why_order_held(order: Order) -> Held | None:
    """Return why a claimed delivery cannot leave now.

    Revoking needs the connection alone, and so does the look-up after somebody cancelled. What is
    to be issued anew afterwards needs all: else the badge would be gone and nothing in its place.
    """
    because = why_held(order.badge, order.template, order.connection, order.learner)
    about_what_is_sent = {Held.TEMPLATE_NOT_ACTIVE, Held.NAME_NOT_USABLE, Held.OPTED_OUT}
    delivery = order.delivery
    takes_away = delivery.kind is DeliveryKind.REVOKE and not delivery.issue_afterwards
    sends_nothing = takes_away or delivery.cancel_asked
    if sends_nothing and because in about_what_is_sent:
        return None
    return because
