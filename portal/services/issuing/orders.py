"""What a claimed delivery is about, read in one go before Credly is called."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

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
from portal.services.issuing import names

# credly-api.md 3.3; Credly writes its mail in one of these.
CREDLY_LOCALES = frozenset(
    {"en", "fr", "de", "ko", "ja", "zh-CN", "pt", "es-ES", "es-US", "fr-CA", "pt-BR"}
)


# Put together once: that alone took longer than asking the database.
# The award is any that the badge stands for: its page is where the learner is led.
_ORDER = (
    select(
        Delivery,
        select(func.min(Award.id))
        .where(Award.issued_badge_id == Delivery.issued_badge_id)
        .scalar_subquery(),
        func.coalesce(Badge.own_name, Template.name, ""),
    )
    .join(Delivery.issued_badge)
    .join(IssuedBadge.learner)
    .join(IssuedBadge.badge)
    .outerjoin(Badge.template)
    .outerjoin(Delivery.connection)
    .where(Delivery.id == bindparam("delivery_id"), Delivery.owner == bindparam("owner"))
    .options(
        contains_eager(Delivery.connection),
        contains_eager(Delivery.issued_badge).options(
            contains_eager(IssuedBadge.learner).lazyload(Person.role_rows),
            contains_eager(IssuedBadge.badge).options(
                load_only(Badge.external_badge_id),
                # Not its description and lists, which may be long.
                contains_eager(Badge.template).load_only(Template.state, Template.allow_duplicates),
            ),
            joinedload(IssuedBadge.replaces),
        ),
    )
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Order:
    """One claimed delivery with everything it needs."""

    delivery: Delivery
    issued: IssuedBadge
    learner: Person
    badge: Badge
    template: Template | None
    connection: Connection | None
    owner: str
    award_id: int | None
    badge_name: str

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
    if found is None:
        return None
    delivery, award_id, badge_name = found
    issued = delivery.issued_badge
    return Order(
        delivery,
        issued,
        issued.learner,
        issued.badge,
        issued.badge.template,
        delivery.connection,
        owner,
        award_id,
        badge_name,
    )


def why_held(
    badge: Badge, template: Template | None, connection: Connection | None, learner: Person
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
    if not names.usable(learner.first_name, learner.last_name, learner.email):
        return Held.NAME_NOT_USABLE
    return None


def why_order_held(order: Order) -> Held | None:
    """Return why a claimed delivery cannot leave now.

    Revoking needs the connection alone, and so does the look-up after somebody cancelled.
    """
    because = why_held(order.badge, order.template, order.connection, order.learner)
    about_what_is_sent = {Held.TEMPLATE_NOT_ACTIVE, Held.NAME_NOT_USABLE, Held.OPTED_OUT}
    sends_nothing = order.delivery.kind is DeliveryKind.REVOKE or order.delivery.cancel_asked
    if sends_nothing and because in about_what_is_sent:
        return None
    return because
