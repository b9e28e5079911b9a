"""Certifications that end: how one stands, and when it can be renewed."""

from datetime import datetime, timedelta
from enum import StrEnum

from portal.models import Certification, Enrolment


class Standing(StrEnum):
    """How a completed certification stands today."""

    FOR_EVER = "for_ever"
    VALID = "valid"
    ENDING = "ending"  # still valid, and its renewal window is open
    EXPIRED = "expired"


def standing_of(enrolment: Enrolment, now: datetime) -> Standing | None:
    """Return how a completed attempt at a certification stands; None for anything else."""
    certification = enrolment.learning_object
    if not isinstance(certification, Certification) or not enrolment.success:
        return None
    if enrolment.expires_at is None:
        return Standing.FOR_EVER
    if enrolment.expires_at <= now:
        return Standing.EXPIRED
    opens = opens_at(enrolment)
    return Standing.ENDING if opens is not None and opens <= now else Standing.VALID


def opens_at(enrolment: Enrolment) -> datetime | None:
    """Return from when a completed attempt can be renewed; None when it does not end."""
    certification = enrolment.learning_object
    if enrolment.expires_at is None or not isinstance(certification, Certification):
        return None
    return enrolment.expires_at - timedelta(days=certification.renewal_days)


def can_renew(enrolment: Enrolment | None, now: datetime) -> bool:
    """Whether this completed attempt can be renewed now: in its window, or after its end."""
    return enrolment is not None and standing_of(enrolment, now) in {
        Standing.ENDING,
        Standing.EXPIRED,
    }
