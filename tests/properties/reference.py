"""The rules once more, as plainly as they can be said: what somebody has earned after a history.

It imports nothing of the portal. Slow and simple on purpose: after every deed everything is looked
at again until nothing changes any more.
"""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.properties.plans import CoursePlan, Event, Plan, Story, Thing

START = date(2026, 1, 30)
WINDOW = 30  # days before its end in which a certification can be renewed
# (source, badge, cycle, day): the source is a thing, or ("level", number).
Earned = tuple[Thing, int, int, int]


@dataclass
class Attempt:
    thing: Thing
    begun: int
    renews: bool
    ended: int | None = None
    withdrawn: bool = False
    success: bool = False
    modules: set[int] = field(default_factory=set)

    @property
    def open(self) -> bool:
        return self.ended is None and not self.withdrawn


class Reference:
    """One learner and one catalogue."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.attempts: list[Attempt] = []
        self.credits: dict[tuple[int, int], int] = {}  # (course, level) → credits
        self.reached: set[int] = set()
        self.earned: list[Earned] = []

    # deeds

    def do(self, event: Event) -> None:
        """What one event does; what is not allowed does nothing."""
        if event.deed == "renew":
            self.renew(event.thing, event.day)
        elif event.deed != "withdraw":
            self.enrol(event.thing, event.day)
        attempt = self.newest(event.thing)
        if attempt is not None and attempt.open:
            self.go_on(attempt, event)
        self.settle(event.day)

    def go_on(self, attempt: Attempt, event: Event) -> None:
        if event.deed == "module":
            self.mark(attempt, event)
        elif event.deed == "complete" and self.modules_suffice(attempt):
            self.end(attempt, event.day)
        elif event.deed == "fail":
            attempt.ended = event.day
        elif event.deed == "withdraw":
            attempt.withdrawn = True

    def mark(self, attempt: Attempt, event: Event) -> None:
        course = self.plan.courses[event.thing[1]]
        if event.module < len(course.modules):
            attempt.modules.add(event.module)
            if self.modules_suffice(attempt):
                self.end(attempt, event.day)

    def enrol(self, thing: Thing, day: int) -> None:
        last = self.newest(thing)
        if last is None or self.may_begin_anew(last):
            self.begin(thing, day)

    def renew(self, thing: Thing, day: int) -> None:
        months = self.plan.certifications[thing[1]].months
        ends = [one.ended for one in self.attempts if one.thing == thing and one.success]
        if not ends or months is None or self.newest(thing).open:
            return
        if day >= end_of(max(ends), months) - WINDOW:
            self.begin(thing, day)

    def begin(self, thing: Thing, day: int) -> None:
        before = any(one.thing == thing and one.success for one in self.attempts)
        self.attempts.append(Attempt(thing, day, renews=before))
        if thing[0] == "path":
            for _needed, items in self.plan.paths[thing[1]].sections:
                for item in sorted(items):
                    if item[0] == "path" and self.newest(item) is None:
                        self.begin(item, day)

    # questions

    def newest(self, thing: Thing) -> Attempt | None:
        return next((one for one in reversed(self.attempts) if one.thing == thing), None)

    def may_begin_anew(self, last: Attempt) -> bool:
        if last.open:
            return False
        return not last.success or self.wanted_again(last.thing)

    def wanted_again(self, thing: Thing) -> bool:
        last = max(one.ended for one in self.attempts if one.thing == thing and one.success)
        return any(
            last < one.begun
            for one in self.attempts
            if one.renews and one.open and thing in self.items(one.thing)
        )

    def items(self, thing: Thing) -> set[Thing]:
        return {item for _needed, items in self.sections(thing) for item in items}

    def sections(self, thing: Thing) -> list[tuple[int | None, tuple[Thing, ...]]]:
        if thing[0] == "path":
            return list(self.plan.paths[thing[1]].sections)
        if thing[0] == "course":
            return []
        one = self.plan.certifications[thing[1]]
        return [(one.needed, tuple(("course", course) for course in one.courses))]

    def modules_suffice(self, attempt: Attempt) -> bool:
        return enough_modules(self.plan.courses[attempt.thing[1]], attempt.modules)

    def fulfilled(self, attempt: Attempt) -> bool:
        since = attempt.begun if attempt.renews else -1
        done = {one.thing for one in self.attempts if one.success and one.ended >= since}
        sections = self.sections(attempt.thing)
        return bool(sections) and all(
            len(done & set(items)) >= min(len(items) if needed is None else needed, len(items))
            for needed, items in sections
        )

    # what follows

    def settle(self, day: int) -> None:
        """Complete what is fulfilled, round after round, then reach what is granted or enough."""
        while True:
            ready = [
                one
                for one in self.attempts
                if one.open and one.thing[0] != "course" and self.fulfilled(one)
            ]
            if not ready:
                break
            for one in ready:
                one.ended, one.success = day, True
            for one in ready:
                self.award_completion(one, day)
        self.reach_levels(day)

    def end(self, attempt: Attempt, day: int) -> None:
        attempt.ended, attempt.success = day, True
        self.award_completion(attempt, day)
        course = attempt.thing[1]
        for level, credits in self.plan.courses[course].credits:
            self.credits.setdefault((course, level), credits)

    def award_completion(self, attempt: Attempt, day: int) -> None:
        kind, number = attempt.thing
        plans = {"course": self.plan.courses, "path": self.plan.paths}
        badge = plans.get(kind, self.plan.certifications)[number].badge
        others = (one for one in self.attempts if one.thing == attempt.thing and one.success)
        again = any(one is not attempt for one in others)
        if badge is not None and (not again or kind == "certification"):
            self.award(attempt.thing, badge, day, next_cycle=again)

    def reach_levels(self, day: int) -> None:
        granted = {
            level
            for one in self.attempts
            if one.success and one.thing[0] == "path"
            for level in self.plan.paths[one.thing[1]].grants
        }
        for number, level in enumerate(self.plan.levels):
            have = sum(credits for (_c, of), credits in self.credits.items() if of == number)
            if level.retired or number in self.reached:
                continue
            if have >= level.credits or number in granted:
                self.reached.add(number)
                if level.badge is not None:
                    self.award(("level", number), level.badge, day)

    def award(self, source: Thing, badge: int, day: int, *, next_cycle: bool = False) -> None:
        if self.plan.badges[badge]:
            return  # retired
        newest = max((cycle for _s, of, cycle, _d in self.earned if of == badge), default=0)
        cycle = newest + 1 if next_cycle else max(newest, 1)
        if not any(one[:3] == (source, badge, cycle) for one in self.earned):
            self.earned.append((source, badge, cycle, day))


def enough_modules(course: CoursePlan, done: set[int]) -> bool:
    """Whether these modules complete the course; without modules it is one button."""
    if course.criteria == "some":
        return len(done) >= min(course.needed, len(course.modules))
    if course.criteria == "chosen":
        return all(one in done for one, required in enumerate(course.modules) if required)
    return len(done) == len(course.modules)


def end_of(day: int, months: int) -> int:
    """The day on which something ends that is valid for so many calendar months."""
    begun = START + timedelta(days=day)
    year, month = begun.year + (begun.month - 1 + months) // 12, (begun.month - 1 + months) % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return (date(year, month, min(begun.day, last)) - START).days


def awards_of(story: Story) -> set[Earned]:
    """Return everything that is earned by the end of a story."""
    reference = Reference(story.plan)
    for event in story.events:
        reference.do(event)
    return set(reference.earned)
