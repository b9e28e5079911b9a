"""Paths within a path: how far a learner is with each of them. Reads only."""

from portal.models import Kind, LearningObject, Person
from portal.services.learning import rules
from portal.services.learning.fulfilment import counted, times_of
from portal.services.learning.requirements import Item, Progress
from portal.services.learning.rules import Rule


def progress_within(learner: Person, progress: Progress) -> dict[int, tuple[int, int]]:
    """Return, by the id of each path among the steps, how much of it is done and how much is
    needed. A fixed number of statements, however many there are."""
    steps = [
        item
        for part in progress.parts
        for item in part.items
        if item.learning_object and item.learning_object.kind is Kind.LEARNING_PATH
    ]
    needs = _needs(steps)
    times = times_of(learner, rules.all_items(needs.values()))
    found = {}
    for item in steps:
        done = {one: min(moments) for one, moments in times.items()}
        if item.enrolment is not None:
            done = counted(item.enrolment, times)
        sections = needs[item.id].sections
        done_count = sum(min(one.count(done), one.wanted) for one in sections)
        found[item.id] = (done_count, sum(one.wanted for one in sections))
    return found


def _needs(steps: list[Item]) -> dict[int, Rule]:
    """What each path asks of the learner: as their attempt kept it, else as it stands now."""
    if not steps:
        return {}
    objects: list[LearningObject] = [one.learning_object for one in steps if one.learning_object]
    kept = rules.of_enrolments([one.enrolment for one in steps if one.enrolment])
    theirs = {one.id: kept[one.enrolment.id] for one in steps if one.enrolment}
    return rules.of_objects(objects) | theirs
