"""Stories that make for one subject straight away: renewals over years, undoing, changes.

What hypothesis makes up by itself reaches these rules too seldom to notice a mistake in them.
"""

from dataclasses import replace

from hypothesis import strategies as some

from tests.properties.attempts import WINDOW, end_of
from tests.properties.plans import (
    CertificationPlan,
    CoursePlan,
    Event,
    LevelPlan,
    PathPlan,
    Plan,
    Sections,
    Story,
    Thing,
)

COURSES = 3
COURSE = some.sampled_from([("course", number) for number in range(COURSES)])


@some.composite
def renewals(draw) -> Story:
    """A certification that is renewed, too early, in its window, or long after its end."""
    courses = tuple(draw(some.lists(some.sampled_from([0, 1]), min_size=1, unique=True)))
    months = draw(some.sampled_from([2, 3, 12]))
    # The course's badge may be the certification's own.
    badges = draw(some.tuples(some.sampled_from([0, 1]), some.sampled_from([1, 2])))
    plan = Plan(
        (False, False, False),
        # Reached by one course's credits only if they counted twice.
        levels=(LevelPlan(3, 1),),
        courses=(CoursePlan(badges[0], ((0, 2),)), CoursePlan(badges[1])),
        paths=(PathPlan(((None, (("course", 0),)),), 2),),
        certifications=(CertificationPlan(courses, None, 0, months),),
    )
    certified, day = ("certification", 0), draw(some.integers(0, 3))
    events = [Event(day, "enrol", certified), Event(day, "enrol", ("path", 0))]
    for _cycle in range(draw(some.integers(1, 3))):
        for course in draw(some.permutations(courses)):
            events.append(Event(day, "complete", ("course", course)))
        opens = end_of(day, months) - WINDOW
        for late in sorted(draw(some.sets(some.sampled_from([-1, 0, 29, 31, 200]), min_size=1))):
            day = max(opens + late, day)
            events.append(Event(day, "renew", certified))
    events += [Event(day, "complete", ("course", one)) for one in courses]
    return Story(plan, tuple(events))


@some.composite
def renewals_undone(draw) -> Story:
    """The same, with something taken back in between. Every deed has a day of its own."""
    story = draw(renewals())
    things = some.sampled_from([("course", 0), ("course", 1), ("path", 0), ("certification", 0)])
    day, events = -1, []
    for number, event in enumerate(story.events):
        day = max(day + 1, event.day + number)
        events.append(replace(event, day=day))
        if draw(some.integers(0, 3)) == 0:
            day += 1
            events.append(Event(day, "undo", draw(things)))
    return Story(story.plan, tuple(events))


@some.composite
def towers(draw) -> Plan:
    """Courses, paths of them, a path around those, and levels they give credits to or grant:
    every one with a badge of its own, so that nothing hides behind another."""
    levels = tuple(LevelPlan(draw(some.integers(1, 4)), badge) for badge in range(2))
    gives = some.dictionaries(some.integers(0, 1), some.integers(1, 3), max_size=2)
    courses = tuple(
        CoursePlan(2 + number, tuple(sorted(draw(gives).items()))) for number in range(COURSES)
    )
    grants = some.lists(some.integers(0, 1), max_size=1).map(tuple)
    inner = tuple(PathPlan(draw(_sections()), 5 + number, draw(grants)) for number in range(2))
    within = some.lists(some.sampled_from([("path", 0), ("path", 1)]), min_size=1, unique=True)
    around = PathPlan(((draw(some.sampled_from([None, 1])), tuple(draw(within))),), 7, draw(grants))
    return Plan((False,) * 8, levels, courses, (*inner, around))


@some.composite
def _sections(draw) -> Sections:
    """One section or two, of different courses."""
    courses = draw(some.permutations([("course", number) for number in range(COURSES)]))
    cut = draw(some.integers(1, COURSES))
    parts: list[tuple[Thing, ...]] = [tuple(courses[:cut]), tuple(courses[cut:])]
    return tuple((draw(some.sampled_from([None, 1])), part) for part in parts if part)


@some.composite
def undoing(draw) -> Story:
    """A tower that is climbed, taken down in part, and climbed again."""
    plan = draw(towers())
    paths = some.sampled_from([("path", number) for number in range(3)])
    climb = [("enrol", ("path", 2)), *(("complete", ("course", one)) for one in range(COURSES))]
    deeds = draw(some.permutations(climb))
    for _round in range(draw(some.integers(1, 2))):
        deeds.append(("undo", draw(COURSE | paths)))
        again = some.tuples(some.sampled_from(["complete", "undo"]), COURSE)
        deeds += draw(some.lists(again | some.tuples(some.just("enrol"), paths), max_size=4))
    return Story(plan, tuple(Event(day, *deed) for day, deed in enumerate(deeds)))


@some.composite
def changing(draw) -> Story:
    """Somebody on paths, off and on again, while their authors change what they ask for."""
    plan = draw(towers())
    paths = some.sampled_from([("path", number) for number in range(2)])
    done = some.tuples(some.just("complete"), COURSE)
    moves = some.tuples(some.sampled_from(["enrol", "enrol", "withdraw"]), paths)
    change = some.tuples(some.sampled_from(["keep", "apply"]), paths, some.just(0), _sections())
    first = [("enrol", draw(paths))]
    deeds = first + draw(some.lists(done | moves | change, min_size=3, max_size=9))
    deeds += [("complete", ("course", number)) for number in range(COURSES)]
    return Story(plan, tuple(Event(day, *deed) for day, deed in enumerate(deeds)))
