"""What the page of a learning object tells its reader, whatever its kind."""

from typing import Any

from flask_login import current_user

from portal.clock import utc_now
from portal.models import LearningObject
from portal.services.issuing import awards
from portal.services.learning import completions, enrolments, evidence, requirements


def standing(about: LearningObject) -> dict[str, Any]:
    """Return how far the reader is with the object, and what they earned through it."""
    enrolment = enrolments.enrolment_of(current_user, about)
    award = awards.of_learning_object(about.id, {current_user.id}).get(current_user.id)
    handed_in = evidence.list_of(enrolment) if evidence.takes_evidence(about) else []
    return {
        "about": about,
        "enrolment": enrolment,
        "anew": completions.may_begin_anew(enrolment),
        "award": award,
        "held": award and award.id in awards.already_held(current_user, [award]),
        "progress": requirements.progress_of(current_user, about, enrolment),
        "evidence": handed_in,
        "by_evidence": evidence.takes_evidence(about),
        "now": utc_now(),
    }
