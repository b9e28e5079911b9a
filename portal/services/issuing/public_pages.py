"""The public page of an award: turned on and off by its learner, found by its key."""

import re
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from portal.cards import Card, draw
from portal.colours import deep
from portal.errors import Gone, NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Award, AwardState, Badge, IssuedBadge, Person, PublicPage, Template
from portal.services import audit
from portal.services.issuing.sharing import is_shown
from portal.services.means import Means

_KEY = re.compile(r"[0-9a-f]{32}")
_PIECE = 500


@dataclass(frozen=True)
class Facts:
    """What a stranger may read about an award."""

    badge: Badge
    holder: str
    issuer: str
    earned_at: datetime
    expires_at: datetime | None
    state: str  # valid, expired, revoked
    credly_url: str | None


def of_award(award: Award) -> PublicPage | None:
    """Return the page of an award, if its learner ever made one."""
    return of_awards([award.id]).get(award.id)


def of_awards(award_ids: Collection[int]) -> dict[int, PublicPage]:
    """Return the pages of these awards, by the award's id."""
    query = select(PublicPage).where(PublicPage.award_id.in_(award_ids))
    found = db.session.scalars(query.where(PublicPage.erased_at.is_(None)))
    return {page.award_id: page for page in found}


def shown_of(learner: Person, most: int) -> Sequence[PublicPage]:
    """Return the newest of the learner's pages that anybody with their address can see."""
    query = (
        select(PublicPage)
        .join(PublicPage.award)
        .where(Award.learner_id == learner.id, Award.state != AwardState.CANCELLED)
        .where(PublicPage.shown, PublicPage.erased_at.is_(None))
        .options(
            contains_eager(PublicPage.award).joinedload(Award.badge).joinedload(Badge.template)
        )
        .order_by(PublicPage.id.desc())
        .limit(most)
    )
    return db.session.scalars(query).all()


def turn_on(*, award: Award, now: datetime) -> PublicPage:
    """Show the award to whoever has the address, which stays the same ever after. Commits."""
    if award.state is AwardState.CANCELLED:
        raise RuleBroken(say("public_page_cancelled"))
    page = of_award(award)
    if page is None:
        page = PublicPage(award_id=award.id, key=secrets.token_hex(16), created_at=now)
        db.session.add(page)
    page.shown = True
    audit.note("public_page.on", subject=award, person_id=award.learner_id, now=now)
    db.session.commit()
    return page


def turn_off(*, award: Award) -> None:
    """Show it to nobody any more, and forget that search engines might. Commits."""
    page = of_award(award)
    if page is not None:
        page.shown = page.indexed = False
        audit.note("public_page.off", subject=award, person_id=award.learner_id)
        db.session.commit()


def let_be_found(*, award: Award, indexed: bool) -> None:
    """Say whether search engines may find the page. Commits."""
    page = of_award(award)
    if page is None or not page.shown:
        raise NotFound
    page.indexed = indexed
    db.session.commit()


def find(key: str) -> PublicPage:
    """Return the page that is shown under this key.

    Raises NotFound for one that is off or never was, Gone when its learner was erased.
    """
    if not _KEY.fullmatch(key):  # a database may refuse to look for what is none
        raise NotFound
    query = (
        select(PublicPage)
        .filter_by(key=key)
        .options(
            joinedload(PublicPage.award).options(
                joinedload(Award.learner).lazyload(Person.role_rows),
                joinedload(Award.issued_badge),
                joinedload(Award.badge).options(
                    joinedload(Badge.connection),
                    joinedload(Badge.own_image),
                    joinedload(Badge.template).joinedload(Template.image),
                ),
            )
        )
    )
    page = db.session.scalar(query)
    if page is not None and page.erased_at is not None:
        raise Gone
    if page is None or not page.shown or page.award.state is AwardState.CANCELLED:
        raise NotFound
    return page


def every_key() -> Iterator[str]:
    """Yield the keys of all pages that are shown, a bounded number at a time."""
    last = 0
    while True:
        query = (
            select(PublicPage.id, PublicPage.key)
            .join(PublicPage.award)
            .where(PublicPage.id > last, PublicPage.shown, PublicPage.erased_at.is_(None))
            .where(Award.state != AwardState.CANCELLED)
            .order_by(PublicPage.id)
            .limit(_PIECE)
        )
        rows = db.session.execute(query).all()
        yield from (row.key for row in rows)
        if len(rows) < _PIECE:
            return
        last = rows[-1].id


def address_of(page: PublicPage | None, means: Means) -> str | None:
    """Return the address to share; None while the page is off."""
    return f"{means.public_url}/b/{page.key}" if page and page.shown else None


def facts_of(award: Award, means: Means, now: datetime) -> Facts:
    """Return what a stranger may read. It needs neither Credly nor a working connection."""
    issued, badge = award.issued_badge, award.badge
    name = award.learner.name
    if issued is not None and issued.first_name:
        name = f"{issued.first_name} {issued.last_name or ''}".strip()
    organization = badge.connection.organization_name if badge.connection else ""
    expires_at = issued.expires_at if issued else award.expires_at
    return Facts(
        badge=badge,
        holder=name,
        issuer=organization or means.portal_name,
        earned_at=award.earned_at,
        expires_at=expires_at,
        state=_state(award, issued, expires_at, now),
        credly_url=issued.badge_url if issued and is_shown(issued) else None,
    )


def _state(
    award: Award, issued: IssuedBadge | None, expires_at: datetime | None, now: datetime
) -> str:
    if award.state is AwardState.REVOKED or (issued and issued.state == "revoked"):
        return "revoked"
    return "expired" if expires_at and expires_at <= now else "valid"


def card_of(facts: Facts, *, note: str, initials: str, means: Means) -> bytes:
    """Return the picture of the card; `note` and `initials` are in the reader's words."""
    key = facts.badge.picture
    return draw(
        Card(
            badge=facts.badge.name,
            holder=facts.holder,
            issuer=facts.issuer,
            note=note,
            initials=initials,
            picture=means.pictures.path(key) if key else None,
            colour=deep(means.known.now.brand),
            logo=means.printed_logo(),
        )
    )
