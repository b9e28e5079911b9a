"""Catalogues and histories as plain values, and how hypothesis makes them up.

Things are named by kind and number, such as ("course", 2); a day is a whole number.
"""

from dataclasses import dataclass, field

from hypothesis import strategies as some

Thing = tuple[str, int]
Sections = tuple[tuple[int | None, tuple[Thing, ...]], ...]


@dataclass(frozen=True)
class CoursePlan:
    badge: int | None = None
    credits: tuple[tuple[int, int], ...] = ()  # (level, credits), a level at most once
    modules: tuple[bool, ...] = ()  # whether each is required
    criteria: str = "all"
    needed: int = 1


@dataclass(frozen=True)
class PathPlan:
    sections: Sections = ()
    badge: int | None = None
    grants: tuple[int, ...] = ()


@dataclass(frozen=True)
class CertificationPlan:
    courses: tuple[int, ...] = ()
    needed: int | None = None
    badge: int | None = None
    months: int | None = None


@dataclass(frozen=True)
class LevelPlan:
    credits: int
    badge: int | None = None
    retired: bool = False


@dataclass(frozen=True)
class Plan:
    """A catalogue. Badges are retired or not; all else names them by number."""

    badges: tuple[bool, ...]
    levels: tuple[LevelPlan, ...] = ()
    courses: tuple[CoursePlan, ...] = ()
    paths: tuple[PathPlan, ...] = ()
    certifications: tuple[CertificationPlan, ...] = ()


@dataclass(frozen=True)
class Event:
    """Something a learner, or staff for them, does on a day."""

    day: int
    # enrol, complete, fail, module, renew, withdraw, undo; keep and apply: other requirements,
    # which those who have begun do not meet, or do
    deed: str
    thing: Thing
    module: int = 0
    sections: Sections = ()


@dataclass(frozen=True)
class Story:
    plan: Plan
    events: tuple[Event, ...] = field(default=())


@some.composite
def plans(draw, renewing: bool = True, modules: bool = True) -> Plan:
    """A small catalogue in which much hangs together."""
    badges = draw(some.lists(_seldom(), min_size=2, max_size=5))
    # Rarely none: what awards nothing shows nothing.
    badge = some.sampled_from([*range(len(badges)), *range(len(badges)), None])
    levels = draw(some.lists(_levels(badge), min_size=1, max_size=3))
    courses = draw(some.lists(_courses(badge, len(levels), modules), min_size=2, max_size=4))
    certifications = _certifications(badge, len(courses), renewing)
    return Plan(
        tuple(badges),
        tuple(levels),
        tuple(courses),
        draw(_paths(badge, len(courses), len(levels))),
        tuple(draw(some.lists(certifications, max_size=2))),
    )


def _seldom():
    return some.sampled_from([False] * 4 + [True])


def _levels(badge):
    return some.builds(LevelPlan, some.integers(1, 5), badge, _seldom())


@some.composite
def _courses(draw, badge, levels: int, modules: bool) -> CoursePlan:
    gives = some.dictionaries(some.integers(0, levels - 1), some.integers(1, 3))
    # Most courses are one button, or little would ever be completed.
    required = some.lists(some.booleans(), min_size=1, max_size=3)
    chosen = draw(some.sampled_from([False, False, modules]))
    return CoursePlan(
        draw(badge),
        tuple(sorted(draw(gives).items())),
        tuple(draw(required)) if chosen else (),
        draw(some.sampled_from(["all", "some", "chosen"])),
        draw(some.integers(1, 3)),
    )


@some.composite
def _paths(draw, badge, courses: int, levels: int) -> tuple[PathPlan, ...]:
    """Paths of courses, and of earlier paths that hold none themselves: one level of nesting."""
    made: list[PathPlan] = []
    course = some.tuples(some.just("course"), some.integers(0, courses - 1))
    for _number in range(draw(some.integers(1, 3))):
        flat = [
            ("path", number)
            for number, one in enumerate(made)
            if all(kind == "course" for _needed, items in one.sections for kind, _n in items)
        ]
        item = course | some.sampled_from(flat) if flat else course
        items = some.lists(item, min_size=1, max_size=3, unique=True).map(tuple)
        section = some.tuples(some.none() | some.integers(1, 2), items)
        sections = tuple(draw(some.lists(section, max_size=2)))
        grants = some.lists(some.integers(0, levels - 1), max_size=1)
        made.append(PathPlan(sections, draw(badge), tuple(draw(grants))))
    return tuple(made)


def _certifications(badge, courses: int, renewing: bool):
    chosen = some.lists(some.integers(0, courses - 1), min_size=1, max_size=2, unique=True)
    months = some.sampled_from([1, 2, None]) if renewing else some.none()
    needed = some.none() | some.integers(1, 2)
    return some.builds(CertificationPlan, chosen.map(tuple), needed, badge, months)


@some.composite
def stories(draw, renewing: bool = True) -> Story:
    """A catalogue and what somebody does with it, day after day, again and again."""
    plan = draw(plans(renewing))
    day, events = 0, []
    deeds = some.lists(_deeds(plan, renewing), min_size=6, max_size=24)
    for deed, thing, module in draw(deeds):
        day += draw(some.sampled_from([0, 1, 1, 20, 40])) if renewing else 1
        events.append(Event(day, deed, thing, module))
    return Story(plan, tuple(events))


def _deeds(plan: Plan, renewing: bool):
    courses = some.sampled_from([("course", one) for one in range(len(plan.courses))])
    paths = some.sampled_from([("path", one) for one in range(len(plan.paths))])
    certifications = [("certification", one) for one in range(len(plan.certifications))]

    def deed(name, things, module=None):
        return some.tuples(some.just(name), things, some.just(0) if module is None else module)

    often = [deed("complete", courses)] * 3 + [deed("enrol", paths)]
    if any(one.modules for one in plan.courses):
        often += [deed("module", courses, some.integers(0, 2))] * 2
    if certifications:
        often.append(deed("enrol", some.sampled_from(certifications)))
    if renewing:
        often += [deed("fail", courses), deed("withdraw", courses | paths)]
    if renewing and any(one.months for one in plan.certifications):
        often += [deed("renew", some.sampled_from(certifications))] * 2
    return some.one_of(often)
