"""What completions and levels earn. Nothing here commits; many learners cost as many statements as
one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from portal.models import Kind, Person
from portal.services.issuing.awarding import award_all
from portal.services.issuing.awards import revoked_through
from portal.services.issuing.shelves import Earned
from portal.services.learning.attempts import Finished
from portal.services.learning.credits import Reached
from portal.services.learning.fulfilment import completed_before


def award(
    earned: Mapping[Person, Sequence[Earned]],
    reached: Sequence[Reached],
    now: datetime,
    not_sent_because: str | None = None,
) -> None:
    """Award what these learners earned, and the badges of levels that they reached just now.

    No commit.
    """
    with_levels = {learner: list(theirs) for learner, theirs in earned.items()}
    by_id = {learner.id: theirs for learner, theirs in with_levels.items()}
    for one in {(level.learner_id, level.level.id): level for level in reached}.values():
        badge_id = one.level.badge_id
        if badge_id is not None:
            by_id[one.learner_id].append(Earned(badge_id, one.at, skill_level_id=one.level.id))
    if not_sent_because is not None:
        for theirs in with_levels.values():
            theirs[:] = [one.but(not_sent_because=not_sent_because) for one in theirs]
    award_all(earned=with_levels, now=now)


def earned_by(done: Mapping[Person, Sequence[Finished]]) -> dict[Person, list[Earned]]:
    """Return what these attempts earn."""
    giving = {
        learner: [one for one in theirs if one.learning_object.badge_id is not None]
        for learner, theirs in done.items()
    }
    before = completed_before([one for theirs in giving.values() for one in theirs])
    again = [one for theirs in giving.values() for one in theirs if one.id in before]
    revoked = revoked_through({(one.learner_id, one.learning_object_id) for one in again})
    found: dict[Person, list[Earned]] = {}
    for learner, theirs in giving.items():
        earned = (_earned_through(one, one.id in before, revoked) for one in theirs)
        found[learner] = [one for one in earned if one is not None]
    return found


def _earned_through(
    enrolment: Finished, before: bool, all_revoked: Collection[tuple[int, int]]
) -> Earned | None:
    """What the attempt earns; after a completion before it only a renewal, or what was revoked."""
    learning_object = enrolment.learning_object
    # What it renews may have been taken back since; then it is the first that counts.
    renewal = before and enrolment.renews and learning_object.kind is Kind.CERTIFICATION
    anew = learning_object.earned_again or enrolment.undone_at is not None
    if before:
        revoked = (enrolment.learner_id, learning_object.id) in all_revoked
        if not (anew if revoked else renewal):
            return None
    return Earned(
        learning_object.badge_id,
        enrolment.completed_at,
        learning_object_id=learning_object.id,
        again=anew,
        renewal=renewal,
        expires_at=enrolment.expires_at,
        hold=timedelta(minutes=learning_object.hold_minutes),
    )
