"""What happened in the demo portal during the last twelve weeks: who did what, and how it ended."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto


class End(Enum):
    """How far one learner came with one course."""

    ENROLLED = auto()
    WITHDRAWN = auto()
    COMPLETED = auto()  # and whatever becomes of the badge by itself
    ACCEPTED = auto()
    REJECTED = auto()
    REVOKED = auto()  # accepted first
    REFUSED = auto()  # Credly says no for good: it needs a person
    PUT_OFF = auto()  # Credly is busy and asks to come back in an hour


@dataclass(frozen=True)
class Story:
    """`days` is how long ago it was completed, or enrolled on when it was not completed."""

    learner: str
    course: str
    days: float
    end: End

    @property
    def before(self) -> timedelta:
        """How long ago that was; the days do not all begin at the same hour."""
        spread = sum((self.learner + self.course).encode()) * 37 % 600
        return timedelta(days=self.days, minutes=min(spread, 20 + self.days * 300))


TEMPLATE_ARCHIVED = timedelta(days=16)  # "Tide Tables by Hand"
CONNECTION_PAUSED = timedelta(days=9)  # the sandbox

_ROWS = """
amara.okafor safety 82 ACCEPTED
david.levi safety 80 ACCEPTED
bjorn.dahl knots 77 ACCEPTED
amara.okafor knots 74 ACCEPTED
chiara.rossi charts 72 REJECTED
elin.sandberg safety 70 ACCEPTED
farid.rahimi first-aid 66 ACCEPTED
greta.wolff handling 65 ACCEPTED
david.levi radio 61 REVOKED
bjorn.dahl charts 60 ACCEPTED
henrik.aune engine 58 ACCEPTED
ines.carvalho safety 53 COMPLETED
learner knots 48 ACCEPTED
jonas.ek tides 47 ACCEPTED
amara.okafor coastal-navigation 45 ACCEPTED
kaisa.virtanen weather 44 ACCEPTED
learner2 safety 40 ACCEPTED
liam.murphy handling 39 ACCEPTED
elin.sandberg first-aid 37 ACCEPTED
greta.wolff radio 36 REJECTED
mei.tanaka knots 34 ACCEPTED
learner volunteer 30 COMPLETED
nils.forsberg safety 30 ACCEPTED
farid.rahimi handling 28 COMPLETED
bjorn.dahl leadership 26 ACCEPTED
kaisa.virtanen charts 25 ACCEPTED
olga.novak flags 24 ACCEPTED
pedro.alonso knots 23 WITHDRAWN
mei.tanaka weather 21 ACCEPTED
henrik.aune radio 19 ACCEPTED
liam.murphy engine 17 COMPLETED
nils.forsberg knots 16.5 ACCEPTED
kaisa.virtanen tides 14 COMPLETED
olga.novak safety 13 ACCEPTED
jonas.ek first-aid 12 ACCEPTED
amara.okafor volunteer 11 COMPLETED
ines.carvalho weather 10 ACCEPTED
pedro.alonso safety 8 COMPLETED
learner2 weather 8 ENROLLED
mei.tanaka charts 7 ACCEPTED
learner coastal-navigation 6 ENROLLED
chiara.rossi flags 6 COMPLETED
learner2 flags 5 COMPLETED
elin.sandberg radio 5 COMPLETED
greta.wolff engine 4 ACCEPTED
henrik.aune pilot 4 COMPLETED
learner2 first-aid 3 COMPLETED
david.levi weather 3 REFUSED
learner charts 2 COMPLETED
olga.novak handling 2 COMPLETED
nils.forsberg leadership 2 ENROLLED
jonas.ek coastal-navigation 1 ENROLLED
liam.murphy first-aid 1 COMPLETED
farid.rahimi knots 1 ENROLLED
pedro.alonso dinghy 0.02 PUT_OFF
ines.carvalho dinghy 0.01 COMPLETED
"""


def _story(row: str) -> Story:
    learner, course, days, end = row.split()
    return Story(learner, course, float(days), End[end])


STORIES = tuple(_story(row) for row in _ROWS.strip().splitlines())
