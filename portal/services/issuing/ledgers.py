"""Two ledgers for one template: the portal's awards and what Credly lists (assurance 5)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from portal.credly.payloads import Badge as CredlyBadge
from portal.extensions import db
from portal.models import (
    OPEN,
    Award,
    AwardState,
    Badge,
    Delivery,
    EarlierCredlyId,
    Finding,
    IssuedBadge,
    Person,
)

AT_ONCE = 500


@dataclass(frozen=True)
class Row:
    """One finding, with what a person needs to see it and a repair to take hold of it."""

    finding: Finding
    template_id: str
    learner_id: int | None = None
    credly_id: str | None = None
    issued_badge_id: int | None = None
    award_id: int | None = None
    ours: str | None = None
    theirs: str | None = None


@dataclass
class Ledger:
    """What Credly lists for one template, in the order it gave it."""

    template_id: str
    all: dict[str, CredlyBadge] = field(default_factory=dict)

    def take(self, badges: Iterable[CredlyBadge]) -> "Ledger":
        """Write the badges down."""
        self.all.update({badge.id: badge for badge in badges})
        return self

    @property
    def live(self) -> Iterator[CredlyBadge]:
        """Badges that count: neither revoked nor replaced."""
        for badge in self.all.values():
            if not badge.is_revoked and badge.replacement_badge_id is None:
                yield badge


def compare(ledger: Ledger, badge: Badge) -> Iterator[Row]:
    """Yield what does not agree between the portal's badge and Credly's list of its template."""
    learners = _learners_of(ledger)
    by_learner: dict[int, list[CredlyBadge]] = defaultdict(list)
    for there in ledger.live:
        learner_id = learners.get(there.id)
        if learner_id is not None:
            by_learner[learner_id].append(there)
    yield from _twice(ledger, by_learner)
    yield from _unknown(ledger, by_learner)
    yield from _issued(ledger, badge)
    yield from _lost(ledger, badge, by_learner)


def _learners_of(ledger: Ledger) -> dict[str, int]:
    """Return Credly id → our learner: by issuer_earner_id, else by the e-mail of issuing."""
    live = list(ledger.live)
    found: dict[str, int] = {}
    for start in range(0, len(live), AT_ONCE):
        part = live[start : start + AT_ONCE]
        earners = _ids(Person.earner_id, {one.issuer_earner_id for one in part})
        emails = _ids(Person.email, {(one.recipient_email or "").lower() for one in part})
        for one in part:
            if one.issuer_earner_id in earners:
                found[one.id] = earners[one.issuer_earner_id]
            elif one.issuer_earner_id is None and one.recipient_email:
                learner_id = emails.get(one.recipient_email.lower())
                if learner_id is not None:
                    found[one.id] = learner_id
    return found


def _ids(column, values: set[str | None]) -> dict[str, int]:
    query = select(column, Person.id).where(column.in_([value for value in values if value]))
    return {row[0]: row[1] for row in db.session.execute(query)}


def _twice(ledger: Ledger, by_learner: dict[int, list[CredlyBadge]]) -> Iterator[Row]:
    for learner_id, live in by_learner.items():
        if len(live) > 1:
            ids = ", ".join(sorted(one.id for one in live))
            yield Row(Finding.TWICE, ledger.template_id, learner_id, theirs=ids)


def _unknown(ledger: Ledger, by_learner: dict[int, list[CredlyBadge]]) -> Iterator[Row]:
    """Live badges that carry an id of ours and that no issued badge of ours knows."""
    known = _known_ids(ledger)
    for learner_id, live in by_learner.items():
        for one in live:
            if one.issuer_earner_id and one.id not in known:
                yield Row(Finding.UNKNOWN, ledger.template_id, learner_id, credly_id=one.id)


def _known_ids(ledger: Ledger) -> set[str]:
    known: set[str] = set()
    ids = list(ledger.all)
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        for column in (IssuedBadge.credly_id, EarlierCredlyId.credly_id):
            known.update(db.session.scalars(select(column).where(column.in_(part))))
    return known


def _issued(ledger: Ledger, badge: Badge) -> Iterator[Row]:
    """Ghosts and drift: what we say is at Credly, and what Credly says of it."""
    query = select(IssuedBadge).where(
        IssuedBadge.badge_id == badge.id, IssuedBadge.credly_id.is_not(None)
    )
    for issued in db.session.scalars(query.execution_options(yield_per=AT_ONCE)):
        there = ledger.all.get(issued.credly_id or "")
        facts = {
            "learner_id": issued.learner_id,
            "credly_id": issued.credly_id,
            "issued_badge_id": issued.id,
        }
        if there is None:
            if not issued.gone_acknowledged:
                yield Row(Finding.GHOST, ledger.template_id, **facts)
        elif there.replacement_badge_id is not None and not _succeeded(issued):
            facts["theirs"] = f"replaced by {there.replacement_badge_id}"
            yield Row(Finding.DRIFT, ledger.template_id, **facts, ours=issued.state)
        elif there.state != issued.state and there.replacement_badge_id is None:
            yield Row(
                Finding.DRIFT, ledger.template_id, **facts, ours=issued.state, theirs=there.state
            )


def _succeeded(issued: IssuedBadge) -> bool:
    """Whether a later cycle of ours stands in its place: then being replaced is as it should."""
    query = select(IssuedBadge.id).where(IssuedBadge.replaces_id == issued.id).limit(1)
    return db.session.scalar(query) is not None


def _lost(ledger: Ledger, badge: Badge, by_learner: dict[int, list[CredlyBadge]]) -> Iterator[Row]:
    """Awards that should be at Credly, are not, and that nothing carries there.

    The live badge of an earlier cycle is not what a renewal earned.
    """
    cycles = _cycles_of([one.id for live in by_learner.values() for one in live], badge)
    open_now = select(Delivery.issued_badge_id).where(Delivery.state.in_(OPEN))
    query = (
        select(Award)
        .outerjoin(Award.issued_badge)
        .where(Award.badge_id == badge.id, Award.state == AwardState.EARNED)
        .where(Award.not_sent_because.is_(None), IssuedBadge.credly_id.is_(None))
        .where(Award.issued_badge_id.is_(None) | Award.issued_badge_id.not_in(open_now))
        .options(contains_eager(Award.issued_badge), joinedload(Award.learner))
    )
    for award in db.session.scalars(query.execution_options(yield_per=AT_ONCE)):
        live = by_learner.get(award.learner_id, ())
        if all(cycles.get(one.id, award.cycle) < award.cycle for one in live):
            yield Row(
                Finding.LOST,
                ledger.template_id,
                award.learner_id,
                issued_badge_id=award.issued_badge_id,
                award_id=award.id,
            )


def _cycles_of(ids: list[str], badge: Badge) -> dict[str, int]:
    """Return Credly id → the cycle of ours that it stands for."""
    found: dict[str, int] = {}
    for start in range(0, len(ids), AT_ONCE):
        part = IssuedBadge.credly_id.in_(ids[start : start + AT_ONCE])
        query = select(IssuedBadge.credly_id, IssuedBadge.cycle).where(part)
        found |= dict(db.session.execute(query.where(IssuedBadge.badge_id == badge.id)).all())
    return found
