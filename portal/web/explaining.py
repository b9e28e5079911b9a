"""An explanation made ready for its page: every way with its words, its pill and its next step."""

from dataclasses import dataclass

from portal.services.learning.why import Explanation
from portal.services.learning.why_ways import Way
from portal.web.states import View
from portal.web.why_events import event_words
from portal.web.why_steps import Audience, Step, step_of
from portal.web.why_words import learner_words, policy_words, staff_words, view_of


@dataclass(frozen=True)
class Told:
    """One way as the page shows it."""

    way: Way
    words: str
    view: View
    step: Step | None
    policy: str


def page_values(told: Explanation, audience: Audience) -> dict[str, object]:
    """Return what the templates of *Why?* need."""
    own = audience is Audience.LEARNER
    ways = [
        Told(
            way=way,
            words=learner_words(way) if own else staff_words(way),
            view=view_of(way.finding),
            step=step_of(way, told, audience),
            policy=policy_words(way, own=own),
        )
        for way in told.ways
    ]
    return {
        "person": told.person,
        "badge": told.badge,
        "ways": ways,
        "best": ways[0] if ways else None,
        "events": [(one, event_words(one, not own)) for one in told.events],
        "sent": told.sent if audience is Audience.ADMIN else [],
        "by_learner": own,
    }
