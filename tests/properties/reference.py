"""The rules once more, as plainly as they can be said: what somebody has earned after a history.

It imports nothing of the portal. Slow and simple on purpose: after every deed everything is looked
at again until nothing changes any more.
"""

from collections.abc import Sequence

from tests.properties.attempts import WINDOW, Attempt, end_of, enough_modules
from tests.properties.plans import Event, Plan, Sections, Story, Thing

# (source, badge, cycle, day, the day it ends): the source is a thing, or ("level", number).
Earned = tuple[Thing, int, int, int, int | None]


class Reference:
    """One learner and one catalogue."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.paths = [one.sections for one in plan.paths]  # as they stand today
        self.moved: set[Thing] = set()  # what was completed or changed by the deed of the moment
        self.attempts: list[Attempt] = []
        self.credits: dict[tuple[int, int], int] = {}  # (course, level) → credits
        self.reached: set[int] = set()
        self.earned: list[Earned] = []

    # deeds

    def do(self, event: Event) -> None:
        """What one event does; what is not allowed does nothing."""
        self.moved = set()
        if event.deed == "renew":
            self.renew(event.thing, event.day)
        elif event.deed == "undo":
            self.undo(event.thing)
        elif event.deed in ("keep", "apply"):
            self.change(event)
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
        if event.module < len(course.modules) and event.module not in attempt.modules:
            attempt.modules.add(event.module)
            if self.modules_suffice(attempt):
                self.end(attempt, event.day)

    def enrol(self, thing: Thing, day: int) -> None:
        last = next((one for one in self.of(thing)[::-1] if not one.withdrawn), None)
        if last is None or self.may_begin_anew(last):
            self.begin(thing, day)

    def renew(self, thing: Thing, day: int) -> None:
        months = self.plan.certifications[thing[1]].months
        ends = [one.ended for one in self.attempts if one.thing == thing and one.success]
        if not ends or months is None or self.newest(thing).open:
            return
        if day >= end_of(max(ends), months) - WINDOW:
            self.begin(thing, day)

    def undo(self, thing: Thing) -> None:
        """Take the newest completion back, and whatever would not stand without it."""
        gone = [one for one in self.of(thing) if one.success][-1:]
        others = [one for one in self.attempts if one.success and one.thing[0] != "course"]
        if not gone:
            return
        held = [one for one in others if self.fulfilled(one)]
        while falls := [one for one in held if one not in gone and not self.fulfilled(one, gone)]:
            gone += falls
        days = {(one.thing, one.ended) for one in gone}
        for one in gone:
            one.withdrawn = any(self.is_later(other, one) for other in self.attempts)
            one.ended, one.success, one.taken_back = None, False, True
        lost = {one.thing for one in gone} - {one.thing for one in self.attempts if one.success}
        self.credits = {
            key: credits for key, credits in self.credits.items() if ("course", key[0]) not in lost
        }
        levels = {("level", one) for one in self.reached if not self.has_reached(one)}
        self.reached -= {number for _kind, number in levels}
        self.earned = [
            one
            for one in self.earned
            if one[0] not in lost | levels and (one[0], one[3]) not in days
        ]

    def is_later(self, other: Attempt, one: Attempt) -> bool:
        later = self.attempts.index(other) > self.attempts.index(one)
        return later and other.thing == one.thing and not other.withdrawn

    def change(self, event: Event) -> None:
        """Other requirements of a path: whoever has begun keeps the old ones, or it is for all."""
        before, self.paths[event.thing[1]] = self.paths[event.thing[1]], event.sections
        for one in self.attempts:
            if one.thing != event.thing or one.withdrawn or before == event.sections:
                continue
            if event.deed == "apply" and one.open:
                one.kept = None
                self.moved.add(event.thing)
            elif one.kept is None and (one.open or one.ended is not None):
                one.kept = before

    def begin(self, thing: Thing, day: int) -> None:
        before = any(one.thing == thing and one.success for one in self.attempts)
        self.attempts.append(Attempt(thing, day, renews=before))
        if thing[0] == "path":
            for _needed, items in self.paths[thing[1]]:
                for item in sorted(items):
                    if item[0] == "path" and self.newest(item) is None:
                        self.begin(item, day)

    # questions

    def newest(self, thing: Thing) -> Attempt | None:
        return next(reversed(self.of(thing)), None)

    def of(self, thing: Thing) -> list[Attempt]:
        return [one for one in self.attempts if one.thing == thing]

    def may_begin_anew(self, last: Attempt) -> bool:
        if last.open:
            return False
        return not last.success or self.wanted_again(last.thing)

    def wanted_again(self, thing: Thing) -> bool:
        last = max(one.ended for one in self.attempts if one.thing == thing and one.success)
        return any(
            last < one.begun
            for one in self.attempts
            if one.renews and one.open and thing in self.items(one)
        )

    def items(self, attempt: Attempt) -> set[Thing]:
        return {item for _needed, items in self.sections(attempt) for item in items}

    def sections(self, attempt: Attempt) -> Sections:
        kind, number = attempt.thing
        if attempt.kept is not None:
            return attempt.kept
        if kind == "path":
            return self.paths[number]
        if kind == "course":
            return ()
        one = self.plan.certifications[number]
        return ((one.needed, tuple(("course", course) for course in one.courses)),)

    def modules_suffice(self, attempt: Attempt) -> bool:
        return enough_modules(self.plan.courses[attempt.thing[1]], attempt.modules)

    def fulfilled(self, attempt: Attempt, without: Sequence[Attempt] = ()) -> bool:
        since = attempt.begun if attempt.renews else -1
        counts = [one for one in self.attempts if one.success and one not in without]
        done = {one.thing for one in counts if one.ended >= since}
        sections = self.sections(attempt)
        return bool(sections) and all(
            len(done & set(items)) >= min(len(items) if needed is None else needed, len(items))
            for needed, items in sections
        )

    def may_end(self, attempt: Attempt) -> bool:
        """What was taken back ends again only by something of its own."""
        own = {attempt.thing} | self.items(attempt)
        return self.fulfilled(attempt) and (not attempt.taken_back or bool(own & self.moved))

    # what follows

    def settle(self, day: int) -> None:
        """Complete what is fulfilled, round after round, then reach what is granted or enough."""
        while True:
            ready = [
                one
                for one in self.attempts
                if one.open and one.thing[0] != "course" and self.may_end(one)
            ]
            if not ready:
                break
            for one in ready:
                one.ended, one.success = day, True
                self.moved.add(one.thing)
            for one in ready:
                self.award_completion(one, day)
        self.reach_levels(day)

    def end(self, attempt: Attempt, day: int) -> None:
        attempt.ended, attempt.success = day, True
        self.moved.add(attempt.thing)
        self.award_completion(attempt, day)
        course = attempt.thing[1]
        for level, credits in self.plan.courses[course].credits:
            self.credits.setdefault((course, level), credits)

    def award_completion(self, attempt: Attempt, day: int) -> None:
        kind, number = attempt.thing
        plans = {"course": self.plan.courses, "path": self.plan.paths}
        plan = plans.get(kind, self.plan.certifications)[number]
        months = plan.months if kind == "certification" else None
        ends = None if months is None else end_of(day, months)
        others = (one for one in self.attempts if one.thing == attempt.thing and one.success)
        again = any(one is not attempt for one in others)
        if plan.badge is not None and (not again or kind == "certification"):
            self.award(attempt.thing, plan.badge, day, ends, again)

    def has_reached(self, number: int) -> bool:
        have = sum(credits for (_c, of), credits in self.credits.items() if of == number)
        return have >= self.plan.levels[number].credits or any(
            number in self.plan.paths[one.thing[1]].grants
            for one in self.attempts
            if one.success and one.thing[0] == "path"
        )

    def reach_levels(self, day: int) -> None:
        for number, level in enumerate(self.plan.levels):
            if level.retired or number in self.reached or not self.has_reached(number):
                continue
            self.reached.add(number)
            if level.badge is not None:
                self.award(("level", number), level.badge, day)

    def award(self, source: Thing, badge: int, day: int, ends=None, next_cycle=False) -> None:
        if self.plan.badges[badge]:
            return  # retired
        newest = max((one[2] for one in self.earned if one[1] == badge), default=0)
        cycle = newest + 1 if next_cycle else max(newest, 1)
        if not any(one[:3] == (source, badge, cycle) for one in self.earned):
            self.earned.append((source, badge, cycle, day, ends))


def awards_of(story: Story) -> set[Earned]:
    """Return everything that is earned by the end of a story."""
    reference = Reference(story.plan)
    for event in story.events:
        reference.do(event)
    return set(reference.earned)
