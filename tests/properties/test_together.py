"""Several learners settled in one group: each of them has exactly what the plain reference says of
that one alone."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as some

from portal.extensions import db
from portal.models import Enrolment
from portal.services.learning import chain, completions
from portal.services.locks import lock_all
from tests.factories import make_person
from tests.properties.plans import Event, Plan, Story, Thing, plans
from tests.properties.reference import awards_of
from tests.properties.stage import Stage, moment
from tests.properties.test_awards import looking_at

LATER = 100  # the day on which the group is settled


@dataclass(frozen=True)
class Member:
    """What one of them did before, and the courses that they complete with the others."""

    before: tuple[Event, ...]
    courses: tuple[Thing, ...]
    day: int

    @property
    def events(self) -> tuple[Event, ...]:
        return (*self.before, *(Event(self.day, "complete", one) for one in self.courses))


@some.composite
def groups(draw) -> tuple[Plan, list[Member]]:
    """One catalogue, and two to five learners with days of their own."""
    plan = draw(plans(renewing=False, modules=False))
    things = [("path", number) for number in range(len(plan.paths))]
    things += [("certification", number) for number in range(len(plan.certifications))]
    course = some.sampled_from([("course", number) for number in range(len(plan.courses))])
    begun = some.lists(some.sampled_from(things), max_size=3)
    members = []
    for number in range(draw(some.integers(2, 5))):
        deeds = [("complete", one) for one in draw(some.lists(course, max_size=2))]
        deeds = draw(some.permutations([*deeds, *(("enrol", one) for one in draw(begun))]))
        before = tuple(Event(day, *deed) for day, deed in enumerate(deeds))
        courses = tuple(draw(some.lists(course, unique=True)))
        members.append(Member(before, courses, 20 + 10 * number))
    return plan, members


def go_together(stages: Sequence[Stage], members: Sequence[Member]) -> None:
    """Complete all that these learners complete, and settle them with one call."""
    first = {
        stage.learner: [_begun(stage, course, member.day) for course in member.courses]
        for stage, member in zip(stages, members, strict=True)
    }
    lock_all([learner.id for learner in first])
    days = {stage.learner: member.day for stage, member in zip(stages, members, strict=True)}
    for learner, attempts in first.items():
        attempts[:] = [one for one in attempts if not one.done]
        for one in attempts:
            chain.close(one, moment(days[learner]), True, None)
    chain.settle_all(first, now=moment(LATER))
    db.session.commit()


def _begun(stage: Stage, course: Thing, day: int) -> Enrolment:
    about = stage.object(course)
    return completions.enrol(learner=stage.learner, learning_object=about, now=moment(day))


@looking_at(15)
@given(group=groups())
def test_a_group_earns_what_each_of_them_earns_alone(app, group):
    plan, members = group
    first = Stage(plan)
    stages = [first, *(copy(first) for _other in members[1:])]
    for stage, member in zip(stages[1:], members[1:], strict=True):
        stage.learner = make_person()
        for event in member.before:
            stage.do(event)
    for event in members[0].before:
        first.do(event)
    go_together(stages, members)
    for stage, member in zip(stages, members, strict=True):
        assert stage.awards() == awards_of(Story(plan, member.events))
