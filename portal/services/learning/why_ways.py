"""One way to a badge, for one person: what it asks for, how far they are, what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.models import (
    Award,
    AwardState,
    Badge,
    CredlyState,
    Decision,
    Delivery,
    DeliveryState,
    Enrolment,
    EnrolmentState,
    Evidence,
    Held,
    LearningObject,
    ObjectState,
    Person,
    SkillState,
)
from portal.services.learning.requirements import (
    LevelProgress,
    Progress,
    progress_of,
    progress_of_level,
)
from portal.services.learning.sources import Source


class Finding(StrEnum):
    """Where somebody stands on one way to a badge. Pages have two sentences for each."""

    # there is an award
    ACCEPTED = "accepted"
    PENDING = "pending"
    REJECTED = "rejected"
    EXPIRED = "expired"
    GONE = "gone"
    AT_CREDLY = "at_credly"  # in a state that Credly has invented since
    ON_ITS_WAY = "on_its_way"
    HELD = "held"
    NEEDS_PERSON = "needs_person"
    NOT_SENT = "not_sent"
    ALREADY_HELD = "already_held"
    IN_PORTAL = "in_portal"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    # it was completed, and there is none
    COMPLETED_RETIRED = "completed_retired"
    COMPLETED_EARLIER = "completed_earlier"
    ANOTHER_BADGE = "another_badge"
    WITHOUT_SUCCESS = "without_success"
    # it is not completed
    UNDONE = "undone"
    WITHDRAWN = "withdrawn"
    EVIDENCE_WAITING = "evidence_waiting"
    EVIDENCE_REJECTED = "evidence_rejected"
    IN_PROGRESS = "in_progress"
    CREDITS_MISSING = "credits_missing"
    SKILL_RETIRED = "skill_retired"
    WOULD = "would"
    WOULD_AT_ONCE = "would_at_once"
    DRAFT = "draft"
    OBJECT_RETIRED = "object_retired"
    BADGE_RETIRED = "badge_retired"


_AT_CREDLY = {
    CredlyState.ACCEPTED: Finding.ACCEPTED,
    CredlyState.PENDING: Finding.PENDING,
    CredlyState.REJECTED: Finding.REJECTED,
    CredlyState.REVOKED: Finding.REVOKED,
}
_OBJECT = {
    ObjectState.DRAFT: Finding.DRAFT,
    ObjectState.RETIRED: Finding.OBJECT_RETIRED,
}


@dataclass(frozen=True)
class Known:
    """What was read for all ways at once: attempts, hand-ins, awards, and their deliveries."""

    enrolments: Mapping[int, Enrolment]  # the newest, by the object's id
    evidence: Mapping[int, Evidence]  # the newest, by the enrolment's id
    awards: Sequence[Award]
    second: frozenset[int]  # the ids of awards whose badge was there already
    deliveries: Mapping[int, Delivery]  # the newest, by the issued badge's id


@dataclass(frozen=True)
class Way:
    """One source and one person. Exactly one of `progress` and `level` is there."""

    source: Source
    finding: Finding
    gives_now: bool
    enrolment: Enrolment | None
    evidence: Evidence | None
    progress: Progress | None
    level: LevelProgress | None
    award: Award | None
    delivery: Delivery | None

    @property
    def held_because(self) -> Held | None:
        """What holds the delivery."""
        return self.delivery.held_because if self.delivery else None


def way_of(source: Source, person: Person, badge: Badge, known: Known, now: datetime) -> Way:
    """Find out how a person stands on one way to a badge."""
    award = _newest_award(source, known.awards)
    issued = award.issued_badge if award else None
    enrolment = evidence = progress = level = None
    if source.level is not None:
        level = progress_of_level(person, source.level)
    else:
        enrolment = known.enrolments.get(source.id)
        evidence = known.evidence.get(enrolment.id) if enrolment else None
        progress = progress_of(person, _object_of(source), _counting(enrolment))
    delivery = known.deliveries.get(issued.id) if issued else None
    gives_now = source.badge is not None and source.badge.id == badge.id
    if award is not None:
        undone = enrolment is not None and enrolment.undone_at and not enrolment.done
        finding = _of_award(award, award.id in known.second, delivery, bool(undone), now)
    elif level is not None:
        finding = _of_level(level, badge, gives_now)
    else:
        finding = _of_object(_object_of(source), enrolment, evidence, progress, badge, gives_now)
    return Way(source, finding, gives_now, enrolment, evidence, progress, level, award, delivery)


def _object_of(source: Source) -> LearningObject:
    assert source.learning_object is not None  # noqa: S101 — the caller has asked
    return source.learning_object


def _counting(enrolment: Enrolment | None) -> Enrolment | None:
    """The attempt that tells what is required; one that was left tells nothing any more."""
    if enrolment is None or enrolment.state is EnrolmentState.WITHDRAWN:
        return None
    return enrolment


def _newest_award(source: Source, awards: Sequence[Award]) -> Award | None:
    key = tuple(source.key.values())
    mine = [one for one in awards if (one.learning_object_id, one.skill_level_id) == key]
    return max(mine, key=lambda one: (one.cycle, one.id), default=None)


def _of_award(
    award: Award, second: bool, delivery: Delivery | None, undone: bool, now: datetime
) -> Finding:
    if award.state is AwardState.CANCELLED:
        return Finding.UNDONE if undone else Finding.CANCELLED
    if award.state is AwardState.REVOKED:
        return Finding.REVOKED
    if award.not_sent_because is not None and award.badge.on_credly:
        return Finding.NOT_SENT
    if second:
        return Finding.ALREADY_HELD
    issued = award.issued_badge
    if issued is None:
        return Finding.IN_PORTAL if not award.badge.on_credly else Finding.ON_ITS_WAY
    if issued.gone_at is not None:
        return Finding.GONE
    if issued.state is None:
        return _of_delivery(delivery)
    found = _AT_CREDLY.get(CredlyState(issued.state)) if issued.state in set(CredlyState) else None
    ended = issued.expires_at is not None and issued.expires_at <= now
    if ended and found in {Finding.ACCEPTED, Finding.PENDING}:
        return Finding.EXPIRED
    return found or Finding.AT_CREDLY


def _of_delivery(delivery: Delivery | None) -> Finding:
    if delivery is not None and delivery.state is DeliveryState.HELD:
        return Finding.HELD
    if delivery is not None and delivery.state is DeliveryState.NEEDS_PERSON:
        return Finding.NEEDS_PERSON
    return Finding.ON_ITS_WAY


def _of_level(level: LevelProgress, badge: Badge, gives_now: bool) -> Finding:
    if level.reached is not None:
        return _without_award(badge, gives_now)
    if level.level.skill.state is SkillState.RETIRED:
        return Finding.SKILL_RETIRED
    return Finding.CREDITS_MISSING if badge.is_active else Finding.BADGE_RETIRED


def _without_award(badge: Badge, gives_now: bool) -> Finding:
    if not gives_now:
        return Finding.ANOTHER_BADGE
    return Finding.COMPLETED_EARLIER if badge.is_active else Finding.COMPLETED_RETIRED


def _of_object(
    learning_object: LearningObject,
    enrolment: Enrolment | None,
    evidence: Evidence | None,
    progress: Progress | None,
    badge: Badge,
    gives_now: bool,
) -> Finding:
    if enrolment is not None and enrolment.done:
        done = enrolment.success
        return _without_award(badge, gives_now) if done else Finding.WITHOUT_SUCCESS
    if enrolment is not None and enrolment.undone_at is not None:
        return Finding.UNDONE
    if enrolment is not None and enrolment.state is not EnrolmentState.WITHDRAWN:
        return _of_attempt(evidence, badge)
    if not badge.is_active:
        return Finding.BADGE_RETIRED
    if learning_object.state in _OBJECT:
        return _OBJECT[learning_object.state]
    if enrolment is not None:
        return Finding.WITHDRAWN
    return Finding.WOULD_AT_ONCE if progress and progress.fulfilled else Finding.WOULD


def _of_attempt(evidence: Evidence | None, badge: Badge) -> Finding:
    if not badge.is_active:
        return Finding.BADGE_RETIRED
    if evidence is not None and evidence.decision is Decision.WAITING:
        return Finding.EVIDENCE_WAITING
    if evidence is not None and evidence.decision is Decision.REJECTED:
        return Finding.EVIDENCE_REJECTED
    return Finding.IN_PROGRESS
