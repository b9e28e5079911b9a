"""Where an issued badge can be shown and shared: addresses and LinkedIn's fields (product 5)."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Award, AwardState, Badge, Connection, CredlyState, IssuedBadge, Person
from portal.services.means import Means

LINKEDIN_ADD = "https://www.linkedin.com/profile/add"
LINKEDIN_POST = "https://www.linkedin.com/sharing/share-offsite/"
X_POST = "https://twitter.com/intent/tweet"
FACEBOOK_POST = "https://www.facebook.com/sharer/sharer.php"
_ISSUED = IssuedBadge.__table__
_CONNECTION = Connection.__table__
_USED = select(Badge.__table__.c.connection_id).where(Badge.__table__.c.connection_id.is_not(None))
_FRONT = (  # the host of a connection that badges use, if any
    select(_CONNECTION.c.hostname)
    .order_by(_CONNECTION.c.id.in_(_USED.limit(1)).desc(), _CONNECTION.c.id)
    .limit(1)
)


def _newest(told: ColumnElement[str]) -> ScalarSelect:
    """Select what Credly told last, with any badge of the learner's."""
    mine = and_(_ISSUED.c.learner_id == bindparam("learner_id"), _ISSUED.c.credly_id.is_not(None))
    newest = (_ISSUED.c.issued_at.desc(), _ISSUED.c.id.desc())
    return select(told).where(mine, told != "").order_by(*newest).limit(1).scalar_subquery()


_TOLD = select(
    _newest(_ISSUED.c.profile_url), _newest(_ISSUED.c.accept_url), _FRONT.scalar_subquery()
)


@dataclass(frozen=True)
class LinkedInFields:
    """What LinkedIn's form asks for, in its own order. Months count from 1."""

    name: str
    organization_name: str
    organization_id: str | None
    issue_year: int
    issue_month: int
    expiration_year: int | None
    expiration_month: int | None
    cert_id: str
    cert_url: str

    def address(self) -> str:
        """Return LinkedIn's form with these values filled in."""
        values: dict[str, object] = {"startTask": "CERTIFICATION_NAME", "name": self.name}
        if self.organization_id:
            values["organizationId"] = self.organization_id
        else:
            values["organizationName"] = self.organization_name
        values |= {"issueYear": self.issue_year, "issueMonth": self.issue_month}
        if self.expiration_year:
            values["expirationYear"] = self.expiration_year
            values["expirationMonth"] = self.expiration_month
        values |= {"certUrl": self.cert_url, "certId": self.cert_id}
        return f"{LINKEDIN_ADD}?{urlencode(values, quote_via=quote)}"


@dataclass(frozen=True)
class Share:
    """The addresses with which a badge is shared."""

    url: str
    linked_in: LinkedInFields
    linked_in_post: str
    x: str
    facebook: str


def share_of(award: Award, means: Means, public_url: str | None = None) -> Share | None:
    """Return how this badge can be shared; None as long as there is no page to lead people to.

    The address is Credly's while the badge is accepted and public there, else `public_url`.
    """
    issued = award.issued_badge
    if award.state is not AwardState.EARNED:
        return None
    url = issued.badge_url if issued and is_shown(issued) else public_url
    if not url:
        return None
    return Share(
        url=url,
        linked_in=_linked_in(award, url, means),
        linked_in_post=f"{LINKEDIN_POST}?{urlencode({'url': url})}",
        x=f"{X_POST}?{urlencode({'text': award.badge.name, 'url': url}, quote_via=quote)}",
        facebook=f"{FACEBOOK_POST}?{urlencode({'u': url})}",
    )


def mail_address(subject: str, body: str) -> str:
    """Return a mailto: address with these words."""
    return f"mailto:?{urlencode({'subject': subject, 'body': body}, quote_via=quote)}"


def is_shown(issued: IssuedBadge) -> bool:
    """Say whether Credly shows a public page of this badge."""
    accepted = issued.state == CredlyState.ACCEPTED and not issued.gone_at
    return bool(accepted and issued.public and issued.badge_url)


def credly_profile(learner: Person, means: Means) -> tuple[str, bool]:
    """Return where "Open my Credly profile" leads, and whether that is the profile itself.

    Before Credly has told us, it is the newest badge's accept address; without a badge, Credly's
    front page.
    """
    if learner.credly_profile:
        return learner.credly_profile, True
    asked = db.session.execute(_TOLD, {"learner_id": learner.id})
    profile, accept, hostname = asked.one()
    if profile:
        return profile, True
    return accept or means.door.hosts.web_front(hostname or "api.credly.com"), False


def keep_profile(*, learner: Person, url: str, means: Means) -> None:
    """Keep the Credly profile a learner typed; it must be a Credly address. Commits."""
    url = url.strip()
    profile = means.door.hosts.safe_profile(url) if url else None
    if url and profile is None:
        raise RuleBroken(say("profile_not_credly"), "credly_profile")
    learner.credly_profile = profile  # with its scheme, whatever was typed
    db.session.commit()


def _linked_in(award: Award, url: str, means: Means) -> LinkedInFields:
    issued, badge, zone = award.issued_badge, award.badge, means.time_zone
    connection = badge.connection
    at = (issued.issued_at if issued else award.earned_at).astimezone(zone)
    ends = _local(issued.expires_at if issued else award.expires_at, zone)
    organization = connection and (
        connection.linked_in_organization_name or connection.organization_name
    )
    return LinkedInFields(
        name=badge.name,
        organization_name=organization or means.portal_name,  # a badge of the portal alone
        organization_id=connection.linked_in_organization_id if connection else None,
        issue_year=at.year,
        issue_month=at.month,
        expiration_year=ends.year if ends else None,
        expiration_month=ends.month if ends else None,
        cert_id=(issued.credly_id if issued else None) or url.rsplit("/", 1)[-1],
        cert_url=url,
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.astimezone(zone) if moment else None
