"""What the page of a learning object tells its reader, whatever its kind."""

from typing import Any

from flask_login import current_user

from portal.clock import utc_now
from portal.models import Award, Enrolment, Kind, LearningObject
from portal.services.issuing import awards
from portal.services.learning import completions, enrolments, evidence, requirements


def is_of_cycle_before(award: Award, enrolment: Enrolment | None) -> bool:
    """Whether a renewal was completed and gave no award: the newest one is of the cycle before."""
    if enrolment is None or not enrolment.done or not enrolment.renews:
        return False
    renewed = enrolment.learning_object.kind is Kind.CERTIFICATION
    return renewed and award.earned_at < enrolment.enrolled_at


def standing(about: LearningObject) -> dict[str, Any]:
    """Return how far the reader is with the object, and what they earned through it."""
    enrolment = enrolments.enrolment_of(current_user, about)
    award = awards.of_learning_object(about.id, {current_user.id}).get(current_user.id)
    before = award if award and is_of_cycle_before(award, enrolment) else None
    award = None if before else award
    handed_in = evidence.list_of(enrolment) if evidence.takes_evidence(about) else []
    return {
        "about": about,
        "enrolment": enrolment,
        "anew": completions.may_begin_anew(enrolment),
        "award": award,
        "award_before": before,
        "held": award and award.id in awards.already_held(current_user, [award]),
        "progress": requirements.progress_of(current_user, about, enrolment),
        "evidence": handed_in,
        "by_evidence": evidence.takes_evidence(about),
        "now": utc_now(),
    }
